# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several writers of one device: two controllers, two tasks of one controller, and a person in the web interface."""

from __future__ import annotations

import random
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Meanwhile,
    code_of,
    on_request,
    run_config,
    running,
    startup,
)

Tree = dict[str, t.Any]

A: Tree = {
    "ntp": {"local-clock": {"stratum": 3, "disabled": True}, "trust-time": 333},
    "snmp": {"contact": "a", "location": "a"},
    "network": {"nameserver2": "192.0.2.3"},
}
B: Tree = {
    "ntp": {"local-clock": {"stratum": 4, "disabled": True}, "trust-time": 444},
    "snmp": {"contact": "b", "location": "b"},
    "network": {"nameserver2": "192.0.2.4"},
}
TREES = {"A": A, "B": B}
LOSING = {"conflict", "not_applied", "rollback_failed", "state_unknown", "save_failed"}
ROUNDS = 40


def shown(tree: Tree) -> tuple[t.Any, ...]:
    """Return the settings that A and B name."""
    return (
        tree["ntp"]["local-clock"]["stratum"],
        tree["ntp"]["local-clock"]["disabled"],
        tree["ntp"]["trust-time"],
        tree["snmp"]["contact"],
        tree["snmp"]["location"],
        tree["network"]["nameserver2"],
    )


def wanted(tree: Tree) -> tuple[t.Any, ...]:
    return shown(tree)


class Turns:
    """Orders the requests of two threads by a seed, in longer or shorter sequences."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._keep = self._random.choice([0.2, 0.5, 0.8, 0.95])
        self._active = {"A", "B"}
        self._turn = self._random.choice("AB")
        self._changed = threading.Condition()

    def wrap(self, request: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        def wrapped(*args: t.Any, **kwargs: t.Any) -> t.Any:
            me = threading.current_thread().name
            with self._changed:
                assert self._changed.wait_for(lambda: self._turn == me, 30)
            try:
                return request(*args, **kwargs)
            finally:
                with self._changed:
                    if self._random.random() > self._keep:
                        self._next()

        return wrapped

    def leave(self, name: str) -> None:
        with self._changed:
            self._active.discard(name)
            if self._active:
                self._next()

    def _next(self) -> None:
        self._turn = self._random.choice(sorted(self._active))
        self._changed.notify_all()


def race(device: t.Any, places: dict[str, Path], seed: int) -> dict[str, Tree]:
    """Run A and B at once and return their results."""
    turns = Turns(seed)
    results: dict[str, Tree] = {}

    def run(name: str) -> None:
        try:
            results[name] = run_config(device, TREES[name], journal=places[name], verify_grace=0.2, command_timeout=1.0)
        finally:
            turns.leave(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", turns.wrap(Client.request))
        threads = [threading.Thread(target=run, args=(name,), name=name) for name in TREES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    return results


def won(result: Tree) -> bool:
    return code_of(result) is None


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_tasks_of_one_controller(device: t.Any, tmp_path: Path, seed: int) -> None:
    device.set_dialect(command_seconds=0)
    results = race(device, dict.fromkeys(TREES, tmp_path / "j"), seed)
    assert any(won(result) for result in results.values())
    state = shown(running(device))
    assert state == shown(startup(device))
    assert state in (wanted(A), wanted(B))
    for name, result in results.items():
        if not won(result):
            assert code_of(result) == "conflict"
            assert result["changed"] is False
            assert state != wanted(TREES[name])
    assert [file.suffix for file in (tmp_path / "j").iterdir()] == [".lock"]


def test_the_second_task_of_one_controller_writes_nothing(device: t.Any, tmp_path: Path) -> None:
    other: list[Tree] = []

    def run_b(_method: str, path: str) -> None:
        if path.startswith("/api/config/snmp") and _method == "PUT" and not other:
            other.append({})
            thread.start()

    thread = threading.Thread(target=lambda: other.append(run_config(device, B, journal=tmp_path, verify_grace=0.3)))
    device.add_fault("delay", method="PUT", path="/api/config/snmp", seconds=0.5)
    remove = on_request(device, run_b)
    result = run_config(device, A, journal=tmp_path)
    thread.join(30)
    remove()
    assert code_of(result) is None
    assert code_of(other[1]) == "conflict"
    assert "another task of this controller" in other[1]["msg"]
    assert shown(running(device)) == shown(startup(device)) == wanted(A)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_controllers(device: t.Any, tmp_path: Path, seed: int) -> None:
    device.set_dialect(command_seconds=0)
    former = shown(running(device))
    results = race(device, {name: tmp_path / name for name in TREES}, seed)
    state = shown(running(device))
    for name, result in results.items():
        if not won(result):
            assert code_of(result) in LOSING, result
            assert state != wanted(TREES[name]) or result["changed"] is True
    if any(code_of(r) in ("rollback_failed", "state_unknown") for r in results.values()):
        return
    assert state in (former, wanted(A), wanted(B))
    # Packages are saved one by one: if the startup configuration holds a mixture, neither task reports success.
    if shown(startup(device)) not in (former, wanted(A), wanted(B)):
        assert not any(won(result) for result in results.values())


ACTS = {
    "ntp/local-clock/stratum": 9,
    "snmp/contact": "another client",
    "network/nameserver2": "192.0.2.9",
}


@pytest.mark.parametrize("path", ACTS)
@pytest.mark.parametrize("nth", [1, 2])
def test_a_setting_of_the_plan_changed_by_another_client(device: t.Any, tmp_path: Path, path: str, nth: int) -> None:
    """It changes between the two reads of step 4 and step 1, or after the first section was read."""
    value = ACTS[path]
    before = device.running()

    def act(inner: t.Any) -> None:
        inner.foreign_change(path, value)

    section = "/api/config/ntp" if nth == 2 else "/api/config/network"
    with Meanwhile(device, act, "GET", section, nth) as meanwhile:
        result = run_config(device, A, journal=tmp_path)
    assert meanwhile.done.is_set()
    if nth == 1 and path.startswith("network"):
        assert code_of(result) is None  # the section was read after the change
        return
    assert code_of(result) == "conflict"
    assert path in result["error"]["path"]
    assert (result["changed"], device.ledger.writes) == (False, 0)
    device.change(path, _at(before, path))
    assert device.running() == before
    assert list(tmp_path.glob("*.json")) == []


def _at(tree: Tree, path: str) -> t.Any:
    for name in path.split("/"):
        tree = tree[name]
    return tree


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_other_settings_changed_by_another_client_are_kept(device: t.Any, tmp_path: Path, method: str) -> None:
    def act(inner: t.Any) -> None:
        inner.foreign_change("ntp/time-scale", "local")
        inner.foreign_change("notification/repeat", "every-day")

    with Meanwhile(device, act, method, "/api/config/snmp", 2 if method == "GET" else 1):
        result = run_config(device, A, journal=tmp_path)
    assert code_of(result) is None
    assert result["also_changed"] == ["ntp/time-scale"]
    assert running(device)["ntp"]["time-scale"] == "local"
    assert running(device)["notification"]["repeat"] == "every-day"
    # Pending changes may belong to the task, in another package than assumed: then all is saved and reported.
    assert result["saved_packages"][-1] == "all"
    written = [(e["path"], e["body"]) for e in device.ledger if e["write"]]
    assert not any("time-scale" in str(w) or "repeat" in str(w) for w in written)


def test_a_setting_changed_by_another_client_after_it_was_written(device: t.Any, tmp_path: Path) -> None:
    """Verification detects it; the startup configuration is unchanged."""
    saved = startup(device)

    def act(inner: t.Any) -> None:
        inner.foreign_change("ntp/trust-time", 5)

    with Meanwhile(device, act, "PUT", "/api/config/network"):
        result = run_config(device, A, journal=tmp_path, verify_grace=0.3)
    assert code_of(result) == "not_applied"
    assert startup(device) == saved
    assert shown(running(device)) == shown(saved)
