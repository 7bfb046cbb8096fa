# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that need the configuration of the device besides its status. They are skipped if it is not read."""

from __future__ import annotations

import typing as t

from .._tree import values
from .check import ASSUMPTION, Check, Finding
from .clock_rules import GNSS
from .context import HealthContext, device_text, register, round_number
from .leaf_rules import CAP, place_of, summarize
from .module_conditions import has_slave_instance
from .setting_rules import CONTRADICTIONS, instances_of, levels_of

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

    Module = Mapping[str, t.Any]

_SOCKET_HERTZ = 2_048_000
_NOT_READ = Finding("skipped", "the configuration is not read, see the option config")
_SETTINGS = "configuration chassis0.slots.*.module"

SETTINGS_CHECKS: RegisteredChecks = []


@register(
    SETTINGS_CHECKS,
    Check(
        "simulation_mode",
        "reference",
        ("warning", "critical"),
        "no satellite receiver simulates its signal",
        f"{_SETTINGS}.gnss.simulation-mode",
        ASSUMPTION,
        "Switch the simulation off, and do not use the time of this clock until then",
        limits=(CAP,),
        families=GNSS,
    ),
)
def check_simulation_mode(context: HealthContext) -> Finding:
    if context.configuration is None:
        return _NOT_READ
    findings = []
    for module in context.modules:
        gnss = values.mapping(module["settings"].get("gnss")) if module["family"] in GNSS else {}
        if "simulation-mode" not in gnss:
            continue
        place, mode = place_of(module, None, ASSUMPTION), values.boolean(gnss["simulation-mode"])
        if mode is None:
            reported = device_text(gnss["simulation-mode"])
            message = f"{place['slot']} has the simulation mode in an unknown form: {reported}"
            findings.append(Finding("unknown", message, reported, **place))
            continue
        level = context.capped_level("critical", ASSUMPTION) if mode else "ok"
        message = f"the receiver in {place['slot']} simulates its satellites, so its time is not real"
        findings.append(Finding(level, message, mode, **place))
    return summarize(findings, "no receiver simulates its signal", "no module has a simulation mode")


@register(
    SETTINGS_CHECKS,
    Check(
        "module_settings",
        "hardware",
        ("info", "warning"),
        "the settings of each module fit together, and the module shows what is configured",
        ", ".join(f"{_SETTINGS}.{names}" for names, dummy, dummy2 in CONTRADICTIONS)
        + ", mrs.*.settings against its status, ptp.instances.* against the status",
        ASSUMPTION,
        "Correct these settings of the module, or wait until it has taken them over",
        families=("GPS", "GRC", "GNS", "GNS-UC", "GNM", "GXL", "PZF", "TCR", "BPE", "CPE", "FDM", "HPS", "PSX", "REL"),
    ),
)
def check_module_settings(context: HealthContext) -> Finding:
    if context.configuration is None:
        return _NOT_READ
    findings = []
    for module in context.modules:
        if module["settings"]:
            findings += [Finding("ok", "the settings fit together"), *_contradictions(module)]
            findings += [*_other_references(module), *_other_instances(module), *_useless_ptp_sources(context, module)]
            findings += _unfit_sockets(context, module)
    return summarize(
        findings, "the settings of the modules fit together", "the configuration has no settings of modules"
    )


def _contradictions(module: Module) -> list[Finding]:
    findings = []
    for dummy, level, find in CONTRADICTIONS:
        for name, sentence in find(module["settings"]):
            place = place_of(module, name, ASSUMPTION)
            findings.append(Finding(level, f"{place['subject']} {sentence}", **place))
    return findings


def _other_references(module: Module) -> list[Finding]:
    """References whose type or instance in the status is not the configured one."""
    if not module["sources"]:
        return []
    shown = {
        source["object_id"]: (source["type"], source["instance"])
        for source in module["sources"]
        if source["type"] not in (None, "none")
    }
    wanted = {
        name: (values.text(values.at(own, "id", "type")), values.integer(values.at(own, "id", "instance")))
        for name, own in levels_of(module["settings"]).items()
    }
    findings = []
    for name in dict.fromkeys((*wanted, *shown)) if wanted else ():
        if shown.get(name) != wanted.get(name):
            place = place_of(module, name, ASSUMPTION)
            texts = [device_text(each[0]) if each else "none" for each in (shown.get(name), wanted.get(name))]
            message = (
                f"{place['slot']} does not follow its configured list of references yet: {place['item']} is {texts[0]}"
            )
            findings.append(Finding("info", f"{message} instead of {texts[1]}", texts[0], texts[1], **place))
    return findings


def _other_instances(module: Module) -> list[Finding]:
    """Enabled PTP instances that the status does not have, or has in another domain."""
    shown = {instance["object_id"]: instance["domain"] for instance in module["ptp_instances"]}
    findings = []
    for name, own in instances_of(module["settings"]).items():
        place, domain = place_of(module, name, ASSUMPTION), values.integer(own.get("domain-number"))
        if values.boolean(own.get("enabled")) is False:
            continue
        if name not in shown:
            findings.append(
                Finding("warning", f"PTP {place['item']} of {place['slot']} is configured but absent", **place)
            )
        elif None not in (shown[name], domain) and shown[name] != domain:
            message = f"PTP {place['item']} of {place['slot']} is in domain {shown[name]} instead of {domain}"
            findings.append(Finding("info", message, shown[name], domain, **place))
    return findings


def _unfit_sockets(context: HealthContext, module: Module) -> list[Finding]:
    """Sockets for 2.048 MHz, while the synthesizer of the clock that feeds them is set to another frequency."""
    clock = next((each for each in context.modules if each["slot"] == context.facts["sync"]["reference_slot"]), None)
    frequency = None if clock is None else values.number(values.at(clock["settings"], "synthesizer", "frequency"))
    if module["family"] != "BPE" or frequency in (None, _SOCKET_HERTZ):
        return []
    findings = []
    for output in module["outputs"]:
        if output["signal"] == "2048khz":
            place = place_of(module, output["object_id"], ASSUMPTION)
            message = f"output {place['item']} of {place['slot']} is for 2.048 MHz, but its clock makes {round_number(frequency or 0)} Hz"
            findings.append(Finding("warning", message, round_number(frequency or 0), _SOCKET_HERTZ, **place))
    return findings


def _useless_ptp_sources(context: HealthContext, module: Module) -> list[Finding]:
    """References that are PTP, while no enabled instance of the device takes its time from a master."""
    findings = []
    for name, own in levels_of(module["settings"]).items():
        if values.at(own, "id", "type") == "ptp-ieee1588" and not has_slave_instance(context):
            place = place_of(module, name, ASSUMPTION)
            message = f"{place['subject']} refers to PTP, but no PTP instance is in a slave mode"
            findings.append(Finding("warning", message, **place))
    return findings
