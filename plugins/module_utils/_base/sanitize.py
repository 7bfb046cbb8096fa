# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes text and names from a device safe for terminals, reports and Ansible's JSON."""

from __future__ import annotations

import json
import re
import typing as t

# What a terminal acts on: C0 except tab and line ends, DEL, C1, line separators, marks of text direction.
_CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
)
# In Ansible's JSON (results of modules, fact caches) an object with a name like __ansible_type or __ansible_vault can be an
# encrypted value, or a text that is trusted as a template.
_RESERVED_PREFIX = "__ansible"
# How JSON writes control characters, and all that is not ASCII but for two characters of the collection's own results: the degree
# sign and the ellipsis.
_JSON_ESCAPE = re.compile(r"\\(?:u(?!00b0|2026)|[rbf])")
_MAX_DEVICE_TEXT = 200


def escape_for_display(value: t.Any) -> t.Any:
    """As disarm_names(), with control characters in names and texts written out, such as `\\x1b` or `\\u202e`.

    Nothing is lost, and no control character reaches a terminal through the name of a task, the label of a loop or a report.
    Data without anything to escape is returned as it is.
    """
    return value if _is_harmless(value) else _copy_with(value, _escape_text)


def escape_for_json(value: t.Any) -> t.Any:
    """As escape_for_display(), but the control characters that JSON writes out itself are kept, so that they can be written back."""
    return _copy_with(value, _escape_beyond_json)


def disarm_names(value: t.Any) -> t.Any:
    """A copy of JSON data without names that have a meaning to Ansible: `__ansible_type` becomes `\\x5f_ansible_type`."""
    return _copy_with(value, _keep_text)


def _is_harmless(value: t.Any) -> bool:
    """Whether there is certainly nothing to escape. Most results have nothing, which their JSON tells much faster than a copy."""
    try:
        raw = json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return raw.isprintable() and _RESERVED_PREFIX not in raw and _JSON_ESCAPE.search(raw) is None


def _copy_with(value: t.Any, text: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {_disarm_name(name, text): _copy_with(member, text) for name, member in value.items()}
    if isinstance(value, list):
        return [_copy_with(member, text) for member in value]
    return value


def _disarm_name(name: t.Any, text: t.Callable[[str], str]) -> t.Any:
    if not isinstance(name, str):
        return name
    return text(f"\\x5f{name[1:]}" if name.startswith(_RESERVED_PREFIX) else name)


def _keep_text(text: str) -> str:
    return text


def _escape_text(text: str) -> str:
    return _CONTROL_CHARACTERS.sub(_escape_character, text)


def _escape_beyond_json(text: str) -> str:
    return _CONTROL_CHARACTERS.sub(lambda m: m.group() if m.group() < " " else _escape_character(m), text)


def _escape_character(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def format_json(value: t.Any, limit: int | None = None) -> str:
    """A value as one line of JSON of at most `limit` characters. Letters of any language are kept, invisible characters are escaped."""
    raw = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = raw if limit is None else raw[: limit + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escape_json_character(c) for c in text)
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


def _escape_json_character(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: object, limit: int = _MAX_DEVICE_TEXT) -> str:
    """Text for a message: one line of at most `limit` characters, without control characters."""
    raw = str(text)[: limit * 4]
    clean = raw if raw.isprintable() else "".join(c if c.isprintable() else " " for c in raw)
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def as_clause(sentence: str) -> str:
    """A sentence as a part of another one: without its period, and in lower case unless it begins with an abbreviation."""
    text = sentence.rstrip(".")
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


def without_user_info(host: str) -> str:
    """A host as the user wrote it, without a user and password in front of it."""
    return "…@" + host.rpartition("@")[2] if "@" in host else host
