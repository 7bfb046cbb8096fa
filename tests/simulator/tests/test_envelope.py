# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The envelope, and what every answer says about the device."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import check_envelope
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients


def test_members_of_the_envelope(box: DeviceHandle, admin: Client) -> None:
    answer = admin.get("/status/system/uptime").json()
    assert list(answer) == ["system-information", "data", "changes", "links"]
    information = answer["system-information"]
    assert information["API Version"] == "LANTIME REST API V20.07.002"
    assert information["version"] == box.firmware == "fw_7.10.012"
    assert information["serial-number"] == box.serial
    assert information["hostname"] == "box"
    assert information["model"] == "M600"
    assert answer["changes"] == {"pending-changes": 0}
    assert answer["links"] == {"self": "https://localhost/api/status/system/uptime"}


def test_old_firmware_links_over_plain_http(old: DeviceHandle, clients: Clients) -> None:
    assert clients.of(old).get("/status").json()["links"]["self"] == "http://localhost/api/status"


def test_time_stamp_is_utc_by_default_and_local_on_demand(box: DeviceHandle, admin: Client) -> None:
    def stamp() -> datetime:
        text = admin.get("/status/rest-api").json()["system-information"]["time-stamp"]
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)

    assert abs(stamp() - datetime.now(timezone.utc)) < timedelta(seconds=5)
    box.set_dialect(time_zone="local", utc_offset=7200)
    ahead = stamp() - datetime.now(timezone.utc)
    assert timedelta(seconds=7190) < ahead < timedelta(seconds=7210)
    updated = admin.data("/status/system/api-last-update")["api-last-update"]
    assert abs(datetime.fromisoformat(updated).replace(tzinfo=timezone.utc) - stamp()) < timedelta(seconds=5)


@pytest.mark.parametrize("padding", ["none", "newlines"])
def test_padding(box: DeviceHandle, admin: Client, padding: str) -> None:
    box.set_dialect(padding=padding)
    text = admin.get("/status/rest-api").text
    assert (text != text.strip()) is (padding == "newlines")
    assert check_envelope(json.loads(text)) == []


def test_every_device_has_its_own_identity(fleet: Fleet) -> None:
    serials = {device.serial for device in fleet}
    fingerprints = {device.fingerprint for device in fleet if device.tls}
    assert len(serials) == len(fleet)
    assert len(fingerprints) == len(fleet) - 1


def test_host_name_in_the_envelope_has_the_domain(box: DeviceHandle, admin: Client) -> None:
    box.change("network/domain", "example.net")
    assert admin.get("/status").json()["system-information"]["hostname"] == "box.example.net"
    assert box.hostname == "box.example.net"
