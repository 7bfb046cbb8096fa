# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running and saved configuration: pending changes, write, read, reboot, autosave, packages."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients, event, named

LOCATION = "/config/snmp/location"


def set_location(client: Client, text: str = "hall 3") -> None:
    assert client.put(LOCATION, {"location": text}).status_code < 300


def saved(device: DeviceHandle, area: str, name: str) -> Any:
    return device.startup()[area][name]


def write(client: Client, package: str = "all") -> int:
    return client.put("/write", {"parameters": {"package": package}}).status_code


def test_a_change_is_pending_until_it_is_written(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    admin.put("/config/ntp/trust-time", {"trust-time": 90})
    assert admin.get("/status/rest-api").json()["changes"] == {"pending-changes": 2}
    assert saved(box, "snmp", "location") == "rack 1"
    answer = admin.put("/write", {"parameters": {"package": "all"}})
    assert answer.json()["changes"] == {"pending-changes": 0}
    assert saved(box, "snmp", "location") == "hall 3"
    assert box.startup() == box.running()


def test_write_without_a_body_saves_everything(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    assert admin.ask("PUT", "/write").status_code == 200
    assert box.pending == 0


def test_write_of_one_package(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    admin.put("/config/ntp/trust-time", {"trust-time": 90})
    assert write(admin, "ntp") == 200
    assert (saved(box, "ntp", "trust-time"), saved(box, "snmp", "location")) == (90, "rack 1")
    assert write(admin, "snmp") == 200
    assert box.pending == 0


@pytest.mark.parametrize(
    ("path", "body", "package"),
    [
        ("network/domain", {"domain": "x"}, "network"),
        ("notification/snmp/trap-receivers/r1", {"address": "192.0.2.1"}, "snmp"),
        ("notification/email/to", {"to": "x"}, "system"),
        ("notification/syslog/servers", {"servers": "x"}, "lantime"),
        ("security/ssh/shell-timeout", {"shell-timeout": 60}, "ssh"),
        ("security/lock-front-panel", {"lock-front-panel": True}, "all"),
    ],
)
def test_the_package_that_holds_a_setting(box: DeviceHandle, admin: Client, path: str, body: Any, package: str) -> None:
    assert admin.put(f"/config/{path}", body).status_code == 200
    assert write(admin, "web") == 200
    assert box.pending == 1
    assert write(admin, package) == 200
    assert box.pending == 0


def test_package_forms(box: DeviceHandle, old: DeviceHandle, clients: Clients) -> None:
    admin = clients.of(box)
    box.set_dialect(package_map="all")
    set_location(admin)
    assert write(admin, "web") == 200
    assert box.pending == 0
    assert write(clients.of(old), "nts") == 200
    old.set_dialect(package_map="strict")
    assert write(clients.of(old), "nts") == 400
    assert write(clients.of(old), "ntp") == 200


def test_ptp_belongs_to_the_ptp_packages(big: DeviceHandle, clients: Clients) -> None:
    client = clients.of(big)
    client.put("/config/chassis0/slots/io2/module/ptp/instances/ptp1/priority1", {"priority1": 3})
    assert (write(client, "ims"), big.pending) == (200, 1)
    assert (write(client, "lptp"), big.pending) == (200, 0)


@pytest.mark.parametrize(
    ("path", "value", "others", "package"),
    [
        ("chassis0/slots/clk1/module/antenna/cable-length", 45, ("ptp2", "lantime"), "ims"),
        ("chassis0/slots/clk1/name", "roof north", ("ptp2", "lantime"), "ims"),
        ("chassis0/slots/io1/module/sync-e/enabled", True, ("network", "syncmon"), "ptp2"),
        ("chassis0/slots/io1/module/sync-e/enabled", True, ("network", "syncmon"), "ims"),
        ("syncmon/nodes/node1/interval", 16, ("ims", "lantime"), "syncmon"),
    ],
)
def test_packages_of_modules_and_of_syncmon(
    big: DeviceHandle, clients: Clients, path: str, value: object, others: tuple[str, ...], package: str
) -> None:
    client = clients.of(big)
    assert client.put(f"/config/{path}", {path.rpartition("/")[2]: value}).status_code == 200
    assert [(write(client, other), big.pending) for other in others] == [(200, 1), (200, 1)]
    assert (write(client, package), big.pending) == (200, 0)


def test_read_rolls_unsaved_changes_back(box: DeviceHandle, admin: Client) -> None:
    before = box.running()
    set_location(admin)
    admin.put("/config/ntp/external-servers/a", {"address": "192.0.2.1"})
    assert admin.put("/read", {"parameters": {"package": "ntp"}}).status_code == 200
    assert (named(box, "snmp/location"), named(box, "ntp/external-servers")) == ("hall 3", [])
    assert admin.put("/read", {"parameters": {}}).status_code == 200
    assert box.running() == before
    assert box.pending == 0


def test_reboot_brings_the_saved_configuration(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    assert write(admin) == 200
    set_location(admin, "lost")
    uptime = box.status()["system"]["uptime"]
    before = event(box, "system-reboot")["last-triggered"]
    assert admin.ask("PUT", "/reboot").status_code == 200
    assert named(box, "snmp/location") == "hall 3"
    assert box.status()["system"]["uptime"] < uptime
    assert event(box, "system-reboot")["last-triggered"] > before
    assert admin.data(LOCATION) == {"location": "hall 3"}


def test_reboot_from_outside(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    box.reboot()
    assert named(box, "snmp/location") == "rack 1"


def test_a_device_is_away_while_it_reboots(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(reboot_seconds=60)
    box.reboot()
    with pytest.raises(OSError, match=r".+"):
        admin.get("/status")
    box.restore()
    assert admin.get("/status").status_code == 200


# The switch activate-changes-as-startup


def test_with_the_switch_on_a_change_is_saved_by_itself(auto: DeviceHandle, clients: Clients) -> None:
    set_location(clients.of(auto))
    assert auto.pending == 0
    assert saved(auto, "snmp", "location") == "hall 3"


def test_saving_by_itself_takes_a_while(auto: DeviceHandle, clients: Clients) -> None:
    auto.set_dialect(autosave_delay=3600)
    set_location(clients.of(auto))
    assert auto.pending == 1
    assert saved(auto, "snmp", "location") == "rack 1"


def test_the_switch_can_be_turned(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    name = "activate-changes-as-startup"
    assert admin.put(f"/config/system/{name}", {name: True}).status_code == 200
    assert box.pending == 0
    assert admin.put(f"/config/system/{name}", {name: False}).status_code == 200
    assert box.pending == 1


# A8


def test_effect_immediate_ignore_switch(auto: DeviceHandle, clients: Clients) -> None:
    auto.set_dialect(effect="immediate-ignore-switch")
    set_location(clients.of(auto))
    assert auto.pending == 1


def test_effect_immediate_saved(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(effect="immediate-saved")
    answer = admin.put(LOCATION, {"location": "hall 3"})
    assert answer.json()["changes"] == {"pending-changes": 0}
    assert saved(box, "snmp", "location") == "hall 3"


@pytest.mark.parametrize("command", ["apply", "write"])
def test_effect_staged(box: DeviceHandle, admin: Client, command: str) -> None:
    assert admin.ask("PUT", "/apply").status_code == 404
    box.set_dialect(effect="staged")
    set_location(admin)
    assert admin.data(LOCATION) == {"location": "rack 1"}
    assert box.pending == 1
    assert admin.ask("PUT", f"/{command}").status_code == 200
    assert admin.data(LOCATION) == {"location": "hall 3"}
    assert box.pending == (1 if command == "apply" else 0)


def test_effect_staged_is_rolled_back_by_read(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(effect="staged")
    set_location(admin)
    assert admin.ask("PUT", "/read").status_code == 200
    assert box.pending == 0
    assert admin.ask("PUT", "/apply").status_code == 200
    assert admin.data(LOCATION) == {"location": "rack 1"}


def test_effect_delayed(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(effect="delayed", effect_delay=3600)
    set_location(admin)
    assert admin.data(LOCATION) == {"location": "rack 1"}
    box.set_dialect(effect_delay=0)
    set_location(admin, "hall 4")
    assert admin.data(LOCATION) == {"location": "hall 4"}


# O13, O14


def test_configset_accepted(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    body = {"parameters": {"package": "all", "configset": "spare"}}
    assert admin.put("/write", body).status_code == 200
    assert box.pending == 1
    box.reboot()
    assert admin.data(LOCATION) == {"location": "rack 1"}
    assert admin.put("/read", body).status_code == 200
    assert admin.data(LOCATION) == {"location": "hall 3"}


def test_configset_ignored_and_refused(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    body = {"parameters": {"configset": "spare"}}
    box.set_dialect(write_configset="refused")
    assert admin.put("/write", body).status_code == 400
    assert box.pending == 1
    box.set_dialect(write_configset="ignored")
    assert admin.put("/write", body).status_code == 200
    assert box.pending == 0


def test_an_equal_value_that_counts(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(noop_put="counts")
    before = event(box, "device-configuration-changed")
    set_location(admin, "rack 1")
    assert box.pending == 1
    assert event(box, "device-configuration-changed") != before
    assert write(admin) == 200
    assert box.pending == 0


# Foreign changes and several writers


def test_a_foreign_change(box: DeviceHandle, admin: Client) -> None:
    box.change("snmp/location", "elsewhere")
    box.change("ntp/external-servers/x", {"address": "192.0.2.5"})
    assert admin.data(LOCATION) == {"location": "elsewhere"}
    assert admin.get("/status").json()["changes"] == {"pending-changes": 2}
    assert all(entry["method"] == "GET" for entry in box.ledger)
    box.change("ntp/external-servers/x", None)
    assert box.pending == 1


def test_write_saves_everybodys_changes(box: DeviceHandle, admin: Client) -> None:
    box.change("snmp/contact", "another client")
    set_location(admin)
    assert write(admin) == 200
    assert saved(box, "snmp", "contact") == "another client"


@pytest.mark.parametrize("status", [423, 409])
def test_concurrency_lock(box: DeviceHandle, admin: Client, status: int) -> None:
    box.set_dialect(concurrency="lock", lock_status=status)
    box.change("snmp/contact", "another client")
    assert admin.put(LOCATION, {"location": "hall 3"}).status_code == status
    assert named(box, "snmp/location") == "rack 1"
    assert write(admin) == 200
    assert admin.put(LOCATION, {"location": "hall 3"}).status_code == 200


def test_concurrency_per_user(box: DeviceHandle, admin: Client, root: Client) -> None:
    box.set_dialect(concurrency="per-user")
    set_location(admin)
    root.put("/config/snmp/contact", {"contact": "root"})
    assert admin.get("/status").json()["changes"] == {"pending-changes": 1}
    assert write(root) == 200
    assert (saved(box, "snmp", "contact"), saved(box, "snmp", "location")) == ("root", "rack 1")


# A13, A14, A18


def test_diff_changes_nothing_and_shows_no_secret(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    admin.put("/config/snmp/read-community", {"read-community": "canary"})
    answer = admin.ask("PUT", "/diff")
    assert "snmp/location: rack 1 -> hall 3" in answer.json()["data"]
    assert "canary" not in answer.text
    assert box.ledger.writes == 2


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "snmp/location: rack 1 -> hall 3"),
        ("lines", ["snmp/location: rack 1 -> hall 3"]),
        ("objects", [{"path": "snmp/location", "old": "rack 1", "new": "hall 3"}]),
        ("count", 1),
        ("empty", {}),
    ],
)
def test_results_of_diff(box: DeviceHandle, admin: Client, form: str, expected: Any) -> None:
    box.set_dialect(diff_result=form)
    set_location(admin)
    assert admin.ask("PUT", "/diff").json()["data"] == expected


@pytest.mark.parametrize(
    ("form", "works", "gone"),
    [
        ("put-command", [("PUT", "/diff"), ("PUT", "/read")], [("POST", "/read", 405)]),
        ("diff-get", [("GET", "/diff"), ("PUT", "/read")], [("PUT", "/diff", 405)]),
        ("rollback-name", [("PUT", "/rollback"), ("PUT", "/discard")], [("PUT", "/read", 404)]),
        (
            "menu-action",
            [("PUT", "/config/system/diff"), ("PUT", "/config/system/read")],
            [("PUT", "/read", 404)],
        ),
        ("absent", [("PUT", "/write")], [("PUT", "/read", 404), ("PUT", "/reboot", 404)]),
        ("post", [("POST", "/diff"), ("POST", "/read")], [("PUT", "/read", 405)]),
    ],
)
def test_forms_of_commands(
    box: DeviceHandle,
    admin: Client,
    form: str,
    works: list[tuple[str, str]],
    gone: list[tuple[str, str, int]],
) -> None:
    box.set_dialect(command_form=form)
    set_location(admin)
    for method, path, status in gone:
        assert admin.ask(method, path).status_code == status
    assert box.pending == 1
    for method, path in works:
        assert admin.ask(method, path).status_code == 200
    assert box.pending == 0


def test_reboot_as_a_menu_action(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(command_form="menu-action")
    set_location(admin)
    assert admin.ask("PUT", "/config/system/reboot").status_code == 200
    assert named(box, "snmp/location") == "rack 1"


def test_durations(box: DeviceHandle, admin: Client) -> None:
    set_location(admin)
    box.set_dialect(duration="instant")
    assert write(admin) == 200
    box.set_dialect(duration="slow", command_seconds=0.2)
    answer = admin.ask("PUT", "/write")
    assert answer.elapsed.total_seconds() >= 0.2


def test_a_command_whose_answer_is_lost(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(duration="drop")
    set_location(admin)
    with pytest.raises(OSError, match=r".+"):
        write(admin)
    assert saved(box, "snmp", "location") == "hall 3"


def test_a_command_that_goes_on_after_its_answer(box: DeviceHandle, admin: Client) -> None:
    box.set_dialect(duration="async", command_seconds=3600)
    set_location(admin)
    assert write(admin) == 202
    assert box.pending == 1
    box.set_dialect(command_seconds=0)
    assert write(admin) == 202
    assert box.pending == 0
