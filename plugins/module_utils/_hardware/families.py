# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The families of plug-in modules and what is known about each, as one table.

Families and models are those of the vendor's management connectors, tokens the clock types of the
vendor's MIB in lower case. Every word of `tokens` and `views` carries a mark:

- `*` CONFIRMED: present in a recorded answer or read by client code that works with devices;
- none: INFERRED from the vendor's names or from modules of the same kind;
- `?` ASSUMPTION: the most plausible reading.

A device may report more than this table lists. docs/docsite/rst/modules.rst is generated from this table.
"""

from __future__ import annotations

import typing as t

CONFIRMED, INFERRED, ASSUMED = "CONFIRMED", "INFERRED", "ASSUMED"
_MARK_SIGNS = {"*": CONFIRMED, "?": ASSUMED}


class Family(t.NamedTuple):
    """One family.

    tokens: values of info.model in lower case; `confirmed` and `assumed` are the tokens with that mark.
    payload: whether members of the module's status are publicly known (yes, part, no).
    views: (key of the result that the module fills, mark) pairs.
    settings: settings that the vendor describes; their path in the configuration is always an ASSUMPTION.
    connector: whether the vendor's management system has a view for the family.
    function: one sentence; None if no public source states it.
    """

    name: str
    aliases: tuple[str, ...]
    models: tuple[str, ...]
    tokens: tuple[str, ...]
    confirmed: tuple[str, ...]
    assumed: tuple[str, ...]
    payload: str
    views: tuple[tuple[str, str], ...]
    settings: str | None
    connector: bool
    function: str | None


def marked(words: str) -> tuple[tuple[str, str], ...]:
    """(word, mark) pairs: `sync* antenna` as (("sync", "CONFIRMED"), ("antenna", "INFERRED"))."""
    return tuple((word.rstrip("*?"), _MARK_SIGNS.get(word[-1], INFERRED)) for word in words.split())


# Nine parameters: one for each column of the table.
def _family(
    name: str,
    tokens: str,
    function: str | None = None,
    *,
    models: str = "",
    aliases: str = "",
    payload: str = "no",
    views: str = "",
    settings: str | None = None,
    connector: bool = True,
) -> Family:
    words = marked(tokens)
    return Family(
        name,
        tuple(aliases.split()),
        tuple(models.split()),
        tuple(word for word, dummy in words),
        tuple(word for word, mark in words if mark == CONFIRMED),
        tuple(word for word, mark in words if mark == ASSUMED),
        payload,
        marked(views),
        settings,
        connector and bool(models),
        function,
    )


# Clocks of one kind report the same and have the same settings; the vendor's connectors show these pages for all of them.
_GNSS_VIEWS = "sync receivers satellites antenna sources serial_strings redundancy outputs? synthesizer?"
_GNSS_SETTINGS = "length of the antenna cable; priority, bias and precision of each source; programmable pulses"
_CLOCK_SETTINGS = "priority, bias and precision of each source; programmable outputs"
_PTP_SETTINGS = "mode, profile, domain, priorities, intervals, transport and network of PTP; Synchronous Ethernet"

FAMILIES: tuple[Family, ...] = (
    _family(
        "CPU",
        "c05f1 c05f1-v31* c05f1-v33*",
        "Processor board that runs LTOS and has the first network ports.",
        models="c05f1",
        payload="yes",
        views="sensors*",
        connector=False,
    ),
    _family(
        "PSU",
        "psu*",
        "Power supply in one of the bays.",
        models="psu",
        aliases="pwr",
        payload="yes",
        views="power* redundancy",
        connector=False,
    ),
    _family(
        "FAN",
        "fan? acm?",
        "Fan of the chassis.",
        aliases="acm",
        views="details?",
        connector=False,
    ),
    _family(
        "GPS",
        "gps161 gps162 gps163 gps164 gps165 gps166 gps167 gps167sv gps167pc gps167pci gps168pci gps169pci gps16x "
        "gps170 gps170pci gps170pex gps180 gps180pex gps180hs gps180amc gps180csm gps180msbc gps182 gps183? gps190",
        "Clock disciplined by GPS.",
        models="GPS180 GPS182 GPS183",
        views=_GNSS_VIEWS,
        settings=_GNSS_SETTINGS,
    ),
    _family(
        "GRC",
        "grc170 grc180* grc181",
        "Clock disciplined by GPS and GLONASS.",
        payload="yes",
        views="sync* receivers* satellites* antenna* serial_strings* sources redundancy outputs? synthesizer?",
        settings=_GNSS_SETTINGS,
    ),
    _family(
        "GNS",
        "gns165 gns180pex gns181 gns181msbc gns182 gns183? gps-gns183? gns190 gns191",
        "Clock disciplined by several satellite systems.",
        models="GNS181 GNS182 GNS183",
        payload="part",
        views="sync receivers* satellites* antenna sources serial_strings redundancy outputs? synthesizer?",
        settings=_GNSS_SETTINGS,
    ),
    _family(
        "GNS-UC",
        "gns181uc gns181ucmsbc gns182uc gns183uc? gns190uc",
        "GPS and Galileo clock for the GPS antenna with its frequency converter.",
        models="GNS181_UC GNS182_UC GNS183_UC",
        payload="part",
        views=_GNSS_VIEWS,
        settings=_GNSS_SETTINGS,
    ),
    _family(
        "GNM",
        "gnm181",
        "Clock that receives several satellite systems on several frequency bands.",
        models="GNM181",
        views=_GNSS_VIEWS,
        settings=_GNSS_SETTINGS,
    ),
    _family(
        "GXL",
        "gxl183",
        "Clock with a 448-channel receiver for several satellite systems and bands.",
        models="GXL183",
        views=_GNSS_VIEWS,
        settings=_GNSS_SETTINGS,
    ),
    _family(
        "PZF",
        "pzf180 pzf180pex pzf182 pzf183 pzf511* pzf600",
        "Long-wave clock that correlates the pseudo-random phase code of DCF77.",
        models="PZF180 PZF182 PZF183",
        aliases="dcf77",
        payload="yes",
        views="sync* receivers* sources* serial_strings antenna redundancy outputs? synthesizer?",
        settings=_CLOCK_SETTINGS,
    ),
    _family(
        "TCR",
        "tcr167pci tcr170pex tcr180 tcr180pex tcr180usb tcr511 tcr600",
        "Clock disciplined by an IRIG or a similar time code.",
        models="TCR180",
        aliases="irig",
        views="sync receivers? sources serial_strings redundancy outputs? synthesizer?",
        settings=_CLOCK_SETTINGS,
    ),
    _family(
        "BPE",
        "bpe bpestm bps2xxx bpe2352 bpe8xxx bpe6042 bpe8nnn",
        "Output expander that provides selected backplane signals of the clock at its sockets.",
        models="BPE BPE8NNN",
        views="outputs?",
        settings="signal of each socket, set at the clock or the switch card",
    ),
    _family(
        "CPE",
        "cpe180 cpe182",
        "Controller with an expander that generates programmable signals at electrical or optical sockets.",
        models="CPE180",
        views="outputs?",
        settings="signal of each output",
    ),
    _family(
        "ESI",
        "esi180",
        "Input for external references: E1 or T1, a frequency from 1 kHz to 10 MHz, 1 PPS.",
        models="ESI180",
        views="inputs?",
        settings="type of input, SSM or BOC, minimum quality level, group of Sa bits",
    ),
    _family(
        "FDM",
        "fdm180 fdm180m fdm182 fdm182m",
        "Monitors the 50 or 60 Hz mains: frequency, power-line time and their deviations.",
        models="FDM180",
        views="mains?",
        settings="nominal frequency, limits of the deviations of frequency and time",
    ),
    _family(
        "HPS",
        "hps100 mshps100",
        "Network card with hardware time stamps for PTP, Synchronous Ethernet and NTP.",
        models="HPS100",
        views="ptp_instances? sync_e? details?",
        settings=_PTP_SETTINGS,
    ),
    _family(
        "PSX",
        "psx4ge psx210?",
        "PTP card for 10 Gigabit Ethernet.",
        models="PSX210",
        views="ptp_instances? sync_e? details?",
        settings=_PTP_SETTINGS,
    ),
    _family(
        "LIU",
        "liu",
        "Telecom outputs (E1 or T1, clock or bits) locked to the oscillator of the clock.",
        models="LIU",
        views="outputs? mode?",
        settings="E1 or T1",
    ),
    _family(
        "LSG",
        "lsg180",
        "Telecom outputs, successor of the LIU.",
        models="LSG180",
        views="outputs? mode?",
        settings="E1 or T1",
    ),
    _family(
        "LNO",
        "lno180",
        "Four sine outputs of 10 MHz with low phase noise.",
        models="LNO180",
        views="outputs? oscillator?",
    ),
    _family(
        "MRI",
        "mri",
        "Inputs of one clock for 1 PPS, 10 MHz and time codes.",
        models="MRI",
        views="inputs?",
        settings="format of the time code",
    ),
    _family(
        "VSI",
        "vsi180",
        "Video reference inputs: black burst, LTC, word clock and 1 PPS.",
        models="VSI180",
        views="inputs?",
        settings="type of input",
    ),
    _family(
        "PIO",
        "pio180",
        "Four ports, each an input or output, that can also measure an external 1 PPS.",
        models="PIO180",
        views="inputs? outputs?",
        settings="direction of each port",
    ),
    _family(
        "REL",
        "rel1000 rel1000rc rel1002",
        "Relays that signal errors of the clocks or selected events.",
        models="REL1000",
        views="relays?",
        settings="events that switch a relay; jumpers select other triggers",
    ),
    _family(
        "RSC",
        "rsc180 rsc180rdu rsc180rdmp rscrduttl rsc2000 rsc180scu rsc1000 spt",
        "Switches the backplane signals between two clocks, or passes on those of a single clock.",
        models="RSC180 RSC2000",
        aliases="spt",
        views="redundancy?",
        settings="automatic or manual switching, selected clock",
    ),
    _family(
        "SCG",
        "scg scg181",
        "Audio studio clock: word clock or AES11.",
        models="SCG",
        views="outputs?",
        settings="signal of each output",
    ),
    _family(
        "VSG",
        "vsg180 vsg181 vsg181msbc vsg181h",
        "Generator of video sync, LTC, DARS and word clock with its own oscillator.",
        models="VSG180 VSG181",
        views="outputs? oscillator?",
        settings="format and phase of each output",
    ),
    # No public source states the function of these families; their names are INFERRED from their tokens.
    _family("GLN", "gln170 gln180pex"),
    _family("LNE", "lnegb lneppg180 lne180sfp"),
    _family("SDI", "sdi"),
    _family("MSF", "msf180 msf182 msf511 msf600"),
    _family("WWVB", "wwvb180 wwvb511 wwvb600"),
    _family("JJY", "jjy511 jjy600"),
    _family("LUE", "lue180"),
    _family("CPC", "cpc01 cpc180 cpc200"),
    _family("TSU", "tsu01"),
    _family("N2X", "n2x n2x180 n2x185"),
    _family("PRS", "prs181"),
    _family("ECM", "ecm180"),
    _family("MRO", "mro181"),
    _family("GEN", "gen170 gen182"),
    _family("MDU", "mdu180 mdu300 mdu312"),
    _family("M3T", "m3t"),
    _family("AM", "am511"),
    _family("ANZ", "anz141"),
    _family("CMC", "cmc01"),
    _family("CTC", "ctc100"),
    _family("DCF", "dcf600hs dcf600rs"),
    _family("FCM", "fcm180"),
    _family("FCU", "fcu01 fcu200"),
    _family("FRC", "frc511pex"),
    _family("GSR", "gsr190"),
    _family("GTS", "gts180"),
    _family("MGR", "mgr170 mgr180"),
    _family("MSSB", "mssb100"),
    _family("NIMBRA", "nimbra100"),
    _family("PMU", "pmu190"),
    _family("PTP", "ptp270pex"),
    _family("RCG", "rcg181"),
    _family("SCU", "scu01"),
    _family("SSP", "ssp100"),
    _family("VMX", "vmx180"),
    _family("WSI", "wsiug2864"),
)

# gps-gns183 can be a GNS183 or a GPS183.
SHARED_TOKENS = {"gps-gns183": ("GNS", "GPS")}

# Slots for one kind of module only. `fan` is an ASSUMPTION: no answer of a device with a fan slot is public.
BY_SLOT_TYPE = {"cpu": "CPU", "pwr": "PSU", "fan": "FAN"}

# (key of the result, its content)
VIEWS: tuple[tuple[str, str], ...] = (
    ("sensors", "temperatures"),
    ("power", "state of a power supply"),
    ("sync", "state of the clock, its oscillator and its quality"),
    ("redundancy", "role among redundant modules"),
    ("receivers", "the receivers of a clock"),
    ("satellites", "satellites in view, in use, position"),
    ("antenna", "connection of the antenna"),
    ("sources", "references of a clock in order of priority, with their state"),
    ("serial_strings", "time strings that the serial port of a clock can send"),
    ("synthesizer", "frequency output of a clock"),
    ("mode", "mode of all outputs of a card"),
    ("outputs", "output sockets with their signals"),
    ("inputs", "input sockets with their signals"),
    ("relays", "relays with their states"),
    ("oscillator", "oscillator or PLL of an output card"),
    ("mains", "frequency of the mains and the time derived from it"),
    ("sync_e", "Synchronous Ethernet of a PTP card"),
    ("ptp_instances", "PTP instances, the children of a PTP card"),
    ("details", "all other members of the module, in typed form"),
)
