# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saving the running configuration as startup configuration.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.dialect import package_of
from .._base.errors import LantimeError
from .._plan.planner import Plan
from .execute import WriteRules, pauses, read_patiently

# A device that answered has saved, or will not.
_ANSWERED_SECONDS = 2.0


def packages_of(plan: Plan, api: Device, given: str | None) -> list[str]:
    """Packages of the configuration database to save for a plan, in the order of its changes."""
    if given is not None:
        return [given]
    found = list(dict.fromkeys(package_of(change.path, api.dialect) for change in plan.changes))
    return ["all"] if "all" in found else found


def save(
    api: Device, packages: t.Sequence[str], section: str, pending_before: int | None, rules: WriteRules
) -> tuple[int | None, list[str]]:
    """Save packages as startup configuration; the number of pending changes read afterwards, and what was saved.

    section: what to read to learn that number.  pending_before: unsaved changes of others, which may stay unsaved.
    If changes of ours are left, a setting lies in another package than assumed (A19); all is saved then, unless that
    would save changes of others.  Raises LantimeError C(save_failed).
    """
    allowed = pending_before or 0
    done = list(packages)
    left = _save(api, packages, section, allowed, rules)
    if left is not None and left > allowed and allowed == 0 and "all" not in packages:
        done.append("all")
        left = _save(api, ["all"], section, allowed, rules)
    if left is not None and left > allowed:
        raise _save_failed(
            LantimeError("save_failed", "", host=api.client.settings.host),
            f"the device still counts {left} unsaved changes",
        )
    return left, done


def _save(api: Device, packages: t.Sequence[str], section: str, allowed: int, rules: WriteRules) -> int | None:
    answered = True
    for name in packages:
        try:
            answered = api.save(name) is not None and answered
        except LantimeError as error:
            if not error.effect_unknown:
                raise _save_failed(error, f"saving the package {name} failed: {error.what}") from None
            answered = answered and error.http_status is not None
    # Without an answer of the API's own the device may still be at it.
    grace = min(rules.grace, _ANSWERED_SECONDS) if answered else api.client.settings.command_timeout
    pending: int | None = None
    for _pause in pauses(grace):
        try:
            if pending is not None or not answered:
                api.client.reconnect()
            read_patiently(api, [section], rules._replace(grace=max(grace, rules.grace)))
        except LantimeError as error:
            raise _save_failed(error, f"whether it was saved is unknown: {error.what}") from None
        pending = api.identity.pending_changes if api.identity else None
        if pending is None or pending <= allowed:
            break
    return pending


def _save_failed(error: LantimeError, what: str) -> LantimeError:
    return LantimeError(
        "save_failed",
        what,
        host=error.host,
        path=error.path,
        http_status=error.http_status,
        device_message=error.device_message,
    )
