# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer of a device -> what is seen of it: who it is and how its notification events stand. Bounded and harmless.

What an event source hands out ends up in templates: ansible-rulebook writes events into the extra variables of the
playbooks that it runs, and Ansible evaluates those. So no text of a device keeps a curly bracket here, and an event whose
name is no plain word is left out.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

from ...module_utils._api.envelope import Envelope, node_of
from ...module_utils._base.sanitize import printable
from ...module_utils._hardware import catalogue
from ...module_utils._status import platform

PATH = ("status", "notification")
MAX_EVENTS = 256
_MAX_TEXT = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}")
_BRACKETS = str.maketrans("{}", "()")
_SEVERITIES = ("critical", "warning", "info")


class Identity(t.NamedTuple):
    """Who answers at an address; None for what the answer does not tell. firmware: C(7.10.008), without C(fw_)."""

    serial_number: str | None = None
    hostname: str | None = None
    model: str | None = None
    firmware: str | None = None


class SeenEvent(t.NamedTuple):
    """One event as the device shows it. raised: None if it can't be read.  last: ISO 8601 UTC, None for never."""

    raised: bool | None
    last: str | None
    type: str | None = None


class Observation(t.NamedTuple):
    """What one answer shows. events: by canonical name, at most MAX_EVENTS.  left_out: events without a usable name."""

    identity: Identity
    events: dict[str, SeenEvent]
    left_out: int = 0


def harmless(text: object, limit: int = _MAX_TEXT) -> str:
    """Text of a device that means nothing to a template: one line, bounded, round brackets instead of curly ones."""
    return printable(text, limit).translate(_BRACKETS)


def observe(envelope: Envelope) -> Observation:
    """From the answer to a GET of PATH. Without a table of events there are none, which says nothing about them."""
    node = node_of(envelope.data, PATH)
    table = platform.notification({"data": {"notification": node}})["events"]
    events: dict[str, SeenEvent] = {}
    left_out = 0
    for name, event in table.items():
        if len(events) >= MAX_EVENTS or _NAME.fullmatch(name) is None:
            left_out += 1
            continue
        kind = event["type"]
        events[name] = SeenEvent(
            event["triggered"],
            event["last_triggered"],
            None if kind is None else harmless(kind, 40) or None,
        )
    firmware = (envelope.firmware or "").replace("fw_", "", 1)
    identity = Identity(
        *(
            None if not text else harmless(text) or None
            for text in (envelope.serial_number, envelope.hostname, envelope.model, firmware)
        )
    )
    return Observation(identity, events, left_out)


def severity_of(event: str) -> str | None:
    """The worst severity that the vendor's list of traps has for an event: C(critical), C(warning), C(info) or None."""
    known = catalogue.events().get(event)
    return next((s for s in _SEVERITIES if known and s in known.severities), None)
