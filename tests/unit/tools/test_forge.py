# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of GitHub and the jobs of GitLab call targets that are there, and their steps run as far as they go without a forge."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.paths import DOCS, ROOT
from ansible_collections.meinberg.lantime.tools import matrix

Tree = dict[str, t.Any]

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB: Tree = yaml.safe_load((DOCS / "gitlab-ci.yml").read_text("utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
VERSION = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))["version"]
COMBINATIONS = sorted([*(each.name for each in matrix.combinations()), matrix.TARGET])
# A forge gives these to a step.
GIVEN = {
    "GITHUB_REF_NAME": VERSION,
    "GITHUB_RUN_ID": "1",
    "GITHUB_SERVER_URL": "https://forge.example",
    "GITHUB_REPOSITORY": "meinberg/lantime",
    "CI_COMMIT_TAG": VERSION,
}
EXPRESSIONS = {
    "github.token": "x",
    "github.repository": "meinberg/lantime",
    "inputs.version": VERSION,
    "secrets.GALAXY_TOKEN": "x",
    "needs.stage.result": "success",
    "needs.matrix.result": "success",
}
STUB = '#!/bin/sh\nprintf "%s" "${0##*/}" >>"$CALLS"; printf " <%s>" "$@" >>"$CALLS"; echo >>"$CALLS"\n'
ANSWER = f'case "$*" in "--silent version") echo {VERSION};; esac\n'


def load(path: Path) -> Tree:
    """A workflow; YAML 1.1 takes its key "on" for true."""
    data: t.Any = yaml.safe_load(path.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in data.items()}


def expand(job: Tree) -> list[Tree]:
    """The values of the matrix of a job on GitHub, one tree for each run of the job."""
    axes = dict(job.get("strategy", {}).get("matrix", {}))
    included = axes.pop("include", [])
    product = [dict(zip(axes, values)) for values in itertools.product(*axes.values())] if axes else []
    return [*product, *included] or [{}]


def parallel(job: Tree) -> list[Tree]:
    """The variables of each run of a job on GitLab."""
    runs: list[Tree] = []
    for axes in job.get("parallel", {}).get("matrix", [{}]):
        lists = [value if isinstance(value, list) else [value] for value in axes.values()]
        runs += [dict(zip(axes, values)) for values in itertools.product(*lists)]
    return runs


def substitute(text: str, values: Tree) -> str:
    known = {**EXPRESSIONS, **{f"matrix.{name}": value for name, value in values.items()}}
    return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda match: known[match[1]], text)


class Script(t.NamedTuple):
    """A script of a job with its variables."""

    name: str
    text: str
    variables: dict[str, str]


def github_scripts() -> t.Iterator[Script]:
    for path in WORKFLOWS:
        for name, job in load(path)["jobs"].items():
            for values, step in itertools.product(expand(job), job["steps"]):
                if "run" in step:
                    variables = {key: substitute(value, values) for key, value in step.get("env", {}).items()}
                    label = "-".join([path.stem, name, *values.values(), step["name"]])
                    yield Script(label, step["run"], variables)


def gitlab_scripts() -> t.Iterator[Script]:
    for name, job in GITLAB.items():
        for values in parallel(job) if isinstance(job, dict) and "script" in job else []:
            yield Script("-".join(["gitlab", name, *values.values()]), "\n".join(job["script"]), values)


SCRIPTS = [*github_scripts(), *gitlab_scripts()]


def run_script(script: Script, directory: Path) -> list[str]:
    """Run a script as a forge does, with stand-ins for the programs, and return their calls."""
    calls = directory / "calls"
    for program in ("make", "gh", "ansible-galaxy", "python"):
        stub = directory / program
        stub.write_text(STUB + (ANSWER if program == "make" else ""), "utf-8")
        stub.chmod(0o755)
    calls.touch()
    path = f"{directory}{os.pathsep}/usr/bin{os.pathsep}/bin"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", script.text],
        cwd=directory,
        env={"PATH": path, "CALLS": str(calls), **GIVEN, **script.variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return calls.read_text("utf-8").splitlines()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_each_script_runs_and_calls_targets_that_are_there(script: Script, tmp_path: Path) -> None:
    for call in run_script(script, tmp_path):
        program, *arguments = re.findall(r"^[\w-]+|(?<=<)[^>]*", call)
        if program == "make":
            targets = {each for each in arguments if "=" not in each and not each.startswith("-")}
            assert targets, call
            assert targets <= TARGETS, call


def test_a_release_whose_tag_is_not_the_version_stops(tmp_path: Path) -> None:
    script = next(each for each in SCRIPTS if "--silent version" in each.text and "GITHUB" in each.text)
    wrong = script._replace(variables={"GITHUB_REF_NAME": "0.0.1"})
    with pytest.raises(AssertionError):
        run_script(wrong, tmp_path)


def test_both_forges_run_each_combination_and_the_same_stages() -> None:
    jobs = load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    included = jobs["matrix"]["strategy"]["matrix"]["include"]
    assert sorted(each["combination"] for each in included) == COMBINATIONS
    for each in included:
        assert each["python"] == (each["combination"].partition("-")[2] or matrix.OLDEST_TARGET)
    of_gitlab = [f"{run['CORE']}-{run['PYTHON']}" for run in parallel(GITLAB["matrix"])]
    assert sorted([*of_gitlab, matrix.TARGET]) == COMBINATIONS
    stages = jobs["stage"]["strategy"]["matrix"]["target"]
    assert sorted(run["TARGET"] for run in parallel(GITLAB["stage"])) == sorted(stages)
    tested = MAKEFILE.partition("\nSTAGES := ")[2].partition("\n")[0].split()
    assert set(tested) <= set(stages)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_no_more_rights_than_it_needs(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    writing = {
        (name, right)
        for name, job in workflow["jobs"].items()
        for right, level in job["permissions"].items()
        if level != "read"
    }
    assert writing == ({("attach", "contents")} if path.stem == "release" else set())
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 120, name
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), (
                "an expression in a script can be made a command by who names a branch"
            )
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}|", step.get("uses", "")), step
            secret = "secrets." in str(step)
            assert not secret or (path.stem, name) == ("publish", "publish")
