# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""C(make eda): the collection's rulebook in a real ansible-rulebook, against simulated devices.

Usage: python -m tests.eda PROGRAMS COLLECTIONS
PROGRAMS is the directory of ansible-rulebook and ansible-galaxy, COLLECTIONS a path under which the collection is installed.
Exit code 0 if the rules fired as they should, before and after a restart, and nothing fired twice.
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

from ..simulator import DeviceSpec, Fleet

RULEBOOK = "meinberg.lantime.lantime"
SECONDS = 120.0
FAULTY, INITIAL = "antenna-faulty", "self-signed-https-certificate-in-use"


class Run:
    """One ansible-rulebook; its output is shown and can be waited for."""

    def __init__(self, programs: Path, collections: Path, place: Path) -> None:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "LANTIME_", "PYTHON"))}
        self._process = subprocess.Popen(
            [
                str(programs / "ansible-rulebook"),
                "--rulebook",
                RULEBOOK,
                "--inventory",
                str(place / "inventory.yml"),
                "--vars",
                str(place / "vars.yml"),
            ],
            cwd=place,
            env={
                **env,
                "PATH": f"{programs}{os.pathsep}{env.get('PATH', os.defpath)}",
                "HOME": str(place),
                "ANSIBLE_HOME": str(place / ".ansible"),
                "ANSIBLE_COLLECTIONS_PATH": str(collections),
                "LC_ALL": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.seen: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            print("  " + line, end="", flush=True)
            self._lines.put(line)
        self._lines.put(None)

    def until(self, words: str) -> None:
        """Wait for a line with these words; SystemExit if it does not come."""
        deadline = time.monotonic() + SECONDS
        while not any(words in line for line in self.seen):
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise SystemExit(f"eda: {words!r} was not seen in {SECONDS:g} s") from None
            if line is None:
                raise SystemExit(f"eda: ansible-rulebook ended before {words!r} was seen")
            self.seen.append(line)

    def count(self, words: str) -> int:
        return sum(words in line for line in self.seen)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def write(fleet: Fleet, place: Path) -> None:
    one = next(iter(fleet))
    hosts = [{"name": d.name, "host": d.host, "port": d.port, "use_proxy": False} for d in fleet]
    values = {
        "lantime_hosts": hosts,
        "lantime_username": "info",
        "lantime_password": one.users["info"],
        "lantime_ca_path": one.ca,
        "lantime_state_path": str(place / "state.json"),
        "lantime_interval": 0.2,
    }
    (place / "vars.yml").write_text(json.dumps(values), "utf-8")
    inventory = {"all": {"hosts": {d.name: {"ansible_connection": "local"} for d in fleet}}}
    (place / "inventory.yml").write_text(json.dumps(inventory), "utf-8")


def show(fleet: Fleet, name: str, triggered: int) -> None:
    """Raise or clear the alarm on a device."""
    device = fleet.devices[name]

    def change() -> None:
        moment = device.events[FAULTY][1] if FAULTY in device.events else device.now()
        device.events[FAULTY] = (triggered, moment)

    fleet.call(change)


def check(programs: Path, collections: Path, fleet: Fleet, place: Path) -> None:
    write(fleet, place)
    print("A start tells what is wrong, then what is new:", flush=True)
    first = Run(programs, collections, place)
    try:
        for device in fleet:
            first.until(f"{device.name}: {INITIAL} raised")
        show(fleet, "ts710", 1)
        first.until(f"ts710: {FAULTY} raised at")
    finally:
        first.stop()
    show(fleet, "ts710", 0)
    print("A restart tells only what happened meanwhile, then what is new:", flush=True)
    second = Run(programs, collections, place)
    try:
        second.until(f"ts710: {FAULTY} cleared")
        fleet["ts706"].set_dialect(api_off="refused", rest_api=False)
        second.until("ts706: ")
    finally:
        second.stop()
    seen: list[tuple[str, int, int]] = [
        ("raised on ts710", first.count(f"ts710: {FAULTY} raised at"), 1),
        ("at the first sight", first.count(f"{INITIAL} raised at"), len(fleet)),
        ("raised once more after the restart", second.count(" raised at"), 0),
        ("cleared on ts710", second.count(f"ts710: {FAULTY} cleared"), 1),
        ("writes", sum(device.ledger.writes for device in fleet), 0),
    ]
    for what, found, wanted in seen:
        print(f"{what}: {found}", flush=True)
        if found != wanted:
            raise SystemExit(f"eda: {what}: {found} instead of {wanted}")


def main(arguments: t.Sequence[str]) -> int:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        print("eda: there is no Java on this machine, so ansible-rulebook cannot run: not checked")
        return 0
    specs = [DeviceSpec("ts706", "m300-7.06"), DeviceSpec("ts710", "m600-7.10")]
    with Fleet(specs) as fleet, tempfile.TemporaryDirectory(prefix="lantime-eda-") as place:
        programs, collections = (Path(argument).resolve() for argument in arguments)
        check(programs, collections, fleet, Path(place))
    print("eda: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
