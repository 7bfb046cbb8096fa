# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option host: a name or an address."""

from __future__ import annotations

import ipaddress
import re

from .._base.errors import LantimeError
from .._base.sanitize import printable

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,252})")


def url_host(host: str) -> str:
    """The host as it stands in a URL. Raises LantimeError with the code option if it is neither a name nor an address."""
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if _is_ipv6(bare):
        return f"[{bare}]"
    if _NAME.fullmatch(bare):
        return bare
    raise _invalid_host(host, bare)


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.IPv6Address(text).scope_id is None
    except ValueError:
        return False


def _invalid_host(host: str, bare: str) -> LantimeError:
    address, _percent, zone = bare.partition("%")
    if zone and _is_ipv6(address):
        return LantimeError(
            "option",
            f'"{printable(host, 60)}" has a zone id, which is not supported',
            hint="set host to an address of the device that needs none, or to a name with such an address",
        )
    # A host with an @ may hold a password.
    value = "the value of host" if "@" in host else f'"{printable(host, 60)}"'
    return LantimeError(
        "option",
        f"{value} is neither a host name nor an address",
        hint="set host to the bare name or address; port, username and password are separate options",
    )
