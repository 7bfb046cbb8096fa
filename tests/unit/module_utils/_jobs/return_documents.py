# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of lantime_facts and lantime_module_info for invented devices that report every member."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import module_info
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.syncmon import read_nodes
from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts
from ansible_collections.meinberg.lantime.tests.unit.module_utils._hardware import ims
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import envelope
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.whole_status import whole

Tree = dict[str, t.Any]

_PTP_INSTANCE: Tree = {
    "object-id": "ptp9",
    "mode": "multicast-master",
    "profile": "power-c37-238",
    "network-protocol": "udp-ipv4",
    "grandmaster-mac": "02-00-5E-10-00-09",
    "delay-asymmetry": "25 ns",
}
_SIGNALS: Tree = {
    "outputs": [{"object-id": "out1", "state": "on"}],
    "inputs": [{"object-id": "in1", "state": "locked"}],
    "relays": [{"object-id": "a", "state": "no-error", "coil": 12}],
}
_CLOCK = ims.clock("gns181", "synchronized")
_CLOCK["sync-status"]["fresh"] = 1
_EXTRA: Tree = {
    "data": {
        "syncmon": {"nodes": [{"object-id": "n1", "name": "ts9", "hops": 3}]},
        "chassis0": {
            "slots": [
                ims.slot("clk1", "clk", _CLOCK),
                ims.slot("io1", "io", ims.card("hps100", ptp={"instances": [_PTP_INSTANCE]})),
                ims.slot("io2", "io", ims.card("pio180", **_SIGNALS)),
            ]
        },
    }
}
# Members that modules report while they are in trouble, and settings that they show.
_TROUBLED: Tree = {
    "clk2": (
        "tcr180",
        {
            "tcr": {
                "receiver-status": "not-synchronized",
                "code": "b122-b123",
                "data-available": True,
                "telegram-error": False,
                "tcap-exceeded": True,
                "invalid-utc-parameter": False,
                "invalid-system-configuration": False,
                "pulses-enabled": True,
                "warmed-up": True,
                "carrier": 1000,
            },
            "mrs": [
                {
                    "object-id": "priority0",
                    "status": {
                        "is-master": True,
                        "is-locked": True,
                        "is-accurate": False,
                        "no-connection": False,
                        "no-signal": False,
                        "not-supported": False,
                        "offset": 2e-08,
                    },
                }
            ],
            "synthesizer": {"state": "free", "phase": 3},
        },
    ),
    "esi1": (
        "esi180",
        {
            "inputs": [
                {
                    "object-id": "in1",
                    "type": "black-burst",
                    "format": "pal",
                    "locked": True,
                    "loss-of-frame": False,
                    "minimum-boc-level": "ql-st2",
                    "slips": 2,
                }
            ]
        },
    ),
    "io5": (
        "fdm182",
        {
            "fdm": {
                "reference-free": False,
                "power-line-time-free": False,
                "no-time-string": True,
                "no-power-line-time-init": False,
                "analog-overflow": "a1",
                "zone": "UTC",
            }
        },
    ),
    "io7": (
        "lsg180",
        {
            "outputs": [
                {
                    "object-id": "out1",
                    "signal": "bi-level",
                    "mode": "pulse-per-second",
                    "format": "1080i50",
                    "code": "b002-b122",
                    "quality-level": "ql-prc",
                    "sa-bit-group": "sa5",
                }
            ],
            "oscillator-locked": True,
            "warmed-up": "lukewarm",
        },
    ),
    "io1": (
        "hps100",
        {
            "ptp": {"instances": [{"object-id": "ptp1", "enabled": True}]},
            "sync-e": {"quality-level-selection": True, "output-quality-level": "prc"},
        },
    ),
}
_TROUBLED_NODE = {"object-id": "n2", "enabled": True, "input": "io10/io2", "interval": 64, "stratum-limit": 10}
_MORE: Tree = {
    "data": {
        "syncmon": {"nodes": [_TROUBLED_NODE]},
        "chassis0": {
            "slots": [ims.slot(name, name[:2], ims.card(model, **m)) for name, (model, m) in _TROUBLED.items()]
        },
    }
}


def expected_values(module: str) -> dict[str, t.Any]:
    """The values of the return values of a module, by their paths with points."""
    text = (Path(__file__).parent / f"{module}.yml").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", yaml.safe_load(text))


def document(module: str) -> list[Tree]:
    """Results of a module without what depends on the connection."""
    return _facts() if module == "lantime_facts" else _modules()


def _facts() -> list[Tree]:
    team = whole()
    reference = team["data"]["syncteam"]["reference"]
    team["data"]["syncteam"]["time-quality"] = "less-than-100ns"
    reference["current-team-master"] = "ts2"
    results = []
    for status in (team, envelope("m3000-7.10"), _MORE):
        gathered = facts.gather_facts(status, facts.resolve_subsets(["all"]))
        # Its names are mount points.
        storage = gathered["ansible_lantime"]["storage"]
        gathered["ansible_lantime"]["storage"] = list(storage.values())
        results.append({"ansible_facts": gathered})
    return results


def _modules() -> list[Tree]:
    results = []
    for status, settings in (
        (_EXTRA, None),
        (ims.ENVELOPE, ims.CONFIGURATION),
        (envelope("m3000-7.10"), None),
        (whole(), None),
        (_MORE, None),
    ):
        modules = module_info.describe_modules(status, module_info.ModuleSelection(), settings)
        instances = module_info.list_ptp_instances(modules)
        results.append({"modules": modules, "ptp_instances": instances, "syncmon_nodes": read_nodes(status)})
    return results


def first_values(results: t.Sequence[Tree]) -> dict[str, t.Any]:
    """By path, the first value that is neither missing nor empty."""
    values: dict[str, t.Any] = {}

    def walk(value: t.Any, path: str) -> None:
        if value not in (None, {}, []):
            values.setdefault(path, value)
        for name, inner in value.items() if isinstance(value, dict) else ():
            walk(inner, f"{path}.{name}" if path else str(name))
        for inner in value if isinstance(value, list) else ():
            if isinstance(inner, dict):
                walk(inner, path)

    for result in results:
        walk(result, "")
    return values
