# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reads answers of devices: modules, the inventory plugin, the event source. Each target takes a device and returns its outcome."""

from __future__ import annotations

import tempfile
from typing import Any, Callable, NamedTuple

from ansible_collections.meinberg.lantime.plugins.filter.json_schema import json_schema
from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device as ApiDevice
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import Dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_changes,
    lantime_config,
    lantime_config_info,
    lantime_drift,
    lantime_facts,
    lantime_health,
    lantime_module_info,
    lantime_probe,
    lantime_record,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import NOTIFICATION_PATH, observe
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.states import (
    DeviceState,
    apply_observation,
    as_event,
    mark_lost,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.polling import PollLimits, PollTarget, poll
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.variables import GROUP_CATEGORIES, group_names

from ..devices import run_in_process
from ..simulator.device import Device as SimulatedDevice

PASSWORD = "fuzz-canary-word"
_OPTIONS: dict[str, Any] = {"use_tls": False, "use_proxy": False, "retries": 0}
_TREE = {
    "network": {"hostname": "renamed", "nameserver1": "192.0.2.53"},
    "ntp": {"local-clock": {"stratum": "9"}},
    "snmp": {"contact": "noc", "read-community": "a-community"},
}
_NOW = "2026-06-01T12:00:00Z"


class Outcome(NamedTuple):
    """code: of the error, if any.  shown: everything that users and other programs get."""

    code: str | None
    shown: Any


class Address(NamedTuple):
    """Where a device is reached, in the form that run_in_process() takes. device: as it is, whatever it answers."""

    host: str
    port: int
    device: SimulatedDevice
    ca: str = ""

    @property
    def users(self) -> dict[str, str]:
        return {"admin": PASSWORD}

    def settings(self) -> Settings:
        return Settings(self.host, self.port, username="admin", password=PASSWORD, **_OPTIONS)


Target = Callable[[Address], Outcome]


def _job(module: Any, check: bool = False, **options: Any) -> Target:
    def run(address: Address) -> Outcome:
        done = run_in_process(address, module, check=check, diff=check, ca_path=None, **_OPTIONS, **options)
        return Outcome(done.code or _unreachable_code(done.result), [done.result, done.warnings])

    return run


def _unreachable_code(result: dict[str, Any]) -> str | None:
    return result["error"]["code"] if result.get("unreachable") else None


def _apply(address: Address) -> Outcome:
    """Change a device, and compare what the result says of it with the device."""
    before = address.device.snapshot()
    running = address.device.running()
    try:
        with tempfile.TemporaryDirectory() as journal:
            options: dict[str, Any] = {
                "config": _TREE,
                "journal_path": journal,
                "verify_grace": 0.0,
                "command_timeout": 1.0,
            }
            done = run_in_process(address, lantime_config, diff=True, ca_path=None, **_OPTIONS, **options)
        is_changed = address.device.running() != running
    finally:
        address.device.restore(before)
    if is_changed and not done.result["changed"]:
        return Outcome("internal", f"the device is changed, and the result says that it is not: {done.result}")
    return Outcome(done.code or _unreachable_code(done.result), [done.result, done.warnings])


def _schema(address: Address) -> Outcome:
    """Describe the configuration, and make a JSON Schema of it."""
    done = run_in_process(address, lantime_config_info, schema=True, ca_path=None, **_OPTIONS)
    schema = json_schema(done.result) if done.result.get("schema") else None
    return Outcome(done.code or _unreachable_code(done.result), [done.result, done.warnings, schema])


def _inventory(address: Address) -> Outcome:
    found = poll([PollTarget(address.settings(), Dialect())], PollLimits(1, 30.0, 0))[0]
    groups = group_names(found.identity, found.state, "lantime_", GROUP_CATEGORIES)
    return Outcome(found.problem, [found.identity, found.state, groups])


def _events(address: Address) -> Outcome:
    state = DeviceState()
    code = None
    with Client(address.settings()) as client:
        try:
            observation = observe(ApiDevice(client, Dialect()).get(NOTIFICATION_PATH))
            state, changes = apply_observation("ts1", state, observation, _NOW, True)
        except LantimeError as error:
            code = error.code
            state, changes = mark_lost("ts1", state, error, _NOW)
    return Outcome(code, [as_event(change, "ts1", _NOW) for change in changes])


TARGETS: dict[str, Target] = {
    "facts": _job(lantime_facts, gather_subset=["all", "config"]),
    "module_info": _job(lantime_module_info, populated=True, config=True),
    "health": _job(lantime_health, fail_on="never", expected={"psus": 2}),
    "config": _job(lantime_config, check=True, config=_TREE, missing="create"),
    "apply": _apply,
    "config_deleted": _job(lantime_config, check=True, config={"security": {"users": {"info": {}}}}, state="deleted"),
    "config_info": _job(lantime_config_info),
    "schema": _schema,
    "drift": _job(lantime_drift, config={"ntp": {"local-clock": {"stratum": 12}}}, fail_on="never"),
    "status_info": _job(lantime_config_info, tree="status"),
    "changes": _job(lantime_changes),
    "probe": _job(lantime_probe),
    "record": _job(lantime_record, check=True, dest="/dev/null/recording.json"),
    "inventory": _inventory,
    "events": _events,
}
