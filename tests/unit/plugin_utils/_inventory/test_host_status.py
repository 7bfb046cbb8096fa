# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a polled device, and the warnings."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import host_status
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.host_status import PolledHost


def test_every_error_has_a_status() -> None:
    assert {host_status.host_status_of(code) for code in KINDS} == set(host_status.FAILURE_STATUSES)
    for code, kind in KINDS.items():
        if kind.unreachable:
            assert host_status.host_status_of(code) == "unreachable"
    assert set(KINDS) >= host_status.CONFIGURATION_CODES


def host(number: int, status: str = "ok", problem: str | None = None) -> PolledHost:
    return PolledHost(f"ts{number}", status, problem, f"0{number}")


def test_one_warning_for_each_status_however_many_devices() -> None:
    devices = [
        *(host(n, "unreachable", "refused") for n in range(200)),
        *(host(n, "auth_failed", "auth_failed") for n in range(200, 203)),
        *(host(n, "auth_failed", "not_tried") for n in range(203, 300)),
        *(host(n, "untrusted", "tls_verify") for n in range(300, 310)),
        *(host(n) for n in range(310, 400)),
    ]
    lines = host_status.poll_warnings(devices, 3)
    assert len(lines) == 3
    assert all(len(line) < 400 for line in lines)
    assert "ts7 (refused) and 192 more" in lines[0]
    assert "97 others were skipped after 3 refused logins in a row" in lines[2]
    assert host_status.poll_warnings([host(n) for n in range(5)], 3) == []
