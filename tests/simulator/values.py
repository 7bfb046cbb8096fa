# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One configuration value on the wire: what is accepted (A5, A11, O8), what is shown (A16, O8)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from .schema import Leaf, Menu, Node, Table
from .tree import MISSING

MASK = "****"

_SWITCHES = {
    "bool": (False, True),
    "enabled-disabled": ("disabled", "enabled"),
    "on-off": ("off", "on"),
    "int": (0, 1),
    "strings": (False, True),
}

_TEXT_MAX = 1024
_INT = re.compile(r"-?[0-9]{1,20}")
_FLOAT = re.compile(r"[-+]?[0-9]{1,20}(\.[0-9]{0,20})?([eE][-+]?[0-9]{1,3})?")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00")


class BadValueError(ValueError):
    """A value that the object does not take; `nearest` is what a clamping device makes of it."""

    def __init__(self, message: str, nearest: Any = MISSING) -> None:
        super().__init__(message)
        self.nearest = nearest


def accept(leaf: Leaf, value: Any, dialect: Mapping[str, str], references: Any) -> Any:
    """The canonical value of `value`; BadValueError says why not. `references(table)` lists ids."""
    if leaf.kind == "switch":
        off, on = _SWITCHES[dialect["switch_form"]]
        for shown, canonical in ((off, False), (on, True)):
            if value == shown and type(value) is type(shown):
                return canonical
        raise BadValueError(f"{leaf.name}: expected {off!r} or {on!r}")
    if leaf.kind in ("number", "float"):
        return _number(leaf, value, dialect)
    if leaf.kind == "enum":
        return _enum(leaf, value, dialect)
    if leaf.kind == "set":
        return _set(leaf, value, references)
    if leaf.kind == "recorded":
        return _recorded(leaf, value)
    return _text(leaf, value, references)


def _text(leaf: Leaf, value: Any, references: Any) -> str:
    if not isinstance(value, str):
        raise BadValueError(f"{leaf.name}: expected a string")
    if not leaf.low <= len(value) <= min(leaf.high, _TEXT_MAX) or any(char in value for char in "\0\r\n"):
        raise BadValueError(f"{leaf.name}: too long, or holds a line break or NUL")
    if leaf.kind == "ref" and value not in references(leaf.refers_to):
        raise BadValueError(f"{leaf.name}: no object-id of {leaf.refers_to}")
    if leaf.kind == "time" and not _TIME.fullmatch(value):
        raise BadValueError(f"{leaf.name}: expected hh:mm:ss")
    return value


def _recorded(leaf: Leaf, value: Any) -> Any:
    """A value of the type that was recorded; of an enum also a number that `?raw` showed."""
    for token, number in leaf.tokens.items():
        if value == number and type(value) is type(number):
            return token
    sample = leaf.recorded[0]
    is_number = isinstance(sample, (int, float)) and not isinstance(sample, bool)
    known: Any = (int, float) if isinstance(sample, float) else int if is_number else type(sample)
    fits = sample is None or (isinstance(value, known) and isinstance(value, bool) == isinstance(sample, bool))
    if not fits:
        raise BadValueError(f"{leaf.name}: expected {type(sample).__name__}")
    if isinstance(value, str) and len(value) > _TEXT_MAX:
        raise BadValueError(f"{leaf.name}: too long")
    return value


def _set(leaf: Leaf, value: Any, references: Any) -> list[str]:
    """Tokens, each once; their order means nothing, and is kept."""
    known = references(leaf.refers_to) if leaf.refers_to else leaf.tokens
    if not isinstance(value, list) or not all(isinstance(token, str) for token in value):
        raise BadValueError(f"{leaf.name}: expected a list of tokens")
    unknown = [token for token in value if token not in known]
    if unknown:
        raise BadValueError(f"{leaf.name}: {unknown[0]!r} is not possible")
    if len(set(value)) != len(value) or len(value) < leaf.low:
        raise BadValueError(f"{leaf.name}: empty, or a token twice")
    return list(value)


def _number(leaf: Leaf, value: Any, dialect: Mapping[str, str]) -> int | float:
    if dialect["switch_form"] == "strings":
        form = _FLOAT if leaf.kind == "float" else _INT
        if not (isinstance(value, str) and form.fullmatch(value)):
            raise BadValueError(f"{leaf.name}: expected a number as a string")
        value = float(value) if leaf.kind == "float" else int(value)
    known = (int, float) if leaf.kind == "float" else int
    if isinstance(value, bool) or not isinstance(value, known):
        raise BadValueError(f"{leaf.name}: expected a number")
    if not leaf.low <= value <= leaf.high:
        raise BadValueError(f"{leaf.name}: {leaf.low}..{leaf.high}", min(max(value, leaf.low), leaf.high))
    if leaf.kind == "float":
        return float(value)
    if (value - int(leaf.low)) % leaf.step:
        raise BadValueError(f"{leaf.name}: in steps of {leaf.step}", value - (value - int(leaf.low)) % leaf.step)
    if leaf.choices and value not in leaf.choices:
        nearest = min(leaf.choices, key=lambda number: abs(number - value))
        raise BadValueError(f"{leaf.name}: one of {', '.join(map(str, leaf.choices))}", nearest)
    return int(value)


def _enum(leaf: Leaf, value: Any, dialect: Mapping[str, str]) -> str:
    form = dialect["enum_input"]
    if isinstance(value, str) and form != "integer" and value in leaf.tokens:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and form != "string":
        for token, number in leaf.tokens.items():
            if number == value:
                return token
    # A token without a known number has no integer form to ask for.
    if form == "integer" and isinstance(value, str) and leaf.tokens.get(value, 0) is None:
        return value
    raise BadValueError(f"{leaf.name}: one of {', '.join(leaf.tokens)}")


def show(leaf: Leaf, value: Any, dialect: Mapping[str, str], raw: bool, salt: str) -> Any:
    """The value as a GET shows it; MISSING for a secret that the device leaves out."""
    if leaf.kind == "recorded":
        return _show_recorded(leaf, value, raw)
    if leaf.secret:
        return _secret(value, dialect["secret_get"], salt)
    if leaf.kind == "switch":
        return _SWITCHES[dialect["switch_form"]][bool(value)]
    if leaf.kind in ("number", "float"):
        return str(value) if dialect["switch_form"] == "strings" else value
    if leaf.kind == "set":
        return list(value)
    if leaf.kind == "enum" and raw:
        number = leaf.tokens.get(value)
        return value if number is None else number
    return value


def _show_recorded(leaf: Leaf, value: Any, raw: bool) -> Any:
    recorded, in_raw = leaf.recorded
    if leaf.secret:
        return recorded if value else ""
    if not raw:
        return value
    if value == recorded and type(value) is type(recorded):
        return in_raw
    return leaf.tokens.get(value, value) if isinstance(value, str) else value


def _secret(value: str, form: str, salt: str) -> Any:
    if form == "absent":
        return MISSING
    if form == "empty" or not value:
        return ""
    if form == "masked":
        return MASK
    if form == "hash":
        return hashlib.sha256((salt + value).encode()).hexdigest()
    return value


def render(node: Node, value: Any, dialect: Mapping[str, str], raw: bool = False, salt: str = "") -> Any:
    """A node in the form of a GET: menus as objects, tables as arrays with `object-id`."""
    if isinstance(node, Leaf):
        return show(node, value, dialect, raw, salt)
    if isinstance(node, Table):
        return [
            render_item(node.item_menu(object_id), object_id, item, dialect, raw, salt)
            for object_id, item in value.items()
        ]
    return _members(node, value, dialect, raw, salt)


def render_item(menu: Menu, object_id: str, value: Any, dialect: Mapping[str, str], raw: bool, salt: str) -> Any:
    return {"object-id": object_id, **_members(menu, value, dialect, raw, salt)}


def _members(menu: Menu, value: Any, dialect: Mapping[str, str], raw: bool, salt: str) -> Any:
    shown = {}
    for name, child in menu.children.items():
        if name not in value:
            continue
        member = render(child, value[name], dialect, raw, salt)
        if member is not MISSING:
            shown[name] = member
    return shown
