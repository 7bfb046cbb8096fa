# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The input of a health check, and helpers that build findings."""

from __future__ import annotations

import datetime
import typing as t

from .._base.sanitize import printable
from .._base.times import format_utc, parse_utc
from .._hardware import module_info, ptp, slots, syncmon
from .._status.facts import ALL_SUBSETS, gather_facts
from .._status.platform import find_undated_events
from .._tree import values
from .check import ASSUMPTION, Check, Finding, severity_rank

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    CheckFunction = Callable[["HealthContext"], Finding]
    RegisteredChecks = list[tuple[Check, CheckFunction]]

_MAX_LISTED = 6
_LARGEST_NUMBER = 9.0e18
_LONGEST_SECONDS = 50 * 365 * 86400


class HealthPolicy(t.NamedTuple):
    """The options of an evaluation.

    limits: each threshold by name.  given: names of the thresholds that the user set.  checks: names of the checks to run or
    to list as skipped.  skipped: names of the latter.  expected: members of EXPECTED.  grace: whether a recent lack of
    synchronization is excused.
    """

    profile: str
    limits: Mapping[str, t.Any]
    given: frozenset[str]
    checks: frozenset[str]
    skipped: frozenset[str]
    expected: Mapping[str, t.Any]
    grace: bool = True


class ObservedEvent(t.NamedTuple):
    """known: the device reports whether it is triggered.  on: it is.  last: when it was last triggered, even if it is not now.

    dated: the device reports this time, or that it never was.  last_text: the time in an unknown form.
    """

    known: bool
    on: bool
    last: str | None
    dated: bool = True
    last_text: str | None = None

    @property
    def since(self) -> str | None:
        return self.last if self.on else None


class HealthContext(t.NamedTuple):
    """One answer of a device: its facts (all subsets) and slots, and the time by its own clock.

    modules: the populated slots as `describe_module` returns them, each with its `settings`, which are empty if they are
    not known.  has_never_measured: see syncmon.  checked_events: names of the events that a check of their own evaluates.
    undated_events: see `find_undated_events`.  configuration: the canonical root of the configuration, None if it was not read.
    """

    facts: Mapping[str, t.Any]
    slots: list[slots.Slot]
    policy: HealthPolicy
    now: datetime.datetime | None
    checked_events: frozenset[str]
    undated_events: frozenset[str]
    modules: list[module_info.ModuleEntry]
    has_never_measured: bool
    configuration: Mapping[str, t.Any] | None = None

    def limit(self, name: str) -> t.Any:
        return self.policy.limits[name]

    def event(self, name: str) -> ObservedEvent:
        event = self.facts["notification"]["events"].get(name)
        if event is None:
            return ObservedEvent(False, False, None)
        return ObservedEvent(
            event["triggered"] is not None,
            event["triggered"] is True,
            event["last_triggered"],
            name not in self.undated_events,
            event.get("unparsed", {}).get("last_triggered"),
        )

    def unknown_time(self, event: ObservedEvent, what: str) -> Finding | None:
        """The finding if it is unknown how long ago an event was; None if it is known, or if it never was."""
        if (event.dated and event.last is None) or self.age(event.last) is not None:
            return None
        if event.last is not None:
            return Finding("unknown", f"the device does not report its time, so it is unknown when {what}")
        if event.last_text is None:
            return Finding("unknown", f"the device does not report when {what}")
        reported = device_text(event.last_text)
        return Finding("unknown", f"the device reports in an unknown form when {what}: {reported}", reported)

    def ptp_instances(self) -> list[tuple[str, dict[str, t.Any]]]:
        """(slot, instance) of each PTP instance."""
        return [(instance["slot"], instance) for instance in self.facts["ptp"]]

    @property
    def syncmon_nodes(self) -> list[dict[str, t.Any]]:
        """The nodes that SyncMon monitors; empty too if the device does not report them."""
        return self.facts["syncmon"]["nodes"] or []

    def age(self, moment: str | None) -> float | None:
        """Seconds from an ISO time to the device's own time; None if either is unknown."""
        then = parse_time(moment)
        return None if then is None or self.now is None else (self.now - then).total_seconds()

    def ago(self, seconds: float) -> str | None:
        """The time this many seconds before the device's own time."""
        if self.now is None or seconds > _LONGEST_SECONDS:
            return None
        try:
            return format_utc(self.now - datetime.timedelta(seconds=int(seconds)))
        except OverflowError:
            return None

    def is_excused(self, since: str | None = None) -> bool:
        """Whether a lack of synchronization is expected: shortly after a restart, or shortly after it began."""
        if not self.policy.grace:
            return False
        uptime, age = self.facts["system"]["uptime_seconds"], self.age(since)
        if uptime is not None and uptime < self.limit("warm_up"):
            return True
        # A time in the future means that the clock was wrong then, and excuses nothing.
        return age is not None and -60 <= age < self.limit("sync_grace")

    def capped_level(self, level: str, certainty: str) -> str:
        """The severity of a finding from a module's member: `warning` at most if the member is assumed."""
        capped = certainty == ASSUMPTION and self.limit("assumed_severity") != "full"
        return "warning" if capped and severity_rank(level) > severity_rank("warning") else level

    @property
    def is_synchronized(self) -> bool:
        """Whether the device reports that its time is synchronized."""
        return bool(self.facts["sync"]["state"] == "synchronized")

    def level_unless_excused(self, level: str, since: str | None = None) -> str:
        return "warning" if self.is_excused(since) else level


def not_sync_event(slot: str) -> str:
    """The event of the clock in a slot that is not synchronized; that of the first clock for a receiver elsewhere."""
    number = slot[3:] if slot.startswith("clk") else "1"
    return f"refclock-{number}-not-sync"


def register(checks: RegisteredChecks, check: Check) -> Callable[[CheckFunction], CheckFunction]:
    """A decorator that adds a check and its function to the checks of an area."""

    def add(function: CheckFunction) -> CheckFunction:
        checks.append((check, function))
        return function

    return add


def health_context(
    envelope: object,
    policy: HealthPolicy,
    now: str | None,
    checked_events: frozenset[str],
    configuration: Mapping[str, t.Any] | None = None,
) -> HealthContext:
    """The context of an answer of GET /api/status; `now` is used if the answer has no time of its own."""
    answer = values.mapping(envelope)
    modules = slots.read_slots(answer)
    facts = gather_facts(answer, ALL_SUBSETS, modules)["ansible_lantime"]
    moment = parse_time(facts["min"]["device_time"]) or parse_time(now)
    undated = find_undated_events(answer)
    described = [_with_settings(slot, configuration) for slot in modules if slot["populated"]]
    syncmon.add_node_settings(facts["syncmon"]["nodes"] or [], configuration)
    never = syncmon.has_never_measured(answer)
    return HealthContext(facts, modules, policy, moment, checked_events, undated, described, never, configuration)


def _with_settings(slot: slots.Slot, configuration: Mapping[str, t.Any] | None) -> module_info.ModuleEntry:
    module = module_info.describe_module(slot)
    own = values.at(configuration or {}, slot["chassis"], "slots", slot["slot"], "module")
    module["settings"] = values.mapping(own)
    ptp.add_instance_settings(module["ptp_instances"], module["settings"])
    return module


def parse_time(moment: str | None) -> datetime.datetime | None:
    """A time in any form of the device."""
    return parse_utc(values.iso_utc(moment))


def round_number(number: float) -> float:
    """A number for people: whole ones as int, others without the tail of binary fractions; within 64 bits."""
    rounded = float(f"{max(-_LARGEST_NUMBER, min(number, _LARGEST_NUMBER)):.9g}")
    return int(rounded) if rounded.is_integer() else rounded


def finding_above(value: float, limits: Iterable[tuple[float, str]], message: str, **more: t.Any) -> Finding:
    """The finding for a value with upper limits, given as (limit, level), lowest level first."""
    first, level = None, "ok"
    for limit, name in limits:
        if first is None or value > limit:
            first = limit
        if value > limit:
            level = name
    return Finding(level, message, round_number(value), first, **more)


def finding_below(value: float, limits: Iterable[tuple[float, str]], message: str, **more: t.Any) -> Finding:
    """The finding for a value with lower limits, given as (limit, level), lowest level first."""
    first, level = None, "ok"
    for limit, name in limits:
        if first is None or value < limit:
            first = limit
        if value < limit:
            level = name
    return Finding(level, message, round_number(value), first, **more)


def worst_finding(findings: Iterable[Finding], otherwise: Finding) -> Finding:
    """The worst of several findings of one check, with the messages of the other alarms; `otherwise` if there are none."""
    ordered = sorted(findings, key=lambda finding: -severity_rank(finding.state))
    if not ordered:
        return otherwise
    parts = tuple(finding for finding in ordered if severity_rank(finding.state) >= severity_rank("info"))
    first = ordered[0]._replace(parts=parts)
    others = [f for f in ordered[1:] if severity_rank(f.state) >= severity_rank("info") and f.state != "unknown"]
    if severity_rank(first.state) < severity_rank("info") or not others:
        return first
    return first._replace(
        message=f"{first.message}; also {join_names(f.message for f in _each_slot_first(first, others))}"
    )


def _each_slot_first(first: Finding, others: list[Finding]) -> list[Finding]:
    """The findings in such an order that a list that is cut short still names as many slots as possible."""
    seen = {first.slot}
    new: list[Finding] = []
    repeated: list[Finding] = []
    for finding in others:
        (repeated if finding.slot in seen else new).append(finding)
        seen.add(finding.slot)
    return new + repeated


def join_names(names: Iterable[object]) -> str:
    """Names from the device in one line, bounded."""
    texts = [printable(name, 80) for name in names]
    rest = len(texts) - _MAX_LISTED
    return ", ".join(texts[:_MAX_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def device_text(value: object) -> str:
    """Text from the device in a form that is safe in a message."""
    return printable(value, 60)


def optional_text(value: object) -> str | None:
    """As `device_text`; None without a value."""
    return device_text(value) if value else None


def in_unknown_form(source: Mapping[str, t.Any], *names: str) -> str:
    """The end of a message: what the device reports in an unknown form for one of these facts; empty if it does not."""
    unparsed = source.get("unparsed", {})
    reported = next((unparsed[name] for name in names if name in unparsed), None)
    return "" if reported is None else f" in a known form; it reports {device_text(reported)}"


def unknown_value(source: Mapping[str, t.Any], message: str, *names: str) -> Finding:
    """The finding for facts without a value, with what the device reports for them in an unknown form."""
    return Finding("unknown", f"{message}{in_unknown_form(source, *names)}")


def count_of(number: float, singular: str, plural: str) -> str:
    """`1 member is`, `2 members are`."""
    return f"{number} {singular if number == 1 else plural}"
