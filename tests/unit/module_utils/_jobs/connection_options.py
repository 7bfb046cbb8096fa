# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the connection options, shown with the module that reads facts and the module that sends commands."""

from __future__ import annotations

import contextlib
import socket
import typing as t

import trustme
from ansible import constants as C  # noqa: N812

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.logins import TaskLogins
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    See,
    Tree,
    see_code,
    see_requests,
)

REFUSED: Tree = {"failed": True, "error": {"code": "auth_failed", "path": "/api/status", "http_status": 401}}
SAVE: Tree = {"command": "write", "parameters": {"package": "all"}}


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(given, otherwise, see, expected, prepare)]


def see_users(seen: Observation) -> t.Any:
    return sorted({entry["user"] for entry in seen.bench.device.ledger})


def see_log(seen: Observation) -> t.Any:
    return [entry["method"] for entry in seen.result.get("http_sessions", [])]


def see_message(part: str) -> See:
    return lambda seen: part in seen.result.get("msg", "")


def delay(bench: Bench) -> None:
    bench.device.add_fault("delay", seconds=0.4)


def break_once(bench: Bench) -> None:
    bench.device.add_fault("close-before-answer", times=1)


def use_dead_proxy(bench: Bench) -> None:
    bench.monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    bench.monkeypatch.delenv("no_proxy", raising=False)
    bench.monkeypatch.delenv("NO_PROXY", raising=False)


def write_certificates(bench: Bench) -> None:
    authority = trustme.CA()
    for name in ("one", "two"):
        issued = authority.issue_cert(f"{name}.example.com")
        issued.cert_chain_pems[0].write_to_path(bench.path(f"{name}.pem"))
        issued.private_key_pem.write_to_path(bench.path(f"{name}.key"))


def connection_effects() -> Effects:
    return {**_of_address(), **_of_credentials(), **_of_trust(), **_of_log(), **_of_times()}


def _of_address() -> Effects:
    local, other = ({"host": f"127.0.0.{number}", "retries": 0} for number in (1, 2))
    clear, encrypted = ({"use_tls": choice, "retries": 0} for choice in (False, True))
    own_root: Tree = {"gather_subset": ["config"], "dialect": {"config_root": "settings"}}
    direct, by_proxy = ({"use_proxy": choice} for choice in (False, True))

    return {
        "host": _pair(other, local, see_code, "refused"),
        "port": _pair({"port": 1}, {}, see_code, "refused"),
        "use_tls=False": [Effect(clear, encrypted, see_code, None, device="plain")],
        "use_tls=True": _pair(encrypted, clear, see_code, None),
        "use_proxy=False": _pair(direct, by_proxy, see_code, None, use_dead_proxy),
        "use_proxy=True": _pair(by_proxy, direct, see_code, "proxy", use_dead_proxy),
        "dialect": _pair(
            own_root, {"gather_subset": ["config"]}, see_requests, ["GET /api/status", "GET /api/settings"]
        ),
    }


def _of_credentials() -> Effects:
    basic, token = ({"auth": choice} for choice in ("basic", "token"))
    reader: Tree = {"username": "info", "password": lambda bench: bench.device.users["info"]}
    exchanged = ["PUT /api/get-token", "GET /api/status"]
    return {
        "username": _pair(reader, {}, see_users, ["info"]),
        "password": _pair({"password": "not-the-password"}, {}, see_code, "auth_failed"),
        "token": _pair({"token": "not-a-token"}, {}, see_message("refused the token"), True),
        "auth=basic": _pair(basic, token, see_requests, exchanged[1:]),
        "auth=token": _pair(token, basic, see_requests, exchanged),
    }


def _of_trust() -> Effects:
    check, skip = ({"ca_path": None, "validate_certs": choice} for choice in (True, False))
    pinned = {"ca_path": None, "tls_fingerprint": lambda bench: bench.device.fingerprint}
    certificate: Tree = {"client_cert": lambda bench: bench.path("one.pem")}
    own, foreign = (
        {**certificate, "client_key": lambda bench, name=name: bench.path(f"{name}.key")} for name in ("one", "two")
    )
    return {
        "validate_certs=True": _pair(check, skip, see_code, "tls_verify"),
        "validate_certs=False": _pair(skip, check, see_code, None),
        "ca_path": _pair({"ca_path": lambda bench: bench.device.ca}, check, see_code, None),
        "tls_fingerprint": [
            *_pair(pinned, check, see_code, None),
            *_pair({**skip, "tls_fingerprint": "0" * 64}, skip, see_code, "tls_pin"),
        ],
        "client_cert": _pair(certificate, {}, see_code, "tls_files", write_certificates),
        "client_key": _pair(own, foreign, see_code, None, write_certificates),
    }


def _of_log() -> Effects:
    logged, quiet = ({"http_log": choice, "auth": "token"} for choice in (True, False))
    return {
        "http_log=True": _pair(logged, quiet, see_log, ["PUT", "GET"]),
        "http_log=False": _pair(quiet, logged, see_log, []),
        "http_log_max": _pair({**logged, "http_log_max": 1}, logged, see_log, ["GET"]),
    }


def _of_times() -> Effects:
    return {
        "read_timeout": _pair({"read_timeout": 0.1}, {}, see_code, "timeout_read", delay),
        "request_timeout": _pair({"request_timeout": 0.1}, {}, see_code, "timeout_total", delay),
        "task_timeout": _pair({"task_timeout": 0.2}, {"task_timeout": 0}, see_code, "timeout_task", delay),
        "retries": _pair({"retries": 0}, {"retries": 1}, see_code, "disconnected", break_once),
    }


def observe_connect_timeout(seconds: float) -> str:
    """The code and the time in the message for a device that accepts connections and starts no TLS."""
    from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
    from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
    from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings

    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        settings = Settings("127.0.0.1", port=port, username="a", password="b", connect_timeout=seconds)
        try:
            with Client(settings) as client:
                client.request("GET", "/api/status")
        except LantimeError as error:
            return f"{error.code}: {error.what}"
    return "answered"


def observe_login_limit(bench: Bench, limit: int) -> str | None:
    """The code for a device whose credentials another device has refused."""
    with bench.monkeypatch.context() as patch:
        patch.setattr(C, "DEFAULT_LOCAL_TMP", bench.path())
        arguments = {"username": "admin", "password": "canary", "login_limit": limit}
        TaskLogins({**arguments, "host": "ts1"}).remember(REFUSED)
        refusal = TaskLogins({**arguments, "host": "ts2"}).refusal()
        return None if refusal is None else refusal.code
