# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a modular chassis from the list of its slots. Most of its members are assumed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable, NamedTuple

from ..families.catalogue import fitted_modules, known_of
from ..families.show import show_modules
from ..reflect import derive
from ..schema import schema
from ..tree import fill
from . import chassis, modules, parts
from .parts import CURRENT, OLD, Port, Site
from .profile import CONFIGURATION_ASSUMED, Identity, Profile, Tree
from .settings import settings

_GNSS = {
    "gps182": ("gps", ("gps",)),
    "gnm181": ("gnm", ("gps", "galileo", "glonass", "beidou")),
    "gns181": ("gns", ("gps", "galileo", "glonass")),
    "gns182": ("gns", ("gps", "galileo", "glonass")),
    "gns181uc": ("gns", ("gps", "galileo")),
    "gns182uc": ("gns", ("gps", "galileo")),
    "grc181": ("grc", ("gps", "glonass")),
    "gxl183": ("gxl", ("gps", "galileo", "glonass", "beidou")),
}
_PTP_MODELS = ("hps100", "psx4ge")
_PORTS = (
    Port("lan0", card="c15g2", link=True),
    Port("lan1", card="c15g2", link=True),
    Port("lan2", card="c15g2", link=True),
    Port("lan3"),
)
_SECOND_CLOCK_EVENTS = (
    ("refclock-2-not-responding", "critical", 0),
    ("refclock-2-not-sync", "error", 0),
    ("refclock-2-sync", "info", 1),
)

# slot, slot type, model (empty: nothing fitted)
Layout = tuple[tuple[str, str, str], ...]


class Chassis(NamedTuple):
    """One chassis: profile, model, firmware, version of the API, generation, site, nodes of SyncMon."""

    name: str
    model: str
    firmware: str
    api: str
    generation: str
    site: Site
    nodes: int

    @property
    def is_flat(self) -> bool:
        """A PTP card has one instance."""
        return self.generation != CURRENT


def build(box: Chassis, layout: Layout) -> Callable[[], Profile]:
    """A chassis with redundant power and the modules of `layout`."""
    has_two_clocks = any(slot == "clk2" and card for slot, dummy, card in layout)

    def config(identity: Identity) -> Tree:
        events = parts.event_ids(box.generation, True)
        if has_two_clocks:
            events += [event[0] for event in _SECOND_CLOCK_EVENTS]
        tree = settings(identity, _PORTS, events, _module_settings(box, layout))
        tree["syncmon"] = {
            "enabled": True,
            "nodes": {f"node{number}": {"address": f"10.20.9.{number}"} for number in range(1, box.nodes + 1)},
        }
        return tree

    def status(identity: Identity) -> Tree:
        slots = _slots(identity, box, layout)
        root = schema(fitted_modules(slots, box.firmware))
        filled = fill(root, config(identity))
        show_modules(slots, filled, root)
        return _status(identity, box, slots, derive(filled))

    image = f"fw_{box.firmware}"
    made = Profile(box.name, box.model, image, box.api, "https", status, config, _assumptions(box, layout))
    return lambda: made


def _status(identity: Identity, box: Chassis, slots: list[Tree], derived: Tree) -> Tree:
    generation = box.generation
    sync = parts.sync_status(f"clk1-{_kind(slots)}", "gps", "ocxo-dhq", "less-than-100ns")
    firmware = parts.firmware(identity, box.firmware, () if generation == OLD else ("7.08.009",), generation, True)
    listed = parts.events(identity, generation, True)
    if any(slot["object-id"] == "clk2" and "module" in slot for slot in slots):
        listed += [_second_clock_event(identity, *event) for event in _SECOND_CLOCK_EVENTS]
    return {
        "object-id": "status",
        "rest-api": {"api-version": box.api},
        "system": parts.system(identity, generation, sync, box.site, firmware, 1000000),
        "notification": {"events": listed},
        "network": {
            "ports": parts.ports(identity, generation, _PORTS),
            "interfaces": parts.interfaces(derived, generation),
        },
        "services": parts.services(derived, generation),
        "chassis0": {
            "model": box.model,
            "serial-number": identity.serial,
            "backplane-revision": "V22",
            "firmware-image": f"fw_{box.firmware}",
            "slot-layout": f"1,{len(slots)}",
            "slots": slots,
        },
        "ntp": parts.ntp(identity, generation, "GPS", "uhf-radio"),
        "syncmon": {
            "last-updated": parts.ago(identity, 0.1),
            "nodes": [_node(number) for number in range(1, box.nodes + 1)],
        },
        "syncteam": parts.syncteam(generation),
    }


def _second_clock_event(identity: Identity, event: str, kind: str, triggered: int) -> Tree:
    return {
        "object-id": event,
        "type": kind,
        "triggered": triggered,
        "last-triggered": parts.ago(identity, 3003) if triggered else "never",
    }


def _slots(identity: Identity, box: Chassis, layout: Layout) -> list[Tree]:
    return _one_serial_each(
        chassis.slot(slot, kind, place, _module(identity, box, slot, card))
        for place, (slot, kind, card) in enumerate(layout)
    )


def _module(identity: Identity, box: Chassis, slot: str, model: str) -> Tree | None:
    if slot.startswith("clk") and model:
        clock = _clock(identity, box, model)
        if slot != "clk1":
            clock["sync-status"]["clock-idx"] = "not-selected"
        return clock
    if model == "psu":
        return chassis.power(True, 150.0)
    if model == "cpu":
        return chassis.cpu("c15g2", f"fw_{box.firmware}", 51.0)
    return modules.module(identity, model, box.is_flat) if model else None


def _clock(identity: Identity, box: Chassis, model: str) -> Tree:
    if model in _GNSS:
        block, systems = _GNSS[model]
        receiver = chassis.gnss_receiver(block, box.site, systems, ["gps5", "gps9", "gps14", "gps30"])
    elif model.startswith("pzf"):
        receiver = chassis.dcf77_receiver()
    else:
        receiver = chassis.tcr_receiver()
    module = chassis.clock(identity, box.generation, model, "ocxo-dhq", "less-than-100ns", receiver, celsius=44.0)
    # Filled from the settings.
    module["mrs"] = [{"object-id": "priority0", "status": {}}]
    module["synthesizer"] = {"state": "sync"}
    module["outputs"] = [
        {"object-id": f"pp{number}", "signal": "idle", "signal-present": False} for number in range(1, 5)
    ]
    return module


def _module_settings(box: Chassis, layout: Layout) -> dict[str, Tree]:
    """What the modules start with other than the defaults of their families."""
    # mri1 belongs to clk1.
    fed = {f"clk{slot[len('mri') :]}" for slot, kind, card in layout if kind == "mri" and card}
    own = {slot: dict(modules.SETTINGS[card]) for slot, dummy, card in layout if card in modules.SETTINGS}
    for slot in fed:
        own[slot] = {"mrs": {"priority1": {"settings": {"id": {"type": "pps-in"}}}}}
    for slot, dummy, card in layout:
        if card in _PTP_MODELS:
            network = {"hostname": f"ptp-{slot}", "dhcp": True}
            domains = modules.DOMAINS[card]
            instances = {f"ptp{number}": {"domain-number": domain} for number, domain in enumerate(domains, start=1)}
            own[slot] = {
                "ptp": {"network": network, **(instances["ptp1"] if box.is_flat else {"instances": instances})}
            }
    return own


def _one_serial_each(slots: Iterable[Tree]) -> list[Tree]:
    """The slots; a serial number that another module has already is counted on."""
    listed = list(slots)
    seen: set[str] = set()
    for place, slot in enumerate(listed):
        info = slot.get("module", {}).get("info", {})
        serial = info.get("serial-number", "")
        if serial.isdigit():
            if serial in seen:
                info["serial-number"] = f"0{(int(serial) + 7919 * place) % 10**11:011d}"
            seen.add(info["serial-number"])
    return listed


def _assumptions(box: Chassis, layout: Layout) -> tuple[tuple[str, str], ...]:
    assumptions = [
        *CONFIGURATION_ASSUMED,
        ("system/sync-status/ref-type", "kind of reference of a modular clock"),
        ("notification/events/refclock-2-*", "names of the second clock's events"),
        ("chassis0/slots/clk2/module/sync-status/clock-idx", "what the clock not in use says"),
        ("chassis0/slots", "slot names and types other than pwr, clk, cpu"),
        ("<configuration root>/chassis0/slots/*/name", "a label of the operator for a slot"),
    ]
    if box.generation != CURRENT:
        assumptions.append(
            ("", f"no answer of a chassis on {box.firmware} is public: its forms are those of non-modular units")
        )
    for slot, dummy, card in layout:
        if card and card not in ("psu", "cpu"):
            remark = f"all members of a {card} module but info"
            assumptions.append((f"chassis0/slots/{slot}/module", remark))
            known = known_of(card, box.firmware)
            if known:
                assumptions.append((f"<configuration root>/chassis0/slots/{slot}/module", known))
    assumptions.append(("<configuration root>/syncmon", "every path; nodes, types, limits and intervals are confirmed"))
    if box.nodes:
        assumptions.append(("syncmon/nodes", "members of a monitored node"))
    return tuple(assumptions)


def _kind(slots: Iterable[Tree]) -> str:
    """The kind of the first clock, as its reference is named."""
    model = next(slot["module"]["info"]["model"] for slot in slots if slot["object-id"] == "clk1")
    block = _GNSS[model][0] if model in _GNSS else str(model[:3])
    # As the GPS/GLONASS clock on record.
    return "gps" if block == "grc" else block


def _node(number: int) -> Tree:
    return {
        "object-id": f"node{number}",
        "address": f"10.20.9.{number}",
        "type": "ntp",
        "state": "reachable",
        "stratum": 2,
        "offset": 1.5e-05 * number,
        "offset-limit": 0.001,
    }
