# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""meinberg.lantime.fleet_config, health_check and facts_report: rings, gates, reports, and how ansible-playbook ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

GOLDEN = {
    "ntp": {"local-clock": {"stratum": 10}, "external-servers": {"1": {"address": "192.0.2.1"}}},
    "snmp": {"contact": "time@example.com"},
}
# In the order of the inventory, which is that of the rings.
EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]
SICK = {"power_supplies": 9}
ABSOLUTE = {"fleet_config_gate_mode": "absolute"}
# A device that has lost its clock is excused for a while otherwise.
NO_GRACE = {"sync_grace": 0, "warm_up": 0}


@pytest.fixture
def project(fleet: Fleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.use_admin(fleet)
    made.vars = {"lantime_golden_config": GOLDEN, "fleet_config_missing": "create"}
    return made


def written(fleet: Fleet) -> dict[str, int]:
    return {name: fleet[name].ledger.writes for name in EVERYWHERE}


def test_ring_by_ring_to_the_golden_configuration_and_nothing_the_second_time(
    project: PlaybookProject, fleet: Fleet
) -> None:
    rings = {"fleet_config_rings": [1, "100%"]}
    done = project.run("fleet_config", basename="rollout", **rings)
    assert done.code == 0, done.output
    assert done.states() == dict.fromkeys(EVERYWHERE, "checked")
    assert done.report is not None
    assert done.report["limit"] is None
    for name in EVERYWHERE:
        assert fleet[name].running() == fleet[name].startup()
        assert fleet[name].running()["snmp"]["contact"] == "time@example.com"
        assert done.host(name)["health"]["healthy"] is True
        fleet[name].ledger.clear()
    assert done.output.count("TASK [meinberg.lantime.fleet_config : Write the report]") == 2
    again = project.run("fleet_config", basename="rollout", **rings)
    assert again.code == 0, again.output
    assert written(fleet) == dict.fromkeys(EVERYWHERE, 0)


@pytest.mark.thorough
def test_rings_from_the_command_line_are_text(project: PlaybookProject, fleet: Fleet) -> None:
    done = project.run("fleet_config", "-e", "fleet_config_rings=2,100%", basename="rollout")
    assert done.code == 0, done.output
    assert done.output.count("TASK [meinberg.lantime.fleet_config : Write the report]") == 2
    for device in fleet:
        device.ledger.clear()
    for rings in ("half", "0", "1,,2"):
        refused = project.run("fleet_config", "-e", f"fleet_config_rings={rings}", basename="rollout")
        assert refused.code == 2, refused.output
        assert f"fleet_config_rings is {rings}; set it to numbers of devices or percentages, such as" in refused.output
    assert sum(len(fleet[name].ledger) for name in EVERYWHERE) == 0


def test_the_first_sick_ring_stops_the_rollout(project: PlaybookProject, fleet: Fleet) -> None:
    """Ring 1 is changed, ring 2 has one that is not healthy and is not changed at all, ring 3 is never touched."""
    project.hosts["ts708"]["fleet_config_expected"] = SICK
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=[1, 2, 1], **ABSOLUTE)
    assert done.code == 2, done.output
    counts = written(fleet)
    assert counts.pop("ts706") > 0
    assert counts == {"ts708": 0, "ts710": 0, "ims": 0}
    assert done.states() == {
        "ts706": "checked",
        "ts708": "failed",
        "ts710": "failed",
        "ims": "not_checked",
    }
    assert done.host("ts708")["health"]["healthy"] is False
    for name in ("ts708", "ts710"):
        message = done.host(name)["error"]["message"]
        assert (
            "the device was not changed, because devices in its ring failed the health check: ts708 (power" in message
        )
    assert done.final == {"ts706": "ok", "ts708": "failed", "ts710": "failed"}
    assert len(fleet["ims"].ledger) == 0


def test_a_device_that_is_not_healthy_after_its_change_stops_it_too(project: PlaybookProject, fleet: Fleet) -> None:
    project.hosts["ts706"]["fleet_config_expected"] = SICK
    done = project.run(
        "fleet_config",
        basename="rollout",
        fleet_config_rings=[2, 2],
        fleet_config_gate=["after"],
        **ABSOLUTE,
        fleet_config_wait_timeout=0.2,
        fleet_config_wait_interval=0.1,
    )
    assert done.code == 2, done.output
    counts = written(fleet)
    assert counts.pop("ts706") > 0
    assert counts.pop("ts708") > 0
    assert counts == {"ts710": 0, "ims": 0}
    assert done.final == {"ts706": "failed", "ts708": "ok"}
    assert done.host("ts706")["health"]["healthy"] is False


@pytest.mark.thorough
def test_a_device_that_was_sick_before_is_changed_and_not_waited_for(project: PlaybookProject, fleet: Fleet) -> None:
    project.hosts["ts706"]["fleet_config_expected"] = SICK
    project.hosts["ts708"]["fleet_config_thresholds"] = {"temperature_critical": 1}
    started = time.monotonic()
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=[2, 2])
    assert done.code == 0, done.output
    assert time.monotonic() - started < 60
    assert done.final == dict.fromkeys(EVERYWHERE, "ok")
    assert all(count > 0 for count in written(fleet).values())
    assert [done.host(name)["health"]["healthy"] for name in EVERYWHERE] == [False, False, True, True]


def test_a_device_that_is_worse_after_its_change_stops_the_rollout(project: PlaybookProject, fleet: Fleet) -> None:
    """Also if it was sick before, of something else."""
    project.hosts["ts706"]["fleet_config_expected"] = SICK
    # The first answer is that before the change.
    offset = {"members": {"offset": 0.0007}, "nth": 2, "times": 99}
    fleet["ts706"].add_fault("added-members", path="/api/status", **offset)
    settings = {
        "fleet_config_profile": "broadcast",
        "fleet_config_wait_timeout": 0.2,
        "fleet_config_wait_interval": 0.1,
    }
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=[1, 3], **settings)
    assert done.code == 2, done.output
    counts = written(fleet)
    assert counts.pop("ts706") > 0
    assert counts == {"ts708": 0, "ts710": 0, "ims": 0}
    error = done.host("ts706")["error"]
    assert error["message"] == "the device is less healthy after the change than before it: ntp_offset"
    assert done.host("ts706")["change"]["state"] == "changed"
    assert done.report is not None
    assert (done.report["outcome"], done.report["exit_code"]) == ("failed", 2)


@pytest.mark.thorough
@pytest.mark.parametrize("skip", [[], ["time_synchronized"]])
def test_a_device_without_time_stops_its_ring_unless_that_check_is_skipped(
    project: PlaybookProject, fleet: Fleet, skip: list[str]
) -> None:
    fleet["ts708"].raise_incident("cold-start")
    project.hosts["ts708"]["fleet_config_thresholds"] = NO_GRACE
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=[2, 2], fleet_config_skip=skip)
    if skip:
        assert done.code == 0, done.output
        assert all(count > 0 for count in written(fleet).values())
        return
    assert done.code == 2, done.output
    assert written(fleet) == dict.fromkeys(EVERYWHERE, 0)
    assert "ts708 (time_synchronized (critical)" in done.host("ts706")["error"]["message"]
    shown = project.run("fleet_config", "--check", "--diff", fleet_config_rings=[2, 2])
    assert shown.output.count("stratum: 10") == len(EVERYWHERE)
    assert shown.code == 2
    assert shown.final["ts708"] == "failed"


def test_an_unreachable_device_stops_it_and_is_exit_code_4(project: PlaybookProject, fleet: Fleet) -> None:
    project.make_unreachable("ts708")
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=[1, 1, 2])
    assert done.code == 4, done.output
    counts = written(fleet)
    assert counts.pop("ts706") > 0
    assert counts == {"ts708": 0, "ts710": 0, "ims": 0}
    assert done.states() == {
        "ts706": "checked",
        "ts708": "unreachable",
        "ts710": "not_checked",
        "ims": "not_checked",
    }


def test_an_unreachable_device_beside_another_one_stops_it_too(project: PlaybookProject, fleet: Fleet) -> None:
    """Ansible itself goes on with the next ring, as it counts one host as unreachable and as failed."""
    project.make_unreachable("ts706")
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=[2, 2])
    assert done.code == 4, done.output
    assert written(fleet) == dict.fromkeys(EVERYWHERE, 0)
    assert len(fleet["ts710"].ledger) == len(fleet["ims"].ledger) == 0
    assert done.states() == {"ts706": "unreachable", "ts708": "failed", "ts710": "not_checked", "ims": "not_checked"}


def test_in_check_mode_nothing_is_written_or_waited_for(project: PlaybookProject, fleet: Fleet) -> None:
    before = {name: fleet[name].running() for name in EVERYWHERE}
    done = project.run("fleet_config", "--check", "--diff", basename="rollout")
    assert done.code == 0, done.output
    assert "stratum: 10" in done.output
    assert written(fleet) == dict.fromkeys(EVERYWHERE, 0)
    assert {name: fleet[name].running() for name in EVERYWHERE} == before


def test_health_check_ends_each_host_as_it_is(project: PlaybookProject, fleet: Fleet) -> None:
    project.hosts["ts708"]["health_check_expected"] = SICK
    done = project.run("health_check", basename="health")
    assert done.code == 2, done.output
    assert done.final == {"ts706": "ok", "ts708": "failed", "ts710": "ok", "ims": "ok"}
    assert done.report is not None
    assert done.report["summary"]["unhealthy"] == 1
    assert written(fleet) == dict.fromkeys(EVERYWHERE, 0)
    project.make_unreachable("ts706")
    assert project.run("health_check", basename="health").code == 4


def test_facts_report_has_all_devices(project: PlaybookProject, fleet: Fleet) -> None:
    done = project.run("facts_report", basename="facts")
    assert done.code == 0, done.output
    assert done.states() == dict.fromkeys(EVERYWHERE, "checked")
    for name in EVERYWHERE:
        assert (len(fleet[name].ledger), fleet[name].ledger.handshakes) == (1, 1)
        device = done.host(name)["device"]
        assert (device["model"], device["serial_number"]) == (fleet[name].model, fleet[name].serial)
        assert device["uptime_seconds"] > 0
        assert "clk1" in [module["slot"] for module in done.host(name)["modules"]]
        assert done.host(name)["ptp"] is not None
    project.hosts["ims"]["lantime_password"] = "wrong"
    done = project.run("facts_report", basename="facts")
    assert done.code == 2, done.output
    assert done.states()["ims"] == "failed"


def test_slices_of_one_inventory_make_one_report(project: PlaybookProject, fleet: Fleet) -> None:
    """As with job slicing: each slice sees its own hosts and writes its own report."""
    fleet["ims"].change("snmp/contact", "another client")
    project.vars["lantime_golden_config"] = {"snmp": {"contact": "operations"}}
    for number, slice_ in enumerate((["ts706", "ts708"], ["ts710", "ims"])):
        done = project.run(
            "drift_check",
            "--limit",
            ",".join(slice_),
            basename=f"slice{number}",
            drift_check_report_basename=f"slice{number}",
        )
        assert done.code == 2 * number, done.output
        assert sorted(done.states()) == sorted(slice_)
        assert done.report is not None
        assert done.report["limit"] == ",".join(slice_)
