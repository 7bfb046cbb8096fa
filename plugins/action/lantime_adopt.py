# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action meinberg.lantime.lantime_adopt, which runs on the controller only."""

from __future__ import annotations

from ..plugin_utils._action.adopt_params import adopt_params
from ..plugin_utils._action.controller import ControllerAction
from ..plugin_utils._adopt.job import SPEC, run


class ActionModule(ControllerAction):
    spec = SPEC
    job = run
    late_params = adopt_params
