# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_command: what is sent, what is waited for, and what is said when the answer is lost."""

from __future__ import annotations

import functools
import threading
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.wait_for import Condition, is_met
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_command
from ansible_collections.meinberg.lantime.tests.devices import JobOutcome, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import ENTRY_POINTS, Controller
from ansible_collections.meinberg.lantime.tests.reliability.rig import Meanwhile
from ansible_collections.meinberg.lantime.tests.simulator import Fleet
from ansible_collections.meinberg.lantime.tests.simulator.proxy import Proxy, Route

pytestmark = pytest.mark.thorough

NAME = "meinberg.lantime.lantime_command"
CONTACT = "snmp/contact"


job = functools.partial(run_in_process, module=lantime_command)


def sent(device: t.Any) -> list[tuple[str, str, t.Any]]:
    return [(e["method"], e["path"], e["body"]) for e in device.ledger if e["method"] != "GET"]


def condition(path: str, value: t.Any = None, **more: t.Any) -> dict[str, t.Any]:
    return {"path": path, "value": value, **more}


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_check_run_and_rerun(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    device.ledger.clear()
    save = {"command": "write", "parameters": {"package": "snmp"}, "changed_when": "pending"}
    wait = [{"path": "snmp/contact", "tree": "config", "value": "another client"}]
    tasks: list[dict[str, t.Any]] = [
        {NAME: {**save, "wait_for": wait}, "check_mode": True},
        {NAME: {**save, "wait_for": wait}},
        {NAME: save, "check_mode": True},
        {NAME: save},
        {NAME: {"command": "write"}},
    ]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert run.code == 0, run.output
    predicted, done, again_predicted, again, always = run.of("ts710")
    assert predicted["changed"] is done["changed"] is True
    assert again_predicted["changed"] is again["changed"] is False
    assert always["changed"] is True
    for result in (predicted, again_predicted):
        assert result["operations"][0]["state"] == "skipped"
        assert result["waited"] == []
        assert "was not sent" in str(result["warnings"])
    assert done["operations"] == [
        {
            "id": 1,
            "handler": "device",
            "action": "command",
            "path": "write",
            "state": "succeeded",
            "before": {"pending_changes": 1},
            "after": {"pending_changes": 0},
        }
    ]
    stated = {
        "tree": "config",
        "path": "snmp/contact",
        "compare": "equals",
        "value": "another client",
    }
    assert done["waited"] == [{"condition": stated, "value": "another client", "met": True, "attempts": 1}]
    assert done["pending_changes"] == 0
    assert done["device"]["serial_number"] == device.serial
    package = {"parameters": {"package": "snmp"}}
    assert sent(device) == [
        ("PUT", "/api/write", package),
        ("PUT", "/api/write", package),
        ("PUT", "/api/write", {"parameters": {}}),
    ]
    assert device.startup()["snmp"]["contact"] == "another client"


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_arguments_that_cannot_be_are_refused_before_anything_is_sent(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    def waiting(**item: t.Any) -> dict[str, t.Any]:
        return {"command": "write", "wait_for": [item]}

    wrong = [
        {"command": "get-token"},
        {"command": "GET_Token", "method": "GET"},
        {"command": "status/../write"},
        {"command": "status", "method": "GET", "parameters": {"a": 1}},
        {"command": "write", "interval": 0},
        {"command": "write", "timeout": -1},
        {"command": "write", "method": "POST"},
        waiting(path="system/uptime"),
        waiting(path="system/../uptime", value=1),
        waiting(path="/", compare="exists"),
        waiting(path="system/uptime", compare="exists", value=1),
        waiting(path="system/uptime", compare="at_least", value="much"),
        waiting(path="system/uptime", compare="matches", value="("),
        waiting(path="snmp/read-community", tree="config", value="guess"),
    ]
    tasks = [{NAME: options, "ignore_errors": True} for options in wrong]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert [r["error"]["code"] for r in run.of("ts710")] == ["option"] * len(wrong), run.output
    assert list(fleet["ts710"].ledger) == []


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_secret_parameters_are_never_shown(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    device.add_fault(
        "status",
        status=200,
        path="/api/echo",
        body='{"data": {"object-id": "echo", "said": "you sent canary-secret", "password": "canary-other"}}',
    )
    device.add_fault("status", status=400, path="/api/refuse", body='{"error": "canary-secret is wrong"}')
    parameters = {"user": "joe", "password": "canary-secret"}
    tasks: list[dict[str, t.Any]] = [
        {NAME: {"command": name, "parameters": parameters}, "ignore_errors": True} for name in ("echo", "refuse")
    ]
    run = controller.play(tasks, "ts710", entry_point=entry_point, verbosity=4)
    echo, refused = run.of("ts710")
    assert echo["answer"] == {
        "object-id": "echo",
        "said": "you sent ********",
        "password": "********",
    }
    assert refused["error"]["code"] == "rejected"
    assert refused["error"]["device_message"] == "******** is wrong"
    assert refused["changed"] is False
    assert refused["operations"][0]["state"] == "failed"
    received = {"parameters": {"user": "joe", "password": "<hidden>"}}
    assert sent(device) == [("PUT", f"/api/{name}", received) for name in ("echo", "refuse")]
    assert "canary" not in run.output
    assert "canary" not in str(run.results)


def test_a_get_reads_in_check_mode_too_and_changes_nothing(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form="diff-get")
    device.change(CONTACT, "another\x1b[31m client")
    device.ledger.clear()
    outcomes = [job(device, command="diff", method="GET", check=check) for check in (True, False)]
    assert outcomes[0] == outcomes[1]
    result = outcomes[0].result
    assert result["changed"] is False
    assert "another\\x1b[31m client" in result["answer"]
    assert sent(device) == []


def test_a_long_answer_is_cut(fleet: Fleet) -> None:
    device = fleet["ts710"]
    whole = job(device, command="write").result
    assert whole["answer_truncated"] is False
    assert whole["answer"] == {"object-id": "write"}
    large = job(device, command="config", method="GET").result
    assert large["answer_truncated"] is True
    assert len(str(large["answer"])) < 60000


@pytest.mark.parametrize(
    ("form", "request_line"),
    [
        ("put-command", ("PUT", "/api/reboot")),
        ("menu-action", ("PUT", "/api/config/system/reboot")),
        ("post", ("POST", "/api/reboot")),
    ],
)
def test_a_restart_is_waited_for(fleet: Fleet, form: str, request_line: tuple[str, str]) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form=form, reboot_seconds=0.6)
    device.change(CONTACT, "not saved")
    done = job(
        device,
        command="reboot",
        dialect={"command_form": form},
        interval=0.1,
        timeout=20,
        wait_for=[
            condition("system/uptime", 0, compare="at_most"),
            condition("snmp/contact", "not saved", tree="config", compare="not_equals"),
        ],
    )
    assert done.code is None, done.result
    assert [entry["met"] for entry in done.result["waited"]] == [True, True]
    assert done.result["waited"][0]["attempts"] > 1
    assert done.result["pending_changes"] == 0
    assert [request[:2] for request in sent(device)] == [request_line]


def test_a_command_that_is_not_offered_is_not_sent(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form="absent")
    for check in (True, False):
        outcome = job(device, command="reboot", dialect={"command_form": "absent"}, check=check)
        assert outcome.code == "method_refused"
    assert sent(device) == []
    assert job(device, command="reboot").code == "not_found"


def test_a_node_that_appears_and_one_that_goes_are_waited_for(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change("ntp/external-servers/9", {"address": "192.0.2.1"})
    wait_for = [
        condition("ntp/external-servers/8", tree="config", compare="exists"),
        condition("ntp/external-servers/9", tree="config", compare="absent"),
        condition("ntp/external-servers/8/address", "^192", tree="config", compare="matches"),
    ]
    missing = job(device, command="write", wait_for=wait_for, timeout=0.2, interval=0.1)
    assert missing.code == "state_unknown"
    assert [entry["met"] for entry in missing.result["waited"]] == [False, False, False]
    assert missing.result["waited"][0]["value"] is None
    assert "3 of 3 conditions were not met within 0.2 s" in missing.result["msg"]
    assert missing.result["changed"] is True
    assert missing.result["operations"][0]["state"] == "succeeded"

    def by_somebody_else() -> None:
        device.change("ntp/external-servers/8", {"address": "192.0.2.2"})
        device.change("ntp/external-servers/9", None)

    device.ledger.clear()
    timer = threading.Timer(0.5, by_somebody_else)
    timer.start()
    done = job(device, command="write", wait_for=wait_for, timeout=20, interval=0.1)
    timer.join()
    assert done.code is None, done.result
    assert all(entry["met"] for entry in done.result["waited"])
    assert done.result["waited"][0]["attempts"] > 1
    assert device.ledger.writes == 1


def test_absence_is_not_concluded_from_a_device_that_shows_nothing_at_all(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=404, method="GET", path="/api", nth=2, times=1000)
    outcome = job(
        device,
        command="write",
        wait_for=[condition("nosuch", compare="absent")],
        timeout=0.1,
        interval=0.1,
        command_timeout=1,
    )
    assert outcome.code == "state_unknown"
    assert outcome.result["waited"][0]["met"] is False
    device.clear_faults()
    assert job(device, command="write", wait_for=[condition("nosuch", compare="absent")]).code is None


def wait_behind(proxy: Proxy, device: t.Any, monkeypatch: pytest.MonkeyPatch) -> JobOutcome:
    """Wait behind a proxy for a device that drops its connection."""
    monkeypatch.setenv("https_proxy", proxy.url)
    device.add_fault("close-before-answer", method="GET", path="/api/config", times=1)
    options: dict[str, t.Any] = {"command": "write", "timeout": 20, "interval": 0.05, "retries": 0, "use_proxy": True}
    return job(device, **options, wait_for=[condition(CONTACT, tree="config", compare="exists")])


def test_a_proxy_that_does_not_reach_a_device_while_it_restarts(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the device answers again, the proxy answers CONNECT with HTTP 502."""
    device = fleet["ts710"]
    with Proxy(names=Route(device, 3, reached=1)) as proxy:
        done = wait_behind(proxy, device, monkeypatch)
        assert done.code is None, done.result
        assert (done.result["waited"][0]["attempts"], len(proxy.requests)) == (5, 6)


@pytest.mark.parametrize("kind", ["403", "407"])
def test_a_proxy_that_refuses_ends_the_wait(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    device = fleet["ts710"]
    with Proxy() as proxy:
        with Meanwhile(device, lambda _inner: setattr(proxy, "kind", kind), "GET", "/api/config"):
            ended = wait_behind(proxy, device, monkeypatch)
        assert (ended.code, ended.result["changed"]) == ("proxy", True)
        assert [entry["attempts"] for entry in ended.result["waited"]] == [2]
        assert len(proxy.requests) == 2


def test_a_log_in_that_stops_working_is_not_tried_on(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=401, method="GET", path="/api/status/system")
    outcome = job(device, command="write", wait_for=[condition("system/uptime", compare="exists")])
    assert outcome.code == "auth_failed"
    assert outcome.result["waited"][0]["attempts"] == 1
    assert outcome.result["changed"] is True


@pytest.mark.parametrize("rule", ["always", "never", "pending"])
@pytest.mark.parametrize(("kind", "after"), [("close-after-effect", 0), ("close-before-answer", 1)])
def test_a_lost_answer_is_reported_with_the_state_and_never_repeated(
    fleet: Fleet, rule: str, kind: str, after: int
) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    device.add_fault(kind, method="PUT", path="/api/write")
    outcome = job(device, command="write", changed_when=rule)
    assert outcome.code == "state_unknown"
    assert f"shows {after} pending changes (before: 1)" in outcome.result["msg"]
    assert outcome.result["pending_changes"] == after
    assert outcome.result["changed"] is (rule == "always" or (rule == "pending" and after == 0))
    assert outcome.result["operations"][0]["state"] == "failed"
    assert device.ledger.writes == 1


def test_an_answer_after_the_deadline_leaves_the_state_unknown(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(duration="slow", command_seconds=2)
    started = time.monotonic()
    outcome = job(device, command="write", command_timeout=1)
    assert outcome.code == "state_unknown"
    assert time.monotonic() - started < 5
    assert device.ledger.writes == 1


@pytest.mark.parametrize("duration", ["instant", "async"])
@pytest.mark.parametrize("answer", ["envelope", "empty", "204"])
def test_a_slow_effect_is_waited_for_by_a_condition(fleet: Fleet, duration: str, answer: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(duration=duration, put_answer=answer, command_seconds=0.3)
    saved = device.startup()["snmp"]["contact"]
    device.change(CONTACT, "another client")
    done = job(
        device,
        command="read",
        changed_when="pending",
        interval=0.05,
        wait_for=[condition(CONTACT, saved, tree="config")],
    )
    assert (done.code, done.result["changed"], done.result["pending_changes"]) == (None, True, 0)
    assert (done.result["waited"][0]["attempts"] > 1) is (duration == "async")


def test_a_user_of_level_info_is_refused(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    outcome = job(device, command="write", user="info")
    assert outcome.code == "forbidden"
    assert outcome.result["changed"] is False
    assert job(device, command="status", method="GET", user="info").code is None
    assert device.pending == 1


@pytest.mark.parametrize(
    ("compare", "value", "seen", "expected"),
    [
        ("equals", 1000, "1000", True),
        ("equals", "1e-6", 0.000001, True),
        ("equals", "on", True, True),
        ("equals", True, "enabled", True),
        ("equals", "high", 3, False),
        ("equals", {"a": 1}, {"a": 1}, True),
        ("equals", {"a": 2}, {"a": 1}, False),
        ("equals", "x", None, False),
        ("not_equals", 2, 3, True),
        ("not_equals", 3, "3", False),
        ("matches", "^sync", "synchronized", True),
        ("matches", "^true$", True, True),
        ("matches", "a", {"a": 1}, False),
        ("at_least", 5, "5", True),
        ("at_least", "5", 4.9, False),
        ("at_most", 5, 4, True),
        ("at_most", 5, "n/a", False),
        ("at_most", 5, False, False),
        ("exists", None, "", True),
        ("absent", None, "", False),
    ],
)
def test_comparisons(compare: str, value: t.Any, seen: t.Any, expected: bool) -> None:
    assert is_met(Condition("status", ("a",), compare, value), seen) is expected
