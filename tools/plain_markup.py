# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of DOCUMENTATION blocks and argument_specs without the semantic markup of Ansible, with code in backticks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKUP = re.compile(r"\b([ABCEILMOPRUV])\(((?:\\.|[^)\\])*)\)|\bRV\(((?:\\.|[^)\\])*)\)")


def plain(text: str | Sequence[str]) -> str:
    """One paragraph of a description."""
    paragraph = text if isinstance(text, str) else " ".join(line.strip() for line in text)
    return _MARKUP.sub(_written, " ".join(paragraph.split()))


def _written(match: re.Match[str]) -> str:
    kind, content = match[1] or "RV", re.sub(r"\\(.)", r"\1", match[2] if match[1] else match[3])
    if kind in ("R", "L"):
        return content.rpartition(",")[0].strip()
    if kind in ("B", "I", "A", "U"):
        return content
    if kind in ("O", "RV"):
        return _option(content)
    return f"`{content.partition('#')[0]}`" if kind == "P" else f"`{content}`"


def _option(content: str) -> str:
    """`option=value`, followed by the name of the plugin that it belongs to."""
    plugin, mark, name = content.rpartition(":")
    if not mark or "#" not in plugin or "=" in plugin:
        return f"`{content}`"
    owner = plugin.partition("#")[0]
    return f"`{name}` of `{owner}`"
