# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases for the checks of plug-in modules, in the form of `case_form`."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import (
    CLOCK,
    EVENTS,
    SLOTS,
    UPTIME,
    Case,
    expect,
    limit,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE, before

M3000 = "m3000-7.10"
FULL = limit(assumed_severity="full")
COLD = {UPTIME: 60.0}


def at(slot: str, path: str = "") -> str:
    return f"{SLOTS}/{slot}/module" + (f"/{path}" if path else "")


def case(check: str, state: str, changes: t.Mapping[str, t.Any], **more: t.Any) -> Case:
    return Case(check, state, changes, profile=more.pop("profile", M3000), **more)


VERSION = "/system-information/version"
MRS0, MRS1 = at("clk1", "mrs/priority0"), at("clk1", "mrs/priority1")
TCR = {"profile": "m1000-7.10"}
PZF = {"profile": "m2000s-7.10"}
TIME_LEVEL = {"object-id": "priority1", "info": {"settings": {"id": {"type": "gps", "instance": 0}}}}
FREQUENCY = {"info": {"settings": {"id": {"type": "fixed-freq-in", "instance": 0}}}}
ESI_USED = {MRS1: FREQUENCY}
INSTANCE = at("io1", "ptp/instances/ptp1")
SLAVE = {f"{INSTANCE}/mode": "multicast-slave"}
SILENT_SOCKET = {"signal": "ppo3", "signal-present": False}


def source(kind: str) -> t.Mapping[str, t.Any]:
    """The second reference of a clock has no signal."""
    return {MRS1: {"info": {"settings": {"id": {"type": kind, "instance": 0}}}, "status": {"no-signal": True}}}


def unreported(kind: str) -> t.Mapping[str, t.Any]:
    """The second reference of a clock that does not report whether it has a signal."""
    return {MRS1: {"info": {"settings": {"id": {"type": kind, "instance": 0}}}}}


# What a reference comes from, in trouble: that has the finding.
CAUSES: tuple[tuple[str, t.Mapping[str, t.Any]], ...] = (
    ("pps-in", {at("mri1", "inputs/in1/signal-present"): False}),
    ("10mhz-freqin", {at("mri1", "inputs/in2/signal-present"): False}),
    ("fixed-freq-in", {at("esi1", "inputs/in1/quality-level"): "ql-ssu-b"}),
    ("fixed-freq-in", {at("esi1", "inputs/in1/loss-of-frame"): True}),
    ("video-in", {at("io9", "inputs/in1/signal-present"): False}),
    ("ptp-ieee1588", {at("io1", "ptp/instances/ptp2/link"): False}),
    ("sync-e", {at("io1", "sync-e"): {"enabled": True, "input-quality-level": "dnu"}}),
)

# What is excused for some minutes after a clock lost its synchronization, the number of the clock, and the device.
RECENT: tuple[tuple[str, t.Mapping[str, t.Any], int, t.Mapping[str, t.Any]], ...] = (
    ("reference_sources", {f"{MRS0}/status": {"is-master": True, "is-locked": False}}, 1, {}),
    ("receiver_mode", {at("clk2", "gnm/receiver/warm-boot"): True}, 2, {}),
    ("long_wave", {at("clk2", "dcf77/pcps/freer"): True}, 2, PZF),
    ("time_code", {at("clk2", "tcr/lock-on"): False}, 2, TCR),
    ("ptp_ports", {f"{INSTANCE}/port-state": "initializing"}, 1, {}),
)

FIRING: tuple[Case, ...] = (
    case(
        "reference_sources",
        "warning",
        {f"{MRS1}/status": {"is-master": True}},
        result={"value": "pps-in", "subject": "clk1/priority1"},
    ),
    case("reference_sources", "warning", {f"{MRS0}/status": {"no-signal": True}}),
    *(case("reference_sources", "info", {**source(kind), **cause}) for kind, cause in CAUSES),
    *(case("reference_sources", "warning", source(kind)) for kind, dummy in CAUSES),
    case("reference_sources", "warning", {**source("ntp"), at("io9", "inputs/in1/signal-present"): False}),
    # A reference that nothing provides, of a clock that reports nothing about its signal.
    *(
        case("reference_sources", "warning", unreported(kind), **PZF, result={"value": kind})
        for kind in ("pps-in", "fixed-freq-in", "video-in", "ptp-ieee1588", "sync-e", "irig")
    ),
    case("reference_sources", "info", {f"{MRS0}/info/settings/bias": 2.5e-07}, result={"value": 250}),
    case("reference_sources", "warning", {f"{MRS0}/status": {"not-supported": True}}),
    case("reference_sources", "error", {f"{MRS0}/status": {"not-supported": True}}, policy=FULL),
    case("reference_sources", "info", {f"{MRS1}/info/settings/id/type": "gps"}),
    case("reference_sources", "info", {f"{MRS0}/status": {"is-master": True, "is-locked": False}, **COLD}),
    case(
        "reference_sources",
        "info",
        {f"{MRS0}/status": {"no-signal": True}, at("clk1", "sync-status/clock-status/clock"): "holdover"},
    ),
    case("reference_sources", "warning", {f"{MRS0}/status": {"offset": -0.002}}, result={"value": -2_000_000}),
    case(
        "reference_sources",
        "warning",
        {f"{MRS0}/info/settings/id/type": "10mhz-freqin", f"{MRS1}/info/settings/id/type": "none"},
    ),
    case("receiver_mode", "warning", {at("clk1", "satellites/gps-mode"): "cold-boot"}, result={"value": "cold-boot"}),
    case("receiver_mode", "warning", {at("clk1", "gps/receiver/warm-boot"): True}),
    case("receiver_mode", "info", {at("clk1", "gps/receiver/warm-boot"): True, **COLD}),
    *(
        case(check, "info", changes, events={f"refclock-{number}-not-sync": (1, before(minutes=9))}, **more)
        for check, changes, number, more in RECENT
    ),
    case("long_wave", "warning", {at("clk2", "dcf77/correlation"): 59}, **PZF, result={"value": 59, "limit": 60}),
    case("long_wave", "error", {at("clk2", "dcf77/correlation"): 29}, **PZF),
    case("long_wave", "critical", {at("clk2", "dcf77/pcps/invt"): True}, **PZF),
    case("long_wave", "info", {at("clk2", "dcf77/pcps/freer"): True, at("clk2", "dcf77/pcps/syncd"): False}, **PZF),
    case("time_code", "warning", {at("clk2", "tcr/lock-on"): False}, **TCR, result={"subject": "clk2"}),
    case("time_code", "error", {at("clk2", "tcr/data-available"): False}, **TCR, policy=FULL),
    case("time_code", "info", {at("clk2", "tcr/lock-on"): False, **COLD}, **TCR),
    case(
        "redundant_clocks",
        "warning",
        {at("clk2", "sync-status/est-time-quality"): "less-than-1ms"},
        result={"value": 1_000_000, "limit": 100_000, "subject": "clk2"},
    ),
    case("redundant_clocks", "critical", {at("clk2", "sync-status/est-time-quality"): "less-than-1s"}),
    case("redundant_clocks", "warning", {at("clk2", "sync-status/clock-status/oscillator"): "not-warmed-up"}),
    case("redundant_clocks", "info", {at("clk2", "sync-status/clock-status/oscillator"): "not-warmed-up", **COLD}),
    case("sync_e", "warning", {at("io1", "sync-e"): {"enabled": True, "input-quality-level": "dnu"}}),
    case("ptp_ports", "warning", {f"{INSTANCE}/link": False}, result={"subject": "io1/ptp1"}),
    case("ptp_ports", "error", {f"{INSTANCE}/link": False}, policy=FULL),
    case("ptp_ports", "critical", {f"{INSTANCE}/clock-class": 248}, policy=FULL),
    case("ptp_ports", "info", {f"{INSTANCE}/clock-class": 248, f"{CLOCK}/clock": "holdover"}, policy=FULL),
    case("ptp_ports", "warning", {f"{INSTANCE}/port-state": "disabled", f"{INSTANCE}/enabled": True}),
    case("ptp_ports", "warning", {**SLAVE, f"{INSTANCE}/port-state": "listening"}),
    case("ptp_ports", "info", {f"{INSTANCE}/mode": "multicast-master", f"{INSTANCE}/port-state": "passive"}),
    case("module_inputs", "warning", {**ESI_USED, at("esi1", "inputs/in1/signal-present"): False}),
    case("module_inputs", "error", {at("esi1", "inputs/in1/quality-level"): "ql-eec1-sec"}, policy=FULL),
    case("module_inputs", "critical", {at("esi1", "inputs/in1/itu-limits"): "violated"}, policy=FULL),
    case("module_outputs", "warning", {at("io3", "outputs/out2/signal-present"): False}, result={"value": "pps"}),
    case("module_outputs", "error", {at("io3", "outputs/out2/signal-present"): False}, policy=FULL),
    # Without the switch card, a socket of the backplane has nothing to carry; with an idle output it is set wrong.
    case(
        "module_outputs",
        "info",
        {at("rsc1", "outputs-enabled"): False, at("io3", "outputs/out2/signal-present"): False},
        policy=FULL,
    ),
    case("module_outputs", "error", {at("io3", "outputs/out4"): SILENT_SOCKET}, policy=FULL),
    case("module_oscillators", "warning", {at("io8", "pll-locked"): False}, result={"subject": "io8"}),
    case("module_oscillators", "error", {at("io8", "pll-locked"): False}, policy=FULL),
    case("module_oscillators", "info", {at("io8", "warmed-up"): False, **COLD}),
    case(
        "mains",
        "warning",
        {at("io5", "fdm/frequency-within-limits"): False},
        result={
            "subject": "io5",
            "value": 50.003,
            "message": "The mains frequency at io5 is 50.003 Hz, beyond its limits.",
        },
    ),
    case("mains", "error", {at("io5", "fdm/frequency-within-limits"): False}, policy=FULL),
    case("mains", "info", {at("io5", "fdm/analog-overflow"): "a0"}),
    case("relays", "warning", {at("io11", "relays/b/state"): "error"}, result={"subject": "io11/b", "value": "clk2"}),
    case(
        "relays",
        "info",
        {at("io11", "relays/b/state"): "error", at("clk2", "sync-status/clock-status/clock"): "holdover"},
    ),
    case("clock_switch", "warning", {at("rsc1", "mode"): "manual"}, result={"value": "clk1"}),
    case("clock_switch", "error", {at("rsc1", "watchdog-ok"): False}, policy=FULL),
    case("clock_switch", "info", {at("rsc1", "selected-clock"): "clk2"}),
    case("relays", "info", {at("io11", "relays/c/state"): "error", at("rsc1", "watchdog-ok"): False}),
    case(
        "clock_switch",
        "critical",
        {at("rsc1", "clocks/clk1/state"): "holdover", at("rsc1", "clocks/clk2/state"): "holdover"},
        policy=FULL,
    ),
    case("module_identity", "error", {}, policy=expect(modules={"io5": {"family": "LIU"}})),
    case("module_identity", "warning", {}, policy=expect(modules={"io5": {"revision": "v9.9"}})),
    case("module_identity", "info", {}, policy=expect(modules={"io5": {"revision": "v0.1"}})),
    case("syncmon", "warning", {"syncmon/nodes/node1/stratum": 16}, result={"subject": "node1", "value": 16}),
    case("syncmon", "warning", {"syncmon/nodes/node1/stratum": 3, "syncmon/nodes/node1/stratum-limit": 2}),
    case("syncmon", "warning", {"syncmon/last-updated": "never"}),
    case("syncmon", "warning", {"syncmon/last-updated": before(hours=2)}, result={"value": 7199, "limit": 3600}),
    case(
        "syncmon",
        "warning",
        {"syncmon/last-updated": before(minutes=4), "syncmon/nodes/node1/interval": 64},
        result={"value": 239, "limit": 192},
    ),
)

SILENT: tuple[Case, ...] = (
    *(
        case(check, "ok", {})
        for check in (
            "reference_sources",
            "receiver_mode",
            "redundant_clocks",
            "module_inputs",
            "module_outputs",
            "module_oscillators",
            "mains",
            "relays",
            "clock_switch",
        )
    ),
    case("module_identity", "skipped", {}, policy=expect(modules=["io5"])),
    case("module_identity", "ok", {}, policy=expect(modules={"io5": {"family": "FDM", "revision": "1.8"}})),
    case("long_wave", "ok", {}, **PZF),
    # Firmware that is older than the recorded one, and a family that is not on record.
    case(
        "receiver_mode", "ok", {at("clk1", "grc/receiver/cold-boot"): GONE, VERSION: "fw_7.09.001"}, profile="m600-7.10"
    ),
    case("receiver_mode", "ok", {at("clk1", "gps/receiver/cold-boot"): GONE}),
    case("long_wave", "ok", {at("clk2", "dcf77/field-strength"): GONE, VERSION: "fw_7.05.001"}, **PZF),
    case("long_wave", "skipped", {}),
    case("time_code", "ok", {}, **TCR),
    case("sync_e", "ok", {at("io1", "sync-e"): {"enabled": True, "input-quality-level": "prc"}}),
    case("sync_e", "skipped", {}),
    *(case("reference_sources", "ok", unreported(kind)) for kind, dummy in CAUSES),
    case("reference_sources", "ok", unreported("irig")),
    case("reference_sources", "ok", unreported("ntp"), **PZF),
    case("reference_sources", "ok", {}, **TCR),
    # The sockets of a unit without bays are in no slot.
    case(
        "reference_sources",
        "ok",
        {at("clk1", "mrs"): [{"object-id": "priority0", **unreported("pps-in")[MRS1]}, TIME_LEVEL]},
        profile="m600-7.10",
    ),
    case("reference_sources", "ok", {f"{MRS1}/info/settings/bias": 2.5e-07}),
    # An unused level, and a signal that nobody needs.
    case("reference_sources", "ok", {MRS1: {**FREQUENCY, "status": {"no-signal": False}}}),
    case("reference_sources", "ok", {f"{MRS1}/info/settings/id/type": "none", f"{MRS1}/status": {"no-signal": True}}),
    case("module_inputs", "ok", {at("esi1", "inputs/in1/signal-present"): False}),
    case("module_inputs", "ok", {at("mri1", "inputs/in2/signal-present"): False}),
    # Outputs are silent until the clock is synchronized, and without the PLL of the card.
    case(
        "module_outputs",
        "skipped",
        {at("io1", "outputs/out2/signal-present"): False, f"{CLOCK}/clock": "holdover"},
        profile="m1000-7.10",
    ),
    case(
        "module_outputs",
        "ok",
        {
            at("clk2", "outputs"): [{"object-id": "pp1", "signal": "pulse-per-second", "signal-present": False}],
            at("clk2", "synthesizer"): {"state": "free"},
            at("clk2", "sync-status/clock-status/clock"): "holdover",
        },
    ),
    case("module_outputs", "ok", {at("io3", "outputs/out2"): {"signal": "off", "signal-present": False}}),
    case("module_outputs", "ok", {at("io8", "outputs/out2/signal-present"): False, at("io8", "pll-locked"): False}),
    case("ptp_ports", "ok", {f"{INSTANCE}/link": False, f"{INSTANCE}/port-state": "disabled"}),
    case("ptp_ports", "ok", {f"{INSTANCE}/clock-class": 248, f"{INSTANCE}/port-state": "slave"}),
    case("relays", "skipped", {}, profile="m4000-7.10"),
    case("syncmon", "ok", {"syncmon/nodes/node1/enabled": False, "syncmon/nodes/node1/stratum": 16}),
    # The status is old, so the measurements in it are too.
    case("syncmon", "ok", {"syncmon/last-updated": before(hours=2), "system/api-last-update": before(hours=2)}),
    # A module of another family has the word for something else.
    case("mains", "ok", {at("io3", "fdm"): {"overflow": True}}),
)

UNKNOWN: tuple[Case, ...] = (
    case(
        "module_identity",
        "unknown",
        {at("io5", "info/software-revision"): GONE},
        policy=expect(modules={"io5": {"revision": "1"}}),
    ),
    case("reference_sources", "unknown", {f"{MRS0}/status": {"no-signal": "perhaps"}}),
    case("receiver_mode", "unknown", {at("clk1", "satellites/gps-mode"): GONE}, profile="m600-7.10"),
    case("receiver_mode", "unknown", {at("clk1", "grc/receiver/cold-boot"): GONE}, profile="m600-7.10"),
    case("receiver_mode", "unknown", {at("clk1", "grc/receiver/cold-boot"): GONE, VERSION: GONE}, profile="m600-7.10"),
    case("long_wave", "unknown", {at("clk2", "dcf77/field-strength"): GONE}, **PZF),
    case("long_wave", "unknown", {at("clk2", "dcf77/pcps/invt"): None}, **PZF),
    case("long_wave", "unknown", {at("clk1", "dcf77/pcps/freer"): None}, profile="m300-7.06"),
    case("long_wave", "unknown", {at("clk2", "dcf77/correlation"): "strong"}, **PZF),
    case("time_code", "unknown", {at("clk2", "tcr/lock-on"): "so-so"}, **TCR),
    case("redundant_clocks", "unknown", {at("clk2", "sync-status/clock-status/oscillator"): "lukewarm"}),
    case("sync_e", "unknown", {at("io1", "sync-e"): {"enabled": True, "input-quality-level": ["prc"]}}),
    case("module_inputs", "unknown", {at("esi1", "inputs/in1/itu-limits"): "nearly"}),
    case("module_inputs", "unknown", {at("esi1", "inputs/in1/quality-level"): "ql-of-the-future"}),
    case("module_outputs", "unknown", {at("io3", "outputs/out1/signal-present"): "maybe"}),
    case("module_oscillators", "unknown", {at("io8", "pll-locked"): "nearly"}),
    case("mains", "unknown", {at("io5", "fdm/overflow"): 7}, result={"subject": "io5", "value": "7"}),
    case("relays", "unknown", {at("io11", "relays/a/state"): "half-open"}),
    case("clock_switch", "unknown", {at("rsc1", "mode"): "semi-automatic"}),
    case("ptp_ports", "unknown", {f"{INSTANCE}/link": "loose"}),
    Case("syncmon", "unknown", {"syncmon": {}, f"{EVENTS}/low-system-resources": {"triggered": 0}}),
)
