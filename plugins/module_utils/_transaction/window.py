# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The confirm window of a change: how long the running configuration is watched before it is saved."""

from __future__ import annotations

import math
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._base.times import format_utc
from .._client.deadline import Deadline
from .._health.check import CHECK_STATES

WINDOW_BOUNDS = (0.0, 86400.0)
"""Shortest and longest confirm window in seconds."""

_AUTOSAVE_STATES = ("on", "off", "saved", "unknown")
_STARTUP_STATES = {"on": "written", "saved": "written", "off": "untouched", "unknown": "unknown"}
_STARTUP_CLAUSES = {
    "on": "the device saves changes by itself, so its startup configuration may hold the change",
    "saved": "another client or the device itself has saved in the window, so the startup configuration may hold the change "
    "until the running configuration is saved",
    "off": "the startup configuration was not touched",
    "unknown": "the startup configuration was not touched unless the device saves changes by itself, which it does not show",
}
_LONGEST_VALUE = 100
# The end of the year 9998, in seconds of the Unix epoch: later times have no text.
_LATEST = 253370764800.0
_MAX_CHECKS = 100


class Window(t.NamedTuple):
    """A confirm window as the journal holds it.

    seconds: its length.  grace: seconds for which the device may be unreachable or in worse health.  baseline: the checks of
    the gate before the change, as baseline_entry() shortens them.  autosave: whether the device saves by itself: on, off or
    unknown; saved if it does not, and something was saved in the window.  began: when it was opened, by the clock of the
    controller; None before that.  is_handed_over: whether a later task is to watch it.  pending: unsaved changes that the
    device counted when it was first opened.  uptime: seconds for which the device had been up then, None if it did not show it.
    """

    seconds: float
    grace: float
    baseline: tuple[dict[str, t.Any], ...]
    autosave: str = "unknown"
    began: float | None = None
    is_handed_over: bool = False
    pending: int | None = None
    uptime: float | None = None

    @property
    def startup(self) -> str:
        """The state of the startup configuration in the window: untouched, written or unknown."""
        return _STARTUP_STATES[self.autosave]

    @property
    def startup_clause(self) -> str:
        """The state of the startup configuration in the window as a clause of a message."""
        return _STARTUP_CLAUSES[self.autosave]

    @property
    def until(self) -> str | None:
        """When the window of a later task closes, by the clock of the controller; None for any other."""
        return format_utc(self.began + self.seconds) if self.is_handed_over and self.began is not None else None

    def left(self, now: float, until: float = 0.0) -> float:
        """Seconds until the window closes; all of it if the clock was set back.

        until: it is kept open until then, but for no longer than its length.  Both times are by the clock of the controller.
        """
        if self.began is None or now < self.began:
            return self.seconds
        return max(0.0, self.began + self.seconds - now, min(until - now, self.seconds))

    def as_document(self) -> dict[str, t.Any]:
        return {**self._asdict(), "baseline": list(self.baseline)}


def parse_window(value: t.Any) -> Window:
    """The window from the member of a journal. Raises KeyError, TypeError or ValueError for anything else."""
    seconds, grace = _number(value["seconds"]), _number(value["grace"])
    began = None if value["began"] is None else _number(value["began"])
    if value["autosave"] not in _AUTOSAVE_STATES or seconds > WINDOW_BOUNDS[1] or (began or 0) > _LATEST:
        raise ValueError("not a confirm window")
    baseline = tuple(_parse_entry(entry) for entry in value["baseline"][:_MAX_CHECKS])
    pending = None if value["pending"] is None else int(value["pending"])
    uptime = None if value.get("uptime") is None else _number(value["uptime"])
    return Window(seconds, grace, baseline, value["autosave"], began, value["is_handed_over"] is True, pending, uptime)


def _number(value: t.Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError("not a number of seconds")
    return float(value)


def _parse_entry(entry: t.Any) -> dict[str, t.Any]:
    if entry["state"] not in CHECK_STATES:
        raise ValueError("unknown state of a check")
    return baseline_entry(entry)


def baseline_entry(check: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What is kept of an entry of evaluate(): name, state, and the value that the device reports if it is a text."""
    value = check["value"]
    shown = printable(value, _LONGEST_VALUE) if isinstance(value, str) else None
    return {"name": str(check["name"]), "state": str(check["state"]), "value": shown}


def check_fits(seconds: float, grace: float, deadline: Deadline) -> None:
    """Raise LantimeError with the code option if a window does not fit into the time that a task has left for writes."""
    if seconds + grace > deadline.left_for_writes():
        raise LantimeError(
            "option",
            f"the confirm window of {seconds:g} s with {grace:g} s of grace does not fit into the time of the task "
            f"({deadline.reason_for_writes}); nothing was written",
            hint="raise task_timeout (or the keyword timeout of the task), or shorten confirm_window",
        )
