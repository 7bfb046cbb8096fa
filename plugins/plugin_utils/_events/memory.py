# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of an event source: the state of its devices across restarts, as a JSON file without credentials."""

from __future__ import annotations

import json
import threading
import typing as t
from pathlib import Path

from ...module_utils._base import files
from ...module_utils._base.errors import LantimeError
from .observation import MAX_EVENTS, ObservedIdentity
from .states import DEVICE_STATES, DeviceState, EventState

MEMORY_FORMAT = "meinberg.lantime.lantime_events/1"
_MAX_MEMORY_BYTES = 64 * 1024 * 1024
_STATE_FILE = files.register_writer("event_state", "the memory of an event source, state_path")


class EventMemory:
    """The state of devices by their names in the arguments, kept in a file if there is a path.

    Raises LantimeError with the code option for a file that has another format, or cannot be read or written.
    """

    def __init__(self, path: str | None, hosts: t.Iterable[str]) -> None:
        self.path = None if path is None else Path(path)
        stored = {} if self.path is None else self._load(self.path)
        self.devices = {host: stored.get(host, DeviceState()) for host in hosts}
        self._saving = threading.Lock()

    def text(self) -> str:
        """The content of the file."""
        devices = {host: device_to_document(device) for host, device in self.devices.items()}
        return json.dumps({"format": MEMORY_FORMAT, "devices": devices}, indent=1, sort_keys=True, allow_nan=False)

    def save(self, text: str) -> None:
        """Write the content that text() returned."""
        if self.path is None:
            return
        try:
            with self._saving:
                _STATE_FILE.write(self.path, text.encode())
        except (OSError, files.FileError) as exc:
            raise self._error("cannot be written", exc) from None

    def _load(self, path: Path) -> dict[str, DeviceState]:
        try:
            value = json.loads(files.read_file(path, _MAX_MEMORY_BYTES).decode("utf-8"))
            if value["format"] != MEMORY_FORMAT:
                raise ValueError("unknown format")
            return {host: device_from_document(entry) for host, entry in value["devices"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, files.FileError) as exc:
            raise self._error("cannot be read", exc) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise self._error("is not a state file of lantime_events", exc) from None

    def _error(self, what: str, exc: Exception) -> LantimeError:
        return LantimeError(
            "option",
            f"state_path {self.path} {what} ({files.reason(exc)})",
            hint="set another state_path, or remove this file if nothing else needs it",
        )


def device_to_document(device: DeviceState) -> dict[str, t.Any]:
    """The stored form of a device."""
    return {
        "state": device.state,
        "since": device.since,
        "changes": device.changes,
        "identity": None if device.identity is None else device.identity._asdict(),
        "events": {name: list(event) for name, event in device.events.items()},
        "refused": list(device.refusals),
    }


def device_from_document(value: t.Any) -> DeviceState:
    """The device of device_to_document(). Raises ValueError, KeyError or TypeError for anything else."""
    identity = value["identity"]
    events = {
        str(name): EventState(
            _checked_boolean(triggered), _checked_text(last), _checked_integer(sequence), _checked_text(kind)
        )
        for name, (triggered, last, sequence, kind) in value["events"].items()
    }
    if value["state"] not in DEVICE_STATES or len(events) > MAX_EVENTS:
        raise ValueError("not a device")
    return DeviceState(
        value["state"],
        _checked_text(value["since"]),
        _checked_integer(value["changes"]),
        None if identity is None else ObservedIdentity(*(_checked_text(identity[n]) for n in ObservedIdentity._fields)),
        events,
        tuple(str(time) for time in value["refused"]),
    )


def _checked_text(value: t.Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("not text")
    return value


def _checked_integer(value: t.Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not an integer")
    return value


def _checked_boolean(value: t.Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a truth value")
    return value
