# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which answers prove that another device, or another firmware, answers."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.identity_guard import IdentityGuard
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._status.identity import Identity

FIRST = Identity(model="M600", serial_number="1", firmware="7.10.008", pending_changes=0)


def guarded(first: Identity, firmware: bool = True) -> IdentityGuard:
    client: t.Any = types.SimpleNamespace(connections=1, settings=types.SimpleNamespace(host="ts1"))
    guard = IdentityGuard(client)
    guard.hold(firmware)
    guard.compare(first)
    return guard


@pytest.mark.parametrize(
    ("first", "later", "text"),
    [
        (FIRST, Identity(serial_number="2"), "its serial number is 2"),
        (FIRST, FIRST._replace(firmware="7.12.001"), "had the firmware 7.10.008 and now has 7.12.001"),
        (FIRST, Identity(firmware="7.12.001"), "had the firmware 7.10.008 and now has 7.12.001"),
        (FIRST, Identity(model="M3000"), "its model is M3000"),
        (Identity(model="M600"), Identity(model="M3000"), "its model is M3000"),
        (Identity(firmware="7.10.008"), Identity(firmware="7.12.001"), "had the firmware 7.10.008"),
    ],
)
def test_a_difference_is_an_error_that_stays(first: Identity, later: Identity, text: str) -> None:
    guard = guarded(first)
    with pytest.raises(LantimeError, match=text) as caught:
        guard.compare(later)
    assert (caught.value.code, caught.value.host) == ("conflict", "ts1")
    with pytest.raises(LantimeError, match=text):
        guard.check()


def test_a_difference_after_a_write_leaves_the_state_unknown() -> None:
    guard = guarded(FIRST)
    guard.has_written = True
    with pytest.raises(LantimeError) as caught:
        guard.compare(Identity(firmware="7.12.001"))
    assert caught.value.code == "state_unknown"


@pytest.mark.parametrize(
    "later",
    [
        Identity(),
        FIRST._replace(pending_changes=3, hostname="ts1", api_version="2.0"),
        # Which name a model has depends on the part of the tree that an answer shows.
        FIRST._replace(model="LANTIME M600"),
    ],
)
def test_what_an_answer_does_not_show_is_no_difference(later: Identity) -> None:
    guard = guarded(FIRST)
    guard.compare(later)
    guard.check()
    assert guard.is_active


def test_an_answer_without_serial_number_identifies_no_connection() -> None:
    guard = guarded(Identity(model="M600", firmware="7.10.008"))
    assert (guard.is_active, guard.is_identified) == (False, False)
    guard.compare(FIRST)
    assert (guard.is_active, guard.is_identified) == (True, True)


def test_another_firmware_may_be_expected() -> None:
    guard = guarded(FIRST, firmware=False)
    guard.compare(FIRST._replace(firmware="7.12.001"))
    guard.check()
