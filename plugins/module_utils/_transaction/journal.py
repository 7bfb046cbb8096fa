# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a transaction: on disk before the first write, so that the next task can finish an interrupted one.

Each device has one file, named by model and serial number, and beside it a lock that excludes other tasks of the same
controller. A journal never holds a secret.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import typing as t
import uuid
from pathlib import Path as FilePath
from types import MappingProxyType

from .._api.device import Device
from .._api.device_result import device_result
from .._api.dialect import make_dialect
from .._base import files
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._plan.planner import Plan
from .._status.identity import Identity
from .._tree.canonical import leaves
from .._tree.changes import Change
from .._tree.paths import Path
from .._tree.secrets import MASK, SecretRules, mask_secrets
from .window import Window, parse_window

JOURNAL_FORMAT = 1
WINDOW_FORMAT = 2
"""The format of a transaction with a confirm window: a version that does not know windows would save it at once."""

_MAX_JOURNAL_BYTES = 16 * 1024 * 1024
_UNREADABLE = re.compile(r"[^A-Za-z0-9]+")
# Errors of flock() if another process holds the lock; POSIX allows both.
_HELD_BY_ANOTHER = frozenset({errno.EWOULDBLOCK, errno.EACCES})

_JOURNAL_FILE = files.register_writer(
    "journal", "the open transaction of a device, <model>-<serial number>-<hash>.json"
)
_LOCK_FILE = files.register_writer("lock", "the lock of a device, <model>-<serial number>-<hash>.lock")


class Record(t.NamedTuple):
    """A transaction as the journal holds it.

    device: its identity.  root: path of the configuration root.  phase: writing, confirming, saving or rolling_back.
    states: waiting, processing or succeeded for each change.  packages: what is to be saved at the end; of a rollback,
    what may have been saved before it.  pending: unsaved changes that the device counted before the first write.
    dialect: forms of writing that the changes need, as keys and values; empty for those of the task that finishes them.
    window: the confirm window that precedes the save, None without one.
    """

    id: str
    device: dict[str, t.Any]
    root: Path
    changes: tuple[Change, ...]
    secrets: frozenset[Path]
    packages: tuple[str, ...]
    phase: str
    states: tuple[str, ...]
    pending: int = 0
    dialect: t.Mapping[str, str] = MappingProxyType({})
    window: Window | None = None

    @property
    def plan(self) -> Plan:
        return Plan(self.changes, secrets=self.secrets)

    @property
    def sections(self) -> list[str]:
        return list(dict.fromkeys(change.path[0] for change in self.changes if change.path))

    @property
    def started(self) -> list[Change]:
        """Changes that were sent, or were about to be sent."""
        return [change for change, state in zip(self.changes, self.states) if state != "waiting"]

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the change must be watched before it may be saved."""
        return self.window is not None and self.phase in ("writing", "confirming")


def new_record(device: dict[str, t.Any], root: Path, plan: Plan, packages: t.Sequence[str], pending: int = 0) -> Record:
    """Return the record of a transaction that is about to start."""
    return Record(
        id=uuid.uuid4().hex,
        device=device,
        root=root,
        changes=plan.changes,
        secrets=plan.secrets,
        packages=tuple(packages),
        phase="writing",
        states=("waiting",) * len(plan.changes),
        pending=pending,
    )


def device_entry(api: Device) -> dict[str, t.Any]:
    """Return the member device of a record: what identifies the device that answers."""
    return {"host": api.client.settings.host, **(api.identity or Identity()).as_record()}


def journal_of(api: Device, directory: str | None) -> Journal:
    """Return the journal of a device that has answered. directory: None for the default."""
    device = device_result(api.identity)
    return Journal(directory or default_directory(), device.get("model"), device.get("serial_number"))


def default_directory() -> str:
    """Return the directory lantime in Ansible's home, which the environment variable ANSIBLE_HOME names."""
    return str(FilePath(os.environ.get("ANSIBLE_HOME") or "~/.ansible") / "lantime")


def file_name(model: str | None, serial_number: str | None) -> str:
    """Return a name such as M600-0123456789-1a2b3c4d; the hash tells apart names that differ in replaced characters."""
    readable = _UNREADABLE.sub("_", f"{model or 'unknown'}-{serial_number or 'unknown'}")[:60]
    digest = hashlib.sha256(f"{model}\0{serial_number}".encode()).hexdigest()[:8]
    return f"{readable}-{digest}"


class Journal:
    """The journal of one device. Raises LantimeError with the code journal if the file system refuses an operation."""

    def __init__(self, directory: str, model: str | None, serial_number: str | None) -> None:
        try:
            self.directory = FilePath(directory).expanduser()
            self._has_directory = True
        except RuntimeError:
            # A user without an entry in the list of users and without HOME.
            self.directory, self._has_directory = FilePath(directory), False
        self.stem = file_name(model, serial_number)
        self.path = self.directory / f"{self.stem}.json"
        self._lock_path = self.directory / f"{self.stem}.lock"
        self._lock: t.Any = None
        self.record: Record | None = None

    def load(self) -> Record | None:
        """Return the transaction that was left open, None if there is none."""
        if not self._has_directory:
            return None
        try:
            self.record = self._parsed(json.loads(files.read_file(self.path, _MAX_JOURNAL_BYTES).decode("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise self._error("cannot be read", exc) from None
        return self.record

    def lock(self) -> None:
        """Exclude other tasks of this controller from the device until release().

        Raises LantimeError with the code conflict if another task holds the lock, journal if the file system cannot lock.
        """
        if not self._has_directory:
            raise LantimeError(
                "journal",
                "the home directory of the user is not known, so there is no place for the journal; nothing was written",
                hint="set journal_path or the environment variable ANSIBLE_HOME",
            )
        try:
            files.make_private_directory(self.directory)
            lock = _LOCK_FILE.open_lock(self._lock_path)
        except (OSError, files.FileError) as exc:
            raise self._error("cannot be written", exc) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            lock.close()
            if exc.errno not in _HELD_BY_ANOTHER:
                name = errno.errorcode.get(exc.errno or 0, str(exc.errno))
                raise LantimeError(
                    "journal",
                    f"the lock {self._lock_path} cannot be set ({name}: {exc.strerror}); nothing was written",
                    hint="set journal_path to a directory on a file system that supports locks",
                ) from None
            raise LantimeError(
                "conflict",
                "another task of this controller is changing the device; nothing was written",
            ) from None
        self._lock = lock
        files.remove_leftovers(self.directory, self.stem)

    @contextlib.contextmanager
    def locked(self) -> t.Iterator[Record | None]:
        """Hold the lock; yields the open transaction as it is then."""
        self.lock()
        try:
            yield self.load()
        finally:
            self.release()

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def write(self, record: Record) -> None:
        """Write a record to disk."""
        self.record = record
        text = json.dumps(_document_of(record), indent=1, allow_nan=False)
        try:
            _JOURNAL_FILE.write(self.path, text.encode())
        except (OSError, files.FileError) as exc:
            raise self._error("cannot be written", exc) from None

    def mark(self, number: int, state: str) -> None:
        """Record the state of a change."""
        record = self._open_record()
        states = list(record.states)
        states[number] = state
        self.write(record._replace(states=tuple(states)))

    def enter(self, phase: str) -> None:
        """Record the phase. A rollback that starts before the save phase has nothing to save at its end."""
        record = self._open_record()
        if phase == "rolling_back" and record.phase in ("writing", "confirming"):
            record = record._replace(packages=())
        self.write(record._replace(phase=phase))

    def enter_window(self, window: Window) -> None:
        """Record that a confirm window is open."""
        self.write(self._open_record()._replace(phase="confirming", window=window))

    def close(self) -> None:
        """Remove the file: the transaction has ended and needs no recovery."""
        self.record = None
        try:
            files.remove_file(self.path)
        except OSError as exc:
            raise self._error("cannot be removed", exc) from None

    def _open_record(self) -> Record:
        if self.record is None:
            raise ValueError("no transaction is open")
        return self.record

    def _parsed(self, value: t.Any) -> Record:
        if value["format"] not in (JOURNAL_FORMAT, WINDOW_FORMAT):
            version = printable(value["format"], 20)
            raise LantimeError(
                "journal",
                f"the journal {self.path} has the format {version}, which this version of the collection does not know",
                hint="an interrupted task of another version of the collection left the device partly changed: "
                "run the task with that version, or remove the journal once the configuration is correct",
            )
        return _record_of(value)

    def _error(self, what: str, exc: Exception) -> LantimeError:
        return LantimeError("journal", f"the journal {self.path} {what} ({files.reason(exc)})")


def _document_of(record: Record) -> dict[str, t.Any]:
    rules = SecretRules(paths=record.secrets)
    window = {} if record.window is None else {"window": record.window.as_document()}
    return {
        "format": WINDOW_FORMAT if window else JOURNAL_FORMAT,
        **window,
        "id": record.id,
        "device": record.device,
        "root": list(record.root),
        "packages": list(record.packages),
        "phase": record.phase,
        "pending": record.pending,
        "dialect": dict(record.dialect),
        "secrets": sorted(list(path) for path in record.secrets),
        "changes": [
            {
                "action": change.action,
                "path": list(change.path),
                "before": mask_secrets(change.before, change.path, rules),
                "after": mask_secrets(change.after, change.path, rules),
                "state": state,
            }
            for change, state in zip(record.changes, record.states)
        ],
    }


def _record_of(value: t.Any) -> Record:
    changes = tuple(
        Change(str(c["action"]), tuple(map(str, c["path"])), c["before"], dict(c["after"])) for c in value["changes"]
    )
    masks = {path for c in changes for s in (c.before, c.after) for path, v in leaves(s or {}, c.path) if v == MASK}
    return Record(
        id=str(value["id"]),
        device=dict(value["device"]),
        root=tuple(map(str, value["root"])),
        changes=changes,
        secrets=frozenset(tuple(map(str, path)) for path in value["secrets"]) | masks,
        packages=tuple(map(str, value["packages"])),
        phase=str(value["phase"]),
        states=tuple(str(c["state"]) for c in value["changes"]),
        pending=int(value.get("pending", 0)),
        dialect=_known_dialect(value.get("dialect", {})),
        window=parse_window(value["window"]) if value["format"] == WINDOW_FORMAT else None,
    )


def _known_dialect(value: t.Any) -> dict[str, str]:
    """The member dialect of a journal. Raises ValueError for unknown keys and values."""
    make_dialect(value)
    return {str(key): str(choice) for key, choice in value.items()}
