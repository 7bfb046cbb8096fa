# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process entry point: fallbacks of connection options, choice of the entry point, results of invalid arguments."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import Spec
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.in_process import InProcessAction


def job(context: JobContext) -> dict[str, t.Any]:
    context.warn("a warning")
    return {"changed": context.check_mode, "state": context.params["state"]}


def _template(value: t.Any) -> str:
    return str(value).replace("{{ x }}", "templated").replace("{{ empty }}", "")


class Action(InProcessAction):
    spec = Spec(options={"state": {"type": "str", "choices": ["a", "b"], "default": "a"}})
    job = job

    def __init__(self, args: dict[str, t.Any], transport: str = "local", **task: t.Any) -> None:
        options = {"async_val": 0, "delegate_to": None, "check_mode": False, "diff": False, "resolved_action": None}
        self._task = types.SimpleNamespace(args=args, action="meinberg.lantime.test", **{**options, **task})
        self._connection = types.SimpleNamespace(transport=transport)
        self._templar = types.SimpleNamespace(template=_template)


@pytest.mark.parametrize(
    ("option", "variables", "environment", "expected"),
    [
        ("host", {"lantime_host": "a", "ansible_host": "b", "inventory_hostname": "c"}, "d", "a"),
        ("host", {"ansible_host": "b", "inventory_hostname": "c"}, "d", "b"),
        ("host", {"ansible_host": "c", "inventory_hostname": "c"}, "d", "d"),
        ("host", {"ansible_host": "c", "inventory_hostname": "c"}, None, "c"),
        ("host", {}, None, None),
        ("username", {"ansible_user": "b"}, "d", "b"),
        ("password", {"ansible_password": "b", "inventory_hostname": "c"}, None, "b"),
        ("password", {"inventory_hostname": "c"}, None, None),
        ("port", {"lantime_port": 8443}, "1", "8443"),
        ("ca_path", {"lantime_ca_path": "/{{ x }}/ca"}, None, "/templated/ca"),
        ("token", {"ansible_token": "no fallback"}, "d", "d"),
        ("token", {"lantime_token": ""}, "", None),
        ("port", {"lantime_port": ""}, "8443", "8443"),
        ("password", {"lantime_password": "", "ansible_password": "b"}, None, "b"),
        ("password", {"lantime_password": "{{ empty }}"}, "d", "d"),
        ("host", {"lantime_host": "", "ansible_host": "", "inventory_hostname": "c"}, "", "c"),
    ],
)
def test_connection_options_fall_back_to_variables_environment_and_inventory_name(
    option: str, variables: dict[str, t.Any], environment: str | None, expected: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "LANTIME_" + option.upper()
    monkeypatch.delenv(name, raising=False)
    if environment is not None:
        monkeypatch.setenv(name, environment)
    assert Action({})._complete_arguments(variables).get(option) == expected


def test_an_argument_of_the_task_has_no_fallback() -> None:
    arguments = Action({"host": "own", "port": 0})._complete_arguments({"lantime_host": "a", "lantime_port": 1})
    assert (arguments["host"], arguments["port"]) == ("own", 0)


def test_an_empty_argument_of_the_task_is_not_given() -> None:
    arguments = Action({"token": "", "port": "", "password": ""})._complete_arguments({"lantime_port": 1})
    assert (arguments["port"], "token" in arguments, "password" in arguments) == ("1", False, False)


@pytest.mark.parametrize("value", [True, ["canary"], {"canary": 1}])
def test_a_password_that_is_no_text_is_refused(value: t.Any) -> None:
    result = Action({})._run_in_process({"host": "ts1", "password": value})
    assert (result["failed"], result["error"]["code"]) == (True, "option")
    assert "quote it" in result["msg"]
    assert "canary" not in str(result)


def test_a_password_that_is_a_number_is_warned_of() -> None:
    result = Action({})._run_in_process({"host": "ts1", "password": 83})
    assert "password is a number" in result["warnings"][0]
    assert "failed" not in result


@pytest.mark.parametrize(
    ("task", "variables", "packaged"),
    [
        ({}, {}, False),
        ({"async_val": 10}, {}, True),
        ({}, {"lantime_execution": "target"}, True),
        ({}, {"lantime_execution": "controller"}, False),
        ({"delegate_to": "bastion"}, {}, True),
        ({"delegate_to": "localhost", "transport": "ssh"}, {}, False),
        ({"transport": "ssh"}, {}, False),
        ({"transport": "ssh", "args": {"host": "ts9"}}, {"inventory_hostname": "ts1"}, True),
        ({"transport": "ssh", "args": {"host": "ts9"}}, {"lantime_host": "ts9"}, False),
        ({"args": {"host": "ts9"}}, {"inventory_hostname": "ts1"}, False),
    ],
)
def test_the_packaged_module_runs_for_another_machine(
    task: dict[str, t.Any], variables: dict[str, t.Any], packaged: bool
) -> None:
    action = Action(**{"args": {}, **task})
    assert action._must_run_packaged(variables) is packaged


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_job_gets_its_modes_and_its_warnings_are_in_the_result(check_mode: bool) -> None:
    result = Action({}, check_mode=check_mode)._run_in_process({"host": "ts1", "password": "canary", "state": "b"})
    assert (result["changed"], result["state"], result["warnings"]) == (check_mode, "b", ["a warning"])
    assert result["invocation"]["module_args"]["host"] == "ts1"
    assert "canary" not in str(result)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stat": "a"}, "Unsupported parameters for (meinberg.lantime.test) module: stat"),
        ({"state": "c"}, "value of state must be one of: a, b, got: c"),
        ({"port": "many"}, "port"),
    ],
)
def test_invalid_arguments_fail_like_other_errors(arguments: dict[str, t.Any], message: str) -> None:
    result = Action({})._run_in_process({"host": "ts1", "password": "canary", **arguments})
    assert (result["failed"], result["error"]["code"]) == (True, "option")
    assert result["msg"].startswith("ts1: ")
    assert message in result["msg"]
    assert "canary" not in str(result)


def test_an_unreachable_packaged_result_is_not_failed_too() -> None:
    action: t.Any = Action({})
    action._execute_module = lambda **dummy: {"unreachable": True, "failed": True, "exception": "x", "msg": "m"}
    assert action._run_packaged({}, {}) == {"unreachable": True, "msg": "m"}
