# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_health: evaluate health checks, once or until they pass."""

from __future__ import annotations

import time
import typing as t

from .._api import commands
from .._api.device import Device
from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.ranges import Bounds, check_ranges
from .._base.sanitize import as_clause
from .._health import evaluate as health
from .._health.baseline import merge_modules, parse_modules, read_baseline
from .._health.context import HealthPolicy, health_context
from .._health.limits import PROFILES
from .._health.no_worse import select_worse
from .._health.policy import DEFAULT_PROFILE, make_policy
from .._health.registry import CHECKED_EVENTS
from .._status.facts import select_facts
from .._tree.canonical import canonical
from .context import JobContext
from .fact_subsets import parse_subsets
from .runner import Spec

_NAME_LIST = {"type": "list", "elements": "str"}

SPEC = Spec(
    options={
        "profile": {"type": "str", "default": DEFAULT_PROFILE, "choices": list(PROFILES)},
        "thresholds": {"type": "dict", "default": {}},
        "include": _NAME_LIST,
        "skip": {**_NAME_LIST, "default": []},
        "expected": {
            "type": "dict",
            "default": {},
            "options": {
                "ports": _NAME_LIST,
                "power_supplies": {"type": "int", "aliases": ["psus"]},
                "fans": {"type": "int"},
                "receivers": _NAME_LIST,
                "modules": {"type": "raw"},
                "position": {
                    "type": "dict",
                    "options": {
                        "latitude": {"type": "float", "required": True},
                        "longitude": {"type": "float", "required": True},
                    },
                },
                "leap_second": {"type": "bool"},
                "tai_offset": {"type": "int"},
                "ptp": {
                    "type": "list",
                    "elements": "dict",
                    "options": {
                        "grandmaster": {"type": "str", "required": True},
                        "slot": {"type": "str"},
                        "instance": {"type": "str"},
                        "domain": {"type": "int"},
                    },
                },
            },
        },
        "baseline": {"type": "raw"},
        "config": {"type": "bool", "default": False},
        "config_root": {"type": "str"},
        "fail_on": {"type": "str", "default": "error", "choices": list(health.HEALTH_FAIL_ON)},
        "no_worse_than": {"type": "dict"},
        "ignore_unhealthy": {"type": "bool", "default": False},
        "return_passed": {"type": "bool", "default": True},
        "gather_subset": {**_NAME_LIST, "default": []},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 600.0},
        "wait_interval": {"type": "float", "default": 10.0},
    },
)

_WAIT_LIMITS: dict[str, Bounds] = {"wait_timeout": (0.0, 86400.0), "wait_interval": (0.05, 3600.0)}
# A connection is closed before a longer pause: the device has few of them, and drops idle ones.
_KEPT_SECONDS = 5.0


def run(context: JobContext) -> dict[str, t.Any]:
    policy = _health_policy(context)
    _check_former(context)
    if context.params["wait"]:
        context.warn_of_short_task("wait_timeout")
    subsets = parse_subsets(context.params["gather_subset"])
    with context.open() as api:
        poll = _Poll(api, policy, context.params["config"])
        checks, waited = _wait_until_healthy(context, poll) if context.params["wait"] else (poll.evaluate(), 0.0)
        result = _health_result(context, api, checks, waited)
        if subsets:
            result["ansible_facts"] = select_facts(poll.facts, subsets)
    is_ignored = context.params["ignore_unhealthy"] or context.params["fail_on"] == "never"
    if not is_ignored and _failing_checks(context, result["checks"]):
        raise _unhealthy_error(context, result)
    return result if context.params["return_passed"] else {**result, "checks": health.without_passed(result["checks"])}


def _health_policy(context: JobContext) -> HealthPolicy:
    params = context.params
    try:
        check_ranges(params, _WAIT_LIMITS)
        # The argument specification adds aliases, and None for members that are not given.
        expected = {k: v for k, v in (params["expected"] or {}).items() if k != "psus"}
        if params["baseline"]:
            given = parse_modules([] if expected.get("modules") is None else expected["modules"])
            expected["modules"] = merge_modules(read_baseline(params["baseline"]), given)
        return make_policy(
            params["profile"],
            params["thresholds"],
            params["include"],
            params["skip"],
            expected,
            # A wait must not end because the grace after a restart excuses what is not yet synchronized.
            grace=not params["wait"],
        )
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None


def _check_former(context: JobContext) -> None:
    former = context.params["no_worse_than"]
    if former is not None and not isinstance(former.get("checks"), list):
        text = "no_worse_than has no list checks; it must be the registered result of lantime_health"
        raise LantimeError("option", text)


def _failing_checks(context: JobContext, checks: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """The checks for which the task fails, worst first."""
    former, fail_on = context.params["no_worse_than"], context.params["fail_on"]
    return health.select_alarms(checks, fail_on) if former is None else select_worse(checks, former["checks"], fail_on)


class _Poll:
    """Reads the status of a device, and its configuration if asked, and evaluates them. facts: all facts of the latest status."""

    def __init__(self, api: Device, policy: HealthPolicy, reads_config: bool) -> None:
        self.api = api
        self._policy = policy
        self._reads_config = reads_config
        self.facts: t.Mapping[str, t.Any] = {}

    def evaluate(self) -> list[dict[str, t.Any]]:
        status = self.api.status().raw
        settings = canonical(self.api.config_node(())).value if self._reads_config else None
        context = health_context(status, self._policy, None, CHECKED_EVENTS, settings)
        self.facts = context.facts
        return health.evaluate_context(context)


def _wait_until_healthy(context: JobContext, poll: _Poll) -> tuple[list[dict[str, t.Any]], float]:
    """Poll until the device is healthy or time is over; the latest checks, and the seconds until their poll began.

    A device that does not answer, as during a restart, is an error only at the end. Errors that waiting cannot resolve,
    such as refused credentials, are raised at once.
    """
    api, timeout, interval = poll.api, context.params["wait_timeout"], context.params["wait_interval"]
    start = time.monotonic()
    while True:
        began = time.monotonic() - start
        failure: LantimeError | None = None
        checks: list[dict[str, t.Any]] = []
        try:
            with commands.short_timeouts(api, timeout - began):
                checks = poll.evaluate()
        except LantimeError as error:
            if error.code not in commands.TRANSIENT_CODES:
                raise
            failure = error
        else:
            if not _failing_checks(context, checks):
                return checks, round(began, 1)
        left = start + timeout - time.monotonic()
        if left <= 0:
            if failure is not None:
                raise failure.with_context(extra={"waited_seconds": round(began, 1)})
            return checks, round(began, 1)
        if failure is not None or interval > _KEPT_SECONDS:
            api.client.reconnect()
        api.client.deadline.pause(min(interval, left))


def _health_result(context: JobContext, api: Device, checks: list[dict[str, t.Any]], waited: float) -> dict[str, t.Any]:
    former = context.params["no_worse_than"]
    worse = {} if former is None else {"worse": [check["name"] for check in _failing_checks(context, checks)]}
    return {
        "changed": False,
        **worse,
        "healthy": not health.select_alarms(checks, context.params["fail_on"]),
        "worst": health.worst_state(checks),
        "profile": context.params["profile"],
        "checks": checks,
        "counts": health.count_states(checks),
        "waited_seconds": waited,
        "device": device_result(api.identity),
    }


def _unhealthy_error(context: JobContext, result: dict[str, t.Any]) -> LantimeError:
    alarms = _failing_checks(context, result["checks"])
    state = "not healthy" if context.params["no_worse_than"] is None else "less healthy than before"
    waited = f" after {result['waited_seconds']:g} s of waiting" if context.params["wait"] else ""
    return LantimeError(
        "unhealthy",
        f"the device is {state}{waited}: {health.describe_alarms(alarms)}",
        hint=as_clause(alarms[0]["remedy"] or "") or None,
        # Ansible prints a failed result in full, and fifty passed checks would hide the others.
        extra={**result, "checks": health.without_passed(result["checks"])},
    )
