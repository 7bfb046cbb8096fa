# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils import _catalogue

CONNECTORS = "BPE CPE ESI FDM GNM GNS GNS-UC GPS GRC GXL PZF TCR HPS PSX LIU LSG LNO MRI VSI PIO REL RSC SCG VSG"


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("grc180", "GRC"),
        ("GRC180", "GRC"),
        ("gns181", "GNS"),
        ("gns181uc", "GNS-UC"),
        ("GNS181_UC", "GNS-UC"),
        ("gns181ucmsbc", "GNS-UC"),
        ("gns181msbc", "GNS"),
        ("gps180", "GPS"),
        ("gps183", "GPS"),
        ("pzf511", "PZF"),
        ("psu", "PSU"),
        ("c05f1-v33", "CPU"),
        ("c05f1-v99", "CPU"),
        ("psx4GE", "PSX"),
        ("bpe8XXX", "BPE"),
        ("bpe9000", "BPE"),
        ("spt", "RSC"),
        ("mri", "MRI"),
        ("gps180-v2", "GPS"),
        ("gps180new", "GPS"),
        ("gns181uc2", "GNS-UC"),
        ("gps1801", None),
        ("mrix", None),
        ("xyz999", None),
        ("unknown", None),
        ("", None),
        ("g" * 10000, None),
    ],
)
def test_family_of(model: str, family: str | None) -> None:
    assert _catalogue.family_of(model) == family


def test_every_model_and_token_leads_to_its_family() -> None:
    for family in _catalogue.families().values():
        for name in (*family.models, *family.tokens):
            assert family.name in _catalogue.families_of(name), name


def test_a_token_of_two_families_names_both() -> None:
    assert _catalogue.families_of("gps-gns183") == ("GNS", "GPS")
    assert _catalogue.families_of("xyz999") == ()


def test_the_tables_are_complete() -> None:
    families = _catalogue.families()
    assert {*CONNECTORS.split(), "CPU", "PSU"} <= set(families)
    tokens = [token for family in families.values() for token in family.tokens]
    assert len(tokens) == len(set(tokens))
    assert all(token == token.lower() for token in tokens)
    for family in families.values():
        assert family.payload in ("yes", "part", "no")
        assert family.tokens
        assert not (family.models and family.function is None)
    confirmed = {token for family in families.values() for token in family.confirmed}
    assert confirmed == {"grc180", "pzf511", "psu", "c05f1-v31", "c05f1-v33"}
    assert "gps-gns183" in families["GNS"].assumed


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("gns-uc", "GNS-UC"),
        ("IMS-GNS_UC", "GNS-UC"),
        ("spt", "RSC"),
        ("pwr", "PSU"),
        ("dcf77", "PZF"),
        (" Grc ", "GRC"),
        ("nope", None),
    ],
)
def test_canonical_family(name: str, family: str | None) -> None:
    assert _catalogue.canonical_family(name) == family


def test_events() -> None:
    events = _catalogue.events()
    assert len(events) == 37
    assert events["ntp-not-sync"] == _catalogue.Event(
        "ntp-not-sync", "error", ("warning", "critical"), ("ntp-sync",)
    )
    assert events["refclock-2-sync"].type is None
    types = {event.type for event in events.values()}
    assert types == {"info", "warning", "error", "critical", "action", None}
    for event in events.values():
        assert set(event.cleared_by) <= set(events)
        assert set(event.severities) <= {"info", "warning", "critical"}
    assert set(_catalogue.EVENT_ALIASES) <= set(events)


def test_aliases_by_generation() -> None:
    for name, old in _catalogue.EVENT_ALIASES.items():
        assert _catalogue.event_name(name, 10) == old
        assert _catalogue.event_name(name, 20) == name
        assert _catalogue.event_name(name, None) == name
        assert _catalogue.canonical_event(old) == name
        assert _catalogue.canonical_event(name) == name
    assert _catalogue.canonical_event("leap-second-announced") == "leapsecond-announced"
    assert _catalogue.canonical_event("faillock:-user-banned") == "faillock-user-banned"
    assert _catalogue.canonical_value("no-leap-second") == "no-leapsecond"
    assert _catalogue.canonical_value("brand-new") == "brand-new"
    assert _catalogue.canonical_value(None) is None
    assert _catalogue.event_name("ntp-sync", 10) == "ntp-sync"


def test_supported_generations() -> None:
    supported = [number for number in range(100) if _catalogue.api_supported(number)]
    assert supported == [8, 10, 16, 17, 20]
    assert not _catalogue.api_supported(None)
    assert _catalogue.GENERATIONS[20] == "7.10"


@given(st.text())
def test_any_name_is_looked_up(name: str) -> None:
    assert _catalogue.family_of(name) is None or _catalogue.family_of(name) in _catalogue.families()
    _catalogue.canonical_family(name)
    _catalogue.canonical_event(name)
