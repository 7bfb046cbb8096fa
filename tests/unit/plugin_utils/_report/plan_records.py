# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of a fleet for the tests of the review page."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.document import (
    PlanDocument,
    PlannedSave,
    encode_plan,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import plans

GENERATED = "2026-06-01T12:00:00Z"
MADE = "2026-06-01T09:55:00Z"

Tree = dict[str, t.Any]


def operation(path: str, before: Tree | None, after: Tree, impact: str | None = None, action: str = "set") -> Tree:
    handler = path.partition("/")[0]
    shared = {"id": 1, "handler": handler, "action": action, "path": path, "before": before, "after": after}
    return {**shared, **({} if impact is None else {"impact": impact})}


STRATUM = operation("ntp/local-clock", {"stratum": 12}, {"stratum": 10})
CONTACT = operation("snmp", {"contact": "old@example.com"}, {"contact": "time@example.com"})
SECRET = operation("snmp/v3-users/ops", {"password": "********"}, {"password": "********"})
PPS = operation("chassis0/slots/io1/outputs/1", {"enabled": False}, {"enabled": True}, "timing")


def plan(serial: str, *operations: Tree, **members: t.Any) -> PlanDocument:
    device = {
        "model": "LANTIME M600",
        "serial_number": serial,
        "hostname": "ts",
        "firmware": "7.10.007",
        "api_version": "15",
        "api_generation": 15,
    }
    numbered = tuple({**each, "id": number} for number, each in enumerate(operations, 1))
    defaults: Tree = {
        "collection_version": "2.0.0",
        "made_at": MADE,
        "golden_files": ("golden.yml",),
        "host": "192.0.2.1",
        "device": device,
        "save": PlannedSave(tuple(dict.fromkeys(each["handler"] for each in operations)), 0),
    }
    return PlanDocument(**{**defaults, **members, "operations": numbered})


def write(directory: Path, documents: t.Mapping[str, PlanDocument]) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    for host, document in documents.items():
        (directory / f"{host}.plan.json").write_bytes(encode_plan(document))
    return directory


def fleet() -> dict[str, PlanDocument]:
    """Five devices: three with the same change, of which one has more, and two that need none."""
    return {
        "ts1": plan("1001", STRATUM, CONTACT),
        "ts2": plan("1002", STRATUM, CONTACT),
        "ts3": plan("1003", STRATUM, CONTACT, SECRET, PPS, secrets=("snmp/v3-users/ops/password",)),
        "ts4": plan("1004"),
        "ts5": plan("1005", not_applicable=({"path": "ntp/x", "reason": "the device does not have it"},)),
    }


def many(count: int) -> dict[str, PlanDocument]:
    """A fleet in which each device has a change of its own, beside one of all."""
    return {
        f"ts{n}": plan(str(n), STRATUM, operation("snmp", {"location": ""}, {"location": f"rack {n}"}))
        for n in range(1, count + 1)
    }


def review(directory: Path, documents: t.Mapping[str, PlanDocument], **heading: t.Any) -> plans.Review:
    defaults: Tree = {"title": "Plans", "generated": GENERATED}
    return plans.build_review(plans.ReviewHeading(**{**defaults, **heading}), str(write(directory, documents)))
