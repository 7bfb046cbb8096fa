# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened in a row of the fault matrix, and the rules that hold for each row.

(a) The task ends before its deadline; (b) with a code of the closed list; (c) no secret is in a result or a file; (d) no
write is outside the plan, and there is none in check mode; (e) the result does not say "unchanged" or "saved" unless that is so;
(f) after the fault is lifted, one run converges.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    ENTRY_POINTS,
    NEW,
    OLD,
    OTHER,
    PARTLY,
    TREE,
    UNSAVED,
    Bench,
    Row,
    Tree,
)
from ansible_collections.meinberg.lantime.tests.reliability.matrix.table import Record, load
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    assert_no_secret,
    code_of,
    running,
    startup,
)

KILLED = "killed"
IS_WRITING_OUTCOMES = os.environ.get("FAULT_MATRIX", "print") != "print"
# What the plan of a row may write.
PLANNED = ("ntp", "snmp", "network/nameserver2", "network/ports/lan1")
VARIES = "varies"


def waited_for_a_core() -> float:
    """Seconds for which the threads of this process were ready to run, and did not run because the machine was busy."""
    waited = 0
    for path in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            waited += int(path.read_text(encoding="ascii").split()[1])
    return waited / 1e9


class Play:
    """One row in one mode: takes the state of the device before the task and judges what the task did."""

    def __init__(self, row: Row, bench: Bench, check: bool) -> None:
        self.row = row
        self.bench = bench
        self.check = check
        self.device = bench.device
        self.options = row.options

    def prepare(self) -> None:
        """Bring the device to the state before the task, and let the fault begin."""
        self.device.change("snmp/read-community", "")
        for path, value in self.row.present.items():
            self.device.change(path, value)
        self.device._fleet.call(self.device._device.config.save)
        self.device.set_dialect(command_seconds=0)
        self._clean = self.device.snapshot()
        self._former, self._saved = running(self.device), startup(self.device)
        self.device.ledger.clear()
        self.bench.other.ledger.clear()
        self.row.setup(self.bench)
        self.options = {**self.row.options, **self.bench.options}
        self._began = time.monotonic() - waited_for_a_core()

    def seconds(self) -> float:
        """The duration of the task, without the time for which this process waited for a core."""
        return time.monotonic() - waited_for_a_core() - self._began

    def lift(self) -> None:
        """End the fault; what the device holds stays as it is."""
        self.bench.stack.close()
        self.device.clear_faults()
        self.device._device.away_until = 0.0
        self.device._fleet.call(self.device._device.accounts.reset)
        moved_to = self.row.afterwards.get("host", "")
        self.device.set_dialect(**{**self._clean["dialect"], **self._clean["options"], "moved_to": moved_to})
        self.options = dict(self.row.afterwards)
        self.bench.environment = {}

    @property
    def desired(self) -> Tree:
        """The tree that the run after the fault is to bring about."""
        return TREE if self.row.codes else self.row.tree

    # -- what happened

    def end_state(self) -> str:
        shown, saved = running(self.device), startup(self.device)
        if (shown, saved) == (self._former, self._saved):
            return OLD
        if shown == saved and self._is_desired(shown):
            return NEW
        return UNSAVED if saved == self._saved else PARTLY

    def _is_desired(self, shown: Tree) -> bool:
        wanted = self.row.tree
        return (
            str(shown["ntp"]["local-clock"]["stratum"]) == str(wanted["ntp"]["local-clock"]["stratum"])
            and shown["snmp"]["read-community"] == wanted["snmp"]["read-community"]
            and shown["network"]["nameserver2"] == wanted["network"]["nameserver2"]
        )

    def record(self, result: Tree) -> Record:
        requests, writes = (str(n) for n in (len(self.device.ledger), self.device.ledger.writes))
        varies = self.row.timed and not (self.check and not self.row.check_codes)
        mode = "check" if self.check else "apply"
        end = self.end_state()
        return Record(
            self.row.number,
            self.row.case,
            mode,
            "all" if self.row.entry_points == ENTRY_POINTS else ", ".join(self.row.entry_points),
            self._code_of(result),
            OTHER if self.row.end == OTHER and end != OLD else end,
            VARIES if varies else requests,
            VARIES if varies and writes != "0" else writes,
        )

    def _code_of(self, result: Tree) -> str:
        """The code for the table: all codes of the row if time decides which one it is."""
        code = KILLED if KILLED in result else code_of(result) or "none"
        codes = self.row.check_codes if self.check else self.row.codes
        return " or ".join(codes) if self.row.timed and code in codes else code

    def judge_outcome(self, result: Tree) -> None:
        """Assert that the outcome is that of the table."""
        record = self.record(result)
        assert IS_WRITING_OUTCOMES or record in load(), f"another outcome; if it is right, run make trust: {record}"

    # -- the rules

    def judge(self, result: Tree, seconds: float) -> None:
        """Assert the rules (a) to (e) and what the row itself expects."""
        row, code = self.row, code_of(result)
        allowed = row.check_codes if self.check else row.codes
        assert seconds < row.seconds + 1.0
        if KILLED not in result:
            assert code is None or code in KINDS
            assert (code in allowed) if allowed else code is None, result
        self._judge_secrets(result)
        self._judge_writes()
        if KILLED not in result:
            self._judge_truth(result)
        row.each(self.bench, result)
        if not self.check:
            assert self.end_state() == row.end or row.end == OTHER, (self.end_state(), result)
            row.also(self.bench, result)

    def _judge_secrets(self, result: Tree) -> None:
        text = json.dumps(result)
        for secret in (CANARY, *self.device.users.values()):
            assert secret not in text
        assert_no_secret(self.bench.directory)

    def _judge_writes(self) -> None:
        writes = [e["path"][len("/api/config/") :] for e in self.device.ledger if e["write"]]
        if self.check:
            assert len(writes) == self.bench.other_writes
        assert all(p in ("", "network") or p.startswith(PLANNED) for p in writes), writes

    def _judge_truth(self, result: Tree) -> None:
        """The task says "changed: false" and "saved" only if that is so."""
        code = code_of(result)
        assert "changed" in result
        if self.check:
            assert result["changed"] is (code is None)
            assert self.row.end == OTHER or self.end_state() == OLD
            return
        if self.row.end != OTHER and running(self.device) != self._former:
            assert result["changed"] is True
        if code in ("state_unknown", "rollback_failed"):
            assert result["changed"] is True
        if code is None:
            assert result["saved"] is True
        elif result.get("saved", False) is False and not self.bench.other_writes:
            assert startup(self.device) == self._saved

    def judge_again(self, result: Tree) -> None:
        """(f): the run after the fault, in the same mode, has brought the device to the desired state, or predicts that."""
        assert code_of(result) is None, result["msg"]
        if self.check:
            assert result["changed"] is (self.end_state() == OLD)
            return
        assert result["saved"] is result["changed"]
        shown = running(self.device)
        assert shown["ntp"]["local-clock"]["stratum"] == self.desired["ntp"]["local-clock"]["stratum"]
        assert shown["snmp"]["read-community"] == f"{CANARY}-read"
        assert shown["network"]["nameserver2"] == "192.0.2.54"
        assert shown == startup(self.device)

    def judge_idle(self, result: Tree) -> None:
        """The run after that has nothing to do, and no journal is left."""
        assert (code_of(result), result["changed"]) == (None, False)
        assert self.device.ledger.writes == 0
        with contextlib.suppress(FileNotFoundError):
            assert {file.suffix for file in self.bench.journal.iterdir()} <= {".lock"}
