# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: lists, errors, running detached, the files it writes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml

from ansible_collections.meinberg.lantime.tests.paths import ROOT
from ansible_collections.meinberg.lantime.tests.simulator import output
from ansible_collections.meinberg.lantime.tests.simulator.dialect import QUESTIONS
from ansible_collections.meinberg.lantime.tests.simulator.faults import KINDS
from ansible_collections.meinberg.lantime.tests.simulator.fleet import Fleet
from ansible_collections.meinberg.lantime.tests.simulator.incidents import KINDS as INCIDENTS
from ansible_collections.meinberg.lantime.tests.simulator.options import CERTIFICATES, FIXED, RUNTIME, DeviceSpec
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.wire import FORMS


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "tests.simulator", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "run"
    yield folder
    run("--directory", str(folder), "--stop")


def test_help_and_lists() -> None:
    assert "--address-per-device" in run("--help").stdout
    profiles = run("--list-profiles").stdout
    assert "m3000-7.10" in profiles
    dialect = run("--list-dialect").stdout
    for key in ("config_root", "package_map", "scalar_get", "noop_put"):
        assert key in dialect
    incidents = run("--list-incidents").stdout
    for kind, entry in INCIDENTS.items():
        assert f"{kind:<21} {entry.meaning}\n" in incidents


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "no device"),
        (("--device", "ts1"), "NAME=PROFILE"),
        (("--device", "ts1=m1-1.00"), "unknown profile"),
        (("--device", "ts1=m600-7.10,set_body=x"), "set_body"),
        (("--device", "ts1=m600-7.10,autosave"), "key=value"),
        (("--recording", "absent.json"), "absent.json"),
        (("--daemon", "--count", "1"), "--directory"),
        (("--incident", "ts1=holdover"), "no device"),
        (("--directory", "absent", "--incident", "ts1=holdover"), "no simulator runs"),
        (("--device", "ts1=m600-7.10", "--incident", "ts1"), "NAME=KIND"),
        (("--device", "ts1=m600-7.10", "--incident", "ts1=x,y"), "key=value"),
        (("--device", "ts1=m600-7.10", "--incident", "ts2=holdover"), "no device 'ts2'"),
        (("--device", "ts1=m600-7.10", "--incident", "ts1=flood"), "unknown incident"),
        (("--device", "ts1=m600-7.10", "--incident", "ts1=fan-failure"), "no fan"),
    ],
)
def test_errors(arguments: tuple[str, ...], word: str) -> None:
    finished = run(*arguments)
    assert finished.returncode == 2
    assert word in finished.stderr
    assert "Traceback" not in finished.stderr


def test_start_and_stop_detached(directory: Path, tmp_path: Path) -> None:
    started = run(
        "--daemon",
        "--directory",
        str(directory),
        "--device",
        "ts1=m600-7.10,autosave=off,hostname=alpha,serial=77,password_admin=p w",
        "--device",
        "ts2=m300-7.06,tls=off",
        "--count",
        "2",
        "--profile",
        "m400-7.08,latency_ms=1",
        "--inventory",
        str(tmp_path / "inventory.yml"),
        "--ready-file",
        str(tmp_path / "other.json"),
        cwd=tmp_path,
    )
    assert started.returncode == 0, started.stderr
    for word in ("ts1", "M600", "fw_7.10.012", "control API", "assumed in m400-7.08"):
        assert word in started.stdout
    ready = json.loads((directory / "ready.json").read_text(encoding="utf-8"))
    assert json.loads((tmp_path / "other.json").read_text(encoding="utf-8")) == ready
    assert set(ready["devices"]) == {"ts1", "ts2", "ts001", "ts002"}
    alpha = ready["devices"]["ts1"]
    assert (alpha["hostname"], alpha["serial"], alpha["model"]) == ("alpha", "77", "M600")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = ready["ca"]
        for device in ready["devices"].values():
            session.auth = ("admin", device["users"]["admin"])
            answer = session.get(f"{device['url']}/api/status/rest-api", timeout=10)
            assert answer.status_code == 200
            assert device["url"].startswith("https" if device["tls"] else "http:")
        ledger = session.get(f"{ready['control']}/devices/ts1/ledger", timeout=10).json()
        assert [entry["n"] for entry in ledger["entries"]] == [1]
        assert ledger["handshakes"] == 1

    inventory = yaml.safe_load((tmp_path / "inventory.yml").read_text(encoding="utf-8"))
    hosts = inventory["all"]["children"]["lantime"]["hosts"]
    assert hosts["ts1"] == {
        "lantime_host": alpha["host"],
        "lantime_port": alpha["port"],
        "lantime_ca_path": ready["ca"],
        "lantime_username": "admin",
        "lantime_password": "p w",
    }

    again = run("--daemon", "--directory", str(directory), "--count", "1")
    assert again.returncode == 2
    assert "already running" in again.stderr

    stopped = run("--directory", str(directory), "--stop")
    assert (stopped.returncode, stopped.stdout) == (0, "stopped\n")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((alpha["host"], alpha["port"]), 1)
    assert not (directory / "ready.json").exists()
    assert not (directory / "simulator.pid").exists()
    once_more = run("--directory", str(directory), "--stop")
    assert (once_more.returncode, once_more.stdout) == (0, "not running\n")


def test_incidents_of_a_running_simulator(directory: Path) -> None:
    where = ("--directory", str(directory))
    started = run(
        *where,
        "--daemon",
        "--quiet",
        "--device",
        "ts1=m3000-7.10",
        "--device",
        "ts2=m300-7.06",
        "--incident",
        "ts1=psu-loss,slot=pwr3,pwr4",
    )
    assert started.returncode == 0, started.stderr
    control = json.loads((directory / "ready.json").read_text(encoding="utf-8"))["control"]

    def kinds(device: str) -> list[str]:
        with requests.Session() as session:
            session.trust_env = False
            shown = session.get(f"{control}/devices/{device}/incidents", timeout=10).json()
        return [item["kind"] for item in shown]

    assert kinds("ts1") == ["psu-loss"]
    raised = run(*where, "--incident", "ts1=holdover,slot=clk1", "--incident", "ts2=ntp-stopped")
    assert raised.stdout == "ts1: holdover raised\nts2: ntp-stopped raised\n"
    assert (kinds("ts1"), kinds("ts2")) == (["psu-loss", "holdover"], ["ntp-stopped"])
    refused = run(*where, "--incident", "ts2=psu-loss")
    assert (refused.returncode, "no power" in refused.stderr) == (2, True)
    cleared = run(*where, "--clear", "ts1=psu-loss", "--clear", "ts2")
    assert cleared.stdout == "ts1: 1 cleared\nts2: 1 cleared\n"
    assert (kinds("ts1"), kinds("ts2")) == (["holdover"], [])
    nothing = run(*where, "--clear", "ts2=holdover")
    assert (nothing.returncode, "Traceback" in nothing.stderr) == (2, False)
    assert run(*where, "--stop").stdout == "stopped\n"


def test_the_inventory_pins_a_certificate_that_is_self_signed() -> None:
    kinds = {"pinned": "self-signed", "signed": "ca", "refused": "expired"}
    with Fleet([DeviceSpec(name, "m600-7.10", cert=kind) for name, kind in kinds.items()]) as fleet:
        hosts = yaml.safe_load(output.inventory(fleet))["all"]["children"]["lantime"]["hosts"]
        fingerprint = fleet["pinned"].fingerprint
    assert hosts["pinned"]["lantime_tls_fingerprint"] == fingerprint
    assert "lantime_ca_path" not in hosts["pinned"]
    assert all("lantime_ca_path" in hosts[name] for name in ("signed", "refused"))
    assert all("lantime_tls_fingerprint" not in hosts[name] for name in ("signed", "refused"))


def test_a_detached_start_that_fails(directory: Path) -> None:
    failed = run("--daemon", "--directory", str(directory), "--device", "ts1=m1-1.00", "--quiet")
    assert failed.returncode != 0
    assert "unknown profile" in failed.stderr
    assert not (directory / "simulator.pid").exists()


def test_a_stale_pid_file_is_no_running_simulator(directory: Path) -> None:
    directory.mkdir()
    program = [sys.executable, "-c", "input()", "tests/simulator", "tests.simulator"]
    with subprocess.Popen(program, stdin=subprocess.PIPE) as bystander:
        (directory / "simulator.pid").write_text(f"{bystander.pid}\n", encoding="utf-8")
        stopped = run("--directory", str(directory), "--stop")
        assert (stopped.returncode, stopped.stdout) == (0, "not running\n")
        bystander.communicate(b"\n", timeout=60)
    assert bystander.returncode == 0


def test_shutdown_through_the_control_api(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", "--count", "1", "--ready-file", str(ready_file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("ts001 ")
        ready = json.loads(ready_file.read_text(encoding="utf-8"))
        with requests.Session() as session:
            session.trust_env = False
            assert session.post(f"{ready['control']}/shutdown", timeout=10).status_code == 200
        assert process.wait(20) == 0
    assert not ready_file.exists()


def test_the_documentation_names_every_key_value_option_and_fault() -> None:
    text = (ROOT / "docs" / "docsite" / "rst" / "simulator.rst").read_text(encoding="utf-8")
    rows = text.split("   * - ")
    for question in QUESTIONS:
        for word in (question.key, *question.values):
            assert f"``{word}``" in text, word
    for name in (*FIXED, *KINDS, *FORMS, *CERTIFICATES, *PROFILE_NAMES, *INCIDENTS):
        assert f"``{name}``" in text, name
    for kind, entry in INCIDENTS.items():
        row = next(row for row in rows if row.startswith(f"``{kind}``\n"))
        assert entry.meaning.replace("`", "``") in row
        assert all(f"``{member}``" in row for member in entry.members), kind
    usage = run("--help").stdout
    for name in (*FIXED, *RUNTIME):
        assert f"  {name} " in usage, name
