# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases for the checks of power, fans, temperatures, modules and ports, in the form of `case_form`."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import (
    CLK,
    EVENTS,
    SLOTS,
    Case,
    expect,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE

FIRING: tuple[Case, ...] = (
    Case("power_supplies", "critical", {f"{SLOTS}/pwr1/module/power-available": False}, result={"subject": "pwr1"}),
    Case(
        "power_supplies",
        "critical",
        {f"{SLOTS}/pwr2/module/power-available": False},
        profile="m4000-7.10",
        result={"subject": "pwr2", "value": 1},
    ),
    Case("power_supplies", "critical", policy=expect(power_supplies=2), result={"value": 1, "limit": 2}),
    Case(
        "fans", "critical", {f"{SLOTS}/fan1/module/fan-state": "off"}, profile="m4000-7.10", result={"subject": "fan1"}
    ),
    Case(
        "fans", "critical", {f"{SLOTS}/fan2/module/fan-error": "yes"}, profile="m4000-7.10", result={"subject": "fan2"}
    ),
    Case("fans", "critical", profile="m4000-7.10", policy=expect(fans=3), result={"value": 2, "limit": 3}),
    Case(
        "temperature",
        "warning",
        {f"{SLOTS}/cpu/module/info/sensors/temperature-1": 66.0},
        result={"value": 66, "limit": 65, "unit": "°C", "subject": "cpu"},
    ),
    Case(
        "temperature", "critical", {f"{CLK}/info/sensors/temperature-2": 75.5}, result={"subject": "clk1", "limit": 75}
    ),
    Case(
        "network_ports",
        "error",
        {"network/ports/lan1/operstate": False},
        {"network-link-down": (1, "")},
        policy=expect(ports=["lan1"]),
        result={"since": "2026-05-03T22:02:01Z"},
    ),
    Case("modules", "error", policy=expect(modules=["clk1", "clk2"]), result={"subject": "clk2"}),
    Case(
        "network_ports",
        "error",
        {"network/ports/lan1/link": False},
        policy=expect(ports=["lan0", "lan1"]),
        result={"subject": "lan1"},
    ),
    Case("network_ports", "error", policy=expect(ports=["lan2"])),
    Case("network_ports", "error", policy=expect(ports=["lan77"])),
    Case("network_ports", "info", {"network/ports/lan1/link": False}, result={"subject": "lan1"}),
    Case("network_ports", "info", {}, {"network-link-down": (1, "")}),
)

SILENT: tuple[Case, ...] = (
    Case("temperature", "ok", {f"{SLOTS}/cpu/module/info/sensors/temperature-1": 65.0}),
    Case(
        "power_supplies",
        "ok",
        {f"{SLOTS}/pwr2/module": {"power-available": False, "power-capacity": 0.0}},
        result={"value": 1},
    ),
    Case("power_supplies", "ok", profile="m3000-7.10", policy=expect(power_supplies=4)),
    Case("fans", "ok", profile="m4000-7.10", policy=expect(fans=2)),
    Case("fans", "skipped"),
    Case("temperature", "ok", {f"{CLK}/info/sensors/temperature-1": 0.0}),
    Case("modules", "ok", policy=expect(modules=["clk1", "cpu"])),
    Case("modules", "skipped"),
    Case(
        "network_ports",
        "ok",
        {"network/ports/lan1/link": False, "system/front-leds/led-network/current-color": "red"},
        {"network-link-down": (1, "")},
        policy=expect(ports=["lan0"]),
    ),
    Case("network_ports", "skipped", policy=expect(ports=[])),
)

UNKNOWN: tuple[Case, ...] = (
    Case("power_supplies", "unknown", {f"{SLOTS}/pwr1/module/power-available": None}),
    Case("fans", "unknown", {f"{SLOTS}/fan1/module/fan-state": "N/A"}, profile="m4000-7.10"),
    Case("temperature", "unknown", {f"{SLOTS}/cpu/module/info/sensors/temperature-1": 0.0}),
    Case("network_ports", "unknown", {"network/ports/lan0/link": None}, policy=expect(ports=["lan0"])),
    Case("power_supplies", "unknown", {f"{SLOTS}/pwr1": GONE, f"{SLOTS}/pwr2": GONE}),
    Case("power_supplies", "unknown", {f"{SLOTS}/pwr1": GONE}, result={"value": 0}),
    Case("network_ports", "unknown", {"network/ports": GONE, f"{EVENTS}/network-link-down": GONE}),
)
