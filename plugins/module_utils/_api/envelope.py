# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses answers: strict and bounded JSON, and the envelope of the LANTIME REST API."""

from __future__ import annotations

import json
import re
import typing as t

from .._status.identity import Identity, read_identity

MAX_DEPTH = 64
MAX_VALUES = 50_000
# Enough to tell nesting from a large number of values.
_FIRST_BYTES = 1000
MAX_STRING = 1024 * 1024
_MAX_DIGITS = 40
_BRACKET = re.compile(rb"[\[\]{}]")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NotJsonError(ValueError):
    """The text is not JSON that a device may send. The message is for users."""


class TooLargeError(NotJsonError):
    """The text holds more than any answer of a device."""


class Envelope(t.NamedTuple):
    """An answer. data: content of the addressed node, with the wrapper "status" of the root kept."""

    data: t.Any
    identity: Identity
    error: str | None
    raw: dict[str, t.Any]


def _refuse_constant(name: str) -> t.Any:
    raise NotJsonError(f"it holds {name}, which is not JSON")


def _parse_integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise NotJsonError(f"it holds a number of {len(text)} digits")
    return int(text)


def _parse_number(text: str) -> float:
    if len(text) > 400:
        raise NotJsonError(f"it holds a number of {len(text)} digits")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise NotJsonError("it holds a number beyond all bounds")
    return value


def _make_object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJsonError("it holds the same name twice in one object")
    return members


def _check_structure(body: bytes) -> None:
    """Count values, names and levels in a JSON text before anything is made of it. Raises TooLargeError."""
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    if unescaped.count(b'"') > 2 * MAX_VALUES:
        raise TooLargeError(f"it holds more than {MAX_VALUES} names and values")
    parts = unescaped.split(b'"')
    if any(len(text) > MAX_STRING for text in parts[1::2]):
        raise TooLargeError(f"it holds a text longer than {MAX_STRING} bytes")
    structure = b"".join(parts[::2])
    is_too_much = sum(map(structure.count, (b",", b":", b"[", b"{"))) >= MAX_VALUES
    depth = 0
    for bracket in _BRACKET.finditer(structure[:_FIRST_BYTES] if is_too_much else structure):
        depth += 1 if bracket.group() in b"[{" else -1
        if depth > MAX_DEPTH:
            raise TooLargeError(f"it is nested deeper than {MAX_DEPTH} levels")
        if depth < 0:
            # No JSON, which the parser notices at the same place.
            break
    if is_too_much:
        raise TooLargeError(f"it holds more than {MAX_VALUES} names and values")


def parse_json(body: bytes) -> t.Any:
    """The value of a JSON text; white space and a byte order mark around it are ignored.

    Raises TooLargeError for more than 50,000 names and values or more than 64 levels, NotJsonError for anything but UTF-8, NaN, a
    name twice in an object, text after the value, and numbers of more than 40 digits. Half a surrogate pair becomes text such as \\ud800.
    """
    _check_structure(body)
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise NotJsonError("it is not UTF-8") from None
    if not text:
        raise NotJsonError("it is empty")
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_int=_parse_integer,
            parse_float=_parse_number,
            object_pairs_hook=_make_object,
        )
    except NotJsonError:
        raise
    except ValueError as exc:
        position = getattr(exc, "pos", 0)
        ending = "ends too early" if position >= len(text) - 1 else f"breaks off at character {position}"
        raise NotJsonError(f"the JSON text {ending}") from None
    return _escape_surrogates(value) if _SURROGATE.search(text) else value


def _escape_surrogates(value: t.Any) -> t.Any:
    """The value with each half of a surrogate pair as an escape sequence: JSON may hold one, but no output can."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_escape_surrogates(name): _escape_surrogates(member) for name, member in value.items()}
    return [_escape_surrogates(item) for item in value] if isinstance(value, list) else value


def _error_text(value: t.Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        for name in ("message", "text", "description", "error", "reason"):
            if isinstance(value.get(name), str):
                return str(value[name])
        return json.dumps(value, ensure_ascii=False)
    return None


def open_envelope(value: t.Any) -> Envelope | None:
    """The envelope in a parsed answer, or None if this is no answer of a LANTIME.

    An answer needs at least one of system-information, data, changes and an error member.
    """
    if not isinstance(value, dict):
        return None
    info = value.get("system-information")
    data = value.get("data")
    changes = value.get("changes")
    failure = value.get("error", value.get("errors"))
    if failure is None and isinstance(data, dict) and "object-id" not in data and set(data) == {"error"}:
        failure = data["error"]
    if not isinstance(info, dict) and "data" not in value and changes is None and failure is None:
        return None
    return Envelope(
        data=data,
        identity=read_identity(value),
        error=_error_text(failure) if failure else None,
        raw=value,
    )


def node_of(data: t.Any, segments: t.Sequence[str]) -> t.Any:
    """The addressed node without the wrappers of the forms that a device may use (O1, O2, O3, the root's status).

    segments: the path of the request without api. For status/network/ports/lan0/speed all of {"speed": "1000"},
    {"value": "1000"}, {"object-id": "speed", "speed": "1000"} and "1000" give "1000".
    """
    if not segments or not isinstance(data, dict):
        return data
    last = segments[-1]
    names = set(data) - {"object-id"}
    if list(segments) == ["status"] and isinstance(data.get("status"), dict):
        return data["status"]
    if names == {last}:
        return data[last]
    if names == {"value"} and not isinstance(data["value"], (dict, list)):
        return data["value"]
    return data
