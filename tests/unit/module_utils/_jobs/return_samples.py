# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Return values of the modules that write no configuration."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_changes,
    lantime_command,
    lantime_config_info,
    lantime_facts,
    lantime_health,
    lantime_module_info,
    lantime_probe,
    lantime_record,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import job as lantime_report
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import verdict as lantime_verdict
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import Bench, Prepare, Tree
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import (
    M600,
    TIME,
    UNKNOWN_PATH,
    Containing,
    Matching,
    Positive,
    Sample,
    busy,
    change_contact,
    command,
    confirm,
    operation,
    refuse_write,
    request,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    JOURNALS,
    interrupt_probe,
    leave_unconfirmed,
)
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import plan_records
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made


def recovered(module: t.Any, options: Tree) -> Sample:
    """A task that restores what an interrupted probe wrote."""
    recovery = {"id": Matching("[0-9a-f]{32}"), "phase": "rolling_back", "action": "reverted", "foreign": []}
    return Sample(module, {**options, **JOURNALS}, {"recovery": recovery}, interrupt_probe)


def changes_samples() -> list[Sample]:
    diff = {"form": "text", "text": "snmp/contact: operations -> unsaved", "truncated": False}
    committed: Tree = {
        "changed": True,
        "saved": True,
        "state": "committed",
        "package": "all",
        "pending_before": 1,
        "pending_changes": 0,
        "diff": diff,
        "autosave": "off",
        "operations": [command("write", "all", 1, 0)],
        "device": M600,
    }
    shown: Tree = {
        "state": "shown",
        "package": "snmp",
        "pending_before": 1,
        "pending_changes": 1,
        "operations": [],
        "http_sessions": [
            request("GET", "/api/config/system/activate-changes-as-startup"),
            request("GET", "/api/status/rest-api"),
            request("PUT", "/api/diff", request_bytes=Positive()),
        ],
    }
    return [
        Sample(lantime_changes, {"state": "committed"}, committed, change_contact),
        Sample(lantime_changes, {"package": "snmp", "http_log": True}, shown, change_contact),
        *(Sample(lantime_changes, {}, {"diff": diff}, prepare) for prepare, diff in _forms_of_differences()),
        recovered(lantime_changes, {"state": "rolled_back"}),
        Sample(
            lantime_changes, {"state": "confirmed", **JOURNALS}, {"confirm": confirm("confirmed")}, leave_unconfirmed
        ),
        busy(lantime_changes, {}),
    ]


def _forms_of_differences() -> list[tuple[Prepare, Tree]]:
    def use(form: str) -> Prepare:
        def prepare(bench: Bench) -> None:
            bench.device.set_dialect(diff_result=form)
            change_contact(bench)

        return prepare

    line = "snmp/contact: operations -> unsaved"
    objects = [{"path": "snmp/contact", "old": "operations", "new": "unsaved"}]
    return [
        (use("lines"), {"form": "lines", "lines": [line]}),
        (use("objects"), {"form": "objects", "objects": objects}),
        (use("count"), {"form": "count", "count": 1}),
    ]


SAVE_ALL: Tree = {"command": "write", "parameters": {"package": "all"}}


def lose_answer(bench: Bench) -> None:
    change_contact(bench)
    bench.device.add_fault("close-after-effect", method="PUT")


def command_samples() -> list[Sample]:
    condition: Tree = {"tree": "config", "path": "ntp/local-clock/stratum", "compare": "equals", "value": 12}
    saved: Tree = {
        "changed": True,
        "command": "write",
        "answer": {"object-id": "write"},
        "answer_truncated": False,
        "waited": [{"condition": condition, "value": 12, "met": True, "attempts": 1}],
        "pending_changes": 0,
        "operations": [command("write", "device", 1, 0)],
        "device": M600,
        "http_sessions": [
            request("GET", "/api/status/rest-api"),
            request("PUT", "/api/write", request_bytes=Positive()),
            request("GET", "/api/config/ntp/local-clock/stratum"),
            request("GET", "/api/status/rest-api"),
        ],
    }
    options: Tree = {"command": "write", "parameters": {"package": "all"}, "wait_for": [condition], "http_log": True}
    lost: Tree = {
        "changed": True,
        "saved": None,
        "pending_changes": 0,
        "operations": [command("write", "device", 1, 0, "failed")],
        "error": {"code": "state_unknown", "path": "/api/write"},
    }
    return [
        Sample(lantime_command, options, saved, change_contact),
        Sample(lantime_command, SAVE_ALL, lost, lose_answer),
        Sample(lantime_command, SAVE_ALL, {"saved": False, "error": {"code": "rejected"}}, refuse_write),
        recovered(lantime_command, SAVE_ALL),
        busy(lantime_command, {"command": "write"}),
    ]


def _described(path: str, kind: str, **members: t.Any) -> Tree:
    other: Tree = {
        "elements": None,
        "can_grow": None,
        "object_ids": [],
        "read_only": None,
        "refused": [],
        "examples": [],
    }
    return {"path": path, "type": kind, "secret": False, "all_examples": True, **other, **members}


def _refusal(menu: str, after: Tree, message: str) -> Tree:
    """The result of a change of one setting that a device refused."""
    return {
        "error": {"code": "rejected", "path": f"/api/config/{menu}/{next(iter(after))}", "device_message": message},
        "operations": [{"action": "set", "path": menu, "after": after, "state": "failed"}],
    }


def _schema_sample(path: str, schema: list[Tree], refusals: t.Sequence[Tree] = ()) -> Sample:
    options: Tree = {"path": path, "schema": True, "refusals": list(refusals)}
    return Sample(lantime_config_info, options, {"schema": schema})


def config_info_samples() -> list[Sample]:
    location: Tree = {
        "changed": False,
        "path": "snmp/location",
        "value": "rack 1",
        "config": {"snmp": {"location": "rack 1"}},
        "pending_changes": 1,
        "device": M600,
        "http_sessions": [request("GET", "/api/config/snmp/location")],
    }
    version = {"rest-api": {"api-version": "20.07.002"}}
    systems = "chassis0/slots/clk1/module/gnss/systems"
    return [
        _schema_sample(systems, [_described(systems, "list", elements="str", examples=["gps", "glonass"])]),
        _schema_sample(
            "ntp/broadcast",
            [
                _described("ntp/broadcast", "table", can_grow=False, object_ids=["vif0", "vif1"]),
                _described("ntp/broadcast/*/address", "str", examples=[""]),
                _described("ntp/broadcast/*/autokey", "bool", examples=[False]),
                _described("ntp/broadcast/*/interval", "int", refused=[99], examples=[0]),
                _described("ntp/broadcast/*/key", "int", read_only=True, examples=[0]),
            ],
            [
                _refusal("ntp/broadcast/vif0", {"interval": 99}, "interval: 0..17"),
                _refusal("ntp/broadcast/vif0", {"key": 3}, "ntp/broadcast/vif0/key is read-only"),
            ],
        ),
        Sample(lantime_config_info, {"path": "snmp/location", "http_log": True}, location, change_contact),
        Sample(lantime_config_info, {"path": "rest-api", "tree": "status"}, {"status": version}),
        Sample(lantime_config_info, {"path": "snmp/nothing"}, {"error": UNKNOWN_PATH}),
        busy(lantime_config_info, {"path": "snmp"}),
    ]


def _module_in_trouble() -> Sample:
    def degrade(bench: Bench) -> None:
        bench.device.raise_incident("module-fault", slot="esi1")

    place: Tree = {"subject": "esi1/in1", "slot": "esi1", "family": "ESI", "object": "in1"}
    finding: Tree = {**place, "value": "ql-dnu", "limit": "ql-ssu-a", "certainty": "ASSUMPTION"}
    expected: Tree = {"checks": [{"name": "module_inputs", "findings": [place, place, finding]}]}
    return Sample(lantime_health, {"fail_on": "never", "include": ["module_inputs"]}, expected, degrade, "ims")


def health_samples() -> list[Sample]:
    def lose_antenna(bench: Bench) -> None:
        bench.device.raise_incident("antenna-fault")

    antenna: Tree = {
        "name": "antenna",
        "state": "critical",
        "value": "antenna-faulty",
        "limit": None,
        "unit": None,
        "subject": None,
        "since": TIME,
        "message": "An antenna is faulty; also the antenna of clk1 is not connected.",
        "remedy": "Check antenna, cable, connectors and surge arrester.",
    }
    finding: Tree = {
        "state": "critical",
        "message": "An antenna is faulty.",
        "value": "antenna-faulty",
        "subject": None,
        "certainty": "CONFIRMED",
        "since": TIME,
    }
    antenna["findings"] = [finding, {"subject": "clk1", "message": "The antenna of clk1 is not connected."}]
    satellites: Tree = {"name": "satellites", "value": 0, "limit": 4, "subject": "clk1"}
    memory: Tree = {"name": "memory", "state": "ok", "value": 70, "limit": 10, "unit": "%", "remedy": None}
    counts = {"ok": 1, "info": 0, "warning": 0, "error": 0, "critical": 2, "skipped": 0, "unknown": 0}
    ill: Tree = {
        "healthy": False,
        "worse": ["satellites"],
        "worst": "critical",
        "profile": "power",
        "checks": [antenna, satellites, memory],
        "counts": counts,
        "waited_seconds": 0.0,
        "device": {"model": "M3000", "serial_number": "003264293772", "hostname": "ims"},
        "ansible_facts": {"ansible_net_model": "M3000"},
        "http_sessions": [request("GET", "/api/status")],
    }
    options: Tree = {
        "fail_on": "never",
        "gather_subset": ["min"],
        "include": ["antenna", "satellites", "memory"],
        "profile": "power",
        "no_worse_than": {"checks": [{"name": "antenna", "state": "critical", "findings": []}]},
    }
    return [
        Sample(lantime_health, {**options, "http_log": True}, ill, lose_antenna, "ims"),
        Sample(
            lantime_health,
            {"include": ["antenna"], "gather_subset": ["min"]},
            {"error": {"code": "unhealthy"}, "ansible_facts": {"ansible_net_model": "M3000"}},
            lose_antenna,
            "ims",
        ),
        _module_in_trouble(),
        busy(lantime_health, {}),
    ]


def probe_samples() -> list[Sample]:
    def written(number: int, value: str) -> Tree:
        return operation(number, "notification/email", {"to": ""}, {"to": value}, "succeeded")

    learned: Tree = {
        "changed": False,
        "saved": False,
        "restored": True,
        "dialect": {"padding": "none", "config_root": "config", "set_target": "object", "set_body": "named"},
        "operations": [written(1, "lantime-probe"), written(2, "lantime-probe-2"), written(3, "")],
        "config_root": "config",
        "device": M600,
        "requests": 20,
    }
    finding: Tree = {
        "id": "O10",
        "key": "anonymous",
        "value": "no",
        "evidence": Matching("a GET without credentials .*"),
        "mark": "observed",
    }
    options: Tree = {"writable_path": "notification/email/to"}
    return [
        Sample(lantime_probe, options, learned),
        Sample(lantime_probe, {"anonymous": True}, {"findings": Containing(finding)}),
        recovered(lantime_probe, options),
        busy(lantime_probe, {}),
    ]


def record_samples() -> list[Sample]:
    replaced: Tree = {
        "address": 6,
        "certificate": 0,
        "contact": 1,
        "description": 2,
        "free_text": 0,
        "host_name": 1,
        "mac_address": 2,
        "position": 7,
        "secret": 0,
        "serial_number": 2,
        "user": 1,
    }
    expected: Tree = {
        "changed": True,
        "anonymized": True,
        "recording_path": Matching(".*recording.json"),
        "replaced": replaced,
        "requests": 12,
        "config_root": "config",
        "device": M600,
        "pending_changes": 0,
    }
    options: Tree = {"dest": lambda bench: bench.path("recording.json")}
    return [Sample(lantime_record, options, expected), busy(lantime_record, options)]


def facts_samples() -> list[Sample]:
    """What return_documents.py does not show."""
    facts: Tree = {
        "ansible_net_gather_network_resources": [],
        "ansible_lantime": {"config": {"snmp": {"contact": "operations"}}},
    }
    return [Sample(lantime_facts, {"gather_subset": ["config"]}, {"ansible_facts": facts}), busy(lantime_facts, {})]


def module_info_samples() -> list[Sample]:
    expected: Tree = {"changed": False, "device": M600}
    return [Sample(lantime_module_info, {"slots": ["clk*"]}, expected), busy(lantime_module_info, {})]


# -- modules of the controller


def report_samples() -> list[Sample]:
    counts = {"hosts": 8, "clean": 3, "checked": 0, "drift": 2, "not_checked": 1, "failed": 1, "unreachable": 1}
    done: Tree = {
        "changed": False,
        "written": ["json"],
        "reports": {"json": Matching(".*/nightly.json")},
        "outcome": "unreachable",
        "summary": {**counts, "unhealthy": 2, "incomplete": 1},
        "exit_code": 4,
        "states": {"ts-core": "clean", "ts-west": "drift", "ts-north": "unreachable"},
    }
    options: Tree = {
        "hosts": made.eight(),
        "expected": ["ts-spare"],
        "dest": "reports",
        "basename": "nightly",
        "formats": ["json"],
    }
    error = {"code": "option", "hint": "set the directory with dest"}
    counted = {"hosts": 6, "broken": 0, "missing": 1, "changed": 3, "empty": 2, "timing": 1}
    reviewed: Tree = {
        "changed": False,
        "plans": counted,
        "exit_code": 2,
        "states": {"ts3": "changes", "ts6": "missing"},
    }
    return [
        Sample(lantime_report, options, done),
        Sample(
            lantime_report,
            {"plans": "plans", "expected": ["ts6"], "dest": "reports"},
            reviewed,
            lambda bench: plan_records.write(Path(bench.path("plans")), plan_records.fleet()),
        ),
        Sample(lantime_report, {**options, "basename": "a/b"}, {"changed": False, "error": error}),
    ]


def verdict_samples() -> list[Sample]:
    drift = {"state": "drift", "differences": [{"path": "snmp/contact", "class": "security"}]}
    expected: Tree = {"verdict": "drift", "msg": "1 setting differs: snmp/contact", "changed": False}
    return [Sample(lantime_verdict, {"record": {"drift": drift}}, expected)]
