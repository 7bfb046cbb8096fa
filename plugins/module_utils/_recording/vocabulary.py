# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and values that are part of the firmware and say nothing about the owner of a device."""

from __future__ import annotations

import re

from .._base.words import word_set

# Tables and menus whose object-ids the owner chooses.
OWNED_TABLES = word_set(
    """
    accounts certificates clients clusters contacts destinations external-servers groups hosts keys masters neighbors
    nodes peers receivers-of-traps recipients routes servers sites slaves targets trap-receivers users wall-display
    """
)
TABLES_OF_USERS = word_set("accounts groups users")
TABLES_OF_CERTIFICATES = word_set("certificates keys")
# Tables whose object-ids are tokens of the firmware.
FIRMWARE_TABLES = word_set(
    """
    addresses broadcast chassis-xhe events firmware global packages satellite-list services slots storage
    supported-string-types supported-types systems
    """
)
# Users that every device has.
BUILT_IN_USERS = word_set("admin info root")
# Leaves whose text is a token, version, time or measurement of the firmware.
FIRMWARE_NAMES = word_set(
    """
    ad-actor-oper-port-state ad-aggregator-id ad-partner-oper-port-state addresstype analog-overflow antenna
    antenna-type api-last-update backplane-revision card-name clock clock-class clock-idx cluster-mode code color
    connector cpuload current-color current-time current-time-iso delay-mechanism direction duplex edge
    enabled-version est-time-quality expire fan-error fix format frame-rate framing fwimage gnss-type
    ifname iftype itu-limits language last-color
    last-config-change last-position-update last-triggered last-update-ended last-update-error last-update-started
    last-updated leap leapsec leapsecond-announced leapsecond-date level loglevel memory
    minimum-boc-level mode minimum-quality-level model mountpoint network-protocol off on
    oscillator phase poll-status polarity port power priority profile psu1 psu2 pulses
    quality-level queue-id reach receiver refid reference repeat revision running
    sa-bit-group sdh-network-option selected selected-clock selected-satellites serial serial-port
    signal slot slot-id slot-name source speed ssm state status status-peer-event-code
    status-peer-selection status-sys-clock-source status-sys-event-code status-sys-leap-indicator string-type
    supported-types synthesizer time-scale time-stamp timescale timestamp type
    user-rights version
    """
)
_FIRMWARE_ENDINGS = (
    "-color",
    "-date",
    "-format",
    "-image",
    "-layout",
    "-mode",
    "-model",
    "-orientation",
    "-position",
    "-quality",
    "-quality-level",
    "-revision",
    "-role",
    "-signal",
    "-source",
    "-ssm",
    "-state",
    "-status",
    "-time",
    "-type",
    "-unit",
    "-version",
)
# Words that mean the same on every device, whatever the name of the leaf.
WORDS = word_set(
    """
    - Compressed Standard absent active admin alert all always any arbitrary authNoPriv authPriv auto automatic available beidou black blue
    both client closed cold connected critical custom DES AES AES128 AES192 AES256 MD5 SHA SHA1 SHA224 SHA256 SHA384 SHA512
    day dcf77 default degraded dhcp disabled disconnected down e2e emergency enabled english error external fail failed false
    faulty full galileo german glonass good gps GPS green half high holdover http https idle inactive info initializing
    input internal invalid ipv4 ipv6 irig link-local local localhost low master md5 missing n/a N/A navic network never
    never-triggered no none None noAuthNoPriv normal not-available not-connected not-synchronized notice ntp NTP null off ok OK on
    open other output p2p passed passive permanent plain pps PPS PZF ptp PTP qzss readonly readwrite red running sbas sha1
    sha256 slave snmp ssh static stopped sync synchronized syslog telnet true udp-ipv4 udp-ipv6 undefined unknown
    unsynchronized up UTC utc v1 v2c v3 valid warm warmed-up warning yellow yes
    """
)
_PHRASES = frozenset(["no version information"])
# Object-ids that number the parts of a device.
_PARTS = (
    "analog bond chassis clk clock com cpu disk display eth fan gns gps index input int interface io ipv4 ipv6 lan led lno "
    "lne lsg liu pp master mri bpe cpe esi rel scg vsi vsg fdm hps pio rsc node out output in peer pool port priority psu ptp pwr ref relay "
    "rule sat server serial slot socket trap tacacs temperature timer uart usb user vif vlan zone a b c d x y z"
)
_NUMBERED = re.compile(rf"(?:(?:{'|'.join(_PARTS.split())})[_-]?)?\d{{1,5}}|[a-z]|ipv[46]-[a-z0-9-]{{1,20}}|sys|cpu")
_SHORT_NUMBER = re.compile(r"[a-z]{1,4}[_-]?\d{1,3}")
_MENU_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}|API Version")
_LOWER_TOKEN = re.compile(
    r"[a-z0-9_+.:-]{1,48}|[A-Z]{1,4}|[A-Z]{1,5}[0-9]{1,5}[A-Z]{0,4}(?:[-/][A-Z0-9]{1,6}){0,2}|/[a-z0-9/_-]{0,32}"
)
_TIME = re.compile(r"\d{4}[.-]\d\d[.-]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?UTC|Z|[+-]\d\d:?\d\d)?)?")
_CLOCK_TIME = re.compile(r"\d\d:\d\d(?::\d\d)?")
_VERSION = re.compile(r"(?:fw_|firmware-|LANTIME REST API )?[vV]?\d{1,4}(?:\.\d{1,6}){1,3}(?:-(?:light|x32|x64|x86))*")
_MEASUREMENT = re.compile(
    r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|kB|MB|GB|total|free|memory|used|min|max|s|ms|us|ns|Hz|kHz|MHz|C|V|A|W|dB|dBm|ppm|ppb"
)
_SEPARATORS = re.compile(r"[\s,;()%/\[\]]+")
_LONG_NUMBER = re.compile(r"\d{6,}")


def is_menu_name(name: str) -> bool:
    """Whether a name of a member has the form of names of the firmware."""
    return _MENU_NAME.fullmatch(name) is not None


def is_numbered_part(object_id: str) -> bool:
    """Whether an object-id numbers a part of the device, such as lan0 or ref_1."""
    return _NUMBERED.fullmatch(object_id) is not None


def is_short_number(object_id: str) -> bool:
    """Whether an object-id may number a part whose name is not known, such as pp1."""
    return _SHORT_NUMBER.fullmatch(object_id) is not None


def is_firmware_name(name: str) -> bool:
    """Whether the text of a leaf of this name comes from the firmware."""
    return name in FIRMWARE_NAMES or name.endswith(_FIRMWARE_ENDINGS)


def is_token(value: str) -> bool:
    """Whether a text has the form of a token of the firmware."""
    return _LOWER_TOKEN.fullmatch(value) is not None


def is_plain_value(value: str, of_firmware: bool) -> bool:
    """Whether a text is a time, a version or a measurement. of_firmware: whether the name of the leaf is one of the firmware."""
    if value in _PHRASES or any(form.fullmatch(value) for form in (_TIME, _CLOCK_TIME, _VERSION)):
        return True
    words = [word for word in _SEPARATORS.split(value) if word]
    # A long number may be the serial number of something.
    return all(_MEASUREMENT.fullmatch(word) and (of_firmware or not _LONG_NUMBER.fullmatch(word)) for word in words)
