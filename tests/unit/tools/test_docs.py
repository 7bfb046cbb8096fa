# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation says what the data tables and the argument specifications say."""

from __future__ import annotations

import importlib
import re
import typing as t

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.module_utils._base.version import VERSION
from ansible_collections.meinberg.lantime.plugins.module_utils._client.options import CONNECTION_SPEC
from ansible_collections.meinberg.lantime.plugins.module_utils._health.limits import LIMITS_BY_NAME
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.settings import WRITE_OPTIONS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.controller import ControllerAction
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.in_process import InProcessAction
from ansible_collections.meinberg.lantime.tests.paths import PAGES, PLUGINS, ROOT
from ansible_collections.meinberg.lantime.tools import generate_docs, rst

PACKAGE = "ansible_collections.meinberg.lantime.plugins"
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("lantime_*.py"))


@pytest.mark.parametrize("name", sorted(generate_docs.PAGES))
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (PAGES / name).read_text(encoding="utf-8")
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


def test_the_user_agent_has_the_version_of_the_collection() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == VERSION


def action_of(module: str) -> type[InProcessAction]:
    found: type[InProcessAction] = importlib.import_module(f"{PACKAGE}.action.{module}").ActionModule
    return found


def options_of(fragment: str) -> dict[str, t.Any]:
    module = importlib.import_module(f"{PACKAGE}.doc_fragments.{fragment}")
    return t.cast("dict[str, t.Any]", yaml.safe_load(module.ModuleDocFragment.DOCUMENTATION).get("options", {}))


def shared_options(documentation: dict[str, t.Any]) -> dict[str, t.Any]:
    """Options of the fragments that the documentation of a module extends."""
    own = [
        name for name in documentation.get("extends_documentation_fragment", ()) if name.startswith("meinberg.lantime.")
    ]
    fragments = {name.split(".")[2] for name in own}
    return {name: entry for fragment in fragments for name, entry in options_of(fragment).items()}


def test_the_fragments_have_the_options_of_their_specifications() -> None:
    assert set(options_of("connection")) == set(CONNECTION_SPEC)
    assert set(WRITE_OPTIONS) - {"config_root"} <= set(options_of("writing"))


@pytest.mark.parametrize("module", MODULES)
def test_documented_options_are_those_of_the_specification(module: str) -> None:
    spec = action_of(module).spec
    source = importlib.import_module(f"{PACKAGE}.modules.{module}")
    documentation = yaml.safe_load(source.DOCUMENTATION)
    documented = {**shared_options(documentation), **documentation["options"]}
    expected = {**CONNECTION_SPEC, **spec.options} if spec.connection else spec.options
    assert set(documented) == set(expected)
    for name, option in expected.items():
        entry = documented[name]
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


def specification_of(role: str) -> dict[str, t.Any]:
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", yaml.safe_load(text)["argument_specs"]["main"]["options"])


@pytest.mark.parametrize("role", ROLES)
def test_the_readme_of_a_role_lists_every_variable(role: str) -> None:
    readme = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE)
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert sorted(rows) == sorted(specification_of(role))
    assert set(defaults) <= set(rows)


def test_every_reference_has_its_label_and_every_page_its_label_and_entry() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("*.rst")}
    labels = {label for text in pages.values() for label in re.findall(r"^\.\. _(\S+):$", text, re.MULTILINE)}
    assert labels >= {f"{rst.LABEL}{name}" for name in pages}
    index = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))
    assert sorted(name for section in index["sections"] for name in section["toctree"]) == sorted(pages)
    sources = [path for part in ("docs/docsite", "extensions", "plugins", "roles") for path in (ROOT / part).rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in sources if path.suffix in (".py", ".rst", ".yml")]
    used = {name for text in texts for name in re.findall(re.escape(rst.LABEL) + r"\w+", text)}
    assert used == labels


def test_the_thresholds_of_health_are_listed() -> None:
    source = importlib.import_module(f"{PACKAGE}.modules.lantime_health")
    text = " ".join(yaml.safe_load(source.DOCUMENTATION)["options"]["thresholds"]["description"])
    assert sorted(re.findall(r"V\((\w+)\)", text)) == sorted(LIMITS_BY_NAME)


# The report of the role adopt has formats of its own.
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"adopt"}))
def test_the_roles_offer_every_report_format(role: str) -> None:
    source = importlib.import_module(f"{PACKAGE}.modules.lantime_report")
    formats = yaml.safe_load(source.DOCUMENTATION)["options"]["formats"]
    option = specification_of(role)[f"{role}_report_formats"]
    assert option["choices"] == formats["choices"]
    assert option["default"] == formats["default"]
