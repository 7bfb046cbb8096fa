# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the pages of docs/ that repeat data tables of the code: C(python tools/generate_docs.py)."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import CHOICES, PACKAGE_BY_AREA
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.tools import (
    facts_reference,
    health_page,
    modules_page,
)

DOCS = Path(__file__).resolve().parents[1] / "docs"


def errors_page() -> str:
    lines = [
        "# Errors",
        "",
        "Every failure of a module carries `error.code`, one of this list, and a `msg` that names the device, the path, what",
        "happened and what to do. *Unreachable* marks the codes for which Ansible counts the host as unreachable (exit code 4)",
        "instead of failed (exit code 2), unless something had been sent to change the device.",
        "",
        "| code | cause | what to do | |",
        "|---|---|---|---|",
    ]
    for code, kind in KINDS.items():
        mark = "unreachable" if kind.unreachable else ""
        lines.append(f"| `{code}` | {kind.cause} | {kind.remedy} | {mark} |")
    return "\n".join(lines) + "\n"


def assumptions_page() -> str:
    lines = [
        "# Assumptions about the API",
        "",
        "The vendor publishes how status is read, how a token is asked for and how the configuration is saved. Where the",
        "configuration tree stands and how a setting is changed is not public. Each open question is one row here; the first",
        "value is what the collection assumes. **None of them is confirmed on a device.**",
        "",
        "A value that your device is known to have is set with the option `dialect` of every module, for instance",
        "`dialect: {set_target: menu}`. Rows marked *acts* change what the client sends; it copes with all values of the other",
        "rows unasked.",
        "",
        "| no. | key | question | assumed | alternatives | |",
        "|---|---|---|---|---|---|",
    ]
    for choice in CHOICES:
        others = ", ".join(f"`{value}`" for value in choice.values[1:])
        acts = "acts" if choice.acts else ""
        lines.append(f"| {choice.id} | `{choice.key}` | {choice.question} | `{choice.default}` | {others} | {acts} |")
    lines += [
        "",
        "## Packages (A19)",
        "",
        "Which package of the configuration database is saved for a change; `save_package` overrides it.",
        "",
        "| part of the tree | package |",
        "|---|---|",
    ]
    lines += [f"| `{'/'.join(area)}` | `{package}` |" for area, package in PACKAGE_BY_AREA.items()]
    lines += [
        "| `…/ptp` of a module | `ptp2` |",
        "| anything else | `all` |",
    ]
    return "\n".join(lines) + "\n"


PAGES = {
    "errors.md": errors_page,
    "assumptions.md": assumptions_page,
    "modules.md": modules_page.page,
    "facts.md": facts_reference.page,
    "health.md": health_page.page,
}


def main() -> None:
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    facts_reference.write(DOCS.parent / "plugins" / "modules" / "lantime_facts.py")


if __name__ == "__main__":
    main()
