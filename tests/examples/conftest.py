# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: sites of simulated devices, and a reader for each example, whose devices are fresh."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.examples.reader import DOMAIN, Reader, Site
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES

# A device of each generation of the API, and a modular one.
QUICK = ("m300-7.06", "m400-7.08", "m600-7.10", "m3000-7.10")
ALL = (*QUICK, *(name for name in PROFILE_NAMES if name not in QUICK))

MakeReader = t.Callable[[t.Sequence[str]], Reader]


@pytest.fixture(autouse=True)
def own_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default directory of journals is another one for each test: devices of several processes have the same serial numbers."""
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / ".ansible"))


@pytest.fixture(scope="session")
def sites() -> t.Iterator[t.Callable[[tuple[str, ...]], Site]]:
    with contextlib.ExitStack() as stack:
        opened: dict[tuple[str, ...], Site] = {}

        def site_of(profiles: tuple[str, ...]) -> Site:
            if profiles not in opened:
                names = {f"ts{number}.{DOMAIN}": profile for number, profile in enumerate(profiles, start=1)}
                opened[profiles] = stack.enter_context(Site(names))
            return opened[profiles]

        yield site_of


@pytest.fixture
def make_reader(sites: t.Callable[[tuple[str, ...]], Site], tmp_path: Path) -> MakeReader:
    """A function that returns a reader with fresh devices ts1, ts2 and so on of these profiles."""

    def make(profiles: t.Sequence[str]) -> Reader:
        site = sites(tuple(profiles))
        site.fleet.reset()
        return Reader(tmp_path, site)

    return make
