# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan files of a task: written for a review, and read to apply nothing but what was reviewed."""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t
from pathlib import Path as FilePath

from .._base import files
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._plan.document import MAX_PLAN_BYTES, PLAN_KIND, PlanDocument, PlanError, encode_plan, parse_plan

PLAN_OPTIONS: dict[str, dict[str, t.Any]] = {
    "plan_dest": {"type": "path"},
    "plan_src": {"type": "path"},
    "plan_golden_files": {"type": "list", "elements": "str", "default": []},
}

_PLAN_FILE = files.register_writer("plan", "what a task would change on a device, as JSON")
# The member that names the kind of the file is one of the first.
_BEGINNING = 200


# What was written by which item of a loop. All items of a task run in one process, and each task on each host in its own.
_ITEMS: dict[str, str] = {}


class PlanFiles(t.NamedTuple):
    """The plan files of a task.

    dest: where to write the plan.  golden_files, inventory_hostname: for the plan.  source, reviewed: the file and the plan that
    the task must equal.
    """

    dest: FilePath | None = None
    golden_files: tuple[str, ...] = ()
    inventory_hostname: str | None = None
    source: FilePath | None = None
    reviewed: PlanDocument | None = None

    def write(self, document: PlanDocument) -> None:
        """Write a plan, if the task is to write one. Raises LantimeError with the code plan_invalid."""
        if self.dest is None:
            return
        content = encode_plan(document)
        if len(content) > MAX_PLAN_BYTES:
            raise LantimeError(
                "plan_invalid",
                f"the plan {printable(self.dest, 300)} would be larger than {MAX_PLAN_BYTES} bytes",
                hint="divide the change between several tasks; nothing of it was written to the device",
            )
        try:
            # The file was removed when the task began. Of several tasks with this path, the first one has written it.
            _PLAN_FILE.create(self.dest, content)
            written = files.read_file(self.dest, MAX_PLAN_BYTES)
        except (OSError, files.FileError) as exc:
            raise _not_written(self.dest, exc) from None
        if written != content:
            host = _host_of(written)
            raise _shared_error(self.dest, "another task" if host is None else printable(host, 100))


def open_plan_files(params: t.Mapping[str, t.Any]) -> PlanFiles:
    """The plan files that parameters name: the reviewed plan is read, and a plan of an earlier task at plan_dest is removed.

    Raises LantimeError with the code plan_invalid, or option for contradictory paths.
    """
    dest, source = (_path_in(params, name) for name in ("plan_dest", "plan_src"))
    if dest is not None and source is not None and _is_same_file(dest, source):
        raise LantimeError(
            "option",
            "plan_dest and plan_src name the same file, so the reviewed plan would be replaced",
            hint="set another plan_dest, or leave it out; nothing was written to the device",
        )
    if dest is not None:
        _check_item(dest, params.get("loop_item"))
        _prepare(dest, params.get("inventory_hostname"))
    return PlanFiles(
        dest=dest,
        golden_files=tuple(params["plan_golden_files"]),
        inventory_hostname=params.get("inventory_hostname"),
        source=source,
        reviewed=None if source is None else _read_plan(source),
    )


def _path_in(params: t.Mapping[str, t.Any], option: str) -> FilePath | None:
    path = params[option]
    if path is None:
        return None
    # An empty path is a mistake of a template; without an error the plan would be applied unreviewed.
    if not path.strip() or "\0" in path or path.rpartition("/")[2] in ("", ".", ".."):
        raise LantimeError("option", f"{option} is not the path of a file", hint=f"correct {option}, or leave it out")
    return FilePath(path)


def _is_same_file(one: FilePath, other: FilePath) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    with contextlib.suppress(OSError):
        return one.samefile(other)
    return False


def _prepare(dest: FilePath, host: str | None) -> None:
    """Make sure that a plan can be written, and remove that of an earlier task: one that fails leaves no plan behind."""
    try:
        files.make_private_directory(dest.parent)
        try:
            former = files.read_start(dest, _BEGINNING)
        except FileNotFoundError:
            former = None
        if former and PLAN_KIND.encode() not in former:
            raise LantimeError(
                "plan_invalid",
                f"the file {printable(dest, 300)} exists and is not a plan, so it is not replaced",
                hint="set another plan_dest, or remove the file; nothing was written to the device",
            )
        _check_host(dest, host)
        if not os.access(dest.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(dest.parent))
        files.remove_file(dest)
    except (OSError, files.FileError) as exc:
        raise _not_written(dest, exc) from None


def _check_item(dest: FilePath, item: str | None) -> None:
    """Raise LantimeError if another item of the loop of the task has written its plan to a path. item: None without a loop."""
    if item is not None and _ITEMS.setdefault(os.path.realpath(dest), item) != item:
        raise _shared_error(dest, "another item of the loop")


def _check_host(dest: FilePath, host: str | None) -> None:
    """Raise LantimeError if the file at a path is the plan of another host. host: None if it is not known."""
    former = None
    with contextlib.suppress(OSError, files.FileError):
        former = _host_of(files.read_file(dest, MAX_PLAN_BYTES))
    if former is not None and host is not None and former != host:
        raise _shared_error(dest, printable(former, 100))


def _host_of(content: bytes) -> str | None:
    """The name in the inventory of the host of a plan; None if it is not known."""
    try:
        return parse_plan(content).inventory_hostname
    except PlanError:
        return None


def _shared_error(dest: FilePath, owner: str) -> LantimeError:
    return LantimeError(
        "plan_invalid",
        f"the file {printable(dest, 300)} is the plan of {owner}, so it is not replaced",
        hint="set plan_dest to a file of its own for each host and item, or remove the file; nothing was written to the device",
    )


def _not_written(dest: FilePath, exc: Exception) -> LantimeError:
    return LantimeError(
        "plan_invalid",
        f"the plan {printable(dest, 300)} cannot be written ({files.reason(exc)})",
        hint="check plan_dest, its permissions and the free disk space",
    )


def _read_plan(source: FilePath) -> PlanDocument:
    shown = printable(source, 300)
    try:
        return parse_plan(files.read_file(source, MAX_PLAN_BYTES, follow_links=True))
    except FileNotFoundError:
        raise LantimeError(
            "plan_invalid",
            f"the plan {shown} does not exist",
            hint="write it with plan_dest in check mode and review it first; nothing was written to the device",
        ) from None
    except PlanError as exc:
        raise LantimeError(
            "plan_invalid",
            f"the plan {shown} cannot be used: {exc}",
            hint="write it again with plan_dest and review it; nothing was written to the device",
        ) from None
    except (OSError, files.FileError) as exc:
        raise LantimeError(
            "plan_invalid",
            f"the plan {shown} cannot be read ({files.reason(exc)})",
            hint="check plan_src and its permissions; nothing was written to the device",
        ) from None
