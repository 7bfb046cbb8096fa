# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Return values of lantime_config and lantime_backup."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_config,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.missing import ABSENT_REASON
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.backup_options import (
    add_trap,
    add_unknown_setting,
    back_up,
    restore_base,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.config_options import (
    PLAN_DEST,
    PLAN_SRC,
    change_after_plan,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import Bench, Prepare, Tree
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import (
    M600,
    REFUSED,
    TIME,
    Matching,
    Positive,
    Sample,
    change_location,
    confirm,
    contact,
    operation,
    refuse_menu,
    refuse_rollback,
    refuse_write,
    request,
    stratum,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    config_base,
    ignore_stratum,
    interrupt_task,
)


def of_writing(
    base: t.Callable[[Tree], Tree], module: t.Any, first: t.Callable[[Prepare | None], t.Any]
) -> list[Sample]:
    """The return values that lantime_config and lantime_backup share."""
    done: Tree = {
        "changed": True,
        "operations": [contact("succeeded"), stratum("succeeded")],
        "config_root": "config",
        "saved": True,
        "saved_packages": ["snmp", "ntp"],
        "pending_changes": 0,
        "autosave": "no",
        "device": M600,
        "also_changed": ["snmp/location"],
        "backup_path": Matching(".*/safe.json"),
    }
    stopped: Tree = {
        "changed": False,
        "operations": [contact("rolled_back"), stratum("rolled_back")],
        "saved": False,
        "remaining": [{"path": "ntp/local-clock/stratum", "wanted": 5, "shown": 12}],
        "rollback": {"state": "rolled_back", "remaining": []},
    }
    failed: Tree = {
        "changed": True,
        "rollback": {
            "state": "rollback_failed",
            "remaining": [{"path": "snmp/contact", "wanted": "operations", "shown": "noc"}],
        },
    }
    recovery: Tree = {
        "id": Matching("[0-9a-f]{32}"),
        "phase": "writing",
        "verdict": "applied_unsaved",
        "action": "resumed",
        "foreign": [],
    }
    refused: Tree = {
        "operations": [contact("failed"), stratum("skipped")],
        "rollback": {"state": "not_needed", "remaining": []},
        "error": REFUSED,
    }
    window: Tree = {"health_gate": "sync", "confirm_window": 0.1}
    backup: Tree = {"backup": True, "backup_options": {"filename": "safe.json", "dir_path": "kept"}}
    return [
        Sample(module, base({**backup, "restrict": ["snmp", "ntp"]}), done, first(change_location)),
        Sample(module, base({"verify_grace": 0}), stopped, first(ignore_stratum)),
        Sample(module, base({"verify_grace": 0}), failed, first(refuse_rollback)),
        Sample(module, base({}), refused, first(refuse_write)),
        Sample(module, base({}), {"recovery": recovery}, first(interrupt_task)),
        Sample(module, base(window), {"confirm": confirm("confirmed")}, first(None)),
        Sample(module, base({**window, "confirm_later": True}), {"confirm": {"until": TIME}}, first(None)),
    ]


def config_samples() -> list[Sample]:
    several: Tree = {"config": {"snmp": {"contact": "noc", "location": "x", "read-community": "canary"}}}
    learned: Tree = {
        "learned": {"set_target": "object"},
        "sections": ["snmp"],
        "secrets_kept": ["snmp/read-community"],
        "http_sessions": [
            request("GET", "/api/config/snmp"),
            request("GET", "/api/config/snmp"),
            request("PUT", "/api/config/snmp", 400, request_bytes=Positive()),
            request("GET", "/api/config/snmp"),
            request("PUT", "/api/config/snmp/contact", request_bytes=Positive()),
            request("PUT", "/api/config/snmp/location", request_bytes=Positive()),
            request("GET", "/api/config/snmp"),
            request("PUT", "/api/write", request_bytes=Positive()),
            request("GET", "/api/config/snmp"),
        ],
    }
    trap = {"trap-receivers": {"1": {"address": "192.0.2.1", "community": "********"}}}
    needing: Tree = {"missing": "create", "config": {"notification": {"snmp": trap}}}
    path = "notification/snmp/trap-receivers/1"
    needed: Tree = {
        "problems": [{"code": "secret_needed", "path": f"{path}/community", "message": Matching("the device does .*")}],
        "predicted": {
            "operations": [operation(1, path, None, {"address": "192.0.2.1"}, "waiting", "create")],
            "sections": ["notification"],
            "secrets_kept": [],
            "not_applicable": [],
        },
    }
    absent: Tree = {"missing": "ignore", "config": {"ntp": {"nts": {"port": 4460}}}}
    return [
        *of_writing(config_base, lantime_config, lambda prepare: prepare),
        Sample(lantime_config, config_base({**several, "http_log": True}), learned, refuse_menu),
        Sample(lantime_config, config_base(needing), needed),
        Sample(lantime_config, config_base(absent), {"not_applicable": [{"path": "ntp/nts", "reason": ABSENT_REASON}]}),
        _rules_sample(),
        *_plan_samples(),
    ]


def _plan_samples() -> list[Sample]:
    difference: Tree = {
        "kind": "operation",
        "path": "snmp",
        "reviewed": {"action": "set", "before": {"contact": "operations"}, "after": {}},
        "current": {"action": "set", "before": {"contact": "elsewhere"}, "after": {}},
    }
    return [
        Sample(lantime_config, config_base(PLAN_DEST), {"plan_path": Matching(".*/plans/a.plan.json")}),
        Sample(lantime_config, config_base(PLAN_SRC), {"plan_difference": [difference]}, change_after_plan),
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
    expected: Tree = {
        "operations": [{"path": "chassis0/slots/io1/module/ptp/network", "impact": "timing"}],
        "not_applicable": [{"rule": 1, "conditions": "families GRC", "reason": "the device has no such module"}],
        "modules_resolved": [
            {"rule": 2, "config": first, "replaced": [], **resolved},
            {
                "rule": 3,
                "config": second,
                "replaced": ["chassis0/slots/io1/module/ptp/network/dscp"],
                **resolved,
            },
        ],
    }
    return Sample(lantime_config, config_base({"modules": rules, "config": {}}), expected, device="ims")


def backup_samples() -> list[Sample]:
    both = restore_base({"missing": "ignore", "skip_items_with_secrets": True, "http_log": True})
    not_contained = [Matching("secrets, .*"), "certificates and private keys", Matching("users and .*")]

    def edit(config: Tree) -> None:
        add_trap(config)
        add_unknown_setting(config)
        config["snmp"]["v3"]["auth-passphrase"] = "canary"

    restored: Tree = {
        "path": Matching(".*/backup.json"),
        "sha256": Matching("[0-9a-f]{64}"),
        "created": TIME,
        "not_contained": not_contained,
        "sections": ["snmp", "ntp", "notification"],
        "secrets_kept": ["snmp/read-community", "snmp/write-community"],
        "secrets_missing": ["snmp/v3/auth-passphrase"],
        "ignored": ["snmp/of-another-firmware"],
        "skipped_items": ["notification/snmp/trap-receivers/0"],
    }
    saved: Tree = {
        "changed": True,
        "path": Matching(".*/saved.json"),
        "sha256": Matching("[0-9a-f]{64}"),
        "created": TIME,
        "pending_changes": 0,
        "device": M600,
        "http_sessions": [request("GET", "/api/config")],
    }
    trap = "notification/snmp/trap-receivers/0/community"
    needed: Tree = {"problems": [{"code": "secret_needed", "path": trap, "message": Matching("the device does .*")}]}
    # A restore gives the names of secrets before it plans, so that nothing is predicted.
    return [
        *of_writing(restore_base, lantime_backup, lambda prepare: back_up(after=prepare)),
        Sample(lantime_backup, both, restored, back_up(edit)),
        Sample(lantime_backup, {"path": lambda bench: bench.path("saved.json"), "http_log": True}, saved),
        Sample(lantime_backup, restore_base({}), needed, back_up(add_trap)),
        Sample(lantime_backup, restore_base({}), {"learned": {"set_target": "object"}}, two_in_one_menu),
    ]


def two_in_one_menu(bench: Bench) -> None:
    def edit(config: Tree) -> None:
        config["snmp"]["location"] = "hall 3"

    back_up(edit)(bench)
    refuse_menu(bench)
