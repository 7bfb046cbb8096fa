# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every filter in a play, as ansible-core loads it and hands over its input."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller
from ansible_collections.meinberg.lantime.tests.paths import PLUGINS
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

FILTER = "meinberg.lantime."
GOLDEN = {"ntp": {"local-clock": {"stratum": 12}}}
READING: list[dict[str, t.Any]] = [
    {f"{FILTER}lantime_config_info": {"path": "ntp"}, "register": "configuration"},
    {f"{FILTER}lantime_config": {"config": GOLDEN}, "check_mode": True, "register": "compared"},
    {f"{FILTER}lantime_health": {"fail_on": "never"}, "register": "health"},
    {f"{FILTER}lantime_record": {"dest": "{{ inventory_hostname }}.json"}},
]
PEERS = "ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'configuration'))"
FILTERS: dict[str, str] = {
    "consensus": f"dict({PEERS}) | {FILTER}consensus",
    "drift": f"(compared | {FILTER}drift({json.dumps(GOLDEN)})).differences | map(attribute='path') | list",
    "failing_hosts": f"ansible_play_hosts | {FILTER}failing_hosts(hostvars, ['compared'])",
    "json_schema": f"[lookup('ansible.builtin.file', inventory_hostname ~ '.json') | from_json] | {FILTER}json_schema",
    "overlay": f"[{json.dumps(GOLDEN)}, {{'snmp': {{'location': 'hall 2'}}}}] | {FILTER}overlay",
    "record": f"inventory_hostname | {FILTER}record(drift=compared)",
    "refuse_change": f"ansible_play_hosts_all | {FILTER}refuse_change(hostvars, 'health', required=ansible_play_batch)",
}


def test_each_filter_in_a_play(controller: Controller, fleet: Fleet) -> None:
    assert sorted(FILTERS) == sorted(path.stem for path in (PLUGINS / "filter").glob("*.py"))
    fleet["ts708"].change("ntp/local-clock/stratum", 3)
    shown = [{"ansible.builtin.debug": {"msg": "{{ " + each + " }}"}, "name": name} for name, each in FILTERS.items()]
    # The collection itself announces the removal of drift and record.
    silent = {"ANSIBLE_DEPRECATION_WARNINGS": "0"}
    run = controller.play([*READING, *shown], "ts706,ts708,ts710", environ=silent)
    assert run.code == 0, run.output
    of_ts708: dict[str, t.Any] = {
        each.name: each.result["msg"] for each in run.results if each.host == "ts708" and each.name in FILTERS
    }
    assert of_ts708["consensus"].keys() == {"ts706", "ts708", "ts710"}
    assert of_ts708["drift"] == ["ntp/local-clock/stratum"]
    assert of_ts708["failing_hosts"] == []
    assert "properties" in of_ts708["json_schema"]
    assert of_ts708["overlay"] == {**GOLDEN, "snmp": {"location": "hall 2"}}
    assert of_ts708["record"]["host"] == "ts708"
    assert of_ts708["refuse_change"] == {}


def test_failing_hosts_refuses_a_name_that_no_result_has(controller: Controller) -> None:
    hosts = "ansible_play_hosts | " + FILTER + "failing_hosts(hostvars, %s)"
    shown = {
        "several": ["compared", "not_registered"],
        "one": ["comparred"],
        "all": ["comparred", "not_registered"],
    }
    tasks = [
        {"ansible.builtin.debug": {"msg": "{{ " + hosts % names + " }}"}, "name": case, "ignore_errors": True}
        for case, names in shown.items()
    ]
    before = {"ansible.builtin.debug": {"msg": "{{ " + hosts % ["comparred"] + " }}"}, "name": "before"}
    run = controller.play([before, READING[1], *tasks], "ts710")
    messages = {each.name: str(each.result["msg"]) for each in run.results if each.name in ("before", *shown)}
    assert messages["before"] == messages["several"] == "[]"
    sentence = "meinberg.lantime.failing_hosts: results_from: no host has a variable comparred"
    assert f"{sentence} (did you mean compared?)" in messages["one"]
    assert f"{sentence} or not_registered (did you mean compared?)" in messages["all"]
