# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader of the documentation: a directory with the files that it tells to write, and programs that run as they are pasted.

Names of devices lead to simulated ones through a proxy, so that no text has to be changed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config, lantime_record
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.examples import standins
from ansible_collections.meinberg.lantime.tests.integration.controller import Result, recorded_environment
from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, DOCS, PROGRAMS
from ansible_collections.meinberg.lantime.tests.simulator.proxy import Proxy

Tree = dict[str, t.Any]

DOMAIN = "example.com"
GOLDEN: Tree = {"ntp": {"local-clock": {"stratum": 12}}, "snmp": {"contact": "time@example.com"}}
# Variables that the examples take for given.
VARIABLES: Tree = {
    "lantime_golden_config": GOLDEN,
    "vault_operator_password": "Operator-1",
    "vault_anonymize_key": "a key of the reader",
    "metrics_dir": "metrics",
    "ansible_python_interpreter": sys.executable,
}
# Users that the documentation tells to create on the devices, with the passwords of its examples.
USERS = {"ansible": "the password of the user", "reader": "...", "monitor": "the password of the monitor"}
VAULT_PASSWORD = "vault-password"
# Directories of the reader's machine in examples; they are below the directory of the reader instead.
ABSOLUTE = re.compile(r"(?<![\w./}])(/(?:srv|var/lib|etc/ssl|run/secrets)/)")


class Site:
    """Simulated devices that are reached by their names through a proxy, while the context is open."""

    def __init__(self, profiles: t.Mapping[str, str]) -> None:
        self.fleet: SharedFleet = frozen_fleet(dict(profiles))

    def __enter__(self) -> Site:
        self.fleet.__enter__()
        self.names: dict[str, tuple[str, int]] = {}
        for device in self.fleet:
            # An effect that a frozen clock delays does not come.
            device.set_dialect(command_seconds=0, autosave_delay=0)
            self._create_users(device)
            self.names[f"{device.name}:443"] = self.names[f"{device.name}:8443"] = (device.host, device.port)
        self.fleet.keep()
        self.proxy = Proxy(names=self.names).__enter__()
        return self

    def _create_users(self, device: t.Any) -> None:
        users = {name: {"level": "info", "password": password} for name, password in USERS.items()}
        options: Tree = {"config": {"security": {"users": users}}, "missing": "create", "update_secrets": "always"}
        journal = str(Path(device.ca).parent / "journals")
        done = run_in_process(device, lantime_config, user="root", journal_path=journal, **options)
        assert done.code is None, done.result

    def __exit__(self, *_exc: object) -> None:
        self.proxy.__exit__()
        self.fleet.__exit__(None, None, None)


class Done(t.NamedTuple):
    """A finished program, with the results of tasks if it was ansible-playbook."""

    code: int
    output: str
    results: list[Result]


class Reader:
    """A directory of a reader whose inventory has the devices of a site.

    login: the inventory has the credentials of an administrator, which otherwise come from the examples.
    """

    def __init__(self, directory: Path, site: Site, *, login: bool = True) -> None:
        self.directory = directory
        self.site = site
        self.login = login
        self.hosts = {device.name.removesuffix(f".{DOMAIN}"): device for device in site.fleet}
        self._programs = directory / ".programs"
        self._write_programs()
        self._write_files()

    def write(self, path: str, content: t.Any) -> Path:
        """Write a text, or data as YAML."""
        place = self.directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
        return place

    def place(self, text: str) -> str:
        """The text with the directories of the machine below the directory of the reader."""
        return ABSOLUTE.sub(lambda match: f"{self.directory}/machine{match[1]}", text)

    def connect_directly(self) -> None:
        """Map the names to addresses in the inventory, instead of by the proxy."""
        for name, device in self.hosts.items():
            address = {"lantime_host": device.host, "lantime_port": device.port, "lantime_use_proxy": False}
            self.write(f"host_vars/{name}/direct.yml", address)

    def pin(self) -> None:
        """Pin the certificate of each device."""
        for name, device in self.hosts.items():
            self.write(f"host_vars/{name}/pin.yml", {"lantime_tls_fingerprint": device.fingerprint})

    def prepare_runner(self) -> None:
        """Write a directory of ansible-runner with an inventory of some more than 100 hosts."""
        devices = list(self.hosts.values())
        hosts = {}
        for number in range(102):
            device = devices[number % len(devices)]
            hosts[f"ts{number:03d}"] = {"lantime_host": device.name, "lantime_ca_path": device.ca}
        inventory = {"lantime": {"hosts": hosts, "vars": VARIABLES}}
        self.write("private/inventory/hosts.yml", inventory)
        self.write("private/env/envvars", {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)})

    def record(self) -> None:
        """Write a recording of each device under its name in the inventory and under its host name."""
        for name, device in self.hosts.items():
            for stem in sorted({name, device.name}):
                path = self.directory / "recordings" / f"{stem}.json"
                done = run_in_process(device, lantime_record, dest=str(path))
                assert done.code is None, done.result

    def run(self, command: str, stdin: str = "", **environ: str) -> Done:
        """Run a command line in bash."""
        results = self.directory / "results.jsonl"
        results.unlink(missing_ok=True)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", self.place(command)],
            cwd=self.directory,
            env={**self._environment(), **environ},
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
            text=True,
            start_new_session=True,
        )
        lines = results.read_text("utf-8").splitlines() if results.exists() else []
        return Done(done.returncode, done.stdout, [Result(**json.loads(line)) for line in lines])

    def run_until(self, command: str, path: str) -> Done:
        """Run a command until it has written a file, then end it with Ctrl-C."""
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", f"exec {command}"],
            cwd=self.directory,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        output = process.stdout.readline()
        assert (self.directory / path).exists(), output
        process.send_signal(signal.SIGINT)
        rest, dummy = process.communicate(timeout=60)
        return Done(process.returncode, output + rest, [])

    def report(self, name: str, directory: str = "lantime-report") -> Tree:
        """A JSON report."""
        content: Tree = json.loads((self.directory / directory / f"{name}.json").read_text("utf-8"))
        return content

    def _write_programs(self) -> None:
        self._programs.mkdir()
        for name in standins.PROGRAMS:
            path = self._programs / name
            path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{standins.__file__}" {name} "$@"\n', encoding="utf-8")
            path.chmod(stat.S_IRWXU)

    def _write_files(self) -> None:
        lantime = {name: {"lantime_host": device.name} for name, device in self.hosts.items()}
        names = list(self.hosts)
        modular = [name for name, device in self.hosts.items() if "m3000" in device.profile]
        groups = {"berlin": names[:2], "munich": names[2:4], "core": modular}
        children: Tree = {name: {"hosts": dict.fromkeys(members)} for name, members in groups.items()}
        children |= {"lantime": {"hosts": lantime}, "timeservers": {"children": {"lantime": None}}}
        for name in ("inventory.yml", "hosts.yml"):
            self.write(name, {"all": {"children": children}})
        for number, (name, device) in enumerate(self.hosts.items()):
            trust = {"lantime_ca_path": "ca.pem"} if number % 2 else {"lantime_tls_fingerprint": device.fingerprint}
            login = {"lantime_username": "admin", "lantime_password": device.users["admin"]} if self.login else {}
            self.write(f"host_vars/{name}/reader.yml", {**login, **trust})
        self.write("group_vars/all/reader.yml", VARIABLES)
        self.write("golden.yml", {"lantime_golden_config": GOLDEN})
        self.write("ca.pem", Path(next(iter(self.hosts.values())).ca).read_text("utf-8"))
        self.write(".names.json", json.dumps(self.site.names))
        self.write("execution-environment.yml", (DOCS / "execution-environment.yml").read_text("utf-8"))
        self.write("meinberg-lantime-2.0.0.tar.gz", "")

    def _environment(self) -> dict[str, str]:
        recorded = recorded_environment(self.directory, self.directory / "results.jsonl")
        known = {k: v for k, v in recorded.items() if not k.lower().endswith("_proxy")}
        device = next(iter(self.hosts.values()))
        login = {"LANTIME_USERNAME": "admin", "LANTIME_PASSWORD": device.users["admin"]} if self.login else {}
        return {
            **known,
            **login,
            "PATH": f"{self._programs}{os.pathsep}{PROGRAMS}{os.pathsep}{known['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_DEPRECATION_WARNINGS": "1",
            "ANSIBLE_INJECT_FACT_VARS": "0",
            "https_proxy": self.site.proxy.url,
            "NAMES": str(self.directory / ".names.json"),
        }
