# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twelve devices, each with another outcome in the playbooks of the collection, and what a report says about each."""

from __future__ import annotations

import datetime
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, new_record
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject, PlaybookRun

Tree = dict[str, t.Any]

# In the order of the inventory, which is that of the rings.
OUTCOMES = (
    "clean",
    "drifted",
    "accepted",
    "expired",
    "unhealthy",
    "dead",
    "refusing",
    "misspelled",
    "no-golden",
    "not-compared",
    "interrupted",
    "secret",
)
GOLDEN = {"ntp": {"trust-time": 4711}, "snmp": {"contact": "time@example.com"}}
_PROFILES = ("m600-7.10", "m300-7.06")


def outcome_profiles() -> dict[str, str]:
    """The profile of each device, of two generations in turn."""
    return {name: _PROFILES[number % 2] for number, name in enumerate(OUTCOMES)}


def outcome_project(directory: Path, fleet: SharedFleet) -> PlaybookProject:
    """A project in which each device has the outcome that its name says."""
    project = PlaybookProject(directory, fleet)
    project.use_admin(fleet)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    day = datetime.timedelta(days=1)
    project.vars = {
        "lantime_golden_config": GOLDEN,
        "lantime_golden_overlays": {
            "misspelled": {"ntp": {"trust-tyme": 1}},
            "not-compared": {"nosuch": {"setting": 1}},
            "secret": {
                "notification": {"snmp": {"trap-receivers": {"1": {"address": "192.0.2.9", "community": "new"}}}}
            },
        },
        "drift_check_accepted": [
            {"path": "snmp/contact", "host": "accepted", "until": str(today + day), "reason": "a trial"},
            {"path": "snmp/contact", "host": "expired", "until": str(today - day), "reason": "was a trial"},
        ],
    }
    for device in fleet:
        device.change("ntp/trust-time", 4711)
        device.change("snmp/contact", "time@example.com")
    for name in ("drifted", "accepted", "expired"):
        fleet[name].change("snmp/contact", "changed by hand")
    for role in ("health_check", "fleet_config"):
        project.hosts["unhealthy"][f"{role}_expected"] = {"power_supplies": 9}
    project.make_unreachable("dead")
    project.hosts["refusing"]["lantime_password"] = "wrong"
    for role in ("drift_check", "fleet_config"):
        project.hosts["no-golden"][f"{role}_config"] = {}
        project.hosts["not-compared"][f"{role}_missing"] = "ignore"
    leave_journal(directory / ".ansible" / "lantime", fleet["interrupted"])
    return project


def leave_journal(place: Path, device: t.Any) -> Path:
    """A journal as a run leaves it that died after it changed the first of two settings; its path."""
    journal = Journal(str(place), device.model, device.serial.strip())
    journal.lock()
    changes = (
        Change("set", ("ntp",), {"trust-time": 1}, {"trust-time": 4711}),
        Change("set", ("snmp",), {"contact": device.running()["snmp"]["contact"]}, {"contact": "new"}),
    )
    journal.write(new_record({"model": device.model}, ("config",), Plan(changes), ["ntp", "snmp"]))
    journal.mark(0, "succeeded")
    journal.mark(1, "processing")
    journal.release()
    return journal.path


def summarize(run: PlaybookRun) -> dict[str, str]:
    """What the run says about each host, in one line each: final status, state in the report, and why."""
    assert run.report is not None, run.output
    return {
        entry["host"]: " ".join((run.final.get(entry["host"], "not run"), *_summarize_entry(entry)))
        for entry in run.report["hosts"]
    }


def _summarize_entry(entry: Tree) -> t.Iterator[str]:
    yield f"/ {entry['state']}"
    if entry["error"]:
        yield f"({entry['error']['code'] or entry['error']['message'][:60]})"
    if entry["time"]:
        yield "facts"
    health, drift = entry["health"], entry["drift"]
    if health:
        alarms = [check["name"] for check in health["checks"] if check["state"] in ("error", "critical")]
        yield " ".join(["healthy" if health["healthy"] else "unhealthy", *alarms])
    if drift:
        for each in drift["differences"]:
            kind = "accepted " if each["accepted"] else "expired " if each["expired"] else ""
            yield f"{kind}{each['op']} {each['path']}"
        for each in drift["not_compared"]:
            yield f"without {each['path']}"
