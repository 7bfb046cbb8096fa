# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IMS modules of a modular chassis. No public source shows the JSON of any of them.

`info` follows the modules that are recorded; every other member is an ASSUMPTION built on what
the vendor's pages say that the module does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .profile import Identity, Tree

IMS_FAMILIES = [
    "BPE",
    "CPE",
    "ESI",
    "FDM",
    "GNM",
    "GNS",
    "GNS-UC",
    "GPS",
    "GRC",
    "GXL",
    "PZF",
    "TCR",
    "HPS",
    "PSX",
    "LIU",
    "LSG",
    "LNO",
    "MRI",
    "VSI",
    "PIO",
    "REL",
    "RSC",
    "SCG",
    "VSG",
]


def info(identity: Identity, model: str, revision: str = "v1.08", celsius: float = 41.0) -> Tree:
    serial = f"0{(identity.seed * 31 + sum(map(ord, model)) * 977) % 10**11:011d}"
    return {
        "model": model,
        "serial-number": serial,
        "software-revision": revision,
        "sensors": {"temperature-1": celsius},
    }


def _numbered(prefix: str, items: Iterable[Tree]) -> list[Tree]:
    return [{"object-id": f"{prefix}{number}", **item} for number, item in enumerate(items, start=1)]


def _outputs(*signals: str, **more: Any) -> list[Tree]:
    return _numbered("out", ({"signal": signal, "signal-present": True, **more} for signal in signals))


def ptp_instance(identity: Identity, name: str, domain: int, mechanism: str = "e2e") -> Tree:
    mac = identity.mac(int(name[-1]) + 32)
    identity_text = mac.replace(":", "")
    clock = f"{identity_text[:6]}fffe{identity_text[6:]}"
    return {
        "object-id": name,
        "port-state": "master",
        "domain-number": domain,
        "delay-mechanism": mechanism,
        "link": True,
        "mac-address": mac,
        "clock-identity": clock,
        "grandmaster-identity": clock,
        "clock-class": 6,
        "clock-accuracy": 33,
        "time-source": 32,
        "utc-offset": 37,
        "offset-from-master": 0,
        "path-delay": 0,
        "unicast-clients": 0,
    }


def _ptp_card(identity: Identity, model: str, domains: tuple[int, ...]) -> Tree:
    return {
        "info": info(identity, model, "v2.44", 52.0),
        "ptp": {
            "instances": [
                ptp_instance(identity, f"ptp{number}", domain) for number, domain in enumerate(domains, start=1)
            ]
        },
        "sync-e": {"enabled": False, "input-quality-level": "none"},
    }


def module(identity: Identity, model: str) -> Tree:
    """The payload of an IMS module that is no clock."""
    if model in ("hps100", "psx4ge"):
        return _ptp_card(identity, model, (0, 44) if model == "hps100" else (24,))
    return {"info": info(identity, model), **_CARDS[model]}


_CARDS: dict[str, Tree] = {
    "bpe8nnn": {"outputs": _outputs("10mhz", "pps", "irig-dcls", "2048khz")},
    "cpe182": {"outputs": _outputs("programmable-pulse", "pps", level="ttl", connector="bnc")},
    "esi180": {
        "inputs": _numbered(
            "in",
            (
                {
                    "type": "e1-bits",
                    "signal-present": True,
                    "quality-level": "ql-prc",
                    "minimum-quality-level": "ql-ssu-a",
                    "sa-bit-group": "sa4",
                    "itu-limits": "adhered",
                    "loss-of-frame": False,
                },
            ),
        )
    },
    "fdm182": {
        "fdm": {
            "frequency": 50.003,
            "nominal-frequency": 50,
            "frequency-deviation": 0.003,
            "time-deviation": 0.012,
            "frequency-within-limits": True,
            "time-within-limits": True,
            "overflow": False,
            "reference-free": False,
            "power-line-time-free": False,
            "no-time-string": False,
            "no-power-line-time-init": False,
            "analog-overflow": "none",
        }
    },
    "liu": {"mode": "e1", "outputs": _outputs("e1-bits", "2048khz")},
    "lsg180": {
        "mode": "e1",
        "outputs": _outputs("e1-bits", "e1-bits", "2048khz", "2048khz", **{"quality-level": "ql-prc"}),
    },
    "lno180": {
        "pll-locked": True,
        "warmed-up": True,
        "outputs": _outputs("10mhz", "10mhz", "10mhz", "10mhz", level="7dbm"),
    },
    "mri": {
        "inputs": _numbered(
            "in",
            (
                {"type": "pps", "signal-present": True},
                {"type": "10mhz", "signal-present": True},
                {"type": "irig-dcls", "signal-present": False, "code": "b002-b003"},
                {"type": "irig-am", "signal-present": False, "code": "b122-b123"},
            ),
        )
    },
    "vsi180": {"inputs": _numbered("in", ({"type": "black-burst", "signal-present": True, "locked": True},))},
    "pio180": {
        "ports": _numbered(
            "io",
            (
                {"direction": "output", "signal": "pps", "offset": None, "signal-present": True},
                {"direction": "input", "signal": "pps", "offset": 12.0, "signal-present": True},
                {"direction": "output", "signal": "10mhz", "offset": None, "signal-present": True},
                {"direction": "input", "signal": "none", "offset": None, "signal-present": False},
            ),
        )
    },
    "rel1000": {
        "relays": [
            {"object-id": name, "state": "no-error", "source": source}
            for name, source in (("a", "clk1"), ("b", "clk2"), ("c", "rsc"))
        ]
    },
    "rsc180": {
        "mode": "automatic",
        "selected-clock": "clk1",
        "clocks": [{"object-id": name, "state": "synchronized"} for name in ("clk1", "clk2")],
        "outputs-enabled": True,
        "watchdog-ok": True,
    },
    "scg181": {"outputs": _outputs("word-clock", "aes11", "word-clock", "word-clock")},
    "vsg181": {"outputs": _outputs("tri-level", "ltc", "dars", "word-clock", phase=0.0), "oscillator-locked": True},
    "fan": {"fan-state": "on", "fan-error": "no"},
}

# Family of each model that a profile fits, for tests and documentation.
FAMILY: dict[str, str] = {
    "bpe8nnn": "BPE",
    "cpe182": "CPE",
    "esi180": "ESI",
    "fdm182": "FDM",
    "gnm181": "GNM",
    "gns182": "GNS",
    "gns182uc": "GNS-UC",
    "gps182": "GPS",
    "grc181": "GRC",
    "gxl183": "GXL",
    "pzf183": "PZF",
    "tcr180": "TCR",
    "hps100": "HPS",
    "psx4ge": "PSX",
    "liu": "LIU",
    "lsg180": "LSG",
    "lno180": "LNO",
    "mri": "MRI",
    "vsi180": "VSI",
    "pio180": "PIO",
    "rel1000": "REL",
    "rsc180": "RSC",
    "scg181": "SCG",
    "vsg181": "VSG",
}
