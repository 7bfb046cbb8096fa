# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/figures.rst, from the table of metrics."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.figures import FIGURES, Figure
from ansible_collections.meinberg.lantime.tools import rst

_LINES = (
    "Every metric that `meinberg.lantime.lantime_report` writes with the format `openmetrics`. All of them are gauges in base units. *Source*",
    "is the subset of facts or the result that a value comes from.",
    "",
    "- Every metric has the label `report`, which is the title of the report, so that several reports can stand in one directory.",
    "- `host` is the name in the inventory. The value of a label has at most 200 characters and no control characters.",
    "- A value that is not known has no sample. Yes and no are 1 and 0.",
    "- If items of a device have the same labels, the first label of the second and later ones ends in `#2`, `#3` and so on.",
    "- A report has at most 64 items of a list (16 receivers) and 200 health checks for each host.",
    "",
    "There is no metric of voltages. No public description of the API has a voltage, apart from the flags of an external rubidium shelf.",
    "",
)


def page() -> str:
    rows = map(_row, FIGURES)
    table = rst.table(("metric", "labels", "unit", "source", "meaning"), rows, widths="38 17 8 13 24")
    how = f"{rst.link('dashboard', 'Metrics in a dashboard')} shows how to collect and use them."
    return rst.page("figures", "Metrics", [*map(rst.inline, _LINES), how, "", *table])


def _row(figure: Figure) -> tuple[str, ...]:
    labels = " ".join(f"`{label}`" for label in figure.labels)
    return (f"`{figure.name}`", labels, figure.unit or "", f"`{figure.source}`", f"{figure.meaning}.")
