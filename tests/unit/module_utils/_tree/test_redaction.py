# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that a device sends back: every form of them is masked, whatever the text around them."""

from __future__ import annotations

import base64
import html
import json
import typing as t
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._tree.redaction import WITHHELD, Redactor

SECRETS = (
    "canary-1234",
    'qu"ote\\d',
    "pässwörd",
    "two  blanks ",
    "a+b/c?d=&%",
    "<tag>'x'",
    "tab\tand\x01bell",
    "12345",
)


def redactor(*secrets: t.Any) -> Redactor:
    made = Redactor()
    made.add(*secrets)
    return made


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "form",
    [
        str,
        str.upper,
        lambda s: quote(s, safe=""),
        lambda s: quote(s, safe="").lower(),
        quote_plus,
        json.dumps,
        lambda s: json.dumps(s, ensure_ascii=False),
        html.escape,
        repr,
        lambda s: base64.b64encode(s.encode()).decode(),
        lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
        lambda s: quote(base64.b64encode(s.encode()).decode(), safe=""),
    ],
)
def test_every_form_of_a_secret_is_masked(secret: str, form: t.Callable[[str], str]) -> None:
    for text in (f"value rejected: {form(secret)}", "x" * 190 + form(secret)):
        quoted = redactor(secret).quote(text)
        assert "********" in quoted or quoted.endswith("…")
        assert form(secret).strip()[:8].lower() not in quoted.lower()
        assert len(quoted) <= 200


def test_a_secret_that_the_cleaning_of_a_text_makes_is_masked() -> None:
    assert redactor("two words").quote("it is two\x00\nwords") == "it is ********"


@pytest.mark.parametrize("secret", ["a", "ab", "abc", 7])
def test_a_text_with_a_short_secret_is_withheld(secret: t.Any) -> None:
    made = redactor(secret)
    assert made.quote(f"bad {secret}") == WITHHELD
    assert made.quote("ZZZ") == "ZZZ"


@pytest.mark.parametrize("value", ["", None, True, False, "********", [], {}])
def test_values_that_are_no_secret_hide_nothing(value: t.Any) -> None:
    assert redactor(value).quote("True ******** False None") == "True ******** False None"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (("snmp", "read-community"), "canary"),
        (("snmp", "read-community"), {"value": "canary"}),
        (("snmp",), {"read-community": "canary", "location": "hall"}),
        (("snmp",), {"data": {"read-community": ["x-1", "canary"], "location": "hall"}}),
        (("users", "bob"), {"parameters": {"password": "canary", "level": "info"}}),
        (("set",), {"parameters": {"path": "/config/snmp/read-community", "value": "canary"}}),
        (("snmp",), [{"object-id": "hall", "v3": {"priv-passphrase": "canary"}}]),
    ],
)
def test_secret_values_of_a_request_are_found_by_their_names(path: tuple[str, ...], body: t.Any) -> None:
    made = Redactor()
    made.add_from_request(path, body)
    assert made.quote("hall, info: canary") == "hall, info: ********"
