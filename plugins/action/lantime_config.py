# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In-process entry point of meinberg.lantime.lantime_config."""

from __future__ import annotations

from ..module_utils._jobs import lantime_config
from ..plugin_utils._action.in_process import InProcessAction
from ..plugin_utils._action.plan_host import plan_params
from ..plugin_utils._action.role_options import complete_config_options


class ActionModule(InProcessAction):
    spec = lantime_config.SPEC
    job = lantime_config.run
    complete_options = complete_config_options
    late_params = plan_params
