# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login of a task and the refused logins of the run."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible import constants as C  # noqa: N812
from ansible.utils.display import Display

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.logins import TaskLogins

ARGUMENTS = {"host": "ts1", "username": "admin", "password": "canary"}
REFUSED = {"failed": True, "error": {"code": "auth_failed", "path": "/api/status", "http_status": 401}}


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, **_more: lines.append(text))
    return lines


def use_directory(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(path))


def test_a_refused_login_is_known_to_the_next_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    use_directory(monkeypatch, tmp_path)
    assert TaskLogins(ARGUMENTS).refusal() is None
    TaskLogins(ARGUMENTS).remember(REFUSED)
    refusal = TaskLogins({**ARGUMENTS, "port": 443}).refusal()
    assert refusal is not None
    assert refusal.code == "auth_failed"
    assert warnings == []


@pytest.mark.parametrize(("limit", "is_tried"), [(None, True), (1, False), ("1", False), (0, True), ("many", True)])
def test_the_limit_of_the_task_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: t.Any, is_tried: bool
) -> None:
    use_directory(monkeypatch, tmp_path)
    TaskLogins(ARGUMENTS).remember(REFUSED)
    other = TaskLogins({**ARGUMENTS, "host": "ts2", "login_limit": limit})
    assert (other.refusal() is None) is is_tried


def test_without_a_directory_the_task_goes_on_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    use_directory(monkeypatch, tmp_path / "none")
    logins = TaskLogins(ARGUMENTS)
    assert logins.refusal() is None
    logins.remember(REFUSED)
    assert len(warnings) == 1
    assert "refused logins cannot be remembered" in warnings[0]


def test_a_task_without_credentials_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_directory(monkeypatch, tmp_path)
    logins = TaskLogins({})
    assert logins.refusal() is None
    logins.remember(REFUSED)
    assert list(tmp_path.iterdir()) == []
