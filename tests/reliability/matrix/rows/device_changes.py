# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 57 to 64: the device is not what it was, or not what the plan needs."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    FIRST,
    LAST,
    OLD,
    OTHER,
    UNSAVED,
    Bench,
    Row,
    Setup,
    all_of,
    exactly,
    fault,
    meanwhile,
    rollback,
    says,
)


def replaced(method: str = "GET", **members: t.Any) -> Setup:
    """Another device, or another firmware, answers from the second read or from the first PUT on."""

    def setup(bench: Bench) -> None:
        inner = bench.device._device
        former = inner.identity, inner.profile

        def act(_device: t.Any) -> None:
            if "serial" in members:
                inner.identity = inner.identity._replace(**members)
            else:
                inner.profile = replace(inner.profile, **members)

        def undo() -> None:
            inner.identity, inner.profile = former

        bench.stack.callback(undo)
        meanwhile(act, method, FIRST, 1 if method == "PUT" else 2)(bench)

    return setup


ROWS = [
    Row(
        57,
        "reboot in mid-plan",
        meanwhile(lambda d: d.reboot(), "PUT", LAST, 1),
        ("not_applied", "disconnected"),
        end=OLD,
        timed=True,
    ),
    Row(
        57,
        "reboot after the last PUT",
        meanwhile(lambda d: d.reboot(), "GET", FIRST, 3),
        ("not_applied",),
        end=OLD,
        also=rollback("not_needed"),
        timed=True,
    ),
    Row(
        58,
        "another device",
        replaced(serial="999999999999"),
        ("conflict",),
        end=OLD,
        also=exactly(0),
    ),
    Row(
        58,
        "another device after the first PUT",
        replaced("PUT", serial="999999999999"),
        ("state_unknown",),
        end=UNSAVED,
        also=all_of(exactly(1), says("999999999999")),
    ),
    Row(
        59,
        "a setting of the plan is changed",
        meanwhile(lambda d: d.foreign_change("ntp/local-clock/stratum", 5)),
        ("conflict",),
        end=OTHER,
        also=exactly(0),
    ),
    Row(
        60,
        "another setting is changed",
        meanwhile(lambda d: d.foreign_change("ntp/trust-time", 77), "PUT", FIRST, 1),
        end=OTHER,
    ),
    Row(
        61,
        "another firmware",
        replaced(firmware="fw_7.12.001"),
        ("conflict",),
        end=OLD,
        also=exactly(0),
    ),
    Row(
        61,
        "another firmware after the first PUT",
        replaced("PUT", firmware="fw_7.12.001"),
        ("state_unknown",),
        end=UNSAVED,
        also=all_of(exactly(1), says("7.12.001")),
    ),
    Row(
        62,
        "unknown members and values",
        fault("added-members", members={"later": {"mode": "quantum"}, "list": [1], "null": None}),
    ),
    Row(
        63,
        "a missing name",
        fault("missing-member", name="nameserver2"),
        ("unknown_name",),
        ("unknown_name",),
        OLD,
    ),
    Row(
        64,
        "an object-id twice",
        fault("hostile-id", object_id="lan0", path=LAST),
        ("duplicate_object_id",),
        ("duplicate_object_id",),
        OLD,
        more={"network": {"ports": {"lan1": {"indicate-link": False}}}},
    ),
    Row(64, "an object-id twice where nothing is configured", fault("hostile-id", object_id="lan0", path=LAST)),
]
