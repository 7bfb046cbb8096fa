# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The member device of results, and the name of a device in differences."""

from __future__ import annotations

import typing as t

from .._status.identity import Identity


def device_result(identity: Identity | None) -> dict[str, t.Any]:
    """Return the identity of the device that answered."""
    if identity is None:
        return {}
    return {
        "model": identity.model,
        "serial_number": identity.serial_number,
        "hostname": identity.hostname,
        "firmware": identity.firmware,
        "api_version": identity.api_version,
        "api_generation": identity.api_generation,
    }


def device_title(host: str, identity: Identity | None) -> str:
    """The address and the name of a device, for the headers of differences."""
    return " ".join(filter(None, (host, identity.name if identity else "")))
