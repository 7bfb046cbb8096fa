# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_validate, and samples of its return values."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_record
from ansible_collections.meinberg.lantime.plugins.plugin_utils._validation import job as lantime_validate
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.drift_options import drift_effects
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    Tree,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import Matching, Sample

# What a run with the options of the effect gives: the code of the first problem, the paths and values that would be written, and
# the rules that apply. The options are those of lantime_drift, whose effects say which values are compared.
_SERVERS = "ntp/external-servers"
_DSCPS = tuple(f"chassis0/slots/{slot}/module/ptp/network" for slot in ("io1", "io2"))
EXPECTED: dict[str, tuple[str | None, list[tuple[str, t.Any]], list[int]]] = {
    "config": (None, [("snmp", {"location": "x"})], []),
    "ignore_paths": (None, [("snmp", {"location": "elsewhere"})], []),
    "unordered_lists": (None, [], []),
    "optional_paths": (None, [], []),
    "state=merged": (None, [], []),
    "state=overridden": (None, [(f"{_SERVERS}/9", {})], []),
    "state=deleted": (None, [(f"{_SERVERS}/8", {})], []),
    "missing=items": (None, [(f"{_SERVERS}/7", {"address": "192.0.2.7"})], []),
    "missing=create": (None, [("snmp", {"new-name": 1})], []),
    "missing=fail": ("unknown_name", [], []),
    "missing=ignore": (None, [], []),
    "modules.families": (None, [(_DSCPS[0], {"dscp": 9})], [1]),
    "modules.models": (None, [(_DSCPS[1], {"dscp": 9})], [1]),
    "modules.slots": (None, [(_DSCPS[0], {"dscp": 9})], [1]),
    "modules.firmware": (None, [(path, {"dscp": 9}) for path in _DSCPS], [1]),
    "modules.config": (None, [(path, {"dscp": 9}) for path in _DSCPS], [1]),
    "modules.override=True": (None, [(_DSCPS[0], {"dscp": 8}), (_DSCPS[1], {"dscp": 9})], [1, 2]),
    "modules.override=False": ("rule_conflict", [], []),
    "modules.when_absent=fail": ("module_absent", [], []),
    "modules.when_absent=ignore": (None, [(path, {"dscp": 9}) for path in _DSCPS], [1]),
}


_WRITTEN = [("snmp", {"contact": "noc"})]


def against(*names: str) -> t.Callable[[Bench], list[str]]:
    return lambda bench: [bench.path(name) for name in names]


def _recording(prepare: Prepare | None = None) -> Prepare:
    """Record the device, after what else precedes the run."""

    def record(bench: Bench) -> None:
        if prepare is not None:
            prepare(bench)
        for name in ("ts1.json", "ts2.json"):
            assert bench.run(lantime_record, {"dest": bench.path(name), "anonymize": False}).code is None

    return record


def see_entry(seen: Observation) -> t.Any:
    entry = seen.result["files"][0]
    problems = [each["code"] for each in entry["problems"]]
    written = [(each["path"], each["after"]) for each in entry["operations"]]
    return (problems[0] if problems else None, written, [one["rule"] for one in seen.result["modules_resolved"]])


def see_files(seen: Observation) -> t.Any:
    return [entry["file"].rpartition("/")[2] for entry in seen.result["files"]]


def validate_effects() -> Effects:
    names = lantime_validate.SPEC.options
    effects: Effects = {}
    for option, (effect, *_more) in drift_effects().items():
        if option.partition("=")[0].partition(".")[0] not in names or option == "secrets":
            continue
        given, otherwise = (
            {"against": against("ts1.json"), **{name: value for name, value in options.items() if name in names}}
            for options in (effect.given, effect.otherwise)
        )
        prepare = _recording(effect.prepare)
        effects[option] = [Effect(given, otherwise, see_entry, EXPECTED[option], prepare, device=effect.device)]
    two: Tree = {"config": {"snmp": {"contact": "noc"}}}
    masked: Tree = {**two, "against": against("ts1.json"), "modules": _CONFLICT}
    refusal: Tree = {
        "error": {"code": "rejected", "path": "snmp", "device_message": "invalid value"},
        "operations": [{"state": "failed", "action": "set", "path": "snmp", "after": {"contact": "noc"}}],
    }
    plain: Tree = {**two, "against": against("ts1.json")}
    return {
        **effects,
        "refusals": [
            Effect({**plain, "refusals": [refusal]}, plain, see_entry, ("rejected", _WRITTEN, []), _recording())
        ],
        "against": [
            Effect(
                {**two, "against": against("ts1.json", "ts2.json")},
                {**two, "against": against("ts2.json")},
                see_files,
                ["ts1.json", "ts2.json"],
                _recording(),
            )
        ],
        "secrets": [
            Effect({**masked, "secrets": [_DSCP]}, masked, see_message, True, _recording(), device="ims"),
        ],
    }


_DSCP = "chassis0/slots/*/module/ptp/network/dscp"
_CONFLICT = [
    {"slots": ["io1"], "config": {"module": {"ptp": {"network": {"dscp": number}}}}} for number in (1009, 1008)
]


def see_message(seen: Observation) -> t.Any:
    """Whether the values of a conflict are masked."""
    return "1009" not in seen.result["files"][0]["problems"][0]["message"]


def validate_samples() -> list[Sample]:
    entry: Tree = {
        "file": Matching(".*/ts1.json"),
        "kind": "recording",
        "model": "M3000",
        "firmware": "7.10.012",
        "valid": True,
        "problems": [],
        "notes": [],
        "operations": [
            {"id": 1, "handler": "io1", "action": "set", "path": _DSCPS[0], "before": {"dscp": 0}, "after": {"dscp": 9}}
        ],
    }
    absent: Tree = {"file": Matching(".*/ts1.json"), "rule": 2, "reason": "the device has no such module"}
    applied: Tree = {"file": Matching(".*/ts1.json"), "rule": 1}
    rules = [
        {"slots": ["io1"], "config": {"module": {"ptp": {"network": {"dscp": 9}}}}},
        {"slots": ["io77"], "config": {"name": "x"}},
    ]
    typo: Tree = {"config": {"ntp": {"local-clok": {}}}, "against": against("ts1.json")}
    problem: Tree = {
        "code": "unknown_name",
        "path": "ntp/local-clok",
        "message": Matching(".*did you mean local-clock.*"),
    }
    note = "network/ports/lan0/link-mode: the value fd-1000mbit was not seen on this device; seen were auto."
    port: Tree = {"network": {"ports": {"lan0": {"link-mode": "fd-1000mbit"}}}}
    return [
        Sample(
            lantime_validate,
            {"modules": rules, "against": against("ts1.json")},
            {
                "changed": False,
                "valid": True,
                "files": [entry],
                "not_applicable": [absent],
                "modules_resolved": [applied],
            },
            _recording(),
            "ims",
        ),
        Sample(
            lantime_validate,
            typo,
            {
                "valid": False,
                "files": [{"valid": False, "operations": [], "problems": [problem]}],
                "error": {"code": "invalid", "hint": Matching("correct the names and values; .*")},
            },
            _recording(),
        ),
        Sample(
            lantime_validate,
            {"config": port, "against": against("ts1.json")},
            {"files": [{"notes": [note]}]},
            _recording(),
        ),
    ]
