# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of lantime_validate from variables of the host: those that lantime_drift takes too."""

from __future__ import annotations

import typing as t

from ...module_utils._jobs.lantime_validate import SPEC
from .drift_options import complete_drift_options
from .host_variables import HostVariables


def complete_validate_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments with what variables give in addition. Raises LantimeError."""
    completed = complete_drift_options(arguments, host)
    return {name: value for name, value in completed.items() if name in SPEC.options or name in arguments}
