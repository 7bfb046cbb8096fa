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

from ..families.catalogue import FAMILIES, FAMILY_OF_MODEL
from ..tree import clone
from .profile import Identity, Tree

IMS_FAMILIES = list(FAMILIES)
# Family of each model that a profile can fit, for tests and documentation.
FAMILY = FAMILY_OF_MODEL


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
    return _numbered("out", ({"signal": signal, "signal-present": signal != "off", **more} for signal in signals))


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


# Domain of each PTP instance of a card.
DOMAINS: dict[str, tuple[int, ...]] = {"hps100": (0, 44), "psx4ge": (24,)}


def module(identity: Identity, model: str, is_flat: bool = False) -> Tree:
    """The payload of an IMS module that is no clock."""
    if model in ("hps100", "psx4ge"):
        return _ptp_card(identity, model, DOMAINS[model][: 1 if is_flat else None])
    return {"info": info(identity, model), **clone(_CARDS[_SAME_AS.get(model, model)])}


# Models whose status has the members of another one.
_SAME_AS = {
    "bpe": "bpe8nnn",
    "cpe180": "cpe182",
    "fdm180": "fdm182",
    "rsc2000": "rsc180",
    "scg": "scg181",
    "vsg180": "vsg181",
}
# Settings that a fitted card starts with other than the defaults of its family.
SETTINGS: dict[str, Tree] = {
    "pio180": {
        "ports": {
            "io1": {"direction": "output", "signal": "pps"},
            "io2": {"direction": "input", "signal": "pps"},
            "io3": {"direction": "output", "signal": "10mhz"},
        }
    },
}

_CARDS: dict[str, Tree] = {
    "bpe8nnn": {"outputs": _outputs("10mhz", "pps", "irig-dcls", "2048khz")},
    "cpe182": {"outputs": _outputs("programmable-pulse", "pps", "off", "off", level="ttl", connector="bnc")},
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
    "liu": {"mode": "e1", "outputs": _outputs(*["e1-bits"] * 4, *["2048khz"] * 4)},
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
    "vsi180": {
        "inputs": _numbered(
            "in",
            (
                {"type": kind, "signal-present": kind != "off", "locked": kind != "off"}
                for kind in ("black-burst", "off", "off", "off")
            ),
        )
    },
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
CARD_MODELS = (*DOMAINS, *(model for model in (*_CARDS, *_SAME_AS) if model != "fan"))
"""The models that `module` knows."""
