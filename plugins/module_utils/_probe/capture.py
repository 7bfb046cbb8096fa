# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a recording holds: trees, the forms of scalars, lists and items, and an unknown path."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.envelope import NotJsonError, node_of, parse_json
from .._api.http_errors import http_error
from .._api.url_path import url_path
from .._client.answer import Answer
from .._recording.document import Capture, RecordedAnswer
from .._tree.paths import Path
from .findings import SampleNodes, pick_samples
from .read import UNKNOWN_NAME, ReadProbe

# Answers that say nothing about the API, but about the moment or the credentials.
_FAILURES = frozenset({401, 408, 425, 429})


class CaptureProbe(ReadProbe):
    """Reads a device with GET only and keeps each answer."""

    def __init__(self, api: Device) -> None:
        super().__init__(api)
        self._answers: list[RecordedAnswer] = []
        self._samples: dict[Path, str] = {}

    def capture(self, given_root: bool) -> Capture:
        """Read everything. Raises LantimeError if the device does not answer a request, or not with its trees."""
        self.api.on_answer = self._keep
        try:
            top = self._read_top()
            self._find_root(top, given_root)
            self._read_trees()
        finally:
            self.api.on_answer = None
        return Capture([answer._replace(purpose=self._purpose(answer.path)) for answer in self._answers], self.root)

    def _read_trees(self) -> None:
        status = node_of(self.api.status().data, ("status",))
        self.api.send_request("GET", ("status",), raw=True)
        self._read_samples(pick_samples(status), ("status",))
        where: Path = ("status",)
        if self.root is not None:
            where = self.root
            nodes = self.read_nodes()
            for path in [(area,) for area in self.areas] if self.root == () else [self.root]:
                self.api.send_request("GET", path, raw=True)
            self._read_samples(pick_samples(nodes), self.root)
        self.api.send_request("GET", (*where, UNKNOWN_NAME))

    def _read_samples(self, samples: SampleNodes, where: Path) -> None:
        for purpose, path in zip(("scalar", "list", "item"), samples):
            if path is not None:
                self._samples[where + path] = purpose
                self.api.send_request("GET", where + path)

    def _keep(self, path: Path, raw: bool, answer: Answer, seconds: float) -> None:
        if (answer.status in _FAILURES or answer.status >= 500) and path[-1:] != (UNKNOWN_NAME,):
            settings = self.api.client.settings
            raise http_error(settings.host, "GET", url_path(path, raw), answer, with_token=settings.token is not None)
        text = answer.body.decode("utf-8", "replace")
        content = _parsed(answer)
        self._answers.append(RecordedAnswer("", path, raw, answer.status, answer.content_type, text, content, seconds))

    def _purpose(self, path: Path) -> str:
        if path == ():
            return "root"
        if path == ("status",):
            return "status"
        if path[-1] == UNKNOWN_NAME:
            return "unknown_path"
        if path in self._samples:
            return self._samples[path]
        is_area = self.root == () and path in [(area,) for area in self.areas]
        return "configuration" if path == self.root or is_area else "search"


def _parsed(answer: Answer) -> t.Any:
    try:
        return parse_json(answer.body)
    except NotJsonError:
        return None
