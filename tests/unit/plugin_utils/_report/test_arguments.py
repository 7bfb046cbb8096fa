# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the variables of a role: what is invalid, how often it is said, and the report on it."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.arguments import ROLES, RoleArguments, run

Tree = dict[str, t.Any]
GOLDEN: Tree = {"lantime_golden_config": {"ntp": {"trust-time": 1}}}
ACCEPTED = {"path": "ntp", "until": "2026-12-31", "reason": "a trial"}


def check(role: str, *groups: RoleArguments, check_mode: bool = False) -> str:
    """What is wrong with the arguments; empty if nothing is."""
    context = JobContext({"role": role, "arguments": list(groups)}, check_mode, False, lambda _text: None)
    try:
        run(context)
    except LantimeError as error:
        return error.what
    return ""


INVALID: list[tuple[str, Tree, str]] = [
    ("drift_check", {"drift_check_threshold": 0.5}, "drift_check_threshold must be above 0.5 and at most 1, not 0.5"),
    ("drift_check", {"drift_check_threshold": "half"}, "drift_check_threshold"),
    ("drift_check", {"drift_check_mode": "majority"}, "drift_check_mode must be one of"),
    ("drift_check", {"drift_check_facts": "perhaps"}, "drift_check_facts"),
    ("drift_check", {"drift_check_ignore": {"a": 1}}, "drift_check_ignore"),
    (
        "drift_check",
        {"drift_check_accepted": [{**ACCEPTED, "until": "soon"}]},
        "until must be a day such as 2026-12-31",
    ),
    ("drift_check", {"drift_check_accepted": [{"path": "ntp"}]}, "reason, until"),
    ("drift_check", {"drift_check_accepted": '[{"path": "ntp"}]'}, "drift_check_accepted"),
    (
        "drift_check",
        {"lantime_golden_config": "golden.yml"},
        "lantime_golden_config is text; to read it from a file, give",
    ),
    ("fleet_config", {"lantime_golden_modules": "a,b"}, "lantime_golden_modules is text"),
    ("drift_check", {"drift_check_report_formats": ["pdf"]}, "drift_check_report_formats"),
    ("drift_check", {"lantime_golden_config": ["ntp"]}, "lantime_golden_config"),
    ("fleet_config", {"fleet_config_gate": ["during"]}, "fleet_config_gate"),
    ("fleet_config", {"fleet_config_gate_mode": "relative"}, "fleet_config_gate_mode"),
    ("fleet_config", {"fleet_config_skip": ["tim"]}, "tim"),
    ("health_check", {"health_check_thresholds": {"satelites_warning": 8}}, "did you mean satellites_warning"),
    ("health_check", {"health_check_expected": {"power_supplys": 2}}, "health_check_expected"),
    ("health_check", {"health_check_wait_timeout": "long"}, "health_check_wait_timeout"),
]


@pytest.mark.parametrize(
    ("role", "values", "text"), INVALID, ids=[f"{r[0]}-{next(iter(r[1]))}-{i}" for i, r in enumerate(INVALID)]
)
def test_invalid_arguments_are_named_once_for_all_hosts(role: str, values: Tree, text: str) -> None:
    golden = {} if role == "health_check" else GOLDEN
    groups = [RoleArguments([f"ts{number}" for number in range(200)], {**golden, **values})]
    message = check(role, *groups)
    assert message.startswith(f"the arguments of the role {role} are invalid: ")
    assert text in message
    assert message.count("(ts0 and 199 more hosts)") == message.count("more hosts)") == 1
    assert len(message) < 700


@pytest.mark.parametrize("role", ROLES)
def test_arguments_that_a_role_takes_are_valid(role: str) -> None:
    # What the command line gives as text is of the right type for the role.
    text = {"drift_check": {"drift_check_ignore": "snmp", "drift_check_threshold": "0.8", "drift_check_facts": "no"}}
    golden = {} if role == "health_check" else GOLDEN
    assert check(role, RoleArguments(["ts1"], {**golden, **text.get(role, {})})) == ""


@pytest.mark.parametrize("name", ["lantime_golden_config", "lantime_golden_modules", "drift_check_modules"])
def test_a_template_of_a_whole_tree_is_left_to_the_task(name: str) -> None:
    assert check("drift_check", RoleArguments(["ts1"], {name: "{{ golden }}"})) == ""
    assert name in check("drift_check", RoleArguments(["ts1"], {name: "golden.yml"}))


def test_each_problem_has_the_hosts_that_have_it() -> None:
    wrong = {**GOLDEN, "drift_check_threshold": 2}
    groups = (
        RoleArguments(["ts1"], GOLDEN),
        RoleArguments(["ts2"], wrong),
        RoleArguments(["ts3"], {}, "drift_check_group cannot be evaluated: 'site' is undefined"),
        RoleArguments(["ts4", "ts5"], {**wrong}),
    )
    message = check("drift_check", *groups)
    assert "not 2 (ts2 and 2 more hosts); drift_check_group cannot be evaluated: 'site' is undefined (ts3)" in message
    assert "ts1" not in message


def test_a_golden_configuration_of_one_host_is_enough_and_consensus_needs_none() -> None:
    assert "there is no golden configuration" in check("drift_check", RoleArguments(["ts1"], {}))
    assert "there is no golden configuration" in check("fleet_config", RoleArguments(["ts1"], {}))
    assert check("drift_check", RoleArguments(["ts1"], {}), RoleArguments(["ts2"], GOLDEN)) == ""
    assert check("drift_check", RoleArguments(["ts1"], {"drift_check_mode": "consensus"})) == ""
    assert check("health_check", RoleArguments(["ts1"], {})) == ""


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_report_says_that_the_run_was_invalid(tmp_path: Path, check_mode: bool) -> None:
    place = tmp_path / "reports"
    values = {
        "drift_check_report_dir": str(place),
        "drift_check_report_basename": "nightly",
        "drift_check_report_formats": ["json", "junit"],
        "drift_check_threshold": 3,
    }
    message = check("drift_check", RoleArguments(["ts1", "ts2"], {**GOLDEN, **values}), check_mode=check_mode)
    if check_mode:
        assert not place.exists()
        return
    assert sorted(path.name for path in place.iterdir()) == ["nightly.json", "nightly.xml"]
    report = json.loads((place / "nightly.json").read_text("utf-8"))
    assert (report["outcome"], report["exit_code"]) == ("invalid", 2)
    assert message.startswith(report["error"]["message"])
    assert {entry["host"]: entry["state"] for entry in report["hosts"]} == {"ts1": "not_checked", "ts2": "not_checked"}


def test_a_report_that_cannot_be_written_does_not_hide_the_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    values = {"drift_check_report_dir": str(tmp_path / "file" / "reports"), "drift_check_threshold": 3}
    assert "drift_check_threshold" in check("drift_check", RoleArguments(["ts1"], {**GOLDEN, **values}))


def test_the_directory_of_the_report_is_read_as_for_other_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NIGHT", "first")
    monkeypatch.chdir(tmp_path)
    values = {"drift_check_report_dir": "~/reports/$NIGHT", "drift_check_threshold": 3}
    assert check("drift_check", RoleArguments(["ts1"], {**GOLDEN, **values}))
    assert (tmp_path / "reports" / "first" / "drift_check.json").exists()
    assert not (tmp_path / "~").exists()
