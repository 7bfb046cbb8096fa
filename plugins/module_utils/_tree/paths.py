# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths in the tree of a device, and their text form."""

from __future__ import annotations

import fnmatch
import re
import typing as t

Path = tuple[str, ...]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+\-]{0,127}")


def text_of(path: t.Sequence[str]) -> str:
    """C(network/ports/lan0), the form of paths in options, results and messages."""
    return "/".join(path)


def path_of(text: str) -> Path:
    """A path from its text form; leading, trailing and double slashes do not count."""
    return tuple(part for part in text.strip().split("/") if part)


def is_name(text: str) -> bool:
    """Whether a name or C(object-id) can be part of a path: a bounded word that cannot mean another place."""
    return _NAME.fullmatch(text) is not None


def covered(path: Path, patterns: t.Sequence[str]) -> bool:
    """Whether a pattern names the path or a menu above it. In patterns, C(*) and C(?) stand for characters of one name."""
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
    """The value below as many menus as the path has names: the form that lantime_config takes."""
    for name in reversed(path):
        value = {name: value}
    return value
