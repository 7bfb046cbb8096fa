# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of values with a unit, and of dates: one meaning is read, others are None."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._tree import measures, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11.02.2026 22:00:00", "2026-02-11T22:00:00Z"),
        ("1.2.2026", "2026-02-01T00:00:00Z"),
        ("Wed Feb 11 22:00:00 2026", "2026-02-11T22:00:00Z"),
        ("Wed Feb  4 22:00:00 UTC 2026", "2026-02-04T22:00:00Z"),
        ("Wed, 11 Feb 2026 22:00:00 GMT", "2026-02-11T22:00:00Z"),
        ("11 Feb 2026 22:00:00 +0100", "2026-02-11T21:00:00Z"),
        ("2026/02/11 22:00:00", "2026-02-11T22:00:00Z"),
        ("1770847200", "2026-02-11T22:00:00Z"),
        (1770847200, "2026-02-11T22:00:00Z"),
        (1770847200.5, "2026-02-11T22:00:00Z"),
        ("2000000000", "2033-05-18T03:33:20Z"),
        # Also 2026-02-11 at 22 h.
        ("2026021122", None),
        ("02/11/2026 22:00:00", None),
        ("31.02.2026 22:00:00", None),
        ("Wed Feb 11 22:00:00 CET 2026", None),
        ("177084720", None),
        ("22:00:00", None),
    ],
)
def test_dates(text: object, expected: str | None) -> None:
    assert values.iso_utc(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10G", 10000),
        ("2.5G", 2500),
        ("2.5 Gbit/s", 2500),
        ("10Gb/s", 10000),
        ("100 MBit/s", 100),
        ("100 Mbps", 100),
        ("1000M", 1000),
        (2500.0, 2500),
        ("100 MB/s", None),
        ("0.0005G", None),
        ("100 kbit/s", None),
        ("auto", None),
    ],
)
def test_speeds(text: object, expected: int | None) -> None:
    assert measures.speed_mbps(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("256 MB total memory, 157 MB free (61 %)", (268435456, 164626432)),
        ("1.5 GB total memory, 512 MB free", (1610612736, 536870912)),
        ("262144 KiB total memory, 1024 kB free", (268435456, 1048576)),
        ("256 MB", None),
        ("256 Mbit total memory, 1 Mbit free", None),
        ("lots of memory", None),
    ],
)
def test_memory(text: str, expected: t.Any) -> None:
    assert measures.memory_bytes(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (130988.25, 130988.25),
        ("130988.25 s", 130988.25),
        ("36 hours", 129600),
        ("1d 12h 23m 8s", 130988),
        ("1 day, 12:23:08", 130988),
        ("up 2 days, 0:05", 173100),
        ("36:23:08", 130988),
        (-5, None),
        ("-5", None),
        ("12:23", None),
        ("soon", None),
        ("", None),
    ],
)
def test_uptimes(value: object, expected: float | None) -> None:
    assert measures.uptime_seconds(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(81, 81), ("81", 81), ("81 %", 81), ("81%", 81), (-1, None), ("81.5 kB", None), ("full", None)],
)
def test_percentages(value: object, expected: int | None) -> None:
    assert measures.percent(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/64", 64),
        ("64", 64),
        ("2001:db8::1/64", 64),
        ("192.0.2.1/24", 24),
        ("/255.255.255.0", 24),
        ("ffff:ffff:ffff:ffff::", 64),
        ("ffff:fffe::", 31),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128),
        ("::", 0),
        ("ffff::ffff", None),
        ("ffff:0fff::", None),
        ("2001:db8::1", None),
        ("/129", None),
    ],
)
def test_prefix_lengths(value: str, expected: int | None) -> None:
    assert measures.prefix_length(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.00011999999999999999, "0.00012"),
        (0.00020999999999999998, "0.00021"),
        ("0.00014999999999999999", "0.00015"),
        (4325331.924, "4325331.924"),
        (130988.25, "130988.25"),
        (1.5e-05, "1.5e-05"),
    ],
)
def test_rounding_tails(value: object, expected: str) -> None:
    assert repr(values.number(value)) == expected


def test_long_input_is_read_in_no_time() -> None:
    for text in ("1 d" * 80, "9" * 250, "1:" * 120, "f" * 250, ":" * 250, "/" * 250, "Wed " * 60, "1. " * 80):
        for reader in (
            values.iso_utc,
            measures.speed_mbps,
            measures.memory_bytes,
            measures.uptime_seconds,
            measures.percent,
            measures.prefix_length,
            measures.address_family,
            measures.split_address,
        ):
            reader(text)
