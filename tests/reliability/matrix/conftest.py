# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the fault matrix after a run: FAULT_MATRIX=print prints it, FAULT_MATRIX=FILE also writes the outcomes
to a file if no row failed."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.matrix.table import Record, as_text, dump

PROPERTY = "fault"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    wanted = os.environ.get("FAULT_MATRIX")
    if not wanted:
        return
    reports: list[t.Any] = [r for name in ("passed", "failed") for r in terminalreporter.stats.get(name, [])]
    records = [
        Record(*line)
        for report in reports
        for name, lines in report.user_properties
        if name == PROPERTY
        for line in lines
    ]
    terminalreporter.write_line("")
    terminalreporter.write_line(as_text(records))
    if wanted != "print" and not terminalreporter.stats.get("failed"):
        Path(wanted).write_text(dump(records), encoding="utf-8")
