# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix covers the collection and what it supports, and README says what passed."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.paths import PLUGINS, ROOT
from ansible_collections.meinberg.lantime.tests.programs import deprecations
from ansible_collections.meinberg.lantime.tools import matrix, tested

SELECTION: dict[str, t.Any] = yaml.safe_load((ROOT / "tests" / "matrix.yml").read_text("utf-8"))
PARTS = {
    "modules": sorted(path.stem for path in (PLUGINS / "modules").glob("lantime_*.py")),
    "filter": sorted(path.stem for path in (PLUGINS / "filter").glob("*.py")),
    "inventory": sorted(path.stem for path in (PLUGINS / "inventory").glob("*.py")),
    "roles": sorted(path.name for path in (ROOT / "roles").iterdir()),
    "playbooks": sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml")),
}
README = "# Title\n\n<!-- tested -->\nNot tested.\n<!-- /tested -->\n\nMore.\n"


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_of_the_collection_is_covered(part: str) -> None:
    assert sorted(SELECTION[part]) == PARTS[part]


def test_the_selected_tests_are_there() -> None:
    assert set(SELECTION) == {*PARTS, "units", "core"}
    for node in matrix.selected(*SELECTION):
        path, _colons, name = node.partition("::")
        assert (ROOT / path).exists(), node
        assert not name or f"def {name}(" in (ROOT / path).read_text("utf-8"), node


def test_the_oldest_release_and_the_oldest_python_are_those_that_the_collection_declares() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))
    assert runtime["requires_ansible"] == f">={matrix.OLDEST}.0"
    config = yaml.safe_load((ROOT / "tests" / "config.yml").read_text("utf-8"))
    assert config["modules"]["python_requires"] == f">={matrix.OLDEST_TARGET}"


def test_no_sanity_test_is_ignored() -> None:
    assert not list(ROOT.glob("tests/sanity/ignore-*.txt"))


def test_combinations_are_chosen_by_release_or_by_name() -> None:
    assert matrix.choose(["2.21-3.13", "2.16"]) == ["2.21-3.13", "2.16-3.10", "2.16-3.11", "2.16-3.12"]
    assert len(matrix.choose([])) == len(matrix.combinations()) + 1
    assert matrix.choose(["target", "preview"]) == ["target", "preview"]
    with pytest.raises(SystemExit, match=r"'2\.15' is none of"):
        matrix.choose(["2.15"])


def test_a_command_that_takes_too_long_has_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(matrix, "STAGE", tmp_path)
    assert matrix.run("true")
    assert not matrix.run("false")
    monkeypatch.setattr(matrix, "TIME_LIMIT", 0.05)
    assert not matrix.run("sleep", "60")


def test_what_passed_is_recorded_and_what_failed_is_removed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(README, "utf-8")
    (tmp_path / "galaxy.yml").write_text("version: 2.0.0\n", "utf-8")
    old = {"core": "2.16.1", "python": "3.10", "passed": ["units"]}
    new = {"core": "2.21.5", "python": "3.13", "passed": ["units"]}
    tested.record(tmp_path, {"2.21-3.13": new, "2.16-3.12": {**old, "python": "3.12"}, "2.16-3.10": old})
    tested.record(tmp_path, {"target": {"target": "3.9", "passed": ["sanity"]}, "2.16-3.12": None})
    data = json.loads((tmp_path / "docs" / "tested.json").read_text("utf-8"))
    assert list(data["combinations"]) == ["2.16-3.10", "2.21-3.13", "target"]
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert tested.shown(readme) == (
        "Tested with ansible-core 2.16.1 on Python 3.10; 2.21.5 on Python 3.13. Packaged modules are also tested on Python 3.9."
    )
    assert readme.endswith("<!-- /tested -->\n\nMore.\n")
    (tmp_path / "galaxy.yml").write_text("version: 2.1.0\n", "utf-8")
    assert tested.read(tmp_path) == {}, "results of another version"
    assert tested.shown("no markers") == ""


def test_the_readme_says_what_passed() -> None:
    combinations = tested.read(ROOT)
    assert combinations.keys() <= {*(each.name for each in matrix.combinations()), matrix.TARGET}
    assert tested.shown((ROOT / "README.md").read_text("utf-8")) == tested.sentence(combinations)


@pytest.mark.parametrize(
    ("output", "count"),
    [
        (
            "[DEPRECATION WARNING]: Importing 'x' is deprecated.\nOrigin: /c/meinberg/lantime/roles/a.yml:3:5\n\nTASK [x]",
            1,
        ),
        ("[DEPRECATION WARNING]: The 'lantime_x' option is deprecated.", 1),
        (
            "[DEPRECATION WARNING]: INJECT_FACTS_AS_VARS is deprecated.\nOrigin: /tmp/play.yml\n\nTASK [lantime_facts]",
            0,
        ),
        ("[WARNING]: lantime_port is odd\n", 0),
    ],
)
def test_deprecations_of_the_collection_are_found(output: str, count: int) -> None:
    assert len(deprecations(output)) == count
