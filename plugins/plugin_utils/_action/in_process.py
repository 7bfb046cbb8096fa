# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process entry point: runs a job in the worker process on the controller.

This needs no module archive, no second Python and no temporary files. entry_point.py decides when the packaged module runs
instead.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import typing as t

from ansible import constants as C  # noqa: N812
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.unsafe_proxy import wrap_var

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import RepeatedNameError, refuse_repeated_names, to_plain, without_omitted
from ...module_utils._base.sanitize import printable
from ...module_utils._client import transport
from ...module_utils._client.options import make_settings
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Job, Spec, failure_result, masked_params, run_job
from ...module_utils._tree.canonical import repeated_name_error
from .alarm import OverrunError, alarm_put_off
from .arguments import Modes, complete_connection, make_context, within_async
from .entry_point import (
    Delegate,
    EntryPoint,
    check_connection,
    choose_entry_point,
    find_by_address,
    option_warnings,
)
from .environment import as_list, process_environment, proxy_variables, task_environment
from .host_variables import HostVariables, command_line_login
from .logins import TaskLogins
from .preload import preload

preload()

# The parent of all workers loads this file once, so the workers inherit this context. The first context of a process and
# the system's store of certificates take long to load.
with contextlib.suppress(OSError):
    transport.tls_context(True, None, None, None)

# Since core 2.19 text is a template only if it is marked as trusted, and before that unless it is marked as unsafe.
_TRUST_IS_MARKED = tuple(map(int, core_version.split(".")[:2])) >= (2, 19)


CompleteOptions = t.Callable[["dict[str, t.Any]", HostVariables], "dict[str, t.Any]"]
LateParams = t.Callable[[t.Mapping[str, t.Any], t.Mapping[str, t.Any], t.Any], "dict[str, t.Any]"]


def _includes_invocation(variables: dict[str, t.Any]) -> bool:
    """Whether results carry the arguments: always before core 2.21, by configuration since."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:
        return True


class InProcessAction(ActionBase):
    """An action plugin that runs the job of the module with the same name.

    Subclasses set spec and job.  complete_options: adds options that the task does not give, from variables of the host.
    late_params: returns parameters that the action reads itself, plain, which take the place of validated ones; from those, the
    variables of the task, and what templates them.
    """

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = True

    spec: Spec
    job: t.ClassVar[Job]
    complete_options: t.ClassVar[CompleteOptions | None] = None
    late_params: t.ClassVar[LateParams | None] = None

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        variables: dict[str, t.Any] = task_vars or {}
        result: dict[str, t.Any] = super().run(tmp, variables)
        with process_environment(task_environment(self._task.environment, self._templar)) as environment:
            try:
                entry_point = self._choose_entry_point(variables)
                arguments = self._complete_arguments(entry_point)
                is_async = bool(self._task.async_val)
                check_connection(entry_point, arguments.get("host"), self._connection.transport, is_async)
            except LantimeError as refusal:
                return self._as_result(result, failure_result(refusal), variables)
            if (repeated := self._repeated_name(arguments)) is not None:
                return self._as_result(result, repeated, variables)
            logins = TaskLogins(arguments if self.spec.connection else {})
            refused = logins.refusal()
            if refused is not None and (outcome := self._not_tried(arguments, refused)) is not None:
                return self._as_result(result, outcome, variables)
            is_packaged = entry_point.is_packaged or is_async
            if is_packaged:
                if proxies := proxy_variables(environment):
                    self._task.environment = [*as_list(self._task.environment), wrap_var(proxies)]
                if is_async and self.spec.connection:
                    arguments = within_async(arguments, self._task.async_val)
                outcome = self._run_packaged(arguments, variables)
            else:
                outcome = self._run_in_process(arguments, variables)
            logins.remember(outcome)
            self._add_warnings(outcome, entry_point, arguments)
        return {**result, **outcome} if is_packaged else self._as_result(result, outcome, variables)

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

    def _repeated_name(self, arguments: dict[str, t.Any]) -> dict[str, t.Any] | None:
        """The failure for a name that is given twice, as 1 and "1", of which arguments hold one only; None without one."""
        try:
            for option in self.spec.config_options:
                refuse_repeated_names(self._task.args.get(option))
        except RepeatedNameError as exc:
            failure = failure_result(repeated_name_error(exc.path).with_context(host=str(arguments.get("host") or "")))
            return {**failure, "invocation": {"module_args": masked_params(arguments, self.spec)}}
        return None

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

    def _run_in_process(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        warnings: list[str] = []
        name = self._task.resolved_action or self._task.action
        modes = Modes(bool(self._task.check_mode), bool(self._task.diff), warnings.append)
        context = make_context(arguments, self.spec, modes, name)
        if not isinstance(context, JobContext):
            return context
        invocation = {"module_args": masked_params(context.params, self.spec)}
        context.announce = functools.partial(self._announce, context.host)
        context.params = {**context.params, **self._late_params(context.params, variables)}
        outcome = self._run_in_time(context)
        if warnings:
            outcome["warnings"] = warnings
        return {**outcome, "invocation": invocation}

    def _announce(self, host: str, text: str) -> None:
        """Show a text while the task runs; what the user must know is in its result too."""
        self._display.display(printable(f"{host}: {text}" if host else text, 1000), stderr=True)

    def _late_params(self, params: t.Mapping[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        read = type(self).late_params
        return {} if read is None else read(params, variables, self._templar)

    def _run_in_time(self, context: JobContext) -> dict[str, t.Any]:
        # A garbage collection would touch, and so copy, the memory that this short-lived process shares with its parent, which
        # no collection after the job needs to touch either.
        gc.freeze()
        gc.disable()
        try:
            with alarm_put_off() as context.keyword_end:
                return run_job(type(self).job, context)
        except OverrunError:
            error = LantimeError("timeout_task", "the task did not end after the keyword timeout", host=context.host)
            return failure_result(error, context)
        finally:
            gc.enable()

    def _choose_entry_point(self, variables: dict[str, t.Any]) -> EntryPoint:
        own = HostVariables(to_plain(variables.get("inventory_hostname")), variables, self._templar)
        if not self._task.delegate_to:
            return choose_entry_point(own, None)
        name = str(self._templar.template(self._task.delegate_to))
        return choose_entry_point(own, self._describe_delegate(name, variables))

    def _describe_delegate(self, name: str, variables: dict[str, t.Any]) -> Delegate:
        delegated = (variables.get("ansible_delegated_vars") or {}).get(name) or {}
        host = self._host_variables(name, delegated)
        hostvars: t.Any = variables.get("hostvars", {})
        if name in hostvars:
            return Delegate(name, host, hostvars.raw_get(name))
        devices = (self._host_variables(other, hostvars.raw_get(other)) for other in hostvars)
        return Delegate(name, host, {}, find_by_address(name, devices))

    def _host_variables(self, name: str, variables: t.Mapping[str, t.Any]) -> HostVariables:
        # Ansible sets inventory_hostname to that of the task, which would give templates the address of another device.
        variables = {**variables, "inventory_hostname": name}
        templar = self._templar.copy_with_new_env(available_variables=variables)
        return HostVariables(name, variables, templar, is_delegate=True)

    def _complete_arguments(self, entry_point: EntryPoint) -> dict[str, t.Any]:
        """The arguments of the task, with fallback values for connection options that are not given."""
        arguments: dict[str, t.Any] = without_omitted(to_plain(self._task.args))
        complete = type(self).complete_options
        if complete is not None:
            arguments = complete(arguments, entry_point.device)
        if not self.spec.connection:
            return arguments
        return complete_connection(arguments, entry_point.device, command_line_login(self._play_context.password))

    def _add_warnings(
        self, outcome: dict[str, t.Any], entry_point: EntryPoint, arguments: t.Mapping[str, t.Any]
    ) -> None:
        if self.spec.connection and (warnings := option_warnings(entry_point, arguments)):
            outcome["warnings"] = [*outcome.get("warnings", []), *warnings]
