# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of each device: its own, its variables, the inventory file's, the environment's, the defaults."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ...module_utils._api.dialect import Dialect, make_dialect
from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import to_plain
from ...module_utils._base.sanitize import printable
from ...module_utils._client.options import CONNECTION_SPEC, make_settings
from ...module_utils._client.settings import CONNECTION_OPTIONS, POLLING_OPTIONS, Settings, check_credentials, is_given
from .sources import CREDENTIALS, ConfigError, InventoryTarget

RenderValue = t.Callable[[str, t.Any], t.Any]
"""Evaluates the templates in a value; takes the name of the value for messages, and the value."""

_DEFAULTS = {name: option.default for name, option in CONNECTION_OPTIONS.items()}


class PolledDevice(t.NamedTuple):
    """A target with all that is needed to poll it. cautions: warnings about its own credentials."""

    target: InventoryTarget
    settings: Settings
    dialect: Dialect
    options: dict[str, t.Any]
    cautions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.target.name


def resolve_paths(options: dict[str, t.Any], directory: Path) -> dict[str, t.Any]:
    """The options with relative paths taken from the directory of the inventory file."""
    return {
        name: str(directory / Path(str(value)).expanduser())
        if CONNECTION_OPTIONS[name].kind == "path" and value is not None and not str(value).startswith("$")
        else value
        for name, value in options.items()
    }


def credential_cautions(given: t.Mapping[str, t.Any], where: str) -> tuple[str, ...]:
    """Warnings about credentials that YAML may have changed. Raises ConfigError for those that are no text at all."""
    try:
        return tuple(check_credentials(given))
    except ValueError as exc:
        raise ConfigError(f"{where}: {exc}") from None


def check_options(given: t.Mapping[str, t.Any], where: str) -> dict[str, t.Any]:
    """Connection options converted to their types. Raises ConfigError for a value that cannot be converted."""
    credential_cautions(given, where)
    spec = {
        name: {k: v for k, v in CONNECTION_SPEC[name].items() if k not in ("default", "fallback")} for name in given
    }
    result = ArgumentSpecValidator(spec).validate(dict(given))
    if result.error_messages:
        raise ConfigError(f"{where}: {printable(result.error_messages[0], 300).rstrip('.')}")
    options: dict[str, t.Any] = to_plain(result.validated_parameters)
    return options


def make_device(
    target: InventoryTarget,
    base: t.Mapping[str, t.Any],
    in_file: t.Collection[str],
    variables: t.Mapping[str, t.Any],
    render: RenderValue,
) -> PolledDevice:
    """A device from its target.

    base: the options that are set in the inventory file or the environment.  in_file: those set in the inventory file; the
    variables ansible_user and ansible_password only count for the others.
    Raises ConfigError.
    """
    own = {name: value for name, value in target.options.items() if is_given(value)}
    base = {name: value for name, value in base.items() if is_given(value)}
    for option in ("host", *POLLING_OPTIONS):
        names = ("lantime_" + option, *(() if option in in_file else CONNECTION_OPTIONS[option].variables))
        name = next((n for n in names if is_given(variables.get(n))), None)
        if option not in own and name is not None:
            own[option] = render(f"the variable {name} of {target.name}", variables[name])
    host = str(own.pop("host", target.name))
    own = {option: value for option, value in own.items() if is_given(value)}
    cautions = credential_cautions(own, target.name)
    if own:
        own = check_options(own, target.name)
    options = {**_DEFAULTS, **base, **own, "host": host}
    if options["token"] is None and (not options["username"] or options["password"] is None):
        raise ConfigError(
            f"there are no credentials for {printable(target.name, 60)}; set username and password, or token, in the "
            "inventory file, or LANTIME_USERNAME and LANTIME_PASSWORD in the environment"
        )
    try:
        settings = make_settings(options)
        dialect = make_dialect(options["dialect"])
    except LantimeError as error:
        raise ConfigError(f"{target.name}: {error.what}") from None
    except ValueError as exc:
        raise ConfigError(f"{target.name}: {printable(exc, 300)}") from None
    return PolledDevice(target, settings, dialect, options, cautions)


def connection_variables(device: PolledDevice) -> dict[str, t.Any]:
    """Variables with which modules reach the device the same way, without credentials and defaults."""
    variables: dict[str, t.Any] = {"ansible_host": device.settings.host}
    for option in POLLING_OPTIONS:
        value = device.options[option]
        if option not in CREDENTIALS and value is not None and value != _DEFAULTS[option]:
            variables["lantime_" + option] = value
    return variables


def credential_warnings(devices: t.Sequence[PolledDevice]) -> list[str]:
    """One line for each caution, however many devices it is about."""
    names: dict[str, list[str]] = {}
    for device in devices:
        for caution in device.cautions:
            names.setdefault(caution, []).append(printable(device.name, 60))
    counts = {text: len(some) - 1 for text, some in names.items()}
    return [
        f"{some[0]}{f' and {counts[text]} other' if counts[text] else ''}{'s' if counts[text] > 1 else ''}: {text}"
        for text, some in names.items()
    ]


def security_warnings(devices: t.Sequence[PolledDevice]) -> list[str]:
    """Warnings about options that reduce security."""
    lines = []
    if any(not device.settings.use_tls for device in devices):
        lines.append("use_tls is false: credentials and data are sent in clear text.")
    if any(not is_verified(device) and device.settings.use_tls for device in devices):
        lines.append("validate_certs is false: the identity of the devices is not verified.")
    return lines


def is_verified(device: PolledDevice) -> bool:
    """Whether the identity of the device is verified before it gets credentials."""
    s = device.settings
    return s.use_tls and (s.validate_certs or s.tls_fingerprint is not None)
