# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories and files of the project, for tests of all kinds."""

from __future__ import annotations

import json
import os
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "plugins"
DOCS = ROOT / "docs"
PAGES = DOCS / "docsite" / "rst"
EVENT_SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "lantime_events.py"
EVENT_SCHEMA = EVENT_SOURCE.with_suffix(".schema.json")
REPORT_SCHEMA = DOCS / "report.schema.json"
DASHBOARD = DOCS / "dashboard.json"
RECORDING_SCHEMA = DOCS / "recording.schema.json"
PLAN_SCHEMA = DOCS / "plan.schema.json"
REVIEW_SCHEMA = DOCS / "review.schema.json"
CALLBACK_PLUGINS = ROOT / "tests" / "integration" / "callback_plugins"
OUTPUT = ROOT / "tests" / "output"

# The link that "make venv" creates, so that a checkout at any path can be imported by its full name.
_LINK = ROOT / ".build" / "link"
# The directory above ansible_collections.
COLLECTIONS = _LINK if _LINK.exists() else Path(*ROOT.parts[:-3])

# Programs of the virtual environment that runs the tests.
PROGRAMS = Path(sys.executable).parent

# Recorded answers of real devices, which are not part of the project.
_RECORDING_DIRECTORY = Path(os.environ.get("LANTIME_RECORDINGS") or ROOT.parent / "shared" / "recordings")
RECORDINGS = sorted(_RECORDING_DIRECTORY.glob("*.json"))


def read_json(path: Path) -> t.Any:
    return json.loads(path.read_text(encoding="utf-8"))
