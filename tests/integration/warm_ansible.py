# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program of ansible-core many times in forks of one process, which has imported ansible-core once.

A run is the same code in a process of its own, with its own arguments, environment, directory and output; only the imports,
half of the CPU time of a short play, are made once. ansible_runs.py decides which runs may come here.

python warm_ansible.py PROGRAM SOCKET: serves runs of PROGRAM until standard input ends. A client sends the file descriptors of
stdout and stderr with the length of a request, and the request, a JSON object of command, cwd and env. It gets two lines: the
process id of the run, and its exit code.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import time
import typing as t
import warnings
from importlib.machinery import SourceFileLoader
from pathlib import Path

# What a run of these programs with tasks of this collection imports, as far as it does not depend on the run.
_IMPORTED = (
    "ansible.executor.playbook_executor",
    "ansible.executor.task_executor",
    "ansible.executor.module_common",
    "ansible.plugins.action.normal",
    "ansible.plugins.strategy.linear",
    "requests",
)


def serve(program: str, path: str) -> None:
    """Serve runs of ansible-playbook or ansible-inventory, a full path, on a Unix socket."""
    sys.path[0] = str(Path(program).parent)
    main = importlib.import_module(f"ansible.cli.{Path(program).name.partition('-')[2]}").main
    _load_builtin()
    for name in _IMPORTED:
        importlib.import_module(name)
    for directory in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(":"):
        _compile_in_advance(Path(directory, "ansible_collections", "meinberg", "lantime", "plugins"))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        print("ready", flush=True)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, dummy = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _serve_one(main, connection)
            connection.close()


def _load_builtin() -> None:
    """Load the collection ansible.builtin, of which each run reads a large file. No other collection is loaded before a run."""
    from ansible.plugins.loader import init_plugin_loader

    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder has already been configured")
    init_plugin_loader()
    importlib.import_module("ansible_collections.ansible.builtin")


def _compile_in_advance(directory: Path) -> None:
    """Let runs reuse compiled files: ansible-core, which imports those of a collection, compiles them in each process.

    A file is reused if its content is the same, so that a run has the present code.
    """
    compiled = {
        str(path): (path.read_bytes(), SourceFileLoader(path.stem, str(path)).get_code(path.stem))
        for path in directory.rglob("*.py")
    }
    original = builtins.compile

    def reuse_or_compile(source: t.Any, filename: t.Any, mode: str, *args: t.Any, **kwargs: t.Any) -> t.Any:
        if filename in compiled and (mode, args, kwargs) == ("exec", (), {"flags": 0, "dont_inherit": True}):
            content, code = compiled[filename]
            if content == source:
                return code
        return original(source, filename, mode, *args, **kwargs)

    builtins.compile = reuse_or_compile


def _serve_one(main: t.Callable[[], t.Any], connection: socket.socket) -> t.NoReturn:
    """Fork for a run, and report its end."""
    size, descriptors, *_others = socket.recv_fds(connection, 4, 2)
    with connection.makefile("rb") as file:
        request = json.loads(file.read(int.from_bytes(size, "big")))
    pid = os.fork()
    if pid == 0:
        connection.close()
        _become_run(request, descriptors)
        sys.exit(main())
    with contextlib.suppress(OSError):
        connection.sendall(b"%d\n" % pid)
        connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def _become_run(request: dict[str, t.Any], descriptors: list[int]) -> None:
    """Give this process the arguments, the environment, the directory and the output of a run."""
    null = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in enumerate((null, *descriptors)):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv[:] = request["command"]
    time.tzset()
    random.seed()
    atexit._clear()  # what the parent removes at its end
    _read_settings_again()


def _read_settings_again() -> None:
    """Set the constants of ansible-core from the environment of this run."""
    from ansible import constants

    for name in constants.config.get_configuration_definitions():
        constants.set_constant(name, constants.config.get_config_value(name, variables=vars(constants)))


if __name__ == "__main__":
    serve(*sys.argv[1:])
