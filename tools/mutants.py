# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutation testing of the core: make small changes to the code, one at a time, and print those that no test notices.

Usage: python tools/mutants.py [--seed NUMBER] [--count NUMBER] [--files PATTERN ...] [--processes NUMBER] [--list]

The sample depends on the seed only. For each mutant the tests that mirror its file run first, then those of tools/mutants.yml.
Runs in copies of the stage below .build/mutants. Fails if less than 90 % of the mutants are killed; those that mutants.yml lists
as equivalent do not count.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import queue
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, NamedTuple

import yaml

from ansible_collections.meinberg.lantime.tools.mutations import Mutation, find_mutations

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
COLLECTION = Path("ansible_collections") / "meinberg" / "lantime"
TABLE = ROOT / "tools" / "mutants.yml"

MINIMUM_PERCENT = 90
# Seconds for one run of tests, and how much longer a run with a mutant may take than one without.
_TIME_LIMIT = 600.0
_SLOWER = 4.0
_LEAST_LIMIT = 60.0


class Mutant(NamedTuple):
    """A mutation of a file, whose path is relative to the collection."""

    file: str
    mutation: Mutation

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies a mutant while other lines of the file change."""
        return self.file, self.mutation.function, self.mutation.after

    def __str__(self) -> str:
        where = f"{self.file}:{self.mutation.first} {self.mutation.function}".rstrip()
        return f"{where}\n    - {self.mutation.before}\n    + {self.mutation.after}"


class Table(NamedTuple):
    """The content of mutants.yml. tests: by pattern of files.  equivalents: keys of mutants that no test can notice."""

    tests: dict[str, list[str]]
    equivalents: frozenset[tuple[str, str, str]]

    def tests_for(self, file: str, root: Path) -> list[str]:
        """Paths of tests for a file, to be run in this order: the mirror, its directory, all others."""
        path = Path(file)
        directory = Path("tests/unit") / path.parent.relative_to("plugins")
        mirror = directory / f"test_{path.name}"
        further = next((names for pattern, names in self.tests.items() if fnmatch.fnmatch(file, pattern)), [])
        return [name for name in [mirror.as_posix(), directory.as_posix(), *further] if (root / name).exists()]


def load_table() -> Table:
    content = yaml.safe_load(TABLE.read_text("utf-8"))
    keys = {(e["file"], e["function"], e["mutant"]) for e in content["equivalents"]}
    return Table(content["tests"], frozenset(keys))


def core_files(patterns: Iterable[str]) -> list[str]:
    """Files of the checkout that match one of the patterns, relative to it."""
    paths = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py")


def mutants_of(files: Iterable[str]) -> Iterator[Mutant]:
    for file in files:
        for mutation in find_mutations((ROOT / file).read_text("utf-8")):
            yield Mutant(file, mutation)


class UndecidedError(Exception):
    """Tests that a mutant fails do not pass without it either."""


class Workplace:
    """A copy of the stage in which one mutant at a time is tested."""

    # Seconds for tests with a mutant, by their path; the same in all places.
    _limits: ClassVar[dict[str, float]] = {}

    def __init__(self, number: int) -> None:
        self.build = BUILD / "mutants" / str(number)
        self.root = self.build / COLLECTION
        self._changes = 0
        shutil.rmtree(self.build, ignore_errors=True)
        shutil.copytree(
            BUILD / COLLECTION, self.root, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "output")
        )
        (self.build / "ansible.cfg").touch()
        self._server = self._start_server()

    def is_killed(self, mutant: Mutant, table: Table) -> bool:
        path = self.root / mutant.file
        source = path.read_text("utf-8")
        for tests in table.tests_for(mutant.file, self.root):
            self._write(path, mutant.mutation.apply(source))
            try:
                passes = self._passes(tests)
            finally:
                self._write(path, source)
            if not passes:
                self._check_without_mutant(tests)
                return True
        return False

    def _write(self, path: Path, content: str) -> None:
        """Write a file with a time that no cached bytecode has."""
        self._changes += 1
        path.write_text(content, "utf-8")
        os.utime(path, (self._changes, self._changes))

    def _check_without_mutant(self, tests: str) -> None:
        """Make sure that tests which a mutant fails pass without it; once for each path."""
        if tests not in self._limits and not self._passes(tests):
            raise UndecidedError(f"without a mutant these tests fail, too: {tests}")

    def _passes(self, tests: str) -> bool:
        """Whether tests pass, within a limit if it is known how long they take."""
        started = time.monotonic()
        if self._run(tests, self._limits.get(tests, _TIME_LIMIT)) != 0:
            return False
        self._limits.setdefault(tests, max(_LEAST_LIMIT, _SLOWER * (time.monotonic() - started)))
        return True

    def _run(self, tests: str, limit: float) -> int:
        """The exit code of tests, that of a failure also after the limit."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(f"{limit} {tests}\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())

    def _start_server(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "tools" / "mutant_server.py")],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _environment(self) -> dict[str, str]:
        home = {
            name: str(self.build / "ansible") for name in ("ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TMP")
        }
        return {
            **os.environ,
            **home,
            "PYTHONPATH": str(self.build),
            "ANSIBLE_COLLECTIONS_PATH": str(self.build),
            "ANSIBLE_CONFIG": str(self.build / "ansible.cfg"),
            "LC_ALL": "C.UTF-8",
        }


def test_mutants(mutants: list[Mutant], table: Table, processes: int) -> dict[str, list[Mutant]]:
    """Print the result for each mutant, and return the mutants by result: killed, survived, undecided."""
    places: queue.SimpleQueue[Workplace] = queue.SimpleQueue()
    for number in range(processes):
        places.put(Workplace(number))
    results: dict[str, list[Mutant]] = {"killed": [], "survived": [], "undecided": []}

    def test(mutant: Mutant) -> None:
        place = places.get()
        started = time.monotonic()
        reason = ""
        try:
            result = "killed" if place.is_killed(mutant, table) else "survived"
        except UndecidedError as error:
            result, reason = "undecided", f"\n    {error}"
        finally:
            places.put(place)
        results[result].append(mutant)
        print(f"{result:9} {time.monotonic() - started:5.0f} s  {mutant}{reason}", flush=True)

    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(test, mutants))
    return results


def main() -> int:
    table = load_table()
    parser = argparse.ArgumentParser(description="Mutation testing of the core.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--files", nargs="+", metavar="PATTERN", default=list(table.tests), help="default: the core")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print the sample without testing it")
    arguments = parser.parse_args()
    population = list(mutants_of(core_files(arguments.files)))
    sample = random.Random(arguments.seed).sample(population, min(arguments.count, len(population)))
    tested = [mutant for mutant in sample if mutant.key not in table.equivalents]
    print(f"{len(sample)} of {len(population)} mutants, {len(sample) - len(tested)} of them equivalent", flush=True)
    if arguments.list:
        print(*tested, sep="\n")
        return 0
    results = test_mutants(tested, table, arguments.processes)
    killed, survived, undecided = (len(mutants) for mutants in results.values())
    percent = 100 * killed / max(1, killed + survived)
    print(f"\nseed {arguments.seed}: {killed} killed, {survived} survived, {undecided} undecided: {percent:.1f} %")
    print(*(f"{name}: {m}" for name in ("survived", "undecided") for m in sorted(results[name])), sep="\n")
    return 0 if percent >= MINIMUM_PERCENT and not undecided else 1


if __name__ == "__main__":
    sys.exit(main())
