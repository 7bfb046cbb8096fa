# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutated answers through everything that reads answers. Prints each failure with the command that replays it."""

from __future__ import annotations

import argparse
import collections
import sys

from .cases import Case, run_case, warm_up


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000, help="number of cases (10000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first case (0)")
    parser.add_argument("--only", type=int, help="run this case only, and print its outcome")
    return parser.parse_args()


def _print_summary(cases: list[Case]) -> None:
    codes = collections.Counter(case.code or "result" for case in cases)
    sys.stdout.write("".join(f"{count:7d} {code}\n" for code, count in codes.most_common()))
    largest = max(cases, key=lambda case: case.megabytes or 0)
    longest = max(cases, key=lambda case: case.seconds)
    sys.stdout.write(f"largest growth of memory: {largest.megabytes or 0:.1f} MB in case {largest.number}\n")
    sys.stdout.write(f"longest time: {longest.seconds:.2f} s in case {longest.number}\n")


def main() -> int:
    """Run the cases. Exit code 1 if one of them failed."""
    options = _arguments()
    warm_up()
    numbers = range(options.first, options.first + options.count) if options.only is None else [options.only]
    cases = [run_case(options.seed, number) for number in numbers]
    failed = [case for case in cases if case.problem is not None]
    for case in failed:
        sys.stdout.write(case.describe(options.seed) + "\n")
    if options.only is not None:
        sys.stdout.write(f"{cases[0]}\n")
    _print_summary(cases)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
