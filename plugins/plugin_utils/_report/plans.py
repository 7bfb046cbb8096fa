# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans in a directory, as a review shows them: what is the same on several devices once, with these devices."""

from __future__ import annotations

import hashlib
import json
import typing as t
from pathlib import Path

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.files import FileError, read_file, reason
from ...module_utils._base.sanitize import printable
from ...module_utils._base.times import parse_utc
from ...module_utils._base.version import VERSION
from ...module_utils._drift.activity import normalize_change, normalize_not_applicable
from ...module_utils._drift.bounded import MAX_MESSAGE, MAX_NAME, MAX_PATH, bounded_text
from ...module_utils._plan.document import MAX_PLAN_BYTES, PlanDocument, PlanError, parse_plan
from ...module_utils._plan.file_names import PLAN_SUFFIX, host_of_file
from ...module_utils._plan.impact import TIMING
from ...module_utils._tree import values
from ...module_utils._tree.canonical import leaves
from ...module_utils._tree.paths import path_of
from .folding import FoldedDevices
from .model import ReportNode

REVIEW_FORMAT = "meinberg.lantime.plans"
REVIEW_VERSION = 1

# From worst to best. broken: the file cannot be used.  missing: an expected host without a plan.
PLAN_STATES = ("broken", "missing", "changes", "empty")
MAX_FILES = 10_000
_MAX_LISTED = 200
_OPERATION_MEMBERS = ("id", "handler", "action", "path", "before", "after", "impact", "is_secret")

PlanEntry = dict[str, t.Any]
Review = dict[str, t.Any]


class ReviewHeading(t.NamedTuple):
    """generated: ISO 8601 in UTC.  expected: hosts that should have a plan; empty if that is not known.

    pages: names of files in the directory of the plans that are the page itself.
    """

    title: str
    generated: str
    expected: t.Sequence[str] = ()
    pages: t.Collection[str] = ()


class ChangeGroup(t.NamedTuple):
    """Operations that are the same on devices, in the order of the plan of the first device."""

    operations: list[ReportNode]
    is_timing: bool


def build_review(heading: ReviewHeading, directory: str) -> Review:
    """The plans of the directory. Raises LantimeError with code report if the directory cannot be read."""
    names = _list_names(Path(directory))
    entries = [_read_entry(Path(directory), name) for name in names if name.endswith(PLAN_SUFFIX)]
    known = {entry["host"] for entry in entries}
    missing = [_make_entry(printable(host, MAX_NAME), "missing") for host in heading.expected if host not in known]
    entries = sorted([*entries, *missing], key=lambda entry: values.natural_key(entry["host"]))
    expected = set(heading.expected)
    return {
        "format": REVIEW_FORMAT,
        "version": REVIEW_VERSION,
        # The first time in the file, see files.py.
        "generated": heading.generated,
        "collection": VERSION,
        "title": printable(heading.title, MAX_NAME),
        "directory": printable(directory, MAX_PATH),
        "hosts": [_add_age(entry, heading.generated) for entry in entries],
        "not_expected": [
            entry["host"]
            for entry in entries
            if expected and entry["state"] != "broken" and entry["host"] not in expected
        ],
        # Hidden files are those of version control and of editors.
        "other_files": [
            printable(n, MAX_NAME)
            for n in names
            if not n.startswith(".") and not n.endswith(PLAN_SUFFIX) and n not in heading.pages
        ],
        "golden_files": sorted({name for entry in entries for name in entry["golden_files"]}),
    }


def _list_names(directory: Path) -> list[str]:
    try:
        names = sorted(path.name for path in directory.iterdir())
    except OSError as exc:
        text = f"the plans cannot be read: {printable(directory, MAX_PATH)} ({reason(exc)})"
        hint = "set plans to the directory in which the plans were written, and check its permissions"
        raise LantimeError("report", text, hint=hint) from None
    if len(names) > MAX_FILES:
        text = f"the plans cannot be read: {printable(directory, MAX_PATH)} has more than {MAX_FILES} files"
        raise LantimeError("report", text, hint="set plans to a directory with plans only")
    return names


def _make_entry(host: str, state: str, problem: str | None = None) -> PlanEntry:
    """An entry without a plan."""
    return {
        "host": host,
        "state": state,
        "reason": problem,
        "device": None,
        "operations": [],
        "operations_omitted": 0,
        "save": None,
        "settings_omitted": 0,
        "unfinished": None,
        "is_timing": False,
        "made_at": None,
        "golden_files": [],
        "secrets": [],
        "secrets_kept": [],
        "not_applicable": [],
    }


def _read_entry(directory: Path, name: str) -> PlanEntry:
    host = host_of_file(name)
    if host is None:
        return _make_entry(printable(name, MAX_NAME), "broken", "the name of the file is not that of a host")
    try:
        plan = load_plan(directory / name, host)
    except ValueError as exc:
        return _make_entry(host, "broken", printable(exc, MAX_MESSAGE))
    return _entry_of_plan(host, plan)


def load_plan(path: Path, host: str) -> PlanDocument:
    """The plan of a host. Raises ValueError with a clause such as "it is not JSON"."""
    try:
        plan = parse_plan(read_file(path, MAX_PLAN_BYTES, follow_links=True))
    except OSError as exc:
        raise FileError(f"it cannot be read ({reason(exc)})") from None
    if plan.inventory_hostname not in (None, host):
        raise PlanError(f"it is the plan of {printable(plan.inventory_hostname, MAX_NAME)}")
    return plan


def _entry_of_plan(host: str, plan: PlanDocument) -> PlanEntry:
    change = normalize_change({"operations": list(plan.operations)}) or {}
    secrets = set(map(path_of, plan.secrets))
    operations = [
        {
            **shown,
            "key": _digest(given),
            "is_secret": any(path in secrets for path, dummy in leaves(planned.after, planned.path)),
        }
        for shown, given, planned in zip(change["operations"], plan.operations, plan.changes)
    ]
    names = ("model", "serial_number", "firmware", "hostname")
    lists: tuple[t.Sequence[t.Any], ...] = (plan.secrets, plan.secrets_kept, plan.not_applicable)
    return {
        **_make_entry(host, "changes" if operations else "empty"),
        "device": {name: bounded_text(plan.device.get(name)) for name in names},
        "operations": operations,
        "operations_omitted": change["operations_omitted"],
        "save": {
            "packages": _list_texts(plan.save.packages),
            "pending_changes": values.index(plan.save.pending_changes),
        },
        "settings_omitted": sum(max(0, len(listed) - _MAX_LISTED) for listed in lists),
        "unfinished": plan.unfinished,
        "is_timing": any(each.get("impact") == TIMING for each in plan.operations),
        "made_at": values.iso_utc(plan.made_at),
        "golden_files": _list_texts(plan.golden_files),
        "secrets": _list_texts(plan.secrets),
        "secrets_kept": _list_texts(plan.secrets_kept),
        "not_applicable": _list_not_applicable(plan.not_applicable),
    }


def _list_texts(texts: t.Sequence[str]) -> list[str]:
    return [printable(text, MAX_PATH) for text in texts[:_MAX_LISTED]]


def _list_not_applicable(items: t.Sequence[ReportNode]) -> list[tuple[str, str]]:
    """Settings and rules for modules that do not apply, each with the reason."""
    return [(str(item["path"]), item["reason"] or "unknown") for item in normalize_not_applicable(list(items))]


def serialize_review(review: ReportNode) -> str:
    """The JSON of a review: ASCII, so that no terminal or editor acts on text of a device."""
    hosts = [_describe_entry(entry) for entry in review["hosts"]]
    content = {"summary": count_plans(review), "is_complete": is_complete(review), "hosts": hosts}
    return json.dumps({**review, **content}, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _describe_entry(entry: PlanEntry) -> PlanEntry:
    """An entry as the JSON has it, which depends on the plan only, not on the time of the page."""
    return {
        **{name: value for name, value in entry.items() if name != "age_seconds"},
        "operations": [
            {name: each[name] for name in _OPERATION_MEMBERS if name in each} for each in entry["operations"]
        ],
        "not_applicable": [{"path": path, "reason": reason} for path, reason in entry["not_applicable"]],
    }


def _digest(operation: ReportNode) -> str:
    """What tells operations apart, also those that differ in what is cut off."""
    text = json.dumps({**operation, "id": None}, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _add_age(entry: PlanEntry, generated: str) -> PlanEntry:
    made, now = parse_utc(entry["made_at"]), parse_utc(generated)
    return {**entry, "age_seconds": None if made is None or now is None else (now - made).total_seconds()}


def fold_plans(review: ReportNode) -> list[FoldedDevices]:
    """The changes of all plans, those with an impact on timing first. item: a ChangeGroup."""
    shared: dict[str, tuple[ReportNode, dict[int, ReportNode]]] = {}
    for number, entry in enumerate(review["hosts"]):
        for operation in entry["operations"]:
            shared.setdefault(operation["key"], (operation, {}))[1][number] = entry
    groups: dict[tuple[t.Any, ...], FoldedDevices] = {}
    for operation, entries in shared.values():
        is_timing = operation["impact"] == TIMING
        group = FoldedDevices(ChangeGroup([], is_timing), list(entries.items()))
        groups.setdefault((is_timing, *entries), group).item.operations.append(operation)
    return sorted(groups.values(), key=lambda group: (not group.item.is_timing, -len(group.entries)))


def fold_member(review: ReportNode, member: str) -> list[tuple[t.Any, list[str]]]:
    """What the plans list in a member, each once with its hosts."""
    found: dict[t.Any, list[str]] = {}
    for entry in review["hosts"]:
        for each in dict.fromkeys(entry[member]):
            found.setdefault(each, []).append(entry["host"])
    return sorted(found.items())


def list_hosts(review: ReportNode, state: str) -> list[str]:
    """The hosts whose plans are in a state."""
    return [entry["host"] for entry in review["hosts"] if entry["state"] == state]


def list_timing(review: ReportNode) -> list[str]:
    """The hosts with a change that may affect the time they provide."""
    return [entry["host"] for entry in review["hosts"] if entry["is_timing"]]


def list_unsaved(review: ReportNode) -> list[str]:
    """The hosts whose changes would not be saved."""
    return [entry["host"] for entry in review["hosts"] if entry["operations"] and not entry["save"]["packages"]]


def list_pending(review: ReportNode, is_saved: bool, is_known: bool) -> list[str]:
    """The hosts with unsaved changes.

    is_saved: whether something is saved, which may include them.  is_known: whether the device reports their number.
    """
    entries = [entry for entry in review["hosts"] if entry["save"] and bool(entry["save"]["packages"]) == is_saved]
    counts = {entry["host"]: entry["save"]["pending_changes"] for entry in entries}
    return [host for host, count in counts.items() if (count if is_known else count is None)]


def list_incomplete(review: ReportNode) -> list[ReportNode]:
    """The entries of plans with more operations or settings than an entry has."""
    return [entry for entry in review["hosts"] if entry["operations_omitted"] or entry["settings_omitted"]]


def count_plans(review: ReportNode) -> dict[str, int]:
    """The numbers of hosts, in total and by state, and those with an impact on timing."""
    counts = {state.replace("changes", "changed"): len(list_hosts(review, state)) for state in PLAN_STATES}
    return {"hosts": len(review["hosts"]), **counts, "timing": len(list_timing(review))}


def is_complete(review: ReportNode) -> bool:
    """Whether there is a plan for each host, and each can be used."""
    counts = count_plans(review)
    return counts["hosts"] > 0 and not counts["broken"] and not counts["missing"] and not find_repeated_serials(review)


def find_repeated_serials(review: ReportNode) -> dict[str, list[str]]:
    """Serial numbers of devices that have several plans, with the hosts of these."""
    hosts: dict[str, list[str]] = {}
    for entry in review["hosts"]:
        serial = (entry["device"] or {}).get("serial_number")
        if serial:
            hosts.setdefault(serial, []).append(entry["host"])
    return {serial: names for serial, names in hosts.items() if len(names) > 1}
