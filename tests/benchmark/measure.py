# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a command: wall time, CPU time and memory of all its processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
import typing as t
from pathlib import Path

_SAMPLE_SECONDS = 0.2


class Cost(t.NamedTuple):
    """Seconds of wall time, seconds of CPU time (user and system, with children), and the highest sample of memory in bytes.

    Memory is that of all processes together; pages that they share count once.
    """

    wall: float
    cpu: float
    memory: int


def run(command: t.Sequence[str], env: t.Mapping[str, str], log: Path, codes: t.Collection[int] = (0,)) -> Cost:
    """Run a command and return its cost; raises RuntimeError with the end of its output for another exit code than these."""
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        peak = [0]
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
        watcher.start()
        dummy, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
    if process.returncode not in codes:
        raise RuntimeError(f"{command[0]} failed: {log.read_text('utf-8', 'replace')[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak[0])


def _watch(session: int, peak: list[int], done: threading.Event) -> None:
    while True:
        peak[0] = max(peak[0], sum(_proportional_bytes(pid) for pid in _members(session)))
        if done.wait(_SAMPLE_SECONDS):
            return


def _members(session: int) -> list[str]:
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (place / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session:
                    found.append(place.name)
    return found


def _proportional_bytes(pid: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
