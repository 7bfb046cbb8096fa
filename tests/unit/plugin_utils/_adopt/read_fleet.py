# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of reading simulated devices, without a server, and the job of lantime_adopt on them."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.module_info import (
    ModuleSelection,
    describe_modules,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import path_of
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import mask_secrets
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt import job
from ansible_collections.meinberg.lantime.tests.devices import offline_device

Tree = dict[str, t.Any]
Results = dict[str, list[Tree]]


def read_result(profile: str, index: int, changes: t.Mapping[str, t.Any]) -> list[Tree]:
    """Results of lantime_config_info and lantime_module_info. changes: values by path; None removes a name."""
    device = offline_device(profile, index)
    config = copy.deepcopy(mask_secrets(canonical(device.running(clear=False)).value))
    for text, value in changes.items():
        *above, name = path_of(text)
        menu = config
        for part in above:
            menu = menu.setdefault(part, {})
        if value is None:
            del menu[name]
        else:
            menu[name] = value
    information = {"version": device.profile.firmware, "model": device.profile.model}
    modules = describe_modules({"system-information": information, "data": device.status()}, ModuleSelection(), None)
    identity = {
        "model": device.profile.model,
        "firmware": device.profile.firmware,
        "serial_number": device.serial,
        "hostname": device.hostname,
    }
    return [{"changed": False, "value": config, "device": identity}, {"changed": False, "modules": modules}]


def read_fleet(profiles: t.Mapping[str, str], changes: t.Mapping[str, t.Mapping[str, t.Any]] | None = None) -> Results:
    """Results by host. changes: by host."""
    return {
        name: read_result(profile, index, (changes or {}).get(name, {}))
        for index, (name, profile) in enumerate(profiles.items())
    }


def adopt(results: Results, dest: Path, *, check: bool = False, diff: bool = False, **options: t.Any) -> Tree:
    """The result of the job. members: hosts by group of the inventory, connection: variables by host."""
    given: Tree = {"members": {}, "connection": {}}
    given.update({name: options.pop(name) for name in list(given) if name in options})
    arguments = {"results_from": ["read"], "dest": str(dest), **options}
    checked = ArgumentSpecValidator(job.SPEC.argument_spec()).validate(arguments)
    assert not checked.error_messages, checked.error_messages
    params = {**checked.validated_parameters, "results": results, **given}
    return run_job(job.run, JobContext(params, check, diff, lambda _text: None))
