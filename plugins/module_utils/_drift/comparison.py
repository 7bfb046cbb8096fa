# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: what lantime_config would change -> how a device differs from its golden configuration.

A drift, from here and from _consensus: mode (golden or consensus); state (clean, drift or
not_checked); sections, each {name, state, reason}, the state also accepted; differences, each {section,
path, op, before, after, class, severity, accepted, expired, peers}, op being add for what the device lacks,
remove for what it has beyond, replace for another value, before the device's value and after the desired
one or that of the majority; not_compared, each {path, reason}. Secrets are masks on both sides.
"""

from __future__ import annotations

import datetime
import typing as t

from .._base.sanitize import printable
from .._tree.paths import Path, covered, path_of, text_of
from .._tree.secrets import MASK, is_secret
from .accepted import Acceptance, find_acceptances
from .rules import canonicalize_path, canonicalize_pattern, classify_path

_MAX_REASON = 500


class DriftPolicy(t.NamedTuple):
    """What a difference is judged by.

    accepted: see _accepted.  today: the day that counts.  ignore: patterns of paths that are no drift.  secrets:
    patterns of paths whose values are not shown, beyond those that say so themselves.
    """

    accepted: tuple[Acceptance, ...]
    today: datetime.date
    ignore: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def compare_with_golden(
    result: t.Mapping[str, t.Any], golden: t.Any, host: str, policy: DriftPolicy
) -> dict[str, t.Any]:
    """The drift of a host from the result of lantime_config in check mode.

    golden: the tree that was compared; its first names are the sections if the result has none. A result that is no
    prediction (a failure, a skipped task) gives not_checked.
    """
    operations = result.get("operations")
    if _is_no_prediction(result) or not isinstance(operations, list):
        names = list(golden) if isinstance(golden, dict) else []
        reason = printable(result.get("msg") or "the configuration was not compared", _MAX_REASON)
        return build_not_checked("golden", names, reason)
    differences = [d for operation in operations for d in _operation_differences(operation, policy.secrets)]
    kept = [
        {"path": text_of(canonicalize_path(path_of(str(path)))), "reason": "a secret cannot be read"}
        for path in result.get("secrets_kept") or ()
    ]
    return build_drift("golden", result.get("sections") or (), differences, kept, host, policy)


def _is_no_prediction(result: t.Mapping[str, t.Any]) -> bool:
    return any(result.get(name) for name in ("failed", "unreachable", "skipped"))


def _operation_differences(operation: t.Mapping[str, t.Any], secrets: t.Sequence[str]) -> t.Iterator[dict[str, t.Any]]:
    """A menu that changes has one difference a setting, an item that comes or goes has one in all."""
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
    peers: dict[str, int] | None = None,
) -> dict[str, t.Any]:
    """One difference, not yet judged by anybody's acceptance."""
    kind, severity = classify_path(path, after if after is not None else before)
    return {
        "section": path[0] if path else "",
        "path": text_of(path),
        "op": op,
        "before": mask_secrets(before, path, secrets),
        "after": mask_secrets(after, path, secrets),
        "class": kind,
        "severity": severity,
        "accepted": None,
        "expired": None,
        "peers": peers,
    }


def mask_secrets(value: t.Any, at: Path, secrets: t.Sequence[str]) -> t.Any:
    """A value below a path with every set secret masked, whatever it came as."""
    if isinstance(value, dict):
        return {name: mask_secrets(inner, (*at, name), secrets) for name, inner in value.items()}
    if value in ("", None, []):
        return value
    return MASK if is_secret(at, value) or covered(at, secrets) else value


def build_drift(
    mode: str,
    sections: t.Iterable[str],
    differences: list[dict[str, t.Any]],
    not_compared: list[dict[str, str]],
    host: str,
    policy: DriftPolicy,
    unchecked: t.Mapping[str, str] | None = None,
) -> dict[str, t.Any]:
    """A drift from its differences. unchecked: the reason by section for those that were not compared at all."""
    ignore = [canonicalize_pattern(pattern) for pattern in policy.ignore]
    judged = [
        _apply_acceptance(each, host, policy) for each in differences if not covered(path_of(each["path"]), ignore)
    ]
    judged.sort(key=lambda each: (each["path"], each["op"]))
    names = dict.fromkeys([*map(str, sections), *(each["section"] for each in judged)])
    listed = [
        _summarize_section(name, [d for d in judged if d["section"] == name], (unchecked or {}).get(name))
        for name in names
    ]
    states = {entry["state"] for entry in listed}
    # A section that nobody looked at is no proof that the device is as it should be.
    blind = not states or "not_checked" in states
    state = "drift" if "drift" in states else "not_checked" if blind else "clean"
    return {
        "mode": mode,
        "state": state,
        "sections": listed,
        "differences": judged,
        "not_compared": sorted(not_compared, key=lambda entry: entry["path"]),
    }


def _apply_acceptance(each: dict[str, t.Any], host: str, policy: DriftPolicy) -> dict[str, t.Any]:
    holding, over = find_acceptances(policy.accepted, each["path"], host, policy.today)
    if holding is not None:
        return {**each, "accepted": holding.as_dict()}
    return each if over is None else {**each, "expired": over.as_dict()}


def _summarize_section(name: str, found: list[dict[str, t.Any]], unchecked: str | None) -> dict[str, t.Any]:
    if not found:
        state = "clean" if unchecked is None else "not_checked"
        return {"name": name, "state": state, "reason": unchecked}
    over = [each for each in found if each["expired"]]
    if all(each["accepted"] for each in found):
        first = min((each["accepted"] for each in found), key=lambda entry: str(entry["until"]))
        accepted = f"accepted until {first['until']}: {printable(first['reason'], _MAX_REASON)}"
        return {"name": name, "state": "accepted", "reason": accepted}
    reason: str | None = None
    if over:
        reason = f"{over[0]['path']} was accepted until {over[0]['expired']['until']}, which is over"
    return {"name": name, "state": "drift", "reason": reason}


def build_not_checked(mode: str, sections: t.Iterable[str], reason: str) -> dict[str, t.Any]:
    """The drift of a device that could not be compared."""
    return {
        "mode": mode,
        "state": "not_checked",
        "sections": [{"name": str(name), "state": "not_checked", "reason": reason} for name in sections],
        "differences": [],
        "not_compared": [],
    }
