# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a connection."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings


def test_settings_never_show_credentials() -> None:
    settings = Settings("ts1", username="root", password="s3cret", token="t0ken")
    for text in (repr(settings), str(settings), f"{settings}"):
        assert "s3cret" not in text
        assert "t0ken" not in text
