# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exit codes that the documentation promises are those of the programs."""

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.examples.conftest import QUICK, MakeReader, numbered
from ansible_collections.meinberg.lantime.tests.examples.reader import Reader
from ansible_collections.meinberg.lantime.tests.paths import ROOT

_PAGES = "docs/docsite/rst"
_MENTION = re.compile(r"exit code|exits with")
_CODE = re.compile(r"(?<![\w.:-])\d{1,2}(?=[ ,.;)\n]|$)")
# Numbers beside exit codes in generated tables of faults are no promises of a command.
_NOT_READ = {f"{_PAGES}/fault_matrix.rst"}

_DRIFT = "ansible-playbook meinberg.lantime.drift_check -i inventory.yml -e @golden.yml"
_HEALTH = "ansible-playbook meinberg.lantime.health_check -i inventory.yml"
_ADOPT = "ansible-playbook meinberg.lantime.adopt -i inventory.yml -e adopt_dest=adopted"
_FACTS = "ansible lantime -i inventory.yml -m meinberg.lantime.lantime_facts"
_CHECK = "python -m tests.simulator --check-recording"


def _nothing(reader: Reader) -> None:
    del reader


def _same(reader: Reader) -> None:
    reader.write("golden.yml", "lantime_golden_config: {ntp: {local-clock: {stratum: 12}}}")


def _one_away(reader: Reader) -> None:
    reader.write("host_vars/ts1/away.yml", {"lantime_host": "127.0.0.1", "lantime_port": 1, "lantime_use_proxy": False})


def _all_away(reader: Reader) -> None:
    for name in reader.hosts:
        reader.write(
            f"host_vars/{name}/away.yml", {"lantime_use_proxy": False, "lantime_host": "127.0.0.1", "lantime_port": 1}
        )


def _refused(reader: Reader) -> None:
    reader.write("host_vars/ts1/refused.yml", {"lantime_password": "another one"})


def _twice(reader: Reader) -> None:
    reader.write(
        "inventory.yml", {"lantime": {"hosts": {name: {"lantime_host": "ts1.example.com"} for name in ("ts1", "a")}}}
    )
    reader.write("host_vars/a/reader.yml", (reader.directory / "host_vars/ts1/reader.yml").read_text("utf-8"))


def _synchronized(reader: Reader) -> None:
    reader.write("inventory.yml", {"lantime": {"hosts": {"ts3": {"lantime_host": "ts3.example.com"}}}})


def _sick(reader: Reader) -> None:
    next(iter(reader.hosts.values())).raise_incident("antenna-fault")


def _recorded(reader: Reader) -> None:
    reader.record()


def _personal(reader: Reader) -> None:
    reader.record()
    path = reader.directory / "recordings/ts3.json"
    path.write_text(path.read_text("utf-8").replace('"contact": "', '"contact": "jane.doe@utility.example '), "utf-8")


class Promise(t.NamedTuple):
    """What a reader has, the command, and its exit code."""

    prepare: t.Callable[[Reader], None]
    command: str
    code: int


PROMISES = {
    "clean": Promise(_same, _DRIFT, 0),
    "drift": Promise(_nothing, _DRIFT, 2),
    "away": Promise(_one_away, _DRIFT, 4),
    "refused": Promise(_refused, _DRIFT, 2),
    "invalid": Promise(_nothing, f"{_DRIFT} -e drift_check_threshold=5", 2),
    "healthy": Promise(_synchronized, _HEALTH, 0),
    "sick": Promise(_sick, _HEALTH, 2),
    "health-away": Promise(_one_away, _HEALTH, 4),
    "adopted": Promise(_nothing, _ADOPT, 0),
    "adopt-away": Promise(_one_away, _ADOPT, 4),
    "adopt-refused": Promise(_refused, _ADOPT, 2),
    "adopt-none": Promise(_all_away, _ADOPT, 2),
    "adopt-twice": Promise(_twice, _ADOPT, 2),
    "rollout": Promise(_refused, "ansible-playbook meinberg.lantime.fleet_config -i inventory.yml -e @golden.yml", 2),
    "facts-away": Promise(_one_away, _FACTS, 4),
    "facts-refused": Promise(_nothing, f"{_FACTS} -a gather_subset=nothing", 2),
    "recording": Promise(_recorded, f"{_CHECK} recordings/ts3.json", 0),
    "personal": Promise(_personal, f"{_CHECK} recordings/ts3.json", 1),
    "no-recording": Promise(_nothing, f"{_CHECK} golden.yml", 2),
}
# The promises of each text, by the numbers that it names beside exit codes.
TEXTS: dict[str, dict[int, tuple[str, ...]]] = {
    "README.md": {0: ("clean",), 2: ("drift",)},
    f"{_PAGES}/adopt.rst": {2: ("adopt-refused", "adopt-none", "adopt-twice"), 4: ("adopt-away",)},
    f"{_PAGES}/alarms.rst": {2: ("sick",), 4: ("health-away",)},
    f"{_PAGES}/ci.rst": {0: ("clean",), 2: ("drift", "refused"), 4: ("away",)},
    f"{_PAGES}/drift.rst": {0: ("clean",)},
    f"{_PAGES}/errors.rst": {2: ("facts-refused",), 4: ("facts-away",)},
    f"{_PAGES}/first_steps.rst": {0: ("clean",), 2: ("drift",)},
    f"{_PAGES}/fleet.rst": {0: ("clean", "healthy"), 2: ("drift", "sick", "refused", "invalid"), 4: ("away",)},
    f"{_PAGES}/maintenance.rst": {2: ("rollout",)},
    f"{_PAGES}/recordings.rst": {1: ("personal",)},
    f"{_PAGES}/simulator.rst": {0: ("recording",), 1: ("personal",), 2: ("no-recording",)},
    "roles/adopt/README.md": {0: ("adopted",), 2: ("adopt-refused",), 4: ("adopt-away",)},
    "roles/drift_check/README.md": {0: ("clean",), 2: ("drift",), 4: ("away",)},
}


def numbers_of(text: str) -> set[int]:
    """The numbers in the paragraphs of a text that mention exit codes."""
    ignored = re.compile(r"`[^`\n]*`|\([^)]*ref:[^)]*\)|^\d+\. ", re.MULTILINE)
    paragraphs = re.split(r"\n\s*\n", ignored.sub("", text))
    return {int(number) for each in paragraphs if _MENTION.search(each) for number in _CODE.findall(each)}


def test_each_promised_exit_code_is_checked() -> None:
    paths = [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md")), *sorted(ROOT.glob(f"{_PAGES}/*.rst"))]
    found = {path.relative_to(ROOT).as_posix(): numbers_of(path.read_text("utf-8")) for path in paths}
    named = {source: numbers for source, numbers in found.items() if numbers and source not in _NOT_READ}
    assert named == {source: set(codes) for source, codes in TEXTS.items()}
    for source, codes in TEXTS.items():
        for code, names in codes.items():
            assert [PROMISES[name].code for name in names] == [code] * len(names), source
    assert {name for codes in TEXTS.values() for names in codes.values() for name in names} == set(PROMISES)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "drift" else (pytest.mark.thorough,)) for name in PROMISES]
)
def test_an_exit_code(make_reader: MakeReader, name: str) -> None:
    reader = make_reader(numbered(QUICK))
    promise = PROMISES[name]
    promise.prepare(reader)
    done = reader.run(promise.command)
    assert done.code == promise.code, done.output
    if name == "invalid":
        assert reader.report("drift")["outcome"] == "invalid"
