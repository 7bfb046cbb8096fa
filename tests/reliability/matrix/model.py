# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: what a row is, and what the files of rows are made of.

A row is one case of a numbered fault. It is played on a simulated device while a task brings its configuration to TREE,
in check mode and in apply mode; then the fault is lifted, and the task runs again.
"""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.reliability.rig import CANARY, Meanwhile

Tree = dict[str, t.Any]

TREE: Tree = {
    "ntp": {"local-clock": {"stratum": 10}},
    "snmp": {"contact": "noc", "location": "hall", "read-community": f"{CANARY}-read"},
    "network": {"nameserver2": "192.0.2.54"},
}
# No task waits as long for a connection or an answer as a busy machine may need, unless the row says so.
OPTIONS: Tree = {
    "verify_grace": 2.0,
    "command_timeout": 1.0,
    "retries": 1,
    "connect_timeout": 20.0,
    "read_timeout": 20.0,
    "request_timeout": 40.0,
}
# For rows in which the device needs some time until it shows a value.
PATIENT: Tree = {"verify_grace": 10.0}
# The sections that are written first and last.
FIRST, LAST = "/api/config/ntp", "/api/config/network"
ENVELOPE = {"system-information": {"model": "M600"}, "data": {}}

# States of a device after a task: running and startup configuration as before; both as desired; the running configuration
# as desired or in part, and the former startup configuration; a part of it saved; changed by somebody else.
OLD, NEW, UNSAVED = "old", "new", "running changed, startup old"
PARTLY, OTHER = "running changed, startup in part", "changed by another client"

# Entry points: the job of the module in this process, the action plugin, the packaged module.
JOB, CONTROLLER, TARGET = "job", "controller", "target"
ENTRY_POINTS = (JOB, CONTROLLER, TARGET)


class Bench:
    """One device with a task, for one row.

    options: options of the task that differ from OPTIONS.  environment: variables of the task.  stack: what is open while
    the task runs.  directory: for files.  other: a second device, which no request may reach.  other_writes: number of
    writes of another task on the device.
    """

    def __init__(self, device: t.Any, other: t.Any, directory: Path) -> None:
        self.device = device
        self.other = other
        self.directory = directory
        self.options: Tree = {}
        self.environment: dict[str, str] = {}
        self.other_writes = 0
        self.stack = contextlib.ExitStack()

    @property
    def journal(self) -> Path:
        return self.directory / "journal"


Setup = t.Callable[[Bench], object]
Check = t.Callable[[Bench, Tree], None]


@dataclass
class Row:
    """One case of a fault.

    setup: plays the fault.  codes: codes that the task may fail with, empty if it succeeds; check_codes: the same in check
    mode, which has no faults of writing.  end: the state of the device after the task.  more: merged into TREE.  present:
    settings before the task.  also: more assertions for apply mode; each: for both modes.  seconds: deadline.  timed: the
    number of requests depends on time.  entry_points: where the row is played.  afterwards: options of the task that runs
    when the fault is lifted.  run: replaces the task.
    """

    number: int
    case: str
    setup: Setup = lambda _bench: None
    codes: tuple[str, ...] = ()
    check_codes: tuple[str, ...] = ()
    end: str = NEW
    more: Tree = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    options: Tree = field(default_factory=dict)
    also: Check = lambda _bench, _result: None
    each: Check = lambda _bench, _result: None
    seconds: float = 6.0
    timed: bool = False
    entry_points: tuple[str, ...] = ENTRY_POINTS
    afterwards: Tree = field(default_factory=dict)
    run: t.Callable[[Bench, Tree, bool], Tree] | None = None

    def __str__(self) -> str:
        return f"{self.number}-{self.case}".replace(" ", "-")

    @property
    def tree(self) -> Tree:
        return merged(TREE, self.more)


def merged(tree: Tree, more: Tree) -> Tree:
    result = dict(tree)
    for name, value in more.items():
        result[name] = merged(result.get(name, {}), value) if isinstance(value, dict) else value
    return result


def same(*codes: str) -> dict[str, t.Any]:
    """Members of a row whose task fails in both modes with one of these codes and has written nothing."""
    return {"codes": codes, "check_codes": codes, "end": OLD}


# -- faults


def fault(kind: str, **members: t.Any) -> Setup:
    return lambda bench: bench.device.add_fault(kind, **members)


def faults(*given: tuple[str, Tree]) -> Setup:
    return lambda bench: [bench.device.add_fault(kind, **members) for kind, members in given]


def dialect(**choices: t.Any) -> Setup:
    """Choose keys of the dialect or run-time options of the device."""
    return lambda bench: bench.device.set_dialect(**choices)


def options(**given: t.Any) -> Setup:
    """Options of the task that are wrong on purpose."""
    return lambda bench: bench.options.update(given)


def together(*setups: Setup) -> Setup:
    return lambda bench: [setup(bench) for setup in setups]


def meanwhile(act: t.Callable[[t.Any], object], method: str = "GET", path: str = FIRST, nth: int = 2) -> Setup:
    """Act at a request; before the second GET of the first section all is read once and nothing is written."""
    return lambda bench: bench.stack.enter_context(Meanwhile(bench.device, act, method, path, nth))


# -- expectations


def puts(bench: Bench, path: str = "/api/config") -> int:
    return sum(entry["write"] and entry["path"].startswith(path) for entry in bench.device.ledger)


def exactly(number: int, path: str = "/api/config") -> Check:
    def check(bench: Bench, _result: Tree) -> None:
        assert puts(bench, path) == number

    return check


def requests(number: int) -> Check:
    def check(bench: Bench, _result: Tree) -> None:
        assert len(bench.device.ledger) == number

    return check


def says(*texts: str) -> Check:
    def check(_bench: Bench, result: Tree) -> None:
        for text in texts:
            assert text in result["msg"], result["msg"]

    return check


def rollback(state: str) -> Check:
    def check(_bench: Bench, result: Tree) -> None:
        assert result["rollback"]["state"] == state, result

    return check


def all_of(*checks: Check) -> Check:
    def check(bench: Bench, result: Tree) -> None:
        for one in checks:
            one(bench, result)

    return check


def other_untouched(bench: Bench, _result: Tree) -> None:
    """Nothing was sent to the second device."""
    assert len(bench.other.ledger) == 0
    assert bench.other.ledger.handshakes == 0
