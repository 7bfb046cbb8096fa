# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-core's programs: each in a process of its own, which is forked from a warm one where nothing differs by that."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import typing as t
from collections import Counter
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.paths import PROGRAMS

# Of the variables that ansible-core or Python may read at the import, those that a fork can take over.
_TAKEN_OVER = {"ANSIBLE_HOME", "ANSIBLE_ASYNC_DIR", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP", "ANSIBLE_FORKS"}
_READ_AT_IMPORT = ("ANSIBLE_", "PYTHON", "LC_", "LANG")
_SERVER = Path(__file__).with_name("warm_ansible.py")

Environment = t.Mapping[str, str]
# A program, and what of the environment cannot be changed after the import.
_Kind = tuple[str, frozenset[tuple[str, str]]]


def run_ansible(
    program: str,
    arguments: t.Sequence[str],
    *,
    cwd: Path,
    env: Environment,
    timeout: float = 300,
    merged: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run ansible-playbook or ansible-inventory without standard input. merged: stdout has stderr too.

    With LANTIME_TEST_WARM=0 in the environment of the tests, no run is forked.
    """
    command = [str(PROGRAMS / program), *arguments]
    warm = _warm_program(program, cwd, env)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        outputs = (out, out if merged else err)
        if warm is not None:
            code = warm.run(command, cwd, env, outputs, timeout)
        else:
            code = _run(command, cwd, env, outputs, timeout)
        texts = [_text(file) for file in (out, err)]
    return subprocess.CompletedProcess(command, code, *texts)


_Outputs = tuple[t.IO[bytes], t.IO[bytes]]


def _run(command: t.Sequence[str], cwd: Path, env: Environment, outputs: _Outputs, timeout: float) -> int:
    out, err = outputs
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=timeout, check=False
    )
    return done.returncode


def _text(file: t.IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


class _WarmProgram:
    """The client of a warm process, which ends with this one."""

    def __init__(self, program: str, env: Environment) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="lantime-warm-")
        home = Path(self._place.name)
        self._path = str(home / "socket")
        known = {name: value for name, value in env.items() if name not in _TAKEN_OVER}
        self._process = subprocess.Popen(
            [sys.executable, str(_SERVER), str(PROGRAMS / program), self._path],
            env={**known, "HOME": str(home), "ANSIBLE_HOME": str(home)},
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", f"{_SERVER.name} has not started"

    def run(self, command: t.Sequence[str], cwd: Path, env: Environment, outputs: _Outputs, timeout: float) -> int:
        request = json.dumps({"command": command, "cwd": str(cwd), "env": dict(env)}).encode()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(self._path)
            socket.send_fds(connection, [len(request).to_bytes(4, "big")], [file.fileno() for file in outputs])
            connection.sendall(request)
            with connection.makefile("rb") as answers:
                pid = int(answers.readline())
                try:
                    return int(answers.readline())
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(list(command), timeout) from None


_warm: dict[_Kind, _WarmProgram] = {}
_seen: Counter[_Kind] = Counter()


def _warm_program(program: str, cwd: Path, env: Environment) -> _WarmProgram | None:
    """The warm process for a run; None for the first run of a kind, and where a file would change settings."""
    files = (cwd / "ansible.cfg", Path(env["HOME"]) / ".ansible.cfg")
    if os.environ.get("LANTIME_TEST_WARM") == "0" or any(map(os.path.lexists, files)):
        return None
    fixed = {k: v for k, v in env.items() if k.startswith(_READ_AT_IMPORT) and k not in _TAKEN_OVER}
    kind = (program, frozenset(fixed.items()))
    _seen[kind] += 1
    if _seen[kind] > 1 and kind not in _warm:
        _warm[kind] = _WarmProgram(program, env)
    return _warm.get(kind)
