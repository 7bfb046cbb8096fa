# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of examples that are neither plays nor commands: variables, inventories, pipelines, rulebooks and programs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import typing as t
from collections import Counter
from pathlib import Path

import pytest
from jinja2 import Environment

from ansible_collections.meinberg.lantime.tests.examples import standins
from ansible_collections.meinberg.lantime.tests.examples.conftest import ALL, QUICK, MakeReader, numbered
from ansible_collections.meinberg.lantime.tests.examples.find import (
    CONFIGURATION,
    EVENTS,
    FORMAT,
    INVENTORY,
    JSON,
    PIPELINE,
    PYTHON,
    REQUIREMENTS,
    RULEBOOK,
    SOURCE,
    VARIABLES,
    Example,
    UnclassifiedError,
    examples_of,
    find_examples,
    form_of,
    parse,
)
from ansible_collections.meinberg.lantime.tests.examples.plan import (
    FORMATS,
    IN_MAKE_TEST,
    OTHER_TEST,
    OUTPUTS,
    site_of_inventory,
)
from ansible_collections.meinberg.lantime.tests.examples.reader import USERS, Reader
from ansible_collections.meinberg.lantime.tests.examples.test_consoles import make_page_reader
from ansible_collections.meinberg.lantime.tests.examples.test_plays import faults_of
from ansible_collections.meinberg.lantime.tests.integration.event_queue import EventQueue, run_async
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import without_unsafe_marks
from ansible_collections.meinberg.lantime.tests.paths import ROOT

Tree = dict[str, t.Any]

FOUND = find_examples()


def cases(*forms: str, quick: t.Collection[str] = IN_MAKE_TEST) -> list[t.Any]:
    """The examples of these forms; make test runs those of few sources."""
    return [
        pytest.param(each, marks=() if each.source in quick else (pytest.mark.thorough,), id=each.name)
        for each in FOUND
        if form_of(each) in forms and (each.source, form_of(each)) not in OTHER_TEST
    ]


def test_every_example_is_run_or_says_that_it_is_none() -> None:
    assert Counter(each.source for each in FOUND if form_of(each) == FORMAT) == FORMATS
    for (source, form), path in OTHER_TEST.items():
        assert any((each.source, form_of(each)) == (source, form) for each in FOUND), source
        assert (ROOT / path).exists()
    assert {each.name for each in FOUND} >= OUTPUTS


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("README.md", "```ruby\nputs 1\n```\n"),
        ("README.md", "```yaml\nsomething: {else: 1}\n```\n"),
        ("docs/docsite/rst/new.rst", ".. code-block:: yaml\n\n    - 1\n"),
        ("README.md", "The command:\n\n    ansible-playbook site.yml\n"),
        ("docs/docsite/rst/new.rst", "The command::\n\n    ansible-playbook site.yml\n"),
        ("docs/docsite/rst/new.rst", "The program:\n\n>>> 1 + 1\n2\n"),
        ("plugins/modules/lantime_new.py", 'EXAMPLES = """\na: 1\n"""\n'),
    ],
)
def test_a_new_form_of_example_fails(source: str, text: str) -> None:
    (example,) = examples_of(source, text)
    with pytest.raises(UnclassifiedError, match="new example, not run"):
        form_of(example)


def test_commands_within_sentences_name_targets_and_playbooks_that_are_there() -> None:
    paths = [*ROOT.glob("*.md"), *ROOT.glob("roles/*/README.md"), *ROOT.glob("docs/docsite/rst/*.rst")]
    code = {each for path in paths for each in re.findall(r"`([^`\n]+)`", path.read_text("utf-8"))}
    targets = {name for each in code for name in re.findall(r"^make ([a-z-]+)", each)}
    assert len(targets) > 10
    for target in sorted(targets):
        standins.make([target])
    playbooks = {name for each in code for name in re.findall(r"^ansible-playbook .*?meinberg\.lantime\.(\w+)", each)}
    assert playbooks
    assert playbooks <= {path.stem for path in ROOT.glob("playbooks/*.yml")}


def run_playbook(reader: Reader, example: Example, playbook: str) -> int:
    # All devices in one ring.
    rings = """-e '{"fleet_config_rings": ["100%"]}'"""
    done = reader.run(f"ansible-playbook meinberg.lantime.{playbook} -i inventory.yml {rings}")
    faults = faults_of(example, done)
    assert not faults, "\n".join([example.name, *faults])
    return done.code


@pytest.mark.parametrize("example", cases(VARIABLES, quick=()))
def test_variables(make_reader: MakeReader, example: Example) -> None:
    """Variables of a fleet are understood by the playbooks that read them, and a golden configuration can be reached."""
    reader = make_reader(numbered(ALL))
    # The last file of a directory wins over that of the reader.
    name = example.file_name or "group_vars/all/z.yml"
    if "vars/" not in name:
        name = f"group_vars/lantime/{name}"
    if name == "group_vars/all.yml":
        name = "group_vars/all/z.yml"
    if name == "group_vars/lantime.yml":
        name = "group_vars/lantime/page.yml"
    reader.write(name, example.text)
    if "lantime_tls_fingerprint" in example.text:
        reader.pin()
    if "health_check_" in example.text:
        assert run_playbook(reader, example, "health_check") in (0, 2)
        return
    if "lantime_golden" in example.text and example.name not in OUTPUTS:
        assert run_playbook(reader, example, "fleet_config") == 0
        assert run_playbook(reader, example, "drift_check") == 0
    else:
        assert run_playbook(reader, example, "drift_check") in (0, 2)


@pytest.mark.parametrize("example", cases(INVENTORY))
def test_an_inventory(make_reader: MakeReader, example: Example) -> None:
    reader = make_page_reader(make_reader, example.source, QUICK)
    done = reader.run("ansible lantime -i inventory.yml -m meinberg.lantime.lantime_facts")
    assert done.code == 0, done.output
    assert "ts1 | SUCCESS" in done.output


@pytest.mark.parametrize("example", cases(REQUIREMENTS))
def test_requirements(example: Example, tmp_path: Path) -> None:
    (tmp_path / "requirements.yml").write_text(example.text, encoding="utf-8")
    standins.ansible_galaxy(["collection", "install", "-r", str(tmp_path / "requirements.yml")])


def documents_of(text: str) -> list[str]:
    """The configurations of an example of the inventory plugin, those in comments too."""
    commented = re.findall(r"(?:^#   .*\n)+", text, re.MULTILINE)
    return [re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), *(re.sub("(?m)^#   ", "", each) for each in commented)]


@pytest.mark.parametrize("example", cases(SOURCE))
def test_a_configuration_of_the_inventory_plugin(make_reader: MakeReader, example: Example) -> None:
    documents = documents_of(example.text)
    assert len(documents) == len(re.findall(r"^(?:#   )?plugin:", example.text, re.MULTILINE))
    reader = make_reader(site_of_inventory())
    lab = reader.site.fleet["192.0.2.17"]
    reader.write("ts-lab.sha256", lab.fingerprint)
    reader.write("machine/run/secrets/lantime", USERS["reader"])
    hosts = {"ts01": {"lantime_host": "ts01.example.com"}}
    reader.write("hosts.yml", {"time_servers": {"hosts": hosts, "vars": {"lantime_ca_path": "ca.pem"}}})
    for document in documents:
        reader.write("lantime.yml", reader.place(document))
        environ = {} if "ca_path" in document else {"SSL_CERT_FILE": "ca.pem", "REQUESTS_CA_BUNDLE": "ca.pem"}
        sources = "-i hosts.yml -i lantime.yml" if "group:" in document else "-i lantime.yml"
        done = reader.run(f"ansible-inventory {sources} --list 2>messages", **environ)
        messages = (reader.directory / "messages").read_text("utf-8")
        assert done.code == 0, messages
        hosts = without_unsafe_marks(json.loads(done.output))["_meta"]["hostvars"]
        states = [(name, each.get("lantime_status"), each.get("lantime_problem")) for name, each in hosts.items()]
        assert any(state == "ok" for dummy, state, dummy2 in states), (messages, states)
        assert "networks:" in document or all(state == "ok" for dummy, state, dummy2 in states), (messages, states)


def scripts_of(document: Tree) -> t.Iterator[tuple[list[str], list[str]]]:
    """The commands of each job of GitLab or GitHub, and the files that it keeps."""
    for job in document.get("jobs", {}).values():
        steps = job["steps"]
        options = [step["with"] for step in steps if "with" in step]
        kept = [each[key] for each in options for key in ("path", "sarif_file") if key in each]
        yield [step["run"] for step in steps if "run" in step], kept
    for job in document.values():
        if isinstance(job, dict) and "script" in job:
            artifacts = job.get("artifacts", {})
            yield (
                [*job.get("before_script", []), *job["script"]],
                [*artifacts.get("paths", []), *artifacts.get("reports", {}).values()],
            )


@pytest.mark.parametrize("example", cases(PIPELINE))
def test_a_pipeline(make_reader: MakeReader, example: Example) -> None:
    """The job ends with 2 on drift, with 0 without it, and leaves what it keeps."""
    reader = make_page_reader(make_reader, example.source, QUICK)
    for expected in (2, 0):
        ((commands, kept),) = scripts_of(parse(example.text))
        codes = []
        for command in commands:
            done = reader.run(command, GITHUB_STEP_SUMMARY="summary.md")
            codes.append(done.code)
            assert not faults_of(example, done)
        assert max(codes) == expected, done.output
        assert kept
        assert all((reader.directory / path).exists() for path in kept)
        assert reader.run("ansible-playbook meinberg.lantime.fleet_config -i inventory.yml -e @golden.yml").code == 0


def arguments_of(example: Example, reader: Reader) -> Tree:
    """The arguments of the event source, rendered with the variables of a rulebook."""
    given = {"ts2_fingerprint": reader.site.fleet["192.0.2.12"].fingerprint, "lantime_password": USERS["monitor"]}
    (entry,) = parse(Environment(autoescape=False).from_string(reader.place(example.text)).render(given))
    source = entry["sources"][0] if "sources" in entry else entry
    arguments: Tree = source["meinberg.lantime.lantime_events"]
    return arguments


@pytest.mark.parametrize("example", cases(EVENTS, RULEBOOK))
def test_an_event_source(make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch, example: Example) -> None:
    reader = make_reader(
        (*numbered(QUICK[:3]), ("192.0.2.12", QUICK[2]), ("ts1", QUICK[0]), ("ts2", QUICK[1]), ("ts3", QUICK[2]))
    )
    for name, value in (
        ("https_proxy", reader.site.proxy.url),
        ("LANTIME_USERNAME", "reader"),
        ("LANTIME_PASSWORD", "..."),
    ):
        monkeypatch.setenv(name, value)
    arguments = arguments_of(example, reader)
    for path in ("machine/etc/ssl/lantime-ca.pem", "machine/var/lib/eda/.keep"):
        reader.write(path, Path(next(iter(reader.hosts.values())).ca).read_text("utf-8"))
    names = [each if isinstance(each, str) else each["host"] for each in arguments["hosts"]]

    async def poll() -> None:
        async with EventQueue({**arguments, "initial": "active"}) as queue:
            waiting = set(names)
            while waiting:
                event = await queue.next()
                assert event["kind"] == "event_raised", event
                waiting -= {event["host"], {"ts2": "192.0.2.12"}.get(event["host"], "")}

    run_async(poll())


@pytest.mark.parametrize("example", cases(CONFIGURATION))
def test_a_configuration_of_ansible(make_reader: MakeReader, example: Example) -> None:
    reader = make_reader(numbered(QUICK))
    reader.write("ansible.cfg", example.text)
    done = reader.run("env -u ANSIBLE_FORKS -u ANSIBLE_CONFIG ansible-config dump --only-changed")
    wanted = re.findall(r"(?m)^(\w+) *= *(.*)$", example.text)
    assert wanted
    for key, value in wanted:
        assert re.search(rf"{key.upper()}\(.*ansible\.cfg\) = {value}$", done.output, re.MULTILINE), done.output


@pytest.mark.parametrize("example", cases(JSON))
def test_a_setting_of_an_editor(example: Example) -> None:
    for key in json.loads(example.text):
        assert key.startswith("yaml."), key


@pytest.mark.parametrize("example", cases(PYTHON))
def test_a_program(example: Example) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example.text], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
