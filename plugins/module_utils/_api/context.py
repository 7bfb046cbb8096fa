# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job is given: its parameters, its modes and the way to the device."""

from __future__ import annotations

import contextlib
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._client.options import make_settings
from .._client.session import Client
from . import dialect as _dialect
from .device import Device
from .envelope import Envelope

Warn = t.Callable[[str], None]


class JobContext:
    """What a job gets: validated C(params), whether to change anything, and ways to the device and to the user."""

    def __init__(self, params: dict[str, t.Any], check_mode: bool, diff: bool, warn: Warn) -> None:
        self.params = params
        self.check_mode = check_mode
        self.diff = diff
        self.warn = warn
        self.client: Client | None = None

    @property
    def host(self) -> str:
        return str(self.params.get("host") or "")

    @contextlib.contextmanager
    def open(self) -> t.Iterator[Device]:
        """The device's API; closed at the end. Raises LantimeError C(option) for options that cannot be."""
        settings = make_settings(self.params)
        try:
            dialect = _dialect.make_dialect(self.params.get("dialect"))
        except ValueError as exc:
            raise LantimeError("option", printable(exc, 300), host=self.host) from None
        if not settings.use_tls:
            self.warn("use_tls is false: credentials and data travel over the network in clear text.")
        elif not settings.validate_certs and settings.tls_fingerprint is None:
            self.warn("validate_certs is false: nothing proves that the device is the one it claims to be.")
        with Client(settings) as client:
            self.client = client
            yield Device(client, dialect, self.params.get("config_root"))


def device(identity: Envelope | None) -> dict[str, t.Any]:
    """The C(device) member of results: who answered."""
    if identity is None:
        return {}
    return {
        "model": identity.model,
        "serial_number": identity.serial_number,
        "hostname": identity.hostname,
        "firmware": (identity.firmware or "").replace("fw_", "", 1) or None,
        "api_version": identity.api_version,
        "api_generation": identity.api_generation,
    }
