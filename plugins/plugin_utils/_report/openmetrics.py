# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as OpenMetrics text that is Prometheus text as well, which is what the textfile collector of node_exporter reads.

Both formats know gauges, so every metric is one; Prometheus takes the lines UNIT and EOF of OpenMetrics for comments. There
are no time stamps, which the collector refuses, and no other comments or blank lines, which OpenMetrics forbids.
"""

from __future__ import annotations

import typing as t

from .figure_samples import Value
from .figures import FIGURES, Figure
from .model import ReportNode

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def render_openmetrics(report: ReportNode) -> str:
    """The text. Every sample has the label report, so that the files of several reports can stand in one directory."""
    lines: list[str] = []
    for figure in FIGURES:
        samples = [
            f"{figure.name}{_format_labels(report['title'], figure.labels, labels)} {_format_number(value)}"
            for labels, value in figure.collect(report)
            if value is not None
        ]
        if samples:
            lines += [*_describe(figure), *samples]
    return "\n".join([*lines, "# EOF", ""])


def _describe(figure: Figure) -> t.Iterator[str]:
    yield f"# TYPE {figure.name} gauge"
    if figure.unit:
        yield f"# UNIT {figure.name} {figure.unit}"
    yield f"# HELP {figure.name} {figure.meaning}."


def _format_labels(title: str, names: t.Sequence[str], texts: t.Sequence[str]) -> str:
    pairs = zip(("report", *names), (title, *texts))
    return "{" + ",".join(f'{name}="{text.translate(_ESCAPES)}"' for name, text in pairs) + "}"


def _format_number(value: Value) -> str:
    return str(value) if isinstance(value, int) else repr(value)
