# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check "make eda": the collection's rulebook in a real ansible-rulebook, against simulated devices.

Usage: python -m tests.eda PROGRAMS COLLECTIONS
PROGRAMS is the directory of ansible-rulebook and ansible-galaxy, COLLECTIONS a path under which the collection is installed.
The exit code is 0 if each rule fired once for each event, before and after a restart.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

RULEBOOK = "meinberg.lantime.lantime"
LINE_TIMEOUT_SECONDS = 120.0
FAULTY, INITIAL = "antenna-faulty", "self-signed-https-certificate-in-use"


class RulebookProcess:
    """A running ansible-rulebook, whose output is printed and can be waited for."""

    def __init__(self, programs: Path, collections: Path, directory: Path) -> None:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "LANTIME_", "PYTHON"))}
        self._process = subprocess.Popen(
            [
                str(programs / "ansible-rulebook"),
                "--rulebook",
                RULEBOOK,
                "--inventory",
                str(directory / "inventory.yml"),
                "--vars",
                str(directory / "vars.yml"),
            ],
            cwd=directory,
            env={
                **env,
                "PATH": f"{programs}{os.pathsep}{env.get('PATH', os.defpath)}",
                "HOME": str(directory),
                "ANSIBLE_HOME": str(directory / ".ansible"),
                "ANSIBLE_COLLECTIONS_PATH": str(collections),
                "LC_ALL": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            print("  " + line, end="", flush=True)
            self._queue.put(line)
        self._queue.put(None)

    def wait_for_line(self, text: str) -> None:
        """Wait for a line that contains a text; raises SystemExit after the timeout."""
        deadline = time.monotonic() + LINE_TIMEOUT_SECONDS
        while not any(text in line for line in self.lines):
            try:
                line = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise SystemExit(f"eda: no line with {text!r} in {LINE_TIMEOUT_SECONDS:g} s") from None
            if line is None:
                raise SystemExit(f"eda: ansible-rulebook ended before it printed {text!r}")
            self.lines.append(line)

    def count(self, text: str) -> int:
        return sum(text in line for line in self.lines)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def write_files(fleet: Fleet, directory: Path) -> None:
    """Write inventory.yml and vars.yml."""
    device = next(iter(fleet))
    hosts = [{"name": d.name, "host": d.host, "port": d.port, "use_proxy": False} for d in fleet]
    values = {
        "lantime_hosts": hosts,
        "lantime_username": "info",
        "lantime_password": device.users["info"],
        "lantime_ca_path": device.ca,
        "lantime_state_path": str(directory / "state.json"),
        "lantime_interval": 0.2,
    }
    (directory / "vars.yml").write_text(json.dumps(values), "utf-8")
    inventory = {"all": {"hosts": {d.name: {"ansible_connection": "local"} for d in fleet}}}
    (directory / "inventory.yml").write_text(json.dumps(inventory), "utf-8")


def set_alarm(fleet: Fleet, name: str, triggered: int) -> None:
    """Raise or clear the alarm of the antenna on a device."""
    device = fleet.devices[name]

    def change() -> None:
        moment = device.events[FAULTY][1] if FAULTY in device.events else device.now()
        device.events[FAULTY] = (triggered, moment)

    fleet.call(change)


def check(programs: Path, collections: Path, fleet: Fleet, directory: Path) -> None:
    write_files(fleet, directory)
    print("After the first start: active events, then new ones", flush=True)
    first = RulebookProcess(programs, collections, directory)
    try:
        for device in fleet:
            first.wait_for_line(f"{device.name}: {INITIAL} raised")
        set_alarm(fleet, "ts710", 1)
        first.wait_for_line(f"ts710: {FAULTY} raised at")
    finally:
        first.stop()
    set_alarm(fleet, "ts710", 0)
    print("After a restart: events since the stop, then new ones", flush=True)
    second = RulebookProcess(programs, collections, directory)
    try:
        second.wait_for_line(f"ts710: {FAULTY} cleared")
        fleet["ts706"].set_dialect(api_off="refused", rest_api=False)
        second.wait_for_line("ts706: ")
    finally:
        second.stop()
    counts: list[tuple[str, int, int]] = [
        ("events raised on ts710", first.count(f"ts710: {FAULTY} raised at"), 1),
        ("events active at the first poll", first.count(f"{INITIAL} raised at"), len(fleet)),
        ("events raised again after the restart", second.count(" raised at"), 0),
        ("events cleared on ts710", second.count(f"ts710: {FAULTY} cleared"), 1),
        ("writes to devices", sum(device.ledger.writes for device in fleet), 0),
    ]
    for name, actual, expected in counts:
        print(f"{name}: {actual}", flush=True)
        if actual != expected:
            raise SystemExit(f"eda: {name}: {actual} instead of {expected}")


def main(arguments: t.Sequence[str]) -> int:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        print("eda: skipped, as ansible-rulebook needs Java, which is not installed")
        return 0
    specs = [DeviceSpec("ts706", "m300-7.06"), DeviceSpec("ts710", "m600-7.10")]
    with Fleet(specs) as fleet, tempfile.TemporaryDirectory(prefix="lantime-eda-") as directory:
        programs, collections = (Path(argument).resolve() for argument in arguments)
        check(programs, collections, fleet, Path(directory))
    print("eda: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
