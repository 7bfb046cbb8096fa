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
from .._tree.measures import uptime_seconds
from .._tree.values import mapping, status_of
from .sections import pauses
from .window import baseline_entry

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


def worsened_checks(
    before: t.Iterable[dict[str, t.Any]], after: list[dict[str, t.Any]]
) -> list[tuple[dict[str, t.Any], dict[str, t.Any]]]:
    """Return (before, after) of each check that is worse after than before, unless its state is known and no alarm.

    A check that is in one of both only is not compared: another version of the collection may have listed them before.
    """
    least = severity_rank("unknown")
    former_checks = {check["name"]: check for check in before}
    return [
        (former_checks[present["name"]], present)
        for present in after
        if present["name"] in former_checks
        and severity_rank(present["state"]) >= least
        and severity_rank(present["state"]) > severity_rank(former_checks[present["name"]]["state"])
    ]


class SyncGate:
    """The condition that the clocks are not worse than before a change.

    baseline: the checks before the change, by default those of now; see baseline_entry().
    uptime: seconds for which the device has been up, as the latest status shows it; None if it shows none.
    """

    def __init__(self, api: Device, baseline: tuple[dict[str, t.Any], ...] | None = None) -> None:
        self._api = api
        self.uptime: float | None = None
        self.baseline = tuple(map(baseline_entry, self.read())) if baseline is None else baseline

    def read(self) -> list[dict[str, t.Any]]:
        """Read the status once, and return the checks of now."""
        status = self._api.status().raw
        self.uptime = uptime_seconds(mapping(status_of(status).get("system")).get("uptime"))
        return evaluate(status, _POLICY)

    def check(self) -> None:
        """Read the status once; raises LantimeError with the code health if a check is worse than before."""
        self.compare(self.read())

    def compare(self, checks: list[dict[str, t.Any]]) -> None:
        """Raise LantimeError with the code health if a check is worse than before. checks: of read()."""
        worsened = worsened_checks(self.baseline, checks)
        if not worsened:
            return
        former, present = max(worsened, key=lambda pair: severity_rank(pair[1]["state"]))
        raise LantimeError(
            "health",
            f"{present['name']} was {_observation(former)} before the change and is {_observation(present)} after it",
        )

    def check_for(self, grace: float) -> None:
        """Raise LantimeError with the code health if a check is worse than before for longer than grace seconds."""
        failure: LantimeError | None = None
        for _pause in pauses(grace):
            try:
                self.check()
                return
            except LantimeError as error:
                if error.code != "health":
                    raise
                failure = error
        raise failure or LantimeError("internal", "no check was made")


def _observation(check: dict[str, t.Any]) -> str:
    """The value that the device reports if it is a text, else the state of the check."""
    return str(check["value"] if isinstance(check["value"], str) else check["state"])
