# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_adopt on results of simulated devices: what is written where, and what is refused."""

from __future__ import annotations

import json
import random
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.catalogue import family_of
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import SHARED_TOKENS
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import leaves
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt import job
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.documents import render_files
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.yaml_text import parse_document
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._adopt.read_fleet import (
    adopt,
    read_fleet,
    read_result,
)

Tree = dict[str, t.Any]

ALL_FILE = "group_vars/all/lantime_golden.yml"
FOUR = {f"ts{number}": "m600-7.10" for number in range(1, 5)}
TWO_AND_TWO = {"a1": "m3000-7.10", "a2": "m3000-7.10", "b1": "m3000-7.10", "b2": "m3000-7.10"}
SITES = {"a": ["a1", "a2"], "b": ["b1", "b2"]}


def read(dest: Path, name: str) -> Tree:
    return parse_document((dest / name).read_text(encoding="utf-8"))


def host_file(name: str) -> str:
    return f"host_vars/{name}/lantime_golden.yml"


def files_in(dest: Path) -> set[str]:
    return {str(path.relative_to(dest)) for path in dest.rglob("*") if path.is_file()}


def test_devices_of_all_models_and_releases_are_adopted_together(tmp_path: Path) -> None:
    fleet = read_fleet({name.replace(".", "_"): name for name in PROFILE_NAMES})
    result = adopt(fleet, tmp_path / "inventory")
    assert "failed" not in result, result
    assert set(result["adopted"]) == set(fleet)
    events = read(tmp_path / "inventory", ALL_FILE)["lantime_golden_config"]["notification"]["events"]
    assert "leapsecond-announced" in events


def test_a_majority_is_shared_and_the_others_have_their_own_value(tmp_path: Path) -> None:
    changes = {name: {"snmp/contact": "noc"} for name in FOUR}
    changes["ts3"] = {"snmp/contact": "desk"}
    result = adopt(read_fleet(FOUR, changes), tmp_path / "inventory")
    assert read(tmp_path / "inventory", ALL_FILE)["lantime_golden_config"]["snmp"]["contact"] == "noc"
    hosts = {name: read(tmp_path / "inventory", host_file(name))["lantime_golden_host"] for name in FOUR}
    assert {name: tree["snmp"].get("contact") for name, tree in hosts.items()} == {**dict.fromkeys(FOUR), "ts3": "desk"}
    assert [(each["host"], each["path"], each["peers"]) for each in result["deviations"]] == [
        ("ts3", "snmp/contact", {"agree": 3, "of": 3})
    ]
    text = (tmp_path / "inventory" / host_file("ts3")).read_text(encoding="utf-8")
    assert "# deviates: 3 of 3 others (all) have 'noc'" in text


def test_identity_is_in_the_files_of_hosts_and_read_only_values_in_none(tmp_path: Path) -> None:
    result = adopt(read_fleet(FOUR), tmp_path / "inventory")
    shared = read(tmp_path / "inventory", ALL_FILE)["lantime_golden_config"]["network"]
    assert "hostname" not in shared
    assert shared["ipv6-gateway"] == ""
    own = read(tmp_path / "inventory", host_file("ts1"))["lantime_golden_host"]["network"]
    assert own["hostname"]
    assert own["interfaces"]["vif0"]["ipv4"]["address"]
    text = "".join((tmp_path / "inventory" / name).read_text(encoding="utf-8") for name in result["written"])
    assert not any(name in text for name in ("mac-address", "dhcp-address", "link-local", "supported-types"))
    left_out = result["left_out"]["is set by the hardware or the network"]
    assert {"network/ports/*/mac-address", "network/interfaces/*/ipv4/dhcp-address"} <= set(left_out)


def test_secrets_are_placeholders_in_comments(tmp_path: Path) -> None:
    adopt(read_fleet(FOUR), tmp_path / "inventory", secrets=["snmp/contact"])
    text = (tmp_path / "inventory" / ALL_FILE).read_text(encoding="utf-8")
    assert '# password: "{{ vault_lantime_security_users_root_password }}"' in text
    assert "****" not in text
    assert "\n    # contact:" in text
    users = read(tmp_path / "inventory", ALL_FILE)["lantime_golden_config"]["security"]["users"]
    assert "password" not in users["root"]
    uncommented = text.replace("# password:", "password:")
    assert "password" in parse_document(uncommented)["lantime_golden_config"]["security"]["users"]["root"]


def test_a_secret_is_not_replaced_by_what_others_have_in_its_place(tmp_path: Path) -> None:
    """A number at this path is that of a key, and a text is a key."""
    changes: Tree = {name: {"ntp/manycast/key": 7} for name in FOUR}
    changes["ts2"] = {"ntp/manycast/key": "canary"}
    dest = tmp_path / "inventory"
    result = adopt(read_fleet(FOUR, changes), dest)
    assert "failed" not in result, result
    assert read(dest, host_file("ts1"))["lantime_golden_host"]["ntp"]["manycast"]["key"] == 7
    text = (dest / host_file("ts2")).read_text(encoding="utf-8")
    assert '# key: "{{ vault_lantime_ntp_manycast_key }}"' in text
    assert "canary" not in text
    most = {name: {"ntp/manycast/key": "canary" if name != "ts2" else 7} for name in FOUR}
    result = adopt(read_fleet(FOUR, most), tmp_path / "other")
    assert result["deviations"] == []
    assert read(tmp_path / "other", host_file("ts2"))["lantime_golden_host"]["ntp"]["manycast"]["key"] == 7


def test_settings_of_modules_become_rules_with_exceptions(tmp_path: Path) -> None:
    cable = "chassis0/slots/clk1/module/antenna/cable-length"
    name = "chassis0/slots/io5/name"
    changes: dict[str, dict[str, t.Any]] = {"a1": {name: "grid"}, "b1": {cable: 70}, "b2": {cable: 70}}
    dest = tmp_path / "inventory"
    result = adopt(read_fleet(TWO_AND_TWO, changes), dest, groups=["a", "b"], members=SITES)
    shared = read(dest, ALL_FILE)
    rules = {rule["families"][0]: rule for rule in shared["lantime_golden_modules"]}
    assert rules["FDM"]["config"]["module"]["fdm"]["nominal-frequency"] == 50
    assert rules["FDM"]["config"]["name"] == ""
    own = read(dest, host_file("a1"))["lantime_golden_host"]["modules"]
    assert own == [{"families": ["FDM"], "slots": ["io5"], "config": {"name": "grid"}, "override": True}]
    of_b = read(dest, "group_vars/b/lantime_golden.yml")["lantime_golden_of_b"]["modules"]
    assert [rule["config"]["module"]["antenna"] for rule in of_b if "GPS" in rule["families"]] == [{"cable-length": 70}]
    assert [each["path"] for each in result["deviations"]] == [name]


def test_groups_of_the_inventory_may_overlap(tmp_path: Path) -> None:
    names = dict.fromkeys("abcdef", "m600-7.10")
    servers = "notification/syslog/servers"
    changes: Tree = {name: {servers: "north" if name in "abc" else "south"} for name in names}
    changes["a"]["snmp/contact"] = changes["d"]["snmp/contact"] = "core"
    members = {"north": ["a", "b", "c"], "south": ["d", "e", "f", "x"], "core": ["a", "d"], "absent": ["x"]}
    dest = tmp_path / "inventory"
    adopt(read_fleet(names, changes), dest, groups=list(members), members=members)
    assert read(dest, "group_vars/core/lantime_golden.yml") == {"lantime_golden_of_core": {"snmp": {"contact": "core"}}}
    overlays = read(dest, ALL_FILE)["lantime_golden_overlays"]
    assert list(overlays) == ["north", "south", "core", "all"]
    children = read(dest, "lantime_hosts.yml")["all"]["children"]
    assert set(children["south"]["hosts"]) == {"d", "e", "f"}


def test_groups_are_proposed_where_the_fleet_falls_into_parts(tmp_path: Path) -> None:
    names = {f"ts{number}": "m600-7.10" for number in range(1, 7)}
    changes: Tree = {}
    for number, name in enumerate(names):
        site = "north" if number < 3 else "south"
        changes[name] = {"notification/syslog/servers": site, "snmp/contact": site}
    changes["ts2"]["snmp/retries"] = 9
    result = adopt(read_fleet(names, changes), tmp_path / "inventory")
    assert sorted(result["groups"].values()) == [["ts1", "ts2", "ts3"], ["ts4", "ts5", "ts6"]]
    one_model = adopt(read_fleet(FOUR), tmp_path / "other")
    assert one_model["groups"] == {}


def test_what_one_device_lacks_or_has_alone_is_a_deviation(tmp_path: Path) -> None:
    servers = "ntp/external-servers"
    item = {"address": "192.0.2.1"}
    changes: Tree = {name: {servers: {"1": dict(item)}} for name in FOUR}
    changes["ts2"] = {servers: []}
    changes["ts4"] = {servers: {"1": dict(item), "2": dict(item)}}
    result = adopt(read_fleet(FOUR, changes), tmp_path / "inventory")
    assert {(each["host"], each["path"], each["kind"]) for each in result["deviations"]} == {
        ("ts2", f"{servers}/1", "absent"),
        ("ts4", f"{servers}/2", "additional"),
    }


def test_texts_that_look_like_templates_stay_texts(tmp_path: Path) -> None:
    hostile = {"ts1": "{{ lookup('pipe', 'id') }}", "ts2": "{% raw %}", "ts3": "a: b # c", "ts4": "on"}
    changes = {name: {"snmp/contact": text} for name, text in hostile.items()}
    adopt(read_fleet(FOUR, changes), tmp_path / "inventory")
    for name, text in hostile.items():
        assert read(tmp_path / "inventory", host_file(name))["lantime_golden_host"]["snmp"]["contact"] == text
        written = (tmp_path / "inventory" / host_file(name)).read_text(encoding="utf-8")
        assert ("!unsafe" in written) == (name in ("ts1", "ts2"))


def test_devices_that_answer_in_part_are_named_and_the_others_adopted(tmp_path: Path) -> None:
    fleet = read_fleet({**FOUR, "../x": "m600-7.10"})
    fleet["ts1"] = [{"unreachable": True, "msg": "refused: nothing listens"}, {"skipped": True}]
    fleet["ts2"] = [fleet["ts2"][0], {"failed": True, "msg": "incomplete: the answer ended early"}]
    fleet["ts3"] = [{**fleet["ts3"][0], "value": {}}, fleet["ts3"][1]]
    result = adopt(fleet, tmp_path / "inventory")
    assert result["adopted"] == ["ts4"]
    assert result["not_adopted"] == {
        "../x": "the name of the host cannot be the name of a file",
        "ts1": "refused: nothing listens",
        "ts2": "incomplete: the answer ended early",
        "ts3": "the device answered without its configuration",
    }
    text = (tmp_path / "inventory" / "lantime_hosts.yml").read_text(encoding="utf-8")
    assert "# not adopted: ts1: refused: nothing listens" in text
    nothing = adopt({name: fleet[name] for name in ("ts1", "ts2")}, tmp_path / "other")
    assert nothing["error"]["code"] == "adopt"
    assert "ts1: refused: nothing listens; ts2: incomplete" in nothing["msg"]
    assert not (tmp_path / "other").exists()


def test_hosts_with_one_serial_number_are_refused(tmp_path: Path) -> None:
    fleet = read_fleet(FOUR)
    fleet["ts9"] = read_result("m600-7.10", 0, {})
    result = adopt(fleet, tmp_path / "inventory")
    assert result["error"]["code"] == "adopt"
    assert "several hosts have the same serial number: ts1, ts9" in result["msg"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("group", ["nowhere", "all"])
def test_an_unknown_group_is_refused(tmp_path: Path, group: str) -> None:
    result = adopt(read_fleet(FOUR), tmp_path / "inventory", groups=[group], members={"all": list(FOUR)})
    assert result["error"]["code"] == "option"
    assert f"groups names {group}" in result["msg"]


def test_nothing_is_written_that_would_change_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: t.Any) -> dict[str, str]:
        files = render_files(*arguments)
        return {**files, ALL_FILE: files[ALL_FILE].replace("stratum: 12", "stratum: 13")}

    monkeypatch.setattr(job, "render_files", wrong)
    result = adopt(read_fleet(FOUR), tmp_path / "inventory")
    assert result["error"]["code"] == "adopt"
    assert "would not be what the device ts1 has: ntp/local-clock: stratum" in result["msg"]
    assert list(tmp_path.iterdir()) == []


def test_check_mode_and_the_second_run(tmp_path: Path) -> None:
    dest = tmp_path / "inventory"
    options: dict[str, t.Any] = {"report_dir": str(tmp_path / "reports"), "update": True}
    predicted = adopt(read_fleet(FOUR), dest, check=True, diff=True, **options)
    assert predicted["changed"] is True
    assert list(tmp_path.iterdir()) == []
    first = adopt(read_fleet(FOUR), dest, **options)
    assert first["written"] == predicted["written"] == [each["after_header"] for each in predicted["diff"]]
    assert files_in(dest) == set(first["written"])
    report = json.loads((tmp_path / "reports" / "adopt.json").read_text(encoding="utf-8"))
    assert (report["format"], report["version"], report["adopted"]) == ("meinberg.lantime.adoption", 1, list(FOUR))
    second = adopt(read_fleet(FOUR), dest, **options)
    assert (second["changed"], second["written"]) == (False, [])


def test_an_update_needs_the_hosts_of_the_former_run(tmp_path: Path) -> None:
    fleet, dest = read_fleet(FOUR), tmp_path / "inventory"
    adopt(fleet, dest)
    before = (dest / ALL_FILE).read_text(encoding="utf-8")
    for_some = adopt({"ts1": fleet["ts1"]}, dest, update=True)
    assert for_some["error"]["code"] == "adopt"
    assert "has hosts that are not part of this run: ts2, ts3, ts4" in for_some["msg"]
    assert (dest / ALL_FILE).read_text(encoding="utf-8") == before
    (dest / "lantime_hosts.yml").write_text("# Written by meinberg.lantime.adopt.\n[broken", encoding="utf-8")
    broken = adopt(fleet, dest, update=True)
    assert "is not as the role adopt wrote it" in broken["msg"]


def test_names_that_are_no_part_of_a_golden_configuration_are_left_out(tmp_path: Path) -> None:
    snmp = {"..": 1, "{{ x }}": 2, "none": None, "infinite": float("inf"), "rows": [{"a": 1}, {"a": 2}], "kept": 1}
    odd = {"modules/slots": [1], "snmp": snmp}
    result = adopt(read_fleet(FOUR, dict.fromkeys(FOUR, odd)), tmp_path / "inventory")
    assert "failed" not in result, result
    shared = read(tmp_path / "inventory", ALL_FILE)["lantime_golden_config"]
    assert "modules" not in shared
    assert shared["snmp"] == {"kept": 1}
    assert set(result["left_out"]) >= {
        "has a name that cannot be part of a path",
        "has items that cannot be told apart",
        "has no value",
        "has the name of the rules for modules",
    }


def test_connection_variables_that_all_share_stand_once(tmp_path: Path) -> None:
    connection = {name: {"lantime_host": f"192.0.2.{number}", "lantime_port": 8443} for number, name in enumerate(FOUR)}
    adopt(read_fleet(FOUR), tmp_path / "inventory", connection=connection)
    group = read(tmp_path / "inventory", "lantime_hosts.yml")["all"]["children"]["lantime"]
    assert group["vars"] == {"lantime_port": 8443}
    assert group["hosts"]["ts3"] == {"lantime_host": "192.0.2.2"}


def test_families_that_a_module_shares_get_no_rules(tmp_path: Path) -> None:
    fleet = read_fleet({"a1": "m3000-7.10", "a2": "m3000-7.10"})
    shared, owners = next(iter(SHARED_TOKENS.items()))
    other = next(family for family in owners if family != family_of(shared))
    for _config, modules in fleet.values():
        for number, slot in enumerate(
            slot for slot in modules["modules"] if slot["slot_type"] == "io" and slot["populated"]
        ):
            # The model of one module can belong to the family of the others.
            model = shared if number == 0 else other.lower()
            slot.update(model=model, family=family_of(model))
    result = adopt(fleet, tmp_path / "inventory")
    assert "failed" not in result, result
    rules = read(tmp_path / "inventory", ALL_FILE)["lantime_golden_modules"]
    assert other not in {family for rule in rules for family in rule["families"]}


PLAIN_VALUES: list[t.Any] = [
    0,
    1,
    "",
    True,
    "a: b",
    "{{ x }}",
    "on",
    "1",
    1e-06,
    [],
    ["x"],
    "0.0.0.0",
    None,
    {},
    {"z": 1},
]


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(10))
def test_any_fleet_is_adopted(tmp_path: Path, seed: int) -> None:
    """Devices with values of other types, and without names that others have: the proof holds, and the second run changes nothing."""
    chosen = random.Random(seed)
    names = {f"ts{number}": chosen.choice(["m600-7.10", "m3000-7.08"]) for number in range(chosen.randint(2, 6))}
    fleet = read_fleet(names)
    for config, _modules in fleet.values():
        paths = [path for path, _value in leaves(config["value"])]
        for path in (*paths[:3], *chosen.sample(paths, 20)):
            menu: t.Any = config["value"]
            for name in path[:-1]:
                menu = menu.get(name) if isinstance(menu, dict) else None
            if isinstance(menu, dict) and path[-1] in menu:
                if chosen.random() < 0.3:
                    del menu[path[-1]]
                else:
                    menu[path[-1]] = chosen.choice(PLAIN_VALUES)
    members = {"one": list(names)[:3], "two": [name for name in names if chosen.random() < 0.5]}
    options: Tree = {"members": members, "groups": chosen.choice([[], ["one", "two"]]), "update": True}
    first = adopt(fleet, tmp_path / "inventory", **options)
    assert first["changed"] is True, first["msg"]
    assert adopt(fleet, tmp_path / "inventory", **options).get("changed") is False
