# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutations of HTTP answers: of the JSON tree, of its envelope, of bytes, of status and headers. All choices are those of a random.Random."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass
class RawAnswer:
    """An HTTP answer before it is written: headers in order, names may repeat."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    version: str = "HTTP/1.1"
    reason: str = "OK"
    prefix: bytes = b""
    chunked: bool = False
    log: list[str] = field(default_factory=list)

    def set_header(self, name: str, value: str) -> None:
        self.headers = [(n, v) for n, v in self.headers if n.lower() != name.lower()]
        self.headers.append((name, value))

    def as_bytes(self) -> bytes:
        """The answer on the wire; Content-Length is that of the body unless the headers have one."""
        names = {name.lower() for name, dummy in self.headers}
        framing = [] if {"content-length", "transfer-encoding"} & names else [("Content-Length", str(len(self.body)))]
        lines = "".join(f"{name}: {value}\r\n" for name, value in [*self.headers, *framing])
        head = f"{self.version} {self.status} {self.reason}\r\n{lines}\r\n"
        return self.prefix + head.encode("utf-8", "surrogateescape") + self.body


Mutation = Callable[[random.Random, RawAnswer], None]


def _deep(levels: int) -> Any:
    value: Any = 0
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


_TEXTS = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e999",
        "nan",
        "inf",
        "-Infinity",
        "\u00b2",
        "\u0661\u0662",
        "0x10",
        "1_000",
        "10G",
        "yes",
        "none",
    ),
    *(
        "a\0b",
        "\x1b[2J\x1b]0;owned\x07",
        "\u202eabc",
        "\ud800",
        "\U0001f600",
        "a\r\nb",
        "{{ 7*7 }}",
        "{% raw %}",
        "<script>",
    ),
    *("../../etc/passwd", "/", "..", "%2e%2e", "__ansible_unsafe", "!vault |", "$ANSIBLE_VAULT;1.1;AES256", "********"),
    *("2026-13-45T99:99:99", "1970-01-01T00:00:00Z", "0000-00-00", "9999-12-31T23:59:59", "1999-11-22T00:00:00-24:00"),
    *(
        "fw_",
        "fw_7.10.008",
        "fw_" + "9" * 400,
        "LANTIME REST API V" + "9" * 60 + ".1",
        "clk1",
        "chassis0",
        "status",
        "object-id",
    ),
    *(
        "1 ns",
        "-5e-9 s",
        "12 us ago",
        "99999999999999999999 days",
        "12:34:56 up",
        "10.0.0.1/33",
        "::ffff:1.2.3.4%eth0/129",
    ),
    *("2026-02-30", "1.2.3", "n/a", "x" * 300, "y" * 100_000),
)
_NUMBERS = (
    *(0, 1, -1, 2, 255, 65536, 2**31, 2**53 + 1, 2**63, -(2**63), 10**39),
    *(0.1, -0.0, 1e-320, 1e308, -1e308, 1.7976931348623157e308),
)
_NAMES = (
    *(
        "",
        "object-id",
        "status",
        "data",
        "error",
        "..",
        "a/b",
        "a b",
        "__ansible_type",
        "__ansible_vault",
        "\x1b[2J",
        "\u202e",
    ),
    *("keys", "items", "password", "n" * 300, "\ud800", "0", "-1"),
)


def odd_value(rng: random.Random) -> Any:
    """A value that no member expects; rarely a large or deep one."""
    kind = rng.randrange(40)
    if kind < 16:
        return rng.choice(_TEXTS)
    if kind < 26:
        return rng.choice(_NUMBERS)
    if kind < 32:
        return rng.choice((None, True, False))
    if kind < 38:
        name = rng.choice(_NAMES)
        return rng.choice(
            ([], {}, [[]], [None], {name: {}}, {name: rng.choice(_TEXTS)}, [{"object-id": name}], ["a", 1, None])
        )
    if kind == 38:
        return _deep(rng.choice((5, 40, 58, 70, 200)))
    count = rng.choice((100, 5_000, 40_000, 60_000))
    return rng.choice((list(range(count)), {str(n): n for n in range(count // 2)}, [{"object-id": "a"}] * (count // 3)))


Place = tuple[Any, Any]


def places_in(value: Any) -> list[Place]:
    """Each member of objects and lists as its holder and its name or index, in the order of the text."""
    places: list[Place] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        members = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for name, member in members:
            places.append((holder, name))
            if isinstance(member, (dict, list)):
                waiting.append(member)
    return places


def _retype(rng: random.Random, value: Any) -> Any:
    """The value in another type that says nearly the same."""
    if isinstance(value, bool):
        return rng.choice((str(value), int(value), "on", [value]))
    if isinstance(value, (int, float)):
        return rng.choice((str(value), -value, value * 10**6, float(value), f"{value} s", [value], {"value": value}))
    if isinstance(value, str):
        return rng.choice(
            (list(value[:20]), value.upper(), value[: len(value) // 2], value * 2, {"value": value}, f" {value}\n")
        )
    if isinstance(value, list):
        return rng.choice(
            (dict(zip(map(str, range(len(value))), value)), value[::-1], value * 2, value[:1], len(value), [value])
        )
    if isinstance(value, dict):
        return rng.choice(
            (list(value.values()), [value], [{"object-id": k, "value": v} for k, v in value.items()], list(value))
        )
    return rng.choice((False, 0, "", [], {}))


def _change_place(rng: random.Random, places: list[Place]) -> str:
    """Change one member. Members of what was replaced before may be changed too, which has no effect."""
    holder, name = rng.choice(places)
    if not (name in holder if isinstance(holder, dict) else name < len(holder)):
        return "nothing"
    how = rng.choice(("odd", "odd", "odd", "retype", "retype", "drop", "rename", "swap", "copy"))
    if how == "odd":
        holder[name] = odd_value(rng)
    elif how == "retype":
        holder[name] = _retype(rng, holder[name])
    elif how == "drop":
        del holder[name]
    elif how == "rename" and isinstance(holder, dict):
        holder[rng.choice(_NAMES)] = holder.pop(name)
    elif how == "copy" and isinstance(holder, list):
        holder.insert(rng.randrange(len(holder) + 1), holder[name])
    else:
        other, other_name = rng.choice(places)
        if other_name in other if isinstance(other, dict) else other_name < len(other):
            # Through text, since a tree that holds itself is no JSON.
            holder[name] = json.loads(json.dumps(other[other_name]))
    return f"{how} {str(name)[:40]!r}"


def _parsed(answer: RawAnswer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def mutate_tree(rng: random.Random, answer: RawAnswer) -> None:
    """Change one to twelve members anywhere in the answer."""
    tree = _parsed(answer)
    places = places_in(tree)
    if places:
        answer.log += [_change_place(rng, places) for dummy in range(rng.choice((1, 1, 2, 3, 5, 12)))]
        answer.body = json.dumps(tree).encode()


def mutate_envelope(rng: random.Random, answer: RawAnswer) -> None:
    """Change members of the envelope: identity, changes, error, links, and the place of the data."""
    tree = _parsed(answer)
    if not isinstance(tree, dict):
        return
    data = tree.pop("data", None)
    places = places_in(tree)
    for dummy in range(rng.choice((1, 2, 4))):
        if places:
            answer.log.append(_change_place(rng, places))
    wrapped = rng.choice((data, data, data, [data], {"status": data}, {"data": data}, json.dumps(data), None))
    if rng.randrange(6):
        tree["data"] = wrapped
    if not rng.randrange(4):
        tree[rng.choice(("error", "errors"))] = odd_value(rng)
    if not rng.randrange(8):
        tree = rng.choice(([tree], {"data": tree}, {"system-information": tree}))
    answer.body = json.dumps(tree).encode()


_CHANCE_BYTES = (
    *(b"\0", b"\xff", b"\xc3\x28", b'"', b"\\", b"{", b"}", b"]", b",", b"NaN", b"-", b"\xef\xbb\xbf", b"\n"),
    *(b"1" * 5_000, b"[" * 3_000),
)
_CHANCE_BODIES = (b"", b"null", b"[]", b"{}", b"0", b'"text"', b"<html></html>", b"\x1f\x8b\x08\0", b"{" * 100_000)


def mutate_bytes(rng: random.Random, answer: RawAnswer) -> None:
    """Cut, overwrite, repeat or replace bytes of the body."""
    body = bytearray(answer.body)
    for dummy in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(body) + 1)
        how = rng.choice(("cut", "insert", "overwrite", "delete", "repeat", "replace", "duplicate"))
        answer.log.append(f"{how} at {at}")
        if how == "cut":
            del body[at:]
        elif how == "insert":
            body[at:at] = rng.choice(_CHANCE_BYTES)
        elif how == "overwrite" and at < len(body):
            body[at] = rng.randrange(256)
        elif how == "delete":
            del body[at : at + rng.choice((1, 10, 1000))]
        elif how == "repeat":
            body[at:at] = body[at : at + rng.choice((1, 10, 1000))] * rng.choice((1, 3, 100))
        elif how == "duplicate":
            body = bytearray(body.replace(b": {", b': {"model": 1, "model": 2, ', 1))
        else:
            body = bytearray(rng.choice(_CHANCE_BODIES))
    answer.body = bytes(body)


_HEADER_VALUES = {
    "Content-Length": (
        "0",
        "1",
        "-1",
        "+5",
        "5, 5",
        "5, 6",
        "\u00b2",
        "9" * 5_000,
        "1e3",
        "0x10",
        "",
        " 12 ",
        "999999999",
    ),
    "Transfer-Encoding": ("chunked", "gzip, chunked", "identity", "x"),
    "Content-Type": (
        "text/html",
        "application/json; charset=utf-16",
        "",
        "application/octet-stream",
        "\x1b[2J",
        "a" * 9_000,
    ),
    "Content-Encoding": ("gzip", "br", "identity", "deflate, gzip", "\x1b[2J", ""),
    "Retry-After": (
        "0",
        "-1",
        "1e9",
        "\u00b2",
        "9" * 5_000,
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "Wed, 99 Foo 99999 99:99:99 GMT",
        "soon",
    ),
    "Location": (
        "",
        "/login",
        "https://192.0.2.1/",
        "http://[::1",
        "//a@b:c",
        "\x1b]0;x\x07",
        "https://" + "a" * 9_000,
        "javascript:1",
    ),
    "WWW-Authenticate": ("Basic realm=\x1b[2J", "Negotiate", "Digest realm=" + "x" * 9_000, ""),
    "Set-Cookie": ("a=b", "\u00ff=\u00ff; Expires=never"),
    "Connection": ("close", "keep-alive", "upgrade", ""),
    "Date": ("never", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "Allow": ("GET", "", "\x1b"),
    "X-Long": ("y" * 65_000,),
    "": ("no name",),
    "No Colon At": ("\r\n folded", "\r\nX: y"),
}
_STATUSES = (
    *(
        0,
        42,
        100,
        101,
        103,
        199,
        200,
        201,
        202,
        203,
        204,
        205,
        206,
        207,
        300,
        301,
        302,
        303,
        304,
        307,
        308,
        600,
        999,
        1000,
    ),
    *(400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 413, 415, 418, 421, 422, 423, 425, 426, 429, 431, 451),
    *(500, 501, 502, 503, 504, 507, 511, 599),
)
_PREFIXES = (
    b"\r\n",
    b"\0",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 103 \r\n" + b"Link: x\r\n" * 200 + b"\r\n",
    b"SSH-2.0-x\r\n",
    b"<html>",
)


def mutate_head(rng: random.Random, answer: RawAnswer) -> None:
    """Change status line and headers."""
    for dummy in range(rng.choice((1, 2, 3))):
        how = rng.choice(
            ("status", "status", "header", "header", "header", "repeat", "version", "reason", "prefix", "many")
        )
        name = rng.choice(sorted(_HEADER_VALUES))
        value = rng.choice(_HEADER_VALUES[name])
        if how == "status":
            answer.status = rng.choice(_STATUSES)
        elif how == "header":
            answer.set_header(name, value)
        elif how == "repeat":
            answer.headers.append((name, value))
        elif how == "version":
            answer.version = rng.choice(("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP", "", "ICY"))
        elif how == "reason":
            answer.reason = rng.choice(("", "\x1b[2J", "x" * 70_000, "\u202e", "a: b"))
        elif how == "prefix":
            answer.prefix += rng.choice(_PREFIXES)
        else:
            answer.headers += [(f"X-{number}", "y" * 500) for number in range(rng.choice((99, 101, 140)))]
        answer.log.append(f"{how} {answer.status} {name}: {value[:30]!r}")


KINDS: tuple[Mutation, ...] = (mutate_tree,) * 6 + (mutate_envelope,) * 3 + (mutate_bytes,) * 2 + (mutate_head,) * 3


def mutate(rng: random.Random, answer: RawAnswer) -> None:
    """Apply one kind of mutation, rarely two."""
    for dummy in range(rng.choice((1, 1, 1, 2))):
        rng.choice(KINDS)(rng, answer)
