# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for single members of modules, and their evaluation.

A rule is one row of a table: where the member is, which values are trouble, how severe that is and what to say.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._tree import values
from .check import ASSUMPTION, CHECK_STATES, MODULE, Check, Finding
from .context import HealthContext, device_text, register, round_number, worst_finding
from .module_conditions import Part

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .context import RegisteredChecks
    from .module_conditions import Condition, Item


class LeafRule(t.NamedTuple):
    """The meaning of one member of a module.

    families: those whose module has it; none means all.  leaf: its path below the module; further names of the last part after a blank.
    key: the place of its object in the entry of `describe_module`, with dots.  member: its name there.
    level, message: of the finding; {slot}, {id} and {value} are replaced.  bad: values that are trouble.  good: if given,
    other values are unknown, or trouble if `bad` is empty.  limits: instead of `bad`, (threshold, severity) pairs, lowest severity first.
    is_lower: whether these are lower limits.  certainty: of the member; it is CONFIRMED for the families in `confirmed`.
    recorded: (family, firmware) of recorded answers that have the member: a later one without it is `unknown`.
    applies: whether the member has a meaning now.  is_consequence: whether the cause has a finding of its own, so that
    this one is only `info`.  shown: the member that is the value of the finding.
    """

    families: tuple[str, ...]
    leaf: str
    key: str
    member: str
    level: str
    message: str
    bad: tuple[t.Any, ...] = ()
    good: tuple[t.Any, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()
    is_lower: bool = False
    certainty: str = ASSUMPTION
    confirmed: tuple[str, ...] = ()
    recorded: tuple[tuple[str, str], ...] = ()
    applies: Condition | None = None
    is_consequence: Condition | None = None
    shown: str | None = None


class RuleCheck(t.NamedTuple):
    """A check that consists of rules. more: findings that need more than a rule."""

    check: Check
    rules: tuple[LeafRule, ...]
    ok: str
    nothing: str
    more: Callable[[HealthContext], list[Finding]] | None = None


CAP = "assumed_severity"
"""The threshold that limits the severity of findings from assumed members."""

GRACE = ("sync_grace", "warm_up")
"""The thresholds of what is excused after a restart, or after a clock lost its synchronization."""

RULES_BY_CHECK: dict[str, tuple[LeafRule, ...]] = {}
"""The rules of each check that has some."""


def register_rules(checks: RegisteredChecks, made: RuleCheck) -> None:
    """Add a check of rules to the checks of an area. Its families are those of its rules."""
    families = dict.fromkeys(family for rule in made.rules for family in rule.families)
    check = made.check._replace(families=(*made.check.families, *families))

    def run(context: HealthContext) -> Finding:
        findings = evaluate_rules(context, made.rules)
        findings += made.more(context) if made.more else []
        return summarize(findings, made.ok, made.nothing)

    RULES_BY_CHECK[check.name] = made.rules
    register(checks, check)(run)


def summarize(findings: list[Finding], ok: str, nothing: str) -> Finding:
    """The worst finding; one clause if all are good, another one if there are none."""
    alarms = [finding for finding in findings if finding.state not in ("ok", "skipped")]
    return worst_finding(alarms, Finding("ok", ok) if findings else Finding("skipped", nothing))


def evaluate_rules(context: HealthContext, rules: Iterable[LeafRule]) -> list[Finding]:
    """The findings of all modules; those of good members have the state `ok`."""
    findings = []
    for rule in rules:
        for module in context.modules:
            if not rule.families or module["family"] in rule.families:
                for name, item in walk(module, rule.key):
                    findings += _evaluate_item(rule, name, Part(context, module, item))
    # Several rules of one member that is unreadable say the same.
    return list(dict.fromkeys(findings))


def walk(module: Mapping[str, t.Any], key: str) -> list[tuple[str | None, Item]]:
    """(object-id, object) of each object at a place of a module."""
    found: list[tuple[str | None, t.Any]] = [(None, module)]
    for part in key.split(".") if key else ():
        found = [pair for name, item in found for pair in _members(name, item.get(part))]
    return found


def _members(name: str | None, value: object) -> list[tuple[str | None, t.Any]]:
    items = value if isinstance(value, list) else [value]
    return [(item.get("object_id") or name, item) for item in items if isinstance(item, Mapping)]


def _evaluate_item(rule: LeafRule, name: str | None, part: Part) -> list[Finding]:
    context, module, item = part
    certainty = "CONFIRMED" if module["family"] in rule.confirmed else rule.certainty
    place = place_of(module, name, certainty)
    value = item.get(rule.member)
    if rule.applies is not None and not rule.applies(part):
        return []
    if value is None:
        return _missing_value(rule, part, place)
    level = _level(context, rule, value)
    if level in ("ok", "unknown"):
        reported = f"{place['subject']} reports {device_text(value)} as {_leaf_name(rule)}, whose meaning is unknown"
        return [Finding(level, reported, _value(value), **place)]
    level = context.capped_level(level, certainty)
    if rule.is_consequence is not None and rule.is_consequence(part):
        level = "info"
    shown = item.get(rule.shown) if rule.shown else value
    limit = context.limit(rule.limits[0][0]) if rule.limits else None
    return [Finding(level, phrase(rule.message, module, name, shown), _value(shown), limit, **place)]


def place_of(module: Mapping[str, t.Any], name: str | None, certainty: str | None = None) -> dict[str, t.Any]:
    """The members of a finding that name the part of a module."""
    slot = device_text(module["slot"])
    item = device_text(name) if name else None
    subject = f"{slot}/{item}" if item else slot
    return {"subject": subject, "slot": slot, "family": module["family"], "item": item, "certainty": certainty}


def phrase(message: str, module: Mapping[str, t.Any], name: str | None, value: object) -> str:
    """A message with its parts filled in."""
    shown = "unknown" if value is None else f"{round_number(value)}" if isinstance(value, float) else device_text(value)
    return message.format(slot=device_text(module["slot"]), id=device_text(name or ""), value=shown)


def _leaf_name(rule: LeafRule) -> str:
    return rule.leaf.split()[0].rsplit(".", 1)[-1]


def _value(value: object) -> t.Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round_number(value)
    return value if isinstance(value, bool) or value is None else device_text(value)


def _level(context: HealthContext, rule: LeafRule, value: t.Any) -> str:
    if rule.limits:
        level = "ok"
        for name, severity in rule.limits:
            limit = context.limit(name)
            if (value < limit) if rule.is_lower else (abs(value) > limit):
                level = severity
        return level
    if value in rule.bad:
        return rule.level
    if not rule.good or value in rule.good:
        return "ok"
    return "unknown" if rule.bad else rule.level


def _missing_value(rule: LeafRule, part: Part, place: dict[str, t.Any]) -> list[Finding]:
    """`unknown` for a member that is reported in an unknown form, or that is on record; nothing for any other."""
    reported = _unread(rule, part.item)
    leaf = _leaf_name(rule)
    if reported is not None:
        message = f"{place['subject']} reports {leaf} in an unknown form: {device_text(reported)}"
        return [Finding("unknown", message, device_text(reported), **place)]
    if _is_on_record(rule, part):
        return [Finding("unknown", f"{place['subject']} does not report {leaf}", **place)]
    return []


def _is_on_record(rule: LeafRule, part: Part) -> bool:
    """Whether a recorded answer of this family has the member, and the firmware is not known to be older."""
    firmware = part.context.facts["min"]["firmware"]["version"]
    return any(
        family == part.module["family"] and values.compare_versions(firmware, since) != -1
        for family, since in rule.recorded
    )


def _unread(rule: LeafRule, item: Item) -> object:
    details = values.mapping(item.get("details"))
    names = rule.leaf.split()
    likely = [names[0].rsplit(".", 1)[-1], *names[1:]]
    kept = [details.get(values.snake(name)) for name in likely]
    unparsed = values.mapping(item.get("unparsed"))
    return next((value for value in (*kept, unparsed.get(rule.member)) if value is not None), None)


def levels_of(rules: Iterable[LeafRule]) -> tuple[str, ...]:
    """The severities that findings of these rules can have."""
    found = set()
    for rule in rules:
        severities = {level for dummy, level in rule.limits} or {rule.level}
        found |= severities
        if rule.certainty == ASSUMPTION and severities & {"error", "critical"}:
            found.add("warning")
        if rule.is_consequence is not None:
            found.add("info")
    return tuple(state for state in CHECK_STATES if state in found)


# Six parameters: those of a check that its rules do not decide.
def assumed_check(
    name: str,
    group: str,
    summary: str,
    rules: tuple[LeafRule, ...],
    remedy: str,
    *,
    also: str = "",
    **more: t.Any,
) -> Check:
    """A check of rules whose members are assumed. Sources and severities are those of the rules.

    also: members that the check reads besides its rules.
    """
    leaves = [*(rule.leaf.split()[0] for rule in rules), *also.split()]
    source = ", ".join(f"{MODULE}.{leaf}" for leaf in dict.fromkeys(leaves))
    levels = levels_of(rules)
    return Check(name, group, levels, summary, source, ASSUMPTION, remedy, **more)
