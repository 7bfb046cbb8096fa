# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for clocks: references, receivers, long wave and time codes."""

from __future__ import annotations

import typing as t

from .._hardware.families import INFERRED
from . import module_conditions as on
from .leaf_rules import LeafRule

if t.TYPE_CHECKING:
    from .module_conditions import Condition

GNSS = ("GPS", "GRC", "GNS", "GNS-UC", "GNM", "GXL")
"""Families of satellite clocks."""
_PZF, _TCR = ("PZF",), ("TCR",)
# The recorded answers of a GRC180 in an M600 and of a PZF511 in an M300.
_GRC_ON_RECORD, _PZF_ON_RECORD = (("GRC", "7.10"),), (("PZF", "7.06"),)
CLOCKS = (*GNSS, *_PZF, *_TCR)
"""Families of clocks."""


SOURCE_RULES = (
    LeafRule(
        CLOCKS,
        "mrs[].status.is-master",
        "sources",
        "is_master",
        "warning",
        "{slot} follows {value} instead of its first reference",
        (True,),
        applies=on.is_lower_source,
        shown="type",
    ),
    *(
        LeafRule(
            CLOCKS,
            f"mrs[].status.{leaf}",
            "sources",
            leaf.replace("-", "_"),
            "warning",
            "reference {id} ({value}) of {slot} has no signal",
            (True,),
            applies=on.is_source,
            is_consequence=on.has_lost_source,
            shown="type",
        )
        for leaf in ("no-connection", "no-signal")
    ),
    *(
        LeafRule(
            CLOCKS,
            f"mrs[].status.{leaf}",
            "sources",
            leaf.replace("-", "_"),
            "warning",
            "{slot} is not locked to its reference {id} ({value})",
            (False,),
            applies=on.is_master,
            is_consequence=on.is_unlocked_clock,
            shown="type",
        )
        for leaf in ("is-locked", "is-accurate")
    ),
    LeafRule(
        CLOCKS,
        "mrs[].status.not-supported",
        "sources",
        "not_supported",
        "error",
        "the clock in {slot} cannot use the reference {id} ({value})",
        (True,),
        applies=on.is_source,
        shown="type",
    ),
    LeafRule(
        CLOCKS,
        "mrs[].status.offset",
        "sources",
        "offset_ns",
        "warning",
        "reference {id} of {slot} is off by {value} ns",
        limits=(("source_offset_warning", "warning"),),
        applies=on.has_source_signal,
        is_consequence=on.has_lost_clock,
    ),
)
RECEIVER_RULES = (
    *(
        LeafRule(
            GNSS,
            f"<receiver>.receiver.{leaf}",
            "receivers",
            leaf.replace("-", "_"),
            "warning",
            "{slot} is still looking for satellites (" + leaf + ")",
            (True,),
            certainty=INFERRED,
            confirmed=("GRC",),
            recorded=_GRC_ON_RECORD,
            is_consequence=on.is_unsynchronized_receiver,
        )
        for leaf in ("cold-boot", "warm-boot")
    ),
    LeafRule(
        GNSS,
        "satellites.gps-mode",
        "satellites",
        "mode",
        "warning",
        "{slot} is in the mode {value}",
        (),
        ("normal-operation",),
        certainty=INFERRED,
        confirmed=("GRC",),
        recorded=_GRC_ON_RECORD,
        is_consequence=on.is_unsynchronized_receiver,
    ),
)
LONG_WAVE_RULES = (
    LeafRule(
        _PZF,
        "dcf77.pcps.freer",
        "receivers.dcf77.pcps",
        "free_running",
        "warning",
        "{slot} runs free",
        (True,),
        confirmed=_PZF,
        recorded=_PZF_ON_RECORD,
        is_consequence=on.is_unsynchronized_receiver,
    ),
    LeafRule(
        _PZF,
        "dcf77.pcps.invt",
        "receivers.dcf77.pcps",
        "invalid_time",
        "critical",
        "the time of {slot} is not valid",
        (True,),
        certainty=INFERRED,
        recorded=_PZF_ON_RECORD,
    ),
    LeafRule(
        _PZF,
        "dcf77.correlation",
        "receivers.dcf77",
        "correlation",
        "warning",
        "the correlation at {slot} is {value}",
        limits=(("correlation_warning", "warning"), ("correlation_error", "error")),
        is_lower=True,
        certainty=INFERRED,
        recorded=_PZF_ON_RECORD,
        is_consequence=on.is_unsynchronized_receiver,
    ),
    LeafRule(
        _PZF,
        "dcf77.field-strength",
        "receivers.dcf77",
        "field_strength",
        "warning",
        "the field strength at {slot} is {value}",
        limits=(("field_strength_warning", "warning"),),
        is_lower=True,
        certainty=INFERRED,
        recorded=_PZF_ON_RECORD,
        is_consequence=on.is_unsynchronized_receiver,
    ),
)


def _code(leaf: str, bad: bool, level: str, message: str, is_consequence: Condition | None = None) -> LeafRule:
    rule = LeafRule(_TCR, f"tcr.{leaf}", "receivers.time_code", leaf.replace("-", "_"), level, message, (bad,))
    return rule._replace(is_consequence=is_consequence)


TIME_CODE_RULES = (
    _code("data-available", False, "error", "{slot} cannot read its time code"),
    _code("lock-on", False, "warning", "{slot} is not locked to its time code", is_consequence=on.is_recent),
    _code("telegram-error", True, "warning", "{slot} receives inconsistent time codes"),
    _code("tcap-exceeded", True, "warning", "the jitter of the time code at {slot} is above 100 µs"),
    _code(
        "invalid-utc-parameter",
        True,
        "error",
        "{slot} needs its offset to UTC set and does not synchronize without it",
    ),
    _code("invalid-system-configuration", True, "error", "{slot} has lost its settings and uses defaults"),
    _code("pulses-enabled", False, "warning", "{slot} provides no pulses", is_consequence=on.is_recent),
    _code("warmed-up", False, "info", "{slot} is warming up"),
)
