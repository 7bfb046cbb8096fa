# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated fleet in a process of its own, so that its CPU time is not counted as a client's."""

from __future__ import annotations

import json
import subprocess
import sys
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from ansible_collections.meinberg.lantime.tests.paths import ROOT

PROFILE = "m600-7.10"
LEAVES = ("nameserver1", "trust-time", "local-clock", "contact", "location", "retries", "repeat")


class Counts(t.NamedTuple):
    """Numbers that the devices counted."""

    requests: int
    handshakes: int
    writes: int
    most_at_once: int


class BenchFleet:
    """A detached simulator with a number of equal devices, as a context manager."""

    def __init__(self, place: Path, devices: int, latency_ms: int) -> None:
        self.place = place
        self.devices = devices
        self.latency_ms = latency_ms
        self.inventory = place / "inventory.yml"
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> BenchFleet:
        self._simulator(
            "--count",
            str(self.devices),
            "--profile",
            f"{PROFILE},autosave=off,latency_ms={self.latency_ms}",
            "--inventory",
            str(self.inventory),
            "--daemon",
            "--quiet",
        )
        ready = json.loads((self.place / "ready.json").read_text("utf-8"))
        self._control: str = ready["control"]
        self.hosts: dict[str, dict[str, t.Any]] = ready["devices"]
        return self

    def __exit__(self, *_exc: object) -> None:
        self._session.close()
        self._simulator("--stop")

    def _simulator(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "tests.simulator", "--directory", str(self.place), *arguments],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _ask(self, method: str, path: str, body: t.Any = None) -> t.Any:
        answer = self._session.request(method, self._control + path, json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def _everywhere(self, method: str, path: str) -> list[t.Any]:
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda name: self._ask(method, f"/devices/{name}/{path}"), self.hosts))

    def restore(self) -> None:
        """Reset all devices to their first state, with empty ledgers."""
        self._everywhere("POST", "restore")

    def clear(self) -> None:
        self._everywhere("DELETE", "ledger")

    def deviate(self, share: float) -> list[str]:
        """Change one setting on a share of the devices, past the API; returns their names."""
        names = self.share(share)
        for name in names:
            self._ask("PUT", f"/devices/{name}/config/snmp/location", "changed by hand")
        return names

    def share(self, share: float) -> list[str]:
        """The names of a share of the devices, spread over the fleet."""
        return list(self.hosts)[:: max(1, round(1 / share))]

    def golden(self) -> dict[str, t.Any]:
        """A desired tree of four sections that every device has."""
        config = self._ask("GET", f"/devices/{next(iter(self.hosts))}/config")
        return {
            section: {k: v for k, v in config[section].items() if k in LEAVES}
            for section in ("network", "ntp", "snmp", "notification")
        }

    def counts(self) -> Counts:
        ledgers = self._everywhere("GET", "ledger")
        return Counts(
            sum(len(one["entries"]) for one in ledgers),
            sum(one["handshakes"] for one in ledgers),
            sum(one["writes"] for one in ledgers),
            max(one["max_in_flight"] for one in ledgers),
        )
