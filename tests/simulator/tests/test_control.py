# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, event, named


class Control:
    """Asks the control API of the session's fleet."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self._session.request(method, f"{self._url}{path}", json=body, timeout=10)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def control(fleet: Fleet) -> Iterator[Control]:
    made = Control(fleet.control_url)
    yield made
    made.close()


def test_devices(control: Control, box: DeviceHandle) -> None:
    shown = control.get("/devices")
    assert set(shown) == {"box", "auto", "old", "mid", "big", "plain"}
    assert shown["box"]["url"] == box.url
    assert shown["box"]["fingerprint"] == box.fingerprint
    one = control.get("/devices/box")
    assert one["dialect"]["set_body"] == "named"
    assert one["pending"] == 0


def test_ledger(control: Control, admin: Client) -> None:
    admin.get("/status")
    shown = control.get("/devices/box/ledger")
    assert (shown["gets"], shown["writes"], len(shown["entries"])) == (1, 0, 1)
    assert control.ask("DELETE", "/devices/box/ledger").status_code == 200
    assert control.get("/devices/box/ledger")["entries"] == []


@pytest.mark.usefixtures("box")
def test_trees(control: Control) -> None:
    running = control.get("/devices/box/config")
    assert running["network"]["hostname"] == "box"
    assert running["snmp"]["read-community"] == "****"
    assert control.get("/devices/box/startup") == running
    assert control.get("/devices/box/status")["object-id"] == "status"


def test_a_foreign_change(control: Control, box: DeviceHandle) -> None:
    answer = control.ask("PUT", "/devices/box/config/snmp/location", "elsewhere")
    assert answer.json() == {"pending": 1}
    assert named(box, "snmp/location") == "elsewhere"
    body = {"location": "x", "contact": "y"}
    assert control.ask("PUT", "/devices/box/config/snmp", body).json() == {"pending": 2}
    assert len(box.ledger) == 0
    assert control.ask("PUT", "/devices/box/config/snmp/location", 5).status_code == 400
    assert control.ask("PUT", "/devices/box/config/snmp/nothing", 5).status_code == 404


def test_dialect(control: Control, box: DeviceHandle) -> None:
    body = {"set_body": "bare", "latency_ms": 2, "menu_put_refused": True}
    assert control.ask("PUT", "/devices/box/dialect", body).json()["set_body"] == "bare"
    assert box.dialect["set_body"] == "bare"
    assert control.ask("PUT", "/devices/box/dialect", {"set_body": "x"}).status_code == 400


def test_faults(control: Control, admin: Client) -> None:
    faults = [{"kind": "status", "status": 500, "times": 1}, {"kind": "delay", "seconds": 0}]
    answer = control.ask("POST", "/devices/box/faults", faults)
    assert answer.status_code == 201
    first, second = answer.json()["numbers"]
    assert [admin.get("/status").status_code for dummy in range(2)] == [500, 200]
    assert [fault["seen"] for fault in control.get("/devices/box/faults")] == [2, 2]
    control.ask("DELETE", f"/devices/box/faults/{first}")
    assert [fault["number"] for fault in control.get("/devices/box/faults")] == [second]
    control.ask("DELETE", "/devices/box/faults")
    assert control.get("/devices/box/faults") == []
    assert control.ask("POST", "/devices/box/faults", {"kind": "x"}).status_code == 400


def test_reboot_and_restore(control: Control, box: DeviceHandle) -> None:
    box.change("snmp/location", "elsewhere")
    assert control.ask("POST", "/devices/box/reboot").status_code == 200
    assert named(box, "snmp/location") == "rack 1"
    box.change("snmp/location", "elsewhere")
    assert control.ask("POST", "/devices/box/restore").status_code == 200
    assert box.pending == 0


def test_incidents(control: Control, box: DeviceHandle) -> None:
    body = {"kind": "antenna-fault", "fault": "short-circuit", "after": 5}
    answer = control.ask("POST", "/devices/box/incidents", body)
    assert answer.status_code == 201
    raised = answer.json()
    assert (raised["kind"], raised["active"], raised["end"]) == ("antenna-fault", False, None)
    assert raised["members"] == {"slot": "clk1", "fault": "short-circuit"}
    assert "short-circuited" in raised["meaning"]
    assert control.get("/devices/box/incidents") == [raised]
    assert control.get("/devices/box")["incidents"] == [raised]
    answer = control.ask("POST", "/devices/box/advance", {"seconds": 10})
    assert answer.status_code == 200
    assert answer.json()["time"].endswith("Z")
    assert control.get("/devices/box/incidents")[0]["active"] is True
    assert event(box, "antenna-short-circuit")["triggered"] == 1
    again = control.ask("POST", "/devices/box/incidents", body)
    assert (again.status_code, "already raised" in again.json()["error"]) == (400, True)
    impossible = control.ask("POST", "/devices/box/incidents", {"kind": "fan-failure"})
    assert impossible.status_code == 400
    assert impossible.json() == {"error": "this device has no fan"}
    assert control.ask("DELETE", "/devices/box/incidents/holdover").status_code == 404
    gone = control.ask("DELETE", "/devices/box/incidents/antenna-fault")
    assert gone.json() == {"cleared": 1}
    control.ask("POST", "/devices/box/incidents", {"kind": "holdover"})
    control.ask("POST", "/devices/box/incidents", {"kind": "ntp-stopped"})
    assert control.ask("DELETE", "/devices/box/incidents").json() == {"cleared": 2}
    assert control.ask("DELETE", "/devices/box/incidents").json() == {"cleared": 0}
    assert len(box.ledger) == 0
    control.ask("POST", "/devices/box/incidents", {"kind": "holdover"})
    control.ask("POST", "/devices/box/restore")
    assert control.get("/devices/box/incidents") == []
    assert event(box, "ntp-not-sync")["triggered"] == 0


@pytest.mark.usefixtures("box")
def test_what_is_no_incident_and_no_time(control: Control) -> None:
    for path, body in (
        ("incidents", {}),
        ("incidents", {"kind": "x"}),
        ("incidents", [{"kind": "holdover"}]),
        ("incidents", {"kind": "holdover", "slot": ["clk1"]}),
        ("advance", {}),
        ("advance", {"seconds": "60"}),
        ("advance", {"seconds": True}),
        ("advance", {"seconds": -1}),
    ):
        answer = control.ask("POST", f"/devices/box/{path}", body)
        assert answer.status_code == 400, body
        assert answer.json()["error"], body
    assert control.ask("POST", "/devices/nobody/incidents", {"kind": "x"}).status_code == 404


def test_assumptions(control: Control) -> None:
    shown = control.get("/assumptions")
    assert {"m600-7.10", "m3000-7.10", "m400-7.08", "m300-7.06"} == set(shown)
    assert all(entry["remark"] for entries in shown.values() for entry in entries)


def test_unknown_things(control: Control) -> None:
    assert control.ask("GET", "/devices/nobody").status_code == 404
    assert control.ask("GET", "/nothing").status_code == 404
    assert control.ask("PUT", "/devices/box/dialect", [1]).status_code == 400
