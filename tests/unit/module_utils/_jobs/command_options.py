# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_command and lantime_changes."""

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
    see_changed,
    see_code,
    see_member,
    see_requests,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    JOURNALS,
    interrupt_probe,
    interrupt_window,
    leave_unconfirmed,
    see_saved,
)

CONTACT = "snmp/contact"


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(given, otherwise, see, expected, prepare)]


def change_foreign(bench: Bench) -> None:
    bench.device.change(CONTACT, "unsaved")


def see_write(seen: Observation) -> t.Any:
    return seen.bodies("/api/write")


def see_attempts(seen: Observation) -> t.Any:
    return seen.result["waited"][0]["attempts"]


# -- lantime_command

SAVE: Tree = {"command": "write", "parameters": {"package": "snmp"}}


def _condition(compare: str, value: t.Any = None, **more: t.Any) -> Tree:
    item = {"path": "ntp/local-clock/stratum", "tree": "config", "compare": compare, **more}
    return {**SAVE, "timeout": 0, "wait_for": [item if value is None else {**item, "value": value}]}


def command_effects() -> Effects:
    get = {"command": "status", "method": "GET"}
    put = {"command": "status", "method": "PUT"}
    always, never, pending = ({**SAVE, "changed_when": choice} for choice in ("always", "never", "pending"))
    return {
        "command": _pair(SAVE, {"command": "diff"}, see_write, [{"parameters": {"package": "snmp"}}]),
        "parameters": _pair(SAVE, {"command": "write"}, see_write, [{"parameters": {"package": "snmp"}}]),
        "method=GET": _pair(get, put, see_requests, ["GET /api/status/rest-api", "GET /api/status"]),
        "method=PUT": _pair(put, get, see_requests, ["GET /api/status/rest-api", "PUT /api/status"]),
        "changed_when=always": _pair(always, never, see_changed, True),
        "changed_when=never": _pair(never, always, see_changed, False),
        "changed_when=pending": [
            *_pair(pending, never, see_changed, True, change_foreign),
            *_pair(pending, always, see_changed, False),
        ],
        "config_root": _pair(
            {**_condition("exists"), "config_root": "cfg"},
            _condition("exists"),
            lambda seen: "GET /api/cfg/ntp/local-clock/stratum" in seen.requests,
            True,
        ),
        "journal_path": _pair(
            {**SAVE, **JOURNALS}, SAVE, see_member("recovery", "action"), "reverted", interrupt_probe
        ),
        **_of_conditions(),
    }


def _of_conditions() -> Effects:
    """A condition with code None is met; the stratum is 12."""

    def compare(name: str, met: t.Any, missed: t.Any, other: str | None = None) -> list[Effect]:
        otherwise = _condition(other or name, missed)
        return _pair(_condition(name, met), otherwise, see_code, None)

    uptime: Tree = {"path": "rest-api/api-version", "compare": "exists"}
    status, config = ({**SAVE, "timeout": 0, "wait_for": [{**uptime, "tree": tree}]} for tree in ("status", "config"))
    waiting = _condition("equals", 99)
    quick, slow = ({**waiting, "timeout": 0.3, "interval": interval} for interval in (0.05, 60))
    return {
        "wait_for.path": _pair(
            _condition("equals", 12), _condition("equals", 12, path="ntp/trust-time"), see_code, None
        ),
        "wait_for.tree=status": _pair(status, config, see_code, None),
        "wait_for.tree=config": _pair(_condition("exists"), _condition("exists", tree="status"), see_code, None),
        "wait_for.value": compare("equals", 12, 13),
        "wait_for.compare=equals": compare("equals", 12, 12, "not_equals"),
        "wait_for.compare=not_equals": compare("not_equals", 13, 13, "equals"),
        "wait_for.compare=matches": compare("matches", "2$", "2$", "equals"),
        "wait_for.compare=at_least": [*compare("at_least", 11, 11, "at_most"), *compare("at_least", 12, 13)],
        "wait_for.compare=at_most": [*compare("at_most", 13, 13, "at_least"), *compare("at_most", 12, 11)],
        "wait_for.compare=exists": _pair(_condition("exists"), _condition("absent"), see_code, None),
        "wait_for.compare=absent": _pair(
            _condition("absent", path="ntp/nothing"), _condition("exists", path="ntp/nothing"), see_code, None
        ),
        "timeout": _pair({**waiting, "interval": 0.05}, {**quick}, see_attempts, 1),
        "interval": _pair(slow, quick, see_attempts, 1),
    }


# -- lantime_changes


def see_packages(seen: Observation) -> t.Any:
    return [body["parameters"]["package"] for path in ("/api/write", "/api/read") for body in seen.bodies(path)]


def changes_effects() -> Effects:
    shown, committed, rolled_back = ({"state": choice} for choice in ("shown", "committed", "rolled_back"))
    snmp: Tree = {"state": "committed", "package": "snmp"}
    forced, unforced = ({"state": "committed", "force": choice} for choice in (True, False))
    saved: See = lambda seen: (seen.setting(CONTACT), seen.saved(CONTACT))  # noqa: E731
    prepare = change_foreign
    confirmed, reverted, refused = (
        {"state": "confirmed", "on_interrupted": choice, **JOURNALS} for choice in ("resume", "revert", "fail")
    )
    action = see_member("recovery", "action")
    return {
        "state=confirmed": _pair(
            confirmed, {**shown, **JOURNALS}, see_saved(CONTACT), "unconfirmed", leave_unconfirmed
        ),
        "on_interrupted=resume": _pair(confirmed, reverted, action, "resumed", interrupt_window),
        "on_interrupted=revert": _pair(reverted, confirmed, action, "reverted", interrupt_window),
        "on_interrupted=fail": _pair(refused, confirmed, see_code, "interrupted", interrupt_window),
        "state=shown": _pair(shown, committed, saved, ("unsaved", "operations"), prepare),
        "state=committed": _pair(committed, shown, saved, ("unsaved", "unsaved"), prepare),
        "state=rolled_back": _pair(rolled_back, shown, saved, ("operations", "operations"), prepare),
        "package": _pair(snmp, committed, see_packages, ["snmp"], prepare),
        "force=True": _pair(forced, unforced, see_packages, ["all"]),
        "force=False": _pair(unforced, forced, see_packages, []),
        "config_root": _pair(
            {"config_root": "cfg"},
            {},
            lambda seen: "GET /api/cfg/system/activate-changes-as-startup" in seen.requests,
            True,
        ),
        "journal_path": _pair(
            {**rolled_back, **JOURNALS}, rolled_back, see_member("recovery", "action"), "reverted", interrupt_probe
        ),
    }
