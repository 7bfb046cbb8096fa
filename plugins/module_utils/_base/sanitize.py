# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a device says made safe to be shown and to be kept as JSON.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

# What a terminal obeys instead of showing it: C0 without tab and line ends, DEL, C1, line separators, marks of direction.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)")
# In Ansible's JSON (results of modules, fact caches) an object with a name like __ansible_type or __ansible_vault is no plain
# object: it can stand for an encrypted value, or for a text that is trusted as a template.
_RESERVED = "__ansible"


def visible(value: t.Any) -> t.Any:
    """As `inert`, and names and texts show control characters as `\\x1b` or `\\u202e`.

    So nothing is lost, and nothing reaches a terminal by way of a task's name, the label of a loop or a report.
    """
    return _copy(value, _shown)


def inert(value: t.Any) -> t.Any:
    """A copy of plain JSON data in which no name has a meaning to Ansible: `__ansible_type` becomes `\\x5f_ansible_type`."""
    return _copy(value, _same)


def _copy(value: t.Any, text: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {_name(name, text): _copy(member, text) for name, member in value.items()}
    if isinstance(value, list):
        return [_copy(member, text) for member in value]
    return value


def _name(name: t.Any, text: t.Callable[[str], str]) -> t.Any:
    if not isinstance(name, str):
        return name
    return text(f"\\x5f{name[1:]}" if name.startswith(_RESERVED) else name)


def _same(text: str) -> str:
    return text


def _shown(text: str) -> str:
    return _UNSEEN.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


_MAX_DEVICE_TEXT = 200


def printable(text: object, limit: int = _MAX_DEVICE_TEXT) -> str:
    """Text of a device made safe for a message: one line, no control or direction characters, bounded."""
    raw = str(text)[: limit * 4]
    clean = "".join(c if c.isprintable() else " " for c in raw)
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
