# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of families says only what the tests have passed."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tools import families_table


def cells_of(lines: list[str], subject: str) -> list[str]:
    (line,) = (line for line in lines if line.startswith(f"| {subject} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_rows_are_what_was_tested() -> None:
    common = ["check", "apply", "again"]
    settings = {
        "FDM": {"7.10": [*common, "drift found", "repaired"], "7.04": [*common, "drift found", "repaired"]},
        "GPS": {"7.10": [*common, "drift found"], "7.08": common},
    }
    examples = {"FDM": {"7.10": ["example"]}, "syncmon_nodes": {"7.08": ["example"]}}
    lines = families_table.table(settings, examples)
    assert len({line.count("|") for line in lines}) == 1
    empty = ["", "", ""]
    assert cells_of(lines, "FDM") == ["FDM", *["yes"] * 5, *empty, "7.04 7.10", "`module_fdm`: 7.10"]
    assert cells_of(lines, "GPS")[4:6] == ["7.10", "no"]
    assert cells_of(lines, "PSX") == ["PSX", *["no"] * 5, *empty, "", "`module_psx`: no line"]
    assert cells_of(lines, "SyncMon")[-1] == "`syncmon_nodes`: 7.08"
    assert len(lines) == 2 + 24 + 3
