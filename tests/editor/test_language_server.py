# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page about editors says of yaml-language-server, with the settings of the page."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._schema.description import Description
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.json_schema import make_json_schema
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.editor.language_server import LanguageServer
from ansible_collections.meinberg.lantime.tests.paths import PAGES

FILE = "group_vars/all.yml"
GOLDEN = """\
# yaml-language-server: $schema=../lantime.schema.json
lantime_golden_config:
  ntp:
    local-clock: {stratum: "{{ stratum }}", disabled: off}
  network:
    ports:
      lan0: {indicate-link: yes, ipv6-mode: never-seen}
    interfaces:
      vif7: {label: new, vlan: {enabled: yes, id: 12}}
  snmp:
    read-community: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      6162
lantime_golden_overlays:
  hall2:
    modules:
      - {families: [GPS], config: {module: {antenna: {cable-length: 45}}}}
other_variable: {anything: [1]}
"""
# What is replaced in the golden file, and how the server marks the result.
WRONG = {
    "name": ("local-clock:", "locl-clock:", "Property locl-clock is not allowed."),
    "name in a new item": ("{label: new,", "{lable: new,", "Property lable is not allowed."),
    "item": ("lan0:", "lan9:", "Property lan9 is not allowed."),
    "number": ("id: 12", "id: many", "The device has a number here."),
    "switch": ("indicate-link: yes", "indicate-link: maybe", "The device has a switch here (true or false)."),
    "truth value as text": ("label: new", "label: yes", "Incorrect type. Expected one of string."),
    "setting of a module": ("cable-length", "cable-lenght", "Property cable-lenght is not allowed."),
    "refused value": ("never-seen", "refused", "Matches a schema that is not allowed."),
}


def settings_of_the_page() -> dict[str, t.Any]:
    text = (PAGES / "editor.rst").read_text("utf-8")
    (block,) = re.findall(r"^\.\. code-block:: json\n\n((?:    .*\n|\n)+)", text, re.MULTILINE)
    return t.cast("dict[str, t.Any]", json.loads(block))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the schema of a simulated device, of which a value and a setting are known to be refused."""
    description = Description()
    description.add_tree(canonical(offline_device("m3000-7.10").running(clear=False)))
    description.entry(("network", "ports", "*", "ipv6-mode")).see_refusal("refused")
    description.entry(("network", "ports", "*", "mac-address")).read_only = True
    made = tmp_path_factory.mktemp("workspace")
    (made / "lantime.schema.json").write_text(json.dumps(make_json_schema(description)), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def server(directory: Path) -> t.Iterator[LanguageServer]:
    with LanguageServer(directory, settings_of_the_page()) as running:
        yield running


def test_a_right_file_has_no_marks(server: LanguageServer) -> None:
    assert server.marks(FILE, GOLDEN) == []


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("way", ["comment", "settings"])
def test_a_wrong_file_is_marked_at_the_line(server: LanguageServer, way: str, case: str) -> None:
    right, wrong, message = WRONG[case]
    assert GOLDEN.count(right) == 1
    text = GOLDEN.replace(right, wrong)
    if way == "settings":
        text = "#" + text[text.index("\n") :]
    (mark,) = server.marks(f"group_vars/{way}.yml", text)
    assert (mark.line, mark.severity, mark.message) == (text[: text.index(wrong)].count("\n"), 1, message)


def test_a_file_that_the_settings_do_not_name_is_left_alone(server: LanguageServer) -> None:
    assert server.marks("site.yml", "lantime_golden_config: {nothing: 1}\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lantime_golden_config:\n  ", {"network", "ntp", "snmp", "chassis0"}),
        ("lantime_golden_config:\n  network:\n    ports:\n      ", {"lan0", "lan1"}),
        ("lantime_golden_config:\n  network:\n    interfaces:\n      vif7:\n        ", {"label", "vlan", "ipv4"}),
        ("lantime_golden_config:\n  network:\n    ports:\n      lan0:\n        link-mode: ", {"auto"}),
        ("lantime_golden_modules:\n  - ", {"families", "models", "config", "when_absent"}),
        ("lantime_golden_modules:\n  - families:\n      - ", {"GPS", "GNS", "LNO"}),
    ],
)
def test_names_and_values_are_completed(server: LanguageServer, text: str, expected: set[str]) -> None:
    assert expected <= set(server.completions("group_vars/completed.yml", text))


def test_settings_are_explained(server: LanguageServer) -> None:
    text = "lantime_golden_config:\n  network:\n    ports:\n      lan0:\n        mac-address: x\n"
    explanation = server.explanation("group_vars/explained.yml", text, "mac-address")
    assert "mac-address: str, read-only" in explanation


@pytest.mark.parametrize(
    ("name", "expected"), [("yaml.yamlVersion", []), ("yaml.customTags", ["Unresolved tag: !vault"])]
)
def test_each_further_setting_is_needed(directory: Path, name: str, expected: list[str]) -> None:
    """Without the version, a truth value in place of a text is not marked; without the tags, each vault is."""
    settings = settings_of_the_page()
    del settings[name]
    text = GOLDEN.replace("label: new", "label: yes") if name == "yaml.yamlVersion" else GOLDEN
    with LanguageServer(directory, settings) as running:
        assert [mark.message for mark in running.marks(FILE, text)] == expected
