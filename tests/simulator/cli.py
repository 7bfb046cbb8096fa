# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: devices, where to listen, what to write for others to read."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from . import dialect, incidents, options
from .daemon import PID_FILE, Reporter, read_pid, start_detached, stop_detached, write_file
from .fleet import Fleet
from .incident_orders import Order, apply_orders, clear_order, raise_order, send_orders
from .options import DeviceSpec
from .output import answers, inventory, ready_text, summary
from .personal import suspicions
from .profiles import PROFILE_NAMES, load_profile
from .recorded import BadRecordingError
from .recording import load_recording, read_file
from .tree import UnknownPathError

PROG = "python -m tests.simulator"


def parser() -> argparse.ArgumentParser:
    """The arguments of the simulator."""
    made = argparse.ArgumentParser(
        prog=PROG,
        # A shortened --daemon would be handed on to the detached process.
        allow_abbrev=False,
        description="Simulates Meinberg LANTIME time servers (LTOS 7 REST API).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="options of a device (key=value):\n"
        + "\n".join(f"  {line}" for line in options.table().splitlines())
        + "\n  any dialect key; see --list-dialect",
    )
    _add_devices(made)
    _add_network(made)
    _add_incidents(made)
    _add_files(made)
    _add_running(made)
    _add_information(made)
    made.add_argument("--report-fd", type=int, default=-1, help=argparse.SUPPRESS)
    return made


def _add_devices(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("devices")
    group.add_argument(
        "--device",
        action="append",
        default=[],
        metavar="NAME=PROFILE[,key=value...]",
        help="one device (repeatable); PROFILE may be recording:FILE",
    )
    group.add_argument("--count", type=int, default=0, help="so many devices ts001, ts002, ...")
    group.add_argument(
        "--profile",
        default="m600-7.10",
        metavar="PROFILE[,key=value...]",
        help="profile and options of --count (default: %(default)s)",
    )
    group.add_argument(
        "--recording",
        type=Path,
        metavar="FILE",
        help="adds a device named 'recording' that replays a recorded GET /api/status",
    )
    group.add_argument("--freeze", action="store_true", help="clock and counters stand still")


def _add_network(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("network")
    group.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="such as ::1 (default: %(default)s)")
    group.add_argument(
        "--address-per-device",
        action="store_true",
        help="a loopback address for every device, all on one port",
    )
    group.add_argument("--port", type=int, default=0, help="the port of --address-per-device (0: a free one)")
    group.add_argument("--control-port", type=int, default=0, help="port of the control API (0: a free one)")


def _add_incidents(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("incidents, also of a running simulator (--directory)")
    group.add_argument(
        "--incident",
        action="append",
        default=[],
        metavar="NAME=KIND[,key=value...]",
        help="raise an incident (repeatable); see --list-incidents",
    )
    group.add_argument(
        "--clear",
        action="append",
        default=[],
        metavar="NAME[=KIND]",
        help="clear the incidents of a running device, or one kind of them (repeatable)",
    )


def _add_files(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("files")
    group.add_argument("--directory", type=Path, help="gets ca.pem, ready.json, simulator.pid")
    group.add_argument("--ready-file", type=Path, help="ready.json under another name")
    group.add_argument("--inventory", type=Path, help="gets an Ansible inventory (YAML)")


def _add_running(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("running")
    group.add_argument(
        "--daemon",
        action="store_true",
        help="detach, return when all devices answer (needs --directory)",
    )
    group.add_argument("--stop", action="store_true", help="stop the simulator of --directory, if it runs")
    group.add_argument("--quiet", action="store_true", help="print nothing at start")


def _add_information(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("information")
    group.add_argument("--list-profiles", action="store_true")
    group.add_argument("--list-dialect", action="store_true")
    group.add_argument("--list-incidents", action="store_true")
    group.add_argument(
        "--check-recording",
        type=Path,
        metavar="FILE",
        help="report what in a recording looks personal; exit code 1 if there is anything, 2 if it cannot be played",
    )


def device_specs(arguments: argparse.Namespace) -> list[DeviceSpec]:
    """The devices that the arguments name; ValueError for a bad one."""
    specs = [DeviceSpec.parse(text) for text in arguments.device]
    width = max(3, len(str(arguments.count)))
    for number in range(1, arguments.count + 1):
        specs.append(DeviceSpec.parse(f"ts{number:0{width}d}={arguments.profile}"))
    if arguments.recording is not None:
        specs.append(DeviceSpec("recording", f"recording:{arguments.recording}"))
    if not specs:
        raise ValueError("no device: give --device, --count or --recording")
    return specs


def main(argv: list[str] | None = None) -> int:
    """Runs the command line; the exit code."""
    given = sys.argv[1:] if argv is None else argv
    arguments = parser().parse_args(given)
    if arguments.list_profiles:
        _list_profiles()
        return 0
    if arguments.list_dialect:
        print(dialect.table())
        return 0
    if arguments.list_incidents:
        print(incidents.table())
        return 0
    if arguments.check_recording is not None:
        return _check_recording(arguments.check_recording)
    if (arguments.stop or arguments.daemon) and arguments.directory is None:
        return _fail("--stop and --daemon need --directory")
    if arguments.stop:
        return _stop(arguments.directory)
    reporter = Reporter(arguments.report_fd)
    try:
        orders = [*map(clear_order, arguments.clear), *map(raise_order, arguments.incident)]
        if orders and _runs(arguments):
            return send_orders(arguments.directory, orders, sys.stdout)
        specs = device_specs(arguments)
        if arguments.daemon:
            return start_detached(given, arguments.directory, sys.stdout, sys.stderr)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(specs, arguments, reporter, orders))
    except (BadRecordingError, ValueError, OSError, UnknownPathError) as error:
        reporter.failed(str(error))
        return _fail(str(error))
    return 0


def _fail(message: str) -> int:
    print(f"{PROG}: {message}", file=sys.stderr)
    return 2


def _check_recording(file: Path) -> int:
    try:
        load_recording(file)
        found = suspicions(read_file(file))
    except BadRecordingError as error:
        return _fail(str(error))
    for suspicion in found:
        print(suspicion)
    count = len(found) or "nothing"
    print(f"{file}: {count} {'places look' if found else 'looks'} personal")
    return 1 if found else 0


def _stop(directory: Path) -> int:
    try:
        stopped = stop_detached(directory)
    except (OSError, TimeoutError) as error:
        return _fail(str(error))
    print("stopped" if stopped else "not running")
    return 0


def _runs(arguments: argparse.Namespace) -> bool:
    """The orders are for a simulator that runs already, as no device is named."""
    named = arguments.device or arguments.count or arguments.recording is not None
    if named or arguments.directory is None:
        return False
    if read_pid(arguments.directory) is None:
        raise ValueError(f"no simulator runs in {arguments.directory}")
    return True


def _list_profiles() -> None:
    for name in PROFILE_NAMES:
        profile = load_profile(name)
        print(f"{name:<12} {profile.model:<7} {profile.firmware:<19} API {profile.api}")


async def _serve(
    specs: list[DeviceSpec],
    arguments: argparse.Namespace,
    reporter: Reporter,
    orders: list[Order],
) -> None:
    fleet = Fleet(
        specs,
        freeze=arguments.freeze,
        listen=arguments.listen,
        address_per_device=arguments.address_per_device,
        port=arguments.port,
        control_port=arguments.control_port,
        directory=arguments.directory,
    )
    await fleet.open()
    written: list[Path] = []
    try:
        await answers(fleet)
        apply_orders(fleet, orders)
        written = _write_files(fleet, arguments)
        text = "" if arguments.quiet else summary(fleet)
        if reporter.detached:
            reporter.succeeded(text)
        elif text:
            print(text, flush=True)
        await _until_stopped(fleet)
    finally:
        await fleet.close()
        for path in written:
            path.unlink(missing_ok=True)


def _write_files(fleet: Fleet, arguments: argparse.Namespace) -> list[Path]:
    """Writes what was asked for; the files that a stopped simulator takes away again."""
    temporary: list[Path] = []
    ready = ready_text(fleet)
    if arguments.directory is not None:
        write_file(arguments.directory / "ready.json", ready)
        temporary.append(arguments.directory / "ready.json")
        temporary.append(arguments.directory / PID_FILE)
        write_file(temporary[-1], f"{os.getpid()}\n")
    if arguments.ready_file is not None:
        write_file(arguments.ready_file, ready)
        temporary.append(arguments.ready_file)
    if arguments.inventory is not None:
        write_file(arguments.inventory, inventory(fleet))
    return temporary


async def _until_stopped(fleet: Fleet) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    waits = [asyncio.ensure_future(stop.wait())]
    if fleet.control is not None:
        waits.append(asyncio.ensure_future(fleet.control.stop_wanted.wait()))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
