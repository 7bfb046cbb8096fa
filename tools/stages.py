# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run stages of the Makefile one after the other and print the result and the duration of each.

Usage: python tools/stages.py GROUP...
A group is one stage, or chains joined by "+" that run at the same time; the stages of a chain, joined by ",", run one after
the other. The output of a stage goes to .build/logs/NAME.log and is printed if the stage fails, or at once with V=1.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".build" / "logs"
TIME_LIMIT = float(os.environ.get("STAGE_TIME_LIMIT", "900"))

_CLOSING_LINE = re.compile(r"^=+ .*\b(?:passed|failed|errors?|skipped|no tests ran)\b.* in [\d.]+s.*=+$")


class Outcome(NamedTuple):
    """The exit code of a stage (124 after its time limit) and its duration."""

    name: str
    code: int
    seconds: float


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def counts(log: str) -> str:
    """The summary of each pytest run in a log, such as "12 passed in 3.4s + 5 passed in 1.0s"."""
    return " + ".join(line.strip("= ") for line in log.splitlines() if _CLOSING_LINE.match(line))


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, with SIGTERM, then with SIGKILL."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def run(name: str, verbose: bool, alone: bool = True) -> Outcome:
    if verbose or alone:
        say(f"--- {name}\n" if verbose else f"{name:<12}")
    started = time.monotonic()
    path = LOGS / f"{name}.log"
    with path.open("wb") as log:
        # A process group of its own, so that a stage that hangs can be ended with all it started.
        process = subprocess.Popen(
            [os.environ.get("MAKE_COMMAND", "make"), "--no-print-directory", name],
            cwd=ROOT,
            env=os.environ if verbose else {**os.environ, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=None if verbose else log,
            stderr=None if verbose else subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(TIME_LIMIT)
        except BaseException as exc:
            end_group(process)
            if not isinstance(exc, subprocess.TimeoutExpired):
                raise
            code = 124
    seconds = time.monotonic() - started
    text = path.read_text(encoding="utf-8", errors="replace")
    verdict = "passed" if code == 0 else "TIMED OUT" if code == 124 else "FAILED"
    head = f"{name}  " if verbose else "" if alone else f"{name:<12}"
    say(f"{head}{verdict:<9} {seconds:6.1f} s  {counts(text)}".rstrip() + "\n")
    if code and not verbose:
        say(text + f"--- end of {path.relative_to(ROOT)}\n")
    return Outcome(name, code, seconds)


def run_chain(names: list[str], verbose: bool, alone: bool) -> list[Outcome]:
    return [run(name, verbose, alone) for name in names]


def main() -> int:
    verbose = bool(os.environ.get("V"))
    LOGS.mkdir(parents=True, exist_ok=True)
    for old in LOGS.glob("*.log"):
        old.unlink()
    started = time.monotonic()
    outcomes: list[Outcome] = []
    for group in sys.argv[1:]:
        chains = [chain.split(",") for chain in group.split("+")]
        job = functools.partial(run_chain, verbose=verbose, alone=len(chains) == 1)
        with ThreadPoolExecutor(len(chains)) as pool:
            outcomes += [outcome for chain in pool.map(job, chains) for outcome in chain]
    failed = [outcome.name for outcome in outcomes if outcome.code]
    total = time.monotonic() - started
    verdict = f"FAILED: {', '.join(failed)}" if failed else "all passed"
    say(f"{len(outcomes)} stages in {total:.0f} s, {verdict}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
