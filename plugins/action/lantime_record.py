# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In-process entry point of meinberg.lantime.lantime_record."""

from __future__ import annotations

from ..module_utils._jobs import lantime_record
from ..plugin_utils._action.in_process import InProcessAction


class ActionModule(InProcessAction):
    spec = lantime_record.SPEC
    job = lantime_record.run
