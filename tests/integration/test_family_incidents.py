# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The health checks report each incident of each family of modules: exactly the expected findings, with slot, family and object."""

from __future__ import annotations

import typing as t
from types import MappingProxyType

import pytest
import requests

from ansible_collections.meinberg.lantime.plugins.module_utils._health import evaluate, policy
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config, lantime_health
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.module_chassis import PLACES
from ansible_collections.meinberg.lantime.tests.integration.test_module_examples import CONFIG, FAMILY_PAGES, tasks_of
from ansible_collections.meinberg.lantime.tests.simulator.families.catalogue import FAMILIES
from ansible_collections.meinberg.lantime.tests.simulator.profiles.modules import FAMILY
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import contradictions, triggered

Tree = dict[str, t.Any]
# (check, state, slot, object) of a finding.
Found = tuple[str, str, "str | None", "str | None"]
DEVICES = {name: f"{name}-7.10" for name in ("m1000", "m2000s", "m3000", "m4000")}


class Row(t.NamedTuple):
    """An incident in one slot, the check that finds it with its severity and objects, and what only follows from it.

    `severity` is that of thresholds.assumed_severity: full.  others: findings of the same check.  alarms: of other checks.
    follows: findings of the state info.
    """

    family: str
    device: str
    slot: str
    check: str
    severity: str
    objects: tuple[str | None, ...] = (None,)
    others: tuple[Found, ...] = ()
    alarms: tuple[Found, ...] = ()
    follows: tuple[Found, ...] = ()
    kind: str = "module-fault"
    members: t.Mapping[str, t.Any] = MappingProxyType({})

    @property
    def expected(self) -> set[Found]:
        own = {(self.check, self.severity, self.slot, item) for item in self.objects}
        return {*own, *self.others, *self.alarms, *self.follows}


def clock(family: str, device: str, slot: str) -> Row:
    """The pulses and the frequency of a satellite clock fail, while the clock itself works."""
    free = ("module_outputs", "warning", slot, None)
    return Row(family, device, slot, "module_outputs", "error", ("pp1",), others=(free,))


def sockets(family: str, device: str, slot: str, count: int = 1) -> Row:
    return Row(family, device, slot, "module_outputs", "error", tuple(f"out{n + 1}" for n in range(count)))


# One incident for each family: one check alone finds it.
FAULTS = (
    clock("GPS", "m3000", "clk1"),
    clock("GNM", "m3000", "clk2"),
    clock("GXL", "m4000", "clk1"),
    clock("GNS-UC", "m4000", "clk2"),
    clock("GNS", "m1000", "clk1"),
    clock("GRC", "m2000s", "clk1"),
    Row("PZF", "m2000s", "clk2", "long_wave", "warning"),
    Row("TCR", "m1000", "clk2", "time_code", "warning"),
    Row(
        "MRI",
        "m3000",
        "mri1",
        "module_inputs",
        "error",
        ("in1",),
        follows=(("reference_sources", "info", "clk1", "priority1"),),
    ),
    Row(
        "ESI",
        "m3000",
        "esi1",
        "module_inputs",
        "critical",
        ("in1",),
        others=(("module_inputs", "error", "esi1", "in1"),),
    ),
    Row(
        "VSI",
        "m3000",
        "io9",
        "module_inputs",
        "error",
        ("in1",),
        others=(("module_inputs", "warning", "io9", "in1"),),
    ),
    Row("PIO", "m3000", "io10", "module_inputs", "error", ("io2",)),
    sockets("BPE", "m3000", "io3"),
    sockets("CPE", "m3000", "io4"),
    sockets("LIU", "m3000", "io6", 8),
    Row("LSG", "m3000", "io7", "module_outputs", "warning", ("out1", "out2")),
    Row("LNO", "m3000", "io8", "module_oscillators", "error"),
    sockets("SCG", "m3000", "io12"),
    Row("VSG", "m3000", "io13", "module_oscillators", "warning"),
    Row(
        "FDM",
        "m3000",
        "io5",
        "mains",
        "error",
        others=(("mains", "warning", "io5", None),),
        follows=(("mains", "info", "io5", None),),
    ),
    Row("REL", "m3000", "io11", "relays", "warning", ("a",)),
    Row(
        "RSC",
        "m3000",
        "rsc1",
        "clock_switch",
        "error",
        follows=(
            *(("module_outputs", "info", "io3", f"out{number}") for number in range(1, 5)),
            ("relays", "info", "io11", "c"),
        ),
    ),
    Row("HPS", "m3000", "io1", "sync_e", "warning"),
    Row("PSX", "m3000", "io2", "sync_e", "warning"),
)


def lost(family: str, device: str, slot: str, kind: str, **members: t.Any) -> Row:
    """A satellite clock that the device does not follow, or for which another one stands by, loses its reference."""
    alarms: tuple[Found, ...] = (
        ("receiver", "error", slot, None),
        ("reference_clock_synchronized", "warning", slot, None),
        ("satellites", "critical", slot, None),
    )
    follows: tuple[Found, ...] = (
        ("reference_sources", "info", slot, "priority0"),
        ("receiver_mode", "info", slot, None),
        ("clock_switch", "info", "rsc1", slot),
    )
    if kind == "antenna-fault":
        # The event of the device names no clock.
        alarms = (*alarms, ("antenna", "critical", None, None))
        check, severity = "antenna", "critical"
        if not members:
            alarms = (*alarms, ("alarm_led", "warning", None, None))
    else:
        check, severity = "satellites", "critical"
    if slot == "clk1":
        follows = (*follows, ("clock_switch", "info", "rsc1", None))
    if device == "m3000":
        follows = (*follows, ("relays", "info", "io11", "a" if slot == "clk1" else "b"))
    return Row(
        family,
        device,
        slot,
        check,
        severity,
        alarms=alarms,
        follows=follows,
        kind=kind,
        members={"slot": slot, **members},
    )


# What a clock loses: each shows in the clock, its switch card, its relay, the LEDs and the events.
LOSSES = (
    lost("GPS", "m3000", "clk1", "antenna-fault"),
    lost("GNM", "m3000", "clk2", "gnss-jamming"),
    lost("GXL", "m4000", "clk1", "holdover"),
    lost("GNS-UC", "m4000", "clk2", "antenna-fault", fault="short-circuit"),
    lost("GNS", "m1000", "clk1", "gnss-jamming"),
    lost("GRC", "m2000s", "clk1", "antenna-fault"),
    Row(
        "PZF",
        "m2000s",
        "clk2",
        "receiver",
        "error",
        alarms=(("reference_clock_synchronized", "warning", "clk2", None),),
        follows=(
            ("reference_sources", "info", "clk2", "priority0"),
            ("long_wave", "info", "clk2", None),
            ("clock_switch", "info", "rsc1", "clk2"),
        ),
        kind="holdover",
        members={"slot": "clk2"},
    ),
    Row(
        "TCR",
        "m1000",
        "clk2",
        "time_code",
        "error",
        others=(("time_code", "warning", "clk2", None),),
        alarms=(
            ("receiver", "error", "clk2", None),
            ("reference_clock_synchronized", "warning", "clk2", None),
        ),
        follows=(
            ("reference_sources", "info", "clk2", "priority0"),
            ("clock_switch", "info", "rsc1", "clk2"),
        ),
        kind="holdover",
        members={"slot": "clk2"},
    ),
    # The clock stays synchronized by the pulses of its MRI.
    Row(
        "GPS",
        "m3000",
        "clk1",
        "reference_sources",
        "warning",
        ("priority0", "priority1"),
        alarms=(("satellites", "critical", "clk1", None), ("receiver", "error", "clk1", None)),
        follows=(("receiver_mode", "info", "clk1", None),),
        kind="reference-switch",
        members={"slot": "clk1"},
    ),
    Row(
        "HPS",
        "m3000",
        "io1",
        "ptp_ports",
        "error",
        ("ptp1", "ptp2"),
        kind="ptp-fault",
        members={"slot": "io1"},
    ),
)


@pytest.fixture(scope="module")
def chassis() -> t.Iterator[SharedFleet]:
    with frozen_fleet(DEVICES) as fleet:
        yield fleet


def findings_of(device: t.Any, severity: str = "full") -> list[Tree]:
    """All findings of one GET of the status. A check without a list of them has one finding."""
    answer = requests.get(
        f"{device.url}/api/status", auth=("info", device.users["info"]), verify=str(device.ca), timeout=10
    )
    checks = evaluate.evaluate(answer.json(), policy.make_policy("it", {"assumed_severity": severity}))
    nowhere = {"slot": None, "family": None, "object": None}
    return [
        {**nowhere, **finding, "check": check["name"]}
        for check in checks
        if check["state"] not in ("ok", "skipped")
        for finding in check["findings"] or [check]
    ]


def names(findings: t.Iterable[Tree]) -> set[Found]:
    return {(each["check"], each["state"], each["slot"], each["object"]) for each in findings}


@pytest.mark.parametrize("row", [*FAULTS, *LOSSES], ids=lambda row: f"{row.family}-{row.kind}")
def test_an_incident_of_a_family_is_found_by_its_checks_alone(chassis: SharedFleet, row: Row) -> None:
    device = chassis.reset()[row.device]
    healthy = names(findings_of(device))
    assert not {slot for dummy, dummy2, slot, dummy3 in healthy if slot}
    device.raise_incident(row.kind, **{"slot": row.slot, **row.members})
    device.advance(3600)
    assert contradictions(device.status(), [row.slot] if row.kind == "module-fault" else []) == []
    findings = findings_of(device)
    assert names(findings) - healthy == row.expected
    families = {
        slot["object-id"]: FAMILY.get(slot["module"]["info"]["model"])
        for slot in device.status()["chassis0"]["slots"]
        if "info" in slot.get("module", {})
    }
    assert families[row.slot] == row.family
    assert all(each["family"] == families[each["slot"]] for each in findings if each["slot"])
    capped = {state for dummy, state, slot, dummy2 in names(findings_of(device, "warning")) if slot == row.slot}
    assert capped & {"warning", "error", "critical"}
    device.clear_incidents()
    device.advance(60)
    assert names(findings_of(device)) == healthy


def test_a_node_whose_pulse_is_gone_follows_from_its_port(chassis: SharedFleet) -> None:
    device = chassis.reset()["m3000"]
    for name, value in (("type", "pps"), ("input", "io10/io2")):
        device.change(f"syncmon/nodes/node1/{name}", value)
    device.advance(3600)
    healthy = names(findings_of(device))
    device.raise_incident("module-fault", slot="io10")
    device.advance(60)
    assert "sync-monitor-alert" in triggered(device.status())
    assert names(findings_of(device)) - healthy == {
        ("module_inputs", "error", "io10", "io2"),
        ("syncmon", "info", None, "node1"),
        ("syncmon", "info", None, None),
    }
    device.clear_incidents()
    device.advance(60)
    assert names(findings_of(device)) == healthy


@pytest.mark.parametrize("page", FAMILY_PAGES)
def test_a_chassis_set_as_the_page_of_a_family_shows_is_healthy(chassis: SharedFleet, page: str) -> None:
    family = FAMILY_PAGES[page]
    device = chassis.reset()[PLACES[family][0]]
    (task,) = tasks_of(page)
    assert run_in_process(device, lantime_config, **task[CONFIG]).result["changed"] is True
    device.advance(3600)
    options: dict[str, t.Any] = {"thresholds": {"assumed_severity": "full"}, "config": True, "fail_on": "never"}
    checks = run_in_process(device, lantime_health, **options).result["checks"]
    alarms = {
        (check["name"], finding["slot"])
        for check in checks
        for finding in check["findings"]
        if finding["state"] in ("warning", "error", "critical")
    }
    assert alarms == set()


def test_the_incidents_have_every_family() -> None:
    assert {row.family for row in FAULTS} == set(FAMILIES)
    assert len(FAULTS) == 24
