# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modular chassis on 7.10: no recording of one is public, so most of their members are assumed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable

from ..reflect import derive
from ..schema import schema
from ..tree import fill
from . import chassis, modules, parts
from .parts import CURRENT, Port, Site
from .profile import CONFIGURATION_ASSUMED, Identity, Profile, Tree
from .settings import settings

_GNSS = {
    "gps182": ("gps", ("gps",)),
    "gnm181": ("gnm", ("gps", "galileo", "glonass", "beidou")),
    "gns182": ("gns", ("gps", "galileo", "glonass")),
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

# slot, slot type, model (empty: nothing fitted)
Layout = tuple[tuple[str, str, str], ...]


def _clock(identity: Identity, model: str, site: Site, is_fed: bool) -> Tree:
    """A clock; `is_fed`: a card with inputs belongs to it, and its PPS is the second reference."""
    if model in _GNSS:
        block, systems = _GNSS[model]
        receiver = chassis.gnss_receiver(block, site, systems, ["gps5", "gps9", "gps14", "gps30"])
    elif model.startswith("pzf"):
        receiver = chassis.dcf77_receiver()
    else:
        receiver = {
            "tcr": {
                "receiver-status": "synchronized",
                "code": "b122-b123",
                "lock-on": True,
                "telegram-error": False,
                "data-available": True,
                "invalid-utc-parameter": False,
                "invalid-system-configuration": False,
                "pulses-enabled": True,
                "tcap-exceeded": False,
                "warmed-up": True,
            }
        }
    module = chassis.clock(identity, CURRENT, model, "ocxo-dhq", "less-than-100ns", receiver, celsius=44.0)
    kind = "gps" if model in _GNSS else "irig" if model.startswith("tcr") else "dcf77-pzf-receiver"
    module["mrs"] = [
        _level(place, source, precision)
        for place, (source, precision) in enumerate(((kind, 1e-07), ("pps-in", 5e-07))[: 2 if is_fed else 1])
    ]
    module["synthesizer"] = {"state": "sync"}
    module["outputs"] = [
        {"object-id": f"pp{number}", "signal": signal, "signal-present": signal != "idle"}
        for number, signal in enumerate(("pulse-per-second", "pulse-per-min", "idle", "idle"), start=1)
    ]
    return module


def _level(place: int, source: str, precision: float) -> Tree:
    """One level of the references of a clock; the clock follows the first one."""
    return {
        "object-id": f"priority{place}",
        "info": {"settings": {"bias": 0.0, "precision": precision, "id": {"type": source, "instance": 0}}},
        "status": {
            "is-master": place == 0,
            "no-connection": False,
            "no-signal": False,
            "is-locked": True,
            "is-accurate": True,
            "not-supported": False,
            "offset": 1.2e-08 * place,
            "ssm": "stu-ukn",
            "soc": 0,
            "auto-bias": 0.0,
            "step-compensation": 0.0,
            "span": 1.5e-08,
        },
    }


def _module(identity: Identity, name: str, model: str, site: Site, fed: Iterable[str], image: str) -> Tree | None:
    if name.startswith("clk") and model:
        clock = _clock(identity, model, site, name in fed)
        if name != "clk1":
            clock["sync-status"]["clock-idx"] = "not-selected"
        return clock
    if model == "psu":
        return chassis.power(True, 150.0)
    if model == "cpu":
        return chassis.cpu("c15g2", image, 51.0)
    return modules.module(identity, model) if model else None


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


def build(name: str, model: str, firmware: str, site: Site, layout: Layout, nodes: int) -> Callable[[], Profile]:
    """A chassis with redundant power, two clocks, and the modules of `layout`."""
    api = "20.07.002"
    image = f"fw_{firmware}"
    # mri1 belongs to clk1.
    fed = {f"clk{slot[3:]}" for slot, kind, card in layout if kind == "mri" and card}
    ptp_slots = [slot for slot, dummy, card in layout if card in _PTP_MODELS]
    events = parts.event_ids(CURRENT, True)
    events += ["refclock-2-not-responding", "refclock-2-not-sync", "refclock-2-sync"]

    def config(identity: Identity) -> Tree:
        ptp: dict[str, Tree] = {
            slot: {
                "network": {"hostname": f"ptp-{slot}", "ipv4-address": "", "dhcp": True},
                "mode": "multicast-master",
                "network-protocol": "udp-ipv4",
                "profile": "default-e2e",
                "priority1": 128,
                "priority2": 128,
                "domain-number": _first_domain(card),
            }
            for slot, dummy, card in layout
            if card in _PTP_MODELS
        }
        return settings(identity, _PORTS, events, ptp)

    def status(identity: Identity) -> Tree:
        derived = derive(fill(schema(True), config(identity)))
        sync = parts.sync_status(f"clk1-{_kind(layout)}", "gps", "ocxo-dhq", "less-than-100ns")
        listed = parts.events(identity, CURRENT, True)
        for event, kind, triggered in (
            ("refclock-2-not-responding", "critical", 0),
            ("refclock-2-not-sync", "error", 0),
            ("refclock-2-sync", "info", 1),
        ):
            listed.append(
                {
                    "object-id": event,
                    "type": kind,
                    "triggered": triggered,
                    "last-triggered": parts.ago(identity, 3003) if triggered else "never",
                }
            )
        return {
            "object-id": "status",
            "rest-api": {"api-version": api},
            "system": parts.system(
                identity,
                CURRENT,
                sync,
                site,
                parts.firmware(identity, firmware, ("7.08.011",), CURRENT),
                1000000,
            ),
            "notification": {"events": listed},
            "network": {
                "ports": parts.ports(identity, CURRENT, _PORTS),
                "interfaces": parts.interfaces(derived, CURRENT),
            },
            "services": parts.services(derived, CURRENT),
            "chassis0": {
                "model": model,
                "serial-number": identity.serial,
                "backplane-revision": "V22",
                "firmware-image": image,
                "slot-layout": f"1,{len(layout)}",
                "slots": _one_serial_each(
                    chassis.slot(slot, kind, place, _module(identity, slot, card, site, fed, image))
                    for place, (slot, kind, card) in enumerate(layout)
                ),
            },
            "ntp": parts.ntp(identity, CURRENT, "GPS", "uhf-radio"),
            "syncmon": {
                "last-updated": parts.ago(identity, 0.1),
                "nodes": [_node(number) for number in range(1, nodes + 1)],
            },
            "syncteam": parts.syncteam(CURRENT),
        }

    assumptions = [
        *CONFIGURATION_ASSUMED,
        ("system/sync-status/ref-type", "kind of reference of a modular clock"),
        ("notification/events/refclock-2-*", "names of the second clock's events"),
        ("chassis0/slots/clk2/module/sync-status/clock-idx", "what the clock not in use says"),
        ("chassis0/slots", "slot names and types other than pwr, clk, cpu"),
    ]
    for slot, dummy, card in layout:
        if card and card not in ("psu", "cpu"):
            remark = f"all members of a {card} module but info"
            assumptions.append((f"chassis0/slots/{slot}/module", remark))
    for slot in ptp_slots:
        assumptions.append(
            (
                f"<configuration root>/chassis0/slots/{slot}/module/ptp",
                "one PTP instance can be configured over REST",
            )
        )
    if nodes:
        assumptions.append(("syncmon/nodes", "members of a monitored node"))
    made = Profile(name, model, image, api, "https", status, config, tuple(assumptions))
    return lambda: made


def _kind(layout: Layout) -> str:
    for slot, dummy, card in layout:
        if slot == "clk1":
            block = _GNSS[card][0] if card in _GNSS else card[:3]
            # As the GPS/GLONASS clock on record.
            return "gps" if block == "grc" else block
    return "gps"


def _first_domain(card: str) -> int:
    return 0 if card == "hps100" else 24


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


def _power(count: int) -> Layout:
    return tuple((f"pwr{number}", "pwr", "psu") for number in range(1, count + 1))


m3000 = build(
    "m3000-7.10",
    "M3000",
    "7.10.012",
    Site(52.520008, 13.404954, 61.0),
    (
        *_power(4),
        ("clk1", "clk", "gps182"),
        ("clk2", "clk", "gnm181"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("mri1", "mri", "mri"),
        ("esi1", "esi", "esi180"),
        ("io1", "io", "hps100"),
        ("io2", "io", "psx4ge"),
        ("io3", "io", "bpe8nnn"),
        ("io4", "io", "cpe182"),
        ("io5", "io", "fdm182"),
        ("io6", "io", "liu"),
        ("io7", "io", "lsg180"),
        ("io8", "io", "lno180"),
        ("io9", "io", "vsi180"),
        ("io10", "io", "pio180"),
        ("io11", "io", "rel1000"),
        ("io12", "io", "scg181"),
        ("io13", "io", "vsg181"),
        ("io14", "io", ""),
    ),
    3,
)
m4000 = build(
    "m4000-7.10",
    "M4000",
    "7.10.012",
    Site(50.110924, 8.682127, 112.0),
    (
        *_power(2),
        ("clk1", "clk", "gxl183"),
        ("clk2", "clk", "gns182uc"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("fan1", "fan", "fan"),
        ("fan2", "fan", "fan"),
        ("io1", "io", "hps100"),
        ("io2", "io", ""),
    ),
    1,
)
m1000 = build(
    "m1000-7.10",
    "M1000",
    "7.10.009",
    Site(51.339695, 12.373075, 113.0),
    (
        *_power(2),
        ("clk1", "clk", "gns182"),
        ("clk2", "clk", "tcr180"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("io1", "io", "bpe8nnn"),
        ("io2", "io", ""),
    ),
    0,
)
m2000s = build(
    "m2000s-7.10",
    "M2000S",
    "7.10.009",
    Site(49.452102, 11.076665, 309.0),
    (
        *_power(2),
        ("clk1", "clk", "grc181"),
        ("clk2", "clk", "pzf183"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("io1", "io", "liu"),
        ("io2", "io", ""),
    ),
    0,
)
