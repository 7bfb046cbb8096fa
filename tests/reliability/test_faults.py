# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 28 to 39 and 55 to 68 of the fault matrix: the result of a task, and the state of the device after it.

Each case runs in check and in apply mode, then without the fault until nothing is left to do. Number 67 is tested as far
as one address allows: the device becomes unreachable once its network is written.
"""

from __future__ import annotations

import contextlib
import json
import time
import typing as t
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Meanwhile,
    assert_no_secret,
    code_of,
    on_request,
    run_config,
    running,
    startup,
)

Tree = dict[str, t.Any]
Setup = t.Callable[[t.Any], t.Any]

TREE: Tree = {
    "ntp": {"local-clock": {"stratum": 10}},
    "snmp": {"contact": "noc", "location": "hall", "read-community": f"{CANARY}-read"},
    "network": {"nameserver2": "192.0.2.54"},
}
OPTIONS: Tree = {"verify_grace": 2.0, "command_timeout": 1.0, "retries": 1}
# The sections that are written first and last.
FIRST, LAST = "/api/config/ntp", "/api/config/network"
ENVELOPE = {"system-information": {"model": "M600"}, "data": {}}
FORMER, DESIRED, OTHER = "former", "desired", "other"


@dataclass
class Case:
    """One fault.

    setup: plays the fault on a device; it may return a context manager that is open while the task runs.
    codes: codes that the task may fail with, empty if it succeeds; check_codes: the same in check mode, which has no
    faults of writing.  end: the running configuration after the task.  more: merged into the desired tree.
    """

    name: str
    setup: Setup
    codes: tuple[str, ...] = ()
    check_codes: tuple[str, ...] = ()
    end: str = DESIRED
    saved: bool | None = None
    more: Tree = field(default_factory=dict)
    options: Tree = field(default_factory=dict)
    also: t.Callable[[t.Any, Tree], None] = lambda _device, _result: None
    seconds: float = 6.0

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def fault(kind: str, **members: t.Any) -> Setup:
    return lambda device: (device.add_fault(kind, **members), None)[1]


def faults(*given: tuple[str, Tree]) -> Setup:
    return lambda device: [device.add_fault(kind, **m) for kind, m in given] and None


def dialect(**choices: t.Any) -> Setup:
    return lambda device: device.set_dialect(**choices)


def puts(device: t.Any, path: str = "/api/config") -> int:
    return sum(e["write"] and e["path"].startswith(path) for e in device.ledger)


def exactly(number: int, path: str = "/api/config") -> t.Callable[[t.Any, Tree], None]:
    def check(device: t.Any, _result: Tree) -> None:
        assert puts(device, path) == number

    return check


def meanwhile(act: t.Callable[[t.Any], object], method: str = "GET", path: str = FIRST, nth: int = 2) -> Setup:
    """Act at a request; before the second GET of the first section all is read once and nothing is written."""
    return lambda device: Meanwhile(device, act, method, path, nth)


@contextlib.contextmanager
def replaced(device: t.Any, **members: t.Any) -> t.Iterator[None]:
    """Another device, or another firmware, answers from the second read on."""
    inner = device._device
    former = inner.identity, inner.profile

    def act(_device: t.Any) -> None:
        if "serial" in members:
            inner.identity = inner.identity._replace(**members)
        else:
            inner.profile = replace(inner.profile, **members)

    try:
        with Meanwhile(device, act, "GET", FIRST, 2):
            yield
    finally:
        inner.identity, inner.profile = former


@contextlib.contextmanager
def unreachable_network(device: t.Any) -> t.Iterator[None]:
    """The device becomes unreachable once its network is written."""

    inner, written = device._device, []

    def act(method: str, path: str) -> None:
        if written and not inner.away_until:
            inner.away_until = inner.ticks() + 3600
        if method == "PUT" and path.startswith(LAST):
            written.append(path)

    remove = on_request(device, act)
    try:
        yield
    finally:
        remove()


def says(text: str) -> t.Callable[[t.Any, Tree], None]:
    def check(_device: t.Any, result: Tree) -> None:
        assert text in result["msg"], result["msg"]

    return check


def rollback(state: str) -> t.Callable[[t.Any, Tree], None]:
    def check(_device: t.Any, result: Tree) -> None:
        assert result["rollback"]["state"] == state, result

    return check


def retry_after(value: str, *codes: str) -> Case:
    shown = "".join(c if c.isalnum() else "-" for c in value)
    return Case(
        f"31 429 with Retry-After {shown}",
        fault("status", status=429, method="GET", times=1, headers={"Retry-After": value}),
        codes,
        codes,
        FORMER if codes else DESIRED,
    )


CASES = [
    Case(
        "28 missing section",
        fault("status", status=404, method="GET", path="/api/config/snmp"),
        ("unknown_name",),
        ("unknown_name",),
        FORMER,
    ),
    *[
        Case(
            f"29 {status} on PUT",
            fault("status", status=status, method="PUT"),
            ("method_refused",),
            end=FORMER,
            also=exactly(1),
        )
        for status in (405, 501)
    ],
    *[
        Case(
            f"30 {status} on a later PUT",
            fault("status", status=status, method="PUT", path=LAST),
            ("conflict",),
            end=FORMER,
            also=exactly(1, LAST),
        )
        for status in (409, 412, 423)
    ],
    Case(
        "30 423 on the first PUT", fault("status", status=423, method="PUT"), ("conflict",), end=FORMER, also=exactly(1)
    ),
    retry_after("0"),
    retry_after("-5"),
    retry_after("Sat, 01 Jan 2022 00:00:00 GMT"),
    retry_after("soon"),
    retry_after("99999999999999999999", "busy"),
    retry_after("Fri, 01 Jan 2100 00:00:00 GMT", "busy"),
    Case(
        "31 429 on PUT",
        fault("status", status=429, method="PUT", path=LAST),
        ("busy",),
        end=FORMER,
        also=exactly(1, LAST),
    ),
    Case("32 500 once on GET", fault("status", status=500, method="GET", times=1)),
    Case(
        "33 500 after the PUT took effect", fault("error-after-effect", method="PUT", path=LAST), also=exactly(1, LAST)
    ),
    Case(
        "33 500 without effect",
        fault("status", status=500, method="PUT", path=LAST),
        ("server_error",),
        end=FORMER,
        also=exactly(1, LAST),
    ),
    Case(
        "34 503 while a service restarts",
        fault("status", status=503, method="GET", path=FIRST, nth=3, times=3),
        options={"retries": 0},
    ),
    Case(
        "34 the web service is unreachable for a while",
        meanwhile(lambda d: setattr(d, "away_until", d.ticks() + 0.5), "GET", FIRST, 3),
    ),
    Case(
        "35 an error in a 200",
        fault("status", status=200, method="PUT", path=LAST, body={"error": "no"}),
        ("rejected",),
        end=FORMER,
        also=exactly(1, LAST),
    ),
    Case(
        "35 all of them",
        dialect(put_answer="error-in-200"),
        ("rejected",),
        end=FORMER,
        more={"ntp": {"local-clock": {"stratum": 99}}},
    ),
    Case(
        "36 clamped",
        dialect(request_error="clamp"),
        ("not_applied",),
        end=FORMER,
        more={"ntp": {"local-clock": {"stratum": 99}}},
        also=rollback("rolled_back"),
    ),
    Case(
        "36 ignored",
        fault("status", status=200, method="PUT", path=LAST, body=ENVELOPE),
        ("not_applied",),
        end=FORMER,
        also=rollback("rolled_back"),
    ),
    *[
        Case(
            f"37 shown as {form}",
            dialect(switch_form=form),
            more={"ntp": {"local-clock": {"disabled": True}, "trust-time": 5}},
        )
        for form in ("enabled-disabled", "on-off", "int", "strings")
    ],
    Case("38 applied later", dialect(effect="delayed", effect_delay=0.4)),
    *[
        Case(f"39 answer {form}", dialect(put_answer=form, effect_delay=0.2))
        for form in ("202", "204", "empty", "envelope-no-data")
    ],
    Case(
        "55 reset during PUT",
        fault("close-before-answer", method="PUT", path=LAST),
        ("disconnected",),
        end=FORMER,
        also=exactly(1, LAST),
    ),
    Case("56 lost after PUT", fault("close-after-effect", method="PUT", path=LAST), also=exactly(1, LAST)),
    Case(
        "57 reboot in mid-plan",
        meanwhile(lambda d: d.reboot(), "PUT", LAST, 1),
        ("not_applied", "disconnected"),
        end=FORMER,
    ),
    Case(
        "57 reboot after the last PUT",
        meanwhile(lambda d: d.reboot(), "GET", FIRST, 3),
        ("not_applied",),
        end=FORMER,
        also=rollback("not_needed"),
    ),
    Case(
        "58 another device",
        lambda device: replaced(device, serial="999999999999"),
        ("conflict",),
        end=FORMER,
        also=exactly(0),
    ),
    Case(
        "59 a setting of the plan is changed",
        meanwhile(lambda d: d.foreign_change("ntp/local-clock/stratum", 5)),
        ("conflict",),
        end=OTHER,
        also=exactly(0),
    ),
    Case(
        "60 another setting is changed",
        meanwhile(lambda d: d.foreign_change("ntp/trust-time", 77), "PUT", FIRST, 1),
        end=OTHER,
    ),
    Case(
        "61 another firmware",
        lambda device: replaced(device, firmware="fw_7.12.001"),
        ("conflict",),
        end=FORMER,
        also=exactly(0),
    ),
    Case(
        "62 unknown members and values",
        fault("added-members", members={"later": {"mode": "quantum"}, "list": [1], "null": None}),
    ),
    Case(
        "63 a missing name",
        fault("missing-member", name="nameserver2"),
        ("unknown_name",),
        ("unknown_name",),
        FORMER,
    ),
    Case(
        "64 an object-id twice",
        fault("hostile-id", object_id="lan0", path=LAST),
        ("duplicate_object_id",),
        ("duplicate_object_id",),
        FORMER,
        more={"network": {"ports": {"lan1": {"indicate-link": False}}}},
    ),
    Case("64 an object-id twice where nothing is configured", fault("hostile-id", object_id="lan0", path=LAST)),
    Case(
        "65 the last PUT fails",
        fault("status", status=400, method="PUT", path=LAST),
        ("rejected",),
        end=FORMER,
        also=rollback("rolled_back"),
    ),
    Case(
        "66 the rollback fails too",
        faults(
            ("status", {"status": 400, "method": "PUT", "path": LAST}),
            ("status", {"status": 400, "method": "PUT", "path": FIRST, "nth": 2}),
        ),
        ("rollback_failed",),
        end=OTHER,
        also=rollback("rollback_failed"),
    ),
    Case(
        "66 the connection breaks in the rollback",
        faults(
            ("status", {"status": 400, "method": "PUT", "path": LAST}),
            ("close-before-answer", {"method": "PUT", "path": FIRST, "nth": 2}),
        ),
        ("state_unknown", "rollback_failed"),
        end=OTHER,
    ),
    Case(
        "67 the device becomes unreachable",
        unreachable_network,
        ("state_unknown",),
        end=DESIRED,
        saved=False,
        also=says("the startup configuration was not touched"),
        seconds=12.0,
    ),
    *[
        Case(
            f"68 {name}",
            fault("status", method="PUT", path="/api/write", **members),
            ("save_failed",),
            end=DESIRED,
            saved=False,
        )
        for name, members in {
            "saving is refused": {"status": 500},
            "the disk is full": {"status": 507, "body": "no space left on device"},
            "saved, says the device": {"status": 200, "body": ENVELOPE},
            "nothing says the device": {"status": 204},
        }.items()
    ],
    Case(
        "68 no answer to saving",
        fault("close-before-answer", method="PUT", path="/api/write"),
        ("save_failed",),
        end=DESIRED,
        saved=False,
    ),
]

NUMBERS = {28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, *range(55, 69)}


def merged(tree: Tree, more: Tree) -> Tree:
    result = dict(tree)
    for name, value in more.items():
        result[name] = merged(result.get(name, {}), value) if isinstance(value, dict) else value
    return result


def test_every_number_has_a_case() -> None:
    assert {int(case.name.split()[0]) for case in CASES} == NUMBERS


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_fault(device: t.Any, tmp_path: Path, case: Case, check: bool) -> None:
    device.change("snmp/read-community", "")
    device._fleet.call(device._device.config.save)
    device.set_dialect(command_seconds=0)
    clean = device.snapshot()
    tree, place = merged(TREE, case.more), tmp_path / "journal"

    def run(wanted: Tree | None = None, **options: t.Any) -> Tree:
        return run_config(device, wanted or tree, journal=place, **{**OPTIONS, **case.options, **options})

    planned = {o["path"] for o in run(TREE, check=True)["operations"]}
    former, saved = running(device), startup(device)
    device.ledger.clear()
    manager = case.setup(device)
    began = time.monotonic()
    with manager if manager is not None else contextlib.nullcontext():
        result = run(check=check)
    spent = time.monotonic() - began
    writes = [e["path"][len("/api/config/") :] for e in device.ledger if e["write"]]
    shown = running(device)

    code = code_of(result)
    assert spent < case.seconds
    assert code is None or code in KINDS
    for secret in (CANARY, *device.users.values()):
        assert secret not in json.dumps(result)
    assert_no_secret(tmp_path)
    if check:
        assert (code in case.check_codes) if case.check_codes else code is None, result
        assert writes == []
        assert "changed" in result
        assert result["changed"] is (code is None)
    else:
        assert (code in case.codes) if case.codes else code is None, result
        planned |= {"ntp", "network/ports/lan1"}
        assert all(p == "" or any(p.startswith(q) for q in planned) for p in writes), writes
        if shown != former and case.end != OTHER:
            assert result["changed"] is True
        if code in ("state_unknown", "rollback_failed"):
            assert result["changed"] is True
        if case.end == FORMER:
            assert shown == former
        if code is not None:
            assert startup(device) == saved
        if case.saved is not None:
            assert result.get("saved", False) is case.saved
        case.also(device, result)

    # Without the fault: one run converges, the next one has nothing to do.
    device.clear_faults()
    device._device.away_until = 0.0
    device.set_dialect(**clean["dialect"])
    wanted = TREE if case.codes else tree
    again = run(wanted)
    assert code_of(again) is None, again["msg"]
    if code is None and not check:
        assert (result["saved"], again["changed"]) == (True, False)
    assert running(device)["ntp"]["local-clock"]["stratum"] == wanted["ntp"]["local-clock"]["stratum"]
    assert running(device)["snmp"]["read-community"] == f"{CANARY}-read"
    assert running(device)["network"]["nameserver2"] == "192.0.2.54"
    assert running(device) == startup(device)
    device.ledger.clear()
    assert run(wanted)["changed"] is False
    assert device.ledger.writes == 0
    assert [file.suffix for file in place.iterdir()] == [".lock"]


def test_members_of_a_later_firmware_change_no_plan(device: t.Any, tmp_path: Path) -> None:
    expected = run_config(device, TREE, journal=tmp_path, check=True)["operations"]
    device.add_fault("added-members", members={"later": {"mode": "quantum"}})
    assert run_config(device, TREE, journal=tmp_path, check=True)["operations"] == expected


def test_a_change_by_another_client_beside_the_plan_is_reported(device: t.Any, tmp_path: Path) -> None:
    def act(inner: t.Any) -> None:
        inner.foreign_change("ntp/trust-time", 77)

    with Meanwhile(device, act, "PUT", FIRST):
        result = run_config(device, TREE, journal=tmp_path)
    assert result["also_changed"] == ["ntp/trust-time"]
    assert running(device)["ntp"]["trust-time"] == 77


@pytest.mark.parametrize("effect", ["close-before-answer", "close-after-effect"])
def test_a_secret_that_may_have_arrived(device: t.Any, tmp_path: Path, effect: str) -> None:
    """56 with a secret that was set before: reading shows the same mask in both cases."""
    device.change("snmp/read-community", "former")
    device._fleet.call(device._device.config.save)
    saved = startup(device)
    device.add_fault(effect, method="PUT", path="/api/config/snmp")
    tree = {"snmp": {"read-community": f"{CANARY}-read"}}
    result = run_config(device, tree, journal=tmp_path, update_secrets="always", verify_grace=0.3)
    assert code_of(result) in ("rollback_failed", "state_unknown")
    assert (result["changed"], result["saved"]) == (True, False)
    assert startup(device) == saved
    assert_no_secret(tmp_path)
    device.clear_faults()
    again = run_config(device, tree, journal=tmp_path, update_secrets="always")
    assert (code_of(again), again["saved"]) == (None, True), again
    assert running(device)["snmp"]["read-community"] == f"{CANARY}-read"
    assert running(device) == startup(device)


def test_a_device_that_restarts_after_it_became_unreachable(device: t.Any, tmp_path: Path) -> None:
    """67: a restart restores the former configuration, as the message says."""
    former = running(device)
    with unreachable_network(device):
        result = run_config(device, TREE, journal=tmp_path, verify_grace=0.5)
    assert (code_of(result), result["changed"]) == ("state_unknown", True)
    device.reboot()
    assert running(device) == former
    again = run_config(device, TREE, journal=tmp_path)
    assert again["recovery"]["verdict"] == "not_applied"
    assert again["saved"] is True
