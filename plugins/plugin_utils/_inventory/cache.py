# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory remembers of each device between two runs: its identity and its state, aged apart.

Stored is what was derived from the responses, never the responses themselves, and no credentials.
"""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.inventory import get_cache_plugin

from ...module_utils._base.plain import to_plain

_FORM = 1
# Members of CacheEntry that have another name in the stored document.
_STORED_NAMES = {"status": "outcome", "polled_at": "asked"}


class CacheEntry(t.NamedTuple):
    """What is known of a device. Times are seconds of the wall clock, None for never.

    identity, state: as describe() returns them.  status: of the latest poll, ok or one of FAILURE_STATUSES.  problem: its
    error code, or not_tried.  polled_at: time of the latest poll.
    """

    identity: dict[str, t.Any] | None = None
    identity_time: float | None = None
    state: dict[str, t.Any] | None = None
    state_time: float | None = None
    status: str = "ok"
    problem: str | None = None
    polled_at: float | None = None


class MaximumAges(t.NamedTuple):
    """How old identity and state may be, in seconds, and whether the state is needed at all."""

    identity: float
    state: float
    with_state: bool


def open_cache(get_option: t.Callable[[str], t.Any]) -> t.Any:
    """The cache plugin of the options. It keeps entries for ever: an expired one still identifies a dead device."""
    names = {"_uri": "cache_connection", "_prefix": "cache_prefix"}
    settings = {key: get_option(name) for key, name in names.items()}
    given = {key: value for key, value in settings.items() if value is not None}
    return get_cache_plugin(get_option("cache_plugin"), _timeout=0, **given)


def read_cache(cache: t.Any, key: str) -> dict[str, CacheEntry]:
    """The entries in a cache plugin. Raises ValueError if the cache cannot be read."""
    try:
        return load_entries(to_plain(cache.get(key)))
    except (AnsibleError, ValueError, TypeError, LookupError) as exc:
        # Cache plugins leave it to their callers to expect what a damaged file may hold.
        raise ValueError(str(exc)) from None


def cache_key_of(host: str, port: int) -> str:
    """The key of a device in the stored document."""
    return f"{host}|{port}"


def load_entries(stored: object) -> dict[str, CacheEntry]:
    """The entries of a stored document; whatever has another form is ignored."""
    if not isinstance(stored, dict) or stored.get("form") != _FORM:
        return {}
    devices = stored.get("devices")
    if not isinstance(devices, dict):
        return {}
    return {key: _load_entry(value) for key, value in devices.items() if isinstance(value, dict)}


def dump_entries(entries: t.Mapping[str, CacheEntry]) -> dict[str, t.Any]:
    """The document to store."""
    devices = {
        key: {_STORED_NAMES.get(name, name): value for name, value in entry._asdict().items()}
        for key, entry in entries.items()
    }
    return {"form": _FORM, "devices": devices}


def is_usable(entry: CacheEntry | None, ages: MaximumAges, now: float, is_discovered: bool) -> bool:
    """Whether the device need not be polled, because the entry is recent enough.

    A failure is valid as long as a state. is_discovered: whether the device comes from a network; an address at which
    there never was a LANTIME is not polled for as long as an identity is valid.
    """
    if entry is None:
        return False
    if entry.status != "ok":
        is_vacant = is_discovered and entry.identity is None and entry.status != "auth_failed"
        return _is_recent(entry.polled_at, ages.identity if is_vacant else ages.state, now)
    if entry.identity is None or not _is_recent(entry.identity_time, ages.identity, now):
        return False
    return not ages.with_state or (entry.state is not None and _is_recent(entry.state_time, ages.state, now))


def _is_recent(moment: float | None, age: float, now: float) -> bool:
    # After a clock was set back there are times in the future, whose age is unknown.
    return moment is not None and 0 <= now - moment < age


def _load_entry(value: t.Mapping[str, t.Any]) -> CacheEntry:
    identity, state = value.get("identity"), value.get("state")
    problem, status = value.get("problem"), value.get("outcome")
    return CacheEntry(
        identity=identity if isinstance(identity, dict) else None,
        identity_time=_load_time(value.get("identity_time")),
        state=state if isinstance(state, dict) else None,
        state_time=_load_time(value.get("state_time")),
        status=status if isinstance(status, str) else "unreachable",
        problem=problem if isinstance(problem, str) else None,
        polled_at=_load_time(value.get("asked")),
    )


def _load_time(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
