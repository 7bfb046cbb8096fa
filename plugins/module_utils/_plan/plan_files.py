# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the plan files of a fleet, one file a host. Pure."""

from __future__ import annotations

import typing as t

from .._base.files import is_file_name

PLAN_SUFFIX = ".plan.json"


def plan_file_name(host: str) -> str:
    """The name of the plan file of a host. Raises ValueError for a name of a host that cannot be the name of a file."""
    if not is_file_name(host):
        raise ValueError("the name of the host cannot be the name of a file")
    return host + PLAN_SUFFIX


def host_of_file(name: str) -> str | None:
    """The host whose plan a file with this name is; None if it is that of no host."""
    host = name[: -len(PLAN_SUFFIX)]
    return host if name.endswith(PLAN_SUFFIX) and is_file_name(host) else None


def find_shared_files(hosts: t.Iterable[str]) -> list[list[str]]:
    """Hosts that would share one file in a file system that does not distinguish upper and lower case."""
    groups: dict[str, list[str]] = {}
    for host in hosts:
        groups.setdefault(host.casefold(), []).append(host)
    return [group for group in groups.values() if len(group) > 1]
