# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action lantime_poll: runs the job of a module for many hosts in threads of one task."""

from __future__ import annotations

import functools
import threading
import time
import typing as t
from pathlib import Path
from types import MappingProxyType

from ansible import constants as C  # noqa: N812
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import to_plain
from ...module_utils._base.ranges import Bounds, check_range, check_ranges
from ...module_utils._base.sanitize import printable
from ...module_utils._client.login_limiter import REFUSAL_CODES
from ...module_utils._client.options import make_settings
from ...module_utils._client.parallel import Limits, run_parallel
from ...module_utils._client.poll_logins import PollLogins
from ...module_utils._client.refused_logins import RefusedLogins, login_outcome
from ...module_utils._client.session import tls_context_of
from ...module_utils._client.settings import Settings
from ...module_utils._jobs import lantime_changes, lantime_drift, lantime_facts, lantime_health
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Job, Spec, failure_result, option_error, run_job
from .arguments import Modes, complete_connection, make_context
from .controller import ControllerAction
from .drift_options import complete_drift_options
from .host_variables import HostVariables, command_line_login
from .play import strategy_of
from .play_variables import PlayVariables
from .role_options import complete_health_options
from .watching import (
    WaitingWindow,
    allow_open_files,
    describe_watch,
    latest_end,
    limit_watches,
    require_confirmation,
    select_waiting,
)

ModuleResult = dict[str, t.Any]


class _Module(t.NamedTuple):
    """A module that can be polled.

    complete: adds options from variables of the host.  required: options that must have these values.  is_watch: whether the
    job watches a device and then changes it, so that it must begin at once and end by itself.
    """

    spec: Spec
    job: Job
    complete: t.Callable[[dict[str, t.Any], HostVariables], dict[str, t.Any]] | None = None
    required: t.Mapping[str, t.Any] = MappingProxyType({})
    is_watch: bool = False


MODULES = {
    "lantime_changes": _Module(
        lantime_changes.SPEC, lantime_changes.run, required={"state": "confirmed"}, is_watch=True
    ),
    "lantime_drift": _Module(lantime_drift.SPEC, lantime_drift.run, complete_drift_options),
    "lantime_facts": _Module(lantime_facts.SPEC, lantime_facts.run),
    "lantime_health": _Module(lantime_health.SPEC, lantime_health.run, complete_health_options),
}
SPEC = Spec(
    options={
        "module": {"type": "str", "required": True, "choices": list(MODULES)},
        "options": {"type": "dict", "default": {}},
        "hosts": {"type": "list", "elements": "str"},
        "waiting_from": {"type": "str"},
        "workers": {"type": "int", "default": 32},
        "deadline": {"type": "float"},
        "max_auth_failures": {"type": "int", "default": 3},
    },
    config_options=("options",),
    connection=False,
)
_STRATEGIES_WITHOUT_RUN_ONCE = ("free", "host_pinned")
# Options with another default than in the module, as the results of many hosts are large.
_DEFAULTS: dict[str, dict[str, t.Any]] = {"lantime_health": {"return_passed": False}}
# The least that the option request_timeout takes.
_SHORTEST_REQUEST = 0.1
_RANGES: dict[str, Bounds] = {"workers": (1, 1000), "max_auth_failures": (0, 1_000_000)}
_DEADLINE_BOUNDS: Bounds = (0.1, 86400.0)
# The shortest is for the rollback, and the longest has time for it after the longest window.
_WATCH_DEADLINE_BOUNDS: Bounds = (70.0, 90000.0)
_DEADLINE_SECONDS = 300.0


class _Target(t.NamedTuple):
    """A host that can be asked. warnings: those of its job."""

    host: str
    context: JobContext
    settings: Settings
    warnings: list[str]


class _Schedule(t.NamedTuple):
    """workers: devices at the same time.  end: when all are done, by the monotonic clock."""

    workers: int
    end: float


Prepare = t.Callable[[str], "_Target | ModuleResult"]


def run(context: JobContext) -> ModuleResult:
    """The job of lantime_poll. Its parameter prepare returns what is asked of a host, or the result for invalid options."""
    params = context.params
    module = MODULES[params["module"]]
    _check_params(module, params)
    _check_options(module, params["module"], params["options"])
    if params.get("refusal") is not None:
        raise params["refusal"]
    prepare: Prepare = params["prepare"]
    prepared = {host: prepare(host) for host in dict.fromkeys(params["hosts"])}
    targets = [each for each in prepared.values() if isinstance(each, _Target)]
    schedule = _make_schedule(targets, module, context)
    windows = params.get("windows")
    if windows:
        for target in targets:
            target.context.watch_until = latest_end(windows)
        if context.announce is not None:
            context.announce(describe_watch(windows, time.time()))
    asked = _ask_all(targets, module, schedule, context)
    if params["waiting_from"] is not None and not context.check_mode:
        asked = {host: require_confirmation(result, host) for host, result in asked.items()}
    polled = {host: asked[host] if isinstance(each, _Target) else each for host, each in prepared.items()}
    for text in _joined_warnings(targets):
        context.warn(text)
    context.finished_members = ("polled",)
    return {
        "changed": any(result.get("changed") is True for result in polled.values()),
        "polled": polled,
        "counts": _count_outcomes(polled.values()),
        "not_clean": [host for host, result in polled.items() if not _is_clean(result)],
    }


def _check_params(module: _Module, params: t.Mapping[str, t.Any]) -> None:
    """Raise LantimeError for values that the options of the task itself cannot have."""
    try:
        check_ranges(params, _RANGES)
        if params["deadline"] is not None:
            bounds = _WATCH_DEADLINE_BOUNDS if module.is_watch else _DEADLINE_BOUNDS
            check_range("deadline", params["deadline"], bounds)
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    if params["waiting_from"] is not None and not module.is_watch:
        raise LantimeError("option", f"waiting_from is given, and {params['module']} confirms no changes")


def _check_options(module: _Module, name: str, options: t.Mapping[str, t.Any]) -> None:
    """Raise LantimeError for options that are invalid for every host."""
    known = {option: entry for option, entry in module.spec.argument_spec().items() if option in options}
    unknown = [option for option in options if option not in known]
    if unknown:
        supported = ", ".join(sorted(module.spec.argument_spec()))
        text = f"Unsupported parameters for ({name}) module: {', '.join(unknown)}. Supported parameters include: {supported}."
        raise option_error(text, "")
    checked = ArgumentSpecValidator(known).validate(dict(options))
    if checked.error_messages:
        raise option_error(checked.errors[0].msg, "")
    for option, value in module.required.items():
        if checked.validated_parameters.get(option) != value:
            raise option_error(f"with the module {name}, the option {option} must be {value}", "")


def _make_schedule(targets: t.Sequence[_Target], module: _Module, context: JobContext) -> _Schedule:
    params = context.params
    if module.is_watch:
        allow_open_files(len(targets))
        # Each device is watched from the beginning, but all of them would not be answered in time if they were asked at once.
        slots = threading.BoundedSemaphore(params["workers"])
        for target in targets:
            target.context.read_slots = slots
        end = limit_watches((target.context for target in targets), params["deadline"], context.keyword_end)
        return _Schedule(max(1, len(targets)), end)
    deadline = _DEADLINE_SECONDS if params["deadline"] is None else params["deadline"]
    return _Schedule(params["workers"], min(time.monotonic() + deadline, context.keyword_end))


def _ask_all(
    targets: t.Sequence[_Target], module: _Module, schedule: _Schedule, context: JobContext
) -> dict[str, ModuleResult]:
    """The result of each host; of one that was not done in time, that it is unreachable."""
    for target in targets:
        # Before there are threads, all of which would load the same authorities at the same time.
        if target.settings.use_tls:
            _load_authorities(target)
    patience = max((target.settings.connect_timeout for target in targets), default=0.0)
    refused = RefusedLogins(Path(C.DEFAULT_LOCAL_TMP))  # type: ignore[attr-defined]
    logins = PollLogins(context.params["max_auth_failures"], refused, patience, schedule.end)
    logins.open_limiters(target.settings for target in targets)
    work: t.Callable[[int], ModuleResult] = functools.partial(_ask, targets, module, logins, schedule.end)
    if module.is_watch and context.announce is not None:
        work = functools.partial(_ask_and_announce, targets, work, context.announce)
    seconds = min(max(0.0, schedule.end - time.monotonic()), threading.TIMEOUT_MAX)
    done = run_parallel(len(targets), work, Limits(schedule.workers, seconds))
    logins.save(context.warn)
    return {target.host: done.get(number) or _not_in_time(target, module) for number, target in enumerate(targets)}


def _load_authorities(target: _Target) -> None:
    try:
        tls_context_of(target.settings)
    except LantimeError:
        # The job of this host reports it.
        return


def _ask(targets: t.Sequence[_Target], module: _Module, logins: PollLogins, end: float, number: int) -> ModuleResult:
    """The result of one host; never raises."""
    target = targets[number]
    context = target.context
    left = end - time.monotonic()
    if left <= 0:
        return _not_in_time(target, module)
    refusal = logins.refusal(target.settings)
    if refusal is not None:
        return failure_result(refusal)
    login = logins.attempt(target.settings)
    context.on_connect = login.start
    context.on_accepted = functools.partial(login.finish, True)
    context.params["request_timeout"] = max(_SHORTEST_REQUEST, min(target.settings.request_timeout, left))
    result = run_job(module.job, context)
    outcome = login_outcome(result)
    code = (result.get("error") or {}).get("code")
    login.finish(False if code in REFUSAL_CODES else outcome.accepted)
    if not login.is_rejected:
        logins.add(target.settings, outcome)
    return {**result, "warnings": list(target.warnings)} if target.warnings else result


def _ask_and_announce(
    targets: t.Sequence[_Target], ask: t.Callable[[int], ModuleResult], announce: t.Callable[[str], object], number: int
) -> ModuleResult:
    """The result of one host, of which a failure is shown at once, as the others may take long."""
    result = ask(number)
    if not _is_clean(result):
        announce(f"{printable(targets[number].host, 60)}: {result['msg']}")
    return result


def _not_in_time(target: _Target, module: _Module) -> ModuleResult:
    what = "the device was not done before the deadline of all devices ended"
    if module.is_watch:
        what = f"{what}; whether its change is saved is not known"
        return {**failure_result(LantimeError("timeout_task", what, host=target.context.host)), "changed": True}
    return failure_result(LantimeError("timeout_total", what, host=target.context.host))


def _joined_warnings(targets: t.Iterable[_Target]) -> list[str]:
    """One line for each warning, however many hosts it is about."""
    hosts: dict[str, list[str]] = {}
    for target in targets:
        for text in dict.fromkeys(target.warnings):
            hosts.setdefault(text, []).append(printable(target.host, 60))
    return [
        f"{names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''}: {text}" for text, names in hosts.items()
    ]


def _count_outcomes(results: t.Iterable[ModuleResult]) -> dict[str, int]:
    counts = {"ok": 0, "failed": 0, "unreachable": 0}
    for result in results:
        counts["unreachable" if result.get("unreachable") else "failed" if result.get("failed") else "ok"] += 1
    return counts


def _is_clean(result: ModuleResult) -> bool:
    has_failed = result.get("failed") or result.get("unreachable")
    return not has_failed and result.get("verdict", "clean") == "clean" and result.get("healthy", True) is True


class PollAction(ControllerAction):
    """Prepares the hosts with the variables that a task of their own would have."""

    spec = SPEC
    job = run

    def _refusal(self, variables: dict[str, t.Any]) -> LantimeError | None:
        strategy = (strategy_of(self._task) or "").rpartition(".")[2]
        ignores = any(name in strategy for name in _STRATEGIES_WITHOUT_RUN_ONCE)
        if (ignores or not self._task.run_once) and len(variables.get("ansible_play_batch") or ()) > 1:
            reason = (
                f"the strategy {printable(strategy, 60)} ignores run_once" if ignores else "the task has no run_once"
            )
            text = f"each host of the play would ask all hosts, as {reason}; nothing was sent to a device"
            hint = "set strategy to linear for the play" if ignores else "set run_once to true"
            return LantimeError("option", text, hint=hint)
        return super()._refusal(variables)

    def _late_params(self, params: t.Mapping[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        batch = to_plain(variables.get("ansible_play_batch") or [])
        login = command_line_login(self._play_context.password)
        hosts = batch if params["hosts"] is None else params["hosts"]
        windows: dict[str, WaitingWindow] = {}
        refusal: LantimeError | None = None
        if params["waiting_from"] is not None:
            try:
                windows = select_waiting(hosts, params["waiting_from"], variables.get("hostvars") or {})
            except LantimeError as error:
                refusal = error
            hosts = list(windows)
        return {
            "hosts": hosts,
            "windows": list(windows.values()),
            "refusal": refusal,
            "prepare": functools.partial(self._prepare, params, PlayVariables(self._task, variables), login),
        }

    def _prepare(
        self, params: t.Mapping[str, t.Any], variables: PlayVariables, login: t.Mapping[str, str], host: str
    ) -> _Target | ModuleResult:
        module = MODULES[params["module"]]
        warnings: list[str] = []
        modes = Modes(bool(self._task.check_mode), bool(self._task.diff), warnings.append)
        try:
            known = variables.of(host)
            own = HostVariables(host, known, self._templar.copy_with_new_env(available_variables=known))
            options = {**_DEFAULTS.get(params["module"], {}), **params["options"]}
            arguments = options if module.complete is None else module.complete(options, own)
            arguments = complete_connection(arguments, own, login)
            context = make_context(arguments, module.spec, modes, params["module"])
            if not isinstance(context, JobContext):
                return context
            return _Target(host, context, make_settings(context.params), warnings)
        except LantimeError as error:
            return failure_result(error.with_context(host=host))
        except AnsibleError as exc:
            return failure_result(LantimeError("option", printable(exc, 300), host=host))
