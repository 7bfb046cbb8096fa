# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option and every choice of every module changes something that can be observed."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._client.options import CONNECTION_SPEC
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_changes,
    lantime_command,
    lantime_config,
    lantime_config_info,
    lantime_drift,
    lantime_facts,
    lantime_health,
    lantime_module_info,
    lantime_probe,
    lantime_record,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.settings import WRITE_OPTIONS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action import poll as lantime_poll
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt import job as lantime_adopt
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import arguments as lantime_arguments
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import job as lantime_report
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import verdict as lantime_verdict
from ansible_collections.meinberg.lantime.plugins.plugin_utils._validation import job as lantime_validate
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.paths import PLUGINS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.adopt_options import adopt_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.arguments_options import arguments_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.backup_options import backup_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.command_options import (
    changes_effects,
    command_effects,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.config_options import config_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.connection_options import (
    connection_effects,
    observe_connect_timeout,
    observe_login_limit,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.drift_options import drift_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    observe,
    start_fleet,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.poll_options import poll_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.reading_options import (
    config_info_effects,
    facts_effects,
    health_effects,
    module_info_effects,
    probe_effects,
    record_effects,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.report_options import (
    report_effects,
    verdict_effects,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.validate_options import validate_effects

MODULES: dict[str, tuple[t.Any, Effects]] = {
    "lantime_adopt": (lantime_adopt, adopt_effects()),
    "lantime_arguments": (lantime_arguments, arguments_effects()),
    "lantime_backup": (lantime_backup, backup_effects()),
    "lantime_changes": (lantime_changes, changes_effects()),
    "lantime_command": (lantime_command, command_effects()),
    "lantime_config": (lantime_config, config_effects()),
    "lantime_config_info": (lantime_config_info, config_info_effects()),
    "lantime_drift": (lantime_drift, drift_effects()),
    "lantime_facts": (lantime_facts, facts_effects()),
    "lantime_health": (lantime_health, health_effects()),
    "lantime_module_info": (lantime_module_info, module_info_effects()),
    "lantime_poll": (lantime_poll, poll_effects()),
    "lantime_probe": (lantime_probe, probe_effects()),
    "lantime_record": (lantime_record, record_effects()),
    "lantime_report": (lantime_report, report_effects()),
    "lantime_validate": (lantime_validate, validate_effects()),
    "lantime_verdict": (lantime_verdict, verdict_effects()),
}
# Shown with one module, as a test compares their specification in all modules.
CONNECTION = connection_effects()
COMMAND_TIMEOUT = Effect(
    {"command": "write", "command_timeout": 1},
    {"command": "write"},
    lambda seen: seen.code,
    "state_unknown",
    lambda bench: bench.device.add_fault("delay", method="PUT", seconds=1.2),
)
# Options with a test of their own below.
OTHER_TESTS = {"connect_timeout", "login_limit", "command_timeout"}


def marks_of(module: str, option: str) -> list[pytest.MarkDecorator]:
    """The options for writing have the same code in both modules, and a restore takes longer."""
    is_shared = module == "lantime_backup" and option.partition("=")[0].partition(".")[0] in WRITE_OPTIONS
    return [pytest.mark.thorough] if is_shared else []


CASES = [
    pytest.param(module, effect, id=f"{name}-{option}", marks=marks_of(name, option))
    for name, (module, effects) in MODULES.items()
    for option, entries in effects.items()
    for effect in entries
]
CASES += [
    pytest.param(lantime_facts, effect, id=f"connection-{option}")
    for option, entries in CONNECTION.items()
    for effect in entries
]
CASES.append(pytest.param(lantime_command, COMMAND_TIMEOUT, id="connection-command_timeout"))


@pytest.fixture(scope="module")
def fleet() -> t.Iterator[SharedFleet]:
    with start_fleet() as started:
        yield started


@pytest.mark.parametrize(("module", "effect"), CASES)
def test_each_value_of_an_option_has_an_effect(
    module: t.Any, effect: Effect, fleet: SharedFleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for name, options in (("given", effect.given), ("otherwise", effect.otherwise)):
        (tmp_path / name).mkdir()
        bench = Bench(fleet.reset()[effect.device], tmp_path / name, monkeypatch)
        seen.append(observe(module, bench, options, effect))
    assert seen[0] == effect.expected
    assert seen[1] != effect.expected


def values_of(options: dict[str, dict[str, t.Any]], above: str = "") -> t.Iterator[str]:
    """Each option and, if there are such, each choice: option, option=choice, option.suboption."""
    for name, spec in options.items():
        choices = spec.get("choices") or ([True, False] if spec["type"] == "bool" else [])
        if spec.get("options"):
            yield from values_of(spec["options"], f"{above}{name}.")
        elif choices:
            yield from (f"{above}{name}={choice}" for choice in choices)
        else:
            yield above + name
        yield from (above + alias for alias in spec.get("aliases", ()))


@pytest.mark.parametrize("name", MODULES)
def test_every_value_of_every_option_has_a_case(name: str) -> None:
    module, effects = MODULES[name]
    assert set(values_of(module.SPEC.options)) == set(effects)


def test_every_connection_option_has_a_case() -> None:
    assert set(values_of(CONNECTION_SPEC)) == {*CONNECTION, *OTHER_TESTS}


@pytest.mark.parametrize("name", MODULES)
def test_the_connection_options_are_the_same_in_all_modules(name: str) -> None:
    spec = MODULES[name][0].SPEC
    expected = CONNECTION_SPEC if spec.connection else {}
    assert {option: entry for option, entry in spec.argument_spec().items() if option in CONNECTION_SPEC} == expected


def test_every_module_has_a_table() -> None:
    assert {path.stem for path in (PLUGINS / "modules").glob("lantime_*.py")} == set(MODULES)


@pytest.mark.parametrize("seconds", [0.1, 0.15])
def test_the_connect_timeout_bounds_the_handshake(seconds: float) -> None:
    message = f"timeout_connect: the TLS handshake was not complete within {seconds:g} s"
    assert observe_connect_timeout(seconds) == message


@pytest.mark.parametrize(("limit", "code"), [(1, "auth_failed"), (2, None), (0, None)])
def test_the_login_limit_bounds_refused_logins(
    limit: int, code: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert observe_login_limit(Bench(None, tmp_path, monkeypatch), limit) == code
