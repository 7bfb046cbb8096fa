# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The confirm window as a step of a task that changes a device: predicted, then watched or left to a later task."""

from __future__ import annotations

import typing as t

from .._api import commands
from .._api.device import Device
from .._base.errors import LantimeError
from .._plan.planner import Plan
from .._tree.canonical import Tree
from .._tree.changes import changed_leaves
from .._tree.values import boolean
from .confirmation import PENDING_WARNING, Confirmation, not_needed, predicted
from .execute import execute
from .health_gate import SyncGate
from .recovery import Recovery
from .settings import TaskMode, WriteSettings
from .transaction import Transaction
from .window import Window

# Effects of a change (A8) that tell whether the device saves by itself, whatever its switch says.
_AUTOSAVE_BY_EFFECT = {"immediate-saved": "on", "immediate-ignore-switch": "off"}
_AUTOSAVE_WARNING = (
    "The device saves changes by itself, so its startup configuration may hold the change before the confirm window is over. "
    "A rollback restores the running configuration."
)


class WindowStep:
    """What one task does about the confirm window of its change."""

    def __init__(self, api: Device, settings: WriteSettings, mode: TaskMode) -> None:
        self._api = api
        self._settings = settings
        self._mode = mode
        self._confirmation: Confirmation | None = None

    @property
    def is_handed_over(self) -> bool:
        """Whether the change waits for a later task that watches its confirm window, and may revert it."""
        return self._confirmation is not None and self._settings.confirm.later

    @property
    def outcome(self) -> dict[str, t.Any]:
        """The member confirm of an error after the window; empty without one."""
        return {} if self._confirmation is None else {"confirm": self._confirmation.result}

    @property
    def foreign_pending(self) -> int:
        """Number of unsaved changes that other clients made in the window."""
        return 0 if self._confirmation is None else self._confirmation.foreign_pending

    def plan(self, plan: Plan, recovery: Recovery | None, result: dict[str, t.Any]) -> Window | None:
        """The confirm window of a plan; None without changes or if the task has none. Predicts the member confirm of the result."""
        confirm = self._settings.confirm
        if recovery is not None and recovery.confirm is not None:
            result["confirm"] = recovery.confirm
        elif confirm.seconds:
            result["confirm"] = not_needed()
        if not confirm.seconds or not plan.changes:
            return None
        autosave = self._read_autosave(plan)
        if autosave == "on":
            self._mode.warn_at_once(_AUTOSAVE_WARNING)
        window = Window(confirm.seconds, self._settings.rules.grace, (), autosave)
        result["confirm"] = predicted(window, confirm.later)
        return window

    def execute(
        self,
        transaction: Transaction,
        current: Tree,
        result: dict[str, t.Any],
        packages: list[str],
        gate: SyncGate | None,
    ) -> Tree:
        """Execute a plan and watch it for its confirm window; returns the sections as they are then."""
        window, deadline = transaction.window, self._api.client.deadline
        if window is None:
            return execute(transaction, current, result["operations"], packages, gate)
        self._settings.confirm.check(window.grace, deadline)
        with deadline.writing():
            reread = execute(transaction, current, result["operations"], packages, gate)
            window = self._observed(window, result["pending_changes"])
            window = window._replace(uptime=None if gate is None else gate.uptime)
            self._confirmation = Confirmation(transaction, window, result["operations"], self._check_pending)
            if self._settings.confirm.later:
                self._confirmation.hand_over()
            else:
                reread = self._confirmation.watch(window.seconds)
        result["confirm"] = self._confirmation.result
        return reread

    def _read_autosave(self, plan: Plan) -> str:
        """Whether the device saves by itself, now or once the plan is applied: on, off or unknown."""
        effect = self._api.dialect.effect
        if effect in _AUTOSAVE_BY_EFFECT:
            return _AUTOSAVE_BY_EFFECT[effect]
        planned = changed_leaves(plan.changes)[2].get(commands.AUTOSAVE_PATH)
        return "on" if boolean(planned) else commands.read_autosave(self._api)

    def _observed(self, window: Window, pending_before: int | None) -> Window:
        """The window with what the device showed after the change: without an unsaved change, it has saved it itself."""
        pending = self._api.pending_changes
        if pending is None or pending > (pending_before or 0) or window.autosave == "on":
            return window
        self._mode.warn_at_once(_AUTOSAVE_WARNING)
        return window._replace(autosave="on")

    def _check_pending(self, pending: int) -> None:
        """Warn or fail because of unsaved changes that other clients made in the confirm window."""
        if self._settings.pending == "fail":
            raise LantimeError(
                "pending_changes", f"other clients changed the device, which counts {pending} unsaved changes"
            )
        if self._settings.pending == "warn":
            self._mode.warn(PENDING_WARNING)
