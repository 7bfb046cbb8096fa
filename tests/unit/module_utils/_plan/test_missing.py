# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and items that the device does not have: what each choice of missing does about them, and what is suggested."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.missing import ABSENT_REASON, OPTIONAL_REASON
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.tables import FIXED_TABLES, can_grow
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import path_of, text_of

Node = dict[str, t.Any]

SLOT: Node = {
    "object-id": "io1",
    "module": {
        "outputs": [{"object-id": "out1", "mode": "off"}],
        "ptp": {
            "instances": [{"object-id": "ptp1", "domain": 0, "unicast-masters": [{"object-id": "master1", "ip": ""}]}]
        },
    },
}
DEVICE: Node = {
    "network": {
        "hostname": "ts1",
        "ports": [{"object-id": "lan0", "link-mode": "auto"}],
        "interfaces": [
            {
                "object-id": "if1",
                "label": "",
                "services": {"ntp": True, "ssh": False},
                "aliases": [{"object-id": "a", "ip": "x"}],
            },
            {"object-id": "if2", "label": "", "vlan": {"id": 0}},
        ],
    },
    "ntp": {
        "local-clock": {"stratum": 12},
        "external-servers": [],
        "broadcast": [],
        "trusted-keys": "1",
    },
    "notification": {
        "syslog": {"servers": "", "loglevel": "notice"},
        "events": [{"object-id": "normal-operation", "email": False}],
    },
    "chassis0": {"slots": [SLOT]},
    "security": {"users": [{"object-id": "admin", "level": "super"}]},
}
SIGNS = {"create": "+", "set": "=", "delete": "-"}


def planned(desired: Node, **policy: t.Any) -> Plan:
    whole = canonical(DEVICE)
    current = canonical({name: DEVICE[name] for name in desired if name in DEVICE})
    return make_plan(current, canonical(desired), PlanPolicy(**policy), lambda: whole)


def outcome(desired: Node, **policy: t.Any) -> tuple[str, list[str]]:
    """What a plan does: the code of its error, or its operations, and what it leaves out."""
    try:
        plan = planned(desired, **policy)
    except LantimeError as error:
        return error.code, []
    done = " ".join(
        [
            SIGNS[change.action] + text_of((*change.path, *change.after) if change.action == "set" else change.path)
            for change in plan.changes
        ]
    )
    return done, [text_of(path) for path, dummy in plan.not_applicable]


NAME: Node = {"ntp": {"local-clok": {"stratum": 3}}}
SERVER: Node = {"ntp": {"external-servers": {"1": {"address": "192.0.2.1"}}}}
PORT: Node = {"network": {"ports": {"lan7": {"link-mode": "auto"}}}}
EVENT: Node = {"notification": {"events": {"no-such-event": {"email": True}}}}
BROADCAST: Node = {"ntp": {"broadcast": {"1": {"address": "192.0.2.255"}}}}
OUTPUT: Node = {"chassis0": {"slots": {"io1": {"module": {"outputs": {"out9": {"mode": "off"}}}}}}}
NEW_SLOT: Node = {"chassis0": {"slots": {"io7": {"module": {}}}}}
INSTANCE: Node = {"chassis0": {"slots": {"io1": {"module": {"ptp": {"instances": {"ptp2": {"domain": 4}}}}}}}}
IN_ITEM: Node = {"network": {"interfaces": {"if3": {"label": "x", "vlan": {"idd": 5}}}}}
FAILS: tuple[str, list[str]] = ("unknown_name", [])
SERVERS_1 = "+ntp/external-servers/1"


@pytest.mark.parametrize(
    ("desired", "items", "fail", "create", "ignore"),
    [
        (NAME, FAILS, FAILS, ("=ntp/local-clok", []), ("", ["ntp/local-clok"])),
        (SERVER, (SERVERS_1, []), FAILS, (SERVERS_1, []), ("", ["ntp/external-servers/1"])),
        (PORT, FAILS, FAILS, ("+network/ports/lan7", []), ("", ["network/ports/lan7"])),
        (EVENT, FAILS, FAILS, ("+notification/events/no-such-event", []), ("", ["notification/events/no-such-event"])),
        (BROADCAST, FAILS, FAILS, ("+ntp/broadcast/1", []), ("", ["ntp/broadcast/1"])),
        (NEW_SLOT, FAILS, FAILS, ("+chassis0/slots/io7", []), ("", ["chassis0/slots/io7"])),
        (
            OUTPUT,
            FAILS,
            FAILS,
            ("+chassis0/slots/io1/module/outputs/out9", []),
            ("", ["chassis0/slots/io1/module/outputs/out9"]),
        ),
        (
            INSTANCE,
            ("+chassis0/slots/io1/module/ptp/instances/ptp2", []),
            FAILS,
            ("+chassis0/slots/io1/module/ptp/instances/ptp2", []),
            ("", ["chassis0/slots/io1/module/ptp/instances/ptp2"]),
        ),
        (IN_ITEM, FAILS, FAILS, ("+network/interfaces/if3", []), ("", ["network/interfaces/if3"])),
    ],
)
def test_each_choice(desired: Node, items: t.Any, fail: t.Any, create: t.Any, ignore: t.Any) -> None:
    done = {choice: outcome(desired, missing=choice) for choice in ("items", "fail", "create", "ignore")}
    assert done == {"items": items, "fail": fail, "create": create, "ignore": ignore}
    assert outcome(desired) == items


@pytest.mark.parametrize("choice", ["items", "fail", "create", "ignore"])
def test_overridden_adds_items_to_tables_that_can_grow_in_each_case(choice: str) -> None:
    assert outcome(SERVER, missing=choice, state="overridden") == (SERVERS_1, [])
    port = outcome(PORT, missing=choice, state="overridden")
    assert port[0].startswith("+network/ports/lan7") if choice == "create" else "+" not in port[0]


@pytest.mark.parametrize(
    "node",
    [
        {"1": {"address": "192.0.2.1"}, "2": {}},
        [{"object-id": "1", "address": "192.0.2.1"}, {"object-id": "2"}],
    ],
)
@pytest.mark.parametrize("empty", [[], {}])
def test_an_empty_list_takes_items_in_both_forms(node: t.Any, empty: t.Any) -> None:
    current = canonical({"ntp": {"external-servers": empty}})
    plan = make_plan(current, canonical({"ntp": {"external-servers": node}}), PlanPolicy())
    assert [(c.action, text_of(c.path)) for c in plan.changes] == [
        ("create", "ntp/external-servers/1"),
        ("create", "ntp/external-servers/2"),
    ]


@pytest.mark.parametrize("name", ["../1", "a/b", "a b"])
def test_an_item_of_an_empty_list_has_a_name_that_can_be_part_of_a_path(name: str) -> None:
    assert outcome({"ntp": {"external-servers": {name: {}}}}) == ("hostile_name", [])
    assert outcome({"ntp": {"external-servers": {"1": {}}}}, ignore=("ntp/external-servers/1",)) == ("", [])


def test_single_values_are_no_items_of_an_empty_list() -> None:
    assert outcome({"ntp": {"external-servers": {"address": "192.0.2.1"}}}) == ("wrong_type", [])
    assert outcome({"ntp": {"external-servers": [{"address": "192.0.2.1"}]}}) == ("duplicate_object_id", [])


@pytest.mark.parametrize("pattern", FIXED_TABLES)
def test_a_table_of_the_list_does_not_grow(pattern: str) -> None:
    for between in ((), ("a",), ("a", "b")):
        parts = [part for name in path_of(pattern) for part in (between if name == "**" else (name.replace("*", "0"),))]
        assert not can_grow(tuple(parts))
        assert can_grow((*parts, "x"))
        assert can_grow(("x", *parts))


@pytest.mark.parametrize(
    "table",
    [
        "ntp/external-servers",
        "network/interfaces",
        "security/users",
        "chassis0/slots/io1/module/ptp/instances",
        "syncmon/nodes",
    ],
)
def test_any_other_table_grows(table: str) -> None:
    assert can_grow(path_of(table))


# -- the names in a new item


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"lable": "x"}, "interfaces/if3/lable: the device has no such name (did you mean network/interfaces/*/label"),
        ({"label": "x", "services": {"ntpd": True}}, "no such name (did you mean ntp"),
        ({"vlan": {"idd": 5}}, "no such name (did you mean network/interfaces/*/vlan/id"),
        ({"label": {"a": 1}}, "the device has a single value here, not a menu"),
        ({"services": "all"}, "the device has a menu here, not"),
        ({"services": {"ntp": "perhaps"}}, "the device has a switch here"),
        ({"aliases": {"b": {"ipp": "x"}}}, "no such name (did you mean network/interfaces/*/aliases/*/ip?)"),
        ({"aliases": {"b": 5}}, "an item of a table is a mapping"),
    ],
)
def test_names_and_types_in_a_new_item_are_those_of_the_other_items(item: Node, message: str) -> None:
    with pytest.raises(LantimeError) as caught:
        planned({"network": {"interfaces": {"if3": item}}})
    assert message.split(": ")[-1].split(" (")[0] in caught.value.what
    if "did you mean" in message:
        assert caught.value.code == "unknown_name"
        assert "did you mean" in caught.value.what


def test_a_new_item_may_have_what_any_other_item_has() -> None:
    item = {"label": "x", "services": {"ntp": "on"}, "vlan": {"id": "5"}, "aliases": {"b": {"ip": "y"}}}
    plan = planned({"network": {"interfaces": {"if3": item}}})
    assert plan.changes[0].after == {
        "label": "x",
        "services": {"ntp": True},
        "vlan": {"id": 5},
        "aliases": {"b": {"ip": "y"}},
    }
    assert plan.warnings == ()


def test_a_secret_that_no_other_item_shows_is_accepted() -> None:
    users = {"security": {"users": {"bob": {"level": "info", "password": "canary"}}}}
    assert planned(users).changes[0].after == {"level": "info", "password": "canary"}
    own = {"security": {"users": {"bob": {"level": "info", "badge": "canary"}}}}
    assert outcome(own) == FAILS
    assert planned(own, secrets=("security/users/*/badge",)).changes[0].after == {"level": "info", "badge": "canary"}


def test_without_another_item_the_names_are_accepted_with_a_warning() -> None:
    (warning,) = planned(SERVER).warnings
    assert "ntp/external-servers/1" in warning
    assert "could not be checked" in warning
    assert planned(SERVER, missing="create").warnings == ()
    assert planned({"ntp": {"external-servers": {"1": {}}}}).warnings == ()


def test_a_name_in_a_new_item_can_be_left_out_or_sent() -> None:
    item = {"network": {"interfaces": {"if3": {"label": "x", "mtu": 9000, "nts": {"key": "***"}}}}}
    plan = planned(item, optional=("network/interfaces/*/mtu", "network/interfaces/*/nts"))
    assert plan.changes[0].after == {"label": "x"}
    assert dict(plan.not_applicable) == {
        ("network", "interfaces", "if3", "mtu"): OPTIONAL_REASON,
        ("network", "interfaces", "if3", "nts"): OPTIONAL_REASON,
    }
    assert plan.secrets_needed == ()
    made = planned(item, missing="create")
    assert made.changes[0].after == {"label": "x", "mtu": 9000, "nts": {}}
    assert made.secrets_needed == (("network", "interfaces", "if3", "nts", "key"),)
    overridden = planned(item, missing="ignore", state="overridden")
    assert {reason for dummy, reason in overridden.not_applicable} == {ABSENT_REASON}


# -- optional_paths


@pytest.mark.parametrize("choice", ["items", "fail", "create", "ignore"])
@pytest.mark.parametrize("pattern", ["ntp/nts", "ntp/n?s", "*/nts", "ntp"])
def test_an_optional_name_is_left_out_in_each_case(choice: str, pattern: str) -> None:
    desired = {"ntp": {"nts": {"enabled": True}, "local-clock": {"stratum": 3}}}
    assert outcome(desired, missing=choice, optional=(pattern,)) == ("=ntp/local-clock/stratum", ["ntp/nts"])


def test_an_optional_name_that_the_device_has_is_written() -> None:
    assert outcome({"ntp": {"local-clock": {"stratum": 3}}}, optional=("ntp",)) == ("=ntp/local-clock/stratum", [])


def test_optional_paths_do_not_keep_items_from_tables_that_can_grow() -> None:
    optional = ("ntp/external-servers", "network/ports")
    assert outcome(SERVER, optional=optional) == (SERVERS_1, [])
    assert outcome(SERVER, missing="fail", optional=optional) == ("", ["ntp/external-servers/1"])
    assert outcome(PORT, optional=optional) == ("", ["network/ports/lan7"])


def test_what_is_to_be_deleted_need_not_be_there_if_it_is_optional() -> None:
    gone: Node = {"ntp": {"nts": {"servers": {"1": {}}}}}
    assert outcome(gone, state="deleted") == FAILS
    assert outcome(gone, state="deleted", missing="create") == FAILS
    for policy in ({"optional": ("ntp/nts",)}, {"missing": "ignore"}):
        assert outcome(gone, state="deleted", **policy) == ("", ["ntp/nts"])


# -- suggestions


@pytest.mark.parametrize(
    ("desired", "suggested"),
    [
        ({"ntp": {"syslog": {"servers": "x"}}}, "(did you mean notification/syslog?)"),
        ({"ntp": {"Syslog": {}}}, "(did you mean notification/syslog?)"),
        ({"ntp": {"sysloog": {}}}, "(did you mean notification/syslog?)"),
        ({"ntp": {"external_servers": {}}}, "(did you mean external-servers?)"),
        ({"ntp": {"local-clok": {}}}, "(did you mean local-clock?)"),
        ({"network": {"interfaces": {"if2": {"ntp": True}}}}, "(did you mean network/interfaces/if2/services/ntp"),
        ({"ntp": {"lan0": {}}}, "(known names: "),
    ],
)
def test_suggestions_come_from_the_whole_tree(desired: Node, suggested: str) -> None:
    with pytest.raises(LantimeError) as caught:
        planned(desired)
    assert suggested in caught.value.what


def test_the_whole_tree_is_read_only_if_a_name_is_unknown() -> None:
    def fail() -> t.NoReturn:
        raise AssertionError

    current = canonical({"ntp": DEVICE["ntp"], "network": DEVICE["network"]})
    for desired, policy in (
        (SERVER, PlanPolicy()),
        (NAME, PlanPolicy(missing="create")),
        (NAME, PlanPolicy(missing="ignore")),
        (PORT, PlanPolicy(missing="create")),
    ):
        make_plan(current, canonical(desired), policy, fail)
    with pytest.raises(LantimeError, match="no such item"):
        make_plan(current, canonical(PORT), PlanPolicy(), fail)
    with pytest.raises(LantimeError, match="did you mean local-clock"):
        make_plan(current, canonical(NAME), PlanPolicy(), lambda: None)


def test_create_warns_with_suggestions() -> None:
    plan = planned({"ntp": {"local-clok": {"stratum": 3}, "trusted_keys": "2"}}, missing="create")
    (warning,) = plan.warnings
    assert "ntp/local-clok (did you mean local-clock?)" in warning
    assert "ntp/trusted_keys (did you mean trusted-keys?)" in warning
    assert plan.invented == {("ntp", "local-clok"), ("ntp", "trusted_keys")}
    many = planned({"ntp": {f"name{number}": 1 for number in range(12)}}, missing="create")
    assert "and 2 more" in many.warnings[0]


def test_problems_keep_the_order_of_the_configuration() -> None:
    with pytest.raises(LantimeError) as caught:
        planned({"ntp": {"a-name": 1, "local-clock": {"stratum": "high"}, "external-servers": {"1": 5}, "b-name": 1}})
    assert [problem["path"] for problem in caught.value.extra["problems"]] == [
        "ntp/a-name",
        "ntp/local-clock/stratum",
        "ntp/external-servers/1",
        "ntp/b-name",
    ]


@pytest.mark.parametrize("keys", [(1, "1"), ("1", 1), (0, "0")])
def test_a_name_is_given_once(keys: tuple[t.Any, t.Any]) -> None:
    with pytest.raises(LantimeError) as caught:
        canonical({"ntp": {"external-servers": {key: {"address": "192.0.2.1"} for key in keys}}})
    assert caught.value.code == "duplicate_object_id"
    assert caught.value.path == f"ntp/external-servers/{keys[0]}"
