# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints of secrets."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.fingerprints import Fingerprints

SECRET = ("ntp", "servers", "1", "community")


def test_fingerprints_show_changed_secrets_and_hold_none(tmp_path: Path) -> None:
    store = Fingerprints(tmp_path, "M600-1")
    assert store.changed({SECRET: "canary"}) == ("ntp/servers/1/community",)
    store.remember({SECRET: "canary"})
    fresh = Fingerprints(tmp_path, "M600-1")
    assert fresh.changed({SECRET: "canary"}) == ()
    assert fresh.changed({SECRET: "other"}) == ("ntp/servers/1/community",)
    for file in tmp_path.iterdir():
        assert b"canary" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "M600-1.secrets").write_text(json.dumps([1]))
    with pytest.raises(LantimeError):
        Fingerprints(tmp_path, "M600-1").changed({SECRET: "canary"})
