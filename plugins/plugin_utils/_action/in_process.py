# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fast door: a job runs in the worker process on the controller, without module archive, second Python or temporary files.

The packaged module is used instead when the task is to run elsewhere: delegated to another machine, C(async), a play
host that is not the device, or C(lantime_execution: target).

This file is private to meinberg.lantime and may change without notice.
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

from ...module_utils._base.plain import plain
from ...module_utils._client import transport
from ...module_utils._client.options import CONNECTION, VARIABLES
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Job, Spec, failure, option_error, run_job, shown_params

# This file is loaded once, in the parent of all workers: what is made here is not made again by each of them. The first
# context of a process costs far more than the next ones, and so does the system's store of certificates.
with contextlib.suppress(OSError):
    transport.tls_context(True, None, None, None)

# Since core 2.19 text is a template only if it is marked as trusted, and before that unless it is marked as unsafe.
_TRUST_IS_MARKED = tuple(map(int, core_version.split(".")[:2])) >= (2, 19)

_LOCAL_CONNECTIONS = ("local", "ansible.builtin.local", "ansible.legacy.local")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def _shows_invocation(variables: dict[str, t.Any]) -> bool:
    """Whether results carry the arguments: always before core 2.21, by configuration since."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:
        return True


class InProcessAction(ActionBase):
    """An action plugin that runs the job of the module of its name. Subclasses set C(spec) and C(job)."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = True

    spec: Spec
    job: t.ClassVar[Job]

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        variables: dict[str, t.Any] = task_vars or {}
        result: dict[str, t.Any] = super().run(tmp, variables)
        arguments = self._with_fallbacks(variables)
        if self._runs_elsewhere(variables):
            packaged: dict[str, t.Any] = self._execute_module(
                module_name=self._task.resolved_action or self._task.action,
                module_args=arguments,
                task_vars=variables,
                wrap_async=bool(self._task.async_val),
            )
            if packaged.get("unreachable"):
                # What Ansible counts as failed it does not count as unreachable.
                packaged.pop("failed", None)
                packaged.pop("exception", None)
            return {**result, **packaged}
        outcome = self._run_here(arguments)
        if not _shows_invocation(variables):
            outcome.pop("invocation", None)
        return {**result, **(outcome if _TRUST_IS_MARKED else wrap_var(outcome))}

    def _run_here(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        validator = ArgumentSpecValidator(self.spec.argument_spec(), **self.spec.rules)
        checked = validator.validate(arguments)
        invocation = {"module_args": shown_params(checked.validated_parameters, self.spec)}
        if checked.error_messages:
            text = checked.errors[0].msg
            if isinstance(checked.errors[0], UnsupportedError):
                name = self._task.resolved_action or self._task.action
                text = f"Unsupported parameters for ({name}) module: {text}"
            error = option_error(text, str(arguments.get("host") or ""))
            return {**failure(error), "invocation": invocation}
        warnings: list[str] = []
        task = JobContext(
            plain(checked.validated_parameters),
            bool(self._task.check_mode),
            bool(self._task.diff),
            warnings.append,
        )
        # A collection would walk through all that the parent has left to this short-lived process, and so copy it.
        gc.disable()
        try:
            outcome = run_job(type(self).job, task)
        finally:
            gc.enable()
        if warnings:
            outcome["warnings"] = warnings
        return {**outcome, "invocation": invocation}

    def _with_fallbacks(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """The task's arguments, with connection options that are not given filled in."""
        arguments: dict[str, t.Any] = plain(self._task.args)
        for option in CONNECTION if self.spec.connection else ():
            if arguments.get(option) is None:
                value = self._fallback(option, variables)
                if value is not None:
                    arguments[option] = value
        return arguments

    def _fallback(self, option: str, variables: dict[str, t.Any]) -> t.Any:
        """A connection option from the host's variables, then the controller's environment, then (host) the inventory name."""
        inventory_name = variables.get("inventory_hostname")
        for name in ("lantime_" + option, *VARIABLES.get(option, ())):
            value = variables.get(name)
            # Ansible sets ansible_host to the inventory name where the inventory says nothing.
            if value is not None and not (name == "ansible_host" and value == inventory_name):
                return self._finished(value)
        value = os.environ.get("LANTIME_" + option.upper())
        return value or (plain(inventory_name) if option == "host" else None)

    def _finished(self, value: t.Any) -> t.Any:
        """The value of a variable; only what may be a template goes through the templating of Ansible."""
        if isinstance(value, str) and "{" not in value:
            return str(value)
        return plain(self._templar.template(value))

    def _runs_elsewhere(self, variables: dict[str, t.Any]) -> bool:
        task = self._task
        if task.async_val or self._finished(variables.get("lantime_execution")) == "target":
            return True
        if task.delegate_to:
            return str(self._templar.template(task.delegate_to)) not in _LOCAL_NAMES
        if self._connection.transport in _LOCAL_CONNECTIONS:
            return False
        addresses = {
            variables.get("inventory_hostname"),
            variables.get("ansible_host"),
            variables.get("lantime_host"),
        }
        own_host = plain(self._task.args).get("host")
        return own_host is not None and own_host not in addresses
