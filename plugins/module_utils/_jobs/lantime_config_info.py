# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_config_info: read a part of the configuration or status tree."""

from __future__ import annotations

import typing as t

from .._api.device_result import device_result
from .._tree.canonical import canonical
from .._tree.paths import nest, path_of, text_of
from .._tree.secrets import mask_secrets
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "path": {"type": "str", "default": ""},
        "tree": {"type": "str", "default": "config", "choices": ["config", "status"]},
        "config_root": {"type": "str"},
    },
)


def run(context: JobContext) -> dict[str, t.Any]:
    path, tree = path_of(context.params["path"]), context.params["tree"]
    context.exact_members = ("value", tree)
    with context.open() as api:
        node = api.config_node(path) if tree == "config" else api.node(("status", *path))
        value = mask_secrets(canonical(node, path).value, path)
        return {
            "changed": False,
            "path": text_of(path),
            "value": value,
            tree: nest(path, value),
            "device": device_result(api.identity),
            "pending_changes": api.pending_changes,
        }
