# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what repeats data of the code: pages of docs/docsite/rst, RETURN blocks of modules and tables of role READMEs."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import CHOICES, PACKAGE_BY_AREA
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.tables import FIXED_TABLES
from ansible_collections.meinberg.lantime.tools import (
    benchmark_page,
    entry_points_page,
    facts_reference,
    family_pages,
    fault_matrix_page,
    figures_page,
    health_page,
    modules_page,
    overview_page,
    return_blocks,
    role_readmes,
    rst,
    settings_page,
)

ROOT = Path(__file__).resolve().parents[1]
PAGES_DIRECTORY = ROOT / "docs" / "docsite" / "rst"


def errors_page() -> str:
    lines = [
        "Every failure of a module carries `error.code`, one of this list, and a `msg` that names the device, the path, what happened",
        "and what to do. *Unreachable* marks the codes for which Ansible counts the host as unreachable (exit code 4) instead of failed",
        "(exit code 2), unless a request that changes the device has been sent.",
    ]
    rows = [
        (f"`{code}`", kind.cause, kind.remedy, "unreachable" if kind.unreachable else "")
        for code, kind in KINDS.items()
    ]
    table = rst.table(("code", "cause", "what to do", "host"), rows)
    return rst.page("errors", "Error codes", [*map(rst.inline, lines), "", *table])


def assumptions_page() -> str:
    lines = [
        "The vendor publishes how status is read, how a token is requested and how the configuration is saved. The location of the",
        "configuration tree and the way to change a setting are not public. Each open question is one row here; the first value is what",
        "the collection assumes. **None of them is confirmed on a device.**",
        "",
        "The option `dialect` of every module sets a value that your device is known to have, for example `dialect: {set_target: menu}`.",
        "Rows marked *acts* change what the client sends. The client accepts all values of the other rows without this option.",
    ]
    rows = [
        (
            choice.id,
            f"`{choice.key}`",
            choice.question,
            f"`{choice.default}`",
            ", ".join(f"`{value}`" for value in choice.values[1:]),
            "acts" if choice.acts else "",
        )
        for choice in CHOICES
    ]
    packages = [(f"`{'/'.join(area)}`", f"`{package}`") for area, package in PACKAGE_BY_AREA.items()]
    packages += [("`ptp` of a module", "`ptp2`"), ("anything else", "`all`")]
    return rst.page(
        "assumptions",
        "Assumptions about the API",
        [
            *map(rst.inline, lines),
            "",
            *rst.table(("no.", "key", "question", "assumed", "alternatives", "effect"), rows),
            *rst.heading("Packages (A19)"),
            "The package of the configuration database that is saved after a change. The option ``save_package`` overrides it.",
            "",
            *rst.table(("part of the tree", "package"), packages),
            *rst.heading("Tables that cannot grow"),
            "Hardware or firmware determines the items of these tables. With ``missing: items`` or ``state: overridden``, ``lantime_config``",
            "adds items to all other tables, and ``state: overridden`` removes items from these only. ``*`` stands for characters of one name,",
            "``**`` for any number of names.",
            "",
            *rst.table(("table",), [(f"`{pattern}`",) for pattern in FIXED_TABLES]),
        ],
    )


PAGES = {
    "overview.rst": overview_page.page,
    "benchmark.rst": benchmark_page.page,
    "errors.rst": errors_page,
    "assumptions.rst": assumptions_page,
    "entry_points.rst": entry_points_page.page,
    "modules.rst": modules_page.page,
    "settings.rst": settings_page.page,
    "facts.rst": facts_reference.page,
    "health.rst": health_page.page,
    "figures.rst": figures_page.page,
    "fault_matrix.rst": fault_matrix_page.page,
    **family_pages.PAGES,
}


def main() -> None:
    for name, page in PAGES.items():
        (PAGES_DIRECTORY / name).write_text(page(), encoding="utf-8")
    modules = ROOT / "plugins" / "modules"
    facts_reference.write(modules / "lantime_facts.py")
    return_blocks.write(modules)
    role_readmes.write(ROOT)


if __name__ == "__main__":
    main()
