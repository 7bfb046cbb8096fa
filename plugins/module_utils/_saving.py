# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saving the running configuration as startup configuration.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._dialect import package_of
from ansible_collections.meinberg.lantime.plugins.module_utils._errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._ltos import Ltos
from ansible_collections.meinberg.lantime.plugins.module_utils._plan import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import (
    Rules,
    pauses,
    read_patiently,
)


def packages_of(plan: Plan, api: Ltos, given: str | None) -> list[str]:
    """Packages of the configuration database to save for a plan, in the order of its changes."""
    if given is not None:
        return [given]
    found = list(dict.fromkeys(package_of(change.path, api.dialect) for change in plan.changes))
    return ["all"] if "all" in found else found


def save(
    api: Ltos, packages: t.Sequence[str], section: str, pending_before: int | None, rules: Rules
) -> int | None:
    """Save packages as startup configuration and read the number of pending changes afterwards.

    section: what to read to learn that number.  pending_before: unsaved changes of others, which may stay unsaved.
    Raises LantimeError C(save_failed).
    """
    answered = True
    for name in packages:
        try:
            answered = api.save(name) is not None and answered
        except LantimeError as error:
            if not error.effect_unknown:
                raise _save_failed(
                    error, f"saving the package {name} failed: {error.what}"
                ) from None
            answered = answered and error.http_status is not None
    allowed = pending_before or 0
    # Without an envelope the device may still be at it.
    patience = rules._replace(
        grace=rules.grace if answered else api.client.settings.command_timeout
    )
    pending: int | None = None
    for _pause in pauses(patience.grace):
        try:
            api.client.reconnect()
            read_patiently(api, [section], patience)
        except LantimeError as error:
            raise _save_failed(error, f"whether it was saved is unknown: {error.what}") from None
        pending = api.identity.pending_changes if api.identity else None
        if pending is None or pending <= allowed:
            return pending
    raise _save_failed(
        LantimeError("save_failed", "", host=api.client.settings.host),
        f"the device still counts {pending} unsaved changes",
    )


def _save_failed(error: LantimeError, what: str) -> LantimeError:
    return LantimeError(
        "save_failed",
        what,
        host=error.host,
        path=error.path,
        http_status=error.http_status,
        device_message=error.device_message,
    )
