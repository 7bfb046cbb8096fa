# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values: the canonical form of the device's tree, paths in it, secrets.

In canonical form a menu is a mapping of names, a table (a list of objects with C(object-id)) is a mapping from
C(object-id) to item, a list of scalars stays a list. No C(object-id) member is left: it is the key.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import fnmatch
import re
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._errors import (
    LantimeError,
    printable,
)

Path = tuple[str, ...]

MASK = "********"

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+\-]{0,127}")
_MASKED = re.compile(r"\*{3,}")
_SECRET_NAME = re.compile(
    r"(?:^|-)(?:password|passwd|passphrase|passcode|community|secret|token|psk|private-key|key-value|shared-key)(?:-|$)",
    re.IGNORECASE,
)


class Tree(t.NamedTuple):
    """A canonical value. tables: paths that were tables. ambiguous: paths of lists whose items cannot be told apart."""

    value: t.Any
    tables: frozenset[Path]
    ambiguous: frozenset[Path]


def text_of(path: t.Sequence[str]) -> str:
    """C(network/ports/lan0), the form of paths in options, results and messages."""
    return "/".join(path)


def path_of(text: str) -> Path:
    """A path from its text form; leading, trailing and double slashes do not count."""
    return tuple(part for part in text.strip().split("/") if part)


def canonical(node: t.Any, at: Path = ()) -> Tree:
    """Canonical form of any value that a device or a user gives; C(at) is the path of the node itself."""
    tables: set[Path] = set()
    ambiguous: set[Path] = set()
    value = _canonical(node, at, tables, ambiguous)
    return Tree(value, frozenset(tables), frozenset(ambiguous))


def _canonical(node: t.Any, at: Path, tables: set[Path], ambiguous: set[Path]) -> t.Any:
    if isinstance(node, dict):
        if node and all(isinstance(v, dict) and v.get("object-id") == k for k, v in node.items()):
            tables.add(at)
        return {
            _name(key, at): _canonical(value, (*at, _name(key, at)), tables, ambiguous)
            for key, value in node.items()
            if key != "object-id"
        }
    if isinstance(node, list):
        return _canonical_list(node, at, tables, ambiguous)
    return node


def _canonical_list(node: list[t.Any], at: Path, tables: set[Path], ambiguous: set[Path]) -> t.Any:
    if not any(isinstance(item, (dict, list)) for item in node):
        return list(node)
    keys = [_key(item) for item in node]
    if None in keys or len(set(keys)) != len(keys):
        ambiguous.add(at)
        return [_canonical(item, (*at, str(i)), tables, ambiguous) for i, item in enumerate(node)]
    tables.add(at)
    return {
        str(key): _canonical(item, (*at, str(key)), tables, ambiguous)
        for key, item in zip(keys, node)
    }


def _key(item: t.Any) -> str | None:
    key = item.get("object-id") if isinstance(item, dict) else None
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        return None
    return str(key)


def _name(key: t.Any, at: Path) -> str:
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        raise LantimeError(
            "hostile_name",
            f"the name {printable(key, 40)} is not text",
            path=text_of(at),
            hint="YAML reads yes, no, on and off as truth values; quote names like these",
        )
    return str(key)


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


def is_mask(value: t.Any) -> bool:
    """Whether a value is what a device shows in place of a secret (A16, masked)."""
    return isinstance(value, str) and _MASKED.fullmatch(value) is not None


def is_secret(path: Path, value: t.Any = None) -> bool:
    """Whether a leaf holds a secret: the device masks it, or its name says so."""
    return is_mask(value) or bool(path and _SECRET_NAME.search(path[-1].replace("_", "-")))


def redacted(node: t.Any, at: Path = ()) -> t.Any:
    """A copy with every secret leaf replaced by the mask; an empty one stays empty."""
    if isinstance(node, dict):
        return {str(k): redacted(v, (*at, str(k))) for k, v in node.items()}
    if isinstance(node, list):
        if is_secret(at) and not any(isinstance(item, (dict, list)) for item in node):
            return [MASK for dummy in node]
        return [redacted(item, at) for item in node]
    if node not in ("", None) and is_secret(at, node):
        return MASK
    return node


def leaves(node: t.Any, at: Path = ()) -> t.Iterator[tuple[Path, t.Any]]:
    """Every scalar and every list below a canonical node, with its path."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, (*at, name))
    else:
        yield at, node


def value_at(node: t.Any, path: Path) -> t.Any:
    """The value at a path below a canonical node; KeyError if there is none."""
    for name in path:
        if not isinstance(node, dict):
            raise KeyError(name)
        node = node[name]
    return node
