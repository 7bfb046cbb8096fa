# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_drift, and samples of its return values."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_drift
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.config_options import add_servers
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
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
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import (
    M600,
    Matching,
    Sample,
    busy,
    request,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    CONTACT,
    JOURNALS,
    SERVERS,
    add_list,
    interrupt_task,
)

STRATUM = "ntp/local-clock/stratum"
COMMUNITY = "snmp/read-community"
DSCP = "chassis0/slots/{}/module/ptp/network/dscp"


def drift_base(**options: t.Any) -> Tree:
    return {"config": {"snmp": {"contact": "noc"}}, **JOURNALS, **options}


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(drift_base(**given), drift_base(**otherwise), see, expected, prepare)]


def see_paths(seen: Observation) -> t.Any:
    return [each["path"] for each in seen.result.get("drift", ())]


def see_accepted(seen: Observation) -> t.Any:
    return [each["path"] for each in seen.result["accepted"]]


def see_after(seen: Observation) -> t.Any:
    return [each["after"] for each in seen.result["drift"]]


def see_facts(seen: Observation) -> t.Any:
    return sorted(seen.result["entry"].get("facts", {}).get("ansible_lantime", ()))


def drift_effects() -> Effects:
    return {**_values(), **_states(), **_rules(), **_reports()}


def _values() -> Effects:
    listed: Tree = {"config": {"snmp": {"list": ["b", "a"]}}}
    two: Tree = {"config": {"snmp": {"contact": "noc", "location": "elsewhere"}}}
    unknown: Tree = {"config": {"snmp": {"retries": 3}, "ntp": {"nts": {"port": 4460}}}}
    whole: Tree = {"compare": False, "gather_subset": []}
    return {
        "config": _pair({"config": {"snmp": {"location": "x"}}}, {}, see_paths, ["snmp/location"]),
        "ignore_paths": _pair({**two, "ignore_paths": [CONTACT]}, two, see_paths, ["snmp/location"]),
        "unordered_lists": _pair(
            {**listed, "unordered_lists": ["snmp/list"]}, listed, see_paths, [], add_list("a", "b")
        ),
        "secrets": _pair({"secrets": [CONTACT]}, {}, see_after, ["********"]),
        "optional_paths": _pair({**unknown, "optional_paths": ["ntp/nts"]}, unknown, see_code, None),
        "config_root": _pair({**whole, "config_root": "cfg"}, whole, see_requests, ["GET /api/cfg"]),
        "compare=True": _pair({"compare": True}, {"compare": False}, see_member("verdict"), "drift"),
        "compare=False": _pair({"compare": False}, {}, see_requests, ["GET /api/status", "GET /api/config"]),
    }


def _states() -> Effects:
    servers: Tree = {"ntp": {"external-servers": {"8": {"address": "192.0.2.8"}}}}
    merged, overridden, deleted = ({"config": servers, "state": state} for state in ("merged", "overridden", "deleted"))
    new: Tree = {"ntp": {"external-servers": {"7": {"address": "192.0.2.7"}}}}
    added: Tree = {"snmp": {"new-name": 1}}
    eighth, ninth = f"{SERVERS}/8", f"{SERVERS}/9"
    return {
        "state=merged": _pair(merged, overridden, see_paths, [], add_servers),
        "state=overridden": _pair(overridden, merged, see_paths, [ninth], add_servers),
        "state=deleted": _pair(deleted, merged, see_paths, [eighth], add_servers),
        "missing=items": _pair({"config": new}, {"config": new, "missing": "fail"}, see_paths, [f"{SERVERS}/7"]),
        "missing=create": _pair(
            {"config": added, "missing": "create"}, {"config": added}, see_paths, ["snmp/new-name"]
        ),
        "missing=fail": _pair({"config": new, "missing": "fail"}, {"config": new}, see_code, "unknown_name"),
        "missing=ignore": _pair({"config": new, "missing": "ignore"}, {"config": new}, see_code, "not_compared"),
    }


def _rule(number: int, **more: t.Any) -> Tree:
    return {"slots": ["io?"], "config": {"module": {"ptp": {"network": {"dscp": number}}}}, "firmware": ">=7", **more}


def _rule_effect(given: list[Tree], otherwise: list[Tree], see: See, expected: t.Any) -> list[Effect]:
    first, second = (drift_base(modules=rules, config={}, missing="ignore") for rules in (given, otherwise))
    return [Effect(first, second, see, expected, device="ims")]


def _rules() -> Effects:
    both, other = [_rule(9)], _rule(8, slots=["io1"])
    replacing, contrary = [*both, {**other, "override": True}], [*both, {**other, "override": False}]
    absent = _rule(9, families=["GRC"])
    required, optional = [{**absent, "when_absent": "fail"}], [*both, {**absent, "when_absent": "ignore"}]
    first, second = DSCP.format("io1"), DSCP.format("io2")
    return {
        "modules.families": _rule_effect([_rule(9, families=["hps"])], both, see_paths, [first]),
        "modules.models": _rule_effect([_rule(9, models=["psx*"])], both, see_paths, [second]),
        "modules.slots": _rule_effect([_rule(9, slots=["io1"])], both, see_paths, [first]),
        "modules.firmware": _rule_effect([_rule(9), _rule(8, firmware=">8")], [_rule(9), _rule(8)], see_code, "drift"),
        "modules.config": _rule_effect(both, [_rule(7)], see_after, [9, 9]),
        "modules.override=True": _rule_effect(replacing, both, see_after, [8, 9]),
        "modules.override=False": _rule_effect(contrary, replacing, see_code, "rule_conflict"),
        "modules.when_absent=fail": _rule_effect(required, optional, see_code, "module_absent"),
        "modules.when_absent=ignore": _rule_effect(optional, required, see_code, "drift"),
    }


def _reports() -> Effects:
    until: Tree = {"path": CONTACT, "until": "2026-07-01", "reason": "trial"}
    on_ts1: Tree = {"accepted": [{**until, "host": "ts1"}], "today": "2026-07-01"}
    security: Tree = {"config": {"snmp": {"retries": 5}}}
    return {
        "accepted": _pair({"accepted": [until], "today": "2026-07-01"}, {}, see_accepted, [CONTACT]),
        "today": _pair(
            {"accepted": [until], "today": "2026-07-01"},
            {"accepted": [until], "today": "2026-07-02"},
            see_code,
            None,
        ),
        "group": _pair({"group": "berlin"}, {}, see_member("entry", "group"), "berlin"),
        "inventory_name": _pair({**on_ts1, "inventory_name": "ts1"}, on_ts1, see_code, None),
        "gather_subset": _pair({"gather_subset": ["ntp"]}, {}, see_facts, ["min", "ntp"]),
        "fail_on=drift": _pair({"fail_on": "drift"}, {"fail_on": "security"}, see_code, "drift"),
        "fail_on=security": [
            *_pair({"fail_on": "security"}, {"fail_on": "drift"}, see_code, None),
            *_pair({**security, "fail_on": "security"}, {**security, "fail_on": "never"}, see_code, "drift"),
        ],
        "fail_on=never": _pair({"fail_on": "never"}, {"fail_on": "drift"}, see_code, None),
        "journal_path": _pair(
            {}, {"journal_path": lambda bench: bench.path("none")}, see_code, "interrupted", interrupt_task
        ),
    }


# -- return values


def drift_samples() -> list[Sample]:
    contact = _difference(CONTACT, "operations", "noc")
    stratum = _difference(STRATUM, 12, 5, section="ntp", severity="error")
    valid, ended = {"until": "2027-06-30", "reason": "CHG-1"}, {"until": "2026-06-30", "reason": "CHG-2"}
    config = {
        "snmp": {"contact": "noc", "read-community": "canary"},
        "ntp": {"local-clock": {"stratum": 5}, "nts": {"port": 1}},
    }
    options = drift_base(
        config=config,
        optional_paths=["ntp/nts"],
        accepted=[{"path": CONTACT, **ended}, {"path": STRATUM, **valid}],
        today="2026-07-01",
        inventory_name="ts1",
        group="berlin",
        gather_subset=["min"],
        http_log=True,
    )
    absent = {"path": "ntp/nts", "reason": "the device does not have this, and optional_paths names it"}
    expected: Tree = {
        "changed": False,
        "verdict": "drift",
        "drift": [{**contact, "expired": ended}],
        "accepted": [{**stratum, "accepted": valid}],
        "not_compared": [absent, {"path": COMMUNITY, "reason": "a secret cannot be read"}],
        "not_applicable": [absent],
        "device": M600,
        "error": {"code": "drift", "hint": Matching("correct the device or .*")},
        "entry": {
            "host": "ts1",
            "facts": {"ansible_net_model": "M600"},
            "group": "berlin",
            "drift": {"mode": "golden", "state": "drift"},
            "error": None,
        },
        "http_sessions": [request("GET", f"/api/{path}") for path in ("status", "config/snmp", "config/ntp")],
    }
    read: Tree = {"value": {"snmp": {"contact": "operations"}}, "entry": {"host": Matching("127[.].*")}, "device": M600}
    reason: Tree = {"kind": "not_checked", "code": "interrupted", "message": Matching("an interrupted task left .*")}
    interrupted: Tree = {"verdict": "not_checked", "drift": [], "entry": {"error": reason}}
    return [
        Sample(lantime_drift, options, expected),
        Sample(lantime_drift, drift_base(compare=False), read),
        Sample(lantime_drift, drift_base(), interrupted, interrupt_task),
        _rules_sample(),
        _new_item_sample(),
        busy(lantime_drift, drift_base()),
    ]


def _rules_sample() -> Sample:
    first, second = ({"module": {"ptp": {"network": {"dscp": number}}}} for number in (9, 8))
    rules = [
        {"families": ["GRC"], "config": first},
        {"slots": ["io1"], "config": first},
        {"slots": ["io1"], "config": second, "override": True},
    ]
    fitted: Tree = {"path": "chassis0/slots/io1", "family": "HPS", "model": "hps100"}
    resolved: Tree = {"conditions": "slots io1", "modules": [fitted]}
    absent = {"rule": 1, "conditions": "families GRC", "reason": "the device has no such module"}
    expected: Tree = {
        "drift": [{"path": DSCP.format("io1"), "before": 0, "after": 8}],
        "not_applicable": [absent],
        "modules_resolved": [
            {"rule": 2, "config": first, "replaced": [], **resolved},
            {"rule": 3, "config": second, "replaced": [DSCP.format("io1")], **resolved},
        ],
    }
    return Sample(lantime_drift, drift_base(modules=rules, config={}), expected, device="ims")


def _new_item_sample() -> Sample:
    """An item with a masked secret cannot be created, which is no failure of the comparison."""
    path = "notification/snmp/trap-receivers/1"
    trap = {"trap-receivers": {"1": {"address": "192.0.2.1", "community": "********"}}}
    options = drift_base(missing="create", config={"notification": {"snmp": trap}})
    added = _difference(path, None, {"address": "192.0.2.1"}, section="notification", op="add")
    expected: Tree = {
        "drift": [{**added, "class": "security", "severity": "error"}],
        "not_compared": [{"path": f"{path}/community", "reason": "a secret cannot be read"}],
    }
    return Sample(lantime_drift, options, expected)


def _difference(path: str, before: t.Any, after: t.Any, **more: t.Any) -> Tree:
    return {
        "section": "snmp",
        "path": path,
        "op": "replace",
        "before": before,
        "after": after,
        "class": "config",
        "severity": "note",
        "accepted": None,
        "expired": None,
        **more,
    }
