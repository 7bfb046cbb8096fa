# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault of each module of each generation is found by the check of its family, in its slot, and by no other."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.device import Device
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.profiles.modules import FAMILY
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import Tree, checks_of

CHECKS = {
    "module_outputs": ("GPS", "GRC", "GNS", "GNS-UC", "GNM", "GXL", "BPE", "CPE", "LIU", "LSG", "SCG"),
    "module_inputs": ("MRI", "ESI", "VSI", "PIO"),
    "module_oscillators": ("LNO", "VSG"),
    "long_wave": ("PZF",),
    "time_code": ("TCR",),
    "mains": ("FDM",),
    "relays": ("REL",),
    "clock_switch": ("RSC",),
    "sync_e": ("HPS", "PSX"),
}
CHECK_OF = {family: check for check, families in CHECKS.items() for family in families}
ALARMS = ("warning", "error", "critical")
MODULAR = tuple(name for name in PROFILE_NAMES if not name.startswith(("m300-", "m400-", "m600-")))


def alarms(status: Tree) -> set[tuple[str, t.Any]]:
    """(check, slot) of the alarms."""
    checks = checks_of({"data": status})
    return {
        (name, finding["slot"])
        for name, check in checks.items()
        for finding in check["findings"]
        if finding["state"] in ALARMS
    }


@pytest.fixture(params=MODULAR)
def device(request: pytest.FixtureRequest) -> t.Iterator[Device]:
    made = offline_device(request.param)
    yield made
    made.restore()


def test_each_fault_is_found_by_its_check_alone(device: Device) -> None:
    assert alarms(device.status()) == set()
    families = {
        slot["object-id"]: FAMILY.get(str(slot["module"]["info"]["model"]))
        for slot in device.status()["chassis0"]["slots"]
        if "info" in slot.get("module", {})
    }
    for slot, family in families.items():
        if family is not None:
            device.incidents.raise_("module-fault", {"slot": slot})
            assert alarms(device.status()) == {(CHECK_OF[family], slot)}, (slot, family)
            device.incidents.clear()
