# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests as public clients send them, and what they must read from the devices of the fleet."""

from __future__ import annotations

import base64
import json
import ssl
import typing as t
import urllib.request

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle

DEVICES = ("ts706", "ts708", "ts710", "ims")
Json = dict[str, t.Any]


def fetch(
    device: DeviceHandle,
    path: str,
    *,
    method: str = "GET",
    timeout: float = 5.0,
    headers: dict[str, str] | None = None,
) -> t.Any:
    """One request past every proxy; what is not 200 is an error."""
    context = ssl.create_default_context(cafile=device.ca)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(f"{device.url}{path}", headers=headers or {}, method=method)
    with opener.open(request, timeout=timeout) as answer:
        return json.load(answer)


def basic(device: DeviceHandle, user: str = "info") -> dict[str, str]:
    """The header of a login."""
    pair = f"{user}:{device.users[user]}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


class Expected(t.NamedTuple):
    """What is known of a device of the fleet, without asking it."""

    model: str
    api: str
    firmware: str
    clock: str
    oscillator: str
    quality: float
    refid: str
    good: float | None
    view: float | None
    speed: str
    statistics: bool
    events: int


EXPECTED = {
    "ts706": Expected(
        "M300", "10.21.019", "fw_7.06.017-light", "pzf511", "tcxo", 1e-7, "PZF", None, None, "100", False, 28
    ),
    "ts708": Expected("M400", "17.03.004", "fw_7.08.011", "gps180", "ocxo-hq", 1e-7, "GPS", 9, 14, "1000", True, 29),
    "ts710": Expected("M600", "20.07.002", "fw_7.10.012", "grc181", "ocxo-hq", 1e-7, "GPS", 9, 14, "1000", True, 34),
    "ims": Expected("M3000", "20.07.002", "fw_7.10.012", "gps182", "ocxo-dhq", 1e-7, "GPS", 9, 14, "1000", True, 37),
}
