# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of every test run, so that plain pytest needs no variables."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, ROOT

# Nothing is read from the user's home directory or ansible.cfg. What make or ansible-test set is kept.
_BUILD = ROOT / ".build"
_ENVIRONMENT = {
    "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
    "ANSIBLE_CONFIG": _BUILD / "ansible.cfg",
    "ANSIBLE_HOME": _BUILD / "ansible",
    "LC_ALL": "C.UTF-8",
}
if COLLECTIONS.is_relative_to(ROOT):
    for _name, _value in _ENVIRONMENT.items():
        os.environ.setdefault(_name, str(_value))

# The same examples in every run of a profile, so that a failure points at the change. HYPOTHESIS_PROFILE chooses:
# "short" for make check and make test, "long" for make thorough, "search" for new examples in every run.
# No limits of time, which would fail on a busy machine.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", _UNHURRIED, derandomize=True, max_examples=20)
settings.register_profile("long", _UNHURRIED, derandomize=True)
settings.register_profile("search", _UNHURRIED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker for ansible-test too, which does not read pyproject.toml."""
    config.addinivalue_line("markers", "thorough: runs in make thorough, not in make test")
