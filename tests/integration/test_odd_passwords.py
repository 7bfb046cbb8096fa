# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd passwords log in exactly as they are, through both entry points, and change no fact and no output."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller

# The factory default, texts that occur in most results, and texts that mean something to YAML, Jinja, shells or HTTP.
PASSWORDS = (
    *(
        "timeserver",
        "a",
        "1",
        "0123",
        "ntp",
        "yes",
        "null",
        "~",
        "true",
        "1e3",
        "pässwörd",
        "\u65e5\u672c\u8a9e \U0001f600",
    ),
    *(
        'it\'s "quoted"',
        "{{ 7*7 }}",
        "{% raw %}",
        "100%s %d",
        "user:name:x",
        "two  spaces",
        " leading",
        "trailing ",
        "\\n\\x41\\",
    ),
    *("!vault |", "$HOME `id` $(id)", "#no comment", "- list", "[a, b]", "x" * 255, "=?utf-8?b?eA==?=", "&<>/?+;,@#"),
)
FACTS: dict[str, t.Any] = {"meinberg.lantime.lantime_facts": {"gather_subset": ["all", "config"]}}


@pytest.fixture(scope="module")
def odd_fleet() -> t.Iterator[SharedFleet]:
    with frozen_fleet({"ts1": "m600-7.10"}) as fleet:
        yield fleet


def hosts_for(device: t.Any, passwords: t.Sequence[str], directory: Path) -> dict[str, dict[str, t.Any]]:
    """A host and a user of the device for each password, which a lookup reads as it is from a file."""
    hosts = {}
    for number, password in enumerate(passwords):
        user, file = f"user{number}", directory / f"password{number}"
        device.change(f"security/users/{user}", {"level": "info", "password": password})
        file.write_text(password, encoding="utf-8")
        lookup = f"{{{{ lookup('ansible.builtin.file', '{file}', rstrip=false) }}}}"
        hosts[user] = {**host_variables(device), "lantime_username": user, "lantime_password": lookup}
    return hosts


def _leaves(value: t.Any, at: str = "") -> t.Iterator[tuple[str, t.Any]]:
    """The facts by path, without times of events: some seconds after a change, here of users, the device fires some again."""
    if isinstance(value, (dict, list)) and value:
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, f"{at}/{name}")
    elif not at.endswith("/last_triggered"):
        yield at, value


@pytest.mark.parametrize(
    ("entry_point", "passwords"),
    [
        ("controller", PASSWORDS),
        pytest.param("target", PASSWORDS, marks=pytest.mark.thorough),
    ],
)
def test_odd_passwords_are_exact_and_change_no_fact(
    odd_fleet: SharedFleet, tmp_path: Path, entry_point: str, passwords: t.Sequence[str]
) -> None:
    device = odd_fleet.reset()["ts1"]
    hosts = hosts_for(device, ["a-plain-password", *passwords], tmp_path)
    run = Controller(tmp_path, hosts).play(FACTS, entry_point=entry_point)
    assert run.code == 0, run.output[-3000:]
    found = {entry.host: entry.result["ansible_facts"] for entry in run.results}
    assert len(found) == len(passwords) + 1
    assert {entry["user"] for entry in device.ledger} == set(hosts)
    assert {entry["status"] for entry in device.ledger} == {200}
    facts = {name: dict(_leaves(found[name])) for name in hosts}
    for number, password in enumerate(passwords, 1):
        assert facts[f"user{number}"] == facts["user0"], password
