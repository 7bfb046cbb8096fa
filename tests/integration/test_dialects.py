# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing in every form that a device may want: what is meant takes effect, and nothing else."""

from __future__ import annotations

import contextlib
import copy
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import CHOICES, make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, value_at
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import path_of
from ansible_collections.meinberg.lantime.tests.devices import connection_options
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

VALUES = {choice.key: choice.values for choice in CHOICES}
SERVERS = "ntp/external-servers"
TRAPS = "notification/snmp/trap-receivers"


@contextlib.contextmanager
def open_device(device: t.Any, **dialect: str) -> t.Iterator[Device]:
    with Client(Settings(**connection_options(device, "root"))) as client:
        yield Device(client, make_dialect(dialect))


def tree_of(device: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", canonical(device.running()).value)


def item_of(tree: dict[str, t.Any], path: str) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", value_at(tree, path_of(path)))


def change(api: Device, path: str, **after: t.Any) -> None:
    """A set as lantime_config sends it: names with a dash are written with an underscore here."""
    names = {name.replace("_", "-"): value for name, value in after.items()}
    place = path_of(path)
    menu = canonical(api.config_node(place), place).value
    api.apply(Change("set", place, {n: menu.get(n) for n in names}, names), menu)


def create(api: Device, path: str, after: dict[str, t.Any]) -> None:
    api.apply(Change("create", path_of(path), None, after), {})


def delete(api: Device, path: str) -> None:
    place = path_of(path)
    before = canonical(api.config_node(place), place).value
    api.apply(Change("delete", place, before, {}), before)


def agree_on(device: t.Any, **dialect: str) -> dict[str, str]:
    """The device gets these forms, and so does the client."""
    device.set_dialect(**dialect)
    return dialect


def writes_of(device: t.Any) -> list[tuple[str, str]]:
    return [(e["method"], e["path"]) for e in device.ledger if e["write"]]


def prepared(device: t.Any) -> dict[str, t.Any]:
    """A device with two NTP servers, and its tree."""
    for item in list(tree_of(device)["ntp"]["external-servers"]):
        device.change(f"{SERVERS}/{item}", None)
    device.change(f"{SERVERS}/1", {"address": "192.0.2.1", "minpoll": 5, "iburst": True})
    device.change(f"{SERVERS}/2", {"address": "192.0.2.2", "key": 7})
    return tree_of(device)


def settled(device: t.Any, expected: dict[str, t.Any]) -> dict[str, t.Any]:
    """The tree as soon as it is what is expected, or as it is after five seconds."""
    limit = time.monotonic() + 5
    while tree_of(device) != expected and time.monotonic() < limit:
        pass
    return tree_of(device)


@pytest.mark.parametrize("body", VALUES["set_body"])
@pytest.mark.parametrize("target", [None, *VALUES["set_target"]])
def test_objects_are_set(fleet: Fleet, target: str | None, body: str) -> None:
    device = fleet["ims"]
    forms = agree_on(device, set_body=body, **({"set_target": target} if target else {}))
    expected = tree_of(device)
    expected["snmp"].update({"location": "hall 4", "contact": 'a "b" \u00e4', "retries": 9})
    expected["snmp"]["v3"]["user-name"] = "watch"
    expected["snmp"]["read-community"] = "canary"
    expected["notification"]["events"]["ntp-sync"]["email"] = True
    with open_device(device, **forms) as api:
        change(api, "snmp", location="hall 4", contact='a "b" \u00e4', retries=9)
        change(api, "snmp/v3", user_name="watch")
        change(api, "snmp", read_community="canary")
        change(api, "notification/events/ntp-sync", email=True)
    assert tree_of(device) == expected
    at_once = target in ("menu", "patch-menu") or (target is None and body not in ("value", "bare"))
    assert len(writes_of(device)) == (4 if at_once else 6)


@pytest.mark.parametrize("target", [None, *VALUES["set_target"]])
@pytest.mark.parametrize("menu_put", VALUES["menu_put"])
def test_a_menu_keeps_what_is_not_named(fleet: Fleet, menu_put: str, target: str | None) -> None:
    device = fleet["ims"]
    expected = prepared(device)
    slot = next(n for n, s in expected["chassis0"]["slots"].items() if "ptp" in s.get("module", {}))
    ptp = f"chassis0/slots/{slot}/module/ptp"
    first = f"{ptp}/instances/ptp1"
    device.change(f"{ptp}/network", {"hostname": "kept", "dscp": 46})
    device.change("ntp/multicast", {"interval": 4, "address": "224.0.1.1"})
    expected = tree_of(device)
    expected["ntp"]["multicast"].update({"interval": 5, "key": 3})
    item_of(expected, first).update({"domain-number": 43, "priority1": 127})
    item_of(expected, f"{ptp}/network/vlan").update({"id": 7})
    item_of(expected, f"{SERVERS}/1").update({"address": "192.0.2.9", "maxpoll": 9})
    forms = agree_on(device, menu_put=menu_put, **({"set_target": target} if target else {}))
    with open_device(device, **forms) as api:
        change(api, "ntp/multicast", interval=5, key=3)
        change(api, first, domain_number=43, priority1=127)
        change(api, f"{ptp}/network/vlan", id=7)
        change(api, f"{SERVERS}/1", address="192.0.2.9", maxpoll=9)
    assert tree_of(device) == expected


@pytest.mark.parametrize("target", ["menu", "patch-menu"])
@pytest.mark.parametrize("secret_get", ["masked", "absent", "hash", "empty"])
def test_a_replaced_menu_never_costs_a_secret(fleet: Fleet, secret_get: str, target: str) -> None:
    device = fleet["ts710"]
    device.change("snmp/read-community", "canary-community")
    device.change("snmp/v3/auth-passphrase", "canary-passphrase")
    forms = agree_on(device, secret_get=secret_get, set_target=target, menu_put="replace")
    before = tree_of(device)
    with open_device(device, **forms) as api:
        with pytest.raises(LantimeError) as caught:
            change(api, "snmp", location="hall 4")
        assert caught.value.code == "rejected"
        assert "would overwrite " in str(caught.value)
        assert "canary" not in str(caught.value)
        assert not caught.value.effect_unknown
    assert writes_of(device) == []
    forms = agree_on(device, secret_get=secret_get, set_target=target, menu_put="refuse-incomplete")
    before["snmp"]["location"] = "hall 4"
    with open_device(device, **forms) as api:
        change(api, "snmp", location="hall 4")
    assert tree_of(device) == before


def test_a_replaced_menu_takes_secrets_that_are_known(fleet: Fleet) -> None:
    device = fleet["ts710"]
    forms = agree_on(device, secret_get="clear", set_target="menu", menu_put="replace")
    device.change("snmp/v3/auth-passphrase", "canary-passphrase")
    expected = tree_of(device)
    expected["snmp"]["location"] = "hall 4"
    with open_device(device, **forms) as api:
        change(api, "snmp", location="hall 4")
    assert tree_of(device) == expected


def test_a_menu_of_unknown_form_with_a_secret_is_written_object_by_object(fleet: Fleet) -> None:
    device = fleet["ts710"]
    forms = agree_on(device, menu_put="replace")
    expected = tree_of(device)
    assert expected["snmp"]["read-community"]
    expected["snmp"].update({"location": "hall 4", "retries": 9})
    with open_device(device, **forms) as api:
        change(api, "snmp", location="hall 4", retries=9)
    assert tree_of(device) == expected


@pytest.mark.parametrize("form", VALUES["enum_input"])
@pytest.mark.parametrize("target", VALUES["set_target"])
def test_enums(fleet: Fleet, form: str, target: str) -> None:
    device = fleet["ts710"]
    forms = agree_on(device, enum_input=form, set_target=target)
    expected = tree_of(device)
    expected["notification"]["syslog"]["loglevel"] = "notice"
    with open_device(device, **forms) as api:
        shown = api.config_node(("notification", "syslog"))["loglevel"]
        assert isinstance(shown, int) is (form == "integer")
        change(api, "notification/syslog", loglevel=5 if form == "integer" else "notice")
    assert tree_of(device) == expected


TABLE_FORMS = [
    *((add, remove) for add in VALUES["list_add"][:4] for remove in VALUES["list_remove"][:3]),
    ("fixed-slots", "fixed-slots"),
]


@pytest.mark.parametrize("body", VALUES["set_body"])
@pytest.mark.parametrize(("add", "remove"), TABLE_FORMS)
def test_items_come_and_go(fleet: Fleet, add: str, remove: str, body: str) -> None:
    device = fleet["ts710"]
    prepared(device)
    forms = agree_on(device, list_add=add, list_remove=remove, set_body=body)
    expected = tree_of(device)
    blank = {
        "address": "",
        "key": 0,
        "autokey": False,
        "minpoll": 6,
        "maxpoll": 6,
        "iburst": False,
    }
    with open_device(device, **forms) as api:
        create(api, f"{SERVERS}/3", {"address": "192.0.2.3", "minpoll": 4, "iburst": True})
        item = {**blank, "address": "192.0.2.3", "minpoll": 4, "iburst": True}
        expected["ntp"]["external-servers"]["3"] = item
        assert tree_of(device) == expected
        change(api, f"{SERVERS}/3", address="192.0.2.33", key=8)
        item.update({"address": "192.0.2.33", "key": 8})
        assert tree_of(device) == expected
        delete(api, f"{SERVERS}/1")
        delete(api, f"{SERVERS}/3")
        for number in ("1", "3"):
            if remove == "fixed-slots":
                expected["ntp"]["external-servers"][number]["address"] = ""
                place = path_of(f"{SERVERS}/{number}")
                assert api.emptied_items[place] == ((*place, "address"),)
            else:
                del expected["ntp"]["external-servers"][number]
        assert tree_of(device) == expected


@pytest.mark.parametrize("target", VALUES["set_target"])
@pytest.mark.parametrize("menu_put", VALUES["menu_put"])
@pytest.mark.parametrize("add", ["put-item", "command"])
def test_an_item_is_made_whatever_its_menu_takes(fleet: Fleet, add: str, menu_put: str, target: str) -> None:
    device = fleet["ts710"]
    expected = prepared(device)
    forms = agree_on(device, list_add=add, menu_put=menu_put, set_target=target)
    with open_device(device, **forms) as api:
        create(api, f"{SERVERS}/3", {"address": "192.0.2.3", "key": 8})
        create(api, f"{SERVERS}/4", {})
    made = tree_of(device)
    first = made["ntp"]["external-servers"].pop("3")
    second = made["ntp"]["external-servers"].pop("4")
    assert first == {**second, "address": "192.0.2.3", "key": 8}
    assert made == expected


@pytest.mark.parametrize("add", ["put-item", "command", "post-list"])
def test_an_item_with_menus(fleet: Fleet, add: str) -> None:
    device = fleet["ts710"]
    expected = tree_of(device)
    forms = agree_on(device, list_add=add)
    item = {"label": "spare", "ipv4": {"address": "192.0.2.77"}, "services": {"ssh": True}}
    with open_device(device, **forms) as api:
        create(api, "network/interfaces/vif7", item)
    made = tree_of(device)
    new = made["network"]["interfaces"].pop("vif7")
    assert (new["label"], new["ipv4"]["address"]) == ("spare", "192.0.2.77")
    assert [name for name, on in new["services"].items() if on] == ["ssh"]
    assert made == expected


@pytest.mark.parametrize("secret_get", ["masked", "absent", "hash", "empty"])
@pytest.mark.parametrize("action", ["create", "delete"])
def test_a_list_put_as_a_whole_never_costs_a_secret(fleet: Fleet, action: str, secret_get: str) -> None:
    device = fleet["ts710"]
    for number in ("0", "1"):
        device.change(f"{TRAPS}/{number}", {"address": "192.0.2.1", "community": f"canary{number}"})
    forms = agree_on(device, list_add="put-list", list_remove="put-list", secret_get=secret_get)
    content = {"address": "192.0.2.3"}
    asked = {
        "create": Change("create", path_of(f"{TRAPS}/3"), None, content),
        "delete": Change("delete", path_of(f"{TRAPS}/0"), {}, {}),
    }
    with open_device(device, **forms) as api, pytest.raises(LantimeError) as caught:
        api.apply(asked[action], {})
    assert caught.value.code == "rejected"
    assert "canary" not in str(caught.value)
    assert writes_of(device) == []


def test_a_list_put_as_a_whole_may_lose_the_only_secret(fleet: Fleet) -> None:
    device = fleet["ts710"]
    for number in tree_of(device)["notification"]["snmp"]["trap-receivers"]:
        device.change(f"{TRAPS}/{number}", None)
    device.change(f"{TRAPS}/0", {"address": "192.0.2.1", "community": "canary"})
    forms = agree_on(device, list_add="put-list", list_remove="put-list")
    with open_device(device, **forms) as api:
        delete(api, f"{TRAPS}/0")
        create(api, f"{TRAPS}/1", {"address": "192.0.2.3", "community": "canary"})
    items = item_of(tree_of(device), TRAPS)
    assert set(items) == {"1"}
    assert items["1"]["community"] == "canary"


def test_fixed_slots_lose_texts_and_secrets_only(fleet: Fleet) -> None:
    device = fleet["ts710"]
    forms = agree_on(device, list_add="fixed-slots", list_remove="fixed-slots")
    device.change(f"{TRAPS}/3", {"address": "192.0.2.1", "community": "canary", "version": "v2c"})
    expected = tree_of(device)
    item_of(expected, f"{TRAPS}/3").update({"address": "", "community": ""})
    with open_device(device, **forms) as api:
        delete(api, f"{TRAPS}/3")
        assert tree_of(device) == expected
        count = len(writes_of(device))
        delete(api, f"{TRAPS}/3")
        assert len(writes_of(device)) == count
        with pytest.raises(LantimeError) as caught:
            create(api, f"{TRAPS}/9", {"address": "192.0.2.3"})
    assert caught.value.code == "unknown_name"
    assert caught.value.path == f"{TRAPS}/9"
    assert tree_of(device) == expected


@pytest.mark.parametrize("answer", VALUES["put_answer"])
def test_answers_to_a_write(fleet: Fleet, answer: str) -> None:
    device = fleet["ts710"]
    expected = prepared(device)
    expected["snmp"].update({"location": "hall 4", "retries": 9})
    expected["ntp"]["external-servers"]["3"] = {
        **expected["ntp"]["external-servers"].pop("1"),
        "key": 5,
    }
    forms = agree_on(device, put_answer=answer)
    device.set_dialect(effect_delay=0.05)
    with open_device(device) as api:
        item = copy.deepcopy(expected["ntp"]["external-servers"]["3"])
        change(api, "snmp", location="hall 4", retries=9)
        create(api, f"{SERVERS}/3", item)
        delete(api, f"{SERVERS}/1")
        assert api.is_deferred is (forms["put_answer"] == "202")
        with pytest.raises(LantimeError) as caught:
            change(api, "snmp", retries=-1)
        assert caught.value.code == "rejected"
    assert settled(device, expected) == expected


@pytest.mark.parametrize("put_answer", ["envelope", "error-in-200"])
@pytest.mark.parametrize("request_error", ["json", "plain", "html", "all-400", "all-200"])
def test_a_refused_menu_is_learned(fleet: Fleet, request_error: str, put_answer: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(menu_put_refused=True, request_error=request_error, put_answer=put_answer)
    expected = tree_of(device)
    expected["snmp"].update({"location": "hall 4", "retries": 9})
    expected["ntp"]["multicast"].update({"interval": 5, "key": 3})
    with open_device(device) as api:
        assert api.learned_dialect == {}
        change(api, "snmp", location="hall 4", retries=9)
        assert api.learned_dialect == {"set_target": "object"}
        change(api, "ntp/multicast", interval=5, key=3)
    assert tree_of(device) == expected
    assert [path.rpartition("/")[2] for dummy, path in writes_of(device)] == [
        "snmp",
        "location",
        "retries",
        "interval",
        "key",
    ]
    forms = make_dialect(api.learned_dialect)
    assert forms.given == {"set_target"}


def test_a_wrong_value_teaches_nothing(fleet: Fleet) -> None:
    device = fleet["ts710"]
    before = tree_of(device)
    with open_device(device) as api:
        with pytest.raises(LantimeError) as caught:
            change(api, "snmp", retries=-1, timeout=4)
        assert api.learned_dialect == {}
        assert caught.value.path == "/api/config/snmp/retries"
        assert not caught.value.effect_unknown
        assert tree_of(device) == before
        with pytest.raises(LantimeError) as caught:
            change(api, "snmp", timeout=4, retries=-1)
        assert caught.value.effect_unknown
        assert api.learned_dialect == {}


def test_a_refused_menu_that_changed_is_left_alone(fleet: Fleet) -> None:
    device = fleet["ts710"]
    with open_device(device) as api:
        menu = canonical(api.config_node(("snmp",)), ("snmp",)).value
        device.change("snmp/contact", "another client")
        device.ledger.clear()
        wrong = {"retries": -1, "timeout": 4}
        asked = Change("set", ("snmp",), {n: menu[n] for n in wrong}, wrong)
        with pytest.raises(LantimeError) as caught:
            api.apply(asked, menu)
    assert caught.value.effect_unknown
    assert len(writes_of(device)) == 1


def test_half_an_item_is_reported(fleet: Fleet) -> None:
    device = fleet["ts710"]
    forms = agree_on(device, list_add="command")
    with open_device(device, **forms) as api, pytest.raises(LantimeError) as caught:
        create(api, f"{SERVERS}/9", {"minpoll": 99})
    assert caught.value.effect_unknown
    assert "9" in tree_of(device)["ntp"]["external-servers"]


@pytest.mark.parametrize(
    ("target", "menu_put", "add", "remove"),
    [
        (None, "partial", "put-item", "delete-item"),
        (None, "partial", "put-list", "put-list"),
        ("menu", "replace", "put-list", "put-list"),
        ("menu", "replace", "command", "command"),
        ("command", "partial", "post-list", "command"),
    ],
)
def test_staged_changes_wait_for_the_command(
    fleet: Fleet, target: str | None, menu_put: str, add: str, remove: str
) -> None:
    device = fleet["ts710"]
    before = prepared(device)
    forms = {"effect": "staged", "menu_put": menu_put, "list_add": add, "list_remove": remove}
    forms = agree_on(device, **forms, **({"set_target": target} if target else {}))
    with open_device(device, **forms) as api:
        create(api, f"{SERVERS}/3", {"address": "192.0.2.3"})
        create(api, f"{SERVERS}/4", {"address": "192.0.2.4"})
        delete(api, f"{SERVERS}/1")
        change(api, "ntp/multicast", interval=5, key=3)
        change(api, "ntp/multicast", interval=6)
        assert tree_of(device) == before
        api.activate()
        after = tree_of(device)
        servers = {i: s["address"] for i, s in after["ntp"].pop("external-servers").items()}
        assert servers == {"2": "192.0.2.2", "3": "192.0.2.3", "4": "192.0.2.4"}
        before["ntp"].pop("external-servers")
        before["ntp"]["multicast"].update({"interval": 6, "key": 3})
        assert after == before


@pytest.mark.parametrize("late", [{"effect": "delayed"}, {"put_answer": "202"}])
def test_lists_that_are_put_as_a_whole_do_not_forget_what_is_under_way(fleet: Fleet, late: dict[str, str]) -> None:
    device = fleet["ts710"]
    expected = prepared(device)
    device.set_dialect(effect_delay=3600)
    forms = agree_on(device, list_add="put-list", list_remove="put-list", **late)
    with open_device(device, **forms) as api:
        create(api, f"{SERVERS}/3", {**expected["ntp"]["external-servers"]["1"], "key": 3})
        create(api, f"{SERVERS}/4", {**expected["ntp"]["external-servers"]["1"], "key": 4})
        delete(api, f"{SERVERS}/2")
        assert api.is_deferred
        assert tree_of(device) == expected
        device.set_dialect(effect_delay=0)
        change(api, "snmp", location="hall 4")
    servers = expected["ntp"]["external-servers"]
    servers.update({number: {**servers["1"], "key": int(number)} for number in ("3", "4")})
    del servers["2"]
    expected["snmp"]["location"] = "hall 4"
    assert settled(device, expected) == expected


def test_nothing_is_activated_where_changes_act_at_once(fleet: Fleet) -> None:
    device = fleet["ts710"]
    with open_device(device) as api:
        change(api, "snmp", location="hall 4")
        api.activate()
    assert writes_of(device) == [("PUT", "/api/config/snmp/location")]
