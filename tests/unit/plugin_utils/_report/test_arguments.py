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


def check(role: str, *groups: RoleArguments, check_mode: bool = False, keyword_timeout: float = 0) -> str:
    """What is wrong with the arguments; empty if nothing is."""
    params = {"role": role, "arguments": list(groups), "keyword_timeout": keyword_timeout}
    context = JobContext(params, check_mode, False, lambda _text: None)
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


def with_window(window: t.Any, *hosts: str, **more: t.Any) -> RoleArguments:
    return RoleArguments(list(hosts) or ["ts1"], {**GOLDEN, "fleet_config_confirm_window": window, **more})


@pytest.mark.parametrize(
    ("group", "keyword", "text"),
    [
        (with_window("835"), 0, "set lantime_task_timeout to at least 910 (ts1)"),
        (with_window(60, lantime_task_timeout="100"), 0, "100 s of which 50 s are kept for a rollback"),
        (with_window(60), 70, "does not fit into the keyword timeout of the tasks, 70 s; set it to at least 75"),
        (with_window(60, lantime_execution="target"), 0, "the journals would be on another machine"),
        (with_window(-1), 0, "fleet_config_confirm_window must be from 0 to 86400, not -1"),
        (with_window("nan"), 0, "fleet_config_confirm_window must be from 0 to 86400, not nan"),
        (with_window("soon"), 0, "fleet_config_confirm_window"),
    ],
)
def test_a_window_that_no_task_can_wait_for(group: RoleArguments, keyword: float, text: str) -> None:
    assert text in check("fleet_config", group, keyword_timeout=keyword)


@pytest.mark.parametrize(
    ("group", "keyword"),
    [
        (with_window("825"), 0),
        (with_window(3600, lantime_task_timeout=3675), 0),
        (with_window(86400, lantime_task_timeout=0), 0),
        (with_window(60, fleet_config_verify_grace=0), 70),
        (with_window(0, lantime_execution="target"), 1),
        (with_window(60, lantime_execution="controller"), 0),
    ],
)
def test_a_window_that_fits(group: RoleArguments, keyword: float) -> None:
    assert check("fleet_config", group, keyword_timeout=keyword) == ""


def test_the_time_limit_of_the_environment_counts_for_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTIME_TASK_TIMEOUT", "60")
    assert "does not fit into lantime_task_timeout, 60 s" in check("fleet_config", with_window(60))
    assert check("fleet_config", with_window(60, lantime_task_timeout=900)) == ""


def test_a_window_is_the_same_for_all_hosts() -> None:
    message = check("fleet_config", with_window(5, "ts1"), with_window("6.0", "ts2"), RoleArguments(["ts3"], GOLDEN))
    assert "fleet_config_confirm_window is not the same for all hosts: 0, 5, 6" in message
    assert check("fleet_config", with_window(5, "ts1"), with_window("5.0", "ts2")) == ""


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
