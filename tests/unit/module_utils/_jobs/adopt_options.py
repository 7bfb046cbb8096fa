# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_adopt, and samples of its return values. All hosts are the same device, with other names."""

from __future__ import annotations

import copy
import functools
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config_info, lantime_module_info
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt import job
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.yaml_text import parse_document
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Tree,
    see_code,
    see_member,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import Matching, Positive, Sample

_HOSTS = ["ts1", "ts2", "ts3", "ts4"]
_SHARED = "inventory/group_vars/all/lantime_golden.yml"
_MEMBERS = {"berlin": ["ts1", "ts2"], "munich": ["ts3", "ts4"]}


def dest(bench: Bench) -> str:
    return bench.path("inventory")


def reports(bench: Bench) -> str:
    return bench.path("reports")


def prepare_fleet(bench: Bench, failed: str | None = None) -> None:
    """What the action reads from the variables of hosts. The last host differs in one setting."""
    config, modules = (bench.run(module, {}).result for module in (lantime_config_info, lantime_module_info))
    results: Tree = {}
    for host in _HOSTS:
        own = copy.deepcopy(config)
        own["device"]["serial_number"] = host
        own["value"]["snmp"]["contact"] = "desk" if host == "ts4" else "noc"
        results[host] = [own, modules]
    if failed is not None:
        results[failed] = [{"failed": True, "msg": "incomplete: the answer ended early"}]

    def late_params(params: Tree) -> Tree:
        named = {"read": results, "other": {host: [] for host in _HOSTS}}
        chosen = {host: named[params["results_from"][0]][host] for host in params["hosts"] or _HOSTS}
        return {"results": chosen, "members": _MEMBERS, "connection": {}}

    bench.late_params = late_params


def prepare_existing(bench: Bench) -> None:
    prepare_fleet(bench)
    bench.directory.joinpath("inventory").mkdir()
    bench.directory.joinpath("inventory", "ansible.cfg").touch()


def see_setting_of_all(*names: str) -> t.Callable[[Observation], t.Any]:
    """A value in the golden configuration of all; None if it is not part of it."""

    def see(seen: Observation) -> t.Any:
        node = parse_document((seen.bench.directory / _SHARED).read_text(encoding="utf-8"))["lantime_golden_config"]
        for name in names:
            node = node.get(name) if isinstance(node, dict) else None
        return node

    return see


def see_groups(seen: Observation) -> t.Any:
    return list(seen.result["groups"])


def see_reports(seen: Observation) -> t.Any:
    return [name for name in seen.files() if "inventory/" not in name]


def adopt_effects() -> Effects:
    plain: Tree = {"results_from": ["read"], "dest": dest}
    reported: Tree = {**plain, "report_dir": reports}

    def pair(given: Tree, otherwise: Tree, see: t.Callable[[Observation], t.Any], expected: t.Any) -> list[Effect]:
        return [Effect({**plain, **given}, {**plain, **otherwise}, see, expected, prepare_fleet)]

    is_written = [Effect({**plain, "update": True}, plain, see_code, None, prepare_existing)]
    is_refused = [Effect({**plain, "update": False}, {**plain, "update": True}, see_code, "adopt", prepare_existing)]
    two = ["reports/adopt.json", "reports/adopt.md"]
    elsewhere: Tree = {"dest": lambda bench: bench.path("elsewhere")}
    return {
        "results_from": pair({}, {"results_from": ["other"]}, see_code, None),
        "hosts": pair({"hosts": ["ts1", "ts2"]}, {}, see_member("adopted"), ["ts1", "ts2"]),
        "dest": [Effect(plain, {**plain, **elsewhere}, lambda seen: _SHARED in seen.files(), True, prepare_fleet)],
        "update=True": is_written,
        "update=False": is_refused,
        "groups": pair({"groups": ["munich", "berlin"]}, {}, see_groups, ["munich", "berlin"]),
        "ignore_paths": pair(
            {"ignore_paths": ["snmp/con*"]}, {}, lambda seen: see_setting_of_all("snmp", "contact")(seen) is None, True
        ),
        "secrets": pair(
            {"secrets": ["snmp/contact"]},
            {},
            lambda seen: "# contact: " in (seen.bench.directory / _SHARED).read_text(encoding="utf-8"),
            True,
        ),
        "report_dir": [Effect(reported, plain, see_reports, two, prepare_fleet)],
        "basename": [
            Effect(
                {**reported, "basename": "x"}, reported, see_reports, ["reports/x.json", "reports/x.md"], prepare_fleet
            )
        ],
    }


def adopt_samples() -> list[Sample]:
    deviation: Tree = {
        "host": "ts4",
        "path": "snmp/contact",
        "kind": "value",
        "value": "desk",
        "majority": "noc",
        "layer": "all",
        "peers": {"agree": 3, "of": 3},
        "class": "config",
        "severity": "note",
    }
    options: Tree = {"results_from": ["read"], "dest": dest, "report_dir": reports}
    return [
        Sample(
            job,
            options,
            {
                "changed": True,
                "dest": Matching(".*/inventory"),
                "written": [
                    "group_vars/all/lantime_golden.yml",
                    *(f"host_vars/{host}/lantime_golden.yml" for host in _HOSTS),
                    "lantime_hosts.yml",
                ],
                "reports": [Matching(".*/reports/adopt.json"), Matching(".*/reports/adopt.md")],
                "adopted": _HOSTS,
                "deviations": [deviation],
                "left_out": {"is set by the hardware or the network": _LEFT_OUT},
                "lines": {"devices": Positive(), "files": Positive()},
            },
            prepare_fleet,
        ),
        Sample(
            job,
            {**options, "groups": ["berlin", "munich"]},
            {
                "not_adopted": {"ts4": "incomplete: the answer ended early"},
                "groups": {"berlin": ["ts1", "ts2"], "munich": ["ts3"]},
            },
            functools.partial(prepare_fleet, failed="ts4"),
        ),
        Sample(
            job,
            {**options, "results_from": ["other"]},
            {
                "error": {"code": "adopt", "hint": Matching("nothing was written")},
                "msg": Matching(".*no device can be adopted: ts1: the device answered without its configuration.*"),
            },
            prepare_fleet,
        ),
    ]


class _Nonempty:
    """Equal to every list with an entry."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and len(other) > 0

    __hash__ = None  # type: ignore[assignment]


_LEFT_OUT = _Nonempty()
