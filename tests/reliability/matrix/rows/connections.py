# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 54 to 56: connections that end."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    FIRST,
    LAST,
    OLD,
    Bench,
    Row,
    Tree,
    exactly,
    fault,
)


def several_connections(bench: Bench, _result: Tree) -> None:
    assert len({entry["connection"] for entry in bench.device.ledger}) > 1


ROWS = [
    *[
        Row(54, f"after {number} requests", fault("keep-alive", requests=number), also=several_connections, timed=True)
        for number in (5, 16)
    ],
    # A write is sent only on a connection on which the device has shown its identity.
    Row(
        54,
        "after each request",
        fault("keep-alive", requests=1),
        ("protocol", "disconnected"),
        end=OLD,
        also=several_connections,
        timed=True,
    ),
    Row(
        54,
        "idle",
        fault("keep-alive", method="GET", path=FIRST, times=1),
        each=several_connections,
    ),
    Row(
        55,
        "reset during PUT",
        fault("close-before-answer", method="PUT", path=LAST),
        ("disconnected",),
        end=OLD,
        also=exactly(1, LAST),
    ),
    Row(56, "lost after PUT", fault("close-after-effect", method="PUT", path=LAST), also=exactly(1, LAST)),
]
