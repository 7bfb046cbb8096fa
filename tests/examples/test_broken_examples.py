# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of examples find new ones in every kind of place, and fail for an example that does not run."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.tests.examples import test_consoles, test_files, test_plays
from ansible_collections.meinberg.lantime.tests.examples.conftest import QUICK, MakeReader
from ansible_collections.meinberg.lantime.tests.examples.find import (
    CONSOLE,
    EVENTS,
    INVENTORY,
    MIXED,
    PIPELINE,
    PLAYS,
    PYTHON,
    REQUIREMENTS,
    SOURCE,
    TASKS,
    VARIABLES,
    find_examples,
    form_of,
)

PAGE = ".. code-block:: shell\n\n    ansible-playbook meinberg.lantime.drift_check\n"
FENCE = "```\nansible-playbook meinberg.lantime.drift_check\n```\n"
PLUGIN = 'EXAMPLES = r"""\n- meinberg.lantime.lantime_facts:\n"""\n'
PLACES = {
    "README.md": FENCE,
    "SECURITY.md": FENCE,
    "docs/new.md": FENCE,
    "docs/docsite/rst/new.rst": PAGE,
    "roles/new/README.md": FENCE,
    "plugins/modules/lantime_new.py": PLUGIN,
    "plugins/filter/new.py": PLUGIN,
    "plugins/inventory/new.py": PLUGIN,
    "plugins/lookup/new.py": PLUGIN,
    "extensions/eda/plugins/event_source/new.py": PLUGIN,
}


def test_a_new_example_is_found_in_every_kind_of_place(tmp_path: Path) -> None:
    for path, text in PLACES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    found = find_examples(tmp_path)
    assert {each.source: form_of(each) for each in found} == {
        path: TASKS if text == PLUGIN else CONSOLE for path, text in PLACES.items()
    }
    assert len(found) == len(PLACES)


# (source, form, what stands in the example, what breaks it)
BROKEN = [
    ("README.md", CONSOLE, "meinberg.lantime.drift_check", "meinberg.lantime.drift_chek"),
    ("README.md", REQUIREMENTS, "meinberg.lantime.git", "meinberg.lantim.git"),
    ("README.md", INVENTORY, "lantime_host: ts1", "lantime_host: ts9"),
    ("README.md", VARIABLES, "snmp:", "snmpp:"),
    ("README.md", PLAYS, "minpoll: 6", "minpol: 6"),
    ("docs/docsite/rst/drift.rst", CONSOLE, "@golden.yml", "@gold.yml"),
    ("docs/docsite/rst/ci.rst", PIPELINE, "meinberg.lantime.drift_check", "meinberg.lantime.drift_chek"),
    ("docs/docsite/rst/simulator.rst", PYTHON, "DeviceSpec(", "DeviceSpek("),
    ("roles/health_check/README.md", PLAYS, "certificate_self_signed", "certificate_selfsigned"),
    ("plugins/modules/lantime_facts.py", MIXED, "gather_subset", "gather_subnet"),
    ("plugins/filter/overlay.py", TASKS, "meinberg.lantime.overlay", "meinberg.lantime.overlap"),
    ("plugins/inventory/lantime.py", SOURCE, "cache_timeout_state", "cache_timeout_stat"),
    ("extensions/eda/plugins/event_source/lantime_events.py", EVENTS, "username", "user_name"),
]
# These take less than the others, and are of the two forms of which there are most.
IN_MAKE_TEST = ("README.md-console", "README.md-plays")


def _cases() -> t.Iterator[t.Any]:
    for source, form, text, broken in BROKEN:
        name = f"{source}-{form}"
        marks = () if name in IN_MAKE_TEST else (pytest.mark.thorough,)
        yield pytest.param(source, form, text, broken, marks=marks, id=name)


@pytest.mark.parametrize(("source", "form", "text", "broken"), list(_cases()))
def test_an_example_that_does_not_run_fails(
    make_reader: MakeReader,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    source: str,
    form: str,
    text: str,
    broken: str,
) -> None:
    example = next(
        each for each in find_examples() if (each.source, form_of(each)) == (source, form) and text in each.text
    )
    example = example._replace(text=example.text.replace(text, broken))
    run: dict[str, t.Callable[[], object]] = {
        CONSOLE: lambda: test_consoles.test_the_commands_of_an_example(make_reader, example),
        EVENTS: lambda: test_files.test_an_event_source(make_reader, monkeypatch, example),
        PIPELINE: lambda: test_files.test_a_pipeline(make_reader, example),
        PYTHON: lambda: test_files.test_a_program(example),
        REQUIREMENTS: lambda: test_files.test_requirements(example, tmp_path),
        SOURCE: lambda: test_files.test_a_configuration_of_the_inventory_plugin(make_reader, example),
        VARIABLES: lambda: test_files.test_variables(make_reader, example),
    }
    for each in (PLAYS, TASKS, MIXED):
        run[each] = lambda: test_plays.test_an_example(make_reader, example, QUICK)
    if form == INVENTORY:
        # The files of a page are those that were found.
        monkeypatch.setattr(test_consoles, "FOUND", (example,))
        run[form] = lambda: test_files.test_an_inventory(make_reader, example)
    with pytest.raises((AssertionError, LantimeError, SystemExit)):
        run[form]()
