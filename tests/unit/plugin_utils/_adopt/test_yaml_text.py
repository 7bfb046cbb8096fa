# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML that Ansible reads as what the device has."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.devices import SecretPlaceholder
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.yaml_text import (
    Commented,
    Template,
    parse_document,
    render_document,
)

VALUES: dict[str, t.Any] = {
    "switch words": ["on", "off", "yes", "no", "true", "null", "~", True, False],
    "numbers": [1e-06, 1e17, -0.0, 10000000.0, 0o17, "017", "1_000", "1e3", "0x1f", "12:30:00", "2026-02-11"],
    "texts": ["", " ", "a: b", "# c", "- x", "[", "}", ", ", "'", '"', "\\", "%", "@", "!", "&a", "*a", "|", ">"],
    "odd": ["\t", "\n", "a\nb\n", "\u0085", "\u2028", "\x00", "\x1b[2J", "\ufeff", "ü", "\U0001f600", "x" * 500],
    "templates": ["{{ x }}", "{% raw %}", "{# c #}", '{{ "q" }}\n', "{ {", "!unsafe x"],
    "menus": {
        "1": {"on": {"": 1}},
        "empty": {},
        "list": [],
        "deep": {"a": {"b": [{"c": "{{ d }}"}, {"e": {"f": "g"}}]}},
    },
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_read_back_as_they_were(name: str) -> None:
    value = VALUES[name]
    document = {"variable": value, "inner": {"menu": {"value": value, "other": {"x": 1}}}}
    assert parse_document(render_document(["a\nb: c"], document)) == document


def test_comments_do_not_end_before_their_text() -> None:
    text = render_document(["x\ny: 1"], {"v": {"a": Commented(1, "b\nc: 2\u2028d: 3"), "e": {"f": 4}}})
    assert parse_document(text) == {"v": {"a": 1, "e": {"f": 4}}}


def test_a_menu_of_placeholders_is_a_comment() -> None:
    users = {"root": {"password": SecretPlaceholder("vault_root")}, "joe": {"password": SecretPlaceholder("vault_joe")}}
    text = render_document([], {"v": {"a": 1, "security": {"users": users}}})
    assert parse_document(text) == {"v": {"a": 1}}
    uncommented = yaml.safe_load(text.replace("# ", ""))
    assert uncommented["v"]["security"]["users"]["joe"] == {"password": "{{ vault_joe }}"}


def test_templates_of_the_collection_are_templates() -> None:
    text = render_document([], {"v": {"all": Template("{{ x | default({}) }}")}})
    assert "!unsafe" not in text
    assert yaml.safe_load(text) == {"v": {"all": "{{ x | default({}) }}"}}
