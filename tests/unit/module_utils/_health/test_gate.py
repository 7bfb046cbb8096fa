# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of a rollout: which devices keep a ring from being changed, and what is worse than before."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.records import record_from_results
from ansible_collections.meinberg.lantime.plugins.module_utils._health.gate import refuse_change
from ansible_collections.meinberg.lantime.plugins.module_utils._health.no_worse import select_worse

Tree = dict[str, t.Any]


def check(name: str, state: str, *findings: Tree, **members: t.Any) -> Tree:
    return {"name": name, "state": state, "message": "It is so.", "findings": list(findings), **members}


def port(name: str, state: str = "error") -> Tree:
    return {"state": state, "subject": name, "slot": None, "object": None}


SYNC_LOST = check("time_synchronized", "critical", subject=None)
WORSE: list[tuple[str, Tree, list[Tree], bool]] = [
    ("the same", check("fans", "error"), [check("fans", "error")], False),
    ("higher severity", check("fans", "critical"), [check("fans", "error")], True),
    ("lower severity", check("fans", "error"), [check("fans", "critical")], False),
    ("passed before", check("fans", "error"), [], True),
    ("a warning before", check("fans", "error"), [check("fans", "warning")], True),
    ("below the limit", check("fans", "warning"), [], False),
    ("not reported any more", check("time_synchronized", "unknown"), [], True),
    (
        "not reported before either",
        check("time_synchronized", "unknown"),
        [check("time_synchronized", "unknown")],
        False,
    ),
    ("another reference", {**SYNC_LOST, "subject": "gps"}, [SYNC_LOST], False),
    ("no reference any more", SYNC_LOST, [{**SYNC_LOST, "subject": "gps"}], False),
    ("another port alone", check("ports", "error", subject="lan2"), [check("ports", "error", subject="lan1")], True),
    (
        "one more port",
        check("ports", "error", port("lan1"), port("lan2")),
        [check("ports", "error", subject="lan1")],
        True,
    ),
    (
        "one port less",
        check("ports", "error", subject="lan1"),
        [check("ports", "error", port("lan1"), port("lan2"))],
        False,
    ),
    (
        "one more port below the limit",
        check("ports", "error", port("lan1"), port("lan2", "warning")),
        [check("ports", "error", subject="lan1")],
        False,
    ),
]


@pytest.mark.parametrize(("now", "former", "is_worse"), [row[1:] for row in WORSE], ids=[row[0] for row in WORSE])
def test_what_is_worse_than_before(now: Tree, former: list[Tree], is_worse: bool) -> None:
    assert select_worse([now], former, "error") == ([now] if is_worse else [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "state", "checks", "findings", "subject", "slot", "msg"]), inner)
    ),
    max_leaves=12,
)


@given(_JSON, st.sampled_from(["no_worse", "absolute"]))
def test_no_result_raises_an_exception(result: t.Any, mode: str) -> None:
    select_worse([check("fans", "error")], result, "error")
    # Only a result with a list of checks lets a device be changed.
    if not (isinstance(result, dict) and isinstance(result.get("checks"), list)):
        assert refuse_change({"ts1": result}, mode)["failed"] is True


UNHEALTHY: Tree = {"failed": True, "msg": "unhealthy", "checks": [check("fans", "critical")]}
HEALTHY: Tree = {"checks": [check("fans", "ok")]}
GATES: list[tuple[str, t.Any, dict[str, bool]]] = [
    ("healthy", HEALTHY, {"no_worse": True, "absolute": True}),
    ("unhealthy", UNHEALTHY, {"no_worse": True, "absolute": False}),
    ("unhealthy, ignored", {**UNHEALTHY, "failed": False, "healthy": False}, {"no_worse": True, "absolute": False}),
    ("unreachable", {"unreachable": True, "msg": "no answer"}, {"no_worse": False, "absolute": False}),
    ("refused", {"failed": True, "msg": "wrong password"}, {"no_worse": False, "absolute": False}),
    ("no result", None, {"no_worse": False, "absolute": False}),
    ("skipped", {"skipped": True}, {"no_worse": False, "absolute": False}),
    ("not synchronized", {"failed": True, "checks": [SYNC_LOST]}, {"no_worse": False, "absolute": False}),
    (
        "unknown",
        {"failed": True, "checks": [{**SYNC_LOST, "state": "unknown"}]},
        {"no_worse": False, "absolute": False},
    ),
    ("holdover", {"checks": [{**SYNC_LOST, "state": "warning"}]}, {"no_worse": True, "absolute": True}),
    ("check skipped", {"checks": [{**SYNC_LOST, "state": "skipped"}]}, {"no_worse": True, "absolute": True}),
]


@pytest.mark.parametrize(("result", "opens"), [row[1:] for row in GATES], ids=[row[0] for row in GATES])
def test_which_device_keeps_its_ring_from_being_changed(result: t.Any, opens: dict[str, bool]) -> None:
    for mode, is_open in opens.items():
        refused = refuse_change({"ts1": HEALTHY, "ts2": result}, mode)
        assert (refused == {}) is is_open, mode
        if not is_open:
            assert "ts2 (" in refused["msg"]
            assert "ts1" not in refused["msg"]


def test_the_message_names_five_devices_at_most() -> None:
    refused = refuse_change(
        {f"ts{number}": {"unreachable": True, "msg": "No answer."} for number in range(9)}, "no_worse"
    )
    assert refused["msg"].endswith("ts4 (no answer) and 4 more")


@pytest.mark.parametrize("worse", [[], ["fans"]])
def test_what_is_worse_after_a_change_is_an_error_of_the_record(worse: list[str]) -> None:
    error = record_from_results("ts1", [{**HEALTHY, "healthy": False, "worse": worse}])["error"]
    if worse:
        assert (error["kind"], error["code"]) == ("failed", "unhealthy")
        assert error["message"] == "the device is less healthy after the change than before it: fans"
    else:
        assert error is None


def test_a_prediction_is_the_result_of_the_failing_hosts_alone() -> None:
    results = {"ts1": HEALTHY, "ts2": {"unreachable": True, "msg": "No answer."}}
    refused = refuse_change(results, "no_worse", is_prediction=True)
    assert refused["failed_hosts"] == ["ts2"]
    records = {host: record_from_results(host, [result, refused]) for host, result in results.items()}
    assert records["ts1"]["error"] is None
    assert records["ts2"]["error"]["kind"] == "unreachable"


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="no_worse, absolute, not relative"):
        refuse_change({}, "relative")
