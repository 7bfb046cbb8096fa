# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles carry the whole tree: every row of the tables, and every leaf that is on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import rows, rows_shown
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.profiles.modules import FAMILY, IMS_FAMILIES
from ansible_collections.meinberg.lantime.tests.simulator.recording import nearest_profile
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import slots

# Rows that devices of a firmware line do not have (payloads.md section 8), or that only devices
# with other hardware have.
_NOT_7_06 = {
    "system/api-last-update",
    "network/ports/*/port-available",
    "network/ports/*/statistics/*",
    "network/ports/*/bonding-slave/mii-status",
    "network/ports/*/bonding-slave/*",
    "network/interfaces/*/cluster/*/enabled",
    "network/interfaces/*/cluster/*/master-priority",
    "network/interfaces/*/cluster/*/*",
    "ntp/*/poll-status",
    "chassis0/slots/*/module/supported-string-types/*/value",
}
_WITHOUT = {
    "m300-7.06": {*_NOT_7_06, "syncmon/nodes/*/**"},
    "m400-7.08": {"syncmon/nodes/*/**", "chassis-xhe/*/**"},
    "m600-7.10": {"syncmon/nodes/*/**", "chassis-xhe/*/**"},
    "m1000-7.10": {"syncmon/nodes/*/**", "chassis-xhe/*/**"},
    "m2000s-7.10": {"syncmon/nodes/*/**", "chassis-xhe/*/**"},
    "m3000-7.10": {"chassis-xhe/*/**"},
    "m4000-7.10": {"chassis-xhe/*/**"},
    "m1000-7.06": {*_NOT_7_06, "chassis-xhe/*/**"},
    "m3000-7.08": {"chassis-xhe/*/**"},
    "m2000s-7.04": {*_NOT_7_06, "syncmon/nodes/*/**", "chassis-xhe/*/**"},
}


@pytest.fixture(scope="module")
def trees() -> dict[str, dict[str, Any]]:
    with Fleet([DeviceSpec(name, name) for name in PROFILE_NAMES], freeze=True) as fleet:
        return {name: fleet[name].status() for name in PROFILE_NAMES}


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_every_row_of_the_tables_is_shown(profile: str, trees: dict[str, Any]) -> None:
    assert set(rows()) - rows_shown(trees[profile]) == _WITHOUT[profile]


def shapes(value: Any, path: str = "") -> Iterator[str]:
    """Paths of leaves with their type, items of lists as `*`."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from shapes(item, f"{path}/{name}")
    elif isinstance(value, list):
        yield f"{path}: list"
        for item in value:
            yield from shapes(item, f"{path}/*")
    else:
        yield f"{path}: {type(value).__name__}"


def test_every_leaf_on_record_is_shown(trees: dict[str, Any]) -> None:
    """The names of services, packages and LEDs are leaves here: none may be missing."""
    for file in RECORDINGS:
        recorded = json.loads(file.read_text(encoding="utf-8"))
        profile = nearest_profile(recorded["system-information"]["version"])
        missing = set(shapes(recorded["data"])) - set(shapes(trees[profile]))
        # A device with one connected port has zeros on the others, a DHCP address or none.
        assert missing <= {"/network/interfaces/*/addresses: list"}, file.name


def test_modules_of_every_family_say_more_than_who_they_are(trees: dict[str, Any]) -> None:
    members: dict[str, set[str]] = {}
    for status in trees.values():
        for slot in slots(status).values():
            own = slot.get("module", {})
            family = FAMILY.get(own.get("info", {}).get("model", ""), "")
            members.setdefault(family, set()).update(set(own) - {"info"})
            assert "object-id" not in own
    assert all(members[family] for family in IMS_FAMILIES)


def test_children(trees: dict[str, Any]) -> None:
    """SyncMon nodes and PTP instances: each with an object-id of its own, and the same members."""
    status = trees["m3000-7.10"]
    nodes = status["syncmon"]["nodes"]
    assert len({node["object-id"] for node in nodes}) == len(nodes) == 3
    assert len({tuple(node) for node in nodes}) == 1
    instances = [
        (name, instance)
        for name, slot in slots(status).items()
        for instance in slot.get("module", {}).get("ptp", {}).get("instances", [])
    ]
    assert [(name, item["object-id"]) for name, item in instances] == [
        ("io1", "ptp1"),
        ("io1", "ptp2"),
        ("io2", "ptp1"),
    ]
    assert len({tuple(item) for dummy, item in instances}) == 1
