# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the plan files of a fleet, one file a host. Pure."""

from __future__ import annotations

import typing as t
from pathlib import Path

from .._base.files import is_file_name

PLAN_SUFFIX = ".plan.json"


def plan_path(directory: str, host: str) -> Path:
    """The plan file of a host in a directory. Raises ValueError for names that cannot be those of a file or directory."""
    if not directory.strip() or "\0" in directory:
        raise ValueError("the directory of the plans has no name")
    if not is_file_name(host):
        raise ValueError("the name of the host cannot be the name of a file")
    return Path(directory) / (host + PLAN_SUFFIX)


def host_of_file(name: str) -> str | None:
    """The host whose plan a file with this name is; None if it is that of no host."""
    host = name[: -len(PLAN_SUFFIX)]
    return host if name.endswith(PLAN_SUFFIX) and is_file_name(host) else None


def find_shared_files(paths: t.Mapping[str, Path]) -> list[list[str]]:
    """Hosts that would share one file, also in a file system that does not distinguish upper and lower case.

    paths: by host.
    """
    groups: dict[str, list[str]] = {}
    for host, path in paths.items():
        groups.setdefault(str(path).casefold(), []).append(host)
    return [group for group in groups.values() if len(group) > 1]
