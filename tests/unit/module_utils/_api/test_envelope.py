# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a device, proper and hostile."""

from __future__ import annotations

import json
import tracemalloc
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._api.envelope import (
    MAX_VALUES,
    NotJsonError,
    TooLargeError,
    node_of,
    open_envelope,
    parse_json,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._client.answer import MAX_BODY_BYTES
from ansible_collections.meinberg.lantime.plugins.module_utils._status.identity import Identity
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES

ANSWER = {
    "system-information": {
        "API Version": "LANTIME REST API V20.05.013",
        "version": "fw_7.10.008",
        "serial-number": "0123456789",
        "hostname": "ts1",
        "time-stamp": "2026-02-11T22:05:07",
        "model": "M600",
    },
    "data": {"object-id": "ntp", "local-clock": {"stratum": 12}},
    "changes": {"pending-changes": 3},
    "links": {"self": "https://localhost/api/config/ntp"},
}


def test_envelope_shows_identity_generation_and_pending_changes() -> None:
    envelope = open_envelope(parse_json(json.dumps(ANSWER).encode()))
    assert envelope is not None
    assert envelope.identity == Identity("M600", "0123456789", "ts1", "7.10.008", "20.05.013", 20, 3)
    assert envelope.error is None


def test_api_version_of_the_status_node_is_preferred() -> None:
    status = {"object-id": "status", "rest-api": {"api-version": "10.21.016"}}
    for data in (status, {"status": status}):
        envelope = open_envelope({**ANSWER, "data": data})
        assert envelope is not None
        assert (envelope.identity.api_version, envelope.identity.api_generation) == ("10.21.016", 10)


@pytest.mark.parametrize("padding", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b" \t"])
def test_white_space_and_byte_order_mark_around_the_text_are_ignored(padding: bytes) -> None:
    assert parse_json(padding + b'{"a": 1}' + padding.replace(b"\xef\xbb\xbf", b"")) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b'{"a": 1', "ends too early"),
        (b'{"a": 1} {"b": 2}', "breaks off"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e999}', "bounds"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "digits"),
        (b"[" * 200_000 + b"]" * 200_000, "nested"),
        (b"[" * 65 + b"]" * 65, "nested"),
        (b'"' + b"x" * 1_100_000 + b'"', "longer"),
        ("{'ü': 1}".encode("latin-1"), "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    ],
)
def test_what_a_device_never_sends_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotJsonError, match=reason):
        parse_json(body)


BOMBS = {
    "small lists": b"[" + b"[]," * 650_000 + b"[]]",
    "small objects": b"[" + b'{"a":{}},' * 200_000 + b"0]",
    "names": b"{" + b",".join(b'"%d":0' % n for n in range(150_000)) + b"}",
    "texts": b"[" + b'"",' * 600_000 + b'""]',
    "numbers": b"[" + b"1," * 1_000_000 + b"1]",
    "escaped quotation marks": b'["' + b'\\"' * 900_000 + b'", ' + b"[]," * 60_000 + b"0]",
    "backslashes": b"[" + b'"\\\\",' * 300_000 + b"0]",
    "levels": b"[" * 1_000_000,
    "levels of objects": b'{"a":' * 300_000,
    "ends": b"]" * 2_000_000,
    "levels after a text": b'["\\"", ' + b"[" * 1_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_memory_is_bounded_while_an_answer_is_parsed(name: str) -> None:
    body = BOMBS[name]
    tracemalloc.start()
    try:
        with pytest.raises(NotJsonError):
            parse_json(body)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_the_number_of_names_and_values_is_bounded() -> None:
    inner = MAX_VALUES - 1
    assert len(parse_json(b"[" + b"0," * (inner - 1) + b"0]")) == inner
    for body in (b"[" + b"0," * inner + b"0]", b"{" + b'"a":0,' * (MAX_VALUES // 2) + b"}"):
        with pytest.raises(TooLargeError, match="more than 50000 names and values"):
            parse_json(body)
    assert parse_json(b'[",:[{", "\\"[", "\\\\"]') == [",:[{", '"[', "\\"]


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_twice_a_simulated_device_is_within_the_bounds(profile: str) -> None:
    device = offline_device(profile)
    body = json.dumps([device.status(), device.running()] * 2).encode()
    assert len(parse_json(body)) == 4
    assert len(body) < MAX_BODY_BYTES


def test_half_a_surrogate_pair_is_written_out_and_a_whole_one_is_not() -> None:
    body = b'{"\\ud800": ["\\uDFFFx", {"a": "\\ud83d\\ude00"}, 1, null, true]}'
    value = parse_json(body)
    assert value == {"\\ud800": ["\\udfffx", {"a": "\U0001f600"}, 1, None, True]}
    json.dumps(value, ensure_ascii=False).encode()


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_value_or_in_one_kind_of_error(body: bytes) -> None:
    try:
        value = parse_json(body)
    except NotJsonError:
        return
    open_envelope(value)


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"token": "8B92"}, {"status": {}}])
def test_json_that_is_no_answer_of_a_lantime(value: t.Any) -> None:
    assert open_envelope(value) is None


@pytest.mark.parametrize(
    "value",
    [
        {"error": "no such value"},
        {"error": {"code": 7, "message": "no such value"}},
        {"data": {"error": "no such value"}},
        {**ANSWER, "error": {"text": "no such value"}},
    ],
)
def test_an_error_member_is_found_wherever_it_stands(value: t.Any) -> None:
    envelope = open_envelope(value)
    assert envelope is not None
    assert envelope.error == "no such value"


@pytest.mark.parametrize(
    ("path", "data", "node"),
    [
        (["status", "ports", "lan0", "speed"], {"speed": "1000"}, "1000"),
        (["status", "ports", "lan0", "speed"], {"value": "1000"}, "1000"),
        (["status", "ports", "lan0", "speed"], "1000", "1000"),
        (["status", "ports", "lan0", "speed"], {"object-id": "speed", "speed": "1000"}, "1000"),
        (
            ["status", "ports"],
            {"object-id": "ports", "ports": [{"object-id": "lan0"}]},
            [{"object-id": "lan0"}],
        ),
        (["status", "ports"], [{"object-id": "lan0"}], [{"object-id": "lan0"}]),
        (["status", "ports"], {"lan0": {"link": True}}, {"lan0": {"link": True}}),
        (
            ["status", "ports", "lan0"],
            {"object-id": "lan0", "link": True},
            {"object-id": "lan0", "link": True},
        ),
        (
            ["status", "ports", "lan0"],
            {"lan0": {"object-id": "lan0", "link": True}},
            {"object-id": "lan0", "link": True},
        ),
        (["status"], {"status": {"system": {}}, "config": {}}, {"system": {}}),
        (["status"], {"object-id": "status", "system": {}}, {"object-id": "status", "system": {}}),
        ([], {"status": {}}, {"status": {}}),
    ],
)
def test_every_form_of_a_node_gives_the_node(path: list[str], data: t.Any, node: t.Any) -> None:
    assert node_of(data, path) == node
