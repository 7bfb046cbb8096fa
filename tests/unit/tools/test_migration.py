# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The migration guide names everything of the interface of 1.2.0 that is gone or changed."""

from __future__ import annotations

import functools
import importlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import HEALTH_CHECKS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import variables
from ansible_collections.meinberg.lantime.tests.paths import PAGES, PLUGINS, ROOT, read_json
from ansible_collections.meinberg.lantime.tools import facts_reference, role_readmes

Interface = dict[str, dict[str, str]]

PAGE = (PAGES / "migration.rst").read_text(encoding="utf-8")
LEFT = ROOT / "tests" / "left_by_1_2_0"
# The names that users write or read, by where they are, with their types.
INTERFACE_OF_1_2_0: Interface = read_json(LEFT / "interface.json")
OPTIONS_OF_1_2_0: dict[str, dict[str, dict[str, t.Any]]] = read_json(LEFT / "options.json")
ERROR_CODES_OF_1_2_0: list[str] = read_json(LEFT / "error_codes.json")
# Variables that the roles and playbooks of 1.2.0 registered.
REGISTERED_BY_1_2_0 = [
    "drift_check_drift",
    "drift_check_facts_read",
    "drift_check_peers",
    "drift_check_read",
    "drift_check_record",
    "facts_report_read",
    "facts_report_record",
    "fleet_config_facts_read",
    "fleet_config_fit",
    "fleet_config_left",
    "fleet_config_record",
    "health_check_facts_read",
    "health_check_health",
    "health_check_record",
]


def current_options() -> dict[str, dict[str, t.Any]]:
    """The options of each plugin and role, with those of the fragments, as the keys of options.json name them."""
    options: dict[str, dict[str, t.Any]] = {}
    for kind in ("module", "filter", "inventory"):
        directory = PLUGINS / ("modules" if kind == "module" else kind)
        for path in directory.glob("*.py"):
            package = f"ansible_collections.meinberg.lantime.plugins.{directory.name}.{path.stem}"
            documentation = yaml.safe_load(importlib.import_module(package).DOCUMENTATION)
            own = {**fragments_of(documentation), **documentation.get("options", {})}
            options[f"{kind} {path.stem}"] = flat(own, "suboptions")
    for role in role_readmes.roles(ROOT):
        options[f"role {role}"] = flat(role_readmes.specification(ROOT / "roles" / role)["options"], "options")
    return options


def fragments_of(documentation: dict[str, t.Any]) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {}
    for name in documentation.get("extends_documentation_fragment", ()):
        if name.startswith("meinberg.lantime."):
            module = importlib.import_module(
                f"ansible_collections.meinberg.lantime.plugins.doc_fragments.{name.split('.')[2]}"
            )
            found.update(yaml.safe_load(module.ModuleDocFragment.DOCUMENTATION).get("options", {}))
    return found


def flat(options: dict[str, t.Any], key: str, prefix: str = "") -> dict[str, t.Any]:
    entries: dict[str, t.Any] = {}
    for name, option in options.items():
        entries[prefix + name] = option
        entries.update(flat(option.get(key) or {}, key, f"{prefix}{name}."))
    return entries


def test_the_notes_on_migration_name_every_option_whose_default_or_choices_changed() -> None:
    current = current_options()
    changed: set[str] = set()
    for plugin, options in OPTIONS_OF_1_2_0.items():
        for name, old in options.items():
            new = current.get(plugin, {}).get(name)
            # An empty default and none have the same effect.
            if (
                new is None
                or (new.get("default") or None) != (old.get("default") or None)
                or set(old.get("choices", ())) - set(new.get("choices", ()))
            ):
                changed.add(name)
    assert changed >= {"missing", "drift_check_missing", "fleet_config_missing", "group_by"}
    assert [name for name in sorted(changed) if f"``{name}``" not in PAGE] == []


def test_the_notes_on_migration_name_every_variable_that_is_no_longer_registered() -> None:
    sources = [*(ROOT / "roles").rglob("*.yml"), *(ROOT / "playbooks").glob("*.yml")]
    names = {name for path in sources for name in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    assert [name for name in REGISTERED_BY_1_2_0 if name in names] == []
    assert [name for name in REGISTERED_BY_1_2_0 if f"``{name}``" not in PAGE] == []


def test_the_notes_on_migration_name_every_error_code_that_is_new() -> None:
    assert set(ERROR_CODES_OF_1_2_0) <= set(KINDS)
    assert [code for code in KINDS if code not in ERROR_CODES_OF_1_2_0 and f"``{code}``" not in PAGE] == []


def literal(path: Path, name: str) -> dict[str, t.Any]:
    """The YAML of a block of documentation of a plugin."""
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    text = getattr(importlib.import_module(f"ansible_collections.meinberg.lantime.{package}"), name, "")
    return yaml.safe_load(text) or {}


def returned(path: Path) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {}
    for name in literal(path, "DOCUMENTATION").get("extends_documentation_fragment", ()):
        if name.startswith("meinberg.lantime."):
            fragment = importlib.import_module(
                f"ansible_collections.meinberg.lantime.plugins.doc_fragments.{name.split('.')[2]}"
            ).ModuleDocFragment
            found.update(yaml.safe_load(getattr(fragment, "RETURN", "{}")))
    return {**found, **literal(path, "RETURN")}


def types_of(entries: dict[str, t.Any]) -> dict[str, str]:
    return {name: entry.get("type", "") for name, entry in entries.items()}


def words_of(*paths: Path) -> dict[str, str]:
    return {word: "" for path in paths for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


@functools.cache
def current_interface() -> Interface:
    """The present interface in the form of interface.json."""
    interface = {f"{plugin}, options": types_of(options) for plugin, options in current_options().items()}
    for kind, directory in (("module", "modules"), ("filter", "filter")):
        for path in (PLUGINS / directory).glob("*.py"):
            interface[f"{kind} {path.stem}, returns"] = types_of(flat(returned(path), "contains"))
    for path in (ROOT / "playbooks").glob("*.yml"):
        role = ROOT / "roles" / path.stem
        interface[f"playbook {path.stem}, variables"] = words_of(path, *role.rglob("*.yml"))
    source = literal(ROOT / "extensions" / "eda" / "plugins" / "event_source" / "lantime_events.py", "DOCUMENTATION")
    interface["event source lantime_events, arguments"] = types_of(source["options"])
    interface["facts"] = {
        facts_reference.dotted_name(parts): fact.type for parts, fact in facts_reference.reference().items()
    }
    interface["health checks"] = {check.name: "" for check in HEALTH_CHECKS}
    interface["host variables of the inventory plugin"] = words_of(PAGES / "inventory.rst")
    return interface


def changes(old: Interface, new: Interface) -> set[str]:
    """Names that are gone, or whose type is another one that does not accept or return the old one."""
    found: set[str] = set()
    for place, names in old.items():
        if place not in new:
            found.add(place.partition(",")[0].rpartition(" ")[2])
            continue
        for name, kind in names.items():
            now = new[place].get(name)
            if now is None or (now != kind and not (now == "raw" and "options" in place)):
                found.add(name.removesuffix("[]").rpartition(".")[2])
    return found


def test_the_notes_on_migration_name_everything_that_is_gone_or_has_another_type() -> None:
    unnamed = [name for name in sorted(changes(INTERFACE_OF_1_2_0, current_interface())) if f"``{name}``" not in PAGE]
    assert unnamed == []
    guide = words_of(PAGES / "inventory.rst")
    described = [*variables.IDENTITY_VARIABLES, *variables.STATE_VARIABLES]
    assert [name for name in described if f"lantime_{name}" not in guide] == []


@pytest.mark.parametrize("place", sorted(INTERFACE_OF_1_2_0))
def test_what_is_removed_is_found(place: str) -> None:
    present = current_interface()
    without_place = {key: names for key, names in present.items() if key != place}
    assert changes({place: INTERFACE_OF_1_2_0[place]}, without_place) == {place.partition(",")[0].rpartition(" ")[2]}
    # ansible_connection is gone.
    name, kind = list(INTERFACE_OF_1_2_0[place].items())[-1]
    old = {place: {name: kind}}
    assert changes(old, present) == set()
    leaf = name.removesuffix("[]").rpartition(".")[2]
    for names in ({}, {name: "another type"}):
        assert changes(old, {**present, place: names}) == {leaf}
