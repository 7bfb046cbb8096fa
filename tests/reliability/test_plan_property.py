# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reviewed plan, and another client that changes the device before it is applied: the plan is sent as it was reviewed, or not at all."""

from __future__ import annotations

import collections
import contextlib
import functools
import itertools
import json
import typing as t
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Meanwhile,
    Tree,
    assert_no_secret,
    code_of,
    run_config,
    running,
    startup,
)

# 500 in make thorough.
EXAMPLES = 500 if settings().max_examples >= 100 else 20
SERVERS = "ntp/external-servers"
IDS = ["1", "2", "3"]

# Settings, and what they may be.
LEAVES: dict[str, list[t.Any]] = {
    "ntp/local-clock/stratum": [3, 4, 12],
    "ntp/local-clock/disabled": [True, False],
    "ntp/trust-time": [10, 86400],
    "ntp/multicast/enabled": [True, False],
    "snmp/contact": ["noc", "operations", "o\u202ef\u00a0\u00e9\u20ac"],
    "snmp/v3/user-name": ["a", "b", ""],
    "notification/repeat": ["never", "every-hour"],
    "notification/syslog/loglevel": ["notice", "error"],
    "network/nameserver2": ["192.0.2.1", "192.0.2.2"],
    "network/ports/lan1/indicate-link": [True, False],
}
SECRETS = ["snmp/read-community", "snmp/v3/auth-passphrase", "notification/email/smarthost-password"]
SECRET_VALUES = [f"{CANARY}-one", f"{CANARY}-two"]
ITEMS = st.fixed_dictionaries(
    {"address": st.sampled_from(["192.0.2.1", "192.0.2.2"])}, optional={"minpoll": st.integers(4, 7)}
)


class Case(t.NamedTuple):
    """present: the device before the plan.  wanted: settings of the desired tree.  foreign: changes of another client, at once or when
    request number `nth` of the task arrives.
    """

    present: dict[str, t.Any]
    wanted: dict[str, t.Any]
    options: Tree
    foreign: dict[str, t.Any]
    nth: int

    @property
    def config(self) -> Tree:
        tree: Tree = {}
        for path, value in self.wanted.items():
            *menus, name = path.split("/")
            menu = tree
            for each in menus:
                menu = menu.setdefault(each, {})
            menu[name] = value
        return tree


def _choices(paths: t.Iterable[str], removed: bool) -> st.SearchStrategy[dict[str, t.Any]]:
    values: dict[str, st.SearchStrategy[t.Any]] = {path: st.sampled_from(LEAVES[path]) for path in paths}
    values.update({path: st.sampled_from(SECRET_VALUES) for path in SECRETS})
    items = ITEMS | st.none() if removed else ITEMS
    values.update({f"{SERVERS}/{number}": items for number in IDS})
    return st.dictionaries(st.sampled_from(sorted(values)), st.none(), max_size=6).flatmap(
        lambda chosen: st.fixed_dictionaries({path: values[path] for path in chosen})
    )


OPTIONS = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["merged", "overridden"]),
        "update_secrets": st.sampled_from(["on_create", "always", "on_change"]),
        "save": st.sampled_from(["changed", "never"]),
    }
)
CASES = st.builds(
    Case,
    present=_choices(LEAVES, removed=True),
    wanted=_choices(LEAVES, removed=False).filter(bool),
    options=OPTIONS,
    foreign=_choices(LEAVES, removed=True) | st.just({}),
    nth=st.integers(0, 5),
)


class Run:
    """One example on one device."""

    def __init__(self, device: t.Any, place: Path, case: Case) -> None:
        self.device, self.place, self.case = device, place, case
        self.plan = place / "ts1.plan.json"
        self.has_changed = False
        self.options: Tree = {
            **case.options,
            "missing": "create",
            "verify_grace": 0.5,
            "pending": "ignore",
            "retries": 0,
        }

    def task(self, journal: str, **options: t.Any) -> Tree:
        self.device.clear_ledger()
        return run_config(self.device, self.case.config, journal=self.place / journal, **{**self.options, **options})

    def sent(self) -> list[t.Any]:
        """Changes of the configuration that reached the device."""
        writes = [entry for entry in self.device.ledger if entry["write"] and entry["path"] != "/api/write"]
        return [(entry["method"], entry["path"], entry["body"]) for entry in writes]

    def change(self, changes: t.Mapping[str, t.Any]) -> None:
        self.device._fleet.call(lambda: self.change_in_loop(self.device._device, changes))

    @staticmethod
    def change_in_loop(inner: t.Any, changes: t.Mapping[str, t.Any]) -> None:
        for path, value in changes.items():
            # An item that does not exist cannot be removed.
            with contextlib.suppress(LookupError, ValueError):
                inner.foreign_change(path, value)

    def play(self) -> str:
        """What became of the plan: sent, refused, or nothing to do."""
        self.change(self.case.present)
        planned = self.task("plan", check=True, plan_dest=str(self.plan))
        assert code_of(planned) is None, planned["msg"]
        assert self.sent() == []
        reviewed = self.device.snapshot()
        assert code_of(self.task("reference")) is None
        expected = self.sent()
        self.device.restore(reviewed)
        self.assert_in_file(expected)
        result = self.apply()
        sent, code = self.sent(), code_of(result)
        assert_no_secret(self.place)
        assert CANARY not in json.dumps(result)
        if not self.case.foreign:
            assert (code, sent) == (None, expected), result
        if sent:
            # The changes of another client can hide from the number of unsaved ones whether the save was complete.
            assert sent == expected, result
            assert code in (None, "save_failed"), result
            return "sent"
        assert result["changed"] is False
        assert (running(self.device), startup(self.device)) == self.untouched(reviewed)
        if code is None:
            return "nothing to do"
        assert code in ("plan_changed", "conflict"), result["msg"]
        assert (code == "plan_changed") == bool(result.get("plan_difference"))
        return "refused"

    def apply(self) -> Tree:
        # Each section is read for the plan, and then again before the first write. What changes after that is found by the verification.
        nth = min(self.case.nth, len(self.case.config) + 1)
        options = {"plan_src": str(self.plan), "plan_dest": str(self.place / "again.plan.json")}
        if nth == 0:
            self.change(self.case.foreign)
            self.has_changed = True
            predicted = self.task("apply", check=True, **options)
            assert self.sent() == []
            result = self.task("apply", **options)
            assert (code_of(predicted), predicted["changed"]) == (code_of(result), result["changed"])
            return result
        act = functools.partial(self.change_in_loop, changes=self.case.foreign)
        with Meanwhile(self.device, act, "GET", "/api/", nth) as meanwhile:
            result = self.task("apply", **options)
        # A task that has nothing to do sends fewer requests.
        self.has_changed = meanwhile.done.is_set()
        return result

    def assert_in_file(self, expected: list[t.Any]) -> None:
        document = json.loads(self.plan.read_text("ascii"))
        paths = [operation["path"] for operation in document["operations"]]
        assert len(paths) == len(expected)
        assert all(path in request[1] for path, request in zip(paths, expected)), (paths, expected)

    def untouched(self, reviewed: t.Any) -> tuple[Tree, Tree]:
        """The configurations after the other client alone."""
        self.device.restore(reviewed)
        if self.has_changed:
            self.change(self.case.foreign)
        return running(self.device), startup(self.device)


@pytest.mark.hypothesis
def test_the_reviewed_operations_are_sent_or_none(shared_fleet: SharedFleet, tmp_path: Path) -> None:
    outcomes: collections.Counter[str] = collections.Counter()
    numbers = itertools.count()

    # Every example uses the network, so that failures are not shrunk.
    @settings(max_examples=EXAMPLES, phases=(Phase.generate,))
    @given(CASES)
    def search(case: Case) -> None:
        outcomes[Run(shared_fleet.reset()["ts1"], tmp_path / str(next(numbers)), case).play()] += 1

    search()
    assert set(outcomes) == {"sent", "refused", "nothing to do"}, outcomes
