# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of the inventory plugin: what is asked again and when, what is remembered, and what is never written."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

pytestmark = pytest.mark.thorough

NAMES = ("ts706", "ts710")
CREDENTIALS = {"username": "info", "password": "simulated-info-1"}
CACHED: dict[str, t.Any] = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}
GONE = {"rest_api": "off", "api_off": "refused"}


@pytest.fixture
def config(fleet: Fleet) -> dict[str, t.Any]:
    return {"hosts": host_entries(fleet[name] for name in NAMES), **CREDENTIALS, **CACHED}


def asked(fleet: Fleet) -> int:
    """Requests since the last call."""
    count = sum(len(fleet[name].ledger) for name in NAMES)
    for name in NAMES:
        fleet[name].ledger.clear()
    return count


def connections(fleet: Fleet) -> int:
    return sum(fleet[name].ledger.handshakes for name in NAMES)


def flush(workspace: Workspace) -> None:
    """Build the inventory with --flush-cache, which ansible-inventory has in newer releases only."""
    played = workspace.play([{"ansible.builtin.meta": "noop"}], "--flush-cache")
    assert played.code == 0, played.stdout


def test_a_second_run_asks_nobody_and_lists_the_same(
    fleet: Fleet, workspace: Workspace, config: dict[str, t.Any]
) -> None:
    first = workspace.listing(**config)
    assert asked(fleet) == len(NAMES)
    second = workspace.run()
    assert (asked(fleet), connections(fleet)) == (0, 0)
    assert second.stdout == first.stdout


def test_state_is_asked_again_before_identity_is(fleet: Fleet, workspace: Workspace, config: dict[str, t.Any]) -> None:
    workspace.listing(**config)
    asked(fleet)
    workspace.listing(cache_timeout_state=0, **config)
    assert asked(fleet) == len(NAMES)
    workspace.listing(cache_timeout_state=0, gather_state=False, **config)
    assert asked(fleet) == 0
    workspace.listing(cache_timeout=0, gather_state=False, **config)
    assert asked(fleet) == len(NAMES)


def test_flush_cache_and_refresh_inventory_ask_again(
    fleet: Fleet, workspace: Workspace, config: dict[str, t.Any]
) -> None:
    workspace.listing(**config)
    asked(fleet)
    flush(workspace)
    assert asked(fleet) == len(NAMES)
    played = workspace.play([{"ansible.builtin.meta": "refresh_inventory"}])
    assert played.code == 0, played.stdout
    assert asked(fleet) == len(NAMES)
    workspace.run()
    assert asked(fleet) == 0


@pytest.mark.parametrize("how", ["expired", "flushed"])
def test_a_dead_device_stays_in_as_it_was_last_seen(
    fleet: Fleet, workspace: Workspace, config: dict[str, t.Any], how: str
) -> None:
    alive = workspace.listing(**config)
    fleet["ts706"].set_dialect(**GONE)
    ages = {"cache_timeout": 0, "cache_timeout_state": 0} if how == "expired" else {}
    workspace.write(**{**config, **ages})
    for dummy in range(2):
        if how == "flushed":
            flush(workspace)
        dead = workspace.run()
        variables = dead.hosts["ts706"]
        assert variables["lantime_model"] == alive.hosts["ts706"]["lantime_model"]
        assert variables["lantime_serial_number"] == fleet["ts706"].serial
        assert variables["lantime_synchronized"] is None
        assert (variables["lantime_status"], variables["lantime_problem"]) == ("unreachable", "refused")
        assert str(variables["lantime_last_seen"]).startswith("20")
        assert dead.groups_of("ts706") == {
            "lantime",
            "lantime_unreachable",
            "lantime_model_m300",
            "lantime_ltos_7_06",
            "lantime_api_v10",
            "lantime_receiver_pzf",
            *(f"lantime_module_{family}" for family in ("cpu", "psu", "pzf")),
            "lantime_oscillator_tcxo",
        }
        assert dead.group("lantime") == list(NAMES)
        assert "1 of 2 devices could not be reached: ts706 (refused)." in dead.messages
    fleet["ts706"].set_dialect(rest_api="on")
    flush(workspace)
    assert workspace.run().stdout == alive.stdout


def test_a_failure_is_remembered_as_long_as_a_state(
    fleet: Fleet, workspace: Workspace, config: dict[str, t.Any]
) -> None:
    fleet["ts706"].add_fault("login-page")
    first = workspace.listing(**config)
    assert first.group("lantime_not_lantime") == ["ts706"]
    assert asked(fleet) == 2
    second = workspace.run()
    assert asked(fleet) == 0
    assert (second.stdout, second.messages) == (first.stdout, first.messages)
    fleet["ts706"].clear_faults()
    third = workspace.listing(cache_timeout_state=0, **config)
    assert third.group("lantime_not_lantime") == []


def test_neither_cache_nor_output_holds_a_credential(tmp_path: Path) -> None:
    secrets = {"username": "info", "password": "Canary-4711-secret"}
    with Fleet([DeviceSpec("ts1", "m600-7.10", password_info=secrets["password"])]) as fleet:
        workspace = Workspace(tmp_path, fleet["ts1"].ca)
        workspace.write(
            hosts=host_entries(fleet),
            username="info",
            password="{{ lookup('ansible.builtin.env', 'CANARY') }}",
            cache_timeout_state=0,
            **CACHED,
        )
        outputs = []
        for arguments in (["-vvvv"], ["--graph", "--vars", "-vvvv"], ["--host", "ts1", "-vvvv"]):
            done = workspace.run(*arguments, environ={"CANARY": secrets["password"]})
            assert done.code == 0
            outputs += [done.stdout, done.messages]
        wrong = workspace.run("-vvvv", environ={"CANARY": "Canary-4711-wrong"})
        assert "1 of 1 devices refused the credentials: ts1." in wrong.messages
        outputs += [wrong.stdout, wrong.messages]
        files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
        assert files
        outputs += [str(path) + path.read_text(encoding="utf-8") for path in files]
        for output in outputs:
            assert "Canary-4711" not in output
            assert '"info"' not in output


def test_a_damaged_cache_is_said_and_left_alone(fleet: Fleet, workspace: Workspace, config: dict[str, t.Any]) -> None:
    workspace.listing(**config)
    asked(fleet)
    file = next(path for path in (workspace.directory / "cache").iterdir())
    for text in ("{broken", '{"form": 1, "devices": {"x": 7}}', "[]"):
        file.write_text(text, encoding="utf-8")
        found = workspace.run()
        assert found.group("lantime_sync_synchronized") == list(NAMES), (text, found.messages)
        assert asked(fleet) == len(NAMES)
        assert "Traceback" not in found.messages
