# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/fault_matrix.rst: what a task does under each fault, as the tests measure it."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.reliability.matrix import table
from ansible_collections.meinberg.lantime.tools import rst

_INTRODUCTION = """\
Every row is a test: a task of `lantime_config` with three changes and a save runs against the simulator while the fault lasts, in
check mode and in apply mode. For each row the tests also assert that the task ends before its deadline, that no secret is in a
result or a file, that nothing outside the plan is written, that the result says "unchanged" or "saved" only if that is so, and that
one run after the fault brings the device to the desired state. `make trust` runs all rows and prints this table.
"""
_COLUMNS = {
    "code": "`none`: the task succeeds; `killed`: the process ends without a result",
    "state of the device": "after the task: as before (`old`), changed and saved (`new`), or what the row says",
    "requests, writes": "number that the device received; `varies` if it depends on time",
    "entry points": "`all`: the job alone in the process of the test, the action plugin, and the packaged module give this outcome; "
    "`job`: the fault is in the process of the controller",
}


def page() -> str:
    columns = [rst.inline(f"- {name}: {meaning}") for name, meaning in _COLUMNS.items()]
    rows = [(*row[:5], f"`{row[5]}`", *row[6:]) for row in table.cells(table.load())]
    lines = [
        *map(rst.inline, _INTRODUCTION.splitlines()),
        "",
        *columns,
        "",
        *rst.table(table.HEAD, rows),
    ]
    return rst.page("fault_matrix", "Fault matrix", lines)
