# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An invented modular chassis: two clocks, a switch, cards of many kinds and one of an unknown kind."""

from __future__ import annotations

import typing as t

Tree = dict[str, t.Any]


def slot(name: str, kind: str, module: Tree | None = None) -> Tree:
    result: Tree = {"object-id": name, "slot-id": name, "slot-type": kind, "slot-position": "0,1,1"}
    return result if module is None else {**result, "module": module}


def card(model: str, **members: t.Any) -> Tree:
    return {"info": {"model": model, "serial-number": "0123"}, **members}


def clock(model: str, state: str, **members: t.Any) -> Tree:
    sync = {
        "clock-idx": "selected",
        "osc-type": "ocxo-hq",
        "est-time-quality": "less-than-100ns",
        "clock-status": {"clock": state, "oscillator": "warmed-up"},
    }
    return card(model, **{"sync-status": sync, "dac-cal": None, **members})


GNSS: Tree = {
    "gns": {
        "ref-type": "gps",
        "receiver-status": "synchronized",
        "antenna": {"connected": True, "short-circuit": False, "current-ma": 31},
        "receiver": {"synchronized": True, "tracking": False},
        "fresh": "N/A",
    },
    "satellites": {"good-satellites": 9, "satellites-in-view": 14, "fresh-one": 1},
    "mrs": [
        {
            "object-id": f"priority{place}",
            "info": {
                "settings": {
                    "bias": bias,
                    "precision": 9.9999999999999995e-08,
                    "id": {"type": kind, "instance": 0},
                    "window": 3,
                },
                "state": "is-locked",
            },
        }
        for place, kind, bias in ((10, "ptp", "1.5 us"), (2, "pps-in", 2e-08), (0, "gps", 0.0))
    ],
    "supported-string-types": [{"object-id": "nmea-rmc", "value": 2}],
    "synthesizer": {"state": "drifting", "frequency": 2048000.0},
}
TIME_CODE: Tree = {"tcr": {"receiver-status": "not-synchronized", "lock-on": False}}
PTP: Tree = {
    "ptp": {
        "one-step": True,
        "instances": [
            {
                "object-id": "ptp1",
                "port-state": 6,
                "domain-number": "44",
                "clock-accuracy": 33,
                "time-source": 32,
                "offset-from-master": "0.25 us",
                "path-delay": 1200.5,
                "port-linkup": 1,
                "sync-rate": -4,
            },
            {"object-id": "ptp2", "port-state": "listening", "clock-accuracy": "worse"},
        ],
    },
    "sync-e": {"enabled": True, "input-quality-level": "none", "eec-state": "free"},
}
CARDS: Tree = {
    "bpe8nnn": {"outputs": [{"object-id": "out1", "signal": "10mhz", "signal-present": "maybe"}]},
    "pio180": {
        "ports": [
            {"object-id": "io1", "direction": "output", "signal": "pps"},
            {"object-id": "io2", "direction": "input", "signal": "pps", "offset": 12.0},
            {"object-id": "io3", "direction": "sideways"},
        ]
    },
    "rel1000": {"relays": [{"object-id": "a", "state": "no-error", "source": "clk1"}, "odd"]},
    "fdm182": {"fdm": {"frequency": 50013, "nominal-frequency": 50000, "overflow": False}},
    "rsc180": {"mode": "manual", "selected-clock": "clk2"},
    "zzz900": {"Flux Density": {"k": [1, {"deep-er": "N/A"}]}, "auth-token": "canary"},
    "liu": {"mode": "t1"},
    "lno180": {"pll-locked": False, "warmed-up": "no", "vcxo": 3},
}
SYNCMON: Tree = {
    "nodes": [
        {"object-id": "n1", "address": "192.0.2.1", "offset": 2e-3, "offset-limit": 1e-3},
        {"object-id": "n2", "address": "192.0.2.2", "offset": "15 us", "offset-limit": 1e-3},
        {"object-id": "n3", "state": "unreachable", "password": "canary"},
        {"object-id": "n4", "state": "no-error"},
        {"object-id": "n5", "state": "reachable", "alarm": True},
        {"object-id": "n6", "status": "reachable", "colour": "green"},
    ]
}
ENVELOPE: Tree = {
    "data": {
        "system": {"sync-status": {"reference": "clk2-irig", "clock-status": {"antenna": "connected"}}},
        "syncmon": SYNCMON,
        "chassis0": {
            "slots": [
                slot("pwr1", "pwr", {**card("psu"), "power-available": True}),
                slot("pwr2", "pwr", {**card("psu"), "power-available": False}),
                slot("pwr3", "pwr", {"power-available": False, "power-capacity": 0.0}),
                slot("clk1", "clk", clock("gns182", "synchronized", **GNSS)),
                slot("clk2", "clk", clock("tcr180", "holdover", **TIME_CODE)),
                slot("io1", "io", card("hps100", **PTP)),
                *(
                    slot(f"io{place}", "io", card(model, **members))
                    for place, (model, members) in enumerate(CARDS.items(), start=2)
                ),
                slot("io20", "io"),
            ]
        },
    }
}
CONFIGURATION: Tree = {
    "snmp": {"read-community": "canary"},
    "chassis0": {
        "slots": [
            {
                "object-id": "io1",
                "module": {
                    "ptp": {
                        "domain-number": 44,
                        "shared-key": "canary",
                        "masters": [{"object-id": "1", "address": "192.0.2.7"}],
                    }
                },
            },
            {"object-id": "clk1", "cable": 20},
            {"object-id": "io20"},
        ]
    },
}
