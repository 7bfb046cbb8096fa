# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The incidents of one device in order of time; their events and LEDs, which have a memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from .dependents import pulseless_nodes
from .effects import (
    ALARMS,
    LEDS,
    SYNCHRONIZED,
    Effects,
    Incident,
    conditions,
    effects_at,
    events_of,
    milestones,
)
from .kinds import KINDS, IncidentError, chosen, members_of
from .render import Context, render
from .targets import Tree

_NEVER = -math.inf
_EMPTYING = ("module-loss", "module-move")


class Owner(Protocol):
    """What the timeline needs of its device."""

    base_status: Tree

    def moment(self) -> float:
        """Seconds since the device was made."""

    def time_at(self, moment: float) -> datetime:
        """The device's time in UTC at a moment."""

    def settle(self) -> None:
        """Applies everything that is due."""

    def settings(self) -> Tree:
        """The running configuration."""

    def latch(self, event: str, triggered: bool, when: datetime | None) -> None:
        """Sets an event that the device knows; without `when` its time stays."""

    def power_cycle(self, moment: float) -> None:
        """Reboots."""

    def ban(self, user: str, banned: bool) -> None:
        """Locks or unlocks a user."""

    def tree_at(self, moment: float) -> Tree:
        """The status tree of a moment."""

    def monitored(self, moment: float) -> frozenset[str]:
        """The nodes that SyncMon measures at a moment."""

    def lockout_seconds(self) -> float:
        """How long a user stays locked out."""


class Timeline:
    """Keeps the incidents that were raised and applies them in order of time."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._log: list[Incident] = []
        self._begun: set[str] = set()
        self._good: dict[str, bool | None] = {}
        self._red: dict[str, tuple[bool, bool]] = {}
        self._settled = 0.0
        self._powered = _NEVER
        self.cached: Tree | None = None

    # Calls from outside

    def raise_(self, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Raises an incident; IncidentError says why this device cannot have it."""
        self._owner.settle()
        members = members_of(kind, given)
        if any(incident.kind == kind for incident in self._log):
            raise IncidentError(f"{kind} is already raised; clear it first")
        after, lasts = members.pop("after"), members.pop("lasts")
        members = KINDS[kind].fit(self._owner.base_status, members)
        moment = self._owner.moment()
        start = moment + after
        if kind == "leap-announcement":
            members, ends = self._leap(members, start)
            lasts = min(lasts or ends, ends)
        elif kind == "cold-start":
            lasts = members["seconds"]
        elif kind == "faillock":
            if members["user"] not in self._owner.settings()["security"]["users"]:
                raise IncidentError(f"user: this device has no user {members['user']!r}")
            lasts = lasts or self._owner.lockout_seconds()
        if not self._good:
            self._good = conditions(effects_at(self._owner.base_status, (), moment, 0.0, _NEVER))
        incident = Incident(kind, start, start + lasts if lasts else math.inf, members)
        self._log.append(incident)
        self._settled = max(self._settled, moment)
        self.settle()
        return self._described(incident)

    def _leap(self, members: Tree, start: float) -> tuple[Tree, float]:
        """The members with a date, and how long it takes until the end of that day."""
        now = self._owner.time_at(start)
        if members["date"]:
            try:
                day = date.fromisoformat(members["date"])
            except ValueError:
                raise IncidentError(f"date: {members['date']!r} is not YYYY-MM-DD") from None
        else:
            day = date(now.year, 6, 30) if now.month <= 6 else date(now.year, 12, 31)
        midnight = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(days=1)
        seconds = (midnight - now).total_seconds()
        if seconds <= 0:
            raise IncidentError(f"date: {day} is over")
        return {**members, "date": day.isoformat()}, seconds

    def clear(self, kind: str | None = None) -> int:
        """Ends the incident of a kind, or all of them. Returns their number."""
        self._owner.settle()
        moment = self._owner.moment()
        ended = [incident for incident in self._log if kind in (None, incident.kind)]
        self._log = [
            incident._replace(start=min(incident.start, moment), end=moment) if incident in ended else incident
            for incident in self._log
        ]
        self.settle()
        return len(ended)

    def pulled(self, moment: float) -> frozenset[str]:
        """The slots whose module is pulled, moved or of another model at a moment: their menus are gone."""
        return frozenset(
            slot
            for incident in self._log
            if incident.holds(moment) and (incident.kind in _EMPTYING or incident.members.get("model"))
            for slot in chosen(incident.members, "slot")
        )

    def described(self) -> list[dict[str, Any]]:
        """The raised incidents, as the control API shows them."""
        return [self._described(incident) for incident in self._log]

    def _described(self, incident: Incident) -> dict[str, Any]:
        ends = incident.end < math.inf
        return {
            "kind": incident.kind,
            "meaning": KINDS[incident.kind].meaning,
            "active": incident.holds(self._owner.moment()),
            "start": self._iso(incident.start),
            "end": self._iso(incident.end) if ends else None,
            "members": dict(incident.members),
        }

    def _iso(self, moment: float) -> str:
        return self._owner.time_at(moment).strftime("%Y-%m-%dT%H:%M:%SZ")

    # Time

    def _trust(self) -> float:
        """How long NTP trusts a clock in holdover: `ntp/trust-time`, taken as seconds."""
        return float(self._owner.settings()["ntp"]["trust-time"])

    def settle(self) -> None:
        """Applies everything that is due, each at its own time."""
        if not self._log:
            return
        now = self._owner.moment()
        due = {m for m in milestones(self._log, self._trust()) if self._settled < m < now}
        for moment in (*sorted(due), now):
            self._step(moment)
        self._settled = now
        self._log = [incident for incident in self._log if incident.end > now]

    def _effects(self, moment: float) -> Effects:
        return effects_at(self._owner.base_status, self._log, moment, self._trust(), self._powered)

    def _step(self, moment: float) -> None:
        holding = {incident.kind: incident for incident in self._log if incident.holds(moment)}
        for kind in sorted(set(holding) - self._begun):
            self._begin(holding[kind])
        for incident in self._log:
            if incident.kind in self._begun and incident.kind not in holding:
                self._finish(incident)
        effects = self._effects(moment)
        good = conditions(effects)
        # The alert is over as well once its last node is removed or not measured any more.
        alarmed = {*effects.targets("syncmon-alert", "node"), *pulseless_nodes(effects, self._owner.settings())}
        good["syncmon"] = not self._owner.monitored(moment).intersection(alarmed)
        when = self._owner.time_at(moment)
        for condition, is_good in good.items():
            if is_good != self._good.get(condition, True):
                self._send(condition, is_good, when)
        self._good = good
        self._light(effects, good)

    def _begin(self, incident: Incident) -> None:
        self._begun.add(incident.kind)
        if incident.kind == "cold-start":
            self._powered = incident.start
            self._owner.power_cycle(incident.start)
        elif incident.kind == "faillock":
            self._owner.ban(incident.members["user"], True)
        elif incident.kind == "stale-status":
            self.cached = self._owner.tree_at(incident.start)

    def _finish(self, incident: Incident) -> None:
        self._begun.discard(incident.kind)
        if incident.kind == "faillock":
            self._owner.ban(incident.members["user"], False)
        elif incident.kind == "stale-status":
            self.cached = None

    def _send(self, condition: str, is_good: bool | None, when: datetime) -> None:
        """Events of a pair are latches: the one that is sent clears the other one."""
        bad, better = events_of(condition)
        sent, taken = (better, bad) if is_good else (bad, better)
        if is_good is None:
            sent, taken = (), (*bad, *better)
        for event in taken:
            if event not in sent:
                self._owner.latch(event, False, None)
        for event in sent:
            self._owner.latch(event, True, when)

    def _light(self, effects: Effects, good: Mapping[str, bool | None]) -> None:
        config = self._owner.settings()
        rules = config["notification"]["events"]
        ports = config["network"]["ports"]
        clock = effects.clock
        conditions_now = {**good, "clock": clock is None or clock.state == SYNCHRONIZED}
        conditions_now["link"] = not any(
            ports.get(port, {}).get("indicate-link", True) for port in effects.targets("link-down", "port")
        )
        red = {led: not all(conditions_now[name] for name in names) for led, names in LEDS.items()}
        red["led-alarm"] = any(kind in effects.active for kind in ALARMS) or any(
            rules.get(event, {}).get("led", False)
            for condition, is_good in good.items()
            if is_good is False
            for event in events_of(condition)[0]
        )
        for led, lit in red.items():
            current, dummy = self._red.get(led, (False, False))
            if lit != current:
                self._red[led] = (lit, current)

    # Views

    def render(self, tree: Tree, moment: float) -> None:
        """Writes what is wrong into a copy of the status tree, in place."""
        if self._log:
            context = Context(self._owner.settings(), self._owner.time_at(moment))
            render(self._effects(moment), tree, context)
        leds = tree.get("system", {}).get("front-leds", {})
        for led, (current, last) in self._red.items():
            if led not in leds:
                continue
            dark = {name: leds[led][f"current-{name}"] for name in ("color", "state", "mode")}
            lit = {"color": "red", "state": True, "mode": "permanent"}
            for when, is_lit in (("current", current), ("last", last)):
                leds[led].update({f"{when}-{name}": value for name, value in (lit if is_lit else dark).items()})

    def halted(self, moment: float) -> dict[str, float]:
        """Ports whose counters stand still, and since when."""
        return {
            port: incident.start
            for incident in self._log
            if incident.kind == "link-down" and incident.holds(moment)
            for port in str(incident.members["port"]).split(",")
        }

    def state(self) -> dict[str, Any]:
        """Everything that `restore` needs."""
        return {
            "log": list(self._log),
            "begun": set(self._begun),
            "good": dict(self._good),
            "red": dict(self._red),
            "settled": self._settled,
            "powered": self._powered,
            "cached": self.cached,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._log = list(state["log"])
        self._begun = set(state["begun"])
        self._good = dict(state["good"])
        self._red = dict(state["red"])
        self._settled = state["settled"]
        self._powered = state["powered"]
        self.cached = state["cached"]
        for incident in self._log:
            if incident.kind == "faillock" and incident.kind in self._begun:
                self._owner.ban(incident.members["user"], True)
