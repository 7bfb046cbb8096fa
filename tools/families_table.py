# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what tests/integration/test_module_settings.py and test_module_examples.py have tested, as a Markdown table.

python tools/families_table.py DIRECTORY  reads the files that the tests write there (FAMILY_OUTCOMES=DIRECTORY).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.meinberg.lantime.tools.family_data import described, load, page_name

# Subject, lines, steps.
Outcomes = Mapping[str, Mapping[str, list[str]]]

STEPS = ("check", "apply", "again", "drift found", "repaired", "changed", "removed", "exactly these")
_FOR_TABLES = STEPS[5:]
# Rows that are not a family, and their pages.
TOPICS = {"MRS": "module_references", "PTP instances": "ptp_instances", "SyncMon": "syncmon_nodes"}


def _cell(lines: Mapping[str, list[str]], step: str) -> str:
    """`yes` if all lines have passed a step, the lines that have, or `no`."""
    passed = [line for line, steps in lines.items() if step in steps]
    if step in _FOR_TABLES and not passed:
        return ""
    return "yes" if passed and len(passed) == len(lines) else ", ".join(passed) or "no"


def table(settings: Outcomes, examples: Outcomes) -> list[str]:
    """The lines of the table."""
    head = ["family", *STEPS, "generations", "example page, run on"]
    rows = [head, ["---"] * len(head)]
    pages = {**{family.name: page_name(family.name) for family in described()}, **TOPICS}
    for subject, page in pages.items():
        lines = settings.get(subject, {})
        own = examples.get(page if subject in TOPICS else subject, {})
        run = " ".join(sorted(line for line, steps in own.items() if "example" in steps)) or "no line"
        rows.append([subject, *(_cell(lines, step) for step in STEPS), " ".join(sorted(lines)), f"`{page}`: {run}"])
    return [f"| {' | '.join(row)} |" for row in rows]


def main(directory: Path) -> None:
    settings, examples = (
        json.loads((directory / f"{name}.json").read_text(encoding="utf-8")) for name in ("settings", "examples")
    )
    assert set(TOPICS.values()) == set(load()["topics"])
    print("\n".join(table(settings, examples)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
