# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases for the checks that read the configuration and for expected grandmasters, in the form of `case_form`."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import Case, expect, limit
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE, before
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.module_cases import INSTANCE, M3000, at

FULL = limit(assumed_severity="full")
GRANDMASTER = "0200000000000001"
OTHER = {f"{INSTANCE}/grandmaster-identity": "02:00:00:ff:fe:00:00:09"}
FOLLOWING = {f"{INSTANCE}/grandmaster-identity": "0x02000000.00000001"}
NODE = "syncmon/nodes/node1"


def read(check: str, state: str, settings: t.Mapping[str, t.Any], **more: t.Any) -> Case:
    return Case(check, state, more.pop("changes", {}), profile=M3000, settings=settings, **more)


def expecting(state: str, changes: t.Mapping[str, t.Any], **place: t.Any) -> Case:
    wanted = expect(ptp=[{"grandmaster": GRANDMASTER, **place}])
    return Case("ptp_grandmaster", state, changes, profile=M3000, policy=wanted)


FIRING: tuple[Case, ...] = (
    read("simulation_mode", "warning", {at("clk1", "gnss/simulation-mode"): True}, result={"subject": "clk1"}),
    read("simulation_mode", "critical", {at("clk2", "gnss/simulation-mode"): True}, policy=FULL),
    read(
        "module_settings",
        "info",
        {at("clk1", "mrs/priority1/settings/id/type"): "irig"},
        result={"subject": "clk1/priority1", "value": "pps-in", "limit": "irig"},
    ),
    read("module_settings", "info", {at("clk1", "mrs/priority2/settings/id"): {"type": "osc", "instance": 0}}),
    read("module_settings", "info", {at("io1", "ptp/instances/ptp1/domain-number"): 7}, result={"limit": 7}),
    read("module_settings", "warning", {at("io1", "ptp/instances/ptp3"): {"enabled": True, "domain-number": 9}}),
    read(
        "module_settings",
        "warning",
        {at("io1", "ptp/instances/ptp2/domain-number"): 0},
        changes={at("io1", "ptp/instances/ptp2/domain-number"): 0},
        result={"message": "io1/ptp2 has domain, transport and VLAN of ptp1."},
    ),
    read("module_settings", "warning", {at("clk1", "mrs/priority1/settings/id/type"): "ptp-ieee1588"}),
    read("module_settings", "info", {at("clk1", "mrs/priority0/settings/asymmetry-step-detection"): True}),
    read(
        "module_settings",
        "info",
        {
            at("clk1", "mrs/priority0/settings/auto-bias-master"): True,
            at("clk1", "mrs/priority0/settings/auto-bias-slave"): True,
        },
    ),
    read("module_settings", "warning", {at("io5", "fdm/nominal-frequency"): 60}, result={"subject": "io5"}),
    read("module_settings", "warning", {at("clk1", "outputs/pp1/pulse-length"): 1000}, result={"subject": "clk1/pp1"}),
    read(
        "module_settings",
        "warning",
        {at("io4", "outputs/out1/mode"): "cyclic-pulse", at("io4", "outputs/out1/cycle"): "00:00:07"},
        result={"subject": "io4/out1"},
    ),
    read("module_settings", "info", {at("io11", "relays/a/events"): ["antenna-faulty"]}),
    read(
        "module_settings",
        "warning",
        {at("io1", "ptp/instances/ptp1/profile"): "telecom-g8275-1"},
        result={"subject": "io1/ptp1"},
    ),
    read(
        "module_settings",
        "warning",
        {at("io1", "ptp/instances/ptp1/delay-mechanism"): "p2p"},
        result={"message": "io1/ptp1 has the delay-mechanism p2p, which its profile default-e2e does not allow."},
    ),
    read("module_settings", "warning", {at("io1", "ptp/instances/ptp2/mode"): "ntp-server"}),
    Case("module_settings", "warning", profile="m3000-7.08", settings={at("io1", "ptp/delay-mechanism"): "p2p"}),
    read(
        "module_settings",
        "warning",
        {at("clk1", "synthesizer/frequency"): 10_000_000.0},
        result={"subject": "io3/out4", "value": 10_000_000, "limit": 2_048_000},
    ),
    # The reference without a signal follows from the lack of an instance.
    read(
        "reference_sources",
        "info",
        {at("clk1", "mrs/priority1/settings/id/type"): "ptp-ieee1588"},
        changes={
            at("clk1", "mrs/priority1"): {
                "info": {"settings": {"id": {"type": "ptp-ieee1588", "instance": 0}}},
                "status": {"no-signal": True},
            }
        },
    ),
    # Checks that know more with the configuration.
    read("syncmon", "info", {"syncmon/nodes/node9": {"type": "ntp", "address": "192.0.2.9", "enabled": True}}),
    read("syncmon", "info", {f"{NODE}/address": "10.20.9.2"}),
    read("syncmon", "warning", {f"{NODE}/address": ""}, result={"subject": "node1"}),
    read("syncmon", "warning", {f"{NODE}/stratum-limit": 1}, result={"value": 2, "limit": 1}),
    read(
        "syncmon",
        "info",
        {f"{NODE}/type": "pps", f"{NODE}/input": "io10/io2"},
        changes={f"{NODE}/state": "unreachable", at("io10", "ports/io2/signal-present"): False},
        events={"sync-monitor-alert": (1, before(minutes=5))},
    ),
    read("syncmon", "warning", {}, events={"sync-monitor-alert": (1, before(minutes=5))}),
    read("syncmon", "warning", {"syncmon/nodes/pps1": {"type": "pps", "input": "io10/io1"}}),
    read("clock_switch", "info", {at("rsc1", "selected-clock"): "clk2"}, result={"value": "clk1", "limit": "clk2"}),
    read(
        "module_outputs",
        "warning",
        {},
        changes={at("io7", "outputs/out1/quality-level"): "ql-ssu-b"},
        result={"subject": "io7/out1", "value": "ql-ssu-b", "limit": "ql-prc"},
    ),
    read(
        "ptp_ports",
        "warning",
        {at("io1", "ptp/instances/ptp1/mode"): "unicast-slave"},
        changes={f"{INSTANCE}/port-state": "listening"},
    ),
    expecting("warning", OTHER, domain=0),
    expecting("warning", OTHER, slot="io1", instance="ptp1"),
    expecting("warning", FOLLOWING, slot="io1", instance="ptp9"),
)

SILENT: tuple[Case, ...] = (
    read("simulation_mode", "ok", {}),
    Case("simulation_mode", "skipped", profile=M3000),
    read("simulation_mode", "skipped", {at(slot, "gnss"): GONE for slot in ("clk1", "clk2")}),
    read("module_settings", "ok", {}),
    Case("module_settings", "skipped", profile=M3000),
    read("module_settings", "skipped", {"chassis0": {}}),
    # A card in a slave mode provides the reference.
    read(
        "module_settings",
        "ok",
        {
            at("clk1", "mrs/priority1/settings/id/type"): "ptp-ieee1588",
            at("io1", "ptp/instances/ptp1/mode"): "multicast-slave",
        },
        changes={at("clk1", "mrs/priority1/info/settings/id/type"): "ptp-ieee1588"},
    ),
    read("module_settings", "ok", {at("io1", "ptp/instances/ptp3"): {"enabled": False, "domain-number": 0}}),
    read("module_settings", "ok", {at("clk2", "synthesizer/frequency"): 10_000_000.0}),
    read(
        "module_settings",
        "ok",
        {at("io1", "ptp/operation-mode"): "ntp", at("io1", "ptp/instances/ptp2/mode"): "ntp-server"},
    ),
    read("module_settings", "ok", {at("clk1", "outputs/pp2/pulse-length"): 5000}),
    read("module_settings", "ok", {at("io4", "outputs/out2/pulse-length"): 5000}),
    read("syncmon", "ok", {"syncmon/nodes/node9": {"type": "ntp", "address": "", "enabled": False}}),
    read("syncmon", "ok", {"syncmon/enabled": False, f"{NODE}/address": ""}),
    read("clock_switch", "ok", {}),
    read("module_outputs", "ok", {at("io7", "outputs/out1/quality-level"): "ql-ssu-b"}),
    expecting("ok", {**FOLLOWING, at("io1", "ptp/instances/ptp2/port-state"): "disabled"}, slot="io1"),
    expecting("skipped", {f"{INSTANCE}/port-state": "disabled"}, domain=0),
    Case("ptp_grandmaster", "skipped", profile=M3000),
)

UNKNOWN: tuple[Case, ...] = (
    read("simulation_mode", "unknown", {at("clk1", "gnss/simulation-mode"): "perhaps"}),
    expecting("unknown", {f"{INSTANCE}/grandmaster-identity": GONE}, domain=0),
)
