# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: installed from its archive, outside the checkout, by ansible-runner, in an execution environment."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject, PlaybookRun
from ansible_collections.meinberg.lantime.tests.paths import PROGRAMS, ROOT
from ansible_collections.meinberg.lantime.tests.programs import bare_environment, run_program
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

pytestmark = pytest.mark.thorough

EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]


def tool(name: str, *arguments: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    """What a tool of the virtual environment prints; it must succeed."""
    code, output = run_tool(name, *arguments, cwd=cwd, env=env)
    assert code == 0, output
    return output


def run_tool(name: str, *arguments: str, cwd: Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    bare = bare_environment(cwd)
    environment = {**bare, "PATH": f"{PROGRAMS}:{bare['PATH']}", **(env or {})}
    return run_program([str(PROGRAMS / name), *arguments], cwd, environment)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the collection installed from its archive."""
    place = tmp_path_factory.mktemp("installed")
    tool(
        "ansible-galaxy",
        "collection",
        "build",
        "--output-path",
        str(place / "dist"),
        str(ROOT),
        cwd=place,
    )
    (archive,) = (place / "dist").glob("*.tar.gz")
    tool(
        "ansible-galaxy",
        "collection",
        "install",
        "--offline",
        "--collections-path",
        str(place / "collections"),
        str(archive),
        cwd=place,
    )
    return place / "collections"


@pytest.fixture
def project(fleet: Fleet, installed: Path, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet, installed)
    made.vars = {"lantime_golden_config": {"ntp": {"local-clock": {"stratum": 12}}}}
    return made


def test_drift_check_by_its_full_name_from_an_installed_archive(project: PlaybookProject, fleet: Fleet) -> None:
    done = project.run("drift_check")
    assert done.code == 0, done.output
    assert done.states() == dict.fromkeys(EVERYWHERE, "clean")
    assert str(ROOT) not in done.output
    fleet["ims"].change("ntp/local-clock/stratum", 3)
    done = project.run("drift_check")
    assert done.code == 2, done.output
    assert done.differences("ims") == ["ntp/local-clock/stratum"]


def test_two_slices_under_ansible_runner_make_one_report(project: PlaybookProject, fleet: Fleet) -> None:
    """As AWX slices a job: each slice has its own run and its own report, and lantime_report unites them."""
    fleet["ts710"].change("ntp/local-clock/stratum", 3)
    project.make_unreachable("ims")
    inventory = project.write_inventory()
    private = project.directory / "runner"
    for name in ("inventory", "env"):
        (private / name).mkdir(parents=True)
    (private / "inventory" / "hosts.json").write_text(inventory.read_text("utf-8"), "utf-8")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(project.collections), "ANSIBLE_HOME": str(project.directory / "h")}
    (private / "env" / "envvars").write_text(yaml.safe_dump(env), "utf-8")
    reports = project.directory / "reports"
    codes = {}
    for number in range(2):
        codes[number], output = run_tool(
            "ansible-runner",
            "run",
            str(private),
            "--playbook",
            "meinberg.lantime.drift_check",
            "--limit",
            ",".join(EVERYWHERE[number::2]),
            "--ident",
            f"slice{number}",
            "--cmdline",
            f"-e lantime_report_dir={reports} -e drift_check_report_basename=slice{number}",
            cwd=project.directory,
        )
        status = (private / "artifacts" / f"slice{number}" / "rc").read_text("utf-8")
        assert int(status) == codes[number], output
    # Hosts 0 and 2 are one slice, 1 and 3 the other.
    assert codes == {0: 2, 1: 4}
    united = tool(
        "ansible",
        "localhost",
        "-m",
        "meinberg.lantime.lantime_report",
        "-a",
        json.dumps(
            {
                "inputs": [str(reports / f"slice{n}.json") for n in range(2)],
                "dest": str(reports),
                "basename": "fleet",
                "expected": EVERYWHERE,
            }
        ),
        cwd=project.directory,
        env=env,
    )
    report = json.loads((reports / "fleet.json").read_text("utf-8"))
    outcome = PlaybookRun(4, united, {}, report)
    assert outcome.states() == {
        "ts706": "clean",
        "ts708": "clean",
        "ts710": "drift",
        "ims": "unreachable",
    }
    assert report["exit_code"] == 4
    assert outcome.differences("ts710") == ["ntp/local-clock/stratum"]


def test_the_execution_environment_builds_its_context(installed: Path, tmp_path: Path) -> None:
    definition = installed / "ansible_collections/meinberg/lantime/docs/execution-environment.yml"
    context = tmp_path / "context"
    tool(
        "ansible-builder",
        "create",
        "-f",
        str(definition),
        "-c",
        str(context),
        "--output-filename",
        "Containerfile",
        cwd=tmp_path,
    )
    wanted: t.Any = yaml.safe_load((context / "_build" / "requirements.yml").read_text("utf-8"))
    assert wanted["collections"] == [{"name": "meinberg.lantime", "version": ">=2.0.0"}]
    steps = (context / "Containerfile").read_text("utf-8")
    assert "ansible-galaxy collection install" in steps
    assert "ansible-core>=2.16" in steps
    assert "ansible-runner" in steps


def test_the_collection_declares_its_requirements_for_ansible_builder(installed: Path, tmp_path: Path) -> None:
    said = tool("ansible-builder", "introspect", str(installed), cwd=tmp_path)
    found = yaml.safe_load(said.partition("---")[2])
    assert [line.split()[0] for line in found["python"]] == ["requests"]
    assert found["system"] == []
