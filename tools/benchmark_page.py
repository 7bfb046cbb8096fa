# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/benchmark.rst: docs/benchmark.md, which make bench writes, as reStructuredText."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ansible_collections.meinberg.lantime.tools import rst

SOURCE = Path(__file__).resolve().parents[1] / "docs" / "benchmark.md"


def page() -> str:
    text = SOURCE.read_text(encoding="utf-8").partition("-->\n")[2]
    body = text.lstrip("\n").partition("\n")[2]
    return rst.page("benchmark", "Measurements", _translated(body))


def _translated(text: str) -> Iterator[str]:
    """Headings, paragraphs and tables; a picture is left out, because a page of the site has none."""
    for is_table, group in groupby(text.split("\n"), key=lambda line: line.startswith("|")):
        lines = list(group)
        if is_table:
            head, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
            yield from rst.table(head, rows)
            continue
        for line in lines:
            if line.startswith("## "):
                yield from rst.heading(line[3:])
            elif not line.startswith("!["):
                yield rst.inline(line)
