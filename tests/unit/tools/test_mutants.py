# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutation testing: the mutations of each kind, and a table whose entries exist."""

from __future__ import annotations

import ast
import textwrap

import pytest

from ansible_collections.meinberg.lantime.tools import mutants
from ansible_collections.meinberg.lantime.tools.mutations import find_mutations


def changed(source: str) -> list[str]:
    """The changed lines of each mutation, quotes and parentheses as in the source of a syntax tree."""
    return [mutation.after for mutation in find_mutations(textwrap.dedent(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a == b", ["(a != b)"]),
        ("a is not b", ["(a is b)"]),
        ("a not in b", ["(a in b)"]),
        ("a < b", ["(a <= b)", "(a >= b)"]),
        ("a >= b", ["(a < b)", "(a > b)"]),
        ("a < b == c", ["(a < b != c)", "(a <= b == c)", "(a >= b == c)"]),
        ("a and b", ["(a or b)"]),
        ("a or b or c", ["(a and b and c)"]),
        ("not a", ["(a)"]),
        ("a + b", ["(a - b)"]),
        ("a * b - c", ["(a * b + c)", "(a + b) - c"]),
        ('"a text" + b', []),
        ("True", ["False"]),
        ("7", ["8"]),
        ("0.5", ["1.5"]),
        ("'name'", ["'name~'"]),
        ("'a text'", []),
        ("''", []),
        ("None", []),
        ("f'{a + b} text'", []),
        ("f(a, b=c, **d)", ["f(a, **d)"]),
        ("f(what='a text', hint=c)", []),
        ("t.cast('Name', a)", []),
        ("a if b else c", ["a if (not (b)) else c"]),
        ("[a for a in b if c]", ["[a for a in b if (not (c))]"]),
    ],
)
def test_mutations_of_an_expression(source: str, expected: list[str]) -> None:
    assert changed(f"x = {source}") == [f"x = {text}" for text in expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f()", ["pass"]),
        ("raise a", ["pass"]),
        ("a += b", ["pass"]),
        ("a.b = c", ["pass"]),
        ("a[b] = c", ["pass"]),
        ("a = b", []),
        ("a: int = 7", ["a: int = 8"]),
        ("'a docstring'", []),
        ("import a", []),
        ("from a import b", []),
        ("if TYPE_CHECKING:\n    f()", []),
        ("def f(a=True) -> 'Name':\n    return None", ["def f(a=False) -> 'Name':"]),
        ("def f():\n    return a", ["return None"]),
        ("while a:\n    break", ["while (not (a)):", "pass"]),
        ("for a in b:\n    continue", ["pass"]),
        ("@g(True)\ndef f():\n    return", []),
    ],
)
def test_mutations_of_a_statement(source: str, expected: list[str]) -> None:
    assert changed(source) == expected


SOURCE = '''
class A:
    """A docstring."""

    def b(self, ü: int) -> bool:
        def c() -> bool:
            return "ü" == (
                ü
            )
        return c()
'''


def test_a_mutation_changes_its_lines_only() -> None:
    (mutation,) = [m for m in find_mutations(SOURCE) if "!=" in m.after]
    assert (mutation.function, mutation.first, mutation.last) == ("A.b.c", 7, 9)
    assert (mutation.before, mutation.after) == ('return "ü" == ( ü )', "return ('ü' != ü)")
    before, after = SOURCE.splitlines(), mutation.apply(SOURCE).splitlines()
    assert after == [*before[:6], "            return ('ü' != ü)", *before[9:]]


@pytest.fixture(scope="module")
def population() -> list[mutants.Mutant]:
    return list(mutants.mutants_of(mutants.core_files(mutants.load_table().tests)))


def test_every_mutant_of_the_core_can_be_compiled(population: list[mutants.Mutant]) -> None:
    sources = {file: (mutants.ROOT / file).read_text("utf-8") for file in {m.file for m in population}}
    for mutant in population[::25]:
        ast.parse(mutant.mutation.apply(sources[mutant.file]))
    assert len(population) > 3000


def test_every_equivalent_is_a_mutant(population: list[mutants.Mutant]) -> None:
    """Otherwise its line was changed: look again whether the mutant is equivalent."""
    assert mutants.load_table().equivalents - {mutant.key for mutant in population} == set()


def test_every_entry_of_the_table_exists() -> None:
    table = mutants.load_table()
    for pattern, tests in table.tests.items():
        assert mutants.core_files([pattern]), pattern
        for name in tests:
            assert (mutants.ROOT / name).exists(), name


def test_the_tests_of_a_file_begin_with_its_mirror() -> None:
    tests = mutants.load_table().tests_for("plugins/module_utils/_transaction/journal.py", mutants.ROOT)
    assert tests[:2] == ["tests/unit/module_utils/_transaction/test_journal.py", "tests/unit/module_utils/_transaction"]
    assert "tests/reliability/test_recovery.py" in tests[2:]
    assert mutants.Table({}, frozenset()).tests_for("plugins/module_utils/_none/none.py", mutants.ROOT) == []


def test_only_one_of_several_patterns_gives_further_tests() -> None:
    table = mutants.Table({"plugins/a/b.py": ["tests/unit"], "plugins/a/*.py": ["tests/reliability"]}, frozenset())
    assert table.tests_for("plugins/a/b.py", mutants.ROOT) == ["tests/unit"]
    assert table.tests_for("plugins/a/c.py", mutants.ROOT) == ["tests/reliability"]
