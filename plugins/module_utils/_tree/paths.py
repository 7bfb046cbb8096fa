# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths in the tree of a device, and their text form."""

from __future__ import annotations

import fnmatch
import re
import typing as t

Path = tuple[str, ...]

_PATH_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+\-]{0,127}")


def text_of(path: t.Sequence[str]) -> str:
    """A path as text, such as network/ports/lan0: the form in options, results and messages."""
    return "/".join(path)


def path_of(text: str) -> Path:
    """A path from its text; leading, trailing and double slashes are ignored."""
    return tuple(part for part in text.strip().split("/") if part)


def is_name(text: str) -> bool:
    """Whether a name or object-id can be part of a path: a bounded word that cannot lead elsewhere."""
    return _PATH_SEGMENT.fullmatch(text) is not None


def is_covered(path: Path, patterns: t.Sequence[str]) -> bool:
    """Whether a pattern matches the path or a menu above it. In patterns, * and ? match characters of one name."""
    for pattern in patterns:
        parts = path_of(pattern)
        if (
            parts
            and len(parts) <= len(path)
            and all(fnmatch.fnmatchcase(name, part) for name, part in zip(path, parts))
        ):
            return True
    return False


def nest(path: Path, value: t.Any) -> t.Any:
    """The value nested in a menu for each name of the path: the form that lantime_config takes."""
    for name in reversed(path):
        value = {name: value}
    return value
