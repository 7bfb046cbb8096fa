# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merges what rules for modules want into a desired tree, and finds contradictions. Pure."""

from __future__ import annotations

import copy
import json
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._tree.canonical import Tree
from .._tree.coerce import is_same
from .._tree.paths import Path, nest, text_of
from .._tree.secrets import SecretRules, mask_secrets

_MAX_LISTED = 10
_MAX_VALUE = 80
_ABSENT = object()


class _Source(t.NamedTuple):
    """A rule whose tree is merged."""

    title: str
    is_override: bool


class RuleMerger:
    """A desired tree to which rules add. secrets: patterns of paths whose values are masked in errors.

    replaced: paths whose former value a rule has replaced.
    """

    def __init__(self, config: Tree, secrets: t.Sequence[str]) -> None:
        self.replaced: list[Path] = []
        self._value: dict[str, t.Any] = copy.deepcopy(config.value)
        self._tables = set(config.tables)
        self._ambiguous = set(config.ambiguous)
        self._secrets = SecretRules(patterns=secrets)
        # The title of the rule that has set a value or a whole menu.
        self._titles: dict[Path, str] = {}
        self._conflicts: dict[Path, str] = {}

    def add(self, tree: Tree, at: Path, title: str, is_override: bool) -> None:
        """Merge the tree of a rule at a path."""
        self._merge(self._value, nest(at, tree.value), (), _Source(title, is_override))
        self._tables |= {(*at, *path) for path in tree.tables}
        self._ambiguous |= {(*at, *path) for path in tree.ambiguous}

    def merged(self) -> Tree:
        """The tree with what all rules want. Raises LantimeError with all contradictions."""
        if self._conflicts:
            raise _conflict_error({text_of(path): text for path, text in self._conflicts.items()})
        return Tree(self._value, frozenset(self._tables), frozenset(self._ambiguous))

    def _merge(self, target: dict[str, t.Any], wanted: dict[str, t.Any], path: Path, source: _Source) -> None:
        for name, value in wanted.items():
            at = (*path, name)
            present = target.get(name, _ABSENT)
            if isinstance(present, dict) and isinstance(value, dict):
                self._merge(present, value, at, source)
            elif present is _ABSENT:
                self._set(target, at, value, source)
            elif is_same(present, value) or (present in ({}, []) and value in ({}, [])):
                continue
            elif source.is_override:
                self._set(target, at, value, source)
                self.replaced.append(at)
            else:
                self._conflicts.setdefault(at, self._describe_conflict(at, present, value, source))

    def _set(self, target: dict[str, t.Any], at: Path, value: t.Any, source: _Source) -> None:
        target[at[-1]] = copy.deepcopy(value)
        self._titles[at] = source.title

    def _describe_conflict(self, at: Path, present: t.Any, value: t.Any, source: _Source) -> str:
        former, latter = self._describe_value(at, present), self._describe_value(at, value)
        return f"{self._title_of(at)} wants {former}, {source.title} wants {latter}"

    def _describe_value(self, at: Path, value: t.Any) -> str:
        if isinstance(value, dict):
            return "a menu"
        return printable(json.dumps(mask_secrets(value, at, self._secrets), ensure_ascii=True, default=str), _MAX_VALUE)

    def _title_of(self, at: Path) -> str:
        """Who wants the value at a path, or a value below it."""
        above = [path for path in self._titles if at[: len(path)] == path]
        if above:
            return self._titles[max(above, key=len)]
        below = [title for path, title in self._titles.items() if path[: len(at)] == at]
        return below[0] if below else "config"


def _conflict_error(conflicts: dict[str, str]) -> LantimeError:
    """The error for contradictions. conflicts: what is wanted, by path."""
    first, text = next(iter(conflicts.items()))
    if len(conflicts) == 1:
        return LantimeError("rule_conflict", text, path=first)
    listed = "; ".join(f"{path}: {what}" for path, what in list(conflicts.items())[:_MAX_LISTED])
    more = f"; and {len(conflicts) - _MAX_LISTED} more" if len(conflicts) > _MAX_LISTED else ""
    problems = [{"code": "rule_conflict", "path": path, "message": what} for path, what in conflicts.items()]
    return LantimeError("rule_conflict", listed + more, extra={"problems": problems})
