# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration "make demo": a simulated fleet is read, compared, configured, checked for drift, changed by
a reviewed plan, recorded, and reported.

DEMO_REPORTS in the environment names the directory of the report, RECORDING a recorded answer of GET /api/status that one of
the devices replays. The exit code is 0 if every step had the expected result.
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

from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, PROGRAMS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.personal import suspicions

PLAYBOOKS = Path(__file__).resolve().parent
DEVICES = {
    "ts-north": "m300-7.06",
    "ts-south": "m400-7.08",
    "ts-east": "m600-7.10",
    "ts-west": "m600-7.10",
    "ts-core": "m3000-7.10",
}
REPLAYING = "ts-east"
RECORDED = "ts-core"
PLANNED = "ts-west"
DRIFT_PATH, DRIFT_VALUE = "ntp/local-clock/stratum", 3

_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
_COLOR = re.compile(r"\033\[[0-9;]*m")


class Requests(t.NamedTuple):
    """Requests that all devices received during a step, as the devices counted them."""

    reads: int
    writes: int
    handshakes: int

    def __str__(self) -> str:
        return f"{self.reads} reads, {self.writes} writes, {self.handshakes} TLS handshakes"


Recap = dict[str, tuple[int, int]]


class Demo:
    """The steps of the demonstration on a running fleet, with the number of checks that failed."""

    def __init__(self, fleet: Fleet, directory: Path) -> None:
        self.fleet = fleet
        self.directory = directory
        self.reports = Path(os.environ.get("DEMO_REPORTS") or Path.cwd() / "lantime-report").resolve()
        self.failed = 0

    def run(self) -> None:
        write_inventory(self.fleet, self.directory)
        self.read_facts()
        self.preview()
        self.apply()
        self.apply_again()
        self.detect_drift()
        self.apply_reviewed_plan()
        self.take_to_the_desk()
        self.write_report()

    def read_facts(self) -> None:
        heading("1. Read the fleet with one request per device")
        recap, requests = self.play("facts.yml")
        self.check("all devices answered", recap == dict.fromkeys(DEVICES, (0, 0)), recap)
        self.check(f"one read per device, no writes ({requests})", requests[:2] == (len(DEVICES), 0), requests)

    def preview(self) -> None:
        heading("2. Preview the golden configuration: check mode with diff")
        recap, requests = self.play("configure.yml", "--check", "--diff")
        self.check("all devices would change", recap == dict.fromkeys(DEVICES, (1, 0)), recap)
        self.check(f"nothing was written ({requests})", requests.writes == 0, requests)

    def apply(self) -> None:
        heading("3. Apply the golden configuration: write the differences, verify, save")
        recap, requests = self.play("configure.yml")
        self.check("all devices changed", recap == dict.fromkeys(DEVICES, (1, 0)), recap)
        self.check("all changes are verified and saved", all(d.running() == d.startup() for d in self.fleet))
        self.check(f"the devices were written to ({requests})", requests.writes > 0, requests)

    def apply_again(self) -> None:
        heading("4. Apply it again: no changes")
        recap, requests = self.play("configure.yml")
        self.check("no device changed", recap == dict.fromkeys(DEVICES, (0, 0)), recap)
        self.check(f"no writes, one TLS handshake per device ({requests})", requests[1:] == (0, len(DEVICES)), requests)

    def detect_drift(self) -> None:
        heading("5. Detect drift after a manual change on ts-west")
        self.fleet["ts-west"].change(DRIFT_PATH, DRIFT_VALUE)
        print(f"  Manual change in the web interface of ts-west: {DRIFT_PATH} = {DRIFT_VALUE}")
        recap, requests = self.play("configure.yml", "--check", "--diff")
        drifted = [name for name, outcome in recap.items() if outcome != (0, 0)]
        self.check("drift on ts-west only", drifted == ["ts-west"] and len(recap) == len(DEVICES), recap)
        self.check(f"nothing was written ({requests})", requests.writes == 0, requests)

    def apply_reviewed_plan(self) -> None:
        heading("6. Review the plan for ts-west; somebody changes the device in between; plan, review and apply again")
        limit = ("--limit", PLANNED)
        report = ("-e", json.dumps({"lantime_report_dir": str(self.reports)}))
        recap, requests = self.play("plan.yml", *limit, *report)
        self.check(f"one change is planned, nothing was written ({requests})", requests.writes == 0, requests)
        self.show_page()
        self.fleet[PLANNED].change(DRIFT_PATH, DRIFT_VALUE + 1)
        print(f"  Manual change in the web interface of {PLANNED}: {DRIFT_PATH} = {DRIFT_VALUE + 1}")
        recap, requests = self.play("apply_plan.yml", *limit)
        self.check("refused: the device is not what was reviewed", recap == {PLANNED: (0, 1)}, recap)
        self.check(f"nothing was written ({requests})", requests.writes == 0, requests)
        self.play("plan.yml", *limit, *report)
        recap, requests = self.play("apply_plan.yml", *limit)
        self.check(f"the plan of now is applied ({requests})", recap == {PLANNED: (1, 0)}, recap)
        self.play("plan.yml", *limit, *report)
        self.check("the next plan is empty", "1 device needs no change" in self.page(), self.page())

    def page(self) -> str:
        return (self.reports / "plans.md").read_text("utf-8")

    def show_page(self) -> None:
        print("  The page for the review, plans.md:")
        for line in self.page().partition("\n<details>")[0].splitlines()[1:]:
            print(f"  | {line}" if line else "  |", flush=True)

    def take_to_the_desk(self) -> None:
        heading("7. Without the device: record ts-core, validate against the recording, apply to its replay")
        self.play("record.yml", "--limit", RECORDED)
        recording = self.directory / "recordings" / f"{RECORDED}.json"
        found = suspicions(json.loads(recording.read_text("utf-8")))
        self.check("nothing in the recording looks personal", not found, found)
        recap, requests = self.play("validate.yml", "--limit", RECORDED)
        self.check("the golden configuration fits, one with a typo does not", recap == {RECORDED: (0, 1)}, recap)
        self.check(f"no request was sent ({requests})", requests == (0, 0, 0), requests)
        place = self.directory / "replay"
        place.mkdir()
        with Fleet([DeviceSpec(RECORDED, f"recording:{recording}", autosave=False)]) as replay:
            desk = Demo(replay, place)
            write_inventory(replay, place)
            recap, requests = desk.play("configure.yml")
            self.check(f"the replay is written to ({requests})", recap == {RECORDED: (1, 0)}, recap)
            recap, requests = desk.play("configure.yml")
            self.check(f"the second run writes nothing ({requests})", requests.writes == 0, requests)

    def write_report(self) -> None:
        heading("8. Report the fleet: ts-west was changed again, ts-core lost a power feed, ts-lost is unreachable")
        self.fleet[PLANNED].change(DRIFT_PATH, DRIFT_VALUE)
        self.fleet["ts-core"].raise_incident("psu-loss")
        self.fleet["ts-core"].advance(60)
        write_inventory(self.fleet, self.directory, unreachable="ts-lost")
        self.play("report.yml", "-e", json.dumps({"lantime_report_dir": str(self.reports)}))
        summary = json.loads((self.reports / "report.json").read_text("utf-8"))["summary"]
        expected = {"hosts": 6, "clean": 4, "drift": 1, "unreachable": 1, "unhealthy": 1}
        actual = {name: summary[name] for name in expected}
        self.check("1 of 6 hosts has drift, 1 is unreachable, 1 is unhealthy", actual == expected, actual)

    def check(self, expectation: str, is_met: bool, actual: object = "") -> None:
        self.failed += not is_met
        print(f"  {'ok  ' if is_met else 'FAIL'} {expectation}{'' if is_met else f': {actual}'}", flush=True)

    def play(self, *arguments: str) -> tuple[Recap, Requests]:
        """Run ansible-playbook with its output on the terminal; changed and failed tasks by host, and the requests."""
        print("$ ansible-playbook -i inventory.yml " + " ".join(arguments), flush=True)
        command = [
            str(PROGRAMS / "ansible-playbook"),
            *("-i", str(self.directory / "inventory.yml")),
            *(str(PLAYBOOKS / a) if a.endswith(".yml") else a for a in arguments),
        ]
        lines: list[str] = []
        with subprocess.Popen(
            command,
            cwd=self.directory,
            env=environment(self.directory),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                print(line, end="", flush=True)
        output = _COLOR.sub("", "".join(lines))
        if "DEPRECATION WARNING" in output:
            self.check("nothing is deprecated", False, "see above")
        recap = {m[1]: (int(m[2]), int(m[3]) + int(m[4])) for m in _RECAP.finditer(output)}
        return recap, self.requests()

    def requests(self) -> Requests:
        """Requests since the last call."""
        ledgers = [device.ledger for device in self.fleet]
        for device in self.fleet:
            device.clear_ledger()
        return Requests(
            *(sum(getattr(ledger, name) for ledger in ledgers) for name in ("gets", "writes", "handshakes"))
        )


def environment(directory: Path) -> dict[str, str]:
    """The environment of ansible-playbook, which does not read the user's own settings."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("LANTIME_") and k != "PYTHONPATH"},
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(directory / ".ansible"),
        "ANSIBLE_LOCAL_TEMP": str(directory / "tmp"),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "LC_ALL": "C.UTF-8",
        **({"ANSIBLE_FORCE_COLOR": "1"} if sys.stdout.isatty() else {}),
    }


def device_specs(recording: str | None) -> list[DeviceSpec]:
    profiles = {**DEVICES, REPLAYING: f"recording:{recording}"} if recording else DEVICES
    return [DeviceSpec(name, profile, autosave=False) for name, profile in profiles.items()]


def write_inventory(fleet: Fleet, directory: Path, unreachable: str | None = None) -> None:
    """Write inventory.yml, with one more host that is unreachable if its name is given."""
    hosts = {device.name: {"lantime_host": device.host, "lantime_port": device.port} for device in fleet}
    if unreachable is not None:
        hosts[unreachable] = {"lantime_host": "127.0.0.1", "lantime_port": _closed_port()}
    device = next(iter(fleet))
    variables = {
        "ansible_connection": "local",
        "lantime_username": "admin",
        "lantime_password": device.users["admin"],
        "lantime_ca_path": device.ca,
        "lantime_use_proxy": False,
    }
    inventory = {"lantime": {"hosts": hosts, "vars": variables}}
    (directory / "inventory.yml").write_text(yaml.safe_dump(inventory, sort_keys=False), "utf-8")


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def heading(text: str) -> None:
    print(f"\n\033[1m== {text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def introduce(fleet: Fleet, recording: str | None) -> None:
    heading("Five simulated time servers on loopback, HTTPS with verified certificates")
    for device in fleet:
        replay = f"  (replays {Path(recording).name})" if recording and device.name == REPLAYING else ""
        print(f"  {device.name:9} {device.model:6} {device.firmware:19} {device.url}{replay}")


def main() -> int:
    recording = os.environ.get("RECORDING")
    with (
        tempfile.TemporaryDirectory(prefix="lantime-demo-") as directory,
        Fleet(device_specs(recording)) as fleet,
    ):
        introduce(fleet, recording)
        demo = Demo(fleet, Path(directory))
        demo.run()
    if demo.failed:
        print(f"\n{demo.failed} checks FAILED.")
        return 1
    print(f"\nAll checks passed. Report: {demo.reports / 'report.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
