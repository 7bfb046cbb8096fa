# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of golden configurations against the planner, with a public validator."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.meinberg.lantime.plugins.filter.json_schema import json_schema
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.description import to_result
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.json_schema import (
    CONFIG,
    VARIABLES,
    make_json_schema,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.refusals import add_refusals
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.coerce import MismatchError, coerce
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import Path, nest
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._schema.schemas import (
    by_path,
    describe,
    tree_of,
    validator,
    validator_of,
)

PROFILE = "m3000-7.10"
SHOWN: list[t.Any] = [True, False, 0, 1, 7, 2.5, "", "text", "enabled", "OFF", "12", "1", "2.5", None]
WANTED: list[t.Any] = [*SHOWN, "on", " Yes ", "1e-6", "7 ", "x7", -3, [], ["a"], [1], {"a": 1}, "+.5", "1.2.3"]
PROBES: list[t.Any] = ["text", "12", "on", True, 1, 2.5, None, [], ["a"], {}, {"nothing": 1}]


def is_valid(schema: t.Any, content: t.Any) -> bool:
    return bool(schema.is_valid(content))


def errors(schema: t.Any, content: t.Any) -> list[str]:
    return ["/".join(map(str, error.absolute_path)) for error in schema.iter_errors(content)]


@pytest.mark.parametrize("shown", SHOWN, ids=repr)
def test_a_value_is_valid_exactly_if_it_is_converted_to_the_type_of_the_device(shown: t.Any) -> None:
    schema = validator(describe({"name": shown}))
    for wanted in WANTED:
        if isinstance(wanted, dict):
            is_converted = False
        else:
            try:
                coerce(wanted, shown)
                is_converted = wanted is not None or shown is None
            except MismatchError:
                is_converted = False
        assert is_valid(schema, {"name": wanted}) == is_converted, wanted


def is_planned(profile: str, desired: t.Any) -> bool:
    """Whether the planner accepts a configuration."""
    try:
        make_plan(tree_of(profile), canonical(desired), PlanPolicy())
    except LantimeError:
        return False
    return True


def places(node: t.Any, at: Path = ()) -> t.Iterator[tuple[Path, t.Any]]:
    """Every menu, table, item and value with its path."""
    yield at, node
    for name, value in node.items() if isinstance(node, dict) else ():
        yield from places(value, (*at, name))


def one_of_each_kind(profile: str) -> dict[Path, Path]:
    """A path for each path with * for items of tables."""
    tree = tree_of(profile)
    kinds: dict[Path, Path] = {}
    for path, dummy in places(tree.value):
        kinds.setdefault(tuple("*" if path[:n] in tree.tables else name for n, name in enumerate(path)), path)
    del kinds[()]
    return kinds


def test_what_the_schema_marks_is_what_the_planner_refuses() -> None:
    schema, entries = validator_of(PROFILE), by_path(describe(tree_of(PROFILE)))
    too_strict: list[tuple[Path, t.Any]] = []
    too_loose: list[tuple[Path, t.Any]] = []
    kinds = one_of_each_kind(PROFILE)
    for kind, path in kinds.items():
        entry = entries.get("/".join(kind))
        for probe in PROBES:
            desired = nest(path, probe)
            marked, refused = not is_valid(schema, desired), not is_planned(PROFILE, desired)
            # The planner keeps a secret that is masked, whatever is wanted.
            if marked and not refused and not (isinstance(probe, list) and entry is not None and entry.secret):
                too_strict.append((path, probe))
            # A value that does for another item of the table is valid.
            elif refused and not marked and not (entry is not None and (entry.secret or len(entry.examples) > 1)):
                too_loose.append((path, probe))
    assert len(kinds) > 250
    assert (too_strict, too_loose) == ([], [])


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_what_a_device_has_is_valid_for_it(profile: str) -> None:
    value = tree_of(profile).value
    assert errors(validator_of(profile), value) == []
    assert errors(validator_of(profile, VARIABLES), {"lantime_golden_config": value, "other": [1]}) == []


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_the_form_with_lists_of_items_is_valid_too(profile: str) -> None:
    assert errors(validator_of(profile), offline_device(profile).running(clear=False)) == []


RIGHT: dict[str, t.Any] = {
    "snmp": {"location": "hall 2", "contact": "{{ noc }}", "read-community": "********"},
    "ntp": {
        "local-clock": {"stratum": "{{ stratum }}", "disabled": "off"},
        "external-servers": {"1": {"address": "192.0.2.1", "iburst": True}},
    },
    "network": {
        "interfaces": [{"object-id": "vif7", "label": "new", "vlan": {"enabled": True, "id": 12}}],
        "ports": "{{ ports }}",
    },
    "notification": {"events": {"leapsecond-announced": {"email": True}, "leap-second-announced": {"email": True}}},
}
WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "section": ({"snpm": {"location": "x"}}, ""),
    "name": ({"snmp": {"locaton": "x"}}, "snmp"),
    "name in a new item": ({"network": {"interfaces": {"vif7": {"lable": "x"}}}}, "network/interfaces/vif7"),
    "name in a listed item": ({"network": {"interfaces": [{"object-id": "v", "lable": 1}]}}, "network/interfaces/0"),
    "item of a fixed table": ({"network": {"ports": {"lan99": {}}}}, "network/ports"),
    "listed item of a fixed table": ({"network": {"ports": [{"object-id": "lan9"}]}}, "network/ports/0/object-id"),
    "item without object-id": ({"network": {"ports": [{"link-mode": "auto"}]}}, "network/ports/0"),
    "number": ({"ntp": {"local-clock": {"stratum": "twelve"}}}, "ntp/local-clock/stratum"),
    "switch": ({"ntp": {"local-clock": {"disabled": "maybe"}}}, "ntp/local-clock/disabled"),
    "truth value in place of a text": ({"snmp": {"location": True}}, "snmp/location"),
    "menu in place of a value": ({"snmp": {"location": {"hall": 2}}}, "snmp/location"),
    "value in place of a menu": ({"snmp": "x"}, "snmp"),
}


@pytest.fixture(scope="module")
def variables() -> t.Any:
    return validator_of(PROFILE, VARIABLES)


def test_a_right_golden_file_is_valid(variables: t.Any) -> None:
    rule = {"families": ["GPS"], "firmware": ">=7.10", "config": {"module": {"antenna": {"cable-length": 45}}}}
    content = {
        "lantime_golden_config": RIGHT,
        "lantime_golden_overlays": {"hall2": {"snmp": {"location": "x"}, "modules": [rule]}, "ts1": "{{ overlay }}"},
        "lantime_golden_modules": [rule, {"slots": ["clk*"], "config": {"name": "x"}, "override": True}],
        "fleet_config_state": "merged",
    }
    assert errors(variables, content) == []
    assert errors(variables, None) == []


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_golden_file_is_marked_at_the_place(case: str, variables: t.Any) -> None:
    config, place = WRONG[case]
    for name in ("lantime_golden_config", "drift_check_config", "fleet_config_config"):
        assert errors(variables, {name: config}) == ["/".join(filter(None, (name, place)))]
    assert errors(variables, {"lantime_golden_overlays": {"hall2": config}}) == [
        "/".join(filter(None, ("lantime_golden_overlays/hall2", place)))
    ]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"config": {"name": "x"}}, "0"),
        ({"families": ["GPS"]}, "0"),
        ({"families": ["GPS"], "config": {"name": "x"}, "when-absent": "fail"}, "0"),
        ({"families": ["GPS"], "config": {"name": "x"}, "when_absent": "never"}, "0/when_absent"),
        ({"families": ["GPS"], "config": {"modul": {}}}, "0/config"),
        (
            {"families": ["GPS"], "config": {"module": {"antenna": {"cable-length": "far"}}}},
            "0/config/module/antenna/cable-length",
        ),
    ],
)
def test_a_wrong_rule_is_marked_at_the_place(rule: t.Any, place: str, variables: t.Any) -> None:
    for name in ("lantime_golden_modules", "drift_check_modules", "fleet_config_modules"):
        assert errors(variables, {name: [rule]}) == [f"{name}/{place}"]


def test_an_unobserved_token_is_no_error_unless_it_was_refused() -> None:
    description = describe({"snmp": {"mode": "v3"}})
    assert is_valid(validator(description), {"snmp": {"mode": "v4"}})
    operation = {"action": "set", "path": "snmp", "after": {"mode": "v4"}, "state": "failed"}
    add_refusals(description, [{"error": {"code": "rejected", "path": "/api/config/snmp"}, "operations": [operation]}])
    schema = validator(description)
    assert errors(schema, {"snmp": {"mode": "v4"}}) == ["snmp/mode"]
    assert is_valid(schema, {"snmp": {"mode": "v5"}})


def test_a_read_only_setting_is_marked_as_one() -> None:
    description = describe({"snmp": {"engine": "x"}})
    description.entries[0].read_only = True
    engine = make_json_schema(description, CONFIG)["$defs"]["config"]["properties"]["snmp"]["properties"]["engine"]
    assert engine["readOnly"] is True
    assert engine["description"] == "snmp/engine: str, read-only"


def test_devices_that_differ_make_one_schema() -> None:
    one, other = {"a": {"x": 1}, "b": "text"}, {"a": {"y": True}, "b": {"c": 1}}
    schema = validator(describe(one, other))
    assert errors(schema, {"a": {"x": 2, "y": "off"}, "b": "other"}) == errors(schema, {"b": {"c": 2}}) == []
    assert errors(schema, {"a": {"z": 1}}) == ["a"]


def test_settings_with_secrets_that_no_item_shows_can_be_new() -> None:
    schema = validator(describe({"security": {"users": [{"object-id": "admin", "level": "admin"}]}}))
    users = {"operator": {"level": "info", "password": "x"}}
    assert errors(schema, {"security": {"users": users}}) == []
    assert errors(schema, {"security": {"users": {"operator": {"lavel": "info"}}}}) == ["security/users/operator"]


def test_two_tables_with_names_that_look_alike_keep_their_items_apart() -> None:
    schema = validator(describe({"a:b": [{"object-id": "1", "x": 1}], "a_b": [{"object-id": "1", "y": 1}]}))
    assert errors(schema, {"a:b": {"1": {"x": 2}}, "a_b": {"1": {"y": 2}}}) == []
    assert errors(schema, {"a:b": {"1": {"y": 2}}}) == ["a:b/1"]


def test_ansible_takes_no_part_of_a_schema_for_a_template() -> None:
    text = json.dumps(make_json_schema(describe(tree_of(PROFILE))))
    assert not [sign for sign in ("{{", "{%", "{#") if sign in text]


def test_a_name_that_has_a_meaning_to_ansible_is_no_name_of_the_schema() -> None:
    described = to_result(describe({"menu": {"__ansible_type": "x", "good": 1}}))
    assert '"__ansible' not in json.dumps(json_schema({"schema": described}))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({}, "not a recording of a LANTIME"),
        ("text", "not a recording of a LANTIME"),
        ([], "the input holds no configuration"),
        ({"schema": []}, "the input holds no configuration"),
        ({"schema": [1]}, "schema is not a list of paths"),
        ({"schema": [], "path": "ntp"}, "leave out its option path"),
        ({"format": "meinberg.lantime.recording", "version": 99, "answers": []}, "this collection reads version 1"),
        ({"format": "meinberg.lantime.recording", "version": 1, "answers": []}, "the recording holds no configuration"),
    ],
)
def test_input_of_another_form_is_one_sentence(source: t.Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"^meinberg.lantime.json_schema: .*{message}"):
        json_schema(source)


def test_arguments_that_do_not_fit_are_one_sentence() -> None:
    described = {"schema": to_result(describe({"a": 1}))}
    with pytest.raises(AnsibleFilterError, match="form must be one of variables, config"):
        json_schema(described, form="tree")
    with pytest.raises(AnsibleFilterError, match="refusals must be a list"):
        json_schema(described, refusals={"failed": True})
    with pytest.raises(AnsibleFilterError, match="must be a recording"):
        json_schema(3)


def test_the_schema_of_the_largest_device_is_small() -> None:
    assert len(json.dumps(make_json_schema(describe(tree_of("m4000-7.10"))))) < 150_000
