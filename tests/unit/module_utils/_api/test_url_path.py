# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of URLs from names and object-ids."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.url_path import url_path
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError


@pytest.mark.parametrize(
    "segment",
    [
        "",
        ".",
        "..",
        "a/b",
        "%2e%2e",
        "../users",
        "a b",
        "a?b",
        "a#b",
        "a\\b",
        "\u202ea",
        "a\r\nb",
        "x" * 10_000,
        "{{ 7 }}",
    ],
)
def test_a_hostile_segment_never_becomes_part_of_a_path(segment: str) -> None:
    with pytest.raises(LantimeError) as caught:
        url_path(("config", "ports", segment))
    assert caught.value.code == "hostile_name"
    assert len(str(caught.value)) < 400


def test_paths_of_the_api() -> None:
    assert url_path(()) == "/api/"
    assert url_path(("status", "ntp", "ref_1"), raw=True) == "/api/status/ntp/ref_1?raw"
    assert url_path(("config", "notification", "events", "faillock:-user-banned")) == (
        "/api/config/notification/events/faillock%3A-user-banned"
    )
