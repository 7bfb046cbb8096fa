# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value in an unknown form is no absent value: its text is a fact, and its meaning is unknown."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.module_info import describe_modules
from ansible_collections.meinberg.lantime.plugins.module_utils._status.facts import ALL_SUBSETS, gather_facts
from ansible_collections.meinberg.lantime.plugins.module_utils._status.platform import find_undated_events
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import variables
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import wording
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE, change, envelope


def facts_with(path: str, value: object, profile: str = "m600-7.10") -> dict[str, t.Any]:
    tree = envelope(profile)
    change(tree, path, value)
    return gather_facts(tree, ALL_SUBSETS)


def at(facts: t.Any, path: str) -> t.Any:
    for name in path.split("/"):
        facts = facts[int(name)] if isinstance(facts, list) else facts[name]
    return facts


@pytest.mark.parametrize(
    ("path", "value", "place", "name"),
    [
        ("/changes/pending-changes", "a few", "min", "pending_changes"),
        ("syncmon/last-updated", "just now", "syncmon", "last_updated"),
        ("system/uptime", "soon", "system", "uptime_seconds"),
        ("system/uptime", -5, "system", "uptime_seconds"),
        ("system/memory", "plenty", "system", "memory"),
        ("system/cpuload", "busy", "system", "cpu_load"),
        ("system/api-last-update", "11/02/2026", "system", "status_updated"),
        (
            "notification/events/ntp-not-sync/last-triggered",
            "02/11/2026",
            "notification/events/ntp-not-sync",
            "last_triggered",
        ),
        ("notification/events/ntp-not-sync/triggered", "maybe", "notification/events/ntp-not-sync", "triggered"),
        ("system/firmware/update/last-update-started", "yesterday", "firmware/update_status", "last_started"),
        ("network/ports/lan0/speed", "fast", "network/ports/lan0", "speed_mbps"),
        ("network/ports/lan0/link", "up", "network/ports/lan0", "link"),
        ("network/ports/lan0/port-available", "perhaps", "network/ports/lan0", "available"),
        ("ntp/sys/stratum", "one", "ntp/system", "stratum"),
        ("ntp/ref_1/offset", "5 us", "ntp/peers/0", "offset_seconds"),
        ("system/storage/dev_sda5/used-percent", "nearly full", "storage//mnt/flash", "used_percent"),
        ("chassis0/slots/clk1/module/satellites/good-satellites", "9 of 14", "receiver/0/satellites", "good"),
    ],
)
def test_the_text_is_kept(path: str, value: object, place: str, name: str) -> None:
    facts = facts_with(path, value)["ansible_lantime"]
    steps = place.split("//")
    node = at(facts, steps[0]) if len(steps) == 1 else facts["storage"][f"/{steps[1]}"]
    assert node["unparsed"] == {name: str(value)}
    known = node[name] if name not in ("memory", "cpu_load") else next(iter(node[name].values()))
    assert known is None


@pytest.mark.parametrize("profile", ["m300-7.06", "m600-7.10", "m3000-7.10"])
def test_known_forms_and_spellings_of_nothing_leave_no_text(profile: str) -> None:
    assert "unparsed" not in repr(gather_facts(envelope(profile), ALL_SUBSETS))
    for value in ("", "N/A", "never", "none", None):
        assert "unparsed" not in repr(facts_with("notification/events/ntp-not-sync/last-triggered", value, profile))


@pytest.mark.parametrize(
    ("last", "undated"),
    [
        ("never", False),
        ("Never ", False),
        ("2026-02-11T22:00:00", False),
        ("11.02.2026 22:00:00", False),
        (GONE, True),
        ("", True),
        ("02/11/2026", True),
    ],
)
def test_only_never_means_never(last: object, undated: bool) -> None:
    tree = envelope()
    change(tree, "notification/events/ntp-not-sync/last-triggered", last)
    assert find_undated_events(tree) == ({"ntp-not-sync"} if undated else set())


@pytest.mark.parametrize("value", [GONE, {}, {"clock": "unknown"}, None])
def test_a_clock_that_reports_no_state_is_neither_synchronized_nor_not(value: object) -> None:
    facts = facts_with("system/sync-status/clock-status", value)["ansible_lantime"]
    assert (facts["sync"]["state"], facts["sync"]["synchronized"]) == (None, None)
    tree = envelope()
    change(tree, "system/sync-status/clock-status", value)
    identity, state = variables.describe_device(tree)
    assert state["synchronized"] is None
    assert variables.group_names(identity, state, "lantime_", ["sync"]) == []
    assert wording.get_clock_state({"state": None, "synchronized": facts["sync"]["synchronized"]}) == "unknown"


@pytest.mark.parametrize(
    ("token", "expected"), [("synchronized", True), ("holdover", False), ("not-synchronized", False)]
)
def test_a_clock_that_reports_its_state(token: str, expected: bool) -> None:
    facts = facts_with("system/sync-status/clock-status/clock", token)["ansible_lantime"]
    assert facts["sync"]["synchronized"] is expected


@pytest.mark.parametrize("wrapped", [False, True])
def test_storage_as_an_object(wrapped: bool) -> None:
    tree = envelope()
    mounts = {item.pop("object-id"): item for item in tree["data"]["system"]["storage"]}
    tree["data"]["system"]["storage"] = (
        mounts if not wrapped else [{"object-id": name, **m} for name, m in mounts.items()]
    )
    storage = gather_facts(tree, ALL_SUBSETS)["ansible_lantime"]["storage"]
    assert (storage["/"]["device"], storage["/mnt/flash"]["device"]) == ("rootfs", "dev_sda5")
    assert storage["/dev/shm"]["device"] is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"addresstype": "IPv6", "address": "2001:db8::1/64"}, ("ipv6", "2001:db8::1", 64)),
        ({"addresstype": "ipv6", "address": "2001:db8::1", "subnet": "/64"}, ("ipv6", "2001:db8::1", 64)),
        ({"address": "2001:db8::1", "subnet": "2001:db8::1/48"}, ("ipv6", "2001:db8::1", 48)),
        ({"addresstype": "INET6", "address": "2001:db8::1", "subnet": "ffff:ffff::"}, ("ipv6", "2001:db8::1", 32)),
        ({"addresstype": "IPV4", "address": "192.0.2.1/25"}, ("ipv4", "192.0.2.1", 25)),
    ],
)
def test_addresses(address: dict[str, t.Any], expected: tuple[str, str, int]) -> None:
    facts = facts_with("network/interfaces/vif0/addresses", [{"object-id": "a", **address}])
    read = facts["ansible_lantime"]["network"]["interfaces"]["vif0"]["addresses"][0]
    assert (read["family"], read["address"], read["prefix_length"]) == expected
    family, plain, length = expected
    assert facts[f"ansible_net_all_{family}_addresses"] == [plain]
    entry = facts["ansible_net_interfaces"]["lan0"][family]
    assert entry == [{"address": plain, "subnet": str(length), "masklen": length}]


def test_a_sensor_in_an_unknown_form_is_in_the_module() -> None:
    tree = envelope()
    change(tree, "chassis0/slots/cpu/module/info/sensors", {"temperature-1": "hot", "temperature-2": 41.5})
    module = next(entry for entry in describe_modules(tree) if entry["slot"] == "cpu")
    assert module["sensors"] == {
        "temperature_1_celsius": None,
        "temperature_2_celsius": 41.5,
        "unparsed": {"temperature_1_celsius": "hot"},
    }
