# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_arguments: checks the variables of a role for all hosts of a play before the first request."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_path

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._base.times import format_utc, utc_now
from ...module_utils._drift.accepted import parse_acceptances
from ...module_utils._health.policy import make_policy
from ...module_utils._jobs import lantime_health
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.runner import Spec
from . import files, model
from .plan_arguments import PlanProblem, find_plan_problems
from .window_arguments import EXECUTION, TASK_TIMEOUT, check_window, find_window_problems

_Values = dict[str, t.Any]

ROLES = ("drift_check", "fleet_config", "health_check")

SPEC = Spec(options={"role": {"type": "str", "required": True, "choices": list(ROLES)}}, connection=False)

_CHECKS = {"drift_check": "drift", "fleet_config": "facts", "health_check": "health"}
_GOLDEN = ("lantime_golden_config", "lantime_golden_modules", "lantime_golden_overlays")
_HEALTH_OPTIONS = ("profile", "thresholds", "include", "skip", "expected")
_MAX_PROBLEMS = 5
# Ten times as fast as the loader in Python, where libyaml is there.
_Loader: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RoleArguments(t.NamedTuple):
    """The variables of a role, equal for these hosts. problem: why they cannot be evaluated."""

    hosts: list[str]
    values: _Values
    problem: str | None = None


def run(context: JobContext) -> dict[str, t.Any]:
    """The result of the module. Raises LantimeError, after writing a report, for invalid arguments and plans."""
    role, groups = context.params["role"], context.params["arguments"]
    problems: dict[str, list[str]] = {}
    for group in groups:
        for problem in _find_problems(role, group, context.params.get("keyword_timeout") or 0.0):
            problems.setdefault(problem, []).extend(group.hosts)
    plan_problems: list[PlanProblem] = []
    if not problems and role == "fleet_config":
        pairs = [(group.hosts, group.values) for group in groups]
        plan_problems = find_plan_problems(pairs, context.params.get("ring") or ())
        problems.update((problem.text, []) for problem in plan_problems)
        problems.update((problem, []) for problem in find_window_problems(group.values for group in groups))
    if not problems and role != "health_check" and not any(_has_golden(role, group.values) for group in groups):
        problems[_no_golden(role)] = []
    if problems:
        is_file = len(problems) == sum(problem.is_file for problem in plan_problems)
        what = (
            "plans of the role fleet_config cannot be used" if is_file else f"arguments of the role {role} are invalid"
        )
        text = f"the {what}: {_describe(problems)}"
        if not context.check_mode:
            # The report is written if its directory can be used, and the message is the same without it.
            with contextlib.suppress(LantimeError):
                _write_report(role, groups, text)
        hints = dict.fromkeys(problem.hint for problem in plan_problems[:_MAX_PROBLEMS])
        if len(problems) > len(plan_problems):
            hints.setdefault("correct these variables")
        code = "plan_invalid" if is_file else "option"
        raise LantimeError(code, f"{text}; nothing was sent to a device", hint="; ".join(hints))
    return {"changed": False, "hosts": sum(len(group.hosts) for group in groups)}


def read_specification(role: str) -> dict[str, dict[str, t.Any]]:
    """The options in the argument specification of a role of this collection."""
    options: dict[str, dict[str, t.Any]] = _read_role(role, "meta/argument_specs.yml")["argument_specs"]["main"][
        "options"
    ]
    return options


def further_variables(role: str) -> tuple[str, ...]:
    """Variables that are checked together with those of the role."""
    return (TASK_TIMEOUT, EXECUTION) if role == "fleet_config" else ()


def tree_variables(role: str) -> tuple[str, ...]:
    """The variables with a golden configuration or rules for modules."""
    return (f"{role}_config", f"{role}_modules", *_GOLDEN) if role != "health_check" else ()


def read_defaults(role: str) -> dict[str, t.Any]:
    """The defaults of a role of this collection."""
    return _read_role(role, "defaults/main.yml")


def _read_role(role: str, name: str) -> dict[str, t.Any]:
    path = Path(__file__).parents[3] / "roles" / role / name
    content: dict[str, t.Any] = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    return content


def _find_problems(role: str, group: RoleArguments, keyword_timeout: float) -> list[str]:
    if group.problem is not None:
        return [group.problem]
    trees = tree_variables(role)
    # The task of each host validates what a template of the whole tree gives.
    own = {n: v for n, v in group.values.items() if n not in further_variables(role)}
    values = {n: v for n, v in own.items() if n not in trees or not (isinstance(v, str) and "{" in v)}
    if written := [name for name in _GOLDEN if isinstance(values.get(name), str)]:
        advice = "to read it from a file, give -e @FILE with this variable in the file"
        return [f"{name} is text; {advice}" for name in written]
    # The defaults are those of the role, which are values like others.
    plain = {name: _without_default(option) for name, option in read_specification(role).items()}
    checked = ArgumentSpecValidator(plain).validate(values)
    if checked.error_messages:
        texts = list(dict.fromkeys(printable(text, 500) for text in checked.error_messages))
        # For a value with options, the reason comes also without the name of the variable.
        return [text for text in texts if not any(other.endswith(f": {text}") for other in texts)]
    found = []
    for check in _MEANING[role]:
        try:
            check(role, checked.validated_parameters)
        except ValueError as exc:
            found.append(printable(exc, 500))
    if role == "fleet_config":
        try:
            check_window({**group.values, **checked.validated_parameters}, keyword_timeout)
        except ValueError as exc:
            found.append(printable(exc, 500))
    return found


def _without_default(option: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in option.items() if name != "default"}


def _check_acceptances(role: str, values: _Values) -> None:
    parse_acceptances(values.get(f"{role}_accepted") or [])


def _check_threshold(role: str, values: _Values) -> None:
    share = values.get(f"{role}_threshold")
    if share is not None and not 0.5 < share <= 1:
        raise ValueError(f"{role}_threshold must be above 0.5 and at most 1, not {share:g}")


def _check_health_options(role: str, values: _Values) -> None:
    given = {name: value for name in _HEALTH_OPTIONS if (value := values.get(f"{role}_{name}"))}
    spec = {name: lantime_health.SPEC.argument_spec()[name] for name in _HEALTH_OPTIONS}
    checked = ArgumentSpecValidator(spec).validate(given)
    if checked.error_messages:
        raise ValueError(f"{role}_expected: {checked.error_messages[0]}")
    params = checked.validated_parameters
    expected = {name: value for name, value in (params["expected"] or {}).items() if name != "psus"}
    make_policy(params["profile"], params["thresholds"], params["include"], params["skip"], expected)


_MEANING: dict[str, tuple[t.Callable[[str, _Values], None], ...]] = {
    "drift_check": (_check_acceptances, _check_threshold),
    "fleet_config": (_check_health_options,),
    "health_check": (_check_health_options,),
}


def _has_golden(role: str, values: _Values) -> bool:
    if role == "drift_check" and values.get("drift_check_mode") == "consensus":
        return True
    return any(values.get(name) for name in tree_variables(role))


def _no_golden(role: str) -> str:
    more = "" if role == "fleet_config" else ", or drift_check_mode to consensus to compare the devices with each other"
    return f"there is no golden configuration; set lantime_golden_config, for example with -e @golden.yml{more}"


def _describe(problems: t.Mapping[str, list[str]]) -> str:
    parts = [_describe_problem(problem, hosts) for problem, hosts in list(problems.items())[:_MAX_PROBLEMS]]
    more = len(problems) - _MAX_PROBLEMS
    return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")


def _describe_problem(problem: str, hosts: list[str]) -> str:
    if not hosts:
        return problem
    others = len(hosts) - 1
    more = "" if not others else " and 1 more host" if others == 1 else f" and {others} more hosts"
    return f"{problem} ({printable(hosts[0], 100)}{more})"


def _write_report(role: str, groups: t.Sequence[RoleArguments], message: str) -> None:
    """Write the report with the outcome invalid, as far as the arguments for it are valid."""
    given = {name: value for group in reversed(groups) for name, value in group.values.items()}
    dest = given.get(f"{role}_report_dir")
    if not isinstance(dest, str) or not dest:
        return
    # As for the option dest of lantime_report, so that this report takes the place of the former one.
    dest = check_type_path(dest)
    wanted = given.get(f"{role}_report_formats")
    formats = [name for name in wanted if name in files.REPORT_FORMATS] if isinstance(wanted, list) else []
    basename, title = (str(given.get(f"{role}_report_{name}") or role) for name in ("basename", "title"))
    heading = model.ReportHeading(title, format_utc(utc_now()), None, (_CHECKS[role],))
    expected = [host for group in groups for host in group.hosts]
    report = model.build_invalid_report(heading, message, expected)
    planned = files.plan_files(report, dest, basename, formats or files.DEFAULT_FORMATS, files.REPORT_FORMATS)
    for file in planned.values():
        if file.is_different:
            files.write_report_file(file)
