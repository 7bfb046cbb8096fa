# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of modules that read a device."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    See,
    Tree,
    see_code,
    see_member,
    see_requests,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import JOURNALS, interrupt_probe


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(given, otherwise, see, expected, prepare)]


# -- lantime_facts, lantime_config_info


def facts_effects() -> Effects:
    config: Tree = {"gather_subset": ["config"]}
    gathered = see_member("ansible_facts", "ansible_net_gather_subset")
    return {
        "gather_subset": _pair({"gather_subset": ["ntp"]}, {}, gathered, ["min", "ntp"]),
        "config_root": _pair(
            {**config, "config_root": "cfg"}, config, see_requests, ["GET /api/status", "GET /api/cfg"]
        ),
    }


REFUSED_LOCATION: Tree = {
    "error": {"code": "rejected", "path": "/api/config/snmp/location", "device_message": "location: too long"},
    "operations": [{"action": "set", "path": "snmp", "after": {"location": "rack 2"}, "state": "failed"}],
}


def config_info_effects() -> Effects:
    location: Tree = {"path": "snmp/location"}
    uptime: Tree = {"path": "rest-api/api-version", "tree": "status"}
    return {
        "path": _pair(location, {"path": "snmp/contact"}, see_member("value"), "rack 1"),
        "tree=status": _pair(uptime, {**uptime, "tree": "config"}, see_member("value"), "20.07.002"),
        "tree=config": _pair(
            {**location, "tree": "config"}, {**location, "tree": "status"}, see_member("value"), "rack 1"
        ),
        "config_root": _pair(
            {**location, "config_root": "cfg"}, location, lambda seen: seen.requests[0], "GET /api/cfg/snmp/location"
        ),
        "schema=True": _pair({**location, "schema": True}, location, see_types, {"snmp/location": "str"}),
        "refusals": _pair(
            {**location, "schema": True, "refusals": [REFUSED_LOCATION]},
            {**location, "schema": True},
            lambda seen: seen.result["schema"][0]["refused"],
            ["rack 2"],
        ),
        "schema=False": _pair({**location, "schema": False}, {**location, "schema": True}, see_types, None),
    }


def see_types(seen: Observation) -> t.Any:
    listed = seen.result.get("schema")
    return None if listed is None else {entry["path"]: entry["type"] for entry in listed}


# -- lantime_module_info


def see_slots(seen: Observation) -> t.Any:
    return [entry["slot"] for entry in seen.result["modules"]]


def lose_reference(bench: Bench) -> None:
    bench.device.raise_incident("antenna-fault", slot="clk2")


def module_info_effects() -> Effects:
    def slots(given: Tree, otherwise: Tree, expected: list[str]) -> list[Effect]:
        return [Effect(given, otherwise, see_slots, expected, lose_reference, device="ims")]

    def of_configuration(given: Tree, otherwise: Tree, see: See, expected: t.Any) -> list[Effect]:
        return [Effect({"slots": ["io1"], **given}, {"slots": ["io1"], **otherwise}, see, expected, device="ims")]

    with_config, without = {"config": True}, {"config": False}
    requests = ["GET /api/status", "GET /api/config"]
    other_root = ["GET /api/status", "GET /api/cfg"]
    return {
        "slots": slots({"slots": ["io1", "pwr2"]}, {}, ["io1", "pwr2"]),
        "families": slots({"families": ["RSC"]}, {}, ["rsc1"]),
        "models": slots({"models": ["gnm181"]}, {}, ["clk2"]),
        "states": slots({"states": ["holdover"]}, {}, ["clk2"]),
        "populated=True": slots({"slots": ["io14", "mri1"], "populated": True}, {"slots": ["io14", "mri1"]}, ["mri1"]),
        "populated=False": slots({"populated": False}, {"populated": True}, ["io14"]),
        "synchronized=True": slots({"synchronized": True}, {"synchronized": False}, ["clk1"]),
        "synchronized=False": slots({"synchronized": False}, {}, ["clk2"]),
        "config=True": of_configuration(with_config, without, see_requests, requests),
        "config=False": of_configuration(without, with_config, see_requests, requests[:1]),
        "config_root": of_configuration({**with_config, "config_root": "cfg"}, with_config, see_requests, other_root),
    }


# -- lantime_health


def see_check(name: str, member: str = "state") -> See:
    def see(seen: Observation) -> t.Any:
        return next((check[member] for check in seen.result["checks"] if check["name"] == name), None)

    return see


def see_names(seen: Observation) -> t.Any:
    return sorted({check["name"] for check in seen.result["checks"]})


def see_limits(seen: Observation) -> t.Any:
    names = ("estimated_quality", "ntp_offset")
    return [check["limit"] for name in names for check in seen.result["checks"] if check["name"] == name]


def see_failure(seen: Observation) -> t.Any:
    return bool(seen.result.get("failed"))


def see_polls(seen: Observation) -> t.Any:
    return seen.requests.count("GET /api/status") > 1


# Limits of the estimated quality and of the offset of NTP, in nanoseconds, while both are within them.
LIMITS = {
    "telecom": [100, 10_000],
    "finance": [10_000, 50_000],
    "broadcast": [1_000, 100_000],
    "power": [1_000, 100_000],
    "it": [100_000, 1_000_000],
}


def see_offset_state(seen: Observation) -> t.Any:
    return see_check("ntp_offset")(seen)


def _of_profiles() -> Effects:
    def effects(name: str) -> list[Effect]:
        other = "it" if name != "it" else "finance"
        given, otherwise = ({"profile": profile, "fail_on": "never"} for profile in (name, other))
        return [Effect(given, otherwise, see_limits, LIMITS[name], device="ims")]

    def offset(bench: Bench) -> None:
        bench.device.add_fault("added-members", path="/api/status", members={"offset": 0.0007})

    broadcast, power = ({"profile": profile, "fail_on": "never"} for profile in ("broadcast", "power"))
    return {
        **{f"profile={name}": effects(name) for name in LIMITS},
        "profile=broadcast": [*effects("broadcast"), Effect(broadcast, power, see_offset_state, "critical", offset)],
        "profile=power": [*effects("power"), Effect(power, broadcast, see_offset_state, "warning", offset)],
    }


def _of_expectations() -> Effects:
    def expect(name: str, value: t.Any, check: str, state: str = "error") -> list[Effect]:
        quiet: Tree = {"fail_on": "never"}
        return [Effect({**quiet, "expected": {name: value}}, quiet, see_check(check), state, device="ims")]

    def position(latitude: float, longitude: float) -> Tree:
        place = {"latitude": latitude, "longitude": longitude}
        return {"fail_on": "never", "thresholds": {"position_tolerance": 200_000}, "expected": {"position": place}}

    def of_position(given: Tree) -> list[Effect]:
        return [Effect(given, position(52.5, 13.4), see_check("position"), "critical", device="ims")]

    return {
        "expected.ports": expect("ports", ["lan77"], "network_ports"),
        "expected.power_supplies": expect("power_supplies", 5, "power_supplies", "critical"),
        "expected.psus": expect("psus", 5, "power_supplies", "critical"),
        "expected.fans": expect("fans", 2, "fans", "critical"),
        "expected.receivers": expect("receivers", ["clk9"], "receiver"),
        "expected.modules": expect("modules", ["io14"], "modules"),
        "expected.position.latitude": of_position(position(-52.5, 13.4)),
        "expected.position.longitude": of_position(position(52.5, -13.4)),
        "expected.leap_second=True": expect("leap_second", True, "leap_agreement", "critical"),
        "expected.leap_second=False": [
            Effect(
                {"fail_on": "never", "expected": {"leap_second": False}},
                {"fail_on": "never", "expected": {"leap_second": True}},
                see_check("leap_agreement"),
                "ok",
            )
        ],
        "expected.tai_offset": expect("tai_offset", 5, "tai_offset"),
        **_of_grandmasters(),
    }


def _of_grandmasters() -> Effects:
    """The instances of the device follow themselves."""
    elsewhere = {"grandmaster": "0200000000000001"}
    return {
        "expected.ptp.grandmaster": [
            Effect(
                {"fail_on": "never", "expected": {"ptp": [elsewhere]}},
                {"fail_on": "never", "expected": {"ptp": [{"grandmaster": "0200000000000002"}]}},
                see_check("ptp_grandmaster", "limit"),
                "0200000000000001",
                device="ims",
            )
        ],
        **{
            f"expected.ptp.{name}": [
                Effect(
                    {"fail_on": "never", "expected": {"ptp": [{**elsewhere, name: value}]}},
                    {"fail_on": "never", "expected": {"ptp": [elsewhere]}},
                    see_check("ptp_grandmaster", "subject"),
                    subject,
                    device="ims",
                )
            ]
            for name, value, subject in (
                ("slot", "io2", "io2/ptp1"),
                ("instance", "ptp2", "io1/ptp2"),
                ("domain", 24, "io2/ptp1"),
            )
        },
    }


def _of_failing() -> Effects:
    def on(choice: str, at: str) -> Tree:
        """A device whose worst check has the state `at`."""
        limits = {"warning": {}, "error": {"storage_error": 1}, "critical": {"temperature_critical": 1}}[at]
        return {"fail_on": choice, "thresholds": limits}

    def pair(choice: str, at: str, other: str, fails: bool) -> list[Effect]:
        return _pair(on(choice, at), on(other, at), see_failure, fails)

    return {
        "fail_on=never": pair("never", "critical", "critical", False),
        "fail_on=warning": pair("warning", "warning", "error", True),
        "fail_on=error": [*pair("error", "error", "critical", True), *pair("error", "warning", "warning", False)],
        "fail_on=critical": [
            *pair("critical", "critical", "never", True),
            *pair("critical", "error", "error", False),
        ],
    }


def _of_waiting() -> Effects:
    def recover(bench: Bench) -> None:
        bench.device.add_fault("status", status=500, path="/api/status", times=1)

    def fail_always(bench: Bench) -> None:
        bench.device.add_fault("status", status=500, path="/api/status")

    waiting: Tree = {"wait": True, "retries": 0, "wait_interval": 0.05}
    no_time = {**waiting, "wait_timeout": 0}
    return {
        "wait=True": _pair(waiting, {**waiting, "wait": False}, see_code, None, recover),
        "wait=False": _pair({**waiting, "wait": False}, waiting, see_code, "server_error", recover),
        "wait_timeout": _pair(no_time, {**waiting, "wait_timeout": 0.1}, see_polls, False, fail_always),
        "wait_interval": _pair(
            {**waiting, "wait_timeout": 0.2},
            {**waiting, "wait_timeout": 0.2, "wait_interval": 60},
            see_many,
            True,
            fail_always,
        ),
    }


def see_many(seen: Observation) -> t.Any:
    """Whether there were more polls than the first and the last."""
    return seen.requests.count("GET /api/status") > 2


_HOT: Tree = {"thresholds": {"temperature_critical": 1}}
_HOT_BEFORE: Tree = {"checks": [{"name": "temperature", "state": "critical", "findings": []}]}


def health_effects() -> Effects:
    quiet: Tree = {"fail_on": "never"}
    included = {**quiet, "include": ["ntp_stratum", "memory"]}
    hidden = {**included, "return_passed": False}
    gathered = see_member("ansible_facts", "ansible_net_gather_subset")
    with_config, without = ({**quiet, "config": choice} for choice in (True, False))
    requests = ["GET /api/status", "GET /api/config"]
    return {
        "gather_subset": _pair({**quiet, "gather_subset": ["ntp"]}, quiet, gathered, ["min", "ntp"]),
        **_of_profiles(),
        **_of_expectations(),
        "baseline": [
            Effect(
                {"fail_on": "never", "baseline": {"modules": [{"slot": "clk7", "populated": True}]}},
                {"fail_on": "never"},
                see_check("modules"),
                "error",
                device="ims",
            )
        ],
        **_of_failing(),
        **_of_waiting(),
        "ignore_unhealthy=True": _pair({**_HOT, "ignore_unhealthy": True}, _HOT, see_failure, False),
        "ignore_unhealthy=False": _pair(
            {**_HOT, "ignore_unhealthy": False}, {**_HOT, "ignore_unhealthy": True}, see_failure, True
        ),
        "no_worse_than": _pair({**_HOT, "no_worse_than": _HOT_BEFORE}, _HOT, see_failure, False),
        "thresholds": _pair(
            {**quiet, "thresholds": {"memory_free_warning": 99}}, quiet, see_check("memory"), "warning"
        ),
        "config=True": _pair(with_config, without, see_requests, requests),
        "config=False": _pair(without, with_config, see_requests, requests[:1]),
        "config_root": _pair(
            {**with_config, "config_root": "cfg"}, with_config, see_requests, ["GET /api/status", "GET /api/cfg"]
        ),
        "include": _pair(included, quiet, see_names, ["memory", "ntp_stratum"]),
        "skip": _pair({**included, "skip": ["memory"]}, included, see_check("memory"), "skipped"),
        "return_passed=True": _pair({**hidden, "return_passed": True}, hidden, see_names, ["memory", "ntp_stratum"]),
        "return_passed=False": _pair(hidden, included, see_names, []),
    }


# -- lantime_probe


def see_finding(key: str) -> See:
    def see(seen: Observation) -> t.Any:
        return next((each["value"] for each in seen.result["findings"] if each["key"] == key), None)

    return see


def probe_effects() -> Effects:
    text, other = "notification/email/to", "notification/email/from"
    writing: Tree = {"writable_path": text}

    def delay(bench: Bench) -> None:
        bench.device.set_dialect(effect="delayed", effect_delay=0.2)

    yes, no = ({"anonymous": choice} for choice in (True, False))
    token, no_token = ({"probe_token": choice} for choice in (True, False))
    return {
        "config_root": _pair({"config_root": "cfg"}, {}, lambda seen: "GET /api/cfg" in seen.requests, True),
        "anonymous=True": _pair(yes, no, see_finding("anonymous"), "no"),
        "anonymous=False": _pair(no, yes, see_finding("anonymous"), "unknown"),
        "probe_token=True": _pair(token, no_token, see_finding("token_request"), "basic"),
        "probe_token=False": _pair(no_token, token, see_finding("token_request"), "unknown"),
        "writable_path": _pair(writing, {}, see_finding("set_target"), "object"),
        "writable_path2": _pair({**writing, "writable_path2": other}, writing, see_finding("several_names"), True),
        "journal_path": _pair(
            {**writing, **JOURNALS}, writing, see_member("recovery", "action"), "reverted", interrupt_probe
        ),
        "effect_timeout": _pair(
            {**writing, "effect_timeout": 5},
            {**writing, "effect_timeout": 0.01},
            see_finding("effect"),
            "delayed",
            delay,
        ),
    }


# -- lantime_record


def record_effects() -> Effects:
    def to(name: str) -> Tree:
        return {"dest": lambda bench: bench.path(name)}

    def write_other_file(bench: Bench) -> None:
        (bench.directory / "ts1.json").write_text("[]")

    def see_serial_number(seen: Observation) -> t.Any:
        body = seen.document("ts1.json")["answers"][0]["body"]
        return body["system-information"]["serial-number"]

    kept: Tree = {**to("ts1.json"), "anonymize": False}
    replaced: Tree = {**to("ts1.json"), "anonymize": True, "anonymize_key": "a key of this test"}
    return {
        "dest": _pair(to("ts2.json"), to("ts1.json"), Observation.files, ["ts2.json"]),
        "force=True": _pair(
            {**to("ts1.json"), "force": True}, {**to("ts1.json"), "force": False}, see_code, None, write_other_file
        ),
        "force=False": _pair(
            {**to("ts1.json"), "force": False},
            {**to("ts1.json"), "force": True},
            see_code,
            "recording",
            write_other_file,
        ),
        "anonymize=True": _pair(replaced, kept, see_serial_number, "994248266472"),
        "anonymize=False": _pair(kept, replaced, see_serial_number, "000108385461"),
        "anonymize_key": _pair(
            replaced, {**replaced, "anonymize_key": "another key of it"}, see_serial_number, "994248266472"
        ),
        "config_root": _pair(
            {**to("ts1.json"), "config_root": "cfg"}, to("ts1.json"), lambda seen: "GET /api/cfg" in seen.requests, True
        ),
    }
