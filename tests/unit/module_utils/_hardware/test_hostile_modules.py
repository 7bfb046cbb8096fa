# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules whose members are wrong, missing, new, huge or hostile: kept and reported, never an exception."""

from __future__ import annotations

import copy
import json
import time
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import module_info, syncmon
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import values
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import mask_secrets
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._hardware import ims

KEYS = set(module_info.describe_modules(ims.ENVELOPE)[0])
ESCAPE = "\x1b[2J\x1b[31mred"
TEMPLATE = "{{ lookup('pipe', 'id') }}"
HOSTILE: list[t.Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1e308,
    "",
    "N/A",
    "1e999 s",
    "a-token-of-next-year",
    ESCAPE,
    TEMPLATE,
    "\ud800",
    "x" * 5000,
    [],
    {},
    [None, [[]], {}],
    {"object-id": None},
    [{"object-id": {}}, {"object-id": "a"}, {"object-id": "a"}],
    {"antenna": ESCAPE, "receiver-status": TEMPLATE},
    {TEMPLATE: {ESCAPE: TEMPLATE}},
    {"a-b": 1, "a_b": 2, "A B": 3, "": 4},
    [{"object-id": str(number), "signal": number} for number in range(300)],
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(
    [
        "ptp",
        "ptp-instances",
        "outputs",
        "ports",
        "relays",
        "mrs",
        "satellites",
        "gns",
        "dcf77",
        "fdm",
        "info",
        "module",
        "slots",
        "object-id",
        "antenna",
        "receiver-status",
        "sync-status",
        "clock-status",
        "type",
        "status",
        "direction",
        "state",
        "nodes",
        "syncmon",
    ]
)


def places(node: t.Any, at: tuple[t.Any, ...] = ()) -> t.Iterator[tuple[t.Any, ...]]:
    """The path of every member below a node."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        yield (*at, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*at, key))


PLACES = sorted(places(ims.ENVELOPE), key=str)


def mutated(draw: t.Callable[..., t.Any]) -> t.Any:
    """The chassis with one to six members replaced, removed or added."""
    tree = copy.deepcopy(ims.ENVELOPE)
    for dummy in range(draw(st.integers(1, 6))):
        path = draw(st.sampled_from(PLACES))
        parent: t.Any = tree
        for key in path[:-1]:
            inside = isinstance(parent, dict) and key in parent
            inside = inside or (isinstance(parent, list) and isinstance(key, int) and key < len(parent))
            parent = parent[key] if inside else None
        value = draw(st.sampled_from(HOSTILE) | JSON)
        if isinstance(parent, dict):
            action = draw(st.sampled_from(("replace", "remove", "add")))
            if action == "remove":
                parent.pop(path[-1], None)
            else:
                parent[path[-1] if action == "replace" else draw(NAMES | st.text())] = value
        elif isinstance(parent, list):
            parent.append(value)
    return tree


def check(envelope: t.Any, configuration: t.Any = None) -> list[dict[str, t.Any]]:
    entries = module_info.describe_modules(envelope, configuration=configuration)
    sent = [
        mask_secrets(item.get("module"))
        for dummy, chassis in sorted(values.status_of(envelope).items())
        if str(dummy).startswith("chassis0") and isinstance(chassis, dict)
        for dummy, item in values.table(chassis.get("slots"), "object-id", "slot-id")
    ]
    for entry in entries:
        assert set(entry) == KEYS
        assert entry["status"] in sent
        for state in module_info.reported_states(entry):
            assert len(state) <= values.MAX_TEXT
        assert isinstance(entry["populated"], bool)
        assert entry["synchronized"] in (None, True, False)
    for node in syncmon.read_nodes(envelope):
        assert node["alarm"] in (None, True, False)
    json.dumps([{**entry, "status": None, "configuration": None} for entry in entries]).encode()
    return entries


@given(st.data())
@settings(max_examples=examples(300), deadline=None)
def test_a_mutated_chassis(data: st.DataObject) -> None:
    check(mutated(data.draw), mutated(data.draw).get("data"))


def test_satellites_that_look_like_a_receiver() -> None:
    module = {"info": {"model": "gns181"}, "gns": {"receiver-status": "synchronized"}, "satellites": {"antenna": 1}}
    slots = [{"object-id": "clk1", "slot-type": "clk", "module": module}]
    (entry,) = check({"data": {"chassis0": {"slots": slots}}})
    assert [receiver["kind"] for receiver in entry["receivers"]] == ["gns"]
    assert entry["satellites"] is not None


@given(JSON)
@settings(deadline=None)
def test_any_json_in_any_place(value: t.Any) -> None:
    check(value)
    for name in ("ptp", "outputs", "ports", "mrs", "satellites", "dcf77", "fdm", "sync-status"):
        module = {"info": {"model": "hps100"}, name: value}
        slots = [{"object-id": "clk1", "slot-type": "clk", "module": module}]
        check({"data": {"chassis0": {"slots": slots}, "syncmon": {"nodes": value}}}, value)


@pytest.mark.parametrize("value", [TEMPLATE, ESCAPE])
def test_text_is_kept_unchanged(value: str) -> None:
    module = {
        "info": {"model": value, "serial-number": value},
        "gps": {"receiver-status": value, "antenna": {"connected": value}},
        "outputs": [{"object-id": value, "signal": value, value: value}],
        "ptp": {"instances": [{"object-id": value, "port-state": value}]},
        "future": {value: [value]},
    }
    slots = [{"object-id": value, "slot-type": value, "module": module}]
    (entry,) = check({"data": {"chassis0": {"slots": slots}}})
    assert entry["slot"] == entry["model"] == entry["slot_type"] == value
    assert entry["receivers"][0]["state"] == value
    assert entry["antenna"]["connected"] is None
    assert entry["outputs"][0]["signal"] == value
    assert entry["ptp_instances"][0]["port_state"] == value
    assert list(entry["details"]["future"].values()) == [[value]]
    assert entry["status"] == module
    assert module_info.reported_states(entry) == [value, value]


def test_a_huge_table_of_slots_takes_time_and_room_in_proportion() -> None:
    def chassis(count: int) -> dict[str, t.Any]:
        module = {"info": {"model": "gps180"}, "gps": {"receiver-status": "synchronized"}}
        slots = [{"object-id": f"clk{place}", "slot-type": "clk", "module": module} for place in range(count)]
        return {"data": {"chassis0": {"slots": slots}}}

    small, large = (json.dumps(module_info.describe_modules(chassis(count))) for count in (200, 2000))
    assert len(large) < 12 * len(small)
    begun = time.process_time()
    module_info.describe_modules(chassis(5000))
    assert time.process_time() - begun < 20


def test_a_huge_member_stands_in_status_only() -> None:
    module = {"info": {"model": "zzz900"}, "table": [{"value": 1}] * 5000, "note": "x" * 10_000}
    slots = [{"object-id": "io1", "module": module}]
    (entry,) = check({"data": {"chassis0": {"slots": slots}}})
    assert entry["details"] == {}
    assert entry["status"] == module
