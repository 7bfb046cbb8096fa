# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running detached: a child of its own session that reports once, and is found by its pid file."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from ..paths import ROOT

PID_FILE = "simulator.pid"
LOG_FILE = "simulator.log"
_START_SECONDS = 120.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.02


class Reporter:
    """The one report of the child to the process that started it, over a pipe."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @property
    def detached(self) -> bool:
        return self._descriptor >= 0

    def succeeded(self, text: str) -> None:
        self._report({"ok": True, "text": text})

    def failed(self, text: str) -> None:
        self._report({"ok": False, "text": text})

    def _report(self, message: dict[str, object]) -> None:
        if self._descriptor < 0:
            return
        with os.fdopen(self._descriptor, "w", encoding="utf-8") as pipe:
            json.dump(message, pipe)
        self._descriptor = -1


def start_detached(argv: list[str], directory: Path, out: TextIO, err: TextIO) -> int:
    """Starts the same command line detached and waits for its report; the exit code."""
    directory.mkdir(parents=True, exist_ok=True)
    running = read_pid(directory)
    if running is not None:
        print(f"already running in {directory} with pid {running}", file=err)
        return 2
    read_end, write_end = os.pipe()
    command = [sys.executable, "-m", "tests.simulator"]
    command += [argument for argument in argv if argument != "--daemon"]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    with open(directory / LOG_FILE, "w", encoding="utf-8") as log:
        child = subprocess.Popen(
            [*command, "--report-fd", str(write_end)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=(write_end,),
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    os.close(write_end)
    report = _read_report(read_end)
    if report is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        child.wait()
        print(f"the simulator did not start; see {directory / LOG_FILE}", file=err)
        return 1
    if not report["ok"]:
        child.wait()
        print(report["text"], file=err)
        return 1
    if report["text"]:
        print(report["text"], file=out)
    return 0


def _read_report(descriptor: int) -> dict[str, object] | None:
    """What the child reports; None when it ends, or takes too long, without a report."""
    parts: list[bytes] = []
    deadline = time.monotonic() + _START_SECONDS
    with os.fdopen(descriptor, "rb", buffering=0) as pipe:
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                return None
            part = pipe.read(65536)
            if not part:
                break
            parts.append(part)
    try:
        report = json.loads(b"".join(parts))
    except ValueError:
        return None
    return report if isinstance(report, dict) else None


def stop_detached(directory: Path) -> bool:
    """Stops the simulator of a directory; False when none runs. TimeoutError if it will not."""
    pid = read_pid(directory)
    if pid is None:
        (directory / PID_FILE).unlink(missing_ok=True)
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    pause = threading.Event()
    while read_pid(directory) is not None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the simulator with pid {pid} did not stop")
        pause.wait(_POLL_SECONDS)
    (directory / PID_FILE).unlink(missing_ok=True)
    return True


def read_pid(directory: Path) -> int | None:
    """The pid of the running simulator of a directory; None when there is none.

    A pid file may outlive its process and the number be given to another one, so the process must
    be a simulator where the system lets one see its command line.
    """
    try:
        pid = int((directory / PID_FILE).read_text(encoding="utf-8"))
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    command_line = Path(f"/proc/{pid}/cmdline")
    try:
        words = command_line.read_bytes()
    except OSError:
        return None if Path("/proc/self").exists() else pid
    return pid if _is_simulator(words.split(b"\0")) else None


def _is_simulator(words: list[bytes]) -> bool:
    """Whether a command line runs the package, as a module or as a file; other words of it may name the package too."""
    names = [word for option, word in zip(words, words[1:]) if option == b"-m"]
    return any(name.endswith(b"tests.simulator") for name in names) or any(
        word.endswith((b"tests/simulator", b"tests/simulator/__main__.py")) for word in words[1:2]
    )


def write_file(path: Path, text: str) -> None:
    """Writes a file whole: readers see all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
