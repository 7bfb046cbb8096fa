# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the device to the desk: record a device, validate a golden configuration without it, apply it to the replay."""

from __future__ import annotations

import json
import random
import typing as t
from pathlib import Path

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_config,
    lantime_record,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.plugins.plugin_utils._validation import job as lantime_validate
from ansible_collections.meinberg.lantime.tests.devices import JobOutcome, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.tests.mutations import mutate

Tree = dict[str, t.Any]

GOLDEN: Tree = {
    "ntp": {"local-clock": {"stratum": 11}, "external-servers": {"1": {"address": "192.0.2.1"}}},
    "snmp": {"contact": "noc", "location": "hall"},
}
RULES = [
    {"families": ["FDM"], "config": {"module": {"fdm": {"maximum-frequency": 50.1}}}},
    {"families": ["VSG"], "config": {"module": {"outputs": {"out1": {"format": "pal"}}}}},
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Recordings of two devices, and a backup of one."""
    place = tmp_path_factory.mktemp("recordings")
    with frozen_fleet({"ims": "m3000-7.10", "ts1": "m600-7.10"}) as fleet:
        for device in fleet:
            assert run_in_process(device, lantime_record, dest=str(place / f"{device.name}.json")).code is None
        saved = run_in_process(fleet["ts1"], lantime_backup, path=str(place / "backups" / "ts1.json"))
        assert saved.code is None
    return {"ims": place / "ims.json", "ts1": place / "ts1.json", "backup": place / "backups" / "ts1.json"}


def validate(*against: Path, **options: t.Any) -> JobOutcome:
    spec = lantime_validate.SPEC
    validator = ArgumentSpecValidator(spec.argument_spec(), **spec.rules)
    checked = validator.validate({"against": [str(path) for path in against], **options})
    assert not checked.error_messages, checked.error_messages
    warnings: list[str] = []
    context = JobContext(checked.validated_parameters, False, False, warnings.append)
    return JobOutcome(run_job(lantime_validate.run, context), warnings)


def test_what_validates_plans_and_applies_to_the_replay(files: dict[str, Path], tmp_path: Path) -> None:
    wrong = {
        "ntp": {"local-clok": {"stratum": 11}, "external-servers": {"1": {"adress": "192.0.2.1"}}},
        "snmp": {"contact": "noc", "retries": "many"},
    }
    refused = validate(files["ims"], config=wrong, modules=RULES)
    assert refused.code == "invalid"
    problems = {(each["code"], each["path"]): each["message"] for each in refused.result["files"][0]["problems"]}
    assert "did you mean local-clock" in problems["unknown_name", "ntp/local-clok"]
    assert ("wrong_type", "snmp/retries") in problems
    assert "local-clock" in refused.result["msg"]
    accepted = validate(files["ims"], config=GOLDEN, modules=RULES)
    assert accepted.code is None, accepted.result
    entry = accepted.result["files"][0]
    assert (entry["valid"], entry["kind"], entry["model"]) == (True, "recording", "M3000")
    assert [one["rule"] for one in accepted.result["modules_resolved"]] == [1, 2]
    with Fleet([DeviceSpec("replay", f"recording:{files['ims']}", autosave=False)]) as fleet:
        options: Tree = {"config": GOLDEN, "modules": RULES, "journal_path": str(tmp_path)}
        first = run_in_process(fleet["replay"], lantime_config, **options)
        assert first.code is None, first.result
        assert first.result["changed"] is True
        names = ("action", "path", "before", "after")
        planned, done = (
            [{name: operation[name] for name in names} for operation in operations]
            for operations in (entry["operations"], first.result["operations"])
        )
        assert planned == done
        fleet["replay"].clear_ledger()
        second = run_in_process(fleet["replay"], lantime_config, **options)
        assert second.result["changed"] is False
        assert fleet["replay"].ledger.writes == 0


def test_each_file_has_its_own_result(files: dict[str, Path]) -> None:
    fdm = {"chassis0": {"slots": {"io5": {"module": {"fdm": {"maximum-frequency": 50.1}}}}}}
    outcome = validate(files["ims"], files["ts1"], config=fdm)
    assert [entry["valid"] for entry in outcome.result["files"]] == [True, False]
    assert outcome.result["valid"] is False
    assert "1 of 2 files" in outcome.result["msg"]
    lenient = validate(files["ims"], files["ts1"], config=fdm, missing="ignore")
    assert lenient.code is None
    absent = lenient.result["not_applicable"]
    assert [(one["file"], one["path"]) for one in absent] == [(str(files["ts1"]), "chassis0/slots/io5")]


def test_a_directory_stands_for_its_files_and_a_rule_without_a_module_is_named(files: dict[str, Path]) -> None:
    outcome = validate(files["ims"].parent, modules=[*RULES, {"models": ["gps999"], "config": {"name": "x"}}])
    assert outcome.code is None, outcome.result
    assert [Path(entry["file"]).name for entry in outcome.result["files"]] == ["ims.json", "ts1.json"]
    applied = [(Path(one["file"]).name, one["rule"]) for one in outcome.result["modules_resolved"]]
    assert applied == [("ims.json", 1), ("ims.json", 2)]
    assert outcome.warnings == ["Rule 3 (models gps999) applies to no module in any of the recordings."]
    required = validate(files["ts1"], modules=[{**RULES[0], "when_absent": "fail"}])
    assert required.result["files"][0]["problems"][0]["code"] == "module_absent"


def test_tokens_that_were_not_seen_are_noted(files: dict[str, Path]) -> None:
    port = {"network": {"ports": {"lan0": {"link-mode": "fd-1000mbit"}, "lan1": {"link-mode": "auto"}}}}
    outcome = validate(files["ts1"], config=port)
    assert outcome.code is None
    note = "network/ports/lan0/link-mode: the value fd-1000mbit was not seen on this device; seen were auto."
    assert outcome.result["files"][0]["notes"] == [note]


def test_what_a_device_has_refused_is_a_problem(files: dict[str, Path], tmp_path: Path) -> None:
    with frozen_fleet({"ts1": "m600-7.10"}) as fleet:
        failed = [
            run_in_process(
                fleet["ts1"],
                lantime_config,
                config={"network": {"ports": {"lan0": leaf}}},
                journal_path=str(tmp_path),
            ).result
            for leaf in ({"link-mode": "fastest"}, {"mac-address": "00:00:5e:00:53:01"})
        ]
    # A backup does not say which menus are items of a table.
    for file, port in (("ts1", "lan1"), ("ts1", "lan0"), ("backup", "lan0")):
        wanted: Tree = {"network": {"ports": {port: {"link-mode": "fastest", "mac-address": "00:00:5e:00:53:02"}}}}
        assert validate(files[file], config=wanted).code is None
        outcome = validate(files[file], config=wanted, refusals=failed)
        assert outcome.code == "invalid"
        (entry,) = outcome.result["files"]
        assert [(each["code"], each["path"], each["message"]) for each in entry["problems"]] == [
            ("rejected", f"network/ports/{port}/link-mode", "a device has refused this value"),
            ("rejected", f"network/ports/{port}/mac-address", "the setting is read-only"),
        ]
    other: Tree = {"network": {"ports": {"lan1": {"link-mode": "fd-100mbit"}}}}
    assert validate(files["ts1"], config=other, refusals=failed).code is None


def test_masks_in_new_items_are_problems(files: dict[str, Path]) -> None:
    users = {"security": {"users": {"joe": {"level": "info", "password": "****"}}}}
    for name in ("ts1", "backup"):
        outcome = validate(files[name], config=users)
        assert outcome.code == "invalid", name
        problem = outcome.result["files"][0]["problems"][0]
        assert (problem["code"], problem["path"]) == ("secret_needed", "security/users/joe/password")


def test_a_backup_serves_too(files: dict[str, Path]) -> None:
    outcome = validate(files["backup"], config=GOLDEN, modules=RULES)
    assert outcome.code is None, outcome.result
    entry = outcome.result["files"][0]
    assert (entry["kind"], entry["model"], len(entry["operations"])) == ("backup", "M600", 3)
    assert "rules of modules were not checked" in entry["notes"][-1]
    typo = validate(files["backup"], config={"ntp": {"local-clok": {}}})
    assert "did you mean local-clock" in typo.result["files"][0]["problems"][0]["message"]


def test_a_file_that_cannot_be_used_is_one_sentence(files: dict[str, Path], tmp_path: Path) -> None:
    text = files["ts1"].read_text(encoding="utf-8")
    newer = json.loads(text)
    newer["version"] = 2
    bad = {
        "cut": (text[:9000], "it is not JSON, or it is truncated"),
        "newer": (json.dumps(newer), "its format has the version 2"),
        "other": ('{"product": "microSync"}', "it is not a recording of a LANTIME"),
        "alone": (json.dumps(newer["answers"][1]["body"]), "it is not a recording of a LANTIME"),
    }
    for name, (content, sentence) in bad.items():
        (tmp_path / f"{name}.json").write_text(content, encoding="utf-8")
        outcome = validate(tmp_path / f"{name}.json", files["ts1"], config=GOLDEN)
        assert outcome.code == "invalid"
        assert [entry["valid"] for entry in outcome.result["files"]] == [False, True]
        assert sentence in outcome.result["files"][0]["problems"][0]["message"]
    missing = validate(tmp_path / "missing.json", config=GOLDEN)
    assert missing.result["files"][0]["problems"][0]["code"] == "recording"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert validate(empty, config=GOLDEN).code == "option"
    assert validate(files["ts1"]).code == "option"


def test_mutated_recordings_are_validated_or_refused(files: dict[str, Path], tmp_path: Path) -> None:
    """A recording comes from somebody else: whatever is in it, each problem has a code."""
    source = random.Random(5)
    recorded = json.loads(files["ts1"].read_text(encoding="utf-8"))
    file = tmp_path / "mutated.json"
    codes = set()
    for number in range(60):
        file.write_text(json.dumps(mutate(recorded, source)), encoding="utf-8")
        outcome = validate(file, config=GOLDEN, modules=RULES)
        assert outcome.code in (None, "invalid"), (number, outcome.result)
        codes |= {each["code"] for each in outcome.result["files"][0]["problems"]}
    assert codes <= {"recording", "unknown_name", "wrong_type", "duplicate_object_id", "hostile_name", "module_absent"}


def test_the_playbook_validates_each_host_against_its_file(files: dict[str, Path], tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, [])
    project.hosts = {
        "ts1": {"lantime_golden_config": GOLDEN},
        "ims": {"lantime_golden_config": {"ntp": {"local-clok": {"stratum": 3}}}},
        "ts2": {"lantime_golden_config": GOLDEN, "lantime_recording": "ts1.json"},
    }
    run = project.run("validate", lantime_recordings=str(files["ts1"].parent))
    assert run.code == 2, run.output
    assert {name: run.final[name] for name in project.hosts} == {"ts1": "ok", "ts2": "ok", "ims": "failed"}
    assert "did you mean local-clock" in run.output
