# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that a task of another host would have."""

from __future__ import annotations

import typing as t

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from .play import play_of


class PlayVariables:
    """The variables of each host of a task as the host itself would have them, with those of its play and role."""

    def __init__(self, task: t.Any, variables: t.Mapping[str, t.Any]) -> None:
        self._task = task
        self._hostvars: t.Any = variables["hostvars"]
        self._play = play_of(task)
        self._hosts = variables.get("ansible_play_hosts") or []
        self._hosts_all = variables.get("ansible_play_hosts_all") or []

    def of(self, host: str) -> dict[str, t.Any]:
        """Raises LantimeError for a host that is not in the inventory."""
        found = self._hostvars._inventory.get_host(host)
        if found is None:
            raise LantimeError("option", "this host is not in the inventory", host=printable(host, 100))
        variables: dict[str, t.Any] = self._hostvars._variable_manager.get_vars(
            play=self._play,
            host=found,
            task=self._task,
            include_hostvars=False,
            _hosts=self._hosts,
            _hosts_all=self._hosts_all,
        )
        return {**variables, "hostvars": self._hostvars}
