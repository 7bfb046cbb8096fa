# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health gates: conditions that a change must meet before it is saved."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._base.errors import LantimeError
from .._health.check import severity_rank
from .._health.evaluate import evaluate
from .._health.policy import make_policy
from .sections import pauses

HealthGate = t.Callable[[], None]

# Without NTP: its service restarts after a change of its settings and needs minutes to synchronize again.
SYNC_CHECKS = (
    "time_synchronized",
    "antenna",
    "receiver",
    "reference_clock_responding",
    "reference_clock_synchronized",
)

# Without grace, so that equal states have equal severity before and after.
_POLICY = make_policy(include=SYNC_CHECKS, grace=False)


def _sync_state(api: Device) -> list[dict[str, t.Any]]:
    return evaluate(api.status().raw, _POLICY)


def worsened_checks(
    before: list[dict[str, t.Any]], after: list[dict[str, t.Any]]
) -> list[tuple[dict[str, t.Any], dict[str, t.Any]]]:
    """Return (before, after) of each check that is worse after than before, unless its state is known and no alarm."""
    least = severity_rank("unknown")
    return [
        (former, present)
        for former, present in zip(before, after)
        if severity_rank(present["state"]) >= least and severity_rank(present["state"]) > severity_rank(former["state"])
    ]


def make_sync_gate(api: Device, grace: float) -> HealthGate:
    """Return a gate that raises LantimeError if the clocks are worse than now for longer than grace seconds."""
    before = _sync_state(api)

    def check_sync() -> None:
        worsened: list[tuple[dict[str, t.Any], dict[str, t.Any]]] = []
        for _pause in pauses(grace):
            worsened = worsened_checks(before, _sync_state(api))
            if not worsened:
                return
        former, present = max(worsened, key=lambda pair: severity_rank(pair[1]["state"]))
        raise LantimeError(
            "health",
            f"{present['name']} was {_observation(former)} before the change and is {_observation(present)} after it",
        )

    return check_sync


def _observation(check: dict[str, t.Any]) -> str:
    """The value that the device reports if it is a text, else the state of the check."""
    return str(check["value"] if isinstance(check["value"], str) else check["state"])
