# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Device profiles of the simulator's own making; no value is taken from a recording."""

from __future__ import annotations

from typing import Callable

from .layouts import m1000, m1000_706, m2000s, m2000s_704, m3000, m3000_708, m4000
from .nonmodular import m300, m400, m600
from .profile import Identity, Profile

_PROFILES: dict[str, Callable[[], Profile]] = {
    "m300-7.06": m300,
    "m400-7.08": m400,
    "m600-7.10": m600,
    "m1000-7.10": m1000,
    "m2000s-7.10": m2000s,
    "m3000-7.10": m3000,
    "m4000-7.10": m4000,
    "m1000-7.06": m1000_706,
    "m3000-7.08": m3000_708,
    "m2000s-7.04": m2000s_704,
}
PROFILE_NAMES = tuple(_PROFILES)


def load_profile(name: str) -> Profile:
    """The profile of this name; ValueError names the known ones."""
    make = _PROFILES.get(name)
    if make is None:
        raise ValueError(f"unknown profile {name!r}; known: {', '.join(PROFILE_NAMES)}")
    return make()


__all__ = ["PROFILE_NAMES", "Identity", "Profile", "load_profile"]
