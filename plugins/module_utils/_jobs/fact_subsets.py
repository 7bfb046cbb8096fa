# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option gather_subset of jobs that return facts beside something else."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._status.facts import resolve_subsets


def parse_subsets(requested: t.Sequence[str]) -> frozenset[str]:
    """The subsets of facts; none for an empty list. Raises LantimeError."""
    try:
        subsets = resolve_subsets(list(requested)) if requested else frozenset()
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    if "config" in subsets:
        raise LantimeError(
            "option",
            "gather_subset of this module does not take config",
            hint="read the configuration with meinberg.lantime.lantime_config_info",
        )
    return subsets
