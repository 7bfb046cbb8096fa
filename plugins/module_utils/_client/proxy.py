# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selects the proxy between the controller and a device."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable

PROXY_VARIABLES = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")

_PORT_NUMBER = re.compile(r"[0-9]{1,5}")

Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


def is_bypassed(host: str, port: int, no_proxy: str) -> bool:
    """Whether no_proxy names the device.

    Its entries are exact names, domain suffixes, addresses and CIDR networks (IPv4 and IPv6), each with an optional
    port, or an asterisk for all.
    """
    name = host.strip("[]").lower().rstrip(".")
    entries = [entry.lower() for entry in no_proxy.replace(",", " ").split()]
    return any(entry == "*" or _names_device(entry, name, port) for entry in entries)


def _names_device(entry: str, name: str, port: int) -> bool:
    pattern, wanted_port = _split_port(entry)
    if wanted_port not in (None, port):
        return False
    address = _address_of(name)
    if address is not None:
        return _is_in_network(address, pattern)
    suffix = pattern.lstrip("*").lstrip(".")
    return bool(suffix) and (name == suffix or name.endswith("." + suffix))


def _split_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        name, _sep, rest = entry[1:].partition("]")
        return name, int(rest[1:]) if rest.startswith(":") and _PORT_NUMBER.fullmatch(rest[1:]) else None
    head, sep, tail = entry.rpartition(":")
    if sep and ":" not in head and _PORT_NUMBER.fullmatch(tail):
        return head, int(tail)
    return entry, None


def _address_of(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_in_network(address: Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network.strip("[]"), strict=False)
    except ValueError:
        return False


def proxy_for(scheme: str, host: str, port: int, environment: t.Mapping[str, str]) -> str | None:
    """URL of the proxy that the environment names for this device, or None.

    Reads https_proxy, http_proxy, all_proxy and no_proxy, lower case before upper case, as curl does.
    """

    def variable(name: str) -> str:
        return environment.get(name) or environment.get(name.upper()) or ""

    proxy = variable(scheme + "_proxy") or variable("all_proxy")
    if not proxy or is_bypassed(host, port, variable("no_proxy")):
        return None
    return proxy if "://" in proxy else "http://" + proxy


def checked_proxy(scheme: str, host: str, port: int, environment: t.Mapping[str, str]) -> str | None:
    """The same as proxy_for().

    Raises LantimeError proxy for a proxy that would receive the credentials in clear text, or that is no HTTP proxy.
    """
    proxy = proxy_for(scheme, host, port, environment)
    kind = (proxy or "http").partition("://")[0].lower()
    if kind not in ("http", "https"):
        raise LantimeError(
            "proxy",
            f'the environment names a proxy of type "{printable(kind, 20)}"; only http and https are supported',
            host=host,
        )
    if proxy is not None and scheme == "http":
        raise LantimeError(
            "proxy",
            "use_tls is false, and clear-text HTTP through a proxy would show the credentials to it; nothing was sent",
            host=host,
            hint="set use_tls to true, or connect directly: set use_proxy to false, or add the device to no_proxy",
        )
    return proxy


def with_both_spellings(environment: t.Mapping[str, str]) -> dict[str, str]:
    """The environment of a task, which replaces the proxy variables of the process in lower case and in upper case.

    Of both spellings the later one counts: Ansible adds the variables of a task to those of its block and play.
    """
    spelled = dict(environment)
    for name, value in environment.items():
        if name in PROXY_VARIABLES or (name.lower() in PROXY_VARIABLES and name.isupper()):
            spelled[name.lower()] = spelled[name.upper()] = value
    return spelled
