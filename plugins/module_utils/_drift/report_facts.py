# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts that a report shows, out of all facts of a device, so that a record stays small. Pure functions."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

Shape = t.Mapping[str, t.Any]

_ALL: Shape = {}


def _make_shape(names: str, **below: Shape) -> Shape:
    return {**dict.fromkeys(names.split(), _ALL), **below}


# The name that stands for every member of an object.
_ANY = "*"

# The members that entries.py and measurements.py read. Of a list, each item is reduced to the shape.
_SHAPE: Shape = _make_shape(
    "ansible_net_model ansible_net_serialnum ansible_net_hostname ansible_net_version",
    ansible_lantime={
        "min": _make_shape(
            "model serial_number hostname api_version api_generation pending_changes",
            firmware=_make_shape("version"),
        ),
        "system": _make_shape(
            "uptime_seconds", cpu_load=_make_shape("one_minute"), memory=_make_shape("total_bytes free_bytes")
        ),
        "firmware": _make_shape("running"),
        "sync": _make_shape(
            "state synchronized estimated_quality_token estimated_quality_ns reference reference_slot oscillator_type "
            "oscillator_warmed_up antenna_connected",
            holdover=_make_shape("elapsed_seconds"),
            clocks=_make_shape("slot synchronized oscillator_warmed_up estimated_quality_ns"),
        ),
        "ntp": {
            "system": _make_shape(
                "stratum leap root_delay_seconds root_dispersion_seconds jitter_seconds leap_file_days_left"
            ),
            "peers": _make_shape("name stratum reachable offset_seconds delay_seconds dispersion_seconds"),
        },
        "receiver": _make_shape(
            "slot model kind state synchronized antenna_connected", satellites=_make_shape("good in_view")
        ),
        "modules": _make_shape("slot family model serial_number state"),
        "ptp": _make_shape("slot object_id port_state clock_class unicast_clients offset_from_master_ns path_delay_ns"),
        "chassis": _make_shape("temperatures_celsius", power_supplies={_ANY: _make_shape("available")}),
        "storage": {_ANY: _make_shape("size_bytes available_bytes")},
        "syncmon": {"nodes": _make_shape("object_id name address alarm offset_seconds")},
    },
)


def report_facts(facts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The part of ansible_facts from which the entry of a report is made."""
    return t.cast("dict[str, t.Any]", _reduce(facts, _SHAPE))


def _reduce(value: t.Any, shape: Shape) -> t.Any:
    if not shape:
        return value
    if isinstance(value, Mapping):
        if _ANY in shape:
            return {name: _reduce(member, shape[_ANY]) for name, member in value.items()}
        return {name: _reduce(value[name], below) for name, below in shape.items() if name in value}
    if isinstance(value, list):
        return [_reduce(item, shape) for item in value]
    return value
