# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""meinberg.lantime.drift_check: what it finds, what it never does, and how ansible-playbook ends."""

from __future__ import annotations

import datetime
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

GOLDEN = {
    "ntp": {"local-clock": {"stratum": 12}, "time-scale": "utc"},
    "notification": {"events": {"leapsecond-announced": {"email": False}}},
    "snmp": {"contact": "operations", "read-community": "canary-golden"},
}
EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]


@pytest.fixture
def project(fleet: Fleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.vars = {"lantime_golden_config": GOLDEN}
    return made


def test_a_fleet_as_desired_is_clean_and_only_read_by_a_user_who_can_only_read(
    project: PlaybookProject, fleet: Fleet
) -> None:
    done = project.run("drift_check", "-vvv")
    assert done.code == 0, done.output
    assert done.states() == dict.fromkeys(EVERYWHERE, "clean")
    assert done.final == dict.fromkeys(EVERYWHERE, "ok")
    assert "deprecated" not in done.output
    for name in EVERYWHERE:
        ledger = fleet[name].ledger
        # One read for each section and one for the facts, in one connection.
        assert (ledger.writes, ledger.gets, ledger.handshakes) == (0, len(GOLDEN) + 1, 1)
        assert done.host(name)["drift"]["not_compared"] == [
            {"path": "snmp/read-community", "reason": "a secret cannot be read"}
        ]
    written = list((project.directory / "reports").iterdir())
    assert sorted(p.suffix for p in written) == sorted([".json", ".xml", ".md", ".sarif", ".html"])
    for text in (done.output, *(p.read_text("utf-8") for p in written)):
        assert "canary" not in text
        assert fleet["ts706"].users["info"] not in text


def test_each_host_has_its_own_end_and_the_report_has_all(project: PlaybookProject, fleet: Fleet) -> None:
    fleet["ts708"].change("ntp/local-clock/stratum", 3)
    fleet["ts708"].change("ntp/spoof-local-time", True)  # not in the golden configuration
    project.make_unreachable("ts710")
    project.hosts["ims"]["lantime_password"] = "wrong"
    done = project.run("drift_check")
    assert done.code == 4, done.output
    assert done.states() == {
        "ts706": "clean",
        "ts708": "drift",
        "ts710": "unreachable",
        "ims": "failed",
    }
    assert done.final == {"ts706": "ok", "ts708": "failed", "ts710": "unreachable", "ims": "failed"}
    assert done.differences("ts708") == ["ntp/local-clock/stratum"]
    assert done.host("ims")["error"]["code"] == "auth_failed"
    assert done.report is not None
    assert done.report["exit_code"] == 4
    # Refused credentials are not tried again: the account would be locked.
    assert len(fleet["ims"].ledger) == 1
    assert sum(fleet[name].ledger.writes for name in EVERYWHERE) == 0


def test_drift_alone_is_exit_code_2_and_accepted_drift_is_clean(project: PlaybookProject, fleet: Fleet) -> None:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    day = datetime.timedelta(days=1)
    project.vars["drift_check_accepted"] = [
        {"path": "ntp/local-clock", "host": "ts7*", "until": str(today + day), "reason": "trial"},
        {"path": "snmp/contact", "until": str(today - day), "reason": "was a trial"},
    ]
    for name in ("ts706", "ims"):
        fleet[name].change("ntp/local-clock/stratum", 3)
    fleet["ts710"].change("snmp/contact", "another client")
    done = project.run("drift_check")
    assert done.code == 2, done.output
    assert done.states() == {"ts706": "clean", "ts708": "clean", "ts710": "drift", "ims": "drift"}
    (expired,) = done.host("ts710")["drift"]["differences"]
    assert expired["expired"] == {"until": str(today - day), "reason": "was a trial"}
    project.vars["drift_check_accepted"][1]["until"] = str(today)
    project.vars["drift_check_accepted"][0]["host"] = "*"
    assert project.run("drift_check").code == 0


@pytest.mark.parametrize("mode", ["golden", "consensus"])
def test_the_report_is_written_although_nobody_answers(project: PlaybookProject, mode: str) -> None:
    project.make_unreachable(*EVERYWHERE)
    done = project.run("drift_check", drift_check_mode=mode)
    assert done.code == 4, done.output
    assert done.states() == dict.fromkeys(EVERYWHERE, "unreachable")


def test_overlays_are_laid_over_in_the_order_in_which_they_stand(project: PlaybookProject, fleet: Fleet) -> None:
    def contact(text: str) -> dict[str, t.Any]:
        return {"snmp": {"contact": text}}

    project.groups = {"aa": ["ts706", "ts708"], "zz": ["ts706", "ts708", "ts710"]}
    project.vars["lantime_golden_overlays"] = {
        "ts708": contact("host"),
        "zz": contact("zz"),
        "aa": contact("aa"),
        "all": {"ntp": {"trust-time": 7}},
    }
    for name, text in {"ts706": "aa", "ts708": "host", "ts710": "zz", "ims": "operations"}.items():
        fleet[name].change("snmp/contact", text)
    done = project.run("drift_check")
    for name in EVERYWHERE:
        assert done.differences(name) == ["ntp/trust-time"], name


def test_what_lacks_and_what_is_beyond_is_drift(project: PlaybookProject, fleet: Fleet) -> None:
    project.vars["lantime_golden_config"] = {"ntp": {"external-servers": {"1": {"address": "192.0.2.1"}}}}
    for name in ("ts706", "ts708"):
        fleet[name].change("ntp/external-servers/1", {"address": "192.0.2.1"})
    fleet["ts708"].change("ntp/external-servers/2", {"address": "192.0.2.2"})
    done = project.run("drift_check", drift_check_state="overridden", drift_check_facts=False)
    assert done.states() == {"ts706": "clean", "ts708": "drift", "ts710": "drift", "ims": "drift"}
    ops = {name: [(d["op"], d["path"]) for d in done.host(name)["drift"]["differences"]] for name in ("ts708", "ts710")}
    assert ops == {
        "ts708": [("remove", "ntp/external-servers/2")],
        "ts710": [("add", "ntp/external-servers/1")],
    }


@pytest.mark.parametrize("gather", ["hosts", pytest.param("together", marks=pytest.mark.thorough)])
def test_consensus_finds_who_is_not_like_the_others(project: PlaybookProject, fleet: Fleet, gather: str) -> None:
    fleet["ts710"].change("ntp/local-clock/stratum", 3)
    settings: dict[str, t.Any] = {
        "drift_check_mode": "consensus",
        "drift_check_ignore": ["chassis0"],
        "drift_check_gather": gather,
    }
    done = project.run("drift_check", **settings)
    assert done.code == 2, done.output
    assert done.states() == {"ts706": "clean", "ts708": "clean", "ts710": "drift", "ims": "clean"}
    (found,) = done.host("ts710")["drift"]["differences"]
    assert (found["path"], found["before"], found["after"]) == ("ntp/local-clock/stratum", 3, 12)
    assert found["peers"] == {"agree": 3, "of": 3}
    for name in EVERYWHERE:
        ledger = fleet[name].ledger
        assert (ledger.writes, ledger.gets) == (0, 2)
        assert done.host(name)["time"] is not None


def test_consensus_without_enough_peers_calls_nobody_clean(project: PlaybookProject) -> None:
    project.make_unreachable("ts706", "ts708")
    done = project.run("drift_check", drift_check_mode="consensus")
    assert done.code == 4, done.output
    assert done.states() == {
        "ts706": "unreachable",
        "ts708": "unreachable",
        "ts710": "not_checked",
        "ims": "not_checked",
    }
    assert done.final["ts710"] == done.final["ims"] == "failed"


def test_hosts_that_are_not_there_are_no_proof(project: PlaybookProject) -> None:
    done = project.run("drift_check", lantime_hosts="lantine")
    assert done.code == 2, done.output
    assert "the pattern lantine matches no host" in done.output
    assert done.report is None


def test_an_acceptance_without_an_end_is_refused(project: PlaybookProject, fleet: Fleet) -> None:
    project.vars["drift_check_accepted"] = [{"path": "ntp", "reason": "because"}]
    done = project.run("drift_check")
    assert done.code == 2, done.output
    assert "until" in done.output
    assert sum(len(fleet[name].ledger) for name in EVERYWHERE) == 0


@pytest.mark.parametrize("playbook", ["drift_check", "fleet_config"])
def test_a_missing_golden_configuration_is_said_once_before_any_request(
    project: PlaybookProject, fleet: Fleet, playbook: str
) -> None:
    project.vars = {}
    done = project.run(playbook)
    assert done.code == 2, done.output
    assert "there is no golden configuration; set lantime_golden_config" in done.output
    assert done.output.count("fatal: [") == 1
    assert "correct the task" not in done.output
    assert sum(device.ledger.gets for device in fleet) == 0
    assert len(done.output) < 2500


def test_an_overlay_of_some_hosts_is_a_golden_configuration_of_these(project: PlaybookProject) -> None:
    project.vars = {"lantime_golden_overlays": {"ts710": {"ntp": {"time-scale": "utc"}}}}
    done = project.run("drift_check")
    assert done.states() == {**dict.fromkeys(EVERYWHERE, "failed"), "ts710": "clean"}, done.output
    message = done.host("ts706")["error"]["message"]
    assert "there is no golden configuration to compare with; give config or modules" in message


@pytest.mark.parametrize("gather", ["hosts", pytest.param("together", marks=pytest.mark.thorough)])
def test_invalid_arguments_end_the_run_once_before_any_request(
    project: PlaybookProject, fleet: Fleet, gather: str
) -> None:
    """Also those of one host in a later place of the inventory, and the report says so."""
    project.hosts["ims"]["drift_check_threshold"] = 0.5
    done = project.run("drift_check", "--tags", "none-of-this", drift_check_gather=gather)
    assert done.code == 2, done.output
    text = "drift_check_threshold must be above 0.5 and at most 1, not 0.5 (ims)"
    assert "TASK [meinberg.lantime.drift_check : Check the arguments]" in done.output
    # Ansible itself shows the message of a failed task twice since core 2.19.
    assert done.output.count("fatal: [") == 1
    assert text in done.output
    assert done.report is not None
    assert (done.report["outcome"], done.report["exit_code"]) == ("invalid", 2)
    assert text in done.report["error"]["message"]
    assert done.states() == dict.fromkeys(EVERYWHERE, "not_checked")
    assert sum(len(fleet[name].ledger) for name in EVERYWHERE) == 0


@pytest.mark.parametrize("role", ["drift_check", pytest.param("fleet_config", marks=pytest.mark.thorough)])
def test_a_play_of_a_user_with_another_strategy_is_refused(project: PlaybookProject, fleet: Fleet, role: str) -> None:
    done = project.run_play({"strategy": "free", "roles": [f"meinberg.lantime.{role}"]})
    assert done.code == 2, done.output
    assert "the strategy free does not run a task on all hosts before the next one" in done.output
    assert sum(len(fleet[name].ledger) for name in EVERYWHERE) == 0


def test_a_play_of_a_user_in_batches_ends_each_host_as_it_is(project: PlaybookProject, fleet: Fleet) -> None:
    fleet["ts708"].change("ntp/local-clock/stratum", 3)
    project.make_unreachable("ims")
    done = project.run_play({"serial": 2, "roles": ["meinberg.lantime.drift_check"]})
    assert done.code == 4, done.output
    assert done.final == {"ts706": "ok", "ts708": "failed", "ts710": "ok", "ims": "unreachable"}
    # The last report has the results of all batches.
    assert done.states() == {"ts706": "clean", "ts708": "drift", "ts710": "clean", "ims": "unreachable"}
    assert re.findall(r"changed=([0-9]+)", done.output) == ["0"] * 4


def test_the_majority_of_the_first_role_of_a_play_is_not_the_result_of_the_second(
    project: PlaybookProject, fleet: Fleet
) -> None:
    for device in fleet:
        device.change("snmp/contact", "all the same and wrong")
    role = "meinberg.lantime.drift_check"
    first = {"role": role, "drift_check_mode": "consensus", "drift_check_ignore": ["chassis0"]}
    done = project.run_play({"roles": [{**first, "drift_check_report_dir": ""}, {"role": role}]})
    assert done.code == 2, done.output
    assert done.states() == dict.fromkeys(EVERYWHERE, "drift")


def test_a_comparison_that_ran_once_is_that_of_one_host_only(project: PlaybookProject) -> None:
    play = {
        "tasks": [
            {"meinberg.lantime.lantime_drift": {}, "run_once": True, "register": "compared"},
            {
                "meinberg.lantime.lantime_report": {
                    "results_from": ["compared"],
                    "dest": "reports",
                    "basename": "drift",
                },
                "run_once": True,
                "delegate_to": "localhost",
            },
            {"meinberg.lantime.lantime_verdict": {"results_from": ["compared"]}},
        ]
    }
    done = project.run_play(play)
    assert done.code == 2, done.output
    assert done.states() == {**dict.fromkeys(EVERYWHERE, "not_checked"), "ts706": "clean"}
    assert done.final == {**dict.fromkeys(EVERYWHERE, "failed"), "ts706": "ok"}


@pytest.mark.parametrize(("name", "value", "code"), [("contact", "other", 0), ("retries", 9, 2)])
def test_the_exit_code_in_the_report_is_that_of_the_run(
    project: PlaybookProject, name: str, value: t.Any, code: int
) -> None:
    project.vars["lantime_golden_config"] = {"snmp": {name: value}}
    done = project.run("drift_check", drift_check_fail_on="security")
    assert done.states() == dict.fromkeys(EVERYWHERE, "drift")
    assert (done.code, done.report and done.report["exit_code"]) == (code, code), done.output


def test_a_name_that_ansible_would_split_is_that_of_one_host(project: PlaybookProject, fleet: Fleet) -> None:
    fleet["ts708"].change("snmp/contact", "another client")
    drifting, clean = project.hosts["ts708"], project.hosts["ts710"]
    odd = ("fe80::1%eth0", "Berlin 1", "north,1")
    project.hosts = {"Berlin": clean, "1": clean, **dict.fromkeys(odd, drifting)}
    done = project.run("drift_check")
    assert done.code == 2, done.output
    assert done.states() == {"Berlin": "clean", "1": "clean", **dict.fromkeys(odd, "drift")}
    for name in odd:
        assert f"fatal: [{name}]: FAILED!" in done.output
    assert "Could not match supplied host pattern" not in done.output


def test_an_inventory_without_hosts_is_named(project: PlaybookProject) -> None:
    project.hosts = {}
    done = project.run("drift_check")
    assert done.code == 2, done.output
    assert "the inventory has no hosts; name one with -i" in done.output
