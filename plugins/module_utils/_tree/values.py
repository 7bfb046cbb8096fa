# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The device's many spellings as plain typed values.

Every function takes any JSON value, never raises and returns None when the value says nothing.
What comes from the device is bounded: text is cut, numbers beyond 64 bits and times that are none
are None, and no pattern backtracks beyond the length of its input.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import datetime
import math
import re
import typing as t
from collections.abc import Mapping

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Reader = Callable[[object], object]
    FieldMap = tuple[tuple[str, str, Reader], ...]

MAX_TEXT = 4096
MAX_PARSED = 256
MAX_INTEGER = 2**64

_ABSENT = frozenset({"", "n/a", "unknown", "-", "never"})
_TRUE = frozenset({"true", "yes", "on", "1", "enabled"})
_FALSE = frozenset({"false", "no", "off", "0", "disabled"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")
_TIME = re.compile(
    r"([0-9]{4})([-.])([0-9]{2})\2([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,12})?)?"
    r" ?(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_COMPACT_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?")
_QUALITY = re.compile(r"less-than-([0-9]{1,9}(?:\.[0-9]{1,9})?)-?(ps|ns|us|ms|s)")
_QUALITY_EXPONENT = {"ps": -12, "ns": -9, "us": -6, "ms": -3, "s": 0}
_MEMORY = re.compile(r"([0-9]{1,15}) ?kB total memory, ?([0-9]{1,15}) ?kB free\b.{0,64}")
_VERSION = re.compile(
    r"(?:fw_|firmware-|v)?([0-9]{1,6}(?:\.[0-9]{1,6}){1,5})(?:[-_ ]([\w.+-]{1,64}))?",
    re.ASCII | re.IGNORECASE,
)
_SPEED = re.compile(r"([0-9]{1,7})(?: ?Mb(?:it)?/s)?")
_DIGITS = re.compile(r"([0-9]+)")
_MASK_OCTETS = {"255": 8, "254": 7, "252": 6, "248": 5, "240": 4, "224": 3, "192": 2, "128": 1}


def absent(value: object, *, none: bool = False) -> bool:
    """Whether the value is one of the spellings of "no value".

    `none` is also a real value of some fields (colour of an LED, leap indicator), so it counts only
    where asked for.
    """
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    token = value.strip().lower()
    return token in _ABSENT or (none and token == "none")


def text(value: object) -> str | None:
    """A trimmed string of at most `MAX_TEXT` characters; numbers are written out, booleans are no text."""
    if isinstance(value, bool) or absent(value):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < MAX_INTEGER else None
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    cut = value.strip()[:MAX_TEXT]
    # Half a surrogate pair is legal in JSON text but no output can be encoded with it.
    return cut if cut.isascii() else cut.encode("utf-8", "replace").decode("utf-8")


def text_or_none(value: object) -> str | None:
    """As `text`, for fields in which `none` means absent."""
    return None if absent(value, none=True) else text(value)


def _short(value: object) -> str:
    """Trimmed text that is short enough to be parsed, else the empty string."""
    found = text(value)
    return found if found is not None and len(found) <= MAX_PARSED else ""


def boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return bool(value) if value in (0, 1) else None
    token = _short(value).lower()
    if token in _TRUE:
        return True
    return False if token in _FALSE else None


def integer(value: object) -> int | None:
    """An integer of at most 64 bits, also from text and from a float without a fraction."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer():
            return None
        value = int(value)
    elif isinstance(value, str):
        token = _short(value)
        if _INTEGER.fullmatch(token) is None:
            return None
        value = int(token)
    return value if isinstance(value, int) and abs(value) < MAX_INTEGER else None


def index(value: object) -> int | None:
    """An integer in which a negative number (-1 of an unfitted port) means nothing."""
    found = integer(value)
    return found if found is not None and found >= 0 else None


def number(value: object) -> float | None:
    """A finite float, also from text."""
    found: float
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        if abs(value) >= MAX_INTEGER:
            return None
        found = float(value)
    elif isinstance(value, float):
        found = value
    else:
        token = _short(value)
        if _NUMBER.fullmatch(token) is None:
            return None
        found = float(token)
    return found if math.isfinite(found) else None


def celsius(value: object) -> float | None:
    """A temperature. A clock without a sensor reports exactly 0.0, which therefore says nothing."""
    return number(value) or None


def kibibytes(value: object) -> int | None:
    """Bytes from the device's `kB`, which are the 1024 bytes of Linux (INFERRED from tmpfs sizes)."""
    found = index(value)
    return None if found is None or found >= MAX_INTEGER // 1024 else found * 1024


def iso_utc(value: object) -> str | None:
    """A time in any of the device's forms as `2026-02-11T22:05:07Z`.

    Forms: ISO 8601 without zone, with Z, with an offset, with up to 12 decimals and ` UTC`;
    `YYYY-MM-DD hh:mm:ss`; `YYYY.MM.DD hh:mm:ss`; `YYYYMMDDhhmm`; a date alone (midnight).
    A time without zone is taken as UTC (INFERRED). Fractions of a second are cut; the second 60 of a
    leap second stays.
    """
    token = _short(value)
    zone: str | None = None
    match = _TIME.fullmatch(token)
    if match is not None:
        year, dummy, month, day, hour, minute, second, zone = match.groups()
    else:
        match = _COMPACT_TIME.fullmatch(token)
        if match is None:
            return None
        year, month, day, hour, minute, second = match.groups()
    seconds = int(second or 0)
    if seconds > 60:
        return None
    try:
        moment = datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
        if zone is not None and zone[0] in "+-":
            offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            moment = moment - offset if zone[0] == "+" else moment + offset
    except (ValueError, OverflowError):
        return None
    return f"{moment.isoformat()[:17]}{seconds:02d}Z"


def date_or_text(value: object) -> str | None:
    """As `iso_utc`; what is no known form of a date is kept as it is."""
    return iso_utc(value) or text(value)


def quality_seconds(value: object) -> float | None:
    """`less-than-100ns` as 1e-07; None for a token of any other form."""
    return _quality(value, 0)


def quality_ns(value: object) -> float | None:
    """`less-than-100ns` as 100; an int where it is whole."""
    found = _quality(value, 9)
    return int(found) if found is not None and found.is_integer() else found


def _quality(value: object, shift: int) -> float | None:
    match = _QUALITY.fullmatch(_short(value).lower().replace("µ", "u").replace("\u03bc", "u"))
    if match is None:
        return None
    return float(f"{match.group(1)}e{_QUALITY_EXPONENT[match.group(2)] + shift}")


def cpu_load(value: object) -> tuple[float, float, float] | None:
    """The mean load over 1, 5 and 15 minutes from the form of /proc/loadavg."""
    words = _short(value).split()[:3]
    loads = [found for found in map(number, words) if found is not None]
    return (loads[0], loads[1], loads[2]) if len(loads) == 3 else None


def memory_bytes(value: object) -> tuple[int, int] | None:
    """(total, free) from `228428 kB total memory, 161732 kB free (70 %)`."""
    match = _MEMORY.fullmatch(_short(value))
    return (int(match.group(1)) * 1024, int(match.group(2)) * 1024) if match else None


def position(value: object) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees from `lat, lon`."""
    parts = _short(value).split(",")
    degrees = [found for found in map(number, parts) if found is not None]
    if len(parts) != 2 or len(degrees) != 2 or abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        return None
    return degrees[0], degrees[1]


def firmware_version(value: object) -> dict[str, t.Any] | None:
    """`fw_7.06.014-light` as {"text": "7.06.014-light", "numbers": [7, 6, 14], "suffix": "light"}."""
    match = _VERSION.fullmatch(_short(value))
    if match is None:
        return None
    digits, suffix = match.groups()
    return {
        "text": digits if suffix is None else f"{digits}-{suffix}",
        "numbers": [int(part) for part in digits.split(".")],
        "suffix": suffix,
    }


def compare_versions(left: object, right: object) -> int | None:
    """-1, 0 or 1 by the numbers alone, so `fw_7.10.008` equals `7.10.8`; None if either is no version."""
    first, second = firmware_version(left), firmware_version(right)
    if first is None or second is None:
        return None
    a, b = list(first["numbers"]), list(second["numbers"])
    a += [0] * (len(b) - len(a))
    b += [0] * (len(a) - len(b))
    return (a > b) - (a < b)


def version_text(value: object) -> str | None:
    """The version without the prefix `fw_`; another name (`osv`) as it is."""
    found = firmware_version(value)
    return t.cast("str", found["text"]) if found else text(value)


def speed_mbps(value: object) -> int | None:
    """`1000` as 1000 Mbit/s."""
    match = _SPEED.fullmatch(_short(value))
    return int(match.group(1)) if match else None


def mac_address(value: object) -> str | None:
    """Lower case; None for the zeros of an unfitted port."""
    found = _short(value).lower()
    return found if found.strip("0:-.") else None


def prefix_length(value: object) -> int | None:
    """The length of a network prefix from a dotted mask or a number."""
    found = integer(value)
    if found is not None:
        return found if 0 <= found <= 128 else None
    octets = _short(value).split(".")
    if len(octets) != 4:
        return None
    ones = [8 if octet == "255" else _MASK_OCTETS.get(octet, 0) for octet in octets]
    whole = sum(ones)
    expected = [min(8, max(0, whole - 8 * place)) for place in range(4)]
    known = all(octet == "0" or octet in _MASK_OCTETS for octet in octets)
    return whole if known and ones == expected else None


def snake(name: str) -> str:
    """`rx-packets` as `rx_packets`."""
    return name[:MAX_PARSED].strip().lower().replace("-", "_").replace(" ", "_")


def natural_key(name: str) -> tuple[t.Any, ...]:
    """A sort key in which io9 stands before io10."""
    parts = _DIGITS.split(name[:MAX_PARSED].lower())
    numbers = [part.lstrip("0") for part in parts[1::2]]
    # Digits are compared by length, then as text: int() would refuse thousands of them.
    return parts[0], tuple(zip(((len(part), part) for part in numbers), parts[2::2])), name


def mapping(value: object) -> Mapping[str, t.Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def at(value: object, *path: str) -> t.Any:
    """The member below `path`, or None."""
    for name in path:
        value = mapping(value).get(name)
    return value


def table(value: object, *keys: str) -> list[tuple[str, Mapping[str, t.Any]]]:
    """(object-id, item) of each object in a list, or in an object keyed by object-id.

    `keys` are members that name the item, in this order before `object-id`; an item that names
    itself nowhere has the empty string.
    """
    pairs: Iterable[tuple[object, object]]
    if isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = ((None, item) for item in value)
    else:
        return []
    found = []
    for key, item in pairs:
        if isinstance(item, Mapping):
            names = [text(item.get(name)) for name in (*keys, "object-id")] + [text(key)]
            found.append((next((name for name in names if name), ""), item))
    return found


def bounded(value: object, *, depth: int = 12, nodes: int = 2000) -> bool:
    """Whether a value that nobody described may be handed on as it is."""
    stack: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while stack:
        item, level = stack.pop()
        seen += 1
        if seen > nodes or level > depth:
            return False
        if isinstance(item, (Mapping, list)):
            if len(item) > nodes:
                return False
            members = [*item, *item.values()] if isinstance(item, Mapping) else item
            stack.extend((member, level + 1) for member in members)
        elif isinstance(item, str):
            if len(item) > MAX_TEXT:
                return False
        elif isinstance(item, float):
            if not math.isfinite(item):
                return False
        elif isinstance(item, int):
            if abs(item) >= MAX_INTEGER:
                return False
        elif item is not None:
            return False
    return True


def map_fields(source: object, spec: FieldMap, *known: str) -> dict[str, t.Any]:
    """The members of one object by (name, the device's name, reader).

    Members that neither `spec` nor `known` names go unchanged into `other`, which stands there only
    if there are any.
    """
    members = mapping(source)
    found: dict[str, t.Any] = {name: reader(members.get(key)) for name, key, reader in spec}
    named = {member[1] for member in spec}.union(known, ("object-id",))
    other = {
        key: value
        for key, value in members.items()
        if isinstance(key, str) and key not in named and bounded(value) and len(key) <= MAX_PARSED
    }
    if other:
        found["other"] = dict(list(other.items())[:64])
    return found


def status_of(envelope: object) -> Mapping[str, t.Any]:
    """The status node of an answer: `data.status` of GET /api/, `data` of GET /api/status."""
    data = mapping(mapping(envelope).get("data"))
    status = data.get("status")
    return status if isinstance(status, Mapping) else data
