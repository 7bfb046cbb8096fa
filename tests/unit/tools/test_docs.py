# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation says what the data tables and the argument specifications say."""

from __future__ import annotations

import importlib
import re

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.doc_fragments import connection
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.module_utils._base.version import VERSION
from ansible_collections.meinberg.lantime.plugins.module_utils._client.options import CONNECTION_SPEC
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.controller import ControllerAction
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.in_process import InProcessAction
from ansible_collections.meinberg.lantime.tests.paths import DOCS, PLUGINS, ROOT
from ansible_collections.meinberg.lantime.tools import generate_docs

PACKAGE = "ansible_collections.meinberg.lantime.plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("lantime_*.py"))


@pytest.mark.parametrize("name", sorted(generate_docs.PAGES))
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == generate_docs.PAGES[name](), "run tools/generate_docs.py"


def test_every_error_code_in_the_code_is_in_the_table_and_the_reverse() -> None:
    used: set[str] = set()
    for path in PLUGINS.rglob("*.py"):
        if path.name != "errors.py":
            text = path.read_text(encoding="utf-8")
            used |= {code for code in KINDS if f'"{code}"' in text}
            raised = re.findall(r'LantimeError\(\s*"([a-z_]+)"', text)
            assert set(raised) <= set(KINDS), path.name
    assert used == set(KINDS)


def test_the_version_that_devices_are_told_is_the_collections() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == VERSION


def action_of(module: str) -> type[InProcessAction]:
    found: type[InProcessAction] = importlib.import_module(f"{PACKAGE}.action.{module}").ActionModule
    return found


@pytest.mark.parametrize("module", MODULES)
def test_documented_options_are_those_of_the_specification(module: str) -> None:
    spec = action_of(module).spec
    source = importlib.import_module(f"{PACKAGE}.modules.{module}")
    documented = yaml.safe_load(source.DOCUMENTATION)["options"]
    fragment = yaml.safe_load(connection.ModuleDocFragment.DOCUMENTATION)["options"]
    assert set(documented) == set(spec.options)
    assert set(fragment) == set(CONNECTION_SPEC)
    for name, option in {**spec.options, **CONNECTION_SPEC}.items():
        entry = documented.get(name) or fragment[name]
        for key in ("type", "default", "choices", "elements", "required"):
            assert entry.get(key) == option.get(key), (name, key)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_is_in_the_action_group_if_it_talks_to_devices(
    module: str,
) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    action = action_of(module)
    assert (module in runtime["action_groups"]["lantime"]) is action.spec.connection


@pytest.mark.parametrize("module", MODULES)
def test_each_module_has_a_packaged_job_unless_it_runs_on_the_controller_only(module: str) -> None:
    source = importlib.import_module(f"{PACKAGE}.modules.{module}")
    packaged = not issubclass(action_of(module), ControllerAction)
    assert hasattr(source, "main") is packaged
    assert (PLUGINS / "module_utils" / "_jobs" / f"{module}.py").is_file() is packaged
