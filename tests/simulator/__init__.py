# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stateful simulator of Meinberg LANTIME time servers (LTOS 7 REST API).

`Fleet` and `DeviceSpec` embed it in tests; `python -m tests.simulator --help` runs it on its own.
"""

from __future__ import annotations

from .fleet import Fleet
from .handle import DeviceHandle, LedgerView
from .options import DeviceSpec

__all__ = ["DeviceHandle", "DeviceSpec", "Fleet", "LedgerView"]
