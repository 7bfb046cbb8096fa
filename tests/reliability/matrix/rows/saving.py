# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 65 to 68: writing, rollback and saving fail."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    ENVELOPE,
    FIRST,
    LAST,
    OLD,
    UNSAVED,
    Bench,
    Row,
    Tree,
    all_of,
    fault,
    faults,
    meanwhile,
    rollback,
    says,
)
from ansible_collections.meinberg.lantime.tests.reliability.rig import on_request

QUICK: Tree = {"connect_timeout": 1.0, "verify_grace": 0.5, "retries": 0}
SECOND_ADDRESS = "127.0.0.2"


@contextlib.contextmanager
def unreachable_network(device: t.Any) -> t.Iterator[None]:
    """The device becomes unreachable once its network is written."""
    inner, written = device._device, []

    def act(method: str, path: str) -> None:
        if written and not inner.away_until:
            inner.away_until = inner.ticks() + 3600
        if method == "PUT" and path.startswith(LAST):
            written.append(path)

    remove = on_request(device, act)
    try:
        yield
    finally:
        remove()


def move(bench: Bench) -> None:
    """The device answers at another address once its network is written."""

    def act(device: t.Any) -> None:
        device.choose({"moved_to": SECOND_ADDRESS})

    meanwhile(act, "PUT", LAST, 1)(bench)


def not_saved(_bench: Bench, result: Tree) -> None:
    assert result.get("saved", False) is False


ROWS = [
    Row(
        65,
        "the last PUT fails",
        fault("status", status=400, method="PUT", path=LAST),
        ("rejected",),
        end=OLD,
        also=rollback("rolled_back"),
    ),
    Row(
        66,
        "the rollback fails too",
        faults(
            ("status", {"status": 400, "method": "PUT", "path": LAST}),
            ("status", {"status": 400, "method": "PUT", "path": FIRST, "nth": 2}),
        ),
        ("rollback_failed",),
        end=UNSAVED,
        also=rollback("rollback_failed"),
        timed=True,
    ),
    Row(
        66,
        "the connection breaks in the rollback",
        faults(
            ("status", {"status": 400, "method": "PUT", "path": LAST}),
            ("close-before-answer", {"method": "PUT", "path": FIRST, "nth": 2}),
        ),
        ("state_unknown", "rollback_failed"),
        end=UNSAVED,
        timed=True,
    ),
    Row(
        67,
        "the device becomes unreachable",
        lambda bench: bench.stack.enter_context(unreachable_network(bench.device)),
        ("state_unknown",),
        end=UNSAVED,
        options=QUICK,
        also=all_of(not_saved, says("the startup configuration was not touched")),
        seconds=12.0,
        timed=True,
    ),
    Row(
        67,
        "the device moves to another address",
        move,
        ("state_unknown",),
        end=UNSAVED,
        options=QUICK,
        also=all_of(not_saved, says("the startup configuration was not touched")),
        seconds=12.0,
        timed=True,
        afterwards={"host": SECOND_ADDRESS},
    ),
    *[
        Row(
            68,
            name,
            fault("status", method="PUT", path="/api/write", **members),
            ("save_failed",),
            end=UNSAVED,
            also=not_saved,
            timed=True,
        )
        for name, members in {
            "saving is refused": {"status": 500},
            "the disk is full": {"status": 507, "body": "no space left on device"},
            "the device says that it saved, and did not": {"status": 200, "body": ENVELOPE},
            "204 without saving": {"status": 204},
        }.items()
    ],
    Row(
        68,
        "no answer to saving",
        fault("close-before-answer", method="PUT", path="/api/write"),
        ("save_failed",),
        end=UNSAVED,
        also=not_saved,
        timed=True,
    ),
]
