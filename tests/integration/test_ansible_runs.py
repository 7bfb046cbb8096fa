# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is forked from a warm process is like one in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration import ansible_runs
from ansible_collections.meinberg.lantime.tests.integration.controller import recorded_environment

SETTINGS = ("ANSIBLE_HOME", "DEFAULT_LOCAL_TMP", "DEFAULT_FORKS", "DEFAULT_CALLBACK_PLUGIN_PATH", "GALAXY_TOKEN_PATH")
VALUES = {
    **{name: f"{{{{ lookup('ansible.builtin.config', '{name}') }}}}" for name in SETTINGS},
    "PLACE": "{{ lookup('ansible.builtin.env', 'PLACE') }}",
    "hour": "{{ '%H' | ansible.builtin.strftime(0) }}",
    "pid": "{{ lookup('ansible.builtin.pipe', 'echo $PPID') }}",
    "random": "{{ 1000000000 | ansible.builtin.random }}",
}
# Another one in each run.
OWN = ("pid", "random", "DEFAULT_LOCAL_TMP")
Play = dict[str, t.Any]


def run(
    place: Path, play: Play, *arguments: str, timeout: float = 300, **environ: str
) -> subprocess.CompletedProcess[str]:
    place.mkdir(exist_ok=True)
    (place / "play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, **play}]), "utf-8")
    env = {**recorded_environment(place, place / "results.jsonl"), **environ}
    return ansible_runs.run_ansible(
        "ansible-playbook", ["play.yml", *arguments], cwd=place, env=env, timeout=timeout, merged=False
    )


def values_of(place: Path) -> tuple[dict[str, t.Any], str]:
    """What a play sees of its process, and what its run prints as warnings."""
    results = place / "results.jsonl"
    results.unlink(missing_ok=True)
    play = {"tasks": [{"ansible.builtin.debug": {"msg": VALUES}}]}
    done = run(place, play, PLACE=place.name, TZ="Asia/Tokyo", ANSIBLE_FORKS="3")
    assert done.returncode == 0, done.stdout
    (line,) = results.read_text(encoding="utf-8").splitlines()
    values: dict[str, t.Any] = json.loads(line)["result"]["msg"]
    assert values["DEFAULT_LOCAL_TMP"].startswith(str(place / "tmp"))
    return values, done.stderr


@pytest.fixture
def forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is forked; the first of its kind is not."""

    def refuse(*_args: object) -> int:
        raise AssertionError("this run is not forked")

    monkeypatch.setenv("LANTIME_TEST_WARM", "1")
    run(tmp_path / "before", {"tasks": []})
    monkeypatch.setattr(ansible_runs, "_run", refuse)


def test_it_has_its_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [tmp_path / "one", tmp_path / "two"]
    monkeypatch.setenv("LANTIME_TEST_WARM", "0")
    plain = [values_of(place) for place in places]
    monkeypatch.setenv("LANTIME_TEST_WARM", "1")
    run(tmp_path / "before", {"tasks": []})
    monkeypatch.delattr(ansible_runs, "_run")
    forked = [values_of(place) for place in places]
    for name in OWN:
        assert len({values.pop(name) for values, dummy in plain + forked}) == 4, name
    assert forked == plain
    assert [values["PLACE"] for values, dummy in forked] == ["one", "two"]
    assert {values["DEFAULT_FORKS"] for values, dummy in forked} == {3}


@pytest.mark.usefixtures("forked")
def test_its_end_is_reported(tmp_path: Path) -> None:
    failed = run(tmp_path, {"tasks": [{"ansible.builtin.fail": {"msg": "no time"}}]})
    assert (failed.returncode, "no time" in failed.stdout) == (2, True)
    assert list((tmp_path / "tmp").iterdir()) == []
    usage = run(tmp_path, {"tasks": []}, "--no-such-option")
    assert (usage.returncode, "--no-such-option" in usage.stderr) == (2, True)
    killed = run(tmp_path, {"tasks": [], "serial": "{{ lookup('ansible.builtin.pipe', 'kill -9 $PPID') }}"})
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(subprocess.TimeoutExpired):
        run(tmp_path, {"tasks": [{"ansible.builtin.wait_for": {"timeout": 100}}]}, timeout=0.5)


@pytest.mark.usefixtures("forked")
def test_a_file_with_settings_needs_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ansible.cfg").write_text("[defaults]\nforks = 7\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="is not forked"):
        run(tmp_path, {"tasks": []})
