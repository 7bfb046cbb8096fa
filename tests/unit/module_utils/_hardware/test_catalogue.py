# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import catalogue
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import families as _families
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import aliases
from ansible_collections.meinberg.lantime.tools import modules_page

CONNECTORS = "BPE CPE ESI FDM GNM GNS GNS-UC GPS GXL PZF TCR HPS PSX LIU LSG LNO MRI VSI PIO REL RSC SCG VSG"

# The vendor's enumeration of clock types, 0 to 149, as the MIB spells it.
CLOCK_TYPES = """
unknown gps166 gps167 gps167SV gps167PC gps167PCI gps163 gps168PCI gps161 gps169PCI tcr167PCI gps164 gps170PCI pzf511 gps170 tcr511 am511
msf511 grc170 gps170PEX gps162 ptp270PEX frc511PEX gen170 tcr170PEX wwvb511 mgr170 jjy511 pzf600 tcr600 gps180 gln170 gps180PEX tcr180PEX
pzf180PEX mgr180 msf600 wwvb600 jjy600 gps180HS gps180AMC esi180 cpe180 lno180 grc180 liu dcf600HS dcf600RS mri bpe gln180Pex n2x rsc180
lneGb lnePpg180 scg mdu300 sdi fdm180 spt pzf180 rel1000 hps100 vsg180 msf180 wwvb180 cpc180 ctc100 tcr180 lue180 cpc01 tsu01 cmc01 scu01
fcu01 mssb100 lne180sfp gts180 gps180csm grc181 n2x180 gns180pex mdu180 mdu312 gps165 gns181uc psx4GE rsc180rdu cpc200 fdm180m lsg180 gps190
gns181 pio180 fcm180 tcr180usb ssp100 gns165 rsc180rdmp gps16x mshps100 bpestm vsi180 gnm181 rscrduttl rsc2000 fcu200 rel1000rc wsiug2864
vsg181 bps2xxx bpe2352 bpe8XXX bpe6042 gns190 gps180msbc gns181msbc gns181ucmsbc prs181 ecm180 mro181 vsg181msbc scg181 nimbra100 rsc180scu
pmu190 gns190uc vmx180 rcg181 gns191 vsg181h gps182 rsc1000 gns182 gns182uc gsr190 gen182 cpe182 fdm182 fdm182m pzf182 pzf183 bpe8nnn n2x185
anz141 msf182 rel1002 gps-gns183 gxl183 m3t
"""


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
    assert catalogue.family_of(model) == family


def test_every_model_and_token_leads_to_its_family() -> None:
    for family in catalogue.families().values():
        for name in (*family.models, *family.tokens):
            assert family.name in catalogue.families_of(name), name


def test_every_clock_type_of_the_vendor_has_a_family() -> None:
    types = [name.lower() for name in CLOCK_TYPES.split()]
    assert len(types) == 150
    assert [name for name in types if catalogue.family_of(name) is None] == ["unknown"]
    for family in catalogue.families().values():
        beyond = set(family.tokens) - set(types) - set(family.assumed) - set(family.confirmed)
        assert beyond <= {"c05f1"}, family.name


def test_a_family_without_a_description_says_so_with_none() -> None:
    families = catalogue.families()
    assert families["MSF"].function is None
    for family in families.values():
        assert (family.function is None) == (not family.views)
        assert family.function is None or family.function.endswith(".")
        assert family.settings is None or family.function is not None


def test_views_are_marked_as_the_public_payloads_allow() -> None:
    known = {key for key, dummy in _families.VIEWS}
    for family in catalogue.families().values():
        views = dict(family.views)
        assert set(views) <= known
        assert len(views) == len(family.views)
        if family.payload == "no":
            assert _families.CONFIRMED not in views.values(), family.name
        if family.payload == "yes":
            assert _families.CONFIRMED in views.values(), family.name
    used = {key for family in _families.FAMILIES for key, dummy in family.views}
    assert used == known


def test_the_page_of_families_is_derived_from_the_marks() -> None:
    rows = {row[0]: row for row in modules_page.rows(_families.FAMILIES)}
    assert set(rows) == set(catalogue.families())
    assert rows["HPS"][1:5] == (
        "INFERRED",
        "ASSUMED: `sync_e`, `details`",
        "ASSUMED",
        "ASSUMED: `ptp_instances`",
    )
    assert rows["GRC"][1] == "CONFIRMED"
    assert rows["GRC"][2].startswith("CONFIRMED: `sync`, ")
    assert rows["MSF"][1:] == ("INFERRED", "-", "-", "-", "-")
    weaker = _families.FAMILIES[0]._replace(confirmed=(), views=_families.marked("sensors?"))
    assert modules_page.rows([weaker])[0][1:3] == ("INFERRED", "ASSUMED: `sensors`")
    page = modules_page.page()
    for family in _families.FAMILIES:
        assert f'   "{family.name}",' in page
        assert all(f"``{token}``" in page for token in family.tokens)
        assert family.function is None or family.function in page


def test_a_token_of_two_families_names_both() -> None:
    assert catalogue.families_of("gps-gns183") == ("GNS", "GPS")
    assert catalogue.families_of("xyz999") == ()


def test_the_tables_are_complete() -> None:
    families = catalogue.families()
    assert {f.name for f in families.values() if f.connector} == set(CONNECTORS.split())
    assert {"CPU", "PSU", "FAN", "GRC"} <= set(families)
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
    assert catalogue.canonical_family(name) == family


def test_events() -> None:
    events = catalogue.events()
    assert len(events) == 37
    assert events["ntp-not-sync"] == catalogue.EventType(
        "ntp-not-sync", "error", ("warning", "critical"), ("ntp-sync",)
    )
    assert events["refclock-2-sync"].type is None
    types = {event.type for event in events.values()}
    assert types == {"info", "warning", "error", "critical", "action", None}
    for event in events.values():
        assert set(event.cleared_by) <= set(events)
        assert set(event.severities) <= {"info", "warning", "critical"}
    assert set(aliases.EVENT_ALIASES) <= set(events)


def test_aliases_by_generation() -> None:
    for name, old in aliases.EVENT_ALIASES.items():
        assert catalogue.device_event_name(name, 10) == old
        assert catalogue.device_event_name(name, 20) == name
        assert catalogue.device_event_name(name, None) == name
        assert aliases.canonical_event(old) == name
        assert aliases.canonical_event(name) == name
    assert aliases.canonical_event("leap-second-announced") == "leapsecond-announced"
    assert aliases.canonical_event("faillock:-user-banned") == "faillock-user-banned"
    assert aliases.canonical_value("no-leap-second") == "no-leapsecond"
    assert aliases.canonical_value("brand-new") == "brand-new"
    assert aliases.canonical_value(None) is None
    assert catalogue.device_event_name("ntp-sync", 10) == "ntp-sync"


def test_supported_generations() -> None:
    supported = [number for number in range(100) if catalogue.api_supported(number)]
    assert supported == [8, 10, 16, 17, 20]
    assert not catalogue.api_supported(None)
    assert catalogue.GENERATIONS[20] == "7.10"


@given(st.text())
def test_any_name_is_accepted(name: str) -> None:
    assert catalogue.family_of(name) is None or catalogue.family_of(name) in catalogue.families()
    catalogue.canonical_family(name)
    aliases.canonical_event(name)
