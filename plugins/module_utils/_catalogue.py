# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of module families, notification events and API generations, as tables.

Marks: CONFIRMED = stated by the vendor or seen in a recorded answer; INFERRED = follows by
reasoning; ASSUMPTION = the most plausible reading. Nothing here limits what a device may report: an
unknown model has the family None, an unknown event keeps its own name.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import functools
import typing as t

# family | other names | models | tokens of info.model | payload | function
#
# Families and models: the vendor's management connectors. Tokens: the clock types of the vendor's
# MIB in lower case; the REST API spells them so for grc180 and pzf511 (CONFIRMED), for the others
# INFERRED. Tokens with `*` are CONFIRMED by a recorded answer. Tokens with `?` are an ASSUMPTION: the
# model in lower case where the MIB has no token for it, or a token that fits two families. All other
# assignments to a family are INFERRED from the names.
# payload: whether JSON members of the module are publicly known (yes, part, no).
# A family without function is known by its token only; its name is then INFERRED from the token.
_FAMILIES = """
CPU||c05f1|c05f1 c05f1-v31* c05f1-v33*|yes|Processor board that runs LTOS and carries the first network ports.
PSU|pwr|psu|psu*|yes|Power supply in one of the bays.
GPS||GPS180 GPS182 GPS183|gps161 gps162 gps163 gps164 gps165 gps166 gps167 gps167sv gps167pc gps167pci \
gps168pci gps169pci gps16x gps170 gps170pci gps170pex gps180 gps180pex gps180hs gps180amc gps180csm \
gps180msbc gps182 gps183? gps190|no|Clock disciplined by GPS.
GRC|||grc170 grc180* grc181|yes|Clock disciplined by GPS and GLONASS.
GLN|||gln170 gln180pex|no|
GNS||GNS181 GNS182 GNS183|gns165 gns181 gns181pex gns181msbc gns182 gns183? gps-gns183? gns190 \
gns191|part|Clock disciplined by several satellite systems.
GNS-UC||GNS181_UC GNS182_UC GNS183_UC|gns181uc gns181ucmsbc gns182uc gns183uc? gns190uc|part|GPS and Galileo \
clock that works with the GPS antenna and its frequency converter.
GNM||GNM181|gnm181|no|Clock that receives several satellite systems on several frequency bands.
GXL||GXL183|gxl183|no|Clock with a 448-channel receiver for several satellite systems and bands.
PZF|dcf77|PZF180 PZF182 PZF183|pzf180 pzf180pex pzf182 pzf183 pzf511* pzf600|yes|Long-wave clock that \
correlates the pseudo-random phase code of DCF77.
TCR|irig|TCR180|tcr167pci tcr170pex tcr180 tcr180pex tcr180usb tcr511 tcr600|no|Clock disciplined by an IRIG or a similar time code.
BPE||BPE BPE8NNN|bpe bpestm bps2xxx bpe2352 bpe8xxx bpe6042 bpe8nnn|no|Output expander that brings chosen \
backplane signals of the clock to sockets of its own.
CPE||CPE180|cpe180 cpe182|no|Controller with an expander, which generates programmable signals of its own on electrical or optical sockets.
ESI||ESI180|esi180|no|Input for external references: E1 or T1, a frequency from 1 kHz to 10 MHz, 1 PPS.
FDM||FDM180|fdm180 fdm180m fdm182 fdm182m|no|Watches the 50 or 60 Hz mains: frequency, power-line time and their deviations.
HPS||HPS100|hps100 mshps100|no|Network card with hardware time stamps for PTP, Synchronous Ethernet and NTP.
PSX||PSX210|psx4ge psx210?|no|PTP card for 10 Gigabit Ethernet.
LIU||LIU|liu|no|Telecom outputs (E1 or T1, clock or bits) locked to the oscillator of the clock.
LSG||LSG180|lsg180|no|Telecom outputs, successor of the LIU.
LNO||LNO180|lno180|no|Four sine outputs of 10 MHz with low phase noise.
MRI||MRI|mri|no|Inputs of one clock for 1 PPS, 10 MHz and time codes.
VSI||VSI180|vsi180|no|Video reference inputs: black burst, LTC, word clock and 1 PPS.
PIO||PIO180|pio180|no|Four ports, each input or output, which also measure an external 1 PPS.
REL||REL1000|rel1000 rel1000rc rel1002|no|Relays that show errors of the clocks or chosen events to the outside.
RSC|spt|RSC180 RSC2000|rsc180 rsc180rdu rsc180rdmp rscrduttl rsc2000 rsc180scu rsc1000 spt|no|Switches the \
backplane signals between two clocks, or passes those of a single one on.
SCG||SCG|scg scg181|no|Audio studio clock: word clock or AES11.
VSG||VSG180 VSG181|vsg180 vsg181 vsg181msbc vsg181h|no|Generator of video sync, LTC, DARS and word clock with an oscillator of its own.
LNE|||lnegb lneppg180 lne180sfp|no|
SDI|||sdi|no|
MSF|||msf180 msf182 msf511 msf600|no|
WWVB|||wwvb180 wwvb511 wwvb600|no|
JJY|||jjy511 jjy600|no|
LUE|||lue180|no|
CPC|||cpc01 cpc180 cpc200|no|
TSU|||tsu01|no|
N2X|||n2x n2x180 n2x185|no|
PRS|||prs181|no|
ECM|||ecm180|no|
MRO|||mro181|no|
GEN|||gen170 gen182|no|
MDU|||mdu180 mdu300 mdu312|no|
M3T|||m3t|no|
"""

# gps-gns183 stands for a GNS183 as well as for a GPS183; families_of() therefore names both.
_SHARED = {"gps-gns183": ("GNS", "GPS")}

# event | type of the API | severities of the vendor's traps | cleared by
# REST names of refclock-2-* are INFERRED. Types and names are CONFIRMED by recorded answers.
_EVENTS = """
normal-operation|info|info|
ntp-not-sync|error|warning critical|ntp-sync
ntp-sync|info||
ntp-stopped|critical|critical|normal-operation
ntp-offset-limit-exceeded|error|critical|ntp-offset-limit-ok
ntp-offset-limit-ok|info||
system-reboot|action|info|
refclock-1-not-responding|critical|critical|refclock-1-not-sync refclock-1-sync
refclock-1-not-sync|error|warning critical|refclock-1-sync
refclock-1-sync|info||
refclock-2-not-responding||warning critical|refclock-2-not-sync refclock-2-sync
refclock-2-not-sync||warning|refclock-2-sync
refclock-2-sync|||
antenna-faulty|error|warning critical|antenna-reconnect
antenna-reconnect|info||
antenna-short-circuit|error|critical|
device-configuration-changed|action|info|
leapsecond-announced|info|info warning|
sync-monitor|action|info|
sync-monitor-alert|error|warning|sync-monitor-ok
sync-monitor-ok|info||
network-link-down|error|critical|network-link-up
network-link-up|info||
low-system-resources|warning|warning|sufficient-system-resources
sufficient-system-resources|info|info|
https-certificate-expired|error|critical|
https-certificate-expire-warning|warning|warning|
self-signed-https-certificate-in-use|warning|warning|
oscillator-adjusted|info||
oscillator-not-adjusted|warning|info|oscillator-adjusted
cluster-master-changed|info|info|
cluster-falseticker-detected|warning|info warning|cluster-falseticker-cleared
cluster-falseticker-cleared|info||
faillock-user-banned|action|info|
auto-update-avail|info||
auto-update-installed|info||
auto-update-failed|error||
"""

# canonical name -> spelling of API generation 10 (LTOS 7.06). On which release between 7.06.014 and
# 7.10.008 the names changed is not known, so both are read everywhere.
EVENT_ALIASES = {
    "leapsecond-announced": "leap-second-announced",
    "faillock-user-banned": "faillock:-user-banned",
}
VALUE_ALIASES = {"no-leapsecond": "no-leap-second"}
_CANONICAL = {old: name for name, old in (*EVENT_ALIASES.items(), *VALUE_ALIASES.items())}

# API generation -> LTOS line, CONFIRMED. 7.08 has two.
GENERATIONS = {8: "7.04", 10: "7.06", 16: "7.08", 17: "7.08", 20: "7.10"}

_LONGEST = 32


# Slots that take one kind of module only.
FAMILY_BY_SLOT_TYPE = {"cpu": "CPU", "pwr": "PSU"}


class Family(t.NamedTuple):
    name: str
    aliases: tuple[str, ...]
    models: tuple[str, ...]
    tokens: tuple[str, ...]
    confirmed: tuple[str, ...]
    assumed: tuple[str, ...]
    payload: str
    function: str | None


class Event(t.NamedTuple):
    name: str
    type: str | None
    severities: tuple[str, ...]
    cleared_by: tuple[str, ...]


@functools.lru_cache(maxsize=1)
def families() -> dict[str, Family]:
    """All families by name. `tokens` are in lower case; `confirmed` and `assumed` name those so marked."""
    found = {}
    for line in _FAMILIES.strip().splitlines():
        name, aliases, models, marked, payload, function = line.split("|")
        words = marked.split()
        found[name] = Family(
            name,
            tuple(aliases.split()),
            tuple(models.split()),
            tuple(word.rstrip("*?") for word in words),
            tuple(word[:-1] for word in words if word.endswith("*")),
            tuple(word[:-1] for word in words if word.endswith("?")),
            payload,
            function or None,
        )
    return found


@functools.lru_cache(maxsize=1)
def events() -> dict[str, Event]:
    """All events whose REST name is known, by canonical name."""
    found = {}
    for line in _EVENTS.strip().splitlines():
        name, kind, severities, cleared_by = line.split("|")
        found[name] = Event(
            name, kind or None, tuple(severities.split()), tuple(cleared_by.split())
        )
    return found


@functools.lru_cache(maxsize=1)
def _tokens() -> dict[str, str]:
    return {token: family.name for family in families().values() for token in family.tokens}


def family_of(model: str) -> str | None:
    """The family of a model: `grc180` -> GRC, `gns181uc` -> GNS-UC, `c05f1-v33` -> CPU.

    The token itself counts first, then the longest known token that the model begins with where it
    goes on with another kind of character (`gps180xyz`, but not `gps1801`). None if neither fits.
    """
    wanted = model.strip().lower().replace("_", "")[: _LONGEST + 8]
    tokens = _tokens()
    if wanted in tokens:
        return tokens[wanted]
    for length in range(min(len(wanted), _LONGEST) - 1, 1, -1):
        head, following = wanted[:length], wanted[length]
        if head in tokens and not (
            (head[-1].isdigit() and following.isdigit())
            or (head[-1].isalpha() and following.isalpha())
        ):
            return tokens[head]
    return None


def families_of(model: str) -> tuple[str, ...]:
    """As `family_of`, with every family that the model may stand for."""
    found = family_of(model)
    shared = _SHARED.get(model.strip().lower())
    return shared or (() if found is None else (found,))


def canonical_family(name: str) -> str | None:
    """The family by its name or by another name of it, in any case: `ims-gns_uc` -> GNS-UC."""
    wanted = name.strip().upper().replace("_", "-")
    if wanted.startswith("IMS-"):
        wanted = wanted[4:]
    if wanted in families():
        return wanted
    lower = wanted.lower()
    return next((each.name for each in families().values() if lower in each.aliases), None)


def canonical_event(name: str) -> str:
    """The name of an event as LTOS 7.10 spells it; an unknown one stays as it is."""
    return _CANONICAL.get(name, name)


def canonical_value(value: str | None) -> str | None:
    """The enum token as LTOS 7.10 spells it; an unknown one stays as it is."""
    return None if value is None else _CANONICAL.get(value, value)


def event_name(name: str, generation: int | None) -> str:
    """The spelling of a canonical event on a device of this API generation.

    Generations 16 and 17 have not been seen; they are taken to spell as 20 does (ASSUMPTION).
    """
    old = generation is not None and generation <= 10
    return EVENT_ALIASES.get(name, name) if old else name


def api_supported(generation: int | None) -> bool:
    """Whether the data structure of this API generation is known. An unknown one can still be read."""
    return generation in GENERATIONS
