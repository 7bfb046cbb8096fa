# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refused logins of a run, in files that many processes share."""

from __future__ import annotations

import fcntl
import multiprocessing
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client import refused_logins
from ansible_collections.meinberg.lantime.plugins.module_utils._client.refused_logins import (
    Account,
    LoginOutcome,
    RefusedLogins,
    account_of,
    login_outcome,
)

REFUSED = LoginOutcome(False, path="/api/status", status=401)
ACCEPTED = LoginOutcome(True)


def make_login(host: str = "ts1", password: t.Any = "canary", **more: t.Any) -> Account:
    login = account_of({"host": host, "username": "admin", "password": password, **more})
    assert login is not None
    return login


def is_tried(logins: RefusedLogins, login: Account, limit: int = 3) -> bool:
    return logins.find(login, limit) is None


@pytest.mark.parametrize(
    ("options", "is_same"),
    [
        ({}, True),
        ({"port": 443}, True),
        ({"port": "443"}, True),
        ({"host": "TS1."}, True),
        ({"port": 8443}, False),
        ({"host": "ts2"}, False),
        ({"password": "other"}, False),
        ({"username": "info"}, False),
        ({"token": "canary"}, False),
    ],
)
def test_a_refused_login_is_one_account_on_one_device(tmp_path: Path, options: dict[str, t.Any], is_same: bool) -> None:
    logins = RefusedLogins(tmp_path)
    logins.remember([(make_login(), REFUSED)])
    assert is_tried(logins, make_login(**options)) is not is_same


def test_the_error_is_the_one_of_the_refusal(tmp_path: Path) -> None:
    RefusedLogins(tmp_path).remember([(make_login(), REFUSED)])
    error = RefusedLogins(tmp_path).find(make_login(), 3)
    assert error is not None
    assert (error.code, error.host, error.path, error.http_status) == ("auth_failed", "ts1", "/api/status", 401)
    assert "not tried" in str(error)


def test_credentials_are_not_tried_after_the_limit(tmp_path: Path) -> None:
    logins = RefusedLogins(tmp_path)
    for number in range(3):
        assert is_tried(logins, make_login("ts9"))
        logins.remember([(make_login(f"ts{number}"), REFUSED)] * 2)
    error = logins.find(make_login("ts9"), 3)
    assert error is not None
    assert "not tried, because 3 other devices refused the same credentials" in str(error)
    assert is_tried(logins, make_login("ts9"), 4)
    assert is_tried(logins, make_login("ts9"), 0)
    assert is_tried(logins, make_login("ts9", "other"))
    logins.remember([(make_login("ts8"), ACCEPTED)])
    assert is_tried(logins, make_login("ts9"))
    assert not is_tried(logins, make_login("ts1"))


def test_a_change_of_the_device_makes_refusals_void(tmp_path: Path) -> None:
    logins = RefusedLogins(tmp_path)
    logins.remember([(make_login("ts1", "new"), REFUSED), (make_login("ts2", "new"), REFUSED)])
    logins.remember([(make_login("ts1", "old"), ACCEPTED)])
    assert not is_tried(logins, make_login("ts1", "new"))
    logins.remember([(make_login("ts1", "old"), LoginOutcome(True, has_changed=True))])
    assert is_tried(logins, make_login("ts1", "new"))
    assert not is_tried(logins, make_login("ts2", "new"))


@pytest.mark.parametrize(
    ("result", "accepted"),
    [
        ({"changed": False}, True),
        ({"failed": True, "error": {"code": "unhealthy"}}, True),
        ({"failed": True, "error": {"code": "auth_failed", "path": "/api", "http_status": 401}}, False),
        ({"failed": True, "changed": True, "error": {"code": "state_unknown", "http_status": 401}}, False),
        ({"failed": True, "error": {"code": "forbidden"}}, None),
        ({"unreachable": True, "error": {"code": "refused"}}, None),
        ({"failed": True, "msg": "the module crashed"}, None),
        ({"started": 1, "ansible_job_id": "j1"}, None),
    ],
)
def test_the_result_of_a_task_says_whether_it_was_logged_in(result: dict[str, t.Any], accepted: bool | None) -> None:
    assert login_outcome(result).accepted is accepted


@pytest.mark.parametrize("options", [{}, {"username": "admin"}, {"password": "p"}])
def test_without_credentials_there_is_no_login(options: dict[str, t.Any]) -> None:
    assert account_of({"host": "ts1", **options}) is None


@pytest.mark.parametrize("content", ["", "[]", '{"refused": 1}', '{"refused": {"x": 1}}'])
def test_a_damaged_file_is_an_error(tmp_path: Path, content: str) -> None:
    logins = RefusedLogins(tmp_path)
    (tmp_path / "lantime-logins.json").write_text(content)
    with pytest.raises(LantimeError, match="cannot be remembered"):
        logins.refusals(make_login())


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LantimeError, match="FileNotFoundError"):
        RefusedLogins(tmp_path / "none").remember([(make_login(), REFUSED)])


def test_a_lock_that_another_process_keeps_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_logins, "_LOCK_SECONDS", 0.1)
    with (tmp_path / "lantime-logins.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LantimeError, match="another process holds the lock"):
            RefusedLogins(tmp_path).remember([(make_login(), REFUSED)])
    RefusedLogins(tmp_path).remember([(make_login(), REFUSED)])
    assert RefusedLogins(tmp_path).refusals(make_login()) == 1


def _remember(directory: Path, number: int, start: t.Any) -> None:
    start.wait(60)
    RefusedLogins(directory).remember([(make_login(f"ts{number}"), REFUSED)])


def test_no_refusal_of_many_processes_is_lost(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Barrier(40)
    workers = [context.Process(target=_remember, args=(tmp_path, number, start)) for number in range(40)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 40
    assert RefusedLogins(tmp_path).refusals(make_login()) == 40
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".key", ".lock"]
