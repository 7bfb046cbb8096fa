# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job and builds its result."""

from __future__ import annotations

import re
import traceback
import typing as t
from pathlib import PurePath
from types import MappingProxyType

from ansible.module_utils.basic import AnsibleModule

from .._base import sanitize
from .._base.errors import KINDS, LantimeError
from .._base.sanitize import printable, without_user_info
from .._base.suggest import suggest_names
from .._client.options import CONNECTION_SPEC, without_empty
from .._client.settings import SECRET_OPTIONS, check_credentials
from .._tree.redaction import Redactor
from .context import JobContext

Job = t.Callable[["JobContext"], "dict[str, t.Any]"]

# Members with a text of the collection, which may quote names that the device reports.
_MESSAGE_MEMBERS = ("msg", "reason", "device_message", "hint")
_UNSUPPORTED = re.compile(
    r"(?P<start>Unsupported parameters for \([^)]*\) module: )(?P<unknown>.*)\. Supported parameters include: (?P<supported>.*)",
    re.DOTALL,
)
_OPTION_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MAX_UNKNOWN_OPTIONS = 5
_MASKED_PARAM = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


class Spec(t.NamedTuple):
    """The argument specification of a module.

    options: those of the module itself.  config_options: names of options that may hold secrets anywhere and are always
    masked.  rules: more keywords of the argument specification.  connection: whether the module connects to a device and
    has the options of the connection.
    """

    options: dict[str, dict[str, t.Any]]
    config_options: tuple[str, ...] = ()
    rules: t.Mapping[str, t.Any] = MappingProxyType({})
    connection: bool = True

    def argument_spec(self) -> dict[str, dict[str, t.Any]]:
        """A copy, as a validation writes the defaults of suboptions into the specification."""
        return {name: _copy_of(entry) for name, entry in self._shared_spec().items()}

    def mask_unknown(self, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Options with the values of those masked that the specification does not have: a misspelled one may hold a secret."""
        return _mask_unknown_options(given, self._shared_spec())

    def _shared_spec(self) -> dict[str, dict[str, t.Any]]:
        return {**CONNECTION_SPEC, **self.options} if self.connection else self.options


def _copy_of(value: t.Any) -> t.Any:
    """A copy of mappings in mappings and of lists of texts, which is several times faster than a general one."""
    if isinstance(value, dict):
        return {name: _copy_of(item) for name, item in value.items()}
    return [*value] if isinstance(value, list) else value


def run_job(run: Job, context: JobContext) -> dict[str, t.Any]:
    """Run a job and return its result. A failure is a result too, never a traceback, which could hold data of the device.

    Every result passes here: no control character of the device reaches a terminal, whatever member it is in.
    """
    try:
        result = run(context)
    except LantimeError as error:
        result = failure_result(error.with_context(host=context.host), context)
    except Exception as exc:
        frames = traceback.extract_tb(exc.__traceback__)[-3:]
        where = " < ".join(f"{PurePath(f.filename).name}:{f.lineno}" for f in reversed(frames))
        result = failure_result(
            LantimeError("internal", f"{type(exc).__name__} in {where}", host=context.host), context
        )
    if context.client is not None:
        _redact_messages(result, context.client.redactor, context.host)
    if context.client is not None and context.client.settings.http_log:
        result["http_sessions"] = context.client.http_sessions
    finished = {name: result.pop(name) for name in context.finished_members if name in result}
    exact = {name: sanitize.escape_for_json(result[name]) for name in context.exact_members if name in result}
    return {**sanitize.escape_for_display(result), **exact, **finished}


def failure_result(error: LantimeError, context: JobContext | None = None) -> dict[str, t.Any]:
    """The result for an error: unreachable if the device did not answer and nothing was written, else failed."""
    has_written = context is not None and context.device is not None and context.device.has_written
    unreachable = KINDS[error.code].unreachable and not has_written
    outcome: dict[str, t.Any] = {"changed": False}
    if has_written:
        # What the job itself knows of its writes is in the extra.
        outcome = {"changed": True, "operations": [], "saved": None}
    return {
        **outcome,
        **error.extra,
        "unreachable" if unreachable else "failed": True,
        "msg": str(error),
        "error": error.as_dict(),
    }


def _redact_messages(result: dict[str, t.Any], redactor: Redactor, host: str) -> None:
    """Mask secrets in the messages of a result and of its members, such as error, rollback and operations."""
    holders = [result]
    for member in result.values():
        holders += [item for item in (member if isinstance(member, list) else [member]) if isinstance(item, dict)]
    for holder in holders:
        for name in _MESSAGE_MEMBERS:
            if isinstance(holder.get(name), str):
                holder[name] = redactor.hide_long(holder[name], host)
    error = result.get("error")
    if error is not None and isinstance(error.get("path"), str):
        error["path"] = redactor.hide_long(error["path"], host)


def option_error(text: str, host: str) -> LantimeError:
    """The error for arguments that do not match the argument specification. text: the message of Ansible.

    The list of all options in it is replaced by those that are similar to the unknown ones.
    """
    match = _UNSUPPORTED.fullmatch(text)
    if match is not None:
        known = _OPTION_NAME.findall(match.group("supported"))
        unknown = match.group("unknown").split(", ")
        named = ", ".join(
            f"{name}{suggest_names(name.rpartition('.')[2], known)}" for name in unknown[:_MAX_UNKNOWN_OPTIONS]
        )
        text = match.group("start") + named
    return LantimeError("option", printable(text, 1500), host=host)


def masked_params(params: t.Mapping[str, t.Any], spec: Spec) -> dict[str, t.Any]:
    """Parameters for the member invocation of a result: credentials and options that may hold secrets masked."""
    given = {k: v for k, v in params.items() if not k.startswith("_ansible_")}
    masked = spec.mask_unknown(given)
    for name in SECRET_OPTIONS:
        if masked.get(name) is not None:
            masked[name] = _MASKED_PARAM
    # The host may hold a password by mistake.
    if masked.get("host") is not None:
        masked["host"] = without_user_info(str(masked["host"]))
    for name in spec.config_options:
        if masked.get(name) is not None:
            masked[name] = _MASKED_PARAM
    return masked


def _mask_unknown_options(given: t.Mapping[str, t.Any], spec: t.Mapping[str, dict[str, t.Any]]) -> dict[str, t.Any]:
    known = dict(spec)
    for option in spec.values():
        known.update(dict.fromkeys(option.get("aliases") or (), option))
    masked: dict[str, t.Any] = {}
    for name, value in given.items():
        if name not in known:
            masked[name] = _MASKED_PARAM
            continue
        below = known[name].get("options")
        if below and isinstance(value, dict):
            value = _mask_unknown_options(value, below)
        elif below and isinstance(value, list):
            value = [_mask_unknown_options(item, below) if isinstance(item, dict) else item for item in value]
        masked[name] = value
    return masked


class _JobModule(AnsibleModule):
    """An AnsibleModule that reports invalid arguments like all other errors of the collection."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self.cautions: list[str] = []
        self.refusal: LantimeError | None = None
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=spec.argument_spec(), supports_check_mode=True, **spec.rules
        )

    def _load_params(self) -> None:
        super()._load_params()  # type: ignore[no-untyped-call]
        if self._spec.connection:
            self.params = without_empty(self.params)
            try:
                self.cautions = check_credentials(self.params)
            except ValueError as exc:
                self.refusal = option_error(str(exc), str(self.params.get("host") or ""))

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.NoReturn:
        params = getattr(self, "params", None) or {}
        host = str(params.get("host") or "")
        self.params = masked_params(params, self._spec)
        super().fail_json(**{**kwargs, **failure_result(option_error(msg, host))})
        raise SystemExit(1)


def run_packaged(spec: Spec, run: Job, *, for_gathering: bool = False) -> None:
    """The packaged entry point: run a job as a module in a process of its own.

    for_gathering: the action gather_facts may run the module, without the action plugin of the collection.
    """
    module = _JobModule(spec)
    # Masking substrings would corrupt facts, as the factory password is part of many host names. Credentials never get
    # into results, which a test with canaries proves.
    module.no_log_values = set()
    params = dict(module.params)
    module.params = masked_params(params, spec)
    context = JobContext(params, module.check_mode, module._diff, module.warn)
    for caution in module.cautions:
        module.warn(caution)
    outcome = run_job(run, context) if module.refusal is None else failure_result(module.refusal)
    if for_gathering and outcome.get("unreachable"):
        # For gather_facts a result that is unreachable but not failed is a success without facts.
        outcome["failed"] = True
    module.exit_json(**outcome)
