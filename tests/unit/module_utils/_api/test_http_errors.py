# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals of a device: the code of each status, and what may have happened."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.http_errors import (
    _CODE_BY_STATUS,
    ABSENT_CODES,
    http_error,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._client.answer import Answer

CODES = {
    302: "redirect",
    400: "rejected",
    401: "auth_failed",
    403: "forbidden",
    404: "not_found",
    405: "method_refused",
    407: "proxy",
    408: "busy",
    409: "conflict",
    412: "conflict",
    421: "api_disabled",
    422: "rejected",
    423: "conflict",
    425: "busy",
    429: "busy",
    500: "server_error",
    501: "method_refused",
    503: "busy",
    599: "server_error",
    # Without a code of their own.
    300: "redirect",
    399: "redirect",
    402: "rejected",
    418: "rejected",
    499: "rejected",
    502: "server_error",
    504: "server_error",
}


@pytest.mark.parametrize("status", CODES)
def test_each_status_has_its_code(status: int) -> None:
    error = http_error("ts1", "PUT", "/api/config", Answer(status, "application/json", b'{"error": "no"}', None), False)
    assert (error.code, error.http_status) == (CODES[status], status)
    assert error.effect_unknown is (status >= 500)


@pytest.mark.parametrize("status", [407, 408, 421, 425])
def test_a_status_that_says_nothing_of_the_value_causes_no_other_form(status: int) -> None:
    assert http_error("ts1", "PUT", "/", Answer(status, "", b"", None), False).code not in ABSENT_CODES


def test_every_status_with_a_code_is_tested() -> None:
    assert set(_CODE_BY_STATUS) <= set(CODES)


@pytest.mark.parametrize("status", CODES)
def test_a_refused_read_has_no_effect(status: int) -> None:
    error = http_error("ts1", "GET", "/api/config", Answer(status, "application/json", b'{"error": "no"}', None), False)
    assert (error.code, error.effect_unknown) == (CODES[status], False)
    assert error.device_message == (None if 300 <= status < 400 else "no")


@pytest.mark.parametrize(
    ("status", "absent"), [(404, True), (400, True), (405, True), (422, True), (501, True), (403, False), (500, False)]
)
def test_which_refusals_may_mean_an_unknown_path(status: int, absent: bool) -> None:
    error = http_error("ts1", "GET", "/api/config", Answer(status, "", b"", None), False)
    assert (error.code in ABSENT_CODES) is absent


@pytest.mark.parametrize(
    ("url", "status", "body", "code"),
    [
        ("/api/status", 404, b"", "api_disabled"),
        ("/api/status?raw", 403, b"", "api_disabled"),
        ("/api/status", 404, b'{"error": "no"}', "not_found"),
        ("/api/status", 403, b'{"error": "no"}', "forbidden"),
        ("/api/status", 400, b"", "rejected"),
        ("/api/status/rest-api", 404, b"", "not_found"),
        ("/api/config", 403, b"", "forbidden"),
    ],
)
def test_a_status_tree_that_is_missing_without_a_message_means_that_the_api_is_off(
    url: str, status: int, body: bytes, code: str
) -> None:
    assert http_error("ts1", "GET", url, Answer(status, "application/json", body, None), False).code == code


@pytest.mark.parametrize(("with_token", "what"), [(True, "token"), (False, "user name or password")])
def test_refused_credentials_are_named(with_token: bool, what: str) -> None:
    error = http_error("ts1", "GET", "/api/status", Answer(401, "", b"", None), with_token)
    assert error.what == f"the device refused the {what} (HTTP 401)"


@pytest.mark.parametrize(
    ("location", "named"),
    [("https://login.example.com/a?b", True), ("/login", False), (None, False), ("https://[", False), ("", False)],
)
def test_a_redirect_names_the_host_it_leads_to(location: str | None, named: bool) -> None:
    error = http_error("ts1", "GET", "/api/status", Answer(302, "text/html", b"", location), False)
    assert ("to the host login.example.com" in error.what) is named
    assert "/a" not in error.what


@pytest.mark.parametrize(("method", "has_hint"), [("GET", False), ("PUT", True), ("DELETE", True)])
def test_a_write_to_an_unknown_path_hints_at_the_dialect(method: str, has_hint: bool) -> None:
    error = http_error("ts1", method, "/api/config/a", Answer(404, "", b"", None), False)
    assert ("set dialect" in str(error)) is has_hint
