# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_verdict: sets the final status of a host from its record."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ...module_utils._base.plain import to_plain
from ...module_utils._base.sanitize import printable
from ...module_utils._drift.effect import (
    DRIFT_FAIL_ON,
    describe_failing,
    failing_differences,
    incomplete_reason,
)
from ...module_utils._drift.records import own_result, record_from_results
from ...module_utils._health.check import CHECK_STATES
from ...module_utils._health.evaluate import describe_alarms, select_alarms
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Spec

SPEC = Spec(
    options={
        "record": {"type": "dict"},
        "results_from": {"type": "list", "elements": "str"},
        "drift": {"type": "dict"},
        "fail_on": {"type": "str", "default": "drift", "choices": list(DRIFT_FAIL_ON)},
        "ignore_health": {"type": "bool", "default": False},
    },
    config_options=("record", "drift"),
    rules={"required_one_of": [("record", "results_from")], "mutually_exclusive": [("record", "results_from")]},
    connection=False,
)


def run(context: JobContext) -> dict[str, t.Any]:
    """The result of the module: verdict and msg, and unreachable or failed unless the host is clean."""
    record = context.params["record"]
    if record and context.params.get("ignore_health"):
        # A device whose health alone is known was checked, so it stays in the record.
        record = {**record, "health": {**record["health"], "healthy": True}} if record.get("health") else record
    verdict, message = determine_verdict({} if record is None else record, context.params["fail_on"])
    result: dict[str, t.Any] = {"changed": False, "verdict": verdict, "msg": message}
    if verdict == "unreachable":
        result["unreachable"] = True
    elif verdict != "clean":
        result["failed"] = True
    return result


def select_failing(results: t.Mapping[str, t.Sequence[object]], hosts: t.Container[str] = ()) -> list[str]:
    """The hosts whose verdict is not clean with the defaults of the options, from their results. Hosts without any are left out.

    hosts: all hosts of the inventory.
    """
    own = {host: [own_result(result, host, hosts) for result in listed] for host, listed in results.items() if listed}
    return [host for host, listed in own.items() if not _is_clean(host, listed)]


def _is_clean(host: str, results: t.Sequence[object]) -> bool:
    record = record_from_results(host, [to_plain(result) for result in results if isinstance(result, Mapping)])
    return determine_verdict(record, "drift")[0] == "clean"


def determine_verdict(record: t.Mapping[str, t.Any], fail_on: str) -> tuple[str, str]:
    """The verdict (clean, drift, unhealthy, failed, not_checked or unreachable) and the reason for it."""
    error = record.get("error")
    if isinstance(error, dict):
        kind = str(error.get("kind"))
        known = kind if kind in ("unreachable", "not_checked") else "failed"
        return known, printable(error.get("message") or "the device could not be checked", 2000)
    if not any(record.get(name) for name in ("drift", "health", "facts", "change")):
        return "not_checked", "the record has no result for this device"
    drift = record.get("drift") or {}
    differences = failing_differences(drift, fail_on)
    if differences and drift.get("state") in ("clean", "drift"):
        return "drift", describe_failing(differences)
    reason = incomplete_reason(drift) if drift else None
    if reason is not None:
        return "not_checked", reason
    health = record.get("health") or {}
    if health and not health.get("healthy"):
        return "unhealthy", _describe_unhealthy(health)
    return "clean", "no finding makes this host fail"


def _describe_unhealthy(health: t.Mapping[str, t.Any]) -> str:
    """What makes the device unhealthy, the worst first; warnings only if nothing else does."""
    checks = [
        {"name": printable(c.get("name"), 100), "state": c["state"], "message": printable(c.get("message") or "", 500)}
        for c in health.get("checks") or ()
        if c.get("state") in CHECK_STATES
    ]
    alarms = select_alarms(checks, "error") or select_alarms(checks, "warning")
    return f"the device is not healthy: {describe_alarms(alarms)}" if alarms else "the device is not healthy"
