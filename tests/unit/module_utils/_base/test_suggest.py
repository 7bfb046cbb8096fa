# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suggestions for unknown names: similar names, known names, bounds."""

from __future__ import annotations

import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.suggest import suggest_names


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("lan9", ["lan1", "lan0", "mgmt"], " (did you mean lan1 or lan0?)"),
        ("lan9", ["lan1", "lan0", "lan2", "lan3"], " (did you mean lan3, lan2 or lan1?)"),
        ("local-clok", ["servers", "local-clock"], " (did you mean local-clock?)"),
        ("zzz", ["b", "a"], " (known names: b, a)"),
        ("zzz", [f"{n}" for n in range(22)], f" (known names: {', '.join(map(str, range(20)))} and 2 more)"),
        ("zzz", [], ""),
        (7, ["70", "x"], " (did you mean 70?)"),
        ("", ["x"], " (known names: x)"),
    ],
)
def test_similar_names_else_known_names(name: object, known: list[str], expected: str) -> None:
    assert suggest_names(name, known) == expected


def test_names_of_a_device_are_safe_to_print() -> None:
    text = suggest_names("lan\x1b[31m", ["lan\x1b[2J", "lan\u202e"])
    assert text.isprintable()
    assert "\u202e" not in text


def test_many_long_names_cost_little() -> None:
    def names() -> t.Iterator[str]:
        for number in range(1_000_000):
            yield f"{number}" * 1000

    begun = time.process_time()
    text = suggest_names("x" * 1_000_000, names())
    assert time.process_time() - begun < 5
    assert len(text) < 2000
