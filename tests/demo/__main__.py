# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""C(make demo): a simulated fleet is read, compared, configured, found unchanged, a planted drift is found, and an incident told.

C(DEMO_REPORTS) in the environment names the directory for the report, C(RECORDING) a recorded answer of GET /api/status to be
played as one of the devices. Exit code 0 if everything came as announced.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

import yaml

from ..simulator import DeviceSpec, Fleet

HERE = Path(__file__).resolve().parent
COLLECTIONS = HERE.parents[4]
DRIFT = ("ntp/local-clock/stratum", 3)

_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


def specs(recording: str | None) -> list[DeviceSpec]:
    devices = {
        "ts-north": "m300-7.06",
        "ts-south": "m400-7.08",
        "ts-east": "m600-7.10",
        "ts-west": "m600-7.10",
        "ts-core": "m3000-7.10",
    }
    if recording:
        devices["ts-east"] = f"recording:{recording}"
    return [DeviceSpec(name, profile, autosave=False) for name, profile in devices.items()]


def write_inventory(fleet: Fleet, place: Path, lost: str | None = None) -> None:
    """lost: a further host, at an address where nothing listens."""
    hosts = {device.name: {"lantime_host": device.host, "lantime_port": device.port} for device in fleet}
    if lost is not None:
        hosts[lost] = {"lantime_host": "127.0.0.1", "lantime_port": _closed_port()}
    one = next(iter(fleet))
    shared = {
        "ansible_connection": "local",
        "lantime_username": "admin",
        "lantime_password": one.users["admin"],
        "lantime_ca_path": one.ca,
        "lantime_use_proxy": False,
    }
    inventory = {"lantime": {"hosts": hosts, "vars": shared}}
    (place / "inventory.yml").write_text(yaml.safe_dump(inventory, sort_keys=False), "utf-8")


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def heading(text: str) -> None:
    print(f"\n\033[1m== {text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def play(place: Path, *arguments: str) -> dict[str, tuple[int, int]]:
    """Run ansible-playbook before the user's eyes; changed and failed (or unreachable) tasks by host."""
    print("$ ansible-playbook -i inventory.yml " + " ".join(arguments), flush=True)
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LANTIME_") and k != "PYTHONPATH"},
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(place / ".ansible"),
        "ANSIBLE_LOCAL_TEMP": str(place / "tmp"),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "LC_ALL": "C.UTF-8",
        **({"ANSIBLE_FORCE_COLOR": "1"} if sys.stdout.isatty() else {}),
    }
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        "-i",
        str(place / "inventory.yml"),
        *(str(HERE / a) if a.endswith(".yml") else a for a in arguments),
    ]
    seen: list[str] = []
    with subprocess.Popen(
        command,
        cwd=place,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            seen.append(line)
            print(line, end="", flush=True)
    plain = re.sub(r"\033\[[0-9;]*m", "", "".join(seen))
    return {m[1]: (int(m[2]), int(m[3]) + int(m[4])) for m in _RECAP.finditer(plain)}


def counts(fleet: Fleet) -> dict[str, int]:
    """Requests of all devices since the last call, by the devices' own ledgers."""
    total = {"reads": 0, "writes": 0, "TLS handshakes": 0}
    for device in fleet:
        ledger = device.ledger
        total["reads"] += ledger.gets
        total["writes"] += ledger.writes
        total["TLS handshakes"] += ledger.handshakes
        ledger.clear()
    return total


def said(seen: dict[str, int]) -> str:
    return "the devices counted " + ", ".join(f"{number} {name}" for name, number in seen.items())


class Checks:
    """What was announced and whether it came so."""

    def __init__(self) -> None:
        self.failed = 0

    def that(self, what: str, true: bool, detail: t.Any = "") -> None:
        self.failed += not true
        print(f"  {'ok  ' if true else 'FAIL'} {what}{'' if true else f': {detail}'}", flush=True)


def main() -> int:
    recording = os.environ.get("RECORDING")
    checks = Checks()
    with (
        tempfile.TemporaryDirectory(prefix="lantime-demo-") as scratch,
        Fleet(specs(recording)) as fleet,
    ):
        place = Path(scratch)
        write_inventory(fleet, place)
        names = [device.name for device in fleet]
        heading("Five simulated time servers on loopback, HTTPS with verified certificates")
        for device in fleet:
            played = f"  (plays {Path(recording).name})" if recording and device.name == "ts-east" else ""
            print(f"  {device.name:9} {device.model:6} {device.firmware:19} {device.url}{played}")

        heading("1. Read the fleet: one request a device")
        recap = play(place, "facts.yml")
        seen = counts(fleet)
        checks.that("every device answered", recap == dict.fromkeys(names, (0, 0)), recap)
        checks.that(
            f"one read a device, no write: {said(seen)}",
            (seen["reads"], seen["writes"]) == (5, 0),
            seen,
        )

        heading("2. What would the golden configuration change? Check mode, with the difference")
        recap = play(place, "configure.yml", "--check", "--diff")
        seen = counts(fleet)
        checks.that("every device differs", recap == dict.fromkeys(names, (1, 0)), recap)
        checks.that(f"nothing was written: {said(seen)}", seen["writes"] == 0, seen)

        heading("3. Apply it: write what differs, read back, save")
        recap = play(place, "configure.yml")
        seen = counts(fleet)
        checks.that("every device was changed", recap == dict.fromkeys(names, (1, 0)), recap)
        checks.that("each one is verified and saved", all(d.running() == d.startup() for d in fleet))
        print(f"       {said(seen)}")

        heading("4. Apply it again: nothing to do")
        recap = play(place, "configure.yml")
        seen = counts(fleet)
        checks.that("changed=0 everywhere", recap == dict.fromkeys(names, (0, 0)), recap)
        checks.that(
            f"zero writes, one handshake a device: {said(seen)}",
            (seen["writes"], seen["TLS handshakes"]) == (0, 5),
            seen,
        )

        heading("5. Somebody changes one setting of ts-west by hand. Who drifted?")
        path, value = DRIFT
        fleet["ts-west"].change(path, value)
        print(f"  (in its web interface, so to speak: {path} = {json.dumps(value)})")
        recap = play(place, "configure.yml", "--check", "--diff")
        seen = counts(fleet)
        drifted = [name for name, (changed, failed) in recap.items() if changed or failed]
        checks.that("ts-west, and only ts-west", drifted == ["ts-west"] and len(recap) == 5, recap)
        checks.that(f"nothing was written: {said(seen)}", seen["writes"] == 0, seen)

        heading("6. ts-core loses power from one of its feeds, ts-lost is not there: one page for the desk")
        fleet["ts-core"].raise_incident("psu-loss")
        fleet["ts-core"].advance(60)
        write_inventory(fleet, place, lost="ts-lost")
        reports = Path(os.environ.get("DEMO_REPORTS") or Path.cwd() / "lantime-report").resolve()
        play(place, "report.yml", "-e", json.dumps({"lantime_report_dir": str(reports)}))
        told = json.loads((reports / "report.json").read_text("utf-8"))["summary"]
        checks.that(
            "one differs, one is unreachable, one is not healthy, and none of them is called clean",
            [told[n] for n in ("hosts", "clean", "drift", "unreachable", "unhealthy")] == [6, 4, 1, 1, 1],
            told,
        )
    print(
        f"\nEverything came as announced. The report: {reports / 'report.html'}"
        if not checks.failed
        else f"\n{checks.failed} checks FAILED."
    )
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
