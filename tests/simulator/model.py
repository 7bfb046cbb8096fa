# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a configuration that the simulator computes with: that of a profile, also for a recording in any form."""

from __future__ import annotations

import contextlib
from typing import Any, Callable

from .config_tree import ConfigStore
from .families.adjust import adjust, slots_of
from .families.catalogue import fitted_modules
from .options import DeviceSpec
from .profiles import Identity, Profile
from .recorded_tree import overlay, recorded_schema
from .schema import Leaf, Menu, schema
from .tree import Tree, UnknownPathError, fill, find, put

_SWITCH = ("system", "activate-changes-as-startup")


class Model:
    """The schema of a device's profile, of a recording that of a near one, and the settings that it starts with."""

    def __init__(self, spec: DeviceSpec, profile: Profile, identity: Identity, slots: list[Any]) -> None:
        self._spec = spec
        self._recorded = profile.recorded
        self.root = schema(fitted_modules(slots, profile.firmware))
        self._tree: Tree = fill(self.root, profile.config(identity))
        self._tree["system"]["activate-changes-as-startup"] = spec.fixed["autosave"]
        for user, password in spec.passwords.items():
            self._tree["security"]["users"][user]["password"] = password

    def of(self, tree: Tree) -> Tree:
        """A configuration in the form of the profile; what a recorded one lacks is as in the near profile."""
        modeled: Tree = tree if self._recorded is None else overlay(self.root, self._tree, tree)
        return modeled

    def make_config(
        self, dialect: dict[str, str], ticks: Callable[[], float], changed: Callable[[], None]
    ) -> ConfigStore:
        """The configuration at the start."""
        if self._recorded is None:
            return ConfigStore(self.root, self._tree, dialect, ticks, changed)
        root, tree = recorded_schema(self.root, self._recorded.config, self._recorded.config_raw)
        self._set_given_values(root, tree)
        config = ConfigStore(root, tree, dialect, ticks, changed)
        config.adjust = self._adjust_known
        config.saves_itself = self._spec.fixed["autosave"]
        config.equal_puts = self._recorded.pending or 0
        return config

    def _set_given_values(self, root: Menu, tree: Tree) -> None:
        """Write the options of the device and the passwords of its users into a recorded configuration that has them."""
        fixed = self._spec.fixed
        values: dict[tuple[str, ...], object] = {
            ("security", "users", user, "password"): password for user, password in self._spec.passwords.items()
        }
        if "autosave" in self._spec.given:
            values[_SWITCH] = fixed["autosave"]
        for name in ("hostname", "domain"):
            if fixed[name]:
                values["network", name] = fixed[name]
        for path, value in values.items():
            with contextlib.suppress(UnknownPathError):
                node = find(root, tree, path).node
                if isinstance(node, Leaf) and (node.secret or node.kind != "recorded"):
                    put(tree, path, value)

    def _adjust_known(self, before: Tree, after: Tree) -> None:
        """What a change brings with it in the slots whose settings have the form of the profile."""
        slots = slots_of(after)
        known = {name: slots[name] for name, item in slots_of(self.of(after)).items() if slots.get(name) == item}
        adjust({"chassis0": {"slots": slots_of(self.of(before))}}, {"chassis0": {"slots": known}})
