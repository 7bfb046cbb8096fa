# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms of a change: target, body, merge or replace, enums, list items (A2 to A7, O8)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients, named

SERVERS = "/config/ntp/external-servers"
LOCATION = "/config/snmp/location"
TEXT = "hall 3"

BODIES: dict[str, tuple[Any, Any]] = {
    "named": ({"location": TEXT}, {"location": TEXT, "retries": 5}),
    "value": ({"value": TEXT}, {"value": {"location": TEXT, "retries": 5}}),
    "bare": (TEXT, {"location": TEXT, "retries": 5}),
    "data": ({"data": {"location": TEXT}}, {"data": {"location": TEXT, "retries": 5}}),
    "parameters": (
        {"parameters": {"location": TEXT}},
        {"parameters": {"location": TEXT, "retries": 5}},
    ),
}


@pytest.mark.parametrize("form", BODIES)
def test_bodies_on_the_object(box: DeviceHandle, admin: Client, form: str) -> None:
    box.set_dialect(set_body=form)
    for other, (body, dummy) in BODIES.items():
        if other != form:
            assert admin.put(LOCATION, body).status_code == 400
    assert box.pending == 0
    assert admin.put(LOCATION, BODIES[form][0]).status_code == 200
    assert named(box, "snmp/location") == TEXT


@pytest.mark.parametrize("form", BODIES)
def test_bodies_on_the_menu(box: DeviceHandle, admin: Client, form: str) -> None:
    box.set_dialect(set_body=form, set_target="menu")
    assert admin.put(LOCATION, BODIES[form][0]).status_code == 405
    assert admin.put("/config/snmp", BODIES[form][1]).status_code == 200
    assert (named(box, "snmp/location"), named(box, "snmp/retries")) == (TEXT, 5)


@pytest.mark.parametrize(
    ("form", "status"),
    [("named", 200), ("data", 200), ("parameters", 200), ("value", 405), ("bare", 405)],
)
def test_a_body_of_names_is_valid_on_the_menu_too(box: DeviceHandle, admin: Client, form: str, status: int) -> None:
    box.set_dialect(set_body=form)
    assert admin.put("/config/snmp", BODIES[form][1]).status_code == status


def test_target_patch_menu(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(set_target="patch-menu")
    assert admin.put(LOCATION, {"location": TEXT}).status_code == 405
    assert admin.put("/config/snmp", {"location": TEXT}).status_code == 405
    assert admin.ask("PATCH", LOCATION, json={"location": TEXT}).status_code == 405
    assert admin.ask("PATCH", "/config/snmp", json={"location": TEXT}).status_code == 200
    assert named(box, "snmp/location") == TEXT


def test_target_post_object(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(set_target="post-object")
    assert admin.put(LOCATION, {"location": TEXT}).status_code == 405
    assert admin.ask("POST", "/config/snmp", json={"location": TEXT}).status_code == 405
    assert admin.ask("POST", LOCATION, json={"location": TEXT}).status_code == 200
    assert named(box, "snmp/location") == TEXT


@pytest.mark.parametrize("path", ["/config/snmp/location", "config/snmp/location", "snmp/location"])
def test_target_command(box: DeviceHandle, admin: Client, path: str) -> None:
    body = {"parameters": {"path": path, "value": TEXT}}
    assert admin.put("/set", body).status_code == 404
    box.set_dialect(set_target="command")
    assert admin.put(LOCATION, {"location": TEXT}).status_code == 405
    assert admin.put("/set", {"parameters": {"path": path}}).status_code == 400
    assert admin.put("/set", {"parameters": {"path": "snmp", "value": {}}}).status_code == 400
    assert admin.put("/set", {"parameters": {"path": "snmp/x", "value": 1}}).status_code == 404
    assert box.pending == 0
    assert admin.put("/set", body).json()["data"] == {"location": TEXT}
    assert named(box, "snmp/location") == TEXT


# A4


def test_menu_put_replace(box: DeviceHandle, admin: Client) -> None:
    box.change("ntp/external-servers/a", {"address": "192.0.2.1", "iburst": True})
    box.change("ntp/external-servers/b", {"address": "192.0.2.2"})
    box.set_dialect(menu_put="replace")
    assert admin.put(f"{SERVERS}/a", {"key": 3}).status_code == 200
    assert named(box, "ntp/external-servers/a") == {
        "object-id": "a",
        "address": "",
        "key": 3,
        "autokey": False,
        "minpoll": 6,
        "maxpoll": 6,
        "iburst": False,
    }
    body = {"external-servers": [{"object-id": "b", "address": "192.0.2.2"}], "trust-time": 9}
    assert admin.put("/config/ntp", body).status_code == 200
    assert [item["object-id"] for item in named(box, "ntp/external-servers")] == ["b"]
    assert admin.put("/config/snmp", {"location": TEXT}).status_code == 200
    assert (named(box, "snmp/contact"), named(box, "snmp/retries")) == ("", 3)


def test_menu_put_replace_leaves_fixed_tables(box: DeviceHandle, admin: Client) -> None:
    before = [item["object-id"] for item in named(box, "network/ports")]
    mac = named(box, "network/ports/lan0/mac-address")
    box.set_dialect(menu_put="replace")
    assert admin.put("/config/network", {"hostname": "x"}).status_code == 200
    assert [item["object-id"] for item in named(box, "network/ports")] == before
    assert named(box, "network/ports/lan0/mac-address") == mac
    assert named(box, "network/interfaces") == []


def test_menu_put_refuses_what_is_incomplete(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(menu_put="refuse-incomplete")
    path = "/config/ntp/local-clock"
    assert admin.put(path, {"stratum": 5}).status_code == 400
    assert named(box, "ntp/local-clock/stratum") == 12
    assert admin.put(path, {"stratum": 5, "disabled": True}).status_code == 200
    assert admin.put(f"{path}/stratum", {"stratum": 6}).status_code == 200


# A5, O8


@pytest.mark.parametrize(("form", "text", "number"), [("both", 200, 200), ("string", 200, 400), ("integer", 400, 200)])
def test_enum_input(box: DeviceHandle, admin: Client, form: str, text: int, number: int) -> None:
    box.set_dialect(enum_input=form)
    path = "/config/network/ports/lan0/link-mode"
    assert admin.put(path, {"link-mode": "fd-100mbit"}).status_code == text
    assert admin.put(path, {"link-mode": 6}).status_code == number
    assert (named(box, "network/ports/lan0/link-mode") == "fd-1000mbit") is (number == 200)
    assert admin.put(path, {"link-mode": 7}).status_code == 400


@pytest.mark.parametrize(
    ("form", "on", "number"),
    [
        ("bool", True, 9),
        ("enabled-disabled", "enabled", 9),
        ("on-off", "on", 9),
        ("int", 1, 9),
        ("strings", True, "9"),
    ],
)
def test_form_of_switches_and_numbers(box: DeviceHandle, admin: Client, form: str, on: Any, number: Any) -> None:
    box.set_dialect(switch_form=form)
    switch, count = "/config/ntp/multicast/enabled", "/config/ntp/trust-time"
    for wrong in ("enabled", "on", "yes", 1, True):
        if not (wrong == on and type(wrong) is type(on)):
            assert admin.put(switch, {"enabled": wrong}).status_code == 400
    wrong = 9 if number == "9" else "9"
    assert admin.put(count, {"trust-time": wrong}).status_code == 400
    assert box.pending == 0
    assert admin.put(switch, {"enabled": on}).json()["data"] == {"enabled": on}
    assert admin.put(count, {"trust-time": number}).json()["data"] == {"trust-time": number}
    assert named(box, "ntp/trust-time") == 9


# A6, A7


def ids(device: DeviceHandle, path: str = "ntp/external-servers") -> list[str]:
    return [item["object-id"] for item in named(device, path)]


def test_list_items_by_command(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(list_add="command", list_remove="command")
    body = {"parameters": {"path": "/config/ntp/external-servers", "object-id": "a"}}
    assert admin.put(f"{SERVERS}/a", {}).status_code == 404
    assert admin.put("/add", body).status_code == 200
    assert ids(box) == ["a"]
    assert admin.put("/add", body).status_code == 400
    assert admin.put(f"{SERVERS}/a", {"address": "192.0.2.1"}).status_code == 200
    assert admin.ask("DELETE", f"{SERVERS}/a").status_code == 405
    assert admin.put("/delete", body).status_code == 200
    assert ids(box) == []
    assert admin.put("/delete", body).status_code == 404
    other = {"parameters": {"path": "network/ports", "object-id": "lan9"}}
    assert admin.put("/add", other).status_code == 404


def test_list_items_by_post(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(list_add="post-list")
    body = {"object-id": "a", "address": "192.0.2.1"}
    assert admin.ask("POST", SERVERS, json={"address": "192.0.2.1"}).status_code == 400
    assert admin.ask("POST", SERVERS, json=body).json()["data"]["address"] == "192.0.2.1"
    assert admin.ask("POST", SERVERS, json=body).status_code == 400
    assert ids(box) == ["a"]


def test_list_items_by_putting_the_list(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(list_add="put-list", list_remove="put-list")
    two = {"external-servers": [{"object-id": "a", "key": 1}, {"object-id": "b"}]}
    assert admin.put(SERVERS, two).status_code == 200
    assert ids(box) == ["a", "b"]
    twice = {"external-servers": [{"object-id": "a"}, {"object-id": "a"}]}
    assert admin.put(SERVERS, twice).status_code == 400
    assert admin.put(SERVERS, {"external-servers": [{"object-id": "b"}]}).status_code == 200
    assert ids(box) == ["b"]
    assert admin.ask("DELETE", f"{SERVERS}/b").status_code == 405
    ports = {"ports": [{"object-id": "lan0", "link-mode": "fd-100mbit"}]}
    assert admin.put("/config/network/ports", ports).status_code == 200
    assert ids(box, "network/ports") == ["lan0", "lan1"]


def test_fixed_slots(box: DeviceHandle, admin: Client) -> None:
    box.change("ntp/external-servers/berlin", {"address": "192.0.2.1"})
    box.set_dialect(list_add="fixed-slots", list_remove="fixed-slots")
    assert ids(box) == [str(number) for number in range(1, 11)]
    assert ids(box, "notification/snmp/trap-receivers") == ["0", "1", "2", "3", "4"]
    assert named(box, "ntp/external-servers/1/address") == "192.0.2.1"
    assert admin.put(f"{SERVERS}/2", {"address": "192.0.2.2"}).status_code == 200
    assert admin.put(f"{SERVERS}/11", {"address": "192.0.2.3"}).status_code == 404
    assert admin.ask("DELETE", f"{SERVERS}/2").status_code == 405
    assert admin.put(f"{SERVERS}/1", {"address": ""}).status_code == 200
    box.set_dialect(list_add="put-item", list_remove="delete-item")
    assert ids(box) == ["2"]


@pytest.mark.parametrize("form", ["value", "bare", "data", "parameters"])
def test_a_new_item_in_the_bodys_form(box: DeviceHandle, admin: Client, form: str) -> None:
    box.set_dialect(set_body=form)
    item = {"address": "192.0.2.1"}
    body = item if form == "bare" else {form: item}
    assert admin.put(f"{SERVERS}/a", body).status_code == 200
    assert admin.put(f"{SERVERS}/b", {}).status_code == 200
    assert named(box, "ntp/external-servers/a/address") == "192.0.2.1"
    assert ids(box) == ["a", "b"]


# A16


@pytest.mark.parametrize(
    ("form", "shown", "unset"),
    [
        ("masked", "****", ""),
        ("absent", None, None),
        ("empty", "", ""),
        ("clear", "canary", ""),
    ],
)
def test_secrets_in_a_get(box: DeviceHandle, admin: Client, form: str, shown: Any, unset: Any) -> None:
    admin.put("/config/snmp/read-community", {"read-community": "canary"})
    box.set_dialect(secret_get=form)
    data = admin.data("/config/snmp")
    assert data.get("read-community") == shown
    assert data["v3"].get("auth-passphrase") == unset
    status = 404 if form == "absent" else 200
    assert admin.get("/config/snmp/read-community").status_code == status
    assert ("canary" in admin.get("/").text) is (form == "clear")


def test_secrets_as_a_hash(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(secret_get="hash")

    def shown() -> str:
        text: str = admin.data("/config/snmp/read-community")["read-community"]
        return text

    first = shown()
    admin.put("/config/snmp/read-community", {"read-community": "other"})
    assert first not in ("", shown())


# A9, A11


@pytest.mark.parametrize(
    ("form", "status", "has_data"),
    [
        ("envelope", 200, True),
        ("envelope-no-data", 200, False),
        ("empty", 200, None),
        ("204", 204, None),
        ("error-in-200", 200, True),
    ],
)
def test_answers_to_a_change(box: DeviceHandle, admin: Client, form: str, status: int, has_data: bool | None) -> None:
    box.set_dialect(put_answer=form)
    answer = admin.put(LOCATION, {"location": TEXT})
    assert answer.status_code == status
    if has_data is None:
        assert answer.content == b""
    else:
        assert ("data" in answer.json()) is has_data
        assert answer.json()["changes"] == {"pending-changes": 1}
    assert named(box, "snmp/location") == TEXT


def test_a_change_that_takes_effect_later(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(put_answer="202", effect_delay=3600)
    assert admin.put(LOCATION, {"location": TEXT}).status_code == 202
    assert named(box, "snmp/location") == "rack 1"
    box.set_dialect(effect_delay=0)
    admin.put(LOCATION, {"location": "hall 4"})
    assert named(box, "snmp/location") == "hall 4"


def test_a_refusal_in_a_200(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(put_answer="error-in-200")
    answer = admin.put(LOCATION, {"location": 5})
    assert answer.status_code == 200
    assert answer.json()["error"]
    assert admin.get("/config/nothing").status_code == 404
    assert box.pending == 0


@pytest.mark.parametrize(
    ("form", "path", "value", "method", "kind"),
    [
        ("json", 404, 400, 405, "json"),
        ("plain", 404, 400, 405, "plain"),
        ("html", 404, 400, 405, "html"),
        ("all-400", 400, 400, 400, "json"),
        ("all-200", 200, 200, 200, "json"),
        ("500", 404, 500, 501, "json"),
    ],
)
def test_answers_to_a_bad_request(
    box: DeviceHandle, admin: Client, form: str, path: int, value: int, method: int, kind: str
) -> None:
    box.set_dialect(request_error=form)
    answers = [
        (admin.get("/config/nothing"), path),
        (admin.put(LOCATION, {"location": 5}), value),
        (admin.ask("POST", LOCATION, json={}), method),
    ]
    for answer, status in answers:
        assert answer.status_code == status
        assert kind in answer.headers["Content-Type"]
    assert box.pending == 0


def test_clamping(box: DeviceHandle, clients: Clients) -> None:
    admin = clients.of(box)
    box.set_dialect(request_error="clamp")
    path = "/config/ntp/local-clock/stratum"
    assert admin.put(path, {"stratum": 99}).json()["data"] == {"stratum": 16}
    assert admin.put(path, {"stratum": "many"}).json()["data"] == {"stratum": 16}
    length = "/config/security/ssh/key-length"
    assert admin.put(length, {"key-length": 3000}).json()["data"] == {"key-length": 2048}
    assert admin.put("/config/ntp/time-scale", {"time-scale": "tai"}).status_code == 200
    mac = "/config/network/ports/lan0/mac-address"
    assert admin.put(mac, {"mac-address": "x"}).status_code == 200
    assert admin.put("/config/snmp", {"unheard-of": 1}).status_code == 200
    assert admin.get("/config/nothing").status_code == 404
    assert box.pending == 2


@pytest.mark.parametrize(("form", "status"), [("404", 404), ("403", 403), ("login-page", 200), ("redirect", 302)])
def test_the_api_switched_off(box: DeviceHandle, admin: Client, form: str, status: int) -> None:
    box.set_dialect(rest_api=False, api_off=form)
    answer = admin.get("/status")
    assert answer.status_code == status
    assert "json" not in answer.headers["Content-Type"]
    box.set_dialect(rest_api=True)
    assert admin.get("/status").status_code == 200


def test_the_api_switched_off_and_no_longer_listening(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(rest_api=False, api_off="refused")
    with pytest.raises(OSError, match="refused"):
        admin.get("/status")
    box.set_dialect(rest_api=True)
    assert admin.get("/status").status_code == 200
