# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A comment on a merge request that grows block by block up to the limit of its size."""

from __future__ import annotations

import typing as t

from . import diffs, wording
from .rendering import load_macro, longest_backticks

MAX_COMMENT_BYTES = 65_000

# Bytes reserved for the sentences that name omissions.
_OMISSIONS_BYTES = 600
_MAX_LINES = 120


class DiffBlock(t.NamedTuple):
    """Lines that are the same for devices, with their title."""

    hosts: t.Sequence[str]
    title: str
    lines: t.Sequence[diffs.DiffLine]


class Comment:
    """Text that grows block by block up to its limit. omissions: what did not fit."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = MAX_COMMENT_BYTES - _OMISSIONS_BYTES
        self.omissions: list[str] = []

    def finish(self, render_omissions: t.Callable[[list[str]], str]) -> str:
        """The text, which ends with what did not fit."""
        if self.omissions:
            self.left += _OMISSIONS_BYTES
            self.add(render_omissions(self.omissions))
        return "".join(self.parts)

    def add(self, block: str) -> bool:
        size = len(block.encode("utf-8"))
        if size > self.left:
            return False
        self.parts.append(block)
        self.left -= size
        return True

    def add_table(self, heading: str, rows: t.Sequence[str], names: tuple[str, str], reserve: int) -> None:
        """Add as many rows as fit, keeping the reserve for what follows. names: what a row is, one and many."""
        if not rows:
            return
        self.left -= reserve
        added = 0
        if self.add(heading):
            added = next((number for number, row in enumerate(rows) if not self.add(row)), len(rows))
        self.left += reserve
        if added < len(rows):
            self.omissions.append(wording.format_count(len(rows) - added, *names))

    def add_last_table(self, heading: str, rows: t.Sequence[str], names: tuple[str, str]) -> None:
        """Add the table at the end, which the heading folds. The end of the fold always fits."""
        before = self.left
        self.add_table(heading, rows, names, 20)
        if self.left != before:
            self.left += _OMISSIONS_BYTES
            self.add("\n</details>\n")
            self.left -= _OMISSIONS_BYTES

    def add_diffs(self, heading: str, blocks: t.Sequence[DiffBlock], name: str) -> None:
        """Add as many blocks as fit. name: of what the devices have."""
        if not blocks:
            return
        # The tables that follow keep a share of the limit.
        reserve = min(self.left // 4, 12_000)
        self.left -= reserve
        added = shortened = 0
        if self.add(heading):
            for block in blocks:
                if not self.add(_render_diff(block)):
                    break
                added += 1
                shortened += len(block.lines) > _MAX_LINES
        self.left += reserve
        if shortened:
            self.omissions.append(f"lines of {wording.format_count(shortened, 'entry', 'entries')} with {name}")
        left_out = sum(len(block.hosts) for block in blocks[added:])
        if left_out:
            self.omissions.append(wording.format_count(left_out, f"device with {name}", f"devices with {name}"))


def _render_diff(block: DiffBlock) -> str:
    shown = block.lines[:_MAX_LINES]
    body = "\n".join(f"@@ {text} @@" if sign == "@" else f"{sign} {text}" for sign, text in shown)
    fence = "`" * max(3, longest_backticks(body) + 1)
    omitted = max(0, len(block.lines) - _MAX_LINES)
    return load_macro("comment.md.j2", "diff_block")(block.hosts, block.title, body, fence, omitted)
