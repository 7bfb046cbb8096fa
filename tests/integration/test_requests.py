# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of each task, as the device counts them: none without need, none twice."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_changes,
    lantime_command,
    lantime_config,
    lantime_config_info,
    lantime_drift,
    lantime_facts,
    lantime_health,
    lantime_module_info,
)
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

STRATUM = {"ntp": {"local-clock": {"stratum": 3}}}
SERVERS = "ntp/external-servers"

Run = t.Callable[..., dict[str, t.Any]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a job in this process, without anything that an earlier task has learned about the device."""

    def run_module(module: t.Any, device: t.Any, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
        if "journal_path" in module.SPEC.options:
            options.setdefault("journal_path", str(tmp_path / "journals"))
        device.ledger.clear()
        result = run_in_process(device, module, user="root", check=check, **options).result
        assert "error" not in result, result["msg"]
        return result

    return run_module


def requests_of(device: t.Any) -> list[str]:
    return [f"{e['method']} {e['path']}" + (f"?{e['query']}" if e["query"] else "") for e in device.ledger]


def repeated(device: t.Any) -> list[str]:
    """The GETs that the device answered before, without a write in between."""
    seen: set[str] = set()
    repeats = []
    for entry, request in zip(device.ledger, requests_of(device)):
        if entry["write"]:
            seen.clear()
        elif request in seen:
            repeats.append(request)
        else:
            seen.add(request)
    return repeats


READS: dict[str, tuple[t.Any, dict[str, t.Any], list[str]]] = {
    "facts": (lantime_facts, {}, ["GET /api/status"]),
    "facts with configuration": (
        lantime_facts,
        {"gather_subset": ["all", "config"]},
        ["GET /api/status", "GET /api/config"],
    ),
    "module_info": (lantime_module_info, {}, ["GET /api/status"]),
    "module_info with configuration": (lantime_module_info, {"config": True}, ["GET /api/status", "GET /api/config"]),
    "config_info": (lantime_config_info, {"path": "ntp/local-clock"}, ["GET /api/config/ntp/local-clock"]),
    "config_info of a status": (lantime_config_info, {"path": "ntp", "tree": "status"}, ["GET /api/status/ntp"]),
    "health": (lantime_health, {"fail_on": "never"}, ["GET /api/status"]),
    "drift": (
        lantime_drift,
        {"config": {"ntp": {"local-clock": {"stratum": 12}}, "snmp": {}}},
        ["GET /api/status", "GET /api/config/ntp", "GET /api/config/snmp"],
    ),
    "drift without facts": (
        lantime_drift,
        {"config": {"ntp": {"local-clock": {"stratum": 12}}}, "gather_subset": []},
        ["GET /api/config/ntp"],
    ),
    "health with facts": (lantime_health, {"fail_on": "never", "gather_subset": ["all"]}, ["GET /api/status"]),
    "config without a change": (
        lantime_config,
        {"config": {"ntp": {"local-clock": {"stratum": 12}}, "snmp": {}}},
        ["GET /api/config/ntp", "GET /api/config/snmp"],
    ),
    "changes": (
        lantime_changes,
        {},
        ["GET /api/config/system/activate-changes-as-startup", "GET /api/status/rest-api", "PUT /api/diff"],
    ),
}


@pytest.mark.parametrize("case", READS)
def test_requests_of_tasks_that_change_nothing(fleet: Fleet, run: Run, case: str) -> None:
    module, options, expected = READS[case]
    run(module, fleet["ts710"], **options)
    assert requests_of(fleet["ts710"]) == expected


def test_one_change_on_a_device_of_which_nothing_is_known(fleet: Fleet, run: Run) -> None:
    device = fleet["ts710"]
    assert run(lantime_config, device, config=STRATUM)["saved"] is True
    assert requests_of(device) == [
        "GET /api/config/ntp",
        "GET /api/config/ntp",  # no other client has changed it meanwhile
        "PUT /api/config/ntp/local-clock/stratum",
        "GET /api/config/ntp",
        "PUT /api/write",
        "GET /api/config/ntp",
    ]
    assert device.ledger.handshakes == 2


def test_one_change_in_check_mode(fleet: Fleet, run: Run) -> None:
    device = fleet["ts710"]
    assert run(lantime_config, device, check=True, config=STRATUM)["changed"] is True
    assert requests_of(device) == ["GET /api/config/ntp"]


def test_another_root_takes_two_more_requests(fleet: Fleet, run: Run) -> None:
    device = fleet["ts710"]
    device.set_dialect(config_root="settings")
    run(lantime_config, device, check=True, config={**STRATUM, "snmp": {"contact": "noc"}})
    found = ["GET /api/config/ntp", "GET /api/", "GET /api/settings/ntp", "GET /api/settings/snmp"]
    assert requests_of(device) == found


DIALECTS: dict[str, dict[str, str]] = {
    "default": {},
    "menus as a whole": {"set_target": "menu", "menu_put": "refuse-incomplete"},
    "menus replaced": {"set_target": "menu", "menu_put": "replace"},
    "commands": {"list_add": "command", "list_remove": "command", "set_target": "command"},
    "whole tables": {"list_add": "put-list", "list_remove": "put-list"},
    "new items by POST": {"list_add": "post-list"},
    "fixed slots": {"list_add": "fixed-slots", "list_remove": "fixed-slots"},
    "enums as numbers": {"enum_input": "integer"},
}


@pytest.mark.parametrize("state", ["merged", "overridden", "deleted"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_change_reads_no_node_twice(fleet: Fleet, run: Run, dialect: str, state: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(**DIALECTS[dialect])
    device.change(f"{SERVERS}/1", {"address": "192.0.2.1", "minpoll": 5})
    servers: dict[str, t.Any] = {"2": {"address": "192.0.2.2"}} if state != "deleted" else {"1": {}}
    config: dict[str, t.Any] = {"ntp": {"external-servers": servers}}
    if state != "deleted":
        config["ntp"]["local-clock"] = {"stratum": 3}
        config["notification"] = {"syslog": {"servers": "192.0.2.77"}}
    missing = "create" if dialect != "fixed slots" else "fail"
    result = run(lantime_config, device, config=config, state=state, missing=missing, dialect=DIALECTS[dialect])
    assert result["changed"] is True
    # Each section is read once more before the first write, to detect changes by other clients.
    raw = "?raw" if dialect == "enums as numbers" else ""
    assert repeated(device) == [f"GET /api/config/{name}{raw}" for name in config]


def test_other_writing_tasks_read_no_node_twice(fleet: Fleet, run: Run, tmp_path: Path) -> None:
    device = fleet["ts710"]
    contact = {"config": {"snmp": {"contact": "noc"}}}
    sections = ["GET /api/config/snmp"]
    run(lantime_config, device, **contact, backup=True, backup_options={"dir_path": str(tmp_path)}, health_gate="sync")
    assert repeated(device) == sections
    run(lantime_config, device, **contact, save="always")
    assert repeated(device) == []
    run(lantime_backup, device, path=str(tmp_path / "saved.json"))
    assert requests_of(device) == ["GET /api/config"]
    device.change("snmp/contact", "another client")
    restored = run(lantime_backup, device, state="restored", path=str(tmp_path / "saved.json"))
    assert restored["changed"] is True
    assert repeated(device) == []
    assert requests_of(device)[0] == "GET /api/config"
    for state in ("committed", "rolled_back"):
        device.change("snmp/contact", f"to be {state}")
        assert run(lantime_changes, device, state=state)["changed"] is True
        assert repeated(device) == []
    run(lantime_command, device, command="write", changed_when="pending")
    assert repeated(device) == []
