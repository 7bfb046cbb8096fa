# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample of mutated answers. Each ends with a result or a coded error, without a leak; "make fuzz" runs more of them."""

from __future__ import annotations

import mmap
import random

import pytest

from .cases import Memory, problem_of, resident_megabytes, run_case, warm_up
from .exchange import connections_by_socket
from .mutations import KINDS, RawAnswer
from .targets import PASSWORD, TARGETS, Outcome

SEED = 20260601
BATCHES = 5
BATCH = 100
MOST_MEGABYTES_OF_A_BATCH = 30.0


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    warm_up()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_outcome_is_a_result_or_a_coded_error(batch: int) -> None:
    before = resident_megabytes()
    cases = [run_case(SEED, number) for number in range(batch * BATCH, (batch + 1) * BATCH)]
    assert [case.describe(SEED) for case in cases if case.problem is not None] == []
    assert resident_megabytes() - before < MOST_MEGABYTES_OF_A_BATCH
    # The mutations are neither harmless, nor so coarse that nothing is read.
    failed = sum(case.code is not None for case in cases)
    assert BATCH // 10 < failed < BATCH * 7 // 10


def test_answers_over_a_socket() -> None:
    numbers = range(10_000, 10_040)
    cases = [run_case(SEED, number, connections_by_socket) for number in numbers]
    assert [case.describe(SEED) for case in cases if case.problem is not None] == []
    assert len({case.code for case in cases}) > 3


def test_a_case_is_the_same_in_every_run() -> None:
    first, second = (run_case(SEED, 17) for dummy in range(2))
    assert first[:6] == second[:6]
    assert f"--seed {SEED} --only 17" in first.describe(SEED)


def test_every_target_and_every_kind_of_mutation_has_cases() -> None:
    assert {run_case(SEED, number).target for number in range(200)} == set(TARGETS)
    for kind in set(KINDS):
        answers = [RawAnswer(200, [], b'{"data": {"a": 1}}') for dummy in range(30)]
        for number, answer in enumerate(answers):
            kind(random.Random(number), answer)
        assert len({answer.as_bytes() for answer in answers}) > 10


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome("internal", {}),
        Outcome("no_such_code", {}),
        Outcome(None, {"msg": "a\x1b[2J"}),
        Outcome(None, [{"a\u202eb": 1}]),
        Outcome(None, {"msg": f"the password is {PASSWORD}"}),
        Outcome(None, {"a": float("nan")}),
        Outcome(None, {"a": {"__ansible_type": "x"}}),
        Outcome(None, {"a": {1, 2}}),
    ],
)
def test_bad_outcomes_are_noticed(outcome: Outcome) -> None:
    assert problem_of("health", outcome) is not None


def test_growth_of_memory_is_noticed() -> None:
    memory = Memory()
    memory.start()
    # A mapping of its own: the heap may have as much free memory left, which an earlier test used.
    with mmap.mmap(-1, 30 * 1024 * 1024) as data:
        data.write(b"x" * len(data))
    growth = memory.growth_megabytes()
    assert growth is None or growth > 25
