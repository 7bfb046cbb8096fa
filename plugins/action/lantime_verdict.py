# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action meinberg.lantime.lantime_verdict, which runs on the controller only."""

from __future__ import annotations

from ..plugin_utils._action.controller import ControllerAction
from ..plugin_utils._action.registered import verdict_params
from ..plugin_utils._action.role_options import complete_verdict_options
from ..plugin_utils._report.verdict import SPEC, run


class ActionModule(ControllerAction):
    spec = SPEC
    job = run
    complete_options = complete_verdict_options
    late_params = verdict_params
