# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refusals of a device prove: that a path is read-only, or that a value is not accepted. Pure."""

from __future__ import annotations

import re
import typing as t

from .._tree.paths import Path, path_of
from .._tree.secrets import contains_secret
from .description import Description

_READ_ONLY = re.compile(r"read[ -]?only", re.IGNORECASE)
# Only these say that the request itself was wrong, and not its time, its user or the device's state.
_REFUSED = "rejected"


class Refusal(t.NamedTuple):
    """A value that a device refused for the setting at a path. is_read_only: because the setting is read-only."""

    path: Path
    value: t.Any
    is_read_only: bool


def list_refusals(results: t.Iterable[t.Any]) -> list[Refusal]:
    """What failed results of lantime_config prove. Results without a refusal of one value are ignored."""
    found = (_find_refusal(result) for result in results if isinstance(result, dict))
    return [refusal for refusal in found if refusal is not None]


def add_refusals(description: Description, results: t.Iterable[t.Any]) -> None:
    """Add what failed results of lantime_config prove."""
    for path, value, is_read_only in list_refusals(results):
        for entry in description.matching(path):
            if is_read_only:
                entry.read_only = True
            elif not entry.secret:
                entry.see_refusal(value)


def _find_refusal(result: dict[str, t.Any]) -> Refusal | None:
    """The refusal of one setting in a result."""
    error, operations = result.get("error"), result.get("operations")
    if not isinstance(error, dict) or error.get("code") != _REFUSED or not isinstance(operations, list):
        return None
    failed = [each for each in operations if isinstance(each, dict) and each.get("state") == "failed"]
    if len(failed) != 1 or failed[0].get("action") != "set" or not isinstance(failed[0].get("after"), dict):
        return None
    menu, values = path_of(str(failed[0].get("path"))), failed[0]["after"]
    asked = path_of(str(error.get("path")))
    named = [name for name in values if asked[-len(menu) - 1 :] == (*menu, name)]
    if len(values) == 1:
        named = list(values)
    if len(named) != 1:
        return None
    path, value = (*menu, named[0]), values[named[0]]
    if isinstance(value, (dict, list)) or contains_secret(path, value):
        return None
    return Refusal(path, value, _READ_ONLY.search(str(error.get("device_message"))) is not None)
