# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals of a device: the code of each status, and what may have happened."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.http_errors import ABSENT_CODES, http_error
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
}


@pytest.mark.parametrize("status", CODES)
def test_each_status_has_its_code(status: int) -> None:
    error = http_error("ts1", "PUT", "/api/config", Answer(status, "application/json", b'{"error": "no"}', None), False)
    assert (error.code, error.http_status) == (CODES[status], status)
    assert error.effect_unknown is (status >= 500)


@pytest.mark.parametrize("status", [407, 408, 421, 425])
def test_a_status_that_says_nothing_of_the_value_causes_no_other_form(status: int) -> None:
    assert http_error("ts1", "PUT", "/", Answer(status, "", b"", None), False).code not in ABSENT_CODES
