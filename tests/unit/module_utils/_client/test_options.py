# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of connection options, and all that follows from it: settings, argument specification, documentation."""

from __future__ import annotations

import ast
import dataclasses
import typing as t

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.doc_fragments import connection
from ansible_collections.meinberg.lantime.plugins.inventory import lantime
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.options import CONNECTION_SPEC, make_settings
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import (
    CONNECTION_OPTIONS,
    POLLING_OPTIONS,
    Option,
    Settings,
    check_credentials,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.options import SOURCE_OPTIONS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.sources import DEVICE_OPTIONS
from ansible_collections.meinberg.lantime.tests.paths import EVENT_SOURCE

PYTHON_TYPES = {"str": "str", "path": "str", "int": "int", "float": "float", "bool": "bool"}
DEFAULTS = {name: option.default for name, option in CONNECTION_OPTIONS.items()}


def documented_options(text: str) -> dict[str, t.Any]:
    options: dict[str, t.Any] = yaml.safe_load(text)["options"]
    return options


def event_source_documentation() -> str:
    for node in ast.parse(EVENT_SOURCE.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return str(ast.literal_eval(node.value))
    raise KeyError("DOCUMENTATION")


FRAGMENT = documented_options(connection.ModuleDocFragment.DOCUMENTATION)
INVENTORY = documented_options(lantime.DOCUMENTATION)
SOURCE = documented_options(event_source_documentation())


def documented(entry: dict[str, t.Any]) -> tuple[t.Any, t.Any, t.Any]:
    return entry["type"], entry.get("default"), entry.get("choices")


def in_table(option: Option) -> tuple[t.Any, t.Any, t.Any]:
    return option.kind, option.default, list(option.choices) or None


@pytest.mark.parametrize("name", CONNECTION_OPTIONS)
def test_the_documentation_of_an_option_is_that_of_the_table(name: str) -> None:
    option = CONNECTION_OPTIONS[name]
    assert documented(FRAGMENT[name]) == in_table(option)
    for page in (INVENTORY, SOURCE):
        assert (name in page) is option.polling
        if option.polling:
            assert documented(page[name]) == in_table(option)
    if option.polling:
        assert INVENTORY[name]["env"] == [{"name": f"LANTIME_{name.upper()}"}]


def test_no_other_option_is_documented() -> None:
    assert list(FRAGMENT) == list(CONNECTION_OPTIONS)
    assert list(SOURCE) == [*SOURCE_OPTIONS, *POLLING_OPTIONS]
    assert [name for name in INVENTORY if name in CONNECTION_OPTIONS] == list(POLLING_OPTIONS)


def test_an_entry_of_the_inventory_takes_the_options_of_polling() -> None:
    assert ("name", "host", *POLLING_OPTIONS) == DEVICE_OPTIONS
    assert set(CONNECTION_OPTIONS) - set(POLLING_OPTIONS) == {
        "host",
        "command_timeout",
        "task_timeout",
        "login_limit",
        "http_log",
        "http_log_max",
    }


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
def test_a_setting_has_the_python_type_of_its_option(field: dataclasses.Field[t.Any]) -> None:
    option = CONNECTION_OPTIONS[field.name]
    optional = "" if option.default is not None or field.name == "host" else " | None"
    assert field.type == PYTHON_TYPES[option.kind] + optional


@pytest.mark.parametrize("name", CONNECTION_OPTIONS)
def test_the_argument_specification_is_that_of_the_table(name: str) -> None:
    option, entry = CONNECTION_OPTIONS[name], CONNECTION_SPEC[name]
    assert documented(entry) == in_table(option)
    assert entry["fallback"][1] == [f"LANTIME_{name.upper()}"]
    assert entry.get("no_log") is {"password": True, "token": True, "client_key": False}.get(name)


def test_variables_that_options_fall_back_to() -> None:
    variables = {name: option.variables for name, option in CONNECTION_OPTIONS.items() if option.variables}
    assert variables == {"host": ("ansible_host",), "username": ("ansible_user",), "password": ("ansible_password",)}


def test_settings_with_the_defaults_of_the_table() -> None:
    assert make_settings({**DEFAULTS, "host": "ts1"}) == Settings("ts1")


@pytest.mark.parametrize("name", [name for name, option in CONNECTION_OPTIONS.items() if option.limits])
def test_a_number_out_of_its_limits_is_refused(name: str) -> None:
    low, high = CONNECTION_OPTIONS[name].limits or (0, 0)
    assert high is not None
    for value in (low, high):
        assert getattr(make_settings({**DEFAULTS, "host": "ts1", name: value}), name) == value
    for value in (low - 0.01, high + 1):
        with pytest.raises(LantimeError) as caught:
            make_settings({**DEFAULTS, "host": "ts1", name: value})
        assert f"{name} must be from {low:g} to {high:g}" in str(caught.value)


@pytest.mark.parametrize("name", [name for name in CONNECTION_OPTIONS if name not in ("host", "dialect")])
def test_an_empty_option_is_not_given(name: str) -> None:
    settings = make_settings({"host": "ts1", "username": "admin", "password": "x", name: ""})
    assert getattr(settings, name) == CONNECTION_OPTIONS[name].default


@pytest.mark.parametrize("name", CONNECTION_OPTIONS)
def test_an_empty_variable_of_the_environment_is_not_given(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"LANTIME_{name.upper()}", "")
    checked = ArgumentSpecValidator(CONNECTION_SPEC).validate({})
    assert not checked.error_messages
    assert checked.validated_parameters[name] == CONNECTION_OPTIONS[name].default if name != "host" else True


@pytest.mark.parametrize("name", ["password", "token"])
@pytest.mark.parametrize("value", [True, False, ["canary"], {"canary": 1}, [], None, 83, 1.5, "0123", ""])
def test_credentials_that_yaml_changed_are_refused_or_warned_of(name: str, value: t.Any) -> None:
    if isinstance(value, (bool, list, dict)):
        with pytest.raises(ValueError, match=f"{name} is .*quote it") as caught:
            check_credentials({name: value})
        assert "canary" not in str(caught.value)
        return
    warnings = check_credentials({name: value})
    assert [w.split(";")[0] for w in warnings] == ([f"{name} is a number"] if isinstance(value, (int, float)) else [])
    assert not any(str(value) in w for w in warnings if value != 83)


def test_settings_show_no_credentials() -> None:
    settings = Settings("ts1", username="root", password="s3cret", token="t0ken")
    assert repr(settings) == "Settings(host='ts1', port=443)"
