# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges of the box: power, fans, temperature, modules, ports, certificates, log-ins, services.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._tree import values
from .context import Finding, HealthContext, above, listed, plain, told, worst

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CLEAR_TEXT = ("telnet", "ftp")
# HTTP may do no more than send browsers on to HTTPS; TIME and DAYTIME take no log-in.
_DATED = ("http", "time", "daytime")
_FANS = frozenset({"fan", "acm"})


def power_supplies(look: HealthContext) -> Finding:
    supplies = _over_chassis(look, "power_supplies")
    expected = look.policy.expected.get("power_supplies")
    fitted = {name: supply for name, supply in supplies if supply["fitted"]}
    live = [name for name, supply in fitted.items() if supply["available"]]
    found = []
    for name, supply in fitted.items():
        if supply["available"] is False:
            found.append(
                Finding("critical", f"the power supply {told(name)} has no power", len(live), expected, told(name))
            )
        elif supply["available"] is None:
            found.append(
                Finding(
                    "unknown", f"the power supply {told(name)} does not say whether it has power", subject=told(name)
                )
            )
    if expected is not None and len(live) < expected:
        found.append(
            Finding(
                "critical",
                f"the number of power supplies with power is {len(live)}, expected is {expected}",
                len(live),
                expected,
            )
        )
    if not supplies and expected is None:
        return Finding("unknown", "the device shows no power supplies")
    if not live and not found:
        return Finding("unknown", "no power supply is shown as fitted", 0, expected)
    return worst(found, Finding("ok", f"the number of power supplies with power is {len(live)}", len(live), expected))


def _over_chassis(look: HealthContext, member: str) -> list[tuple[str, t.Any]]:
    """(name, entry) of a member of every chassis; further chassis stand in front of the name."""
    first = look.facts["chassis"]
    found = list(first[member].items())
    for name, chassis in first["additional_chassis"].items():
        found += [(f"{name}/{key}", entry) for key, entry in chassis[member].items()]
    return found


def fans(look: HealthContext) -> Finding:
    expected = look.policy.expected.get("fans")
    found = []
    turning = 0
    for slot in look.slots:
        if not slot["populated"] or not _FANS & {slot["slot_type"], slot["model"]}:
            continue
        name = told(slot["slot"])
        state, error = (values.text(values.at(slot["status"], key)) for key in ("fan-state", "fan-error"))
        if values.boolean(error) or values.boolean(state) is False:
            found.append(Finding("critical", f"the fan {name} fails", told(state), subject=name))
        elif values.boolean(state) is None:
            found.append(Finding("unknown", f"the fan {name} does not say whether it turns", subject=name))
        else:
            turning += 1
            found.append(Finding("ok", f"the fan {name} turns", told(state), subject=name))
    if expected is not None and turning < expected:
        found.append(
            Finding("critical", f"the number of fans that turn is {turning}, expected is {expected}", turning, expected)
        )
    if expected is None and not found:
        return Finding("skipped", "the device shows no fan")
    return worst(found, Finding("ok", f"the number of fans that turn is {turning}", turning, expected))


def temperature(look: HealthContext) -> Finding:
    limits = ((look.limit("temperature_warning"), "warning"), (look.limit("temperature_critical"), "critical"))
    found = []
    for slot, readings in _over_chassis(look, "temperatures_celsius"):
        value = plain(max(readings))
        message = f"the hottest sensor of {told(slot)} shows {value} °C"
        found.append(above(value, limits, message, subject=told(slot)))
    found.sort(key=lambda finding: -finding.value)
    return worst(found, Finding("unknown", "no sensor shows a temperature"))


def modules(look: HealthContext) -> Finding:
    expected = look.policy.expected.get("modules")
    if expected is None:
        return Finding("skipped", "no modules are expected by name")
    populated = {slot["slot"] for slot in look.slots if slot["populated"]}
    missing = [name for name in expected if name not in populated]
    if missing:
        return Finding("error", f"there is no module in {listed(missing)}", len(missing), 0, told(missing[0]))
    return Finding("ok", "every expected slot has a module", 0, 0)


def network_ports(look: HealthContext) -> Finding:
    ports = look.facts["network"]["ports"]
    expected = look.policy.expected.get("ports")
    event = look.event("network-link-down")
    if expected is not None:
        found = [_expected_port(ports, name, event.since) for name in expected]
        return worst(found, Finding("skipped", "no port is expected to have a link"))
    if not ports and not event.known:
        return Finding("unknown", "the device shows no ports")
    down = [name for name, port in ports.items() if port["available"] and port["link"] is False]
    if event.on or down:
        shown = f" at {listed(down)}" if down else ""
        message = f"a link is down{shown}; name the ports that need one in expected.ports"
        return Finding("info", message, subject=told(down[0]) if down else None, since=event.since)
    return Finding("ok", "every fitted port has a link")


def _expected_port(ports: Mapping[str, t.Any], name: str, since: str | None) -> Finding:
    port = ports.get(name)
    subject = told(name)
    if port is None or not port["available"]:
        return Finding("error", f"the expected port {subject} is not there", False, True, subject)
    if port["link"] is None:
        return Finding("unknown", f"the port {subject} does not say whether it has a link", subject=subject)
    if not port["link"] or port["operational"] is False:
        return Finding("error", f"the expected port {subject} has no link", False, True, subject, since)
    return Finding("ok", "every expected port has a link", True, True)


def _by_event(look: HealthContext, name: str, level: str, bad: str, good: str) -> Finding:
    event = look.event(name)
    if event.on:
        return Finding(level, bad, True, since=event.since)
    if not event.known:
        return Finding("unknown", f"the device has no event {name}")
    return Finding("ok", good, False)


def certificate_expired(look: HealthContext) -> Finding:
    return _by_event(
        look,
        "https-certificate-expired",
        "critical",
        "the certificate of the web service has expired",
        "the certificate of the web service has not expired",
    )


def certificate_expiring(look: HealthContext) -> Finding:
    return _by_event(
        look,
        "https-certificate-expire-warning",
        "warning",
        "the certificate of the web service expires soon",
        "the device does not warn of its certificate",
    )


def certificate_self_signed(look: HealthContext) -> Finding:
    return _by_event(
        look,
        "self-signed-https-certificate-in-use",
        "warning",
        "the certificate of the web service is self-signed",
        "the certificate of the web service is not self-signed",
    )


def system_resources(look: HealthContext) -> Finding:
    return _by_event(
        look,
        "low-system-resources",
        "warning",
        "the device reports low resources",
        "the device does not complain of low resources",
    )


def users_banned(look: HealthContext) -> Finding:
    event = look.event("faillock-user-banned")
    window = look.limit("ban_window")
    age = look.age(event.last)
    if event.on:
        return Finding("warning", "a user is locked out", True, since=event.since)
    if not event.known:
        return Finding("unknown", "the device does not say whether a user is locked out")
    if age is not None and age < window:
        message = f"a user was locked out at {told(event.last)}"
        return Finding("info", message, plain(max(age, 0)), window, since=event.last)
    return Finding("ok", "no user was locked out lately", False)


def services_legacy(look: HealthContext) -> Finding:
    network = look.facts["services"]["network"]
    known = [name for name in (*_CLEAR_TEXT, *_DATED) if network.get(name) is not None]
    running = [name for name in known if network[name]]
    if not known:
        return Finding("unknown", "the device does not say which services run")
    if not running:
        return Finding("ok", "no service of the past runs", 0)
    level = "warning" if set(running) & set(_CLEAR_TEXT) else "info"
    return Finding(level, f"services of the past run: {listed(running)}", len(running), 0, running[0])


JUDGES: Mapping[str, Callable[[HealthContext], Finding]] = {
    judge.__name__: judge
    for judge in (
        power_supplies,
        fans,
        temperature,
        modules,
        network_ports,
        certificate_expired,
        certificate_expiring,
        certificate_self_signed,
        users_banned,
        services_legacy,
        system_resources,
    )
}
