# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read from the response of a device: identity and events, bounded and safe for templates."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.catalogue import events
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import (
    NotificationEvent,
    ObservedIdentity,
    observe,
)
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._events.event_cases import T1, envelope, item


def test_an_observation() -> None:
    observation = observe(envelope([item("faillock:-user-banned", 0), item("ntp-not-sync", 1, "never")]))
    assert observation.identity == ObservedIdentity("1", "ts1", "M600", "7.10.008")
    assert observation.events == {
        "faillock-user-banned": NotificationEvent(False, T1, "error"),
        "ntp-not-sync": NotificationEvent(True, None, "error"),
    }


@pytest.mark.parametrize("name", sorted(events()))
def test_every_event_of_the_catalogue_is_observed(name: str) -> None:
    assert list(observe(envelope([item(name)])).events) == [name]


@pytest.mark.parametrize(
    "name",
    ["{{ 7*7 }}", "a b", "../users", "", "x" * 101, "\u202etxt", "a\nb", "-a", "{% if %}", "é"],
)
def test_an_event_whose_name_is_not_a_word_is_skipped(name: str) -> None:
    observation = observe(envelope([item(name), item("ntp-not-sync")]))
    assert list(observation.events) == ["ntp-not-sync"]
