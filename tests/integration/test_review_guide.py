# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines in the guide for reviews run as they stand, each job in a checkout of its own, and their artifacts hold no secret."""

from __future__ import annotations

import json
import re
import shutil
import stat
import textwrap
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_record
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables, run_in_process
from ansible_collections.meinberg.lantime.tests.examples.find import find_examples
from ansible_collections.meinberg.lantime.tests.integration.canaries import files_below, find_canaries
from ansible_collections.meinberg.lantime.tests.integration.controller import user_environment
from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, PROGRAMS
from ansible_collections.meinberg.lantime.tests.programs import run_program

Tree = dict[str, t.Any]

GUIDE = "docs/docsite/rst/plans.rst"
HOST = "ts710"
SECRET = "Canary-community-4711"
VAULT_PASSWORD = "Canary-vault-0815"
GOLDEN = """\
fleet_config_update_secrets: always
lantime_golden_config:
  ntp: {local-clock: {stratum: 10}}
  snmp:
    contact: time@example.com
    read-community: !vault |
"""
# Programs of the runners that the jobs call: what they would install is there, and gh says what it was told.
STANDINS = {
    "pip": "exit 0",
    "ansible-galaxy": "exit 0",
    "gh": 'printf \'%s\\n\' "$@" >> "$GH_CALLS"; shift 6; cat "$1" >> "$GH_CALLS"',
}


class Job(t.NamedTuple):
    """A job of a pipeline. environment: whose secrets it gets.  keeps: artifacts that it leaves.  needs: jobs whose artifacts it gets."""

    commands: list[str]
    environment: str
    keeps: list[str]
    needs: list[str]
    variables: dict[str, str]


def pipeline(name: str) -> Tree:
    (text,) = [each.text for each in find_examples() if (each.source, each.file_name) == (GUIDE, name)]
    return t.cast("Tree", yaml.safe_load(text))


def gitlab_jobs() -> dict[str, Job]:
    document = pipeline(".gitlab-ci.yml")
    jobs = {}
    for name in document["stages"]:
        job = document[name]
        environment = job.get("environment", "")
        jobs[name] = Job(
            [*job.get("before_script", document["default"]["before_script"]), *job["script"]],
            environment["name"] if isinstance(environment, dict) else environment,
            job.get("artifacts", {}).get("paths", []),
            job.get("needs", []),
            {},
        )
    return jobs


def github_jobs() -> dict[str, Job]:
    jobs = {}
    for name, job in pipeline(".github/workflows/fleet.yml")["jobs"].items():
        steps = job["steps"]
        kept = [step["with"]["path"] for step in steps if step.get("uses", "").startswith("actions/upload-artifact@")]
        gets = any(step.get("uses", "").startswith("actions/download-artifact@") for step in steps)
        jobs[name] = Job(
            [step["run"] for step in steps if "run" in step],
            job.get("environment", ""),
            [path for text in kept for path in text.split()],
            [job["needs"]] if gets else [],
            {k: v for step in steps for k, v in step.get("env", {}).items()},
        )
    return jobs


class Runner:
    """Runs jobs of a pipeline, each in a checkout of its own. secrets: by environment."""

    def __init__(self, directory: Path, secrets: dict[str, dict[str, str]], variables: dict[str, str]) -> None:
        self.directory = directory
        self.secrets = secrets
        self.variables = variables
        self.repository = directory / "repository"
        self.artifacts = directory / "artifacts"
        self.calls = directory / "gh.txt"
        programs = directory / "programs"
        programs.mkdir()
        for name, text in STANDINS.items():
            (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            (programs / name).chmod(stat.S_IRWXU)
        known = user_environment(directory)
        self._environment = {
            **known,
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "GH_CALLS": str(self.calls),
            "PATH": f"{programs}:{PROGRAMS}:{known['PATH']}",
        }

    def run(self, name: str, job: Job) -> tuple[int, str]:
        """The exit code and the output of a job."""
        place = self.directory / f"job-{name}"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.repository, place)
        for needed in job.needs:
            shutil.copytree(self.artifacts / needed, place, dirs_exist_ok=True)
        environment = {**self._environment, **self.variables, "CI_PROJECT_DIR": str(place), **self._variables_of(job)}
        outcome = run_program(["bash", "-e", "-o", "pipefail", "-c", "\n".join(job.commands)], place, environment)
        shutil.rmtree(self.artifacts / name, ignore_errors=True)
        for path in job.keeps:
            shutil.copytree(place / path, self.artifacts / name / path)
        return outcome

    def _variables_of(self, job: Job) -> dict[str, str]:
        own = self.secrets.get(job.environment, {})
        if not job.variables:
            return own
        # GitHub gives a step what it names: secrets.NAME and vars.NAME of the environment, and github.NAME.
        named = {k: re.fullmatch(r"\${{ \w+\.([\w.]+) }}", v) for k, v in job.variables.items()}
        return {k: own.get(match[1], match[1]) for k, match in named.items() if match}


@pytest.fixture
def runner(fleet: SharedFleet, tmp_path: Path) -> Runner:
    """A repository with one device, a golden configuration with a secret, and a recording."""
    variables = host_variables(fleet[HOST])
    login = {name: variables.pop(name) for name in ("lantime_username", "lantime_password")}
    assert login["lantime_username"] == "admin"
    repository = tmp_path / "repository"
    (repository / "recordings").mkdir(parents=True)
    recorded = run_in_process(fleet[HOST], lantime_record, dest=str(repository / "recordings" / f"{HOST}.json"))
    assert recorded.code is None
    inventory = {"lantime": {"hosts": {HOST: variables}, "vars": {"ansible_connection": "local"}}}
    (repository / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    encrypted = VaultLib().encrypt(SECRET, secret=VaultSecret(VAULT_PASSWORD.encode())).decode("ascii")
    (repository / "golden.yml").write_text(GOLDEN + textwrap.indent(encrypted, " " * 6), encoding="utf-8")
    (tmp_path / "vault").write_text(VAULT_PASSWORD, encoding="utf-8")

    vault = {"VAULT_PASSWORD": VAULT_PASSWORD}

    def account(user: str) -> dict[str, str]:
        return {"LANTIME_USERNAME": user, "LANTIME_PASSWORD": fleet[HOST].users[user], **vault}

    return Runner(tmp_path, {"fleet-plan": account("info"), "fleet": account("admin")}, {})


class _Notes(HTTPServer):
    """The notes of a merge request, as the API of GitLab takes them."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str | None, str]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Notes

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        self.server.notes.append((self.path, self.headers["PRIVATE-TOKEN"], parse_qs(body)["body"][0]))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *dummy: object) -> None:
        pass


@pytest.fixture
def notes() -> t.Iterator[_Notes]:
    with _Notes() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def check_page(text: str) -> None:
    assert "**1 device would be changed by" in text
    assert "snmp/read-community" in text
    assert "+ stratum: 10" in text


def run_pipeline(runner: Runner, jobs: dict[str, Job], fleet: SharedFleet) -> None:
    """Run the jobs until the change is approved, and look for secrets in what they leave."""
    assert list(jobs) == ["validate", "plan", "comment", "apply"]
    for name in ("validate", "plan", "comment"):
        code, output = runner.run(name, jobs[name])
        assert code == 0, output
        assert fleet[HOST].ledger.writes == 0
    code, output = runner.run("apply", jobs["apply"])
    assert code == 0, output
    assert fleet[HOST].running()["snmp"]["contact"] == "time@example.com"
    assert fleet[HOST].running()["snmp"]["read-community"] == SECRET
    assert fleet[HOST].running() == fleet[HOST].startup()
    assert len(files_below(runner.artifacts, ())) >= 3
    passwords = [fleet[HOST].users[user] for user in ("info", "admin")]
    assert find_canaries([SECRET, VAULT_PASSWORD, *passwords], files_below(runner.artifacts, ())) == []


@pytest.mark.thorough
def test_the_pipeline_of_gitlab(runner: Runner, fleet: SharedFleet, notes: _Notes) -> None:
    url = f"http://127.0.0.1:{notes.server_address[1]}/api/v4"
    token = {"LANTIME_BOT_TOKEN": "glpat-1", "CI_API_V4_URL": url}
    vault = {"ANSIBLE_VAULT_PASSWORD_FILE": str(runner.directory / "vault")}
    runner.variables = {**token, **vault, "CI_PROJECT_ID": "7", "CI_MERGE_REQUEST_IID": "42", "no_proxy": "127.0.0.1"}
    run_pipeline(runner, gitlab_jobs(), fleet)
    ((path, token_sent, body),) = notes.notes
    assert (path, token_sent) == ("/api/v4/projects/7/merge_requests/42/notes", "glpat-1")
    check_page(body)


@pytest.mark.thorough
def test_the_pipeline_of_github(runner: Runner, fleet: SharedFleet) -> None:
    runner.variables = {"GITHUB_REPOSITORY": "example/fleet"}
    jobs = github_jobs()
    run_pipeline(runner, jobs, fleet)
    arguments, dummy, body = runner.calls.read_text("utf-8").partition("<!--")
    expected = ["pr", "comment", "event.number", "--repo", "example/fleet", "--body-file", "lantime-report/plans.md"]
    assert arguments.split() == expected
    check_page(body)
    # Somebody changes the device, and the job is started again.
    fleet[HOST].change("ntp/local-clock/stratum", 3)
    code, output = runner.run("apply", jobs["apply"])
    assert code == 2, output
    report = json.loads((runner.artifacts / "apply/lantime-report/rollout.json").read_text("utf-8"))
    assert report["hosts"][0]["error"]["code"] == "plan_changed"
