# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a report: plain text and JSON, limited in size and without secrets."""

from __future__ import annotations

import itertools
import json
import math
import typing as t
from collections.abc import Mapping

from .._base.sanitize import printable
from .._tree import values
from .._tree.paths import Path
from .._tree.secrets import mask_secrets

MAX_NAME = 200
MAX_PATH = 500
MAX_MESSAGE = 1000
MAX_VALUE = 4000
_MAX_NODES = 600


def list_items(value: object) -> list[t.Any]:
    return value if isinstance(value, list) else []


def bounded_text(value: object, limit: int = MAX_NAME) -> str | None:
    text = values.text(value)
    return None if text is None else printable(text, limit) or None


def bounded_message(value: object) -> str:
    return printable("" if value is None else value, MAX_MESSAGE)


def known_or(value: object, choices: tuple[str, ...], otherwise: str) -> str:
    return value if isinstance(value, str) and value in choices else otherwise


def count_or_none(value: object) -> int | None:
    return values.index(value)


def normalize_value(value: object, path: Path = ()) -> t.Any:
    """A value of the device as JSON, secrets masked, cut to text if it is too large.

    path: path of the setting, as its name may indicate a secret.
    """
    if value is None:
        return None
    kept = mask_secrets(_bounded_json(value, 0, [_MAX_NODES]), path)
    text = json.dumps(kept, ensure_ascii=False)
    return kept if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def _bounded_json(value: object, depth: int, left: list[int]) -> t.Any:
    """A value as JSON of limited depth and number of members."""
    left[0] -= 1
    if left[0] < 0 or depth > 12:
        return "…"
    if isinstance(value, Mapping):
        members = itertools.islice(value.items(), max(0, left[0]))
        return {_bounded_string(str(k)): _bounded_json(v, depth + 1, left) for k, v in members}
    if isinstance(value, (list, tuple)):
        return [_bounded_json(item, depth + 1, left) for item in value[: max(0, left[0]) + 1]]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < values.MAX_INTEGER else "…"
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    return _bounded_string(str(value))


def _bounded_string(text: str) -> str:
    cut = text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
    return cut.encode("utf-8", "replace").decode("utf-8")
