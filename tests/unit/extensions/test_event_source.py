# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the event source: its documentation, and how it finds the collection."""

from __future__ import annotations

import ast
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import POLLING_OPTIONS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.options import (
    EVENT_OPTIONS,
    SOURCE_OPTIONS,
    read_options,
)
from ansible_collections.meinberg.lantime.tests.paths import EVENT_SOURCE, PAGES, ROOT


def constant(name: str) -> t.Any:
    """A YAML text that stands in the source file."""
    for node in ast.parse(EVENT_SOURCE.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise KeyError(name)


def documented(entry: dict[str, t.Any]) -> tuple[t.Any, t.Any, t.Any]:
    return entry["type"], entry.get("default"), entry.get("choices")


def test_documented_arguments_are_those_that_are_read() -> None:
    described = constant("DOCUMENTATION")["options"]
    assert list(described) == [*SOURCE_OPTIONS, *POLLING_OPTIONS]
    for name, option in {**SOURCE_OPTIONS, **POLLING_OPTIONS}.items():
        wanted = (option.kind, option.default, list(option.choices) or None)
        assert documented(described[name]) == wanted, name
    suboptions = described["events"]["suboptions"]
    assert list(suboptions) == list(EVENT_OPTIONS)
    for name, option in EVENT_OPTIONS.items():
        assert documented(suboptions[name]) == (option.kind, list(option.default), None)


def test_the_examples_of_source_and_page_can_be_read() -> None:
    (example,) = constant("EXAMPLES")
    found = read_options(example["meinberg.lantime.lantime_events"], {})
    assert [target.name for target in found.targets] == ["ts1.example.com", "ts2"]
    page = (PAGES / "events.rst").read_text("utf-8")
    for name in (*SOURCE_OPTIONS, *EVENT_OPTIONS):
        assert f"``{name}``" in page, name


@pytest.mark.parametrize("place", ["ansible_collections/meinberg/lantime", "checkout"])
def test_the_source_finds_its_collection_wherever_it_lies(tmp_path: Path, place: str) -> None:
    """As ansible-rulebook runs it: by path, in a Python that knows neither ansible_collections nor ansible."""
    home = tmp_path / place
    home.mkdir(parents=True)
    for part in ("plugins", "extensions"):
        (home / part).symlink_to(ROOT / part)
    program = f"""
import asyncio, runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name == "ansible" or name.startswith("ansible."):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refuse())
found = runpy.run_path({str(home / EVENT_SOURCE.relative_to(ROOT))!r})
try:
    asyncio.run(found["main"](asyncio.Queue(), {{"hosts": []}}))
except Exception as error:
    watch = sys.modules["ansible_collections.meinberg.lantime.plugins.plugin_utils._events.watch"]
    print(type(error).__name__, error, watch.__file__)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "LantimeError lantime_events: hosts has no device" in done.stdout
    assert done.stdout.strip().endswith(str(home / "plugins/plugin_utils/_events/watch.py"))
