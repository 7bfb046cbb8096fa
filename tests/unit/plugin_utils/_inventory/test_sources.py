# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of devices of the inventory: lists, files, networks."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from hypothesis import given

from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import sources
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.sources import ConfigError, InventoryTarget
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._inventory.inventory_cases import JSON


def hosts(targets: list[InventoryTarget]) -> list[t.Any]:
    return [(target.name, target.options["host"], target.options.get("port")) for target in targets]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("ts1.example.com", [("ts1.example.com", "ts1.example.com", None)]),
        ("ts[08:10]", [(n, n, None) for n in ("ts08", "ts09", "ts10")]),
        ("ts[a:c]-x", [(n, n, None) for n in ("tsa-x", "tsb-x", "tsc-x")]),
        ("ts[1:2][a:b]", [(n, n, None) for n in ("ts1a", "ts1b", "ts2a", "ts2b")]),
        ("192.0.2.7:8443", [("192.0.2.7", "192.0.2.7", 8443)]),
        ("2001:db8::7", [("2001:db8::7", "2001:db8::7", None)]),
        ("[2001:db8::7]:8443", [("2001:db8::7", "2001:db8::7", 8443)]),
        ({"host": "192.0.2.7"}, [("192.0.2.7", "192.0.2.7", None)]),
        ({"name": "lab"}, [("lab", "lab", None)]),
        ({"name": "lab", "host": "192.0.2.7:444"}, [("lab", "192.0.2.7", 444)]),
        ({"name": "t[1:2]", "host": "192.0.2.[7:8]", "port": 4}, [("t1", "192.0.2.7", 4), ("t2", "192.0.2.8", 4)]),
    ],
)
def test_entries_of_a_list(entry: t.Any, expected: list[t.Any]) -> None:
    assert hosts(sources.targets_from_list([entry], "hosts")) == expected


@pytest.mark.parametrize(
    "entry",
    ["", "a b", "https://ts1", "root@ts1", "ts1/api", "ts[3:1]x[", "ts\n1", "[x", 7, None, ["ts1"], {"name": "a b"}],
)
def test_invalid_entries(entry: t.Any) -> None:
    with pytest.raises(ConfigError):
        sources.targets_from_list([entry], "hosts")


@given(JSON)
def test_any_document_gives_targets_or_one_sentence(document: t.Any) -> None:
    message = ""
    found: list[InventoryTarget] = []
    try:
        found = sources.targets_from_document(document, "file")
    except ConfigError as exc:
        message = str(exc)
    assert "\n" not in message
    assert len(message) < 600
    assert all(isinstance(target, InventoryTarget) for target in found)


def test_lines_of_a_text() -> None:
    text = "# all\nts1\n  ts[2:3]  # two\n\n192.0.2.1:444\n"
    names = [target.name for target in sources.targets_from_lines(text, "file")]
    assert names == ["ts1", "ts2", "ts3", "192.0.2.1"]


@pytest.mark.parametrize(
    ("network", "count"),
    [("192.0.2.0/24", 254), ("192.0.2.0/31", 2), ("192.0.2.9", 1), ("2001:db8::/126", 3)],
)
def test_addresses_of_a_network(network: str, count: int) -> None:
    found = sources.targets_from_networks([network], 1024)
    assert len(found) == count
    assert all(target.is_discovered and target.name == target.options["host"] for target in found)


@pytest.mark.parametrize("networks", [["192.0.2.0/24", "198.51.100.0/24"], ["2001:db8::/32"], ["0.0.0.0/0"]])
def test_networks_are_bounded_all_together(networks: list[str]) -> None:
    with pytest.raises(ConfigError, match="more than 300 addresses"):
        sources.targets_from_networks(networks, 300)


def test_a_listed_device_is_not_discovered_again() -> None:
    listed = [InventoryTarget("a", {"host": "192.0.2.1", "port": 444}), InventoryTarget("b", {"host": "b"})]
    found = sources.targets_from_networks(["192.0.2.0/30"], 10)
    merged = sources.merge_targets([*listed, *found, listed[1]])
    assert [(target.name, target.is_discovered) for target in merged] == [
        ("a", False),
        ("b", False),
        ("192.0.2.2", True),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hosts.txt", "ts1\nts2:444 # two\n"),
        ("hosts.yml", "- ts1\n- {host: ts2, port: 444}\n"),
        ("hosts.json", '{"hosts": [\n "ts1",\n "ts2:444"\n]}\n'),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_files_of_any_editor(tmp_path: Path, name: str, text: str, mark: str, line_end: str) -> None:
    path = tmp_path / name
    path.write_bytes((mark + text.replace("\n", line_end)).encode())
    found = sources.targets_from_file(path, DataLoader())
    assert [(target.name, target.options.get("port")) for target in found] == [("ts1", None), ("ts2", 444)]
