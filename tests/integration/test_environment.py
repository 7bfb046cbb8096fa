# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of a task through both entry points: proxies and connection options."""

from __future__ import annotations

import http.server
import threading
import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

FACTS = "meinberg.lantime.lantime_facts"


class RecordingProxy:
    """A proxy that refuses everything; requests holds what it was asked, with the Authorization header."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                proxy.requests.append(f"{self.command} {self.headers.get('Authorization')}")
                self.send_response(403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_PUT = do_CONNECT = answer  # noqa: N815

            def log_message(self, *args: t.Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> RecordingProxy:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def proxy() -> t.Iterator[RecordingProxy]:
    with RecordingProxy() as server:
        yield server


@pytest.fixture(autouse=True)
def no_proxy_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def read_facts(controller: Controller, entry_point: str, environment: t.Any, **options: t.Any) -> Run:
    variables = {"ts710": {"lantime_use_proxy": True, **options.pop("variables", {})}}
    task = {FACTS: {}, "environment": environment}
    return controller.play(task, "ts710", entry_point=entry_point, variables=variables, **options)


@each_entry_point
@pytest.mark.parametrize("name", ["HTTPS_PROXY", pytest.param("all_proxy", marks=pytest.mark.thorough)])
def test_the_proxy_of_the_task_is_used(
    controller: Controller, fleet: Fleet, proxy: RecordingProxy, entry_point: str, name: str
) -> None:
    run = read_facts(controller, entry_point, {name: "{{ place }}"}, variables={"place": proxy.url})
    assert run.only["error"]["code"] == "proxy"
    assert proxy.requests == ["CONNECT None"]
    assert len(fleet["ts710"].ledger) == 0


@each_entry_point
@pytest.mark.parametrize(
    ("process", "task"),
    [
        ("https_proxy", "HTTPS_PROXY"),
        pytest.param("HTTPS_PROXY", "https_proxy", marks=pytest.mark.thorough),
        pytest.param("HTTPS_PROXY", "HTTPS_PROXY", marks=pytest.mark.thorough),
    ],
)
def test_the_task_comes_before_the_process(
    controller: Controller, proxy: RecordingProxy, entry_point: str, process: str, task: str
) -> None:
    with RecordingProxy() as other:
        read_facts(controller, entry_point, {task: proxy.url}, environ={process: other.url})
        assert (proxy.requests, other.requests) == (["CONNECT None"], [])


@each_entry_point
@pytest.mark.thorough
def test_the_task_comes_before_the_block_and_the_play(
    controller: Controller, fleet: Fleet, proxy: RecordingProxy, entry_point: str
) -> None:
    """The block sets another proxy than the play, and a task in it none."""
    with RecordingProxy() as other:
        tasks = [
            {FACTS: {}, "ignore_errors": True},
            {
                "environment": {"HTTPS_PROXY": other.url},
                "block": [
                    {FACTS: {}, "ignore_errors": True},
                    {FACTS: {}, "environment": {"no_proxy": fleet["ts710"].host}},
                ],
            },
        ]
        run = controller.play(
            tasks,
            "ts710",
            entry_point=entry_point,
            variables={"ts710": {"lantime_use_proxy": True}},
            play={"environment": {"https_proxy": proxy.url}},
        )
        assert [result.outcome for result in run.results] == ["failed", "failed", "ok"], run.output
        assert (proxy.requests, other.requests) == (["CONNECT None"], ["CONNECT None"])


@each_entry_point
def test_the_task_can_name_devices_without_a_proxy(
    controller: Controller, fleet: Fleet, proxy: RecordingProxy, entry_point: str
) -> None:
    environ = {"https_proxy": proxy.url, "no_proxy": "ts9"}
    run = read_facts(controller, entry_point, [{"A": "b"}, {"NO_PROXY": fleet["ts710"].host}], environ=environ)
    assert run.code == 0, run.output
    assert proxy.requests == []


@each_entry_point
def test_options_of_the_task_come_before_those_of_the_process(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    device = fleet["ts710"]
    variables = {"lantime_password": None, "lantime_username": None}
    environment = {"LANTIME_USERNAME": "info", "LANTIME_PASSWORD": "{{ word }}"}
    run = read_facts(
        controller,
        entry_point,
        environment,
        variables={**variables, "lantime_use_proxy": False, "word": device.users["info"]},
        environ={"LANTIME_USERNAME": "admin", "LANTIME_PASSWORD": "wrong"},
    )
    assert run.code == 0, run.output
    assert {entry["user"] for entry in device.ledger} == {"info"}


@pytest.fixture(scope="module")
def plain_fleet() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec("plain", "m600-7.10", tls=False)], freeze=True) as fleet:
        yield fleet


@each_entry_point
@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("task", "http_proxy"),
        pytest.param("process", "HTTP_PROXY", marks=pytest.mark.thorough),
        pytest.param("process", "ALL_PROXY", marks=pytest.mark.thorough),
    ],
)
def test_credentials_in_clear_text_go_through_no_proxy(
    controller: Controller, plain_fleet: Fleet, proxy: RecordingProxy, entry_point: str, source: str, name: str
) -> None:
    device = plain_fleet["plain"]
    device.ledger.clear()
    variables = {
        "lantime_host": device.host,
        "lantime_port": device.port,
        "lantime_use_tls": False,
        "lantime_username": "info",
        "lantime_password": device.users["info"],
    }
    where = {"task": ({name: proxy.url}, {}), "process": ({}, {name: proxy.url})}
    environment, environ = where[source]
    run = controller.play(
        {FACTS: {}, "environment": environment},
        "plain",
        entry_point=entry_point,
        variables={"plain": variables},
        environ=environ,
    )
    assert (run.results[0].outcome, run.only["error"]["code"]) == ("failed", "proxy")
    assert "clear-text HTTP through a proxy" in run.only["msg"]
    assert (proxy.requests, len(device.ledger)) == ([], 0)
    direct = controller.play(
        {FACTS: {}, "environment": {**environment, "no_proxy": device.host}},
        "plain",
        entry_point=entry_point,
        variables={"plain": variables},
        environ=environ,
    )
    assert direct.code == 0, direct.output
    assert proxy.requests == []
