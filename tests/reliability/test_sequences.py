# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequences of tasks on a device that misbehaves: 100 in make test, 2,000 more in make thorough, one in make sequence.

In make thorough, 500 of them again with a confirm window.

LANTIME_SEED selects the one sequence of a seed, and prints what happens in it.
"""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.reliability.sequences import OPTIONS, Sequence

SEEDS_PER_TEST = 25
SHORT, LONG = 100, 2000
WINDOWED = 500
SEED = os.environ.get("LANTIME_SEED")
BLOCKS: list[t.Any] = [
    pytest.param(
        range(first, first + SEEDS_PER_TEST), marks=[] if first < SHORT else [pytest.mark.thorough], id=str(first)
    )
    for first in range(0, SHORT + LONG, SEEDS_PER_TEST)
]
if SEED:
    BLOCKS = [pytest.param([int(SEED)], id=SEED)]


class Pair(t.NamedTuple):
    device: t.Any
    other: t.Any
    snapshots: tuple[t.Any, t.Any]

    def reset(self) -> None:
        for device, snapshot in zip((self.device, self.other), self.snapshots):
            device.restore(snapshot)
            device.clear_faults()
            device.ledger.clear()


@pytest.fixture
def pair(fleet: SharedFleet) -> Pair:
    """Two devices with servers in a table, everything saved."""
    for name in ("ts1", "ts2"):
        device = fleet[name]
        device.set_dialect(command_seconds=0)
        for i in "12":
            device.change(f"ntp/external-servers/{i}", {"address": f"192.0.2.10{i}"})
        device._fleet.call(device._device.config.save)
    return Pair(fleet["ts1"], fleet["ts2"], (fleet["ts1"].snapshot(), fleet["ts2"].snapshot()))


@pytest.mark.parametrize("seeds", BLOCKS)
def test_sequences(pair: Pair, tmp_path: Path, seeds: t.Iterable[int]) -> None:
    play(pair, tmp_path, seeds, OPTIONS)


@pytest.mark.thorough
@pytest.mark.parametrize("seeds", BLOCKS[: WINDOWED // SEEDS_PER_TEST])
def test_sequences_with_a_confirm_window(pair: Pair, tmp_path: Path, seeds: t.Iterable[int]) -> None:
    play(pair, tmp_path, seeds, {**OPTIONS, "health_gate": "sync", "confirm_window": 0.05})


def play(pair: Pair, tmp_path: Path, seeds: t.Iterable[int], options: t.Mapping[str, t.Any]) -> None:
    for seed in seeds:
        pair.reset()
        place = tmp_path / str(seed)
        place.mkdir()
        sequence = Sequence(seed, pair.device, pair.other, place, options)
        try:
            sequence.play()
        except Exception as exc:
            story = "\n".join(sequence.story)
            message = f"{type(exc).__name__}: {exc}\n{story}\nreplay it with: make sequence SEED={seed}"
            raise AssertionError(message) from exc
        if SEED:
            print("\n".join(sequence.story))
