# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet table of the HTML report.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

from . import plots
from . import wording as words
from .tags import Markup, join, tag

Node = words.ReportNode

_NOTHING = Markup('<span class="none-given">\u2013</span>')
# Cells of more characters than this may be broken into lines.
_LONG = 32
_TAG = re.compile("<[^>]*>")
_LEGEND = (("good", "good"), ("warn", "wants a look"), ("bad", "bad"), ("none", "not known"))


def anchor(kind: str, report: Node, entry: Node) -> str:
    """The id of a device's part of the page. Names are no ids: they may hold anything."""
    return f"{kind}{report['hosts'].index(entry)}"


def needs_attention(entry: Node) -> bool:
    """Whether anything about a device is not as it should be, as far as the report knows."""
    health = entry["health"]
    return (
        entry["state"] != "clean"
        or entry["reason"] is not None
        or (health is not None and (not health["healthy"] or bool(words.list_findings(entry))))
        or words.get_clock_state(entry["time"]) in ("holdover", "lost")
    )


def fleet(report: Node) -> Markup | None:
    """The table of all devices, by group."""
    entries: list[Node] = report["hosts"]
    if not entries:
        return None
    groups: dict[str | None, list[tuple[int, Node]]] = {}
    for number, entry in enumerate(entries):
        groups.setdefault(entry["group"], []).append((number, entry))
    columns = _columns(report)
    bodies = [
        tag(
            "tbody",
            tag("tr", _group(group, len(members), len(columns) + 1), class_="group")
            if group and len(groups) > 1
            else None,
            [_row(report, number, entry, columns) for number, entry in members],
        )
        for group, members in groups.items()
    ]
    heads = [tag("th", name, scope="col", class_="n" if right else None) for name, right, dummy in columns]
    legend = tag("span", [tag("span", plots.sign(key), word) for key, word in _LEGEND], class_="legend")
    mixed = len({needs_attention(entry) for entry in entries}) > 1
    only = tag(
        "label",
        tag("input", type="checkbox", id="only"),
        " Only devices that need attention",
        class_="only",
    )
    return tag(
        "section",
        tag("h2", "Fleet ", tag("span", len(entries), class_="count"), id="fleet"),
        only if mixed else None,
        tag(
            "div",
            tag(
                "table",
                tag("caption", tag("span", "All devices. ", class_="heard"), legend),
                tag("thead", tag("tr", tag("th", "Device", scope="col"), heads)),
                bodies,
                class_="fleet",
            ),
            class_="scroll wide",
            role="region",
            aria_label="Fleet table",
            tabindex=0,
        ),
        class_="fleet-block",
    )


def _group(name: str, count: int, columns: int) -> Markup:
    counted = tag("span", words.format_count(count, "device"), class_="count")
    return tag("th", name, " ", counted, scope="rowgroup", colspan=columns)


class _At(t.NamedTuple):
    """What a cell is made of."""

    report: Node
    number: int
    entry: Node


_Cell = t.Callable[[_At], "Markup | str | int | None"]


def _columns(report: Node) -> list[tuple[str, bool, _Cell]]:
    """(heading, aligned to the right, cell). Columns that no device fills are left out."""
    checks = report["checks"]
    read = any(entry["time"] for entry in report["hosts"])
    known = any(entry["device"] for entry in report["hosts"])
    received = any(entry["receivers"] for entry in report["hosts"])
    chosen: list[tuple[bool, tuple[str, bool, _Cell]]] = [
        (True, ("State", False, _state)),
        ("drift" in checks, ("Drift", True, _drift)),
        ("health" in checks, ("Health", False, _health)),
        (read, ("Clock", False, _clock)),
        (read, ("Quality", True, lambda at: words.format_quality(at.entry["time"]))),
        (read, ("Stratum", True, lambda at: (at.entry["time"] or {}).get("stratum"))),
        (received, ("Receiver", False, _receiver)),
        (received, ("Satellites", True, lambda at: words.format_satellites(at.entry))),
        (known, ("LTOS", False, lambda at: (at.entry["device"] or {}).get("firmware"))),
        (known, ("Model and serial number", False, lambda at: words.format_identity(at.entry) or None)),
    ]
    return [column for wanted, column in chosen if wanted]


def _row(report: Node, number: int, entry: Node, columns: list[tuple[str, bool, _Cell]]) -> Markup:
    cells = []
    for name, right, cell in columns:
        found = cell(_At(report, number, entry))
        content = join(_NOTHING if found is None else found)
        classes = ["n"] if right else ["id"] if name.startswith("Model") else []
        if len(_TAG.sub("", content)) > _LONG:
            classes.append("long")
        cells.append(tag("td", content, class_=" ".join(classes) or None))
    kinds = [] if needs_attention(entry) else ["fine"]
    if entry["time"] is None:
        kinds.append("dark")
    return tag("tr", tag("th", entry["host"], scope="row"), cells, class_=" ".join(kinds) or None)


def _signed(sign: str, word: str) -> Markup:
    return join(plots.sign(sign), tag("span", word, class_=f"word-{sign}") if sign != "good" else word)


def _state(at: _At) -> Markup:
    return _signed(plots.STATE_SIGNS[at.entry["state"]], words.format_state(at.report, at.entry))


def _drift(at: _At) -> Markup | int | None:
    if at.entry["drift"] is None:
        return None
    count = len(words.list_drift(at.report, at.entry)) + at.entry["drift"]["differences_omitted"]
    taken = len(words.list_accepted(at.report, at.entry))
    text = f"{count} + {taken} accepted" if taken and count else f"{taken} accepted" if taken else str(count)
    return tag("a", text, href=f"#d{at.number}") if at.entry["state"] == "drift" or taken else count


def _health(at: _At) -> Markup | None:
    health = at.entry["health"]
    if health is None:
        return None
    word = tag("a", health["worst"], href=f"#h{at.number}") if words.list_findings(at.entry) else health["worst"]
    return join(plots.sign(plots.HEALTH_SIGNS[health["worst"]]), word)


def _clock(at: _At) -> Markup | None:
    if at.entry["time"] is None:
        return None
    key = words.get_clock_state(at.entry["time"])
    word = words.CLOCK_LABELS[key]
    if key == "unknown" and at.entry["time"]["state"]:
        word = at.entry["time"]["state"]
    return _signed(plots.CLOCK_SIGNS[key], word)


def _receiver(at: _At) -> Markup | str | None:
    found = words.select_receiver(at.entry)
    if found is None:
        return None
    kind = str(found["kind"] or found["model"] or found["slot"] or "?")
    if found["antenna_connected"] is False:
        return _signed("bad", f"{kind}, no antenna")
    if found["synchronized"] is False:
        return _signed("warn", f"{kind}, {found['state'] or 'not synchronised'}")
    return kind


def remarkable(report: Node) -> str:
    """How many devices run which LTOS version."""
    counts: dict[str, int] = {}
    for entry in report["hosts"]:
        version = (entry["device"] or {}).get("firmware")
        if version:
            counts[version] = counts.get(version, 0) + 1
    if not counts:
        return "No device said which LTOS version it runs."
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"{version} on {count}" for version, count in ordered[:8])
    more = f" and {len(ordered) - 8} more versions" if len(ordered) > 8 else ""
    return f"LTOS versions: {shown}{more}."
