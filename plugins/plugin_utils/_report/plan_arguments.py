# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role fleet_config for plan files: each host has one, and all can be used before the first request."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.module_utils.common.validation import check_type_path

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.files import FileError
from ...module_utils._base.sanitize import as_clause, printable
from ...module_utils._plan.document import PlanError
from ...module_utils._plan.file_names import find_shared_files, plan_path
from ...module_utils._transaction.plan_files import open_plan_files
from .plans import load_plan

# The name of the review page in the directory of the report.
REVIEW_BASENAME = "plans"
_MAX_NAMED = 10
_VARIABLES_HINT = "correct these variables"
_NAMES_HINT = "rename these hosts in the inventory"
_REVIEW_HINT = "write the plans again with fleet_config_plan=write, and review them"


class PlanProblem(t.NamedTuple):
    """What keeps plan files from being used, a clause for all hosts with the same problem. hint: what to do.

    is_file: whether a file or directory is wrong, not a variable.
    """

    text: str
    hint: str = _VARIABLES_HINT
    is_file: bool = False


def find_plan_problems(
    groups: t.Iterable[tuple[t.Sequence[str], t.Mapping[str, t.Any]]], ring: t.Sequence[str]
) -> list[PlanProblem]:
    """What keeps the plan files of a rollout from being used.

    groups: hosts with their variables.  ring: the hosts whose former plans are removed before new ones are written.
    """
    listed = list(groups)
    uses, directories = (_list_values(listed, f"fleet_config_{name}") for name in ("plan", "plan_dir"))
    if uses in ([], ["none"]):
        return []
    for name, values in (("plan", uses), ("plan_dir", directories)):
        if len(values) > 1:
            text = f"fleet_config_{name} is not the same for all hosts: {', '.join(values[:_MAX_NAMED])}"
            return [PlanProblem(text)]
    use = uses[0]
    if use == "write" and any(v.get("fleet_config_report_basename") == REVIEW_BASENAME for dummy, v in listed):
        return [PlanProblem(f"fleet_config_report_basename is {REVIEW_BASENAME}, which is the name of the review page")]
    found = _Problems()
    paths = _find_paths(listed, found)
    for hosts in find_shared_files(paths):
        found.add(PlanProblem("these hosts would share one plan file", _NAMES_HINT), *hosts)
    if not found:
        _check_files(use, paths if use == "apply" else {h: paths[h] for h in ring if h in paths}, found)
    return found.with_hosts()


def _list_values(groups: t.Iterable[tuple[t.Sequence[str], t.Mapping[str, t.Any]]], name: str) -> list[str]:
    return sorted({printable(values.get(name) or "none", 100) for dummy, values in groups})


class _Problems(dict[PlanProblem, list[str]]):
    def add(self, problem: PlanProblem, *hosts: str) -> None:
        self.setdefault(problem, []).extend(hosts)

    def add_file(self, text: str, hint: str, *hosts: str) -> None:
        self.add(PlanProblem(text, hint, is_file=True), *hosts)

    def with_hosts(self) -> list[PlanProblem]:
        return [each._replace(text=f"{each.text} ({_name_hosts(hosts)})") for each, hosts in self.items()]


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
                hint = _NAMES_HINT if directory.strip() and "\0" not in directory else _VARIABLES_HINT
                found.add(PlanProblem(f"there can be no plan: {exc}", hint), host)
    return paths


def _check_files(use: str, paths: t.Mapping[str, Path], found: _Problems) -> None:
    devices: dict[str, list[str]] = {}
    for host, path in paths.items():
        directory = printable(path.parent, 200)
        unreadable = f"the directory of the plans, {directory}, cannot be read"
        try:
            if use == "write":
                open_plan_files({"plan_dest": str(path), "plan_src": None, "plan_golden_files": []})
            elif not path.parent.is_dir():
                found.add_file(unreadable, "check fleet_config_plan_dir", host)
            elif not path.exists():
                found.add_file(f"there is no plan in {directory}", _REVIEW_HINT, host)
            else:
                serial = load_plan(path, host).device["serial_number"]
                devices.setdefault(serial or host, []).append(host)
        except LantimeError as error:
            hint = error.hint.removesuffix("; nothing was written to the device")
            # What all hosts have in common is said once.
            what = as_clause(error.what).replace(f"the plan {path} cannot", f"the plans in {directory} cannot")
            found.add_file(what, hint.replace("plan_dest", "fleet_config_plan_dir"), host)
        except PlanError as exc:
            found.add_file(f"the plan in {directory} cannot be used: {exc}", _REVIEW_HINT, host)
        except FileError as exc:
            found.add_file(
                f"the plan in {directory} cannot be used: {exc}", "check the files and their permissions", host
            )
        except OSError as exc:
            text = f"{unreadable} ({type(exc).__name__})"
            found.add_file(text, "check fleet_config_plan_dir and its permissions", host)
    for serial, hosts in devices.items():
        if len(hosts) > 1:
            text = f"two plans for one device, with the serial number {printable(serial, 60)}"
            found.add_file(text, f"find out which of these hosts is the device, then {_REVIEW_HINT}", *hosts)
