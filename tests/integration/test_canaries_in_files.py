# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each registered writer of files writes, and what the event source sends and logs, while secrets are in use: never a secret."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base import files
from ansible_collections.meinberg.lantime.plugins.module_utils._client.refused_logins import (
    LoginOutcome,
    RefusedLogins,
    account_of,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_config,
    lantime_config_info,
    lantime_facts,
    lantime_module_info,
    lantime_record,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt import job as adopt_job
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import job as report_job
from ansible_collections.meinberg.lantime.tests.devices import (
    SharedFleet,
    connection_options,
    run_in_process,
)
from ansible_collections.meinberg.lantime.tests.integration.canaries import ProcessObserver, find_canaries, forms_of
from ansible_collections.meinberg.lantime.tests.integration.event_queue import EventQueue, run_async
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

PASSWORD = "Canary\"Pass&w0rd <\u00e9>:%41'x"
FIELDS = {"read-community": "Canary-read'1<&>", "write-community": "Canary-write-2"}
SECRETS = [PASSWORD, *FIELDS.values()]


@pytest.fixture(scope="module")
def started() -> t.Iterator[SharedFleet]:
    names = {"root": PASSWORD, "info": PASSWORD}
    passwords = {f"password_{name}": value for name, value in names.items()}
    with SharedFleet([DeviceSpec("ts1", "m600-7.10", autosave=False, **passwords)], freeze=True) as fleet:
        yield fleet


@pytest.fixture
def device(started: SharedFleet) -> t.Any:
    return started.reset()["ts1"]


class Written:
    """The content of every file that a registered writer replaces or creates, by writer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.contents: dict[str, list[bytes]] = {}
        for name in ("write", "create", "open_lock"):
            self._watch(monkeypatch, name)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        original = getattr(files.FileWriter, name)

        def watched(writer: files.FileWriter, path: Path, *content: bytes) -> t.Any:
            self.contents.setdefault(writer.name, []).extend([str(path).encode(), *content])
            return original(writer, path, *content)

        monkeypatch.setattr(files.FileWriter, name, watched)

    def outputs(self) -> dict[str, str]:
        return {name: b"\n".join(parts).decode("utf-8", "replace") for name, parts in self.contents.items()}


def change(device: t.Any, place: Path, **more: t.Any) -> t.Any:
    return run_in_process(
        device,
        lantime_config,
        user="root",
        diff=True,
        config={"snmp": {**FIELDS, "location": "hall 7"}, "ntp": {"local-clock": {"stratum": 7}}},
        update_secrets="on_change",
        journal_path=str(place / "journal"),
        plan_dest=str(place / "ts1.plan.json"),
        verify_grace=0.1,
        retries=0,
        **more,
    )


def remember_refusal(device: t.Any, place: Path) -> None:
    login = account_of(connection_options(device, "root"))
    assert login is not None
    RefusedLogins(place).remember([(login, LoginOutcome(False, has_changed=True))])


def write_report(device: t.Any, place: Path, changed: t.Any, failed: t.Any) -> None:
    facts = run_in_process(device, lantime_facts, user="root", gather_subset=["all", "config"]).result["ansible_facts"]
    error = {"kind": "failed", "code": failed.code, "message": failed.result["msg"]}
    drift: dict[str, t.Any] = {"mode": "golden", "state": "drift", "sections": [], "differences": []}
    for operation in changed.result["operations"]:
        entry = {"section": "snmp", "path": operation["path"], "op": "replace", "class": "config", "severity": "error"}
        drift["differences"].append({**entry, "before": operation["before"], "after": operation["after"]})
    hosts = [{"host": "a", "facts": facts, "drift": drift}, {"host": "b", "error": error}]
    defaults = {name: option.get("default") for name, option in report_job.SPEC.options.items()}
    formats = report_job.SPEC.options["formats"]["choices"]
    params = {**defaults, "dest": str(place / "reports"), "hosts": hosts, "formats": formats}
    outcome = run_job(report_job.run, JobContext(params, False, True, lambda _text: None))
    assert "failed" not in outcome, outcome


def take_to_the_desk(device: t.Any, place: Path) -> list[t.Any]:
    """The outcomes of recordings and of an adoption with all that the device shows."""
    recorded = [
        run_in_process(
            device, lantime_record, user="root", dest=str(place / f"{kind}.json"), anonymize=kind == "hidden"
        )
        for kind in ("hidden", "plain")
    ]
    read = [run_in_process(device, job, user="root").result for job in (lantime_config_info, lantime_module_info)]
    defaults = {name: option.get("default") for name, option in adopt_job.SPEC.options.items()}
    given = {"results": {"ts1": read}, "members": {}, "connection": {}, "dest": str(place / "inventory")}
    adopted = run_job(adopt_job.run, JobContext({**defaults, **given}, False, True, lambda _text: None))
    assert adopted.get("failed") is None, adopted
    assert [each.code for each in recorded] == [None, None]
    return [*(each.result for each in recorded), *read, adopted]


async def poll_events(device: t.Any, place: Path) -> list[t.Any]:
    arguments = {
        **{name: value for name, value in connection_options(device, "info").items() if name not in ("host", "port")},
        "hosts": [{"name": "ts1", "host": device.host, "port": device.port}],
        "interval": 0.02,
        "retries": 0,
        "initial": "active",
        "lost_after": 1,
        "state_path": str(place / "events.json"),
    }
    events = []
    async with EventQueue(arguments) as queue:
        events.append(await queue.next())
        device.add_fault("reflect", status=500, form="text")
        while events[-1]["kind"] != "device_lost":
            events.append(await queue.next())
    return events


def test_no_registered_writer_writes_a_secret(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    written = Written(monkeypatch)
    device.add_fault("reflect", status=400, method="PUT", path="/api/config/snmp")
    failed = change(device, tmp_path / "failed")
    # The device masks the secrets, so nothing proves that they are the former ones.
    assert failed.code == "rollback_failed", failed.result
    device.clear_faults()
    done = change(device, tmp_path)
    assert done.code is None, done.result
    assert device.running()["snmp"]["read-community"] == FIELDS["read-community"]
    saved = run_in_process(device, lantime_backup, user="root", dir_path=str(tmp_path))
    assert saved.code is None, saved.result
    remember_refusal(device, tmp_path)
    write_report(device, tmp_path, done, failed)
    desk = take_to_the_desk(device, tmp_path)
    events: list[t.Any] = []

    async def collect() -> None:
        events.extend(await poll_events(device, tmp_path))

    run_async(collect())
    assert set(written.contents) == set(files.WRITERS)
    outputs = {**written.outputs(), "events": json.dumps(events), "log": caplog.text}
    outputs["results"] = json.dumps([*(each.result for each in (failed, done, saved)), *desk])
    assert find_canaries(SECRETS, outputs) == []


@pytest.mark.parametrize("form", sorted(forms_of(PASSWORD)))
def test_the_search_finds_each_form(form: str) -> None:
    assert find_canaries(SECRETS, {"output": f"before {form} after", "other": "nothing"}) != []


def test_the_observer_sees_arguments_and_environment(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "input()", FIELDS["read-community"]]
    with ProcessObserver(tmp_path) as observer:
        process = subprocess.Popen(program, cwd=tmp_path, env={"CANARY": PASSWORD}, stdin=subprocess.PIPE)
        while process.poll() is None and not find_canaries(SECRETS, observer.outputs()):
            observer.observed.wait(1)
        process.communicate(b"\n")
    found = find_canaries(SECRETS, observer.outputs())
    assert any("process arguments" in text for text in found)
    assert any("process environment" in text for text in found)
