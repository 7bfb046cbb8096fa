# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of commands in results: their forms and their limits of size."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api import commands
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError

EMPTY: list[t.Any] = [None, "", [], {}, {"object-id": "diff"}]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        *[(empty, {"form": "empty", "truncated": False}) for empty in EMPTY],
        ("a\nb", {"form": "text", "text": "a\nb", "truncated": False}),
        (5, {"form": "count", "count": 5, "truncated": False}),
        (0.5, {"form": "count", "count": 0.5, "truncated": False}),
        (True, {"form": "objects", "objects": [True], "truncated": False}),
        (["a", 1], {"form": "lines", "lines": ["a", 1], "truncated": False}),
        ([{"a": 1}], {"form": "objects", "objects": [{"a": 1}], "truncated": False}),
        ([["a"]], {"form": "objects", "objects": [["a"]], "truncated": False}),
        ({"a": 1, "object-id": "x"}, {"form": "objects", "objects": [{"a": 1}], "truncated": False}),
    ],
)
def test_forms_of_a_diff(data: t.Any, expected: dict[str, t.Any]) -> None:
    assert commands.format_command_diff(data) == expected


@pytest.mark.parametrize(
    ("data", "expected", "is_cut"),
    [
        (["x"] * commands.MAX_LINES, ["x"] * commands.MAX_LINES, False),
        (["x"] * (commands.MAX_LINES + 1), ["x"] * commands.MAX_LINES, True),
        ([1] * (commands.MAX_LINES + 1), [1] * commands.MAX_LINES, True),
        ("x" * commands.MAX_OUTPUT_TEXT, "x" * commands.MAX_OUTPUT_TEXT, False),
        ("x" * (commands.MAX_OUTPUT_TEXT + 1), "x" * commands.MAX_OUTPUT_TEXT, True),
        (["x" * commands.MAX_OUTPUT_TEXT, "y"], ["x" * commands.MAX_OUTPUT_TEXT, ""], True),
        (["x" * (commands.MAX_OUTPUT_TEXT + 1), "y"], ["x" * commands.MAX_OUTPUT_TEXT], True),
        ("a\r\nb\tc\x07\x1b", "a\nb\tc\\x07\\x1b", False),
        (None, None, False),
    ],
)
def test_an_answer_is_limited_and_printable(data: t.Any, expected: t.Any, is_cut: bool) -> None:
    assert commands.format_answer(data) == (expected, is_cut)


def test_a_mapping_is_limited_by_its_members() -> None:
    data = {f"n{number}": number for number in range(commands.MAX_LINES + 5)}
    kept, is_cut = commands.format_answer(data)
    assert (list(kept), is_cut) == (list(data)[: commands.MAX_LINES], True)


def test_given_texts_are_masked() -> None:
    assert commands.format_answer({"a": ["x canary y"]}, ["canary"]) == ({"a": ["x ******** y"]}, False)


class PollingDevice:
    """Reports one number of unsaved changes after the other, or an error, the last one for ever."""

    def __init__(self, *counts: t.Any) -> None:
        self.counts = list(counts)
        self.reconnects = 0
        self.pauses: list[float] = []
        deadline = types.SimpleNamespace(pause=self.pauses.append)
        self.client = types.SimpleNamespace(reconnect=self.count_reconnect, deadline=deadline)

    def count_reconnect(self) -> None:
        self.reconnects += 1

    def next(self, _api: t.Any) -> int | None:
        count = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]
        if isinstance(count, LantimeError):
            raise count
        return t.cast("int | None", count)


GONE, REFUSED = LantimeError("disconnected", "gone"), LantimeError("auth_failed", "refused")


@pytest.mark.parametrize(
    ("counts", "until", "expected", "reconnects", "pauses"),
    [
        ([0], 1000.0, 0, 1, []),
        ([2, 1, 0], 1000.0, 0, 1, [0.1, 0.2]),
        ([2, GONE, 0], 1000.0, 0, 2, [0.1, 0.2]),
        ([9, 9, 9, 9, 9, 9, 9, 0], 1000.0, 0, 1, [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]),
        ([None, 0], 1000.0, 0, 1, [0.1]),
        ([3], 100.0, 3, 1, []),
        ([3], 100.1, 3, 1, [0.1]),
        ([GONE], 100.0, None, 2, []),
        ([1, GONE], 100.1, None, 2, [0.1]),
        ([1, REFUSED, 0], 1000.0, None, 1, [0.1]),
        ([None], 100.0, None, 1, []),
    ],
)
def test_the_number_of_unsaved_changes_is_polled(
    monkeypatch: pytest.MonkeyPatch,
    counts: list[t.Any],
    until: float,
    expected: int | None,
    reconnects: int,
    pauses: list[float],
) -> None:
    device = PollingDevice(*counts)
    limits: list[float] = []

    class Limited:
        def __init__(self, _api: t.Any, seconds: float) -> None:
            limits.append(seconds)

        def __enter__(self) -> None:
            pass

        def __exit__(self, *_exc: object) -> None:
            pass

    monkeypatch.setattr(commands, "read_pending_changes", device.next)
    monkeypatch.setattr(commands, "short_timeouts", Limited)
    clock = types.SimpleNamespace(monotonic=lambda: 100.0 + sum(device.pauses))
    monkeypatch.setattr(commands, "time", clock)
    assert commands.wait_for_pending_changes(t.cast("t.Any", device), lambda n: n == 0, until) == expected
    assert (device.reconnects, device.pauses) == (reconnects, pauses)
    assert limits[0] == until - 100.0
