# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches of many devices in one task: their time, their open files, and a change that is not in the journal."""

from __future__ import annotations

import math
import resource
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.deadline import ROLLBACK_SECONDS, Deadline
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action import watching

INFINITY = resource.RLIM_INFINITY


class HostVars(dict[str, t.Any]):
    """Variables of hosts, as Ansible gives them to a task."""

    raw_get = dict.__getitem__


def make_context() -> JobContext:
    return JobContext({}, False, False, lambda _text: None)


@pytest.mark.parametrize(
    ("deadline", "keyword", "left", "reason"),
    [
        (300.0, math.inf, 235.0, "option deadline of lantime_poll"),
        (300.0, 100.0, 100.0, "keyword timeout"),
        (None, 100.0, 100.0, "keyword timeout"),
        (30.0, math.inf, -35.0, "option deadline of lantime_poll"),
    ],
)
def test_a_rollback_fits_between_a_watch_and_the_end(
    deadline: float | None, keyword: float, left: float, reason: str
) -> None:
    context, now = make_context(), time.monotonic()
    end = watching.limit_watches([context], deadline, now + keyword)
    limit = Deadline(0.0, context.keyword_end, context.keyword)
    assert limit.left_for_writes() == pytest.approx(left, abs=5.0)
    assert limit.reason_for_writes == reason
    assert end - context.keyword_end > ROLLBACK_SECONDS
    with limit.finishing():
        assert now + left < time.monotonic() + limit.left() < end + 5.0


def test_a_watch_without_a_deadline_has_no_end() -> None:
    context = make_context()
    assert watching.limit_watches([context], None, math.inf) == math.inf
    assert context.keyword_end == math.inf


def test_what_is_announced() -> None:
    one = watching.WaitingWindow(1795741200.0, 600.0)
    assert watching.describe_watch([one], 1795740600.0).startswith("1 device is watched until 2026-11-27T01:00:00Z;")
    others = [one._replace(until=one.until - 500.0), one._replace(until=one.until - 900.0)]
    text = watching.describe_watch([*others, one], 1795740600.0)
    assert text.startswith("3 devices are watched until 2026-11-27T01:00:00Z; the task saves no change before that")


def test_a_window_that_is_shorter_than_the_others_is_not_kept_open_for_longer_than_its_length() -> None:
    windows = [watching.WaitingWindow(1795740660.0, 60.0), watching.WaitingWindow(1795741200.0, 600.0)]
    assert (
        "until 2026-11-27T01:00:00Z, the first of them until 2026-11-27T00:51:40Z; the task saves no change before"
        in (watching.describe_watch(windows, 1795740640.0))
    )


@pytest.mark.parametrize("confirm", [{}, {"until": None, "window": None}, {"until": "x", "window": "y"}])
def test_a_result_without_a_window_is_watched_for_the_one_of_the_journal(confirm: dict[str, t.Any]) -> None:
    waiting: dict[str, t.Any] = {"confirm": {"state": "waiting", **confirm}}
    other: dict[str, t.Any] = {"confirm": {}}
    hostvars = HostVars(ts1={"changed": waiting}, ts2={"changed": other})
    windows = watching.select_waiting(hostvars, "changed", hostvars)
    assert windows == {"ts1": watching.WaitingWindow(0.0, 0.0)}
    assert watching.latest_end(windows.values()) == 0.0


@pytest.mark.parametrize(
    ("limits", "raised"),
    [
        ((1024, 4096), None),
        ((256, 4096), (400, 4096)),
        ((256, INFINITY), (400, INFINITY)),
        ((INFINITY, INFINITY), None),
    ],
)
def test_the_limit_for_open_files_is_raised_as_far_as_needed(
    limits: tuple[int, int], raised: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[t.Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, values: given.append(values))
    watching.allow_open_files(100)
    assert given == ([] if raised is None else [raised])


def test_more_devices_than_the_system_has_files_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (256, 1024))
    with pytest.raises(LantimeError, match="the limit of this system is 1024; nothing was sent") as caught:
        watching.allow_open_files(400)
    assert caught.value.code == "option"


@pytest.mark.parametrize(
    ("result", "is_conflict"),
    [
        ({"changed": False, "confirm": {"state": "not_needed"}}, True),
        ({"changed": True, "confirm": {"state": "confirmed"}}, False),
        ({"changed": True, "saved": True, "confirm": {"state": "not_needed"}}, False),
        ({"failed": True, "confirm": {"state": "not_needed"}, "error": {"code": "health"}}, False),
        ({"unreachable": True, "error": {"code": "refused"}}, False),
    ],
)
def test_a_change_that_the_journal_does_not_hold(result: dict[str, t.Any], is_conflict: bool) -> None:
    checked = watching.require_confirmation(result, "ts1")
    assert (checked.get("error", {}).get("code") == "conflict") is is_conflict
    if is_conflict:
        assert checked["failed"] is True
        assert "ts1: the journal no longer holds the change" in checked["msg"]
    else:
        assert checked == result
