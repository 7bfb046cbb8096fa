# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time that is left for the reads of a request."""

from __future__ import annotations

import types

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._client import transport


def test_a_read_takes_its_own_limit_or_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(transport, "time", types.SimpleNamespace(monotonic=lambda: now[0]))
    budget = transport.Budget()
    budget.start(10.0, 3.0)
    assert (budget.left(), budget.spent(), budget.next_read()) == (10.0, False, 3.0)
    now[0] = 108.0
    assert (budget.left(), budget.spent(), budget.next_read()) == (2.0, False, 2.0)
    for moment in (110.0, 111.0):
        now[0] = moment
        assert budget.spent() is True
        with pytest.raises(TimeoutError):
            budget.next_read()
