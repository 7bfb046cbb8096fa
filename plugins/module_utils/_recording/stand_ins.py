# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for personal values: equal values get equal stand-ins, and nobody without the key can find the value.

Each kind of stand-in is recognizable: host-…, user-…, addresses of the ranges for documentation (RFC 5737, RFC 3849, RFC 6676),
hardware addresses that start with 02:00:5e, serial numbers that start with 99, and positions in the South Pacific.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import typing as t

STAND_IN_KINDS = (
    "address",
    "certificate",
    "contact",
    "description",
    "free_text",
    "host_name",
    "mac_address",
    "position",
    "secret",
    "serial_number",
    "user",
)

_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
# Addresses in the networks above are tried at random. Beyond the second number there are hardly any free ones.
_ATTEMPTS = 96
_NEARLY_FULL = 600
_MULTICAST = "233.252.0."
_SITE_LOCAL_MULTICAST = ipaddress.IPv4Network("239.0.0.0/8")
_MAC_PREFIX = "02005e"
_MIDDLE_OF_EUI64 = "fffe"
# No address, broadcast and multicast.
_KEPT_MACS = re.compile(r"0+|f+|01[0-9a-f]{10}|3333[0-9a-f]{8}")
# Bounds of positions in the South Pacific, far from any land, in degrees and in meters.
_PLACES: dict[str, tuple[float, float]] = {
    "latitude": (-50.0, -40.0),
    "longitude": (-130.0, -120.0),
    "altitude": (0.0, 99.0),
    "position-x": (-3_100_000.0, -2_050_000.0),
    "position-y": (-4_220_000.0, -3_150_000.0),
    "position-z": (-4_880_000.0, -4_100_000.0),
}
_AXES = {"lat": "latitude", "lon": "longitude", "long": "longitude", "alt": "altitude", "height": "altitude"}
POSITION_NAMES = frozenset([*_PLACES, *_AXES])


class StandIns:
    """Makes the stand-ins of one run. key: secret; the same key gives the same stand-ins."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._addresses: dict[str, str] = {}
        self._taken: set[str] = set()

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.new(self._key, f"{kind}:{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()

    def _hex(self, kind: str, value: str, digits: int = 8) -> str:
        return self._digest(kind, value).hex()[:digits]

    def _number(self, kind: str, value: str, below: int) -> int:
        return int.from_bytes(self._digest(kind, value)[:16], "big") % below

    def word(self, kind: str, value: str) -> str:
        """A stand-in such as text-1a2b3c4d. kind: its first word."""
        return f"{kind}-{self._hex(kind, value)}"

    def contact(self, value: str) -> str:
        if "@" in value:
            return f"user-{self._hex('contact', value)}@example.com"
        return self.word("contact", value)

    def host_name(self, name: str) -> str:
        """Host and domain separately, so that a host name and a domain still make the full name."""
        host, dot, domain = name.casefold().partition(".")
        return self.word("host", host) + (f".{self.domain(domain)}" if dot else "")

    def domain(self, name: str) -> str:
        return f"{self.word('zone', name.casefold().rstrip('.'))}.example"

    def serial_number(self, value: str) -> str:
        length = max(10, len(value)) - 2
        return f"99{self._number('serial', value, 10**length):0{length}d}"

    def mac_address(self, text: str) -> str:
        """A hardware address or an EUI-64 made of one, with the signs of the given one between the digits."""
        digits = re.sub(r"[^0-9a-fA-F]", "", text).lower()
        if _KEPT_MACS.fullmatch(digits):
            return text
        if len(digits) == 12:
            made = _MAC_PREFIX + self._hex("mac", digits, 6)
        elif digits[6:10] == _MIDDLE_OF_EUI64:
            made = _MAC_PREFIX + _MIDDLE_OF_EUI64 + self._hex("mac", digits[:6] + digits[10:], 6)
        else:
            made = _MAC_PREFIX + _MIDDLE_OF_EUI64 + self._hex("eui64", digits, 6)
        replaced = iter(made.upper() if text != text.lower() else made)
        return re.sub(r"[0-9a-fA-F]", lambda _digit: next(replaced), text)

    def address(self, text: str) -> str:
        """An IP address of a range for documentation. Addresses without an owner, such as loopback and multicast ones, stay."""
        address = ipaddress.ip_address(text)
        if not _has_owner(address):
            return text
        if text not in self._addresses:
            self._addresses[text] = self._free_address(address)
        return self._addresses[text]

    def _free_address(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
        """An address that no other one of the run has. The ranges for IPv4 hold few, so that it may be taken if they are nearly full."""
        make = self._ipv4 if address.version == 4 else self._ipv6
        attempts = _ATTEMPTS if len(self._taken) < _NEARLY_FULL else 1
        made = make(address, 0)
        for attempt in range(1, attempts):
            if made not in self._taken:
                break
            made = make(address, attempt)
        self._taken.add(made)
        return made

    def _ipv4(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address, attempt: int) -> str:
        """Addresses of one /24 network stay in one, unless it is full."""
        network, _dot, host = str(address).rpartition(".")
        salt = f"{attempt}" if attempt else ""
        if address in _SITE_LOCAL_MULTICAST:
            return _MULTICAST + str(1 + self._number("multicast", f"{address}{salt}", 254))
        moved = attempt // (_ATTEMPTS // len(_NETWORKS))
        chosen = _NETWORKS[(self._number("network", network, len(_NETWORKS)) + moved) % len(_NETWORKS)]
        return chosen + str(1 + self._number("host", f"{network}.{host}{salt}", 254))

    def _ipv6(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address, _attempt: int) -> str:
        """Addresses of one /64 network stay in one."""
        digits = f"{int(address):032x}"
        network, host = self._hex("network6", digits[:16]), self._hex("host6", digits, 16)
        groups = ["2001", "db8", network[:4], network[4:], *(host[at : at + 4] for at in range(0, 16, 4))]
        return str(ipaddress.IPv6Address(":".join(groups)))

    def place(self, name: str, value: t.Any) -> t.Any:
        """A coordinate of the type and precision of the given one. name: that of the leaf. Zero means no position and stays."""
        axis = _AXES.get(name, name)
        text = str(value)
        try:
            number = float(text)
        except ValueError:
            return self.word("text", text)
        if number == 0:
            return value
        low, high = _PLACES[axis]
        # The same number may be a text with zeros at its end elsewhere.
        shortest = repr(number)
        decimals = len(shortest.partition(".")[2]) if "e" not in shortest else 6
        steps = 10**decimals
        made = low + self._number(axis, shortest, int((high - low) * steps)) / steps
        if isinstance(value, str):
            return f"{made:.{max(decimals, len(text.partition('.')[2]))}f}"
        return type(value)(round(made, decimals))


def _has_owner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if address.version == 6:
        return not (address.is_loopback or address.is_unspecified or address.is_multicast)
    if address in _SITE_LOCAL_MULTICAST:
        return True
    is_reserved = address.is_loopback or address.is_unspecified or address.is_multicast
    return not (is_reserved or str(address) == "255.255.255.255" or is_netmask(str(address)))


def is_netmask(text: str) -> bool:
    """Whether an IPv4 address in text form is a netmask."""
    try:
        bits = f"{int(ipaddress.IPv4Address(text)):032b}"
    except ValueError:
        return False
    return "01" not in bits and bits[:1] == "1"
