# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every node has a URL: menus, objects, lists, items."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients


def test_status_nodes(admin: Client) -> None:
    assert admin.data("/status")["object-id"] == "status"
    assert admin.data("/status/system")["object-id"] == "system"
    assert admin.data("/status/network/ports/lan0/speed") == {"speed": "1000"}
    assert admin.data("/status/network/ports/lan0")["object-id"] == "lan0"
    ports = admin.data("/status/network/ports")
    assert ports["object-id"] == "ports"
    assert [port["object-id"] for port in ports["ports"]] == ["lan0", "lan1", "lan2", "lan3"]
    assert admin.data("/status/chassis0/slots/clk1/module/dac-cal") == {"dac-cal": None}
    satellites = "/status/chassis0/slots/clk1/module/satellites/selected-satellites"
    assert len(admin.data(satellites)["selected-satellites"]) == 4


def test_configuration_nodes(admin: Client) -> None:
    assert admin.data("/config/network/hostname") == {"hostname": "box"}
    assert admin.data("/config/network/ports/lan0")["link-mode"] == "auto"
    assert admin.data("/config/ntp/external-servers") == {
        "object-id": "external-servers",
        "external-servers": [],
    }
    assert admin.data("/config/security")["object-id"] == "security"
    assert admin.data("/config")["object-id"] == "config"


def test_root_shows_status_and_configuration(admin: Client) -> None:
    data = admin.data("/")
    assert set(data) == {"object-id", "status", "config"}
    assert "system" in data["status"]
    assert data["config"]["network"]["hostname"] == "box"


def test_one_slash_at_the_end_is_the_same_node(admin: Client) -> None:
    assert admin.data("/config/network/") == admin.data("/config/network")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/status/nothing",
        "/status/network/ports/lan9",
        "/status/network/ports/0",
        "/status/system/uptime/more",
        "/config/nothing",
        "/config/network/ports/lan3",
        "/config/network/hostname/more",
        "/config//network",
        "/config/network%2Fhostname",
        "/config/chassis1",
        "/config/chassis0/slots/clk2/module",
        "/configuration",
    ],
)
def test_unknown_path_is_404(admin: Client, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("named", {"speed": "1000"}),
        ("value", {"value": "1000"}),
        ("bare", "1000"),
        ("with-id", {"object-id": "speed", "speed": "1000"}),
    ],
)
def test_forms_of_a_scalar(box: DeviceHandle, admin: Client, form: str, expected: Any) -> None:
    box.set_dialect(scalar_get=form)
    assert admin.data("/status/network/ports/lan0/speed") == expected


@pytest.mark.parametrize("area", ["status", "config"])
def test_forms_of_a_list(box: DeviceHandle, admin: Client, area: str) -> None:
    items = admin.data(f"/{area}/network/ports")["ports"]
    box.set_dialect(list_get="bare")
    assert [p["object-id"] for p in admin.data(f"/{area}/network/ports")] == [p["object-id"] for p in items]
    box.set_dialect(list_get="map")
    assert set(admin.data(f"/{area}/network/ports")) == {p["object-id"] for p in items}


@pytest.mark.parametrize("area", ["status", "config"])
def test_forms_of_an_item(box: DeviceHandle, admin: Client, area: str) -> None:
    box.set_dialect(item_get="wrapped")
    assert list(admin.data(f"/{area}/network/ports/lan0")) == ["lan0"]


@pytest.mark.parametrize("root", ["configuration", "cfg", "settings", "setup"])
def test_name_of_the_configuration_root(box: DeviceHandle, admin: Client, root: str) -> None:
    box.set_dialect(config_root=root)
    assert admin.data(f"/{root}/network/hostname") == {"hostname": "box"}
    assert root in admin.data("/")
    assert admin.get("/config").status_code == 404


def test_areas_without_a_configuration_root(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(config_root="none")
    assert admin.data("/network/hostname") == {"hostname": "box"}
    assert "network" in admin.data("/")
    assert admin.put("/network/hostname", {"hostname": "other"}).status_code == 200


@pytest.mark.parametrize(("form", "expected"), [("status-only", None), ("names", {}), ("full", "content")])
def test_what_the_root_shows(box: DeviceHandle, admin: Client, form: str, expected: Any) -> None:
    box.set_dialect(root_get=form)
    shown = admin.data("/").get("config")
    assert bool(shown) if expected == "content" else shown == expected


def test_raw_gives_numbers_where_they_are_known(admin: Client) -> None:
    assert admin.data("/status/system/sync-status")["clock-status"] == {
        "clock": "synchronized",
        "oscillator": "warmed-up",
        "antenna": "connected",
    }
    assert admin.data("/status/system/sync-status?raw")["clock-status"] == {
        "clock": 1,
        "oscillator": 1,
        "antenna": "connected",
    }
    assert admin.data("/status/system/sync-status/clock-status/clock?raw") == {"clock": 1}
    assert admin.data("/config/network/ports/lan0/link-mode?raw") == {"link-mode": 0}
    assert admin.data("/config/notification/syslog?raw")["loglevel"] == 6
    assert admin.data("/config/security/users/info/level?raw") == {"level": "info"}


def test_raw_of_a_ptp_instance(big: DeviceHandle, clients: Clients) -> None:
    path = "/status/chassis0/slots/io1/module/ptp/instances/ptp1/port-state"
    assert clients.of(big).data(path) == {"port-state": "master"}
    assert clients.of(big).data(f"{path}?raw") == {"port-state": 6}


def test_outside_of_the_api(box: DeviceHandle, admin: Client) -> None:
    page = admin.session.get(f"{box.url}/", timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    assert admin.session.get(f"{box.url}/somewhere", timeout=5).status_code == 404


@pytest.mark.parametrize("cert", ["ca", "self-signed"])
def test_devices_listen_on_ipv6(cert: str) -> None:
    with Fleet([DeviceSpec("six", "m600-7.10", address="::1", cert=cert), DeviceSpec("four", "m600-7.10")]) as fleet:
        device = fleet["six"]
        assert (device.host, device.url) == ("::1", f"https://[::1]:{device.port}")
        client = Client(device)
        client.session.verify = device.ca if cert == "ca" else False
        assert client.data("/status/rest-api")["object-id"] == "rest-api"
        assert fleet["four"].host == "127.0.0.1"
        client.close()


def test_a_fleet_listens_on_ipv6() -> None:
    with Fleet([DeviceSpec("six", "m600-7.10", tls=False)], listen="::") as fleet:
        assert fleet["six"].url == f"http://[::1]:{fleet['six'].port}"
        client = Client(fleet["six"])
        assert client.get("/status").status_code == 200
        client.close()
