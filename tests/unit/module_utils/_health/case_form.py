# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of cases for health checks, and the paths and values that several of them use.

A case is a healthy device with changes and events. FIRING has the faults with the state that they cause, SILENT has
states that are close to a fault and are not one, UNKNOWN what the device does not report; a test keeps them complete.
"""

from __future__ import annotations

import typing as t

SYNC = "system/sync-status"
CLOCK = f"{SYNC}/clock-status"
SLOTS = "chassis0/slots"
CLK = f"{SLOTS}/clk1/module"
EVENTS = "notification/events"
PEER = "ntp/ref_1"
UPTIME = "system/uptime"
HERE = {"latitude": 48.137154, "longitude": 11.576124}
AWAY = {"latitude": 48.147154, "longitude": 11.576124}
NODE = {"offset": 0.002, "offset-limit": 0.001}
SERVER = {
    "id": "192.0.2.1",
    "name": "192.0.2.1",
    "status-peer-configured": True,
    "status-peer-selection": "candidate",
    "status-peer-reach-ok": True,
    "offset": 0.0004,
}
SHELF = {
    "xhe-info": {"xhe-id": "77", "status": "ok"},
    "xhe-sys-status": {"status": {"overheated": False, "pps-lock": True, "ppl-enabled": True}},
    "xhe-psu-status": {"psu-status": {"psu1": "ok", "psu2": "ok"}, "alarms": {"alarm-led": False}},
}
HOT_SHELF = {**SHELF, "xhe-sys-status": {"status": {"overheated": True, "pps-lock": True}}}


class Case(t.NamedTuple):
    """changes: by path below the status node.  events: (triggered, when) by name.  result: expected members of the check.

    settings: changes of the configuration by path below its root, which is read then.
    """

    check: str
    state: str
    changes: t.Mapping[str, t.Any] = {}
    events: t.Mapping[str, tuple[int, str]] = {}
    profile: str = "m600-7.10"
    policy: t.Mapping[str, t.Any] = {}
    result: t.Mapping[str, t.Any] = {}
    settings: t.Mapping[str, t.Any] | None = None


def expect(**expected: t.Any) -> dict[str, t.Any]:
    return {"expected": expected}


def limit(**thresholds: t.Any) -> dict[str, t.Any]:
    return {"thresholds": thresholds}


IN_HOLDOVER = {f"{CLOCK}/clock": "holdover", f"{SYNC}/holdover-status/time-elapsed": 3600}
LOST = {f"{CLOCK}/clock": "not-synchronized"}
NO_PEER = {f"{PEER}/status-peer-selection": "reject"}
