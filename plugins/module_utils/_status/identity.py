# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of a device, read from any answer of its API."""

from __future__ import annotations

import re
import typing as t

from .._hardware import slots
from .._tree import values

_MAX_IDENTITY_TEXT = 256
_API_VERSION = re.compile(r"(?:.{0,64}V)?([0-9]{1,4}(?:\.[0-9]{1,6}){0,4})")


class Identity(t.NamedTuple):
    """The identity of a device and its count of unsaved changes; None for what the answer does not contain.

    firmware: the version without the prefix of the device, such as 7.10.008.  api_generation: first number of api_version.
    """

    model: str | None = None
    serial_number: str | None = None
    hostname: str | None = None
    firmware: str | None = None
    api_version: str | None = None
    api_generation: int | None = None
    pending_changes: int | None = None

    @property
    def name(self) -> str:
        """Model and serial number, for messages; empty if neither is known."""
        return " ".join(filter(None, (self.model, self.serial_number)))

    def as_record(self) -> dict[str, str | None]:
        """What tells devices and firmware versions apart, for files."""
        return {"model": self.model, "serial_number": self.serial_number, "firmware": self.firmware}

    def completed(self, earlier: Identity | None) -> Identity:
        """This identity with the missing members of an earlier answer, except its count of changes."""
        if earlier is None:
            return self
        kept = {name: value for name, value in self._asdict().items() if value is not None}
        return Identity(**{**earlier._asdict(), "pending_changes": None, **kept})


def is_other(one: str | None, other: str | None) -> bool:
    """Whether two values of a member are known and not equal."""
    return one is not None and other is not None and one != other


def read_identity(answer: object) -> Identity:
    """The identity in an answer; any JSON value is read without an exception.

    Every answer carries it in its header. Missing members are taken from the status tree, if the answer has it.
    """
    information = values.mapping(values.at(answer, "system-information"))
    status = values.status_of(answer)
    chassis: t.Mapping[str, t.Any] = next((item for dummy, item in slots.read_chassis(answer)), {})
    version = _api_version(values.at(status, "rest-api", "api-version"), information.get("API Version"))
    running = values.at(status, "system", "firmware", "running")
    return Identity(
        model=_first_text(information.get("model"), chassis.get("model")),
        serial_number=_first_text(information.get("serial-number"), chassis.get("serial-number")),
        hostname=_first_text(information.get("hostname")),
        firmware=values.version_text(_first_text(information.get("version"), running)),
        api_version=version,
        api_generation=None if version is None else int(version.partition(".")[0]),
        pending_changes=values.integer(values.at(answer, "changes", "pending-changes")),
    )


def _first_text(*candidates: object) -> str | None:
    texts = (values.text(candidate) for candidate in candidates)
    return next((text[:_MAX_IDENTITY_TEXT] for text in texts if text is not None), None)


def _api_version(*candidates: object) -> str | None:
    for candidate in candidates:
        match = _API_VERSION.fullmatch((values.text(candidate) or "")[:_MAX_IDENTITY_TEXT])
        if match:
            return match.group(1)
    return None
