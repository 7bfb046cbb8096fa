# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The context of a job: its parameters, its modes, its warnings and its connection to the device."""

from __future__ import annotations

import contextlib
import math
import typing as t

from .._api import dialect as _dialect
from .._api.device import Device
from .._base.errors import LantimeError
from .._base.sanitize import escape_for_display, printable
from .._client.deadline import Deadline
from .._client.options import make_settings
from .._client.session import Client, ReadSlots
from .._client.transport import OnConnect

Warn = t.Callable[[str], None]


class JobContext:
    """Parameters and modes of a job.

    params: validated.  check_mode: nothing may be changed.  diff: the result is to hold a difference.
    warn: shows a text to the user.  exact_members: members of the result with trees that can be written back to a device.
    finished_members: members with results of jobs, which need no further processing.
    keyword_end: when the keyword timeout of the task ends, by the monotonic clock.  keyword: what sets this end, for messages.
    on_connect: see Client.  on_accepted: called once the device has accepted the login, by a job that then takes long.
    announce: shows a text to the user while the task runs, None if that is not possible.  read_slots: see Client.
    watch_until: until when a change that waits for its confirmation is watched at least, in seconds of the Unix epoch.
    """

    def __init__(self, params: dict[str, t.Any], check_mode: bool, diff: bool, warn: Warn) -> None:
        self.keyword_end = math.inf
        self.keyword = "keyword timeout"
        self.on_connect: OnConnect | None = None
        self.on_accepted: t.Callable[[], object] = lambda: None
        self.announce: Warn | None = None
        self.read_slots: ReadSlots | None = None
        self.watch_until = 0.0
        self.params = params
        self.check_mode = check_mode
        self.diff = diff
        self.warn: Warn = lambda text: warn(self._safe_text(text))
        self.client: Client | None = None
        self.exact_members: tuple[str, ...] = ()
        self.finished_members: tuple[str, ...] = ()
        self.device: Device | None = None

    @property
    def host(self) -> str:
        return str(self.params.get("host") or "")

    def _safe_text(self, text: str) -> str:
        """A text without control characters and secrets, which names and values of a device may carry."""
        safe = escape_for_display(text)
        return str(safe if self.client is None else self.client.redactor.hide_long(safe, self.host))

    def warn_at_once(self, text: str) -> None:
        """Warn of something that the user should know before the task ends."""
        self.warn(text)
        if self.announce is not None:
            self.announce(self._safe_text(text))

    def warn_of_short_task(self, option: str) -> None:
        """Warn that the time limit of the task ends a wait before the option of that wait does."""
        limit, wait = self.params["task_timeout"], self.params[option]
        if 0 < limit < wait:
            self.warn(f"{option} is {wait:g} s, but task_timeout ends the task after {limit:g} s.")

    @contextlib.contextmanager
    def open(self) -> t.Iterator[Device]:
        """Connect to the device and disconnect at the end. Raises LantimeError with the code option for invalid options."""
        settings = make_settings(self.params)
        try:
            dialect = _dialect.make_dialect(self.params.get("dialect"))
        except ValueError as exc:
            raise LantimeError("option", printable(exc, 300)) from None
        if not settings.use_tls:
            self.warn("use_tls is false: credentials and data travel over the network in clear text.")
        elif not settings.validate_certs and settings.tls_fingerprint is None:
            self.warn("validate_certs is false: nothing proves that the device is the one it claims to be.")
        deadline = Deadline(settings.task_timeout, self.keyword_end, self.keyword)
        with Client(settings, self.on_connect, deadline, self.read_slots) as client:
            self.client = client
            self.device = Device(client, dialect, self.params.get("config_root"))
            yield self.device
