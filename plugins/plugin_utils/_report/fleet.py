# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet table of the HTML report: which columns it has, and what each cell says."""

from __future__ import annotations

import typing as t

from . import diffs, wording
from .model import UNCHECKED_STATES, ReportNode
from .severity import (
    CHANGE_MARKS,
    CLOCK_MARKS,
    HEALTH_MARKS,
    mark_device,
    mark_state,
    needs_action,
    needs_attention,
    sort_worst_first,
)

# Cells of more characters than this may be broken into lines.
_MAX_UNBROKEN = 32
# Up to this number, all devices are shown at first.
_MAX_SHOWN = 30


class FleetCell(t.NamedTuple):
    """A cell. text: None if nothing is known. mark: the shape before the text. is_colored: whether the text is colored as its mark."""

    text: str | int | None
    mark: str | None = None
    href: str | None = None
    is_colored: bool = False


class FleetRow(t.NamedTuple):
    """A row, each cell with its CSS class. css_class: the filters that show it, and dark for a device without facts."""

    host: str
    cells: list[tuple[FleetCell, str]]
    css_class: str


class FleetFilter(t.NamedTuple):
    """A choice of rows. key: the CSS class of its rows; empty for all.  devices: how many it shows."""

    key: str
    label: str
    devices: int
    is_default: bool


class FleetTable(t.NamedTuple):
    """columns: heading and CSS class of each column after the device. rows: worst first. calm: how many need no attention."""

    columns: list[tuple[str, str]]
    rows: list[FleetRow]
    filters: list[FleetFilter]
    calm: int


# Anchors of the details of devices, by kind (a letter) and number of the device in the report.
DetailLinks = t.Mapping[str, t.Mapping[int, str]]


class _FleetDevice(t.NamedTuple):
    """A host of the report with its number in it."""

    report: ReportNode
    number: int
    entry: ReportNode
    links: DetailLinks

    def get_anchor(self, kind: str) -> str | None:
        """The anchor of its details of this kind; None if the page has none."""
        return self.links.get(kind, {}).get(self.number)


_MakeCell = t.Callable[[_FleetDevice], FleetCell]


# What the filters show, by their CSS classes.
_FILTERS: dict[str, tuple[str, t.Callable[[ReportNode, ReportNode], bool]]] = {
    "w": ("Need attention", needs_attention),
    "s": ("More than warnings", needs_action),
    "u": (
        "Not checked or failed",
        lambda dummy, entry: entry["state"] in UNCHECKED_STATES or entry["reason"] is not None,
    ),
    "h": ("Unhealthy", lambda dummy, entry: entry["health"] is not None and not entry["health"]["healthy"]),
    "t": (
        "Clock not synchronized",
        lambda dummy, entry: wording.get_clock_state(entry["time"]) in ("lost", "holdover"),
    ),
    "d": ("Drift", lambda dummy, entry: entry["state"] == "drift"),
    "a": ("Accepted drift", lambda report, entry: bool(diffs.list_accepted(report, entry))),
    "c": (
        "Changed",
        lambda dummy, entry: entry["change"] is not None and entry["change"]["state"] in ("changed", "planned"),
    ),
}


def build_fleet_table(report: ReportNode, links: DetailLinks) -> FleetTable:
    """The table of all devices, worst first. links: to details elsewhere on the page."""
    columns = _list_columns(report)
    counts = dict.fromkeys(_FILTERS, 0)
    rows = []
    for number, entry in sort_worst_first(report):
        keys = [key for key, (dummy, applies) in _FILTERS.items() if applies(report, entry)]
        for key in keys:
            counts[key] += 1
        rows.append(_make_row(_FleetDevice(report, number, entry, links), columns, keys))
    return FleetTable(
        [(heading, css_class) for heading, css_class, dummy in columns],
        rows,
        _list_filters(counts, len(rows)),
        len(rows) - counts["w"],
    )


def _list_filters(counts: t.Mapping[str, int], total: int) -> list[FleetFilter]:
    """The filters that show some of the devices; none if there is no choice."""
    useful = {key: count for key, count in counts.items() if 0 < count < total}
    if useful.get("s") == useful.get("w"):
        useful.pop("s", None)
    if not useful:
        return []
    # A warning that most devices share, as that of a factory certificate, does not hide the others.
    choices = [key for key in ("w", "s") if useful.get(key, total) <= total // 2] if total > _MAX_SHOWN else []
    default = choices[0] if choices else ""
    return [
        FleetFilter("", "All", total, not default),
        *(FleetFilter(key, _FILTERS[key][0], count, key == default) for key, count in useful.items()),
    ]


def _list_columns(report: ReportNode) -> list[tuple[str, str, _MakeCell]]:
    """(heading, CSS class, cell) of the columns that any device fills."""
    hosts, checks = report["hosts"], report["checks"]
    has_facts = any(entry["time"] for entry in hosts)
    is_identified = any(entry["device"] for entry in hosts)
    has_receivers = any(entry["receivers"] for entry in hosts)
    has_ptp = any(entry["ptp"] for entry in hosts)
    columns: list[tuple[bool, tuple[str, str, _MakeCell]]] = [
        (True, ("State", "", _state_cell)),
        (any(entry["group"] for entry in hosts), ("Group", "", lambda d: FleetCell(d.entry["group"]))),
        (any(entry["change"] for entry in hosts), ("Change", "", _change_cell)),
        ("drift" in checks, ("Drift", "n", _drift_cell)),
        ("health" in checks, ("Health", "", _health_cell)),
        (has_facts, ("Clock", "", _clock_cell)),
        (has_facts, ("Quality", "n", lambda d: FleetCell(wording.format_quality(d.entry["time"])))),
        (has_facts, ("Stratum", "n", lambda d: FleetCell((d.entry["time"] or {}).get("stratum")))),
        (has_receivers, ("Receiver", "", _receiver_cell)),
        (has_receivers, ("Satellites", "n", lambda d: FleetCell(wording.format_satellites(d.entry)))),
        (has_ptp, ("PTP", "", _ptp_cell)),
        (
            any(entry["modules"] for entry in hosts),
            ("Modules", "", lambda d: FleetCell(wording.format_modules(d.entry))),
        ),
        (
            any(map(wording.format_uptime, hosts)),
            ("Uptime", "n", lambda d: FleetCell(wording.format_uptime(d.entry))),
        ),
        (is_identified, ("LTOS", "", lambda d: FleetCell((d.entry["device"] or {}).get("firmware")))),
        (
            is_identified,
            ("Model and serial number", "id", lambda d: FleetCell(wording.format_identity(d.entry) or None)),
        ),
    ]
    return [column for is_filled, column in columns if is_filled]


def _make_row(device: _FleetDevice, columns: list[tuple[str, str, _MakeCell]], keys: list[str]) -> FleetRow:
    cells = []
    for dummy, css_class, make_cell in columns:
        cell = make_cell(device)
        is_long = isinstance(cell.text, str) and len(cell.text) > _MAX_UNBROKEN
        cells.append((cell, f"{css_class} long".lstrip() if is_long else css_class))
    mark = mark_device(device.report, device.entry)
    extra = [mark] if mark != "good" else []
    css_class = " ".join([*extra, *keys, *([] if device.entry["time"] else ["dark"])])
    return FleetRow(device.entry["host"], cells, css_class)


def _marked_cell(mark: str, text: str) -> FleetCell:
    return FleetCell(text, mark, is_colored=mark != "good")


def _state_cell(device: _FleetDevice) -> FleetCell:
    mark = mark_state(device.entry)
    return _marked_cell(mark, wording.format_state(device.report, device.entry))._replace(href=device.get_anchor("u"))


def _change_cell(device: _FleetDevice) -> FleetCell:
    change = device.entry["change"]
    if change is None:
        return FleetCell(None)
    return FleetCell(wording.describe_change(device.entry), CHANGE_MARKS[change["state"]], device.get_anchor("c"))


def _drift_cell(device: _FleetDevice) -> FleetCell:
    drift = device.entry["drift"]
    if drift is None or (drift["state"] == "not_checked" and not drift["differences"]):
        return FleetCell(None)
    count = len(diffs.list_drift(device.report, device.entry)) + drift["differences_omitted"]
    accepted = len(diffs.list_accepted(device.report, device.entry))
    parts = [str(count)] if count or not accepted else []
    parts += [f"{accepted} accepted"] if accepted else []
    text = " + ".join(parts)
    uncompared = wording.count_not_compared(drift)
    if uncompared:
        text += f", {uncompared} not compared"
    return FleetCell(text, href=device.get_anchor("d") or device.get_anchor("a"))


def _health_cell(device: _FleetDevice) -> FleetCell:
    health = device.entry["health"]
    if health is None:
        return FleetCell(None)
    worst = wording.describe_health(health)
    mark = HEALTH_MARKS[worst]
    return FleetCell(worst, mark, device.get_anchor("h"), is_colored=mark in ("warn", "bad"))


def _clock_cell(device: _FleetDevice) -> FleetCell:
    time = device.entry["time"]
    if time is None:
        return FleetCell(None)
    state = wording.get_clock_state(time)
    text = time["state"] if state == "unknown" and time["state"] else wording.CLOCK_LABELS[state]
    return _marked_cell(CLOCK_MARKS[state], text)


def _ptp_cell(device: _FleetDevice) -> FleetCell:
    text = wording.format_ptp(device.entry)
    has_fault = any(port["port_state"] == "faulty" for port in device.entry["ptp"] or ())
    return _marked_cell("bad", text) if text and has_fault else FleetCell(text)


def _receiver_cell(device: _FleetDevice) -> FleetCell:
    receiver = wording.select_receiver(device.entry)
    if receiver is None:
        return FleetCell(None)
    kind = str(receiver["kind"] or receiver["model"] or receiver["slot"] or "?")
    if receiver["antenna_connected"] is False:
        return _marked_cell("bad", f"{kind}, no antenna")
    if receiver["synchronized"] is False:
        return _marked_cell("warn", f"{kind}, {receiver['state'] or 'not synchronized'}")
    return FleetCell(kind)
