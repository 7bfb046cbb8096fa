# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference of facts says what the code returns, and the module's documentation says what the reference says."""

from __future__ import annotations

import functools
import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts as _facts
from ansible_collections.meinberg.lantime.tests.devices import status_envelopes
from ansible_collections.meinberg.lantime.tests.paths import PLUGINS, RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status import status_paths as paths
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.whole_status import whole
from ansible_collections.meinberg.lantime.tools import facts_reference as reference

# A further chassis has the members of the first; the others are handed on as the device sends them.
UNBOUND = ("additional_chassis", "members", "other")
TYPES: dict[str, t.Any] = {
    "raw": object,
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "list": list,
    "dict": dict,
}


@functools.lru_cache(maxsize=1)
def gathered() -> dict[str, dict[str, t.Any]]:
    trees = {
        "whole": whole(),
        **status_envelopes(),
        **{path.stem: json.loads(path.read_text(encoding="utf-8")) for path in RECORDINGS},
    }
    return {name: _facts.gather_facts(tree, paths.ALL) for name, tree in trees.items()}


def members(value: t.Any, path: paths.Path = ()) -> t.Iterator[tuple[paths.Path, t.Any]]:
    """Every name of the facts with its value."""
    pairs: t.Iterable[tuple[t.Any, t.Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for name, member in pairs:
        if name not in UNBOUND:
            yield (*path, name), member
            if name != "details":
                yield from members(member, (*path, name))


@pytest.mark.parametrize("name", ["whole", *PROFILE_NAMES, *(path.stem for path in RECORDINGS)])
def test_every_fact_is_described_and_of_its_type(name: str) -> None:
    described = reference.reference()
    for path, value in members(gathered()[name]):
        place = reference.documented(path)
        if place[-1] == "[]" or (place[-1][0] == "<" and place not in described):
            continue
        assert place in described, path
        kind, dummy, elements = described[place].type.partition(" of ")
        if isinstance(value, list) and kind == "list":
            assert all(isinstance(item, TYPES[elements]) for item in value), path
        elif value is not None and not isinstance(path[-1], int):
            assert isinstance(value, TYPES[kind]), path
            assert isinstance(value, bool) is (kind == "bool"), path


def test_everything_described_is_a_fact() -> None:
    seen = {
        place[:length]
        for facts in gathered().values()
        for path, dummy in members(facts)
        for place in [reference.documented(path)]
        for length in range(1, len(place) + 1)
    }
    missing = {
        place
        for place in reference.reference()
        if place not in seen and not set(place) & {*UNBOUND, "config", "device_name"}
    }
    assert missing == set()


def test_every_path_that_is_mapped_is_a_source() -> None:
    named = {name for names in reference.sources().values() for name in names}
    for path, changed in paths.facts_by_leaf().items():
        name = paths.pattern(path)
        if path[0] == "data" and name not in named and not name.endswith("/object-id"):
            assert not changed, name


def test_the_documentation_of_the_module_is_up_to_date() -> None:
    module = PLUGINS / "modules" / "lantime_facts.py"
    source = module.read_text(encoding="utf-8")
    assert reference.with_returned(source) == source, "run tools/generate_docs.py"
