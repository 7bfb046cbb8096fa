# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, levels, lock-out, tokens."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import TIMEOUT, Client, Clients, event

BODY = {"location": "hall 3"}
PATH = "/config/snmp/location"


def ask(device: DeviceHandle, auth: Any = None, **more: Any) -> requests.Response:
    """One request on a connection of its own."""
    more.setdefault("timeout", TIMEOUT)
    method, path = more.pop("method", "GET"), more.pop("path", "/status/rest-api")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = device.ca
        return session.request(method, f"{device.url}/api{path}", auth=auth, allow_redirects=False, **more)


def fail(device: DeviceHandle, user: str = "admin") -> int:
    return ask(device, (user, "wrong")).status_code


def good(device: DeviceHandle, user: str = "admin") -> int:
    return ask(device, (user, device.users[user])).status_code


def test_no_credentials(box: DeviceHandle) -> None:
    answer = ask(box)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert "system-information" not in answer.text


@pytest.mark.parametrize("user", ["admin", "info", "root"])
def test_every_user_reads(box: DeviceHandle, user: str) -> None:
    assert good(box, user) == 200
    assert fail(box, user) == 401


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic YQ==", "Digest x", "Bearer x"])
def test_malformed_credentials(box: DeviceHandle, header: str) -> None:
    assert ask(box, headers={"Authorization": header}).status_code == 401


def test_levels(box: DeviceHandle, clients: Clients) -> None:
    info, admin, root = (clients.of(box, name) for name in ("info", "admin", "root"))
    assert info.put(PATH, BODY).status_code == 403
    assert info.ask("PUT", "/write").status_code == 403
    assert info.ask("PUT", "/reboot").status_code == 403
    assert box.pending == 0
    assert admin.put(PATH, BODY).status_code == 200
    user = "/config/security/users/guest"
    assert admin.put(user, {"level": "info"}).status_code == 403
    assert root.put(user, {"level": "info"}).status_code == 200


@pytest.mark.parametrize(
    ("level", "info", "admin", "root"),
    [("admin", 403, 200, 200), ("super", 403, 403, 200), ("any", 200, 200, 200)],
)
def test_level_needed_to_write(
    box: DeviceHandle, clients: Clients, level: str, info: int, admin: int, root: int
) -> None:
    box.set_dialect(write_level=level)
    for user, status in (("info", info), ("admin", admin), ("root", root)):
        assert clients.of(box, user).put(PATH, {"location": user}).status_code == status


def test_a_new_user_logs_in(box: DeviceHandle, root: Client) -> None:
    body = {"level": "admin", "password": "canary-1"}
    answer = root.put("/config/security/users/ops", body)
    assert answer.status_code == 200
    assert "canary-1" not in answer.text
    assert ask(box, ("ops", "canary-1")).status_code == 200
    root.put("/config/security/users/ops/password", {"password": "canary-2"})
    assert ask(box, ("ops", "canary-1")).status_code == 401
    assert ask(box, ("ops", "canary-2")).status_code == 200
    root.ask("DELETE", "/config/security/users/ops")
    assert ask(box, ("ops", "canary-2")).status_code == 401
    assert "canary" not in str(list(box.ledger))


def test_root_log_in_can_be_switched_off(box: DeviceHandle, admin: Client) -> None:
    admin.put("/config/security/disable-root-login", {"disable-root-login": True})
    assert good(box, "root") == 401
    assert good(box, "admin") == 200


def test_lock_out(box: DeviceHandle) -> None:
    box.set_dialect(lockout_attempts=3)
    assert [fail(box) for dummy in range(3)] == [401, 401, 401]
    assert good(box) == 401
    assert good(box, "info") == 200
    assert event(box, "faillock-user-banned")["last-triggered"] != "never"


def test_success_forgets_failures(box: DeviceHandle) -> None:
    box.set_dialect(lockout_attempts=2)
    for dummy in range(3):
        assert fail(box) == 401
        assert good(box) == 200


def test_lock_out_ends(box: DeviceHandle) -> None:
    box.set_dialect(lockout_attempts=1, lockout_seconds=0)
    assert fail(box) == 401
    assert good(box) == 200


def test_lock_out_event_of_old_firmware(old: DeviceHandle) -> None:
    old.set_dialect(lockout_attempts=1)
    assert fail(old) == 401
    assert event(old, "faillock:-user-banned")["last-triggered"] != "never"


@pytest.mark.parametrize(("form", "status"), [("401", 401), ("403", 403), ("429", 429)])
def test_answers_to_a_banned_user(box: DeviceHandle, form: str, status: int) -> None:
    box.set_dialect(lockout_attempts=1, banned_answer=form, retry_after=17)
    assert fail(box) == 401
    answer = ask(box, ("admin", box.users["admin"]))
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("17" if form == "429" else None)


def test_a_banned_user_is_dropped_or_left_waiting(box: DeviceHandle) -> None:
    box.set_dialect(lockout_attempts=1, banned_answer="drop")
    assert fail(box) == 401
    with pytest.raises(requests.ConnectionError):
        fail(box)
    box.set_dialect(banned_answer="timeout")
    with pytest.raises(requests.ReadTimeout):
        ask(box, ("admin", "wrong"), timeout=0.2)


@pytest.mark.parametrize(
    ("form", "wrong", "low"),
    [
        ("401-403", 401, 403),
        ("401-both", 401, 401),
        ("403-both", 403, 403),
        ("login-redirect", 302, 403),
        ("login-page", 200, 403),
        ("hidden", 401, 404),
    ],
)
def test_answers_to_bad_credentials(box: DeviceHandle, clients: Clients, form: str, wrong: int, low: int) -> None:
    box.set_dialect(auth_error=form)
    answer = ask(box, ("admin", "wrong"))
    assert answer.status_code == wrong
    assert ("html" in answer.headers["Content-Type"]) is form.startswith("login")
    assert clients.of(box, "info").put(PATH, BODY).status_code == low
    assert box.pending == 0


def test_anonymous_reading(box: DeviceHandle) -> None:
    box.set_dialect(anonymous="read")
    assert ask(box).status_code == 200
    assert ask(box, method="PUT", path=PATH, json=BODY).status_code == 401
    assert fail(box) == 401


# Tokens


def token_of(device: DeviceHandle, user: str = "admin") -> str:
    answer = ask(device, (user, device.users[user]), method="PUT", path="/get-token")
    assert answer.status_code == 200
    token: str = answer.json()["token"]
    return token


def bearer(device: DeviceHandle, token: str, **more: Any) -> int:
    return ask(device, headers={"Authorization": f"Bearer {token}"}, **more).status_code


def test_token(box: DeviceHandle, mid: DeviceHandle) -> None:
    for device in (box, mid):
        token = token_of(device)
        assert token == token.upper()
        assert int(token, 16) > 0
        assert bearer(device, token) == 200
    assert bearer(box, token_of(box), method="PUT", path=PATH, json=BODY) == 200
    assert bearer(box, token_of(box, "info"), method="PUT", path=PATH, json=BODY) == 403
    assert bearer(box, "0" * 64) == 401


def test_no_token_before_7_08(old: DeviceHandle) -> None:
    auth = ("admin", old.users["admin"])
    assert ask(old, auth, method="PUT", path="/get-token").status_code == 404
    assert bearer(old, "0" * 64) == 401


def test_get_token_needs_put_and_the_right_password(box: DeviceHandle) -> None:
    auth = ("admin", box.users["admin"])
    assert ask(box, auth, path="/get-token").status_code == 405
    assert ask(box, ("admin", "no"), method="PUT", path="/get-token").status_code == 401
    assert ask(box, method="PUT", path="/get-token").status_code == 401


@pytest.mark.parametrize("form", ["json", "parameters"])
def test_token_requests_with_a_body(box: DeviceHandle, form: str) -> None:
    box.set_dialect(token_request=form)
    inner = {"username": "admin", "password": box.users["admin"]}
    body: Any = inner if form == "json" else {"parameters": inner}
    answer = ask(box, method="PUT", path="/get-token", json=body)
    assert bearer(box, answer.json()["token"]) == 200
    assert ask(box, method="PUT", path="/get-token", json={}).status_code == 400
    assert box.users["admin"] not in str(list(box.ledger))


def test_token_in_the_envelope(box: DeviceHandle) -> None:
    box.set_dialect(token_answer="enveloped")
    answer = ask(box, ("admin", box.users["admin"]), method="PUT", path="/get-token").json()
    assert bearer(box, answer["data"]["token"]) == 200


def test_token_expires(box: DeviceHandle) -> None:
    token = token_of(box)
    box.set_dialect(token_use="expires", token_life=3600)
    assert bearer(box, token) == 200
    box.set_dialect(token_life=0)
    assert bearer(box, token) == 401


def test_token_expires_when_idle(box: DeviceHandle) -> None:
    token = token_of(box)
    box.set_dialect(token_use="idle", token_idle=3600)
    assert bearer(box, token) == 200
    box.set_dialect(token_idle=0)
    assert bearer(box, token) == 401


def test_single_token(box: DeviceHandle) -> None:
    box.set_dialect(token_use="single")
    first, other = token_of(box), token_of(box, "info")
    second = token_of(box)
    assert (bearer(box, first), bearer(box, second), bearer(box, other)) == (401, 200, 200)


@pytest.mark.parametrize(("form", "status"), [("bearer", 401), ("reboot-only", 200)])
def test_token_and_a_restart(box: DeviceHandle, form: str, status: int) -> None:
    box.set_dialect(token_use=form)
    token = token_of(box)
    box.restart_web()
    assert bearer(box, token) == status
    box.reboot()
    assert bearer(box, token) == 401


def test_token_as_the_whole_header(box: DeviceHandle) -> None:
    box.set_dialect(token_use="raw-header")
    token = token_of(box)
    assert ask(box, headers={"Authorization": token}).status_code == 200
    assert bearer(box, token) == 401
