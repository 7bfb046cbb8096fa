# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of variables in the README of each role, written from its argument specification."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.tools.plain_markup import plain

_TABLE = re.compile(r"^\| variable \|.*\n(?:\|.*\n)+", re.MULTILINE)
_HEAD = "| variable | type | default | meaning |\n|---|---|---|---|\n"
Options = dict[str, dict[str, t.Any]]


def roles(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "roles").iterdir())


def readme(role: Path) -> str:
    """README.md of a role with its table brought up to date."""
    text = (role / "README.md").read_text(encoding="utf-8")
    if len(_TABLE.findall(text)) != 1:
        raise ValueError(f"{role.name}: README.md needs one table that begins with | variable |")
    table = _HEAD + "".join(f"{row}\n" for row in _rows(specification(role)))
    return _TABLE.sub(lambda _match: table, text)


def specification(role: Path) -> dict[str, t.Any]:
    """The entry point main of the argument specification of a role."""
    text = (role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", yaml.safe_load(text)["argument_specs"]["main"])


def write(root: Path) -> None:
    for name in roles(root):
        role = root / "roles" / name
        (role / "README.md").write_text(readme(role), encoding="utf-8")


def _rows(entry_point: dict[str, t.Any]) -> list[str]:
    options: Options = entry_point["options"]
    return [
        f"| `{name}` | {_type(option)} | {_default(option)} | {_meaning(option)} |" for name, option in options.items()
    ]


def _type(option: dict[str, t.Any]) -> str:
    elements = option.get("elements")
    return f"list of {elements}" if elements else t.cast("str", option["type"])


def _default(option: dict[str, t.Any]) -> str:
    if "default" not in option:
        return "required" if option.get("required") else ""
    value = option["default"]
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return f"`{text}`".replace("|", r"\|")


def _meaning(option: dict[str, t.Any]) -> str:
    sentences = [plain(option["description"])]
    if option.get("choices"):
        sentences.append("Choices: " + ", ".join(f"`{choice}`" for choice in option["choices"]) + ".")
    if option.get("options"):
        members = [_member(name, entry) for name, entry in option["options"].items()]
        sentences.append("Members: " + "; ".join(members) + ".")
    return " ".join(sentences).replace("|", r"\|")


def _member(name: str, option: dict[str, t.Any]) -> str:
    required = " (required)" if option.get("required") else ""
    return f"`{name}`{required}: {plain(option['description']).rstrip('.')}"
