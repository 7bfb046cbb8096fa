# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing of a device acts on a terminal or on Ansible, and what needs no escape is kept."""

from __future__ import annotations

import datetime
import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.sanitize import escape_for_display

ACTIVE = [
    *map(chr, (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))),
    *map(chr, (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))),
    "\r",
]
HARMLESS = [
    "",
    "clk1",
    'it reports "GPS"',
    "48.5 °C",
    "a\\b",
    "C:\\users\\n",
    "one\ttwo",
    "one\ntwo",
    "one\r\ntwo",
    "時刻",
    "a…",
]


def places(text: str) -> list[t.Any]:
    """Data that holds a text at each kind of place."""
    return [
        text,
        {"a": text},
        {text: 1},
        [[text]],
        {"a": [{"b": {"c": [1, text]}}]},
        {"a": 1.5, "b": {text: {text: None}}},
    ]


@pytest.mark.parametrize("character", ACTIVE, ids=ascii)
def test_no_control_character_is_left(character: str) -> None:
    for text in (character, f"a{character}b", f"°{character}", f'\\"{character}'):
        for before, after in zip(places(text), map(escape_for_display, places(text))):
            written = json.dumps(after, ensure_ascii=False)
            assert character not in written
            assert json.dumps(character)[1:-1] not in written.replace("\\\\", "")
            assert escape_for_display(after) == after != before


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_kept(text: str) -> None:
    for value in places(text):
        assert escape_for_display(value) == value


def test_names_of_ansible_are_disarmed_wherever_they_are() -> None:
    for name in ("__ansible_type", "__ansible_vault", "__ansible"):
        cases: list[object] = [{name: 1}, [{"a": {name: {}}}], {"°": [[{name: name}]]}]
        for before in cases:
            written = json.dumps(escape_for_display(before), ensure_ascii=False)
            assert f'"{name}": ' not in written
            assert f"\\\\x5f{name[1:]}" in written


def test_data_that_is_no_json_is_escaped_as_well() -> None:
    today = datetime.date(2026, 2, 11)
    assert escape_for_display({"a": today, "b": "\x1b"}) == {"a": today, "b": "\\x1b"}
    assert escape_for_display({1: "\x1b", None: float("inf")}) == {1: "\\x1b", None: float("inf")}
    assert escape_for_display({("a",): "\x07"}) == {("a",): "\\x07"}
