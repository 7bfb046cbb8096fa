# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in examples: check mode predicts each of them, and a second run writes nothing."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.examples.conftest import ALL, QUICK, Devices, numbered
from ansible_collections.meinberg.lantime.tests.examples.find import MIXED, PLAYS, TASKS, find_examples, form_of, parse
from ansible_collections.meinberg.lantime.tests.examples.plan import OTHER_TEST
from ansible_collections.meinberg.lantime.tests.examples.reader import Site

Tree = dict[str, t.Any]

MODULE = "meinberg.lantime.lantime_config"


def changes() -> t.Iterator[tuple[str, Tree]]:
    """The tasks of examples that change the configuration, without those that need variables or watch a device."""
    for example in find_examples():
        form = form_of(example)
        if form not in (PLAYS, TASKS, MIXED) or (example.source, form) in OTHER_TEST:
            continue
        for entry in parse(example.text):
            for task in entry.get("tasks", [entry]):
                options = task.get(MODULE)
                if options and not re.search(r"{{|confirm_window", json.dumps(options)):
                    yield f"{example.name}: {task['name']}", options


CHANGES = dict(changes())
PROFILES = [pytest.param(name, marks=() if name in QUICK else (pytest.mark.thorough,)) for name in ALL]


def test_the_changes_of_readme_and_module_are_among_them() -> None:
    assert {name.partition("-")[0] for name in CHANGES} >= {"README.md", "plugins/modules/lantime_config.py"}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", CHANGES)
def test_a_change(sites: t.Callable[[Devices], Site], name: str, profile: str) -> None:
    options = CHANGES[name]
    fleet = sites(numbered(ALL if profile not in QUICK else QUICK)).fleet.reset()
    device = next(each for each in fleet if each.profile == profile)
    predicted = run_in_process(device, lantime_config, check=True, **options)
    assert predicted.code is None, predicted.result
    assert device.ledger.writes == 0
    done = run_in_process(device, lantime_config, **options)
    assert done.code is None, done.result
    paths = [[entry["path"] for entry in each.result["operations"]] for each in (predicted, done)]
    assert paths[0] == paths[1]
    assert done.result["changed"] is bool(paths[1])
    assert run_in_process(device, lantime_config, **options).result["changed"] is False
