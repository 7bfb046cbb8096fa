# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effects of incidents on a device at one time: a pure function of incidents and time.

Moments are seconds since the device was made. Everything that shows somewhere in the status tree
(modules, NTP, LEDs, events) is derived from one Effects, so that the tree is consistent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from .drift import UNKNOWN_ERROR, drift
from .kinds import chosen
from .targets import Tree, block_of, clocks

SYNCHRONIZED = "synchronized"
HOLDOVER = "holdover"
NOT_SYNCHRONIZED = "not-synchronized"


_INPUT_LOSSES = ("module-fault", "module-loss", "module-exchange", "module-move")


class Incident(NamedTuple):
    """One incident: it holds from `start` on, before `end`."""

    kind: str
    start: float
    end: float
    members: Tree

    def holds(self, moment: float) -> bool:
        return self.start <= moment < self.end


@dataclass
class Clock:
    """A reference clock: since when it lacks what it needs (None: it does not)."""

    slot: str
    number: int
    oscillator: str
    block: str
    best: str
    state: str = SYNCHRONIZED
    lost: float | None = None
    cold: float | None = None
    silent: float | None = None
    jammed: Incident | None = None
    antenna: str = ""
    switched: bool = False
    error: float = 0.0
    unusable: float | None = None

    @property
    def hit(self) -> bool:
        """An incident keeps it from being synchronized."""
        return not (self.lost is None and self.cold is None and self.silent is None)

    @property
    def is_without_receiver(self) -> bool:
        """Its receiver provides no time; another reference may do so."""
        return self.hit or self.switched


@dataclass
class Effects:
    """What is wrong at `moment`, by kind of incident, and what follows for clocks and NTP."""

    moment: float
    active: dict[str, Incident]
    clocks: list[Clock] = field(default_factory=list)
    base_selected: int = 0
    selected: int = 0
    ntp_lost: float | None = None

    @property
    def clock(self) -> Clock | None:
        """The clock that the device follows."""
        return next((clock for clock in self.clocks if clock.number == self.selected + 1), None)

    def since(self, kind: str) -> float | None:
        incident = self.active.get(kind)
        return None if incident is None else incident.start

    def members(self, kind: str) -> Tree:
        incident = self.active.get(kind)
        return {} if incident is None else incident.members

    def targets(self, kind: str, name: str = "slot") -> list[str]:
        members = self.members(kind)
        return chosen(members, name) if name in members else []


def number_of(slot: str, place: int) -> int:
    digits = "".join(char for char in slot if char.isdecimal())[:9]
    return int(digits) if digits else place


def effects_at(base: Tree, incidents: Iterable[Incident], moment: float, trust: float, powered: float) -> Effects:
    """The effects at `moment`.

    `trust` is how long NTP trusts a clock in holdover, in seconds; `powered` the moment of the
    last power cycle (a clock that lost its reference before it has no holdover to offer).
    """
    active = {incident.kind: incident for incident in incidents if incident.holds(moment)}
    effects = Effects(moment, active)
    system = base.get("system", {}).get("sync-status", {})
    effects.base_selected = effects.selected = int(system.get("clock-idx", 0))
    for place, (slot, module) in enumerate(clocks(base), start=1):
        effects.clocks.append(_clock(effects, slot, place, module, trust, powered))
    _select(effects)
    losses = [clock.unusable for clock in effects.clocks]
    if losses and None not in losses:
        effects.ntp_lost = max(loss for loss in losses if loss is not None)
    alone = effects.since("ntp-loss")
    if alone is not None:
        effects.ntp_lost = alone if effects.ntp_lost is None else min(alone, effects.ntp_lost)
    return effects


def _clock(effects: Effects, slot: str, place: int, module: Tree, trust: float, powered: float) -> Clock:
    sync = module.get("sync-status", {})
    clock = Clock(
        slot,
        number_of(slot, place),
        str(sync.get("osc-type", "tcxo")),
        block_of(module),
        str(sync.get("est-time-quality", "")),
        str(sync.get("clock-status", {}).get("clock", SYNCHRONIZED)),
    )
    moment = effects.moment
    losses = []
    for kind, incident in effects.active.items():
        hit = slot in effects.targets(kind)
        if kind == "cold-start":
            clock.cold = incident.start
        elif hit and kind == "refclock-failure":
            clock.silent = incident.start
        elif hit and kind == "antenna-fault":
            clock.antenna = str(incident.members["fault"])
            losses.append(incident.start)
        elif hit and kind == "gnss-jamming":
            clock.jammed = incident
            if moment >= incident.start + incident.members["seconds"]:
                losses.append(incident.start + incident.members["seconds"])
        elif hit and kind == "reference-switch":
            clock.switched = True
        elif hit and kind == "holdover":
            losses.append(incident.start)
    spare = _lost_spare(effects, clock)
    clock.lost = min(losses) if losses else spare
    if clock.silent is not None or clock.cold is not None:
        clock.state = NOT_SYNCHRONIZED
        starts = [start for start in (clock.silent, clock.cold) if start is not None]
        clock.unusable = min(starts)
        clock.error = UNKNOWN_ERROR
    elif clock.lost is not None:
        if clock.lost < powered:
            clock.state, clock.unusable, clock.error = NOT_SYNCHRONIZED, powered, UNKNOWN_ERROR
        else:
            clock.state = HOLDOVER
            clock.error = drift(clock.oscillator, moment - clock.lost)
            if moment >= clock.lost + trust:
                clock.unusable = clock.lost + trust
    return clock


def _lost_spare(effects: Effects, clock: Clock) -> float | None:
    """Since when a clock that follows its next reference has lost the input module of that one as well."""
    if not clock.switched:
        return None
    inputs = {f"mri{clock.number}", f"esi{clock.number}"}
    causes = [kind for kind in _INPUT_LOSSES if inputs.intersection(effects.targets(kind))]
    starts = [effects.active[kind].start for kind in causes]
    return max(min(starts), effects.active["reference-switch"].start) if starts else None


def _select(effects: Effects) -> None:
    """The first synchronized clock; else the one in use, if another is not better."""
    ranks = {SYNCHRONIZED: 0, HOLDOVER: 1, NOT_SYNCHRONIZED: 2}

    def rank(clock: Clock) -> tuple[int, float, bool]:
        return ranks.get(clock.state, 0), clock.error, clock.number - 1 != effects.base_selected

    if effects.clocks:
        effects.selected = min(effects.clocks, key=rank).number - 1


def milestones(incidents: Iterable[Incident], trust: float) -> set[float]:
    """The moments at which a condition may change by itself."""
    found: set[float] = set()
    for incident in incidents:
        found |= {incident.start, incident.end}
        lost = incident.start
        if incident.kind == "gnss-jamming":
            lost += incident.members["seconds"]
            found.add(lost)
        if incident.kind in ("holdover", "antenna-fault", "gnss-jamming", "reference-switch", *_INPUT_LOSSES):
            found.add(lost + trust)
    return found


# Events by condition: those of the bad state, those of the good one. A condition that ends a bad
# state without an event of its own only takes the latch off.
EVENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "antenna": (("antenna-faulty",), ("antenna-reconnect",)),
    "short-circuit": (("antenna-short-circuit",), ()),
    "oscillator": (("oscillator-not-adjusted",), ("oscillator-adjusted",)),
    "ntp": (("ntp-not-sync",), ("ntp-sync",)),
    "ntp-runs": (("ntp-stopped",), ("normal-operation",)),
    "ntp-offset": (("ntp-offset-limit-exceeded",), ("ntp-offset-limit-ok",)),
    "link": (("network-link-down",), ("network-link-up",)),
    "leap": (("leapsecond-announced", "leap-second-announced"), ()),
    "certificate-valid": (("https-certificate-expired",), ()),
    "certificate-fresh": (("https-certificate-expire-warning",), ()),
    "syncmon": (("sync-monitor-alert", "sync-monitor"), ("sync-monitor-ok", "sync-monitor")),
    "users": (("faillock-user-banned", "faillock:-user-banned"), ()),
    "resources": (("low-system-resources",), ("sufficient-system-resources",)),
    "update": (("auto-update-failed",), ()),
}


def events_of(condition: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The events of a condition; those of a clock carry its number."""
    name, dummy, number = condition.partition("/")
    if name == "clock":
        return (f"refclock-{number}-not-sync",), (f"refclock-{number}-sync",)
    if name == "response":
        return (f"refclock-{number}-not-responding",), ()
    return EVENTS[name]


def conditions(effects: Effects) -> dict[str, bool | None]:
    """What is good and what is not, in the order in which the events of it are sent.

    Of a clock that does not respond it is not known (None) whether it is synchronized.
    """
    good: dict[str, bool | None] = {}
    antennas = [clock.antenna for clock in effects.clocks]
    good["antenna"] = "disconnected" not in antennas
    good["short-circuit"] = "short-circuit" not in antennas
    good["oscillator"] = "cold-start" not in effects.active
    for clock in effects.clocks:
        good[f"response/{clock.number}"] = clock.silent is None
        state = clock.state == SYNCHRONIZED
        good[f"clock/{clock.number}"] = state if clock.silent is None else None
    good["ntp-runs"] = "ntp-stopped" not in effects.active
    good["ntp"] = effects.ntp_lost is None and "ntp-stopped" not in effects.active
    for condition, kind in (
        ("ntp-offset", "ntp-offset"),
        ("link", "link-down"),
        ("leap", "leap-announcement"),
        ("certificate-valid", "certificate-expired"),
        ("certificate-fresh", "certificate-expiring"),
        ("syncmon", "syncmon-alert"),
        ("users", "faillock"),
        ("resources", "low-resources"),
    ):
        good[condition] = kind not in effects.active
    # The device fetches and installs an update by itself; an image that it refuses was uploaded.
    good["update"] = effects.members("update-failed").get("cause") != "damaged"
    return good


# The LED that is red while any of these conditions is bad; `clock` stands for the clock in use.
LEDS: dict[str, tuple[str, ...]] = {
    "led-ref-time": ("clock",),
    "led-time-service": ("ntp",),
    "led-network": ("link",),
}
# There is no event that is known to be sent for these; they light the alarm LED all the same.
ALARMS = ("psu-loss", "fan-failure", "overheating")
