# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the code are counted as they are described."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.paths import PLUGINS
from ansible_collections.meinberg.lantime.tools import figures

DEEP = """
def deep(self, a, *, b, **c):
    for item in a:
        if item:
            with item:
                while b:
                    pass
        elif b:
            pass
"""


def function(source: str) -> ast.FunctionDef:
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    return node


def test_a_function_is_measured() -> None:
    node = function(DEEP)
    assert (figures.length(node), figures.parameters(node), figures.nesting(node)) == (8, 3, 4)


@pytest.mark.parametrize(
    ("source", "depth"),
    [
        ("def f():\n    pass", 0),
        ("def f():\n    if 1:\n        pass\n    elif 2:\n        pass\n    else:\n        pass", 1),
        ("def f():\n    try:\n        pass\n    except OSError:\n        if 1:\n            pass", 2),
        ("def f():\n    def g():\n        if 1:\n            pass", 0),
    ],
)
def test_depth_of_blocks(source: str, depth: int) -> None:
    assert figures.nesting(function(source)) == depth


def test_names_of_several_files_are_listed_unless_there_is_a_reason(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = "SPEC = Tree = 1\nLIMIT: int = 2\n\n\ndef run():\n    inner = 1\n"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "b.py").write_text("class Own:\n    LIMIT = 3\n\n\nLIMIT, OTHER = 4, 5\n", encoding="utf-8")
    assert figures.repeated_names(tmp_path) == {"LIMIT": ["a.py", "b.py"]}


def test_each_shared_name_is_still_shared() -> None:
    names = [name for path in figures.python_files(PLUGINS) for name in figures.top_level_names(path)]
    assert {name for name in figures.SHARED_NAMES if names.count(name) < 2} == set()


def test_lines_are_counted(tmp_path: Path) -> None:
    (tmp_path / "page.j2").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "code.py").write_text("one = 1\n", encoding="utf-8")
    assert figures.count_lines(figures.template_files(tmp_path)) == 2
    assert figures.count_lines(figures.python_files(tmp_path)) == 1


def test_without_history_the_size_of_the_release_is_known(tmp_path: Path) -> None:
    assert figures.lines_before(tmp_path) == 23063
