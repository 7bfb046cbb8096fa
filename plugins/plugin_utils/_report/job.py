# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_report: writes the report files."""

from __future__ import annotations

import typing as t

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._base.times import format_utc, utc_now
from ...module_utils._drift.records import record_from_results
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Spec
from ...module_utils._tree import values
from . import files, model
from .review import review_plans

SPEC = Spec(
    options={
        "hosts": {"type": "list", "elements": "dict", "default": []},
        "results": {"type": "dict", "default": {}},
        "results_from": {"type": "list", "elements": "str", "default": []},
        "drifts": {"type": "dict", "default": {}},
        "groups": {"type": "dict", "default": {}},
        "group_from": {"type": "str"},
        "expected": {"type": "list", "elements": "str", "default": []},
        "invalid": {"type": "str"},
        "inputs": {"type": "list", "elements": "path", "default": []},
        "plans": {"type": "path"},
        "dest": {"type": "path", "required": True},
        "formats": {
            "type": "list",
            "elements": "str",
            "default": list(files.DEFAULT_FORMATS),
            "choices": list(files.REPORT_FORMATS),
        },
        "basename": {"type": "str", "default": "report"},
        "title": {"type": "str", "default": "LANTIME fleet"},
        "generated": {"type": "str"},
        "golden_file": {"type": "str"},
        "checks": {"type": "list", "elements": "str", "choices": list(model.REPORT_CHECKS)},
        "fail_on": {
            "type": "list",
            "elements": "str",
            "default": list(model.REPORT_FAIL_ON),
            "choices": list(model.REPORT_FAIL_ON_CHOICES),
        },
    },
    config_options=("hosts", "results", "drifts"),
    connection=False,
)


_MAX_WARNINGS = 10


def run(context: JobContext) -> dict[str, t.Any]:
    """Build the report and write its files. The result of the module."""
    params = context.params
    heading = _make_heading(params)
    if params["plans"] is not None:
        return review_plans(context, heading.generated)
    records = [*params["hosts"], *_result_records(params)]
    repeated = model.find_repeated_hosts(records)
    if repeated:
        context.warn(f"Several records for {', '.join(repeated[:10])}; the worst record of each host counts.")
    inputs = [files.load_report(path) for path in params["inputs"]]
    if params["invalid"] is None:
        report = model.build_report(heading, records, params["expected"], inputs)
    else:
        report = model.build_invalid_report(heading, params["invalid"], params["expected"])
    for serial, names in model.find_shared_devices(report["hosts"])[:_MAX_WARNINGS]:
        shown = ", ".join(names[:10])
        context.warn(f"The results of {shown} are those of one device, with the serial number {serial}.")
    planned = files.plan_files(report, params["dest"], params["basename"], params["formats"], files.REPORT_FORMATS)
    files.write_report_files(planned, context.check_mode)
    result: dict[str, t.Any] = {
        # A report is no change of a host.
        "changed": False,
        "written": [name for name, file in planned.items() if file.is_different_beyond_time],
        "reports": {name: str(file.path) for name, file in planned.items()},
        "outcome": report["outcome"],
        "summary": report["summary"],
        "exit_code": report["exit_code"],
        "states": {entry["host"]: entry["state"] for entry in report["hosts"]},
    }
    if context.diff:
        result["diff"] = files.format_file_diff(planned.values())
    return result


def _result_records(params: t.Mapping[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
    """The records of the hosts in results, each of which has one result or a list of them, and in drifts."""
    is_prediction_drift = "drift" in (params["checks"] or ())
    for host in {**params["results"], **params["drifts"]}:
        results = params["results"].get(host)
        given = results if isinstance(results, list) else [results]
        group, drift = params["groups"].get(host), params["drifts"].get(host)
        yield record_from_results(host, given, group, drift, is_prediction_drift)


def _make_heading(params: t.Mapping[str, t.Any]) -> model.ReportHeading:
    given = params["generated"]
    generated = values.iso_utc(given) if given else format_utc(utc_now())
    if generated is None:
        text = f'generated must be a time such as 2026-02-11T22:05:07Z, not "{printable(given, 40)}"'
        raise LantimeError("option", text)
    return model.ReportHeading(
        title=params["title"],
        generated=generated,
        golden_file=params["golden_file"],
        checks=tuple(params["checks"] or ()),
        fail_on=tuple(params["fail_on"]),
        limit=params.get("limit"),
    )
