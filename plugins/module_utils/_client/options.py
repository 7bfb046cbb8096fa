# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options, and the settings made from them."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.parameters import env_fallback

from .._base.errors import LantimeError
from .settings import OPTION_LIMITS, Settings

# Variables that a connection option falls back to after lantime_<option>, best first.
VARIABLES: dict[str, tuple[str, ...]] = {
    "host": ("ansible_host",),
    "username": ("ansible_user",),
    "password": ("ansible_password",),
}


def _option(kind: str, default: t.Any = None, **more: t.Any) -> dict[str, t.Any]:
    return {"type": kind, **({} if default is None else {"default": default}), **more}


CONNECTION: dict[str, dict[str, t.Any]] = {
    "host": _option("str"),
    "port": _option("int", 443),
    "use_tls": _option("bool", True),
    "username": _option("str"),
    "password": _option("str", no_log=True),
    "token": _option("str", no_log=True),
    "auth": _option("str", "basic", choices=["basic", "token"]),
    "validate_certs": _option("bool", True),
    "ca_path": _option("path"),
    "tls_fingerprint": _option("str"),
    "client_cert": _option("path"),
    "client_key": _option("path", no_log=False),
    "use_proxy": _option("bool", True),
    "connect_timeout": _option("float", 5.0),
    "read_timeout": _option("float", 15.0),
    "request_timeout": _option("float", 30.0),
    "command_timeout": _option("float", 120.0),
    "retries": _option("int", 3),
    "http_log": _option("bool", False),
    "http_log_max": _option("int", 50),
    "dialect": _option("dict"),
}
for _name, _entry in CONNECTION.items():
    _entry["fallback"] = (env_fallback, ["LANTIME_" + _name.upper()])


def make_settings(params: t.Mapping[str, t.Any]) -> Settings:
    """Settings from the connection options. Raises LantimeError C(option) for values out of range."""
    host = str(params.get("host") or "")
    if not host:
        raise LantimeError(
            "option",
            "no host is given",
            hint="set lantime_host or ansible_host, and for gather_facts the option host in module_defaults",
        )
    for name, (low, high) in OPTION_LIMITS.items():
        value = params[name]
        if not low <= value <= high:
            raise LantimeError("option", f"{name} must be from {low:g} to {high:g}, not {value:g}", host=host)
    options: dict[str, t.Any] = {name: params.get(name) for name in Settings._fields}
    return Settings(**options)
