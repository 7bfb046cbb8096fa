# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxy, if any, stands between the controller and a device.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import ipaddress
import typing as t


def bypassed(host: str, port: int, no_proxy: str) -> bool:
    """Whether C(no_proxy) names the device: exact name, domain suffix, address, CIDR (IPv4 and IPv6), each with an optional port, or C(*)."""
    name = host.strip("[]").lower().rstrip(".")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        address = None
    for raw in no_proxy.replace(" ", ",").split(","):
        entry = raw.strip().lower()
        if not entry:
            continue
        if entry == "*":
            return True
        entry, wanted_port = _split_port(entry)
        if wanted_port is not None and wanted_port != port:
            continue
        if address is not None:
            try:
                if address in ipaddress.ip_network(entry.strip("[]"), strict=False):
                    return True
            except ValueError:
                pass
            continue
        suffix = entry.lstrip("*").lstrip(".")
        if suffix and (name == suffix or name.endswith("." + suffix)):
            return True
    return False


def _split_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        name, _sep, rest = entry[1:].partition("]")
        return name, int(rest[1:]) if rest.startswith(":") and rest[1:].isdigit() else None
    head, sep, tail = entry.rpartition(":")
    if sep and ":" not in head and tail.isdigit():
        return head, int(tail)
    return entry, None


def proxy_for(scheme: str, host: str, port: int, environment: t.Mapping[str, str]) -> str | None:
    """URL of the proxy that the environment names for this device, or None.

    Reads C(https_proxy), C(http_proxy), C(all_proxy) and C(no_proxy), lower case before upper case, as curl does.
    """

    def look(name: str) -> str:
        return environment.get(name) or environment.get(name.upper()) or ""

    proxy = look(scheme + "_proxy") or look("all_proxy")
    if not proxy or bypassed(host, port, look("no_proxy")):
        return None
    return proxy if "://" in proxy else "http://" + proxy
