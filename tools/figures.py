# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print figures of the code in plugins/: its size before and after, its layers, long functions, names, vocabulary.

Usage: python tools/figures.py
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Union

from ansible_collections.meinberg.lantime.tools import imports

ROOT = Path(__file__).resolve().parents[1]

MAX_LINES, MAX_PARAMETERS, MAX_NESTING = 40, 5, 3

# Release 1.2.0, and its lines of Python where its history is missing.
_BEFORE_COMMIT = "dac345c"
_BEFORE_LINES = 23063

# Names that many files define with the same meaning by protocol.
PROTOCOL_NAMES = frozenset(
    {
        "DOCUMENTATION",
        "EXAMPLES",
        "RETURN",
        "SPEC",
        "ActionModule",
        "FilterModule",
        "ModuleDocFragment",
        "main",
        "run",
    }
)
# Names with the same meaning in each file that defines them, and why they are defined more than once.
SHARED_NAMES: dict[str, str] = {}

# Words of the vocabulary that style.md replaces; and the sentence on privacy, which the underscore of a folder says.
METAPHORS = r"\b(doors?|rooms?(?! temperature)|way back|carry out|carried out|told(?! apart)|half-said|knows? nothing of|want(s|ed)? a look)\b"
PRIVACY = r"private to (meinberg\.lantime|the collection|this collection)"

_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


class Oversized(NamedTuple):
    """A function that is longer, takes more, or nests deeper than the limits, with the number that exceeds."""

    place: str
    number: int


def python_files(top: Path) -> list[Path]:
    return sorted(top.rglob("*.py"))


def count_lines(paths: list[Path]) -> int:
    return sum(len(path.read_bytes().splitlines()) for path in paths)


def template_files(top: Path) -> list[Path]:
    return sorted(path for path in top.rglob("*") if path.suffix in (".j2", ".css") and path.is_file())


def lines_before(root: Path) -> int:
    """Lines of Python in plugins/ of release 1.2.0, from git where that commit is reachable."""
    listing = _git(root, "ls-tree", "-r", "--name-only", _BEFORE_COMMIT, "plugins")
    if listing is None:
        return _BEFORE_LINES
    names = [name for name in listing.splitlines() if name.endswith(".py")]
    contents = (_git(root, "show", f"{_BEFORE_COMMIT}:{name}") or "" for name in names)
    return sum(text.count("\n") for text in contents)


def _git(root: Path, *arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def functions(top: Path) -> Iterator[tuple[str, _Function]]:
    """Every function with its place: file, line and name."""
    for path in python_files(top):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield f"{path.relative_to(top)}:{node.lineno} {node.name}", node


def length(function: _Function) -> int:
    """Lines from def to the end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: _Function) -> int:
    """Parameters without self and cls."""
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    names += [argument.arg for argument in (given.vararg, given.kwarg) if argument]
    return len([name for name in names if name not in ("self", "cls")])


def nesting(node: ast.AST) -> int:
    """Depth of blocks inside a node; an elif is as deep as its if, and functions inside count for themselves."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        own = isinstance(child, _BLOCKS) and not is_elif
        deepest = max(deepest, own + nesting(child))
    return deepest


def oversized(top: Path) -> dict[str, list[Oversized]]:
    """Functions beyond each of the three limits."""
    limits = {
        f"functions over {MAX_LINES} lines": (length, MAX_LINES),
        f"functions over {MAX_PARAMETERS} parameters": (parameters, MAX_PARAMETERS),
        f"functions nested deeper than {MAX_NESTING}": (nesting, MAX_NESTING),
    }
    every = list(functions(top))
    return {
        title: [Oversized(place, measure(node)) for place, node in every if measure(node) > limit]
        for title, (measure, limit) in limits.items()
    }


def top_level_names(path: Path) -> set[str]:
    """Names of functions, classes and variables that a file defines."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
    return names


def repeated_names(top: Path) -> dict[str, list[str]]:
    """Names that more than one file defines, with these files, apart from those with a reason."""
    places: dict[str, list[str]] = {}
    for path in python_files(top):
        for name in top_level_names(path) - PROTOCOL_NAMES - SHARED_NAMES.keys():
            places.setdefault(name, []).append(str(path.relative_to(top)))
    return {name: files for name, files in sorted(places.items()) if len(files) > 1}


def occurrences(root: Path, pattern: str, *places: str) -> list[str]:
    """Lines of tracked files that match, as git grep prints them."""
    matches = _git(
        root, "grep", "-niP", pattern, "--", *places, ":!tools/figures.py", ":!CHANGELOG.rst", ":!changelogs"
    )
    return (matches or "").splitlines()


def report(root: Path) -> Iterator[str]:
    """The lines of the report; what exceeds a limit is listed below its count."""
    plugins = root / "plugins"
    yield f"lines of Python in plugins/ in 1.2.0: {lines_before(root)}"
    yield f"lines of Python in plugins/: {count_lines(python_files(plugins))}"
    yield f"lines of templates in plugins/: {count_lines(template_files(plugins))}"
    every = imports.imports_of(plugins)
    layers = imports.read_layers((root / "CONTRIBUTING.md").read_text(encoding="utf-8"), plugins)
    lists: dict[str, list[str]] = {
        "files flat in plugins/module_utils/": imports.flat_files(plugins, "module_utils"),
        "import cycles": [" -> ".join(cycle) for cycle in imports.import_cycles(every)],
        "upward imports": [str(one) for one in imports.upward_imports(every, layers)],
        **{title: [f"{one.number:4} {one.place}" for one in found] for title, found in oversized(plugins).items()},
        "top-level names with several meanings": [
            f"{name}: {', '.join(files)}" for name, files in repeated_names(plugins).items()
        ],
        "metaphors": occurrences(
            root, METAPHORS, "plugins", "roles", "playbooks", "docs", "README.md", "CONTRIBUTING.md"
        ),
        "sentences on privacy": occurrences(root, PRIVACY, "."),
    }
    for title, entries in lists.items():
        yield f"{title}: {len(entries)}"
        yield from (f"    {entry}" for entry in entries)


def main() -> None:
    for line in report(ROOT):
        sys.stdout.write(re.sub(r"[^\x20-\x7e]", "?", line)[:200] + "\n")


if __name__ == "__main__":
    main()
