# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process entry point: runs a job in the worker process on the controller.

This needs no module archive, no second Python and no temporary files. The packaged module runs instead if the task is
delegated to another machine or uses async, if the host of the play is not the device, or with lantime_execution: target.
"""

from __future__ import annotations

import contextlib
import gc
import os
import typing as t

from ansible import constants as C  # noqa: N812
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.unsafe_proxy import wrap_var

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import to_plain
from ...module_utils._client import transport
from ...module_utils._client.options import make_settings
from ...module_utils._client.settings import CONNECTION_OPTIONS, check_credentials, environment_name, is_given
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Job, Spec, failure_result, masked_params, option_error, run_job
from .alarm import OverrunError, alarm_put_off
from .environment import as_list, process_environment, proxy_variables, task_environment
from .logins import TaskLogins

# The parent of all workers loads this file once, so the workers inherit this context. The first context of a process and
# the system's store of certificates take long to load.
with contextlib.suppress(OSError):
    transport.tls_context(True, None, None, None)

# Since core 2.19 text is a template only if it is marked as trusted, and before that unless it is marked as unsafe.
_TRUST_IS_MARKED = tuple(map(int, core_version.split(".")[:2])) >= (2, 19)

_LOCAL_CONNECTIONS = ("local", "ansible.builtin.local", "ansible.legacy.local")
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def _includes_invocation(variables: dict[str, t.Any]) -> bool:
    """Whether results carry the arguments: always before core 2.21, by configuration since."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:
        return True


class InProcessAction(ActionBase):
    """An action plugin that runs the job of the module with the same name. Subclasses set spec and job."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = True

    spec: Spec
    job: t.ClassVar[Job]

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        variables: dict[str, t.Any] = task_vars or {}
        result: dict[str, t.Any] = super().run(tmp, variables)
        with process_environment(task_environment(self._task.environment, self._templar)) as environment:
            arguments = self._complete_arguments(variables)
            logins = TaskLogins(arguments if self.spec.connection else {})
            refusal = logins.refusal()
            if refusal is not None and (outcome := self._not_tried(arguments, refusal)) is not None:
                return self._as_result(result, outcome, variables)
            if self._must_run_packaged(variables):
                if proxies := proxy_variables(environment):
                    self._task.environment = [*as_list(self._task.environment), wrap_var(proxies)]
                outcome = self._run_packaged(arguments, variables)
                logins.remember(outcome)
                return {**result, **outcome}
            outcome = self._run_in_process(arguments)
            logins.remember(outcome)
        return self._as_result(result, outcome, variables)

    def _as_result(
        self, result: dict[str, t.Any], outcome: dict[str, t.Any], variables: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        if not _includes_invocation(variables):
            outcome.pop("invocation", None)
        return {**result, **(outcome if _TRUST_IS_MARKED else wrap_var(outcome))}

    def _not_tried(self, arguments: dict[str, t.Any], refusal: LantimeError) -> dict[str, t.Any] | None:
        """The outcome of a task whose login was refused before; None if its arguments are invalid, which comes first."""
        checked = ArgumentSpecValidator(self.spec.argument_spec(), **self.spec.rules).validate(arguments)
        if checked.error_messages:
            return None
        try:
            make_settings(checked.validated_parameters)
        except LantimeError:
            return None
        invocation = {"module_args": masked_params(checked.validated_parameters, self.spec)}
        return {**failure_result(refusal), "invocation": invocation}

    def _run_packaged(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        outcome: dict[str, t.Any] = self._execute_module(
            module_name=self._task.resolved_action or self._task.action,
            module_args=arguments,
            task_vars=variables,
            wrap_async=bool(self._task.async_val),
        )
        if outcome.get("unreachable"):
            # Ansible does not count a result as unreachable that is marked as failed too.
            outcome.pop("failed", None)
            outcome.pop("exception", None)
        return outcome

    def _run_in_process(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            warnings = check_credentials(arguments if self.spec.connection else {})
        except ValueError as exc:
            error = option_error(str(exc), str(arguments.get("host") or ""))
            return {**failure_result(error), "invocation": {"module_args": masked_params(arguments, self.spec)}}
        validator = ArgumentSpecValidator(self.spec.argument_spec(), **self.spec.rules)
        checked = validator.validate(arguments)
        invocation = {"module_args": masked_params(checked.validated_parameters, self.spec)}
        if checked.error_messages:
            text = checked.errors[0].msg
            if isinstance(checked.errors[0], UnsupportedError):
                name = self._task.resolved_action or self._task.action
                text = f"Unsupported parameters for ({name}) module: {text}"
            error = option_error(text, str(arguments.get("host") or ""))
            return {**failure_result(error), "invocation": invocation}
        context = JobContext(
            to_plain(checked.validated_parameters),
            bool(self._task.check_mode),
            bool(self._task.diff),
            warnings.append,
        )
        outcome = self._run_in_time(context)
        if warnings:
            outcome["warnings"] = warnings
        return {**outcome, "invocation": invocation}

    def _run_in_time(self, context: JobContext) -> dict[str, t.Any]:
        # A garbage collection would touch, and so copy, all memory that this short-lived process shares with its parent.
        gc.disable()
        try:
            with alarm_put_off() as context.keyword_end:
                return run_job(type(self).job, context)
        except OverrunError:
            error = LantimeError("timeout_task", "the task did not end after the keyword timeout", host=context.host)
            return failure_result(error, context)
        finally:
            gc.enable()

    def _complete_arguments(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """The arguments of the task, with fallback values for connection options that are not given."""
        arguments: dict[str, t.Any] = to_plain(self._task.args)
        for option in CONNECTION_OPTIONS if self.spec.connection else ():
            if not is_given(arguments.get(option)):
                arguments.pop(option, None)
                value = self._fallback_value(option, variables)
                if is_given(value):
                    arguments[option] = value
        return arguments

    def _fallback_value(self, option: str, variables: dict[str, t.Any]) -> t.Any:
        """A connection option from the variables of the host, else the environment; for host also the inventory name."""
        inventory_name = variables.get("inventory_hostname")
        for name in ("lantime_" + option, *CONNECTION_OPTIONS[option].variables):
            value = variables.get(name)
            # Ansible sets ansible_host to the inventory name if the inventory does not define it.
            if is_given(value) and not (name == "ansible_host" and value == inventory_name):
                value = self._resolve_template(value)
                if is_given(value):
                    return value
        value = os.environ.get(environment_name(option))
        return value or (to_plain(inventory_name) if option == "host" else None)

    def _resolve_template(self, value: t.Any) -> t.Any:
        """The value of a variable. Only text that may hold a template is templated, as templating is slow."""
        if isinstance(value, str) and "{" not in value:
            return str(value)
        return to_plain(self._templar.template(value))

    def _must_run_packaged(self, variables: dict[str, t.Any]) -> bool:
        task = self._task
        if task.async_val or self._resolve_template(variables.get("lantime_execution")) == "target":
            return True
        if task.delegate_to:
            return str(self._templar.template(task.delegate_to)) not in LOCAL_NAMES
        if self._connection.transport in _LOCAL_CONNECTIONS:
            return False
        addresses = {
            variables.get("inventory_hostname"),
            variables.get("ansible_host"),
            variables.get("lantime_host"),
        }
        own_host = to_plain(self._task.args).get("host")
        return own_host is not None and own_host not in addresses
