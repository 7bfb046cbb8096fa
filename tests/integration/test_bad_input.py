# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong ends in one clear sentence, with nothing written and no secret shown."""

from __future__ import annotations

import functools
import json
import socket
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_command,
    lantime_config,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import backup as backups
from ansible_collections.meinberg.lantime.tests.devices import host_variables, job_context, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

CANARY = "c4n4ry-pass"
FACTS: dict[str, t.Any] = {"meinberg.lantime.lantime_facts": {}}
CONFIG: dict[str, t.Any] = {
    "meinberg.lantime.lantime_config": {
        "config": {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"write-community": CANARY}}
    }
}


@dataclass
class Case:
    """A mistake of the operator's or a fault of the device's, the error it ends in, and words of the message."""

    code: str
    says: str
    variables: dict[str, t.Any] = field(default_factory=dict)
    fault: dict[str, t.Any] | None = None
    unreachable: bool = False
    requests: int | None = None


def _closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


CASES = {
    "nothing listens": Case("refused", "was refused", {"lantime_port": _closed_port()}, unreachable=True, requests=0),
    "no such name": Case(
        "unresolved",
        "cannot be resolved",
        {"lantime_host": "ts1.invalid"},
        unreachable=True,
        requests=0,
    ),
    "url instead of name": Case("option", "neither a host name", {"lantime_host": "https://ts1/"}, requests=0),
    "password in the host": Case(
        "option", "the value of host is neither", {"lantime_host": f"root:{CANARY}@ts1"}, requests=0
    ),
    "wrong password": Case(
        "auth_failed", "refused the user name or password", {"lantime_password": CANARY}, requests=1
    ),
    "wrong token": Case("auth_failed", "refused the token", {"lantime_token": CANARY}, requests=1),
    "no password": Case("option", "no credentials", {"lantime_password": None}, requests=0),
    "unknown ca": Case("tls_verify", "not accepted", {"lantime_ca_path": None}, requests=0),
    "missing ca file": Case("tls_files", "ca_path", {"lantime_ca_path": "/nonexistent/ca.pem"}, requests=0),
    "other pin": Case("tls_pin", "tls_fingerprint is 00", {"lantime_tls_fingerprint": "00" * 32}, requests=0),
    "pin of another form": Case("option", "64 hexadecimal", {"lantime_tls_fingerprint": "abc"}, requests=0),
    "plain http on the tls port": Case(
        "disconnected",
        "check port and use_tls",
        {"lantime_use_tls": False},
        unreachable=True,
        requests=0,
    ),
    "port beyond range": Case("option", "port must be from 1", {"lantime_port": 70000}, requests=0),
    "unknown dialect": Case("option", "did you mean", {"lantime_dialect": {"set_taget": "menu"}}, requests=0),
    "rest api off": Case("api_disabled", "Enable REST API", fault={"kind": "login-page"}, requests=1),
    "redirect to the log-in page": Case("redirect", "192.0.2.1", fault={"kind": "redirect"}, requests=1),
    "truncated answer": Case("incomplete", "ended", fault={"kind": "truncated"}, unreachable=False),
    "garbage": Case("content", "breaks off", fault={"kind": "garbage"}),
    "compressed": Case("encoding", "gzip", fault={"kind": "gzip"}, requests=1),
    "endless": Case("too_large", "larger than", fault={"kind": "endless"}, requests=1),
    "internal error": Case(
        "server_error",
        "HTTP 500",
        {"lantime_retries": 1},
        {"kind": "status", "status": 500},
        requests=2,
    ),
    "forbidden": Case(
        "forbidden",
        "level",
        fault={
            "kind": "status",
            "status": 403,
            "body": '{"error": "no"}',
            "headers": {"Content-Type": "application/json"},
        },
        requests=1,
    ),
    "dripping answer": Case(
        "timeout_total",
        "deadline",
        {"lantime_request_timeout": 1.5},
        {"kind": "drip", "bytes": 1, "interval": 0.05},
        unreachable=True,
    ),
    "silent device": Case(
        "timeout_read",
        "not answered within",
        {"lantime_read_timeout": 0.5},
        {"kind": "delay", "seconds": 5},
        unreachable=True,
    ),
}


class Played(t.NamedTuple):
    """One play through an entry point with a host and a device of its own for each case. writes, requests: by case."""

    run: Run
    writes: dict[str, int]
    requests: dict[str, int]


@pytest.fixture(scope="module")
def devices() -> t.Iterator[dict[str, t.Any]]:
    names = {f"d{number}": name for number, name in enumerate(sorted(CASES))}
    specs = [DeviceSpec(name, "m600-7.10", autosave=False) for name in names]
    with Fleet(specs, freeze=True) as fleet:
        yield {case: fleet[name] for name, case in names.items()}


@pytest.fixture(scope="module")
def played(devices: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory) -> t.Callable[[str], Played]:
    """Plays the tasks of all cases through an entry point, once."""
    tasks = [{**task, "ignore_errors": True, "ignore_unreachable": True} for task in (FACTS, CONFIG)]
    hosts = {d.name: {**host_variables(d), **CASES[case].variables} for case, d in devices.items()}
    controller = Controller(tmp_path_factory.mktemp("bad-input"), hosts)

    @functools.cache
    def play(entry_point: str) -> Played:
        for case, device in devices.items():
            device.ledger.clear()
            device.clear_faults()
            fault = CASES[case].fault
            if fault:
                device.add_fault(**fault)
        run = controller.play(tasks, entry_point=entry_point, verbosity=4)
        return Played(
            run,
            {case: device.ledger.writes for case, device in devices.items()},
            {case: len(device.ledger) for case, device in devices.items()},
        )

    return play


@each_entry_point
@pytest.mark.parametrize("name", sorted(CASES))
def test_one_sentence_and_no_write(
    devices: dict[str, t.Any], played: t.Callable[[str], Played], name: str, entry_point: str
) -> None:
    case, device, seen = CASES[name], devices[name], played(entry_point)
    shown_host = str(case.variables.get("lantime_host", device.host))
    results = [entry for entry in seen.run.results if entry.host == device.name]
    assert len(results) == 2, seen.run.output
    for entry in results:
        result = entry.result
        assert result["error"]["code"] == case.code, result
        assert case.says in result["msg"]
        assert CANARY in shown_host or shown_host in result["msg"]
        assert "\n" not in result["msg"]
        assert len(result["msg"]) < 600
        assert result["error"]["hint"] in result["msg"]
        assert entry.outcome == ("unreachable" if case.unreachable else "failed")
        assert result["changed"] is False
    assert seen.writes[name] == 0
    if case.requests is not None:
        # Refused credentials are not tried by the second task.
        tasks = 1 if case.code == "auth_failed" else len(results)
        assert seen.requests[name] == tasks * case.requests
    assert device.running() == device.startup()


@each_entry_point
def test_no_secret_is_shown_and_no_traceback(
    devices: dict[str, t.Any], played: t.Callable[[str], Played], entry_point: str
) -> None:
    run = played(entry_point).run
    for secret in (CANARY, *(device.users["admin"] for device in devices.values())):
        assert secret not in run.output
        assert secret not in str(run.results)
    assert "Traceback" not in run.output


@each_entry_point
def test_a_hostile_object_id_is_shown_but_never_used(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    hostile = "../{{ 7 * 191 }}\u001b[31m"
    device.add_fault("hostile-id", object_id=hostile)
    tasks = [
        {"meinberg.lantime.lantime_facts": {"gather_subset": ["all"]}},
        {"meinberg.lantime.lantime_config_info": {"path": "network"}, "register": "seen"},
        {"ansible.builtin.debug": {"msg": "{{ seen }} {{ ansible_lantime }}"}},
        {
            "meinberg.lantime.lantime_config": {
                "config": {"network": {"ports": {hostile: {"link-mode": "fd-100mbit"}}}}
            },
            "ignore_errors": True,
        },
    ]
    before = device.running()
    run = controller.play(tasks, "ts710", entry_point=entry_point, verbosity=1)
    facts, info, dummy, config = run.results
    assert "{{ 7 * 191 }}" in str(facts.result)
    assert hostile in info.result["value"]["ports"]
    assert "1337" not in run.output
    assert "\u001b" not in run.output
    assert config.outcome == "failed"
    assert config.result["error"]["code"] in ("hostile_name", "unknown_name")
    assert device.running() == before
    assert device.ledger.writes == 0


def test_a_wrong_password_is_tried_once_a_task_and_the_account_stays_open(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    wrong = {"ts710": {"lantime_password": CANARY}}
    for auth in ("basic", "token"):
        device.ledger.clear()
        run = controller.play({"meinberg.lantime.lantime_facts": {"auth": auth}}, "ts710", variables=wrong)
        assert run.only["error"]["code"] == "auth_failed"
        assert len(device.ledger) == 1
    assert controller.play(FACTS, "ts710").code == 0


def test_unreachable_hosts_give_exit_code_4_and_the_others_go_on(controller: Controller, fleet: Fleet) -> None:
    gone = {"ts706": {"lantime_port": _closed_port()}}
    run = controller.play(CONFIG, variables=gone)
    assert fleet["ts706"].ledger.gets == 0
    assert run.code == 4
    assert {r.host: r.outcome for r in run.results} == {
        "ts706": "unreachable",
        "ts708": "ok",
        "ts710": "ok",
        "ims": "ok",
    }


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
def test_numbers_that_json_does_not_have_reach_no_device(fleet: Fleet, tmp_path: Path, number: str) -> None:
    device = fleet["ts710"]
    value = yaml.safe_load(number)
    path = tmp_path / "a.json"
    assert run_in_process(device, lantime_backup, path=str(path)).code is None
    content = backups.load_backup(path)
    content["config"]["ntp"]["local-clock"]["stratum"] = value
    content["sha256"] = backups.checksum(content["device"], content["config"])
    path.write_text(json.dumps(content), "utf-8")
    device.ledger.clear()
    journals = str(tmp_path / "journals")
    desired = {"ntp": {"local-clock": {"stratum": value}}}
    for check in (True, False):
        for outcome in (
            run_in_process(device, lantime_config, config=desired, check=check, journal_path=journals),
            run_in_process(
                device, lantime_backup, state="restored", path=str(path), check=check, journal_path=journals
            ),
            run_in_process(device, lantime_command, command="x", parameters={"a": [value]}, check=check),
        ):
            assert outcome.code == "wrong_type", outcome.result
            assert outcome.result["changed"] is False
    assert len(list(device.ledger)) == 0
    context = job_context(device, lantime_config, {"config": desired})
    with context.open() as api, pytest.raises(LantimeError) as caught:
        api.write("PUT", ("config", "ntp"), {"a": value})
    assert caught.value.code == "wrong_type"
    assert device.ledger.writes == 0


@each_entry_point
def test_a_misspelled_option_does_not_show_its_value(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    values: dict[str, t.Any] = {
        "passwrd": CANARY,
        "Password": [CANARY],
        "lantime_password": CANARY,
        "backup_options": {"passwrd": CANARY},
    }
    tasks = [
        {"meinberg.lantime.lantime_config": {"config": {"ntp": {}}, option: value}, "ignore_errors": True}
        for option, value in values.items()
    ]
    run = controller.play(tasks, "ts710", entry_point=entry_point, verbosity=2)
    assert CANARY not in run.output
    assert len(run.of("ts710")) == len(values)
    for option, result in zip(values, run.of("ts710")):
        assert result["error"]["code"] == "option"
        assert option in result["msg"]
        assert CANARY not in json.dumps(result)
    assert fleet["ts710"].ledger.gets == 0
