# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_report: write reports on many hosts. No device is contacted."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._report import files, report
from .._tree import values
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "hosts": {"type": "list", "elements": "dict", "default": []},
        "expected": {"type": "list", "elements": "str", "default": []},
        "inputs": {"type": "list", "elements": "path", "default": []},
        "dest": {"type": "path", "required": True},
        "formats": {
            "type": "list",
            "elements": "str",
            "default": list(files.FORMATS),
            "choices": list(files.FORMATS),
        },
        "basename": {"type": "str", "default": "report"},
        "title": {"type": "str", "default": "LANTIME fleet"},
        "generated": {"type": "str"},
        "golden_file": {"type": "str"},
        "checks": {"type": "list", "elements": "str", "choices": list(report.CHECKS)},
        "fail_on": {
            "type": "list",
            "elements": "str",
            "default": list(report.FAIL_ON),
            "choices": list(report.FAIL_ON),
        },
    },
    config_options=("hosts",),
    connection=False,
)


def run(context: JobContext) -> dict[str, t.Any]:
    params = context.params
    heading = _heading(params)
    repeated = report.repeated(params["hosts"])
    if repeated:
        context.warn(f"There are several records of {', '.join(repeated[:10])}; the worst one of each counts.")
    inputs = [files.load(path) for path in params["inputs"]]
    result_document = report.report(heading, params["hosts"], params["expected"], inputs)
    planned = files.plan(result_document, params["dest"], params["basename"], params["formats"])
    if not context.check_mode:
        for file in planned.values():
            if file.differs:
                files.store(file)
    result: dict[str, t.Any] = {
        "changed": any(file.differs_in_more_than_time for file in planned.values()),
        "reports": {name: str(file.path) for name, file in planned.items()},
        "summary": result_document["summary"],
        "exit_code": result_document["exit_code"],
        "states": {entry["host"]: entry["state"] for entry in result_document["hosts"]},
    }
    if context.diff:
        result["diff"] = files.diff(planned.values())
    return result


def _heading(params: t.Mapping[str, t.Any]) -> report.Heading:
    given = params["generated"]
    generated = values.iso_utc(given) if given else report.utc_now()
    if generated is None:
        raise LantimeError(
            "option",
            f'generated must be a time as 2026-02-11T22:05:07Z, not "{printable(given, 40)}"',
        )
    return report.Heading(
        title=params["title"],
        generated=generated,
        golden_file=params["golden_file"],
        checks=tuple(params["checks"] or ()),
        fail_on=tuple(params["fail_on"]),
    )
