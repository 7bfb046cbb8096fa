# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of tasks in the roles of the collection, from the variables of the role.

A template in the arguments of a task is compiled for each host, and a golden configuration is templated for each host. The
variables are read here instead, and templated only if they have a template.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import RepeatedNameError
from ...module_utils._drift.layers import layers_of_host, merge_layers, split_rules
from ...module_utils._plan.file_names import plan_path
from ...module_utils._tree.canonical import repeated_name_error
from .host_variables import HostVariables

_COLLECTION = "meinberg.lantime."
# What the variables of the roles are called where it is not as the option.
_RENAMED = {"optional_paths": "optional", "ignore_paths": "ignore", "unordered_lists": "unordered"}

# Facts that the pages of a report show.
FACTS = ["min", "sync", "receiver", "ntp", "firmware"]

_HEALTH_OPTIONS = ("profile", "thresholds", "include", "skip", "expected", "baseline", "fail_on")
_WAIT_OPTIONS = ("wait_timeout", "wait_interval")
COMPARISON_OPTIONS = ("state", "missing", "optional_paths", "ignore_paths", "unordered_lists", "secrets")
_WRITE_OPTIONS = ("update_secrets", "save", "pending", "backup", "verify_grace", "on_interrupted")


def complete_config_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments of lantime_config with those that the role fleet_config gives. Raises LantimeError."""
    if _role_of(host) != "fleet_config":
        return arguments
    completed = complete_options(arguments, host, "fleet_config", (*COMPARISON_OPTIONS, *_WRITE_OPTIONS))
    directory = host.get("fleet_config_backup_dir")
    if directory is not None and "backup_options" not in completed:
        completed["backup_options"] = {"dir_path": directory}
    return complete_golden({**_plan_options(host), **_window_options(host), **completed}, host, "fleet_config")


def _window_options(host: HostVariables) -> dict[str, t.Any]:
    """Options for a change that waits for its confirmation, which comes for all devices of the ring together."""
    seconds = host.get("fleet_config_confirm_window")
    if seconds is None or _is_zero(seconds):
        return {}
    return {"confirm_window": seconds, "confirm_later": True, "health_gate": "sync"}


def _is_zero(value: t.Any) -> bool:
    """Whether a number, which is text on the command line, is zero. The role has checked that it is a number."""
    try:
        return float(value) == 0
    except (TypeError, ValueError):
        return False


def _plan_options(host: HostVariables) -> dict[str, t.Any]:
    """Options for the plan file of the host. Raises LantimeError."""
    use = host.get("fleet_config_plan")
    if use not in ("write", "apply"):
        return {}
    try:
        path = plan_path(str(host.get("fleet_config_plan_dir") or ""), str(host.name))
    except ValueError as exc:
        raise LantimeError("option", f"there can be no plan: {exc}", host=str(host.name or "")) from None
    golden_files = host.get("fleet_config_golden_files")
    return {
        "plan_dest" if use == "write" else "plan_src": str(path),
        **({"plan_golden_files": golden_files} if golden_files else {}),
    }


def complete_health_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments of lantime_health with those that a role gives."""
    role = _role_of(host)
    if role == "health_check":
        facts = FACTS if is_on(host, "health_check_facts") else []
        named = {"gather_subset": facts, "ignore_unhealthy": True, **arguments}
        return complete_options(named, host, role, (*_HEALTH_OPTIONS, "config", "wait", "wait_timeout"))
    if role == "fleet_config":
        waiting = _WAIT_OPTIONS if arguments.get("wait") else ()
        return complete_options({"ignore_unhealthy": True, **arguments}, host, role, (*_HEALTH_OPTIONS, *waiting))
    return arguments


def complete_verdict_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments of lantime_verdict with those that a role gives."""
    role = _role_of(host)
    if role == "drift_check":
        return complete_options(arguments, host, role, ("fail_on",))
    if role == "fleet_config":
        decides = host.get("fleet_config_gate") and host.get("fleet_config_gate_mode") == "absolute"
        return {"ignore_health": not decides, **arguments}
    return arguments


def is_on(host: HostVariables, name: str) -> bool:
    """The value of a switch, which is on unless it says otherwise. The role has checked that it is one."""
    value = host.get(name)
    return value is None or bool(boolean(value, strict=False))


def complete_options(
    arguments: dict[str, t.Any], host: HostVariables, role: str, options: t.Iterable[str]
) -> dict[str, t.Any]:
    """The arguments with the options that they do not have, as far as the variables of the role have a value."""
    completed = dict(arguments)
    for option in options:
        if completed.get(option) is None:
            value = host.get(f"{role}_{_RENAMED.get(option, option)}")
            # Empty lists and mappings are the same as none.
            if value not in (None, [], {}):
                completed[option] = value
    return completed


def complete_golden(arguments: dict[str, t.Any], host: HostVariables, role: str) -> dict[str, t.Any]:
    """The arguments with config and modules, unless they have one of them. Raises LantimeError."""
    if arguments.get("config") is not None or arguments.get("modules") is not None:
        return arguments
    try:
        own = {option: host.tree(f"{role}_{option}") for option in ("config", "modules")}
        given = {option: value for option, value in own.items() if value is not None}
        golden = {} if len(given) == len(own) else _golden_options(host)
    except RepeatedNameError as exc:
        raise repeated_name_error(exc.path).with_context(host=str(host.name or "")) from None
    except ValueError as exc:
        raise LantimeError("option", str(exc), host=str(host.name or "")) from None
    return {**arguments, **golden, **given}


def _golden_options(host: HostVariables) -> dict[str, t.Any]:
    """config and modules of the golden configuration with its overlays."""
    tree, rules, overlays = (host.tree(f"lantime_golden_{name}") for name in ("config", "modules", "overlays"))
    merged, merged_rules = split_rules(merge_layers(layers_of_host(tree, rules, overlays, host.groups, host.name)))
    return {name: value for name, value in (("config", merged), ("modules", merged_rules)) if value}


def _role_of(host: HostVariables) -> str | None:
    """The role of the collection that the task is part of; None for another one or none."""
    name = str(host.get("ansible_role_name") or "")
    return name[len(_COLLECTION) :] if name.startswith(_COLLECTION) else None
