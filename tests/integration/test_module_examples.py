# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example on the pages of module families runs: check, apply, and a second run that writes nothing."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config, lantime_health
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.module_chassis import (
    EACH_LINE,
    FLAT_LINES,
    MARKS,
    PLACES,
    Outcomes,
    chassis_fleet,
    recorded_outcomes,
)
from ansible_collections.meinberg.lantime.tests.paths import PAGES
from ansible_collections.meinberg.lantime.tools import family_data

Tree = dict[str, t.Any]

CONFIG = "meinberg.lantime.lantime_config"
BLOCK = re.compile(r"^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", re.MULTILINE)
FAMILY_PAGES = {family_data.page_name(family): family for family in PLACES}
TOPIC_PAGES = tuple(family_data.load()["topics"])


def tasks_of(page: str) -> list[Tree]:
    """The tasks of all code blocks of a page."""
    text = (PAGES / f"{page}.rst").read_text(encoding="utf-8")
    return [task for block in BLOCK.findall(text) for task in yaml.safe_load(block)]


@pytest.fixture(scope="module", params=EACH_LINE)
def line(request: pytest.FixtureRequest) -> str:
    return t.cast("str", request.param)


@pytest.fixture(scope="module")
def devices(line: str) -> Iterator[SharedFleet]:
    with chassis_fleet(line) as fleet:
        yield fleet


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Outcomes]:
    yield from recorded_outcomes("examples")


def contradictions_of(device: t.Any) -> list[str]:
    """Settings of modules that do not fit together."""
    options: Tree = {"config": True, "include": ["module_settings", "simulation_mode"], "fail_on": "never"}
    result = run_in_process(device, lantime_health, **options).result
    return [
        finding["message"] for check in result["checks"] for finding in check["findings"] if finding["state"] != "ok"
    ]


def run_example(device: t.Any, task: Tree, known: str = "nothing") -> Tree:
    """Run a task in check mode, in earnest and again; return the result of the second run.

    known: a part of the contradictions that the task leaves on this device.
    """
    assert set(task) == {"name", CONFIG}
    options: Tree = task[CONFIG]
    contradictions = contradictions_of(device)
    check = run_in_process(device, lantime_config, check=True, diff=True, **options).result
    assert check.get("failed") is not True, check
    assert check["changed"] is True
    done = run_in_process(device, lantime_config, diff=True, **options).result
    assert done.get("failed") is not True, done
    assert done["diff"] == check["diff"]
    writes = device.ledger.writes
    again = run_in_process(device, lantime_config, **options).result
    assert (again.get("failed"), again["changed"]) == (None, False), again
    assert device.ledger.writes == writes
    assert [text for text in contradictions_of(device) if known not in text] == contradictions
    return done


@pytest.mark.parametrize("page", FAMILY_PAGES)
def test_the_example_of_a_family(devices: SharedFleet, line: str, outcomes: Outcomes, page: str) -> None:
    family = FAMILY_PAGES[page]
    name, slot = PLACES[family]
    device = devices[name]
    device.restore()
    (task,) = tasks_of(page)
    with outcomes.of(family, line) as steps:
        # The jumper of this relay selects a clock.
        known = "follows clk1, so its events have no effect" if family == "REL" else "nothing"
        done = run_example(device, task, known)
        resolved = [module for rule in done["modules_resolved"] for module in rule["modules"]]
        assert {(module["path"], module["family"]) for module in resolved} == {(f"chassis0/slots/{slot}", family)}
        steps.append("example")


@pytest.mark.parametrize(
    ("line", "page"),
    [
        pytest.param(line, page, marks=marks, id=f"{line}-{page}")
        for line, marks in MARKS.items()
        for page in TOPIC_PAGES
        if not (page == "ptp_instances" and line in FLAT_LINES)
    ],
    indirect=["line"],
)
def test_the_examples_of_a_page_that_is_not_about_one_family(
    devices: SharedFleet, line: str, outcomes: Outcomes, page: str
) -> None:
    names = list(devices.devices) if page == "module_references" else ["m3000"]
    tasks = tasks_of(page)
    assert tasks
    with outcomes.of(page, line) as steps:
        for name in names:
            devices[name].restore()
            known = "nothing" if name == PLACES["HPS"][0] else "no PTP instance is in a slave mode"
            for task in tasks:
                run_example(devices[name], task, known)
        steps.append("example")


def test_no_page_is_left_out() -> None:
    pages = {example.page for example in family_data.examples()}
    assert pages == {*FAMILY_PAGES, *TOPIC_PAGES}
    assert sum(len(tasks_of(page)) for page in pages) == len(family_data.examples())
    with_code = {path.stem for path in PAGES.glob("*.rst") if f"{CONFIG}:" in path.read_text(encoding="utf-8")}
    assert {page for page in with_code if page.startswith("module_")} <= pages
