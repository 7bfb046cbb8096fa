# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions and JSON Schemas of simulated devices, and a public validator."""

from __future__ import annotations

import functools
import typing as t

import jsonschema

from ansible_collections.meinberg.lantime.plugins.module_utils._schema.description import Description, PathDescription
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.json_schema import CONFIG, make_json_schema
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import Tree, canonical
from ansible_collections.meinberg.lantime.tests.devices import offline_device


@functools.cache
def tree_of(profile: str, clear: bool = False) -> Tree:
    """The configuration of a simulated device. clear: secrets are not masked."""
    return canonical(offline_device(profile).running(clear=clear))


def describe(*nodes: t.Any) -> Description:
    """The description of configurations as devices show them."""
    description = Description()
    for node in nodes:
        description.add_tree(node if isinstance(node, Tree) else canonical(node))
    return description


def by_path(description: Description) -> dict[str, PathDescription]:
    return {"/".join(entry.path): entry for entry in description.entries}


def validator(description: Description, form: str = CONFIG) -> jsonschema.Draft202012Validator:
    schema = make_json_schema(description, form)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@functools.cache
def validator_of(profile: str, form: str = CONFIG) -> jsonschema.Draft202012Validator:
    return validator(describe(tree_of(profile)), form)
