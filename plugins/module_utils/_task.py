# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glue: the connection options, what a job gets (Task), and how a job is run and its outcome told.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import contextlib
import traceback
import typing as t
from pathlib import PurePath
from types import MappingProxyType

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import env_fallback

from ansible_collections.meinberg.lantime.plugins.module_utils import _dialect, _visible
from ansible_collections.meinberg.lantime.plugins.module_utils._client import (
    LIMITS,
    Client,
    Settings,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._envelope import Envelope
from ansible_collections.meinberg.lantime.plugins.module_utils._errors import (
    KINDS,
    LantimeError,
    printable,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._ltos import Ltos

Run = t.Callable[["Task"], "dict[str, t.Any]"]
Warn = t.Callable[[str], None]

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

_CREDENTIALS = ("password", "token")
_NOT_SHOWN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


class Spec(t.NamedTuple):
    """What a module takes.

    options: its own, without the connection's.  config_options: names of options that may hold secrets
    anywhere and are never shown.  rules: more keywords of the argument specification.  connection: whether it talks
    to a device, and takes the options for that.
    """

    options: dict[str, dict[str, t.Any]]
    config_options: tuple[str, ...] = ()
    rules: t.Mapping[str, t.Any] = MappingProxyType({})
    connection: bool = True

    def argument_spec(self) -> dict[str, dict[str, t.Any]]:
        return {**CONNECTION, **self.options} if self.connection else self.options


class Task:
    """What a job gets: validated C(params), whether to change anything, and ways to the device and to the user."""

    def __init__(self, params: dict[str, t.Any], check_mode: bool, diff: bool, warn: Warn) -> None:
        self.params = params
        self.check_mode = check_mode
        self.diff = diff
        self.warn = warn
        self.client: Client | None = None

    @property
    def host(self) -> str:
        return str(self.params.get("host") or "")

    @contextlib.contextmanager
    def open(self) -> t.Iterator[Ltos]:
        """The device's API; closed at the end. Raises LantimeError C(option) for options that cannot be."""
        settings = make_settings(self.params)
        try:
            dialect = _dialect.make_dialect(self.params.get("dialect"))
        except ValueError as exc:
            raise LantimeError("option", printable(exc, 300), host=self.host) from None
        if not settings.use_tls:
            self.warn(
                "use_tls is false: credentials and data travel over the network in clear text."
            )
        elif not settings.validate_certs and settings.tls_fingerprint is None:
            self.warn(
                "validate_certs is false: nothing proves that the device is the one it claims to be."
            )
        with Client(settings) as client:
            self.client = client
            yield Ltos(client, dialect, self.params.get("config_root"))


def make_settings(params: t.Mapping[str, t.Any]) -> Settings:
    """Settings from the connection options. Raises LantimeError C(option) for values out of range."""
    host = str(params.get("host") or "")
    if not host:
        raise LantimeError(
            "option",
            "no host is given",
            hint="set lantime_host or ansible_host, and for gather_facts the option host in module_defaults",
        )
    for name, (low, high) in LIMITS.items():
        value = params[name]
        if not low <= value <= high:
            raise LantimeError(
                "option", f"{name} must be from {low:g} to {high:g}, not {value:g}", host=host
            )
    options: dict[str, t.Any] = {name: params.get(name) for name in Settings._fields}
    return Settings(**options)


def device(identity: Envelope | None) -> dict[str, t.Any]:
    """The C(device) member of results: who answered."""
    if identity is None:
        return {}
    return {
        "model": identity.model,
        "serial_number": identity.serial_number,
        "hostname": identity.hostname,
        "firmware": (identity.firmware or "").replace("fw_", "", 1) or None,
        "api_version": identity.api_version,
        "api_generation": identity.api_generation,
    }


def execute(run: Run, task: Task) -> dict[str, t.Any]:
    """Run a job to its result; every failure becomes a result too, never a traceback with the device's data in it."""
    try:
        result = run(task)
    except LantimeError as error:
        result = failure(error, task)
    except Exception as exc:
        frames = traceback.extract_tb(exc.__traceback__)[-3:]
        where = " < ".join(f"{PurePath(f.filename).name}:{f.lineno}" for f in reversed(frames))
        result = failure(
            LantimeError("internal", f"{type(exc).__name__} in {where}", host=task.host), task
        )
    if task.client is not None and task.client.settings.http_log:
        result["http_sessions"] = task.client.http_sessions
    return t.cast("dict[str, t.Any]", _visible.inert(result))


def failure(error: LantimeError, task: Task | None = None) -> dict[str, t.Any]:
    """The result that stands for an error: C(unreachable) if the device gave no answer and nothing was sent to change it, else C(failed)."""
    wrote = task is not None and task.client is not None and task.client.writes_sent > 0
    unreachable = KINDS[error.code].unreachable and not wrote
    return {
        "changed": False,
        **error.extra,
        "unreachable" if unreachable else "failed": True,
        "msg": str(error),
        "error": error.as_dict(),
    }


def option_error(text: str, host: str) -> LantimeError:
    """The error for arguments that the argument specification refuses; C(text) is Ansible's own."""
    return LantimeError("option", printable(text, 1500), host=host)


def shown_params(params: t.Mapping[str, t.Any], spec: Spec) -> dict[str, t.Any]:
    """Parameters as C(invocation) shows them: no credentials, no secrets in configuration."""
    shown = {k: v for k, v in params.items() if not k.startswith("_ansible_")}
    for name in _CREDENTIALS:
        if shown.get(name) is not None:
            shown[name] = _NOT_SHOWN
    # A user who puts the password into the host is told so without showing it.
    if "@" in str(shown.get("host")):
        shown["host"] = "…@" + str(shown["host"]).rpartition("@")[2]
    for name in spec.config_options:
        if shown.get(name) is not None:
            shown[name] = _NOT_SHOWN
    return shown


class _Module(AnsibleModule):
    """An AnsibleModule whose complaints about arguments look like all other errors of the collection."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=spec.argument_spec(), supports_check_mode=True, **spec.rules
        )

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.NoReturn:
        params = getattr(self, "params", None) or {}
        host = str(params.get("host") or "")
        self.params = shown_params(params, self._spec)
        super().fail_json(**{**kwargs, **failure(option_error(msg, host))})
        raise SystemExit(1)


def run_packaged(spec: Spec, run: Run, *, for_gathering: bool = False) -> None:
    """Run a job as a module of its own process: the packaged door.

    for_gathering: the action gather_facts may run the module too, past the collection's own action plugin.
    """
    module = _Module(spec)
    # Masking by substring would corrupt facts (the factory password is part of many host names): credentials stay
    # out of results by construction, and a test with canaries proves it.
    module.no_log_values = set()
    params = dict(module.params)
    module.params = shown_params(params, spec)
    task = Task(params, module.check_mode, module._diff, module.warn)
    outcome = execute(run, task)
    if for_gathering and outcome.get("unreachable"):
        # gather_facts takes a result that is unreachable but not failed for a success without facts.
        outcome["failed"] = True
    module.exit_json(**outcome)
