# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every documented return value of every module is compared with a value."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.paths import PLUGINS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs import return_samples as samples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs import writing_samples as writing
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.adopt_options import adopt_samples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.arguments_options import arguments_samples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.drift_options import drift_samples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    environment,
    start_fleet,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.poll_options import poll_samples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_documents import (
    document,
    expected_values,
    first_values,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import Containing, Sample
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.validate_options import validate_samples

Names = tuple[str, ...]

SAMPLES: dict[str, list[Sample]] = {
    "lantime_adopt": adopt_samples(),
    "lantime_arguments": arguments_samples(),
    "lantime_backup": writing.backup_samples(),
    "lantime_changes": samples.changes_samples(),
    "lantime_command": samples.command_samples(),
    "lantime_config": writing.config_samples(),
    "lantime_config_info": samples.config_info_samples(),
    "lantime_drift": drift_samples(),
    "lantime_facts": samples.facts_samples(),
    "lantime_health": samples.health_samples(),
    "lantime_module_info": samples.module_info_samples(),
    "lantime_poll": poll_samples(),
    "lantime_probe": samples.probe_samples(),
    "lantime_record": samples.record_samples(),
    "lantime_report": samples.report_samples(),
    "lantime_validate": validate_samples(),
    "lantime_verdict": samples.verdict_samples(),
}
LISTED = ("lantime_facts", "lantime_module_info")
# Return values without a sample, and why.
EXCUSED: dict[str, dict[Names, str]] = {
    "lantime_backup": {
        ("predicted",): "a restore reports needed secrets before it plans",
        ("operations", "impact"): "as in lantime_config, and the device of these runs has no settings of modules",
    },
    "lantime_drift": {
        ("drift", "accepted"): "accepted differences are in accepted",
        ("drift", "peers"): "belongs to a comparison with other devices",
    },
    "lantime_arguments": {
        ("error", "path"): "no request is sent",
        ("error", "http_status"): "no request is sent",
        ("error", "device_message"): "no request is sent",
    },
    "lantime_changes": {("confirm", "until"): "set in check mode, which these runs are not"},
    "lantime_facts": {("ansible_facts", "ansible_net_gather_network_resources"): "always empty"},
    "lantime_poll": {
        ("error", "path"): "the task itself sends no request",
        ("error", "http_status"): "the task itself sends no request",
        ("error", "device_message"): "the task itself sends no request",
    },
    "lantime_adopt": {
        ("error", "path"): "no request is sent",
        ("error", "http_status"): "no request is sent",
        ("error", "device_message"): "no request is sent",
    },
    "lantime_validate": {
        ("error", "path"): "no request is sent",
        ("error", "http_status"): "no request is sent",
        ("error", "device_message"): "no request is sent",
    },
    "lantime_report": {
        ("error", "path"): "no request is sent",
        ("error", "http_status"): "no request is sent",
        ("error", "device_message"): "no request is sent",
    },
}


@pytest.fixture(scope="module")
def fleet() -> t.Iterator[SharedFleet]:
    with start_fleet() as started:
        yield started


def documented_values(module: str) -> set[Names]:
    """The paths of all documented return values."""
    tree = ast.parse((PLUGINS / "modules" / f"{module}.py").read_text(encoding="utf-8"))
    blocks = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    return set(_paths(yaml.safe_load(str(blocks["RETURN"]))))


def _paths(members: dict[str, t.Any] | None, above: Names = ()) -> t.Iterator[Names]:
    for name, described in (members or {}).items():
        yield (*above, name)
        yield from _paths(described.get("contains"), (*above, name))


def compare(expected: t.Any, value: t.Any, path: Names, compared: set[Names]) -> None:
    """Assert that a value has what is expected, and note the paths of what was compared with more than nothing."""
    if isinstance(expected, Containing):
        compare([expected.entry], [expected.find(value)], path, compared)
    elif isinstance(expected, dict) and isinstance(value, dict):
        for name, inner in expected.items():
            assert name in value, (*path, name)
            compare(inner, value[name], (*path, name), compared)
    elif isinstance(expected, list) and isinstance(value, list):
        assert len(expected) == len(value), (path, value)
        for inner, entry in zip(expected, value):
            compare(inner, entry, path, compared)
    else:
        assert expected == value, (path, value)
        assert not isinstance(expected, bool) or isinstance(value, bool), path
    if expected is not None and expected != [] and expected != {}:
        compared.add(path)


@pytest.mark.parametrize("module", SAMPLES)
def test_every_return_value_has_a_sample(
    module: str, fleet: SharedFleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: set[Names] = set()
    for number, sample in enumerate(SAMPLES[module]):
        directory = tmp_path / str(number)
        directory.mkdir()
        with monkeypatch.context() as patch:
            bench = Bench(fleet.reset()[sample.device], directory, patch)
            with environment(bench):
                if sample.prepare is not None:
                    sample.prepare(bench)
                result = bench.run(sample.module, sample.options).result
        compare(sample.expected, result, (), compared)
    compared |= listed_paths(module)
    assert documented_values(module) - compared == set(EXCUSED.get(module, {}))


def listed_paths(module: str) -> set[Names]:
    """The paths of values that are listed in a file, and of all above them."""
    if module not in LISTED:
        return set()
    paths = [tuple(path.split(".")) for path in expected_values(module)]
    return {path[:length] for path in paths for length in range(1, len(path) + 1)}


@pytest.mark.parametrize("module", LISTED)
def test_facts_and_module_information_have_the_listed_values(module: str) -> None:
    values = first_values(document(module))
    expected = expected_values(module)
    assert {path: values.get(path) for path in expected} == expected


def test_every_documented_module_has_samples() -> None:
    assert {path.stem for path in (PLUGINS / "modules").glob("lantime_*.py")} == set(SAMPLES)
