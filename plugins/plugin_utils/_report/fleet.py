# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet table of the HTML report: which columns it has, and what each cell says."""

from __future__ import annotations

import typing as t

from . import wording
from .model import ReportNode

# Cells of more characters than this may be broken into lines.
_MAX_UNBROKEN = 32

# The shape of a mark says what its color says: a disc is good, a triangle needs attention, a square is bad, a ring is unknown.
CLOCK_MARKS = {"sync": "good", "holdover": "warn", "lost": "bad", "unknown": "none"}
STATE_MARKS = {"clean": "good", "drift": "warn", "not_checked": "bad", "failed": "bad", "unreachable": "bad"}
HEALTH_MARKS = {
    "ok": "good",
    "info": "good",
    "skipped": "none",
    "unknown": "none",
    "warning": "warn",
    "error": "bad",
    "critical": "bad",
}


class FleetCell(t.NamedTuple):
    """A cell. text: None if nothing is known. mark: the shape before the text. is_colored: whether the text is colored as its mark."""

    text: str | int | None
    mark: str | None = None
    href: str | None = None
    is_colored: bool = False


class FleetRow(t.NamedTuple):
    """A row, each cell with its CSS class. css_class: fine for a device that needs no attention, dark for one without facts."""

    host: str
    cells: list[tuple[FleetCell, str]]
    css_class: str


class FleetGroup(t.NamedTuple):
    """Rows below a heading; name is None where there is nothing to group by."""

    name: str | None
    rows: list[FleetRow]


class FleetTable(t.NamedTuple):
    """columns: heading and CSS class of each column after the device. calm: how many devices need no attention."""

    columns: list[tuple[str, str]]
    groups: list[FleetGroup]
    calm: int


class _FleetDevice(t.NamedTuple):
    """A host of the report with its number in it."""

    report: ReportNode
    number: int
    entry: ReportNode


_MakeCell = t.Callable[[_FleetDevice], FleetCell]


def needs_attention(entry: ReportNode) -> bool:
    """Whether anything about a device is not as it should be, as far as the report knows."""
    health = entry["health"]
    return (
        entry["state"] != "clean"
        or entry["reason"] is not None
        or (health is not None and (not health["healthy"] or bool(wording.list_findings(entry))))
        or wording.get_clock_state(entry["time"]) in ("holdover", "lost")
    )


def build_fleet_table(report: ReportNode) -> FleetTable:
    """The table of all devices, by group."""
    columns = _list_columns(report)
    groups: dict[str | None, list[FleetRow]] = {}
    calm = 0
    for number, entry in enumerate(report["hosts"]):
        is_calm = not needs_attention(entry)
        calm += is_calm
        row = _make_row(_FleetDevice(report, number, entry), columns, is_calm)
        groups.setdefault(entry["group"], []).append(row)
    return FleetTable(
        [(heading, css_class) for heading, css_class, dummy in columns],
        [FleetGroup(name if len(groups) > 1 else None, rows) for name, rows in groups.items()],
        calm,
    )


def _list_columns(report: ReportNode) -> list[tuple[str, str, _MakeCell]]:
    """(heading, CSS class, cell) of the columns that any device fills."""
    hosts, checks = report["hosts"], report["checks"]
    has_facts = any(entry["time"] for entry in hosts)
    is_identified = any(entry["device"] for entry in hosts)
    has_receivers = any(entry["receivers"] for entry in hosts)
    has_ptp = any(entry["ptp"] for entry in hosts)
    columns: list[tuple[bool, tuple[str, str, _MakeCell]]] = [
        (True, ("State", "", _state_cell)),
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


def _make_row(device: _FleetDevice, columns: list[tuple[str, str, _MakeCell]], is_calm: bool) -> FleetRow:
    cells = []
    for dummy, css_class, make_cell in columns:
        cell = make_cell(device)
        is_long = isinstance(cell.text, str) and len(cell.text) > _MAX_UNBROKEN
        cells.append((cell, f"{css_class} long".lstrip() if is_long else css_class))
    css_classes = f"{'fine' if is_calm else ''} {'' if device.entry['time'] else 'dark'}"
    return FleetRow(device.entry["host"], cells, css_classes.strip())


def _marked_cell(mark: str, text: str) -> FleetCell:
    return FleetCell(text, mark, is_colored=mark != "good")


def _state_cell(device: _FleetDevice) -> FleetCell:
    return _marked_cell(STATE_MARKS[device.entry["state"]], wording.format_state(device.report, device.entry))


def _drift_cell(device: _FleetDevice) -> FleetCell:
    drift = device.entry["drift"]
    if drift is None:
        return FleetCell(None)
    count = len(wording.list_drift(device.report, device.entry)) + drift["differences_omitted"]
    accepted = len(wording.list_accepted(device.report, device.entry))
    text = (
        f"{count} + {accepted} accepted" if accepted and count else f"{accepted} accepted" if accepted else str(count)
    )
    has_details = device.entry["state"] == "drift" or accepted
    return FleetCell(text, href=f"#d{device.number}" if has_details else None)


def _health_cell(device: _FleetDevice) -> FleetCell:
    health = device.entry["health"]
    if health is None:
        return FleetCell(None)
    href = f"#h{device.number}" if wording.list_findings(device.entry) else None
    return FleetCell(health["worst"], HEALTH_MARKS[health["worst"]], href)


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
