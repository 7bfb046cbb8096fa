# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An operator's intent for each family of modules: check, apply, apply again, drift by hand, repair."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process

PROFILES = {
    "big": "m3000-7.10",
    "uc": "m4000-7.10",
    "code": "m1000-7.10",
    "radio": "m2000s-7.10",
    "old": "m1000-7.06",
    "mid": "m3000-7.08",
    "oldest": "m2000s-7.04",
}

# Device, slot, settings of its module, and one of them that somebody changes by hand.
INTENTS: tuple[tuple[str, str, str, str, t.Any], ...] = (
    (
        "big",
        "clk1",
        "{antenna: {cable-length: 45}, outputs: {pp1: {mode: pulse-per-second, pulse-length: 100}, pp2: "
        "{mode: cyclic-pulse, cycle: '00:00:10', only-if-synchronized: true}}, synthesizer: {frequency: 1000000.0}, "
        "serial-ports: {com0: {baud-rate: 9600, framing: 8n1, string-type: nmea-rmc}}}",
        "antenna/cable-length",
        20,
    ),
    (
        "radio",
        "clk1",
        "{antenna: {cable-length: 70}, gnss: {systems: [gps]}, time-code: {code: c37-118}}",
        "gnss/systems",
        ["glonass", "gps"],
    ),
    (
        "code",
        "clk1",
        "{gnss: {systems: [galileo, gps], time-mode: fixed}, output-enable: {serial: always}}",
        "gnss/time-mode",
        "disabled",
    ),
    ("uc", "clk2", "{antenna: {cable-length: 150}, gnss: {systems: [galileo, gps]}}", "antenna/cable-length", 149),
    (
        "big",
        "clk2",
        "{gnss: {systems: [gps, galileo, beidou]}, outputs: {pp3: {mode: time-sync, invert: true}}}",
        "outputs/pp3/mode",
        "idle",
    ),
    (
        "uc",
        "clk1",
        "{antenna: {cable-length: 60}, gnss: {systems: [beidou, glonass, galileo, gps]}}",
        "antenna/cable-length",
        61,
    ),
    (
        "radio",
        "clk2",
        "{dcf77: {transmitter-distance: 320}, outputs: {pp1: {mode: dcf77-marks, dcf-timeout: 120}}, "
        "time-zone: {offset: 3600, dst-offset: 3600, name: CET, dst-name: CEST}}",
        "time-zone/name",
        "UTC",
    ),
    (
        "code",
        "clk2",
        "{tcr: {code: b006-b007, utc-offset: 60}, mrs: {priority0: {settings: {id: {type: irig, "
        "instance: 0}, precision: 1.0e-05}}}}",
        "tcr/utc-offset",
        0,
    ),
    (
        "big",
        "esi1",
        "{inputs: {in1: {minimum-quality-level: ql-ssu-b, sa-bit-group: sa5}}}",
        "inputs/in1/sa-bit-group",
        "sa4",
    ),
    (
        "big",
        "mri1",
        "{inputs: {in3: {code: ieee1344-dcls, utc-offset: 0}, in4: {code: b126-b127, utc-offset: -300}}}",
        "inputs/in4/utc-offset",
        0,
    ),
    (
        "big",
        "io1",
        "{ptp: {instances: {ptp1: {priority1: 100}, ptp2: {enabled: true, profile: smpte-2059-2, "
        "domain-number: 44, sync-interval: -3, announce-interval: -2}}}, sync-e: {enabled: true, "
        "quality-level-selection: true, output-ssm: prc}}",
        "ptp/instances/ptp2/domain-number",
        0,
    ),
    (
        "big",
        "io2",
        "{ptp: {instances: {ptp1: {mode: multicast-master, profile: telecom-g8275-1, network-protocol: "
        "ieee-802-3, domain-number: 24, sync-interval: -4, announce-interval: -3, delay-request-interval: -4}, ptp2: "
        "{enabled: true, mode: unicast-master, profile: telecom-g8265-1, network-protocol: udp-ipv4, domain-number: 4}}}, "
        "sync-e: {enabled: true}}",
        "sync-e/enabled",
        False,
    ),
    (
        "big",
        "io3",
        "{outputs: {out1: {signal: 10mhz}, out2: {signal: pps}, out3: {signal: ppo1}, out4: {signal: 'off'}}}",
        "outputs/out4/signal",
        "2048khz",
    ),
    (
        "big",
        "io4",
        "{outputs: {out1: {signal: programmable-pulse, mode: cyclic-pulse, cycle: '00:01:00', pulse-length: "
        "500}, out2: {signal: irig-dcls, code: b007-b127}}}",
        "outputs/out1/cycle",
        "00:00:01",
    ),
    (
        "big",
        "io5",
        "{fdm: {minimum-frequency: 49.9, maximum-frequency: 50.1, maximum-negative-time-deviation: 15.0, "
        "maximum-positive-time-deviation: 15.0, logging: true}}",
        "fdm/minimum-frequency",
        49.8,
    ),
    ("big", "io6", "{mode: t1}", "mode", "e1"),
    (
        "big",
        "io7",
        "{outputs: {out1: {signal: e1-bits, quality-level: ql-ssu-a}, out4: {signal: 'off'}}}",
        "outputs/out1/quality-level",
        "ql-prc",
    ),
    (
        "big",
        "io9",
        "{inputs: {in1: {type: black-burst, format: pal}, in2: {type: ltc, frame-rate: '29-97-df'}}}",
        "inputs/in2/type",
        "off",
    ),
    (
        "big",
        "io10",
        "{ports: {io1: {direction: output, signal: pps}, io2: {direction: input, cable-delay: 48.5}}}",
        "ports/io2/cable-delay",
        0.0,
    ),
    ("big", "io11", "{relays: {a: {events: [ntp-not-sync, antenna-faulty]}}}", "relays/a/events", []),
    (
        "big",
        "io12",
        "{outputs: {out1: {signal: word-clock, sample-rate: 96000}, out2: {signal: aes11}}}",
        "outputs/out1/sample-rate",
        48000,
    ),
    (
        "big",
        "io13",
        "{outputs: {out1: {signal: tri-level, format: 1080i50, phase: 1.5}, out2: {signal: ltc}}}",
        "outputs/out1/phase",
        0.0,
    ),
    ("big", "rsc1", "{mode: manual, selected-clock: clk2, outputs-enabled: true}", "mode", "automatic"),
    ("old", "io1", "{ptp: {domain-number: 7, priority1: 100}, sync-e: {enabled: true}}", "ptp/priority1", 128),
    (
        "old",
        "clk1",
        "{mrs: {priority1: {settings: {id: {type: ptp-ieee1588}, bias: 2.5e-07}}}}",
        "mrs/priority1/settings/id/type",
        "pps-in",
    ),
    (
        "mid",
        "io3",
        "{fdm: {nominal-frequency: 60, minimum-frequency: 59.9, maximum-frequency: 60.1}}",
        "fdm/nominal-frequency",
        50,
    ),
    (
        "oldest",
        "clk1",
        "{mrs: {priority3: {settings: {id: {type: irig, instance: 1}}}}}",
        "mrs/priority3/settings/id/instance",
        0,
    ),
)


@pytest.fixture(scope="module")
def devices() -> Iterator[SharedFleet]:
    with frozen_fleet(PROFILES) as fleet:
        yield fleet


def intent(slot: str, settings: str) -> dict[str, t.Any]:
    return {"chassis0": {"slots": {slot: {"name": f"intent of {slot}", "module": yaml.safe_load(settings)}}}}


def leaves_of(result: dict[str, t.Any]) -> list[str]:
    """The paths of the settings that the operations of a result change."""
    return [
        f"{operation['path']}/{name}" if isinstance(operation["after"], dict) else operation["path"]
        for operation in result["operations"]
        for name in (operation["after"] if isinstance(operation["after"], dict) else [""])
    ]


def converge(device: t.Any, config: dict[str, t.Any], path: str, drifted: t.Any) -> None:
    """Check, apply, apply again, one drift by hand, found by its path and repaired."""
    check = run_in_process(device, lantime_config, config=config, missing="create", check=True).result
    assert check.get("failed") is not True, check
    assert check["changed"] is True
    applied = run_in_process(device, lantime_config, config=config, missing="create").result
    assert applied.get("failed") is not True, applied
    assert leaves_of(applied) == leaves_of(check)
    assert device.pending == 0
    writes = device.ledger.writes
    assert run_in_process(device, lantime_config, config=config, missing="create").result["changed"] is False
    assert device.ledger.writes == writes
    device.change(path, drifted)
    found = run_in_process(device, lantime_config, config=config, missing="create", check=True).result
    assert leaves_of(found) == [path]
    assert run_in_process(device, lantime_config, config=config, missing="create").result["changed"] is True
    assert (
        run_in_process(device, lantime_config, config=config, missing="create", check=True).result["changed"] is False
    )


@pytest.mark.parametrize(("name", "slot", "settings", "member", "drifted"), INTENTS)
def test_an_intent_for_each_family(
    devices: SharedFleet, name: str, slot: str, settings: str, member: str, drifted: t.Any
) -> None:
    device = devices[name]
    device.restore()
    converge(device, intent(slot, settings), f"chassis0/slots/{slot}/module/{member}", drifted)


def test_nodes_of_syncmon_are_created_changed_and_removed(devices: SharedFleet) -> None:
    device = devices["big"]
    device.restore()
    nodes = {
        "node1": {"name": "core switch", "type": "ptp", "address": "192.0.2.17", "offset-limit": 1.0e-06},
        "branch": {"type": "ntp", "address": "ntp2.example.com", "interval": 64, "stratum-limit": 3},
        "pulse": {"type": "pps", "input": "io10/io2", "offset-limit": 5.0e-07},
    }
    config = {"syncmon": {"enabled": True, "nodes": nodes}}
    converge(device, config, "syncmon/nodes/branch/stratum-limit", 10)
    configured = {node["object-id"] for node in device.running()["syncmon"]["nodes"]}
    assert configured == {*nodes, "node2", "node3"}
    device.advance(64)
    assert {node["object-id"] for node in device.status()["syncmon"]["nodes"]} == configured
    exactly: dict[str, t.Any] = {
        "config": {"syncmon": {"nodes": nodes}},
        "state": "overridden",
        "restrict": ["syncmon/nodes"],
    }
    removed = run_in_process(device, lantime_config, **exactly).result
    assert removed.get("failed") is not True, removed
    assert {node["object-id"] for node in device.running()["syncmon"]["nodes"]} == set(nodes)
    assert {node["object-id"] for node in device.status()["syncmon"]["nodes"]} == set(nodes)
    assert run_in_process(device, lantime_config, **exactly).result["changed"] is False
