# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member of the status tree is a fact, or in the results of lantime_module_info, or listed with a reason."""

from __future__ import annotations

import collections
import functools
import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.devices import status_envelopes
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status import status_paths as paths
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.whole_status import whole

Noticed = dict[tuple[str, str], bool]


@functools.lru_cache(maxsize=1)
def trees() -> dict[str, t.Any]:
    recorded = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in RECORDINGS}
    return {"whole": whole(), **status_envelopes(), **recorded}


def notices(envelope: t.Any, look: t.Callable[[t.Any], t.Any], known: Noticed) -> Noticed:
    """Whether `look` tells when a leaf changes, by (pattern, type) of the leaf; `known` need not be tried.

    Of leaves with the same pattern a few are tried, until one is noticed.
    """
    before = look(envelope)
    result: Noticed = {}
    tried: collections.Counter[tuple[str, str]] = collections.Counter()
    for path, value in list(paths.leaves(envelope["data"], ("data",))):
        key = (paths.pattern(path[1:]), type(value).__name__)
        if known.get(key):
            result[key] = True
        elif not result.get(key) and tried[key] < 3:
            tried[key] += 1
            result[key] = next(paths.changes(envelope, path, look, before), None) is not None
    return result


@functools.lru_cache(maxsize=1)
def facts_of_the_whole() -> Noticed:
    result: Noticed = {}
    for path, value in paths.leaves(whole()["data"], ("data",)):
        key = (paths.pattern(path[1:]), type(value).__name__)
        result[key] = result.get(key, False) or bool(paths.facts_by_leaf()[path])
    return result


@functools.cache
def facts_of(name: str) -> Noticed:
    return notices(trees()[name], paths.gathered, facts_of_the_whole())


def unaccounted(envelope: t.Any, mapped: Noticed) -> list[str]:
    """Paths of leaves that are neither facts nor in lantime_module_info nor listed."""
    accounted = {key: mapped[key] or paths.listed(key[0]) is not None for key in mapped}
    of_no_module = {key: True for key in mapped if not paths.of_a_module(key[0])}
    reported = notices(envelope, paths.module_results, {**of_no_module, **{k: True for k, v in accounted.items() if v}})
    return sorted(
        path
        for (path, kind), in_module_info in reported.items()
        if not accounted[path, kind] and not (paths.of_a_module(path) and in_module_info)
    )


NAMES = ("whole", *PROFILE_NAMES, *(path.stem for path in RECORDINGS))
# Those of the profiles are parts of the whole, except for what the profile has by itself.
SLOW = [name for name in PROFILE_NAMES if name.startswith(("m1000", "m2000", "m3000", "m4000"))]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] if name in SLOW else []) for name in NAMES]
)
def test_every_leaf_is_a_fact_or_listed(name: str) -> None:
    assert unaccounted(trees()[name], facts_of(name)) == []


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (("system",), "system/brand-new"),
        (("system", "sync-status"), "system/sync-status/brand-new"),
        (("network", "ports", 0), "network/ports/*/brand-new"),
        (("ntp", 0), "ntp/*/brand-new"),
        (("chassis0",), "chassis0/brand-new"),
        (("chassis0", "slots", 0), "chassis0/slots/*/brand-new"),
        (("syncteam",), "syncteam/brand-new"),
        ((), "brand-new"),
    ],
)
def test_a_new_member_is_noticed(place: tuple[t.Any, ...], path: str) -> None:
    envelope = whole()
    functools.reduce(lambda node, name: node[name], place, envelope["data"])["brand-new"] = 5
    assert unaccounted(envelope, notices(envelope, paths.gathered, facts_of_the_whole())) == [path]


def test_a_new_member_of_a_module_is_in_module_info() -> None:
    envelope = whole()
    envelope["data"]["chassis0"]["slots"][2]["module"]["brand-new"] = {"deep": [5]}
    mapped = notices(envelope, paths.gathered, facts_of_the_whole())
    assert mapped["chassis0/slots/*/module/brand-new/deep/*", "int"] is False
    assert unaccounted(envelope, mapped) == []


@pytest.mark.thorough
def test_no_reason_is_given_for_a_fact_or_for_nothing() -> None:
    seen: set[str] = set()
    for name in NAMES:
        for (path, dummy), is_fact in facts_of(name).items():
            entry = paths.listed(path)
            if entry is not None:
                assert not is_fact, path
                seen.add(entry)
    assert seen >= set(paths.UNMAPPED)
