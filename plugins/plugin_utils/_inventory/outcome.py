# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of asking a device, and the few lines that say so to the user. Pure.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ...module_utils._base.sanitize import printable

NOT_TRIED = "not_tried"
"""Problem of a device that was spared a wrong password."""

# Errors that no device can be blamed for; they end the inventory.
CONFIGURATION = frozenset({"option", "requests_missing", "tls_files"})

_OUTCOMES = {
    "auth_failed": ("auth_failed", "forbidden", NOT_TRIED),
    "untrusted": ("tls_verify", "tls_pin"),
    "not_lantime": (
        "tls_protocol",
        "protocol",
        "redirect",
        "not_found",
        "api_disabled",
        "content",
        "too_large",
        "encoding",
        "method_refused",
        "rejected",
        "conflict",
    ),
}
_BY_CODE = {code: outcome for outcome, codes in _OUTCOMES.items() for code in codes}
_MOST_NAMES = 8


class Seen(t.NamedTuple):
    """A device as the inventory has it. serial_number: of the present or the last known identity."""

    name: str
    outcome: str
    problem: str | None
    serial_number: str | None


def outcome_of(code: str) -> str:
    """One of OUTCOMES for an error code; a device that gave no usable answer for whatever reason is unreachable."""
    return _BY_CODE.get(code, "unreachable")


def summary(devices: t.Sequence[Seen], max_auth_failures: int) -> list[str]:
    """Warnings: at most one line for each outcome, and one for devices that are the same."""
    lines = []
    said = {
        "unreachable": "could not be reached",
        "untrusted": "showed a certificate that is not trusted",
        "not_lantime": "did not answer as a LANTIME whose REST API is switched on",
    }
    for outcome, what in said.items():
        hit = [device for device in devices if device.outcome == outcome]
        if hit:
            lines.append(f"{_of(hit, devices)} {what}: {_names(hit, with_problem=True)}.")
    refused = [d for d in devices if d.outcome == "auth_failed" and d.problem != NOT_TRIED]
    spared = [d for d in devices if d.problem == NOT_TRIED]
    if refused or spared:
        line = f"{_of(refused, devices)} refused the credentials: {_names(refused)}"
        if spared:
            line += (
                f"; after {max_auth_failures} refusals in a row (max_auth_failures) the other {len(spared)} were not "
                "tried, as failed log-ins lock accounts"
            )
        lines.append(line + ".")
    return lines + _twins(devices)


def _twins(devices: t.Sequence[Seen]) -> list[str]:
    by_serial: dict[str, list[Seen]] = {}
    for device in devices:
        if device.serial_number:
            by_serial.setdefault(device.serial_number, []).append(device)
    twins = [
        f"{' and '.join(d.name for d in same[:4])} (serial number {printable(serial, 40)})"
        for serial, same in by_serial.items()
        if len(same) > 1
    ]
    if not twins:
        return []
    more = f", and {len(twins) - _MOST_NAMES} more" if len(twins) > _MOST_NAMES else ""
    return [f"The same device has more than one name in the inventory: {', '.join(twins[:_MOST_NAMES])}{more}."]


def _of(some: t.Sequence[Seen], devices: t.Sequence[Seen]) -> str:
    return f"{len(some)} of {len(devices)} devices"


def _names(devices: t.Sequence[Seen], with_problem: bool = False) -> str:
    shown = [
        f"{device.name} ({device.problem})" if with_problem and device.problem else device.name
        for device in devices[:_MOST_NAMES]
    ]
    rest = len(devices) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "") if shown else "none now"
