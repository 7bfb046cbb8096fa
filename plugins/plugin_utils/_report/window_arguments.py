# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role fleet_config for a confirm window: one for all hosts, and in time before the first request."""

from __future__ import annotations

import os
import typing as t

from ...module_utils._base.ranges import check_range
from ...module_utils._client.deadline import rollback_reserve
from ...module_utils._client.options import CONNECTION_SPEC
from ...module_utils._client.settings import environment_name
from ...module_utils._transaction.settings import WRITE_OPTIONS
from ...module_utils._transaction.window import WINDOW_BOUNDS

TASK_TIMEOUT = "lantime_task_timeout"
"""The variable with the time limit of the task that watches the devices."""

EXECUTION = "lantime_execution"
"""The variable that says where the task that changes a device runs."""

_WINDOW = "fleet_config_confirm_window"
# The requests before a watch begins.
_MARGIN_SECONDS = 10.0


def check_window(values: t.Mapping[str, t.Any], keyword_timeout: float) -> None:
    """Raise ValueError for a confirm window that the task which watches a device cannot wait for.

    values: validated variables of the role, and the further ones.  keyword_timeout: the keyword timeout of the tasks, 0 for none.
    """
    window = float(values.get(_WINDOW) or 0.0)
    check_range(_WINDOW, window, WINDOW_BOUNDS)
    if not window:
        return
    if values.get(EXECUTION) == "target":
        raise ValueError(
            f"{_WINDOW} is {window:g} s, but {EXECUTION} is target: the journals would be on another machine than the task that "
            f"watches the devices; remove one of them"
        )
    grace = values.get("fleet_config_verify_grace")
    needed = window + (WRITE_OPTIONS["verify_grace"]["default"] if grace is None else grace) + _MARGIN_SECONDS
    limit = _seconds_of(values.get(TASK_TIMEOUT))
    reserve = rollback_reserve(limit)
    if limit and needed > limit - reserve:
        raise ValueError(
            f"{_WINDOW} is {window:g} s, which does not fit into {TASK_TIMEOUT}, {limit:g} s of which {reserve:g} s are kept for a "
            f"rollback; set {TASK_TIMEOUT} to at least {needed + rollback_reserve(0):g}"
        )
    if keyword_timeout and needed > keyword_timeout:
        raise ValueError(
            f"{_WINDOW} is {window:g} s, which does not fit into the keyword timeout of the tasks, {keyword_timeout:g} s; "
            f"set it to at least {needed:g}, or to 0"
        )


def find_window_problems(groups: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """That the hosts have different windows: they are watched by one task. groups: variables of the role."""
    windows = {float(values.get(_WINDOW) or 0.0) for values in groups}
    if len(windows) < 2:
        return []
    return [f"{_WINDOW} is not the same for all hosts: {', '.join(f'{window:g}' for window in sorted(windows))}"]


def _seconds_of(task_timeout: t.Any) -> float:
    """The time limit of a task; the default if the value is no number, which the task itself reports."""
    default: float = CONNECTION_SPEC["task_timeout"]["default"]
    given = os.environ.get(environment_name("task_timeout")) if task_timeout is None else task_timeout
    try:
        return default if given in (None, "") else float(given)
    except (TypeError, ValueError):
        return default
