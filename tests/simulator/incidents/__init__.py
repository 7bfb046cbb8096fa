# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of a simulated device: raised and cleared from outside; the whole status tree shows them."""

from __future__ import annotations

from .kinds import KINDS, IncidentError, table
from .timeline import Timeline

__all__ = ["KINDS", "IncidentError", "Timeline", "table"]
