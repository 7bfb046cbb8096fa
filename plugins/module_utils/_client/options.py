# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options as an argument specification, and the settings made from them."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.common.parameters import env_fallback
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._base.errors import LantimeError
from .._base.ranges import check_ranges
from .settings import CONNECTION_OPTIONS, Option, Settings, environment_name, is_given


def _from_environment(name: str) -> t.Any:
    value = env_fallback(name)
    if not is_given(value):
        raise AnsibleFallbackNotFound
    return value


def _specification(name: str, option: Option) -> dict[str, t.Any]:
    entry = {
        "type": option.kind,
        "default": option.default,
        "choices": list(option.choices) or None,
        "no_log": option.no_log,
        "fallback": (_from_environment, [environment_name(name)]),
    }
    return {key: value for key, value in entry.items() if value is not None}


CONNECTION_SPEC: dict[str, dict[str, t.Any]] = {
    name: _specification(name, option) for name, option in CONNECTION_OPTIONS.items()
}


_OPTION_DEFAULTS = {name: option.default for name, option in CONNECTION_OPTIONS.items()}


def without_empty(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Parameters without the connection options that are not given."""
    return {name: value for name, value in params.items() if name not in CONNECTION_OPTIONS or is_given(value)}


def make_settings(params: t.Mapping[str, t.Any]) -> Settings:
    """Settings from the connection options. Raises LantimeError with the code option for values out of range."""
    params = {**_OPTION_DEFAULTS, **without_empty(params)}
    host = str(params.get("host") or "")
    if not host:
        raise LantimeError(
            "option",
            "no host is given",
            hint="set lantime_host or ansible_host, and for gather_facts the option host in module_defaults",
        )
    limits = {name: option.limits for name, option in CONNECTION_OPTIONS.items() if option.limits is not None}
    try:
        check_ranges(params, limits)
    except ValueError as exc:
        raise LantimeError("option", str(exc), host=host) from None
    values: dict[str, t.Any] = {field.name: params.get(field.name) for field in dataclasses.fields(Settings)}
    return Settings(**values)
