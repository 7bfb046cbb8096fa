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
from ...module_utils._base.times import format_utc, parse_utc
from ...module_utils._client.deadline import ROLLBACK_SECONDS
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import failure_result
from ...module_utils._tree.values import number
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


class WaitingWindow(t.NamedTuple):
    """The confirm window of a device, whose change waits for its confirmation.

    until: when it closes, in seconds of the Unix epoch.  seconds: its length.
    """

    until: float
    seconds: float

    def end(self, now: float, latest: float) -> float:
        """When the watch of the device ends if all are watched until the latest window closes; see Window.left()."""
        return max(self.until, min(latest, now + self.seconds))


def select_waiting(hosts: t.Iterable[str], variable: str, hostvars: t.Any) -> dict[str, WaitingWindow]:
    """The hosts whose change waits for its confirmation, each with its window.

    variable: holds the registered result of lantime_config of each host.  Raises LantimeError with the code option if no host
    has it.
    """
    results = {host: raw_variables(hostvars, host).get(variable) for host in hosts}
    if results and all(result is None for result in results.values()):
        what = f"waiting_from is {printable(variable, 60)}, which is not set for any of these hosts; nothing was sent to a device"
        raise LantimeError(
            "option", what, hint="name the variable in which the task that makes the change is registered"
        )
    found = {host: _find_waiting(result) for host, result in results.items()}
    return {host: _parse_window(confirm) for host, confirm in found.items() if confirm}


def _find_waiting(result: object) -> t.Mapping[str, t.Any]:
    """The member confirm of a result whose change waits, of a loop that of the last such item; empty without one."""
    items = result.get("results") if isinstance(result, Mapping) else None
    confirms = map(_confirm_of, items if isinstance(items, list) else [result])
    return next((confirm for confirm in reversed([*confirms]) if confirm.get("state") == "waiting"), {})


def _parse_window(confirm: t.Mapping[str, t.Any]) -> WaitingWindow:
    until = parse_utc(str(confirm.get("until")))
    return WaitingWindow(0.0 if until is None else until.timestamp(), number(confirm.get("window")) or 0.0)


def latest_end(windows: t.Iterable[WaitingWindow]) -> float:
    """When the latest window closes, in seconds of the Unix epoch."""
    return max((window.until for window in windows), default=0.0)


def describe_watch(windows: t.Collection[WaitingWindow], now: float) -> str:
    """What begins with a watch. now: by the clock of the controller."""
    latest = latest_end(windows)
    first = format_utc(min(window.end(now, latest) for window in windows))
    devices = "1 device is" if len(windows) == 1 else f"{len(windows)} devices are"
    until = format_utc(latest)
    until = until if first == until else f"{until}, the first of them until {first}"
    return f"{devices} watched until {until}; the task saves no change before that."


def require_confirmation(result: dict[str, t.Any], host: str) -> dict[str, t.Any]:
    """The result of a host whose change waited for its confirmation; a failure if the journal did not have the change."""
    is_done = _confirm_of(result).get("state") != "not_needed" or result.get("saved")
    if is_done or result.get("failed") or result.get("unreachable"):
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
