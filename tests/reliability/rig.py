# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs lantime_config, or another module, without Ansible: in this process to its end, or killed at a chosen point."""

from __future__ import annotations

import errno
import functools
import multiprocessing
import os
import signal
import threading
import typing as t
import warnings
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base import files
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal
from ansible_collections.meinberg.lantime.tests.devices import job_context, run_in_process

Tree = dict[str, t.Any]
Hook = t.Callable[[str, str], None]

# Part of every secret and credential of these tests; no file and no result may hold it.
CANARY = "canary"


def run_config(device: t.Any, config: Tree, *, journal: Path, check: bool = False, **options: t.Any) -> Tree:
    """The result of lantime_config on a simulated device."""
    given = {"config": config, "journal_path": str(journal), **options}
    return run_in_process(device, lantime_config, check=check, diff=True, **given).result


def code_of(result: Tree) -> str | None:
    return result["error"]["code"] if "error" in result else None


def keyed(tree: t.Any) -> t.Any:
    """Return a tree whose tables are mappings: the order of items is irrelevant."""
    if isinstance(tree, dict):
        return {name: keyed(value) for name, value in tree.items()}
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return {item["object-id"]: keyed(item) for item in tree}
    return {} if tree == [] else tree


def running(device: t.Any) -> Tree:
    return t.cast("Tree", keyed(device.running()))


def startup(device: t.Any) -> Tree:
    return t.cast("Tree", keyed(device.startup()))


def assert_no_secret(directory: Path) -> None:
    """Assert that no file below a directory holds the canary."""
    for file in directory.rglob("*"):
        if file.is_file():
            assert CANARY not in file.read_bytes().decode("utf-8", "replace"), file


# -- a task that is killed


class Kill(t.NamedTuple):
    """The point at which a process is killed.

    point: before or after the nth request; during it (it has arrived at the device, its answer has not been read);
    journal-before or journal-after the nth write of the journal.
    """

    point: str
    nth: int

    def __str__(self) -> str:
        return f"{self.point}-{self.nth}"


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _counted(function: t.Callable[..., t.Any], nth: int, before: bool) -> t.Callable[..., t.Any]:
    seen = 0

    @functools.wraps(function)
    def wrapped(*args: t.Any, **kwargs: t.Any) -> t.Any:
        nonlocal seen
        seen += 1
        if before and seen == nth:
            _die()
        result = function(*args, **kwargs)
        if not before and seen == nth:
            _die()
        return result

    return wrapped


def _arm(kill: Kill) -> None:
    before = kill.point.endswith("before")
    if kill.point.startswith("journal"):
        write = _counted(Journal.write, kill.nth, before)
        Journal.write = write  # type: ignore[method-assign]
    elif kill.point != "during":
        request = _counted(Client.request, kill.nth, before)
        Client.request = request  # type: ignore[method-assign]


def run_killed(device: t.Any, config: Tree, kill: Kill, *, journal: Path, **options: t.Any) -> bool:
    """Run lantime_config in a child process that is killed. Returns whether it was killed before its end."""
    return run_job_killed(
        device, lantime_config, kill, {"config": config, "journal_path": str(journal), **options}, diff=True
    )


def fork_process() -> int:
    """Fork the process of the tests; the child has none of the threads of the fleet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def run_job_killed(device: t.Any, module: t.Any, kill: Kill, options: Tree, diff: bool = False) -> bool:
    """Run the job of a module in a child process that is killed. Returns whether it was killed before its end."""
    context = job_context(device, module, options, diff=diff)
    ready, go = os.pipe()
    child = fork_process()
    if child == 0:
        try:
            os.read(ready, 1)
            _arm(kill)
            run_job(module.run, context)
        finally:
            os._exit(0)
    os.close(ready)
    remove = on_request(device, _killer(child, kill.nth)) if kill.point == "during" else None
    os.write(go, b"x")
    os.close(go)
    try:
        dummy, status = os.waitpid(child, 0)
    finally:
        if remove is not None:
            remove()
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def run_job_orphaned(device: t.Any, module: t.Any, options: Tree, method: str, path: str, nth: int) -> None:
    """Run the job of a module as a worker whose parent is killed at the nth request of a kind; returns when the worker has ended."""
    context = job_context(device, module, options)
    end_of_worker, held = os.pipe()
    ready, go = os.pipe()
    parent = fork_process()
    if parent == 0:
        try:
            os.read(ready, 1)
            worker = multiprocessing.get_context("fork").Process(target=run_job, args=(module.run, context))
            worker.start()
            worker.join()
        finally:
            os._exit(0)
    os.close(held)
    with Meanwhile(device, lambda _inner: os.kill(parent, signal.SIGKILL), method, path, nth):
        os.write(go, b"x")
        dummy, status = os.waitpid(parent, 0)
        assert os.WIFSIGNALED(status)
        # Of those that hold the other end, only the worker is left.
        assert os.read(end_of_worker, 1) == b""
    for handle in (end_of_worker, ready, go):
        os.close(handle)


def _killer(child: int, nth: int) -> Hook:
    seen = 0

    def hook(_method: str, _path: str) -> None:
        nonlocal seen
        seen += 1
        if seen == nth:
            os.kill(child, signal.SIGKILL)

    return hook


# -- a controller whose disk is full


def fill_disk(monkeypatch: pytest.MonkeyPatch, purpose: str, nth: int = 1) -> None:
    """From the nth time on, no file of a purpose (a name in files.WRITERS) can be written."""
    write, seen = files.FileWriter.write, 0

    def limited(writer: files.FileWriter, path: Path, content: bytes) -> None:
        nonlocal seen
        if writer.name == purpose:
            seen += 1
            if seen >= nth:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(writer, path, content)

    monkeypatch.setattr(files.FileWriter, "write", limited)


# -- events at the device during a task


def on_request(device: t.Any, hook: Hook) -> t.Callable[[], None]:
    """Call a hook in the loop of the simulator for every request before it takes effect; returns what removes the hook."""
    faults = device._device.faults
    match = faults.match

    def hooked(method: str, path: str) -> tuple[float, t.Any]:
        hook(method, path)
        return t.cast("tuple[float, t.Any]", match(method, path))

    faults.match = hooked
    return lambda: faults.__dict__.pop("match", None)


class Meanwhile:
    """Calls a function once, when the nth request of a kind arrives at a device."""

    def __init__(self, device: t.Any, act: t.Callable[[t.Any], object], method: str, path: str, nth: int = 1) -> None:
        self._device, self._act = device, act
        self._method, self._path, self._left = method, path, nth
        self.done = threading.Event()
        self._remove = on_request(device, self._count)

    def _count(self, method: str, path: str) -> None:
        if method == self._method and path.startswith(self._path):
            self._left -= 1
            if self._left == 0:
                self._act(self._device._device)
                self.done.set()

    def __enter__(self) -> Meanwhile:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._remove()
