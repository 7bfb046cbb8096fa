# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcomes of all rows, as the last `make trust` wrote them to outcomes.json, and the wording of the faults."""

from __future__ import annotations

import functools
import json
import typing as t
from pathlib import Path

OUTCOMES = Path(__file__).with_name("outcomes.json")
HEAD = ("no.", "fault", "case", "mode", "entry points", "code", "state of the device", "requests", "writes")


class Record(t.NamedTuple):
    """A line of the table: what a row did in one mode. entry_points: those that give this outcome."""

    number: int
    case: str
    mode: str
    entry_points: str
    code: str
    end: str
    requests: str
    writes: str


FAULTS = {
    1: "the name does not resolve",
    2: "connection refused",
    3: "SYN packets are dropped",
    4: "the device accepts and never answers",
    5: "the TLS handshake stalls",
    6: "unknown CA",
    7: "self-signed certificate, pinned",
    8: "the certificate is not the pinned one",
    9: "certificate expired or not yet valid",
    10: "certificate for another name",
    11: "TLS 1.0 only, or a weak key",
    12: "client certificate required",
    13: "HTTP and HTTPS confused",
    14: "302 to another host",
    15: "302 from HTTPS to HTTP",
    16: "307 to another host in reply to PUT",
    17: "302 to a page in reply to PUT",
    18: "redirect to itself",
    19: "proxy in the environment",
    20: "device named by no_proxy",
    21: "the proxy refuses, or answers garbage",
    22: "netrc has an entry for the host",
    23: "401 to the first request",
    24: "401 from many devices",
    25: "the token expires during the task",
    26: "the account is locked during the task",
    27: "403 for one section",
    28: "404 for a section",
    29: "405 or 501 in reply to PUT",
    30: "409, 412 or 423 in reply to PUT",
    31: "429 with Retry-After",
    32: "500 once in reply to GET",
    33: "500 in reply to PUT, with and without its effect",
    34: "503 while a service restarts",
    35: "200 with an error inside",
    36: "200 to PUT, and the value is another one",
    37: "the value is shown in another form",
    38: "the value is applied later",
    39: "202, 204 or an empty body",
    40: "login page with status 200",
    41: "JSON with another content type or encoding",
    42: "truncated body",
    43: "invalid chunks",
    44: "bytes after the JSON document",
    45: "wrong Content-Length, or no HTTP",
    46: "body byte by byte",
    47: "headers byte by byte",
    48: "endless body",
    49: "compressed body",
    50: "JSON that is too deep, too large or ambiguous",
    51: "endless headers",
    52: "hostile texts",
    53: "hostile object-ids",
    54: "connections are closed unannounced",
    55: "reset during PUT",
    56: "connection lost after PUT",
    57: "the device restarts during the task",
    58: "another device answers",
    59: "another client changes a setting of the plan",
    60: "another client changes another setting",
    61: "another firmware answers",
    62: "unknown members and values",
    63: "a setting of the plan is missing",
    64: "an object-id twice",
    65: "a PUT of the plan fails",
    66: "the rollback fails too",
    67: "the device is unreachable after a change of its network",
    68: "saving fails",
    69: "the task is killed",
    70: "two controllers at once",
    71: "the controller: signals, journal, disk, descriptors, clock",
    72: "a fleet with dead, slow and refusing devices",
}


@functools.cache
def load() -> list[Record]:
    return [Record(*line) for line in json.loads(OUTCOMES.read_text(encoding="utf-8"))]


def dump(records: t.Iterable[Record]) -> str:
    """The content of outcomes.json, one line for each record."""
    lines = ",\n".join(json.dumps(list(record)) for record in sorted(set(records)))
    return f"[\n{lines}\n]\n"


def cells(records: t.Iterable[Record]) -> list[tuple[str, ...]]:
    """The rows of the table."""
    return [(str(r.number), FAULTS[r.number], *r[1:]) for r in records]


def as_text(records: t.Iterable[Record]) -> str:
    """The table for a terminal."""
    rows = [HEAD, *cells(sorted(set(records)))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
