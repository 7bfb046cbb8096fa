# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that ask no device and run on the controller only; their modules hold nothing but documentation."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._jobs.runner import failure_result
from .entry_point import LOCAL_NAMES, EntryPoint
from .host_variables import HostVariables
from .in_process import InProcessAction


class ControllerAction(InProcessAction):
    """An action that is never sent to another machine, whatever the connection and lantime_execution say."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        variables = task_vars or {}
        refusal = self._refusal(variables)
        if refusal is None:
            return super().run(tmp, variables)
        result: dict[str, t.Any] = ActionBase.run(self, tmp, variables)
        return {**result, **failure_result(refusal)}

    def _refusal(self, variables: dict[str, t.Any]) -> LantimeError | None:
        """Why the task cannot run as it is written; None if it can."""
        runs = f"{self._task.resolved_action or self._task.action} runs on the controller"
        if self._task.async_val:
            return LantimeError("option", f"{runs} and does not support async", hint="remove async from the task")
        delegate = str(self._templar.template(self._task.delegate_to)) if self._task.delegate_to else None
        if delegate in (None, variables.get("inventory_hostname"), *LOCAL_NAMES):
            return None
        text = f"{runs} and cannot be delegated to {printable(delegate, 100)}"
        return LantimeError("option", text, hint="delegate it to localhost or not at all")

    def _choose_entry_point(self, variables: dict[str, t.Any]) -> EntryPoint:
        own = HostVariables(variables.get("inventory_hostname"), variables, self._templar)
        return EntryPoint(own, own, is_packaged=False, connection_host=own)
