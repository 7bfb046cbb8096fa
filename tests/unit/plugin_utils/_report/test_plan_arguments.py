# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the plan files of a rollout, before the first request."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.plan_arguments import (
    PlanProblem,
    find_plan_problems,
)
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import plan_records as made

HOSTS = ("ts1", "ts2")


def find(use: str, directory: object, hosts: t.Sequence[str] = HOSTS, **values: t.Any) -> list[PlanProblem]:
    known = {"fleet_config_plan": use, "fleet_config_plan_dir": str(directory), **values}
    return find_plan_problems([(hosts, known)], hosts)


def problems(use: str, directory: object, hosts: t.Sequence[str] = HOSTS, **values: t.Any) -> list[str]:
    return [problem.text for problem in find(use, directory, hosts, **values)]


def test_hosts_without_a_plan_are_named_in_one_sentence(tmp_path: Path) -> None:
    made.write(tmp_path, {"ts1": made.plan("1")})
    hosts = [f"ts{number}" for number in range(1, 16)]
    assert problems("apply", tmp_path, hosts) == [
        f"there is no plan in {tmp_path} (ts2, ts3, ts4, ts5, ts6, ts7, ts8, ts9, ts10, ts11 and 4 more)"
    ]
    assert problems("apply", tmp_path, ["ts1"]) == []
    assert problems("none", tmp_path / "missing") == []


def test_a_directory_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("missing", "file"):
        where = tmp_path / name
        assert problems("apply", where) == [f"the directory of the plans, {where}, cannot be read (ts1, ts2)"]
    where = tmp_path / "file"
    assert problems("write", where) == [f"the plans in {where} cannot be written (NotADirectoryError) (ts1, ts2)"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not JSON"),
        (b"\xff", "it is not UTF-8"),
        (b"[]", "it is not a plan"),
        (b'{"kind": "meinberg.lantime plan", "format": 9}', "its format is 9"),
    ],
)
def test_a_plan_that_cannot_be_used(tmp_path: Path, content: bytes, reason: str) -> None:
    made.write(tmp_path, made.fleet())
    (tmp_path / "ts2.plan.json").write_bytes(content)
    found = problems("apply", tmp_path)
    assert len(found) == 1
    assert reason in found[0]
    assert found[0].endswith("(ts2)")


def test_a_plan_under_the_name_of_another_host(tmp_path: Path) -> None:
    made.write(tmp_path, {"ts1": made.plan("1", inventory_hostname="ts2"), "ts2": made.plan("2")})
    assert problems("apply", tmp_path) == [f"the plan in {tmp_path} cannot be used: it is the plan of ts2 (ts1)"]


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "", "a b", "x\0", "-x", "x" * 300, "\x1b[31m"])
@pytest.mark.parametrize("use", ["write", "apply"])
def test_a_name_that_cannot_be_that_of_a_file(tmp_path: Path, use: str, name: str) -> None:
    found = problems(use, tmp_path / "plans", [name])
    assert len(found) == 1
    assert found[0].startswith("there can be no plan: the name of the host cannot be the name of a file (")
    assert found[0].isprintable()
    assert not (tmp_path / "plans").exists()


def test_two_hosts_with_one_file(tmp_path: Path) -> None:
    assert problems("write", tmp_path, ["ts1", "TS1", "ts2"]) == ["these hosts would share one plan file (ts1, TS1)"]


def test_two_plans_of_one_device(tmp_path: Path) -> None:
    made.write(tmp_path, {"ts1": made.plan("1"), "ts2": made.plan("1")})
    assert problems("apply", tmp_path) == ["two plans for one device, with the serial number 1 (ts1, ts2)"]
    unknown = made.plan("")._replace(device={**made.plan("").device, "serial_number": None})
    made.write(tmp_path, {"ts1": unknown, "ts2": unknown})
    assert problems("apply", tmp_path) == []


def test_the_plans_of_the_ring_only_are_removed(tmp_path: Path) -> None:
    made.write(tmp_path, made.fleet())
    values = {"fleet_config_plan": "write", "fleet_config_plan_dir": str(tmp_path)}
    assert find_plan_problems([(["ts1", "ts2", "ts3"], values)], ["ts2"]) == []
    assert sorted(path.name[:3] for path in tmp_path.iterdir()) == ["ts1", "ts3", "ts4", "ts5"]


def test_what_is_no_plan_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "ts1.plan.json").write_text("my notes")
    found = problems("write", tmp_path)
    assert len(found) == 1
    assert "exists and is not a plan" in found[0]
    assert (tmp_path / "ts1.plan.json").read_text() == "my notes"


def test_variables_that_contradict_each_other(tmp_path: Path) -> None:
    groups = [(["ts1"], {"fleet_config_plan": "write"}), (["ts2"], {})]
    text = "fleet_config_plan is not the same for all hosts: none, write"
    assert find_plan_problems(groups, HOSTS) == [PlanProblem(text, "correct these variables", is_file=False)]
    apart = [
        ([host], {"fleet_config_plan": "write", "fleet_config_plan_dir": place})
        for host, place in (("ts1", "north"), ("ts2", "south"))
    ]
    message = "fleet_config_plan_dir is not the same for all hosts: north, south"
    assert find_plan_problems(apart, HOSTS) == [PlanProblem(message)]
    found = problems("write", tmp_path, fleet_config_report_basename="plans")
    assert found == ["fleet_config_report_basename is plans, which is the name of the review page"]
    assert problems("write", " ") == ["there can be no plan: the directory of the plans has no name (ts1, ts2)"]


def spoil(path: Path) -> None:
    path.write_bytes(b"{")


def replace_directory(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    path.parent.write_text("")


@pytest.mark.parametrize(
    ("use", "damage", "hint"),
    [
        ("apply", Path.unlink, "write the plans again with fleet_config_plan=write, and review them"),
        ("apply", spoil, "write the plans again with fleet_config_plan=write, and review them"),
        ("apply", replace_directory, "check fleet_config_plan_dir"),
        ("write", replace_directory, "check fleet_config_plan_dir, its permissions and the free disk space"),
        (
            "write",
            lambda path: path.write_text("my notes"),
            "set another fleet_config_plan_dir, or remove the file",
        ),
    ],
)
def test_the_hint_fits_the_cause(tmp_path: Path, use: str, damage: t.Callable[[Path], object], hint: str) -> None:
    directory = made.write(tmp_path / "plans", {"ts1": made.plan("1")})
    damage(directory / "ts1.plan.json")
    assert [(each.hint, each.is_file) for each in find(use, directory, ["ts1"])] == [(hint, True)]


def test_the_hint_for_names_of_hosts_and_directories(tmp_path: Path) -> None:
    assert [(each.hint, each.is_file) for each in find("write", tmp_path, ["a/b"])] == [
        ("rename these hosts in the inventory", False)
    ]
    assert [each.hint for each in find("write", tmp_path, ["ts1", "TS1"])] == ["rename these hosts in the inventory"]
    assert [each.hint for each in find("write", " ", ["ts1"])] == ["correct these variables"]
