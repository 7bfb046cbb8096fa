# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording says of a device: its status, its configuration, and the tokens of its enums."""

from __future__ import annotations

import typing as t

from .._tree.canonical import Tree, canonical
from .._tree.paths import Path

Content = t.Mapping[str, t.Any]
# Tokens and their numbers, by the path of the leaf with * for items of tables.
Tokens = dict[Path, dict[str, int]]


def recorded_status(content: Content) -> t.Any:
    """The answer to GET /api/status with its envelope; None if the recording has none."""
    bodies = [answer.get("body") for answer in _answers(content, "status", raw=False)]
    return bodies[0] if bodies else None


def recorded_configuration(content: Content, raw: bool = False) -> Tree | None:
    """The configuration in canonical form; None if the recording has none."""
    root = content.get("config_root")
    parts = {_last_name(answer): _unwrap_node(answer) for answer in _answers(content, "configuration", raw)}
    if not isinstance(root, str) or not parts:
        return None
    node = parts if root == "" else next(iter(parts.values()))
    return canonical(node) if isinstance(node, dict) else None


def recorded_tokens(content: Content) -> Tokens:
    """The tokens of each enum of the configuration, as far as they were seen, with the numbers of `?raw`."""
    plain, raw = (recorded_configuration(content, is_raw) for is_raw in (False, True))
    tokens: Tokens = {}
    if plain is not None and raw is not None:
        for path, token, number in _tokens_in(plain.value, raw.value, ()):
            tokens.setdefault(shape_of(path, plain), {})[token] = number
    return tokens


def shape_of(path: Path, tree: Tree) -> Path:
    """A path with * for items of tables."""
    return tuple("*" if path[:depth] in tree.tables else name for depth, name in enumerate(path))


def _tokens_in(plain: t.Any, raw: t.Any, at: Path) -> t.Iterator[tuple[Path, str, int]]:
    """Each leaf whose text the raw form shows as a number."""
    if isinstance(plain, dict) and isinstance(raw, dict):
        for name, value in plain.items():
            yield from _tokens_in(value, raw.get(name), (*at, name))
    elif isinstance(plain, str) and isinstance(raw, int) and not isinstance(raw, bool):
        yield at, plain, raw


def _answers(content: Content, purpose: str, raw: bool) -> t.Iterator[Content]:
    for answer in content["answers"]:
        if answer.get("purpose") == purpose and bool(answer.get("raw")) == raw and answer.get("status") == 200:
            yield answer


def _unwrap_node(answer: Content) -> t.Any:
    """The content of the node, without a wrapper of its own name."""
    body = answer.get("body")
    data = body.get("data") if isinstance(body, dict) else None
    name = _last_name(answer)
    if isinstance(data, dict) and set(data) - {"object-id"} == {name} and isinstance(data[name], dict):
        return data[name]
    return data


def _last_name(answer: Content) -> str:
    return str(answer.get("path", "")).rstrip("/").rpartition("/")[2]
