# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The imports of the code follow the layers that the contributor guide shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.paths import PLUGINS, ROOT
from ansible_collections.meinberg.lantime.tools.imports import (
    SIDES,
    Import,
    Layers,
    flat_files,
    import_cycles,
    imports_of,
    packages,
    read_layers,
    upward_imports,
)

IMPORTS = imports_of(PLUGINS)


@pytest.fixture(scope="module")
def layers() -> Layers:
    return read_layers((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), PLUGINS)


@pytest.mark.parametrize("side", SIDES)
def test_the_guide_lists_each_package_once(layers: Layers, side: str) -> None:
    listed: list[str] = getattr(layers, side)
    assert sorted(listed) == sorted(packages(PLUGINS, side))


@pytest.mark.parametrize("side", SIDES)
def test_no_file_is_outside_a_package(side: str) -> None:
    assert flat_files(PLUGINS, side) == []


def test_no_import_goes_up(layers: Layers) -> None:
    assert [str(one) for one in upward_imports(IMPORTS, layers)] == []


def test_no_files_import_each_other() -> None:
    assert import_cycles(IMPORTS) == []


def test_the_imports_of_the_entry_points_are_read() -> None:
    assert Import("action.lantime_facts", "plugin_utils._action.in_process") in IMPORTS
    assert Import("module_utils._jobs.lantime_facts", "module_utils._status.facts") in IMPORTS


@pytest.mark.parametrize(
    ("importer", "imported", "is_upward"),
    [
        ("module_utils._top.a", "module_utils._low.b", False),
        ("module_utils._top.a", "module_utils._top.b", False),
        ("module_utils._low.a", "module_utils._top.b", True),
        ("module_utils._top.a", "plugin_utils._one.b", True),
        ("plugin_utils._one.a", "module_utils._top.b", False),
        ("plugin_utils._one.a", "plugin_utils._one.b", False),
        ("plugin_utils._one.a", "plugin_utils._two.b", True),
        ("modules.a", "module_utils._top.b", False),
    ],
)
def test_which_imports_go_up(importer: str, imported: str, is_upward: bool) -> None:
    one = Import(importer, imported)
    expected = [one] if is_upward else []
    assert upward_imports([one], Layers(["_top", "_low"], ["_one", "_two"])) == expected


def test_cycles_are_reported_as_chains() -> None:
    chain = [Import("a", "b"), Import("b", "c"), Import("c", "b"), Import("d", "a")]
    assert import_cycles(chain) == [["b", "c"]]


def test_imports_inside_functions_count(tmp_path: Path) -> None:
    for name, text in {"a": "def f():\n    from .b import x\n", "b": "from . import a\n"}.items():
        (tmp_path / "_low").mkdir(exist_ok=True)
        (tmp_path / "_low" / f"{name}.py").write_text(text, encoding="utf-8")
    assert import_cycles(imports_of(tmp_path)) == [["_low.a", "_low.b"]]


def test_a_guide_without_layers_is_an_error() -> None:
    with pytest.raises(ValueError, match="layers"):
        read_layers("# Guide", PLUGINS)
