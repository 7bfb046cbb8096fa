# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records from registered results as they are: which kind of result each is, and which of several counts."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.entries import build_entry
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.records import own_result, record_from_results
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.verdict import determine_verdict, select_failing

Tree = dict[str, t.Any]

FACTS: Tree = {"ansible_net_model": "M600", "ansible_lantime": {"sync": {"state": "synchronized"}}}
READ: Tree = {"changed": False, "ansible_facts": FACTS}
GONE: Tree = {"unreachable": True, "msg": "ts1: refused", "error": {"code": "refused"}}
DENIED: Tree = {"failed": True, "msg": "ts1: denied", "error": {"code": "auth_failed"}}
SKIPPED: Tree = {"skipped": True, "changed": False, "skip_reason": "Conditional result was False"}
SICK: Tree = {
    "failed": True,
    "healthy": False,
    "msg": "sick",
    "error": {"code": "unhealthy"},
    "checks": [{"name": "psu", "state": "error"}],
    "ansible_facts": FACTS,
}
HEALTHY: Tree = {"healthy": True, "checks": [], "counts": {}, "worst": "ok"}
DRIFT: Tree = {"mode": "golden", "state": "drift", "sections": [], "differences": [{"path": "ntp/x"}]}
COMPARED: Tree = {
    "failed": True,
    "verdict": "drift",
    "error": {"code": "drift"},
    "entry": {"drift": DRIFT, "facts": FACTS, "error": None},
}
INTERRUPTED: Tree = {
    "failed": True,
    "verdict": "not_checked",
    "error": {"code": "interrupted"},
    "entry": {
        "drift": {"mode": "golden", "state": "not_checked"},
        "error": {"kind": "not_checked", "code": "interrupted", "message": "half configured"},
    },
}
OPERATION: Tree = {"id": 1, "action": "set", "path": "snmp", "before": {"contact": "a"}, "after": {"contact": "b"}}
PREDICTED: Tree = {"changed": True, "operations": [{**OPERATION, "state": "waiting"}], "sections": ["snmp"]}
DONE: Tree = {
    "changed": True,
    "saved": True,
    "operations": [{**OPERATION, "state": "succeeded"}],
    "diff": {"before": "a", "after": "b"},
}
BROKEN: Tree = {
    "failed": True,
    "changed": True,
    "saved": False,
    "msg": "rolled back",
    "error": {"code": "not_applied"},
    "operations": [{**OPERATION, "state": "rolled_back"}],
}
MODULES: Tree = {
    "modules": [{"slot": "clk1", "populated": True, "model": "grc181"}, {"slot": "clk2", "populated": False}],
    "ptp_instances": [],
    "device": {"model": "M3000", "serial_number": "1", "firmware": "7.10.008"},
}


@pytest.mark.parametrize(
    ("results", "members"),
    [
        ([READ], {"facts": FACTS}),
        ([HEALTHY], {"health": HEALTHY}),
        ([SICK], {"health": {k: SICK[k] for k in ("healthy", "checks")}, "facts": FACTS}),
        ([COMPARED], {"drift": DRIFT, "facts": FACTS}),
        ([HEALTHY, READ, COMPARED], {"health": HEALTHY, "drift": DRIFT, "facts": FACTS}),
        ([SICK, HEALTHY], {"health": HEALTHY, "facts": FACTS}),
        ([SKIPPED, READ], {"facts": FACTS}),
        ([{"results": [READ, HEALTHY], "msg": "All items completed"}], {"facts": FACTS, "health": HEALTHY}),
        ([READ, "no result", None, 7, []], {"facts": FACTS}),
    ],
)
def test_each_result_is_recognized(results: list[t.Any], members: Tree) -> None:
    record = record_from_results("ts1", results, "north")
    assert record == {"host": "ts1", "group": "north", "error": None, **members}


@pytest.mark.parametrize(
    ("results", "kind", "code"),
    [
        ([GONE], "unreachable", "refused"),
        ([READ, GONE], "unreachable", "refused"),
        ([DENIED, GONE], "unreachable", "refused"),
        ([HEALTHY, DENIED], "failed", "auth_failed"),
        ([INTERRUPTED], "not_checked", "interrupted"),
        ([COMPARED, DENIED], "failed", "auth_failed"),
        ([BROKEN], "failed", "not_applied"),
        ([{"failed": True, "msg": "no module of ours"}], "failed", None),
        ([{"failed": True, "ansible_facts": FACTS}], "failed", None),
        ([SKIPPED], "not_checked", None),
        ([{"changed": False}], "not_checked", None),
        ([], "not_checked", None),
        ([{"results": [READ, DENIED]}], "failed", "auth_failed"),
    ],
)
def test_the_failure_that_counts(results: list[Tree], kind: str, code: str | None) -> None:
    error = record_from_results("ts1", results)["error"]
    assert (error["kind"], error["code"]) == (kind, code)
    assert error["message"]


def test_a_skipped_task_says_why() -> None:
    assert "Conditional result was False" in record_from_results("ts1", [SKIPPED])["error"]["message"]


def test_what_was_changed_is_kept_as_it_is() -> None:
    record = record_from_results("ts1", [DONE])
    assert record["error"] is None
    assert record["change"] == {k: v for k, v in DONE.items() if k != "diff"}
    failed = record_from_results("ts1", [BROKEN])
    assert failed["change"] == BROKEN
    both = record_from_results("ts1", [DONE, {"operations": [{"action": "command"}], "saved": None}])
    assert [operation["action"] for operation in both["change"]["operations"]] == ["set", "command"]
    assert both["change"]["saved"] is None


def test_a_prediction_is_drift_only_if_that_is_asked_for() -> None:
    assert "drift" not in record_from_results("ts1", [PREDICTED])
    record = record_from_results("ts1", [PREDICTED], is_prediction_drift=True)
    assert "change" not in record
    assert [difference["path"] for difference in record["drift"]["differences"]] == ["snmp/contact"]
    assert "drift" not in record_from_results("ts1", [DONE], is_prediction_drift=True)
    needed = {"failed": True, "error": {"code": "secret_needed"}, "predicted": PREDICTED}
    record = record_from_results("ts1", [needed], is_prediction_drift=True)
    assert (record["error"], record["drift"]["state"]) == (None, "drift")


def test_the_drift_from_peers_is_added_to_the_results() -> None:
    read = {"value": {}, "entry": {"host": "ts1", "facts": FACTS}}
    alone = record_from_results("ts1", [read])
    assert (alone["facts"], alone["error"]["kind"]) == (FACTS, "not_checked")
    assert determine_verdict(alone, "drift") == ("not_checked", "the configuration was read, but not compared")
    assert record_from_results("ts1", [read], drift=DRIFT)["drift"] == DRIFT
    gone = record_from_results("ts1", [GONE], drift={"mode": "consensus", "state": "not_checked"})
    assert gone["error"]["kind"] == "unreachable"


def difference(path: str) -> Tree:
    return {"section": path.partition("/")[0], "path": path, "op": "replace", "accepted": None, "class": "config"}


def compared(state: str, *paths: str, **sections: str) -> Tree:
    """The result of lantime_drift with differences at these paths, and the states of these sections."""
    listed = [{"name": name, "state": each, "reason": each} for name, each in sections.items()]
    drift = {"mode": "golden", "state": state, "sections": listed, "differences": [difference(path) for path in paths]}
    return {"entry": {"host": "ts1", "drift": drift, "error": None}}


SNMP = compared("drift", "snmp/contact", snmp="drift")
CLEAN = compared("clean", ntp="clean", snmp="clean")


@pytest.mark.parametrize(
    "results",
    [
        [SNMP, CLEAN],
        [CLEAN, SNMP],
        [{"results": [SNMP, CLEAN]}],
        [{"results": [SNMP]}, {"results": [CLEAN]}],
        [SNMP, CLEAN, SNMP],
    ],
)
def test_a_clean_comparison_does_not_hide_the_drift_of_another_one(results: list[Tree]) -> None:
    record = record_from_results("ts1", results)
    assert determine_verdict(record, "drift")[0] == "drift"
    assert record["drift"]["differences"] == [difference("snmp/contact")]
    states = {section["name"]: section["state"] for section in record["drift"]["sections"]}
    assert states == {"ntp": "clean", "snmp": "drift"}


def test_what_one_comparison_left_out_is_not_clean_because_of_another_one() -> None:
    partly = compared("not_checked", ntp="not_checked")
    assert determine_verdict(record_from_results("ts1", [partly, CLEAN]), "drift") == (
        "not_checked",
        "ntp: not_checked",
    )
    both = record_from_results("ts1", [partly, SNMP])
    assert (both["drift"]["state"], determine_verdict(both, "never")[0]) == ("drift", "not_checked")


def test_the_majority_does_not_hide_the_drift_from_the_golden_configuration() -> None:
    peers = {"mode": "consensus", "state": "clean", "sections": [], "differences": []}
    assert determine_verdict(record_from_results("ts1", [SNMP], drift=peers), "drift")[0] == "drift"
    assert determine_verdict(record_from_results("ts1", [SNMP, peers]), "drift")[0] == "drift"


def test_a_healthy_item_of_a_loop_does_not_hide_a_sick_one() -> None:
    record = record_from_results("ts1", [{"results": [SICK, HEALTHY]}])
    assert determine_verdict(record, "drift")[0] == "unhealthy"
    assert (record["health"]["healthy"], record["health"]["worst"]) == (False, "error")
    assert [check["name"] for check in record["health"]["checks"]] == ["psu"]
    unknown = {**HEALTHY, "healthy": None}
    assert record_from_results("ts1", [{"results": [unknown, HEALTHY]}])["health"]["healthy"] is None
    # A task of its own is a later look at the device.
    assert record_from_results("ts1", [{"results": [SICK, HEALTHY]}, HEALTHY])["health"]["healthy"] is True


@pytest.mark.parametrize("wrap", [lambda result: result, lambda result: {"results": [result]}])
@pytest.mark.parametrize("result", [CLEAN, {"value": {}, "entry": {"host": "ts1", "facts": FACTS}}])
def test_the_comparison_of_another_host_is_none(wrap: t.Callable[[Tree], Tree], result: Tree) -> None:
    hosts = ["ts1", "ts2"]
    registered = wrap(result)
    assert own_result(registered, "ts1", hosts) == registered
    # inventory_name may be any name.
    assert own_result(registered, "ts2", ["ts2"]) == registered
    foreign = own_result(registered, "ts2", hosts)
    kind, reason = determine_verdict(record_from_results("ts2", [foreign]), "drift")
    assert kind == "not_checked"
    assert "that of ts1" in reason
    assert select_failing({"ts1": [CLEAN], "ts2": [registered]}, hosts) == ["ts2"]


def test_sessions_of_all_tasks_are_listed() -> None:
    sessions = [{"method": "GET", "path": "/api/status"}]
    record = record_from_results("ts1", [{**READ, "http_sessions": sessions}, {**GONE, "http_sessions": sessions}])
    assert record["http_sessions"] == sessions * 2


def test_fitted_modules_and_the_device_become_facts() -> None:
    entry = build_entry(record_from_results("ts1", [MODULES]), "2026-06-01T12:00:00Z")
    assert [module["slot"] for module in entry["modules"]] == ["clk1"]
    assert (entry["device"]["model"], entry["device"]["firmware"]) == ("M3000", "7.10.008")
    assert entry["error"] is None


HOSTILE: list[t.Any] = [
    {"entry": {"drift": []}},
    {"entry": {"drift": {"state": []}, "error": {"kind": ["failed"]}, "facts": 3}},
    {"entry": 3, "checks": {}, "operations": {}, "results": {}, "http_sessions": "x"},
    {"ansible_facts": [1], "modules": [3, None], "ptp_instances": [4], "device": "x"},
    {"operations": [None, 3, {"path": []}], "error": [], "predicted": 3},
    {"operations": [{"state": "waiting"}, 3], "sections": []},
    {"operations": [], "sections": 3},
    {"failed": "yes", "error": 3, "msg": {"a": 1}},
    {"skipped": True, "skip_reason": ["\x1b[31m"]},
    {"results": [None, {"results": [READ]}]},
    {"results": [{"checks": [3, {"state": []}], "healthy": {}}, {"checks": [], "healthy": "x"}]},
    {"results": [{"entry": {"drift": {"state": {}, "sections": [3, {"name": []}], "differences": 3}}}] * 2},
]


@pytest.mark.parametrize("result", HOSTILE)
@pytest.mark.parametrize("is_prediction_drift", [False, True])
def test_results_of_any_form_give_a_record(result: t.Any, is_prediction_drift: bool) -> None:
    record = record_from_results("ts1", [result], is_prediction_drift=is_prediction_drift)
    assert build_entry(record, "2026-06-01T12:00:00Z")["host"] == "ts1"
    assert "\x1b" not in str(record["error"])


# -- changes that are confirmed by a second task

WAITING: Tree = {**DONE, "saved": False, "sections": ["snmp"], "confirm": {"state": "waiting"}}
SAVE: Tree = {"id": 1, "action": "command", "path": "write", "state": "succeeded"}


def confirmation(state: str, **members: t.Any) -> Tree:
    return {"state": "confirmed", "confirm": {"state": state}, "changed": True, "operations": [], **members}


def change_of(*results: Tree) -> Tree:
    return t.cast("Tree", record_from_results("ts1", results)["change"])


def test_a_confirmed_change_is_saved_and_has_the_operations_of_the_change() -> None:
    change = change_of(WAITING, confirmation("confirmed", saved=True, operations=[SAVE]))
    assert (change["changed"], change["saved"], change["sections"]) == (True, True, ["snmp"])
    assert change["operations"] == DONE["operations"]


def test_a_change_that_was_rolled_back_in_its_window_is_listed_once() -> None:
    restored = {**OPERATION, "state": "rolled_back"}
    failed = confirmation(
        "reverted", failed=True, saved=False, operations=[restored], error={"code": "health"}, msg="worse"
    )
    record = record_from_results("ts1", [WAITING, failed])
    assert record["change"]["operations"] == [restored]
    assert (record["change"]["saved"], record["error"]["code"]) == (False, "health")


def test_a_device_that_could_not_be_asked_for_its_confirmation_is_changed_and_not_saved() -> None:
    record = record_from_results("ts1", [WAITING, GONE])
    assert (record["change"]["saved"], record["error"]["kind"]) == (False, "unreachable")


def test_a_change_that_was_resumed_counts_if_nothing_is_left_to_do() -> None:
    resumed = confirmation("confirmed", saved=True, operations=[SAVE])
    unchanged = {"changed": False, "saved": False, "operations": [], "sections": ["snmp"]}
    change = change_of(resumed, unchanged)
    assert (change["changed"], change["saved"], change["operations"]) == (True, True, [SAVE])
    assert change_of(resumed, DONE)["operations"] == [SAVE, *DONE["operations"]]


def test_nothing_to_confirm_is_no_change() -> None:
    idle = confirmation("not_needed", changed=False)
    assert "change" not in record_from_results("ts1", [idle])
    assert change_of(idle, DONE)["operations"] == DONE["operations"]
