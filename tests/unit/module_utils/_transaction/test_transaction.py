# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards, journals, fingerprints of secrets, and the way back."""

from __future__ import annotations

import json
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan import rollback as back
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.safety_checks import Access, check
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.fingerprints import Fingerprints
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, new_record
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import covered

DEVICE: dict[str, t.Any] = {
    "network": {
        "interfaces": [
            {"object-id": "vif0", "ipv4": {"address": "192.0.2.1"}, "services": {"https": True, "http": True}},
            {"object-id": "vif1", "ipv4": {"address": "192.0.2.2"}, "services": {"https": True, "http": True}},
        ]
    },
    "security": {"users": [{"object-id": "ansible", "level": "admin"}, {"object-id": "guest", "level": "info"}]},
    "system": {"rest-api": True},
    "ntp": {"servers": [{"object-id": "1", "address": "a", "community": "****"}], "keys": [3, 1, 2]},
}


def guarded(
    desired: dict[str, t.Any],
    state: str = "merged",
    access: Access = Access("192.0.2.1", True, "ansible"),  # noqa: B008
    restrict: list[str] | None = None,
) -> Plan:
    made = make_plan(canonical(DEVICE), canonical(desired), PlanPolicy(state=state))
    check(made, canonical(DEVICE).value, access, restrict)
    return made


def services(interface: str, **on: bool) -> dict[str, t.Any]:
    return {"network": {"interfaces": {interface: {"services": on}}}}


@pytest.mark.parametrize(
    ("desired", "state"),
    [
        (services("vif0", https=False), "merged"),
        ({"security": {"users": {"ansible": {"level": "info"}}}}, "merged"),
        ({"security": {"users": {"ansible": {}}}}, "deleted"),
        ({"security": {"users": {"guest": {}}}}, "overridden"),
        ({"system": {"rest-api": False}}, "merged"),
        ({"network": {"interfaces": {"vif0": {}}}}, "deleted"),
    ],
)
def test_the_own_access_is_never_cut(desired: dict[str, t.Any], state: str) -> None:
    with pytest.raises(LantimeError) as caught:
        guarded(desired, state)
    assert caught.value.code == "protected"


@pytest.mark.parametrize(
    ("desired", "state"),
    [
        (services("vif1", https=False), "merged"),
        (services("vif0", http=False), "merged"),
        ({"security": {"users": {"guest": {"level": "admin"}}}}, "merged"),
        ({"security": {"users": {"guest": {}}}}, "deleted"),
        ({"network": {"interfaces": {"vif1": {}}}}, "deleted"),
    ],
)
def test_the_access_of_others_may_be_changed(desired: dict[str, t.Any], state: str) -> None:
    assert guarded(desired, state).changes


def test_where_the_own_interface_cannot_be_told_none_may_lose_the_service() -> None:
    for host, tls, service in (("ts1", True, "https"), ("198.51.100.1", False, "http")):
        for interface in ("vif0", "vif1"):
            with pytest.raises(LantimeError, match="comes in by"):
                guarded(services(interface, **{service: False}), access=Access(host, tls, None))


def test_restrict_names_what_may_change() -> None:
    desired = {"ntp": {"servers": {"1": {"address": "b"}}, "keys": [1]}}
    assert guarded(desired, restrict=["ntp"]).changes
    assert guarded(desired, restrict=["ntp/servers/*/address", "ntp/keys"]).changes
    with pytest.raises(LantimeError) as caught:
        guarded(desired, restrict=["ntp/servers"])
    assert (caught.value.code, caught.value.path) == ("restricted", "ntp/keys")
    with pytest.raises(LantimeError):
        guarded({"ntp": {"servers": {"1": {}}}}, "deleted", restrict=["snmp"])


@pytest.mark.parametrize(
    ("pattern", "path", "hit"),
    [
        ("ntp", "ntp/keys", True),
        ("ntp/servers/*/key", "ntp/servers/1/key", True),
        ("ntp/*", "ntp", False),
        ("ntp/*", "ntp/servers/1", True),
        ("*/keys", "ntp/keys", True),
        ("ntp/k?ys", "ntp/keys", True),
        ("nt*", "network", False),
        ("", "ntp", False),
    ],
)
def test_patterns_of_paths(pattern: str, path: str, hit: bool) -> None:
    assert covered(tuple(path.split("/")), [pattern]) is hit


def test_ignored_paths_and_unordered_lists_are_no_changes() -> None:
    desired = canonical({"ntp": {"keys": [1, 2, 3], "servers": {"1": {"address": "b"}}}})
    policy = PlanPolicy(ignore=("ntp/servers/*/address",), unordered=("ntp/keys",))
    assert make_plan(canonical(DEVICE), desired, policy).changes == ()
    assert len(make_plan(canonical(DEVICE), desired, PlanPolicy()).changes) == 2


def test_overridden_removes_and_adds_deleted_only_removes() -> None:
    desired = canonical({"ntp": {"servers": {"2": {"address": "b"}}}})
    made = make_plan(canonical(DEVICE), desired, PlanPolicy(state="overridden"))
    assert [(c.action, c.path[-1]) for c in made.changes] == [("create", "2"), ("delete", "1")]
    empty = make_plan(canonical(DEVICE), canonical({"ntp": {"servers": []}}), PlanPolicy(state="overridden"))
    assert [(c.action, c.path[-1]) for c in empty.changes] == [("delete", "1")]
    both = canonical({"ntp": {"servers": {"1": {"address": "a"}, "9": None}}})
    gone = make_plan(canonical(DEVICE), both, PlanPolicy(state="deleted"))
    assert [(c.action, c.path[-1]) for c in gone.changes] == [("delete", "1")]
    with pytest.raises(LantimeError, match="only items of tables"):
        make_plan(canonical(DEVICE), canonical({"ntp": {"keys": []}}), PlanPolicy(state="deleted"))


SECRET = ("ntp", "servers", "1", "community")
CHANGES = (
    Change(
        "set", ("ntp", "servers", "1"), {"address": "a", "community": "****"}, {"address": "b", "community": "canary"}
    ),
    Change("create", ("ntp", "servers", "2"), None, {"address": "c"}),
    Change("delete", ("security", "users", "guest"), {"level": "info"}, {}),
)


def test_a_journal_round_trips_without_secrets(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "j"), "M600", "../../etc/passwd")
    assert journal.load() is None
    journal.lock()
    record = new_record({"model": "M600"}, ("config",), Plan(CHANGES, secrets=frozenset({SECRET})), ["ntp"])
    journal.write(record)
    journal.mark(0, "succeeded")
    journal.enter("rolling_back")
    assert journal.path.parent == tmp_path / "j"
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert "canary" not in journal.path.read_text("utf-8")
    again = Journal(str(tmp_path / "j"), "M600", "../../etc/passwd").load()
    assert again is not None
    assert (again.id, again.phase, again.states) == (
        record.id,
        "rolling_back",
        ("succeeded", "waiting", "waiting"),
    )
    assert again.sections == ["ntp", "security"]
    assert again.changes[1:] == CHANGES[1:]
    assert SECRET in again.secrets
    journal.close()
    assert journal.load() is None
    journal.release()


def test_a_second_run_of_the_same_controller_is_kept_out(tmp_path: Path) -> None:
    one, two = (Journal(str(tmp_path), "M600", "1") for dummy in range(2))
    one.lock()
    with pytest.raises(LantimeError) as caught:
        two.lock()
    assert caught.value.code == "conflict"
    one.release()
    two.lock()
    two.release()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 99}', "x" * 100])
def test_a_broken_journal_stops_everything(tmp_path: Path, text: str) -> None:
    journal = Journal(str(tmp_path), "M600", "1")
    journal.path.write_text(text)
    with pytest.raises(LantimeError) as caught:
        journal.load()
    assert caught.value.code == "journal"


def test_without_a_journal_nothing_can_begin(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LantimeError) as caught:
        Journal(str(tmp_path / "file"), "M600", "1").lock()
    assert caught.value.code == "journal"


def test_fingerprints_tell_changed_secrets_and_hold_none(tmp_path: Path) -> None:
    store = Fingerprints(tmp_path, "M600-1")
    assert store.changed({SECRET: "canary"}) == ("ntp/servers/1/community",)
    store.remember({SECRET: "canary"})
    fresh = Fingerprints(tmp_path, "M600-1")
    assert fresh.changed({SECRET: "canary"}) == ()
    assert fresh.changed({SECRET: "other"}) == ("ntp/servers/1/community",)
    for file in tmp_path.iterdir():
        assert b"canary" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "M600-1.secrets").write_text(json.dumps([1]))
    with pytest.raises(LantimeError):
        Fingerprints(tmp_path, "M600-1").changed({SECRET: "canary"})


def test_where_changes_stand_and_the_way_back() -> None:
    secrets = frozenset({SECRET})
    before = canonical(DEVICE).value
    assert back.change_state(CHANGES, before, secrets) == back.BEFORE
    assert back.rollback_plan(CHANGES, before, secrets, True).changes == ()
    after = canonical(DEVICE).value
    after["ntp"]["servers"]["1"]["address"] = "b"
    assert back.change_state(CHANGES, after, secrets) == back.MIXED
    assert [c.action for c in back.remaining_changes(CHANGES, after, secrets)] == ["create", "delete"]
    after["ntp"]["servers"]["2"] = {"address": "c", "filled-by-device": 1}
    del after["security"]["users"]["guest"]
    assert back.change_state(CHANGES, after, secrets) == back.AFTER
    assert back.unfinished_leaves(CHANGES, after, secrets) == []
    way = back.rollback_plan(CHANGES, after, secrets, False)
    assert [(c.action, c.path[-1]) for c in way.changes] == [
        ("create", "guest"),
        ("delete", "2"),
        ("set", "1"),
    ]
    assert way.changes[2].after == {"address": "a"}
    assert way.lost == (SECRET,)
    after["ntp"]["servers"]["1"]["address"] = "somebody's"
    assert back.change_state(CHANGES, after, secrets) == back.FOREIGN
    assert back.rollback_plan(CHANGES, after, secrets, False).foreign == (("ntp", "servers", "1", "address"),)
    assert back.rollback_plan(CHANGES, after, secrets, True).foreign == ()
