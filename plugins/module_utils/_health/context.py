# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a judge of health sees of a device, and the form of what it finds.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import datetime
import typing as t

from .._base.sanitize import printable
from .._hardware import slots as _slots
from .._status import facts as _facts
from .._tree import values
from .policy import HealthPolicy

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CHECK_STATES = ("ok", "skipped", "info", "unknown", "warning", "error", "critical")
"""States of a check, best first; what is not known is no better than a piece of information, and no alarm."""

_LISTED = 6
_LARGEST = 9.0e18
_LONGEST_SECONDS = 50 * 365 * 86400


class Finding(t.NamedTuple):
    """What a check found. message: one clause without full stop; value, limit and subject as in the result of the module."""

    state: str
    message: str
    value: t.Any = None
    limit: t.Any = None
    subject: str | None = None
    since: str | None = None


class ObservedEvent(t.NamedTuple):
    """known: the device has this event.  on: it is triggered.  last: when it was triggered last, also if it no longer is."""

    known: bool
    on: bool
    last: str | None

    @property
    def since(self) -> str | None:
        return self.last if self.on else None


class HealthContext(t.NamedTuple):
    """One answer of a device: its facts (all subsets), its slots, and the time it has by its own clock."""

    facts: Mapping[str, t.Any]
    slots: list[dict[str, t.Any]]
    policy: HealthPolicy
    now: datetime.datetime | None

    def limit(self, name: str) -> t.Any:
        return self.policy.limits[name]

    def event(self, name: str) -> ObservedEvent:
        found = self.facts["notification"]["events"].get(name)
        if found is None:
            return ObservedEvent(False, False, None)
        return ObservedEvent(found["triggered"] is not None, found["triggered"] is True, found["last_triggered"])

    def age(self, moment: str | None) -> float | None:
        """Seconds from an ISO time to the device's own time; None if either is not known."""
        then = parsed(moment)
        return None if then is None or self.now is None else (self.now - then).total_seconds()

    def ago(self, seconds: float) -> str | None:
        """The moment so many seconds before the device's own time."""
        if self.now is None or seconds > _LONGEST_SECONDS:
            return None
        try:
            return f"{(self.now - datetime.timedelta(seconds=int(seconds))).isoformat()}Z"
        except OverflowError:
            return None

    def excused(self, since: str | None = None) -> bool:
        """Whether a lack of synchronisation is to be expected: shortly after a restart, or only since a moment ago."""
        if not self.policy.grace:
            return False
        uptime, age = self.facts["system"]["uptime_seconds"], self.age(since)
        if uptime is not None and uptime < self.limit("warm_up"):
            return True
        # A moment in the future says that the clock was wrong then, and excuses nothing.
        return age is not None and -60 <= age < self.limit("sync_grace")

    def unless_excused(self, level: str, since: str | None = None) -> str:
        return "warning" if self.excused(since) else level


def health_context(envelope: object, policy: HealthPolicy, now: str | None) -> HealthContext:
    """The envelope is an answer of GET /api/status; `now` counts only where it tells no time of its own."""
    answer = values.mapping(envelope)
    found = _facts.facts(answer, _facts.ALL)["ansible_lantime"]
    moment = parsed(found["min"]["device_time"]) or parsed(now)
    return HealthContext(found, _slots.modules(answer), policy, moment)


def parsed(moment: str | None) -> datetime.datetime | None:
    """A time in any form of the device's, in UTC and without zone. The second of a leap second is the one before."""
    text = values.iso_utc(moment)
    if text is None:
        return None
    return datetime.datetime.strptime(text.replace(":60Z", ":59Z"), "%Y-%m-%dT%H:%M:%SZ")


def plain(number: float) -> float:
    """A number as people write it: whole ones as int, others without the tail of binary fractions; nothing beyond 64 bits."""
    rounded = float(f"{max(-_LARGEST, min(number, _LARGEST)):.9g}")
    return int(rounded) if rounded.is_integer() else rounded


def rank(state: str) -> int:
    return CHECK_STATES.index(state)


def above(value: float, limits: Iterable[tuple[float, str]], message: str, **more: t.Any) -> Finding:
    """The finding for a value that must not exceed limits, given as (limit, level), mildest first."""
    first, level = None, "ok"
    for limit, name in limits:
        if first is None or value > limit:
            first = limit
        if value > limit:
            level = name
    return Finding(level, message, plain(value), first, **more)


def below(value: float, limits: Iterable[tuple[float, str]], message: str, **more: t.Any) -> Finding:
    """As above(), for a value that must not fall below limits."""
    first, level = None, "ok"
    for limit, name in limits:
        if first is None or value < limit:
            first = limit
        if value < limit:
            level = name
    return Finding(level, message, plain(value), first, **more)


def worst(findings: Iterable[Finding], nothing: Finding) -> Finding:
    """The worst of several findings of one check, which also names the others that are as good as it or an alarm."""
    ordered = sorted(findings, key=lambda finding: -rank(finding.state))
    if not ordered:
        return nothing
    first = ordered[0]
    alarms = [f for f in ordered[1:] if rank(f.state) >= rank("info") and f.state != "unknown"]
    if rank(first.state) < rank("info") or not alarms:
        return first
    return first._replace(message=f"{first.message}; also {listed(f.message for f in alarms)}")


def listed(names: Iterable[object]) -> str:
    """Names of the device's in one line, bounded."""
    shown = [printable(name, 80) for name in names]
    rest = len(shown) - _LISTED
    return ", ".join(shown[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def told(value: object) -> str:
    """A word of the device's, fit for a message."""
    return printable(value, 60)
