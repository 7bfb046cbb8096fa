# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a polled device, and the warnings about devices that could not be read. Pure functions."""

from __future__ import annotations

import typing as t

from ...module_utils._base.sanitize import printable
from ...module_utils._client.login_limiter import REFUSAL_CODES

NOT_TRIED = "not_tried"
"""Problem of a device that was skipped after too many refused logins."""

FAILURE_STATUSES = ("unreachable", "auth_failed", "untrusted", "not_lantime")
"""Groups of devices that could not be read; they always exist, and may be empty."""

# Errors of the configuration and not of a device; they end the inventory.
CONFIGURATION_CODES = frozenset({"option", "requests_missing", "tls_files"})

_CODES = {
    "auth_failed": (*REFUSAL_CODES, NOT_TRIED),
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
_STATUSES = {code: status for status, codes in _CODES.items() for code in codes}
_WARNINGS = {
    "unreachable": "could not be reached",
    "untrusted": "presented a certificate that is not trusted",
    "not_lantime": "did not answer as a LANTIME with its REST API enabled",
}
_MAX_NAMED_HOSTS = 8


class PolledHost(t.NamedTuple):
    """A host after the poll. serial_number: of the present or the last known identity."""

    name: str
    status: str
    problem: str | None
    serial_number: str | None


def host_status_of(code: str) -> str:
    """One of FAILURE_STATUSES for an error code; unreachable for any reason that is not another status."""
    return _STATUSES.get(code, "unreachable")


def poll_warnings(hosts: t.Sequence[PolledHost], max_auth_failures: int) -> list[str]:
    """At most one line for each failure status, and one for devices with several names."""
    lines = []
    for status, text in _WARNINGS.items():
        failed = [host for host in hosts if host.status == status]
        if failed:
            lines.append(f"{_count_of(failed, hosts)} {text}: {_list_hosts(failed, with_problem=True)}.")
    refused = [host for host in hosts if host.status == "auth_failed" and host.problem != NOT_TRIED]
    skipped = [host for host in hosts if host.problem == NOT_TRIED]
    if refused or skipped:
        line = f"{_count_of(refused, hosts)} refused the credentials" + (f": {_list_hosts(refused)}" if refused else "")
        if skipped:
            line += (
                f"; {len(skipped)} others were skipped after {max_auth_failures} refused logins in a row "
                "(max_auth_failures), because failed logins lock accounts"
            )
        lines.append(line + ".")
    return lines + _duplicate_warnings(hosts)


def _duplicate_warnings(hosts: t.Sequence[PolledHost]) -> list[str]:
    by_serial: dict[str, list[PolledHost]] = {}
    for host in hosts:
        if host.serial_number:
            by_serial.setdefault(host.serial_number, []).append(host)
    duplicates = [
        f"{' and '.join(host.name for host in same[:4])} (serial number {printable(serial, 40)})"
        for serial, same in by_serial.items()
        if len(same) > 1
    ]
    if not duplicates:
        return []
    more = f", and {len(duplicates) - _MAX_NAMED_HOSTS} more" if len(duplicates) > _MAX_NAMED_HOSTS else ""
    return [
        f"The same device has more than one name in the inventory: {', '.join(duplicates[:_MAX_NAMED_HOSTS])}{more}."
    ]


def _count_of(some: t.Sequence[PolledHost], hosts: t.Sequence[PolledHost]) -> str:
    return f"{len(some)} of {len(hosts)} devices"


def _list_hosts(hosts: t.Sequence[PolledHost], with_problem: bool = False) -> str:
    names = [
        f"{host.name} ({host.problem})" if with_problem and host.problem else host.name
        for host in hosts[:_MAX_NAMED_HOSTS]
    ]
    rest = len(hosts) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest else "")
