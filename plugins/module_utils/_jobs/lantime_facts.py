# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_facts: gather facts."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import escape_for_display
from .._status.facts import gather_facts, resolve_subsets
from .._tree.canonical import canonical
from .._tree.secrets import mask_secrets
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "gather_subset": {"type": "list", "elements": "str", "default": ["min"]},
        "config_root": {"type": "str"},
    },
)


def run(context: JobContext) -> dict[str, t.Any]:
    try:
        subsets = resolve_subsets(context.params["gather_subset"])
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    with context.open() as api:
        gathered = gather_facts(api.status().raw, subsets)
        if "config" in subsets:
            config = mask_secrets(canonical(api.config_node(())).value)
            gathered["ansible_lantime"]["config"] = escape_for_display(config)
    return {"changed": False, "ansible_facts": gathered}
