# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check reports what the answer says: what is missing or in an unknown form is unknown, and no explicit signal is dropped."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import BY_NAME, HEALTH_CHECKS
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import (
    GONE,
    Tree,
    change,
    checks_of,
    envelope,
)

UPDATE = "system/firmware/update"
REFUSED_TEXT = "the image is for another architecture"


def check_with(name: str, changes: t.Mapping[str, t.Any], profile: str = "m600-7.10", **expected: t.Any) -> Tree:
    tree = envelope(profile)
    for path, value in changes.items():
        change(tree, path, value)
    return checks_of(tree, expected=expected or None)[name]


def update(**members: t.Any) -> dict[str, t.Any]:
    return {f"{UPDATE}/{name.replace('_', '-')}": value for name, value in members.items()}


NEVER = {"last_update_started": "never", "last_update_ended": "never"}


@pytest.mark.parametrize(
    ("members", "state", "part"),
    [
        ({"last_update_successful": False, "last_update_error": REFUSED_TEXT, **NEVER}, "warning", REFUSED_TEXT),
        ({"last_update_successful": GONE, "last_update_error": REFUSED_TEXT, **NEVER}, "warning", REFUSED_TEXT),
        ({"last_update_successful": True, "last_update_error": REFUSED_TEXT}, "info", REFUSED_TEXT),
        ({"last_update_successful": False, "last_update_started": "never"}, "warning", "has failed"),
        (
            {"last_update_successful": False, "last_update_started": "02/11/2026", "last_update_ended": ""},
            "warning",
            "failed",
        ),
        ({"last_update_successful": False, **NEVER}, "unknown", "neither a date nor an error"),
        ({"last_update_successful": "perhaps"}, "unknown", "it reports perhaps"),
        ({"last_update_successful": GONE}, "unknown", "does not report the result"),
    ],
)
def test_an_update_that_failed(members: dict[str, t.Any], state: str, part: str) -> None:
    check = check_with("firmware_update", update(**members))
    assert check["state"] == state, check
    assert part in check["message"]


@pytest.mark.parametrize("profile", ["m600-7.10", "m300-7.06"])
def test_without_firmware_nothing_is_known_of_updates(profile: str) -> None:
    assert check_with("firmware_update", {"system/firmware": GONE}, profile)["state"] == "unknown"


@pytest.mark.parametrize("name", ["device-configuration-changed", "faillock-user-banned"])
@pytest.mark.parametrize(
    ("last", "state"),
    [
        ("never", "ok"),
        ("2020-01-01T00:00:00", "ok"),
        ("01.01.2020 00:00:00", "ok"),
        ("Wed Jan  1 00:00:00 2020", "ok"),
        ("1577836800", "ok"),
        ("04.05.2026 02:00:00", "info"),
        ("1777860000", "info"),
        ("01/02/2020", "unknown"),
        ("last week", "unknown"),
        (GONE, "unknown"),
        ("", "unknown"),
    ],
)
def test_an_event_whose_date_is_unknown(name: str, last: object, state: str) -> None:
    check_name = {"device-configuration-changed": "configuration_changed", "faillock-user-banned": "users_banned"}[name]
    changes = {f"notification/events/{name}/triggered": 0, f"notification/events/{name}/last-triggered": last}
    check = check_with(check_name, changes)
    assert check["state"] == state, check
    if last == "last week":
        assert "last week" in check["message"]


@pytest.mark.parametrize(
    ("name", "changes", "part"),
    [
        ("recent_reboot", {"system/uptime": "soon"}, "it reports soon"),
        ("recent_reboot", {"system/uptime": -5}, "it reports -5"),
        ("memory", {"system/memory": "plenty"}, "it reports plenty"),
        ("cpu_load", {"system/cpuload": "busy"}, "it reports busy"),
        ("storage", {"system/storage/dev_sda5/used-percent": "nearly full"}, "nearly full"),
        ("temperature", {"chassis0/slots/cpu/module/info/sensors/temperature-1": "hot"}, "it reports hot"),
        ("oscillator_warmed_up", {"system/sync-status/clock-status/oscillator": "lukewarm"}, "lukewarm"),
        ("network_ports", {"network/ports/lan1/link": GONE}, "lan1"),
        ("network_ports", {"network/ports/lan1/link": "up"}, "lan1"),
        ("ntp_reachability", {"ntp/ref_1/status-peer-reach-ok": "perhaps"}, "it reports perhaps"),
        ("ntp_authentication", {"ntp/ref_1/status-peer-auth-enabled": GONE}, "127.127.8.0"),
        ("ntp_authentication", {"ntp": GONE}, "peers of NTP"),
        (
            "notification_events",
            {"notification/events/new": {"type": "error", "triggered": "maybe"}},
            "it reports maybe",
        ),
        ("satellites", {"chassis0/slots/clk1/module/satellites": GONE}, "clk1"),
        ("satellites", {"chassis0/slots/clk1/module/satellites/good-satellites": "9 of 14"}, "it reports 9 of 14"),
        ("pending_changes", {"/changes/pending-changes": "a few"}, "it reports a few"),
        ("services_legacy", {"services/network/telnet": GONE, "services/network/http/running": False}, "telnet"),
        ("syncmon", {"syncmon": GONE}, "SyncMon"),
        ("cluster", {"network/interfaces/vif0/cluster/ipv4/enabled": "perhaps"}, "cluster"),
        ("leap_agreement", {"ntp/sys/leap": GONE}, "NTP does not report"),
        ("leap_agreement", {"system/sync-status/leapsecond-announced": GONE}, "the clock does not report"),
    ],
)
def test_unknown_is_not_ok(name: str, changes: dict[str, t.Any], part: str) -> None:
    check = check_with(name, changes)
    assert check["state"] == "unknown", check
    assert part.lower() in check["message"].lower()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("modules", {"modules": ["clk1"]}),
        ("receiver", {"receivers": ["clk1"]}),
        ("power_supplies", {"power_supplies": 2}),
        ("network_ports", {"ports": ["lan0"]}),
    ],
)
def test_an_expected_part_is_not_missing_where_nothing_is_reported(name: str, expected: dict[str, t.Any]) -> None:
    check = check_with(name, {"chassis0": GONE, "network": GONE}, **expected)
    assert check["state"] == "unknown", check


def test_supplies_are_missing_where_only_other_slots_are_reported() -> None:
    changes = {f"chassis0/slots/{name}": GONE for name in ("pwr1", "pwr2")}
    assert check_with("power_supplies", changes)["state"] == "unknown"
    assert check_with("power_supplies", changes, power_supplies=2)["state"] == "critical"


def test_one_clock_without_a_state_is_not_synchronized() -> None:
    path = "chassis0/slots/clk2/module/sync-status/clock-status/clock"
    check = check_with("reference_clock_synchronized", {path: GONE}, "m3000-7.10")
    assert (check["state"], check["subject"]) == ("unknown", "clk2")


@pytest.mark.parametrize(("profile", "bays"), [("m600-7.10", True), ("m3000-7.10", False)])
def test_a_bay_without_power_may_have_a_dead_supply(profile: str, bays: bool) -> None:
    check = check_with("power_supplies", {}, profile)
    assert (check["state"], BY_NAME["power_supplies"].confidence) == ("ok", "INFERRED")
    assert ("expected.power_supplies" in check["message"]) is bays
    check = check_with("power_supplies", {}, profile, power_supplies=2)
    assert check["state"] == ("critical" if bays else "ok")
    assert "expected.power_supplies" not in check["message"]


@pytest.mark.parametrize(("limit", "state"), [(0, "ok"), (0.0, "ok"), (None, "ok"), (0.002, "ok"), (0.0001, "warning")])
def test_an_offset_limit_of_zero_is_no_limit(limit: float | None, state: str) -> None:
    changes = {"syncmon/nodes/node1/offset": 0.001, "syncmon/nodes/node1/offset-limit": limit}
    assert check_with("syncmon", changes, "m3000-7.10")["state"] == state


# Certainty other than CONFIRMED, with what no recording and no page of the vendor shows.
NOT_CONFIRMED = {
    "holdover": "a device in holdover, and the unit of time-elapsed",
    "external_holdover": "a shelf",
    "receiver": "the meaning of syncd, and blocks other than grc and dcf77",
    "reference_clock_responding": "a second clock",
    "reference_clock_synchronized": "a second clock",
    "leap_second_announced": "the meaning of ls-ann",
    "leap_agreement": "an announced leap second",
    "tai_offset": "a PTP instance",
    "ntp_offset": "the unit of offset",
    "ntp_falseticker": "a second peer",
    "ntp_authentication": "a peer with authentication",
    "ptp_ports": "a PTP instance",
    "cluster": "a cluster that is on",
    "syncteam": "a SyncTeam that is on",
    "syncmon": "a monitored node",
    "power_supplies": "a supply without power: an empty bay has the same members",
    "fans": "a fan",
    "status_age": "what api-last-update means",
    "alarm_led": "an alarm LED that is lit",
    "reference_sources": "the state of a reference",
    "receiver_mode": "a receiver that is searching",
    "long_wave": "a recorded answer of a long-wave clock with all members",
    "time_code": "a time code receiver",
    "redundant_clocks": "two clocks",
    "sync_e": "Synchronous Ethernet",
    "module_inputs": "an input module",
    "module_outputs": "an output module",
    "module_oscillators": "an output module with an oscillator",
    "mains": "a mains monitor",
    "relays": "a relay module",
    "clock_switch": "a switch card",
    "ptp_grandmaster": "a PTP instance",
    "simulation_mode": "the configuration of a receiver",
    "module_settings": "the configuration of modules",
}


def test_certainty() -> None:
    assert {check.name for check in HEALTH_CHECKS if check.confidence != "CONFIRMED"} == set(NOT_CONFIRMED)


def exists(node: t.Any, names: list[str]) -> bool:
    if not names:
        return True
    name, *rest = names
    if isinstance(node, list):
        return any(exists(item, names) for item in node)
    if not isinstance(node, dict):
        return False
    if name == "*":
        return any(exists(item, rest) for item in node.values())
    return name in node and exists(node[name], rest)


@pytest.mark.parametrize(
    "check", [c for c in HEALTH_CHECKS if c.confidence == "CONFIRMED"], ids=lambda check: check.name
)
def test_the_fields_of_a_confirmed_check_are_on_record(check: t.Any) -> None:
    """Paths of its source in a recorded answer; in one of our own without recordings."""
    trees = [json.loads(path.read_text(encoding="utf-8")) for path in RECORDINGS] or [envelope()]
    text = re.sub(r"\[[a-z]*\]", "", check.source)
    paths = [
        path for path in re.findall(r"[a-z][a-z0-9-]*(?:\.[a-z0-9*-]+)+", text) if not path.endswith("-information")
    ]
    for path in paths:
        names = path.split(".")
        found = any(exists(tree.get("data"), names) or exists(tree, names) for tree in trees)
        assert found, path
    known = {event["object-id"] for tree in trees for event in tree["data"]["notification"]["events"]}
    assert {event for event in check.events if not event.startswith("refclock-2")} <= known
