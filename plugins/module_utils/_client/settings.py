# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of connection options. Needs nothing of ansible-core, which ansible-rulebook may not have."""

from __future__ import annotations

import dataclasses
import typing as t

from .._base.plain import is_omitted
from .._base.ranges import Bounds


class Option(t.NamedTuple):
    """An option as it is read from a user.

    kind: type in an argument specification.  limits: smallest and largest number.  choices: the only valid texts.
    no_log: as in an argument specification.  variables: fall back to these after lantime_<option>, best first.
    polling: whether the inventory and the event source, which only poll devices, have the option too.
    """

    kind: str
    default: t.Any = None
    limits: Bounds | None = None
    choices: tuple[str, ...] = ()
    no_log: bool | None = None
    variables: tuple[str, ...] = ()
    polling: bool = True


def _option(*args: t.Any, **more: t.Any) -> t.Any:
    option = Option(*args, **more)
    # The result is the field of a row of Settings.
    return dataclasses.field(default=option.default, metadata={"option": option})  # pylint: disable=invalid-field-call


@dataclasses.dataclass(frozen=True)
class Settings:
    """How to reach one device: one row for each connection option, all times in seconds."""

    host: str = dataclasses.field(metadata={"option": Option("str", variables=("ansible_host",), polling=False)})
    port: int = _option("int", 443, limits=(1, 65535))
    use_tls: bool = _option("bool", True)
    username: str | None = _option("str", variables=("ansible_user",))
    password: str | None = _option("str", no_log=True, variables=("ansible_password",))
    token: str | None = _option("str", no_log=True)
    auth: str = _option("str", "basic", choices=("basic", "token"))
    validate_certs: bool = _option("bool", True)
    ca_path: str | None = _option("path")
    tls_fingerprint: str | None = _option("str")
    client_cert: str | None = _option("path")
    client_key: str | None = _option("path", no_log=False)
    use_proxy: bool = _option("bool", True)
    connect_timeout: float = _option("float", 5.0, limits=(0.1, 600))
    read_timeout: float = _option("float", 15.0, limits=(0.1, 3600))
    request_timeout: float = _option("float", 30.0, limits=(0.1, 3600))
    command_timeout: float = _option("float", 120.0, limits=(1, 3600), polling=False)
    task_timeout: float = _option("float", 900.0, limits=(0, 86400), polling=False)
    retries: int = _option("int", 3, limits=(0, 10))
    login_limit: int = _option("int", 3, limits=(0, 10000), polling=False)
    http_log: bool = _option("bool", False, polling=False)
    http_log_max: int = _option("int", 50, limits=(1, 10000), polling=False)

    def __repr__(self) -> str:
        return f"Settings(host={self.host!r}, port={self.port})"


CONNECTION_OPTIONS: dict[str, Option] = {
    **{field.name: field.metadata["option"] for field in dataclasses.fields(Settings)},
    # Parsed by the API layer.
    "dialect": Option("dict"),
}

SECRET_OPTIONS = tuple(name for name, option in CONNECTION_OPTIONS.items() if option.no_log)

POLLING_OPTIONS: dict[str, Option] = {name: option for name, option in CONNECTION_OPTIONS.items() if option.polling}


# Hosts in this group are LANTIMEs, as are hosts with lantime_host.
DEVICE_GROUP = "lantime"


def environment_name(option: str) -> str:
    """The environment variable that a connection option falls back to."""
    return "LANTIME_" + option.upper()


def is_given(value: t.Any) -> bool:
    """Whether a connection option is given: an empty text means that it is not, as for a secret that a CI system does not have."""
    return value is not None and not (isinstance(value, str) and not value) and not is_omitted(value)


def check_credentials(given: t.Mapping[str, t.Any]) -> list[str]:
    """Warnings about credentials that YAML may have changed. Raises ValueError for those that are no text at all."""
    warnings = []
    for name in SECRET_OPTIONS:
        value = given.get(name)
        if isinstance(value, bool):
            raise ValueError(
                f"{name} is a boolean; quote it, because yes, no, on and off without quotes are booleans in YAML"
            )
        if isinstance(value, (int, float)):
            warnings.append(f"{name} is a number; quote it, because YAML changes numbers: 0123 without quotes is 83.")
        elif isinstance(value, (list, tuple, dict)):
            raise ValueError(f"{name} is not a text; quote it, because brackets and braces have a meaning in YAML")
    return warnings
