# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Schemas of single values. They accept what lantime_config converts to the type of the device. Pure."""

from __future__ import annotations

import typing as t

from .._tree.coerce import SWITCH_WORDS, MismatchError, coerce
from .description import MIXED, UNKNOWN, PathDescription

Schema = dict[str, t.Any]

# A template of Ansible is of any type, and a mask keeps the value that the device has.
# Braces are apart, so that Ansible takes no schema for a template.
TEMPLATE = "[{][{]|[{][%]"
MASK_OR_TEMPLATE = r"^\*{3,}$|" + TEMPLATE
_DECIMAL = r"^\s*[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?\s*$"

ANY_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}


def _any_case(word: str) -> str:
    return "".join(f"[{char.upper()}{char}]" if char.isalpha() else char for char in word)


_SWITCH_WORD = r"^\s*(" + "|".join(_any_case(word) for pair in SWITCH_WORDS for word in pair) + r")\s*$"


def shared_schemas() -> Schema:
    """The definitions to which scalar_schema() refers."""
    number: Schema = {
        "type": ["number", "string"],
        "pattern": f"{_DECIMAL}|{MASK_OR_TEMPLATE}",
        "patternErrorMessage": "The device has a number here.",
    }
    return {
        "switch": {
            "type": ["boolean", "integer", "string"],
            "minimum": 0,
            "maximum": 1,
            "pattern": f"{_SWITCH_WORD}|{MASK_OR_TEMPLATE}",
            "patternErrorMessage": "The device has a switch here (true or false).",
        },
        "number": number,
        "number-or-switch": {**number, "type": [*number["type"], "boolean"]},
    }


def scalar_schema(entry: PathDescription, kind: str) -> Schema:
    """The schema of a value, or of the values of a list. kind: its type."""
    if kind in (UNKNOWN, MIXED) or entry.secret or None in entry.examples:
        return dict(ANY_SCALAR)
    if kind == "bool":
        return {"$ref": "#/$defs/switch"}
    if kind == "str":
        return {"type": ["string", *_further_types(entry, {"boolean": True, "number": 1})]}
    return {"$ref": "#/$defs/number-or-switch" if _further_types(entry, {"boolean": True}) else "#/$defs/number"}


def _further_types(entry: PathDescription, samples: dict[str, t.Any]) -> list[str]:
    """The types of which a sample is converted to one of the values that were seen; all of them if not all values are known."""
    return [
        name
        for name, sample in samples.items()
        if not entry.has_all_examples or any(_is_converted(sample, example) for example in entry.examples)
    ]


def _is_converted(sample: t.Any, example: t.Any) -> bool:
    try:
        coerce(sample, example)
    except MismatchError:
        return False
    return True
