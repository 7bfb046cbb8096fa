# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one simulated device. Everything here runs in the event loop's thread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from . import churn, enums, reflect
from .auth import Accounts
from .config_tree import ConfigStore
from .dialect import choose
from .edit import Editor
from .faults import Faults
from .ledger import Ledger
from .options import DeviceSpec, split_runtime
from .profiles import Identity, Profile
from .schema import Leaf, Table, schema
from .tree import Tree, clone, fill, find
from .values import render

_CERTIFICATE_EVENTS = ("https-certificate-expired", "self-signed-https-certificate-in-use")
_FULL_VIEW = {"switch_form": "bool", "secret_get": "clear"}


class Device:
    """One LANTIME: its trees, users, events, clock, dialect, faults and ledger."""

    def __init__(
        self, spec: DeviceSpec, profile: Profile, identity: Identity, freeze: bool
    ) -> None:
        self.spec = spec
        self.name = spec.name
        self.profile = profile
        self.identity = identity
        self.freeze = freeze
        self.dialect = dict(spec.dialect)
        self.options = dict(spec.runtime)
        self.ledger = Ledger()
        self.faults = Faults()
        self.made = identity.made
        self.made_ticks = self.ticks()
        self.base_status = profile.status(identity)
        self.uptime_base: float = self.base_status.get("system", {}).get("uptime", 0.0)
        self.booted_ticks = self.made_ticks
        self.away_until = 0.0
        self.events: dict[str, tuple[int, datetime]] = {}
        self._due: list[tuple[float, Callable[[], object]]] = []
        self.on_reboot: Callable[[], None] = lambda: None
        self.on_listen_change: Callable[[], None] = lambda: None
        values = profile.config(identity)
        root = schema("chassis0" in values)
        tree = fill(root, values)
        tree["system"]["activate-changes-as-startup"] = spec.fixed["autosave"]
        for user, password in spec.passwords.items():
            tree["security"]["users"][user]["password"] = password
        self.config = ConfigStore(root, tree, self.dialect, self.ticks, self._changed)
        self._sync_delays()
        if self.fixed_slots:
            self.config.rearrange(True)
        self.made_with = reflect.derive(self.config.running)
        self.accounts = Accounts(
            self.dialect,
            self.options,
            lambda: self.config.running["security"]["users"],
            lambda: bool(self.config.running["security"]["disable-root-login"]),
            self.ticks,
            lambda: self.fire("faillock-user-banned", "faillock:-user-banned"),
        )
        self._start = self.snapshot()

    # Time

    def ticks(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        """The device's clock in UTC; it stands still when frozen."""
        return self.made if self.freeze else datetime.now(timezone.utc)

    def uptime(self) -> float:
        if self.freeze:
            return self.uptime_base
        return self.uptime_base + self.ticks() - self.booted_ticks

    def local(self, moment: datetime) -> datetime:
        """A moment in the zone of the device's zone-less times (O9)."""
        if self.dialect["time_zone"] == "local":
            return moment + timedelta(seconds=self.options["utc_offset"])
        return moment

    def settle(self) -> None:
        """Lets everything happen that is due."""
        now = self.ticks()
        due = [entry for entry in self._due if entry[0] <= now]
        self._due = [entry for entry in self._due if entry[0] > now]
        for dummy, happen in due:
            happen()
        self.config.settle()

    def later(self, seconds: float, happen: Callable[[], object]) -> None:
        self._due.append((self.ticks() + seconds, happen))

    # Identity

    @property
    def hostname(self) -> str:
        return reflect.host_name(self.config.running)

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
    def fixed_slots(self) -> bool:
        return "fixed-slots" in (self.dialect["list_add"], self.dialect["list_remove"])

    # Changes

    def choose(self, choices: Mapping[str, object]) -> None:
        """Changes dialect keys and run-time options; ValueError changes nothing."""
        keys, options = split_runtime(choices)
        chosen = choose(self.dialect, keys)
        had_slots = self.fixed_slots
        was_on, was_form = self.options["rest_api"], self.dialect["api_off"]
        self.dialect.update(chosen)
        self.options.update(options)
        self._sync_delays()
        if self.fixed_slots != had_slots:
            self.config.rearrange(self.fixed_slots)
        if (was_on, was_form) != (self.options["rest_api"], self.dialect["api_off"]):
            self.on_listen_change()

    def _sync_delays(self) -> None:
        self.config.autosave_delay = self.options["autosave_delay"]
        self.config.effect_delay = self.options["effect_delay"]

    def _changed(self) -> None:
        self.fire("device-configuration-changed")
        self.later(3.0, self._services_reloaded)

    def _services_reloaded(self) -> None:
        """HTTPS certificate events fire again some seconds after a change."""
        for event in self.base_status.get("notification", {}).get("events", []):
            if event["object-id"] in _CERTIFICATE_EVENTS and event["triggered"]:
                self.events[event["object-id"]] = (1, self.now())

    def fire(self, *names: str) -> None:
        """Fires the event that the device knows by one of these names."""
        for event in self.base_status.get("notification", {}).get("events", []):
            if event["object-id"] in names:
                # An action is over at once; other events stay until their clearing event.
                triggered = 0 if event["type"] == "action" else 1
                self.events[event["object-id"]] = (triggered, self.now())

    def foreign_change(self, path: str, value: Any, user: str = "web") -> None:
        """A change by somebody else: an object, a menu of objects, an item (None removes it)."""
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
        self._due = []
        self.config.restart()
        self.accounts.drop_tokens(reboot=True)
        self.uptime_base = 0.0
        self.booted_ticks = self.ticks()
        self.away_until = self.ticks() + self.options["reboot_seconds"]
        self.fire("system-reboot")
        self.on_reboot()

    def restart_web(self) -> None:
        """Only the web service restarts."""
        self.accounts.drop_tokens(reboot=False)
        self.on_reboot()

    # Views

    def status(self, raw: bool = False) -> Tree:
        """The whole status tree as it is at this moment."""
        self.settle()
        tree: Tree = clone(self.base_status)
        reflect.reflect(tree, self.made_with, reflect.derive(self.config.running))
        for event in tree.get("notification", {}).get("events", []):
            fired = self.events.get(event["object-id"])
            if fired:
                event["triggered"] = fired[0]
                event["last-triggered"] = churn.iso(fired[1])
        if not self.freeze:
            elapsed = self.ticks() - self.made_ticks
            churn.move(tree, elapsed, self.uptime(), self.now(), self.identity.seed)
        elif self.uptime_base != self.base_status.get("system", {}).get("uptime", 0.0):
            tree["system"]["uptime"] = self.uptime_base
        if self.dialect["time_zone"] == "local":
            tree = churn.shift_zone(tree, self.options["utc_offset"])
        return enums.status_raw(tree) if raw else tree

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
        """What the control API says about the device."""
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
        }

    # Reset between tests

    def snapshot(self) -> dict[str, Any]:
        return {
            "config": self.config.state(),
            "dialect": dict(self.dialect),
            "options": dict(self.options),
            "events": dict(self.events),
            "uptime_base": self.uptime_base,
            "booted_ticks": self.booted_ticks,
        }

    def restore(self, state: dict[str, Any] | None = None) -> None:
        """Back to a snapshot, or to the state at the start; faults and ledger are emptied."""
        state = self._start if state is None else state
        listening = (self.options["rest_api"], self.dialect["api_off"])
        self.dialect.update(state["dialect"])
        self.options.update(state["options"])
        self._sync_delays()
        self.config.restore(state["config"])
        self.events = dict(state["events"])
        self.uptime_base = state["uptime_base"]
        self.booted_ticks = state["booted_ticks"]
        self.away_until = 0.0
        self._due = []
        self.accounts.reset()
        self.faults.clear()
        self.ledger.clear()
        if listening != (self.options["rest_api"], self.dialect["api_off"]):
            self.on_listen_change()
