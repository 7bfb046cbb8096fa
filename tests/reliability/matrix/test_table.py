# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the fault matrix has every fault, and every row in both modes."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.reliability.matrix.all_rows import ROWS
from ansible_collections.meinberg.lantime.tests.reliability.matrix.table import FAULTS, load

# Faults of fleets, whose rows are in test_fleet.
OF_FLEETS = {24, 72}


def test_every_fault_has_a_row() -> None:
    assert list(FAULTS) == list(range(1, 73))
    assert {row.number for row in ROWS} == set(FAULTS) - OF_FLEETS


def test_every_row_has_a_name_of_its_own() -> None:
    names = [str(row) for row in ROWS]
    assert len(names) == len(set(names))


def test_the_table_has_every_row_in_both_modes_and_no_others() -> None:
    lines = [(r.number, r.case, r.mode) for r in load() if r.number not in OF_FLEETS]
    assert sorted(lines) == sorted((row.number, row.case, mode) for row in ROWS for mode in ("check", "apply"))
    assert {(r.number, r.mode) for r in load() if r.number in OF_FLEETS} == {
        (number, mode) for number in OF_FLEETS for mode in ("check", "apply")
    }
