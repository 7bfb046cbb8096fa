# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import slots

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


def slot(name: str, kind: str, module: object = None) -> dict[str, t.Any]:
    result: dict[str, t.Any] = {
        "object-id": name,
        "slot-id": name,
        "slot-type": kind,
        "slot-position": "0,1,1",
        "slot-orientation": "vertical",
    }
    return result if module is None else {**result, "module": module}


def card(model: str, serial: str = "N/A", **members: t.Any) -> dict[str, t.Any]:
    return {
        "info": {"model": model, "serial-number": serial, "software-revision": "v1.2"},
        **members,
    }


NOBODY_DESCRIBED = {"info": {"model": "zzz900"}, "flux": {"density": [1, {"k": None}]}}
CLOCK = card(
    "gns181uc",
    "099999000001    ",
    **{
        "sync-status": {
            "clock-idx": "selected",
            "osc-type": "ocxo-hq",
            "est-time-quality": "less-than-1us",
            "clock-status": {"clock": "holdover", "oscillator": "warmed-up"},
            "fresh": 1,
        },
    },
)
CLOCK["info"]["sensors"] = {"temperature-1": 0.0, "temperature-2": 41.5, "fan-1": 3000}
ENVELOPE = {
    "data": {
        "chassis1": {"slots": [slot("io1", "io", card("rsc180"))]},
        "chassis-xhe": [{"object-id": "clk1"}],
        "chassis0": {
            "slots": [
                slot("io10", "io", NOBODY_DESCRIBED),
                slot("io9", "io", card("bpe8XXX")),
                slot("cpu", "cpu", card("c05f1-v33")),
                slot("clk2", "clk"),
                slot("clk1", "clk", CLOCK),
                slot("pwr3", "pwr", {"power-available": True, "power-capacity": 50.0}),
                slot("pwr2", "pwr", {"power-available": False, "power-capacity": 0.0}),
                slot("pwr1", "pwr", {**card("psu", ""), "power-available": False}),
            ]
        },
    }
}


def names(**filters: t.Any) -> list[str]:
    return [f"{entry['chassis']}/{entry['slot']}" for entry in slots.read_slots(ENVELOPE, **filters)]


def one(name: str) -> dict[str, t.Any]:
    return slots.read_slots(ENVELOPE, slots=[name])[0]


def test_natural_order_over_all_chassis() -> None:
    assert names() == [
        *[f"chassis0/{name}" for name in ("clk1", "clk2", "cpu", "io9", "io10", "pwr1", "pwr2", "pwr3")],
        "chassis1/io1",
    ]


def test_a_clock() -> None:
    entry = one("clk1")
    status = entry.pop("status")
    assert entry == {
        "chassis": "chassis0",
        "slot": "clk1",
        "slot_type": "clk",
        "position": "0,1,1",
        "orientation": "vertical",
        "populated": True,
        "family": "GNS-UC",
        "model": "gns181uc",
        "serial_number": "099999000001",
        "software_revision": "v1.2",
        "firmware_image": None,
        "sensors": {"temperature_1_celsius": None, "temperature_2_celsius": 41.5, "fan_1": 3000},
        "sync": {
            "clock_index": "selected",
            "oscillator_type": "ocxo-hq",
            "estimated_quality_token": "less-than-1us",
            "estimated_quality_seconds": 1e-06,
            "estimated_quality_ns": 1000,
            "state": "holdover",
            "synchronized": False,
            "oscillator_state": "warmed-up",
            "oscillator_warmed_up": True,
            "other": {"fresh": 1},
        },
    }
    assert status is CLOCK


@pytest.mark.parametrize(
    ("name", "populated"),
    [
        ("clk1", True),
        ("clk2", False),
        ("pwr1", True),
        ("pwr2", False),
        ("pwr3", True),
        ("io10", True),
    ],
)
def test_populated(name: str, populated: bool) -> None:
    assert one(name)["populated"] is populated


def test_an_empty_bay_stays_empty_whatever_else_it_says() -> None:
    bay = slot("pwr1", "pwr", {"power-available": False, "fan-speed": 0})
    odd = slot("io1", "io", {"flux": 1})
    envelope = {"data": {"chassis0": {"slots": [bay, odd]}}}
    populated = {entry["slot"]: entry["populated"] for entry in slots.read_slots(envelope)}
    assert populated == {"pwr1": False, "io1": True}


def test_an_empty_slot_says_nothing() -> None:
    entry = one("clk2")
    assert entry["slot_type"] == "clk"
    nothing = (
        "family",
        "model",
        "serial_number",
        "software_revision",
        "firmware_image",
        "sync",
        "status",
    )
    assert [entry[name] for name in nothing] == [None] * 7
    assert entry["sensors"] == {}


def test_a_module_nobody_described() -> None:
    entry = one("io10")
    assert entry["family"] is None
    assert entry["model"] == "zzz900"
    assert entry["status"] is NOBODY_DESCRIBED


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"slots": ["CLK*"]}, ["chassis0/clk1", "chassis0/clk2"]),
        ({"slots": ["io?"]}, ["chassis0/io9", "chassis1/io1"]),
        ({"slots": []}, []),
        ({"families": ["gns_uc"]}, ["chassis0/clk1"]),
        ({"families": ["spt", "IMS-BPE"]}, ["chassis0/io9", "chassis1/io1"]),
        ({"families": ["nope"]}, []),
        ({"models": ["GNS*", "zzz900"]}, ["chassis0/clk1", "chassis0/io10"]),
        ({"models": ["BPE8xxx"]}, ["chassis0/io9"]),
        ({"models": ["*"], "slots": ["clk*"]}, ["chassis0/clk1"]),
        ({"populated": False}, ["chassis0/clk2", "chassis0/pwr2"]),
        ({"populated": True, "slots": ["pwr*"]}, ["chassis0/pwr1", "chassis0/pwr3"]),
        ({"families": ["psu"], "populated": True}, ["chassis0/pwr1"]),
    ],
)
def test_filters(filters: dict[str, t.Any], expected: list[str]) -> None:
    assert names(**filters) == expected


def test_the_root_and_tables_keyed_by_object_id() -> None:
    root = {"data": {"status": {"chassis0": {"slots": {"clk1": {"module": card("grc180")}}}}}}
    (entry,) = slots.read_slots(root)
    assert (entry["slot"], entry["family"]) == ("clk1", "GRC")


def test_a_slot_without_object_id_is_still_listed() -> None:
    envelope = {"data": {"chassis0": {"slots": [{"slot-id": "clk1"}, {"slot-type": "io"}]}}}
    assert [entry["slot"] for entry in slots.read_slots(envelope)] == ["", "clk1"]


@given(JSON)
def test_any_json(value: t.Any) -> None:
    info = {"info": value, "sync-status": value, "power-available": value}
    sensors = {"info": {"model": value, "sensors": value}}
    items = [value, {"module": value}, {"object-id": value, "module": info}, {"module": sensors}]
    envelopes = [
        value,
        {"data": value},
        {"data": {"status": value, "chassis0": value}},
        {"data": {"chassis0": {"slots": value}}},
        {"data": {"chassis0": {"slots": items}}},
    ]
    for envelope in envelopes:
        for entry in slots.read_slots(envelope, models=["*"]) + slots.read_slots(envelope):
            assert isinstance(entry["slot"], str)
            assert isinstance(entry["populated"], bool)


def test_slots_for_one_kind_of_module_name_the_family_of_unlisted_models() -> None:
    envelope = {
        "data": {"chassis0": {"slots": [slot("cpu", "cpu", card("c99z9")), slot("pwr1", "pwr", card("ps-dc24"))]}}
    }
    assert [m["family"] for m in slots.read_slots(envelope)] == ["CPU", "PSU"]
    assert [m["slot"] for m in slots.read_slots(envelope, families=["cpu"])] == ["cpu"]
