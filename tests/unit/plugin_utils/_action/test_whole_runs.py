# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of the in-process entry point against a simulated device."""

from __future__ import annotations

import gc
import os
import types
import typing as t
from pathlib import Path

import pytest
from ansible import constants as C  # noqa: N812
from ansible.plugins.action import ActionBase

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config, lantime_facts
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action import in_process
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.in_process import InProcessAction
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

# Parts of Ansible with the members that actions use.
Namespace: t.Any = types.SimpleNamespace

Tree = dict[str, t.Any]
DEAD_PROXY = "http://127.0.0.1:1"
BROKEN_LOGIN: Tree = {"lantime_password": "not-the-password"}


@pytest.fixture(scope="module")
def started() -> t.Iterator[SharedFleet]:
    specs = [DeviceSpec("ts1", "m600-7.10", autosave=False), DeviceSpec("plain", "m600-7.10", tls=False)]
    with SharedFleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture
def fleet(started: SharedFleet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SharedFleet:
    """Devices in their first state, in a run of Ansible without refused logins and proxies."""
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {"of_the_base": True})
    # The default of INJECT_INVOCATION is false since ansible-core 2.21.
    monkeypatch.setattr(in_process, "_includes_invocation", lambda _variables: True)
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("LANTIME_")]:
        monkeypatch.delenv(name)
    return started.reset()


def action_of(module: t.Any, arguments: Tree, **task: t.Any) -> t.Any:
    """An action with its task; packaged runs are kept in its member packaged."""

    class Action(InProcessAction):
        spec = module.SPEC
        job = module.run

        def __init__(self) -> None:
            options = {"async_val": 0, "delegate_to": None, "check_mode": False, "diff": False, "environment": None}
            names = {"action": "meinberg.lantime.test", "resolved_action": None, "timeout": None}
            self._task = Namespace(args=arguments, **{**options, **names, **task})
            self._connection = Namespace(transport="local")
            self._templar = Namespace(template=lambda value: value)
            self._play_context = Namespace(password=None)
            self.packaged: list[Tree] = []
            self.outcome: Tree = {}

        def _execute_module(self, *_arguments: t.Any, **keywords: t.Any) -> Tree:
            self.packaged.append(keywords)
            return dict(self.outcome)

    return Action()


def run(device: t.Any, module: t.Any = lantime_facts, arguments: Tree | None = None, **more: t.Any) -> Tree:
    variables = {**host_variables(device), "inventory_hostname": device.name, **more.pop("variables", {})}
    result: Tree = action_of(module, arguments or {}, **more).run(None, variables)
    return result


def test_a_run_reads_the_device_that_the_variables_name(fleet: SharedFleet) -> None:
    device = fleet["ts1"]
    result = run(device)
    assert result["of_the_base"] is True
    assert result["ansible_facts"]["ansible_net_serialnum"] == device.serial
    assert [entry["path"] for entry in device.ledger] == ["/api/status"]
    assert gc.isenabled()
    arguments = result["invocation"]["module_args"]
    assert (arguments["host"], arguments["port"]) == (device.host, device.port)
    assert device.users["admin"] not in str(result)


@pytest.mark.parametrize("is_included", [True, False])
def test_the_arguments_are_in_the_result_if_ansible_includes_them(
    is_included: bool, fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_process, "_includes_invocation", lambda _variables: is_included)
    assert ("invocation" in run(fleet["ts1"])) is is_included


@pytest.mark.parametrize(("check", "writes"), [(True, 0), (False, 2)])
@pytest.mark.parametrize("diff", [True, False])
def test_check_mode_and_diff_reach_the_job(
    check: bool, writes: int, diff: bool, fleet: SharedFleet, tmp_path: Path
) -> None:
    options = {"config": {"snmp": {"contact": "noc"}}, "journal_path": str(tmp_path / "journals")}
    result = run(fleet["ts1"], lantime_config, options, check_mode=check, diff=diff)
    assert (result["changed"], "diff" in result) == (True, diff)
    assert fleet["ts1"].ledger.writes == writes
    assert "noc" not in str(result["invocation"])


def test_warnings_of_the_job_are_in_the_result(fleet: SharedFleet) -> None:
    assert "warnings" not in run(fleet["ts1"])
    (warning,) = run(fleet["plain"], variables={"lantime_use_tls": False})["warnings"]
    assert "clear text" in warning


def test_the_environment_of_the_task_counts_while_it_runs(fleet: SharedFleet) -> None:
    variables = {"lantime_use_proxy": True}
    by_proxy = run(fleet["ts1"], environment=[{"https_proxy": DEAD_PROXY}, None], variables=variables)
    assert by_proxy["error"]["code"] == "proxy"
    assert "https_proxy" not in os.environ
    assert "failed" not in run(fleet["ts1"], variables=variables)
    direct = {"https_proxy": DEAD_PROXY, "no_proxy": fleet["ts1"].host}
    assert "failed" not in run(fleet["ts1"], environment=direct, variables=variables)


def test_the_environment_of_the_process_is_restored(fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTIME_HTTP_LOG", "false")
    result = run(fleet["ts1"], environment={"LANTIME_HTTP_LOG": "true", "LANTIME_TEST_ONLY": "1"})
    assert len(result["http_sessions"]) == 1
    assert os.environ["LANTIME_HTTP_LOG"] == "false"
    assert "LANTIME_TEST_ONLY" not in os.environ


def test_refused_credentials_are_tried_once_in_a_run(fleet: SharedFleet) -> None:
    device = fleet["ts1"]
    first = run(device, variables=BROKEN_LOGIN)
    assert (first["error"]["code"], first["error"]["http_status"], len(device.ledger)) == ("auth_failed", 401, 1)
    second = run(device, variables=BROKEN_LOGIN)
    assert (second["failed"], second["error"]["code"], len(device.ledger)) == (True, "auth_failed", 1)
    assert second["of_the_base"] is True
    assert "not-the-password" not in str(second)
    assert second["invocation"]["module_args"]["host"] == device.host
    assert "failed" not in run(device)


@pytest.mark.parametrize("arguments", [{"none": 2}, {"retries": 99}])
def test_invalid_arguments_come_before_refused_credentials(arguments: Tree, fleet: SharedFleet) -> None:
    device = fleet["ts1"]
    run(device, variables=BROKEN_LOGIN)
    result = run(device, arguments=arguments, variables=BROKEN_LOGIN)
    assert result["error"]["code"] == "option"
    assert len(device.ledger) == 1


PACKAGED: Tree = {"lantime_execution": "target"}
REFUSED: Tree = {"failed": True, "error": {"code": "auth_failed", "path": "/api/status", "http_status": 401}}


def test_a_packaged_run_gets_the_arguments_and_the_proxies(fleet: SharedFleet) -> None:
    device = fleet["ts1"]
    environment = [{"https_proxy": DEAD_PROXY, "OTHER": "1"}]
    action = action_of(lantime_facts, {"gather_subset": ["ntp"]}, environment=environment, resolved_action="a.b.c")
    action.outcome = {"changed": False}
    variables = {**host_variables(device), **PACKAGED}
    assert action.run(None, variables) == {"of_the_base": True, "changed": False}
    ((call),) = action.packaged
    assert (call["module_name"], call["wrap_async"], call["task_vars"]) == ("a.b.c", False, variables)
    assert (call["module_args"]["gather_subset"], call["module_args"]["port"]) == (["ntp"], device.port)
    added = {name for entry in action._task.environment for name in entry}
    assert {"https_proxy", "HTTPS_PROXY", "OTHER"} <= added
    assert len(device.ledger) == 0


def test_a_packaged_run_without_proxies_keeps_the_environment(fleet: SharedFleet) -> None:
    action = action_of(lantime_facts, {}, environment=[{"OTHER": "1"}], async_val=5)
    action.run(None, host_variables(fleet["ts1"]))
    assert action._task.environment == [{"OTHER": "1"}]
    assert action.packaged[0]["wrap_async"] is True
    assert action.packaged[0]["module_name"] == "meinberg.lantime.test"


def test_a_login_that_a_packaged_run_was_refused_is_not_tried_in_process(fleet: SharedFleet) -> None:
    device = fleet["ts1"]
    action = action_of(lantime_facts, {})
    action.outcome = REFUSED
    action.run(None, {**host_variables(device), **BROKEN_LOGIN, **PACKAGED})
    assert run(device, variables=BROKEN_LOGIN)["error"]["code"] == "auth_failed"
    assert len(device.ledger) == 0
    again = action_of(lantime_facts, {})
    again.run(None, {**host_variables(device), **BROKEN_LOGIN, **PACKAGED})
    assert again.packaged == []
