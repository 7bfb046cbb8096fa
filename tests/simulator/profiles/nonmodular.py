# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Non-modular devices: M300 on 7.06, M400 on 7.08, M600 on 7.10."""

from __future__ import annotations

from ..reflect import derive
from ..schema import schema
from ..tree import fill
from . import chassis, parts
from .parts import CURRENT, MIDDLE, OLD, Port, Site
from .profile import CONFIGURATION_ASSUMED, Identity, Profile, Tree
from .settings import settings


def build(
    name: str,
    model: str,
    firmware: str,
    api: str,
    generation: str,
    ports: tuple[Port, ...],
    clock_model: str,
    oscillator: str,
    site: Site | None,
    assumptions: tuple[tuple[str, str], ...] = (),
) -> Profile:
    """A box with one clock, one power supply of two, and a CPU."""
    gnss = site is not None
    quality = "less-than-100ns"

    def config(identity: Identity) -> Tree:
        return settings(identity, ports, parts.event_ids(generation, gnss))

    def status(identity: Identity) -> Tree:
        derived = derive(fill(schema(), config(identity)))
        image = f"fw_{firmware}"
        if site is None:
            receiver = chassis.dcf77_receiver()
            sync = parts.sync_status("clk1-pzf", "dcf77-pzf-receiver", oscillator, quality)
        else:
            block = clock_model[:3]
            systems = ("gps", "galileo", "glonass") if block == "gns" else ("gps",)
            receiver = chassis.gnss_receiver(block, site, systems, ["gps3", "gps11", "gps22", "gps31"])
            sync = parts.sync_status("clk1-gps", "gps", oscillator, quality)
        clock = chassis.clock(identity, generation, clock_model, oscillator, quality, receiver)
        tree: Tree = {
            "object-id": "status",
            "rest-api": {"api-version": api},
            "system": parts.system(
                identity,
                generation,
                sync,
                site,
                parts.firmware(identity, firmware, (), generation),
                256000,
            ),
            "notification": {"events": parts.events(identity, generation, gnss)},
            "network": {
                "ports": parts.ports(identity, generation, ports),
                "interfaces": parts.interfaces(derived, generation),
            },
            "services": parts.services(derived, generation),
            "chassis0": _chassis(identity, model, image, generation, clock),
        }
        if generation == OLD:
            tree["chassis-xhe"] = chassis.xhe_absent()
        tree["ntp"] = parts.ntp(identity, generation, "GPS" if gnss else "PZF", "uhf-radio" if gnss else "lf-radio")
        tree["syncmon"] = {
            "last-updated": "never" if generation == OLD else parts.ago(identity, 0.1),
            "nodes": [],
        }
        tree["syncteam"] = parts.syncteam(generation)
        return tree

    scheme = "http" if generation == OLD else "https"
    return Profile(
        name,
        model,
        f"fw_{firmware}",
        api,
        scheme,
        status,
        config,
        (*CONFIGURATION_ASSUMED, *assumptions),
    )


def _chassis(identity: Identity, model: str, image: str, generation: str, clock: Tree) -> Tree:
    card = chassis.cpu("c05f1-v33" if generation != OLD else "c05f1-v31", image, 47.0)
    slots = [
        chassis.slot("pwr1", "pwr", 0, chassis.power(True)),
        chassis.slot("pwr2", "pwr", 1, chassis.power(False)),
        chassis.slot("clk1", "clk", 2, clock),
        chassis.slot("clk2", "clk", 3),
        chassis.slot("cpu", "cpu", 4, card),
        *(chassis.slot(f"int{number}", "int", 4 + number) for number in range(1, 5)),
    ]
    if generation == OLD:
        slots[2:5] = [slots[4], slots[2], slots[3]]
    return {
        "model": model,
        "serial-number": identity.serial,
        "backplane-revision": "V41",
        "firmware-image": image,
        "slot-layout": "1,9",
        "slots": slots,
    }


def m300() -> Profile:
    return build(
        "m300-7.06",
        "M300",
        "7.06.017-light",
        "10.21.019",
        OLD,
        (Port("lan0", card="c05f1-v31", link=True, speed="100"),),
        "pzf511",
        "tcxo",
        None,
        (("system/position", "zero coordinates on a clock without GNSS"),),
    )


def m400() -> Profile:
    return build(
        "m400-7.08",
        "M400",
        "7.08.011",
        "17.03.004",
        MIDDLE,
        (
            Port("lan0", card="c05f1-v33", link=True),
            Port("lan1", card="c05f1-v33", link=True),
            Port("lan2"),
        ),
        "gps180",
        "ocxo-hq",
        Site(53.551086, 9.993682, 38.2),
        (
            (
                "",
                "no answer of a 7.08 device is public: every member is taken from 7.10, "
                "less the events that only 7.10 is known to have",
            ),
            ("chassis0/slots/clk1/module/gps", "block of a GPS clock, by analogy with grc"),
        ),
    )


def m600() -> Profile:
    return build(
        "m600-7.10",
        "M600",
        "7.10.012",
        "20.07.002",
        CURRENT,
        (
            Port("lan0", card="c05f1-v33", link=True),
            Port("lan1", card="c05f1-v33", link=True),
            Port("lan2"),
            Port("lan3"),
        ),
        "grc181",
        "ocxo-hq",
        Site(48.137154, 11.576124, 527.9),
    )
