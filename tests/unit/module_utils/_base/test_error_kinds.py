# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error code: whether the host counts as unreachable, and what its message ends with."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS, LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import failure_result

UNREACHABLE = ["unresolved", "refused", "no_route", "timeout_connect", "timeout_read", "timeout_total", "disconnected"]


@pytest.mark.parametrize("code", KINDS)
def test_a_host_is_unreachable_with_these_codes_only(code: str) -> None:
    assert KINDS[code].unreachable is (code in UNREACHABLE)
    result = failure_result(LantimeError(code, "it broke", host="ts1"))
    assert (result.get("unreachable", False), result.get("failed", False)) == (
        code in UNREACHABLE,
        code not in UNREACHABLE,
    )


def test_every_unreachable_code_exists() -> None:
    assert set(UNREACHABLE) < set(KINDS)


@pytest.mark.parametrize("code", KINDS)
def test_each_code_has_a_cause_and_a_remedy_of_its_own(code: str) -> None:
    kind = KINDS[code]
    error = LantimeError(code, "it broke", host="ts1", path="snmp/contact")
    assert str(error) == f"ts1 snmp/contact: it broke; {kind.remedy}."
    assert error.as_dict() == {
        "code": code,
        "path": "snmp/contact",
        "http_status": None,
        "device_message": None,
        "hint": kind.remedy,
    }
    assert [other for other in KINDS if KINDS[other].cause == kind.cause] == [code]
    assert str(LantimeError(code, "it broke", hint="wait")).endswith("it broke; wait.")


def test_an_unknown_code_is_an_error_in_the_collection() -> None:
    with pytest.raises(KeyError):
        raise LantimeError("canary", "it broke")
