# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a job that differ in one option, and what of them is observed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import typing as t
from pathlib import Path

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.tests.devices import JobOutcome, SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

Tree = dict[str, t.Any]

PROFILES = {"m600": "m600-7.10", "ims": "m3000-7.10"}


def start_fleet() -> SharedFleet:
    """A modular and another device with HTTPS, and one with HTTP."""
    options: Tree = {"autosave": False, "duration": "instant"}
    specs = [DeviceSpec(name, profile, **options) for name, profile in PROFILES.items()]
    return SharedFleet([*specs, DeviceSpec("plain", "m600-7.10", tls=False, **options)], freeze=True)


@dataclasses.dataclass
class Bench:
    """A device and an empty directory for one run."""

    device: t.Any
    directory: Path
    monkeypatch: pytest.MonkeyPatch
    # Parameters that the action adds to the validated ones, as it does with names of registered variables.
    late_params: t.Callable[[Tree], Tree] = lambda dummy: {}

    def path(self, *names: str) -> str:
        return str(self.directory.joinpath(*names))

    def resolve(self, value: t.Any) -> t.Any:
        """An option with the values that depend on the run: what is callable is called with the bench."""
        if isinstance(value, dict):
            return {name: self.resolve(entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [self.resolve(entry) for entry in value]
        return value(self) if callable(value) else value

    def run(self, module: t.Any, options: Tree, check: bool = False) -> JobOutcome:
        given = self.resolve(options)
        if module.SPEC.connection:
            return run_in_process(self.device, module, check=check, **given)
        checked = ArgumentSpecValidator(module.SPEC.argument_spec()).validate(given)
        assert not checked.error_messages, checked.error_messages
        warnings: list[str] = []
        params = {**checked.validated_parameters, **self.late_params(checked.validated_parameters)}
        context = JobContext(params, check, False, warnings.append)
        return JobOutcome(run_job(module.run, context), warnings)


@dataclasses.dataclass
class Observation:
    """What a run left behind: its outcome, the device with its ledger, and the directory."""

    outcome: JobOutcome
    bench: Bench

    @property
    def result(self) -> Tree:
        return self.outcome.result

    @property
    def code(self) -> str | None:
        return self.outcome.code or (self.result["error"]["code"] if self.result.get("unreachable") else None)

    @property
    def requests(self) -> list[str]:
        return [f"{e['method']} {e['path']}{'?' if e['query'] else ''}{e['query']}" for e in self.bench.device.ledger]

    def bodies(self, path: str) -> list[t.Any]:
        return [entry["body"] for entry in self.bench.device.ledger if entry["path"] == path]

    def setting(self, path: str) -> t.Any:
        """A part of the running configuration; None for an item that does not exist."""
        return value_at(self.bench.device.running(), path)

    def saved(self, path: str) -> t.Any:
        return value_at(self.bench.device.startup(), path)

    def files(self) -> list[str]:
        root = self.bench.directory
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def document(self, name: str) -> t.Any:
        return json.loads((self.bench.directory / name).read_text(encoding="utf-8"))


See = t.Callable[[Observation], t.Any]
Prepare = t.Callable[[Bench], t.Any]


class Effect(t.NamedTuple):
    """How a value of an option shows.

    given: options with the value.  otherwise: the same options with another value or none.  see: what is observed; it
    equals expected with the first, and does not with the second.
    """

    given: Tree
    otherwise: Tree
    see: See
    expected: t.Any
    prepare: Prepare | None = None
    device: str = "m600"
    check: bool = False


Effects = dict[str, list[Effect]]


def value_at(tree: t.Any, path: str) -> t.Any:
    for name in path.split("/"):
        if isinstance(tree, list):
            tree = next((item for item in tree if item["object-id"] == name), None)
        else:
            tree = tree[name]
        if tree is None:
            return None
    return tree


def see_code(seen: Observation) -> t.Any:
    return seen.code


def see_changed(seen: Observation) -> t.Any:
    return seen.result["changed"]


def see_requests(seen: Observation) -> t.Any:
    return seen.requests


def see_setting(path: str) -> See:
    return lambda seen: seen.setting(path)


def see_member(*names: str) -> See:
    """A member of the result; None if it is missing."""

    def see(seen: Observation) -> t.Any:
        value: t.Any = seen.result
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    return see


@contextlib.contextmanager
def environment(bench: Bench) -> t.Iterator[None]:
    """The variables that a run may read, in its own directory, so that it finds nothing of another one."""
    with bench.monkeypatch.context() as patch:
        patch.setenv("ANSIBLE_HOME", bench.path("home"))
        patch.chdir(bench.directory)
        for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            patch.delenv(name, raising=False)
        yield


def observe(module: t.Any, bench: Bench, options: Tree, effect: Effect) -> t.Any:
    """What the effect sees after a run with these options."""
    with environment(bench):
        if effect.prepare is not None:
            effect.prepare(bench)
            bench.device.clear_ledger()
        outcome = bench.run(module, options, effect.check)
        return effect.see(Observation(outcome, bench))
