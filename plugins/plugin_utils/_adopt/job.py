# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_adopt: writes an inventory from the configurations of a running fleet."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.files import is_file_name
from ...module_utils._base.sanitize import escape_for_display, printable
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Spec
from ...module_utils._tree.paths import text_of
from . import directory as directories
from . import report as reports
from .devices import AdoptedDevice, AdoptionRules, Reading, find_repeated_serials, read_devices
from .documents import Files, Fleet, count_lines, render_files
from .groups import propose_groups
from .layers import ALL, Deviation, distribute
from .module_rules import distribute_modules
from .presence import find_presence_deviations
from .proof import prove

SPEC = Spec(
    options={
        "results_from": {"type": "list", "elements": "str", "required": True},
        "hosts": {"type": "list", "elements": "str", "default": []},
        "dest": {"type": "path", "required": True},
        "update": {"type": "bool", "default": False},
        "groups": {"type": "list", "elements": "str", "default": []},
        "ignore_paths": {"type": "list", "elements": "str", "default": []},
        "secrets": {"type": "list", "elements": "str", "default": []},
        "report_dir": {"type": "path"},
        "basename": {"type": "str", "default": "adopt"},
    },
    connection=False,
)

_MAX_LISTED = 10
# Patterns of paths with one reason that are listed.
_MAX_PATHS = 20
# Names of items, such as lan0 or clk1.
_NUMBERED = re.compile(r"(?!ipv[46])[a-z]*[0-9]+")


def run(context: JobContext) -> dict[str, t.Any]:
    """The result of the module. Parameters that the action adds: results by host, members by group, connection by host."""
    params = context.params
    reading = read_devices(params["results"], AdoptionRules(tuple(params["ignore_paths"]), tuple(params["secrets"])))
    _check_devices(reading)
    devices = reading.devices
    groups = _given_groups(params, devices) if params["groups"] else propose_groups(devices)
    modules = distribute_modules(devices, groups)
    layers = distribute(devices, groups, modules.covered)
    fleet = Fleet(devices, groups, params["connection"], reading.not_adopted)
    files = render_files(fleet, layers, modules)
    prove(files, devices, groups)
    deviations = [*layers.deviations, *modules.deviations, *find_presence_deviations(devices, groups)]
    report = _build_report(fleet, files, deviations)
    dest = Path(params["dest"]).resolve()
    if params["update"]:
        _check_former_hosts(dest, params["results"])
    planned = directories.plan_directory(dest, files, params["update"], report["adopted"])
    report_files = _plan_reports(params, report)
    if not context.check_mode:
        directories.write_all(planned, report_files)
    return _result(context, report, planned, report_files)


def _build_report(fleet: Fleet, files: Files, deviations: t.Iterable[Deviation]) -> dict[str, t.Any]:
    return {
        "adopted": [device.name for device in fleet.devices],
        "not_adopted": dict(fleet.not_adopted),
        "groups": dict(fleet.groups),
        "deviations": escape_for_display(reports.describe_deviations(deviations)),
        "left_out": _summarize_left_out(fleet.devices),
        "lines": {
            "devices": sum(map(count_lines, fleet.devices)),
            "files": sum(text.count("\n") for text in files.values()),
        },
    }


def _result(
    context: JobContext,
    report: dict[str, t.Any],
    planned: directories.Directory,
    report_files: list[directories.FileChange],
) -> dict[str, t.Any]:
    names = [str(change.path.relative_to(planned.path)) for change in planned.changes]
    result = {
        "changed": bool(planned.changes),
        "dest": str(planned.path),
        "written": names,
        "reports": [str(file.path) for file in report_files],
        **report,
    }
    if context.diff:
        result["diff"] = [
            {
                "before_header": name,
                "after_header": name,
                "before": (change.before or b"").decode("utf-8", "replace"),
                "after": (change.after or b"").decode("utf-8", "replace"),
            }
            for name, change in zip(names, planned.changes)
        ]
    return result


def _check_devices(reading: Reading) -> None:
    if not reading.devices:
        reasons = [f"{host}: {why}" for host, why in reading.not_adopted.items()]
        more = f"; and {len(reasons) - _MAX_LISTED} more" if len(reasons) > _MAX_LISTED else ""
        text = "; ".join(reasons[:_MAX_LISTED]) or "there are no results"
        raise LantimeError("adopt", f"no device can be adopted: {text}{more}", hint="nothing was written")
    repeated = find_repeated_serials(reading.devices)
    if repeated:
        texts = [f"{', '.join(names)} ({printable(serial, 40)})" for serial, names in sorted(repeated.items())]
        raise LantimeError(
            "adopt",
            f"several hosts have the same serial number: {'; '.join(texts[:_MAX_LISTED])}",
            hint="leave all but one of them out, or check their addresses; nothing was written",
        )


def _check_former_hosts(dest: Path, results: t.Container[str]) -> None:
    """Raise LantimeError if hosts of a former run are not part of this one: what all share would be that of some."""
    missing = [host for host in sorted(directories.former_hosts(dest)) if host not in results]
    if missing:
        more = f" and {len(missing) - _MAX_LISTED} more" if len(missing) > _MAX_LISTED else ""
        names = ", ".join(printable(host, 60) for host in missing[:_MAX_LISTED])
        raise LantimeError(
            "adopt",
            f"the inventory {dest} has hosts that are not part of this run: {names}{more}",
            hint="adopt all hosts together, or remove these from lantime_hosts.yml; nothing was written",
        )


def _given_groups(params: t.Mapping[str, t.Any], devices: t.Sequence[AdoptedDevice]) -> dict[str, list[str]]:
    """The adopted hosts of the groups that the task names. Raises LantimeError for a group that the inventory does not have."""
    members: t.Mapping[str, t.Sequence[str]] = params["members"]
    for name in params["groups"]:
        if name not in members or name == ALL or not is_file_name(name):
            text = f"groups names {printable(name, 100)}, which is no group of the inventory that can have a file"
            raise LantimeError("option", text)
    groups = {
        name: [device.name for device in devices if device.name in members[name]]
        for name in dict.fromkeys(params["groups"])
    }
    return {name: hosts for name, hosts in groups.items() if hosts}


def _summarize_left_out(devices: t.Iterable[AdoptedDevice]) -> dict[str, list[str]]:
    """Patterns of paths by reason, of all devices."""
    paths: dict[str, set[str]] = {}
    for device in devices:
        for path, why in device.left_out.items():
            names = ["*" if _NUMBERED.fullmatch(name) else name for name in path]
            paths.setdefault(why, set()).add(printable(text_of(names), 200))
    return {
        why: [
            *sorted(names)[:_MAX_PATHS],
            *([f"and {len(names) - _MAX_PATHS} more"] if len(names) > _MAX_PATHS else []),
        ]
        for why, names in sorted(paths.items())
    }


def _plan_reports(params: t.Mapping[str, t.Any], report: t.Mapping[str, t.Any]) -> list[directories.FileChange]:
    if not params["report_dir"]:
        return []
    place = Path(params["report_dir"])
    renderers = {".json": reports.render_json, ".md": reports.render_summary}
    return [
        directories.plan_report(place / f"{params['basename']}{suffix}", render(report))
        for suffix, render in renderers.items()
    ]
