# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries: secrets that occur nowhere else, the forms in which they can appear, and where to look for them."""

from __future__ import annotations

import base64
import html
import json
import os
import quopri
import threading
import typing as t
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms_of(secret: str, user: str = "root") -> set[str]:
    """The secret as it is, and as JSON, URLs, HTML, mail, Python and base64 carry it, alone and after the user's name."""
    raw, pair = secret.encode(), f"{user}:{secret}".encode()
    forms = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    forms |= {quote(raw, safe=""), quote(raw), quote_plus(raw), html.escape(secret), html.escape(secret, quote=False)}
    forms.add(quopri.encodestring(raw).decode("ascii").replace("=\n", ""))
    for value in (raw, pair):
        forms |= {base64.b64encode(value).decode().rstrip("="), base64.urlsafe_b64encode(value).decode().rstrip("=")}
    return forms | {json.dumps(form)[1:-1] for form in forms}


def find_canaries(secrets: t.Iterable[str], outputs: t.Mapping[str, str]) -> list[str]:
    """Where which secret occurs in which form, with the text around it. outputs: texts by name."""
    found = []
    for secret in secrets:
        for form in forms_of(secret):
            for name, text in outputs.items():
                at = text.find(form)
                if at >= 0:
                    found.append(f"{secret!r} as {form!r} in {name}: {text[max(0, at - 200) : at + 100]!r}")
    return found


def files_below(directory: Path, inputs: t.Collection[str]) -> dict[str, str]:
    """The content of each file below a directory, except of files with the names of inputs."""
    return {
        str(path): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name not in inputs
    }


class ProcessObserver:
    """Collects arguments and environments of the processes that work below a directory, while the context is open."""

    _INTERVAL_SECONDS = 0.02

    def __init__(self, directory: Path) -> None:
        self.arguments: set[str] = set()
        self.environments: set[str] = set()
        self.observed = threading.Event()
        self._directory = str(directory)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._observe, daemon=True)

    def __enter__(self) -> ProcessObserver:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def outputs(self) -> dict[str, str]:
        return {"process arguments": "\n".join(self.arguments), "process environment": "\n".join(self.environments)}

    def _observe(self) -> None:
        while not self._stop.wait(self._INTERVAL_SECONDS):
            for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
                self._read(Path("/proc") / name)

    def _read(self, process: Path) -> None:
        try:
            if str((process / "cwd").readlink()).startswith(self._directory):
                self.environments.add((process / "environ").read_bytes().decode("utf-8", "replace"))
                self.arguments.add((process / "cmdline").read_bytes().decode("utf-8", "replace"))
                self.observed.set()
        except OSError:
            # The process has ended.
            return
