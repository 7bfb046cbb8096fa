# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads sections, the first-level parts of the configuration."""

from __future__ import annotations

import time
import typing as t

from .._api.device import Device
from .._base.errors import KINDS, LantimeError
from .._tree.canonical import Tree, canonical
from .._tree.paths import Path

_SHORTEST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 1.0
_TRANSIENT_CODES = ("busy", "server_error", "incomplete")


def pauses(seconds: float) -> t.Iterator[None]:
    """Yield at once, then after growing pauses until the time is over.

    The pauses are short, so that the deadline of the task, which ends the request after a pause, is exceeded by one at most.
    """
    end = time.monotonic() + seconds
    pause = _SHORTEST_WAIT_SECONDS
    while True:
        yield
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_WAIT_SECONDS)


class SectionReader:
    """Reads sections of one device, each with one GET, and keeps them until forget() is called.

    Until the first forget(), a section that the task has read before is not requested again. Whoever writes to the
    device, or needs to know what it shows by now, calls forget().
    grace: seconds for which the device may be unreachable after a write.
    """

    def __init__(self, api: Device, grace: float) -> None:
        self.api = api
        self.grace = grace
        self._kept: dict[str, Tree] = {}
        self._read_node: t.Callable[[Path], t.Any] = api.known_config_node

    def forget(self, names: t.Iterable[str] | None = None) -> None:
        """Request sections, all if none are named, anew when they are read next."""
        self._read_node = self.api.config_node
        for name in list(self._kept) if names is None else names:
            self._kept.pop(name, None)

    def keeps(self, names: t.Iterable[str]) -> bool:
        """Whether read() needs no request for these sections."""
        return all(name in self._kept for name in names)

    def read(self, names: t.Iterable[str]) -> Tree:
        """Return sections in canonical form."""
        value: dict[str, t.Any] = {}
        tables: set[Path] = set()
        ambiguous: set[Path] = set()
        is_read = False
        for name in names:
            tree = self._kept.get(name)
            if tree is None:
                is_read = True
                tree = self._kept[name] = canonical(self._read_node((name,)), (name,))
            value[name] = tree.value
            tables |= tree.tables
            ambiguous |= tree.ambiguous
        if is_read:
            self.api.confirm_identity()
        return Tree(value, frozenset(tables), frozenset(ambiguous))

    def read_existing(self, names: t.Iterable[str], optional: t.Container[str]) -> list[str]:
        """Read sections, and return those that the device does not have. optional: sections that may be absent."""
        present = list(names)
        absent: list[str] = []
        while True:
            try:
                self.read(present)
                break
            except LantimeError as error:
                name = error.path
                if error.code != "unknown_name" or name not in present or name not in optional or self._is_listed(name):
                    raise
                present.remove(name)
                absent.append(name)
        self.api.confirm_identity()
        return absent

    def _is_listed(self, name: str) -> bool:
        """Whether the device shows a section in its configuration, or it is unknown whether it does."""
        tree = self.api.known_configuration()
        return tree is None or not isinstance(tree.value, dict) or name in tree.value

    def read_patiently(self, names: t.Sequence[str], grace: float | None = None) -> Tree:
        """Return sections of a device that may be unreachable for some seconds after a write."""
        failure: LantimeError | None = None
        for _pause in pauses(self.grace if grace is None else grace):
            try:
                return self.read(names)
            except LantimeError as error:
                # After a restart the sections that were read before it may be out of date.
                self.forget()
                if not KINDS[error.code].unreachable and error.code not in _TRANSIENT_CODES:
                    raise
                failure = error
        raise failure or LantimeError("internal", "no section was read")

    def poll(self, names: t.Sequence[str], grace: float) -> t.Iterator[Tree]:
        """Yield sections as the device shows them now, then again and again until the time is over."""
        for _pause in pauses(grace):
            self.forget()
            yield self.read_patiently(names)
