# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequences of tasks on a device that misbehaves, drawn by a seed.

A sequence is a change that one or two faults disturb, and the same change without faults. After each task the device is in
the old or the new state or, if the task says so, between them; the second task leads to the new state.
"""

from __future__ import annotations

import json
import random
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Kill,
    Meanwhile,
    assert_no_secret,
    code_of,
    fill_disk,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

SERVERS = "ntp/external-servers"
COMMUNITY = "snmp/read-community"
# A setting of each package, and what it may be. No value is that of the device before the sequence.
LEAVES: dict[str, list[t.Any]] = {
    "ntp/local-clock/stratum": [3, 4],
    "ntp/trust-time": [10, 20],
    "snmp/contact": ["noc", "operations"],
    "snmp/v3/user-name": ["a", "b"],
    "network/nameserver2": ["192.0.2.1", "192.0.2.2"],
    "notification/repeat": ["every-hour"],
    COMMUNITY: [f"{CANARY}-one", f"{CANARY}-two"],
}
FOREIGN: dict[str, t.Any] = {
    "ntp/local-clock/stratum": 9,
    "snmp/contact": "another client",
    "network/nameserver2": "192.0.2.9",
    "ntp/time-scale": "local",
    "notification/syslog/loglevel": "notice",
}
OPTIONS: Tree = {
    "verify_grace": 0.4,
    "command_timeout": 1.0,
    "retries": 0,
    "missing": "create",
    "state": "overridden",
    "update_secrets": "on_change",
}
# Shorter than SLOW: the answer comes too late.
SHORT_TIMEOUT, SLOW = 0.3, 0.45
REQUESTS = 22

_PUT_FAULTS: list[tuple[str, Tree]] = [
    ("status", {"status": 400}),
    ("status", {"status": 200, "body": {"data": {}}}),
    ("error-after-effect", {"status": 500}),
    ("close-after-effect", {}),
    ("close-before-answer", {}),
]
KINDS = (
    "swap",
    "reflection",
    "interim answers",
    "refusal after saving",
    "disk full",
    "kill",
    "foreign writer",
    "slow answer",
    "odd answer to a write",
    "refused credentials",
)


class Desired(t.NamedTuple):
    """What a task is to bring about. removed: ids of servers that it removes."""

    config: Tree
    wanted: dict[str, t.Any]
    removed: tuple[str, ...]


class Disturbance(t.NamedTuple):
    """A fault of a sequence: its kind, and the number that says when it occurs."""

    kind: str
    nth: int

    def __str__(self) -> str:
        return f"{self.kind} ({self.nth})"


def draw_desired(rng: random.Random, servers: t.Collection[str]) -> Desired:
    """Draw settings and, in half of the cases, the whole table of servers. servers: ids of those that exist."""
    wanted = {path: rng.choice(LEAVES[path]) for path in rng.sample(sorted(LEAVES), rng.randint(1, 4))}
    removed: tuple[str, ...] = ()
    if rng.random() < 0.5:
        ids = rng.sample("123", rng.randint(1, 2))
        wanted.update({f"{SERVERS}/{i}/address": f"192.0.2.1{i}" for i in ids})
        removed = tuple(sorted(set(servers) - set(ids)))
    config: Tree = {}
    for path, value in wanted.items():
        *menus, name = path.split("/")
        node = config
        for menu in menus:
            node = node.setdefault(menu, {})
        node[name] = value
    return Desired(config, wanted, removed)


def draw_disturbances(rng: random.Random) -> list[Disturbance]:
    """Draw one or two different kinds."""
    kinds = rng.sample(KINDS, rng.choice((1, 2)))
    return [Disturbance(kind, rng.randint(1, REQUESTS)) for kind in kinds]


def flat(tree: t.Any, at: str = "") -> Tree:
    """Return the leaves of a configuration by path; an empty menu is a leaf."""
    if not isinstance(tree, dict) or not tree:
        return {at: tree}
    found: Tree = {}
    for name, value in tree.items():
        found.update(flat(value, f"{at}/{name}" if at else name))
    return found


def differences(one: Tree, two: Tree) -> set[str]:
    """Return the paths at which two flat configurations differ."""
    return {path for path in one.keys() | two.keys() if one.get(path) != two.get(path)}


class Sequence:
    """One sequence on a device. options: of its tasks.

    other: the device that a swap leads to.  foreign: what another client changed.  unseen: settings that a task takes as
    written although they may not be.  story: what happened, for messages.
    """

    def __init__(
        self, seed: int, device: t.Any, other: t.Any, place: Path, options: t.Mapping[str, t.Any] | None = None
    ) -> None:
        self.rng = random.Random(seed)
        self.options = OPTIONS if options is None else options
        self.device, self.other, self.place = device, other, place
        self.story: list[str] = []
        self.foreign: dict[str, t.Any] = {}
        self.unseen: set[str] = set()
        self.former, self.saved = flat(running(device)), flat(startup(device))
        servers = {path.split("/")[2] for path in self.former if path.startswith(f"{SERVERS}/")}
        self.desired = draw_desired(self.rng, servers)
        self.disturbances = draw_disturbances(self.rng)
        self.others = running(other), startup(other)

    # -- playing

    def play(self) -> None:
        """Disturb a task, check what it says, and let one further task converge."""
        self.story.append(
            f"config {json.dumps(self.desired.config)}, disturbed by {', '.join(map(str, self.disturbances))}"
        )
        result = self.disturbed_task()
        self.device.clear_faults()
        self.assert_other_untouched()
        if result is None:
            self.story.append("killed")
            self.assert_between(flat(running(self.device)), self.former)
            self.assert_between(flat(startup(self.device)), self.saved)
        else:
            self.story.append(json.dumps({**result, "diff": None}, default=str)[:2000])
            self.assert_truthful(result)
        assert_no_secret(self.place)
        self.converge()

    def disturbed_task(self) -> Tree | None:
        """The result of the disturbed task, None if it was killed."""
        device, options = self.device, {**self.options, "read_timeout": 5.0}
        device.ledger.clear()
        kill: Kill | None = None
        with pytest.MonkeyPatch.context() as patch, _Meanwhiles() as meanwhiles:
            for kind, nth in self.disturbances:
                if kind == "kill":
                    points = ("before", "after", "during", "journal-before", "journal-after")
                    kill = Kill(self.rng.choice(points), nth)
                elif kind == "disk full":
                    fill_disk(patch, self.rng.choice(("journal", "fingerprints")), nth % 12 + 1)
                elif kind == "foreign writer":
                    meanwhiles.enter(self.foreign_writer(nth))
                else:
                    options.update(self.add_fault(kind, nth))
            if kill is not None:
                # It may end before the point, without a result that could be checked.
                run_killed(device, self.desired.config, kill, journal=self.place, **options)
                return None
            return run_config(device, self.desired.config, journal=self.place, **options)

    def add_fault(self, kind: str, nth: int) -> Tree:
        """Add a fault to the device; returns the options that the task needs for it."""
        device, rng = self.device, self.rng
        if kind == "swap":
            device.add_fault("swap", device=self.other.name, nth=nth)
            device.add_fault("close-after-answer", nth=nth)
        elif kind == "reflection":
            status, form = rng.choice((400, 403, 500)), rng.choice(("json", "html"))
            device.add_fault("reflect", status=status, form=form, method=rng.choice(("PUT", "GET")), nth=nth % 8 + 1)
        elif kind == "interim answers":
            device.add_fault("interim", nth=nth, times=rng.choice((1, 1000)))
        elif kind == "refusal after saving":
            saves = 1 + nth % 3
            meanwhile = rng.choice((401, 403, 503))
            device.add_fault("status", status=meanwhile, method="PUT", path="/api/write", nth=saves + 1, times=1000)
        elif kind == "slow answer":
            device.add_fault("delay", seconds=SLOW, nth=nth)
            return {"read_timeout": SHORT_TIMEOUT, "request_timeout": SHORT_TIMEOUT}
        elif kind == "odd answer to a write":
            name, members = rng.choice(_PUT_FAULTS)
            device.add_fault(name, **members, method="PUT", nth=nth % 8 + 1, times=rng.choice((1, 1, 1000)))
            if members.get("status") == 200:
                # That a secret was not replaced does not show: it is masked before and after.
                self.unseen.add(COMMUNITY)
        elif kind == "refused credentials":
            device.add_fault("status", status=401, nth=nth, times=1000)
        return {}

    def foreign_writer(self, nth: int) -> Meanwhile:
        path = self.rng.choice(sorted(FOREIGN))

        def act(inner: t.Any) -> None:
            self.foreign[path] = FOREIGN[path]
            inner.foreign_change(path, FOREIGN[path])

        return Meanwhile(self.device, act, self.rng.choice(("GET", "PUT")), "/api/", nth % 10 + 1)

    # -- checking

    def explains(self, path: str, value: t.Any) -> bool:
        """Whether a value that is not the former one comes from the task or from another client."""
        wanted = self.desired.wanted
        items = [*self.desired.removed, *(p.split("/")[2] for p in wanted if p.startswith(SERVERS))]
        in_item = path == SERVERS or any(path.startswith(f"{SERVERS}/{i}") for i in items)
        return in_item or value == wanted.get(path, self) or value == self.foreign.get(path, self)

    def assert_between(self, now: Tree, former: Tree) -> None:
        for path in differences(now, former):
            assert self.explains(path, now.get(path)), (path, former.get(path), now.get(path))

    def own_differences(self, now: Tree, former: Tree) -> set[str]:
        """Differences that another client did not make."""
        return {path for path in differences(now, former) if path not in self.foreign}

    def assert_new(self, now: Tree) -> None:
        for path, value in self.desired.wanted.items():
            assert path in self.foreign or path in self.unseen or now.get(path) == value, (path, now.get(path))
        for i in self.desired.removed:
            assert not any(path.startswith(f"{SERVERS}/{i}/") for path in now), i

    def assert_truthful(self, result: Tree) -> None:
        code, now, saved = code_of(result), flat(running(self.device)), flat(startup(self.device))
        text = json.dumps(result, default=str)
        for secret in (CANARY, *self.device.users.values()):
            assert secret not in text, "a secret is in the result"
        assert code != "internal", result["msg"]
        assert sum(entry["status"] == 401 for entry in self.device.ledger) <= 1, "refused credentials were sent again"
        self.assert_between(now, self.former)
        self.assert_between(saved, self.saved)
        self.assert_operations(result)
        if code is None:
            self.assert_new(now)
        if not result["changed"] or result.get("rollback", {}).get("state") in ("rolled_back", "not_needed"):
            assert self.own_differences(now, self.former) == set(), "the device has changed"
        told = result.get("saved", False)
        if told is False and not (code == "save_failed" and self.foreign):
            # The device counts all changes together: as many new ones of another client hide that some were saved.
            assert differences(saved, self.saved) == set(), "the startup configuration has changed"
        elif told is True:
            assert self.own_differences(saved, now) == set(), "the startup configuration is another one"

    def assert_operations(self, result: Tree) -> None:
        """Assert that the result agrees with the writes that the device received."""
        sent = [e["path"] for e in self.device.ledger if e["write"] and e["path"] != "/api/write"]
        if not sent:
            assert not result["changed"], "changed without a write"
        elif code_of(result) is not None:
            assert {"operations", "changed", "saved"} <= set(result)
        started = [o for o in result.get("operations", []) if o["state"] not in ("waiting", "skipped")]
        assert sent or not any(o["state"] in ("succeeded", "rolled_back") for o in started), "succeeded without a write"
        for path in sent:
            name = path.partition("/config/")[2]
            assert any(name.startswith(o["path"]) for o in started), f"{path} is in no operation"

    def assert_other_untouched(self) -> None:
        assert (running(self.other), startup(self.other)) == self.others, "the other device was changed"
        assert self.other.ledger.writes == 0

    # -- converging

    def converge(self) -> None:
        """One further task without faults leads to the new state; after a change by another client, once the journal is removed."""
        foreign = dict(self.foreign)
        result = self.run()
        is_removed = code_of(result) == "conflict" and bool(foreign)
        if is_removed:
            assert str(self.place) in result["msg"]
            for file in self.place.glob("*.json"):
                file.unlink()
            result = self.run()
        if code_of(result) == "rollback_failed" and any(d.kind == "slow answer" for d in self.disturbances):
            # The write without an answer took effect while this task rolled back: its journal is open, and the next one ends it.
            assert result["changed"] is True
            result = self.run()
        assert code_of(result) is None, result["msg"]
        now, saved = flat(running(self.device)), flat(startup(self.device))
        self.foreign = {path: value for path, value in foreign.items() if path not in self.desired.wanted}
        self.assert_between(now, self.former)
        self.assert_new(now)
        assert list(self.place.glob("*.json")) == []
        unsaved = differences(saved, now) - foreign.keys()
        assert is_removed or unsaved == set(), "not everything is saved"
        assert_no_secret(self.place)

    def run(self) -> Tree:
        result = run_config(
            self.device, self.desired.config, journal=self.place, **{**self.options, "verify_grace": 2.0}
        )
        self.story.append(f"further task: {code_of(result)}, changed {result['changed']}, {result.get('recovery')}")
        return result


class _Meanwhiles:
    """Ends events at the device together."""

    def __init__(self) -> None:
        self._entered: list[Meanwhile] = []

    def enter(self, meanwhile: Meanwhile) -> None:
        self._entered.append(meanwhile.__enter__())

    def __enter__(self) -> _Meanwhiles:
        return self

    def __exit__(self, *_exc: object) -> None:
        for meanwhile in self._entered:
            meanwhile.__exit__()
