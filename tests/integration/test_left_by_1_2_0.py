# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup, an inventory cache, a state file of the event source and a report that version 1.2.0 wrote.

See tests/left_by_1_2_0/README.md; journals and fingerprints are tested in tests/reliability.
"""

from __future__ import annotations

import json
import shutil
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller
from ansible_collections.meinberg.lantime.tests.integration.event_queue import (
    EventQueue,
    run_async,
    set_event,
    source_arguments,
    time_at,
)
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.paths import ROOT
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

FILES = ROOT / "tests" / "left_by_1_2_0"


def test_a_backup_is_restored(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    device = fleet["ts710"]
    # The value of the simulated device at the time of the backup.
    device.change("ntp/trust-time", 0)
    former = device.running()
    device.change("ntp/local-clock/stratum", 3)
    device.change("snmp/contact", "changed since the backup")
    task = {
        "meinberg.lantime.lantime_backup": {
            "state": "restored",
            "path": str(FILES / "backup" / "ts710.json"),
            "journal_path": str(tmp_path / "journal"),
        }
    }
    run = controller.play(task, "ts710")
    assert run.code == 0, run.output
    assert (run.only["changed"], run.only["saved"]) == (True, True)
    assert device.running() == device.startup() == former
    again = controller.play(task, "ts710")
    assert again.only["changed"] is False


@pytest.mark.parametrize("in_date", [True, False])
def test_an_inventory_cache_is_read_or_replaced(fleet: Fleet, tmp_path: Path, in_date: bool) -> None:
    names = ("ts706", "ts710")
    workspace = Workspace(tmp_path, fleet["ts710"].ca)
    config: dict[str, t.Any] = {
        "hosts": host_entries(fleet[name] for name in names),
        "username": "info",
        "password": fleet["ts710"].users["info"],
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": "cache",
    }
    expected = workspace.listing(**config)
    assert expected.code == 0, expected.messages
    (file,) = (tmp_path / "cache").iterdir()
    written = json.loads(file.read_text("utf-8"))
    stored = json.loads((FILES / "inventory" / "cache.json").read_text("utf-8"))
    devices = {f"{fleet[name].host}|{fleet[name].port}": stored["devices"][f"127.0.0.1|{name}"] for name in names}
    if in_date:
        now = dict.fromkeys(("identity_time", "state_time", "asked"), time.time())
        devices = {key: {**entry, **now} for key, entry in devices.items()}
    document = {**stored, "devices": devices}
    file.write_text(
        json.dumps({"__payload__": json.dumps(document)} if "__payload__" in written else document), encoding="utf-8"
    )
    for name in names:
        fleet[name].ledger.clear()
    listing = workspace.run()
    assert listing.code == 0, listing.messages
    assert sum(len(fleet[name].ledger) for name in names) == (0 if in_date else len(names))
    for name in names:
        shown, wanted = listing.hosts[name], expected.hosts[name]
        assert shown["lantime_serial_number"] == wanted["lantime_serial_number"] == fleet[name].serial.strip()
        assert shown["lantime_status"] == wanted["lantime_status"] == "ok"
        groups = expected.groups_of(name)
        # A cache of that release holds no modules.
        assert listing.groups_of(name) == ({g for g in groups if "_module_" not in g} if in_date else groups)


def test_the_state_of_the_event_source_is_read(fleet: Fleet, tmp_path: Path) -> None:
    """What was reported as raised before the restart is reported as cleared after it, and nothing is reported twice."""
    state = Path(shutil.copy(FILES / "events" / "state.json", tmp_path / "state.json"))

    async def story() -> None:
        set_event(fleet, "ts710", "antenna-faulty", 0, 1)
        wanted = {"include": ["antenna-faulty"]}
        async with EventQueue(source_arguments(fleet, "ts710", state_path=str(state), events=wanted)) as rules:
            cleared = await rules.next()
            assert (cleared["kind"], cleared["event"], cleared["host"]) == ("event_cleared", "antenna-faulty", "ts710")
            set_event(fleet, "ts710", "antenna-faulty", 1, 9)
            assert await rules.kinds(1) == [("event_raised", "antenna-faulty")]

    run_async(story())
    kept = json.loads(state.read_text("utf-8"))
    assert kept["devices"]["ts710"]["events"]["antenna-faulty"][:2] == [True, time_at(9)]


def known_members(value: t.Any, known: t.Any) -> t.Any:
    """A value without the members that are empty and not known."""
    if isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
        return [known_members(*pair) for pair in zip(value, known)]
    if isinstance(value, dict) and isinstance(known, dict):
        return {n: known_members(v, known.get(n)) for n, v in value.items() if n in known or v not in (None, [], {})}
    return value


def test_a_report_is_a_source_of_a_report(controller: Controller, tmp_path: Path) -> None:
    source = FILES / "report" / "report.json"
    former = json.loads(source.read_text("utf-8"))
    assert former["checks"] == ["facts"]
    # Release 1.2.0 called devices clean whose configuration was not compared, and counted what it had not checked as 0.
    for entry in former["hosts"]:
        entry["state"] = entry["state"].replace("clean", "checked")
    former["summary"] |= {"clean": None, "checked": former["summary"]["clean"], "drift": None, "unhealthy": None}
    task = {"meinberg.lantime.lantime_report": {"inputs": [str(source)], "dest": str(tmp_path / "reports")}}
    run = controller.play({**task, "run_once": True}, "ts710")
    assert run.code == 0, run.output
    assert run.only["states"] == {entry["host"]: entry["state"] for entry in former["hosts"]}
    assert run.only["summary"] == former["summary"]
    written = json.loads((tmp_path / "reports" / "report.json").read_text("utf-8"))
    assert known_members(written["hosts"], former["hosts"]) == former["hosts"]
