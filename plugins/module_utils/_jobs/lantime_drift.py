# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_drift: compare the configuration with a golden one, without a write."""

from __future__ import annotations

import datetime
import typing as t

from .._api.device import Device
from .._api.device_result import device_result, device_title
from .._api.envelope import Envelope
from .._base.errors import LantimeError
from .._drift.accepted import parse_acceptances, utc_today
from .._drift.comparison import DriftPolicy, Prediction, build_not_checked, compare_prediction
from .._drift.effect import DRIFT_FAIL_ON, describe_failing, failing_differences, incomplete_reason
from .._drift.report_facts import report_facts
from .._plan.planner import Plan, make_plan
from .._plan.render import render_diff, render_operations
from .._status.facts import gather_facts
from .._transaction.journal import journal_of
from .._transaction.sections import SectionReader
from .._transaction.settings import JOURNAL_OPTIONS
from .._transaction.target import Target, find_target
from .._tree.aliases import use_device_names
from .._tree.canonical import canonical, leaves
from .._tree.paths import text_of
from .._tree.secrets import SecretRules, mask_secrets
from .context import JobContext
from .fact_subsets import parse_subsets
from .golden import GOLDEN_OPTIONS, Golden, parse_golden
from .runner import Spec

SPEC = Spec(
    options={
        **GOLDEN_OPTIONS,
        "accepted": {"type": "list", "elements": "dict", "default": []},
        "today": {"type": "str"},
        "inventory_name": {"type": "str"},
        "group": {"type": "str"},
        "gather_subset": {"type": "list", "elements": "str", "default": ["min", "sync", "receiver", "ntp", "firmware"]},
        "fail_on": {"type": "str", "default": "drift", "choices": list(DRIFT_FAIL_ON)},
        "compare": {"type": "bool", "default": True},
        "config_root": {"type": "str"},
        **JOURNAL_OPTIONS,
    },
    config_options=("config", "modules"),
)


class _Comparison(t.NamedTuple):
    """What the task compares with, and the rules for differences.  host: name for acceptances and in the entry."""

    golden: Golden
    policy: DriftPolicy
    host: str


def run(context: JobContext) -> dict[str, t.Any]:
    comparison = _parse_options(context)
    subsets = parse_subsets(context.params["gather_subset"])
    with context.open() as api:
        api.hold_identity()
        needs_status = bool(subsets) or bool(comparison.golden.rules)
        envelope = api.status() if needs_status else None
        entry: dict[str, t.Any] = {"host": comparison.host, "group": context.params["group"] or None}
        if subsets and envelope is not None:
            entry["facts"] = report_facts(gather_facts(envelope.raw, subsets))
        if not context.params["compare"]:
            return _read_configuration(context, api, entry)
        result = _compare_device(context, api, comparison, envelope)
        return _finish(context, result, entry)


def _parse_options(context: JobContext) -> _Comparison:
    params = context.params
    golden = parse_golden(params)
    if params["compare"]:
        golden.require("compare with")
    plan = golden.policy
    try:
        day = datetime.date.fromisoformat(params["today"]) if params["today"] else utc_today()
        policy = DriftPolicy(parse_acceptances(params["accepted"]), day, plan.ignore, plan.secrets, plan.optional)
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    return _Comparison(golden, policy, params["inventory_name"] or context.host)


def _read_configuration(context: JobContext, api: Device, entry: dict[str, t.Any]) -> dict[str, t.Any]:
    """The result of compare=false: the whole configuration, for a comparison with other devices."""
    context.exact_members = ("value",)
    rules = SecretRules(patterns=tuple(context.params["secrets"]))
    value = mask_secrets(canonical(api.config_node(())).value, rules=rules)
    return {"changed": False, "value": value, "entry": entry, "device": device_result(api.identity)}


def _compare_device(
    context: JobContext, api: Device, comparison: _Comparison, envelope: Envelope | None
) -> dict[str, t.Any]:
    """The drift, and what else the result says of the comparison."""
    golden = comparison.golden
    reader = SectionReader(api, 0.0)
    target = find_target(reader, golden.tree, golden.policy, golden.rules, envelope)
    journal = journal_of(api, context.params["journal_path"])
    record = journal.load()
    if record is not None:
        reason = f"an interrupted task left the journal {journal.path}, so the device may be partly changed"
        if record.phase == "confirming":
            reason = f"a change of the device waits for its confirmation, as the journal {journal.path} says"
        drift = build_not_checked("golden", target.whole.value, reason)
        error = {"kind": "not_checked", "code": "interrupted", "message": reason}
        return {"drift": drift, "error": error, "device": device_result(api.identity)}
    current = reader.read(target.tree.value)
    desired = use_device_names(target.tree, current.value)
    policy = golden.policy._replace(fixed_slots=api.dialect.list_remove == "fixed-slots")
    plan = make_plan(current, desired, policy, api.known_configuration)
    for text in plan.warnings:
        context.warn(text)
    not_applicable = target.not_applicable(plan)
    prediction = Prediction(
        render_operations(plan),
        list(current.value),
        [text_of(path) for path in (*plan.secrets_kept, *plan.secrets_needed)],
        not_applicable,
        lambda: [path for path, dummy in leaves(target.whole.value)],
        # Otherwise an empty table says that all items go.
        target.whole.value if policy.state == "merged" else None,
        current.tables,
    )
    return {
        "drift": compare_prediction(prediction, comparison.host, comparison.policy),
        "not_applicable": not_applicable,
        **target.modules_resolved(policy.secrets),
        **({"diff": _render_diff(context, api, plan, target)} if context.diff else {}),
        "device": device_result(api.identity),
    }


def _render_diff(context: JobContext, api: Device, plan: Plan, target: Target) -> dict[str, str]:
    return render_diff(plan, device_title(context.host, api.identity), None, target.applied_rules)


def _finish(context: JobContext, compared: dict[str, t.Any], entry: dict[str, t.Any]) -> dict[str, t.Any]:
    """The result of the task. Raises LantimeError if the drift or what was not compared is to fail."""
    drift, error = compared.pop("drift"), compared.pop("error", None)
    differences = drift["differences"]
    result = {
        "changed": False,
        "verdict": drift["state"],
        "drift": [each for each in differences if not each["accepted"]],
        "accepted": [each for each in differences if each["accepted"]],
        "not_compared": drift["not_compared"],
        "not_applicable": [],
        **compared,
        "entry": {**entry, "drift": drift, "error": error},
    }
    failing = failing_differences(drift, context.params["fail_on"])
    reason = incomplete_reason(drift)
    if error is not None:
        hint = "run meinberg.lantime.lantime_config, which finishes or reverts the change, and compare again"
        raise LantimeError("interrupted", error["message"], hint=hint, extra=result)
    if failing:
        raise LantimeError("drift", describe_failing(failing), extra=result)
    if reason is not None:
        raise LantimeError("not_compared", f"the device could not be compared completely: {reason}", extra=result)
    return result
