# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares a device with its golden configuration, from what would bring it there. Pure functions.

A drift, from here and from plugin_utils/_consensus, has these members:

mode: golden or consensus.
state: clean, drift or not_checked.
sections: a list of {name, state, reason}; the state may also be accepted.
differences: a list of {section, path, op, before, after, class, severity, accepted, expired, peers}. op is add for what the
device lacks, remove for what it has in addition, and replace for another value. before is the value of the device, after the
desired value or that of the majority. Secrets are masked on both sides.
not_compared: a list of {path, reason}: secrets, and settings that the device does not have.
not_applicable: those of not_compared that the device need not have.
"""

from __future__ import annotations

import datetime
import typing as t
from collections.abc import Mapping
from types import MappingProxyType

from .._base.sanitize import printable
from .._tree.canonical import canonical, leaves
from .._tree.paths import Path, is_covered, path_of, text_of
from .._tree.secrets import SecretRules, mask_secrets
from .accepted import Acceptance, find_acceptances
from .rules import canonicalize_path, canonicalize_pattern, classify_path

SECRET_REASON = "a secret cannot be read"
# Stands for the path of a rule for modules that applies to no module.
_RULES_PATH = "chassis0/slots"
_RULES_SECTION = _RULES_PATH.partition("/")[0]

_MAX_REASON = 500


class DriftPolicy(t.NamedTuple):
    """Rules for differences.

    today: the day at which acceptances are valid or expired.  ignore: patterns of paths that are not compared.
    secrets: patterns of paths with secret values, beyond those whose names say so.  optional: patterns of paths that a device
    need not have.
    """

    accepted: tuple[Acceptance, ...]
    today: datetime.date
    ignore: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


class Prediction(t.NamedTuple):
    """What would bring a device to its golden configuration.

    operations: as results show them, secrets masked.  sections: that were read.  secrets_kept: paths of secrets that cannot be
    compared.  not_applicable: rules and paths that were left out, with the reason.  desired: paths of all desired settings.
    golden: the desired tree, if a section counts only with a setting that is compared.  tables: paths of tables of the device.
    """

    operations: t.Sequence[t.Mapping[str, t.Any]]
    sections: t.Iterable[object]
    secrets_kept: t.Iterable[object]
    not_applicable: t.Any
    desired: t.Callable[[], t.Iterable[Path]]
    golden: t.Any = None
    tables: t.Container[Path] = ()


def compare_prediction(prediction: Prediction, host: str, policy: DriftPolicy) -> dict[str, t.Any]:
    """The drift of a host."""
    differences = [d for operation in prediction.operations for d in _operation_differences(operation, policy.secrets)]
    absent = _absent_paths(prediction.not_applicable)
    desired = [canonicalize_path(path) for path in prediction.desired()] if absent else []
    unchecked, compared = _split_sections(map(str, prediction.sections), absent, desired, policy.optional)
    compared, empty = _without_empty(compared, {each["section"] for each in differences}, prediction, policy)
    rules = list(_absent_rules(prediction.not_applicable))
    not_compared = [
        *({"path": name, "reason": reason} for name, reason in empty.items() if reason != SECRET_REASON),
        *({"path": _canonical_text(path), "reason": SECRET_REASON} for path in prediction.secrets_kept),
        *({"path": text_of(path), "reason": reason} for path, reason in absent.items()),
        *rules,
    ]
    optional = [canonicalize_pattern(pattern) for pattern in policy.optional]
    not_applicable = [
        *(
            {"path": text_of(path), "reason": why}
            for path, why in absent.items()
            if _is_optional(path, desired, optional)
        ),
        *rules,
    ]
    if not compared:
        # Nothing is left that could be clean.
        unfit = {_RULES_SECTION: rules[0]["reason"]} if rules else {}
        compared, unchecked = list(empty or unfit), empty or unfit
    comparison = Comparison("golden", compared, differences, not_compared, unchecked)
    return {**build_drift(comparison, host, policy), "not_applicable": not_applicable}


def compare_with_golden(
    result: t.Mapping[str, t.Any], golden: t.Any, host: str, policy: DriftPolicy
) -> dict[str, t.Any]:
    """The drift of a host, from the result of lantime_config in check mode.

    golden: the tree that was compared; its top-level names are the sections if the result has none. A result that is not a
    prediction (of a failed or skipped task) gives the state not_checked.
    """
    result = _prediction_of(result)
    operations = result.get("operations")
    if _is_no_prediction(result) or not isinstance(operations, list):
        names = list(golden) if isinstance(golden, dict) else []
        reason = printable(result.get("msg") or "the configuration was not compared", _MAX_REASON)
        return build_not_checked("golden", names, reason)
    prediction = Prediction(
        operations,
        result.get("sections") or (),
        result.get("secrets_kept") or (),
        result.get("not_applicable"),
        lambda: [*_golden_paths(golden), *_rule_paths(result)],
    )
    return compare_prediction(prediction, host, policy)


def _canonical_text(path: object) -> str:
    return text_of(canonicalize_path(path_of(str(path))))


def _absent_paths(not_applicable: t.Any) -> dict[Path, str]:
    """The paths that the device does not have and that were left out, with the reason."""
    return {
        canonicalize_path(path_of(str(entry["path"]))): printable(entry.get("reason") or "", _MAX_REASON)
        for entry in _select_mappings(not_applicable)
        if entry.get("path")
    }


def _absent_rules(not_applicable: t.Any) -> t.Iterator[dict[str, str]]:
    """Rules for modules that apply to no module of the device, with the reason."""
    for entry in _select_mappings(not_applicable):
        if entry.get("rule") is not None:
            text = f"rule {entry['rule']} ({entry.get('conditions')}): {entry.get('reason')}"
            yield {"path": _RULES_PATH, "reason": printable(text, _MAX_REASON)}


def _golden_paths(golden: t.Any) -> t.Iterator[Path]:
    """The paths of all settings in a golden tree."""
    if isinstance(golden, dict):
        yield from (path for path, dummy in leaves(canonical(golden).value))


def _rule_paths(result: t.Mapping[str, t.Any]) -> t.Iterator[Path]:
    """The paths of all settings that rules for modules want."""
    for rule in _select_mappings(result.get("modules_resolved")):
        for module in _select_mappings(rule.get("modules")):
            at = path_of(str(module.get("path")))
            yield from (path for path, dummy in leaves(rule.get("config"), at))


def _select_mappings(entries: t.Any) -> list[t.Mapping[str, t.Any]]:
    """The mappings in a list; none if it is no list."""
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def _split_sections(
    sections: t.Iterable[str], absent: t.Mapping[Path, str], desired: list[Path], optional: t.Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """The reason, by name, of sections of which nothing was compared, and all sections that count.

    A section does not count if the device has none of its settings, and all of them are optional.
    """
    patterns = [canonicalize_pattern(pattern) for pattern in optional]
    unchecked: dict[str, str] = {}
    counted: list[str] = []
    for name in dict.fromkeys([*map(str, sections), *(path[0] for path in absent if path)]):
        here = [path for path in absent if path[:1] == (name,)]
        paths = [path for path in desired if path[:1] == (name,)] or [(name,)]
        if not here or not all(any(path[: len(at)] == at for at in here) for path in paths):
            counted.append(name)
        elif not all(is_covered(path, patterns) for path in paths):
            counted.append(name)
            unchecked[name] = "the device has none of these settings"
    return unchecked, counted


def _without_empty(
    sections: list[str], changed: t.Container[str], prediction: Prediction, policy: DriftPolicy
) -> tuple[list[str], dict[str, str]]:
    """The sections with a setting that is compared, and the reason, by name, why there is none in the others."""
    if prediction.golden is None:
        return sections, {}
    ignore = [canonicalize_pattern(pattern) for pattern in policy.ignore]
    kept = {canonicalize_path(path_of(str(path))) for path in prediction.secrets_kept}
    empty = {name: _why_empty(name, prediction.golden.get(name), ignore, kept, prediction.tables) for name in sections}
    reasons = {name: reason for name, reason in empty.items() if reason is not None and name not in changed}
    return [name for name in sections if name not in reasons], reasons


def _why_empty(
    section: str, node: t.Any, ignore: list[str], kept: t.Container[Path], tables: t.Container[Path]
) -> str | None:
    """Why no setting in a section of a golden tree is compared; None if one is."""
    why = "the golden configuration has no setting in it"
    for found in _settings(node, (section,), tables):
        path = canonicalize_path(found)
        if is_covered(path, ignore):
            why = "all of its settings are ignored"
        elif path in kept:
            why = SECRET_REASON
        else:
            return None
    return why


def _settings(node: t.Any, at: Path, tables: t.Container[Path]) -> t.Iterator[Path]:
    """The paths of all settings in a tree, and of items without settings, whose existence is compared."""
    if isinstance(node, dict) and (node or at[:-1] not in tables):
        for name, value in node.items():
            yield from _settings(value, (*at, str(name)), tables)
    else:
        yield at


def _is_optional(absent: Path, desired: list[Path], patterns: t.Sequence[str]) -> bool:
    """Whether a device need not have any of the desired settings at a path."""
    paths = [path for path in desired if path[: len(absent)] == absent] or [absent]
    return all(is_covered(path, patterns) for path in paths)


def _prediction_of(result: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The result itself, or what lantime_config would do if the masked secrets of new items were known."""
    error, predicted = result.get("error"), result.get("predicted")
    is_complete = isinstance(error, Mapping) and error.get("code") == "secret_needed" and isinstance(predicted, Mapping)
    return t.cast("t.Mapping[str, t.Any]", predicted) if is_complete else result


def _is_no_prediction(result: t.Mapping[str, t.Any]) -> bool:
    return any(result.get(name) for name in ("failed", "unreachable", "skipped"))


def _operation_differences(operation: t.Mapping[str, t.Any], secrets: t.Sequence[str]) -> t.Iterator[dict[str, t.Any]]:
    """The differences of an operation: one for each setting of a menu, one for an item that is created or deleted."""
    path = canonicalize_path(path_of(str(operation["path"])))
    before, after = operation.get("before") or {}, operation.get("after") or {}
    if operation["action"] == "create":
        yield make_difference(path, "add", None, after, secrets)
    elif operation["action"] == "delete":
        yield make_difference(path, "remove", before, None, secrets)
    else:
        for name, value in after.items():
            op = "replace" if name in before else "add"
            at = (*path, *canonicalize_path((name,)))
            yield make_difference(at, op, before.get(name), value, secrets)


def make_difference(
    path: Path,
    op: str,
    before: t.Any,
    after: t.Any,
    secrets: t.Sequence[str] = (),
) -> dict[str, t.Any]:
    """A difference to which no acceptance is applied yet."""
    kind, severity = classify_path(path, after if after is not None else before)
    rules = SecretRules(patterns=secrets)
    return {
        "section": path[0] if path else "",
        "path": text_of(path),
        "op": op,
        "before": mask_secrets(before, path, rules),
        "after": mask_secrets(after, path, rules),
        "class": kind,
        "severity": severity,
        "accepted": None,
        "expired": None,
        "peers": None,
    }


class Comparison(t.NamedTuple):
    """The outcome of a comparison. unchecked: the reason, by name, of sections that were not compared."""

    mode: str
    sections: t.Iterable[str]
    differences: list[dict[str, t.Any]]
    not_compared: list[dict[str, str]]
    unchecked: t.Mapping[str, str] = MappingProxyType({})


def build_drift(comparison: Comparison, host: str, policy: DriftPolicy) -> dict[str, t.Any]:
    """The drift of a host, from the comparison and the policy."""
    ignore = [canonicalize_pattern(pattern) for pattern in policy.ignore]
    rated = [
        _apply_acceptance(each, host, policy)
        for each in comparison.differences
        if not is_covered(path_of(each["path"]), ignore)
    ]
    rated.sort(key=lambda each: (each["path"], each["op"]))
    names = dict.fromkeys([*map(str, comparison.sections), *(each["section"] for each in rated)])
    listed = [
        _summarize_section(name, [d for d in rated if d["section"] == name], comparison.unchecked.get(name))
        for name in names
    ]
    states = {entry["state"] for entry in listed}
    # A device is clean only if all of its sections were compared.
    is_incomplete = not states or "not_checked" in states
    state = "drift" if "drift" in states else "not_checked" if is_incomplete else "clean"
    return {
        "mode": comparison.mode,
        "state": state,
        "sections": listed,
        "differences": rated,
        "not_compared": sorted(comparison.not_compared, key=lambda entry: entry["path"]),
        "not_applicable": [],
    }


def _apply_acceptance(each: dict[str, t.Any], host: str, policy: DriftPolicy) -> dict[str, t.Any]:
    valid, expired = find_acceptances(policy.accepted, each["path"], host, policy.today)
    if valid is not None:
        return {**each, "accepted": valid.as_dict()}
    return each if expired is None else {**each, "expired": expired.as_dict()}


def _summarize_section(name: str, differences: list[dict[str, t.Any]], unchecked: str | None) -> dict[str, t.Any]:
    if not differences:
        state = "clean" if unchecked is None else "not_checked"
        return {"name": name, "state": state, "reason": unchecked}
    if all(each["accepted"] for each in differences):
        first = min((each["accepted"] for each in differences), key=lambda entry: str(entry["until"]))
        accepted = f"accepted until {first['until']}: {printable(first['reason'], _MAX_REASON)}"
        return {"name": name, "state": "accepted", "reason": accepted}
    expired = [each for each in differences if each["expired"]]
    reason = f"the acceptance of {expired[0]['path']} ended on {expired[0]['expired']['until']}" if expired else None
    return {"name": name, "state": "drift", "reason": reason}


def build_not_checked(mode: str, sections: t.Iterable[str], reason: str) -> dict[str, t.Any]:
    """The drift of a device that could not be compared."""
    return {
        "mode": mode,
        "state": "not_checked",
        "sections": [{"name": str(name), "state": "not_checked", "reason": reason} for name in sections],
        "differences": [],
        "not_compared": [],
        "not_applicable": [],
    }
