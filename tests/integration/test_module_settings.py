# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of each family of modules, PTP instances and SyncMon: check, apply, apply again, drift by hand, repair."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, value_at
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import path_of
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.module_chassis import (
    CURRENT_LINE,
    EACH_LINE,
    FLAT_LINES,
    MARKS,
    PLACES,
    Outcomes,
    chassis_fleet,
    recorded_outcomes,
)

Tree = dict[str, t.Any]
Step = t.Callable[[str], None]

INTENTS: list[Tree] = yaml.safe_load(Path(__file__).with_name("module_intents.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=EACH_LINE)
def line(request: pytest.FixtureRequest) -> str:
    return t.cast("str", request.param)


@pytest.fixture(scope="module")
def devices(line: str) -> Iterator[SharedFleet]:
    with chassis_fleet(line) as fleet:
        yield fleet


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Outcomes]:
    yield from recorded_outcomes("settings")


def subject_of(intent: Tree) -> str:
    return str(intent.get("subject") or intent["family"])


def fits(intent: Tree, line: str) -> bool:
    return intent.get("generation") in (None, "flat" if line in FLAT_LINES else "table")


def desired(slot: str, settings: Tree | None) -> Tree:
    item: Tree = {"name": f"intent of {slot}", **({"module": settings} if settings else {})}
    return {"chassis0": {"slots": {slot: item}}}


def leaves_of(result: Tree) -> list[str]:
    """The paths of the settings that the operations of a result change."""
    return [
        f"{operation['path']}/{name}" if isinstance(operation["after"], dict) else operation["path"]
        for operation in result["operations"]
        for name in (operation["after"] if isinstance(operation["after"], dict) else [""])
    ]


def configure(device: t.Any, config: Tree, **options: t.Any) -> Tree:
    result = run_in_process(device, lantime_config, config=config, **options).result
    assert result.get("failed") is not True, result
    return result


def reach(device: t.Any, config: Tree, step: Step, **options: t.Any) -> None:
    """Check mode predicts the changes, the run makes them, and a second run writes nothing."""
    check = configure(device, config, check=True, **options)
    assert check["changed"] is True
    step("check")
    applied = configure(device, config, **options)
    assert leaves_of(applied) == leaves_of(check)
    assert device.pending == 0
    step("apply")
    writes = device.ledger.writes
    assert configure(device, config, **options)["changed"] is False
    assert device.ledger.writes == writes
    step("again")


def drift(device: t.Any, config: Tree, step: Step, path: str, drifted: t.Any) -> None:
    """A change by hand is found by its path and repaired."""
    wanted = value_at(canonical(config).value, path_of(path))
    device.change(path, drifted)
    found = configure(device, config, check=True)
    assert leaves_of(found) == [path]
    step("drift found")
    assert configure(device, config)["changed"] is True
    assert value_at(canonical(device.running()).value, path_of(path)) == wanted
    assert configure(device, config, check=True)["changed"] is False
    step("repaired")


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        pytest.param(line, intent, marks=marks, id=f"{line}-{subject_of(intent)}-{intent['member']}")
        for line, marks in MARKS.items()
        for intent in INTENTS
        if fits(intent, line)
    ],
    indirect=["line"],
)
def test_settings_of_each_family(devices: SharedFleet, line: str, outcomes: Outcomes, intent: Tree) -> None:
    name, slot = PLACES[intent["family"]]
    device = devices[name]
    device.restore()
    config = desired(slot, intent["settings"])
    below = f"module/{intent['member']}" if intent["member"] else "name"
    with outcomes.of(subject_of(intent), line) as steps:
        reach(device, config, steps.append)
        drift(device, config, steps.append, f"chassis0/slots/{slot}/{below}", intent["drifted"])


def test_every_family_has_an_intent() -> None:
    assert {intent["family"] for intent in INTENTS} == set(PLACES)
    assert len(PLACES) == 24


def names_of(table: list[Tree]) -> set[str]:
    return {item["object-id"] for item in table}


@pytest.mark.parametrize("line", [CURRENT_LINE], indirect=True)
def test_ptp_instances_are_created_changed_and_removed(devices: SharedFleet, line: str, outcomes: Outcomes) -> None:
    name, slot = PLACES["HPS"]
    device = devices[name]
    device.restore()
    table = f"chassis0/slots/{slot}/module/ptp/instances"

    def instances() -> set[str]:
        return set(value_at(canonical(device.running()).value, path_of(table)))

    def wanted(**settings: Tree) -> Tree:
        return desired(slot, {"ptp": {"instances": settings}})

    before = instances()
    voice: Tree = {"enabled": True, "mode": "multicast-master", "domain-number": 10}
    studio: Tree = {"enabled": True, "profile": "smpte-2059-2", "domain-number": 44, "sync-interval": -3}
    config = wanted(ptp1=voice, ptp3=studio)
    with outcomes.of("PTP instances", line) as steps:
        reach(device, config, steps.append)
        assert instances() == {*before, "ptp1", "ptp3"}
        drift(device, config, steps.append, f"{table}/ptp3/domain-number", 45)
        changed = wanted(ptp1=voice, ptp3={**studio, "domain-number": 46})
        assert leaves_of(configure(device, changed)) == [f"{table}/ptp3/domain-number"]
        steps.append("changed")
        exactly: Tree = {"state": "overridden", "restrict": [table, f"chassis0/slots/{slot}/name"]}
        reach(device, wanted(ptp1=voice), steps.append, **exactly)
        assert instances() == {"ptp1"}
        reported = next(item for item in device.status()["chassis0"]["slots"] if item["object-id"] == slot)
        assert names_of(reported["module"]["ptp"]["instances"]) == {"ptp1"}
        steps += ["removed", "exactly these"]


def test_nodes_of_syncmon_are_created_changed_and_removed(devices: SharedFleet, line: str, outcomes: Outcomes) -> None:
    device = devices["m3000"]
    device.restore()
    slot = PLACES["PIO"][1]
    nodes: Tree = {
        "node1": {"name": "core switch", "type": "ptp", "address": "192.0.2.17", "offset-limit": 1.0e-06},
        "branch": {"type": "ntp", "address": "ntp2.example.com", "interval": 64, "stratum-limit": 3},
        "pulse": {"type": "pps", "input": f"{slot}/io2", "offset-limit": 5.0e-07},
    }
    config = {"syncmon": {"enabled": True, "nodes": nodes}}
    with outcomes.of("SyncMon", line) as steps:
        reach(device, config, steps.append)
        drift(device, config, steps.append, "syncmon/nodes/branch/stratum-limit", 10)
        configured = names_of(device.running()["syncmon"]["nodes"])
        assert configured == {*nodes, "node2"}
        device.advance(64)
        assert names_of(device.status()["syncmon"]["nodes"]) == configured
        changed: Tree = {"syncmon": {"nodes": {"branch": {"interval": 32}}}}
        assert leaves_of(configure(device, changed)) == ["syncmon/nodes/branch/interval"]
        nodes["branch"]["interval"] = 32
        steps.append("changed")
        exactly: Tree = {"state": "overridden", "restrict": ["syncmon/nodes"]}
        reach(device, {"syncmon": {"nodes": nodes}}, steps.append, **exactly)
        assert names_of(device.running()["syncmon"]["nodes"]) == set(nodes)
        assert names_of(device.status()["syncmon"]["nodes"]) == set(nodes)
        steps += ["removed", "exactly these"]
