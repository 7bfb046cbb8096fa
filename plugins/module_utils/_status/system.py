# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on the system: uptime, memory, position, times and front LEDs."""

from __future__ import annotations

import typing as t

from .._tree import measures, values


def read_system(envelope: object) -> dict[str, t.Any]:
    """uptime_seconds, cpu_load, memory, position, times and front LEDs.

    `last-config-change` is left out, as it does not mark changes (LTOS 7.06 and 7.10).
    A device without a position reports 0, 0 without a date (INFERRED); both are None then.
    """
    source = values.mapping(values.status_of(envelope).get("system"))
    load = measures.cpu_load(source.get("cpuload")) or (None, None, None)
    total, free = measures.memory_bytes(source.get("memory")) or (None, None)
    position_date = _since_1980(source.get("last-position-update"))
    latitude, longitude = measures.position(source.get("position")) or (None, None)
    if (latitude, longitude) == (0, 0) and position_date is None:
        latitude = longitude = None
    facts = {
        "uptime_seconds": measures.uptime_seconds(source.get("uptime")),
        "cpu_load": dict(zip(("one_minute", "five_minutes", "fifteen_minutes"), load)),
        "memory": {"total_bytes": total, "free_bytes": free},
        "position": {"latitude_degrees": latitude, "longitude_degrees": longitude},
        "last_position_update": position_date,
        "current_time": values.iso_utc(source.get("current-time-iso")) or values.iso_utc(source.get("current-time")),
        "status_updated": values.iso_utc(source.get("api-last-update")),
        "front_leds": {
            values.snake(name[4:] if name.startswith("led-") else name): _read_led(led)
            for name, led in values.mapping(source.get("front-leds")).items()
        },
    }
    read = (
        ("uptime_seconds", "uptime", facts["uptime_seconds"]),
        ("cpu_load", "cpuload", load[0]),
        ("memory", "memory", total),
        ("position", "position", measures.position(source.get("position"))),
        ("last_position_update", "last-position-update", values.iso_utc(source.get("last-position-update"))),
        ("current_time", "current-time-iso", facts["current_time"]),
        ("status_updated", "api-last-update", facts["status_updated"]),
    )
    return {**facts, **values.unparsed_values({name: source.get(key) for name, key, value in read if value is None})}


def _since_1980(value: object) -> str | None:
    """A time; None before the GPS epoch, which stands for "never" (epoch 0 without GNSS)."""
    time = values.iso_utc(value)
    return time if time is not None and time >= "1980-01-06" else None


def _read_led(value: object) -> dict[str, t.Any]:
    source = values.mapping(value)
    led: dict[str, t.Any] = {}
    for prefix, key in (("", "current"), ("last_", "last")):
        lit = values.boolean(source.get(f"{key}-state"))
        # An LED that is off reads `none` on LTOS 7.10 and `blue` on 7.06.
        color = None if lit is False else values.text_or_none(source.get(f"{key}-color"))
        led[f"{prefix}color"] = color
        led[f"{prefix}lit"] = lit
        led[f"{prefix}mode"] = values.text(source.get(f"{key}-mode"))
    return led
