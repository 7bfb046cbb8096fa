# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors: their message, and copies that say more."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS, LantimeError

FULL: dict[str, t.Any] = {
    "host": "ts1",
    "path": "ntp",
    "http_status": 500,
    "device_message": "it says",
    "hint": "do this",
    "effect_unknown": True,
    "extra": {"a": 1, "b": 1},
}


def test_a_message_says_where_what_and_what_to_do() -> None:
    assert str(LantimeError("busy", "it failed", **FULL)) == 'ts1 ntp: it failed (the device said "it says"); do this.'
    assert str(LantimeError("busy", "it failed")) == f"it failed; {KINDS['busy'].remedy}."


def test_a_password_in_the_host_is_not_shown() -> None:
    error = LantimeError("option", "it failed").with_context(host="root:canary@ts1")
    assert "canary" not in str(error)
    assert "canary" not in str(vars(error))
    assert str(error).startswith("…@ts1: it failed")


def test_a_copy_keeps_everything_else() -> None:
    error = LantimeError("busy", "it failed", **FULL)
    copy = error.with_context()
    assert copy is not error
    assert vars(copy) == vars(error)
    assert copy.extra is not error.extra


def test_host_and_path_fill_in_what_is_missing() -> None:
    bare = LantimeError("busy", "it failed").with_context(host="ts1", path="ntp")
    assert (bare.host, bare.path) == ("ts1", "ntp")
    again = bare.with_context(host="ts2", path="snmp")
    assert (again.host, again.path) == ("ts1", "ntp")


def test_the_rest_replaces_and_members_of_extra_are_added() -> None:
    error = LantimeError("busy", "it failed", **FULL)
    copy = error.with_context(what="it failed twice", hint="do that", extra={"b": 2, "c": 2})
    assert (copy.code, copy.what, copy.hint, copy.extra) == (
        "busy",
        "it failed twice",
        "do that",
        {"a": 1, "b": 2, "c": 2},
    )
    assert (error.what, error.hint, error.extra) == ("it failed", "do this", {"a": 1, "b": 1})


@pytest.mark.parametrize(("hint", "expected"), [(None, KINDS["save_failed"].remedy), ("do that", "do that")])
def test_a_new_code_brings_its_own_remedy(hint: str | None, expected: str) -> None:
    copy = LantimeError("busy", "it failed", **FULL).with_context(code="save_failed", hint=hint)
    assert (copy.code, copy.hint) == ("save_failed", expected)
    assert (copy.http_status, copy.device_message, copy.effect_unknown) == (500, "it says", True)
