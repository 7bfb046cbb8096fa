# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory remembers of each device between two runs: its identity and its state, aged apart. Pure.

Stored is what became of the answers, never the answers themselves, and nothing that was needed to get them.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

_FORM = 1


class CacheEntry(t.NamedTuple):
    """What is known of a device. Times are seconds of the wall clock, None for never.

    identity, state: as describe() gives them.  outcome: C(ok) or one of OUTCOMES, of the latest attempt.  problem:
    its error code, or C(not_tried).  asked: time of the latest attempt.
    """

    identity: dict[str, t.Any] | None = None
    identity_time: float | None = None
    state: dict[str, t.Any] | None = None
    state_time: float | None = None
    outcome: str = "ok"
    problem: str | None = None
    asked: float | None = None


class Ages(t.NamedTuple):
    """How old, in seconds, identity and state may be; whether the state matters at all."""

    identity: float
    state: float
    with_state: bool


def key_of(host: str, port: int) -> str:
    """The name of a device in the cache."""
    return f"{host}|{port}"


def load(stored: object) -> dict[str, CacheEntry]:
    """The entries of a cached document; whatever has another form counts as not there."""
    if not isinstance(stored, dict) or stored.get("form") != _FORM:
        return {}
    devices = stored.get("devices")
    if not isinstance(devices, dict):
        return {}
    return {key: _entry(value) for key, value in devices.items() if isinstance(value, dict)}


def dump(entries: t.Mapping[str, CacheEntry]) -> dict[str, t.Any]:
    """The document to cache."""
    return {"form": _FORM, "devices": {key: entry._asdict() for key, entry in entries.items()}}


def usable(entry: CacheEntry | None, ages: Ages, now: float, found: bool) -> bool:
    """Whether the entry answers for the device, so that it need not be asked.

    A failure counts as long as a state. found: whether the device comes from a network; an address at which there never
    was a LANTIME is left alone for as long as an identity counts.
    """
    if entry is None:
        return False
    if entry.outcome != "ok":
        nobody = found and entry.identity is None and entry.outcome != "auth_failed"
        return _young(entry.asked, ages.identity if nobody else ages.state, now)
    if entry.identity is None or not _young(entry.identity_time, ages.identity, now):
        return False
    return not ages.with_state or (entry.state is not None and _young(entry.state_time, ages.state, now))


def _young(moment: float | None, age: float, now: float) -> bool:
    # A clock that was set back leaves times of the future, of which nothing is known.
    return moment is not None and 0 <= now - moment < age


def _entry(value: t.Mapping[str, t.Any]) -> CacheEntry:
    identity, state = value.get("identity"), value.get("state")
    problem, outcome = value.get("problem"), value.get("outcome")
    return CacheEntry(
        identity=identity if isinstance(identity, dict) else None,
        identity_time=_time(value.get("identity_time")),
        state=state if isinstance(state, dict) else None,
        state_time=_time(value.get("state_time")),
        outcome=outcome if isinstance(outcome, str) else "unreachable",
        problem=problem if isinstance(problem, str) else None,
        asked=_time(value.get("asked")),
    )


def _time(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
