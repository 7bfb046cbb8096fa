# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The imports between the files of plugins/, and the rules that the contributor guide sets for them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

SIDES = ("module_utils", "plugin_utils")

_BLOCK = re.compile(r"^```layers\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Import(NamedTuple):
    """One import: dotted names below plugins/ of the importing and of the imported file."""

    importer: str
    imported: str

    def __str__(self) -> str:
        return f"{self.importer} imports {self.imported}"


class Layers(NamedTuple):
    """The packages of both sides, as the contributor guide lists them from top to bottom."""

    module_utils: list[str]
    plugin_utils: list[str]


def read_layers(guide: str, plugins: Path) -> Layers:
    """The fenced block "layers" of the guide: one package a line, whose first word is its name."""
    block = _BLOCK.search(guide)
    if block is None:
        raise ValueError("the guide has no block that starts with ```layers")
    names = [line.split()[0] for line in block[1].splitlines() if line.strip()]
    return Layers(*([name for name in names if name in packages(plugins, side)] for side in SIDES))


def packages(plugins: Path, side: str) -> set[str]:
    return {path.parent.name for path in (plugins / side).glob("*/__init__.py")}


def flat_files(plugins: Path, side: str) -> list[str]:
    """Files that are in no package."""
    return sorted(path.name for path in (plugins / side).glob("*.py") if path.name != "__init__.py")


def imports_of(plugins: Path) -> list[Import]:
    """Every import inside plugins/, also inside functions and for type checking."""
    files = {_dotted(plugins, path): path for path in plugins.rglob("*.py")}
    return [
        Import(name, target if target in files else parent)
        for name, path in sorted(files.items())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
        for parent in [_resolve(node, name)]
        for target in [f"{parent}.{alias.name}" for alias in node.names]
    ]


def _dotted(plugins: Path, path: Path) -> str:
    return ".".join(path.relative_to(plugins).with_suffix("").parts)


def _resolve(node: ast.ImportFrom, importer: str) -> str:
    parents = importer.split(".")[: -node.level]
    return ".".join([*parents, *([node.module] if node.module else [])])


def upward_imports(imports: list[Import], layers: Layers) -> list[Import]:
    """Imports that break the order of the layers.

    A package of module_utils imports only from itself and from packages below it, never from plugin_utils.
    A package of plugin_utils imports only from itself and from module_utils.
    """
    return [one for one in imports if _is_upward(one, layers)]


def _is_upward(one: Import, layers: Layers) -> bool:
    (side, package), (other_side, other) = (name.split(".")[:2] for name in one)
    if (side, package) == (other_side, other) or side not in SIDES:
        return False
    if side == "plugin_utils":
        return other_side != "module_utils"
    order = layers.module_utils
    return other_side != "module_utils" or order.index(other) < order.index(package)


def import_cycles(imports: list[Import]) -> list[list[str]]:
    """Chains of files of which each imports the next, and the last the first."""
    graph: dict[str, set[str]] = {}
    for one in imports:
        graph.setdefault(one.importer, set()).add(one.imported)
    cycles: list[list[str]] = []
    finished: set[str] = set()

    def visit(name: str, chain: list[str]) -> None:
        if name in chain:
            cycles.append(chain[chain.index(name) :])
        elif name not in finished:
            for target in sorted(graph.get(name, ())):
                visit(target, [*chain, name])
            finished.add(name)

    for name in sorted(graph):
        visit(name, [])
    return cycles
