# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for PTP instances and Synchronous Ethernet."""

from __future__ import annotations

import typing as t

from .._hardware.families import INFERRED
from . import module_conditions as on
from .leaf_rules import LeafRule

if t.TYPE_CHECKING:
    from .module_conditions import Condition

PTP_CARDS = ("HPS", "PSX")


SYNC_E_RULES = (
    LeafRule(
        PTP_CARDS,
        "sync-e.input-quality-level",
        "sync_e",
        "input_quality_level",
        "warning",
        "Synchronous Ethernet at {slot} receives {value}",
        on.UNUSABLE_LEVELS,
        applies=on.has_sync_e,
    ),
)


def _port(leaf: str, member: str, level: str, message: str, applies: Condition) -> LeafRule:
    return LeafRule((), f"ptp.instances[].{leaf}", "ptp_instances", member, level, message, applies=applies)


def _state(level: str, message: str, applies: Condition, *bad: str) -> LeafRule:
    return _port("port-state ptp-state state", "port_state", level, message, applies)._replace(bad=bad)


def _clock_class(level: str, *bad: int) -> LeafRule:
    message = "PTP {id} of {slot} announces the clock class {value}"
    rule = _port("clock-class", "clock_class", level, message, on.is_master_port)
    return rule._replace(bad=bad, is_consequence=on.has_lost_time)


_IN_STATE = "PTP {id} of {slot} is {value}"
PTP_RULES = (
    # A faulty port was an error before assumed members were capped, and the words are those of the vendor's MIB.
    _state("error", "the PTP port {slot}/{id} is faulty", on.is_active_port, "faulty")._replace(certainty=INFERRED),
    _state("warning", _IN_STATE, on.is_enabled_port, "disabled"),
    _state("warning", _IN_STATE, on.is_active_port, "initializing", "uninitialized", "uncalibrated")._replace(
        is_consequence=on.is_recent
    ),
    _state("error", "PTP {id} of {slot} finds no master", on.has_slave_mode, "listening")._replace(
        is_consequence=on.is_recent
    ),
    _state("info", "another master is better than PTP {id} of {slot}", on.has_master_mode, "slave", "passive"),
    _port("link port-linkup link-up", "link", "error", "PTP {id} of {slot} has no link", on.is_active_port)._replace(
        bad=(False,)
    ),
    _clock_class("warning", 7),
    _clock_class("error", 13, 52),
    _clock_class("critical", 187, 248),
    _port(
        "clock-accuracy", "clock_accuracy_ns", "warning", "PTP {id} of {slot} announces {value} ns", on.is_master_port
    )._replace(limits=(("quality_warning", "warning"),), is_consequence=on.has_lost_time),
    _port(
        "offset-from-master",
        "offset_from_master_ns",
        "warning",
        "PTP {id} of {slot} is {value} ns off its master",
        on.is_slave_port,
    )._replace(limits=(("offset_warning", "warning"), ("offset_critical", "critical"))),
    _port(
        "unicast-clients",
        "unicast_clients",
        "warning",
        "PTP {id} of {slot} serves {value} clients",
        on.is_active_port,
    )._replace(limits=(("unicast_clients_warning", "warning"),)),
)
