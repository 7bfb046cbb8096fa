# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process entry point: fallbacks of connection options, choice of the entry point, results of invalid arguments."""

from __future__ import annotations

import re
import types
import typing as t

import pytest
from ansible import constants, context

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import Spec
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.arguments import within_async
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.entry_point import (
    check_connection,
    option_warnings,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.in_process import InProcessAction

# Parts of Ansible with the members that actions use.
Namespace: t.Any = types.SimpleNamespace


def job(context: JobContext) -> dict[str, t.Any]:
    context.warn("a warning")
    return {"changed": context.check_mode, "state": context.params["state"]}


class Templar:
    """Replaces {{ name }} by variables."""

    def __init__(self, available_variables: t.Mapping[str, t.Any] | None = None) -> None:
        self._variables: t.Mapping[str, t.Any] = {"x": "templated", "empty": "", **(available_variables or {})}

    def template(self, value: t.Any) -> str:
        return re.sub(r"{{ (\w+) }}", lambda found: str(self._variables[found[1]]), str(value))

    def copy_with_new_env(self, available_variables: t.Mapping[str, t.Any]) -> Templar:
        return Templar(available_variables)


class HostVars(dict[str, t.Any]):
    """Variables by host, as Ansible gives them."""

    raw_get = dict.__getitem__


class Action(InProcessAction):
    spec = Spec(options={"state": {"type": "str", "choices": ["a", "b"], "default": "a"}})
    job = job

    def __init__(self, args: dict[str, t.Any], transport: str = "local", **task: t.Any) -> None:
        options = {"async_val": 0, "delegate_to": None, "check_mode": False, "diff": False, "resolved_action": None}
        self._task = Namespace(args=args, action="meinberg.lantime.test", **{**options, **task})
        self._connection = Namespace(transport=transport)
        self._templar = t.cast("t.Any", Templar())
        self._play_context = Namespace(password=None)

    def complete(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        return self._complete_arguments(self._choose_entry_point(variables))


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
    assert Action({}).complete(variables).get(option) == expected


def test_an_argument_of_the_task_has_no_fallback() -> None:
    arguments = Action({"host": "own", "port": 0}).complete({"lantime_host": "a", "lantime_port": 1})
    assert (arguments["host"], arguments["port"]) == ("own", 0)


def test_an_empty_argument_of_the_task_is_not_given() -> None:
    arguments = Action({"token": "", "port": "", "password": ""}).complete({"lantime_port": 1})
    assert (arguments["port"], "token" in arguments, "password" in arguments) == ("1", False, False)


@pytest.mark.parametrize("value", [True, ["canary"], {"canary": 1}])
def test_a_password_that_is_no_text_is_refused(value: t.Any) -> None:
    result = Action({})._run_in_process({"host": "ts1", "password": value}, {})
    assert (result["failed"], result["error"]["code"]) == (True, "option")
    assert "quote it" in result["msg"]
    assert "canary" not in str(result)


def test_a_password_that_is_a_number_is_warned_of() -> None:
    result = Action({})._run_in_process({"host": "ts1", "password": 83}, {})
    assert "password is a number" in result["warnings"][0]
    assert "failed" not in result


OMIT_BEFORE_2_19 = "__omit_place_holder__0123"
DEVICE = {"lantime_host": "192.0.2.2", "lantime_username": "b"}


def delegated(name: str, variables: dict[str, t.Any], **own: t.Any) -> dict[str, t.Any]:
    """Variables of a task on ts1 that is delegated to a host of the inventory with these variables."""
    delegate = {**variables, "inventory_hostname": "ts1"}
    return {
        "inventory_hostname": "ts1",
        "lantime_username": "a",
        **own,
        "ansible_delegated_vars": {name: delegate},
        "hostvars": HostVars({"ts1": {}, name: variables}),
    }


@pytest.mark.parametrize(
    ("delegate", "variables", "device", "packaged"),
    [
        (None, {}, "ts1", False),
        (None, {"lantime_execution": "target"}, "ts1", True),
        (None, {"lantime_execution": "controller"}, "ts1", False),
        (None, {"lantime_execution": ""}, "ts1", False),
        (None, {"lantime_execution": OMIT_BEFORE_2_19}, "ts1", False),
        ("ts1", {}, "ts1", False),
        ("localhost", {}, "ts1", False),
        ("::1", delegated("::1", {"lantime_username": "b"}), "ts1", False),
        ("bastion", delegated("bastion", {}), "ts1", True),
        ("bastion", delegated("bastion", {"lantime_username": "", "lantime_token": OMIT_BEFORE_2_19}), "ts1", True),
        ("bastion", delegated("bastion", {"ansible_user": "b", "lantime_report_dir": "/tmp"}), "ts1", True),
        ("bastion", delegated("bastion", {"lantime_retries": 1, "lantime_execution": "target"}), "ts1", True),
        ("ts2", delegated("ts2", DEVICE), "ts2", False),
        ("ts2", delegated("ts2", DEVICE, lantime_execution="target"), "ts2", False),
        ("ts2", delegated("ts2", {**DEVICE, "lantime_execution": "target"}), "ts2", True),
        ("ts2", delegated("ts2", {"group_names": ["x", "lantime"]}), "ts2", False),
    ],
)
def test_the_job_is_packaged_only_by_lantime_execution_or_for_a_machine(
    delegate: str | None, variables: dict[str, t.Any], device: str, packaged: bool
) -> None:
    action = Action({}, delegate_to=delegate)
    entry_point = action._choose_entry_point({"inventory_hostname": "ts1", **variables})
    assert (entry_point.device.name, entry_point.is_packaged) == (device, packaged)


@pytest.mark.parametrize(
    ("variables", "given"),
    [
        ({"lantime_username": "b"}, "lantime_username"),
        ({"lantime_host": "", "lantime_ca_path": "/ca"}, "lantime_ca_path"),
        ({"lantime_dialect": {"set_target": "menu"}, "group_names": ["bastions"]}, "lantime_dialect"),
    ],
)
def test_a_delegate_that_can_be_either_is_refused_with_both_ways_out(variables: dict[str, t.Any], given: str) -> None:
    action = Action({}, delegate_to="bastion")
    with pytest.raises(LantimeError) as caught:
        action._choose_entry_point(delegated("bastion", variables))
    assert (caught.value.code, f"{given} is set for it" in str(caught.value)) == ("option", True)
    assert "set lantime_host for bastion in the inventory" in str(caught.value)
    assert "lantime_execution to target" in str(caught.value)


def test_lantime_host_of_a_play_makes_no_machine_a_device() -> None:
    variables = delegated("bastion", {})
    variables["ansible_delegated_vars"]["bastion"]["lantime_host"] = "192.0.2.1"
    with pytest.raises(LantimeError, match="lantime_host is set for it"):
        Action({}, delegate_to="bastion")._choose_entry_point(variables)


def test_a_delegate_is_asked_with_its_own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTIME_HOST", "192.0.2.99")
    own = {"lantime_password": "canary", "lantime_host": "192.0.2.1"}
    named = {"lantime_host": "{{ inventory_hostname }}.example.com", "lantime_token": "b"}
    arguments = Action({}, delegate_to="ts2").complete(delegated("ts2", named, **own))
    assert arguments == {"host": "ts2.example.com", "token": "b"}
    grouped = delegated("ts2", {"group_names": ["lantime"], "ansible_host": "ts2"}, **own)
    assert Action({}, delegate_to="ts2").complete(grouped) == {"host": "ts2"}


def test_a_machine_asks_the_device_of_the_task() -> None:
    arguments = Action({}, delegate_to="bastion").complete(delegated("bastion", {"ansible_host": "192.0.2.9"}))
    assert arguments == {"host": "ts1", "username": "a"}


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ({"ansible_host": "192.0.2.1"}, True),
        ({"lantime_host": "192.0.2.1"}, True),
        ({"lantime_host": "192.0.2.1", "ansible_host": "192.0.2.1"}, True),
        ({"group_names": ["lantime"]}, True),
        ({"group_names": ["lantime"], "ansible_host": "{{ x }}"}, True),
        ({}, True),
        ({"lantime_host": "192.0.2.1", "ansible_host": "bastion"}, False),
        ({"lantime_host": "192.0.2.1", "ansible_host": "bastion", "group_names": ["lantime"]}, False),
    ],
)
@pytest.mark.parametrize("is_async", [True, False])
def test_no_connection_leads_to_a_lantime(host: dict[str, t.Any], target: bool, is_async: bool) -> None:
    action = Action({})
    variables = {"inventory_hostname": "ts1", "lantime_execution": "target", **host}
    entry_point = action._choose_entry_point(variables)
    address = action.complete(variables)["host"]
    check_connection(entry_point, address, "local", is_async)
    if not (target or is_async):
        check_connection(entry_point, address, "ssh", is_async)
        return
    with pytest.raises(LantimeError, match="async needs" if is_async else "would run on the LANTIME itself"):
        check_connection(entry_point, address, "ssh", is_async)


@pytest.mark.parametrize("variable", ["lantime_port", "ansible_port"])
def test_ansible_port_is_not_used_and_warned_of(variable: str) -> None:
    action, variables = Action({}), {"inventory_hostname": "ts1", variable: 8443}
    arguments = action.complete(variables)
    warnings = option_warnings(action._choose_entry_point(variables), arguments)
    assert ("port" in arguments, len(warnings)) == ((True, 0) if variable == "lantime_port" else (False, 1))


def test_a_host_argument_that_leads_back_from_the_delegate_is_warned_of() -> None:
    variables = delegated("ts2", DEVICE, lantime_host="192.0.2.1")
    for host, count in (("192.0.2.1", 1), ("192.0.2.2", 0), ("192.0.2.3", 0)):
        action = Action({"host": host, "port": 443}, delegate_to="ts2")
        warnings = option_warnings(action._choose_entry_point(variables), action.complete(variables))
        assert len(warnings) == count
        assert all("that device was asked" in text for text in warnings)


@pytest.mark.parametrize(
    ("command_line", "expected"),
    [
        ({"remote_user": "c"}, {"username": "c"}),
        ({"remote_user": "c", "ask_pass": True}, {"username": "c", "password": "p"}),
        ({"connection_password_file": "f"}, {"password": "p"}),
        ({"remote_user": None}, {}),
    ],
)
def test_the_login_of_the_command_line_comes_last(
    command_line: dict[str, t.Any], expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "CLIARGS", command_line)
    action = Action({})
    action._play_context.password = "p"
    assert action.complete({"inventory_hostname": "ts1"}) == {"host": "ts1", **expected}
    monkeypatch.setenv("LANTIME_USERNAME", "environment")
    arguments = action.complete({"inventory_hostname": "ts1", "ansible_password": "variable"})
    assert (arguments["username"], arguments["password"]) == ("environment", "variable")


def test_the_user_of_ansible_cfg_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CLIARGS", {"remote_user": "deploy"})
    monkeypatch.setattr(constants, "DEFAULT_REMOTE_USER", "deploy", raising=False)
    assert Action({}).complete({"inventory_hostname": "ts1"}) == {"host": "ts1"}


@pytest.mark.parametrize("value", ["", None, OMIT_BEFORE_2_19])
def test_omitted_arguments_and_variables_are_not_given(value: t.Any) -> None:
    arguments = {
        "token": value,
        "gather_subset": ["min", OMIT_BEFORE_2_19],
        "dialect": {"set_target": OMIT_BEFORE_2_19},
    }
    variables = {"inventory_hostname": "ts1", "lantime_token": value, "ansible_password": value, "ansible_host": value}
    assert Action(arguments).complete(variables) == {"host": "ts1", "gather_subset": ["min"], "dialect": {}}


@pytest.mark.parametrize(
    ("given", "limit"),
    [({}, 60), ({"task_timeout": 0}, 60), ({"task_timeout": 900.0}, 60), ({"task_timeout": "61"}, 60)]
    + [({"task_timeout": value}, value) for value in (60, "30", 0.5, "never", None)],
)
def test_a_task_is_not_longer_than_async(given: dict[str, t.Any], limit: t.Any) -> None:
    """What is no number is left to the validation."""
    assert within_async({"host": "ts1", **given}, 60) == {"host": "ts1", "task_timeout": limit}


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_job_gets_its_modes_and_its_warnings_are_in_the_result(check_mode: bool) -> None:
    result = Action({}, check_mode=check_mode)._run_in_process({"host": "ts1", "password": "canary", "state": "b"}, {})
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
    result = Action({})._run_in_process({"host": "ts1", "password": "canary", **arguments}, {})
    assert (result["failed"], result["error"]["code"]) == (True, "option")
    assert result["msg"].startswith("ts1: ")
    assert message in result["msg"]
    assert "canary" not in str(result)


def test_an_unreachable_packaged_result_is_not_failed_too() -> None:
    action: t.Any = Action({})
    action._execute_module = lambda **dummy: {"unreachable": True, "failed": True, "exception": "x", "msg": "m"}
    assert action._run_packaged({}, {}) == {"unreachable": True, "msg": "m"}
