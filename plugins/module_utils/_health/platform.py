# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the hardware and its security: power, fans, temperature, modules, ports, certificates, log-ins and services."""

from __future__ import annotations

import typing as t

from .._hardware.families import CONFIRMED, INFERRED
from .._hardware.module_parsers import parse_fan
from .check import ASSUMPTION, MODULE, Check, Finding
from .context import (
    HealthContext,
    count_of,
    device_text,
    finding_above,
    in_unknown_form,
    join_names,
    optional_text,
    register,
    round_number,
    worst_finding,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

_CLEAR_TEXT_SERVICES = ("telnet", "ftp")
# HTTP may only redirect browsers to HTTPS; TIME and DAYTIME have no log-in.
_LEGACY_SERVICES = ("http", "time", "daytime")
_FANS = frozenset({"fan", "acm"})

HARDWARE_CHECKS: RegisteredChecks = []


@register(
    HARDWARE_CHECKS,
    Check(
        "power_supplies",
        "hardware",
        ("critical",),
        "every power supply that reports information has power, and so has the expected number; a dead supply may look like an empty bay",
        f"{MODULE}.power-available, {MODULE}.info",
        INFERRED,
        "Check mains and fuse of this supply, or replace it",
        expects=("power_supplies",),
        views=("power",),
    ),
)
def check_power_supplies(context: HealthContext) -> Finding:
    supplies = _over_all_chassis(context, "power_supplies")
    expected = context.policy.expected.get("power_supplies")
    fitted = {name: supply for name, supply in supplies if supply["fitted"]}
    live = sum(supply["available"] is True for supply in fitted.values())
    summary = count_of(live, "power supply has", "power supplies have") + " power"
    findings = []
    for name, supply in fitted.items():
        subject = device_text(name)
        if supply["available"] is False:
            message = f"the power supply {subject} has no power"
            findings.append(Finding("critical", message, live, expected, subject))
        elif supply["available"] is None:
            message = f"the power supply {subject} does not report whether it has power"
            findings.append(Finding("unknown", message, subject=subject))
    if context.slots and expected is not None and live < expected:
        findings.append(Finding("critical", f"{summary}, {expected} expected", live, expected))
    if not supplies and not findings:
        return Finding("unknown", "the device reports no power supplies")
    if not live and not findings:
        return Finding("unknown", "the device reports no fitted power supply", 0, expected)
    bays = len(supplies) - len(fitted)
    if bays and expected is None:
        empty = count_of(bays, "bay is", "bays are") + " without power and empty, or with a dead supply"
        summary = f"{summary}; {empty}: set expected.power_supplies to find the latter"
    return worst_finding(findings, Finding("ok", summary, live, expected))


def _over_all_chassis(context: HealthContext, member: str) -> list[tuple[str, t.Any]]:
    """(name, entry) of a member of every chassis; names in additional chassis have the chassis as a prefix."""
    first = context.facts["chassis"]
    entries = list(first[member].items())
    for name, chassis in first["additional_chassis"].items():
        entries += [(f"{name}/{key}", entry) for key, entry in chassis[member].items()]
    return entries


@register(
    HARDWARE_CHECKS,
    Check(
        "fans",
        "hardware",
        ("critical",),
        "every fan turns, and the expected number is present",
        f"{MODULE}.fan-state and fan-error",
        ASSUMPTION,
        "Replace the fan",
        expects=("fans",),
        families=("FAN",),
    ),
)
def check_fans(context: HealthContext) -> Finding:
    expected = context.policy.expected.get("fans")
    findings = []
    turning = 0
    for slot in context.slots:
        if not slot["populated"] or not _FANS & {slot["slot_type"], slot["model"]}:
            continue
        fan, name = parse_fan(slot["status"]), device_text(slot["slot"])
        state = optional_text(fan["state"])
        if fan["turning"] is None:
            findings.append(Finding("unknown", f"the fan {name} does not report whether it turns", subject=name))
        elif fan["turning"]:
            turning += 1
            findings.append(Finding("ok", f"the fan {name} turns", state, subject=name))
        else:
            findings.append(Finding("critical", f"the fan {name} has failed", state, subject=name))
    summary = count_of(turning, "fan is", "fans are") + " turning"
    if expected is not None and turning < expected:
        findings.append(Finding("critical", f"{summary}, {expected} expected", turning, expected))
    if expected is None and not findings:
        return Finding("skipped", "the device reports no fan")
    return worst_finding(findings, Finding("ok", summary, turning, expected))


@register(
    HARDWARE_CHECKS,
    Check(
        "temperature",
        "hardware",
        ("warning", "critical"),
        "no sensor is too hot; a reading of 0.0 means that there is no sensor",
        f"{MODULE}.info.sensors",
        CONFIRMED,
        "Check fans, filters and the room temperature",
        unit="°C",
        limits=("temperature_warning", "temperature_critical"),
        views=("sensors",),
    ),
)
def check_temperature(context: HealthContext) -> Finding:
    limits = ((context.limit("temperature_warning"), "warning"), (context.limit("temperature_critical"), "critical"))
    findings = []
    for slot, readings in _over_all_chassis(context, "temperatures_celsius"):
        value, subject = round_number(max(readings)), device_text(slot)
        message = f"the hottest sensor of {subject} reads {value} °C"
        findings.append(finding_above(value, limits, message, subject=subject))
    findings.sort(key=lambda finding: -finding.value)
    for module in context.slots:
        name, unparsed = device_text(module["slot"]), module["sensors"].get("unparsed", {})
        if unparsed:
            message = (
                f"a sensor of {name} does not report its temperature{in_unknown_form(module['sensors'], *unparsed)}"
            )
            findings.append(Finding("unknown", message, subject=name))
    return worst_finding(findings, Finding("unknown", "no sensor reports a temperature"))


@register(
    HARDWARE_CHECKS,
    Check(
        "network_ports",
        "hardware",
        ("info", "error"),
        "the expected ports have a link; without such a list a missing link is only a piece of information",
        "network.ports[].link, event network-link-down",
        CONFIRMED,
        "Check cable, switch and port",
        expects=("ports",),
        events=("network-link-down",),
    ),
)
def check_network_ports(context: HealthContext) -> Finding:
    ports = context.facts["network"]["ports"]
    expected = context.policy.expected.get("ports")
    event = context.event("network-link-down")
    if expected and not ports:
        return Finding("unknown", "the device reports no ports")
    if expected is not None:
        findings = [_expected_port_finding(ports, name, event.since) for name in expected]
        return worst_finding(findings, Finding("skipped", "no port is expected to have a link"))
    if not ports and not event.known:
        return Finding("unknown", "the device reports no ports")
    down = [name for name, port in ports.items() if port["available"] and port["link"] is False]
    if event.on or down:
        where = f" at {join_names(down)}" if down else ""
        message = f"a link is down{where}; list the ports that need a link in expected.ports"
        return Finding("info", message, subject=device_text(down[0]) if down else None, since=event.since)
    silent = [
        name
        for name, port in ports.items()
        if port["available"] is None or (port["available"] and port["link"] is None)
    ]
    if silent or not ports:
        where = join_names(silent) or "any port"
        return Finding("unknown", f"the device does not report whether there is a link at {where}")
    return Finding("ok", "every fitted port has a link")


def _expected_port_finding(ports: Mapping[str, t.Any], name: str, since: str | None) -> Finding:
    port = ports.get(name)
    subject = device_text(name)
    if port is not None and port["available"] is None:
        return Finding("unknown", f"the device does not report whether the port {subject} is fitted", subject=subject)
    if port is None or not port["available"]:
        return Finding("error", f"the expected port {subject} is missing", False, True, subject)
    if port["link"] is None:
        return Finding("unknown", f"the port {subject} does not report whether it has a link", subject=subject)
    if not port["link"] or port["operational"] is False:
        return Finding("error", f"the expected port {subject} has no link", False, True, subject, since)
    return Finding("ok", "every expected port has a link", True, True)


@register(
    HARDWARE_CHECKS,
    Check(
        "certificate_expired",
        "security",
        ("critical",),
        "the certificate of the web service has not expired",
        "event https-certificate-expired",
        CONFIRMED,
        "Install a new certificate",
        events=("https-certificate-expired",),
    ),
)
def check_certificate_expired(context: HealthContext) -> Finding:
    bad, good = "the certificate of the web service has expired", "the certificate of the web service has not expired"
    return _event_finding(context, "https-certificate-expired", "critical", bad, good)


@register(
    HARDWARE_CHECKS,
    Check(
        "certificate_expiring",
        "security",
        ("warning",),
        "the device does not warn that its certificate expires soon",
        "event https-certificate-expire-warning",
        CONFIRMED,
        "Renew the certificate",
        events=("https-certificate-expire-warning",),
    ),
)
def check_certificate_expiring(context: HealthContext) -> Finding:
    bad, good = "the certificate of the web service expires soon", "the device does not warn about its certificate"
    return _event_finding(context, "https-certificate-expire-warning", "warning", bad, good)


@register(
    HARDWARE_CHECKS,
    Check(
        "certificate_self_signed",
        "security",
        ("warning",),
        "the certificate is not self-signed",
        "event self-signed-https-certificate-in-use",
        CONFIRMED,
        "Install a certificate of your certificate authority, or pin this one and skip the check",
        events=("self-signed-https-certificate-in-use",),
    ),
)
def check_certificate_self_signed(context: HealthContext) -> Finding:
    certificate = "the certificate of the web service"
    bad, good = f"{certificate} is self-signed", f"{certificate} is not self-signed"
    return _event_finding(context, "self-signed-https-certificate-in-use", "warning", bad, good)


def _event_finding(context: HealthContext, name: str, level: str, bad: str, good: str) -> Finding:
    event = context.event(name)
    if event.on:
        return Finding(level, bad, True, since=event.since)
    if not event.known:
        return Finding("unknown", f"the device has no event {name}")
    return Finding("ok", good, False)


@register(
    HARDWARE_CHECKS,
    Check(
        "users_banned",
        "security",
        ("info", "warning"),
        "no user is locked out; a lock-out within the window is a piece of information",
        "event faillock-user-banned",
        CONFIRMED,
        "Find out who used wrong passwords, and correct your own before you try again",
        unit="s",
        limits=("ban_window",),
        events=("faillock-user-banned",),
    ),
)
def check_users_banned(context: HealthContext) -> Finding:
    event = context.event("faillock-user-banned")
    window = context.limit("ban_window")
    age = context.age(event.last)
    if event.on:
        return Finding("warning", "a user is locked out", True, since=event.since)
    if not event.known:
        return Finding("unknown", "the device does not report whether a user is locked out")
    if age is not None and age < window:
        message = f"a user was locked out at {device_text(event.last)}"
        return Finding("info", message, round_number(max(age, 0)), window, since=event.last)
    unknown = context.unknown_time(event, "a user was locked out")
    return unknown or Finding("ok", "no user was locked out recently", False)


@register(
    HARDWARE_CHECKS,
    Check(
        "services_legacy",
        "security",
        ("info", "warning"),
        "legacy services are off: telnet and ftp are a warning, http, time and daytime a piece of information",
        "services.network.*.running",
        CONFIRMED,
        "Disable the service on all interfaces",
    ),
)
def check_services_legacy(context: HealthContext) -> Finding:
    network = context.facts["services"]["network"]
    known = [name for name in (*_CLEAR_TEXT_SERVICES, *_LEGACY_SERVICES) if network.get(name) is not None]
    running = [name for name in known if network[name]]
    if not known:
        return Finding("unknown", "the device does not report which services are running")
    silent = [name for name in (*_CLEAR_TEXT_SERVICES, *_LEGACY_SERVICES) if name not in known]
    if not running and silent:
        return Finding(
            "unknown", f"the device does not report whether these services are running: {join_names(silent)}"
        )
    if not running:
        return Finding("ok", "no legacy service is enabled", 0)
    level = "warning" if set(running) & set(_CLEAR_TEXT_SERVICES) else "info"
    return Finding(level, f"legacy services are enabled: {join_names(running)}", len(running), 0, running[0])
