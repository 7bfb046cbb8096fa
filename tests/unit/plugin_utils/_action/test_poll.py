# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom lantime_poll asks, and when it is refused."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action import poll

# Parts of Ansible with the members that actions use.
Namespace: t.Any = types.SimpleNamespace


def action(run_once: bool, strategy: str = "ansible.builtin.linear") -> t.Any:
    """An action without the rest of Ansible."""
    block = types.SimpleNamespace(_play=types.SimpleNamespace(strategy=strategy))
    made = poll.PollAction.__new__(poll.PollAction)
    made._task = Namespace(
        _parent=block,
        run_once=run_once,
        async_val=0,
        delegate_to=None,
        action="meinberg.lantime.lantime_poll",
        resolved_action=None,
    )
    made._play_context = Namespace(password=None)
    return made


class HostVars(dict[str, t.Any]):
    """hostvars without templates."""

    raw_get = dict.get


def variables(*batch: str) -> dict[str, t.Any]:
    return {
        "inventory_hostname": "ts1",
        "hostvars": {},
        "ansible_play_batch": list(batch),
        "ansible_play_hosts_all": ["ts1", "ts2", "ts3", "ts4"],
    }


@pytest.mark.parametrize(
    ("run_once", "batch", "is_refused"),
    [(True, ("ts1", "ts2"), False), (False, ("ts1", "ts2"), True), (False, ("ts1",), False), (True, (), False)],
)
def test_a_task_of_each_host_is_refused(run_once: bool, batch: tuple[str, ...], is_refused: bool) -> None:
    refusal = action(run_once)._refusal(variables(*batch))
    assert (refusal is not None) is is_refused
    if refusal is not None:
        assert "nothing was sent" in str(refusal)


@pytest.mark.parametrize(("given", "asked"), [(None, ["ts2", "ts3"]), (["ts9"], ["ts9"]), ([], [])])
def test_the_hosts_of_the_batch_are_asked(
    given: list[str] | None, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "command_line_login", lambda _password: {})
    params = {"module": "lantime_facts", "hosts": given, "waiting_from": None}
    assert action(True)._late_params(params, variables("ts2", "ts3"))["hosts"] == asked


def test_only_hosts_whose_change_waits_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "command_line_login", lambda _password: {})
    results = {
        "ts1": {"changed": True, "confirm": {"state": "waiting"}},
        "ts2": {"changed": False, "confirm": {"state": "not_needed"}},
        "ts3": {"failed": True},
        "ts4": "waiting",
        # Of a loop, the change of the last item waits.
        "ts6": {"results": [{"confirm": {"state": "confirmed"}}, {"confirm": {"state": "waiting"}}]},
        "ts7": {"results": [{"changed": False}, "waiting"]},
    }
    known = {
        **variables(*results, "ts5"),
        "hostvars": HostVars({host: {"made": made} for host, made in results.items()}),
    }
    params = {"module": "lantime_changes", "hosts": None, "waiting_from": "made"}
    assert action(True)._late_params(params, known)["hosts"] == ["ts1", "ts6"]


@pytest.mark.parametrize(
    ("result", "is_clean"),
    [
        ({"changed": False}, True),
        ({"verdict": "clean"}, True),
        ({"verdict": "drift"}, False),
        ({"verdict": "not_checked"}, False),
        ({"healthy": True}, True),
        ({"healthy": False}, False),
        ({"healthy": None}, False),
        ({"failed": True, "verdict": "clean"}, False),
        ({"unreachable": True}, False),
    ],
)
def test_what_is_clean(result: dict[str, t.Any], is_clean: bool) -> None:
    assert poll._is_clean(result) is is_clean


def test_a_warning_is_one_line_for_all_hosts() -> None:
    hosts = {"ts1": ["a", "a"], "ts2": ["b"], "ts3": ["a"], "ts4": []}
    targets = [t.cast("t.Any", types.SimpleNamespace(host=host, warnings=texts)) for host, texts in hosts.items()]
    assert poll._joined_warnings(targets) == ["ts1 and 1 more: a", "ts2: b"]
