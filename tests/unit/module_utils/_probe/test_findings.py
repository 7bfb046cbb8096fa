# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings from single answers: what settles a question, and what only indicates an answer."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._probe import findings

JSON = "application/json"
ENVELOPE = {"system-information": {"serial-number": "1"}, "data": {}}


class Answer(t.NamedTuple):
    status: int
    body: bytes = b""
    content_type: str = JSON


def answer(status: int, value: t.Any = None, content_type: str = JSON) -> t.Any:
    return Answer(status, b"" if value is None else json.dumps(value).encode(), content_type)


@pytest.mark.parametrize(
    ("given", "value", "settles"),
    [
        (answer(200, {"error": "no such path"}), "all-200", True),
        (answer(200, ENVELOPE), "unknown", False),
        (answer(400, {"error": "no"}), "all-400", True),
        (answer(404, {"error": "no"}), "json", False),
        (answer(404, "x", "text/html"), "html", True),
        (answer(404, content_type="text/plain"), "plain", True),
        (answer(500, {"error": "no"}), "unknown", False),
    ],
)
def test_the_form_of_errors(given: t.Any, value: str, settles: bool) -> None:
    finding = findings.observe_unknown_path(given)
    assert (finding.id, finding.key, finding.value, finding.settles) == ("A11", "request_error", value, settles)
    assert findings.dialect_of([finding]) == ({"request_error": value} if settles else {})


@pytest.mark.parametrize(
    ("given", "dialect"),
    [
        (answer(200, ENVELOPE), {"anonymous": "read"}),
        (answer(302), {"anonymous": "no", "auth_error": "login-redirect"}),
        (answer(200, "x", "text/html"), {"anonymous": "no", "auth_error": "login-page"}),
        (answer(401, {"error": "no"}), {"anonymous": "no"}),
        (answer(403, {"error": "no"}), {"anonymous": "no", "auth_error": "403-both"}),
    ],
)
def test_access_without_credentials(given: t.Any, dialect: dict[str, str]) -> None:
    assert findings.dialect_of(findings.observe_anonymous_access(given)) == dialect


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"token": "abc"}, ("abc", "bare")),
        ({"data": {"token": "abc"}}, ("abc", "enveloped")),
        ({"token": ""}, (None, None)),
        ({"token": "a\nb"}, (None, None)),
        ([], (None, None)),
    ],
)
def test_the_token_in_an_answer(value: t.Any, expected: tuple[str | None, str | None]) -> None:
    assert findings.parse_token_answer(answer(200, value)) == expected


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ({"snmp": {"read-community": "****", "contact": "noc"}}, "masked"),
        ({"snmp": {"read-community": "c0ffee" * 8}}, "hash"),
        ({"snmp": {"read-community": "public"}}, "clear"),
        ({"snmp": {"read-community": ""}}, "unknown"),
        ({"snmp": {"contact": "noc"}}, "unknown"),
    ],
)
def test_the_form_of_secrets(tree: t.Any, value: str) -> None:
    finding = findings.observe_secret_form(tree)
    assert (finding.id, finding.value) == ("A16", value)
    assert "public" not in finding.evidence


def test_an_open_question_stays_out_of_the_dialect() -> None:
    finding = findings.undetermined("set_target", "the option writable_path was not set")
    assert (finding.id, finding.value, finding.mark) == ("A2", "unknown", "not observed")
    assert findings.dialect_of([finding]) == {}
    assert "settles" not in finding.as_dict()
