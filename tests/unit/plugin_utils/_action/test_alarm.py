# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarm that Ansible sets for the keyword timeout."""

from __future__ import annotations

import contextlib
import math
import signal
import time
import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import Spec
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action import alarm
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.in_process import InProcessAction

# Parts of Ansible with the members that actions use.
Namespace: t.Any = types.SimpleNamespace


class Alarm(BaseException):
    """What Ansible raises in any place of the worker process."""


def ring(_signal: int, _frame: t.Any) -> None:
    raise Alarm


@pytest.fixture(autouse=True)
def handler() -> t.Iterator[None]:
    former = signal.signal(signal.SIGALRM, ring)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, former)


@pytest.fixture
def no_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm, "ROLLBACK_SECONDS", 0.05)
    monkeypatch.setattr(alarm, "_MARGIN_SECONDS", 0.05)


def test_without_the_keyword() -> None:
    with alarm.alarm_put_off() as end:
        assert end == math.inf
        assert signal.getsignal(signal.SIGALRM) is ring
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_the_end_of_the_keyword_and_the_alarm_after_it() -> None:
    signal.setitimer(signal.ITIMER_REAL, 30)
    with alarm.alarm_put_off() as end:
        assert 25 < end - time.monotonic() <= 30
        assert 85 < signal.getitimer(signal.ITIMER_REAL)[0] <= 100
    assert 25 < signal.getitimer(signal.ITIMER_REAL)[0] <= 30
    assert signal.getsignal(signal.SIGALRM) is ring


def test_an_alarm_whose_time_is_over_does_not_ring_afterwards() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    with alarm.alarm_put_off() as end:
        while time.monotonic() < end:
            pass
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is ring


def test_the_alarm_is_set_again_after_an_error() -> None:
    signal.setitimer(signal.ITIMER_REAL, 30)
    with pytest.raises(ZeroDivisionError), alarm.alarm_put_off():
        raise ZeroDivisionError
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getsignal(signal.SIGALRM) is ring


def endless_job(context: JobContext) -> dict[str, t.Any]:
    """A job that handles every Exception and never ends."""
    context.device = t.cast("t.Any", types.SimpleNamespace(has_written=context.params["writes"]))
    while True:
        with contextlib.suppress(Exception):
            while True:
                pass


class Action(InProcessAction):
    spec = Spec(options={"writes": {"type": "bool"}})
    job = endless_job

    def __init__(self) -> None:
        self._task = Namespace(action="meinberg.lantime.test", resolved_action=None, check_mode=False, diff=False)


@pytest.mark.usefixtures("no_margin")
@pytest.mark.parametrize("writes", [True, False])
def test_a_job_that_does_not_end(writes: bool) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    result = Action()._run_in_process({"host": "ts1", "writes": writes}, {})
    assert (result["failed"], result["error"]["code"], result["changed"]) == (True, "timeout_task", writes)
    assert ("operations" in result, "saved" in result) == (writes, writes)
    assert result.get("saved") is None
    assert result["invocation"]["module_args"]["host"] == "ts1"
