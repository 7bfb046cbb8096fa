# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one simulated device. Everything here runs in the event loop's thread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from . import enums, movement, reflect, shapes
from .auth import Accounts
from .dialect import choose
from .edit import Editor
from .families.watch import Watch
from .faults import Faults
from .incidents import Timeline
from .ledger import Ledger
from .model import Model
from .options import DeviceSpec, split_runtime
from .profiles import Identity, Profile
from .schema import Leaf, Table
from .tree import Tree, clone, find
from .values import render

_CERTIFICATE_EVENTS = (
    "https-certificate-expired",
    "https-certificate-expire-warning",
    "self-signed-https-certificate-in-use",
)
_ADVANCE_MAX = 10 * 365 * 86400.0
_FULL_VIEW = {"switch_form": "bool", "secret_get": "clear"}


class Device:
    """One LANTIME: its trees, users, events, clock, dialect, faults and ledger."""

    def __init__(self, spec: DeviceSpec, profile: Profile, identity: Identity, freeze: bool) -> None:
        self.spec = spec
        self.name = spec.name
        self.profile = profile
        self.identity = identity
        self.freeze = freeze
        self.recorded = profile.recorded
        self.dialect = dict(spec.dialect)
        if self.recorded is not None:
            self.dialect.update({key: form for key, form in self.recorded.dialect.items() if key not in spec.given})
        self.options = dict(spec.runtime)
        if self.recorded is not None and self.recorded.pending is None and "changes_counted" not in spec.given:
            self.options["changes_counted"] = False
        self.ledger = Ledger()
        self.faults = Faults()
        self.made = identity.made
        self.skipped = 0.0
        self.made_ticks = self.ticks()
        self.base_status, self.odd = self._made_status()
        self.uptime_base: float = self.base_status.get("system", {}).get("uptime", 0.0)
        self.booted = 0.0
        self.away_until = 0.0
        self.events: dict[str, tuple[int, datetime | None]] = {}
        self._due: list[tuple[float, Callable[[], object]]] = []
        self.on_reboot: Callable[[], None] = lambda: None
        self.on_listen_change: Callable[[], None] = lambda: None
        slots = self.base_status.get("chassis0", {}).get("slots", [])
        self.clock_slots = frozenset(
            slot["object-id"] for slot in slots if slot.get("slot-type") == "clk" and "module" in slot
        )
        self.model = Model(spec, profile, identity, slots)
        self.config = self.model.make_config(self.dialect, self.ticks, self._changed)
        self._sync_delays()
        if self.fixed_slots:
            self.config.rearrange(True)
        self.made_with = clone(reflect.derive(self.settings()))
        self.made_nodes = clone(self.settings()["syncmon"]["nodes"])
        self.watch = Watch(self.made_nodes)
        self.made_hostname = self.hostname
        self.accounts = Accounts(
            self.dialect,
            self.options,
            lambda: self.settings()["security"]["users"],
            lambda: bool(self.settings()["security"]["disable-root-login"]),
            self.ticks,
            lambda: self.fire("faillock-user-banned", "faillock:-user-banned"),
        )
        self.incidents = Timeline(self)
        self._start = self.snapshot()

    def _made_status(self) -> tuple[Tree, list[shapes.Odd]]:
        """The status tree at the start; the past of a recording that is not frozen ends now."""
        status, odd = shapes.set_aside(self.profile.status(self.identity))
        if self.profile.recorded_at is not None and not self.freeze:
            movement.shift_past(status, self.now() - self.profile.recorded_at)
        return status, odd

    # Time

    def ticks(self) -> float:
        return time.monotonic() + self.skipped

    def now(self) -> datetime:
        """The device's clock in UTC; when frozen it moves only by `advance`."""
        now = self.made if self.freeze else datetime.now(timezone.utc)
        return now + timedelta(seconds=self.skipped)

    def moment(self) -> float:
        """Seconds since the device was made; when frozen only those that `advance` skipped."""
        return self.skipped if self.freeze else self.ticks() - self.made_ticks

    def time_at(self, moment: float) -> datetime:
        """The device's clock in UTC at a moment."""
        return self.now() - timedelta(seconds=self.moment() - moment)

    def advance(self, seconds: float) -> None:
        """Advances time at once: clock, counters, incidents, tokens, lock-outs."""
        if not 0 <= seconds <= _ADVANCE_MAX:
            raise ValueError(f"seconds: 0 to {_ADVANCE_MAX:.0f}")
        self.settle()
        self.skipped += seconds
        self.settle()

    def local(self, moment: datetime) -> datetime:
        """A moment in the zone of the device's zone-less times (O9)."""
        if self.dialect["time_zone"] == "local":
            return moment + timedelta(seconds=self.options["utc_offset"])
        return moment

    def settle(self) -> None:
        """Applies everything that is due."""
        now = self.ticks()
        due = [entry for entry in self._due if entry[0] <= now]
        self._due = [entry for entry in self._due if entry[0] > now]
        for dummy, happen in due:
            happen()
        self.config.settle()
        self.incidents.settle()

    def later(self, seconds: float, happen: Callable[[], object]) -> None:
        self._due.append((self.ticks() + seconds, happen))

    # Identity

    @property
    def hostname(self) -> str:
        return reflect.host_name(self.settings())

    @property
    def serial(self) -> str:
        return self.identity.serial

    @property
    def has_tokens(self) -> bool:
        return self.profile.api_major >= 16

    @property
    def refusing(self) -> bool:
        """The REST API is off in the form that does not even listen (O7)."""
        return not self.options["rest_api"] and self.dialect["api_off"] == "refused"

    @property
    def listening(self) -> tuple[str, str]:
        """How and where the device accepts connections: a value of the option cert, empty if it does not listen; the
        address it has moved to, if any."""
        if self.refusing:
            return "", ""
        cert = str(self.options["cert"])
        return cert if self.spec.fixed["tls"] or cert == "silent" else "plain", str(self.options["moved_to"])

    @property
    def fixed_slots(self) -> bool:
        return "fixed-slots" in (self.dialect["list_add"], self.dialect["list_remove"])

    # Changes

    def choose(self, choices: Mapping[str, object]) -> None:
        """Changes dialect keys and run-time options; ValueError changes nothing."""
        keys, options = split_runtime(choices)
        chosen = choose(self.dialect, keys)
        had_slots = self.fixed_slots
        listening = self.listening
        self.dialect.update(chosen)
        self.options.update(options)
        self._sync_delays()
        if self.fixed_slots != had_slots:
            self.config.rearrange(self.fixed_slots)
        if listening != self.listening:
            self.on_listen_change()

    def _sync_delays(self) -> None:
        self.config.autosave_delay = self.options["autosave_delay"]
        self.config.effect_delay = self.options["effect_delay"]

    def _changed(self) -> None:
        self.watch.changed(self.settings()["syncmon"]["nodes"], self.moment())
        self.fire("device-configuration-changed")
        self.later(3.0, self._services_reloaded)

    def _services_reloaded(self) -> None:
        """HTTPS certificate events fire again some seconds after a change."""
        for event in self.base_status.get("notification", {}).get("events", []):
            name = event["object-id"]
            triggered, dummy = self.events.get(name, (event["triggered"], None))
            if name in _CERTIFICATE_EVENTS and triggered:
                self.events[name] = (1, self.now())

    def fire(self, *names: str) -> None:
        """Fires the event that the device knows by one of these names."""
        for name in names:
            self.latch(name, True, self.now())

    def latch(self, event: str, triggered: bool, when: datetime | None) -> None:
        """Sets an event, if the device knows it; without `when` its time stays."""
        for known in self.base_status.get("notification", {}).get("events", []):
            if known["object-id"] == event:
                # An action is over at once; other events stay until their clearing event.
                lasting = triggered and known["type"] != "action"
                last = self.events.get(event, (0, None))[1]
                self.events[event] = (int(lasting), when or last)

    def foreign_change(self, path: str, value: Any, user: str = "web") -> None:
        """A change by another user: an object, a menu of objects, an item (None removes it)."""
        self.settle()
        names = tuple(name for name in path.split("/") if name)
        tree = clone(self.config.candidate)
        rules = {
            **self.dialect,
            "switch_form": "bool",
            "enum_input": "both",
            "menu_put": "partial",
            "request_error": "json",
            "list_add": "put-list",
            "list_remove": "delete-item",
        }
        editor = Editor(self.config.root, tree, rules)
        parent = find(self.config.root, tree, names[:-1])
        if isinstance(parent.node, Table):
            if value is None:
                editor.remove_item(names, parent.node)
                self.config.foreign_change(tree, user)
                return
            if names[-1] not in parent.value:
                editor.add_item(names[:-1], parent.node, names[-1])
        place = find(self.config.root, tree, names)
        if isinstance(place.node, Leaf):
            editor.set_leaf(names, place.node, value)
        elif isinstance(place.node, Table):
            editor.set_table(names, place.node, value)
        else:
            editor.set_menu(names, place.node, value)
        self.config.foreign_change(tree, user)

    def reboot(self) -> None:
        """Running becomes startup, tokens die, uptime starts anew."""
        self.settle()
        self.power_cycle(self.moment())

    def power_cycle(self, moment: float) -> None:
        """A reboot that happened at a moment."""
        self._due = []
        self.config.restart()
        self.accounts.drop_tokens(reboot=True)
        self.uptime_base = 0.0
        self.booted = moment
        self.away_until = self.ticks() + self.options["reboot_seconds"]
        self.latch("system-reboot", True, self.time_at(moment))
        self.on_reboot()

    def settings(self) -> Tree:
        """The running configuration in the form of the profile."""
        return self.model.of(self.config.running)

    def ban(self, user: str, banned: bool) -> None:
        """Locks a user out until further notice, or unlocks the user."""
        self.accounts.ban(user, banned)

    def lockout_seconds(self) -> float:
        return float(self.options["lockout_seconds"])

    def monitored(self, moment: float) -> frozenset[str]:
        """The nodes that SyncMon measures at a moment."""
        syncmon = self.settings()["syncmon"]
        if not syncmon["enabled"]:
            return frozenset()
        if syncmon["nodes"] != self.made_nodes:
            return frozenset(self.watch.measured(syncmon["nodes"], moment))
        shown = self.base_status.get("syncmon", {}).get("nodes", [])
        return frozenset(str(node["object-id"]) for node in shown)

    def restart_web(self) -> None:
        """Only the web service restarts."""
        self.accounts.drop_tokens(reboot=False)
        self.on_reboot()

    def pulled(self) -> frozenset[str]:
        """The slots whose module is pulled at this moment."""
        return self.incidents.pulled(self.moment())

    # Views

    def status(self, raw: bool = False) -> Tree:
        """The whole status tree as it is at this moment."""
        self.settle()
        cached = self.incidents.cached
        tree: Tree = self.tree_at(self.moment()) if cached is None else clone(cached)
        if self.dialect["time_zone"] == "local":
            tree = movement.shift_zone(tree, self.options["utc_offset"])
        shown: Tree = enums.status_raw(tree) if raw else tree
        return shown

    def tree_at(self, moment: float) -> Tree:
        """The status tree of a moment, times in UTC."""
        tree: Tree = clone(self.base_status)
        settings = self.settings()
        reflect.reflect(tree, self.made_with, reflect.derive(settings), self.model.root)
        nodes = settings["syncmon"]["nodes"]
        if nodes != self.made_nodes and "syncmon" in tree:
            self.watch.show(tree["syncmon"], nodes, moment)
        for event in tree.get("notification", {}).get("events", []):
            fired = self.events.get(event["object-id"])
            if fired:
                event["triggered"] = fired[0]
                if fired[1] is not None:
                    event["last-triggered"] = movement.iso(fired[1])
        uptime = self.uptime_base + moment - self.booted
        if moment or not self.freeze:
            now, halted = self.time_at(moment), self.incidents.halted(moment)
            movement.move(tree, moment, uptime, now, self.identity.seed, halted)
        elif "uptime" in tree.get("system", {}) and self.uptime_base != tree["system"]["uptime"]:
            tree["system"]["uptime"] = uptime
        self.incidents.render(tree, moment)
        shapes.put_back(tree, self.odd)
        return tree

    def config_view(self, tree: Tree, clear: bool = False) -> Tree:
        """A configuration tree in the form of a GET, secrets masked unless `clear`."""
        rules = {**self.dialect, "switch_form": "bool", "secret_get": "masked"}
        if clear:
            rules.update(_FULL_VIEW)
        view: Tree = render(self.config.root, tree, rules)
        return view

    def running(self, clear: bool = True) -> Tree:
        self.settle()
        return self.config_view(self.config.running, clear)

    def startup(self, clear: bool = True) -> Tree:
        self.settle()
        return self.config_view(self.config.startup, clear)

    def described(self) -> dict[str, Any]:
        """The device as the control API describes it."""
        self.settle()
        return {
            "name": self.name,
            "profile": self.spec.profile,
            "model": self.profile.model,
            "firmware": self.profile.firmware,
            "api": self.profile.api,
            "serial": self.serial,
            "hostname": self.hostname,
            "dialect": dict(self.dialect),
            "options": dict(self.options),
            "pending": self.config.pending_count(),
            "faults": self.faults.described(),
            "incidents": self.incidents.described(),
        }

    # Reset between tests

    def snapshot(self) -> dict[str, Any]:
        return {
            "config": self.config.state(),
            "dialect": dict(self.dialect),
            "options": dict(self.options),
            "events": dict(self.events),
            "uptime_base": self.uptime_base,
            "booted": self.booted,
            "skipped": self.skipped,
            "incidents": self.incidents.state(),
        }

    def restore(self, state: dict[str, Any] | None = None) -> None:
        """Back to a snapshot, or to the state at the start; faults and ledger are emptied.

        Incidents go too, unless the snapshot has them; the clock goes back by what was skipped.
        """
        state = self._start if state is None else state
        listening = self.listening
        self.dialect.update(state["dialect"])
        self.options.update(state["options"])
        self._sync_delays()
        self.config.restore(state["config"])
        self.watch.reset()
        self.events = dict(state["events"])
        self.uptime_base = state["uptime_base"]
        self.booted = state["booted"]
        self.skipped = state["skipped"]
        self.away_until = 0.0
        self._due = []
        self.accounts.reset()
        self.incidents.restore(state["incidents"])
        self.faults.clear()
        self.ledger.clear()
        if listening != self.listening:
            self.on_listen_change()
