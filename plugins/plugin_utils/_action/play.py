# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The play of a task. Ansible has no public way from one to the other."""

from __future__ import annotations

import typing as t


def play_of(task: t.Any) -> t.Any:
    """The play of a task; None if it is not found."""
    node = task
    while node is not None and getattr(node, "_play", None) is None:
        node = getattr(node, "_parent", None)
    return getattr(node, "_play", None)


def strategy_of(task: t.Any) -> str | None:
    """The name of the strategy of the play; None if it is not known."""
    strategy = getattr(play_of(task), "strategy", None)
    return strategy if isinstance(strategy, str) else None
