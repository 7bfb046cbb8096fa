# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job and builds its result."""

from __future__ import annotations

import traceback
import typing as t
from pathlib import PurePath
from types import MappingProxyType

from ansible.module_utils.basic import AnsibleModule

from .._base import sanitize
from .._base.errors import KINDS, LantimeError
from .._base.sanitize import printable
from .._client.options import CONNECTION
from .context import JobContext

Job = t.Callable[["JobContext"], "dict[str, t.Any]"]

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


def run_job(run: Job, context: JobContext) -> dict[str, t.Any]:
    """Run a job to its result; every failure becomes a result too, never a traceback with the device's data in it."""
    try:
        result = run(context)
    except LantimeError as error:
        result = failure(error, context)
    except Exception as exc:
        frames = traceback.extract_tb(exc.__traceback__)[-3:]
        where = " < ".join(f"{PurePath(f.filename).name}:{f.lineno}" for f in reversed(frames))
        result = failure(LantimeError("internal", f"{type(exc).__name__} in {where}", host=context.host), context)
    if context.client is not None and context.client.settings.http_log:
        result["http_sessions"] = context.client.http_sessions
    return t.cast("dict[str, t.Any]", sanitize.inert(result))


def failure(error: LantimeError, context: JobContext | None = None) -> dict[str, t.Any]:
    """The result that stands for an error: C(unreachable) if the device gave no answer and nothing was sent to change it, else C(failed)."""
    wrote = context is not None and context.client is not None and context.client.writes_sent > 0
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


def run_packaged(spec: Spec, run: Job, *, for_gathering: bool = False) -> None:
    """Run a job as a module of its own process: the packaged door.

    for_gathering: the action gather_facts may run the module too, past the collection's own action plugin.
    """
    module = _Module(spec)
    # Masking by substring would corrupt facts (the factory password is part of many host names): credentials stay
    # out of results by construction, and a test with canaries proves it.
    module.no_log_values = set()
    params = dict(module.params)
    module.params = shown_params(params, spec)
    context = JobContext(params, module.check_mode, module._diff, module.warn)
    outcome = run_job(run, context)
    if for_gathering and outcome.get("unreachable"):
        # gather_facts takes a result that is unreachable but not failed for a success without facts.
        outcome["failed"] = True
    module.exit_json(**outcome)
