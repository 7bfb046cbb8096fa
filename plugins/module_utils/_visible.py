# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of a device made safe to be shown.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

# What a terminal obeys instead of showing it: C0 without tab and line ends, DEL, C1, line separators, marks of direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
)


def visible(value: t.Any) -> t.Any:
    """A copy of plain JSON data in which names and texts show control characters as `\\x1b` or `\\u202e`.

    So nothing is lost, and nothing reaches a terminal by way of a task's name, the label of a loop or a report.
    """
    if isinstance(value, str):
        return _UNSEEN.sub(_written_out, value)
    if isinstance(value, dict):
        return {visible(name): visible(member) for name, member in value.items()}
    if isinstance(value, list):
        return [visible(member) for member in value]
    return value


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
