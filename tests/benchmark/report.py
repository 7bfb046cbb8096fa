# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the rows of a benchmark as a Markdown page and as a plot."""

from __future__ import annotations

import os
import statistics
import typing as t
from html import escape
from importlib.metadata import version

from .fleet import BenchFleet, Counts
from .measure import Cost
from .rivals import FLOOR, IN_PROCESS


class Row(t.NamedTuple):
    """Medians of one client: wall and CPU time in seconds, highest memory in bytes; the devices count the rest."""

    scenario: str
    devices: int
    latency_ms: int
    forks: int
    rival: str
    rounds: int
    wall: float
    cpu: float
    memory: int
    requests: int
    handshakes: int
    writes: int
    most_at_once: int
    lines: int


def summarize(
    scenario: str, fleet: BenchFleet, forks: int, name: str, costs: list[Cost], counts: Counts, lines: int
) -> Row:
    """The row of a client, from its costs in all rounds."""
    return Row(
        scenario,
        fleet.devices,
        fleet.latency_ms,
        forks,
        name,
        len(costs),
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
        *counts,
        lines,
    )


SCENARIOS = {
    "P": "Whole playbooks, 5 % of the devices deviate or are not healthy",
    "S1": "S1: all facts",
    "S2": "S2: drift check of four sections, 5 % of the devices deviate",
    "S3": "S3: change one setting, verify, save",
    "S5": "S5: S3 once more",
}
_LICENCE = (
    "Copyright (c) 2026, meinberg.lantime contributors",
    "GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "SPDX-License-" + "Identifier: GPL-3.0-or-later",
)


def _groups(rows: t.Iterable[Row]) -> dict[tuple[str, int, int, int], list[Row]]:
    found: dict[tuple[str, int, int, int], list[Row]] = {}
    for row in rows:
        found.setdefault(row[:4], []).append(row)
    return found


def _ratio(value: float, of: float) -> str:
    return f"{value / of:.2f}" if of else "-"


def markdown(rows: list[Row], machine: str) -> str:
    """The page, with one table for each scenario, fleet and latency; the ratios are to the debug task of the same rounds."""
    parts = [
        "<!--",
        *_LICENCE,
        "-->",
        "",
        "# Speed",
        "",
        "Written by `make bench`: a simulated fleet over TLS with verification, every client run in turn, medians of the",
        "rounds. The simulator shares the machine and its time counts in wall time only. `debug` is a playbook with one",
        "`ansible.builtin.debug` task on the same hosts: the cost of Ansible itself. Ratios are to it, within one table.",
        "Requests, handshakes and writes are counted by the devices; memory is that of all processes, shared pages once.",
        "",
        f"{os.cpu_count()} cores, {machine}, ansible-core {version('ansible-core')}, requests {version('requests')}.",
        "",
        "![CPU time for each device](benchmark.svg)",
        "",
    ]
    for (scenario, devices, latency, forks), group in _groups(rows).items():
        floor = next((row for row in group if row.rival == FLOOR), group[0])
        parts += [
            f"## {SCENARIOS[scenario]}, {devices} devices, {latency} ms latency, {forks} forks",
            "",
            "| client | wall s | ratio | CPU s | ratio | CPU ms a device | memory MB | requests | handshakes | writes "
            "| at once | lines to write | rounds |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        parts += [
            f"| {row.rival} | {row.wall:.1f} | {_ratio(row.wall, floor.wall)} | {row.cpu:.1f} | {_ratio(row.cpu, floor.cpu)} "
            f"| {row.cpu / row.devices * 1000:.0f} | {row.memory / 1e6:.0f} | {row.requests} | {row.handshakes} "
            f"| {row.writes} | {row.most_at_once} | {row.lines} | {row.rounds} |"
            for row in group
        ]
        parts.append("")
    return "\n".join(parts)


def plot(rows: list[Row]) -> str:
    """Bars of CPU time for each device, one panel a scenario."""
    # Of each scenario the run that most clients took part in, and of those the largest.
    best: dict[str, tuple[tuple[str, int, int, int], list[Row]]] = {}
    for key, group in _groups(rows).items():
        held = best.get(key[0])
        if key[2] == 0 and (held is None or (len(group), key[1]) > (len(held[1]), held[0][1])):
            best[key[0]] = (key, group)
    width, height, left = 760, 22, 150
    body: list[str] = []
    y = 20
    for (scenario, devices, dummy, dummy), group in best.values():
        top = max(row.cpu / row.devices for row in group)
        y += 20
        body.append(f'<text x="0" y="{y}" class="h">{escape(SCENARIOS[scenario])}, {devices} devices</text>')
        y += 10
        for row in group:
            each = row.cpu / row.devices * 1000
            length = max(2, each / 1000 / top * (width - left - 120))
            kind = "own" if row.rival == IN_PROCESS else "other"
            body.append(
                f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{escape(row.rival)}</text>'
                f'<rect x="{left}" y="{y + 3}" width="{length:.1f}" height="{height - 7}" class="{kind}"/>'
                f'<text x="{left + length + 6:.1f}" y="{y + 15}">{each:.0f} ms</text>'
            )
            y += height
    style = (
        "text{font:13px system-ui,sans-serif;fill:#1a2733}.h{font-weight:600}"
        ".own{fill:#0b6e4f}.other{fill:#8fa3b3}svg{background:#fff}"
    )
    licence = "\n".join(_LICENCE)
    return (
        f"<!--\n{licence}\n-->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 {width + 20} {y + 20}" role="img">'
        f"<title>CPU time of the clients for each device</title><style>{style}</style>"
        f'<rect x="-10" width="{width + 20}" height="{y + 20}" fill="#fff"/>{"".join(body)}</svg>\n'
    )
