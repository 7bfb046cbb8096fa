# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role fleet_config for plan files: each host has one, and all can be used before the first request."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.module_utils.common.validation import check_type_path

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import as_clause, printable
from ...module_utils._plan.file_names import find_shared_files, plan_path
from ...module_utils._transaction.plan_files import open_plan_files
from .plans import load_plan

# The name of the review page in the directory of the report.
REVIEW_BASENAME = "plans"
_MAX_NAMED = 10


def find_plan_problems(
    groups: t.Iterable[tuple[t.Sequence[str], t.Mapping[str, t.Any]]], ring: t.Sequence[str]
) -> list[str]:
    """What keeps the plan files of a rollout from being used, one sentence for all hosts with the same problem.

    groups: hosts with their variables.  ring: the hosts whose former plans are removed before new ones are written.
    """
    listed = list(groups)
    uses, directories = (_list_values(listed, f"fleet_config_{name}") for name in ("plan", "plan_dir"))
    if uses in ([], ["none"]):
        return []
    for name, values in (("plan", uses), ("plan_dir", directories)):
        if len(values) > 1:
            return [f"fleet_config_{name} is not the same for all hosts: {', '.join(values[:_MAX_NAMED])}"]
    use = uses[0]
    if use == "write" and any(v.get("fleet_config_report_basename") == REVIEW_BASENAME for dummy, v in listed):
        return [f"fleet_config_report_basename is {REVIEW_BASENAME}, which is the name of the review page"]
    found = _Problems()
    paths = _find_paths(listed, found)
    for hosts in find_shared_files(paths):
        found.add("two plans for one file; rename one of these hosts", *hosts)
    if not found:
        _check_files(use, paths if use == "apply" else {h: paths[h] for h in ring if h in paths}, found)
    return found.sentences()


def _list_values(groups: t.Iterable[tuple[t.Sequence[str], t.Mapping[str, t.Any]]], name: str) -> list[str]:
    return sorted({printable(values.get(name) or "none", 100) for dummy, values in groups})


class _Problems(dict[str, list[str]]):
    def add(self, text: str, *hosts: str) -> None:
        self.setdefault(text, []).extend(hosts)

    def sentences(self) -> list[str]:
        return [f"{text} ({_name_hosts(hosts)})" for text, hosts in self.items()]


def _name_hosts(hosts: t.Sequence[str]) -> str:
    more = f" and {len(hosts) - _MAX_NAMED} more" if len(hosts) > _MAX_NAMED else ""
    return ", ".join(printable(host, 100) for host in hosts[:_MAX_NAMED]) + more


def _find_paths(groups: t.Iterable[tuple[t.Sequence[str], t.Mapping[str, t.Any]]], found: _Problems) -> dict[str, Path]:
    paths = {}
    for hosts, values in groups:
        directory = check_type_path(str(values.get("fleet_config_plan_dir") or ""))
        for host in hosts:
            try:
                paths[host] = plan_path(directory, host)
            except ValueError as exc:
                found.add(f"there can be no plan: {exc}", host)
    return paths


def _check_files(use: str, paths: t.Mapping[str, Path], found: _Problems) -> None:
    devices: dict[str, list[str]] = {}
    for host, path in paths.items():
        directory = printable(path.parent, 200)
        try:
            if use == "write":
                open_plan_files({"plan_dest": str(path), "plan_src": None, "plan_golden_files": []})
            elif not path.parent.is_dir():
                found.add(f"the directory of the plans, {directory}, cannot be read", host)
            elif not path.exists():
                found.add(
                    f"there is no plan in {directory}; run with fleet_config_plan=write and review it first", host
                )
            else:
                serial = load_plan(path, host).device["serial_number"]
                devices.setdefault(serial or host, []).append(host)
        except LantimeError as error:
            found.add(as_clause(error.what), host)
        except ValueError as exc:
            found.add(f"the plan in {directory} cannot be used: {exc}", host)
        except OSError as exc:
            found.add(f"the directory of the plans, {directory}, cannot be read ({type(exc).__name__})", host)
    for serial, hosts in devices.items():
        if len(hosts) > 1:
            found.add(f"two plans for one device, with the serial number {printable(serial, 60)}", *hosts)
