# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of each kind of change in every form of writing, and changes that would overwrite what cannot be read."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.change_writer import ChangeWriter
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._api.http_errors import ABSENT_CODES
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

Request = tuple[str, str, t.Any]

CONFIG: dict[str, t.Any] = {
    "ntp": {
        "stratum": 5,
        "on": True,
        "servers": [
            {"object-id": "1", "address": "a", "below": {"port": 1}, "keys": [{"object-id": "k", "id": 1}]},
            {"object-id": "2", "address": "b", "below": {"port": 2}, "keys": []},
        ],
        "empty": [],
    },
    "snmp": {
        "contact": "noc",
        "community": "****",
        "users": [{"object-id": "u", "name": "x", "password": "****"}, {"object-id": "v", "name": "y", "password": ""}],
    },
}


class FakeDevice:
    """A device that shows a configuration and notes each write. errors: by number of the write, from 1."""

    config_root = ("config",)

    def __init__(self, errors: dict[int, LantimeError] | None = None, late: bool = False, **dialect: str) -> None:
        self.config = copy.deepcopy(CONFIG)
        self.dialect = make_dialect(dialect)
        self.errors = errors or {}
        self.is_shown_late = late
        self.writes: list[Request] = []
        self.reads: list[str] = []

    def config_node(self, path: tuple[str, ...], raw: bool = False) -> t.Any:
        self.reads.append("/".join(path) + ("?raw" if raw else ""))
        node: t.Any = self.config
        for name in path:
            if isinstance(node, list):
                node = next((item for item in node if item["object-id"] == name), None)
            else:
                node = node.get(name)
            if node is None:
                raise LantimeError("not_found", "no such node")
        return copy.deepcopy(node)

    def known_config_node(self, path: tuple[str, ...]) -> t.Any:
        return self.config_node(path)

    def write(self, method: str, path: t.Sequence[str], body: t.Any) -> None:
        self.writes.append((method, "/".join(path), body))
        error = self.errors.get(len(self.writes))
        if error is not None:
            raise error


def requests_for(change: Change, **dialect: t.Any) -> list[Request]:
    device = FakeDevice(**dialect)
    ChangeWriter(t.cast("t.Any", device)).apply(change, device.config.get(change.path[0], {}))
    return device.writes


ONE = Change("set", ("ntp",), {"stratum": 5}, {"stratum": 7})
TWO = Change("set", ("ntp",), {"stratum": 5, "on": True}, {"stratum": 7, "on": False})
CREATE = Change("create", ("ntp", "servers", "3"), None, {"address": "c"})
DEEP = Change("create", ("ntp", "servers", "3"), None, {"below": {"port": 3}, "keys": {"k": {"id": 7}}})
DELETE = Change("delete", ("ntp", "servers", "1"), {"address": "a"}, {})
PATH, ITEM = "config/ntp/stratum", "config/ntp/servers/3"


@pytest.mark.parametrize(
    ("change", "dialect", "requests"),
    [
        (ONE, {}, [("PUT", PATH, {"stratum": 7})]),
        (ONE, {"set_body": "value"}, [("PUT", PATH, {"value": 7})]),
        (ONE, {"set_body": "bare"}, [("PUT", PATH, 7)]),
        (ONE, {"set_body": "data"}, [("PUT", PATH, {"data": {"stratum": 7}})]),
        (ONE, {"set_body": "parameters"}, [("PUT", PATH, {"parameters": {"stratum": 7}})]),
        (ONE, {"set_target": "post-object"}, [("POST", PATH, {"stratum": 7})]),
        (ONE, {"set_target": "menu"}, [("PUT", "config/ntp", {"stratum": 7})]),
        (ONE, {"set_target": "menu", "set_body": "data"}, [("PUT", "config/ntp", {"data": {"stratum": 7}})]),
        (ONE, {"set_target": "patch-menu"}, [("PATCH", "config/ntp", {"stratum": 7})]),
        (ONE, {"set_target": "command"}, [("PUT", "set", {"parameters": {"path": "/config/ntp/stratum", "value": 7}})]),
        (TWO, {}, [("PUT", "config/ntp", {"stratum": 7, "on": False})]),
        (TWO, {"set_body": "data"}, [("PUT", "config/ntp", {"data": {"stratum": 7, "on": False}})]),
        (TWO, {"set_target": "object"}, [("PUT", PATH, {"stratum": 7}), ("PUT", "config/ntp/on", {"on": False})]),
        (TWO, {"set_body": "value"}, [("PUT", PATH, {"value": 7}), ("PUT", "config/ntp/on", {"value": False})]),
        (TWO, {"set_body": "bare"}, [("PUT", PATH, 7), ("PUT", "config/ntp/on", False)]),
        (TWO, {"menu_put": "replace"}, [("PUT", PATH, {"stratum": 7}), ("PUT", "config/ntp/on", {"on": False})]),
        (
            Change("set", ("ntp", "servers", "1"), {}, {"below": {"port": 9, "x": 1}}),
            {},
            [
                ("PUT", "config/ntp/servers/1/below/port", {"port": 9}),
                ("PUT", "config/ntp/servers/1/below/x", {"x": 1}),
            ],
        ),
        (CREATE, {}, [("PUT", ITEM, {"address": "c"})]),
        (CREATE._replace(after={}), {}, [("PUT", ITEM, {})]),
        (DEEP, {}, [("PUT", ITEM, {"below": {"port": 3}, "keys": [{"object-id": "k", "id": 7}]})]),
        (CREATE, {"set_body": "data"}, [("PUT", ITEM, {"data": {"address": "c"}})]),
        (CREATE, {"list_add": "post-list"}, [("POST", "config/ntp/servers", {"object-id": "3", "address": "c"})]),
        (
            CREATE,
            {"list_add": "command"},
            [
                ("PUT", "add", {"parameters": {"path": "/config/ntp/servers", "object-id": "3"}}),
                ("PUT", f"{ITEM}/address", {"address": "c"}),
            ],
        ),
        (
            CREATE._replace(after={}),
            {"list_add": "command"},
            [("PUT", "add", {"parameters": {"path": "/config/ntp/servers", "object-id": "3"}})],
        ),
        (
            CREATE,
            {"menu_put": "refuse-incomplete"},
            [("PUT", ITEM, {}), ("PUT", f"{ITEM}/address", {"address": "c"})],
        ),
        (CREATE._replace(after={}), {"menu_put": "refuse-incomplete"}, [("PUT", ITEM, {})]),
        (
            CREATE,
            {"list_add": "put-list"},
            [
                (
                    "PUT",
                    "config/ntp/servers",
                    {"servers": [*CONFIG["ntp"]["servers"], {"object-id": "3", "address": "c"}]},
                )
            ],
        ),
        (
            Change("create", ("ntp", "empty", "1"), None, {"a": 1}),
            {"list_add": "put-list", "set_body": "bare"},
            [("PUT", "config/ntp/empty", [{"object-id": "1", "a": 1}])],
        ),
        (
            Change("create", ("ntp", "servers", "2"), None, {"address": "c"}),
            {"list_add": "fixed-slots"},
            [("PUT", "config/ntp/servers/2/address", {"address": "c"})],
        ),
        (DELETE, {}, [("DELETE", "config/ntp/servers/1", None)]),
        (
            DELETE,
            {"list_remove": "command"},
            [("PUT", "delete", {"parameters": {"path": "/config/ntp/servers", "object-id": "1"}})],
        ),
        (
            DELETE,
            {"list_remove": "put-list"},
            [("PUT", "config/ntp/servers", {"servers": [CONFIG["ntp"]["servers"][1]]})],
        ),
        (DELETE, {"list_remove": "fixed-slots"}, [("PUT", "config/ntp/servers/1/address", {"address": ""})]),
        (ONE._replace(after={}), {}, []),
    ],
)
def test_the_requests_of_a_change(change: Change, dialect: dict[str, t.Any], requests: list[Request]) -> None:
    assert requests_for(change, **dialect) == requests


@pytest.mark.parametrize("target", ["menu", "patch-menu"])
@pytest.mark.parametrize("how", ["replace", "refuse-incomplete"])
def test_a_menu_that_is_written_as_a_whole_keeps_its_content(target: str, how: str) -> None:
    ((_method, path, body),) = requests_for(ONE, set_target=target, menu_put=how)
    assert (path, body) == ("config/ntp", {**CONFIG["ntp"], "stratum": 7})


CONTACT = Change("set", ("snmp",), {"contact": "noc"}, {"contact": "x"})
WHOLE = {"set_target": "menu", "menu_put": "replace"}


@pytest.mark.parametrize(
    ("change", "dialect", "message"),
    [
        (CONTACT, WHOLE, "overwrite the secret snmp/community"),
        (CONTACT, {**WHOLE, "secret_get": "empty"}, "overwrite the secret snmp/community"),
        (CONTACT, {**WHOLE, "secret_get": "absent"}, "overwrite any secrets in it"),
        (
            Change("create", ("snmp", "users", "w"), None, {"name": "z"}),
            {"list_add": "put-list"},
            "overwrite the secret snmp/users/u/password",
        ),
        (
            Change("delete", ("snmp", "users", "v"), {"name": "y"}, {}),
            {"list_remove": "put-list"},
            "overwrite the secret snmp/users/u/password",
        ),
        (
            Change("delete", ("snmp", "users", "u"), {"name": "x"}, {}),
            {"list_remove": "put-list", "secret_get": "empty"},
            "overwrite the secret snmp/users/v/password",
        ),
    ],
)
def test_a_secret_that_cannot_be_sent_back_is_not_overwritten(
    change: Change, dialect: dict[str, t.Any], message: str
) -> None:
    device = FakeDevice(**dialect)
    with pytest.raises(LantimeError) as caught:
        ChangeWriter(t.cast("t.Any", device)).apply(change, {})
    assert (caught.value.code, caught.value.effect_unknown, device.writes) == ("rejected", False, [])
    assert message in caught.value.what


@pytest.mark.parametrize(
    ("change", "dialect", "body"),
    [
        (
            Change("delete", ("snmp", "users", "u"), {"name": "x"}, {}),
            {"list_remove": "put-list"},
            {"users": [{"object-id": "v", "name": "y"}]},
        ),
        (CONTACT, {**WHOLE, "secret_get": "clear"}, {**CONFIG["snmp"], "contact": "x"}),
        (
            CONTACT,
            {**WHOLE, "menu_put": "refuse-incomplete"},
            {"contact": "x", "users": [{"object-id": "u", "name": "x"}, {"object-id": "v", "name": "y"}]},
        ),
    ],
)
def test_secrets_that_may_be_left_out(change: Change, dialect: dict[str, t.Any], body: t.Any) -> None:
    ((_method, _path, sent),) = requests_for(change, **dialect)
    assert sent == body


@pytest.mark.parametrize("items", [[{"object-id": "1"}, {"object-id": "1"}], [{"object-id": "1"}, {"a": 1}], 5])
def test_a_table_whose_items_cannot_be_told_apart_is_not_written(items: t.Any) -> None:
    device = FakeDevice(list_add="put-list", list_remove="put-list")
    device.config["ntp"]["servers"] = items
    for change in (CREATE, DELETE):
        with pytest.raises(LantimeError) as caught:
            ChangeWriter(t.cast("t.Any", device)).apply(change, {})
        assert (caught.value.code, caught.value.path, device.writes) == ("duplicate_object_id", "ntp/servers", [])


def refusal(code: str) -> LantimeError:
    return LantimeError(code, "refused")


@pytest.mark.parametrize("code", sorted(ABSENT_CODES))
def test_names_are_sent_one_by_one_if_the_device_has_no_menus(code: str) -> None:
    device = FakeDevice({1: refusal(code)})
    menu = canonical(device.config["ntp"]).value
    writer = ChangeWriter(t.cast("t.Any", device))
    writer.apply(TWO, menu)
    assert [path for _method, path, _body in device.writes] == ["config/ntp", PATH, "config/ntp/on"]
    assert writer.learned_dialect == {"set_target": "object"}
    writer.apply(TWO, menu)
    assert [path for _method, path, _body in device.writes[3:]] == [PATH, "config/ntp/on"]


@pytest.mark.parametrize("code", ["conflict", "disconnected", "server_error", "auth_failed"])
def test_other_refusals_of_a_menu_are_raised(code: str) -> None:
    device = FakeDevice({1: refusal(code)})
    writer = ChangeWriter(t.cast("t.Any", device))
    with pytest.raises(LantimeError) as caught:
        writer.apply(TWO, canonical(device.config["ntp"]).value)
    assert (caught.value.effect_unknown, len(device.writes), writer.learned_dialect) == (False, 1, {})


@pytest.mark.parametrize("present", [{"stratum": 7}, {"on": False}, {"stratum": None}, {}])
def test_a_refused_menu_that_took_effect_is_not_sent_again(present: dict[str, t.Any]) -> None:
    device = FakeDevice({1: refusal("not_found")})
    menu = canonical(device.config["ntp"]).value
    device.config["ntp"] = {**device.config["ntp"], **present} if present else {"on": True}
    with pytest.raises(LantimeError) as caught:
        ChangeWriter(t.cast("t.Any", device)).apply(TWO, menu)
    assert (caught.value.effect_unknown, len(device.writes)) == (True, 1)


@pytest.mark.parametrize(
    ("change", "dialect", "failing", "unknown"),
    [
        (ONE, {}, 1, False),
        (TWO, {"set_target": "object"}, 1, False),
        (TWO, {"set_target": "object"}, 2, True),
        (CREATE, {"list_add": "command"}, 1, False),
        (CREATE, {"list_add": "command"}, 2, True),
    ],
)
def test_after_the_first_request_the_effect_of_an_error_is_unknown(
    change: Change, dialect: dict[str, t.Any], failing: int, unknown: bool
) -> None:
    device = FakeDevice({failing: refusal("rejected")}, **dialect)
    with pytest.raises(LantimeError) as caught:
        ChangeWriter(t.cast("t.Any", device)).apply(change, {})
    assert caught.value.effect_unknown is unknown
    assert len(device.writes) == failing


def test_a_slot_that_does_not_exist_is_not_filled() -> None:
    device = FakeDevice(list_add="fixed-slots")
    with pytest.raises(LantimeError) as caught:
        ChangeWriter(t.cast("t.Any", device)).apply(CREATE, {})
    assert (caught.value.code, device.writes) == ("not_found", [])


def test_an_emptied_item_keeps_numbers_and_switches() -> None:
    device = FakeDevice(list_remove="fixed-slots", set_target="object")
    item = {"object-id": "1", "address": "a", "on": "enabled", "n": "5", "below": {"label": "x", "port": 1}, "e": ""}
    device.config["ntp"]["servers"][0] = {**item, "password": "****"}
    writer = ChangeWriter(t.cast("t.Any", device))
    writer.apply(DELETE, {})
    assert {path: body for _method, path, body in device.writes} == {
        f"config/ntp/servers/1/{name}": {name.rpartition("/")[2]: ""} for name in ("address", "below/label", "password")
    }
    assert device.reads == ["ntp/servers/1?raw"]
    emptied = writer.emptied_items[DELETE.path]
    assert sorted(path[3:] for path in emptied) == [("address",), ("below", "label"), ("password",)]
    writer.apply(Change("create", DELETE.path, None, {"address": "c"}), {})
    assert writer.emptied_items == {}


@pytest.mark.parametrize("late", [True, False])
def test_changes_that_are_not_shown_yet_are_part_of_a_whole_table(late: bool) -> None:
    device = FakeDevice(late=late, list_add="put-list", list_remove="put-list")
    writer = ChangeWriter(t.cast("t.Any", device))
    writer.apply(DELETE, {})
    writer.apply(CREATE, {})
    ((_method, _path, first), (_method2, _path2, second)) = device.writes
    assert [item["object-id"] for item in first["servers"]] == ["2"]
    expected = ["2", "3"] if late else ["1", "2", "3"]
    assert [item["object-id"] for item in second["servers"]] == expected
    writer.forget_unseen()
    writer.apply(CREATE, {})
    assert [item["object-id"] for item in device.writes[2][2]["servers"]] == ["1", "2", "3"]
