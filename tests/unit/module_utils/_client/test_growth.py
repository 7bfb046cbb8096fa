# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory of a task whose device sends as much as it can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._client.test_session import http

HEAD = b'{"system-information": {"serial-number": "1", "model": "M600", "version": "7.10.008"}, "data": {"status": '
SMALL = HEAD + b"{}}}"
BODIES = {
    "lists": b"[" + b"[]," * 2_000_000 + b"[]]",
    "lists within the bounds": b"[" + b"[]," * 24_900 + b"[]]",
    "objects within the bounds": b"[" + b'{"a":{}},' * 9_900 + b"0]",
    "wide text": b'"' + "\U0001f600".encode() + b"x" * 1_000_000 + b'"',
    "names within the bounds": b"{" + b",".join(b'"%d":{}' % n for n in range(16_000)) + b"}",
}
# The server sends a file without reading it, so that only the client needs memory.
SCRIPT = """
import contextlib, re, socket, sys, threading, types
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config_info, lantime_facts
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
listener = socket.create_server(("127.0.0.1", 0))
path = [sys.argv[1]]
def serve():
    while True:
        connection = listener.accept()[0]
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines, open(path[0], "rb") as answer:
            while lines.readline().strip():
                pass
            connection.sendfile(answer)
threading.Thread(target=serve, daemon=True).start()
users = {"admin": "canary-word"}
device = types.SimpleNamespace(host="127.0.0.1", port=listener.getsockname()[1], ca="", users=users)
def run():
    for module in (lantime_facts, lantime_config_info):
        run_in_process(device, module, use_tls=False, ca_path=None, retries=0)
def highest():
    with open("/proc/self/status") as lines:
        return int(re.search(r"VmHWM:\\s+(\\d+)", lines.read()).group(1))
run()
before = highest()
path[0] = sys.argv[2]
run()
print(highest() - before)
"""


def growth_in_megabytes(answer: bytes, directory: Path) -> float:
    files = [directory / "small", directory / "large"]
    for file, content in zip(files, (http(200, SMALL), answer)):
        file.write_bytes(content)
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, files)],
        env={**os.environ, "PYTHONPATH": str(COLLECTIONS)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout.split()[-1]) / 1024


pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the memory of a process is read from /proc"
)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_costs_less_than_20_megabytes(name: str, tmp_path: Path) -> None:
    assert growth_in_megabytes(http(200, HEAD + BODIES[name] + b"}}"), tmp_path) < 20


def test_headers_cost_less_than_20_megabytes(tmp_path: Path) -> None:
    headers = {f"X-{number}": "y" * 65_000 for number in range(95)}
    assert growth_in_megabytes(http(200, SMALL, **headers), tmp_path) < 20
