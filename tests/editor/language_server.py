# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of yaml-language-server, as an editor is one."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import typing as t
from pathlib import Path

Message = dict[str, t.Any]

# `make editor` installs it.
SERVER = os.environ.get("YAML_LANGUAGE_SERVER", "yaml-language-server")
_TIMEOUT = 60.0
_CAPABILITIES: Message = {
    "workspace": {"configuration": True, "didChangeConfiguration": {}},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
}


class Mark(t.NamedTuple):
    """What the server marks. line: from 0.  severity: 1 error, 2 warning."""

    line: int
    severity: int
    message: str


class LanguageServer:
    """A running server for the files of a directory. settings: of the workspace, in the form of .vscode/settings.json."""

    def __init__(self, directory: Path, settings: Message) -> None:
        self.directory = directory
        self._settings = _nested({"yaml.schemaStore.enable": False, **settings})
        self._next = 0
        self._opened = 0
        self._received: queue.Queue[Message] = queue.Queue()
        self._marks: dict[str, list[Mark]] = {}

    def __enter__(self) -> LanguageServer:
        self._process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self._receive, daemon=True).start()
        root = self.directory.as_uri()
        folders = [{"uri": root, "name": "workspace"}]
        self._ask(
            "initialize",
            {"processId": None, "rootUri": root, "workspaceFolders": folders, "capabilities": _CAPABILITIES},
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})
        return self

    def __exit__(self, *dummy: object) -> None:
        self._process.kill()
        self._process.communicate()

    def marks(self, name: str, text: str) -> list[Mark]:
        """Open a text as a file and wait for what the server marks in it."""
        uri = self._open(name, text)
        while uri not in self._marks:
            self._handle(self._received.get(timeout=_TIMEOUT))
        return self._marks.pop(uri)

    def completions(self, name: str, text: str) -> list[str]:
        """What the server offers at the end of a text."""
        lines = text.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        answer = self._ask(
            "textDocument/completion", {"textDocument": {"uri": self._open(name, text)}, "position": position}
        )
        return [item["label"] for item in (answer["items"] if isinstance(answer, dict) else answer)]

    def explanation(self, name: str, text: str, word: str) -> str:
        """What the server says about a word of a text."""
        before = text[: text.index(word)]
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n")}
        answer = self._ask(
            "textDocument/hover", {"textDocument": {"uri": self._open(name, text)}, "position": position}
        )
        return str(answer["contents"]["value"])

    def _open(self, name: str, text: str) -> str:
        # A name of its own for each text, so that what is received belongs to it.
        self._opened += 1
        path = self.directory / name
        uri = path.with_name(f"{self._opened}-{path.name}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _tell(self, method: str, params: t.Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, params: t.Any) -> t.Any:
        self._next += 1
        number = self._next
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._received.get(timeout=_TIMEOUT)
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._handle(message)

    def _handle(self, message: Message) -> None:
        """Answer a request of the server, or keep what it marks."""
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self._marks[params["uri"]] = [
                Mark(one["range"]["start"]["line"], one["severity"], one["message"]) for one in params["diagnostics"]
            ]
        elif "method" in message and "id" in message:
            result = None
            if message["method"] == "workspace/configuration":
                result = [self._settings.get(item.get("section")) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": result})

    def _send(self, message: Message) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while True:
            length = 0
            while line := stream.readline().strip():
                name, dummy, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if not length:
                return
            self._received.put(json.loads(stream.read(length)))


def _nested(settings: Message) -> Message:
    """Settings with dotted names as nested mappings."""
    result: Message = {}
    for name, value in settings.items():
        node = result
        *parents, last = name.split(".")
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = value
    return result
