# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that were pulled, exchanged, moved or added since a baseline, and older revisions."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import module_info
from ansible_collections.meinberg.lantime.plugins.module_utils._health.baseline import (
    ExpectedModule,
    merge_modules,
    parse_modules,
    read_baseline,
)
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import Tree, checks_of, envelope

M3000 = "m3000-7.10"


def result_of(tree: Tree) -> Tree:
    """A result of lantime_module_info."""
    return {"changed": False, "modules": module_info.describe_modules(tree), "ptp_instances": []}


def baseline(profile: str = M3000) -> t.Any:
    return read_baseline(result_of(envelope(profile)))


def slot_of(tree: Tree, name: str) -> Tree:
    slot: Tree = next(slot for slot in tree["data"]["chassis0"]["slots"] if slot["object-id"] == name)
    return slot


def pull(tree: Tree, name: str) -> Tree:
    module: Tree = slot_of(tree, name).pop("module")
    return module


def insert(tree: Tree, name: str, module: Tree) -> None:
    slot_of(tree, name)["module"] = module


def differences(tree: Tree, modules: t.Any = None) -> list[tuple[str, str, str]]:
    """(check, state, slot) of each finding of a difference."""
    expected = {"modules": baseline() if modules is None else modules}
    checks = checks_of(tree, expected=expected)
    return [
        (name, finding["state"], finding["slot"])
        for name in ("modules", "module_identity")
        for finding in checks[name]["findings"]
    ]


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_an_unchanged_device_equals_its_baseline(profile: str) -> None:
    checks = checks_of(envelope(profile), expected={"modules": baseline(profile)})
    assert checks["modules"]["state"] == checks["module_identity"]["state"] == "ok"


def test_a_pulled_module() -> None:
    tree = envelope(M3000)
    pull(tree, "io5")
    assert differences(tree) == [("modules", "error", "io5")]
    check = checks_of(tree, expected={"modules": baseline()})["modules"]
    assert (check["subject"], check["value"]) == ("io5", 1)
    assert check["findings"][0]["family"] == "FDM"
    assert check["findings"][0]["message"] == "The expected module FDM fdm182 is missing in io5."


def test_several_pulled_modules_are_named_with_their_kind() -> None:
    tree = envelope(M3000)
    for name in ("io5", "io6"):
        pull(tree, name)
    check = checks_of(tree, expected={"modules": baseline()})["modules"]
    assert check["message"] == "Expected modules are missing in io5 (FDM fdm182), io6 (LIU liu)."
    check = checks_of(tree, expected={"modules": ["io5", "io6"]})["modules"]
    assert check["message"] == "Expected modules are missing in io5, io6."


def test_an_added_module() -> None:
    tree = envelope(M3000)
    insert(tree, "io14", {"info": {"model": "vsi180", "serial-number": "900"}})
    assert differences(tree) == [("module_identity", "warning", "io14")]


def test_a_module_of_another_family_and_another_module_of_the_same_model() -> None:
    tree = envelope(M3000)
    slot_of(tree, "io5")["module"]["info"].update({"model": "vsi180", "serial-number": "900"})
    slot_of(tree, "io6")["module"]["info"]["serial-number"] = "901"
    assert sorted(differences(tree)) == [("module_identity", "error", "io5"), ("module_identity", "warning", "io6")]
    check = checks_of(tree, expected={"modules": baseline()})["module_identity"]
    assert (check["value"], check["limit"]) == ("vsi180", "fdm182")
    assert check["message"].startswith("io5 has the module VSI vsi180 instead of FDM fdm182; also the module in io6")


def test_a_moved_module_is_neither_missing_nor_added() -> None:
    tree = envelope(M3000)
    insert(tree, "io14", pull(tree, "io5"))
    assert differences(tree) == [("module_identity", "warning", "io14")]
    check = checks_of(tree, expected={"modules": baseline()})["module_identity"]
    assert check["message"] == "The module FDM fdm182 of io5 is now in io14."


def test_two_modules_in_each_others_slot_are_two_moves() -> None:
    tree = envelope(M3000)
    first, second = pull(tree, "io5"), pull(tree, "io6")
    insert(tree, "io5", second)
    insert(tree, "io6", first)
    assert differences(tree) == [("module_identity", "warning", "io5"), ("module_identity", "warning", "io6")]


def test_a_moved_module_whose_slot_has_a_new_one() -> None:
    tree = envelope(M3000)
    insert(tree, "io14", pull(tree, "io5"))
    insert(tree, "io5", {"info": {"model": "vsi180", "serial-number": "900"}})
    assert sorted(differences(tree)) == [("module_identity", "error", "io5"), ("module_identity", "warning", "io14")]


@pytest.mark.parametrize(
    ("revision", "state"), [("v1.07", "warning"), ("v1.08", None), ("v1.8", None), ("v1.09", "info"), ("new", "info")]
)
def test_revisions(revision: str, state: str | None) -> None:
    tree = envelope(M3000)
    slot_of(tree, "io5")["module"]["info"]["software-revision"] = revision
    assert differences(tree) == ([("module_identity", state, "io5")] if state else [])


def test_equal_serial_numbers_are_no_move() -> None:
    tree = envelope(M3000)
    for name in ("io5", "io6"):
        slot_of(tree, name)["module"]["info"]["serial-number"] = "7"
    recorded = read_baseline(result_of(tree))
    assert differences(tree, recorded) == []
    insert(tree, "io14", {"info": {"model": "fdm182", "serial-number": "7"}})
    assert differences(tree, recorded) == [("module_identity", "warning", "io14")]


def test_what_the_device_does_not_report_is_unknown() -> None:
    tree = envelope(M3000)
    del slot_of(tree, "io5")["module"]["info"]["serial-number"]
    del slot_of(tree, "io6")["module"]["info"]["software-revision"]
    assert sorted(differences(tree)) == [("module_identity", "unknown", "io5"), ("module_identity", "unknown", "io6")]
    assert checks_of({}, expected={"modules": baseline()})["module_identity"]["state"] == "unknown"


def test_a_mapping_by_hand_names_single_members() -> None:
    tree = envelope(M3000)
    wanted: Tree = {"io5": {"family": "ims-fdm"}, "io6": None, "clk1": {"model": "GPS182"}}
    assert differences(tree, wanted) == []
    insert(tree, "io14", {"info": {"model": "vsi180", "serial-number": "900"}})
    assert differences(tree, wanted) == []
    assert differences(tree, {"io14": {"family": "FDM"}}) == [("module_identity", "error", "io14")]
    assert differences(tree, {"io15": {"family": "FDM"}}) == [("modules", "error", "io15")]


def test_a_list_of_slots_says_nothing_about_their_modules() -> None:
    checks = checks_of(envelope(M3000), expected={"modules": ["io5", "io6"]})
    assert (checks["modules"]["state"], checks["module_identity"]["state"]) == ("ok", "skipped")
    assert parse_modules("io5, io6").slots == parse_modules(["io5", "io6"]).slots


def test_given_members_override_those_of_the_baseline() -> None:
    merged = merge_modules(baseline(), parse_modules({"io5": {"revision": "v9.99"}, "io77": {"family": "FDM"}}))
    assert merged.is_complete
    assert merged.slots["io5"] == baseline().slots["io5"]._replace(revision="v9.99")
    assert merged.slots["io77"] == ExpectedModule("FDM")


def test_slots_of_a_second_chassis_have_names_of_their_own() -> None:
    tree = envelope(M3000)
    tree["data"]["chassis1"] = {"slots": [{"object-id": "io5", "module": {"info": {"model": "liu"}}}]}
    recorded = read_baseline(result_of(tree))
    assert recorded.slots["chassis1/io5"].family == "LIU"
    assert recorded.slots["io5"].family == "FDM"
    assert differences(tree, recorded) == []
    del tree["data"]["chassis1"]
    assert differences(tree, recorded) == [("modules", "error", "chassis1/io5")]


@pytest.mark.parametrize("content", [lambda result: result, lambda result: result["modules"]])
def test_a_file_of_the_result_or_of_its_list(content: t.Callable[[Tree], t.Any], tmp_path: Path) -> None:
    file = tmp_path / "modules.json"
    file.write_text(json.dumps(content(result_of(envelope(M3000)))), encoding="utf-8")
    assert read_baseline(str(file)) == baseline()
    link = tmp_path / "link.json"
    link.symlink_to(file)
    assert read_baseline(str(link)) == baseline()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"changed": False}, "it has no list of modules"),
        ([{"family": "FDM"}], "it has no list of modules"),
        ([{"slot": "io1", "populated": False}], "has no populated slot"),
        ([], "has no populated slot"),
        (7, "it has no list of modules"),
        ("/does/not/exist.json", "cannot be read (FileNotFoundError)"),
        ("/dev/null", "cannot be used: "),
    ],
)
def test_what_is_no_baseline_is_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_baseline(value)
    assert message in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "\x00", "[" * 100_000])
def test_a_file_that_is_no_json_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "modules.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be used"):
        read_baseline(file)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (7, "neither a list of slots nor a mapping"),
        ([7], "neither a list of slots nor a mapping"),
        ({"io1": "FDM"}, "expected.modules for io1 is not a mapping"),
        ({"io1": {"serial": "7"}}, "did you mean serial_number"),
    ],
)
def test_wrong_expectations_are_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_modules(value)
    assert message in str(caught.value)
