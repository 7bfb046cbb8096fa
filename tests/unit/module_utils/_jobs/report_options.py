# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_report and lantime_verdict, which run on the controller."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.registered import report_params, verdict_params
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import job as lantime_report
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
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import plan_records
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

FORMATS = {
    "json": ".json",
    "junit": ".xml",
    "markdown": ".md",
    "sarif": ".sarif",
    "html": ".html",
    "openmetrics": ".prom",
}


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(given, otherwise, see, expected, prepare)]


# -- lantime_report


def _base(**options: t.Any) -> Tree:
    return {
        "dest": "reports",
        "hosts": made.eight(),
        "generated": made.GENERATED,
        "formats": ["json"],
        **options,
    }


def see_report(name: str) -> See:
    return lambda seen: seen.document("reports/report.json")[name]


def see_files(seen: Observation) -> t.Any:
    return seen.files()


def write_slice(bench: Bench) -> None:
    options = _base(hosts=made.eight()[:1], dest=bench.path(), basename="slice")
    assert bench.run(lantime_report, options).code is None


class _HostVars(dict[str, Tree]):
    """The variables of hosts as Ansible gives them to an action."""

    def raw_get(self, host: str) -> Tree:
        return self[host]


_DIFFERENCE: Tree = {"path": "snmp/contact", "op": "replace", "class": "config", "accepted": None}
_DRIFTED: Tree = {
    "entry": {"drift": {"mode": "golden", "state": "drift", "sections": [], "differences": [_DIFFERENCE]}}
}
_READ: Tree = {"value": {"snmp": {}}, "entry": {"facts": {"ansible_lantime": {"sync": {}}}}}
_GONE: Tree = {"unreachable": True, "msg": "no answer"}
_HOST_VARS = _HostVars({"ts1": {"compared": _DRIFTED, "facts": _READ, "site": "north"}, "ts2": {"read": _GONE}})


def register_results(bench: Bench) -> None:
    variables = {"hostvars": _HOST_VARS, "ansible_play_hosts_all": ["ts1", "ts2"]}

    def late_params(params: Tree) -> Tree:
        return report_params(params, variables, _Templar())

    bench.late_params = late_params


class _Templar:
    """Stands for the templates of Ansible where no variable holds one."""

    def copy_with_new_env(self, **_variables: Tree) -> _Templar:
        return self


def register_own_result(bench: Bench) -> None:
    bench.late_params = lambda params: verdict_params(params, {"inventory_hostname": "ts1", **_HOST_VARS["ts1"]})


def report_effects() -> Effects:
    def failing(kind: str, host: str) -> Tree:
        return _base(fail_on=[kind], hosts=[record for record in made.eight() if record["host"] == host])

    def drifting(kind: str, fail_on: str) -> Tree:
        drift = {"state": "drift", "differences": [{"path": "snmp/contact", "op": "replace", "class": kind}]}
        sections = [{"name": "snmp", "state": "drift", "reason": None}]
        return _base(fail_on=[fail_on], hosts=[{"host": "ts1", "drift": {**drift, "sections": sections}}])

    code = see_member("exit_code")
    one: Tree = _base(hosts=made.eight()[:1])
    return {
        "hosts": _pair(one, _base(), see_member("summary", "hosts"), 1),
        "invalid": _pair(_base(invalid="no golden"), _base(), see_member("outcome"), "invalid"),
        "results": _pair(
            _base(hosts=[], results={"ts1": _DRIFTED, "ts2": [_GONE]}),
            _base(hosts=[]),
            see_member("states"),
            {"ts1": "drift", "ts2": "unreachable"},
        ),
        "results_from": _pair(
            _base(hosts=[], results_from=["read", "compared"]),
            _base(hosts=[], results_from=["read"]),
            see_member("states"),
            {"ts1": "drift", "ts2": "unreachable"},
            register_results,
        ),
        "drifts": _pair(
            _base(hosts=[], results={"ts1": _READ}, drifts={"ts1": _DRIFTED["entry"]["drift"]}),
            _base(hosts=[], results={"ts1": _READ}),
            see_member("states"),
            {"ts1": "drift"},
        ),
        "groups": _pair(
            _base(hosts=[], results={"ts1": _DRIFTED}, groups={"ts1": "north"}),
            _base(hosts=[], results={"ts1": _DRIFTED}),
            see_groups,
            ["north"],
        ),
        "group_from": _pair(
            _base(hosts=[], expected=["ts1"], results_from=["compared"], group_from="site"),
            _base(hosts=[], expected=["ts1"], results_from=["compared"]),
            see_groups,
            ["north"],
            register_results,
        ),
        "expected": _pair(_base(expected=["ts-missing"]), _base(), see_missing, "not_checked"),
        "inputs": _pair(
            _base(hosts=[], inputs=["slice.json"]), _base(hosts=[]), see_member("summary", "hosts"), 1, write_slice
        ),
        "plans": _pair(
            {"dest": "reports", "plans": "plans"},
            {"dest": "reports"},
            see_member("plans", "changed"),
            3,
            lambda bench: plan_records.write(Path(bench.path("plans")), plan_records.fleet()),
        ),
        "dest": _pair(_base(dest="elsewhere"), _base(), see_files, ["elsewhere/report.json"]),
        **{
            f"formats={name}": _pair(
                _base(formats=[name]), _base(formats=[other]), see_files, [f"reports/report{suffix}"]
            )
            for name, suffix in FORMATS.items()
            for other in ["html" if name == "json" else "json"]
        },
        "basename": _pair(_base(basename="nightly"), _base(), see_files, ["reports/nightly.json"]),
        "title": _pair(_base(title="North"), _base(), see_report("title"), "North"),
        "generated": _pair(
            _base(generated="2026-01-02T03:04:05Z"), _base(), see_report("generated"), "2026-01-02T03:04:05Z"
        ),
        "golden_file": _pair(_base(golden_file="golden.yml"), _base(), see_golden_file, "golden.yml"),
        **{
            f"checks={name}": _pair(_base(checks=[name]), _base(checks=[]), see_report("checks"), [name])
            for name in ("drift", "health", "change", "facts")
        },
        "fail_on=drift": _pair(failing("drift", "ts-west"), failing("unhealthy", "ts-west"), code, 2),
        "fail_on=security": _pair(drifting("security", "security"), drifting("config", "security"), code, 2),
        "fail_on=unhealthy": _pair(failing("unhealthy", "ts-east"), failing("drift", "ts-east"), code, 2),
    }


def see_missing(seen: Observation) -> t.Any:
    return seen.result["states"].get("ts-missing")


def see_groups(seen: Observation) -> t.Any:
    return [host["group"] for host in seen.document("reports/report.json")["hosts"]]


def see_golden_file(seen: Observation) -> t.Any:
    return seen.document("reports/report.json").get("golden_file")


# -- lantime_verdict


def verdict_effects() -> Effects:
    clean: Tree = {"drift": {"state": "clean", "differences": []}}
    differences = {
        kind: {"drift": {"state": "drift", "differences": [{"path": "snmp/contact", "class": kind}]}}
        for kind in ("security", "cosmetic")
    }

    def judged(kind: str, fail_on: str) -> Tree:
        return {"record": differences[kind], "fail_on": fail_on}

    verdict = see_member("verdict")
    sick: Tree = {"record": {"health": {"healthy": False, "checks": []}}, "ignore_health": True}
    return {
        "record": _pair(judged("cosmetic", "drift"), {"record": clean}, verdict, "drift"),
        "results_from": _pair(
            {"results_from": ["compared"]}, {"results_from": ["read"]}, verdict, "drift", register_own_result
        ),
        "drift": _pair(
            {"results_from": ["facts"], "drift": _DRIFTED["entry"]["drift"]},
            {"results_from": ["facts"]},
            verdict,
            "drift",
            register_own_result,
        ),
        "fail_on=drift": _pair(judged("cosmetic", "drift"), judged("cosmetic", "security"), verdict, "drift"),
        "fail_on=security": [
            *_pair(judged("security", "security"), judged("security", "never"), verdict, "drift"),
            *_pair(judged("cosmetic", "security"), judged("cosmetic", "drift"), verdict, "clean"),
        ],
        "fail_on=never": _pair(judged("security", "never"), judged("security", "security"), verdict, "clean"),
        "ignore_health=True": _pair(sick, {**sick, "ignore_health": False}, verdict, "clean"),
        "ignore_health=False": _pair({**sick, "ignore_health": False}, sick, verdict, "unhealthy"),
    }
