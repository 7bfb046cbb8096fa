# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections of an HTML page with details of groups of devices, each section within its share of the page."""

from __future__ import annotations

import functools
import typing as t

from . import diffs
from .folding import FoldedDevices

# Lines of a block, as many as fit.
_LINES_PER_DEVICE = (400, 100, 25, 8)
_MAX_OPEN_DEVICES = 12
_MAX_OPEN_LINES = 60


class PageSection(t.NamedTuple):
    """A section of details, rendered. total: what its heading counts.  omitted: how many groups of devices did not fit.

    links: the anchor of each device in it, by its number in the report.
    """

    blocks: t.Sequence[t.Any]
    total: int
    omitted: int
    links: t.Mapping[int, str]


Lines = list[diffs.DiffLine]


class Block(t.NamedTuple):
    """A group of devices to render. anchor: of its details.  lines: makes its lines, once.

    is_open: whether the page shows the lines at once.
    """

    anchor: str
    group: FoldedDevices
    lines: t.Callable[[], Lines] = list
    is_open: bool = False


RenderBlock = t.Callable[[Block, int], str]
MakeLines = t.Callable[[FoldedDevices], Lines]


def make_blocks(kind: str, groups: t.Sequence[FoldedDevices], make_lines: MakeLines | None = None) -> list[Block]:
    blocks = []
    for number, group in enumerate(groups):
        lines = functools.cache(functools.partial(make_lines, group)) if make_lines else list
        blocks.append(Block(f"{kind}{number}", group, lines))
    return blocks


def build_section(blocks: t.Sequence[Block], render: RenderBlock, limit: int) -> PageSection | None:
    """The section of the blocks that fit into so many bytes, with as many lines as fit for all of them."""
    if not blocks:
        return None
    rendered: list[str] = []
    for max_lines in _LINES_PER_DEVICE:
        rendered = list(take_fitting((render(block, max_lines) for block in blocks), limit))
        if len(rendered) == len(blocks):
            break
    links: dict[int, str] = {}
    for block in blocks[: len(rendered)]:
        for number, dummy in block.group.entries:
            links.setdefault(number, f"#{block.anchor}")
    total = sum(len(block.group.entries) for block in blocks)
    return PageSection(rendered, total, len(blocks) - len(rendered), links)


def take_fitting(texts: t.Iterable[str], limit: int) -> t.Iterator[str]:
    """The texts, from the first on, that fit into so many bytes."""
    for text in texts:
        limit -= len(text.encode("utf-8"))
        if limit < 0:
            return
        yield text


def open_few(blocks: list[Block]) -> list[Block]:
    """The blocks, open if there are few of them and they are short."""
    if len(blocks) > _MAX_OPEN_DEVICES:
        return blocks
    counts = [len(block.lines()) or bool(block.group.reason) for block in blocks]
    return [block._replace(is_open=0 < count <= _MAX_OPEN_LINES) for block, count in zip(blocks, counts)]
