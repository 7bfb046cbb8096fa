# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs tests in copies of this process, which has imported the libraries already but nothing of the collection.

Reads lines "SECONDS PATH" and prints the exit code of pytest for each; 1 also if the tests take longer. Used by mutants.py.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import time

LIBRARIES = (
    "aiohttp.web",
    "ansible.module_utils.basic",
    "ansible.parsing.dataloader",
    "cryptography.x509",
    "hypothesis",
    "pytest",
    "requests",
    "trustme",
    "yaml",
)
FAILED_TESTS = 1
_PAUSE_SECONDS = 0.02


def run_tests(tests: str) -> int:
    """Run pytest in this process, in a session of its own with its output in a file."""
    os.setsid()
    log = os.open("../last.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, handle in enumerate((nothing, log, log)):
        os.dup2(handle, target)
    import pytest

    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-m", "not thorough", tests]))


def run_copy(tests: str, limit: float) -> int:
    """The exit code of tests in a copy of this process."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            code = run_tests(tests)
        finally:
            os._exit(code)
    end = time.monotonic() + limit
    done, status = 0, 0
    while not done and time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if not done:
            time.sleep(_PAUSE_SECONDS)
    # Ends what the tests have left, too.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not done:
        os.waitpid(child, 0)
    return os.WEXITSTATUS(status) if done and os.WIFEXITED(status) else FAILED_TESTS


def main() -> int:
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin:
        limit, tests = line.split()
        print(run_copy(tests, float(limit)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
