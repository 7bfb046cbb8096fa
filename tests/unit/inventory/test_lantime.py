# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the inventory plugin."""

from __future__ import annotations

import re
import typing as t

import yaml

from ansible_collections.meinberg.lantime.plugins.inventory import lantime
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import variables


def documented() -> dict[str, t.Any]:
    options: dict[str, t.Any] = yaml.safe_load(lantime.DOCUMENTATION)["options"]
    return options


def test_categories_of_groups_are_documented() -> None:
    option = documented()["group_by"]
    assert option["choices"] == option["default"] == list(variables.GROUP_CATEGORIES)


def test_examples_have_documented_options_only() -> None:
    constructed = {"compose", "groups", "keyed_groups", "strict"}
    known = {*documented(), *constructed, "cache", "cache_plugin", "cache_connection"}
    small = re.findall(r"(?:^#   .*\n)+", lantime.EXAMPLES, re.MULTILINE)
    assert len(small) == 3
    for text in (lantime.EXAMPLES, *(each.replace("#   ", "") for each in small)):
        example = yaml.safe_load(text)
        assert set(example) <= known
        assert example["plugin"] == lantime.InventoryModule.NAME
