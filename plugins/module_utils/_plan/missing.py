# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and items of tables that a device does not have: what a plan does about them. Pure."""

from __future__ import annotations

import typing as t

from .._tree.canonical import Tree
from .._tree.name_search import suggest_paths
from .._tree.paths import Path, is_covered, text_of
from .tables import can_grow

Problem = tuple[str, Path, str]

ABSENT_REASON = "the device does not have this"
OPTIONAL_REASON = "the device does not have this, and optional_paths names it"

_MAX_LISTED = 10


class MissingPolicy(t.NamedTuple):
    """What to do about names and items that a device does not have.

    mode: fail, items (add items of tables that can grow), create (add anything) or ignore (leave out).  optional: patterns of
    paths that a device need not have.  is_overridden: items of tables that can grow are added in every mode.
    """

    mode: str = "items"
    optional: tuple[str, ...] = ()
    is_overridden: bool = False

    def reason_to_skip(self, path: Path) -> str | None:
        """Why a name or item that the device does not have is left out; None if it is not."""
        if is_covered(path, self.optional):
            return OPTIONAL_REASON
        return ABSENT_REASON if self.mode == "ignore" else None

    def adds_items(self, table: Path) -> bool:
        """Whether items are added to a table."""
        return self.mode == "create" or (can_grow(table) and (self.mode == "items" or self.is_overridden))


class MissingNames:
    """Collects the names and items that the device does not have.

    problems: receives those that are errors.  not_applicable: what is left out, with the reason.
    invented: names that are sent all the same, with the names that the menu has.  unchecked: new items whose names could not be compared with another item.
    """

    def __init__(self, policy: MissingPolicy, problems: list[Problem]) -> None:
        self.policy = policy
        self.problems = problems
        self.not_applicable: dict[Path, str] = {}
        self.invented: dict[Path, list[str]] = {}
        self.unchecked: list[Path] = []
        self._unknown: dict[Path, tuple[str, list[str]]] = {}

    def accept_name(self, path: Path, names: t.Iterable[str]) -> bool:
        """Whether to send a name all the same. names: those that the menu has."""
        if self.policy.mode != "create" or is_covered(path, self.policy.optional):
            self.leave_out(path, names, "name")
            return False
        self.invented[path] = sorted(names)
        return True

    def leave_out(self, path: Path, names: t.Iterable[str], kind: str) -> None:
        """Record a name or item that is not sent: as not applicable, or as unknown."""
        reason = self.policy.reason_to_skip(path)
        if reason is None:
            self._unknown[path] = (kind, sorted(names))
            self.problems.append(("unknown_name", path, f"the device has no such {kind}"))
        else:
            self.not_applicable[path] = reason

    def add_suggestions(self, read_tree: t.Callable[[], Tree | None]) -> None:
        """Add suggestions to the problems. read_tree: returns the whole tree; called only if a name is unknown."""
        tree = read_tree() if any(kind == "name" for kind, dummy in self._unknown.values()) else None
        for number, (code, path, what) in enumerate(self.problems):
            if code == "unknown_name":
                kind, names = self._unknown[path]
                suggestion = suggest_paths(path, names, tree if kind == "name" else None)
                self.problems[number] = (code, path, what + suggestion)

    def warnings(self, current: Tree) -> t.Iterator[str]:
        """What the user is to know about what is sent. current: the sections that were read."""
        if self.invented:
            names = [text_of(path) + suggest_paths(path, known, current) for path, known in self.invented.items()]
            yield f"The device does not have these names, and they are sent because missing is create: {_join(names)}."
        if self.unchecked:
            names = [text_of(path) for path in self.unchecked]
            yield f"The names in these new items could not be checked, because their tables have no other item: {_join(names)}."


def _join(names: list[str]) -> str:
    more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return ", ".join(names[:_MAX_LISTED]) + more
