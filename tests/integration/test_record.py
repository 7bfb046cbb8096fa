# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_record: nothing personal is in the file, the replay is the same device, and an error leaves no file."""

from __future__ import annotations

import itertools
import json
import re
import stat
import typing as t
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_config,
    lantime_facts,
    lantime_health,
    lantime_module_info,
    lantime_record,
)
from ansible_collections.meinberg.lantime.tests.devices import JobOutcome, SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.paths import RECORDING_SCHEMA, RECORDINGS, read_json
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.personal import suspicions
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.schema import Leaf
from ansible_collections.meinberg.lantime.tests.simulator.tree import leaves as setting_leaves

Tree = dict[str, t.Any]
Steps = tuple[str | int, ...]

KEY = "the key of these tests"
SCHEMA = jsonschema.Draft202012Validator(read_json(RECORDING_SCHEMA))
# Canaries by the name of a leaf of the status; {} is a number that occurs once.
HOST, MAC, PERSON, SERIAL = "canary-{}.corp.net", "de:ad:be:{:02x}:{:02x}:77", "Canary Person{}", "0310{:08d}"
STATUS_CANARIES = {
    "serial-number": SERIAL,
    "master-serial": SERIAL,
    "hostname": HOST,
    "name": HOST,
    "id": "10.{}.{}.77",
    "address": "10.{}.{}.77",
    "cluster-ip": "10.{}.{}.77",
    "communication-ip": "10.{}.{}.77",
    "master-ip": "2a00:77::{:x}",
    "mac-address": MAC,
    "perm-hwaddr": MAC,
    "clock-identity": "deadbefffe{:02x}{:02x}77",
    "grandmaster-identity": "deadbefffe{:02x}{:02x}77",
    "current-team-master": HOST,
    "current-team-reference": HOST,
    "position": "51.77{:04d}, 9.77{:04d}",
}
NUMBERS = ("latitude", "longitude", "altitude", "position-x", "position-y", "position-z")
# By the name of a setting; all other texts become free text.
SETTING_CANARIES = {
    "hostname": "canary-{}",
    "domain": "canary-{}.net",
    "servers": "canary-{}.corp.net, 10.77.{}.77:514",
    "to": "canary.{}@corp.net",
    "from": "canary.{}@corp.net",
    "mac-address": MAC,
    "link-local": "fe80::77:{:x}",
    "user-name": "canaryuser{}",
    "smarthost-user": "canaryuser{}",
    "serial-number": SERIAL,
}
ADDRESSES = re.compile(r"(?:.*-)?(?:address[12]?|gateway|nameserver[12]?|ip)")
WORST = "-----BEGIN CERTIFICATE-----MIICanary{}-----END CERTIFICATE-----"


class Canaries:
    """Makes personal values that occur nowhere else."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self._numbers = itertools.count(1)

    def text(self, form: str) -> str:
        number = next(self._numbers)
        high, low = divmod(number, 200)
        made = form.format(low + 1, high + 1) if form.count("{") > 1 else form.format(number)
        # Each part alone would tell something.
        self.made += re.split(r"[ ,]+", made)
        return made

    def number(self) -> float:
        made = 51.77 + next(self._numbers) / 10_000
        self.made.append(str(made))
        return made


def plant_in_status(node: t.Any, canaries: Canaries, above: str = "") -> None:
    """Write canaries into a status tree, in place."""
    if isinstance(node, list):
        for item in node:
            plant_in_status(item, canaries, above)
    if not isinstance(node, dict):
        return
    for name, value in node.items():
        if name in ("syncmon", "addresses"):
            # They follow the configuration.
            continue
        if name in NUMBERS and isinstance(value, float):
            node[name] = canaries.number()
        elif name in STATUS_CANARIES and isinstance(value, str):
            node[name] = canaries.text(STATUS_CANARIES[name])
        else:
            plant_in_status(value, canaries, name)
    if "model" in node and "software-revision" in node:
        node["new-comment"] = canaries.text(PERSON)
        node["new-certificate"] = canaries.text(WORST)


def plant_in_settings(device: DeviceHandle, canaries: Canaries) -> None:
    """Write canaries into all texts of a configuration, also those that only the device itself writes."""
    simulated = device._device
    config = simulated.config
    texts = [
        (path, leaf)
        for path, leaf, _value in setting_leaves(config.root, config.running)
        if leaf.kind == "string" and path[-1] not in ("netmask", "dhcp-netmask")
    ]
    users = {("security", "users", user, "password") for user in device.users}
    for path, leaf in texts:
        if path not in users:
            for tree in (config.candidate, config.running, config.startup):
                put(
                    tree,
                    path,
                    setting(path, leaf, canaries) if tree is config.candidate else value_of(config.candidate, path),
                )
    for table, item in (("security/users", {"level": "info", "password": canaries.text("secretcanary{}")}),):
        device.change(f"{table}/{canaries.text('canaryuser{}')}", item)
    if "syncmon" in config.root.children:
        device.change(f"syncmon/nodes/{canaries.text('canary-site-{}')}", {"address": canaries.text("10.{}.{}.77")})


def setting(path: tuple[str, ...], leaf: Leaf, canaries: Canaries) -> str:
    if leaf.secret:
        return canaries.text("secretcanary{}")
    if path[-1] in SETTING_CANARIES:
        return canaries.text(SETTING_CANARIES[path[-1]])
    return canaries.text("10.{}.{}.77" if ADDRESSES.fullmatch(path[-1]) else PERSON)


def put(tree: Tree, path: tuple[str, ...], value: t.Any) -> None:
    for name in path[:-1]:
        tree = tree[name]
    tree[path[-1]] = value


def value_of(tree: t.Any, path: t.Sequence[str]) -> t.Any:
    for name in path:
        tree = tree[name]
    return tree


def plant(fleet: Fleet, device: DeviceHandle) -> Canaries:
    canaries = Canaries()

    def change() -> None:
        plant_in_status(device._device.base_status, canaries)
        if device._device.profile.information is None:
            device._device.identity = device._device.identity._replace(serial=canaries.text(SERIAL))

    fleet.call(change)
    plant_in_settings(device, canaries)
    return canaries


# -- canaries

PROFILES = [
    pytest.param(name, marks=[] if name in ("m300-7.06", "m600-7.10", "m3000-7.10") else [pytest.mark.thorough])
    for name in PROFILE_NAMES
]
SOURCES = [*PROFILES, *(pytest.param(f"recording:{file}", id=file.stem) for file in RECORDINGS)]


@pytest.mark.parametrize("profile", SOURCES)
def test_no_canary_is_in_the_file(profile: str, tmp_path: Path) -> None:
    dest = tmp_path / "recording.json"
    with Fleet([DeviceSpec("source", profile, secret_get="clear")], freeze=True) as fleet:
        canaries = plant(fleet, fleet["source"])
        outcome = run_in_process(fleet["source"], lantime_record, user="root", dest=str(dest))
        open_file = tmp_path / "open.json"
        run_in_process(fleet["source"], lantime_record, user="root", dest=str(open_file), anonymize=False)
        shown = open_file.read_text(encoding="utf-8") + json.dumps(fleet["source"].running())
    assert outcome.code is None, outcome.result
    text = dest.read_text(encoding="utf-8").casefold()
    # All of them were there to be found.
    assert len(canaries.made) > 40
    assert [canary for canary in canaries.made if canary not in shown] == []
    assert [canary for canary in canaries.made if canary.casefold() in text] == []
    assert "canary" not in text
    recorded = json.loads(text)
    assert suspicions(json.loads(dest.read_text(encoding="utf-8"))) == []
    assert recorded["replaced"]["secret"] > 0


# -- the replay


def leaves(node: t.Any, at: Steps = ()) -> t.Iterator[tuple[Steps, t.Any]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, (*at, name))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from leaves(value, (*at, place))
    else:
        yield at, node


class Translation:
    """The stand-in of each value, from two recordings of one device of which one is not anonymized."""

    def __init__(self, open_file: Path, anonymized_file: Path) -> None:
        self._stand_ins: dict[t.Any, t.Any] = {}
        originals, replaced = self._values(open_file), self._values(anonymized_file)
        assert len(originals) == len(replaced)
        for original, made in zip(originals, replaced):
            assert type(original) is type(made)
            if original != made:
                assert self._stand_ins.setdefault(original, made) == made
        # No two values have the same stand-in.
        assert len(set(self._stand_ins.values())) == len(self._stand_ins)
        texts = sorted((text for text in self._stand_ins if isinstance(text, str)), key=len, reverse=True)
        self._pattern = re.compile(r"(?<![\w.:-])(?:" + "|".join(map(re.escape, texts)) + r")(?![\w.:-]*\w)")

    @staticmethod
    def _values(file: Path) -> list[t.Any]:
        answers = read_json(file)["answers"]
        found: list[t.Any] = []
        for answer in answers:
            for path, value in leaves(answer["body"]):
                # Facts have no padding.
                found += [value.strip() if isinstance(value, str) else value]
                found += [step for step in path if isinstance(step, str)]
        return found

    def of(self, value: t.Any) -> t.Any:
        """A result with the stand-ins of all values in it."""
        if isinstance(value, dict):
            return {self.of(name): self.of(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.of(item) for item in value]
        if isinstance(value, str):
            return self._pattern.sub(lambda match: str(self._stand_ins[match.group()]), value)
        return self._stand_ins.get(value, value) if isinstance(value, float) else value


def unordered(value: t.Any) -> t.Any:
    """A result whose lists of texts are sorted, as the order of names is not that of their stand-ins."""
    if isinstance(value, dict):
        return {name: unordered(member) for name, member in value.items()}
    if isinstance(value, list):
        items = [unordered(item) for item in value]
        return sorted(items) if all(isinstance(item, str) for item in items) else items
    return value


DESIRED = {
    "ntp": {"local-clock": {"stratum": 9}, "external-servers": {"1": {"address": "192.0.2.1"}}},
    "snmp": {"contact": "noc", "location": "hall"},
    "network": {"interfaces": {"vif0": {"label": "uplink"}}},
    "security": {"users": {"info": {"level": "info"}}},
}
RULES = [{"families": ["FDM"], "config": {"fdm": {"maximum-frequency": 50.1}}, "when_absent": "ignore"}]


def everything_of(device: DeviceHandle, journals: Path) -> dict[str, Tree]:
    """What the modules say of a device."""

    def result(module: t.Any, **options: t.Any) -> Tree:
        outcome: JobOutcome = run_in_process(device, module, user="root", **options)
        assert outcome.code is None, outcome.result
        return outcome.result

    return {
        "facts": result(lantime_facts, gather_subset=["all", "config"]),
        "module_info": result(lantime_module_info, config=True),
        "health": result(lantime_health, fail_on="never"),
        "plan": result(
            lantime_config,
            config=DESIRED,
            modules=RULES,
            missing="create",
            check=True,
            diff=True,
            journal_path=str(journals),
        ),
    }


@pytest.mark.parametrize("profile", SOURCES)
def test_the_replay_is_the_same_device_but_for_replaced_values(profile: str, tmp_path: Path) -> None:
    open_file, anonymized_file = tmp_path / "open.json", tmp_path / "anonymized.json"
    with Fleet(
        [DeviceSpec("source", profile, hostname="ts7", domain="corp.net", autosave=False)], freeze=True
    ) as fleet:
        fleet["source"].change("security/users/jane", {"level": "info", "password": "something"})
        fleet["source"].change("snmp/contact", "Jane Doe")
        fleet["source"].advance(60)  # until the events of these changes have fired
        for file, anonymize in ((open_file, False), (anonymized_file, True)):
            options: dict[str, t.Any] = {"dest": str(file), "anonymize": anonymize, "anonymize_key": KEY}
            assert run_in_process(fleet["source"], lantime_record, user="root", **options).code is None
        expected = everything_of(fleet["source"], tmp_path / "journals")
    with Fleet([DeviceSpec("replay", f"recording:{anonymized_file}")], freeze=True) as fleet:
        shown = everything_of(fleet["replay"], tmp_path / "journals")
    translation = Translation(open_file, anonymized_file)
    for name, result in expected.items():
        translated = dict(leaves(unordered(translation.of(result))))
        replayed = dict(leaves(unordered(shown[name])))
        differences = {
            path: (translated.get(path), replayed.get(path))
            for path in {**translated, **replayed}
            if translated.get(path) != replayed.get(path)
        }
        assert differences == {}, name
        assert len(replayed) > 10


# -- the file


def test_the_file_is_private_and_has_the_documented_form(fleet: SharedFleet, tmp_path: Path) -> None:
    device, dest = fleet["ims"], tmp_path / "new" / "ims.json"
    outcome = run_in_process(device, lantime_record, user="info", dest=str(dest))
    assert outcome.code is None, outcome.result
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    recorded = read_json(dest)
    assert [error.message for error in SCHEMA.iter_errors(recorded)] == []
    assert {entry["method"] for entry in device.ledger} == {"GET"}
    assert len(device.ledger) == outcome.result["requests"] == len(recorded["answers"]) == 12
    assert [answer["purpose"] for answer in recorded["answers"]] == [
        "root",
        "status",
        "status",
        "scalar",
        "list",
        "item",
        "configuration",
        "configuration",
        "scalar",
        "list",
        "item",
        "unknown_path",
    ]
    assert outcome.result["replaced"] == recorded["replaced"]
    assert all(answer["milliseconds"] > 0 and answer["bytes"] > 0 for answer in recorded["answers"])


@pytest.mark.parametrize("form", [{"request_error": "html"}, {"config_root": "none"}, {"root_get": "status-only"}])
def test_devices_with_other_forms_are_recorded(form: dict[str, str], fleet: SharedFleet, tmp_path: Path) -> None:
    fleet["ts710"].set_dialect(**form)
    dest = tmp_path / "ts710.json"
    assert run_in_process(fleet["ts710"], lantime_record, dest=str(dest)).code is None
    recorded = read_json(dest)
    assert [error.message for error in SCHEMA.iter_errors(recorded)] == []
    assert suspicions(recorded) == []


def test_a_device_without_a_configuration_is_recorded_without_it(fleet: SharedFleet, tmp_path: Path) -> None:
    fleet["ts710"].set_dialect(root_get="status-only")
    fleet["ts710"].add_fault("status", status=404, path="/api/config")
    dest = tmp_path / "ts710.json"
    outcome = run_in_process(fleet["ts710"], lantime_record, dest=str(dest))
    assert outcome.code is None, outcome.result
    assert outcome.result["config_root"] is None
    assert outcome.warnings == ["The recording holds no configuration, as its root was not found; config_root sets it."]
    recorded = read_json(dest)
    assert [error.message for error in SCHEMA.iter_errors(recorded)] == []
    assert recorded["config_root"] is None
    assert "search" in {answer["purpose"] for answer in recorded["answers"]}
    with Fleet([DeviceSpec("replay", f"recording:{dest}")], freeze=True) as replay:
        facts = run_in_process(replay["replay"], lantime_facts).result["ansible_facts"]
    assert facts["ansible_net_model"] == "M600"


def test_nothing_is_written_in_check_mode(fleet: SharedFleet, tmp_path: Path) -> None:
    outcome = run_in_process(fleet["ts710"], lantime_record, check=True, dest=str(tmp_path / "new" / "ts1.json"))
    assert outcome.code is None
    assert outcome.result["replaced"]["serial_number"] == 2
    assert list(tmp_path.iterdir()) == []


def test_one_key_gives_the_same_stand_ins_for_all_devices(fleet: SharedFleet, tmp_path: Path) -> None:
    found = []
    for name, key in (("ts710", KEY), ("ts706", KEY), ("ts706", "another key of these tests")):
        fleet[name].change("snmp/contact", "Jane Doe")
        dest = tmp_path / "recording.json"
        assert run_in_process(fleet[name], lantime_record, dest=str(dest), anonymize_key=key).code is None
        assert key not in dest.read_text(encoding="utf-8")
        found.append(next(value for path, value in leaves(read_json(dest)) if path[-2:] == ("snmp", "contact")))
    assert found[0] == found[1] != found[2]


FAULTS: dict[str, tuple[str, str, Tree]] = {
    "status refused": ("api_disabled", "status", {"status": 404, "path": "/api/status"}),
    "raw status fails": ("server_error", "status", {"path": "/api/status", "nth": 2}),
    "configuration refused": ("forbidden", "status", {"status": 403, "path": "/api/config"}),
    "half an answer": ("incomplete", "truncated", {"path": "/api/config", "nth": 2}),
    "half a tree": ("content", "garbage", {"path": "/api/config"}),
    "no answer": ("disconnected", "close-before-answer", {"path": "/api/config/network/ports"}),
    "busy": ("busy", "status", {"status": 503, "path": "/api/config/network/hostname"}),
    "login refused later": ("auth_failed", "status", {"status": 401, "path": "/api/config/network"}),
    "login page": ("api_disabled", "login-page", {"path": "/api/status"}),
}


@pytest.mark.parametrize("case", FAULTS)
def test_an_error_leaves_no_file(case: str, fleet: SharedFleet, tmp_path: Path) -> None:
    code, kind, members = FAULTS[case]
    fleet["ts710"].add_fault(kind, **members)
    outcome = run_in_process(fleet["ts710"], lantime_record, retries=0, dest=str(tmp_path / "new" / "ts1.json"))
    assert outcome.result["error"]["code"] == code, outcome.result
    assert list(tmp_path.iterdir()) == []


def test_another_file_is_not_replaced(fleet: SharedFleet, tmp_path: Path) -> None:
    other = tmp_path / "site.yml"
    other.write_text("- hosts: all\n")
    newer = tmp_path / "newer.json"
    newer.write_text('{"format": "meinberg.lantime.recording", "version": 2}')
    for dest, sentence in (
        (other, "exists and is not a recording"),
        (newer, "exists and is not a recording"),
        (tmp_path, "is the directory"),
    ):
        outcome = run_in_process(fleet["ts710"], lantime_record, dest=str(dest))
        assert outcome.code == "recording"
        assert sentence in outcome.result["msg"]
    assert len(fleet["ts710"].ledger) == 0
    unwritable = run_in_process(fleet["ts710"], lantime_record, dest=str(other / "ts1.json"))
    assert unwritable.code == "recording"
    assert "cannot be written" in unwritable.result["msg"]
    assert other.read_text() == "- hosts: all\n"
    for force in (True, False):
        assert run_in_process(fleet["ts710"], lantime_record, dest=str(other), force=force).code is None


def test_a_short_key_is_refused_before_the_first_request(fleet: SharedFleet, tmp_path: Path) -> None:
    dest = str(tmp_path / "ts1.json")
    outcome = run_in_process(fleet["ts710"], lantime_record, dest=dest, anonymize_key="short")
    assert outcome.code == "option"
    assert "short" not in json.dumps(outcome.result)
    assert len(fleet["ts710"].ledger) == 0
