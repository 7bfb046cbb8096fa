# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads identity and notification events from the response of a device, bounded and safe for templates.

Events of a source end up in templates: ansible-rulebook writes them into the extra variables of the playbooks that it
runs, and Ansible evaluates those. Therefore curly brackets are replaced in each text of a device, and an event is skipped
if its name is not a plain word.
"""

from __future__ import annotations

import re
import typing as t

from ...module_utils._api.envelope import Envelope, node_of
from ...module_utils._base.sanitize import printable
from ...module_utils._hardware import catalogue
from ...module_utils._status import platform

NOTIFICATION_PATH = ("status", "notification")
MAX_EVENTS = 256
_MAX_EVENT_TEXT = 100
_EVENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}")
_ROUND_BRACKETS = str.maketrans("{}", "()")
_SEVERITIES = ("critical", "warning", "info")


class ObservedIdentity(t.NamedTuple):
    """The device that answers at an address; None for what it does not report. firmware: 7.10.008, without fw_."""

    serial_number: str | None = None
    hostname: str | None = None
    model: str | None = None
    firmware: str | None = None


class NotificationEvent(t.NamedTuple):
    """One event as the device reports it.

    triggered: None if it cannot be read.  last_triggered: ISO 8601 UTC, None for never.
    """

    triggered: bool | None
    last_triggered: str | None
    type: str | None = None


class Observation(t.NamedTuple):
    """What a device reports at one moment.

    events: by canonical name, at most MAX_EVENTS.  skipped: number of events without a usable name, or too many.
    """

    identity: ObservedIdentity
    events: dict[str, NotificationEvent]
    skipped: int = 0


def template_safe(text: object, limit: int = _MAX_EVENT_TEXT) -> str:
    """Text of a device without meaning to a template: one line, bounded, round brackets instead of curly ones."""
    return printable(text, limit).translate(_ROUND_BRACKETS)


def observe(envelope: Envelope) -> Observation:
    """The observation in the response to a GET of NOTIFICATION_PATH; without events if the response has no table of them."""
    node = node_of(envelope.data, NOTIFICATION_PATH)
    table = platform.read_notification({"data": {"notification": node}})["events"]
    events: dict[str, NotificationEvent] = {}
    skipped = 0
    for name, event in table.items():
        if len(events) >= MAX_EVENTS or _EVENT_NAME.fullmatch(name) is None:
            skipped += 1
            continue
        kind = event["type"]
        events[name] = NotificationEvent(
            event["triggered"],
            event["last_triggered"],
            None if kind is None else template_safe(kind, 40) or None,
        )
    texts = (getattr(envelope.identity, name) for name in ObservedIdentity._fields)
    identity = ObservedIdentity(*(None if text is None else template_safe(text) or None for text in texts))
    return Observation(identity, events, skipped)


def severity_of(event: str) -> str | None:
    """The worst severity that the vendor's list of traps has for an event: critical, warning, info or None."""
    known = catalogue.events().get(event)
    return next((s for s in _SEVERITIES if known and s in known.severities), None)
