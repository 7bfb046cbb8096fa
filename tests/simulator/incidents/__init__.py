# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of a simulated device: raised and cleared from outside, told by the whole tree."""

from __future__ import annotations

from .desk import Desk
from .kinds import KINDS, IncidentError, table

__all__ = ["KINDS", "Desk", "IncidentError", "table"]
