# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: what must hold after a change before it is saved.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._base.errors import LantimeError
from .._health.context import rank
from .._health.evaluate import evaluate
from .._health.policy import make_policy
from .sections import pauses

HealthGate = t.Callable[[], None]

# NTP is not among them: its service starts anew after a change of its settings and needs minutes to follow a peer again.
SYNC_CHECKS = (
    "time_synchronized",
    "antenna",
    "receiver",
    "reference_clock_responding",
    "reference_clock_synchronized",
)

# Without grace, so that the same state has the same severity before and after.
_POLICY = make_policy(include=SYNC_CHECKS, grace=False)


def _sync_state(api: Device) -> list[dict[str, t.Any]]:
    return evaluate(api.status().raw, _POLICY)


def worse(
    before: list[dict[str, t.Any]], after: list[dict[str, t.Any]]
) -> list[tuple[dict[str, t.Any], dict[str, t.Any]]]:
    """(before, after) of each check that is worse after than before; what is no alarm and known is not worse than good."""
    least = rank("unknown")
    return [
        (former, present)
        for former, present in zip(before, after)
        if rank(present["state"]) >= least and rank(present["state"]) > rank(former["state"])
    ]


def sync_gate(api: Device, grace: float) -> HealthGate:
    """A gate that fails if the clocks are worse off, for longer than C(grace) seconds, when the gate is asked than they are now."""
    before = _sync_state(api)

    def ask() -> None:
        found: list[tuple[dict[str, t.Any], dict[str, t.Any]]] = []
        for _pause in pauses(grace):
            found = worse(before, _sync_state(api))
            if not found:
                return
        former, present = max(found, key=lambda pair: rank(pair[1]["state"]))
        raise LantimeError(
            "health",
            f"{present['name']} was {_told(former)} before the change and is {_told(present)} after it",
            host=api.client.settings.host,
        )

    return ask


def _told(check: dict[str, t.Any]) -> str:
    """The device's own word for what a check found, else the state of the check."""
    return str(check["value"] if isinstance(check["value"], str) else check["state"])
