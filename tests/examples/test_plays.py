# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays and tasks of all examples run as they are pasted, on fresh devices of each generation."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.examples.conftest import ALL, QUICK, MakeReader, numbered
from ansible_collections.meinberg.lantime.tests.examples.find import (
    MIXED,
    PLAYS,
    TASKS,
    Example,
    entries_of,
    find_examples,
    form_of,
    parse,
)
from ansible_collections.meinberg.lantime.tests.examples.plan import (
    BEFORE,
    CONTINUES,
    IN_MAKE_TEST,
    INCIDENTS,
    MAY_FAIL,
    ONE_DEVICE,
    OTHER_TEST,
    WITH_RECORDINGS,
    WITHOUT_PROXY,
    one_of_each,
)
from ansible_collections.meinberg.lantime.tests.examples.reader import Done, Reader
from ansible_collections.meinberg.lantime.tests.integration.controller import Result
from ansible_collections.meinberg.lantime.tests.paths import CALLBACK_PLUGINS
from ansible_collections.meinberg.lantime.tests.programs import deprecations

# What a module reports about a fresh device is no fault of the example.
VERDICTS = {"drift", "unhealthy"}

# An option with which a task watches a device for minutes.
WATCHES = "confirm_window"
HURRIED = {
    "ANSIBLE_CALLBACKS_ENABLED": "record,hurry",
    "ANSIBLE_CALLBACK_PLUGINS": f"{CALLBACK_PLUGINS}:{Path(__file__).with_name('callback_plugins')}",
}

EXAMPLES = [
    example
    for example in find_examples()
    if (example.source, form_of(example)) not in OTHER_TEST and form_of(example) in (PLAYS, TASKS, MIXED)
]


def _cases() -> t.Iterator[t.Any]:
    for example in EXAMPLES:
        quick = example.source in IN_MAKE_TEST
        if example.source in ONE_DEVICE:
            for profile in QUICK:
                marks = () if quick and profile == QUICK[2] else (pytest.mark.thorough,)
                yield pytest.param(example, (profile, profile), marks=marks, id=f"{example.name}-{profile}")
            continue
        if quick:
            yield pytest.param(example, QUICK, id=example.name)
        yield pytest.param(example, ALL, marks=pytest.mark.thorough, id=f"{example.name}-all")


def _is_verdict(example: Example, result: Result) -> bool:
    codes = {(result.result.get("error") or {}).get("code"), result.result.get("verdict")}
    return bool(codes & VERDICTS) or (example.source, result.name) in MAY_FAIL


def faults_of(example: Example, done: Done) -> list[str]:
    """Failed tasks, and deprecations of Ansible about the collection."""
    failed = [
        f"{each.host}: {each.name}: {each.result.get('msg')}"
        for each in done.results
        if each.outcome != "ok" and not _is_verdict(example, each)
    ]
    announced = example.source in ("plugins/filter/drift.py", "plugins/filter/record.py")
    return failed + ([] if announced else deprecations(done.output))


def names_of(entry: str) -> list[str]:
    """The names of the tasks of a play or of a task; of a play with roles, that of the play's first result."""
    (data,) = parse(entry)
    tasks = data.get("tasks", []) if "hosts" in data else [data]
    return [task["name"] for task in tasks if not any(key.endswith("import_role") for key in task)]


def write_site(reader: Reader, entries: t.Sequence[str], hosts: str) -> None:
    """Write a playbook: plays as they are, each task as a file that a play includes, which goes on after a failure."""
    text = ""
    in_play = False
    for number, entry in enumerate(entries):
        (data,) = parse(entry)
        if "hosts" in data:
            text, in_play = text + entry.rstrip() + "\n", False
            continue
        if not in_play:
            text, in_play = text + f"- hosts: {hosts}\n  gather_facts: false\n  tasks:\n", True
        path = f"task{number}.yml"
        reader.write(path, entry)
        text += f"    - block: [{{ansible.builtin.include_tasks: {path}}}]\n"
        text += "      rescue: [{ansible.builtin.meta: noop}]\n"
    reader.write("site.yml", text)


def run_entries(reader: Reader, example: Example, entries: t.Sequence[str]) -> set[str]:
    """Run plays and tasks in one playbook, and return the names of the tasks that have run."""
    write_site(reader, entries, "ts1" if example.source in ONE_DEVICE else "lantime")
    environ = HURRIED if WATCHES in example.text else {}
    done = reader.run("ansible-playbook -i inventory.yml site.yml", **environ)
    assert done.results, done.output
    faults = faults_of(example, done)
    assert not faults, "\n".join([example.name, *faults])
    return {each.name for each in done.results}


@pytest.mark.parametrize(("example", "profiles"), list(_cases()))
def test_an_example(make_reader: MakeReader, example: Example, profiles: tuple[str, ...]) -> None:
    reader = make_reader(numbered(profiles))
    if example.source in WITHOUT_PROXY:
        reader.connect_directly()
    if example.source in INCIDENTS:
        reader.hosts["ts4"].raise_incident(INCIDENTS[example.source])
    if example.source in WITH_RECORDINGS:
        reader.record()
    for command in BEFORE.get(example.name, []):
        done = reader.run(command)
        assert done.code in (0, 2), done.output
    before = next((each.text for each in EXAMPLES if each.name == CONTINUES.get(example.name)), "")
    entries = entries_of(before + example.text)
    ran = run_entries(reader, example, entries)
    # An alternative is skipped after the tasks above it, and a play whose hosts have failed with a verdict before.
    for entry in entries:
        names = set(names_of(entry))
        if names - ran:
            assert {"when", "hosts"} & set(parse(entry)[0]), f"{example.name}: not run: {names - ran}"
            assert names <= run_entries(reader, example, [entry]), f"{example.name}: not run: {names - ran}"


def test_each_exception_is_needed() -> None:
    sources = {example.source for example in find_examples()}
    named = {*IN_MAKE_TEST, *ONE_DEVICE, *WITH_RECORDINGS, *(source for source, dummy in MAY_FAIL)}
    assert named <= sources
    assert set(BEFORE) <= {example.name for example in find_examples()}
    tasks = {
        (example.source, name) for example in EXAMPLES for entry in entries_of(example.text) for name in names_of(entry)
    }
    assert set(MAY_FAIL) <= tasks
    assert one_of_each(EXAMPLES) == {PLAYS, TASKS}
