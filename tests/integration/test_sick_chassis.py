# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An M3000 with all modules in trouble at once, and modules that differ from a baseline, through the playbook health_check."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_health, lantime_module_info
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject, PlaybookRun

Tree = dict[str, t.Any]
ALARMS = ("warning", "error", "critical")
# FDM, ESI, LNO, BPE, CPE, LIU, LSG, VSI, SCG, VSG, MRI, PIO, REL, RSC and Synchronous Ethernet of HPS and PSX.
CARDS = ("rsc1", "mri1", "esi1", *(f"io{number}" for number in range(1, 14)))
CLOCKS = ("clk1", "clk2")


@pytest.fixture(scope="module")
def chassis() -> t.Iterator[SharedFleet]:
    with frozen_fleet(dict.fromkeys(("same", "changed", "filed", "sick"), "m3000-7.10")) as fleet:
        yield fleet


def findings(result: Tree) -> list[Tree]:
    return [{**finding, "check": check["name"]} for check in result["checks"] for finding in check["findings"]]


def test_every_trouble_is_found_by_slot_and_a_healthy_chassis_has_none(chassis: SharedFleet) -> None:
    device = chassis.reset()["sick"]
    options: Tree = {"thresholds": {"assumed_severity": "full"}, "fail_on": "never", "user": "info"}
    healthy = run_in_process(device, lantime_health, **options).result
    assert [finding for finding in findings(healthy) if finding["slot"]] == []
    device.raise_incident("module-fault", slot=",".join((*CARDS, *CLOCKS)))
    device.raise_incident("ptp-fault", slot="io1")
    device.raise_incident("syncmon-alert", node="node2", fault="unreachable")
    sick = run_in_process(device, lantime_health, **options).result
    alarms = [finding for finding in findings(sick) if finding["state"] in ALARMS]
    # The sockets of the BPE are silent because the switch card has stopped.
    assert {finding["slot"] for finding in alarms} == {*CARDS, *CLOCKS, None} - {"io3"}
    assert {finding["slot"] for finding in findings(sick)} == {*CARDS, *CLOCKS, None}
    assert {finding["check"] for finding in alarms if finding["slot"] is None} == {"syncmon"}
    assert all(finding["family"] and finding["certainty"] for finding in findings(sick) if finding["slot"])
    for finding in findings(sick):
        assert (finding["slot"] or "node2") in finding["message"] or finding["object"] is None
    capped = run_in_process(device, lantime_health, fail_on="never", user="info").result
    assert sorted((each["slot"] or "", each["check"]) for each in findings(capped)) == sorted(
        (each["slot"] or "", each["check"]) for each in findings(sick)
    )
    assert {each["state"] for each in findings(capped) if each["certainty"] == "ASSUMPTION"} <= {"info", "warning"}


def test_differences_from_a_baseline_through_the_playbook(chassis: SharedFleet, tmp_path: Path) -> None:
    """One play: a baseline from a variable and from a file, modules pulled, exchanged, moved and added."""
    chassis.reset()
    project = PlaybookProject(tmp_path, chassis)
    for device in chassis:
        baseline = run_in_process(device, lantime_module_info, user="info").result
        path = tmp_path / f"{device.name}.json"
        path.write_text(json.dumps(baseline), encoding="utf-8")
        project.hosts[device.name]["health_check_baseline"] = baseline if device.name == "changed" else str(path)
    for name in ("changed", "filed"):
        chassis[name].raise_incident("module-loss", slot="io5")
    chassis["changed"].raise_incident("module-exchange", slot="io6")
    chassis["changed"].raise_incident("module-move", slot="io13", to="io14")
    chassis["filed"].raise_incident("module-exchange", slot="io6", model="cpe182")
    chassis["filed"].raise_incident("module-added", slot="io14", model="vsi180")
    chassis["sick"].raise_incident("module-fault", slot=",".join(CARDS))
    chassis["sick"].change("chassis0/slots/clk2/module/gnss/simulation-mode", True)
    for name in ("same", "sick"):
        project.hosts[name]["health_check_config"] = True
    options = {"health_check_fail_on": "warning", "health_check_skip": ["certificate_self_signed"]}
    done = project.run("health_check", basename="health", health_check_facts=False, **options)
    assert done.code == 2, done.output
    assert done.final == {"same": "ok", "changed": "failed", "filed": "failed", "sick": "failed"}
    assert told(done, "same") == {}
    assert told(done, "changed") == {
        "modules": "The expected module FDM fdm182 is missing in io5.",
        "module_identity": "The module VSG vsg181 of io13 is now in io14; also the module in io6 was exchanged for one with the "
        "serial number 000003112441, the module in io6 has the revision v1.02, older than v1.08.",
    }
    assert told(done, "filed") == {
        "modules": "The expected module FDM fdm182 is missing in io5.",
        "module_identity": "io6 has the module CPE cpe182 instead of LIU liu; also io14 has a module VSI vsi180 that the baseline "
        "does not have.",
    }
    sick = " ".join(told(done, "sick").values())
    simulated = "The receiver in clk2 simulates its satellites, so its time is not real."
    assert told(done, "sick")["simulation_mode"] == simulated
    assert [slot for slot in CARDS if slot not in sick] == [], sick
    requests = {device.name: (device.ledger.gets, device.ledger.writes) for device in chassis}
    assert requests == {"same": (3, 0), "changed": (2, 0), "filed": (2, 0), "sick": (3, 0)}


def told(done: PlaybookRun, host: str) -> dict[str, str]:
    """The messages of the checks that alarm in the report."""
    return {
        check["name"]: check["message"] for check in done.host(host)["health"]["checks"] if check["state"] in ALARMS
    }
