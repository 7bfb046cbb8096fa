# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs and schemas of others, which `make formats` installs in the directory FORMATS."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import typing as t
from pathlib import Path

import pytest

DIRECTORY = Path(os.environ.get("FORMATS") or os.devnull)
NODE_MODULES = DIRECTORY / "node_modules"
HTML_CHECKER = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
SARIF_TOOL = NODE_MODULES / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
SARIF_SCHEMA = SARIF_TOOL.with_name("sarif-2.1.0.json")
_TIMEOUT = 240


def junit_schema() -> Path:
    """The schema of the xUnit plug-in of Jenkins, which pytest ships for its own tests."""
    (found,) = DIRECTORY.glob("pytest-*/testing/example_scripts/junit-10.xsd")
    return found


def run(*command: str | Path, given: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        input=given,
        stdin=None if given is not None else subprocess.DEVNULL,
        capture_output=True,
        timeout=_TIMEOUT,
        check=False,
        text=True,
    )


def prometheus_program(name: str) -> Path:
    """A program of Prometheus. The test is skipped if the machine has none."""
    found = shutil.which(name, path=f"{DIRECTORY / 'debian' / 'usr' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return Path(found)


def free_address() -> str:
    """An address on loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


class Collector:
    """A node_exporter that reads the metrics in a directory."""

    def __init__(self, directory: Path) -> None:
        self.address = free_address()
        self._process = subprocess.Popen(
            [
                str(prometheus_program("prometheus-node-exporter")),
                "--collector.disable-defaults",
                "--collector.textfile",
                f"--collector.textfile.directory={directory}",
                f"--web.listen-address={self.address}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Collector:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if self.address in line:
                return self
        raise OSError("node_exporter has ended")

    def __exit__(self, *_error: t.Any) -> None:
        self._process.terminate()
        self._process.communicate(timeout=_TIMEOUT)
