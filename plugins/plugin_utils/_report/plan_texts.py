# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and numbers of the review page of plans, the same as Markdown and as HTML."""

from __future__ import annotations

import typing as t

from .headline import Sentence
from .model import ReportNode
from .plans import (
    count_plans,
    find_repeated_serials,
    fold_member,
    list_hosts,
    list_incomplete,
    list_pending,
    list_timing,
    list_unsaved,
)
from .tiles import Tile
from .wording import format_count, format_days, format_names, format_time

STATE_LABELS = {"broken": "cannot be used", "missing": "no plan", "changes": "would change", "empty": "no change"}
STATE_MARKS = {"broken": "bad", "missing": "bad", "changes": "warn", "empty": "good"}
# Level, what list_pending() is asked for, nouns and the rest of the sentence.
_PENDING_SENTENCES = (
    (
        "alarm",
        True,
        True,
        ("device has", "devices have"),
        "unsaved changes, which may be saved with those of the plan.",
    ),
    (
        "warning",
        True,
        False,
        ("device does", "devices do"),
        "not report whether there are unsaved changes, which may be saved with those of the plan.",
    ),
    (
        "warning",
        False,
        True,
        ("device has", "devices have"),
        "unsaved changes, which no plan saves; a restart reverts them.",
    ),
)
_ORDER = ("alarm", "warning", "none", "good")


def summarize_review(review: ReportNode) -> list[Sentence]:
    """The sentences at the top, alarms first, and the impact on timing before other changes."""
    parts = (
        _describe_unusable,
        _describe_incomplete,
        _describe_unfinished,
        _describe_pending,
        _describe_changes,
        _describe_unsaved,
        _describe_empty,
    )
    sentences = [sentence for describe in parts for sentence in describe(review)]
    return sorted(sentences, key=lambda sentence: _ORDER.index(sentence.level))


def _describe_unusable(review: ReportNode) -> t.Iterator[Sentence]:
    if not review["hosts"]:
        yield Sentence("alarm", "There is no plan in the directory.", [review["directory"]])
    broken, missing = list_hosts(review, "broken"), list_hosts(review, "missing")
    if broken:
        text = f"{format_count(len(broken), 'plan')} cannot be used; what would change on the device is not known."
        yield Sentence("alarm", text, broken)
    if missing:
        yield Sentence("alarm", f"{format_count(len(missing), 'device has', 'devices have')} no plan.", missing)
    for serial, hosts in find_repeated_serials(review).items():
        yield Sentence(
            "alarm", "Several plans have the same serial number, so they are of one device.", [serial, *hosts]
        )
    if review["not_expected"]:
        count = format_count(len(review["not_expected"]), "plan belongs", "plans belong")
        yield Sentence("alarm", f"{count} to no device of this run.", review["not_expected"])
    if review["other_files"]:
        count = format_count(len(review["other_files"]), "file is not a plan and is", "files are not plans and are")
        yield Sentence("warning", f"{count} not part of this page.", review["other_files"])


def _describe_incomplete(review: ReportNode) -> t.Iterator[Sentence]:
    entries = list_incomplete(review)
    if not entries:
        return
    parts = [
        format_count(count, name)
        for member, name in (("operations_omitted", "operation"), ("settings_omitted", "listed setting"))
        if (count := sum(entry[member] for entry in entries))
    ]
    text = f"{' and '.join(parts)} of large plans are not on this page; read the plan files of these devices."
    yield Sentence("alarm", text, [entry["host"] for entry in entries])


def _describe_unfinished(review: ReportNode) -> t.Iterator[Sentence]:
    hosts = [entry["host"] for entry in review["hosts"] if entry["unfinished"]]
    if hosts:
        count = format_count(len(hosts), "device has", "devices have")
        text = f"{count} a change of an earlier task that is not finished or not saved; the plan is only what is left to do."
        yield Sentence("alarm", text, hosts)


def _describe_pending(review: ReportNode) -> t.Iterator[Sentence]:
    for level, is_saved, is_known, nouns, text in _PENDING_SENTENCES:
        hosts = list_pending(review, is_saved, is_known)
        if hosts:
            yield Sentence(level, f"{format_count(len(hosts), *nouns)} {text}", hosts)


def _describe_changes(review: ReportNode) -> t.Iterator[Sentence]:
    timing, changing = list_timing(review), list_hosts(review, "changes")
    if timing:
        text = f"A change may affect the time that {format_count(len(timing), 'device provides', 'devices provide')}."
        yield Sentence("warning", text, timing)
    if changing:
        operations = sum(len(e["operations"]) + e["operations_omitted"] for e in review["hosts"])
        text = f"{format_count(len(changing), 'device')} would be changed by {format_count(operations, 'operation')}."
        yield Sentence("warning", text, changing)
    secrets = fold_member(review, "secrets")
    if secrets:
        text = f"{format_count(len(secrets), 'secret')} would be written; the plans do not hold the values."
        yield Sentence("warning", text, [path for path, dummy in secrets])


def _describe_unsaved(review: ReportNode) -> t.Iterator[Sentence]:
    hosts = list_unsaved(review)
    if hosts:
        text = f"The changes on {format_count(len(hosts), 'device')} would not be saved, so a restart reverts them."
        yield Sentence("warning", text, hosts)


def _describe_empty(review: ReportNode) -> t.Iterator[Sentence]:
    empty = list_hosts(review, "empty")
    if empty:
        yield Sentence("good", f"{format_count(len(empty), 'device needs', 'devices need')} no change.", empty)


def build_review_tiles(review: ReportNode) -> list[Tile]:
    """The numbers at the top."""
    counts = count_plans(review)
    return [
        Tile("devices", counts["hosts"], None, "#plans"),
        Tile("impact on timing", counts["timing"], "warn", "#timing"),
        Tile("would change", counts["changed"], "warn", "#changes"),
        Tile("no change", counts["empty"], "good", "#plans"),
        Tile("cannot be used", counts["broken"], "bad", "#unusable"),
        Tile("no plan", counts["missing"], "bad", "#unusable"),
    ]


def format_save(entry: ReportNode) -> str | None:
    """The packages that would be saved, with the number of unsaved changes; None without a plan."""
    save = entry["save"]
    if save is None:
        return None
    if not save["packages"]:
        return "nothing"
    count = save["pending_changes"]
    number = "an unknown number of unsaved changes" if count is None else format_count(count, "unsaved change")
    return format_names(save["packages"], 6) + (f" and {number}" if count != 0 else "")


def format_age(entry: ReportNode) -> str | None:
    """The time since a plan was made."""
    seconds = entry["age_seconds"]
    if seconds is None:
        return None
    return format_days(seconds) if seconds >= 0 else f"in the future by {format_days(-seconds)}"


def format_origin(review: ReportNode) -> str:
    """When the plans were made."""
    made = sorted(entry["made_at"] for entry in review["hosts"] if entry["made_at"])
    if not made:
        return "No plan says when it was made."
    first, last = format_time(made[0]), format_time(made[-1])
    return f"Plans made {first}." if first == last else f"Plans made from {first} to {last}."


def count_operations(entry: ReportNode) -> int | None:
    """The number of operations of a plan; None without a plan."""
    return None if entry["device"] is None else len(entry["operations"]) + entry["operations_omitted"]
