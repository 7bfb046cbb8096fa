# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The likeliest mistakes of a new user: each message is one line that names the cause and what to do, through both entry points."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point

FACTS = "meinberg.lantime.lantime_facts"
CONFIG = "meinberg.lantime.lantime_config"
HEALTH = "meinberg.lantime.lantime_health"

# (task, error code, cause, what to do)
MISTAKES: list[tuple[dict[str, t.Any], str, str, str]] = [
    ({FACTS: {"password": "0000"}}, "auth_failed", "the device refused the user name or password", "check username"),
    ({FACTS: {"host": "ts1.invalid"}}, "unresolved", "ts1.invalid", "check lantime_host"),
    ({FACTS: {"port": 1}}, "refused", "the connection to port 1 was refused", "check that the device is up, the port"),
    ({FACTS: {"tls_fingerprint": "00" * 32}}, "tls_pin", "the certificate has the SHA-256 fingerprint", "find out why"),
    ({FACTS: {"gather_subset": ["netwrok"]}}, "option", 'unknown subset "netwrok"', "did you mean network?"),
    ({FACTS: {"gather_subnet": ["all"]}}, "option", "module: gather_subnet", "did you mean gather_subset?"),
    ({HEALTH: {"skip": ["antena"]}}, "option", 'unknown check in skip "antena"', "did you mean antenna?"),
    ({CONFIG: {"config": {"ntp": {"local-clok": {}}}}}, "unknown_name", "ntp/local-clok", "did you mean local-clock?"),
    ({CONFIG: {"config": {}}}, "option", "config is empty", "give the settings of this host"),
]


@each_entry_point
def test_a_message_names_the_cause_and_what_to_do(controller: Controller, entry_point: str) -> None:
    tasks = [{**task, "ignore_errors": True, "ignore_unreachable": True} for task, *dummy in MISTAKES]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    results = run.of("ts710")
    assert len(results) == len(MISTAKES), run.output
    for (dummy, code, cause, advice), result in zip(MISTAKES, results):
        message = result["msg"]
        assert result["error"]["code"] == code, message
        assert cause in message
        assert advice in message
        assert len(message) < 420
        assert "\n" not in message
        assert "dialect" not in message
    assert "0000" not in run.output.replace("00" * 32, "")
