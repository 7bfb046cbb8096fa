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

# A device of each generation of the API, and a modular one.
QUICK = ("m300-7.06", "m400-7.08", "m600-7.10", "m3000-7.10")
# The modular ones of the older releases too.
ALL = (*QUICK, "m1000-7.06", "m3000-7.08", "m2000s-7.04")

# Names and profiles of devices.
Devices = tuple[tuple[str, str], ...]
MakeReader = t.Callable[..., Reader]


def numbered(profiles: t.Sequence[str], form: str = "ts{}") -> Devices:
    """Devices ts1, ts2 and so on of these profiles."""
    return tuple((f"{form.format(number)}.{DOMAIN}", profile) for number, profile in enumerate(profiles, start=1))


@pytest.fixture(autouse=True)
def own_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default directory of journals is another one for each test: devices of several processes have the same serial numbers."""
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / ".ansible"))


@pytest.fixture(scope="session")
def sites() -> t.Iterator[t.Callable[[Devices], Site]]:
    with contextlib.ExitStack() as stack:
        opened: dict[Devices, Site] = {}

        def site_of(devices: Devices) -> Site:
            if devices not in opened:
                opened[devices] = stack.enter_context(Site(dict(devices)))
            return opened[devices]

        yield site_of


@pytest.fixture
def make_reader(sites: t.Callable[[Devices], Site], tmp_path: Path) -> MakeReader:
    """A function that returns a reader with fresh devices."""

    def make(devices: Devices, *, login: bool = True) -> Reader:
        site = sites(devices)
        site.fleet.reset()
        return Reader(tmp_path, site, login=login)

    return make
