# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents from the command line: at the start, or through the control API of a running fleet."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from .fleet import Fleet

_TIMEOUT = 30.0


class Order(NamedTuple):
    """To raise (`raised`) or to clear incidents of a device; an empty kind means all."""

    device: str
    raised: bool
    kind: str
    members: dict[str, Any]


def raise_order(text: str) -> Order:
    """The order to raise an incident, from `NAME=KIND[,key=value...]`. Raises ValueError."""
    head, *pairs = text.split(",")
    name, equals, kind = head.partition("=")
    members: dict[str, Any] = {}
    last = ""
    for pair in pairs:
        key, assigned, value = pair.partition("=")
        if assigned:
            last = key.strip()
            members[last] = value
        elif last:
            # A list of targets: slot=pwr1,pwr2
            members[last] += f",{pair}"
        else:
            raise ValueError(f"expected key=value, not {pair!r}")
    if not equals or not name or not kind:
        raise ValueError(f"expected NAME=KIND[,key=value...], not {text!r}")
    return Order(name.strip(), True, kind.strip(), members)


def clear_order(text: str) -> Order:
    """The order to clear incidents, from `NAME[=KIND]`."""
    name, dummy, kind = text.partition("=")
    return Order(name.strip(), False, kind.strip(), {})


def apply_orders(fleet: Fleet, orders: Iterable[Order]) -> None:
    """Applies orders to a fleet that has just started."""
    for order in orders:
        device = fleet.devices.get(order.device)
        if device is None:
            raise ValueError(f"no device {order.device!r}")
        if order.raised:
            device.incidents.raise_(order.kind, order.members)
        else:
            device.incidents.clear(order.kind or None)


def send_orders(directory: Path, orders: Iterable[Order], out: TextIO) -> int:
    """Sends orders to the control API of the simulator that runs in a directory."""
    control = json.loads((directory / "ready.json").read_text(encoding="utf-8"))["control"]
    for order in orders:
        url = f"{control}/devices/{urllib.parse.quote(order.device, safe='')}/incidents"
        if order.raised:
            _ask("POST", url, {"kind": order.kind, **order.members})
            print(f"{order.device}: {order.kind} raised", file=out)
        else:
            kind = f"/{urllib.parse.quote(order.kind, safe='')}" if order.kind else ""
            cleared = _ask("DELETE", url + kind)["cleared"]
            print(f"{order.device}: {cleared} cleared", file=out)
    return 0


def _ask(method: str, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One request to the control API, bypassing every proxy. Raises ValueError with the server's message."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            answered: dict[str, Any] = json.load(answer)
            return answered
    except urllib.error.HTTPError as error:
        with error:
            raise ValueError(json.load(error)["error"]) from None
