# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known about families, notification events and API generations.

Marks: CONFIRMED = stated by the vendor or present in a recorded answer; INFERRED = follows by reasoning; ASSUMPTION = the
most plausible reading. A device may report more: an unknown model has the family None, an unknown event keeps its name.
"""

from __future__ import annotations

import functools
import typing as t

from .._tree.aliases import EVENT_ALIASES
from . import families as _families

# event | type of the API | severities of the vendor's traps | cleared by
# REST names of refclock-2-* are INFERRED. Types and names are CONFIRMED by recorded answers.
_EVENTS = """
normal-operation|info|info|
ntp-not-sync|error|warning critical|ntp-sync
ntp-sync|info||
ntp-stopped|critical|critical|normal-operation
ntp-offset-limit-exceeded|error|critical|ntp-offset-limit-ok
ntp-offset-limit-ok|info||
system-reboot|action|info|
refclock-1-not-responding|critical|critical|refclock-1-not-sync refclock-1-sync
refclock-1-not-sync|error|warning critical|refclock-1-sync
refclock-1-sync|info||
refclock-2-not-responding||warning critical|refclock-2-not-sync refclock-2-sync
refclock-2-not-sync||warning|refclock-2-sync
refclock-2-sync|||
antenna-faulty|error|warning critical|antenna-reconnect
antenna-reconnect|info||
antenna-short-circuit|error|critical|
device-configuration-changed|action|info|
leapsecond-announced|info|info warning|
sync-monitor|action|info|
sync-monitor-alert|error|warning|sync-monitor-ok
sync-monitor-ok|info||
network-link-down|error|critical|network-link-up
network-link-up|info||
low-system-resources|warning|warning|sufficient-system-resources
sufficient-system-resources|info|info|
https-certificate-expired|error|critical|
https-certificate-expire-warning|warning|warning|
self-signed-https-certificate-in-use|warning|warning|
oscillator-adjusted|info||
oscillator-not-adjusted|warning|info|oscillator-adjusted
cluster-master-changed|info|info|
cluster-falseticker-detected|warning|info warning|cluster-falseticker-cleared
cluster-falseticker-cleared|info||
faillock-user-banned|action|info|
auto-update-avail|info||
auto-update-installed|info||
auto-update-failed|error||
"""

# API generation -> LTOS line, CONFIRMED. 7.08 has two.
GENERATIONS = {8: "7.04", 10: "7.06", 16: "7.08", 17: "7.08", 20: "7.10"}

_LONGEST = 32

FAMILY_BY_SLOT_TYPE = _families.BY_SLOT_TYPE


class EventType(t.NamedTuple):
    name: str
    type: str | None
    severities: tuple[str, ...]
    cleared_by: tuple[str, ...]


@functools.lru_cache(maxsize=1)
def families() -> dict[str, _families.Family]:
    """All families by name."""
    return {family.name: family for family in _families.FAMILIES}


@functools.lru_cache(maxsize=1)
def events() -> dict[str, EventType]:
    """All events whose REST name is known, by canonical name."""
    event_types = {}
    for line in _EVENTS.strip().splitlines():
        name, kind, severities, cleared_by = line.split("|")
        event_types[name] = EventType(name, kind or None, tuple(severities.split()), tuple(cleared_by.split()))
    return event_types


@functools.lru_cache(maxsize=1)
def _families_by_token() -> dict[str, str]:
    return {token: family.name for family in families().values() for token in family.tokens}


def family_of(model: str) -> str | None:
    """The family of a model: `grc180` -> GRC, `gns181uc` -> GNS-UC, `c05f1-v33` -> CPU.

    An exact token comes first, then the longest known token that the model starts with and that is followed by another
    kind of character (`gps180xyz`, but not `gps1801`). None if neither matches.
    """
    wanted = model.strip().lower().replace("_", "")[: _LONGEST + 8]
    tokens = _families_by_token()
    if wanted in tokens:
        return tokens[wanted]
    for length in range(min(len(wanted), _LONGEST) - 1, 1, -1):
        head, following = wanted[:length], wanted[length]
        if head in tokens and not (
            (head[-1].isdigit() and following.isdigit()) or (head[-1].isalpha() and following.isalpha())
        ):
            return tokens[head]
    return None


def families_of(model: str) -> tuple[str, ...]:
    """As `family_of`, with every family that the model can belong to."""
    family = family_of(model)
    shared = _families.SHARED_TOKENS.get(model.strip().lower())
    return shared or (() if family is None else (family,))


def canonical_family(name: str) -> str | None:
    """The family with this name or alias, in any case: `ims-gns_uc` -> GNS-UC."""
    wanted = name.strip().upper().replace("_", "-")
    if wanted.startswith("IMS-"):
        wanted = wanted[4:]
    if wanted in families():
        return wanted
    lower = wanted.lower()
    return next((each.name for each in families().values() if lower in each.aliases), None)


def device_event_name(name: str, generation: int | None) -> str:
    """The spelling of a canonical event on a device of this API generation.

    The spelling of generations 16 and 17 is an ASSUMPTION: the same as that of 20.
    """
    old = generation is not None and generation <= 10
    return EVENT_ALIASES.get(name, name) if old else name


def api_supported(generation: int | None) -> bool:
    """Whether the data structure of this API generation is known. Unknown generations are read on a best-effort basis."""
    return generation in GENERATIONS
