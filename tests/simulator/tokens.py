# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of the configuration with the number that `?raw` shows. Every spelling is an ASSUMPTION."""

from __future__ import annotations

from typing import Callable

# Tokens with the number that `?raw` shows; a tuple numbers its tokens from 0.
ENUMS: dict[str, tuple[str, ...] | dict[str, int | None]] = {
    "link-mode": (
        "auto",
        "hd-10mbit",
        "fd-10mbit",
        "hd-100mbit",
        "fd-100mbit",
        "hd-1000mbit",
        "fd-1000mbit",
    ),
    "ipv6-mode": ("deactivated", "activated", "activated-with-autoconf"),
    "loglevel": ("emergency", "alert", "critical", "error", "warning", "notice", "info"),
    "snmp-version": {"v1": 1, "v2c": 2, "v3": 3},
    "snmp-rights": ("readonly", "readwrite"),
    "snmp-enabled": ("v1-and-v2c", "v3-only", "v1-and-v2c-and-v3"),
    "repeat": ("never", "every-minute", "every-hour", "every-day"),
    "time-scale": ("utc", "local"),
    "language": ("not-available", "english", "german"),
    # No number of a level is known.
    "level": {"info": None, "admin": None, "super": None},
    "ptp-mode": (
        "multicast-slave",
        "unicast-slave",
        "multicast-master",
        "unicast-master",
        "multicast-auto",
        "both-master",
        "ntp-server",
        "ntp-client",
    ),
    "ptp-delay": ("e2e", "p2p"),
    "ptp-protocol": ("reserved", "udp-ipv4", "udp-ipv6", "ieee-802-3"),
    "ptp-timescale": ("arbitrary", "ptp"),
    "ptp-operation": ("ptp", "ntp"),
    "ptp-profile": (
        "custom",
        "default-e2e",
        "default-p2p",
        "power-c37-238",
        "telecom-g8265-1",
        "telecom-g8275-1",
        "smpte-2059-2",
    ),
    "ptp-ipv6": ("static", "ra", "dhcp"),
    "ptp-scope": {
        "interface-local": 1,
        "link-local": 2,
        "realm-local": 3,
        "admin-local": 4,
        "site-local": 5,
        "organisation-local": 8,
        "global": 14,
    },
    "sdh": ("option-1", "option-2"),
    "ssm": (
        "stu-ukn",
        "prs",
        "prc",
        "inv3",
        "ssu-a-tnc",
        "inv5",
        "inv6",
        "st2",
        "ssu-b",
        "inv9",
        "eec2-st3",
        "eec1-sec",
        "smc",
        "st3e",
        "prov",
        "dnu-dus",
    ),
    "copper": (
        "auto",
        "force-sync-e-auto",
        "force-or-is-master",
        "force-or-is-slave",
        "prefer-master",
        "prefer-slave",
    ),
    "ptp-output": ("off", "pps", "10mhz", "2048khz-gps", "10mhz-gps", "pps-gps"),
    "ql-e1": {"ql-stu": 0, "ql-prc": 2, "ql-ssu-a": 4, "ql-ssu-b": 8, "ql-eec1-sec": 11, "ql-dnu": 15},
    "ql-t1": {
        "ql-stu": 0,
        "ql-prs": 1,
        "ql-tnc": 4,
        "ql-st2": 7,
        "ql-eec2-st3": 10,
        "ql-smc": 12,
        "ql-st3e": 13,
        "ql-prov": 14,
        "ql-dus": 15,
    },
    "sa-bits": {"sa4": 4, "sa5": 5, "sa6": 6, "sa7": 7, "sa8": 8},
    "telecom": ("off", "e1-bits", "t1-bits", "2048khz", "1544khz"),
    "backplane": ("off", "pps", "10mhz", "2048khz", "irig-dcls", "irig-am", "ppo1", "ppo2", "ppo3", "ppo4"),
    "made": (
        "off",
        "programmable-pulse",
        "pps",
        "10mhz",
        "frequency",
        "irig-dcls",
        "irig-am",
        "time-string",
        "2048khz",
    ),
    "raster": (
        "pal",
        "ntsc",
        "720p50",
        "720p5994",
        "720p60",
        "1080i50",
        "1080i5994",
        "1080i60",
        "1080p24",
        "1080p25",
        "1080p30",
        "1080p50",
    ),
    "frame-rate": ("24", "25", "29-97-df", "29-97-ndf", "30"),
    "string-mode": ("on-request", "per-second", "per-minute", "automatically", "sec-after-request"),
    # Those of `supported-string-types` in the status.
    "string-type": (
        "meinberg-standard",
        "sat",
        "nmea-rmc",
        "uni-erlangen",
        "computime",
        "sysplex-1-",
        "meinberg-capture",
        "spa",
        "racal",
        "meinberg-gps",
        "nmea-gga",
        "nmea-rmc-gga",
        "nmea-zda",
        "ion",
    ),
    "framing": ("7n2", "7e1", "7e2", "8n1", "8n2", "8e1", "7o1", "7o2", "8o1"),
    "enable": ("if-sync", "always"),
    "gnss": ("gps", "glonass", "beidou", "galileo"),
    "icode-tx": (
        "b002-b122",
        "b003-b123",
        "a002-a132",
        "a003-a133",
        "afnor-nf-s87-500",
        "ieee1344",
        "b220-1344-dcls",
        "b222-dcls",
        "b223-dcls",
        "b006-b126",
        "b007-b127",
        "g002-g142",
        "g006-g146",
        "c37-118",
    ),
}

_REF_TYPES = (
    "gps",
    "10mhz-freqin",
    "pps-in",
    "10mhz-pps-in",
    "irig",
    "ntp",
    "ptp-ieee1588",
    "ptp-over-e1",
    "fixed-freq-in",
    "pps-plus-string",
    "var-freq-via-gpio",
    "reserved",
    "dcf77-pzf-receiver",
    "long-wave-receiver",
    "glonass-gps",
    "havequick",
    "ext-osc",
    "sync-e",
    "video-in",
    "ltc",
    "osc",
)
_ICODE_RX = (
    "b122-b123",
    "a132-a133",
    "b002-b003",
    "a002-a003",
    "afnor-nf-s87-500",
    "afnor-nf-s87-500-dcls",
    "ieee1344",
    "ieee1344-dcls",
    "b126-b127",
    "b006-b007",
    "g142-g146",
    "g002-g006",
    "c37-118",
    "c37-118-dcls",
    "txc-101-dtr-6",
    "txc-101-dtr-6-dcls",
)
# Codes of the MRI's DCLS socket; the others are amplitude modulated.
_DCLS = frozenset({"b002-b003", "a002-a003", "b006-b007", "g002-g006"})
_PULSE_MODES = (
    "idle",
    "timer",
    "single-shot",
    "cyclic-pulse",
    "pulse-per-second",
    "pulse-per-min",
    "pulse-per-hour",
    "dcf77-marks",
    "position-ok",
    "time-sync",
    "all-sync",
    "dcls-time-code",
    "com-time-string",
    "10mhz-frequency",
    "dcf77-like-m59",
    "synthesizer-frequency",
)


def _is_dcls(code: str) -> bool:
    return code in _DCLS or code.endswith("-dcls")


def _subset(tokens: tuple[str, ...], kept: Callable[[str], bool], **more: int) -> dict[str, int | None]:
    """Some tokens of a list, each with its number in the whole list."""
    return {**{token: number for number, token in enumerate(tokens) if kept(token)}, **more}


_RECEIVERS = frozenset({"gps", "glonass-gps", "dcf77-pzf-receiver", "long-wave-receiver", "reserved"})


def _usable(own: str) -> dict[str, int | None]:
    """The references of a clock: its own receiver, and those that do not need a receiver."""
    receivers = {own, "gps"} if own == "glonass-gps" else {own}
    return _subset(_REF_TYPES, lambda token: token in receivers or token not in _RECEIVERS, none=255)


for _own in ("gps", "glonass-gps", "dcf77-pzf-receiver", "irig"):
    ENUMS[f"ref-type-{_own}"] = _usable(_own)
ENUMS["icode-rx"] = _ICODE_RX
ENUMS["icode-rx-dcls"] = _subset(_ICODE_RX, _is_dcls)
ENUMS["icode-rx-am"] = _subset(_ICODE_RX, lambda code: not _is_dcls(code))
ENUMS["pulse-mode"] = _PULSE_MODES
# Only a GNSS clock has a position.
ENUMS["pulse-mode-radio"] = _subset(_PULSE_MODES, lambda mode: mode not in ("position-ok", "all-sync"))
for _name, _systems in (("gps", "gps"), ("grc", "gps glonass"), ("uc", "gps galileo")):
    ENUMS[f"gnss-{_name}"] = tuple(_systems.split())
