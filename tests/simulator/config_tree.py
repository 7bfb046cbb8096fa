# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of one device: candidate, running and saved sets, and what is pending.

A change goes into the candidate. When it becomes the running configuration, and when it is saved
as `startup` by itself, is the device's `effect` (A8) and `put_answer` (A9).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable

from .edit import with_slots, without_slots
from .families.adjust import adjust
from .refusal import RefusedError
from .schema import TABLES, Menu, packages_of
from .tree import MISSING, Path, Tree, clone, differences, put

SWITCH = ("system", "activate-changes-as-startup")

Difference = tuple[Path, Any, Any]


class ConfigStore:
    """All configuration of one device. Times are seconds of the clock given as `ticks`."""

    def __init__(
        self,
        root: Menu,
        tree: Tree,
        dialect: dict[str, str],
        ticks: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self.root = root
        self.dialect = dialect
        self.ticks = ticks
        self.changed = changed
        # How a change by a user changes other settings, and whether a device without the switch saves by itself.
        self.adjust: Callable[[Tree, Tree], None] = adjust
        self.saves_itself = False
        self.candidate = clone(tree)
        self.running = clone(tree)
        self.configsets: dict[str, Tree] = {"startup": clone(tree)}
        self.owners: dict[Path, str] = {}
        self.equal_puts = 0
        self.apply_due: float | None = None
        self.save_due: float | None = None
        self.autosave_delay = 0.5
        self.effect_delay = 1.0

    @property
    def startup(self) -> Tree:
        return self.configsets["startup"]

    def settle(self) -> None:
        """Applies everything that is due."""
        now = self.ticks()
        if self.apply_due is not None and now >= self.apply_due:
            self.apply()
        if self.save_due is not None and now >= self.save_due:
            self.save()

    def commit(self, tree: Tree, user: str) -> bool:
        """Takes a changed tree over; False when it equals the present one."""
        self.adjust(self.candidate, tree)
        changed = differences(self.candidate, tree)
        if not changed:
            return False
        effect = self.dialect["effect"]
        if self.dialect["concurrency"] == "lock":
            self._refuse_second_writer(user)
        for path, dummy, dummy in changed:
            self.owners[path] = user
        self.candidate = tree
        if effect == "staged":
            return True
        if effect == "delayed" or self.dialect["put_answer"] == "202":
            self.apply_due = self.ticks() + self.effect_delay
            return True
        self.apply()
        return True

    def _refuse_second_writer(self, user: str) -> None:
        for path, dummy, dummy in self.pending():
            owner = self.owners.get(path, user)
            if owner != user:
                raise RefusedError("locked", f"changes of {owner} are pending")

    def equal_put(self) -> None:
        """Records a change to an equal value on a device that counts those (O14)."""
        self.equal_puts += 1
        self._plan_save()
        self.changed()

    def apply(self) -> None:
        """Makes the candidate the running configuration."""
        self.apply_due = None
        if differences(self.running, self.candidate):
            self.running = clone(self.candidate)
            self.changed()
        self._plan_save()

    def _plan_save(self) -> None:
        effect = self.dialect["effect"]
        if effect == "immediate-saved":
            self.save()
        elif effect != "immediate-ignore-switch" and self._is_switched_on():
            if self.autosave_delay <= 0:
                self.save()
            else:
                self.save_due = self.ticks() + self.autosave_delay
        else:
            self.save_due = None

    def _is_switched_on(self) -> bool:
        switch = _get(self.running, SWITCH)
        return switch is True if isinstance(switch, bool) else self.saves_itself

    def foreign_change(self, tree: Tree, user: str) -> None:
        """A change by another user: made in candidate and running at once, never refused."""
        self.adjust(self.candidate, tree)
        changed = differences(self.candidate, tree)
        for path, dummy, new in changed:
            put(self.running, path, new)
            self.owners[path] = user
        self.candidate = tree
        if changed:
            self.changed()
            self._plan_save()

    def pending(self, user: str = "") -> list[Difference]:
        """Objects that differ between startup and the configuration to come (A17: of one user)."""
        found = differences(self.startup, self.candidate)
        if user and self.dialect["concurrency"] == "per-user":
            found = [entry for entry in found if self.owners.get(entry[0], user) == user]
        return found

    def pending_count(self, user: str = "") -> int:
        return len(self.pending(user)) + self.equal_puts

    def save(self, packages: Iterable[str] = ("all",), configset: str = "startup", user: str = "") -> int:
        """Writes the running configuration of packages to a configset; the number of objects."""
        self.save_due = None if configset == "startup" else self.save_due
        target = self.configsets.setdefault(configset, clone(self.startup))
        wanted = set(packages)
        saved = 0
        for path, dummy, new in differences(target, self.running):
            if _covers(wanted, path) and self._owned(path, user):
                put(target, path, new)
                saved += 1
        if configset == "startup":
            self.equal_puts = 0
            still_pending = {path for path, dummy, dummy in self.pending()}
            self.owners = {p: u for p, u in self.owners.items() if p in still_pending}
        return saved

    def load(self, packages: Iterable[str] = ("all",), configset: str = "startup", user: str = "") -> int:
        """Loads packages from a configset into the running configuration; number of objects."""
        source = self.configsets.get(configset)
        if source is None:
            raise RefusedError("value", f"no configset {configset!r}")
        wanted = set(packages)
        before = self.running
        running, candidate = clone(self.running), clone(self.candidate)
        loaded = 0
        for path, dummy, old in differences(self.candidate, source):
            if _covers(wanted, path) and self._owned(path, user):
                put(candidate, path, old)
                loaded += 1
        for path, dummy, old in differences(self.running, source):
            if _covers(wanted, path) and self._owned(path, user):
                put(running, path, old)
        self.running, self.candidate = running, candidate
        self.apply_due = self.save_due = None
        if configset == "startup":
            self.equal_puts = 0
        if differences(before, running):
            self.changed()
        return loaded

    def _owned(self, path: Path, user: str) -> bool:
        if not user or self.dialect["concurrency"] != "per-user":
            return True
        return self.owners.get(path, user) == user

    def restart(self) -> None:
        """What a reboot leaves: the startup set."""
        self.running = clone(self.startup)
        self.candidate = clone(self.startup)
        self.apply_due = self.save_due = None
        self.owners = {}
        self.equal_puts = 0

    def rearrange(self, fixed: bool) -> None:
        """Moves table items into fixed entries, or drops the empty ones (A6, A7)."""
        arrange = with_slots if fixed else without_slots
        self.candidate = arrange(self.root, self.candidate, TABLES)
        self.running = arrange(self.root, self.running, TABLES)
        self.configsets = {name: arrange(self.root, tree, TABLES) for name, tree in self.configsets.items()}

    def state(self) -> dict[str, Any]:
        """Everything that `restore` needs."""
        return {
            "candidate": clone(self.candidate),
            "running": clone(self.running),
            "configsets": clone(self.configsets),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.candidate = clone(state["candidate"])
        self.running = clone(state["running"])
        self.configsets = clone(state["configsets"])
        self.owners = {}
        self.equal_puts = 0
        self.apply_due = self.save_due = None


def _covers(wanted: set[str], path: Path) -> bool:
    return "all" in wanted or bool(wanted & packages_of(path))


def _get(tree: Tree, path: Path) -> Any:
    value: Any = tree
    for name in path:
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
        if value is MISSING:
            return MISSING
    return value
