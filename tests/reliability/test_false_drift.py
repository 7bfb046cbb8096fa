# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No false drift: devices whose clocks, counters and satellites move, and equal configurations on all API generations."""

from __future__ import annotations

import datetime
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.comparison import DriftPolicy, compare_with_golden
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import mask_secrets
from ansible_collections.meinberg.lantime.plugins.plugin_utils._consensus.consensus import (
    ConsensusRules,
    compare_with_peers,
)
from ansible_collections.meinberg.lantime.tests.devices import host_variables
from ansible_collections.meinberg.lantime.tests.reliability.rig import run_config
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

GENERATIONS = ("m300-7.06", "m400-7.08", "m600-7.10", "m3000-7.10")
HOW: dict[str, t.Any] = {"missing": "create", "use_tls": False}
POLICY = DriftPolicy((), datetime.date(2026, 7, 1), ignore=("chassis0",))

GOLDEN: dict[str, t.Any] = {
    "network": {"nameserver1": "192.0.2.53", "interfaces": {"vif0": {"services": {"telnet": False}}}},
    "ntp": {
        "local-clock": {"stratum": 10, "disabled": False},
        "external-servers": {"1": {"address": "192.0.2.1", "minpoll": 6}},
        "trust-time": "86400",
    },
    "notification": {
        "syslog": {"servers": "192.0.2.14,192.0.2.15", "loglevel": "notice"},
        "events": {"leapsecond-announced": {"email": True}, "ntp-not-sync": {"email": True, "led": True}},
    },
    "snmp": {"contact": "time@example.com", "enabled-version": "v3-only"},
    "security": {"ssh": {"key-length": 4096, "shell-timeout": 600}},
}


@pytest.fixture(scope="module")
def moving() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec(f"ts{i}", p, autosave=False, tls=False) for i, p in enumerate(GENERATIONS)]) as fleet:
        yield fleet


def whole_tree(device: t.Any) -> t.Any:
    given = {k[len("lantime_") :]: v for k, v in host_variables(device, "info").items()}
    with Client(Settings(**given, use_tls=False)) as client:
        return mask_secrets(canonical(Device(client, make_dialect(None), None).config_node(())).value)


@pytest.mark.parametrize("rounds", [12, pytest.param(125, marks=pytest.mark.thorough)])
def test_many_reads_of_moving_devices_show_no_drift(moving: Fleet, tmp_path: Path, rounds: int) -> None:
    """Rounds of a check against the golden configuration on four devices, and as many of the peers among themselves."""
    for device in moving:
        done = run_config(device, GOLDEN, journal=tmp_path, **HOW)
        assert "error" not in done, done["error"]
        device.ledger.clear()
    kinds = {device.name: device.model for device in moving}
    seen = set()
    for number in range(rounds):
        trees = {}
        for device in moving:
            device.advance(37 * number)
            seen.add(str(device.status()["system"]["uptime"]))
            result = run_config(device, GOLDEN, journal=tmp_path, check=True, **HOW)
            drift = compare_with_golden(result, GOLDEN, device.name, POLICY)
            assert (drift["state"], drift["differences"]) == ("clean", []), (device.name, number)
            trees[device.name] = whole_tree(device)
        for name, drift in compare_with_peers(trees, kinds, ConsensusRules(POLICY)).items():
            assert (drift["state"], drift["differences"]) == ("clean", []), (name, number)
    assert len(seen) == len(GENERATIONS) * rounds
    assert sum(device.ledger.gets for device in moving) >= 8 * rounds
    assert sum(device.ledger.writes for device in moving) == 0


def test_one_changed_setting_is_reported(moving: Fleet, tmp_path: Path) -> None:
    """The comparison without drift above does detect drift."""
    for device in moving:
        snapshot = device.snapshot()
        device.change("ntp/trust-time", 7)
        result = run_config(device, GOLDEN, journal=tmp_path, check=True, **HOW)
        drift = compare_with_golden(result, GOLDEN, device.name, POLICY)
        trees = {other.name: whole_tree(other) for other in moving}
        among = compare_with_peers(trees, {}, ConsensusRules(POLICY))
        device.restore(snapshot)
        assert "ntp/trust-time" in [difference["path"] for difference in drift["differences"]]
        assert "ntp/trust-time" in [difference["path"] for difference in among[device.name]["differences"]]
