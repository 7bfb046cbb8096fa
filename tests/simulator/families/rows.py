# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of the tables in this package.

A row has six columns: path below the module, type, default, access, where the status shows it, mark.
In a path, `*` is an item of a table, and `<1..3>` stands for three rows. Types are those of the
reference (`int 10..10000 step 10`, `float -1..1`, `one-of 50,60`, `tokens a,b`, `enum NAME`,
`set NAME`, `set-of TABLE`, `text 0..64`, `time`, `ref TABLE`, `baud-rate`, `switch`). A default of
`-` is empty. The status shows a setting at the same path (`=`), at another one, or not at all (`-`).
A later row with the same path replaces an earlier one, and a row for one item those for all items.
The mark says what is known of the function: C:X confirmed by source X, I inferred, A assumed. Every
path and name is assumed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

BAUD_RATES = "one-of 300,600,1200,2400,4800,9600,19200,38400"
_REPEATED = re.compile(r"<(\d+)\.\.(\d+)>")


class Row(NamedTuple):
    """One setting of a module."""

    path: str
    kind: str
    default: str
    access: str
    shows: str
    mark: str


def rows(text: str) -> tuple[Row, ...]:
    """The rows of a table that is written as text, one a line."""
    return tuple(row for line in text.strip().splitlines() if line.strip() for row in _expanded(line))


def _expanded(line: str) -> list[Row]:
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != len(Row._fields):
        raise ValueError(f"a row needs {len(Row._fields)} columns: {line}")
    path, kind, default, access, shows, mark = cells
    kind = BAUD_RATES if kind == "baud-rate" else kind
    match = _REPEATED.search(path)
    if match is None:
        return [Row(path, kind, default, access, path if shows == "=" else shows.lstrip("-"), mark)]
    numbers = range(int(match.group(1)), int(match.group(2)) + 1)
    rest = f"{kind} | {default} | {access} | {shows} | {mark}"
    return [row for number in numbers for row in _expanded(f"{_REPEATED.sub(str(number), path, 1)} | {rest}")]
