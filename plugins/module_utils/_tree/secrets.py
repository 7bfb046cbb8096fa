# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of a tree are secret, and how they are masked."""

from __future__ import annotations

import re
import typing as t

from .paths import Path


def masked(value: t.Any, at: Path, secrets: frozenset[Path]) -> t.Any:
    """A value below a path without its secrets; an empty secret stays empty."""
    if isinstance(value, dict):
        return {name: masked(inner, (*at, name), secrets) for name, inner in value.items()}
    return MASK if at in secrets and value not in ("", None, []) else value


MASK = "********"
_MASKED = re.compile(r"\*{3,}")
_SECRET_NAME = re.compile(
    r"(?:^|-)(?:password|passwd|passphrase|passcode|community|secret|token|psk|private-key|key-value|shared-key)(?:-|$)",
    re.IGNORECASE,
)


def is_mask(value: t.Any) -> bool:
    """Whether a value is what a device shows in place of a secret (A16, masked)."""
    return isinstance(value, str) and _MASKED.fullmatch(value) is not None


def is_secret(path: Path, value: t.Any = None) -> bool:
    """Whether a leaf holds a secret: the device masks it, or its name says so."""
    return is_mask(value) or bool(path and _SECRET_NAME.search(path[-1].replace("_", "-")))


def redacted(node: t.Any, at: Path = ()) -> t.Any:
    """A copy with every secret leaf replaced by the mask; an empty one stays empty."""
    if isinstance(node, dict):
        return {str(k): redacted(v, (*at, str(k))) for k, v in node.items()}
    if isinstance(node, list):
        if is_secret(at) and not any(isinstance(item, (dict, list)) for item in node):
            return [MASK for dummy in node]
        return [redacted(item, at) for item in node]
    if node not in ("", None) and is_secret(at, node):
        return MASK
    return node
