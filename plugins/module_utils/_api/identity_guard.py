# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detects that another device, or another firmware, answers during a task.

Several devices can share one address: address translation, a virtual router address, a name with several addresses. Then
each connection may reach another device, so every connection must show the identity before anything is written over it.
"""

from __future__ import annotations

from .._base.errors import LantimeError
from .._client.session import Client
from .._status.identity import Identity, is_other

_HINT = "make sure that the address always leads to the same device, then run the task again"
_HINT_AFTER_WRITE = f"{_HINT}: it reads the device first, and finishes or rolls back what was interrupted"


class IdentityGuard:
    """Compares the identity in each answer with the first one, from hold() on.

    has_written: whether a write was sent that may have taken effect.  failure: the error of the first difference; no request
    is sent after it.
    """

    def __init__(self, client: Client) -> None:
        self.has_written = False
        self.failure: LantimeError | None = None
        self._client = client
        self._is_held = False
        self._checks_firmware = True
        self._expected: Identity | None = None
        self._identified_connection = 0

    def hold(self, firmware: bool) -> None:
        """Expect the identity of the next answer in all that follow. firmware: whether the version must stay the same too."""
        self._is_held = True
        self._checks_firmware = firmware

    @property
    def is_active(self) -> bool:
        """Whether the identity is known and must not change."""
        return self._is_held and self._expected is not None and self._expected.serial_number is not None

    @property
    def is_identified(self) -> bool:
        """Whether the expected device has answered over the present connection."""
        return self._identified_connection == self._client.connections

    def check(self) -> None:
        """Raise the error of an earlier difference."""
        if self.failure is not None:
            raise self.failure

    def compare(self, identity: Identity) -> None:
        """Compare the identity in an answer. Raises LantimeError conflict, or state_unknown after a write.

        What an answer does not show neither proves nor disproves which device answers.
        """
        if not self._is_held:
            return
        if self._expected is not None:
            difference = self._difference(self._expected, identity)
            if difference is not None:
                raise self.fail(difference)
        self._expected = identity if self._expected is None else self._expected.completed(identity)
        if identity.serial_number is not None:
            self._identified_connection = self._client.connections

    def _difference(self, expected: Identity, identity: Identity) -> str | None:
        device = f"the device {expected.name}".rstrip()
        began = f"the task began with {device}"
        if None not in (expected.serial_number, identity.serial_number):
            if identity.serial_number != expected.serial_number:
                return f"another device answers: its serial number is {identity.serial_number}, and {began}"
        elif is_other(expected.model, identity.model):
            return f"another device answers: its model is {identity.model}, and {began}"
        if self._checks_firmware and is_other(expected.firmware, identity.firmware):
            return f"{device} had the firmware {expected.firmware} and now has {identity.firmware}"
        return None

    def fail_unidentified(self) -> LantimeError:
        """The error for a connection over which no answer shows an identity."""
        name = "of the first answer" if self._expected is None else self._expected.name
        return self.fail(
            f"the answers show no serial number any more, so that nothing proves that the device {name} answers"
        )

    def fail(self, what: str) -> LantimeError:
        """Return the error for a lost identity, which every later request raises."""
        if self.has_written:
            state = "the task had written before, and sends nothing more"
            code, hint = "state_unknown", _HINT_AFTER_WRITE
        else:
            code, state, hint = "conflict", "this task has written nothing", _HINT
        host = self._client.settings.host
        self.failure = LantimeError(code, f"{what}; {state}", host=host, hint=hint)
        return self.failure
