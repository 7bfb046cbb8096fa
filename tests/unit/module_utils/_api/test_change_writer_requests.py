# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer of changes against a simulated device: the requests of each form, and what it makes of refusals."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, connection_options
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

Tree = dict[str, t.Any]
Requests = list[tuple[str, str, t.Any]]

CONTACT = Change("set", ("snmp",), {"contact": "operations"}, {"contact": "noc"})
TWO = Change("set", ("snmp",), {"contact": "operations", "retries": 3}, {"contact": "noc", "retries": 5})
SERVERS = "ntp/external-servers"
CREATED = Change("create", ("ntp", "external-servers", "7"), None, {"address": "192.0.2.7"})
DELETED = Change("delete", ("ntp", "external-servers", "8"), {"address": "192.0.2.8"}, {})


@pytest.fixture(scope="module")
def started() -> t.Iterator[SharedFleet]:
    with SharedFleet([DeviceSpec("ts1", "m600-7.10", tls=False, autosave=False)], freeze=True) as fleet:
        yield fleet


@pytest.fixture
def simulated(started: SharedFleet) -> t.Any:
    return started.reset()["ts1"]


@pytest.fixture
def api(simulated: t.Any) -> t.Iterator[t.Callable[..., Device]]:
    clients = []

    def make(**dialect: str) -> Device:
        simulated.set_dialect(**dialect)
        options = {**connection_options(simulated), "use_tls": False, "ca_path": None, "retries": 0}
        clients.append(Client(Settings(**options)))
        return Device(clients[-1], make_dialect(dialect))

    yield make
    for client in clients:
        client.close()


def sent(simulated: t.Any) -> Requests:
    """The writes that the device received."""
    return [(e["method"], e["path"].removeprefix("/api/"), e["body"]) for e in simulated.ledger if e["method"] != "GET"]


def servers(simulated: t.Any) -> Tree:
    return {item["object-id"]: item["address"] for item in simulated.running()["ntp"]["external-servers"]}


def refusal(api: Device, change: Change, menu: Tree | None = None) -> LantimeError:
    with pytest.raises(LantimeError) as caught:
        api.apply(change, menu or {})
    return caught.value


# -- forms (A2, A3)

ROOT = "config/snmp"
TARGETS: dict[str, tuple[str, str, t.Any]] = {
    "object": ("PUT", f"{ROOT}/contact", {"contact": "noc"}),
    "menu": ("PUT", ROOT, {"contact": "noc"}),
    "patch-menu": ("PATCH", ROOT, {"contact": "noc"}),
    "post-object": ("POST", f"{ROOT}/contact", {"contact": "noc"}),
    "command": ("PUT", "set", {"parameters": {"path": f"/{ROOT}/contact", "value": "noc"}}),
}
OBJECT_BODIES: dict[str, t.Any] = {
    "named": {"contact": "noc"},
    "value": {"value": "noc"},
    "bare": "noc",
    "data": {"data": {"contact": "noc"}},
    "parameters": {"parameters": {"contact": "noc"}},
}
MENU_BODIES: dict[str, t.Any] = {
    "named": {"contact": "noc"},
    "value": {"value": {"contact": "noc"}},
    "bare": {"contact": "noc"},
    "data": {"data": {"contact": "noc"}},
    "parameters": {"parameters": {"contact": "noc"}},
}


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_has_its_request(target: str, api: t.Callable[..., Device], simulated: t.Any) -> None:
    api(set_target=target).apply(CONTACT, {})
    assert sent(simulated) == [TARGETS[target]]
    assert simulated.running()["snmp"]["contact"] == "noc"


@pytest.mark.parametrize("body", OBJECT_BODIES)
def test_each_body_of_an_object(body: str, api: t.Callable[..., Device], simulated: t.Any) -> None:
    api(set_body=body).apply(CONTACT, {})
    assert sent(simulated) == [("PUT", f"{ROOT}/contact", OBJECT_BODIES[body])]


@pytest.mark.parametrize("body", MENU_BODIES)
def test_each_body_of_a_menu(body: str, api: t.Callable[..., Device], simulated: t.Any) -> None:
    api(set_target="menu", set_body=body).apply(CONTACT, {})
    assert sent(simulated) == [("PUT", ROOT, MENU_BODIES[body])]


def test_the_configuration_root_is_that_of_the_dialect(api: t.Callable[..., Device], simulated: t.Any) -> None:
    api(config_root="cfg").apply(CONTACT, {})
    assert sent(simulated)[0][1] == "cfg/snmp/contact"


# -- several names of a menu

TOGETHER: Requests = [("PUT", ROOT, {"contact": "noc", "retries": 5})]
SINGLY: Requests = [("PUT", f"{ROOT}/contact", {"contact": "noc"}), ("PUT", f"{ROOT}/retries", {"retries": 5})]


def test_several_names_go_in_one_request(api: t.Callable[..., Device], simulated: t.Any) -> None:
    device = api()
    device.apply(TWO, {})
    assert sent(simulated) == TOGETHER
    assert device.learned_dialect == {}


@pytest.mark.parametrize("dialect", [{"set_target": "object"}, {"set_body": "value"}, {"set_body": "bare"}])
def test_several_names_go_singly_if_the_dialect_says_so(
    dialect: dict[str, str], api: t.Callable[..., Device], simulated: t.Any
) -> None:
    api(**dialect).apply(TWO, {})
    assert [request[1] for request in sent(simulated)] == [request[1] for request in SINGLY]


def test_a_menu_that_is_replaced_is_not_sent_in_part(api: t.Callable[..., Device], simulated: t.Any) -> None:
    api(menu_put="replace").apply(TWO, {})
    assert sent(simulated) == SINGLY


def test_names_refused_together_are_sent_singly_from_then_on(api: t.Callable[..., Device], simulated: t.Any) -> None:
    simulated.set_dialect(menu_put_refused=True)
    device = api()
    device.apply(TWO, {"contact": "operations", "retries": 3})
    assert sent(simulated) == TOGETHER + SINGLY
    assert device.learned_dialect == {"set_target": "object"}
    simulated.clear_ledger()
    device.apply(Change("set", ("snmp",), {}, {"location": "a", "timeout": 4}), {})
    assert [request[1] for request in sent(simulated)] == [f"{ROOT}/location", f"{ROOT}/timeout"]


def test_names_refused_together_are_not_sent_again_if_the_menu_has_changed(
    api: t.Callable[..., Device], simulated: t.Any
) -> None:
    simulated.add_fault("error-after-effect", method="PUT", status=400, times=1)
    error = refusal(api(), TWO, {"contact": "operations", "retries": 3})
    assert (error.code, error.effect_unknown) == ("rejected", True)
    assert sent(simulated) == TOGETHER


@pytest.mark.parametrize("status", [401, 403, 409, 503])
def test_another_refusal_is_no_reason_to_send_singly(
    status: int, api: t.Callable[..., Device], simulated: t.Any
) -> None:
    simulated.add_fault("status", method="PUT", status=status, times=1)
    assert refusal(api(), TWO).effect_unknown is (status >= 500)
    assert sent(simulated) == TOGETHER


@pytest.mark.parametrize(("nth", "unknown"), [(1, False), (2, True)])
def test_a_refusal_after_an_accepted_request_leaves_the_effect_unknown(
    nth: int, unknown: bool, api: t.Callable[..., Device], simulated: t.Any
) -> None:
    simulated.add_fault("status", method="PUT", status=400, nth=nth)
    error = refusal(api(set_target="object"), TWO)
    assert error.effect_unknown is unknown
    assert error.host == simulated.host
    assert len(sent(simulated)) == nth


# -- whole menus (A4, A16)


def test_a_menu_that_is_taken_as_a_whole_is_sent_as_a_whole(api: t.Callable[..., Device], simulated: t.Any) -> None:
    before = simulated.running()["snmp"]
    api(set_target="menu", menu_put="refuse-incomplete").apply(CONTACT, {})
    ((method, path, body),) = sent(simulated)
    shown = {name: value for name, value in before.items() if "community" not in name}
    assert (method, path) == ("PUT", ROOT)
    assert set(body) == set(shown)
    assert (body["contact"], body["location"]) == ("noc", before["location"])
    assert simulated.running()["snmp"] == {**before, "contact": "noc"}


@pytest.mark.parametrize("secret_get", ["masked", "hash", "empty", "absent"])
def test_a_menu_with_unreadable_secrets_is_not_replaced(
    secret_get: str, api: t.Callable[..., Device], simulated: t.Any
) -> None:
    error = refusal(api(set_target="menu", menu_put="replace", secret_get=secret_get), CONTACT)
    assert error.code == "rejected"
    assert "would overwrite" in error.what
    assert not error.effect_unknown
    assert sent(simulated) == []


def test_a_menu_with_readable_secrets_is_replaced_with_them(api: t.Callable[..., Device], simulated: t.Any) -> None:
    before = simulated.running()["snmp"]
    api(set_target="menu", menu_put="replace", secret_get="clear").apply(CONTACT, {})
    assert simulated.running()["snmp"] == {**before, "contact": "noc"}


# -- items of tables (A6, A7)

TABLE = f"config/{SERVERS}"
ADDED: dict[str, Requests] = {
    "put-item": [("PUT", f"{TABLE}/7", {"address": "192.0.2.7"})],
    "post-list": [("POST", TABLE, {"object-id": "7", "address": "192.0.2.7"})],
    "command": [
        ("PUT", "add", {"parameters": {"path": f"/{TABLE}", "object-id": "7"}}),
        ("PUT", f"{TABLE}/7/address", {"address": "192.0.2.7"}),
    ],
}
REMOVED: dict[str, Requests] = {
    "delete-item": [("DELETE", f"{TABLE}/8", None)],
    "command": [("PUT", "delete", {"parameters": {"path": f"/{TABLE}", "object-id": "8"}})],
}


@pytest.mark.parametrize("form", ["put-item", "post-list", "command", "put-list"])
def test_each_form_adds_an_item(form: str, api: t.Callable[..., Device], simulated: t.Any) -> None:
    simulated.change(f"{SERVERS}/8", {"address": "192.0.2.8"})
    api(list_add=form).apply(CREATED, {})
    assert servers(simulated) == {"7": "192.0.2.7", "8": "192.0.2.8"}
    if form == "put-list":
        ((method, path, body),) = sent(simulated)
        assert (method, path) == ("PUT", TABLE)
        assert sorted(item["object-id"] for item in body["external-servers"]) == ["7", "8"]
    else:
        assert sent(simulated) == ADDED[form]


def test_an_item_of_a_menu_that_must_be_complete_is_created_empty(
    api: t.Callable[..., Device], simulated: t.Any
) -> None:
    api(menu_put="refuse-incomplete").apply(CREATED, {})
    assert sent(simulated)[0] == ("PUT", f"{TABLE}/7", {})
    assert servers(simulated) == {"7": "192.0.2.7"}


def test_an_item_that_was_created_and_not_filled_may_be_there(api: t.Callable[..., Device], simulated: t.Any) -> None:
    simulated.add_fault("status", method="PUT", status=400, nth=2)
    error = refusal(api(list_add="command"), CREATED)
    assert error.effect_unknown
    assert servers(simulated) == {"7": ""}


@pytest.mark.parametrize("form", ["delete-item", "command", "put-list"])
def test_each_form_removes_an_item(form: str, api: t.Callable[..., Device], simulated: t.Any) -> None:
    for number in ("8", "9"):
        simulated.change(f"{SERVERS}/{number}", {"address": f"192.0.2.{number}"})
    api(list_remove=form).apply(DELETED, {})
    assert servers(simulated) == {"9": "192.0.2.9"}
    if form == "put-list":
        assert [(method, path) for method, path, _body in sent(simulated)] == [("PUT", TABLE)]
    else:
        assert sent(simulated) == REMOVED[form]


def test_an_item_in_a_fixed_slot_is_emptied(api: t.Callable[..., Device], simulated: t.Any) -> None:
    device = api(list_remove="fixed-slots", list_add="fixed-slots")
    slot = simulated.running()["ntp"]["external-servers"][0]["object-id"]
    simulated.change(f"{SERVERS}/{slot}/address", "192.0.2.8")
    path = ("ntp", "external-servers", slot)
    device.apply(Change("delete", path, {"address": "192.0.2.8"}, {}), {})
    assert simulated.running()["ntp"]["external-servers"][0]["address"] == ""
    assert device.emptied_items == {path: ((*path, "address"),)}
    device.apply(Change("create", path, None, {"address": "192.0.2.9"}), {})
    assert device.emptied_items == {}
    assert [body for _method, _path, body in sent(simulated)] == [{"address": ""}, {"address": "192.0.2.9"}]


def test_a_table_with_an_ambiguous_item_is_not_sent(api: t.Callable[..., Device], simulated: t.Any) -> None:
    simulated.change(f"{SERVERS}/8", {"address": "192.0.2.8"})
    simulated.add_fault("hostile-id", object_id="8", path="/api/config/ntp/external-servers")
    error = refusal(api(list_add="put-list"), CREATED)
    assert error.code == "duplicate_object_id"
    assert sent(simulated) == []


# -- changes that the device shows later (A8)


def test_a_change_that_is_not_shown_yet_is_in_the_next_whole_menu(
    api: t.Callable[..., Device], simulated: t.Any
) -> None:
    device = api(set_target="menu", menu_put="refuse-incomplete", effect="staged")
    device.apply(CONTACT, {})
    device.apply(Change("set", ("snmp",), {"location": "rack 1"}, {"location": "hall 3"}), {})
    first, second = (body for _method, _path, body in sent(simulated))
    assert (first["contact"], first["location"]) == ("noc", "rack 1")
    assert (second["contact"], second["location"]) == ("noc", "hall 3")
    device.activate()
    running = simulated.running()["snmp"]
    assert (running["contact"], running["location"]) == ("noc", "hall 3")
    assert sent(simulated)[-1] == ("PUT", "apply", {"parameters": {}})
