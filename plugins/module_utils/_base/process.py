# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of a task."""

from __future__ import annotations

import multiprocessing
import os


def is_orphaned() -> bool:
    """Whether this process is a worker whose parent has ended, so that nobody receives the result of its task."""
    parent = multiprocessing.parent_process()
    return parent is not None and os.getppid() != parent.pid
