# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 69 to 71: the controller, and a second one."""

from __future__ import annotations

import datetime
import resource
import signal
import threading
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base import times
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.matrix.children import run_in_child, run_signalled
from ansible_collections.meinberg.lantime.tests.reliability.matrix.judge import KILLED
from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    FIRST,
    JOB,
    OLD,
    OTHER,
    PARTLY,
    UNSAVED,
    Bench,
    Row,
    Setup,
    Tree,
    exactly,
    meanwhile,
    same,
)
from ansible_collections.meinberg.lantime.tests.reliability.rig import code_of, fill_disk

DAY = 86400.0
# Of the requests of the task: 3 GETs, 3 GETs, 3 PUTs, 3 GETs, 3 saves, 3 GETs. SAVING is the second save.
READING, FIRST_PUT, VERIFYING, SAVING = 2, 7, 10, 14


def signalled(number: signal.Signals, nth: int) -> t.Callable[[Bench, Tree, bool], Tree]:
    """Run the task with a signal at its nth request; in check mode, which reads only, at the second one."""
    return lambda bench, given, check: run_signalled(bench, given, check, number, READING if check else nth)


def ended_by(*names: str) -> t.Callable[[Bench, Tree], None]:
    def check(_bench: Bench, result: Tree) -> None:
        assert result[KILLED] in names

    return check


def journal_left(bench: Bench, _result: Tree) -> None:
    assert list(bench.journal.glob("*.json"))


def signal_rows(fault_number: int, number: signal.Signals) -> list[Row]:
    points = {"before the first write": (READING, OLD), "at the first write": (FIRST_PUT, UNSAVED)}
    points |= {"while verifying": (VERIFYING, UNSAVED), "while saving": (SAVING, PARTLY)}
    names = {"SIGINT": ("SIGINT", "exit 130")}
    rows = []
    for name, (nth, end) in points.items():
        rows.append(
            Row(
                fault_number,
                f"{number.name} {name}",
                end=end,
                each=ended_by(*names.get(number.name, (number.name,))),
                also=journal_left if nth > READING else lambda _bench, _result: None,
                entry_points=(JOB,),
                run=signalled(number, nth),
                timed=True,
            )
        )
    return rows


def patched(patch: t.Callable[[pytest.MonkeyPatch, Bench], object]) -> Setup:
    """Patch this process while the task runs."""
    return lambda bench: patch(bench.stack.enter_context(pytest.MonkeyPatch.context()), bench)


def step_clock(seconds: float) -> Setup:
    """The clock of the controller steps at the first write."""

    def patch(monkeypatch: pytest.MonkeyPatch, bench: Bench) -> None:
        clock, now, stepped = time.time, times.utc_now, threading.Event()
        monkeypatch.setattr(time, "time", lambda: clock() + (seconds if stepped.is_set() else 0.0))
        step = datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(times, "utc_now", lambda: now() + (step if stepped.is_set() else datetime.timedelta()))
        meanwhile(lambda _device: stepped.set(), "PUT", FIRST, 1)(bench)

    return patched(patch)


def file_in_place_of_the_journal(bench: Bench) -> None:
    bench.journal.write_text("", encoding="utf-8")
    bench.stack.callback(bench.journal.unlink)


def with_few_descriptors(bench: Bench, given: Tree, check: bool) -> Tree:
    """Run the task in a process that can open one more file or socket only."""

    def arm() -> None:
        with open("/dev/null", "rb") as free:
            limit = free.fileno() + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

    return run_in_child(bench, given, check, arm)


def second_controller(bench: Bench, given: Tree, check: bool) -> Tree:
    """The result of a task that starts while another one, of the same controller, writes."""
    started = threading.Event()
    bench.device.add_fault("delay", seconds=1.0, method="PUT", path=FIRST, times=1)
    first: list[Tree] = []

    def run() -> None:
        first.append(run_in_process(bench.device, lantime_config, **given).result)

    meanwhile(lambda _device: started.set(), "PUT", FIRST, 1)(bench)
    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(5)
    result = run_in_process(bench.device, lantime_config, check=check, diff=True, **given).result
    thread.join()
    assert code_of(first[0]) is None
    bench.other_writes = bench.device.ledger.writes
    return result


ROWS = [
    *signal_rows(69, signal.SIGKILL),
    *signal_rows(71, signal.SIGINT),
    *signal_rows(71, signal.SIGTERM),
    Row(
        71,
        "no directory for the journal",
        file_in_place_of_the_journal,
        also=exactly(0),
        **same("journal"),
    ),
    *[
        Row(
            71,
            f"disk full from write {nth} of the journal on",
            patched(lambda patch, _bench, nth=nth: fill_disk(patch, "journal", nth)),
            ("journal",),
            end=OLD,
            entry_points=(JOB,),
        )
        for nth in (1, 3)
    ],
    Row(71, "one descriptor", run=with_few_descriptors, entry_points=(JOB,), **same("journal")),
    Row(70, "same controller", run=second_controller, codes=("conflict",), end=OTHER, entry_points=(JOB,)),
    Row(71, "clock steps by one day", step_clock(DAY), entry_points=(JOB,)),
    Row(71, "clock steps back by one day", step_clock(-DAY), entry_points=(JOB,)),
]
