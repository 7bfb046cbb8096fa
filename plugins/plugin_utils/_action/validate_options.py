# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of lantime_validate from variables of the host: those that lantime_drift takes too."""

from __future__ import annotations

import typing as t

from .drift_options import complete_drift_options
from .host_variables import HostVariables

# Options that say what drift means, not what fits a device.
_NOT_VALIDATED = frozenset({"accepted", "fail_on", "inventory_name"})


def complete_validate_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments with what variables give in addition. Raises LantimeError."""
    completed = complete_drift_options(arguments, host)
    return {name: value for name, value in completed.items() if name in arguments or name not in _NOT_VALIDATED}
