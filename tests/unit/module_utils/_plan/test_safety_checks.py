# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that would cut off the task's own access, or that restrict does not allow."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.safety_checks import Access, check_safety
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

DEVICE: dict[str, t.Any] = {
    "network": {
        "interfaces": [
            {"object-id": "vif0", "ipv4": {"address": "192.0.2.1"}, "services": {"https": True, "http": True}},
            {"object-id": "vif1", "ipv4": {"address": "192.0.2.2"}, "services": {"https": True, "http": True}},
        ]
    },
    "security": {"users": [{"object-id": "ansible", "level": "admin"}, {"object-id": "guest", "level": "info"}]},
    "system": {"rest-api": True},
    "ntp": {"servers": [{"object-id": "1", "address": "a"}], "keys": [3, 1, 2]},
}


def checked_plan(
    desired: dict[str, t.Any],
    state: str = "merged",
    access: Access = Access("192.0.2.1", True, "ansible"),  # noqa: B008
    restrict: list[str] | None = None,
) -> Plan:
    made = make_plan(canonical(DEVICE), canonical(desired), PlanPolicy(state=state))
    check_safety(made, canonical(DEVICE).value, access, restrict)
    return made


def services(interface: str, **on: bool) -> dict[str, t.Any]:
    return {"network": {"interfaces": {interface: {"services": on}}}}


@pytest.mark.parametrize(
    ("desired", "state"),
    [
        (services("vif0", https=False), "merged"),
        ({"security": {"users": {"ansible": {"level": "info"}}}}, "merged"),
        ({"security": {"users": {"ansible": {}}}}, "deleted"),
        ({"security": {"users": {"guest": {}}}}, "overridden"),
        ({"system": {"rest-api": False}}, "merged"),
        ({"network": {"interfaces": {"vif0": {}}}}, "deleted"),
    ],
)
def test_a_change_that_cuts_off_the_task_is_refused(desired: dict[str, t.Any], state: str) -> None:
    with pytest.raises(LantimeError) as caught:
        checked_plan(desired, state)
    assert caught.value.code == "protected"


@pytest.mark.parametrize(
    ("desired", "state"),
    [
        (services("vif1", https=False), "merged"),
        (services("vif0", http=False), "merged"),
        ({"security": {"users": {"guest": {"level": "admin"}}}}, "merged"),
        ({"security": {"users": {"guest": {}}}}, "deleted"),
        ({"network": {"interfaces": {"vif1": {}}}}, "deleted"),
    ],
)
def test_access_of_others_may_change(desired: dict[str, t.Any], state: str) -> None:
    assert checked_plan(desired, state).changes


def test_no_interface_loses_the_service_if_the_own_one_is_unknown() -> None:
    for host, tls, service in (("ts1", True, "https"), ("198.51.100.1", False, "http")):
        for interface in ("vif0", "vif1"):
            with pytest.raises(LantimeError, match="is connected through"):
                checked_plan(services(interface, **{service: False}), access=Access(host, tls, None))


def test_restrict_names_what_may_change() -> None:
    desired = {"ntp": {"servers": {"1": {"address": "b"}}, "keys": [1]}}
    assert checked_plan(desired, restrict=["ntp"]).changes
    assert checked_plan(desired, restrict=["ntp/servers/*/address", "ntp/keys"]).changes
    with pytest.raises(LantimeError) as caught:
        checked_plan(desired, restrict=["ntp/servers"])
    assert (caught.value.code, caught.value.path) == ("restricted", "ntp/keys")
    with pytest.raises(LantimeError):
        checked_plan({"ntp": {"servers": {"1": {}}}}, "deleted", restrict=["snmp"])


OWN = Access("192.0.2.1", True, "ansible")
INTERFACES = ("network", "interfaces")
NETWORK = canonical(DEVICE).value


def refused(change: Change, access: Access = OWN, current: t.Any = NETWORK) -> bool:
    """Whether a change is refused as protected."""
    try:
        check_safety(Plan((change,)), current, access, None)
    except LantimeError as error:
        return error.code == "protected"
    return False


@pytest.mark.parametrize("name", ["rest-api", "enable-rest-api"])
@pytest.mark.parametrize(
    ("value", "is_off"),
    [
        *[(value, True) for value in (False, 0, "0", "off", "no", "disabled", "false")],
        *[(value, False) for value in (True, 1, "1", "on", "yes", "enabled", "true", None, "")],
    ],
)
def test_every_spelling_of_off_disables_the_rest_api(name: str, value: t.Any, is_off: bool) -> None:
    assert refused(Change("set", ("system",), {name: True}, {name: value})) is is_off


@pytest.mark.parametrize("use_tls", [True, False])
@pytest.mark.parametrize("service", ["http", "https"])
@pytest.mark.parametrize(
    ("value", "is_off"),
    [
        *[(value, True) for value in (False, 0, "0", "off", "no", "disabled", "false")],
        *[(value, False) for value in (True, 1, "1", "on", "yes", "enabled", "true", None)],
    ],
)
def test_every_spelling_of_off_disables_the_own_service(
    service: str, use_tls: bool, value: t.Any, is_off: bool
) -> None:
    own = Access("192.0.2.1", use_tls, None)
    is_own = service == ("https" if use_tls else "http")
    for interface, is_connected in (("vif0", True), ("vif1", False)):
        change = Change("set", (*INTERFACES, interface, "services"), {service: True}, {service: value})
        assert refused(change, own) is (is_off and is_own and is_connected)


@pytest.mark.parametrize("name", ["address", "ipv4-address", "ipv6-address", "gateway"])
@pytest.mark.parametrize("suffix", ["", "/24"])
def test_every_name_of_an_address_holds_the_own_one(name: str, suffix: str) -> None:
    items = {"a": {"ipv4": {name: f"192.0.2.1{suffix}"}}, "b": {"ipv4": {name: f"192.0.2.2{suffix}"}}}
    current = {"network": {"interfaces": items}}
    is_address = name != "gateway"
    for interface, is_own in (("a", True), ("b", not is_address)):
        off = Change("set", (*INTERFACES, interface, "services"), {"https": True}, {"https": False})
        assert refused(off, OWN, current) is is_own
    deletions = [Change("delete", (*INTERFACES, interface), items[interface], {}) for interface in items]
    assert [refused(change, OWN, current) for change in deletions] == [is_address, False]


@pytest.mark.parametrize("name", ["level", "user-level", "group", "role", "comment"])
def test_the_own_level_stays(name: str) -> None:
    own, other = (("security", "users", user) for user in ("ansible", "guest"))
    assert refused(Change("set", own, {name: "a"}, {name: "b"})) is (name != "comment")
    assert refused(Change("set", other, {name: "a"}, {name: "b"})) is False
    assert refused(Change("create", own, None, {name: "b"})) is False
    assert refused(Change("delete", own, {name: "a"}, {})) is True
    assert refused(Change("delete", other, {name: "a"}, {})) is False
    assert refused(Change("delete", ("security", "keys", "ansible"), {name: "a"}, {})) is False
    assert refused(Change("delete", ("users",), {name: "a"}, {}), OWN._replace(username="users")) is False


def test_only_services_of_an_interface_that_exists_are_protected() -> None:
    services = ("interfaces", "x", "services")
    assert refused(Change("create", (*INTERFACES, "new"), None, {"services": {"https": False}})) is False
    assert refused(Change("set", ("web",), {"https": True}, {"https": False})) is False
    trees: list[t.Any] = [{}, {"interfaces": 5}, {"interfaces": {}}]
    for current in trees:
        assert refused(Change("set", services, {"https": True}, {"https": False}), OWN, current) is True


def test_all_refused_changes_are_listed() -> None:
    changes = (
        Change("set", ("system",), {"rest-api": True}, {"rest-api": False}),
        Change("delete", ("security", "users", "ansible"), {"level": "admin"}, {}),
        Change("set", ("ntp",), {"a": 1}, {"a": 2}),
    )
    with pytest.raises(LantimeError) as caught:
        check_safety(Plan(changes), NETWORK, OWN, ["system"])
    problems = [(p["code"], p["path"]) for p in caught.value.extra["problems"]]
    assert problems == [
        ("protected", "system/rest-api"),
        ("restricted", "security/users/ansible/level"),
        ("protected", "security/users/ansible"),
        ("restricted", "ntp/a"),
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (Change("set", ("ntp",), {"a": 1}, {"a": 2}), "ntp/a"),
        (Change("create", ("ntp", "servers", "2"), None, {"address": "b"}), "ntp/servers/2/address"),
        (Change("create", ("ntp", "servers", "2"), None, {}), "ntp/servers/2"),
        (Change("delete", ("ntp", "servers", "1"), {"address": "a"}, {}), "ntp/servers/1/address"),
    ],
)
def test_an_empty_restrict_allows_nothing(change: Change, path: str) -> None:
    with pytest.raises(LantimeError) as caught:
        check_safety(Plan((change,)), NETWORK, OWN, [])
    assert (caught.value.code, caught.value.path) == ("restricted", path)
