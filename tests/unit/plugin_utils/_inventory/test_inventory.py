# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure parts of the inventory plugin: sources, cache entries, groups, outcomes; and its documentation."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.inventory import lantime
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.module_utils._client.options import CONNECTION
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import cache, outcome, sources, variables
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.cache import Ages, CacheEntry
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.sources import ConfigError, InventoryTarget

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
AGES = Ages(identity=1000.0, state=60.0, with_state=True)


# -- sources


def hosts(targets: list[InventoryTarget]) -> list[t.Any]:
    return [(target.name, target.options["host"], target.options.get("port")) for target in targets]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("ts1.example.com", [("ts1.example.com", "ts1.example.com", None)]),
        ("ts[08:10]", [(n, n, None) for n in ("ts08", "ts09", "ts10")]),
        ("ts[a:c]-x", [(n, n, None) for n in ("tsa-x", "tsb-x", "tsc-x")]),
        ("ts[1:2][a:b]", [(n, n, None) for n in ("ts1a", "ts1b", "ts2a", "ts2b")]),
        ("192.0.2.7:8443", [("192.0.2.7", "192.0.2.7", 8443)]),
        ("2001:db8::7", [("2001:db8::7", "2001:db8::7", None)]),
        ("[2001:db8::7]:8443", [("2001:db8::7", "2001:db8::7", 8443)]),
        ({"host": "192.0.2.7"}, [("192.0.2.7", "192.0.2.7", None)]),
        ({"name": "lab"}, [("lab", "lab", None)]),
        ({"name": "lab", "host": "192.0.2.7:444"}, [("lab", "192.0.2.7", 444)]),
        ({"name": "t[1:2]", "host": "192.0.2.[7:8]", "port": 4}, [("t1", "192.0.2.7", 4), ("t2", "192.0.2.8", 4)]),
    ],
)
def test_entries_of_a_list(entry: t.Any, expected: list[t.Any]) -> None:
    assert hosts(sources.from_list([entry], "hosts")) == expected


@pytest.mark.parametrize(
    "entry",
    ["", "a b", "https://ts1", "root@ts1", "ts1/api", "ts[3:1]x[", "ts\n1", "[x", 7, None, ["ts1"], {"name": "a b"}],
)
def test_entries_that_are_none(entry: t.Any) -> None:
    with pytest.raises(ConfigError):
        sources.from_list([entry], "hosts")


@given(JSON)
def test_any_document_gives_targets_or_one_sentence(document: t.Any) -> None:
    said = ""
    found: list[InventoryTarget] = []
    try:
        found = sources.from_document(document, "file")
    except ConfigError as exc:
        said = str(exc)
    assert "\n" not in said
    assert len(said) < 600
    assert all(isinstance(target, InventoryTarget) for target in found)


def test_lines_of_a_text() -> None:
    text = "# all\nts1\n  ts[2:3]  # two\n\n192.0.2.1:444\n"
    names = [target.name for target in sources.from_lines(text, "file")]
    assert names == ["ts1", "ts2", "ts3", "192.0.2.1"]


@pytest.mark.parametrize(
    ("network", "count"),
    [("192.0.2.0/24", 254), ("192.0.2.0/31", 2), ("192.0.2.9", 1), ("2001:db8::/126", 3)],
)
def test_addresses_of_a_network(network: str, count: int) -> None:
    found = sources.from_networks([network], 1024)
    assert len(found) == count
    assert all(target.found and target.name == target.options["host"] for target in found)


@pytest.mark.parametrize("networks", [["192.0.2.0/24", "198.51.100.0/24"], ["2001:db8::/32"], ["0.0.0.0/0"]])
def test_networks_are_bounded_all_together(networks: list[str]) -> None:
    with pytest.raises(ConfigError, match="more than 300 addresses"):
        sources.from_networks(networks, 300)


def test_a_listed_device_is_not_found_once_more() -> None:
    listed = [InventoryTarget("a", {"host": "192.0.2.1", "port": 444}), InventoryTarget("b", {"host": "b"})]
    found = sources.from_networks(["192.0.2.0/30"], 10)
    merged = sources.merged([*listed, *found, listed[1]])
    assert [(target.name, target.found) for target in merged] == [
        ("a", False),
        ("b", False),
        ("192.0.2.2", True),
    ]


# -- cache


def entry(**more: t.Any) -> CacheEntry:
    base = {
        "identity": {"model": "M600"},
        "identity_time": 5000.0,
        "state": {"stratum": 1},
        "state_time": 5000.0,
        "asked": 5000.0,
    }
    return CacheEntry(**{**base, **more})


@pytest.mark.parametrize(
    ("known", "ages", "now", "found", "expected"),
    [
        (None, AGES, 5000, False, False),
        (entry(), AGES, 5059, False, True),
        (entry(), AGES, 5061, False, False),
        (entry(), AGES._replace(with_state=False), 5999, False, True),
        (entry(), AGES._replace(with_state=False), 6001, False, False),
        (entry(), AGES._replace(state=9000), 6001, False, False),
        (entry(), AGES, 4999, False, False),
        (entry(state=None), AGES, 5001, False, False),
        (entry(outcome="unreachable", state=None), AGES, 5059, False, True),
        (entry(outcome="unreachable", state=None), AGES, 5061, False, False),
        (entry(outcome="unreachable", identity=None), AGES, 5999, True, True),
        (entry(outcome="unreachable", identity=None), AGES, 6001, True, False),
        (entry(outcome="unreachable"), AGES, 5061, True, False),
        (entry(outcome="auth_failed", identity=None), AGES, 5061, True, False),
        (entry(), AGES._replace(state=0.0), 5000, False, False),
    ],
)
def test_when_an_entry_will_do(known: CacheEntry | None, ages: Ages, now: float, found: bool, expected: bool) -> None:
    assert cache.usable(known, ages, float(now), found) is expected


def test_entries_survive_the_cache() -> None:
    entries = {
        "a|443": entry(),
        "b|443": CacheEntry(outcome="auth_failed", problem="not_tried", asked=1.5),
    }
    assert cache.load(json.loads(json.dumps(cache.dump(entries)))) == entries


@given(JSON)
def test_any_document_is_a_cache_though_an_empty_one(document: t.Any) -> None:
    for wrapped in (
        document,
        {"form": 1, "devices": document},
        {"form": 1, "devices": {"a": document}},
    ):
        for found in cache.load(wrapped).values():
            assert cache.usable(found, AGES, 1.0, False) in (True, False)
            variables.group_names(found.identity, found.state, "x_", variables.CATEGORIES)


# -- variables and groups


@given(JSON)
def test_any_answer_has_all_variables_and_proper_groups(answer: t.Any) -> None:
    envelope = answer if isinstance(answer, dict) else {"data": answer}
    identity, state = variables.describe(envelope)
    assert tuple(identity) == variables.IDENTITY
    assert tuple(state) == variables.STATE
    names = variables.group_names(identity, state, "lantime_", variables.CATEGORIES)
    assert all(name.isidentifier() and name.isascii() for name in names)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("M600", "m600"),
        ("7.10", "7_10"),
        ("ocxo-hq", "ocxo_hq"),
        ("GNS-UC", "gns_uc"),
        (1, "1"),
        ("{{ 7 * 7 }}", "7_7"),
        ("../../etc", "etc"),
        ("a" * 999, "a" * 64),
        ("\u202e\x00", ""),
        ("überall", "berall"),
    ],
)
def test_tokens_in_names_of_groups(token: object, expected: str) -> None:
    assert variables.slug(token) == expected


@pytest.mark.parametrize(
    ("leap", "announced", "expected"),
    [
        (0, False, ["leap_none"]),
        (1, None, ["leap_pending"]),
        (2, False, ["leap_pending"]),
        (3, True, ["leap_alarm"]),
        (0, True, ["leap_pending"]),
        (None, True, ["leap_pending"]),
        (None, False, []),
    ],
)
def test_leap_seconds(leap: int | None, announced: bool | None, expected: list[str]) -> None:
    state = {"leap_indicator": leap, "leap_second_announced": announced}
    assert variables.group_names(None, state, "", variables.CATEGORIES) == expected


def test_what_a_device_lists_is_bounded() -> None:
    events = [{"object-id": f"event-{n}", "triggered": True, "type": "error"} for n in range(5000)]
    slots = [
        {"object-id": f"clk{n}", "module": {"info": {"model": f"gps{n}"}, "gps": {"antenna": {}}}} for n in range(500)
    ]
    tree = {"notification": {"events": events}, "chassis0": {"slots": slots}}
    identity, state = variables.describe({"data": {"status": tree}})
    names = variables.group_names(identity, state, "", variables.CATEGORIES)
    assert len(state["active_events"]) == len(identity["receivers"]) == 64
    assert len(identity["modules"]) == 64
    assert len(names) < 200


def test_no_variable_is_an_option_that_modules_look_up() -> None:
    names = {*variables.IDENTITY, *variables.STATE, "status", "problem", "last_seen"}
    assert not names & {*CONNECTION, "execution"}


# -- outcomes


def test_every_error_of_a_reading_has_an_outcome() -> None:
    assert {outcome.outcome_of(code) for code in KINDS} == set(variables.OUTCOMES)
    for code, kind in KINDS.items():
        if kind.unreachable:
            assert outcome.outcome_of(code) == "unreachable"
    assert set(KINDS) >= outcome.CONFIGURATION


def seen(number: int, result: str = "ok", problem: str | None = None) -> outcome.Seen:
    return outcome.Seen(f"ts{number}", result, problem, f"0{number}")


def test_one_line_for_each_kind_of_trouble_however_many_devices() -> None:
    devices = [
        *(seen(n, "unreachable", "refused") for n in range(200)),
        *(seen(n, "auth_failed", "auth_failed") for n in range(200, 203)),
        *(seen(n, "auth_failed", "not_tried") for n in range(203, 300)),
        *(seen(n, "untrusted", "tls_verify") for n in range(300, 310)),
        *(seen(n) for n in range(310, 400)),
    ]
    lines = outcome.summary(devices, 3)
    assert len(lines) == 3
    assert all(len(line) < 400 for line in lines)
    assert "ts7 (refused) and 192 more" in lines[0]
    assert "the other 97 were not tried" in lines[2]
    assert outcome.summary([seen(n) for n in range(5)], 3) == []


# -- documentation


def documented() -> dict[str, t.Any]:
    options: dict[str, t.Any] = yaml.safe_load(lantime.DOCUMENTATION)["options"]
    return options


@pytest.mark.parametrize("name", sources.CONNECTION_OPTIONS)
def test_connection_options_are_those_of_the_modules(name: str) -> None:
    option = documented()[name]
    for key in ("type", "default", "choices"):
        assert option.get(key) == CONNECTION[name].get(key), key
    assert option["env"] == [{"name": f"LANTIME_{name.upper()}"}]


def test_kinds_of_groups_are_documented() -> None:
    option = documented()["group_by"]
    assert option["choices"] == option["default"] == list(variables.CATEGORIES)


def test_examples_have_documented_options_only() -> None:
    constructed = {"compose", "groups", "keyed_groups", "strict"}
    known = {*documented(), *constructed, "cache", "cache_plugin", "cache_connection"}
    small = re.findall(r"(?:^#   .*\n)+", lantime.EXAMPLES, re.MULTILINE)
    assert len(small) == 3
    for text in (lantime.EXAMPLES, *(each.replace("#   ", "") for each in small)):
        example = yaml.safe_load(text)
        assert set(example) <= known
        assert example["plugin"] == lantime.InventoryModule.NAME
