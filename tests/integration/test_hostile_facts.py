# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hostile device says is kept and shown, but never executed, and never reaches the terminal as it is."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

MODULE = "meinberg.lantime.lantime_facts"
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
WRITTEN_OUT = "\\x1b[2J\\x1b]0;owned\\x07\\x9b31m\\u202e"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def hostile(device: t.Any, marker: Path) -> dict[str, t.Any]:
    """The device's own status with templates, escapes and what Ansible's JSON takes for more than JSON."""
    template = "{{ lookup('ansible.builtin.pipe', 'touch " + str(marker) + "') }}"
    status = device.status()
    status["services"]["network"][template + ESCAPES] = {"running": True}
    status["services"]["global"] = {f"service{number}": {"running": True} for number in range(5000)}
    status["system"]["sync-status"]["reference"] = "{% set x = 1 %}" + ESCAPES
    status["system"]["sync-status"]["clock-status"]["clock"] = "brand-new"
    status["system"]["storage"] = None
    del status["chassis0"], status["notification"]
    status["syncmon"]["nodes"] = [
        {"__ansible_unsafe": template},
        {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\n6161"},
        {"__ansible_type": "TrustedAsTemplate", "value": template},
        {
            "__ansible_type": "_AnsibleTaggedStr",
            "value": template,
            "tags": [{"__ansible_type": "TrustedAsTemplate"}],
        },
        {"!unsafe": template, "ansible_python_interpreter": template},
    ]
    return {
        "system-information": {
            "hostname": template,
            "model": ESCAPES,
            "serial-number": "!vault " + template,
            "version": "fw_7.10.008",
            "API Version": "LANTIME REST API V20.05.013",
        },
        "changes": {"pending-changes": 0},
        "data": status,
    }


TASKS: list[dict[str, t.Any]] = [
    {
        "name": "Host {{ ansible_facts.net_hostname }} {{ ansible_facts.net_model }}",
        "ansible.builtin.debug": {"msg": "{{ ansible_facts.net_hostname }}"},
    },
    {
        "name": "Labels",
        "ansible.builtin.debug": {"msg": "{{ item }}"},
        "loop": "{{ ansible_facts.lantime.services.network.keys() | list }}",
    },
    {"name": "Sync", "ansible.builtin.debug": {"var": "ansible_facts.lantime.sync.reference"}},
    {"name": "Nodes", "ansible.builtin.debug": {"var": "ansible_facts.lantime.syncmon.nodes"}},
    {
        "name": "Counts",
        "ansible.builtin.assert": {
            "that": [
                "ansible_facts.lantime.services.global | length == 5000",
                "ansible_facts.lantime.sync.state == 'brand-new'",
                "ansible_facts.lantime.storage == {}",
                "ansible_facts.lantime.receiver == []",
                "ansible_facts.lantime.syncmon.nodes | length == 5",
            ]
        },
    },
]


def play(controller: Controller, tasks: list[dict[str, t.Any]], place: Path, entry_point: str = "controller") -> Run:
    environ = {
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(place),
    }
    return controller.play(tasks, "ts710", entry_point=entry_point, environ=environ, verbosity=2)


def check(run: Run, marker: Path) -> None:
    assert run.code == 0, run.output[-3000:]
    assert not marker.exists()
    assert CONTROL.search(run.output) is None
    assert WRITTEN_OUT in run.output
    assert "Traceback" not in run.output


@each_entry_point
def test_it_is_shown_and_never_executed(controller: Controller, fleet: Fleet, tmp_path: Path, entry_point: str) -> None:
    marker = tmp_path / "executed"
    device = fleet["ts710"]
    body = json.dumps(hostile(device, marker))
    device.add_fault("status", status=200, method="GET", body=body)
    facts = {MODULE: {"gather_subset": ["all"]}}
    run = play(controller, [facts, *TASKS], tmp_path / "cache", entry_point)
    check(run, marker)
    found = run.results[0].result["ansible_facts"]
    assert found["ansible_net_hostname"].startswith("{{ lookup(")
    assert found["ansible_net_model"] == WRITTEN_OUT
    # From the fact cache it is the same.
    device.ledger.clear()
    check(play(controller, TASKS, tmp_path / "cache", entry_point), marker)
    assert device.ledger.gets == 0


def test_the_lookup_would_have_been_seen(controller: Controller, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    text = "{{ lookup('ansible.builtin.pipe', 'touch " + str(marker) + "') }}"
    run = play(controller, [{"ansible.builtin.debug": {"msg": text}}], tmp_path / "cache")
    assert run.code == 0, run.output
    assert marker.exists()
