# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names, aliases and model tokens of all module families, written down a second time."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.catalogue import (
    FAMILY_BY_SLOT_TYPE,
    canonical_family,
    families,
    families_of,
    family_of,
)

# family | aliases | model tokens
_TABLE = """
CPU||c05f1 c05f1-v31 c05f1-v33
PSU|pwr|psu
FAN|acm|fan acm
GPS||gps161 gps162 gps163 gps164 gps165 gps166 gps167 gps167sv gps167pc gps167pci gps168pci gps169pci gps16x gps170
    gps170pci gps170pex gps180 gps180pex gps180hs gps180amc gps180csm gps180msbc gps182 gps183 gps190
GRC||grc170 grc180 grc181
GNS||gns165 gns180pex gns181 gns181msbc gns182 gns183 gps-gns183 gns190 gns191
GNS-UC||gns181uc gns181ucmsbc gns182uc gns183uc gns190uc
GNM||gnm181
GXL||gxl183
PZF|dcf77|pzf180 pzf180pex pzf182 pzf183 pzf511 pzf600
TCR|irig|tcr167pci tcr170pex tcr180 tcr180pex tcr180usb tcr511 tcr600
BPE||bpe bpestm bps2xxx bpe2352 bpe8xxx bpe6042 bpe8nnn
CPE||cpe180 cpe182
ESI||esi180
FDM||fdm180 fdm180m fdm182 fdm182m
HPS||hps100 mshps100
PSX||psx4ge psx210
LIU||liu
LSG||lsg180
LNO||lno180
MRI||mri
VSI||vsi180
PIO||pio180
REL||rel1000 rel1000rc rel1002
RSC|spt|rsc180 rsc180rdu rsc180rdmp rscrduttl rsc2000 rsc180scu rsc1000 spt
SCG||scg scg181
VSG||vsg180 vsg181 vsg181msbc vsg181h
GLN||gln170 gln180pex
LNE||lnegb lneppg180 lne180sfp
SDI||sdi
MSF||msf180 msf182 msf511 msf600
WWVB||wwvb180 wwvb511 wwvb600
JJY||jjy511 jjy600
LUE||lue180
CPC||cpc01 cpc180 cpc200
TSU||tsu01
N2X||n2x n2x180 n2x185
PRS||prs181
ECM||ecm180
MRO||mro181
GEN||gen170 gen182
MDU||mdu180 mdu300 mdu312
M3T||m3t
AM||am511
ANZ||anz141
CMC||cmc01
CTC||ctc100
DCF||dcf600hs dcf600rs
FCM||fcm180
FCU||fcu01 fcu200
FRC||frc511pex
GSR||gsr190
GTS||gts180
MGR||mgr170 mgr180
MSSB||mssb100
NIMBRA||nimbra100
PMU||pmu190
PTP||ptp270pex
RCG||rcg181
SCU||scu01
SSP||ssp100
VMX||vmx180
WSI||wsiug2864
"""
ROWS = [row.split("|") for row in _TABLE.replace("\n    ", " ").strip().splitlines()]
TOKENS = [(token, name) for name, _aliases, tokens in ROWS for token in tokens.split()]
NAMES = [(spelling, name) for name, aliases, _tokens in ROWS for spelling in (name, *aliases.split())]


def test_the_table_has_all_families_and_no_others() -> None:
    assert [name for name, _aliases, _tokens in ROWS] == [*families()]


@pytest.mark.parametrize(("name", "aliases", "tokens"), ROWS)
def test_each_family_has_its_aliases_and_tokens(name: str, aliases: str, tokens: str) -> None:
    family = families()[name]
    assert (sorted(family.aliases), sorted(family.tokens)) == (sorted(aliases.split()), sorted(tokens.split()))


@pytest.mark.parametrize(("token", "name"), sorted(set(TOKENS)))
def test_each_token_names_its_family(token: str, name: str) -> None:
    assert family_of(token) in {owner for other, owner in TOKENS if other == token}
    assert family_of(f" {token.upper()} ") == family_of(token)
    assert family_of(f"{token}-x") == family_of(token)
    assert name in (*families_of(token), family_of(token)) or [other for other, _owner in TOKENS].count(token) > 1


@pytest.mark.parametrize(("spelling", "name"), NAMES)
def test_each_name_and_alias_names_its_family(spelling: str, name: str) -> None:
    for text in (spelling, spelling.lower(), f"ims-{spelling}", f" {spelling.replace('-', '_')} "):
        assert canonical_family(text) == name


def test_what_is_no_family() -> None:
    assert (canonical_family("ims"), canonical_family("")) == (None, None)
    assert (family_of(""), family_of("zzz900"), family_of("gps1801")) == (None, None, None)


def test_slot_types_that_hold_one_family() -> None:
    assert FAMILY_BY_SLOT_TYPE == {"cpu": "CPU", "pwr": "PSU", "fan": "FAN"}


def test_a_token_of_two_families() -> None:
    assert families_of("gps-gns183") == ("GNS", "GPS")
