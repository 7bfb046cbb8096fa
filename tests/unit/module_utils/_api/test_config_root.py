# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The root of the configuration tree: by option, by dialect, by what the device shows."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.config_root import (
    area_names,
    configured_root,
    find_root,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import Dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError


@pytest.mark.parametrize(
    ("option", "dialect", "root"),
    [
        (None, "auto", None),
        ("auto", "cfg", ("cfg",)),
        ("a/b/", "cfg", ("a", "b")),
        ("none", "cfg", ()),
        (None, "none", ()),
    ],
)
def test_the_option_precedes_the_dialect(option: str | None, dialect: str, root: t.Any) -> None:
    assert configured_root(option, Dialect(config_root=dialect)) == root


@pytest.mark.parametrize(
    ("top", "root"),
    [
        ({"status": {}, "config": {}, "ntp": {}}, ("config",)),
        ({"status": {}, "setup": {}, "other": {}}, ("setup",)),
        ({"status": {}, "ntp": {}, "snmp": {}}, ()),
        ({"status": {}, "rest-api": {}, "invented": {}}, ("invented",)),
    ],
)
def test_the_root_is_found_by_what_the_device_shows(top: dict[str, t.Any], root: t.Any) -> None:
    assert find_root(top, ("ntp",), "ts1") == root


@pytest.mark.parametrize("top", [{"status": {}, "a": {}, "b": {}}, {}, ["config"], None])
def test_a_root_that_is_not_found_is_an_error(top: t.Any) -> None:
    with pytest.raises(LantimeError) as caught:
        find_root(top, ("ntp",), "ts1")
    assert caught.value.code == "root_unknown"
    assert (", ".join(area_names(top)) or "nothing") in caught.value.what
