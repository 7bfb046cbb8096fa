# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 23 to 27: logins."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    FIRST,
    LAST,
    OLD,
    UNSAVED,
    Bench,
    Check,
    Row,
    Tree,
    all_of,
    exactly,
    fault,
    meanwhile,
    options,
    requests,
    same,
    together,
)


def refused_logins(most: int) -> Check:
    """The device refused no more logins than this."""

    def check(bench: Bench, _result: Tree) -> None:
        assert 1 <= sum(entry["status"] in (401, 403, 429) for entry in bench.device.ledger) <= most

    return check


def one_renewal(bench: Bench, _result: Tree) -> None:
    assert [entry["path"] for entry in bench.device.ledger].count("/api/get-token") == 2
    assert [entry["status"] for entry in bench.device.ledger].count(401) == 1


def expire_tokens(device: t.Any) -> None:
    device.accounts.drop_tokens(True)


def ban(device: t.Any) -> None:
    device.ban("admin", True)


ROWS = [
    Row(
        23,
        "wrong password",
        options(password="wrong"),
        each=all_of(requests(1), refused_logins(1)),
        **same("auth_failed"),
    ),
    Row(
        25, "before a PUT", together(options(auth="token"), meanwhile(expire_tokens, "PUT", FIRST, 1)), also=one_renewal
    ),
    Row(
        25, "before a GET", together(options(auth="token"), meanwhile(expire_tokens, "GET", FIRST, 2)), also=one_renewal
    ),
    Row(
        26,
        "before the first PUT",
        meanwhile(ban, "PUT", FIRST, 1),
        ("state_unknown",),
        end=OLD,
        also=all_of(refused_logins(1), exactly(1)),
    ),
    Row(
        26,
        "before the last PUT",
        meanwhile(ban, "PUT", LAST, 1),
        ("state_unknown",),
        end=UNSAVED,
        also=refused_logins(1),
    ),
    Row(27, "GET", fault("status", status=403, method="GET", path="/api/config/snmp"), **same("forbidden")),
    Row(
        27, "PUT", fault("status", status=403, method="PUT", path=LAST), ("forbidden",), end=OLD, also=exactly(1, LAST)
    ),
]
