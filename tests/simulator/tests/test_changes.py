# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PUT changes, and that a refused request changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients, event, named

JSON = {"Content-Type": "application/json"}


def test_one_object(box: DeviceHandle, admin: Client) -> None:
    answer = admin.put("/config/snmp/location", {"location": "hall 3"})
    assert answer.status_code == 200
    assert answer.json()["data"] == {"location": "hall 3"}
    assert answer.json()["changes"] == {"pending-changes": 1}
    assert admin.data("/config/snmp/location") == {"location": "hall 3"}
    assert named(box, "snmp/location") == "hall 3"


def test_several_names_on_the_menu(box: DeviceHandle, admin: Client) -> None:
    contact = named(box, "snmp/contact")
    answer = admin.put("/config/snmp", {"location": "hall 3", "retries": 5, "v3": {"context": "c"}})
    assert answer.status_code == 200
    shown = answer.json()["data"]
    assert (shown["location"], shown["retries"], shown["v3"]["context"]) == ("hall 3", 5, "c")
    assert named(box, "snmp/contact") == contact
    assert box.pending == 3


def test_a_menu_put_is_whole_or_nothing(box: DeviceHandle, admin: Client) -> None:
    before = box.running()
    body = {"location": "hall 3", "retries": "many", "contact": "x"}
    answer = admin.put("/config/snmp", body)
    assert answer.status_code == 400
    assert "retries" in answer.json()["error"]
    assert box.running() == before
    assert box.pending == 0


def test_items_inside_a_menu_put(box: DeviceHandle, admin: Client) -> None:
    body = {
        "events": [
            {"object-id": "ntp-sync", "email": True},
            {"object-id": "ntp-not-sync", "snmp": True},
        ]
    }
    assert admin.put("/config/notification", body).status_code == 200
    assert named(box, "notification/events/ntp-sync/email") is True
    assert named(box, "notification/events/ntp-not-sync/snmp") is True
    assert box.pending == 2


REFUSED: list[tuple[str, str, Any, int]] = [
    ("PUT", "/config/network/nothing", {"nothing": 1}, 404),
    ("PUT", "/config/network/ports/lan9", {"link-mode": "auto"}, 404),
    ("PUT", "/config/network", {"hostname": "x", "nothing": 1}, 400),
    ("PUT", "/config/network/hostname", {"other": "x"}, 400),
    ("PUT", "/config/network/hostname", {"hostname": "x", "other": 1}, 400),
    ("PUT", "/config/network/hostname", {}, 400),
    ("PUT", "/config/network/hostname", ["x"], 400),
    ("PUT", "/config/network/hostname", {"hostname": 5}, 400),
    ("PUT", "/config/network/hostname", {"hostname": "a\nb"}, 400),
    ("PUT", "/config/snmp/retries", {"retries": "3"}, 400),
    ("PUT", "/config/snmp/retries", {"retries": True}, 400),
    ("PUT", "/config/snmp/retries", {"retries": -1}, 400),
    ("PUT", "/config/snmp/retries", {"retries": 2.5}, 400),
    ("PUT", "/config/network/cluster/port", {"port": 65536}, 400),
    ("PUT", "/config/security/ssh/key-length", {"key-length": 2000}, 400),
    ("PUT", "/config/ntp/time-scale", {"time-scale": "tai"}, 400),
    ("PUT", "/config/ntp/time-scale", {"time-scale": 2}, 400),
    ("PUT", "/config/ntp/multicast/enabled", {"enabled": 1}, 400),
    ("PUT", "/config/ntp/multicast/enabled", {"enabled": "true"}, 400),
    ("PUT", "/config/network/ports/lan0/mac-address", {"mac-address": "02:00"}, 400),
    ("PUT", "/config/network/ports/lan0", {"object-id": "lan7"}, 400),
    ("PUT", "/config/network/interfaces/vif0/port", {"port": "lan9"}, 400),
    ("PUT", "/config/system/web-language", {"web-language": "german"}, 400),
    ("PUT", "/config/notification/events/normal-operation/led", {"led": True}, 404),
    ("PUT", "/config/notification", {"events": [{"object-id": "unheard-of", "led": True}]}, 400),
    ("PUT", "/config/notification", {"events": [{"led": True}]}, 400),
    ("PUT", "/config/network/ports", {"ports": []}, 405),
    ("PUT", "/config/network/ports/lan7", {}, 404),
    ("PUT", "/status/system/uptime", {"uptime": 0}, 405),
    ("PUT", "/status", {}, 405),
    ("PUT", "/", {}, 405),
    ("POST", "/config/network/hostname", {"hostname": "x"}, 405),
    ("PATCH", "/config/network", {"hostname": "x"}, 405),
    ("DELETE", "/config/network/hostname", None, 405),
    ("DELETE", "/config/network/ports/lan0", None, 405),
    ("DELETE", "/config/ntp/external-servers/none", None, 404),
    ("OPTIONS", "/config/network", None, 405),
    ("PUT", "/unknown-command", {"parameters": {}}, 404),
    ("PUT", "/write", {"parameters": {"unknown": 1}}, 400),
    ("PUT", "/write", {"package": "all"}, 400),
    ("PUT", "/write", {"parameters": {"package": "no-package"}}, 400),
    ("GET", "/write", None, 405),
    ("PUT", "/read", {"parameters": {"configset": "unheard_of"}}, 400),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), REFUSED)
def test_refused_requests_change_nothing(
    box: DeviceHandle, admin: Client, method: str, path: str, body: Any, status: int
) -> None:
    before = box.running()
    fired = event(box, "device-configuration-changed")
    assert admin.ask(method, path, json=body).status_code == status
    assert box.running() == before
    assert box.startup() == before
    assert event(box, "device-configuration-changed") == fired


@pytest.mark.parametrize("text", [b"", b"{", b"not json", b'{"hostname": NaN}', b"\xff", b"[" * 99999])
def test_a_body_that_is_not_json(box: DeviceHandle, admin: Client, text: bytes) -> None:
    before = box.running()
    assert admin.ask("PUT", "/config/network/hostname", data=text, headers=JSON).status_code == 400
    assert box.running() == before


def test_a_body_that_is_too_large(admin: Client) -> None:
    body = {"hostname": "x" * 2000000}
    assert admin.put("/config/network/hostname", body).status_code == 413


def test_add_and_remove_an_item(box: DeviceHandle, admin: Client) -> None:
    path = "/config/ntp/external-servers/berlin"
    answer = admin.put(path, {"address": "192.0.2.7", "iburst": True})
    assert answer.json()["data"] == {
        "object-id": "berlin",
        "address": "192.0.2.7",
        "key": 0,
        "autokey": False,
        "minpoll": 6,
        "maxpoll": 6,
        "iburst": True,
    }
    assert box.pending == 1
    assert admin.put(path, {}).status_code == 200
    assert admin.put(path, {"minpoll": 8}).status_code == 200
    assert admin.data(path)["address"] == "192.0.2.7"
    assert admin.data(f"{path}/minpoll") == {"minpoll": 8}
    assert admin.ask("DELETE", path).status_code == 200
    assert admin.get(path).status_code == 404
    assert box.pending == 0


def test_a_new_item_is_whole_or_nothing(box: DeviceHandle, admin: Client) -> None:
    path = "/config/ntp/external-servers/berlin"
    assert admin.put(path, {"minpoll": 11}).status_code == 400
    assert admin.get(path).status_code == 404
    assert admin.put("/config/ntp/external-servers/b%20c", {}).status_code == 400
    assert box.pending == 0


def test_tables_have_a_limit(box: DeviceHandle, admin: Client) -> None:
    for number in range(5):
        path = f"/config/notification/snmp/trap-receivers/r{number}"
        assert admin.put(path, {"address": f"192.0.2.{number}"}).status_code == 200
    path = "/config/notification/snmp/trap-receivers/r5"
    assert admin.put(path, {"address": "192.0.2.9"}).status_code == 400
    assert len(named(box, "notification/snmp/trap-receivers")) == 5


def test_an_equal_value_is_no_change(box: DeviceHandle, admin: Client) -> None:
    before = event(box, "device-configuration-changed")
    assert admin.put("/config/snmp/location", {"location": "rack 1"}).status_code == 200
    assert box.pending == 0
    assert event(box, "device-configuration-changed") == before


def test_only_one_object_at_a_time(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(menu_put_refused=True)
    before = box.running()
    assert admin.put("/config/snmp", {"location": "a", "contact": "b"}).status_code == 400
    assert admin.put("/config/snmp", {"v3": {"context": "a", "user-name": "b"}}).status_code == 400
    assert box.running() == before
    assert admin.put("/config/snmp", {"location": "a"}).status_code == 200
    assert admin.put("/config/snmp/contact", {"contact": "b"}).status_code == 200


# Where a change shows in the status tree


def test_host_name_shows_in_the_envelope(admin: Client) -> None:
    answer = admin.put("/config/network/hostname", {"hostname": "renamed"})
    assert answer.json()["system-information"]["hostname"] == "renamed"


def test_services_show_in_the_status(admin: Client) -> None:
    assert admin.data("/status/services/network/telnet/running") == {"running": False}
    admin.put("/config/network/interfaces/vif1/services/telnet", {"telnet": True})
    assert admin.data("/status/services/network/telnet/running") == {"running": True}
    admin.put("/config/network/interfaces/vif0/services/snmp", {"snmp": False})
    assert admin.data("/status/services/network/snmp/running") == {"running": False}
    admin.put("/config/security/allow-network-discovery", {"allow-network-discovery": True})
    assert admin.data("/status/services/global/avahi/running") == {"running": True}


def test_addresses_show_in_the_status(admin: Client) -> None:
    path = "/status/network/interfaces/vif1"
    assert "addresses" not in admin.data(path)
    body = {"ipv4": {"address": "192.0.2.50", "netmask": "255.255.255.128"}}
    assert admin.put("/config/network/interfaces/vif1", body).status_code == 200
    assert admin.data(path)["addresses"] == [
        {
            "object-id": "ipv4-static",
            "iftype": "static",
            "addresstype": "ipv4",
            "subnet": "255.255.255.128",
            "address": "192.0.2.50",
        }
    ]
    admin.put("/config/network/interfaces/vif1/ipv4/dhcp", {"dhcp": True})
    assert admin.data(f"{path}/addresses/ipv4-dhcp")["iftype"] == "dhcp"
    admin.put("/config/network/interfaces/vif1/cluster/ipv4/enabled", {"enabled": True})
    assert admin.data(f"{path}/cluster/ipv4/enabled") == {"enabled": True}


def test_interfaces_come_and_go_in_the_status(admin: Client) -> None:
    body = {"port": "lan1", "ipv4": {"address": "192.0.2.60", "netmask": "255.255.255.0"}}
    assert admin.put("/config/network/interfaces/vif7", body).status_code == 200
    assert admin.data("/status/network/interfaces/vif7")["ifname"] == "lan1:7"
    assert admin.ask("DELETE", "/config/network/interfaces/vif7").status_code == 200
    assert admin.get("/status/network/interfaces/vif7").status_code == 404


def test_a_change_fires_its_event(box: DeviceHandle, admin: Client) -> None:
    before = event(box, "device-configuration-changed")
    admin.put("/config/snmp/location", {"location": "hall 3"})
    after = event(box, "device-configuration-changed")
    assert after["last-triggered"] > before["last-triggered"]
    assert after["triggered"] == 0


def test_ptp_settings_show_in_their_instance(big: DeviceHandle, clients: Clients) -> None:
    client = clients.of(big)
    path = "/config/chassis0/slots/io1/module/ptp/instances/ptp1/domain-number"
    assert client.put(path, {"domain-number": 127}).status_code == 200
    instances = "/status/chassis0/slots/io1/module/ptp/instances"
    assert client.data(f"{instances}/ptp1/domain-number") == {"domain-number": 127}
    assert client.data(f"{instances}/ptp2/domain-number") == {"domain-number": 44}
    assert client.put(path, {"domain-number": 256}).status_code == 400
