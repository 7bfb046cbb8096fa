# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on an interrupted transaction."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Record, new_record
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.recovery import verdict_on
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

CHANGES = (
    Change("set", ("ntp",), {"a": 1}, {"a": 2}),
    Change("set", ("snmp",), {"b": "x"}, {"b": "y"}),
)
SECRET = ("snmp", "community")
SECRETS = (Change("set", ("snmp",), {"community": "****"}, {"community": "****"}),)


def record(phase: str = "writing", pending: int = 0, changes: t.Any = CHANGES, **fields: t.Any) -> Record:
    made = new_record({}, ("config",), Plan(changes, secrets=frozenset({SECRET})), ["ntp"], pending)
    return made._replace(phase=phase, **fields)


def device(a: int, b: str) -> t.Any:
    return {"ntp": {"a": a}, "snmp": {"b": b, "community": "****"}}


@pytest.mark.parametrize(
    ("given", "current", "pending", "verdict"),
    [
        (record(), device(1, "x"), 0, "not_applied"),
        (record(), device(2, "x"), 1, "partial"),
        (record(), device(1, "y"), 1, "partial"),
        (record(), device(2, "y"), 2, "applied_unsaved"),
        (record(), device(3, "x"), 1, "foreign_change"),
        (record(), device(2, "z"), 1, "foreign_change"),
        (record("saving"), device(2, "y"), 0, "done"),
        (record("saving"), device(2, "y"), 1, "applied_unsaved"),
        (record("saving", pending=3), device(2, "y"), 3, "applied_unsaved"),
        (record("saving"), device(2, "y"), None, "applied_unsaved"),
        (record("writing"), device(2, "y"), 0, "applied_unsaved"),
        (record("saving"), device(1, "x"), 0, "not_applied"),
    ],
)
def test_settings_that_can_be_read(given: Record, current: t.Any, pending: int | None, verdict: str) -> None:
    assert verdict_on(given, current, pending) == verdict


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("waiting", "not_applied"), ("processing", "partial"), ("succeeded", "applied_unsaved")],
)
def test_of_secrets_only_the_journal_tells(state: str, verdict: str) -> None:
    assert verdict_on(record(changes=SECRETS, states=(state,)), device(1, "x"), 1) == verdict
