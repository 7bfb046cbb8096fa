# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of the matrix and all of their rows."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.reliability.matrix.rows import (
    bodies,
    connection,
    connections,
    controller,
    device_changes,
    login,
    proxies,
    saving,
    statuses,
)

ROWS = [
    row
    for area in (connection, proxies, login, statuses, bodies, connections, device_changes, saving, controller)
    for row in area.ROWS
]
