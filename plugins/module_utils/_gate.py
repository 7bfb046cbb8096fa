# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: what must hold after a change before it is saved.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._facts import facts
from ansible_collections.meinberg.lantime.plugins.module_utils._ltos import Ltos
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import pauses

Gate = t.Callable[[], None]


def _sync_state(api: Ltos) -> tuple[bool, str]:
    sync = facts(api.status().raw, frozenset({"sync"}))["ansible_lantime"]["sync"]
    return sync["synchronized"] is True, str(sync["state"])


def sync_gate(api: Ltos, grace: float) -> Gate:
    """A gate that fails if the clock is synchronised now and is not, for longer than C(grace) seconds, when the gate is asked."""
    was_good, _state = _sync_state(api)

    def ask() -> None:
        state = ""
        for _pause in pauses(grace if was_good else 0):
            good, state = _sync_state(api)
            if good or not was_good:
                return
        raise LantimeError(
            "health", f"the clock was synchronised before the change and is {state} after it", host=api.client.settings.host
        )  # fmt: skip

    return ask
