# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of configuration in README, guide and module documentation run as they stand, on fresh devices."""

from __future__ import annotations

import re
import subprocess
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.modules import lantime_config as documentation
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import user_environment
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, PROGRAMS, ROOT

MODULE = "meinberg.lantime.lantime_config"
# A device of each generation of the API, and a modular one.
DEVICES = ("ts706", "ts708", "ts710", "ims")


@pytest.fixture
def project(fleet: SharedFleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.use_admin(fleet)
    return made


def yaml_blocks(path: Path) -> list[str]:
    """The blocks of YAML in a text in Markdown or reStructuredText."""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        return re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", text, re.MULTILINE)


def example(path: Path, name: str) -> str:
    """The first block of YAML that holds a name."""
    return next(block for block in yaml_blocks(path) if name in block)


def run_playbook(project: PlaybookProject, playbook: str, *arguments: str) -> str:
    """Run a play, and return the recap."""
    project.write_inventory()
    (project.directory / "site.yml").write_text(playbook, encoding="utf-8")
    environment = {**user_environment(project.directory), "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)}
    done = subprocess.run(
        [str(PROGRAMS / "ansible-playbook"), "-i", "inventory.json", "site.yml", *arguments],
        cwd=project.directory,
        env={name: value for name, value in environment.items() if "CALLBACK" not in name},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.partition("PLAY RECAP")[2]


def test_the_first_example_of_the_readme(project: PlaybookProject, fleet: SharedFleet) -> None:
    playbook = example(ROOT / "README.md", MODULE + ":")
    expected = run_playbook(project, playbook, "--check", "--diff")
    assert sum(device.ledger.writes for device in fleet) == 0
    assert expected == run_playbook(project, playbook)
    assert expected.count("changed=1") == len(DEVICES)
    for name in DEVICES:
        assert fleet[name].running()["notification"]["syslog"]["servers"] == "192.0.2.14"


@pytest.mark.parametrize("name", DEVICES)
def test_the_examples_of_the_module(
    fleet: SharedFleet, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path))
    device = fleet[name]
    fresh = device.snapshot()
    tasks: list[dict[str, t.Any]] = yaml.safe_load(documentation.EXAMPLES)
    examples = [task[MODULE] for task in tasks if isinstance(task[MODULE].get("config"), dict)]
    assert len(examples) >= 3
    for options in examples:
        device.restore(fresh)
        predicted = run_in_process(device, lantime_config, check=True, **options)
        assert predicted.code is None, predicted.result
        done = run_in_process(device, lantime_config, **options)
        assert (done.code, done.result["changed"]) == (None, True), done.result
        assert [entry["path"] for entry in done.result["operations"]] == [
            entry["path"] for entry in predicted.result["operations"]
        ]
        assert run_in_process(device, lantime_config, **options).result["changed"] is False


def test_the_golden_configuration_of_the_guide(project: PlaybookProject, fleet: SharedFleet) -> None:
    project.vars = yaml.safe_load(example(ROOT / "docs/docsite/rst/golden.rst", "lantime_golden_overlays:"))
    project.groups = {"berlin": ["ts706", "ts708"], "core": ["ts710", "ims"]}
    done = project.run("fleet_config", basename="rollout")
    assert done.code == 0, done.output
    after = project.run("drift_check")
    assert after.code == 0, after.output
    assert after.states() == dict.fromkeys(DEVICES, "clean")
    assert fleet["ts708"].running()["notification"]["syslog"]["servers"] == "198.51.100.14"
