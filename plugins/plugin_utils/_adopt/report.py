# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an adoption: what was adopted, and deviations from the majority as candidates for a decision."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import jinja2

from ...module_utils._base.sanitize import printable
from ...module_utils._drift.rules import classify_path
from ...module_utils._tree.paths import text_of
from ...module_utils._tree.secrets import mask_secrets
from .layers import Deviation

ADOPTION_FORMAT = "meinberg.lantime.adoption"

_TEMPLATES = Path(__file__).parent / "templates"
_MAX_VALUE = 100
_SEVERITIES = ("error", "warning", "note")


def describe_deviations(deviations: t.Iterable[Deviation]) -> list[dict[str, t.Any]]:
    """Deviations as results and reports show them, the most severe first."""
    described = []
    for each in deviations:
        kind, severity = classify_path(each.path)
        described.append(
            {
                "host": each.host,
                "path": text_of(each.path),
                "kind": each.kind,
                "value": mask_secrets(each.value, each.path),
                "majority": mask_secrets(each.majority, each.path),
                "layer": each.layer,
                "peers": {"agree": each.agree, "of": each.of},
                "class": kind,
                "severity": severity,
            }
        )
    return sorted(described, key=lambda entry: (_SEVERITIES.index(entry["severity"]), entry["path"], entry["host"]))


def render_json(report: t.Mapping[str, t.Any]) -> str:
    return json.dumps({"format": ADOPTION_FORMAT, "version": 1, **report}, indent=2, ensure_ascii=False) + "\n"


def render_summary(report: t.Mapping[str, t.Any]) -> str:
    environment = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["cell"] = _format_cell
    template = environment.from_string((_TEMPLATES / "adoption.md.j2").read_text("utf-8"))
    return template.render(report)


def _format_cell(value: t.Any) -> str:
    """A value as a code span in a cell of a table, in which nothing is markup."""
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)
    text = printable(text, _MAX_VALUE)
    return "`" + re.sub(r"[`\s]", " ", text.replace("|", "¦")).strip() + "`"
