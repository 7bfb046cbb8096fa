# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML page: no script, nothing from elsewhere, readable on paper, in the dark and by ear.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import base64
import hashlib
import typing as t

from . import plots
from . import wording as words
from .css import CSS
from .fleet import anchor, fleet, needs_attention, remarkable
from .model import UNCHECKED_STATES
from .tags import Markup, join, tag

Node = words.ReportNode

# What the details may take, so that the page of 200 devices stays below 1 MB however much of them drifts.
DRIFT_BYTES = 400_000
HEALTH_BYTES = 120_000
_LINES_PER_DEVICE = (400, 100, 25, 8)
_OPEN_DEVICES = 12
_OPEN_LINES = 60

_NAMES = 12
_NIL = Markup('<td class="nil">\u2013</td>')
_SIGNS = {"warning": "warn", "good": "good"}
_TALLY = (
    ("hosts", "devices", "", "#fleet"),
    ("clean", "clean", "good", "#fleet"),
    ("drift", "drift", "warn", "#drift"),
    ("failed", "failed", "bad", "#unchecked"),
    ("unreachable", "unreachable", "bad", "#unchecked"),
    ("not_checked", "not checked", "bad", "#unchecked"),
    ("unhealthy", "unhealthy", "warn", "#health"),
)
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 12'%3E"
    "%3Ccircle cx='6' cy='6' r='5' fill='%231b6b3b'/%3E%3C/svg%3E"
)


def render_html(report: Node) -> str:
    """The page."""
    body = tag(
        "div",
        _header(report),
        tag(
            "main",
            _unchecked(report),
            _plots(report),
            fleet(report),
            _drift(report),
            _health(report),
            id="main",
        ),
        _footer(report),
        class_="page",
    )
    skip = tag("a", "Skip to the fleet table", class_="skip", href="#fleet")
    return "<!DOCTYPE html>\n" + tag("html", _head(report), tag("body", skip, plots.symbols(), body), lang="en") + "\n"


def _fitting(parts: t.Sequence[Markup], limit: int) -> int:
    """How many of the parts, from the first on, fit into so many bytes."""
    for number, part in enumerate(parts):
        limit -= len(part.encode("utf-8"))
        if limit < 0:
            return number
    return len(parts)


def _head(report: Node) -> Markup:
    digest = base64.b64encode(hashlib.sha256(CSS.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        # The first time in the file is that of the report, see _report_files.
        tag("meta", name="date", content=report["generated"]),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"meinberg.lantime {report['collection']}"),
        tag("title", report["title"]),
        tag("link", rel="icon", href=_ICON),
        tag("style", Markup(CSS)),
    )


def _header(report: Node) -> Markup:
    facts = [("Generated", _time(report["generated"]))]
    if report["golden_file"]:
        facts.append(("Against", tag("code", report["golden_file"])))
    slices = len(report["merged_from"])
    if slices:
        facts.append(("United from", tag("span", words.format_count(slices, "report"))))
    facts.append(("Exit code", tag("span", report["exit_code"])))
    return tag(
        "header",
        tag(
            "div",
            tag("div", tag("p", "LANTIME fleet report", class_="kicker"), tag("h1", report["title"])),
            tag(
                "dl",
                [join(tag("dt", name), tag("dd", value)) for name, value in facts],
                class_="meta",
            ),
            class_="head",
        ),
        _verdict(report),
        _tally(report),
    )


def _verdict(report: Node) -> Markup:
    told = words.summarize_report(report)
    alarms = [tag("p", text) for level, text in told if level == "alarm"]
    names = [entry["host"] for entry in words.list_unchecked(report)]
    if names:
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        alarms.append(tag("p", ", ".join(names[:_NAMES]) + more, class_="names"))
    return tag(
        "div",
        tag("div", alarms, class_="alarm") if alarms else None,
        tag(
            "ul",
            [tag("li", plots.sign(_SIGNS[level]), tag("span", text)) for level, text in told if level != "alarm"],
        )
        if len(told) > len(alarms) or not alarms
        else None,
        class_="verdict",
    )


def _time(iso: str | None) -> Markup:
    return tag("time", words.format_time(iso), datetime=iso)


def _tally(report: Node) -> Markup:
    summary = report["summary"]
    cells = []
    for key, label, sign, target in _TALLY:
        count = summary[key]
        shown: Markup | int = tag("a", count, href=target) if count and key != "hosts" else count
        if key == "clean" and "drift" not in report["checks"]:
            label = "checked" if "health" in report["checks"] else "read"
        class_ = f"set {sign}" if sign in ("warn", "bad") else None
        term = tag("dt", plots.sign(sign) if sign else None, label)
        cells.append(tag("div", term, tag("dd", shown), class_=class_ if count else "zero"))
    states = [(plots.STATE_SIGNS[s], summary[s]) for s in ("clean", "drift", *UNCHECKED_STATES)]
    return join(tag("dl", cells, class_="tally"), plots.tally(states))


def _unchecked(report: Node) -> Markup | None:
    entries = words.list_unchecked(report)
    if not entries:
        return None
    rows = []
    for entry in entries:
        error = entry["error"] or {}
        state = "in part" if entry["state"] not in UNCHECKED_STATES else words.format_state(report, entry)
        rows.append(
            tag(
                "tr",
                tag("th", entry["host"], scope="row"),
                tag("td", plots.sign("bad"), tag("span", state, class_="word-bad"), class_="tight"),
                tag("td", tag("code", error["code"]), class_="tight") if error.get("code") else _NIL,
                tag("td", words.format_unchecked_reason(entry)),
                tag("td", error["remedy"]) if error.get("remedy") else _NIL,
            )
        )
    return tag(
        "section",
        tag("h2", "Could not be checked ", _count(len(entries)), id="unchecked"),
        tag(
            "p",
            "Nothing is known of these devices, or of the named parts of them. They do not count as clean.",
            class_="lead",
        ),
        _table(("Device", "State", "Code", "Reason", "What to do"), rows, "Devices that could not be checked", "check"),
    )


def _count(number: int) -> Markup:
    return tag("span", number, class_="count") if number else Markup("")


def _table(heads: t.Sequence[str], rows: list[Markup], caption: str, class_: str) -> Markup:
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption, class_="heard"),
            tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])),
            tag("tbody", rows),
            class_=class_,
        ),
        class_="scroll",
        role="region",
        aria_label=caption,
        tabindex=0,
    )


def _plots(report: Node) -> Markup | None:
    figures = []
    quality = plots.quality(report)
    if quality is not None:
        read = [entry for entry in report["hosts"] if entry["time"]]
        caption = "One sign a device, by the upper bound that the device gives. " + plots.summary(read)
        figures.append(_figure("Estimated time quality", caption, quality))
    bars = plots.sections(report)
    if bars is not None:
        secure = any(row[2] for row in words.count_by_section(report))
        hatched = ", hatched where they concern security" if secure else ""
        figures.append(_figure("Drift by section", f"Settings that differ in each section{hatched}.", bars))
    if not figures:
        return None
    return tag("div", figures, class_="plots" if len(figures) > 1 else "plots one")


def _figure(heading: str, caption: str, picture: Markup) -> Markup:
    return tag("figure", tag("h2", heading), tag("figcaption", caption), picture)


def _drift(report: Node) -> Markup | None:
    entries = [entry for entry in report["hosts"] if _has_differences(entry)]
    if not entries:
        return None
    drifting = [entry for entry in entries if entry["state"] == "drift"]
    parts: list[Markup] = []
    shown = 0
    for most in _LINES_PER_DEVICE:
        parts = [_device(report, e, len(drifting) <= _OPEN_DEVICES, most) for e in entries]
        shown = _fitting(parts, DRIFT_BYTES)
        if shown == len(parts):
            break
    left = len(parts) - shown
    more = None
    if left:
        text = f"The differences of {words.format_count(left, 'more device')} do not fit on this page; the JSON report holds all."
        more = tag("p", text, class_="lead")
    mode = (entries[0]["drift"] or {}).get("mode", "golden")
    return tag(
        "section",
        tag("h2", "Drift ", _count(len(drifting)), id="drift"),
        tag("p", f"\u2212 as the device has it, + as {words.describe_reference(mode)} has it.", class_="lead"),
        parts[:shown],
        more,
    )


def _has_differences(entry: Node) -> bool:
    return entry["state"] == "drift" or bool(entry["drift"] and entry["drift"]["differences"])


def _device(report: Node, entry: Node, may_open: bool, most: int) -> Markup:
    drifting, taken = words.list_drift(report, entry), words.list_accepted(report, entry)
    lines = words.format_diff(drifting)
    sections = ", ".join(dict.fromkeys(d["section"] for d in drifting))
    counted = words.format_count(len(drifting), "difference") if drifting else "accepted only"
    where = f"in {sections}" if sections else ""
    return tag(
        "details",
        tag(
            "summary",
            tag("b", entry["host"]),
            tag("span", words.format_identity(entry)),
            tag(
                "span",
                counted,
                " ",
                where,
                class_="word-warn" if drifting else None,
            ),
        ),
        _lines(lines, most) if lines else None,
        [
            tag("p", "Accepted for the time being:", class_="hint"),
            _lines(words.format_diff(taken), most),
        ]
        if taken
        else None,
        tag("p", entry["reason"], class_="hint") if entry["reason"] else None,
        id=anchor("d", report, entry),
        open=may_open and bool(drifting) and len(lines) <= _OPEN_LINES,
    )


def _lines(lines: t.Sequence[words.DiffLine], most: int) -> Markup:
    names = {"+": "ins", "-": "del"}
    classes = {"@": "at", " ": "say"}
    shown = [
        tag(names[line.sign], line.text) if line.sign in names else tag("span", line.text, class_=classes[line.sign])
        for line in lines[:most]
    ]
    left = len(lines) - len(shown)
    if left > 0:
        shown.append(tag("span", f"… and {words.format_count(left, 'more line')}", class_="say"))
    return tag("div", tag("pre", shown), class_="diff")


def _health(report: Node) -> Markup | None:
    if "health" not in report["checks"]:
        return None
    found = [(entry, words.list_findings(entry)) for entry in report["hosts"]]
    found = [(entry, checks) for entry, checks in found if checks]
    blocks = [join([_finding(report, entry, checks, place) for place in range(len(checks))]) for entry, checks in found]
    heading = tag("h2", "Health findings ", _count(sum(len(c) for dummy, c in found)), id="health")
    if not found:
        return tag("section", heading, tag("p", "No check found anything to look at.", class_="lead"))
    shown = _fitting(blocks, HEALTH_BYTES)
    left = sum(len(checks) for dummy, checks in found[shown:])
    more = None
    if left:
        text = f"{words.format_count(left, 'more finding does', 'more findings do')} not fit on this page; the JSON report holds all."
        more = tag("p", text, class_="lead")
    heads = ("Device", "State", "Check", "What was found", "What to do")
    table = _table(heads, blocks[:shown], "What the health checks found", "check")
    return tag("section", heading, table, more)


def _finding(report: Node, entry: Node, found: t.Sequence[Node], number: int) -> Markup:
    check = found[number]
    sign = plots.HEALTH_SIGNS[check["state"]]
    subject = f" {check['subject']}" if check["subject"] else ""
    since = f" Since {words.format_time(check['since'])}." if check["since"] else ""
    name = None
    if number == 0:
        span = len(found) if len(found) > 1 else None
        name = tag("th", entry["host"], scope="row", rowspan=span, id=anchor("h", report, entry))
    return tag(
        "tr",
        name,
        tag("td", plots.sign(sign), tag("span", check["state"], class_=f"word-{sign}"), class_="tight"),
        tag("td", tag("code", check["name"]), subject, class_="tight"),
        tag("td", check["message"], since),
        tag("td", check["remedy"]) if check["remedy"] else _NIL,
    )


def _footer(report: Node) -> Markup:
    checks = {"drift": "drift", "health": "health", "facts": "facts"}
    named = ", ".join(checks[name] for name in report["checks"]) or "nothing"
    calm = sum(not needs_attention(entry) for entry in report["hosts"])
    return tag(
        "footer",
        tag(
            "p",
            f"Checked: {named}. A device counts as clean only if every one of these was read and compared; "
            f"{calm} of {words.format_count(report['summary']['hosts'], 'device')} need no attention.",
        ),
        tag("p", remarkable(report)),
        tag("p", f"meinberg.lantime {report['collection']}, {words.format_time(report['generated'])}."),
    )
