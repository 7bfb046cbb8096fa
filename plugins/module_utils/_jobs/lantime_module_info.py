# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_module_info.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._catalogue import (
    canonical_family,
    families,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._errors import (
    LantimeError,
    printable,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._slots import modules
from ansible_collections.meinberg.lantime.plugins.module_utils._task import Spec, Task, device

SPEC = Spec(
    options={
        "slots": {"type": "list", "elements": "str"},
        "families": {"type": "list", "elements": "str"},
        "models": {"type": "list", "elements": "str"},
        "populated": {"type": "bool"},
    },
)


def run(task: Task) -> dict[str, t.Any]:
    wanted = {name: task.params[name] for name in SPEC.options}
    for family in wanted["families"] or ():
        if canonical_family(family) is None:
            known = ", ".join(families())
            raise LantimeError(
                "option",
                f'"{printable(family, 40)}" is no family; there are {known}',
                host=task.host,
            )
    with task.open() as api:
        envelope = api.status()
        found = modules(envelope.raw, **wanted)
        if not found:
            task.warn("No slot fits the given slots, families, models and populated.")
        return {"changed": False, "modules": found, "device": device(envelope)}
