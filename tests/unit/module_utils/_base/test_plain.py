# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain data: names that would be dropped are noticed."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.meinberg.lantime.plugins.filter.drift import drift
from ansible_collections.meinberg.lantime.plugins.filter.overlay import overlay
from ansible_collections.meinberg.lantime.plugins.module_utils._base.plain import (
    RepeatedNameError,
    refuse_repeated_names,
    to_plain,
)

REPEATED: list[tuple[t.Any, str]] = [
    ({"a": {1: 0, "1": 0}}, "a/1"),
    ({"a": [{"b": {"2": 0, 2: 0}}]}, "a/b/2"),
    ({"a": ({"b": {0: {}, "0": {}}},)}, "a/b/0"),
    ({1.5: 0, "1.5": 0}, "1.5"),
]


@pytest.mark.parametrize(("value", "path"), REPEATED)
def test_a_name_that_is_given_twice_is_named(value: t.Any, path: str) -> None:
    with pytest.raises(RepeatedNameError) as caught:
        refuse_repeated_names(value)
    assert "/".join(caught.value.path) == path
    uses: list[t.Callable[[], object]] = [lambda: overlay([value]), lambda: drift({"changed": False}, value)]
    for use in uses:
        with pytest.raises(AnsibleFilterError, match=f"{path} is given twice, as number and as text"):
            use()


@pytest.mark.parametrize("value", [{"a": {1: 0, "2": 0}}, [{1: 0}, {"1": 0}], {"1": {1: 0}}, "1", None, {}])
def test_other_values_are_taken(value: t.Any) -> None:
    refuse_repeated_names(value)
    assert len(to_plain(value) or ()) == len(value or ())
