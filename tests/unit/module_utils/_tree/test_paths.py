# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of paths."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import is_covered


@pytest.mark.parametrize(
    ("pattern", "path", "hit"),
    [
        ("ntp", "ntp/keys", True),
        ("ntp/servers/*/key", "ntp/servers/1/key", True),
        ("ntp/*", "ntp", False),
        ("ntp/*", "ntp/servers/1", True),
        ("*/keys", "ntp/keys", True),
        ("ntp/k?ys", "ntp/keys", True),
        ("nt*", "network", False),
        ("", "ntp", False),
    ],
)
def test_patterns_of_paths(pattern: str, path: str, hit: bool) -> None:
    assert is_covered(tuple(path.split("/")), [pattern]) is hit
