# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the content of new items of tables in the names and types of the other items of the table. Pure."""

from __future__ import annotations

import typing as t

from .._tree.coerce import MismatchError, coerce, describe_value
from .._tree.paths import Path, is_covered
from .._tree.secrets import contains_mask, is_secret, masked_leaves
from .missing import MissingNames

# Paths and values of the same menu in the other items of a table.
Examples = t.Sequence[tuple[Path, t.Any]]


class ItemBuilder:
    """Builds items, and collects the paths of masked secrets.

    missing: receives names that no other item has, and problems.  tables: paths of the device's tables.  secrets: patterns of paths of
    secrets, which a device need not show.
    """

    def __init__(self, missing: MissingNames, tables: t.Container[Path], secrets: t.Sequence[str]) -> None:
        self.problems = missing.problems
        self.secrets_needed: list[Path] = []
        self._missing = missing
        self._tables = tables
        self._secrets = secrets

    def build(self, path: Path, wanted: dict[str, t.Any], others: Examples) -> dict[str, t.Any]:
        """The content of a new item. others: the other items of the table."""
        menus = _menus(others)
        if wanted and not menus and self._missing.policy.mode != "create":
            self._missing.unchecked.append(path)
        return self._build_menu(path, wanted, menus)

    def _build_menu(self, at: Path, wanted: dict[str, t.Any], menus: Examples) -> dict[str, t.Any]:
        built: dict[str, t.Any] = {}
        for name, value in wanted.items():
            path = (*at, name)
            known = [((*where, name), menu[name]) for where, menu in menus if name in menu]
            if menus and not known and not is_secret(path, value) and not is_covered(path, self._secrets):
                names = {each for dummy, menu in menus for each in menu}
                if not self._missing.accept_name(path, names):
                    continue
            if isinstance(value, dict):
                built[name] = self._build_below(path, value, known)
            elif contains_mask(value):
                self.secrets_needed += masked_leaves(value, path)
            else:
                built[name] = self._convert(path, value, known)
        return built

    def _build_below(self, path: Path, wanted: dict[str, t.Any], known: Examples) -> dict[str, t.Any]:
        menus = _menus(known)
        if any(where in self._tables for where, dummy in menus):
            items = [((*where, name), item) for where, table in menus for name, item in table.items()]
            return {name: self._build_item((*path, name), item, items) for name, item in wanted.items()}
        if known and not menus and all(value != [] for dummy, value in known):
            self.problems.append(("wrong_type", path, "the device has a single value here, not a menu"))
        return self._build_menu(path, wanted, menus)

    def _build_item(self, path: Path, wanted: t.Any, others: Examples) -> t.Any:
        if isinstance(wanted, dict):
            return self.build(path, wanted, others)
        self.problems.append(("wrong_type", path, f"an item of a table is a mapping, not {describe_value(wanted)}"))
        return wanted

    def _convert(self, path: Path, wanted: t.Any, known: Examples) -> t.Any:
        """A value in the type of the same value of another item."""
        values = [value for dummy, value in known if not isinstance(value, dict)]
        if not values:
            if known and not (wanted == [] and any(where in self._tables for where, dummy in known)):
                self.problems.append(("wrong_type", path, f"the device has a menu here, not {describe_value(wanted)}"))
            return wanted
        if is_secret(path, values[0]):
            return wanted
        try:
            return coerce(wanted, values[0])
        except MismatchError as mismatch:
            self.problems.append(("wrong_type", path, str(mismatch)))
            return wanted


def _menus(known: Examples) -> list[tuple[Path, dict[str, t.Any]]]:
    return [(where, value) for where, value in known if isinstance(value, dict)]
