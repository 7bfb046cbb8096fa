# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks in a process of their own, which a signal ends or which lacks file descriptors."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.tests.devices import job_context
from ansible_collections.meinberg.lantime.tests.reliability.matrix.judge import KILLED
from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import Bench, Tree
from ansible_collections.meinberg.lantime.tests.reliability.rig import fork_process, on_request


def run_in_child(bench: Bench, given: Tree, check: bool, arm: t.Callable[[], object] = lambda: None) -> Tree:
    """The result of lantime_config in a child process, or {"killed": name of the signal} if it has none.

    arm: called in the child before the task.
    """
    context = job_context(bench.device, lantime_config, given, check=check, diff=True)
    answer, write = os.pipe()
    child = fork_process()
    if child == 0:
        _run(lambda: (arm(), run_job(lantime_config.run, context))[1], write)
    os.close(write)
    bench.child = child  # type: ignore[attr-defined]
    with open(answer, "rb") as pipe:
        text = pipe.read()
    dummy, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {KILLED: signal.Signals(os.WTERMSIG(status)).name}
    if os.WEXITSTATUS(status):
        return {KILLED: f"exit {os.WEXITSTATUS(status)}"}
    return t.cast("Tree", json.loads(text))


def _run(work: t.Callable[[], Tree], write: int) -> t.NoReturn:
    code = 1
    try:
        # The process of pytest handles SIGINT by itself.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        result = json.dumps(work()).encode()
        with contextlib.suppress(OSError):
            os.write(write, result)
        code = 0
    except KeyboardInterrupt:
        code = 130
    finally:
        os._exit(code)


def run_signalled(bench: Bench, given: Tree, check: bool, number: signal.Signals, nth: int) -> Tree:
    """The result of a task that gets a signal when its nth request has arrived at the device."""
    seen = 0
    started = threading.Event()

    def hook(_method: str, _path: str) -> None:
        nonlocal seen
        seen += 1
        if seen == nth:
            os.kill(bench.child, number)  # type: ignore[attr-defined]
            started.set()

    remove = on_request(bench.device, hook)
    try:
        result = run_in_child(bench, given, check)
    finally:
        remove()
    assert started.is_set()
    return result
