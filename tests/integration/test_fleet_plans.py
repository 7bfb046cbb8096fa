# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""meinberg.lantime.fleet_config with plan files: write, review, apply what was reviewed, and nothing else."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject, PlaybookRun
from ansible_collections.meinberg.lantime.tests.simulator import Fleet
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import plan_records

GOLDEN = {
    "ntp": {"local-clock": {"stratum": 10}, "external-servers": {"1": {"address": "192.0.2.1"}}},
    "snmp": {"contact": "time@example.com"},
}
# In the order of the inventory, which is that of the rings.
EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]


@pytest.fixture
def project(fleet: Fleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.use_admin(fleet)
    made.vars = {
        "lantime_golden_config": GOLDEN,
        "fleet_config_missing": "create",
        "fleet_config_golden_files": ["golden.yml"],
    }
    return made


def run(project: PlaybookProject, plan: str, *arguments: str, **extra: t.Any) -> PlaybookRun:
    return project.run("fleet_config", *arguments, basename="rollout", fleet_config_plan=plan, **extra)


def plan_of(project: PlaybookProject, host: str) -> dict[str, t.Any]:
    text = (project.directory / "lantime-plans" / f"{host}.plan.json").read_text("utf-8")
    return t.cast("dict[str, t.Any]", json.loads(text))


def page(project: PlaybookProject) -> str:
    return (project.directory / "reports" / "plans.md").read_text("utf-8")


def writes(fleet: Fleet) -> dict[str, int]:
    return {name: fleet[name].ledger.writes for name in EVERYWHERE}


def requests(fleet: Fleet) -> int:
    return sum(len(fleet[name].ledger) for name in EVERYWHERE)


def clear(fleet: Fleet) -> None:
    for device in fleet:
        device.ledger.clear()


NOTHING = dict.fromkeys(EVERYWHERE, 0)


def test_only_what_was_reviewed_is_applied(project: PlaybookProject, fleet: Fleet) -> None:
    """One device is changed by somebody else after the review: its ring stops the rollout. The next plan is applied."""
    planned = run(project, "write")
    assert planned.code == 0, planned.output
    assert writes(fleet) == NOTHING
    for name in EVERYWHERE:
        assert plan_of(project, name)["golden_files"] == ["golden.yml"]
        assert plan_of(project, name)["inventory_hostname"] == name
        assert planned.host(name)["change"]["state"] == "planned"
    assert "**4 devices would be changed by" in page(project)
    assert (project.directory / "reports" / "plans.html").exists()

    fleet["ts708"].change("ntp/local-clock/stratum", 3)
    clear(fleet)
    refused = run(project, "apply", fleet_config_rings=[1, 1, 2])
    assert refused.code == 2, refused.output
    assert refused.host("ts708")["error"]["code"] == "plan_changed"
    assert "ntp/local-clock" in refused.host("ts708")["error"]["message"]
    (difference,) = refused.host("ts708")["change"]["plan_difference"]
    assert (difference["path"], difference["current"]["before"]) == ("ntp/local-clock", {"stratum": 3})
    shown = (project.directory / "reports" / "rollout.md").read_text("utf-8")
    assert "@@ ntp/local-clock (- reviewed, + now) @@\n- before, stratum: 12\n+ before, stratum: 3\n" in shown
    assert refused.final == {"ts706": "ok", "ts708": "failed"}
    changed = writes(fleet)
    assert changed.pop("ts706") > 0
    assert changed == {"ts708": 0, "ts710": 0, "ims": 0}

    clear(fleet)
    again = run(project, "write")
    assert again.code == 0, again.output
    assert writes(fleet) == NOTHING
    assert plan_of(project, "ts706")["operations"] == []
    assert "**1 device needs no change.** `ts706`" in page(project)
    done = run(project, "apply", fleet_config_rings=["100%"])
    assert done.code == 0, done.output
    for name in EVERYWHERE:
        assert fleet[name].running()["snmp"]["contact"] == "time@example.com"
        assert fleet[name].running() == fleet[name].startup()
    empty = run(project, "write")
    assert empty.code == 0, empty.output
    assert [plan_of(project, name)["operations"] for name in EVERYWHERE] == [[]] * len(EVERYWHERE)


@pytest.mark.thorough
def test_check_mode_compares_and_a_job_that_is_run_again_succeeds(project: PlaybookProject, fleet: Fleet) -> None:
    assert run(project, "write").code == 0
    expected = run(project, "apply", "--check")
    assert expected.code == 0, expected.output
    fleet["ts708"].change("ntp/local-clock/stratum", 3)
    predicted = run(project, "apply", "--check")
    assert predicted.code == 2, predicted.output
    assert "does not fit any more: ntp/local-clock/stratum was" in predicted.output
    assert predicted.final == {name: "failed" if name == "ts708" else "ok" for name in EVERYWHERE}
    assert writes(fleet) == NOTHING
    assert run(project, "write").code == 0
    for dummy in range(2):
        done = run(project, "apply")
        assert done.code == 0, done.output
    clear(fleet)
    assert run(project, "apply").code == 0
    assert writes(fleet) == NOTHING


def spoil(content: str) -> t.Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def edit(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("192.0.2.1", "192.0.2.9"), encoding="utf-8")


def swap(path: Path) -> None:
    path.write_bytes((path.parent / "ims.plan.json").read_bytes())


def replace_directory(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    path.parent.write_text("", encoding="utf-8")


BAD = {
    "there is no plan in lantime-plans (ts710)": Path.unlink,
    "it is not JSON": spoil("{"),
    "its checksum does not match its content": edit,
    "it is the plan of ims (ts710)": swap,
    "the directory of the plans, lantime-plans, cannot be read (ts706, ts708, ts710, ims)": replace_directory,
}


@pytest.mark.thorough
def test_a_plan_that_cannot_be_used_is_refused_before_the_first_request(project: PlaybookProject, fleet: Fleet) -> None:
    assert run(project, "write").code == 0
    path = project.directory / "lantime-plans" / "ts710.plan.json"
    content = path.read_bytes()
    clear(fleet)
    for message, damage in BAD.items():
        damage(path)
        refused = run(project, "apply")
        assert refused.code == 2, refused.output
        assert refused.report is not None
        assert refused.report["outcome"] == "invalid"
        assert message in refused.report["error"]["message"]
        assert "the plans of the role fleet_config cannot be used" in refused.output
        assert "nothing was sent to a device" in refused.output
        assert "correct these variables" not in refused.output
        assert requests(fleet) == 0
        if path.parent.is_dir():
            path.write_bytes(content)


def test_a_variable_of_the_pipeline_that_is_empty_is_no_rollout_without_a_plan_or_window(
    project: PlaybookProject, fleet: Fleet
) -> None:
    refused = run(project, "", fleet_config_confirm_window="")
    assert refused.code == 2, refused.output
    assert "fleet_config_plan must be one of: none, write, apply" in refused.output
    assert "'fleet_config_confirm_window' is of type str" in refused.output
    assert requests(fleet) == 0


@pytest.mark.thorough
def test_hosts_that_differ_are_refused_before_the_first_ring(project: PlaybookProject, fleet: Fleet) -> None:
    """Also if only the host whose variables the first task has is different."""
    project.hosts["ts706"]["fleet_config_plan"] = "write"
    refused = project.run("fleet_config", basename="rollout")
    assert refused.final == {"ts706": "failed"}, refused.output
    assert "fleet_config_plan is not the same for all hosts: none, write" in refused.output
    assert requests(fleet) == 0


@pytest.mark.thorough
def test_names_that_cannot_be_those_of_files(project: PlaybookProject, fleet: Fleet) -> None:
    project.hosts = {"ts/../x": project.hosts["ts706"], "ts1": project.hosts["ts708"], "TS1": project.hosts["ts710"]}
    refused = run(project, "write")
    assert refused.code == 2, refused.output
    assert refused.report is not None
    message = refused.report["error"]["message"]
    assert "there can be no plan: the name of the host cannot be the name of a file (ts/../x)" in message
    assert "these hosts would share one plan file (ts1, TS1)" in message
    assert requests(fleet) == 0
    assert not (project.directory / "lantime-plans").exists()


@pytest.mark.thorough
def test_a_stale_plan_does_not_survive_and_the_host_is_named(project: PlaybookProject, fleet: Fleet) -> None:
    project.hosts = {name: project.hosts[name] for name in ("ts706", "ts708")}
    plan_records.write(project.directory / "lantime-plans", {"ts708": plan_records.plan("1")})
    project.make_unreachable("ts708")
    planned = run(project, "write")
    assert planned.code == 4, planned.output
    assert not (project.directory / "lantime-plans" / "ts708.plan.json").exists()
    assert "**1 device has no plan.** `ts708`" in page(project)
    clear(fleet)
    refused = run(project, "apply")
    assert "there is no plan in lantime-plans" in refused.output
    assert requests(fleet) == 0


@pytest.mark.thorough
def test_the_role_in_rings_changes_nothing_either(project: PlaybookProject, fleet: Fleet) -> None:
    """In a play of a user, or with the variable from the inventory, the tasks of the rollout run."""
    play = {"serial": [1, 3], "roles": [{"role": "meinberg.lantime.fleet_config"}]}
    done = project.run_play(play, basename="rollout", fleet_config_plan="write")
    assert done.code == 0, done.output
    assert writes(fleet) == NOTHING
    assert [bool(plan_of(project, name)["operations"]) for name in EVERYWHERE] == [True] * len(EVERYWHERE)
    assert "no plan" in page(project)
