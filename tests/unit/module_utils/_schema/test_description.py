# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The description of a configuration: folded tables, types, examples without secrets, refusals."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._schema import description as descriptions
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.description import (
    Description,
    add_result,
    common_type,
    to_result,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.json_schema import make_json_schema
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.refusals import add_refusals
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, leaves
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import Path
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import is_secret
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._schema.schemas import by_path, describe, tree_of

DEVICE: dict[str, t.Any] = {
    "network": {
        "ports": [
            {"object-id": "lan0", "mode": "auto", "speed": 10},
            {"object-id": "lan1", "mode": "full", "speed": 2.5, "label": "x"},
        ],
        "interfaces": [{"object-id": "vif0", "dhcp": False}],
    },
    "lists": {"servers": ["a", "b"], "none": [], "odd": [{"a": 1}, {"a": 2}]},
    "empty": {},
    "unset": None,
    "snmp": {"read-community": "canary", "users": [{"object-id": "u1", "password": "****"}]},
}


def test_items_of_tables_are_folded_to_one_path() -> None:
    entries = by_path(describe(DEVICE))
    ports = entries["network/ports"]
    assert (ports.type, ports.can_grow, ports.items) == ("table", False, ["lan0", "lan1"])
    assert entries["network/interfaces"].can_grow is True
    assert entries["network/ports/*/mode"].examples == ["auto", "full"]
    assert entries["network/ports/*/label"].examples == ["x"]
    assert not [path for path in entries if "lan0" in path or "vif0" in path]


def test_types_are_those_of_the_values() -> None:
    types = {path: (entry.type, entry.elements) for path, entry in by_path(describe(DEVICE)).items()}
    assert types["network/ports/*/speed"] == ("float", None)
    assert types["network/interfaces/*/dhcp"] == ("bool", None)
    assert types["lists/servers"] == ("list", "str")
    assert types["lists/none"] == ("list", None)
    assert types["lists/odd"] == ("list", "mixed")
    assert types["empty"] == ("menu", None)
    assert types["unset"] == ("unknown", None)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("int", "int", "int"),
        ("int", "float", "float"),
        ("unknown", "bool", "bool"),
        ("int", "bool", "mixed"),
        ("menu", "table", "table"),
        ("list", "table", "table"),
        ("list", "menu", "mixed"),
        ("str", "table", "mixed"),
    ],
)
def test_the_type_of_items_that_differ(one: str, other: str, expected: str) -> None:
    assert {common_type(*pair) for pair in ((one, other), (other, one))} == {expected}


def test_a_path_within_the_tree_is_described_from_the_root() -> None:
    description = Description()
    description.add_tree(canonical([{"object-id": "lan0", "mode": "auto"}], ("network", "ports")), ("network", "ports"))
    assert sorted(by_path(description)) == ["network/ports", "network/ports/*/mode"]


def with_canaries(node: t.Any, at: Path = ()) -> t.Any:
    if isinstance(node, dict):
        return {name: with_canaries(value, (*at, name)) for name, value in node.items()}
    return "canary" if is_secret(at, node) else node


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_no_secret_is_an_example(profile: str) -> None:
    tree = tree_of(profile, clear=True)
    planted = tree._replace(value=with_canaries(tree.value))
    assert sum(value == "canary" for dummy, value in leaves(planted.value)) >= 5
    description = describe(planted)
    texts = json.dumps([to_result(description), make_json_schema(description)])
    assert "canary" not in texts
    assert all(not entry.examples for entry in description.entries if entry.secret)


def test_a_value_that_is_masked_in_one_item_only_is_secret_in_all() -> None:
    entry = by_path(describe({"a": [{"object-id": "1", "b": "clear"}, {"object-id": "2", "b": "****"}]}))["a/*/b"]
    assert (entry.secret, entry.examples) == (True, [])


def test_examples_are_bounded_short_and_printable() -> None:
    items = [{"object-id": str(number), "n": number, "long": "x" * 500, "odd": "a\nb"} for number in range(50)]
    entries = by_path(describe({"table": items}))
    assert entries["table/*/n"].examples == list(range(8))
    assert not entries["table/*/n"].has_all_examples
    assert entries["table/*/long"].examples == entries["table/*/odd"].examples == []
    assert len(json.dumps(to_result(describe({"table": items})))) < 2000


def test_the_number_of_paths_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptions, "_MAX_PATHS", 5)
    description = describe({"menu": {f"name{number}": number for number in range(8)}})
    assert (len(description.entries), description.omitted) == (5, 3)


def test_names_that_cannot_be_part_of_a_path_are_left_out() -> None:
    assert list(by_path(describe({"a/b": 1, "*": 2, "../x": 3, "good": 4, "x" * 200: 5}))) == ["good"]


def test_descriptions_of_several_devices_are_merged_as_their_trees_are() -> None:
    together = Description()
    for profile in ("m600-7.10", "m3000-7.10"):
        add_result(together, json.loads(json.dumps(to_result(describe(tree_of(profile))))))
    assert to_result(together) == to_result(describe(tree_of("m600-7.10"), tree_of("m3000-7.10")))


@pytest.mark.parametrize("listed", [None, {}, [1], [{"type": "str"}], [{"path": 3}]])
def test_a_result_of_another_form_is_refused(listed: t.Any) -> None:
    with pytest.raises(ValueError, match="schema is not a list of paths"):
        add_result(Description(), listed)


def test_odd_members_of_a_result_are_ignored() -> None:
    description = Description()
    odd = {
        "path": "a/b",
        "type": "thing",
        "object_ids": 3,
        "examples": [{"a": 1}, 2],
        "refused": None,
        "can_grow": "yes",
    }
    add_result(description, [odd])
    (entry,) = description.entries
    assert (entry.type, entry.examples, entry.can_grow) == ("mixed", [2], None)


# -- refusals


def refusal(path: str, after: dict[str, t.Any], code: str = "rejected", message: str = "0..99") -> dict[str, t.Any]:
    operation = {"action": "set", "path": path, "after": after, "state": "failed"}
    rolled_back = {"action": "set", "path": "snmp", "after": {"contact": "x"}, "state": "rolled_back"}
    error = {"code": code, "path": f"/api/config/{path}/{next(iter(after))}", "device_message": message}
    return {"failed": True, "error": error, "operations": [rolled_back, operation]}


def refused(*results: t.Any) -> dict[str, tuple[t.Any, t.Any]]:
    description = describe(DEVICE)
    add_refusals(description, results)
    entries = by_path(description).items()
    return {path: (entry.read_only, entry.refused) for path, entry in entries if entry.read_only or entry.refused}


def test_a_refused_value_is_known_for_all_items_of_the_table() -> None:
    assert refused(refusal("network/ports/lan0", {"mode": "fast"})) == {"network/ports/*/mode": (None, ["fast"])}


def test_a_message_about_read_only_proves_that_and_no_value() -> None:
    result = refusal("network/ports/lan1", {"mode": "fast"}, message="mode: Read-Only object")
    assert refused(result) == {"network/ports/*/mode": (True, [])}


def test_of_several_values_the_path_of_the_error_names_the_refused_one() -> None:
    result = refusal("network/ports/lan0", {"speed": 11, "mode": "auto"})
    assert refused(result) == {"network/ports/*/speed": (None, [11])}


@pytest.mark.parametrize(
    "result",
    [
        None,
        {"changed": True},
        {"error": {"code": "rejected"}, "operations": None},
        refusal("network/ports/lan0", {"mode": "fast"}, code="forbidden"),
        refusal("network/ports/lan0", {"mode": "fast"}, code="conflict"),
        refusal("network/ports/lan0", {"mode": {"a": 1}}),
        refusal("snmp", {"read-community": "canary2"}),
        refusal("nothing", {"name": 1}),
        {**refusal("network", {"a": 1, "b": 2}), "error": {"code": "rejected", "path": "/api/config/network"}},
    ],
)
def test_other_failures_prove_nothing(result: t.Any) -> None:
    assert refused(result) == {}


def test_two_failed_operations_do_not_say_which_value_was_refused() -> None:
    result = refusal("network/ports/lan0", {"mode": "fast"})
    result["operations"].append({**result["operations"][1], "path": "network/ports/lan1"})
    assert refused(result) == {}
