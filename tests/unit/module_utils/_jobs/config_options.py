# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_config."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    See,
    Tree,
    see_changed,
    see_code,
    see_setting,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    CONTACT,
    SERVERS,
    WritingEffects,
    add_list,
    config_base,
)

COMMUNITY = "snmp/read-community"
PLAN_DEST: Tree = {"plan_dest": lambda bench: bench.path("plans", "a.plan.json")}
PLAN_SRC: Tree = {"plan_src": PLAN_DEST["plan_dest"]}
DSCP = "chassis0/slots/{}/module/ptp/network/dscp"


def config_effects() -> Effects:
    shared = WritingEffects(config_base, lambda prepare: prepare, verifying=5)
    return {**shared.effects(), **_values(), **_states(), **_secrets(), **_rules(), **_plans()}


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(config_base(given), config_base(otherwise), see, expected, prepare)]


def add_servers(bench: Bench) -> None:
    for number in ("8", "9"):
        bench.device.change(f"{SERVERS}/{number}", {"address": f"192.0.2.{number}"})


def write_secret(value: str) -> Prepare:
    def prepare(bench: Bench) -> None:
        options = {"config": {"snmp": {"read-community": value}}, "update_secrets": "on_change"}
        assert bench.run(lantime_config, config_base(options)).code is None

    return prepare


def change_after_plan(bench: Bench) -> None:
    """A plan is written, and another client changes what it changes."""
    assert bench.run(lantime_config, config_base(PLAN_DEST), check=True).code is None
    bench.device.change(CONTACT, "elsewhere")


def see_servers(seen: Observation) -> t.Any:
    return [item["object-id"] for item in seen.setting(SERVERS)]


def see_contact_operation(seen: Observation) -> t.Any:
    return [entry["after"]["contact"] for entry in seen.result["operations"] if "contact" in entry["after"]]


def _values() -> Effects:
    listed: Tree = {"config": {"snmp": {"list": ["b", "a"]}}}
    unordered = {**listed, "unordered_lists": ["snmp/list"]}
    return {
        "config": _pair({"config": {"snmp": {"contact": "other"}}}, {}, see_setting(CONTACT), "other"),
        "unordered_lists": [
            Effect(config_base(unordered), config_base(listed), see_changed, False, add_list("a", "b"), check=True)
        ],
    }


def _states() -> Effects:
    servers: Tree = {"ntp": {"external-servers": {"8": {"address": "192.0.2.8"}}}}
    merged, overridden, deleted = ({"config": servers, "state": state} for state in ("merged", "overridden", "deleted"))
    new: Tree = {"ntp": {"external-servers": {"7": {"address": "192.0.2.7"}}}}
    items, create, fail, ignore = (
        {"config": new, "missing": choice} for choice in ("items", "create", "fail", "ignore")
    )
    unknown: Tree = {"config": {"ntp": {"nts": {"port": 4460}}}}
    return {
        "state=merged": _pair(merged, overridden, see_servers, ["8", "9"], add_servers),
        "state=overridden": _pair(overridden, merged, see_servers, ["8"], add_servers),
        "state=deleted": _pair(deleted, merged, see_servers, ["9"], add_servers),
        "missing=items": _pair(items, fail, see_servers, ["7"]),
        "missing=create": _pair(create, fail, see_servers, ["7"]),
        "missing=fail": _pair(fail, create, see_code, "unknown_name"),
        "missing=ignore": _pair(ignore, items, see_servers, []),
        "optional_paths": _pair({**unknown, "optional_paths": ["ntp/nts"]}, unknown, see_code, None),
    }


def _secrets() -> Effects:
    on_create, always, on_change = (
        {"config": {"snmp": {"read-community": "canary"}}, "update_secrets": choice}
        for choice in ("on_create", "always", "on_change")
    )
    written, same, other = see_setting(COMMUNITY), write_secret("canary"), write_secret("first")
    return {
        "secrets": _pair({"secrets": [CONTACT]}, {}, see_contact_operation, ["********"]),
        "update_secrets=on_create": _pair(on_create, always, written, "simulated-read"),
        "update_secrets=always": [
            *_pair(always, on_create, written, "canary"),
            *_pair(always, on_change, see_changed, True, same),
        ],
        "update_secrets=on_change": [
            *_pair(on_change, on_create, written, "canary", other),
            *_pair(on_change, always, see_changed, False, same),
        ],
    }


def see_dscp(seen: Observation) -> t.Any:
    """The setting that the rules below change, in both slots with a PTP card."""
    return [seen.setting(DSCP.format(slot)) for slot in ("io1", "io2")]


def _rule(number: int, **more: t.Any) -> Tree:
    return {"slots": ["io?"], "config": {"module": {"ptp": {"network": {"dscp": number}}}}, "firmware": ">=7", **more}


def _rule_effect(given: list[Tree], otherwise: list[Tree], see: See, expected: t.Any) -> list[Effect]:
    first, second = (config_base({"modules": rules, "config": {}, "missing": "ignore"}) for rules in (given, otherwise))
    return [Effect(first, second, see, expected, device="ims")]


def _rules() -> Effects:
    both, other = [_rule(9)], _rule(8, slots=["io1"])
    replacing, contrary = [*both, {**other, "override": True}], [*both, {**other, "override": False}]
    absent = _rule(9, families=["GRC"])
    required, optional = [{**absent, "when_absent": "fail"}], [{**absent, "when_absent": "ignore"}]
    return {
        "modules.families": _rule_effect([_rule(9, families=["hps"])], both, see_dscp, [9, 0]),
        "modules.models": _rule_effect([_rule(9, models=["psx*"])], both, see_dscp, [0, 9]),
        "modules.slots": _rule_effect([_rule(9, slots=["io1"])], both, see_dscp, [9, 0]),
        "modules.firmware": _rule_effect([_rule(9, firmware=">8")], both, see_dscp, [0, 0]),
        "modules.config": _rule_effect(both, [_rule(7)], see_dscp, [9, 9]),
        "modules.override=True": _rule_effect(replacing, both, see_dscp, [8, 9]),
        "modules.override=False": _rule_effect(contrary, replacing, see_code, "rule_conflict"),
        "modules.when_absent=fail": _rule_effect(required, optional, see_code, "module_absent"),
        "modules.when_absent=ignore": _rule_effect(optional, required, see_code, None),
    }


def _plans() -> Effects:
    named = {**PLAN_DEST, "plan_golden_files": ["base.yml", "m600.yml"]}

    def see_golden_files(seen: Observation) -> t.Any:
        return seen.document("plans/a.plan.json")["golden_files"]

    return {
        "plan_dest": _pair(PLAN_DEST, {}, lambda seen: "plans/a.plan.json" in seen.files(), True),
        "plan_src": _pair(PLAN_SRC, {}, see_code, "plan_changed", change_after_plan),
        "plan_golden_files": _pair(named, PLAN_DEST, see_golden_files, ["base.yml", "m600.yml"]),
    }
