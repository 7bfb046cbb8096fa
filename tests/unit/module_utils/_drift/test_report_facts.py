# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record with the reduced facts gives the same entry of a report as one with all facts."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.entries import build_entry
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.report_facts import report_facts
from ansible_collections.meinberg.lantime.plugins.module_utils._status.facts import ALL_SUBSETS, gather_facts
from ansible_collections.meinberg.lantime.tests.devices import status_envelopes

CHECKED = "2026-06-01T12:00:00Z"
ENVELOPES = status_envelopes()


@pytest.mark.parametrize("profile", ENVELOPES)
@pytest.mark.parametrize("subsets", [ALL_SUBSETS, frozenset({"min"}), frozenset({"sync", "firmware"})])
def test_the_entry_is_the_same(profile: str, subsets: frozenset[str]) -> None:
    facts = gather_facts(ENVELOPES[profile], subsets)
    reduced = report_facts(facts)
    assert build_entry({"host": "ts1", "facts": reduced}, CHECKED) == build_entry(
        {"host": "ts1", "facts": facts}, CHECKED
    )


@pytest.mark.parametrize("profile", ENVELOPES)
def test_the_reduced_facts_are_small(profile: str) -> None:
    facts = gather_facts(ENVELOPES[profile], ALL_SUBSETS)
    assert len(json.dumps(report_facts(facts))) < len(json.dumps(facts)) / 3


@pytest.mark.parametrize(
    "facts", [{}, {"ansible_lantime": None}, {"ansible_lantime": {"receiver": {"slot": 1}, "min": []}}]
)
def test_facts_of_any_form_are_reduced(facts: dict[str, t.Any]) -> None:
    assert report_facts({**facts, "other": 1}) == facts
