# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_poll, and samples of its return values. All hosts are the same device."""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._client.options import make_settings
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action import poll
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.arguments import Modes, make_context
from ansible_collections.meinberg.lantime.tests.devices import connection_options
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    See,
    Tree,
    see_member,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import Matching, Sample
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    CONTACT,
    JOURNALS,
    leave_unconfirmed,
    see_saved,
)

_HOSTS = ["ts1", "ts2", "ts3", "ts4"]
_CONFIG: Tree = {"config": {"snmp": {"contact": "noc"}}}


def prepare_hosts(bench: Bench, **connection: t.Any) -> None:
    """What the action prepares from the variables of hosts."""

    def prepare(params: Tree, host: str) -> t.Any:
        warnings: list[str] = []
        arguments = {**connection_options(bench.device), "retries": 0, **connection, **params["options"]}
        spec = poll.MODULES[params["module"]].spec
        context = make_context(arguments, spec, Modes(False, False, warnings.append), params["module"])
        assert isinstance(context, JobContext)
        return poll._Target(host, context, make_settings(context.params), warnings)

    def late_params(params: Tree) -> Tree:
        return {"hosts": params["hosts"] or _HOSTS, "prepare": functools.partial(prepare, params)}

    bench.late_params = late_params


def prepare_wrong_password(bench: Bench) -> None:
    prepare_hosts(bench, password="not-the-password")


def prepare_slow(bench: Bench) -> None:
    prepare_hosts(bench)
    bench.device.add_fault("delay", seconds=0.1)


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare = prepare_hosts) -> list[Effect]:
    first, second = ({"module": "lantime_facts", **options} for options in (given, otherwise))
    return [Effect(first, second, see, expected, prepare)]


def see_hosts(seen: Observation) -> t.Any:
    return list(seen.result["polled"])


def see_members(seen: Observation) -> t.Any:
    return sorted(set(seen.result["polled"]["ts1"]) & {"ansible_facts", "checks", "verdict"})


def see_requests_made(seen: Observation) -> t.Any:
    return len(seen.requests)


def see_most_at_once(seen: Observation) -> t.Any:
    return seen.bench.device.ledger.max_in_flight


WATCH: Tree = {"module": "lantime_changes", "hosts": ["ts1"]}


def prepare_waiting(bench: Bench) -> None:
    prepare_hosts(bench, retries=0)
    leave_unconfirmed(bench)


def prepare_long_window(bench: Bench) -> None:
    prepare_hosts(bench, retries=0)
    window: Tree = {"health_gate": "sync", "confirm_window": 60, "confirm_later": True}
    bench.run(lantime_config, {"config": {"snmp": {"contact": "unconfirmed"}}, **JOURNALS, **window})


def select_none(bench: Bench) -> None:
    """No host has a result in the variable."""
    prepare_hosts(bench)
    added = bench.late_params

    def late_params(params: Tree) -> Tree:
        return {**added(params), **({"hosts": []} if params["waiting_from"] else {})}

    bench.late_params = late_params


def confirmed_options(**more: t.Any) -> Tree:
    return {**WATCH, "options": {"state": "confirmed", **JOURNALS}, **more}


def poll_effects() -> Effects:
    facts, health = {"module": "lantime_facts"}, {"module": "lantime_health"}
    return {
        "module=lantime_drift": _pair({"module": "lantime_drift", "options": _CONFIG}, facts, see_members, ["verdict"]),
        "module=lantime_facts": _pair(facts, health, see_members, ["ansible_facts"]),
        "module=lantime_health": _pair(health, facts, see_members, ["checks"]),
        "module=lantime_changes": [
            Effect(confirmed_options(), facts, see_saved(CONTACT), "unconfirmed", prepare_waiting),
        ],
        "waiting_from": [
            Effect(confirmed_options(waiting_from="made"), confirmed_options(), see_hosts, [], select_none)
        ],
        "options": _pair(
            {"options": {"gather_subset": ["ntp"]}},
            {},
            see_member("polled", "ts1", "ansible_facts", "ansible_net_gather_subset"),
            ["min", "ntp"],
        ),
        "hosts": _pair({"hosts": ["ts7"]}, {}, see_hosts, ["ts7"]),
        "workers": _pair({"workers": 1}, {"workers": 4}, see_most_at_once, 1, prepare_slow),
        "deadline": _pair({"deadline": 0.1}, {}, see_member("counts", "unreachable"), 4, prepare_very_slow),
        "max_auth_failures": _pair({"max_auth_failures": 1}, {}, see_requests_made, 1, prepare_wrong_password),
    }


def prepare_very_slow(bench: Bench) -> None:
    prepare_hosts(bench)
    bench.device.add_fault("delay", seconds=0.5)


def poll_samples() -> list[Sample]:
    gone: Tree = {"unreachable": True, "error": {"code": "timeout_total"}}
    drifted: Tree = {"failed": True, "verdict": "drift", "error": {"code": "drift"}}
    return [
        Sample(
            poll,
            {"module": "lantime_drift", "options": _CONFIG, "hosts": ["ts1"]},
            {
                "changed": False,
                "polled": {"ts1": drifted},
                "counts": {"ok": 0, "failed": 1, "unreachable": 0},
                "not_clean": ["ts1"],
            },
            prepare_hosts,
        ),
        Sample(
            poll,
            {"module": "lantime_facts", "hosts": ["ts1"], "deadline": 0.1},
            {"polled": {"ts1": gone}, "counts": {"ok": 0, "unreachable": 1}},
            prepare_very_slow,
        ),
        Sample(
            poll,
            {"module": "lantime_facts", "options": {"gather_subset": []}, "hosts": ["ts1"]},
            {"counts": {"ok": 1}, "not_clean": []},
            prepare_hosts,
        ),
        Sample(
            poll,
            {"module": "lantime_facts", "options": {"gather_subsets": []}},
            {
                "error": {"code": "option", "hint": Matching(".+")},
                "msg": Matching(r".*\(lantime_facts\).*gather_subset.*"),
            },
            prepare_hosts,
        ),
        Sample(
            poll,
            confirmed_options(),
            {"changed": True, "polled": {"ts1": {"changed": True, "saved": True, "confirm": {"state": "confirmed"}}}},
            prepare_waiting,
        ),
        Sample(
            poll,
            confirmed_options(deadline=70.0),
            {
                "changed": False,
                "polled": {
                    "ts1": {"error": {"code": "option"}, "msg": Matching(r".*\(option deadline of lantime_poll\).*")}
                },
            },
            prepare_long_window,
        ),
        Sample(
            poll,
            confirmed_options(deadline=30.0),
            {"error": {"code": "option"}, "msg": Matching(".*deadline must be from 70 to 90000, not 30.*")},
            prepare_hosts,
        ),
        Sample(
            poll,
            {**WATCH, "options": {"state": "committed"}},
            {"error": {"code": "option"}, "msg": Matching(".*the option state must be confirmed.*")},
            prepare_hosts,
        ),
        Sample(
            poll,
            {"module": "lantime_facts", "waiting_from": "made"},
            {"error": {"code": "option"}, "msg": Matching(".*waiting_from.*lantime_facts confirms no changes.*")},
            prepare_hosts,
        ),
    ]
