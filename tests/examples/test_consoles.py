# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of all examples run as they are pasted, with the files that their page tells to write."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.examples.conftest import ALL, QUICK, MakeReader, numbered
from ansible_collections.meinberg.lantime.tests.examples.find import (
    CONFIGURATION,
    CONSOLE,
    INVENTORY,
    REQUIREMENTS,
    SOURCE,
    VARIABLES,
    Example,
    commands_of,
    find_examples,
    form_of,
)
from ansible_collections.meinberg.lantime.tests.examples.plan import (
    BEFORE,
    FILES,
    IN_MAKE_TEST,
    OUTPUTS,
    OWN_FILES,
    VARYING,
    WITH_RECORDINGS,
    WITH_RUNNER,
    site_of_inventory,
)
from ansible_collections.meinberg.lantime.tests.examples.reader import VAULT_PASSWORD, Done, Reader
from ansible_collections.meinberg.lantime.tests.examples.test_plays import HURRIED, WATCHES, faults_of

FOUND = find_examples()
CONSOLES = [example for example in FOUND if form_of(example) == CONSOLE]
PAGE_FILES = (CONFIGURATION, INVENTORY, REQUIREMENTS, SOURCE, VARIABLES)


def page_files(source: str) -> dict[str, str]:
    """The files that a page tells to write, by name."""
    files = {}
    for example in FOUND:
        form = form_of(example)
        if example.source == source and form in PAGE_FILES and example.name not in OUTPUTS:
            name = example.file_name or FILES.get((source, form))
            files.update({name: example.text} if name else {})
    return files


def make_page_reader(make_reader: MakeReader, source: str, profiles: t.Sequence[str] = ALL) -> Reader:
    """A reader who has written the files of a page."""
    files = page_files(source)
    devices = site_of_inventory() if any("plugin:" in text for text in files.values()) else numbered(profiles)
    # The inventory of a page has its own user.
    reader = make_reader(devices, login="inventory.yml" not in files)
    for name, text in files.items():
        reader.write(name, reader.place(text))
    if "inventory.yml" in files and not any(name.startswith("group_vars") for name in files):
        reader.write("group_vars/lantime/vault.yml", {"lantime_password": "the password of the user"})
    return reader


def run_command(reader: Reader, command: str) -> Done:
    """Run a command; a simulator in the foreground ends when its files are written."""
    simulator = "-m tests.simulator" in command and "--inventory" in command and "--daemon" not in command
    if simulator:
        (reader.directory / "inventory.yml").unlink()
        return reader.run_until(command.partition(" # ")[0].strip(), "inventory.yml")
    environ = HURRIED if WATCHES in command else {}
    return reader.run(command, stdin=f"{VAULT_PASSWORD}\n{VAULT_PASSWORD}\n", **environ)


def check_command(reader: Reader, example: Example, command: str, output: str) -> None:
    done = run_command(reader, command)
    place = f"{example.source}:{example.line}: {command}"
    faults = faults_of(example, done)
    assert not faults, "\n".join([place, *faults, done.output[-3000:]])
    # Drift and health of fresh devices are results.
    expected = {0, 2} if any(each.outcome == "failed" for each in done.results) else {0}
    assert done.code in expected, f"{place}: exit code {done.code}\n{done.output}"
    if output:
        assert VARYING.sub("X", output).strip() in VARYING.sub("X", done.output), f"{place}\n{done.output}"


def _cases() -> t.Iterator[t.Any]:
    for example in CONSOLES:
        quick = example.source in IN_MAKE_TEST
        yield pytest.param(example, marks=() if quick else (pytest.mark.thorough,), id=example.name)


@pytest.mark.parametrize("example", list(_cases()))
def test_the_commands_of_an_example(make_reader: MakeReader, example: Example) -> None:
    reader = make_page_reader(make_reader, example.source, QUICK if example.source in IN_MAKE_TEST else ALL)
    if example.source in WITH_RECORDINGS:
        reader.record()
    if example.name in WITH_RUNNER:
        reader.prepare_runner()
    for name, text in OWN_FILES.get(example.name, {}).items():
        reader.write(name, text)
    for command in BEFORE.get(example.name, []):
        assert reader.run(command).code in (0, 2)
    try:
        for command, output in commands_of(example.text):
            # The environment of a shell does not outlive a line here; it has the same variables.
            if not command.startswith("export "):
                check_command(reader, example, command, output)
    finally:
        if "--daemon" in example.text:
            reader.run("python -m tests.simulator --directory run --stop")
