# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift from a golden configuration: every difference by its path, checks_of, secrets masked, acceptances with an end."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.accepted import AcceptanceError, parse_acceptances
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.comparison import DriftPolicy, compare_with_golden
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.records import make_record
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.rules import classify_path, is_identity
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.render import render_operations
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.aliases import use_device_names
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical

DAY = datetime.date(2026, 7, 1)
Tree = dict[str, t.Any]

DEVICE = {
    "ntp": {
        "local-clock": {"stratum": 12, "disabled": False},
        "external-servers": [
            {"object-id": "1", "address": "192.0.2.1", "key": 0},
            {"object-id": "2", "address": "192.0.2.2", "key": 0},
        ],
    },
    "snmp": {"contact": "operations", "read-community": "********", "write-community": ""},
    "notification": {"events": [{"object-id": "leap-second-announced", "email": False}]},
}


def compared(golden: Tree, **policy: t.Any) -> Tree:
    """The result of lantime_config in check mode, without the device."""
    current = canonical({name: DEVICE[name] for name in golden})
    wanted = use_device_names(canonical(golden), current.value)
    made = make_plan(current, wanted, PlanPolicy(**policy))
    return {
        "changed": bool(made.changes),
        "operations": render_operations(made),
        "sections": list(golden),
        "secrets_kept": ["/".join(path) for path in made.secrets_kept],
    }


def drifted(golden: Tree, state: str = "merged", **policy: t.Any) -> Tree:
    result = compared(golden, state=state, missing="create")
    return compare_with_golden(result, golden, "ts1", DriftPolicy(**{"accepted": (), "today": DAY, **policy}))


def brief(drift: Tree) -> list[tuple[t.Any, ...]]:
    return [(d["path"], d["op"], d["before"], d["after"]) for d in drift["differences"]]


def test_what_is_as_desired_is_clean() -> None:
    drift = drifted({"ntp": {"local-clock": {"stratum": "12"}}, "snmp": {"contact": "operations"}})
    assert drift == {
        "mode": "golden",
        "state": "clean",
        "sections": [
            {"name": "ntp", "state": "clean", "reason": None},
            {"name": "snmp", "state": "clean", "reason": None},
        ],
        "differences": [],
        "not_compared": [],
        "not_applicable": [],
    }


def test_an_item_whose_masked_secret_is_needed_is_a_difference_too() -> None:
    operation = {
        "action": "create",
        "path": "security/users/bob",
        "before": None,
        "after": {"level": "info"},
    }
    result = {
        "failed": True,
        "msg": "refused",
        "error": {"code": "secret_needed"},
        "predicted": {"operations": [operation], "sections": ["security"], "secrets_kept": []},
    }
    drift = compare_with_golden(result, {}, "ts1", DriftPolicy((), DAY))
    assert brief(drift) == [("security/users/bob", "add", None, {"level": "info"})]
    assert make_record("ts1", drift=drift, results=[result])["error"] is None
    for other in ({**result, "error": {"code": "conflict"}}, {**result, "predicted": None}):
        refused = compare_with_golden(other, {"security": {}}, "ts1", DriftPolicy((), DAY))
        assert refused["state"] == "not_checked"
        assert make_record("ts1", drift=refused, results=[other])["error"]["kind"] == "failed"


def test_each_setting_is_a_difference_of_its_own() -> None:
    drift = drifted({"ntp": {"local-clock": {"stratum": 10, "disabled": True}}, "snmp": {"contact": "noc"}})
    assert brief(drift) == [
        ("ntp/local-clock/disabled", "replace", False, True),
        ("ntp/local-clock/stratum", "replace", 12, 10),
        ("snmp/contact", "replace", "operations", "noc"),
    ]
    assert [(d["section"], d["class"], d["severity"]) for d in drift["differences"]] == [
        ("ntp", "config", "error"),
        ("ntp", "config", "error"),
        ("snmp", "config", "note"),
    ]
    assert drift["state"] == "drift"


def test_items_that_lack_and_items_beyond_are_one_difference_each() -> None:
    servers = {"1": {"address": "192.0.2.1"}, "3": {"address": "192.0.2.3"}}
    drift = drifted({"ntp": {"external-servers": servers}}, state="overridden")
    assert brief(drift) == [
        ("ntp/external-servers/2", "remove", {"address": "192.0.2.2", "key": 0}, None),
        ("ntp/external-servers/3", "add", None, {"address": "192.0.2.3"}),
    ]


def test_secrets_carry_no_value_and_those_that_are_kept_are_said() -> None:
    golden = {"snmp": {"read-community": "canary-1", "write-community": "canary-2"}}
    drift = drifted(golden)
    assert brief(drift) == [("snmp/write-community", "replace", "", "********")]
    assert drift["differences"][0]["class"] == "security"
    assert drift["not_compared"] == [{"path": "snmp/read-community", "reason": "a secret cannot be read"}]
    assert "canary" not in repr(drift)


def test_secrets_that_a_result_shows_in_clear_are_masked_all_the_same() -> None:
    operation = {
        "action": "create",
        "path": "security/users/eve",
        "before": None,
        "after": {"level": "info", "password": "canary", "badge": "canary"},
    }
    policy = DriftPolicy((), DAY, secrets=("security/users/*/badge",))
    drift = compare_with_golden({"operations": [operation], "sections": ["security"]}, {}, "ts1", policy)
    assert "canary" not in repr(drift)


def test_one_golden_tree_fits_the_spelling_of_all_releases() -> None:
    golden = {"notification": {"events": {"leapsecond-announced": {"email": True}}}}
    drift = drifted(golden)
    assert brief(drift) == [("notification/events/leapsecond-announced/email", "replace", False, True)]
    golden["notification"]["events"]["leapsecond-announced"]["email"] = False
    assert drifted(golden)["state"] == "clean"


@pytest.mark.parametrize(
    "result",
    [
        {"failed": True, "msg": "ts1: the device refused the credentials"},
        {"unreachable": True, "msg": "gone"},
        {"skipped": True},
        {"changed": False},
        {"failed": True, "operations": [], "sections": ["ntp"], "msg": "half way"},
        {},
    ],
)
def test_what_is_no_prediction_is_not_checked(result: Tree) -> None:
    golden: Tree = {"ntp": {}, "snmp": {}}
    drift = compare_with_golden(result, golden, "ts1", DriftPolicy((), DAY))
    assert drift["state"] == "not_checked"
    assert [(s["name"], s["state"]) for s in drift["sections"]] == [
        ("ntp", "not_checked"),
        ("snmp", "not_checked"),
    ]
    assert all(s["reason"] for s in drift["sections"])


def test_a_message_of_a_device_is_one_bounded_line() -> None:
    result = {"failed": True, "msg": "a\n\x1b[31m" + "x" * 10000}
    (section,) = compare_with_golden(result, {"ntp": {}}, "ts1", DriftPolicy((), DAY))["sections"]
    assert section["reason"].isprintable()
    assert len(section["reason"]) <= 500


# -- accepted drift

GOLDEN = {"ntp": {"local-clock": {"stratum": 10}}, "snmp": {"contact": "noc"}}


def entry(**more: t.Any) -> Tree:
    return {"path": "ntp/local-clock", "until": "2026-07-01", "reason": "trial", **more}


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "accepted"),
        ({"path": "ntp/*/stratum"}, "accepted"),
        ({"path": "/ntp/local-clock/stratum/"}, "accepted"),
        ({"host": "ts?"}, "accepted"),
        ({"host": "ts2"}, "drift"),
        ({"path": "ntp/stratum"}, "drift"),
        ({"until": "2026-06-30"}, "drift"),
        ({"until": datetime.date(2027, 1, 1)}, "accepted"),
        ({"until": datetime.datetime(2026, 6, 30, 12)}, "drift"),
    ],
)
def test_what_an_acceptance_covers(more: Tree, state: str) -> None:
    drift = drifted(GOLDEN, accepted=parse_acceptances([entry(**more)]))
    states = {s["name"]: s["state"] for s in drift["sections"]}
    assert states == {"ntp": state, "snmp": "drift"}
    assert drift["state"] == "drift"


def test_accepted_drift_alone_is_clean_and_says_until_when() -> None:
    golden = {"ntp": GOLDEN["ntp"]}
    drift = drifted(golden, accepted=parse_acceptances([entry(), entry(until="2026-06-01")]))
    assert drift["state"] == "clean"
    assert drift["sections"][0]["reason"] == "accepted until 2026-07-01: trial"
    assert drift["differences"][0]["accepted"] == {"until": "2026-07-01", "reason": "trial"}


def test_an_expired_acceptance_is_drift_and_says_so() -> None:
    drift = drifted(GOLDEN, accepted=parse_acceptances([entry(until="2026-06-30")]))
    section = drift["sections"][0]
    assert section["state"] == "drift"
    assert section["reason"] == "the acceptance of ntp/local-clock/stratum ended on 2026-06-30"
    found = drift["differences"][0]
    assert found["accepted"] is None
    assert found["expired"] == {"until": "2026-06-30", "reason": "trial"}


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({"path": "ntp"}, "list"),
        (["ntp"], "mapping"),
        ([{**entry(), "untill": 1}], "untill"),
        ([entry(until=None)], "until is missing"),
        ([entry(until="next week")], "until must be a day"),
        ([entry(reason=" ")], "reason is missing"),
        ([entry(path="/")], "path is empty"),
        ([entry(), entry(path="")], "entry 2"),
    ],
)
def test_an_acceptance_that_does_not_say_what_how_long_and_why_is_refused(entries: t.Any, says: str) -> None:
    with pytest.raises(AcceptanceError, match=says):
        parse_acceptances(entries)


def test_ignored_paths_are_no_drift() -> None:
    drift = drifted(GOLDEN, ignore=("ntp/local-clock",))
    assert brief(drift) == [("snmp/contact", "replace", "operations", "noc")]
    assert drift["sections"][0]["state"] == "clean"


# -- the tables


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("security/users/eve", ("security", "error")),
        ("security/ssh/key-length", ("security", "error")),
        ("network/interfaces/vif0/services/telnet", ("security", "error")),
        ("network/interfaces/vif0/label", ("config", "note")),
        ("network/nameserver1", ("config", "warning")),
        ("snmp/enabled-version", ("security", "error")),
        ("snmp/location", ("config", "note")),
        ("ntp/external-servers/1/key", ("security", "error")),
        ("ntp/external-servers/1/address", ("config", "error")),
        ("ntp/multicast/autokey", ("security", "error")),
        ("notification/events/ntp-not-sync/email", ("config", "warning")),
        ("chassis0/slots/psx1/module/ptp/network/disable-ssh", ("security", "error")),
        ("chassis0/slots/psx1/module/ptp/priority1", ("config", "error")),
        ("somewhere/https/certificate", ("security", "error")),
        ("somewhere/radius-server", ("security", "error")),
        ("somewhere/shared-key", ("security", "error")),
        ("somewhere/keyboard", ("config", "warning")),
    ],
)
def test_class_and_severity(path: str, expected: tuple[str, str]) -> None:
    assert classify_path(tuple(path.split("/"))) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("network/hostname", True),
        ("network/interfaces/vif3/ipv4/address", True),
        ("network/interfaces/vif3/ipv4/netmask", False),
        ("network/ports/lan0/mac-address", True),
        ("anything/serial-number", True),
        ("snmp/location", True),
        ("snmp/contact", False),
        ("ntp/external-servers/1/address", False),
    ],
)
def test_what_belongs_to_one_device_alone(path: str, expected: bool) -> None:
    assert is_identity(tuple(path.split("/"))) is expected


# -- what the device does not have

NTS = {"path": "ntp/nts", "reason": "the device does not have this"}
SYNCMON = {"path": "syncmon", "reason": "the device does not have this"}


@pytest.mark.parametrize(
    ("golden", "absent", "optional", "state", "sections"),
    [
        # A part of a section was compared.
        ({"ntp": {"time-scale": "utc", "nts": {"port": 1}}}, [NTS], (), "clean", {"ntp": "clean"}),
        # Nothing was compared.
        ({"ntp": {"nts": {"port": 1}}}, [NTS], (), "not_checked", {"ntp": "not_checked"}),
        ({"ntp": {"nts": {"port": 1}}}, [NTS], ("ntp/nts",), "not_checked", {}),
        # One section was compared.
        ({"ntp": {}, "syncmon": {"a": 1}}, [SYNCMON], (), "not_checked", {"ntp": "clean", "syncmon": "not_checked"}),
        ({"ntp": {}, "syncmon": {"a": 1}}, [SYNCMON], ("syncmon",), "clean", {"ntp": "clean"}),
        ({"ntp": {}, "syncmon": {"a": 1}}, [SYNCMON], ("syncmon/a",), "clean", {"ntp": "clean"}),
        (
            {"ntp": {}, "syncmon": {"a": 1, "b": 1}},
            [SYNCMON],
            ("syncmon/a",),
            "not_checked",
            {"ntp": "clean", "syncmon": "not_checked"},
        ),
        (None, [SYNCMON], (), "not_checked", {"ntp": "clean", "syncmon": "not_checked"}),
    ],
)
def test_what_the_device_does_not_have_is_not_called_clean(
    golden: Tree | None, absent: list[Tree], optional: tuple[str, ...], state: str, sections: Tree
) -> None:
    result = {"changed": False, "operations": [], "sections": ["ntp"], "secrets_kept": [], "not_applicable": absent}
    drift = compare_with_golden(result, golden, "ts1", DriftPolicy((), DAY, optional=optional))
    assert drift["state"] == state
    assert {entry["name"]: entry["state"] for entry in drift["sections"]} == sections
    assert drift["not_compared"] == absent
    is_needless = optional and "not_checked" not in sections.values()
    assert drift["not_applicable"] == (absent if is_needless else [])


@pytest.mark.parametrize("absent", [None, "x", [5], [{}], [{"path": None}], {"a": 1}])
def test_a_result_of_another_release_is_compared(absent: t.Any) -> None:
    result = {"changed": False, "operations": [], "sections": ["ntp"], "not_applicable": absent}
    assert compare_with_golden(result, {"ntp": {"a": 1}}, "ts1", DriftPolicy((), DAY))["sections"][0]["name"] == "ntp"


RULE: Tree = {"rule": 2, "conditions": "families FDM", "reason": "the device has no such module"}
APPLIED: Tree = {"rule": 1, "modules": [{"path": "chassis0/slots/io1"}], "config": {"module": {"a": 1, "b": 2}}}


def compare_rules(absent: list[Tree], sections: list[str], applied: list[Tree], golden: Tree | None = None) -> Tree:
    result = {"changed": False, "operations": [], "sections": sections, "modules_resolved": applied}
    return compare_with_golden({**result, "not_applicable": absent}, golden, "ts1", DriftPolicy((), DAY))


def test_a_rule_that_does_not_apply_is_listed_as_not_compared() -> None:
    drift = compare_rules([RULE], ["chassis0"], [APPLIED])
    assert drift["state"] == "clean"
    reason = "rule 2 (families FDM): the device has no such module"
    assert drift["not_compared"] == drift["not_applicable"] == [{"path": "chassis0/slots", "reason": reason}]


def test_a_device_to_which_no_rule_applies_is_not_clean() -> None:
    assert compare_rules([RULE], [], [])["state"] == "not_checked"
    assert compare_rules([RULE], ["ntp"], [], {"ntp": {"a": 1}})["state"] == "clean"


@pytest.mark.parametrize(("names", "state"), [(["a"], "clean"), (["a", "b"], "not_checked")])
def test_settings_of_rules_that_the_device_does_not_have_are_not_called_clean(names: list[str], state: str) -> None:
    absent = [{"path": f"chassis0/slots/io1/module/{name}", "reason": "absent"} for name in names]
    assert compare_rules(absent, ["chassis0"], [APPLIED])["state"] == state
