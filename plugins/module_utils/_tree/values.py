# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of the device's values, which come in many spellings, as typed values.

Each reader takes any JSON value, never raises, and returns None for a value that is absent or invalid. Results are bounded:
text is cut, numbers beyond 64 bits and invalid times are None, and no pattern backtracks beyond the length of its input.
"""

from __future__ import annotations

import math
import re
import typing as t
from collections.abc import Mapping

from .device_times import parse_device_time
from .secrets import mask_secrets

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Reader = Callable[[object], object]
    FieldMap = tuple[tuple[str, str, Reader], ...]

MAX_TEXT = 4096
MAX_PARSED = 256
MAX_INTEGER = 2**64

_ABSENT_TOKENS = frozenset({"", "n/a", "unknown", "-", "never"})
_TRUE_TOKENS = frozenset({"true", "yes", "on", "1", "enabled"})
_FALSE_TOKENS = frozenset({"false", "no", "off", "0", "disabled"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")
_VERSION = re.compile(
    r"(?:fw_|firmware-|v)?([0-9]{1,6}(?:\.[0-9]{1,6}){1,5})(?:[-_ ]([\w.+-]{1,64}))?",
    re.ASCII | re.IGNORECASE,
)
_DIGITS = re.compile(r"([0-9]+)")


def is_absent(value: object, *, none: bool = False) -> bool:
    """Whether the value is one of the spellings of "no value".

    none: whether `none` is one of them. It is a real value of some fields (color of an LED, leap indicator).
    """
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    token = value.strip().lower()
    return token in _ABSENT_TOKENS or (none and token == "none")


def text(value: object) -> str | None:
    """A trimmed string of at most `MAX_TEXT` characters; a number becomes text, a boolean is invalid."""
    if isinstance(value, str):
        cut = value.strip()[:MAX_TEXT]
        if cut.lower() in _ABSENT_TOKENS:
            return None
        # Half a surrogate pair is valid in JSON, but cannot be encoded for output.
        return cut if cut.isascii() else cut.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return str(value) if abs(value) < MAX_INTEGER else None


def text_or_none(value: object) -> str | None:
    """As text(), for fields in which `none` means absent."""
    return None if is_absent(value, none=True) else text(value)


def parsable_text(value: object) -> str:
    """Trimmed text that is short enough to be parsed, otherwise the empty string."""
    token = text(value)
    return token if token is not None and len(token) <= MAX_PARSED else ""


def boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return bool(value) if value in (0, 1) else None
    token = parsable_text(value).lower()
    if token in _TRUE_TOKENS:
        return True
    return False if token in _FALSE_TOKENS else None


def integer(value: object) -> int | None:
    """An integer of at most 64 bits, also from text and from a float without a fraction."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer():
            return None
        value = int(value)
    elif isinstance(value, str):
        token = parsable_text(value)
        if _INTEGER.fullmatch(token) is None:
            return None
        value = int(token)
    return value if isinstance(value, int) and abs(value) < MAX_INTEGER else None


def index(value: object) -> int | None:
    """An integer of at least 0; a negative number (-1 of an unfitted port) means absent."""
    count = integer(value)
    return count if count is not None and count >= 0 else None


def number(value: object) -> float | None:
    """A finite float, also from text, without the rounding tail of the device's serializer (`0.00011999999999999999`)."""
    result: float
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        if abs(value) >= MAX_INTEGER:
            return None
        result = float(value)
    elif isinstance(value, float):
        result = value
    else:
        token = parsable_text(value)
        if _DECIMAL.fullmatch(token) is None:
            return None
        result = float(token)
    return float(f"{result:.15g}") if math.isfinite(result) else None


def celsius(value: object) -> float | None:
    """A temperature. Exactly 0.0 means absent, because a clock without a sensor reports it."""
    return number(value) or None


def kibibytes(value: object) -> int | None:
    """Bytes from the device's `kB`, which is 1024 bytes as in Linux (INFERRED from tmpfs sizes)."""
    count = index(value)
    return None if count is None or count >= MAX_INTEGER // 1024 else count * 1024


def iso_utc(value: object) -> str | None:
    """A time in any form of the device as `2026-02-11T22:05:07Z`.

    Forms: ISO 8601 without zone, with Z, with an offset, with up to 12 decimals and ` UTC`; `YYYY-MM-DD hh:mm:ss`;
    `YYYY.MM.DD hh:mm:ss`; `YYYYMMDDhhmm`; `DD.MM.YYYY hh:mm:ss`; `Wed Feb 11 22:00:00 2026`; `Wed, 11 Feb 2026 22:00:00
    GMT`; seconds of the Unix epoch; a date alone (midnight). See `parse_device_time`.
    """
    return parse_device_time(parsable_text(value))


def date_or_text(value: object) -> str | None:
    """As iso_utc(); a text in an unknown form is returned as it is."""
    return iso_utc(value) or text(value)


def firmware_version(value: object) -> dict[str, t.Any] | None:
    """`fw_7.06.014-light` as {"text": "7.06.014-light", "numbers": [7, 6, 14], "suffix": "light"}."""
    match = _VERSION.fullmatch(parsable_text(value))
    if match is None:
        return None
    digits, suffix = match.groups()
    return {
        "text": digits if suffix is None else f"{digits}-{suffix}",
        "numbers": [int(part) for part in digits.split(".")],
        "suffix": suffix,
    }


def compare_versions(left: object, right: object) -> int | None:
    """-1, 0 or 1 by the numbers alone, so `fw_7.10.008` equals `7.10.8`; None if either is not a version."""
    first, second = firmware_version(left), firmware_version(right)
    if first is None or second is None:
        return None
    a, b = list(first["numbers"]), list(second["numbers"])
    a += [0] * (len(b) - len(a))
    b += [0] * (len(a) - len(b))
    return (a > b) - (a < b)


def version_text(value: object) -> str | None:
    """The version without the prefix `fw_`; another name (`osv`) is returned as it is."""
    version = firmware_version(value)
    return t.cast("str", version["text"]) if version else text(value)


def mac_address(value: object) -> str | None:
    """A MAC address in lower case; None for the zeros of an unfitted port."""
    address = parsable_text(value).lower()
    return address if address.strip("0:-.") else None


def snake(name: str) -> str:
    """`rx-packets` as `rx_packets`."""
    return name[:MAX_PARSED].strip().lower().replace("-", "_").replace(" ", "_")


def natural_key(name: str) -> tuple[t.Any, ...]:
    """A sort key that places io9 before io10."""
    parts = _DIGITS.split(name[:MAX_PARSED].lower())
    numbers = [part.lstrip("0") for part in parts[1::2]]
    # Digits are compared by length, then as text: int() would refuse thousands of them.
    return parts[0], tuple(zip(((len(part), part) for part in numbers), parts[2::2])), name


def mapping(value: object) -> Mapping[str, t.Any]:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, Mapping) else {}


def at(value: object, *path: str) -> t.Any:
    """The member below `path`, or None."""
    for name in path:
        value = mapping(value).get(name)
    return value


def table(value: object, *keys: str) -> list[tuple[str, Mapping[str, t.Any]]]:
    """(object-id, item) of each object in a list, or in an object keyed by object-id.

    keys: members that name the item, tried in this order before object-id. The object-id of an item without any is "".
    """
    pairs: Iterable[tuple[object, object]]
    if isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = ((None, item) for item in value)
    else:
        return []
    items = []
    for key, item in pairs:
        if isinstance(item, Mapping):
            names = map(text, (*map(item.get, (*keys, "object-id")), key))
            items.append((next(filter(None, names), ""), item))
    return items


def is_bounded(value: object, *, depth: int = 12, nodes: int = 2000) -> bool:
    """Whether a value of unknown form is small enough to be returned as it is."""
    stack: list[tuple[object, int]] = [(value, 0)]
    count = 0
    while stack:
        item, level = stack.pop()
        count += 1
        if count > nodes or level > depth:
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


def unparsed_values(unread: Mapping[str, object]) -> dict[str, t.Any]:
    """{"unparsed": texts by name} of those values, by name of the fact, that are neither absent nor a table; else {}.

    Zeros (no sensor, no MAC address) and -1 (an unfitted port) stand for an absent value.
    """
    texts = {name: _unparsed_text(value) for name, value in unread.items() if value is not None}
    kept = {name: token for name, token in texts.items() if token is not None}
    return {"unparsed": kept} if kept else {}


def _unparsed_text(value: object) -> str | None:
    if is_absent(value, none=True) or value in (0, -1):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    token = text(value)
    return None if token is None or not token.strip("0:-. ") else token[:MAX_PARSED]


def map_fields(source: object, spec: FieldMap, *known: str) -> dict[str, t.Any]:
    """The members of an object by a table of (name, the device's name, reader).

    known: further names of the device. Members that neither lists are copied to `other`, which exists only if there are any,
    with secrets masked; so does `unparsed`, see `unparsed_values`.
    """
    members = mapping(source)
    result: dict[str, t.Any] = {name: reader(members.get(key)) for name, key, reader in spec}
    read = {key for name, key, dummy in spec if result[name] is not None}
    result.update(unparsed_values({name: members.get(key) for name, key, dummy in spec if key not in read}))
    named = {member[1] for member in spec}.union(known, ("object-id",))
    other = {
        key: value
        for key, value in members.items()
        if isinstance(key, str) and key not in named and is_bounded(value) and len(key) <= MAX_PARSED
    }
    if other:
        result["other"] = mask_secrets(dict(list(other.items())[:64]))
    return result


def status_of(envelope: object) -> Mapping[str, t.Any]:
    """The status node of an answer: `data.status` for GET /api/, `data` for GET /api/status."""
    data = mapping(mapping(envelope).get("data"))
    status = data.get("status")
    return status if isinstance(status, Mapping) else data
