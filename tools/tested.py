# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection is tested with: the record in docs/tested.json and the sentence in README.md made from it."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

RECORD = Path("docs/tested.json")
README = Path("README.md")
_SENTENCE = re.compile(r"(<!-- tested -->\n).*?(<!-- /tested -->)", re.DOTALL)

Combinations = dict[str, dict[str, Any]]


def read(root: Path) -> Combinations:
    """The combinations that the present version passed, by name such as 2.16-3.10."""
    path = root / RECORD
    data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found: Combinations = data["combinations"] if data.get("version") == _version(root) else {}
    return found


def _version(root: Path) -> str:
    return str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def record(root: Path, results: dict[str, dict[str, Any] | None]) -> None:
    """Replace the combinations that ran: those that failed (None) are removed."""
    kept = {name: entry for name, entry in read(root).items() if name not in results}
    passed = {name: entry for name, entry in results.items() if entry}
    merged = dict(sorted({**kept, **passed}.items(), key=lambda item: _order(item[0])))
    data = {"version": _version(root), "combinations": merged}
    (root / RECORD).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    readme = (root / README).read_text(encoding="utf-8")
    (root / README).write_text(replaced(readme, sentence(merged)), encoding="utf-8")


def _order(name: str) -> tuple[list[int], str]:
    return [int(number) for number in re.findall(r"\d+", name)] or [999], name


def sentence(combinations: Combinations) -> str:
    """The sentence of the README, in lines."""
    pythons: dict[str, list[str]] = {}
    targets = [entry["target"] for entry in combinations.values() if "target" in entry]
    for entry in combinations.values():
        if "core" in entry:
            pythons.setdefault(entry["core"], []).append(entry["python"])
    parts = [f"{core} on Python {_listed(versions)}" for core, versions in pythons.items()]
    text = f"Tested with ansible-core {'; '.join(parts)}." if parts else "Not tested."
    if targets:
        text += f" Packaged modules are also tested on Python {_listed(targets)}."
    return textwrap.fill(text, 140)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def replaced(readme: str, text: str) -> str:
    """The README with this text between its markers."""
    return _SENTENCE.sub(lambda match: f"{match[1]}{text}\n{match[2]}", readme)


def shown(readme: str) -> str:
    """The text between the markers of the README."""
    match = _SENTENCE.search(readme)
    return match[0].partition("\n")[2].rpartition("\n")[0] if match else ""
