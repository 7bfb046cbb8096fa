# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides whether the devices of a ring may be changed, from the health of each before the change. Pure functions."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._base.sanitize import as_clause, printable
from .check import CHECK_STATES
from .evaluate import describe_alarms, select_alarms

GATE_MODES = ("no_worse", "absolute")

# In the mode no_worse, a device whose time cannot be trusted still stops its ring.
_SYNC_CHECK = "time_synchronized"
_SYNC_STATES = ("critical", "unknown")
_MAX_NAMED = 5


def refuse_change(results: t.Mapping[str, object], mode: str, is_prediction: bool = False) -> dict[str, t.Any]:
    """The failed result of each host of a ring that is not changed; empty if all may be changed.

    results: results of lantime_health before the change, by host.  is_prediction: the result is that of the hosts which
    keep a ring from being changed, as rings are not known in check mode.
    """
    if mode not in GATE_MODES:
        raise ValueError(f"the mode must be one of {', '.join(GATE_MODES)}, not {printable(mode, 40)}")
    reasons = {host: reason for host, result in results.items() if (reason := _find_reason(result, mode))}
    if not reasons:
        return {}
    named = ", ".join(f"{printable(host, 100)} ({reason})" for host, reason in list(reasons.items())[:_MAX_NAMED])
    more = f" and {len(reasons) - _MAX_NAMED} more" if len(reasons) > _MAX_NAMED else ""
    text = "the device was not changed, because devices in its ring failed the health check"
    if is_prediction:
        text = "no device would be changed in the ring of a device that failed the health check"
    error = {"code": "unhealthy", "path": None, "http_status": None, "device_message": None, "hint": None}
    hosts = {"failed_hosts": list(reasons)} if is_prediction else {}
    return {"failed": True, "changed": False, "msg": f"{text}: {named}{more}", "error": error, **hosts}


def _find_reason(result: object, mode: str) -> str | None:
    """Why a device keeps its ring from being changed; None if it does not."""
    if not isinstance(result, Mapping) or not result:
        return "its health is unknown"
    if result.get("skipped"):
        return "its health was not checked"
    listed = result.get("checks")
    if not isinstance(listed, list):
        return printable(as_clause(str(result.get("msg") or "its health is unknown")), 300)
    checks = [entry for entry in listed if isinstance(entry, Mapping) and entry.get("state") in CHECK_STATES]
    if mode == "absolute":
        is_unhealthy = result.get("failed") or result.get("healthy") is False
        return _describe(checks, "error") if is_unhealthy else None
    untrusted = [each for each in checks if each.get("name") == _SYNC_CHECK and each["state"] in _SYNC_STATES]
    return _describe(untrusted, "critical") if untrusted else None


def _describe(checks: list[t.Any], fail_on: str) -> str:
    alarms = select_alarms(checks, fail_on) or select_alarms(checks, "warning")
    shown = [{**alarm, "message": str(alarm.get("message") or "")} for alarm in alarms]
    return printable(describe_alarms(shown), 300) if shown else "the device is not healthy"
