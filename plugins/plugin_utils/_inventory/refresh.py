# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of each device: from the cache where that is recent enough, else from a poll."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

from ansible import constants as C  # noqa: N812

from ...module_utils._client.refused_logins import RefusedLogins
from .cache import CacheEntry, MaximumAges, cache_key_of, is_usable
from .configuration import InventoryOptions
from .options import PolledDevice
from .polling import PollLimits, PollResult, PollTarget, poll


def refresh_entries(
    devices: t.Sequence[PolledDevice],
    cached: t.Mapping[str, CacheEntry],
    options: InventoryOptions,
    use_cache: bool,
) -> dict[str, CacheEntry]:
    """The entries of all devices by entry_key(). use_cache: whether recent entries of the cache replace a poll."""
    ages = MaximumAges(float(options.cache_timeout), float(options.cache_timeout_state), bool(options.gather_state))
    now = time.time()
    outdated = [
        device
        for device in devices
        if not (use_cache and is_usable(cached.get(entry_key(device)), ages, now, device.target.is_discovered))
    ]
    limits = PollLimits(options.workers, options.deadline, options.max_auth_failures)
    targets = [PollTarget(device.settings, device.dialect) for device in outdated]
    results = poll(targets, limits, RefusedLogins(Path(C.DEFAULT_LOCAL_TMP)))  # type: ignore[attr-defined]
    now = time.time()
    fresh = {
        entry_key(device): _updated_entry(result, cached.get(entry_key(device)), now)
        for device, result in zip(outdated, results)
    }
    return {key: fresh.get(key) or cached[key] for key in dict.fromkeys(map(entry_key, devices))}


def entry_key(device: PolledDevice) -> str:
    return cache_key_of(device.settings.host, device.settings.port)


def _updated_entry(result: PollResult, cached: CacheEntry | None, now: float) -> CacheEntry:
    """The entry of a device after a poll; a failure leaves the identity as it was."""
    if result.status == "ok":
        return CacheEntry(result.identity, now, result.state, now, "ok", None, now)
    before = cached or CacheEntry()
    return CacheEntry(before.identity, before.identity_time, None, None, result.status, result.problem, now)
