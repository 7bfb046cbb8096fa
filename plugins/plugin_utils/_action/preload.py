# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads once, in the parent of all workers, what each worker would otherwise load anew for each task.

A worker is a fork that lives for one task, so all that it loads itself is loaded again by the next one.
"""

from __future__ import annotations

import codecs
import contextlib

from ansible.plugins.loader import filter_loader, test_loader

from ...module_utils._base.times import parse_utc

_OWN = "meinberg.lantime."
# What the roles and playbooks of the collection use in conditions and arguments.
FILTERS = (
    *(_OWN + name for name in ("consensus", "overlay")),
    *("bool", "combine", "dict2items", "extract", "items2dict", "zip"),
)
TESTS = ("all", "changed", "failed", "skipped", "unreachable")


def preload() -> None:
    """Load these filters and tests, and what the reading of times and files needs.

    A plugin that cannot be loaded is left to the worker that needs it, which reports why.
    """
    for moment in ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"):
        parse_utc(moment)
    codecs.lookup("utf-8-sig")
    for loader, names in ((filter_loader, FILTERS), (test_loader, TESTS)):
        for name in names:
            with contextlib.suppress(Exception):
                loader.get(name)
