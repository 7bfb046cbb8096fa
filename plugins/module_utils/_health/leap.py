# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of leap seconds and of the offset between TAI and UTC."""

from __future__ import annotations

import typing as t

from .._hardware.families import CONFIRMED, INFERRED
from .._status.ntp import UNSYNCHRONIZED_LEAP
from .check import MODULE, Check, Finding
from .context import HealthContext, count_of, device_text, join_names, register

if t.TYPE_CHECKING:
    from .context import RegisteredChecks

_ANNOUNCED = (1, 2)
_DAY_SECONDS = 86400

LEAP_CHECKS: RegisteredChecks = []


@register(
    LEAP_CHECKS,
    Check(
        "leap_second_announced",
        "leap",
        ("info",),
        "no leap second is announced",
        f"system.sync-status.leapsecond-announced, event leapsecond-announced, ntp[sys].leap, {MODULE}.dcf77.pcps.ls-ann",
        INFERRED,
        "Check that the announcement is real and that all servers carry it",
        events=("leapsecond-announced",),
    ),
)
def check_leap_second_announced(context: HealthContext) -> Finding:
    sync, event = context.facts["sync"], context.event("leapsecond-announced")
    reports = [sync["leap_second_announced"], event.on if event.known else None, _is_announced_by_ntp(context)]
    flags = (((receiver["dcf77"] or {}).get("pcps") or {}) for receiver in context.facts["receiver"])
    reports += [each.get("leap_second_announced") for each in flags]
    if any(reports):
        date = sync["leap_second_date"]
        when = f" for {device_text(date)}" if date else ""
        return Finding("info", f"a leap second is announced{when}", True, since=event.since)
    if all(report is None for report in reports):
        return Finding("unknown", "the device does not report whether a leap second is announced")
    return Finding("ok", "no leap second is announced", False)


def _is_announced_by_ntp(context: HealthContext) -> bool | None:
    leap = context.facts["ntp"]["system"]["leap"]
    return None if leap is None or leap == UNSYNCHRONIZED_LEAP else leap in _ANNOUNCED


def _has_gnss(context: HealthContext) -> bool:
    return any(receiver["satellites"] for receiver in context.facts["receiver"])


@register(
    LEAP_CHECKS,
    Check(
        "leap_agreement",
        "leap",
        ("critical",),
        "clock and NTP agree on the announcement, and it is the expected one",
        "system.sync-status.leapsecond-announced, ntp[sys].leap, ntp[sys].leapsec",
        INFERRED,
        "Find the source of the wrong announcement before the end of the month",
        expects=("leap_second",),
    ),
)
def check_leap_agreement(context: HealthContext) -> Finding:
    clock, service = context.facts["sync"]["leap_second_announced"], _is_announced_by_ntp(context)
    expected = context.policy.expected.get("leap_second")
    if clock is None and service is None:
        return Finding("unknown", "neither clock nor NTP reports whether a leap second is announced")
    announced = bool(clock or service)
    if expected is not None and announced is not expected:
        actual = "is announced, but not expected" if announced else "is expected, but not announced"
        return Finding("critical", f"a leap second {actual}", announced, expected)
    if None in (clock, service) and not announced:
        silent = "the clock" if clock is None else "NTP"
        return Finding("unknown", f"{silent} does not report whether a leap second is announced", None, expected)
    # NTP learns of a leap second from its clock or from the file. A long-wave clock receives it only one hour before.
    left = context.age(context.facts["ntp"]["system"]["leap_second_date"])
    in_file = left is not None and left < 0
    if service and clock is False and _has_gnss(context) and not in_file:
        message = "NTP announces a leap second that neither the clock nor the leap second file contains"
        return Finding("critical", message, True, False)
    return Finding("ok", "clock and NTP agree on leap seconds", announced, expected)


@register(
    LEAP_CHECKS,
    Check(
        "leap_file_expiry",
        "leap",
        ("info", "warning", "error"),
        "the leap second file is valid; less severe where GNSS brings the announcement",
        "ntp[sys].expire",
        CONFIRMED,
        "Load a new leap second file, or let the device download it",
        unit="d",
        limits=("leap_file_warning",),
    ),
)
def check_leap_file_expiry(context: HealthContext) -> Finding:
    expires = context.facts["ntp"]["system"]["leap_file_expires"]
    age, limit = context.age(expires), context.limit("leap_file_warning")
    if age is None:
        return Finding("unknown", "the device does not report when its leap second file expires", None, limit)
    days = -int(age // _DAY_SECONDS) - 1 if age > 0 else int(-age // _DAY_SECONDS)
    gnss = _has_gnss(context)
    if age >= 0:
        message = f"the leap second file expired on {device_text(expires)}"
        return Finding("warning" if gnss else "error", message, days, limit, since=expires)
    level = "ok" if days >= limit else "info" if gnss else "warning"
    return Finding(level, f"the leap second file is valid for {count_of(days, 'more day', 'more days')}", days, limit)


@register(
    LEAP_CHECKS,
    Check(
        "tai_offset",
        "leap",
        ("error",),
        "NTP and PTP have the same offset between TAI and UTC, and it is the expected one",
        f"ntp[sys].tai, {MODULE}.ptp.instances[].utc-offset",
        INFERRED,
        "Load a current leap second file and check the UTC parameters of the receiver",
        unit="s",
        expects=("tai_offset",),
    ),
)
def check_tai_offset(context: HealthContext) -> Finding:
    expected = context.policy.expected.get("tai_offset")
    # ntpd reports 0 until it knows the offset.
    of_ntp = context.facts["ntp"]["system"]["tai_offset_seconds"] or None
    offsets = [] if of_ntp is None else [("NTP", of_ntp)]
    for slot, instance in context.ptp_instances():
        if instance["utc_offset_seconds"] is not None:
            offsets.append((f"PTP in {device_text(slot)}", instance["utc_offset_seconds"]))
    if not offsets or (expected is None and len(offsets) < 2):
        if expected is not None:
            return Finding("unknown", "the device reports no offset between TAI and UTC", None, expected)
        message = "no offset between TAI and UTC is expected, and the device does not report two to compare"
        return Finding("skipped", message, of_ntp, None)
    wanted = offsets[0][1] if expected is None else expected
    wrong = [(name, offset) for name, offset in offsets if offset != wanted]
    if wrong:
        differing = join_names(f"{name} has {offset} s" for name, offset in wrong)
        message = f"the offset between TAI and UTC is not {wanted} s: {differing}"
        return Finding("error", message, wrong[0][1], wanted, wrong[0][0])
    return Finding("ok", f"the offset between TAI and UTC is {wanted} s", wanted, expected)
