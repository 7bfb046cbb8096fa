# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_poll: the results of tasks of the hosts themselves, with their variables, and the login limiter."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

DRIFT = "meinberg.lantime.lantime_drift"
POLL = "meinberg.lantime.lantime_poll"


def plain(result: dict[str, t.Any]) -> dict[str, t.Any]:
    """A result without what Ansible adds to that of a task."""
    added = ("invocation", "exception", "deprecations", "warnings")
    return {k: v for k, v in result.items() if k not in added and not k.startswith("_ansible")}


def result_of(run: Run, action: str) -> dict[str, t.Any]:
    return next(r.result for r in run.results if r.action == action)


def test_results_are_those_of_tasks_of_the_hosts(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    """The golden configuration comes from the play, the connection from the hosts, and each host ends by its own verdict."""
    fleet["ts706"].add_fault("close-before-answer")
    fleet["ts708"].change("snmp/contact", "elsewhere")
    play = {
        "vars": {
            "lantime_golden_config": {"snmp": {"contact": "{{ noc }}"}},
            "lantime_golden_overlays": {"ims": {"ntp": {"local-clock": {"stratum": "{{ level }}"}}}},
            "noc": "operations",
            "lantime_validate_certs": False,
        }
    }
    controller.shared = {"level": 12}
    options = {"gather_subset": ["min"]}
    single: list[dict[str, t.Any]] = [
        {DRIFT: options, "register": "alone", "ignore_errors": True, "ignore_unreachable": True}
    ]
    polled: list[dict[str, t.Any]] = [
        {POLL: {"module": "lantime_drift", "options": options}, "run_once": True, "register": "together"},
        {
            "meinberg.lantime.lantime_report": {
                "results_from": ["together"],
                "dest": str(tmp_path / "reports"),
                "formats": ["json"],
            },
            "run_once": True,
        },
        {
            "meinberg.lantime.lantime_verdict": {"results_from": ["together"]},
            "when": "inventory_hostname in together.not_clean",
        },
    ]
    run = controller.play([*single, *polled], play=play)
    assert run.code == 4, run.output
    alone = {
        r.host: {**({"failed": True} if r.outcome == "failed" else {}), **plain(r.result)}
        for r in run.results
        if r.action == DRIFT
    }
    together = result_of(run, POLL)
    assert together["polled"].keys() == alone.keys() == {"ts706", "ts708", "ts710", "ims"}
    assert {host: plain(result) for host, result in together["polled"].items()} == alone
    assert together["counts"] == {"ok": 2, "failed": 1, "unreachable": 1}
    assert together["not_clean"] == ["ts706", "ts708"]
    assert any("and 3 more: validate_certs is false" in text for text in together["warnings"])
    report = json.loads((tmp_path / "reports" / "report.json").read_text(encoding="utf-8"))
    states = {entry["host"]: entry["state"] for entry in report["hosts"]}
    assert states == {"ts706": "unreachable", "ts708": "drift", "ts710": "clean", "ims": "clean"}
    verdicts = {r.host: r.outcome for r in run.results if r.action.endswith("lantime_verdict")}
    assert verdicts == {"ts706": "unreachable", "ts708": "failed"}
    assert [entry["path"] for entry in fleet["ims"].ledger] == [
        *("/api/status", "/api/config/snmp", "/api/config/ntp"),
    ] * 2


def test_a_wrong_password_is_tried_on_few_devices_and_bad_options_on_none(controller: Controller, fleet: Fleet) -> None:
    tasks: list[dict[str, t.Any]] = [
        {POLL: {"module": "lantime_drift", "options": options}, "run_once": True, "ignore_errors": True}
        for options in ({"gather_subsets": ["min"]}, {"fail_on": "dirft"})
    ]
    tasks.append({POLL: {"module": "lantime_facts"}, "ignore_errors": True})
    tasks.append({POLL: {"module": "lantime_facts"}, "run_once": True})
    tasks.append({"meinberg.lantime.lantime_facts": {}, "ignore_errors": True})
    run = controller.play(tasks, play={"vars": {"lantime_password": "not-the-password"}})
    *invalid, asked = [r.result for r in run.results if r.action == POLL]
    assert [result["error"]["code"] for result in invalid] == ["option"] * (2 + len([*fleet]))
    polled = asked["polled"]
    assert {result["error"]["code"] for result in polled.values()} == {"auth_failed"}
    # The tasks after it try none of them again.
    assert sum(len(device.ledger) for device in fleet) == 3
