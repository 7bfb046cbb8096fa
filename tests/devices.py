# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated devices for tests: a shared fleet, the variables that reach a device, and jobs that run in this process."""

from __future__ import annotations

import functools
import typing as t
from collections.abc import Iterable

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.device import Device
from ansible_collections.meinberg.lantime.tests.simulator.fleet import make_identity
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES, Profile, load_profile

Tree = dict[str, t.Any]


class SharedFleet(Fleet):
    """A fleet for many tests, which reset() returns to its first state."""

    def __enter__(self) -> SharedFleet:
        super().__enter__()
        self.keep()
        return self

    def keep(self) -> None:
        """Make the present state of the devices the first one."""
        self._snapshots = {device.name: device.snapshot() for device in self}

    def reset(self) -> SharedFleet:
        for device in self:
            device.restore(self._snapshots[device.name])
            device.clear_faults()
            device.ledger.clear()
        return self


def frozen_fleet(profiles: dict[str, str], made: Iterable[Profile] = ()) -> SharedFleet:
    """A fleet of devices (name: profile) whose clocks stand still and which save only on request.

    made: profiles that are not among those of the simulator.
    """
    specs = [DeviceSpec(n, profile, autosave=False) for n, profile in profiles.items()]
    return SharedFleet(specs, freeze=True, profiles=made)


@functools.cache
def offline_device(profile: str, index: int = 0) -> Device:
    """A simulated device without a server, for tests that only read its trees."""
    spec = DeviceSpec(f"ts{index:03d}", profile)
    loaded = load_profile(profile)
    return Device(spec, loaded, make_identity(spec, loaded, index), freeze=True)


def status_envelopes() -> dict[str, Tree]:
    """The answer of each profile to GET /api/status, as far as facts read it."""
    return {
        name: {
            "system-information": {"version": device.profile.firmware, "model": device.profile.model},
            "data": device.status(),
        }
        for name in PROFILE_NAMES
        for device in [offline_device(name)]
    }


def host_variables(device: t.Any, user: str = "admin") -> Tree:
    """Inventory variables that reach a simulated device."""
    return {
        "lantime_host": device.host,
        "lantime_port": device.port,
        "lantime_ca_path": str(device.ca),
        "lantime_username": user,
        "lantime_password": device.users[user],
        "lantime_use_proxy": False,
    }


def connection_options(device: t.Any, user: str = "admin") -> Tree:
    """Connection options that reach a simulated device."""
    return {name[len("lantime_") :]: value for name, value in host_variables(device, user).items()}


class JobOutcome(t.NamedTuple):
    """The result and the warnings of a job."""

    result: Tree
    warnings: list[str]

    @property
    def code(self) -> str | None:
        """The error code if the job failed."""
        return self.result["error"]["code"] if self.result.get("failed") else None


def job_context(device: t.Any, module: t.Any, options: Tree, *, check: bool = False, diff: bool = False) -> JobContext:
    """The context of a module's job on a device, with its arguments validated as both entry points do it."""
    validator = ArgumentSpecValidator(module.SPEC.argument_spec(), **module.SPEC.rules)
    checked = validator.validate({**connection_options(device), **options})
    assert not checked.error_messages, checked.error_messages
    return JobContext(checked.validated_parameters, check, diff, lambda _text: None)


def run_in_process(
    device: t.Any, module: t.Any, *, user: str = "admin", check: bool = False, diff: bool = False, **options: t.Any
) -> JobOutcome:
    """Run a module's job on a device in this process."""
    warnings: list[str] = []
    context = job_context(device, module, {**connection_options(device, user), **options}, check=check, diff=diff)
    context.warn = warnings.append
    return JobOutcome(run_job(module.run, context), warnings)
