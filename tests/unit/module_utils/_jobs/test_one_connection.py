# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that accepts one connection at a time serves every module."""

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
    lantime_probe,
    lantime_record,
)
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

JOBS: dict[str, tuple[t.Any, dict[str, t.Any]]] = {
    "backup": (lantime_backup, {}),
    "changes": (lantime_changes, {"state": "committed", "force": True}),
    "command": (lantime_command, {"command": "write", "wait_for": [{"path": "system/uptime", "compare": "exists"}]}),
    "config": (lantime_config, {"config": {"snmp": {"contact": "noc"}}, "health_gate": "sync"}),
    "config_info": (lantime_config_info, {"path": "snmp"}),
    "drift": (lantime_drift, {"config": {"snmp": {"contact": "noc"}}, "fail_on": "never"}),
    "facts": (lantime_facts, {"gather_subset": ["all", "config"], "auth": "token"}),
    "health": (lantime_health, {"fail_on": "never"}),
    "module_info": (lantime_module_info, {"config": True}),
    "probe": (lantime_probe, {"writable_path": "notification/email/to", "anonymous": True, "probe_token": True}),
    "record": (lantime_record, {"auth": "token"}),
}


@pytest.fixture(scope="module")
def fleet() -> t.Iterator[SharedFleet]:
    spec = DeviceSpec("ts1", "m600-7.10", autosave=False, duration="instant", max_connections=1)
    with SharedFleet([spec], freeze=True) as started:
        yield started


@pytest.mark.parametrize("name", JOBS)
def test_one_connection_at_a_time_suffices(name: str, fleet: SharedFleet, tmp_path: Path) -> None:
    device = fleet.reset()["ts1"]
    module, options = JOBS[name]
    files: dict[str, dict[str, t.Any]] = {
        "backup": {"path": str(tmp_path / "backup.json")},
        "config": {"journal_path": str(tmp_path)},
        "record": {"dest": str(tmp_path / "recording.json")},
    }
    outcome = run_in_process(device, module, **options, **files.get(name, {}))
    assert outcome.code is None, outcome.result
    assert not outcome.result.get("unreachable"), outcome.result
    assert device.ledger.max_in_flight == 1
    for finding in outcome.result.get("findings", []):
        assert finding["key"] != "anonymous" or finding["value"] == "no", finding
