# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the reference clocks."""

from __future__ import annotations

from .rows import Row, rows

_TABLES = {"outputs": ("pp1", "pp2", "pp3", "pp4"), "serial-ports": ("com0", "com1")}
LEVELS = tuple(f"priority{number}" for number in range(10))
LEVELS_OLD = LEVELS[:4]

_COMMON = """
outputs/*/mode                  | enum {pulses}            | idle              | rw | outputs/*/signal | C:SDK, C:GNS
outputs/pp1/mode                | enum {pulses}            | pulse-per-second  | rw | outputs/*/signal | C:SDK, C:GNS
outputs/pp2/mode                | enum {pulses}            | pulse-per-min     | rw | outputs/*/signal | C:SDK, C:GNS
outputs/*/pulse-length          | int 10..10000 step 10    | 200               | rw | - | C:SDK, C:PULSE
outputs/*/cycle                 | time                     | 00:00:01          | rw | - | C:GNS
outputs/*/invert                | switch                   | false             | rw | - | C:SDK, C:GNS
outputs/*/only-if-synchronized  | switch                   | false             | rw | - | C:SDK, C:GNS
outputs/*/dcf-timeout           | int 0..2880              | 0                 | rw | - | C:SDK
outputs/*/serial-port           | ref serial-ports         | com0              | rw | - | C:SDK
outputs/*/timer<1..3>/on        | time                     | 00:00:00          | rw | - | C:GNS, C:SDK
outputs/*/timer<1..3>/off       | time                     | 00:00:00          | rw | - | C:GNS, C:SDK
synthesizer/frequency           | float 0..10000000        | 2048000.0         | rw | - | C:SDK
synthesizer/phase               | float -360..360          | 0.0               | rw | - | C:SDK
time-code/code                  | enum icode-tx            | b002-b122         | rw | - | C:SDK
time-code/local-time            | switch                   | false             | rw | - | C:SDK
time-code/disable-tfom          | switch                   | false             | rw | - | C:SDK
serial-ports/*/baud-rate        | baud-rate                | 19200             | rw | - | C:SDK
serial-ports/*/framing          | enum framing             | 8n1               | rw | - | C:SDK
serial-ports/*/string-type      | enum string-type         | meinberg-standard | rw | - | C:REC
serial-ports/*/mode             | enum string-mode         | per-second        | rw | - | C:SDK
output-enable/serial            | enum enable              | if-sync           | rw | - | C:SDK
output-enable/pulses            | enum enable              | if-sync           | rw | - | C:SDK
output-enable/synthesizer       | enum enable              | if-sync           | rw | - | C:SDK
time-zone/offset                | int -43200..50400        | 0                 | rw | - | C:SDK, C:UTC
time-zone/dst-offset            | int 0..7200              | 0                 | rw | - | C:SDK
time-zone/name                  | text 0..5                | UTC               | rw | - | C:SDK
time-zone/dst-name              | text 0..5                | UTC               | rw | - | C:SDK
"""

_GNSS = """
antenna/cable-length            | int 0..65535                     | 20        | rw | - | C:SDK, C:GNS
gnss/systems                    | set {systems}                    | {default} | {access} | - | C:SDK
gnss/time-mode                  | tokens disabled,survey-in,fixed  | disabled  | rw | - | C:SDK
gnss/simulation-mode            | switch                           | false     | rw | - | C:MAN
"""

# The list of references of a clock with MRS. Unused levels have the type none.
_REFERENCES = """
mrs/*/settings/id/type                  | enum ref-type-{own} | none   | rw | - | C:SDK, C:GNS
mrs/priority0/settings/id/type          | enum ref-type-{own} | {first} | rw | - | C:SDK, C:GNS
mrs/*/settings/id/instance              | int 0..31           | 0      | rw | - | C:SDK
mrs/*/settings/bias                     | float -1..1         | 0.0    | rw | - | C:GNS
mrs/*/settings/precision                | float 0..1          | 5e-07  | rw | - | C:GNS, C:HOLD
mrs/priority0/settings/precision        | float 0..1          | 1e-07  | rw | - | C:GNS, C:HOLD
mrs/*/settings/auto-bias-master         | switch              | false  | rw | - | C:GNS
mrs/*/settings/auto-bias-slave          | switch              | false  | rw | - | C:GNS
mrs/*/settings/asymmetry-step-detection | switch              | false  | rw | - | C:GNS
mrs/*/supported-types                   | set ref-type-{own}  | *      | ro | - | C:SDK
"""

_PZF = """
dcf77/transmitter-distance              | int 0..10000        | 0      | rw | - | C:SDK
"""

_TCR = """
tcr/code                                | enum icode-rx       | b122-b123 | rw | = | C:SDK, C:TCR
tcr/utc-offset                          | int -750..750       | 0      | rw | - | C:SDK, C:TCR
tcr/disable-tfom                        | switch              | false  | rw | - | C:SDK
tcr/input-impedance                     | one-of 50,600,5000  | 600    | ro | - | C:MRI
"""

# Family: enum of its satellite systems, those it starts with, whether they can be chosen.
_SYSTEMS = {
    "GPS": ("gnss-gps", "gps", "ro"),
    "GRC": ("gnss-grc", "gps glonass", "rw"),
    "GNS": ("gnss", "gps glonass galileo", "rw"),
    "GNS-UC": ("gnss-uc", "gps galileo", "rw"),
    "GNM": ("gnss", "gps glonass beidou galileo", "rw"),
    "GXL": ("gnss", "gps glonass beidou galileo", "rw"),
}
_FIRST = {"PZF": "dcf77-pzf-receiver", "TCR": "irig"}
CLOCK_FAMILIES = (*_SYSTEMS, *_FIRST)


def clock_rows(family: str, has_references: bool) -> tuple[Row, ...]:
    """Settings of a clock of this family, with its list of references if it has MRS."""
    text = _COMMON.format(pulses="pulse-mode" if family in _SYSTEMS else "pulse-mode-radio")
    if family in _SYSTEMS:
        systems, default, access = _SYSTEMS[family]
        text += _GNSS.format(systems=systems, default=default, access=access)
    text += {"PZF": _PZF, "TCR": _TCR}.get(family, "")
    if has_references:
        own = "glonass-gps" if family == "GRC" else _FIRST.get(family, "gps")
        text += _REFERENCES.format(own=own, first=_FIRST.get(family, "gps"))
    return rows(text)


def clock_tables(family: str, has_references: bool, is_old: bool) -> dict[str, tuple[str, ...]]:
    """Items of the tables of a clock, all fixed."""
    del family
    levels = LEVELS_OLD if is_old else LEVELS
    return {**_TABLES, "mrs": levels} if has_references else dict(_TABLES)
