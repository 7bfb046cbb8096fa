# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that a task tries and undoes itself, with a journal from which a later task can undo them."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._plan.planner import Plan
from .._plan.rollback import BEFORE, leaf_states
from .._tree.canonical import Tree, value_at
from .._tree.changes import Change
from .._tree.paths import Path
from .journal import Journal, device_entry, new_record


class Trial:
    """Values of a device that are changed and restored. Their sender announces each write before it is sent.

    From the first write on, the journal says that a rollback has begun: the next task that writes completes it, whatever
    its option on_interrupted says.
    former: the whole configuration before the trial.
    """

    def __init__(self, api: Device, journal: Journal, former: Tree) -> None:
        self.api = api
        self.former = former
        self._journal = journal
        self._written: dict[Path, t.Any] = {}

    def announce(
        self, wanted: t.Mapping[Path, t.Any], affected: t.Iterable[Path], dialect: t.Mapping[str, str]
    ) -> None:
        """Record what is about to be written. affected: other values that the request may reset.  dialect: how to restore them.

        Of a value that is recorded as written as it was, every other value counts as a result of the write.
        """
        for path in affected:
            if path not in wanted:
                self._written.setdefault(path, self._former_value(path))
        for path, value in wanted.items():
            is_ambiguous = self._written.get(path, value) != value
            self._written[path] = self._former_value(path) if is_ambiguous else value
        changes = self._changes()
        record = self._journal.record
        if record is None:
            pending = self.api.pending_changes or 0
            record = new_record(device_entry(self.api), self.api.config_root, Plan(()), (), pending)
        states = ("processing",) * len(changes)
        self._journal.write(
            record._replace(changes=changes, phase="rolling_back", states=states, dialect=dict(dialect))
        )

    def close_if_undone(self, current: Tree) -> None:
        """Close the journal if the device shows the former values. current: the whole configuration."""
        record = self._journal.record
        if record is not None and all(
            state == BEFORE
            for change in record.changes
            for state in leaf_states(change, current.value, record.secrets).values()
        ):
            self._journal.close()

    def _changes(self) -> tuple[Change, ...]:
        menus: dict[Path, dict[str, t.Any]] = {}
        for path, value in self._written.items():
            menus.setdefault(path[:-1], {})[path[-1]] = value
        return tuple(
            Change("set", menu, {name: self._former_value((*menu, name)) for name in after}, after)
            for menu, after in menus.items()
        )

    def _former_value(self, path: Path) -> t.Any:
        return value_at(self.former.value, path)
