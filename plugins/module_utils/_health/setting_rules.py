# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a module that do not fit together, as (object, sentence) pairs. A device accepts them.

Every path is an ASSUMPTION. A setting that is absent or unreadable breaks no rule.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._tree import values
from .context import device_text
from .ptp_profiles import ALLOWED_RANGES, ALLOWED_TOKENS

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Settings = Mapping[str, t.Any]
    Contradictions = Iterator[tuple[t.Optional[str], str]]

_PTP_SOURCES = ("ptp-ieee1588", "ptp-over-e1")
_NTP_MODES = ("ntp-server", "ntp-client")
_LONGEST_PULSE_MS = 990
_DAY = 86_400
_CYCLE = re.compile(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})")


def levels_of(settings: Settings) -> dict[str, Mapping[str, t.Any]]:
    """The settings of each level of references that is in use."""
    levels = {name: values.mapping(item.get("settings")) for name, item in values.table(settings.get("mrs"))}
    return {name: own for name, own in levels.items() if values.at(own, "id", "type") not in (None, "none")}


def instances_of(settings: Settings) -> dict[str, Mapping[str, t.Any]]:
    """The settings of each PTP instance: in a table, or directly in `ptp` for a card with one instance."""
    ptp = values.mapping(settings.get("ptp"))
    listed = dict(values.table(ptp.get("instances")))
    return listed or ({"ptp1": ptp} if "domain-number" in ptp else {})


def _find_bias(settings: Settings) -> Contradictions:
    for name, own in levels_of(settings).items():
        kind = device_text(values.at(own, "id", "type"))
        if values.boolean(own.get("auto-bias-master")) and values.boolean(own.get("auto-bias-slave")):
            yield name, "is both master and slave of the automatic bias"
        if values.boolean(own.get("asymmetry-step-detection")) and kind not in _PTP_SOURCES:
            yield name, f"has step detection switched on, which has no effect with {kind}"


def _find_limits(settings: Settings) -> Contradictions:
    mains = values.mapping(settings.get("fdm"))
    names = ("minimum-frequency", "nominal-frequency", "maximum-frequency")
    low, nominal, high = (values.number(mains.get(name)) for name in names)
    if low is not None and nominal is not None and high is not None and not low < nominal < high:
        yield None, "has a nominal frequency that is not between its limits"


def _find_pulses(settings: Settings) -> Contradictions:
    for name, own in values.table(settings.get("outputs")):
        if values.text(own.get("signal")) not in (None, "programmable-pulse"):
            continue
        mode, length = values.text(own.get("mode")), values.number(own.get("pulse-length"))
        if mode == "pulse-per-second" and length is not None and length > _LONGEST_PULSE_MS:
            yield name, "has a pulse as long as its period, which is a constant level"
        cycle = _CYCLE.fullmatch(values.text(own.get("cycle")) or "")
        if mode == "cyclic-pulse" and cycle is not None and not _divides_day(*map(int, cycle.groups())):
            yield name, "has a cycle that does not divide the day"


def _divides_day(hours: int, minutes: int, seconds: int) -> bool:
    length = hours * 3600 + minutes * 60 + seconds
    return length > 0 and _DAY % length == 0


def _find_equal_instances(settings: Settings) -> Contradictions:
    seen: dict[tuple[t.Any, ...], str] = {}
    for name, own in instances_of(settings).items():
        domain, vlan = values.integer(own.get("domain-number")), values.integer(values.at(own, "vlan", "id"))
        transport = values.text(own.get("network-protocol"))
        if values.boolean(own.get("enabled")) is False or domain is None:
            continue
        other = seen.setdefault((domain, transport, vlan), name)
        if other != name:
            yield name, f"has domain, transport and VLAN of {device_text(other)}"


def _find_profile_breaks(settings: Settings) -> Contradictions:
    for name, own in instances_of(settings).items():
        profile = values.text(own.get("profile")) or ""
        if values.boolean(own.get("enabled")) is False:
            continue
        for member, tokens in ALLOWED_TOKENS.get(profile, {}).items():
            token = values.text(own.get(member))
            if token is not None and token not in tokens:
                yield name, f"has the {member} {device_text(token)}, which its profile {profile} does not allow"
        for member, (low, high) in ALLOWED_RANGES.get(profile, {}).items():
            number = values.integer(own.get(member))
            if number is not None and not low <= number <= high:
                yield name, f"has the {member} {number}, which its profile {profile} does not allow"


def _find_ntp_modes(settings: Settings) -> Contradictions:
    operation = values.text(values.at(settings, "ptp", "operation-mode"))
    for name, own in instances_of(settings).items():
        mode = values.text(own.get("mode"))
        if mode in _NTP_MODES and operation not in (None, "ntp"):
            yield name, f"is in the mode {mode}, which needs the operation mode ntp of the card"


def _find_idle_events(settings: Settings) -> Contradictions:
    for name, own in values.table(settings.get("relays")):
        source, events = values.text(own.get("source")), own.get("events")
        if isinstance(events, list) and events and source not in (None, "notification-events"):
            yield name, f"follows {device_text(source)}, so its events have no effect"


CONTRADICTIONS: tuple[tuple[str, str, Callable[[Settings], Contradictions]], ...] = (
    ("mrs.*.settings.auto-bias-master, auto-bias-slave and asymmetry-step-detection", "info", _find_bias),
    ("fdm.minimum-frequency, nominal-frequency and maximum-frequency", "warning", _find_limits),
    ("outputs.*.mode, pulse-length and cycle", "warning", _find_pulses),
    ("ptp.instances.*.domain-number, network-protocol and vlan", "warning", _find_equal_instances),
    ("ptp.instances.*.profile, mode, delay-mechanism and intervals", "warning", _find_profile_breaks),
    ("ptp.operation-mode", "warning", _find_ntp_modes),
    ("relays.*.source and events", "info", _find_idle_events),
)
"""The settings that each function compares, the severity (`info` for those without effect), and the function."""
