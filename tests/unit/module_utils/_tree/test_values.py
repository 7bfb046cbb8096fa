# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import time
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._tree import measures, values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
READERS: list[t.Callable[[object], object]] = [
    values.is_absent,
    values.text,
    values.text_or_none,
    values.boolean,
    values.integer,
    values.index,
    values.number,
    values.celsius,
    values.kibibytes,
    values.iso_utc,
    values.date_or_text,
    measures.quality_seconds,
    measures.quality_ns,
    measures.cpu_load,
    measures.memory_bytes,
    measures.position,
    values.firmware_version,
    values.version_text,
    measures.speed_mbps,
    values.mac_address,
    measures.prefix_length,
    values.mapping,
    values.table,
    values.is_bounded,
    values.status_of,
]


@pytest.mark.parametrize("value", [None, "", "  ", "N/A", "n/a", "unknown", "-", "never", "Never "])
def test_spellings_of_nothing(value: object) -> None:
    assert values.is_absent(value)
    assert values.text(value) is None


@pytest.mark.parametrize("value", [0, 0.0, False, [], {}, "0", "no", "x"])
def test_values_that_are_something(value: object) -> None:
    assert not values.is_absent(value)
    assert not values.is_absent(value, none=True)


def test_none_is_nothing_only_where_asked() -> None:
    assert values.text(" none ") == "none"
    assert values.text_or_none("None") is None
    assert values.is_absent("none", none=True)
    assert not values.is_absent("none")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  029811000001    ", "029811000001"),
        (12, "12"),
        (1.5, "1.5"),
        (True, None),
        ([1], None),
        ({}, None),
        (float("nan"), None),
        ("x" * 9999, "x" * values.MAX_TEXT),
        ("a\ud800b", "a?b"),
        ("Zürich", "Zürich"),
    ],
)
def test_text(value: object, expected: str | None) -> None:
    assert values.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (0.0, False),
        (2, None),
        ("true", True),
        ("Off", False),
        ("enabled", True),
        ("0", False),
        ("maybe", None),
        ("", None),
        ([], None),
    ],
)
def test_boolean(value: object, expected: bool | None) -> None:
    assert values.boolean(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        (-18, -18),
        ("37", 37),
        (" -5 ", -5),
        (4.0, 4),
        (4.5, None),
        (True, None),
        ("0x10", None),
        ("1_000", None),
        ("٣", None),
        (2**64 - 1, 2**64 - 1),
        (2**64, None),
        ("9" * 21, None),
        (1e300, None),
        (float("inf"), None),
        ("-", None),
    ],
)
def test_integer(value: object, expected: int | None) -> None:
    result = values.integer(value)
    assert result == expected
    assert result is None or (isinstance(result, int) and not isinstance(result, bool))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.00014999999999999999, 0.00015),
        (4e-6, 4e-6),
        (3, 3.0),
        ("1e-6", 1e-6),
        ("-.5", -0.5),
        ("1_0.0", None),
        ("1e999", None),
        ("nan", None),
        (float("-inf"), None),
        (False, None),
        ("1.2.3", None),
    ],
)
def test_number(value: object, expected: float | None) -> None:
    result = values.number(value)
    assert result == expected
    assert result is None or isinstance(result, float)


def test_numbers_in_which_a_value_means_nothing() -> None:
    assert values.index(-1) is None
    assert values.index(0) == 0
    assert values.celsius(0.0) is None
    assert values.celsius(49) == 49.0
    assert values.kibibytes(8192) == 8388608
    assert values.kibibytes(-1) is None
    assert values.kibibytes(2**60) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02-11T22:05:07", "2026-02-11T22:05:07Z"),
        ("2026-02-11T22:05:01.533Z", "2026-02-11T22:05:01Z"),
        ("2026-02-11T22:05:01.533523843 UTC", "2026-02-11T22:05:01Z"),
        ("2026-02-11 22:05:07", "2026-02-11T22:05:07Z"),
        ("2026.02.11 21:53:08", "2026-02-11T21:53:08Z"),
        ("202612280000", "2026-12-28T00:00:00Z"),
        (202612280000, "2026-12-28T00:00:00Z"),
        ("20261228000059", "2026-12-28T00:00:59Z"),
        ("2026-12-28", "2026-12-28T00:00:00Z"),
        ("2026-02-12T00:05:07+02:00", "2026-02-11T22:05:07Z"),
        ("2026-02-11T20:05:07-0200", "2026-02-11T22:05:07Z"),
        ("2016-12-31T23:59:60", "2016-12-31T23:59:60Z"),
        ("2016-12-31T23:59:61", None),
        ("2026.02-11 21:53:08", None),
        ("2026-02-30 00:00:00", None),
        ("2026-02-11T24:00:00", None),
        ("0000-01-01T00:00:00", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-99:99", None),
        ("never", None),
        ("", None),
        (None, None),
        (1770847507, "2026-02-11T22:05:07Z"),
        ("yesterday", None),
    ],
)
def test_iso_utc(value: object, expected: str | None) -> None:
    assert values.iso_utc(value) == expected


@given(st.datetimes())
def test_iso_utc_of_every_form_of_a_moment(moment: t.Any) -> None:
    expected = moment.strftime(f"{moment.year:04d}-%m-%dT%H:%M:%SZ")
    fraction = f"{moment.microsecond:06d}"
    date, clock = expected[:10], expected[11:19]
    for form in (
        f"{date}T{clock}",
        f"{date}T{clock}.{fraction[:3]}Z",
        f"{date}T{clock}.{fraction}000 UTC",
        f"{date} {clock}",
        f"{date.replace('-', '.')} {clock}",
        expected,
    ):
        assert values.iso_utc(form) == expected


def test_integers_of_thousands_of_digits() -> None:
    huge = 10**5000
    for reader in READERS:
        json.dumps(reader(huge))
    assert values.integer(huge) is None
    assert values.number(-huge) is None
    assert values.text(huge) is None


def test_a_date_of_unknown_form_is_kept() -> None:
    assert values.date_or_text("end of June") == "end of June"
    assert values.date_or_text("201701010000") == "2017-01-01T00:00:00Z"
    assert values.date_or_text("") is None


@pytest.mark.parametrize(
    ("token", "seconds", "nanoseconds"),
    [
        ("less-than-100ns", 1e-07, 100),
        ("less-than-1us", 1e-06, 1000),
        ("less-than-2.5us", 2.5e-06, 2500),
        ("less-than-10µs", 1e-05, 10000),
        ("less-than-10ms", 0.01, 10000000),
        ("less-than-1s", 1.0, 1000000000),
        ("less-than-500ps", 5e-10, 0.5),
        ("more-than-10s", None, None),
        ("less-than-ns", None, None),
        ("unknown", None, None),
        (100, None, None),
    ],
)
def test_quality(token: object, seconds: float | None, nanoseconds: float | None) -> None:
    assert measures.quality_seconds(token) == seconds
    result = measures.quality_ns(token)
    assert result == nanoseconds
    assert isinstance(result, type(nanoseconds))


def test_texts_of_the_system() -> None:
    assert measures.cpu_load("0.48 0.66 0.57 2/99 25157") == (0.48, 0.66, 0.57)
    assert measures.cpu_load("0.48 0.66") is None
    assert measures.cpu_load("a b c") is None
    memory = "2048 kB total memory, 1024 kB free (50 %)"
    assert measures.memory_bytes(memory) == (2097152, 1048576)
    assert measures.memory_bytes("2 MB total memory, 1 MB free") == (2097152, 1048576)
    assert measures.position("46.5, -7.25") == (46.5, -7.25)
    assert measures.position("91, 0") is None
    assert measures.position("46.5") is None
    assert measures.position("1, 2, x") is None


@pytest.mark.parametrize(
    ("value", "text", "numbers", "suffix"),
    [
        ("fw_7.10.008", "7.10.008", [7, 10, 8], None),
        ("fw_7.06.014-light", "7.06.014-light", [7, 6, 14], "light"),
        ("firmware-7.10.008-x32", "7.10.008-x32", [7, 10, 8], "x32"),
        ("v2.16", "2.16", [2, 16], None),
        ("7.10.8", "7.10.8", [7, 10, 8], None),
    ],
)
def test_firmware_version(value: str, text: str, numbers: list[int], suffix: str | None) -> None:
    assert values.firmware_version(value) == {"text": text, "numbers": numbers, "suffix": suffix}
    assert values.version_text(value) == text


def test_no_firmware_version() -> None:
    assert values.firmware_version("osv") is None
    assert values.version_text("osv") == "osv"
    assert values.firmware_version("1" * 300) is None
    assert values.firmware_version("fw_" + "1" * 5000 + ".1") is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("fw_7.10.008", "7.10.8", 0),
        ("7.9.2", "7.10.1", -1),
        ("fw_7.10.008", "fw_7.06.014-light", 1),
        ("7.10", "7.10.0", 0),
        ("7.10.008", "7.10", 1),
        ("osv", "7.10", None),
        (None, "7.10", None),
    ],
)
def test_compare_versions(left: object, right: object, expected: int | None) -> None:
    assert values.compare_versions(left, right) == expected


def test_texts_of_the_network() -> None:
    assert measures.speed_mbps("1000") == 1000
    assert measures.speed_mbps(100) == 100
    assert measures.speed_mbps("1000 Mbit/s") == 1000
    assert measures.speed_mbps("-") is None
    assert values.mac_address("00:00:00:00:00:00") is None
    assert values.mac_address("02:00:5E:10:00:01") == "02:00:5e:10:00:01"
    assert measures.prefix_length("255.255.254.0") == 23
    assert measures.prefix_length("255.255.255.255") == 32
    assert measures.prefix_length("0.0.0.0") == 0
    assert measures.prefix_length("64") == 64
    for wrong in ("255.0.255.0", "255.255.255.1", "254.255.0.0", "129", "-1", "a.b.c.d", None):
        assert measures.prefix_length(wrong) is None


def test_natural_order() -> None:
    slots = ["io10", "clk2", "io9", "cpu", "clk1", "io010", "chassis", "chassis0", "9", "10"]
    expected = ["9", "10", "chassis", "chassis0", "clk1", "clk2", "cpu", "io9", "io010", "io10"]
    assert sorted(slots, key=values.natural_key) == expected


@given(st.lists(st.text(alphabet="a0123é²٣-", max_size=8)))
def test_natural_order_is_an_order(names: list[str]) -> None:
    once = sorted(names, key=values.natural_key)
    backwards = once[::-1]
    assert sorted(backwards, key=values.natural_key) == once


def test_tables_in_each_form() -> None:
    items = [{"object-id": "a", "x": 1}, {"x": 2}, 3, None]
    assert values.table(items) == [("a", items[0]), ("", items[1])]
    assert values.table({"a": {"x": 1}, "b": 2}) == [("a", {"x": 1})]
    assert values.table([{"object-id": "none", "mountpoint": "/tmp"}], "mountpoint")[0][0] == "/tmp"
    assert values.table("text") == []


def test_a_record_keeps_what_nobody_described() -> None:
    spec: values.FieldMap = (("speed_mbps", "speed", measures.speed_mbps),)
    nested = {"a": [1, {"b": None}]}
    result = values.map_fields({"object-id": "lan0", "speed": "100", "new": nested, "old": 1}, spec, "old")
    assert result == {"speed_mbps": 100, "other": {"new": nested}}
    assert values.map_fields("no object", spec) == {"speed_mbps": None}
    many = {f"member-{number}": number for number in range(999)}
    assert len(values.map_fields(many, spec)["other"]) == 64


def test_what_is_out_of_bounds_is_left_out() -> None:
    deep: object = 0
    for dummy in range(100_000):
        deep = [deep]
    for wrong in (
        deep,
        2**70,
        float("nan"),
        "x" * 5000,
        list(range(5000)),
        {"k" * 5000: 1},
        {1, 2},
    ):
        assert not values.is_bounded(wrong)
        assert values.map_fields({"wrong": wrong}, ()) == {}
    assert values.is_bounded({"a": [1, 2.5, None, True, "x"]})
    assert values.is_bounded([[[0]]], depth=3)
    assert not values.is_bounded([[[0]]], depth=2)
    while isinstance(deep, list):
        deep = deep.pop()


@given(JSON)
def test_no_reader_raises_on_any_json(value: object) -> None:
    for reader in READERS:
        reader(value)
    values.compare_versions(value, "7.10")
    values.map_fields(value, (("a", "a", values.text),))
    values.at({"a": value}, "a", "b", "c")


@given(st.text(alphabet="0123456789.-+eTZ: kBfw_less than,%", max_size=300))
def test_no_reader_raises_on_near_misses(value: str) -> None:
    for reader in READERS:
        json.dumps(reader(value), allow_nan=False)


def test_long_input_is_read_in_no_time() -> None:
    hostile = [
        "1" * 10**6,
        "1." * 10**5,
        " " * 10**6,
        "less-than-" + "9" * 10**6,
        "-" * 10**6,
        "1e" * 10**5,
    ]
    start = time.process_time()
    for value in hostile:
        for reader in READERS:
            reader(value)
    assert time.process_time() - start < 2
