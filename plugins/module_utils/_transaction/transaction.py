# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that are being made to one device: sent one by one and verified."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.http_errors import ABSENT_CODES
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._plan.planner import Plan
from .._plan.rollback import unfinished_leaves
from .._tree.canonical import Tree, leaves, value_at
from .._tree.changes import Change, changed_leaves
from .._tree.paths import Path, text_of
from .._tree.secrets import is_mask
from .journal import Journal
from .sections import SectionReader
from .settings import WriteRules
from .window import Window

# The client stopped waiting for the answer to a write, so that the device may still be working on it.
_NO_ANSWER_CODES = frozenset({"timeout_read", "timeout_total", "timeout_task"})


def is_unanswered(error: LantimeError) -> bool:
    """Whether the device may still be working on the write that failed with an error."""
    return error.effect_unknown and error.code in _NO_ANSWER_CODES


class Transaction(t.NamedTuple):
    """Changes to one device, and what is needed to make them.

    sections: the sections that are read to verify the changes.  window: the confirm window that follows them, None without one.
    """

    reader: SectionReader
    journal: Journal
    rules: WriteRules
    plan: Plan
    sections: tuple[str, ...]
    window: Window | None = None

    @property
    def api(self) -> Device:
        return self.reader.api

    @property
    def pending_count(self) -> int:
        """Unsaved changes that the device counted in its latest answer; 0 if it did not say."""
        return self.api.pending_changes or 0

    def limited_to(self, changes: t.Iterable[Change]) -> Transaction:
        """Return a transaction of some of the changes and their sections."""
        chosen = tuple(changes)
        sections = tuple(dict.fromkeys(change.path[0] for change in chosen))
        return self._replace(plan=self.plan._replace(changes=chosen), sections=sections)

    def send(self, change: Change, current: Tree) -> None:
        """Send one change, once. If its answer is lost, the device is read to learn whether the change took effect.

        current: the sections as they were before the first write.
        """
        self.reader.forget()
        # Paths of policy.secrets and leaves that the device masks are secret whatever their names.
        for values in (change.before, change.after):
            hidden = (v for path, v in leaves(values or {}, change.path) if path in self.plan.secrets)
            self.api.client.redactor.add(*hidden)
        try:
            self.api.apply(change, _menu_at(current, change.path))
        except LantimeError as error:
            if not error.effect_unknown or error.code == "timeout_task":
                raise self._explain_refusal(change, error) from None
            self.api.client.reconnect()
            # A secret is masked: if it was set before, reading does not show whether it is the new one.
            was_set = any(
                path in self.plan.secrets and is_mask(value) for path, value in leaves(change.before or {}, change.path)
            )
            if not self._shows(change, self.rules.grace if is_unanswered(error) else 0) or was_set:
                raise

    def _shows(self, change: Change, grace: float) -> bool:
        """Whether the device shows a change within the time of grace."""
        is_shown = False
        try:
            for now in self.reader.poll(change.path[:1], grace):
                is_shown = not unfinished_leaves([change], now.value, self.plan.secrets)
                if is_shown:
                    break
        except LantimeError as failure:
            failure.effect_unknown = True
            raise
        self.reader.forget()
        return is_shown

    def _explain_refusal(self, change: Change, error: LantimeError) -> LantimeError:
        """The error of a refused change; if it has names that the device does not have, they are its likely cause."""
        invented = [text_of(path) for path in self.plan.invented if path[: len(change.path)] == change.path]
        if not invented or error.code not in ABSENT_CODES:
            return error
        names = printable(", ".join(sorted(invented)), 300)
        return error.with_context(hint=f"the device does not have {names}: correct the name, or leave it out")

    def activate(self) -> None:
        """Make the sent changes the running configuration, on a device that stages them."""
        self.api.activate()
        if self.api.is_shown_late:
            self.reader.forget()

    def verify(self) -> Tree:
        """Read the sections over a new connection until they show every change, and return them.

        Raises LantimeError with the code not_applied if they do not within the time of grace.
        """
        self.api.client.reconnect()
        for current in self.reader.poll(self.sections, self.rules.grace):
            unfinished = unfinished_leaves(self.plan.changes, current.value, self.plan.secrets)
            if not unfinished:
                return current
        changes = self.plan.changes
        total = len(changed_leaves(changes)[0]) + sum(c.action == "delete" for c in changes)
        raise LantimeError(
            "not_applied",
            f"after the change {len(unfinished)} of {total} settings show another value: "
            + ", ".join(text_of(d.path) for d in unfinished[:5]),
            path=text_of(unfinished[0].path),
            extra={"remaining": [d.as_dict() for d in unfinished]},
        )


def _menu_at(current: Tree, path: Path) -> dict[str, t.Any]:
    try:
        menu = value_at(current.value, path)
    except KeyError:
        return {}
    return menu if isinstance(menu, dict) else {}
