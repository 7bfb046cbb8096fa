# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device in fifty steps of tasks, faults, kills, restarts and changes by other clients, drawn by Hypothesis.

LANTIME_EXAMPLES sets the number of examples; without it they are always the same few.
"""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Kill,
    assert_no_secret,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)
from ansible_collections.meinberg.lantime.tests.searches import examples

Tree = dict[str, t.Any]
View = dict[str, t.Any]

EXAMPLES = os.environ.get("LANTIME_EXAMPLES")
# Every step uses the network: failures are shrunk only if LANTIME_EXAMPLES is set.
PHASES = (Phase.generate, Phase.shrink) if EXAMPLES else (Phase.generate,)
SERVERS = "ntp/external-servers"

# A setting of each package, and what it may be.
LEAVES: dict[str, list[t.Any]] = {
    "ntp/local-clock/stratum": [3, 4, 5],
    "ntp/trust-time": [10, 20],
    "snmp/contact": ["noc", "operations"],
    "snmp/v3/user-name": ["a", "b"],
    "network/nameserver2": ["192.0.2.1", "192.0.2.2"],
    "notification/repeat": ["never", "every-hour"],
}
FAULTS: list[tuple[str, Tree]] = [
    ("status", {"status": 400, "method": "PUT"}),
    ("status", {"status": 200, "method": "PUT", "body": {"data": {}}}),
    ("error-after-effect", {"method": "PUT"}),
    ("close-after-effect", {"method": "PUT"}),
    ("close-before-answer", {"method": "PUT"}),
    ("status", {"status": 503, "method": "GET"}),
    ("close-before-answer", {"method": "GET"}),
    ("status", {"status": 500, "method": "PUT", "path": "/api/write"}),
]
OPTIONS: Tree = {"verify_grace": 0.2, "command_timeout": 1.0, "retries": 1, "missing": "create"}
UNKNOWN = ("rollback_failed", "state_unknown")


def view(tree: Tree) -> View:
    """Return the settings that the desired trees name; of each server, the address."""
    shown: View = {}
    for path in LEAVES:
        node: t.Any = tree
        for name in path.split("/"):
            node = node[name]
        shown[path] = node
    servers = tree["ntp"]["external-servers"]
    for number in "123":
        shown[f"{SERVERS}/{number}"] = servers.get(number, {}).get("address")
    return shown


KILLED = ["before", "after", "during", "journal-before", "journal-after"]


class DesiredTree(t.NamedTuple):
    """A desired tree with its state, and the view after it."""

    config: Tree
    state: str
    shows: View


@st.composite
def desired_trees(draw: st.DrawFn) -> DesiredTree:
    state = draw(st.sampled_from(["merged", "overridden", "deleted"]))
    ids = draw(st.lists(st.sampled_from("123"), unique=True, min_size=1, max_size=2))
    servers = {i: draw(st.sampled_from(["192.0.2.11", "192.0.2.12"])) for i in ids}
    if state == "deleted":
        shows: View = {f"{SERVERS}/{i}": None for i in ids}
        return DesiredTree({"ntp": {"external-servers": {i: {} for i in ids}}}, state, shows)
    paths = draw(st.lists(st.sampled_from(sorted(LEAVES)), unique=True, min_size=1, max_size=5))
    shows = {path: draw(st.sampled_from(LEAVES[path])) for path in paths}
    config: Tree = {}
    if draw(st.booleans()):
        shows.update({f"{SERVERS}/{i}": address for i, address in servers.items()})
    for path, value in shows.items():
        node = config
        *menus, name = [*path.split("/"), "address"] if path.startswith(SERVERS) else path.split("/")
        for menu in menus:
            node = node.setdefault(menu, {})
        node[name] = value
    if state == "overridden" and any(p.startswith(SERVERS) for p in shows):
        shows = {**{f"{SERVERS}/{i}": None for i in "123"}, **shows}
    return DesiredTree(config, state, shows)


class DeviceMachine(RuleBasedStateMachine):
    def __init__(self, device: t.Any, place: Path, snapshot: Tree) -> None:
        super().__init__()
        self.device = device
        self.place = place
        device.restore(snapshot)
        device.set_dialect(command_seconds=0)
        for file in place.glob("*.json"):
            file.unlink()
        # Values that each setting may have in the startup configuration and, after a killed task, in the running one.
        self.may_be: dict[str, list[t.Any]] = {}
        self.desired: DesiredTree | None = None
        self.fault: tuple[str, Tree] | None = None
        self.saved = view(startup(device))

    @property
    def interrupted(self) -> bool:
        return any(self.place.glob("*.json"))

    def _allow(self, *views: View) -> None:
        for shown in views:
            for path, value in shown.items():
                self.may_be.setdefault(path, []).append(value)

    def _run(self, desired: DesiredTree, **options: t.Any) -> Tree:
        given = {**OPTIONS, "state": desired.state, **options}
        return run_config(self.device, desired.config, journal=self.place, **given)

    @rule(desired=desired_trees(), how=st.sampled_from(["resume", "revert"]))
    def run(self, desired: DesiredTree, how: str) -> None:
        before, was_interrupted = view(running(self.device)), self.interrupted
        self._allow(before, view(startup(self.device)), desired.shows)
        self.device.ledger.clear()
        result = self._run(desired, on_interrupted=how)
        writes, now = self.device.ledger.writes, view(running(self.device))
        self._check_result(result)
        code = code_of(result)
        if code is None:
            assert not self.interrupted
            if result.get("recovery", {}).get("action") != "reverted" or how == "resume":
                assert {path: now[path] for path in desired.shows} == desired.shows
            if result["saved"]:
                saved = view(startup(self.device))
                # A setting that another client had already changed to the same value stays unsaved.
                written = [path for path in desired.shows if before[path] != desired.shows[path]]
                assert was_interrupted or all(saved[p] == desired.shows[p] for p in written)
        elif code in UNKNOWN:
            assert result["changed"] is True
        elif result.get("rollback", {}).get("state") in ("rolled_back", "not_needed"):
            assert result["changed"] is False
            if not was_interrupted:
                assert now == before
        elif code == "save_failed":
            assert was_interrupted or {path: now[path] for path in desired.shows} == desired.shows
        elif not was_interrupted:
            assert (writes, now) == (0, before), result
        self.desired = desired
        self._startup_is_known()

    @rule(desired=desired_trees(), kill=st.builds(Kill, st.sampled_from(KILLED), st.integers(1, 24)))
    def killed_task(self, desired: DesiredTree, kill: Kill) -> None:
        before, saved = view(running(self.device)), view(startup(self.device))
        was_interrupted = self.interrupted
        self._allow(before, saved, desired.shows)
        run_killed(self.device, desired.config, kill, journal=self.place, **OPTIONS, state=desired.state)
        assert_no_secret(self.place)
        now = view(startup(self.device))
        if now != saved and not was_interrupted:
            shown = view(running(self.device))
            assert {path: shown[path] for path in desired.shows} == desired.shows
        self.desired = desired
        self._startup_is_known()

    @rule(fault=st.sampled_from(FAULTS), nth=st.integers(1, 4))
    def add_fault(self, fault: tuple[str, Tree], nth: int) -> None:
        kind, members = fault
        self.device.add_fault(kind, **members, nth=nth)

    @rule()
    def no_faults(self) -> None:
        self.device.clear_faults()

    @rule(path=st.sampled_from(sorted(LEAVES)), data=st.data())
    def change_by_another_client(self, path: str, data: st.DataObject) -> None:
        self.device.change(path, data.draw(st.sampled_from(LEAVES[path])))
        self._allow(view(running(self.device)))

    @rule()
    def save_by_another_client(self) -> None:
        self.device._fleet.call(self.device._device.config.save)
        self._allow(view(running(self.device)))

    @rule()
    def restart(self) -> None:
        self.device.reboot()
        assert view(running(self.device)) == view(startup(self.device))
        self._allow(view(running(self.device)))

    @precondition(lambda self: self.desired is not None)
    @rule()
    def converge(self) -> None:
        assert self.desired is not None
        self.device.clear_faults()
        for dummy in range(3):
            result = self._run(self.desired)
            if code_of(result) is None:
                break
            # Another client changed a setting of the interrupted task: the message asks to remove the journal.
            assert code_of(result) == "conflict", result
            assert str(self.place) in result["msg"]
            for file in self.place.glob("*.json"):
                file.unlink()
        now = view(running(self.device))
        assert {path: now[path] for path in self.desired.shows} == self.desired.shows
        self.device.ledger.clear()
        again = self._run(self.desired)
        assert (again["changed"], self.device.ledger.writes) == (False, 0), again
        self.may_be = {}
        self._allow(now, view(startup(self.device)))

    def _check_result(self, result: Tree) -> None:
        assert CANARY not in str(result)
        assert_no_secret(self.place)
        assert code_of(result) != "internal", result

    def _startup_is_known(self) -> None:
        for path, value in view(startup(self.device)).items():
            assert value in self.may_be.get(path, [self.saved[path]]), path

    def teardown(self) -> None:
        if self.desired is not None:
            self.converge()


@pytest.mark.hypothesis  # so that make thorough repeats it with more examples
def test_a_device_through_many_steps(device: t.Any, tmp_path: Path) -> None:
    snapshot = device.snapshot()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: DeviceMachine(device, tmp_path, snapshot),
        settings=settings(
            max_examples=int(EXAMPLES or examples(10)),
            stateful_step_count=50,
            deadline=None,
            database=None,
            derandomize=EXAMPLES is None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
