# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process door of meinberg.lantime.lantime_verdict."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_verdict
from ansible_collections.meinberg.lantime.plugins.plugin_utils._in_process import plain


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None
    ) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        checked = ArgumentSpecValidator(lantime_verdict.SPEC.options).validate(
            plain(self._task.args)
        )
        if checked.error_messages:
            return {**result, "failed": True, "msg": "; ".join(checked.error_messages)}
        outcome = lantime_verdict.run(checked.validated_parameters)
        return {**result, **t.cast("dict[str, t.Any]", wrap_var(outcome))}
