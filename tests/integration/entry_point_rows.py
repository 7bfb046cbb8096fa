# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device a task asks and where its job runs: the rows that test_entry_point_rows.py runs and the documentation lists."""

from __future__ import annotations

import types
import typing as t

# Where a job runs.
PROCESS = "in process"
CONTROLLER = "packaged, on the controller"

REFUSED_UNCLEAR = "lantime_username is set for it"
REFUSED_ADDRESS = "the task is delegated to the address"
REFUSED_ASYNC = "async needs a local connection"
REFUSED_TARGET = "the module would run on the LANTIME itself"

OMITTED = "{{ nothing | default(omit) }}"


def on(machine: str) -> str:
    return f"packaged, on {machine}"


class Outcome(t.NamedTuple):
    """device: the device that is asked, several for a loop; place: where the job runs; refusal: instead of both."""

    device: str = ""
    place: str = ""
    refusal: str = ""


class Row(t.NamedTuple):
    """A task. host: of the play. keywords: of the task. target: the outcome with lantime_execution target.

    module: arguments of the module.  slow: whether make test leaves the row with lantime_execution target out.
    """

    host: str
    keywords: dict[str, t.Any]
    outcome: Outcome
    target: Outcome
    module: t.Mapping[str, t.Any] = types.MappingProxyType({})
    slow: bool = True


HOSTS = {
    "ts1": "a LANTIME, `lantime_host` is set for it, the connection is SSH",
    "ts1-local": "the same LANTIME, `ansible_connection` is `local`",
    "ts2": "another LANTIME, `lantime_host` is set for it, the connection is SSH",
    "ts2-local": "the same LANTIME, `ansible_connection` is `local`",
    "member": "a LANTIME by its membership in the group `lantime`; `ansible_host` is set for it, the connection is SSH",
    "empty": "`ts1-local`, some variables are empty or `omit`",
    "bastion": "a machine, no connection variable `lantime_*` is set for it, the connection is SSH",
    "toolbox": "a machine, no connection variable `lantime_*` is set for it, `ansible_connection` is `local`",
    "mixed": "a machine, `lantime_username` is set for it, the connection is SSH",
    "unlisted": "not in the inventory",
    "localhost": "the controller, in the inventory, `lantime_username` is set for it",
}


def _row(host: str, keywords: dict[str, t.Any], device: str, **more: t.Any) -> Row:
    """A task that asks a device in process, and packaged on the controller with lantime_execution target."""
    return Row(host, keywords, Outcome(device, PROCESS), Outcome(device, CONTROLLER), **more)


def _ssh_row(host: str, keywords: dict[str, t.Any], device: str, **more: t.Any) -> Row:
    """A task that asks a device in process, and is refused with lantime_execution target."""
    return Row(host, keywords, Outcome(device, PROCESS), Outcome(refusal=REFUSED_TARGET), slow=False, **more)


def _same(host: str, keywords: dict[str, t.Any], outcome: Outcome, **more: t.Any) -> Row:
    return Row(host, keywords, outcome, outcome, **more)


ROWS = [
    _ssh_row("ts1", {}, "ts1"),
    _row("ts1-local", {}, "ts1", slow=False),
    _ssh_row("ts1", {"delegate_to": "ts1"}, "ts1"),
    _ssh_row("ts1", {"delegate_to": "{{ inventory_hostname }}"}, "ts1"),
    _row("ts1-local", {"delegate_to": "{{ inventory_hostname }}"}, "ts1"),
    _row("ts1", {"delegate_to": "localhost"}, "ts1"),
    _row("ts1", {"delegate_to": "127.0.0.1"}, "ts1"),
    _row("ts1-local", {"delegate_to": "localhost"}, "ts1"),
    _ssh_row("ts1", {"delegate_to": OMITTED}, "ts1"),
    _ssh_row("ts1", {"delegate_to": "ts2"}, "ts2"),
    _row("ts1-local", {"delegate_to": "ts2-local"}, "ts2", slow=False),
    _ssh_row("ts1-local", {"delegate_to": "ts2"}, "ts2"),
    _ssh_row("ts1", {"delegate_to": "{{ addresses.ts1 }}"}, "ts1"),
    _same("ts1", {"delegate_to": "{{ addresses.ts2 }}"}, Outcome(refusal=REFUSED_ADDRESS), slow=False),
    _same("ts1", {"delegate_to": "{{ addresses.member }}"}, Outcome(refusal=REFUSED_ADDRESS), slow=False),
    _ssh_row("ts1", {"delegate_to": "member"}, "member"),
    _ssh_row("ts1-local", {"delegate_to": "member", "delegate_facts": True}, "member"),
    _ssh_row("ts1", {"delegate_to": "ts2", "run_once": True}, "ts2"),
    _ssh_row("ts1", {"delegate_to": "{{ item }}", "loop": ["ts2", "member", "ts1"]}, "ts2, member, ts1"),
    _ssh_row("bastion", {"delegate_to": "ts2"}, "ts2"),
    _ssh_row("localhost", {"delegate_to": "ts2"}, "ts2"),
    _same("ts1", {"delegate_to": "bastion"}, Outcome("ts1", on("bastion")), slow=False),
    _same("ts1-local", {"delegate_to": "toolbox"}, Outcome("ts1", on("toolbox"))),
    _same("ts1", {"delegate_to": "unlisted"}, Outcome("ts1", on("unlisted"))),
    Row(
        "ts1",
        {"delegate_to": "mixed"},
        Outcome(refusal=REFUSED_UNCLEAR),
        Outcome("ts1", on("mixed")),
    ),
    _same("ts1", {"delegate_to": "mixed", "vars": {"lantime_execution": "target"}}, Outcome("ts1", on("mixed"))),
    Row(
        "ts1",
        {"delegate_to": "bastion", "vars": {"lantime_username": "admin"}},
        Outcome(refusal=REFUSED_UNCLEAR),
        Outcome("ts1", on("bastion")),
    ),
    _ssh_row("ts1", {}, "ts1", module={"host": "{{ lantime_host }}"}),
    _ssh_row("ts1", {}, "ts2", module={"host": "{{ addresses.ts2 }}"}),
    _row("ts1-local", {}, "ts2", module={"host": "{{ addresses.ts2 }}"}),
    _ssh_row("ts1", {"delegate_to": "ts2"}, "ts1", module={"host": "{{ addresses.ts1 }}"}),
    _same("ts1", {"delegate_to": "bastion"}, Outcome("ts2", on("bastion")), module={"host": "{{ addresses.ts2 }}"}),
    _ssh_row("ts1", {"vars": {"lantime_host": "{{ addresses.ts2 }}"}}, "ts2"),
    _row("empty", {}, "ts1", slow=False),
    _same("empty", {"vars": {"lantime_execution": OMITTED}}, Outcome("ts1", PROCESS)),
    _row("empty", {"environment": {"LANTIME_TOKEN": OMITTED, "LANTIME_PORT": "", "LANTIME_HOST": OMITTED}}, "ts1"),
    _row("empty", {"module_defaults": {"group/meinberg.lantime.lantime": {"token": OMITTED, "port": ""}}}, "ts1"),
    _row("empty", {}, "ts1", module={"token": OMITTED, "port": OMITTED, "tls_fingerprint": ""}),
    _ssh_row("ts1", {"environment": {"LANTIME_HOST": "192.0.2.1"}, "delegate_to": "member"}, "member"),
    _same("ts1", {"async": 60, "poll": 1}, Outcome(refusal=REFUSED_ASYNC)),
    _same("ts1-local", {"async": 60, "poll": 1, "delegate_to": "ts2"}, Outcome(refusal=REFUSED_ASYNC)),
    _same("ts1-local", {"async": 60, "poll": 1}, Outcome("ts1", CONTROLLER)),
    _same("ts1", {"async": 60, "poll": 1, "delegate_to": "toolbox"}, Outcome("ts1", on("toolbox"))),
]
