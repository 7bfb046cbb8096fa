# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of measured values and addresses, as those of `values`: any JSON value, no exception, None for what does not parse."""

from __future__ import annotations

import re
import typing as t

from . import values

_QUALITY = re.compile(r"less-than-([0-9]{1,9}(?:\.[0-9]{1,9})?)-?(ps|ns|us|ms|s)")
_QUALITY_EXPONENT = {"ps": -12, "ns": -9, "us": -6, "ms": -3, "s": 0}
_SIZE = r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?([kKMG]?)i?B"
_MEMORY = re.compile(rf"{_SIZE} total memory, ?{_SIZE} free\b.{{0,64}}")
# What the device calls kB is 1024 bytes, as in Linux (INFERRED from tmpfs sizes).
_BYTES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
# MB/s are bytes, so a B is no bit.
_SPEED = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,3})?) ?(?:([MG])(?:b|[bB](?:it|IT))?(?:/s|ps)?)?")
_PERCENT = re.compile(r"([0-9]{1,6}) ?%?")
_UPTIME_WORDS = re.compile(
    r"(?:([0-9]{1,6}) ?d(?:ays?)?)?,? ?(?:([0-9]{1,6}) ?h(?:ours?|rs?)?)?,? ?"
    r"(?:([0-9]{1,6}) ?m(?:in(?:utes?|s)?)?)?,? ?(?:([0-9]{1,10}(?:\.[0-9]{1,9})?) ?s(?:ec(?:onds?|s)?)?)?"
)
_UPTIME_CLOCK = re.compile(
    r"(?:up )?(?:([0-9]{1,6}) days?, ?)?([0-9]{1,6}):([0-5][0-9]):([0-5][0-9])(?:\.[0-9]{1,9})?", re.IGNORECASE
)
# As uptime(1) writes it: with days, a time of two parts has no seconds.
_UPTIME_DAYS = re.compile(r"(?:up )?([0-9]{1,6}) days?, ?([0-9]{1,2}):([0-5][0-9])", re.IGNORECASE)
_MASK_OCTETS = {"255": 8, "254": 7, "252": 6, "248": 5, "240": 4, "224": 3, "192": 2, "128": 1}


def quality_seconds(value: object) -> float | None:
    """`less-than-100ns` as 1e-07; None for a token of any other form."""
    return _quality(value, 0)


def quality_ns(value: object) -> float | None:
    """`less-than-100ns` as 100; an int where it is whole."""
    quality = _quality(value, 9)
    return int(quality) if quality is not None and quality.is_integer() else quality


def _quality(value: object, shift: int) -> float | None:
    match = _QUALITY.fullmatch(values.parsable_text(value).lower().replace("µ", "u").replace("\u03bc", "u"))
    if match is None:
        return None
    return float(f"{match.group(1)}e{_QUALITY_EXPONENT[match.group(2)] + shift}")


def cpu_load(value: object) -> tuple[float, float, float] | None:
    """The mean load over 1, 5 and 15 minutes from a text like /proc/loadavg."""
    words = values.parsable_text(value).split()[:3]
    loads = [load for load in map(values.number, words) if load is not None]
    return (loads[0], loads[1], loads[2]) if len(loads) == 3 else None


def memory_bytes(value: object) -> tuple[int, int] | None:
    """(total, free) from `228428 kB total memory, 161732 kB free (70 %)`; also in B, MB and GB."""
    match = _MEMORY.fullmatch(values.parsable_text(value))
    if match is None:
        return None
    total, unit, free, unit_of_free = match.groups()
    return int(float(total) * _BYTES[unit.lower()]), int(float(free) * _BYTES[unit_of_free.lower()])


def position(value: object) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees from `lat, lon`."""
    parts = values.parsable_text(value).split(",")
    degrees = [degree for degree in map(values.number, parts) if degree is not None]
    if len(parts) != 2 or len(degrees) != 2 or abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        return None
    return degrees[0], degrees[1]


def percent(value: object) -> int | None:
    """81 from 81, `81` and `81 %`."""
    count = values.index(value)
    match = _PERCENT.fullmatch(values.parsable_text(value))
    return count if count is not None or match is None else int(match.group(1))


def uptime_seconds(value: object) -> float | None:
    """Seconds from a number of at least 0, `36 h`, `1 d 12 h 23 min`, `36:23:08`, `1 day, 12:23:08` or `1 day, 12:23`."""
    seconds = values.number(value)
    if seconds is not None:
        return seconds if seconds >= 0 else None
    token = values.parsable_text(value)
    for form in (_UPTIME_WORDS, _UPTIME_CLOCK, _UPTIME_DAYS):
        match = form.fullmatch(token)
        if match is not None and any(match.groups()):
            parts = [float(part or 0) for part in match.groups()]
            return sum(part * span for part, span in zip(parts, (86400, 3600, 60, 1)))
    return None


def speed_mbps(value: object) -> int | None:
    """`1000`, `1000 Mbit/s` and `1G` as 1000 Mbit/s; None for a unit other than Mbit/s and Gbit/s."""
    match = _SPEED.fullmatch(values.parsable_text(value))
    if match is None:
        return None
    speed = round(float(match.group(1)) * (1000 if match.group(2) == "G" else 1), 3)
    return int(speed) if speed.is_integer() else None


def prefix_length(value: object) -> int | None:
    """The length of a network prefix from a dotted mask, a number, `/64`, `2001:db8::1/64` or `ffff:ffff::`."""
    token = values.parsable_text(value).lower().rpartition("/")[2]
    length = values.integer(token)
    if length is not None:
        return length if 0 <= length <= 128 else None
    return _length_of_ipv6_mask(token) if ":" in token else _length_of_ipv4_mask(token)


def _length_of_ipv4_mask(token: str) -> int | None:
    octets = token.split(".")
    if len(octets) != 4:
        return None
    ones = [8 if octet == "255" else _MASK_OCTETS.get(octet, 0) for octet in octets]
    whole = sum(ones)
    expected = [min(8, max(0, whole - 8 * place)) for place in range(4)]
    known = all(octet == "0" or octet in _MASK_OCTETS for octet in octets)
    return whole if known and ones == expected else None


def _length_of_ipv6_mask(token: str) -> int | None:
    head, shortened, tail = token.partition("::")
    groups = [group for group in head.split(":") if group]
    if tail.strip("0:") or len(groups) > 8 or not (shortened or len(groups) == 8):
        return None
    if any(not re.fullmatch(r"[0-9a-f]{1,4}", group) for group in groups):
        return None
    bits = "".join(f"{int(group, 16):016b}" for group in groups).rstrip("0")
    return None if "0" in bits else len(bits)


def split_address(value: object) -> tuple[str | None, str | None]:
    """(address, prefix) of `2001:db8::1/64`; the prefix is None without one."""
    address, slash, prefix = (values.text(value) or "").partition("/")
    return address.strip() or None, prefix if slash else None


def address_family(value: object) -> str | None:
    """`ipv4` or `ipv6` from any spelling of these, another token as it is."""
    token = values.text(value)
    spelling = (token or "").lower().replace("_", "").replace("-", "")
    known: dict[str, t.Any] = {"ipv4": "ipv4", "inet": "ipv4", "ipv6": "ipv6", "inet6": "ipv6"}
    return t.cast("str | None", known.get(spelling, token))
