# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peer consensus: one device against the majority, without a golden configuration."""

from __future__ import annotations

import copy
import datetime
import random
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.accepted import parse_acceptances
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.comparison import DriftPolicy
from ansible_collections.meinberg.lantime.plugins.plugin_utils._consensus.consensus import (
    DEFAULT_THRESHOLD,
    ConsensusRules,
    compare_with_peers,
)
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._consensus.peers import (
    GENERATIONS,
    Tree,
    kinds,
    peer,
    peers,
    plant,
    running,
)

DAY = datetime.date(2026, 7, 1)
FLEETS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in GENERATIONS},
    "mixed": GENERATIONS,
}
KINDS = ("setting", "switch", "setting", "item-added", "item-removed", "order")


def rules(threshold: float = DEFAULT_THRESHOLD, unordered: tuple[str, ...] = (), **policy: t.Any) -> ConsensusRules:
    return ConsensusRules(DriftPolicy(**{"accepted": (), "today": DAY, **policy}), threshold, unordered)


def checks_of(trees: dict[str, Tree], of: dict[str, str] | None = None, **more: t.Any) -> dict[str, t.Any]:
    return compare_with_peers(trees, of or {}, rules(**more))


def differing(drifts: dict[str, t.Any]) -> set[tuple[str, str, str]]:
    return {(h, d["path"], d["op"]) for h, drift in drifts.items() for d in drift["differences"]}


@pytest.mark.parametrize(
    "fleet", [pytest.param(name, marks=[pytest.mark.thorough] if len(of) == 1 else []) for name, of in FLEETS.items()]
)
def test_one_planted_deviation_in_fifty_peers_is_found_and_nothing_else(fleet: str) -> None:
    """40 seeds for each of five fleets: recall and precision are 1.0."""
    profiles = FLEETS[fleet]
    seen = set()
    for seed in range(40):
        rng = random.Random(f"{fleet} {seed}")
        if seed % 10 == 0:
            equal = peers(profiles, 50, rng)
        host = rng.choice(sorted(equal))
        trees = {**equal, host: copy.deepcopy(equal[host])}
        kind = KINDS[seed % len(KINDS)]
        planted = plant(kind, host, trees[host], rng)
        drifts = checks_of(trees, kinds(profiles, 50))
        assert differing(drifts) == {tuple(planted)}, (seed, kind)
        assert [h for h, drift in drifts.items() if drift["state"] == "drift"] == [host]
        (found,) = drifts[host]["differences"]
        assert found["peers"]["agree"] == found["peers"]["of"] >= 11
        seen.add(planted.path)
    assert len(seen) > 20


def test_equal_configurations_on_all_generations_are_no_drift() -> None:
    rng = random.Random(1)
    for size in (4, 8, 12, 50):
        trees = peers(GENERATIONS, size, rng)
        # The slots of a chassis can only be compared with those of other chassis.
        ignore = ("chassis0",) if size < 12 else ()
        drifts = checks_of(trees, kinds(GENERATIONS, size), ignore=ignore)
        assert differing(drifts) == set()
        assert {drift["state"] for drift in drifts.values()} == {"clean"}


def test_devices_as_they_come_differ_in_nothing_that_is_checked() -> None:
    trees = {f"{name} {i}": running(name, i) for name in GENERATIONS for i in range(3)}
    assert differing(checks_of(trees, {host: host[:-2] for host in trees})) == set()


def test_the_majority_is_shown_beside_what_the_device_has() -> None:
    trees = peers(("m600-7.10",), 5, random.Random(2))
    trees["ts003"]["ntp"]["local-clock"]["stratum"] = 3
    drift = checks_of(trees)["ts003"]
    assert drift["mode"] == "consensus"
    assert drift["differences"] == [
        {
            "section": "ntp",
            "path": "ntp/local-clock/stratum",
            "op": "replace",
            "before": 3,
            "after": 12,
            "class": "config",
            "severity": "error",
            "accepted": None,
            "expired": None,
            "peers": {"agree": 4, "of": 4},
        }
    ]
    states = {entry["name"]: entry["state"] for entry in drift["sections"]}
    assert states.pop("ntp") == "drift"
    assert set(states.values()) == {"clean"}


def test_a_lacking_item_is_shown_as_most_have_it_and_its_secrets_are_masks() -> None:
    trees = peers(("m600-7.10",), 5, random.Random(3))
    for tree in trees.values():
        tree["notification"]["snmp"]["trap-receivers"]["0"]["community"] = "canary"
    del trees["ts001"]["notification"]["snmp"]["trap-receivers"]["0"]
    drifts = checks_of(trees)
    (found,) = drifts["ts001"]["differences"]
    assert found["op"] == "add"
    assert found["before"] is None
    assert found["after"] == {"address": "192.0.2.10", "version": "v3", "community": "********"}
    assert found["class"] == "security"
    assert "canary" not in repr(drifts)


def test_secrets_and_what_nobody_agrees_on_are_said_to_be_not_compared() -> None:
    trees = peers(("m600-7.10",), 6, random.Random(4))
    for number, tree in enumerate(trees.values()):
        tree["ntp"]["trust-time"] = number
    for drift in checks_of(trees).values():
        skipped = {entry["path"]: entry["reason"] for entry in drift["not_compared"]}
        assert skipped["ntp/trust-time"] == "the other devices do not agree on a value"
        assert skipped["security/users/admin/password"] == "a secret cannot be read"
        assert drift["state"] == "clean"


def test_an_unset_secret_is_a_deviation_without_a_value() -> None:
    trees = peers(("m600-7.10",), 5, random.Random(5))
    trees["ts002"]["snmp"]["read-community"] = ""
    (found,) = checks_of(trees)["ts002"]["differences"]
    assert (found["path"], found["before"], found["after"]) == (
        "snmp/read-community",
        "",
        "********",
    )


def test_where_the_others_do_not_agree_nobody_is_checked() -> None:
    trees = peers(("m600-7.10",), 10, random.Random(6))
    for host in sorted(trees)[:5]:
        trees[host]["ntp"]["trust-time"] = 600
        del trees[host]["ntp"]["external-servers"]["2"]
    for threshold in (DEFAULT_THRESHOLD, 0.51):
        drifts = checks_of(trees, threshold=threshold)
        assert differing(drifts) == set()
        for host in ("ts000", "ts009"):
            skipped = {e["path"] for e in drifts[host]["not_compared"]}
            assert skipped >= {"ntp/trust-time", "ntp/external-servers/2"}


def test_the_threshold_is_the_share_of_the_others_that_agree() -> None:
    trees = peers(("m600-7.10",), 11, random.Random(6))
    for host in sorted(trees)[:4]:
        trees[host]["ntp"]["trust-time"] = 600
    few = {(host, "ntp/trust-time", "replace") for host in sorted(trees)[:4]}
    assert differing(checks_of(trees, threshold=0.7)) == few
    assert differing(checks_of(trees, threshold=0.71)) == set()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_without_three_devices_nothing_is_called_clean(count: int) -> None:
    drifts = checks_of(peers(("m600-7.10",), count, random.Random(7)))
    assert [drift["state"] for drift in drifts.values()] == ["not_checked"] * count


def test_a_device_that_was_not_read_is_not_checked_and_has_no_say() -> None:
    trees = {**peers(("m600-7.10",), 3, random.Random(8)), "gone": {}}
    trees["ts001"]["ntp"]["trust-time"] = 600
    drifts = checks_of(trees)
    assert drifts["gone"]["state"] == "not_checked"
    assert differing(drifts) == {("ts001", "ntp/trust-time", "replace")}


def test_the_spelling_of_releases_is_no_difference() -> None:
    trees = peers(("m300-7.06", "m600-7.10"), 6, random.Random(9))
    event = {"m300-7.06": "leap-second-announced", "m600-7.10": "leapsecond-announced"}
    of = kinds(("m300-7.06", "m600-7.10"), 6)
    for host, tree in trees.items():
        tree["notification"]["events"][event[of[host]]]["email"] = True
        tree["ntp"]["spoof-local-time"] = "disabled" if of[host] == "m300-7.06" else False
        tree["ntp"]["trust-time"] = "600" if of[host] == "m300-7.06" else 600
    assert differing(checks_of(trees, of)) == set()
    trees["ts000"]["notification"]["events"]["leap-second-announced"]["email"] = False
    path = "notification/events/leapsecond-announced/email"
    assert differing(checks_of(trees, of)) == {("ts000", path, "replace")}


def test_ignored_and_unordered_paths() -> None:
    trees = peers(("m600-7.10",), 5, random.Random(10))
    trees["ts000"]["ntp"]["reference-order"].reverse()
    trees["ts001"]["ntp"]["external-servers"].pop("2")
    assert len(differing(checks_of(trees))) == 2
    drifts = checks_of(trees, unordered=("ntp/reference-order",), ignore=("ntp/external-servers/*",))
    assert differing(drifts) == set()


def test_a_section_that_no_peer_has_is_not_checked_but_seen() -> None:
    trees = peers(("m600-7.10",), 4, random.Random(11))
    for tree in trees.values():
        del tree["chassis0"]
    trees["ims"] = peer("m3000-7.10", 7, random.Random(11))
    drift = checks_of(trees, {"ims": "ims"})["ims"]
    section = {entry["name"]: entry for entry in drift["sections"]}["chassis0"]
    assert section["state"] == "not_checked"
    assert section["reason"]
    assert drift["state"] == "not_checked"
    ignoring = checks_of(trees, {"ims": "ims"}, ignore=("chassis0",))["ims"]
    assert ignoring["state"] == "clean"
    assert "chassis0" not in {entry["name"] for entry in ignoring["sections"]}


def test_accepted_deviations_are_clean_until_their_day_is_over() -> None:
    trees = peers(("m600-7.10",), 5, random.Random(12))
    trees["ts001"]["ntp"]["trust-time"] = 600
    entry = {"path": "ntp/trust-time", "host": "ts00?", "until": "2026-07-01", "reason": "trial"}
    accepted = parse_acceptances([entry])
    drift = checks_of(trees, accepted=accepted)["ts001"]
    assert drift["state"] == "clean"
    assert drift["differences"][0]["accepted"] == {"until": "2026-07-01", "reason": "trial"}
    later = checks_of(trees, accepted=accepted, today=DAY + datetime.timedelta(days=1))["ts001"]
    assert later["state"] == "drift"
    assert later["differences"][0]["accepted"] is None
    assert later["differences"][0]["expired"] == {"until": "2026-07-01", "reason": "trial"}


def test_trees_are_left_as_they_are_and_their_order_means_nothing() -> None:
    trees = peers(("m600-7.10",), 5, random.Random(13))
    trees["ts001"]["ntp"]["trust-time"] = 600
    kept = copy.deepcopy(trees)
    one = checks_of(trees)
    assert trees == kept
    assert checks_of(dict(reversed(trees.items()))) == one


def test_secrets_in_lists_without_object_id_are_masked_too() -> None:
    trees = peers(("m600-7.10",), 4, random.Random(14))
    for number, tree in enumerate(trees.values()):
        tree["ntp"]["keys"] = [{"secret": "canary", "n": 1}, {"secret": "canary", "n": number // 3}]
    drifts = checks_of(trees)
    assert differing(drifts) == {("ts003", "ntp/keys", "replace")}
    assert "canary" not in repr(drifts)


@pytest.mark.parametrize("threshold", [0, 0.5, 1.01])
def test_a_threshold_that_is_no_majority_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        checks_of({}, threshold=threshold)


def fleet_of(*servers: t.Any) -> dict[str, Tree]:
    """Devices that differ in one table only."""
    return {f"ts{number}": {"ntp": {"servers": table, "mode": "a"}} for number, table in enumerate(servers)}


def test_an_item_to_be_removed_is_not_compared_further() -> None:
    trees = fleet_of({"9": {"a": 1}}, {"9": {"a": 2}}, {}, {}, {}, {}, {})
    drifts = checks_of(trees)
    assert differing(drifts) == {("ts0", "ntp/servers/9", "remove"), ("ts1", "ntp/servers/9", "remove")}
    assert [drift["not_compared"] for drift in drifts.values()] == [[]] * len(trees)
    (difference,) = drifts["ts0"]["differences"]
    assert (difference["before"], difference["after"]) == ({"a": 1}, None)
    assert difference["peers"] == {"agree": 5, "of": 6}


def test_a_lacking_item_is_shown_as_devices_of_the_same_kind_have_it() -> None:
    ours, theirs = {"1": {"a": 1}}, {"1": {"a": 2}}
    trees = fleet_of({}, ours, ours, ours, *[theirs] * 6)
    of = {host: "ours" if number < 4 else "theirs" for number, host in enumerate(trees)}
    (difference,) = checks_of(trees, of)["ts0"]["differences"]
    assert (difference["path"], difference["op"], difference["after"]) == ("ntp/servers/1", "add", {"a": 1})


@pytest.mark.parametrize("empty", [[], {}])
def test_an_empty_table_lacks_the_items_of_the_others(empty: t.Any) -> None:
    item = {"1": {"a": 1}}
    drifts = checks_of(fleet_of(empty, item, item, item))
    assert differing(drifts) == {("ts0", "ntp/servers/1", "add")}
    assert [drift["not_compared"] for drift in drifts.values()] == [[]] * 4


def test_a_value_in_the_place_of_a_menu_is_not_compared() -> None:
    item = {"1": {"a": 1}}
    drifts = checks_of(fleet_of("off", item, item, item))
    assert differing(drifts) == set()
    assert drifts["ts0"]["not_compared"] != []
