# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of a job: completed from variables, and validated as Ansible validates those of a packaged module."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ...module_utils._base.plain import to_plain
from ...module_utils._client.options import CONNECTION_SPEC
from ...module_utils._client.settings import CONNECTION_OPTIONS, check_credentials, is_given
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Spec, failure_result, masked_params, option_error
from ...module_utils._tree.values import number
from .host_variables import HostVariables, fallback_value


class Modes(t.NamedTuple):
    """Modes of a task, and how to warn the user."""

    check: bool
    diff: bool
    warn: t.Callable[[str], None]


def complete_connection(
    arguments: dict[str, t.Any], host: HostVariables, login: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """The arguments with fallback values for connection options that are not given. login: of the command line."""
    completed = dict(arguments)
    for option in CONNECTION_OPTIONS:
        if not is_given(completed.get(option)):
            completed.pop(option, None)
            value = fallback_value(option, host, login)
            if is_given(value):
                completed[option] = value
    return completed


def within_async(arguments: dict[str, t.Any], seconds: float) -> dict[str, t.Any]:
    """The arguments with a task_timeout that is no longer than the keyword async, after which Ansible kills the module.

    So the task ends by itself, after a rollback if it needs one. seconds: of the keyword.
    """
    limit = number(arguments.get("task_timeout", CONNECTION_SPEC["task_timeout"]["default"]))
    return {**arguments, "task_timeout": seconds} if limit is not None and not 0 < limit <= seconds else arguments


def make_context(arguments: dict[str, t.Any], spec: Spec, modes: Modes, name: str) -> JobContext | dict[str, t.Any]:
    """The context of a job, or the result for invalid arguments. name: of the module, for messages."""
    host = str(arguments.get("host") or "")
    try:
        cautions = check_credentials(arguments if spec.connection else {})
    except ValueError as exc:
        invocation = {"module_args": masked_params(arguments, spec)}
        return {**failure_result(option_error(str(exc), host)), "invocation": invocation}
    checked = ArgumentSpecValidator(spec.argument_spec(), **spec.rules).validate(arguments)
    if checked.error_messages:
        text = checked.errors[0].msg
        if isinstance(checked.errors[0], UnsupportedError):
            text = f"Unsupported parameters for ({name}) module: {text}"
        invocation = {"module_args": masked_params(checked.validated_parameters, spec)}
        return {**failure_result(option_error(text, host)), "invocation": invocation}
    for caution in cautions:
        modes.warn(caution)
    return JobContext(to_plain(checked.validated_parameters), modes.check, modes.diff, modes.warn)
