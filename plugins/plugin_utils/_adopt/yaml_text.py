# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small YAML with comments, from plain data. Pure.

Texts come from devices: a text that Ansible would take for a template is marked as unsafe, so that it stays a text.
"""

from __future__ import annotations

import functools
import re
import typing as t

import yaml

from ...module_utils._base.sanitize import printable
from .devices import SecretPlaceholder

_WIDTH = 150
_UNLIMITED = 1 << 30
_TEMPLATE = re.compile(r"\{[{%#]")


class Commented(t.NamedTuple):
    """A value with a comment above it."""

    value: t.Any
    comment: str


class Template(t.NamedTuple):
    """A text that Ansible is to evaluate."""

    text: str


def render_document(heading: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> str:
    """A file of variables. heading: lines of the comment at its start."""
    lines = ["---", *(f"# {printable(line, 200)}".rstrip() for line in heading)]
    for name, value in variables.items():
        lines += ["", *_render_member(name, value, 0)]
    return "\n".join(lines) + "\n"


def _render_member(name: str, value: t.Any, depth: int) -> list[str]:
    """Lines of one name of a mapping. They are comments if there are only placeholders of secrets below it."""
    pad = "  " * depth
    if isinstance(value, Commented):
        comment = f"{pad}# {printable(value.comment, 200)}"
        return [comment, *_render_member(name, value.value, depth)]
    key = _scalar(name)
    if isinstance(value, SecretPlaceholder):
        return [f'{pad}# {key}: "{{{{ {value.variable} }}}}"']
    flow = _flow(value)
    if flow is not None and (not isinstance(value, (dict, list)) or len(pad) + len(key) + len(flow) + 2 <= _WIDTH):
        return [f"{pad}{key}: {flow}"]
    if isinstance(value, list):
        return [f"{pad}{key}:", *(line for item in value for line in _render_item(item, depth + 1))]
    lines = [line for inner, item in value.items() for line in _render_member(inner, item, depth + 1)]
    has_value = any(not line.lstrip().startswith("#") for line in lines)
    return [f"{pad}{key}:" if has_value else f"{pad}# {key}:", *lines]


def _render_item(item: t.Any, depth: int) -> list[str]:
    """Lines of one item of a list."""
    pad = "  " * depth
    flow = _flow(item)
    if flow is not None and len(pad) + len(flow) + 2 <= _WIDTH:
        return [f"{pad}- {flow}"]
    if isinstance(item, dict):
        lines = [line for name, value in item.items() for line in _render_member(name, value, depth + 1)]
        return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]
    return [f"{pad}- {_flow(item)}"]


def _flow(value: t.Any) -> str | None:
    """A value in one line; None if it has comments or menus in menus, which are not readable in one."""
    if isinstance(value, dict):
        parts = {name: _flow(item) for name, item in value.items()}
        if any(part is None or (isinstance(value[name], dict) and value[name]) for name, part in parts.items()):
            return None
        return "{" + ", ".join(f"{_scalar(name)}: {part}" for name, part in parts.items()) + "}"
    if isinstance(value, list):
        items = [_flow(item) for item in value]
        return None if any(item is None for item in items) else "[" + ", ".join(map(str, items)) + "]"
    if isinstance(value, (Commented, SecretPlaceholder)):
        return None
    return _scalar(value)


def _scalar(value: t.Any) -> str:
    if isinstance(value, Template):
        return f'"{value.text}"'
    if isinstance(value, str):
        is_template = _TEMPLATE.search(value) is not None
        text = _dump(value, '"' if is_template or not value.isprintable() else None)
        return f"!unsafe {text}" if is_template else text
    return _dump(value)


@functools.lru_cache(maxsize=4096, typed=True)
def _dump(value: t.Any, style: str | None = None) -> str:
    """A scalar as it can be in a line, a flow mapping or a flow list."""
    # Some line breaks of Unicode are escaped only if all characters beyond ASCII are.
    is_readable = not isinstance(value, str) or value.isprintable()
    text: str = yaml.safe_dump(
        [value], default_flow_style=True, default_style=style, allow_unicode=is_readable, width=_UNLIMITED
    )
    return text.strip()[1:-1]


# The parser that Ansible uses too, if it is there.
_Base: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Reads what render_document() writes."""


_Loader.add_constructor("!unsafe", lambda _loader, node: node.value)


def parse_document(text: str) -> dict[str, t.Any]:
    """The variables in a file, with texts that are unsafe as plain texts and templates unevaluated."""
    return yaml.load(text, Loader=_Loader) or {}
