# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays of the page about editors make schemas, which mark wrong golden files and leave right ones alone."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import jsonschema
import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.filter.json_schema import json_schema
from ansible_collections.meinberg.lantime.plugins.module_utils._base.plain import to_plain
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_config,
    lantime_config_info,
    lantime_record,
)
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.paths import PAGES

Tree = dict[str, t.Any]

RIGHT = """
lantime_golden_config:
  ntp: {local-clock: {stratum: "{{ stratum }}", disabled: off}, external-servers: {1: {address: 192.0.2.1}}}
  network: {interfaces: {vif7: {label: new, vlan: {enabled: yes, id: 12}}}}
lantime_golden_overlays:
  hall2:
    snmp: {location: hall 2}
    modules: [{families: [GPS], config: {module: {antenna: {cable-length: 45}}}}]
"""
WRONG = """
lantime_golden_config:
  ntp: {local-clock: {stratum: twelve}}
  network: {interfaces: {vif7: {lable: new}}}
lantime_golden_overlays:
  hall2:
    snmp: {location: yes}
    modules: [{families: [GPS], config: {module: {antenna: {cable-lenght: 45}}}}]
"""
MARKED = [
    "lantime_golden_config/network/interfaces/vif7",
    "lantime_golden_config/ntp/local-clock/stratum",
    "lantime_golden_overlays/hall2/modules/0/config/module/antenna",
    "lantime_golden_overlays/hall2/snmp/location",
]


@pytest.fixture(scope="module")
def devices() -> t.Iterator[SharedFleet]:
    with frozen_fleet({"ims": "m3000-7.10", "ts1": "m600-7.10"}) as fleet:
        yield fleet


def marked(schema: Tree, text: str) -> list[str]:
    """Paths of what a public validator marks in a file of variables."""
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(to_plain(yaml.safe_load(text)))
    return sorted("/".join(map(str, error.absolute_path)) for error in found)


def plays() -> list[str]:
    """The playbooks of the page."""
    text = (PAGES / "editor.rst").read_text("utf-8")
    blocks = re.findall(r"^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", text, re.MULTILINE)
    return [block for block in blocks if "hosts:" in block]


@pytest.mark.thorough
def test_the_plays_of_the_page(devices: SharedFleet, tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, devices)
    for device in devices:
        dest = str(project.directory / "recordings" / f"{device.name}.json")
        assert run_in_process(device, lantime_record, dest=dest, anonymize=False).code is None
    schemas: list[Tree] = []
    for play in plays():
        done = project.run_play(yaml.safe_load(play)[0])
        assert done.code == 0, done.output
        written = project.directory / "lantime.schema.json"
        schemas.append(json.loads(written.read_text("utf-8")))
        written.unlink()
    assert len(schemas) == 2
    for schema in schemas:
        assert marked(schema, RIGHT) == []
        assert marked(schema, WRONG) == MARKED
    assert {name: schemas[0][name] for name in ("type", "title")} == {
        name: schemas[1][name] for name in ("type", "title")
    }
    assert sorted(schemas[0]["$defs"]) == sorted(schemas[1]["$defs"])


def test_a_recording_and_a_described_device_make_the_same_schema(devices: SharedFleet, tmp_path: Path) -> None:
    for device in devices:
        dest = tmp_path / f"{device.name}.json"
        assert run_in_process(device, lantime_record, dest=str(dest), anonymize=False).code is None
        described = run_in_process(device, lantime_config_info, schema=True)
        assert described.code is None
        assert json_schema(json.loads(dest.read_text("utf-8"))) == json_schema(described.result)


def test_a_description_needs_no_further_request(devices: SharedFleet) -> None:
    device = devices["ts1"]
    for schema in (False, True):
        device.ledger.clear()
        assert run_in_process(device, lantime_config_info, schema=schema).code is None
        assert device.ledger.gets == 1


def test_what_a_device_refused_becomes_an_error(devices: SharedFleet, tmp_path: Path) -> None:
    device = devices["ts1"]
    port = {"link-mode": "fastest"}, {"mac-address": "00:00:5e:00:53:01"}
    failed = [
        run_in_process(
            device, lantime_config, config={"network": {"ports": {"lan0": leaf}}}, journal_path=str(tmp_path)
        ).result
        for leaf in port
    ]
    assert [result["error"]["code"] for result in failed] == ["rejected", "rejected"]
    golden = "lantime_golden_config: {network: {ports: {lan1: {link-mode: fastest}}}}"
    described = run_in_process(device, lantime_config_info, schema=True).result
    assert marked(json_schema(described), golden) == []
    place = ["lantime_golden_config/network/ports/lan1/link-mode"]
    assert marked(json_schema(described, refusals=failed), golden) == place
    proven = run_in_process(device, lantime_config_info, schema=True, refusals=failed).result
    assert marked(json_schema(proven), golden) == place
    entries = {entry["path"]: entry for entry in proven["schema"]}
    assert entries["network/ports/*/link-mode"]["refused"] == ["fastest"]
    assert entries["network/ports/*/mac-address"]["read_only"] is True
    assert json_schema(proven)["$defs"]["network.ports.item"]["properties"]["mac-address"]["readOnly"] is True


def test_the_status_cannot_be_described(devices: SharedFleet) -> None:
    outcome = run_in_process(devices["ts1"], lantime_config_info, tree="status", schema=True)
    assert outcome.code == "option"
    assert "schema describes the configuration only" in outcome.result["msg"]
