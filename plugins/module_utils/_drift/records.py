# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Combines the results of the tasks of a host into its record, one entry of a fleet report. Pure functions.

A record is {host, group, facts, health, drift, change, http_sessions, error}. All but host, group and error are present only if
they are known. change and http_sessions are as the modules returned them. error is null or {kind, code, message} with the kind
unreachable, failed or not_checked.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._base.sanitize import printable
from .accepted import utc_today
from .comparison import DriftPolicy, build_not_checked, compare_with_golden
from .merging import merge_drifts, merge_health

_MAX_RECORD_MESSAGE = 2000
_MAX_NAMED = 5
_NOT_CHECKED = {"kind": "not_checked", "code": None, "message": "no task read this device"}
_UNCOMPARED = "the configuration was read, but not compared"
_ERROR_KINDS = ("unreachable", "failed", "not_checked")

TaskResult = t.Mapping[str, t.Any]


# One parameter for each argument of the filter record.
def make_record(
    host: str,
    group: str | None = None,
    facts: TaskResult | None = None,
    health: TaskResult | None = None,
    drift: TaskResult | None = None,
    results: t.Iterable[TaskResult] = (),
) -> dict[str, t.Any]:
    """The record of a host.

    facts, health: results of lantime_facts and lantime_health.  drift: a drift of the filters.  results: results of further
    tasks whose failure is a failure of the host. The first failure counts; an unreachable host precedes all others.
    """
    record: dict[str, t.Any] = {"host": host, "group": group or None}
    if facts and not _has_failed(facts) and facts.get("ansible_facts"):
        record["facts"] = facts["ansible_facts"]
    has_checks = bool(health and isinstance(health.get("checks"), list))
    if health and has_checks:
        record["health"] = {k: v for k, v in health.items() if k in _HEALTH_MEMBERS}
    if drift:
        record["drift"] = drift
    is_compared = bool(drift and drift.get("state") in ("clean", "drift"))
    failures = [r for r in (*results, facts or {}) if _has_failed(r) and not (is_compared and _needs_secrets(r))]
    # An unhealthy device is no error of its record, unless a change made it so.
    if health and (_has_failed(health) and not has_checks):
        failures.append(health)
    elif health and health.get("worse"):
        failures.append({"msg": _describe_worse(health), "error": {"code": "unhealthy"}})
    failures.sort(key=lambda result: not result.get("unreachable"))
    record["error"] = _make_error(failures[0]) if failures else None
    if not failures and len(record) == len(("host", "group", "error")):
        record["error"] = dict(_NOT_CHECKED)
    return record


_HEALTH_MEMBERS = (
    "changed",
    "healthy",
    "worst",
    "profile",
    "checks",
    "counts",
    "waited_seconds",
    "device",
)


def _describe_worse(health: TaskResult) -> str:
    names = health["worse"] if isinstance(health["worse"], list) else []
    listed = ", ".join(printable(name, 100) for name in names[:_MAX_NAMED])
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return f"the device is less healthy after the change than before it: {listed}{more}"


def _has_failed(result: TaskResult) -> bool:
    return bool(result.get("failed") or result.get("unreachable"))


def _needs_secrets(result: TaskResult) -> bool:
    """Whether a comparison failed only because secrets of items that the device lacks are masked."""
    error = result.get("error")
    return isinstance(error, dict) and error.get("code") == "secret_needed"


def _make_error(result: TaskResult) -> dict[str, t.Any]:
    error = result.get("error")
    return {
        "kind": "unreachable" if result.get("unreachable") else "failed",
        "code": error.get("code") if isinstance(error, dict) else None,
        "message": printable(result.get("msg") or "the task failed without a message", _MAX_RECORD_MESSAGE),
    }


def record_from_results(
    host: str,
    results: t.Iterable[object],
    group: str | None = None,
    drift: object = None,
    is_prediction_drift: bool = False,
) -> dict[str, t.Any]:
    """The record of a host, from registered results of any tasks, each recognized by its members.

    Operations and drift of all results are listed, and each failure of a task is a failure of the host. Of several tasks that
    check the health, the last one counts, with all items of its loop.  drift: of the comparison with peers, which has its own
    result.  is_prediction_drift: what lantime_config would change, as it says in check mode, is drift.
    """
    parts = _Parts(is_prediction_drift)
    for result in results:
        parts.add_task(_items(result), host)
    if isinstance(drift, Mapping) and drift:
        parts.drifts.append(drift)
    health = merge_health(parts.healths) if parts.healths else None
    record = make_record(host, group or parts.group, parts.facts, health, parts.drift(), parts.others)
    if parts.error is not None and record["error"] is None:
        record["error"] = parts.error
    elif parts.is_uncompared and not parts.drifts and record["error"] is None:
        record["error"] = {**_NOT_CHECKED, "message": _UNCOMPARED}
    if parts.skipped and record["error"] == _NOT_CHECKED:
        record["error"] = {**_NOT_CHECKED, "message": f"no task read this device: {parts.skipped}"}
    for name, value in (("change", parts.change), ("http_sessions", parts.http_sessions)):
        if value:
            record[name] = value
    if parts.change and record["error"] == _NOT_CHECKED:
        record["error"] = None
    return record


def own_result(result: object, host: str, hosts: t.Container[str] = ()) -> object:
    """The result of a host, also in that of a task that ran once for many hosts: lantime_poll, or a comparison with peers.

    hosts: all hosts. The comparison of another one of them, which run_once or delegate_to registers for this host, is none.
    """
    if not isinstance(result, Mapping):
        return result
    for name in ("polled", "by_host"):
        if isinstance(result.get(name), Mapping):
            return result[name].get(host)
    items = result.get("results")
    if isinstance(items, list):
        return {**result, "results": [own_result(item, host, hosts) for item in items]}
    other = _mapping(result.get("entry")).get("host")
    return _foreign_result(str(other)) if other != host and isinstance(other, str) and other in hosts else result


def _foreign_result(other: str) -> TaskResult:
    message = f"the registered comparison is that of {printable(other, 100)}, so this device was not read"
    error = {"kind": "not_checked", "code": None, "message": message}
    return {"entry": {"drift": build_not_checked("golden", (), message), "error": error}}


def _items(result: object) -> list[TaskResult]:
    """The result of a task; those of its items if the task has a loop."""
    if not isinstance(result, Mapping):
        return []
    items = result.get("results")
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else [result]


class _Parts:
    """What the results of a host say, sorted by kind."""

    def __init__(self, is_prediction_drift: bool) -> None:
        self.is_prediction_drift = is_prediction_drift
        self.facts: dict[str, t.Any] | None = None
        self.healths: list[TaskResult] = []
        self.drifts: list[TaskResult] = []
        self.is_uncompared = False
        self.change: dict[str, t.Any] | None = None
        self.error: dict[str, t.Any] | None = None
        self.others: list[TaskResult] = []
        self.http_sessions: list[t.Any] = []
        self.skipped = ""
        self.group: str | None = None

    def drift(self) -> TaskResult | None:
        return merge_drifts(self.drifts) if self.drifts else None

    def add_task(self, items: t.Iterable[TaskResult], host: str) -> None:
        """Add the results of a task, of which only those of the last task that checks the health count for the health."""
        former, self.healths = self.healths, []
        for item in items:
            self._add(item, host)
        self.healths = self.healths or former

    def _add(self, result: TaskResult, host: str) -> None:
        sessions = result.get("http_sessions")
        if isinstance(sessions, list):
            self.http_sessions += sessions
        failed_hosts = result.get("failed_hosts")
        if isinstance(failed_hosts, list) and host not in failed_hosts:
            return
        if result.get("skipped"):
            self.skipped = printable(result.get("skip_reason") or "the task was skipped", _MAX_RECORD_MESSAGE)
            return
        self._add_facts(_facts_of(result))
        entry = _mapping(result.get("entry"))
        self._add_facts(_mapping(entry.get("facts")))
        self.group = entry.get("group") or self.group
        if isinstance(entry.get("drift"), Mapping):
            self._add_entry(entry)
        elif result.get("mode") == "consensus" and isinstance(result.get("differences"), list):
            self.drifts.append(result)
        elif isinstance(result.get("checks"), list):
            self.healths.append(result)
        elif self.is_prediction_drift and _is_prediction(result):
            self.drifts.append(compare_with_golden(result, None, host, DriftPolicy((), utc_today())))
            self.others.append(result)
        else:
            # lantime_drift has read the configuration for a comparison with other devices.
            self.is_uncompared = self.is_uncompared or bool(entry)
            self._add_change(result)
            self.others.append(result)

    def _add_facts(self, facts: TaskResult) -> None:
        if facts:
            former = {} if self.facts is None else self.facts["ansible_facts"]
            lantime = {**_mapping(former.get("ansible_lantime")), **_mapping(facts.get("ansible_lantime"))}
            self.facts = {"ansible_facts": {**former, **facts, "ansible_lantime": lantime}}

    def _add_entry(self, entry: TaskResult) -> None:
        """Add the entry of a result of lantime_drift, which says itself whether the comparison failed."""
        self.drifts.append(entry["drift"])
        error = entry.get("error")
        if isinstance(error, Mapping) and error.get("kind") in _ERROR_KINDS:
            self.error = {name: error.get(name) for name in ("kind", "code", "message")}

    def _add_change(self, result: TaskResult) -> None:
        # A task that was refused because of its reviewed plan has no operations.
        operations = result.get("operations", [] if result.get("plan_difference") else None)
        if not isinstance(operations, list):
            return
        members = {name: result[name] for name in _CHANGE_MEMBERS if name in result}
        confirmed = _confirm_state(result)
        if confirmed is not None and self.change is not None:
            # The operations of a change that was rolled back are those of the task that made it, in their final state.
            final = operations if confirmed in ("reverted", "failed") and operations else self.change["operations"]
            self.change = {**self.change, **members, "operations": final}
        elif not self._is_nothing_new(result, confirmed):
            former = [] if self.change is None else self.change["operations"]
            self.change = {**members, "operations": [*former, *operations]}

    def _is_nothing_new(self, result: TaskResult, confirmed: str | None) -> bool:
        """Whether a task found nothing to do after another one that changed the device, or nothing to confirm."""
        has_changed = self.change is not None and self.change.get("changed") is True
        is_idle = result.get("changed") is False and not result.get("operations") and not _has_failed(result)
        return is_idle and (has_changed or confirmed == "not_needed")


_CHANGE_MEMBERS = (
    "changed",
    "failed",
    "unreachable",
    "msg",
    "error",
    "saved",
    "autosave",
    "sections",
    "not_applicable",
    "rollback",
    "recovery",
    "also_changed",
    "backup_path",
    "pending_changes",
    "plan_difference",
)


def _confirm_state(result: TaskResult) -> str | None:
    """What became of the change that a result of lantime_changes confirms; None for the result of another task."""
    confirm = result.get("confirm")
    return str(confirm.get("state")) if result.get("state") == "confirmed" and isinstance(confirm, Mapping) else None


def _facts_of(result: TaskResult) -> TaskResult:
    """The facts in a result of lantime_facts, lantime_health or lantime_module_info; empty if it has none."""
    facts = result.get("ansible_facts")
    if isinstance(facts, Mapping) and not _has_failed_without_checks(result):
        return facts if isinstance(facts.get("ansible_lantime"), Mapping) else {}
    if isinstance(result.get("modules"), list) and isinstance(result.get("ptp_instances"), list):
        device = dict(_mapping(result.get("device")))
        minimum = {**device, "firmware": {"version": device.get("firmware")}}
        fitted = [module for module in result["modules"] if _mapping(module).get("populated") is not False]
        parts = {"min": minimum, "modules": fitted, "ptp": result["ptp_instances"]}
        return {"ansible_lantime": parts}
    return {}


def _has_failed_without_checks(result: TaskResult) -> bool:
    return _has_failed(result) and not isinstance(result.get("checks"), list)


def _is_prediction(result: TaskResult) -> bool:
    """Whether a result of lantime_config says what it would do: none of its operations was begun."""
    source = _mapping(result.get("predicted")) if _needs_secrets(result) else result
    operations = source.get("operations")
    return (
        isinstance(source.get("sections"), list)
        and isinstance(operations, list)
        and all(_mapping(each).get("state") == "waiting" and {"path", "action"} <= set(each) for each in operations)
    )


def _mapping(value: object) -> TaskResult:
    return value if isinstance(value, Mapping) else {}
