# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lantime_poll needs to watch many devices at the same time: which of them, until when, and with how many open files."""

from __future__ import annotations

import math
import resource
import time
import typing as t
from collections.abc import Mapping

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._client.deadline import ROLLBACK_SECONDS
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import failure_result
from .host_variables import raw_variables

# After the last watch: a rollback, and the time in which its result is returned.
_FINISHING_SECONDS = ROLLBACK_SECONDS + 5.0
# A connection, the journal, and its lock.
_FILES_PER_DEVICE = 3
_FILES_OF_ANSIBLE = 100


def limit_watches(contexts: t.Iterable[JobContext], deadline: float | None, keyword_end: float) -> float:
    """Let each job end its watch in time for a rollback, and return when all are done, by the monotonic clock.

    deadline: seconds for all devices together, None for no limit.  keyword_end: see JobContext.
    """
    own = math.inf if deadline is None else time.monotonic() + deadline - _FINISHING_SECONDS
    for context in contexts:
        context.keyword_end = min(own, keyword_end)
        if own < keyword_end:
            context.keyword = "option deadline of lantime_poll"
    return min(own, keyword_end) + _FINISHING_SECONDS


def allow_open_files(devices: int) -> None:
    """Raise the limit of this process for open files. Raises LantimeError if the system allows too few for these devices."""
    needed = devices * _FILES_PER_DEVICE + _FILES_OF_ANSIBLE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise LantimeError(
            "option",
            f"watching {devices} devices at the same time takes {needed} open files, and the limit of this system is {hard}; "
            "nothing was sent to a device",
            hint="raise the limit (ulimit -Hn), or watch fewer devices at the same time",
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def select_waiting(hosts: t.Iterable[str], variable: str, hostvars: t.Any) -> dict[str, str]:
    """The hosts whose change waits for its confirmation, each with the time when its window closes.

    variable: holds the registered result of lantime_config of each host.
    """
    found = {host: _confirm_of(raw_variables(hostvars, host).get(variable)) for host in hosts}
    return {host: str(confirm.get("until")) for host, confirm in found.items() if confirm.get("state") == "waiting"}


def describe_watch(untils: t.Collection[str]) -> str:
    """What begins with a watch. untils: when the window of each device closes."""
    devices = "1 device is" if len(untils) == 1 else f"{len(untils)} devices are"
    return f"{devices} watched until {printable(max(untils), 30)}; the task saves no change before that."


def require_confirmation(result: dict[str, t.Any], host: str) -> dict[str, t.Any]:
    """The result of a host whose change waited for its confirmation; a failure if the journal did not have the change."""
    if _confirm_of(result).get("state") != "not_needed" or result.get("failed") or result.get("unreachable"):
        return result
    error = LantimeError(
        "conflict",
        "the journal no longer holds the change that waited for its confirmation: another task has confirmed or reverted it, or "
        "journal_path is not that of the change",
        host=host,
        hint="compare the device with its desired configuration, and check whether it has unsaved changes",
    )
    return {**result, **failure_result(error)}


def _confirm_of(result: object) -> t.Mapping[str, t.Any]:
    """The member confirm of a result; empty if it has none."""
    confirm = result.get("confirm") if isinstance(result, Mapping) else None
    return confirm if isinstance(confirm, Mapping) else {}
