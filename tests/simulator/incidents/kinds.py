# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of incidents: what each means, what it asks for, and which devices can have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, NamedTuple

from ..profiles.modules import CARD_MODELS
from .targets import (
    GNSS,
    Target,
    Tree,
    block_of,
    clocks,
    clocks_with_spare,
    empty_slots,
    fans,
    faulty_modules,
    linked_ports,
    nodes,
    plug_ins,
    power_supplies,
    ptp_cards,
)

_ANTENNA_FAULTS = ("disconnected", "short-circuit")
_NODE_FAULTS = ("offset", "unreachable")
_LEAPS = ("insert", "delete")
_UPDATE_FAULTS = ("refused", "damaged")

# Members that every kind has: seconds from the call to the start, and how long it lasts (0: until
# it is cleared).
COMMON: dict[str, Any] = {"after": 0.0, "lasts": 0.0}


class IncidentError(ValueError):
    """This device cannot have this incident; the text says why."""


class Kind(NamedTuple):
    """One kind: a sentence, its own members with their defaults, and the check of a device.

    `fit(status, members)` gives the members as they apply to this device, or raises IncidentError.
    """

    meaning: str
    members: Mapping[str, Any]
    fit: Callable[[Tree, Tree], Tree]


def chosen(members: Tree, name: str) -> list[str]:
    """The names in a member: `pwr1,pwr2`."""
    return [part.strip() for part in str(members[name]).split(",") if part.strip()]


def _pick(members: Tree, name: str, known: list[Target], default: list[str], what: str) -> Tree:
    """The members with `name` filled in; every name must be one of `known`."""
    if not known:
        raise IncidentError(f"this device has no {what}")
    wanted = chosen(members, name) or default
    ids = [target.name for target in known]
    for one in wanted:
        if one not in ids:
            raise IncidentError(f"{name}: no {what} {one!r}; there are {', '.join(ids)}")
    return {**members, name: ",".join(wanted)}


def _one_of(members: Tree, name: str, choices: tuple[str, ...]) -> None:
    if members[name] not in choices:
        raise IncidentError(f"{name}: one of {', '.join(choices)}, not {members[name]!r}")


def _any(status: Tree, members: Tree) -> Tree:
    del status
    return members


def _every_clock(status: Tree, members: Tree) -> Tree:
    known = clocks(status)
    return _pick(members, "slot", known, [clock.name for clock in known], "clock")


def _first_clock(status: Tree, members: Tree) -> Tree:
    known = clocks(status)
    return _pick(members, "slot", known, [clock.name for clock in known[:1]], "clock")


def _antenna(status: Tree, members: Tree) -> Tree:
    known = [clock for clock in clocks(status) if block_of(clock.value) not in ("", "tcr")]
    fitted = _pick(members, "slot", known, [clock.name for clock in known[:1]], "clock with an antenna")
    _one_of(fitted, "fault", _ANTENNA_FAULTS)
    if fitted["fault"] == "short-circuit":
        gnss = {clock.name for clock in known if block_of(clock.value) in GNSS}
        for slot in chosen(fitted, "slot"):
            if slot not in gnss:
                raise IncidentError(f"{slot} has no GNSS antenna that could be short-circuited")
    return fitted


def _sky(status: Tree, members: Tree) -> Tree:
    known = [clock for clock in clocks(status) if "satellites" in clock.value]
    return _pick(members, "slot", known, [clock.name for clock in known], "GNSS clock")


def _spare(status: Tree, members: Tree) -> Tree:
    known = clocks_with_spare(status)
    return _pick(members, "slot", known, [clock.name for clock in known[:1]], "GNSS clock with a second reference")


def _psu(status: Tree, members: Tree) -> Tree:
    known = power_supplies(status)
    fitted = _pick(members, "slot", known, [target.name for target in known[-1:]], "power supply that works")
    if len(set(chosen(fitted, "slot"))) >= len(known):
        raise IncidentError(f"without {fitted['slot']} this device has no power and answers no request")
    return fitted


def _fan(status: Tree, members: Tree) -> Tree:
    known = fans(status)
    return _pick(members, "slot", known, [target.name for target in known[-1:]], "fan")


def _plug_in(status: Tree, members: Tree) -> Tree:
    known = plug_ins(status)
    return _pick(members, "slot", known, [target.name for target in known[-1:]], "plug-in module to pull")


def _faulty_module(status: Tree, members: Tree) -> Tree:
    known = faulty_modules(status)
    return _pick(members, "slot", known, [target.name for target in known[-1:]], "module with a known fault")


def _model(members: Tree) -> None:
    known = sorted(set(CARD_MODELS))
    if members["model"] and members["model"] not in known:
        raise IncidentError(f"model: no plug-in module {members['model']!r}; there are {', '.join(known)}")


def _move(status: Tree, members: Tree) -> Tree:
    fitted, free = _plug_in(status, members), empty_slots(status)
    fitted = _pick(fitted, "to", free, [target.name for target in free[:1]], "empty slot")
    if len(chosen(fitted, "slot")) != len(chosen(fitted, "to")):
        raise IncidentError("to: one empty slot for each slot")
    return fitted


def _exchange(status: Tree, members: Tree) -> Tree:
    _model(members)
    return _plug_in(status, members)


def _add(status: Tree, members: Tree) -> Tree:
    _model(members)
    free = empty_slots(status)
    return _pick(members, "slot", free, [target.name for target in free[:1]], "empty slot")


def _port(status: Tree, members: Tree) -> Tree:
    known = linked_ports(status)
    fitted = _pick(members, "port", known, [target.name for target in known[1:][-1:]], "port with a link")
    first = known[0].name
    if not fitted["port"] or first in chosen(fitted, "port"):
        raise IncidentError(f"without the link of {first} this device answers no request")
    return fitted


def _node(status: Tree, members: Tree) -> Tree:
    known = nodes(status)
    fitted = _pick(members, "node", known, [target.name for target in known[:1]], "node monitored by SyncMon")
    _one_of(fitted, "fault", _NODE_FAULTS)
    return fitted


def _ptp(status: Tree, members: Tree) -> Tree:
    known = ptp_cards(status)
    fitted = _pick(members, "slot", known, [target.name for target in known[:1]], "PTP card")
    ids = [
        str(instance["object-id"])
        for card in known
        if card.name in chosen(fitted, "slot")
        for instance in card.value["ptp"]["instances"]
    ]
    for one in chosen(fitted, "instance"):
        if one not in ids:
            raise IncidentError(f"instance: no PTP instance {one!r}; there are {', '.join(ids)}")
    return fitted


def _leap(status: Tree, members: Tree) -> Tree:
    del status
    _one_of(members, "leap", _LEAPS)
    return members


def _update(status: Tree, members: Tree) -> Tree:
    del status
    _one_of(members, "cause", _UPDATE_FAULTS)
    return members


def _event(*names: str) -> Callable[[Tree, Tree], Tree]:
    """Only for devices that know one of these events."""

    def fit(status: Tree, members: Tree) -> Tree:
        known = {event["object-id"] for event in status.get("notification", {}).get("events", [])}
        if not known.intersection(names):
            raise IncidentError(f"this device does not know the event {names[0]}")
        return members

    return fit


def _warm(status: Tree, members: Tree) -> Tree:
    if not clocks(status):
        raise IncidentError("this device has no clock")
    if members["seconds"] <= 0:
        raise IncidentError("seconds: more than 0")
    return members


KINDS: dict[str, Kind] = {
    "holdover": Kind(
        "clocks lose their reference and run on their oscillators, ever less exact",
        {"slot": ""},
        _every_clock,
    ),
    "antenna-fault": Kind(
        "an antenna is disconnected or short-circuited, its clock in holdover",
        {"slot": "", "fault": "disconnected"},
        _antenna,
    ),
    "gnss-jamming": Kind(
        "satellites drop away, then the GNSS clocks go into holdover",
        {"slot": "", "seconds": 60.0},
        _sky,
    ),
    "gnss-spoofing": Kind(
        "GNSS clocks stay synchronized but report a position that is so many metres off",
        {"slot": "", "metres": 5000.0},
        _sky,
    ),
    "reference-switch": Kind(
        "a clock loses its satellites and follows its next reference",
        {"slot": ""},
        _spare,
    ),
    "refclock-failure": Kind("a clock does not respond any more", {"slot": ""}, _first_clock),
    "cold-start": Kind(
        "power was cycled: the device reboots, not synchronized until its oscillators are warm",
        {"seconds": 600.0},
        _warm,
    ),
    "psu-loss": Kind("a redundant power supply delivers no power", {"slot": ""}, _psu),
    "fan-failure": Kind("a fan stands still and the modules get warmer", {"slot": ""}, _fan),
    "overheating": Kind("every module gets hotter within ten minutes", {"celsius": 35.0}, _any),
    "module-loss": Kind("a plug-in module is pulled: its slot is empty", {"slot": ""}, _plug_in),
    "module-exchange": Kind(
        "a plug-in module is replaced by another one, of the same model or of `model`",
        {"slot": "", "model": "", "revision": "v1.02"},
        _exchange,
    ),
    "module-move": Kind("a plug-in module is moved to an empty slot", {"slot": "", "to": ""}, _move),
    "module-added": Kind("a plug-in module is added in an empty slot", {"slot": "", "model": "vsi180"}, _add),
    "module-fault": Kind("a clock or plug-in module reports the trouble of its family", {"slot": ""}, _faulty_module),
    "link-down": Kind("a network port other than the first loses its link", {"port": ""}, _port),
    "leap-announcement": Kind(
        "a leap second is announced for the end of the half year, or of `date`",
        {"date": "", "leap": "insert"},
        _leap,
    ),
    "certificate-expiring": Kind(
        "the HTTPS certificate is about to expire (event only)",
        {},
        _event("https-certificate-expire-warning"),
    ),
    "certificate-expired": Kind(
        "the HTTPS certificate has expired (event only)", {}, _event("https-certificate-expired")
    ),
    "syncmon-alert": Kind(
        "a node of SyncMon is beyond its offset limit or unreachable",
        {"node": "", "fault": "offset"},
        _node,
    ),
    "ntp-stopped": Kind("the NTP service does not run", {}, _any),
    "ntp-offset": Kind("NTP is so many seconds off its reference, beyond its limit", {"seconds": 0.005}, _any),
    "ptp-fault": Kind(
        "PTP instances of a card lose their link and are faulty",
        {"slot": "", "instance": ""},
        _ptp,
    ),
    "faillock": Kind(
        "a user is locked out after failed log-ins, for `lockout_seconds` unless `lasts` is given",
        {"user": "root"},
        _any,
    ),
    "low-resources": Kind("flash memory and main memory are nearly used up", {"percent": 97.0}, _any),
    "ntp-loss": Kind("NTP loses its reference although the clock stays synchronized", {}, _any),
    "update-failed": Kind(
        "an update of the firmware has failed: the image was refused, or was damaged",
        {"cause": "refused"},
        _update,
    ),
    "stale-status": Kind("the status tree is not updated any more", {}, _any),
}


def members_of(kind: str, given: Mapping[str, Any]) -> Tree:
    """The members of an incident, defaults filled in, each of its type; text is converted."""
    known = KINDS.get(kind)
    if known is None:
        raise IncidentError(f"unknown incident {kind!r}; known: {', '.join(KINDS)}")
    members: Tree = {**COMMON, **known.members}
    for name, value in given.items():
        if name not in members:
            raise IncidentError(f"incident {kind}: unknown member {name!r}; known: {', '.join(members)}")
        members[name] = _converted(kind, name, members[name], value)
    for name in COMMON:
        if members[name] < 0:
            raise IncidentError(f"incident {kind}: {name} is negative")
    return members


def _converted(kind: str, name: str, default: Any, value: Any) -> Any:
    if isinstance(default, str):
        if isinstance(value, str):
            return value
    elif not isinstance(value, bool):
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if abs(number) < 1e9:
            return number
    raise IncidentError(f"incident {kind}: {name} cannot be {value!r}")


def table() -> str:
    """The kinds as text for people."""
    lines = []
    for name, kind in KINDS.items():
        lines.append(f"{name:<21} {kind.meaning}")
        if kind.members:
            own = ", ".join(f"{key}={value}" for key, value in kind.members.items())
            lines.append(f"{'':<21}   {own}")
    lines.append(f"{'all':<21} after=0 (seconds until it starts), lasts=0 (seconds; 0: until cleared)")
    return "\n".join(lines)
