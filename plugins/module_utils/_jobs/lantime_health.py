# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_health."""

from __future__ import annotations

import time
import typing as t

from .._api import commands
from .._api.device import Device
from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._health import evaluate as health
from .._health.policy import DEFAULT_PROFILE, HealthPolicy, make_policy
from .._health.registry import PROFILES
from .context import JobContext
from .runner import Spec

_NAMES = {"type": "list", "elements": "str"}

SPEC = Spec(
    options={
        "profile": {"type": "str", "default": DEFAULT_PROFILE, "choices": list(PROFILES)},
        "thresholds": {"type": "dict", "default": {}},
        "include": _NAMES,
        "skip": {**_NAMES, "default": []},
        "expected": {
            "type": "dict",
            "default": {},
            "options": {
                "ports": _NAMES,
                "power_supplies": {"type": "int", "aliases": ["psus"]},
                "fans": {"type": "int"},
                "receivers": _NAMES,
                "modules": _NAMES,
                "position": {
                    "type": "dict",
                    "options": {
                        "latitude": {"type": "float", "required": True},
                        "longitude": {"type": "float", "required": True},
                    },
                },
                "leap_second": {"type": "bool"},
                "tai_offset": {"type": "int"},
            },
        },
        "fail_on": {"type": "str", "default": "error", "choices": list(health.FAIL_ON)},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 600.0},
        "wait_interval": {"type": "float", "default": 10.0},
    },
)

_LIMITS = {"wait_timeout": (0.0, 86400.0), "wait_interval": (0.05, 3600.0)}
# A connection is not kept over a longer pause: the device has few of them, and drops idle ones by itself.
_KEPT_SECONDS = 5.0


def run(context: JobContext) -> dict[str, t.Any]:
    policy = _policy(context)
    with context.open() as api:
        checks, waited = _wait(context, api, policy) if context.params["wait"] else (_look(api, policy), 0.0)
        result = _result(context, api, checks, waited)
    if not result["healthy"] and context.params["fail_on"] != "never":
        raise _unhealthy(context, result)
    return result


def _policy(context: JobContext) -> HealthPolicy:
    params = context.params
    try:
        for option, (low, high) in _LIMITS.items():
            if not low <= params[option] <= high:
                raise ValueError(f"{option} must be from {low:g} to {high:g}")
        # The argument specification adds aliases, and None for members that are not given.
        expected = {k: v for k, v in (params["expected"] or {}).items() if k != "psus"}
        return make_policy(
            params["profile"],
            params["thresholds"],
            params["include"],
            params["skip"],
            expected,
            # Waiting is the grace: it must not end because a restart excuses what is not yet synchronised.
            grace=not params["wait"],
        )
    except ValueError as exc:
        raise LantimeError("option", str(exc), host=context.host) from None


def _look(api: Device, policy: HealthPolicy) -> list[dict[str, t.Any]]:
    return health.evaluate(api.status().raw, policy)


def _wait(context: JobContext, api: Device, policy: HealthPolicy) -> tuple[list[dict[str, t.Any]], float]:
    """The checks when the device is healthy, or as they stand when time is over, and the seconds until that look began.

    A device that does not answer, as during a restart, is waited through; it raises only if it is still away at the end. What
    waiting cannot mend, such as refused credentials, raises at once.
    """
    timeout, interval = context.params["wait_timeout"], context.params["wait_interval"]
    start = time.monotonic()
    while True:
        began = time.monotonic() - start
        failure: LantimeError | None = None
        checks: list[dict[str, t.Any]] = []
        try:
            with commands.short_timeouts(api, timeout - began):
                checks = _look(api, policy)
        except LantimeError as error:
            if error.code not in commands.TRANSIENT_CODES:
                raise
            failure = error
        else:
            if not health.alarms(checks, context.params["fail_on"]):
                return checks, round(began, 1)
        left = start + timeout - time.monotonic()
        if left <= 0:
            if failure is not None:
                failure.extra = {"waited_seconds": round(began, 1)}
                raise failure
            return checks, round(began, 1)
        if failure is not None or interval > _KEPT_SECONDS:
            api.client.reconnect()
        time.sleep(min(interval, left))


def _result(context: JobContext, api: Device, checks: list[dict[str, t.Any]], waited: float) -> dict[str, t.Any]:
    return {
        "changed": False,
        "healthy": not health.alarms(checks, context.params["fail_on"]),
        "worst": health.worst_state(checks),
        "profile": context.params["profile"],
        "checks": checks,
        "counts": health.counts(checks),
        "waited_seconds": waited,
        "device": device_result(api.identity),
    }


def _unhealthy(context: JobContext, result: dict[str, t.Any]) -> LantimeError:
    found = health.alarms(result["checks"], context.params["fail_on"])
    names = ", ".join(f"{check['name']} ({check['state']})" for check in found)
    waited = f" after {result['waited_seconds']:g} s of waiting" if context.params["wait"] else ""
    first = found[0]["message"].rstrip(".")
    return LantimeError(
        "unhealthy",
        f"the device is not healthy{waited}: {names}; {first[:1].lower()}{first[1:]}",
        host=context.host,
        hint=(found[0]["remedy"] or "").rstrip(".") or None,
        extra=result,
    )
