# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 40 to 53: bodies and headers of answers, hostile content."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    FIRST,
    LAST,
    OLD,
    Bench,
    Row,
    Tree,
    exactly,
    fault,
    same,
    together,
)

QUICK: Tree = {"request_timeout": 1.2, "retries": 0}
HOSTILE = "\x1b[31m<script>{{ 7*7 }}</script>\u202egnp"
MEGABYTES = 20 * 1024 * 1024


def resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def little_memory(bench: Bench) -> None:
    bench.memory = resident_bytes()  # type: ignore[attr-defined]


def grew_little(bench: Bench, _result: Tree) -> None:
    assert resident_bytes() - bench.memory < MEGABYTES  # type: ignore[attr-defined]


def answer(kind: str, *codes: str, number: int, case: str = "", **more: t.Any) -> list[Row]:
    """Rows for an odd answer: to a GET, where the task fails with one of the codes, and to a PUT that took effect."""
    members = more.pop("members", {})
    name = case or str(members.get("form", kind))
    seconds = more.pop("seconds", 6.0)
    get = Row(number, f"{name}, GET", fault(kind, path=FIRST, **members), seconds=seconds, **more, **same(*codes))
    put = Row(number, f"{name}, PUT", fault(kind, method="PUT", path=LAST, **members), also=exactly(1, LAST), **more)
    return [get, put]


def wire(form: str, *codes: str, number: int, **more: t.Any) -> list[Row]:
    interval = more.pop("interval", 0.0)
    return answer("wire", *codes, number=number, members={"form": form, "interval": interval}, **more)


def unusual(name: str, text: str, *codes: str) -> Row:
    """A row for JSON that is no answer of a LANTIME, in reply to a GET."""
    return Row(50, name, fault("garbage", body=text, path=FIRST), **same(*codes))


def in_envelope(text: str) -> str:
    head = json.dumps({"system-information": {"model": "M600"}})[:-1]
    return f'{head}, "data": {{"ntp": {text}}}}}'


def encoded(encoding: str, case: str, *codes: str, content_type: str = "application/json") -> Row:
    setup = fault("encoded", encoding=encoding, content_type=content_type)
    return Row(41, case, setup, present={"snmp/location": "Z\u00fcrich"}, **(same(*codes) if codes else {}))


def shows_no_control_character(_bench: Bench, result: Tree) -> None:
    texts = [*strings(result.get("diff")), *strings(result.get("operations")), result.get("msg", "")]
    assert all(not (set(text) & {"\x1b", "\r", "\x00", "\u202e"}) for text in texts)
    assert not any("49" in text and "script" in text for text in texts)
    assert any("{{ 7*7 }}" in text for text in texts)


def strings(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def hostile_id(object_id: str, case: str) -> list[Row]:
    """An item beside those of the plan is never addressed; one that the plan names is refused."""
    setup = fault("hostile-id", object_id=object_id, path=LAST)
    more = {"network": {"ports": {"lan1": {"indicate-link": False}}}}
    named = {"network": {"ports": {object_id: {"indicate-link": False}}}}
    return [
        Row(53, f"{case}, on the device", setup, more=more),
        Row(
            53,
            f"{case}, in the plan",
            setup,
            more=named,
            each=requests_of_names,
            **same("hostile_name", "unknown_name"),
        ),
    ]


def requests_of_names(bench: Bench, _result: Tree) -> None:
    assert all(entry["path"].count("/") == 3 and "." not in entry["path"] for entry in bench.device.ledger)


ROWS = [
    Row(40, "GET", fault("login-page"), **same("api_disabled")),
    Row(
        40,
        "PUT",
        fault("login-page", method="PUT", path=LAST),
        ("not_applied",),
        end=OLD,
        also=exactly(1, LAST),
        timed=True,
    ),
    encoded("utf-8-sig", "BOM"),
    encoded("utf-8", "text/plain", content_type="text/plain"),
    encoded("latin-1", "Latin-1", "content"),
    encoded("utf-16", "UTF-16", "content"),
    *answer("truncated", "incomplete", number=42),
    *wire("chunk-size", "protocol", number=43),
    *wire("chunk-negative", "protocol", number=43),
    *wire("chunk-extension", "protocol", number=43),
    *wire("chunk-bomb", "incomplete", "protocol", number=43),
    *wire("chunk-short", "incomplete", number=43),
    *wire("two-documents", "content", number=44),
    *wire("extra-bytes", "content", number=44),
    *wire("length-smaller", "content", number=45),
    *wire("length-larger", "incomplete", number=45),
    *wire("length-twice", "protocol", number=45),
    *wire("length-negative", "protocol", number=45),
    *wire("not-http", "protocol", number=45),
    *answer("drip", "timeout_total", number=46, options=QUICK, seconds=1.5, timed=True),
    *wire("headers-drip", "timeout_total", number=47, options=QUICK, seconds=1.5, interval=0.03, timed=True),
    Row(
        48,
        "GET",
        together(fault("endless", path=FIRST), little_memory),
        each=grew_little,
        entry_points=("job",),
        **same("too_large"),
    ),
    Row(
        48,
        "PUT",
        fault("endless", method="PUT", path=LAST, limit=8 * 1024 * 1024),
        ("too_large",),
        end=OLD,
        also=exactly(1, LAST),
    ),
    *answer("gzip", "encoding", number=49),
    unusual("nesting", in_envelope("[" * 200000 + "]" * 200000), "too_large"),
    unusual("large number", in_envelope("1" * 100000), "content"),
    unusual("NaN", in_envelope("NaN"), "content"),
    unusual("name twice", in_envelope('{"a": 1, "a": 2}'), "content"),
    *wire("header-line", "too_large", number=51),
    *wire("headers-endless", "protocol", number=51),
    Row(
        52,
        "settings",
        present={"snmp/location": HOSTILE, "snmp/contact": HOSTILE},
        each=shows_no_control_character,
    ),
    Row(
        52,
        "message of the device",
        fault("status", status=400, method="PUT", path=LAST, body={"error": f"{HOSTILE}\r\nX: y\x00"}),
        ("rejected",),
        end=OLD,
        also=shows_no_control_character,
    ),
    *hostile_id("../users", "dots and slash"),
    *hostile_id("a/b", "slash"),
    *hostile_id("%2e%2e", "percent signs"),
    *hostile_id("", "empty"),
    *hostile_id("x" * 10000, "10,000 characters"),
]
