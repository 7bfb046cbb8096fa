# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_config_info: read a part of the configuration or status tree."""

from __future__ import annotations

import typing as t

from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._schema.description import Description, to_result
from .._schema.refusals import add_refusals
from .._tree.canonical import Tree, canonical
from .._tree.paths import Path, nest, path_of, text_of
from .._tree.secrets import mask_secrets
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "path": {"type": "str", "default": ""},
        "tree": {"type": "str", "default": "config", "choices": ["config", "status"]},
        "config_root": {"type": "str"},
        "schema": {"type": "bool", "default": False},
        "refusals": {"type": "list", "elements": "dict", "default": []},
    },
)


def run(context: JobContext) -> dict[str, t.Any]:
    path, tree = path_of(context.params["path"]), context.params["tree"]
    if context.params["schema"] and tree != "config":
        raise LantimeError(
            "option", "schema describes the configuration only", hint="leave out tree, or set it to config"
        )
    context.exact_members = ("value", tree, "schema")
    with context.open() as api:
        node = api.config_node(path) if tree == "config" else api.node(("status", *path))
        content = canonical(node, path)
        value = mask_secrets(content.value, path)
        result = {
            "changed": False,
            "path": text_of(path),
            "value": value,
            tree: nest(path, value),
            "device": device_result(api.identity),
            "pending_changes": api.pending_changes,
        }
    if context.params["schema"]:
        result["schema"] = _describe_tree(context, content, path)
    return result


def _describe_tree(context: JobContext, content: Tree, path: Path) -> list[dict[str, t.Any]]:
    description = Description()
    description.add_tree(content, path)
    if description.omitted:
        context.warn(
            f"The schema is incomplete: at least {description.omitted} paths are left out, because there are too many."
        )
    add_refusals(description, context.params["refusals"])
    return to_result(description)
