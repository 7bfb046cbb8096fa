# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the root of the configuration tree (A1, O4)."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._tree.paths import Path
from .dialect import CHOICES, Dialect

DEFAULT_ROOT: Path = ("config",)

_KNOWN_ROOTS = next(c.values for c in CHOICES if c.key == "config_root")
_NEVER_A_ROOT = frozenset({"status", "object-id", "rest-api", "error"})
_MAX_AREAS = 10


def configured_root(option: str | None, dialect: Dialect) -> Path | None:
    """The root that the option config_root or the dialect sets, or None if it is to be found."""
    for name in (option, dialect.config_root):
        if name is not None and name != "auto":
            return () if name == "none" else tuple(part for part in name.split("/") if part)
    return None


def area_names(top: t.Any) -> list[str]:
    """The names at the root of the API beside status."""
    return [n for n in top if n not in _NEVER_A_ROOT] if isinstance(top, dict) else []


def below_root(node: t.Any, root: Path) -> t.Any:
    """The configuration out of the node at its root, which holds more if that is the root of the API."""
    if root == () and isinstance(node, dict):
        return {name: node[name] for name in area_names(node)}
    return node


def find_root(top: t.Any, path: Path, host: str) -> Path:
    """The root of the configuration tree by what the root of the API shows and a path that is to be below it.

    Raises LantimeError root_unknown.
    """
    names = area_names(top)
    known = [name for name in _KNOWN_ROOTS if name in names]
    if known:
        return (known[0],)
    if path and path[0] in names:
        return ()
    if len(names) == 1:
        return (names[0],)
    listed = ", ".join(printable(name, 40) for name in names[:_MAX_AREAS]) or "nothing"
    raise LantimeError(
        "root_unknown",
        f"the device has no /api/config, and /api/ shows {listed} beside status",
        host=host,
        path="/api/",
    )
