# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action meinberg.lantime.lantime_validate, which runs on the controller only."""

from __future__ import annotations

from ..plugin_utils._action.controller import ControllerAction
from ..plugin_utils._action.validate_options import complete_validate_options
from ..plugin_utils._validation.job import SPEC, run


class ActionModule(ControllerAction):
    spec = SPEC
    job = run
    complete_options = complete_validate_options
