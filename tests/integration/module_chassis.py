# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chassis of every generation that together have a module of each family, and the record of what was tested on them."""

from __future__ import annotations

import contextlib
import json
import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet
from ansible_collections.meinberg.lantime.tests.simulator.families.catalogue import FAMILY_OF_MODEL
from ansible_collections.meinberg.lantime.tests.simulator.profiles import Profile
from ansible_collections.meinberg.lantime.tests.simulator.profiles.modular import Chassis, Layout, build
from ansible_collections.meinberg.lantime.tests.simulator.profiles.parts import CURRENT, MIDDLE, OLD, Site

# Firmware, version of the API and generation of each line that runs on modular chassis.
LINES = {
    "7.04": ("7.04.020", "8.05.004", OLD),
    "7.06": ("7.06.014", "10.21.016", OLD),
    "7.08": ("7.08.011", "16.04.002", MIDDLE),
    "7.10": ("7.10.012", "20.07.002", CURRENT),
}
CURRENT_LINE = "7.10"
# The lines whose PTP cards have one instance.
FLAT_LINES = tuple(line for line in LINES if line != CURRENT_LINE)
# make test runs the current line, make thorough the others.
MARKS: dict[str, tuple[pytest.MarkDecorator, ...]] = {
    line: () if line == CURRENT_LINE else (pytest.mark.thorough,) for line in LINES
}
EACH_LINE = [pytest.param(line, marks=marks) for line, marks in MARKS.items()]

_BASE: Layout = (("pwr1", "pwr", "psu"), ("cpu", "cpu", "cpu"), ("rsc1", "rsc", "rsc180"))
_CARDS = (
    "hps100 psx4ge bpe8nnn cpe182 fdm182 liu lsg180 lno180 vsi180 pio180 rel1000 scg181 vsg181",
    "",
    "",
    "",
)
_CLOCKS = (("gps182", "gnm181"), ("gxl183", "gns182uc"), ("gns182", "tcr180"), ("grc181", "pzf183"))
_MODELS = ("M3000", "M4000", "M1000", "M2000S")
# A place without meaning.
_SITE = Site(52.520008, 13.404954, 61.0)


def _layouts() -> dict[str, Layout]:
    layouts = {}
    for model, clocks, cards in zip(_MODELS, _CLOCKS, _CARDS):
        fed: Layout = (("mri1", "mri", "mri"), ("esi1", "esi", "esi180")) if cards else ()
        layouts[model.lower()] = (
            *_BASE,
            *((f"clk{number}", "clk", clock) for number, clock in enumerate(clocks, start=1)),
            *fed,
            *((f"io{number}", "io", card) for number, card in enumerate(cards.split(), start=1)),
        )
    return layouts


LAYOUTS = _layouts()
# Device and slot of a module of each family.
PLACES = {
    FAMILY_OF_MODEL[card]: (device, slot)
    for device, layout in reversed(LAYOUTS.items())
    for slot, dummy, card in layout
    if card in FAMILY_OF_MODEL
}


def _profiles(line: str) -> list[Profile]:
    firmware, api, generation = LINES[line]
    return [
        build(Chassis(f"{name}, {line}", name.upper(), firmware, api, generation, _SITE, 2), layout)()
        for name, layout in LAYOUTS.items()
    ]


def chassis_fleet(line: str) -> SharedFleet:
    """The chassis of one line, by their names in PLACES."""
    profiles = _profiles(line)
    return frozen_fleet({name: profile.name for name, profile in zip(LAYOUTS, profiles)}, profiles)


class Outcomes:
    """Steps that every test of a subject has passed, as {subject: {line: [step, ...]}}.

    They are written into the directory FAMILY_OUTCOMES.
    """

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, list[str]]] = {}

    @contextlib.contextmanager
    def of(self, subject: str, line: str) -> t.Iterator[list[str]]:
        """The list to which a test appends each step that it has asserted; what a failed test lacks is not passed."""
        steps: list[str] = []
        try:
            yield steps
        finally:
            lines = self.steps.setdefault(subject, {})
            lines[line] = [step for step in lines.get(line, steps) if step in steps]

    def write(self, name: str) -> None:
        directory = os.environ.get("FAMILY_OUTCOMES")
        if directory:
            Path(directory, f"{name}.json").write_text(json.dumps(self.steps), encoding="utf-8")


def recorded_outcomes(name: str) -> t.Iterator[Outcomes]:
    """Outcomes that are written when the tests of a file have run; for a fixture of the module."""
    outcomes = Outcomes()
    yield outcomes
    outcomes.write(name)
