# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of SyncMon, from the root of the configuration."""

from __future__ import annotations

from .rows import rows

NTP_NODES_MAX = 100
NODES_MAX = 1000

SYNCMON = rows("""
syncmon/enabled                 | switch                | true       | rw | - | C:SYN
syncmon/nodes/*/name            | text 0..64            | -          | rw | - | A
syncmon/nodes/*/location        | text 0..64            | -          | rw | - | C:DM
syncmon/nodes/*/enabled         | switch                | true       | rw | - | A
syncmon/nodes/*/type            | tokens ntp,ptp,pps    | ntp        | rw | = | C:SYN
syncmon/nodes/*/address         | text 0..255           | -          | rw | = | C:SYN
syncmon/nodes/*/input           | text 0..64            | -          | rw | - | C:SYN
syncmon/nodes/*/interval        | int 1..86400          | 64         | rw | - | C:SYN
syncmon/nodes/*/offset-limit    | float 0..1000         | 0.001      | rw | = | C:SYN, C:DM
syncmon/nodes/*/stratum-limit   | int 1..16             | 10         | rw | - | C:SYN
syncmon/nodes/*/domain-number   | int 0..255            | 0          | rw | - | A
""")
