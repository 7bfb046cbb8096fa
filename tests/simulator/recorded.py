# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording of lantime_record holds besides the status tree, and the forms of the API that its answers show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Tree = dict[str, Any]

FORMAT = "meinberg.lantime.recording"
VERSION = 1


class BadRecordingError(ValueError):
    """The file cannot be played; the text names the member that is missing or wrong."""


@dataclass(frozen=True)
class UnknownPath:
    """The recorded answer to a path that does not exist: `body` is a parsed one, else there is `text`."""

    status: int
    content_type: str
    body: Any = None
    text: str = ""


@dataclass(frozen=True)
class Recorded:
    """The configuration in the form of a GET, with and without `?raw`, and how the API answered.

    root: `data` of the root of the API, None if it was not answered.  dialect: keys that the answers show.
    """

    config: Tree
    config_raw: Any = None
    root: Tree | None = None
    has_root: bool = True
    dialect: dict[str, str] = field(default_factory=dict)
    unknown: UnknownPath | None = None
    pending: int | None = None


def is_recording(document: Any) -> bool:
    return isinstance(document, dict) and "format" in document


def status_answer(document: Tree) -> Tree:
    """The recorded answer of GET /api/status."""
    for answer in _answers(document):
        if answer.get("purpose") == "status" and not answer.get("raw") and isinstance(answer.get("body"), dict):
            body: Tree = answer["body"]
            return body
    raise BadRecordingError("answers holds no answer of GET /api/status")


def _answers(document: Tree) -> list[Tree]:
    if document["format"] != FORMAT:
        raise BadRecordingError(f"format is {repr(document['format'])[:60]}, not {FORMAT!r}")
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadRecordingError("version is missing or no number")
    if version > VERSION:
        raise BadRecordingError(f"version is {version}; this simulator plays version {VERSION}")
    answers = document.get("answers")
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise BadRecordingError("answers is missing or no list of objects")
    return answers


def recorded_of(document: Tree) -> Recorded | None:
    """The configuration and the forms of a recording; None if it holds no configuration."""
    answers = _answers(document)
    root_path = document.get("config_root")
    if root_path is None:
        return None
    if not isinstance(root_path, str):
        raise BadRecordingError("config_root is no text")
    config = _configuration(answers, raw=False, by_area=root_path == "")
    if not isinstance(config, dict):
        raise BadRecordingError("answers holds no configuration")
    root = next((answer for answer in answers if answer.get("purpose") == "root"), {})
    status = status_answer(document)
    return Recorded(
        config=config,
        config_raw=_configuration(answers, raw=True, by_area=root_path == ""),
        root=_data(root) if isinstance(_data(root), dict) else None,
        has_root=root.get("status") == 200,
        dialect=_dialect(answers, root_path),
        unknown=_unknown(answers),
        pending=_pending(status),
    )


def _data(answer: Tree) -> Any:
    body = answer.get("body")
    return body.get("data") if isinstance(body, dict) else None


def _configuration(answers: list[Tree], raw: bool, by_area: bool) -> Any:
    """The configuration below its root, from one answer or from one for each area."""
    areas: Tree = {}
    for answer in answers:
        if answer.get("purpose") != "configuration" or bool(answer.get("raw")) != raw or answer.get("status") != 200:
            continue
        data = _data(answer)
        name = _name(answer)
        content = _unwrapped(data, name)
        if not by_area:
            return content
        areas[name] = content
    return areas or None


def _unwrapped(data: Any, name: str) -> Any:
    """A menu without its own object-id and without a wrapper of its own name."""
    if isinstance(data, dict) and set(data) - {"object-id"} == {name} and isinstance(data[name], dict):
        data = data[name]
    if isinstance(data, dict) and data.get("object-id") == name:
        return {key: value for key, value in data.items() if key != "object-id"}
    return data


def _name(answer: Tree) -> str:
    return str(answer.get("path", "")).rstrip("/").rpartition("/")[2]


def _pending(status: Tree) -> int | None:
    changes = status.get("changes")
    count = changes.get("pending-changes") if isinstance(changes, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


# -- forms of the API


def _dialect(answers: list[Tree], root_path: str) -> dict[str, str]:
    """Keys of the dialect that the answers show. Where several answers show a form, that of the configuration counts."""
    shown = {"config_root": root_path or "none", "padding": "none"}
    if "/" in root_path or root_path == "status":
        raise BadRecordingError(f"config_root is {root_path[:60]!r}, which is no name below /api")
    for answer in answers:
        purpose, data, name = answer.get("purpose"), _data(answer), _name(answer)
        if answer.get("padded") and "body" in answer:
            shown["padding"] = "newlines"
        if answer.get("status") != 200 or data is None:
            continue
        if purpose == "root":
            shown["root_get"] = _root_form(data, root_path)
        elif purpose == "scalar":
            shown["scalar_get"] = _scalar_form(data)
        elif purpose == "list":
            shown["list_get"] = _list_form(data, name)
        elif purpose == "item":
            is_wrapped = isinstance(data, dict) and set(data) == {name} and isinstance(data[name], dict)
            shown["item_get"] = "wrapped" if is_wrapped else "item"
    unknown = _unknown(answers)
    if unknown is not None:
        shown["request_error"] = _error_form(unknown)
    return shown


def _root_form(data: Any, root_path: str) -> str:
    beside = {name: value for name, value in data.items() if name not in ("status", "object-id")}
    listed = beside.get(root_path) if root_path else beside
    if not listed and listed != {}:
        return "status-only"
    if not root_path and not beside:
        return "status-only"
    stubs = [listed] if root_path else list(beside.values())
    return "names" if all(stub == {} for stub in stubs) else "full"


def _scalar_form(data: Any) -> str:
    if not isinstance(data, dict):
        return "bare"
    if set(data) == {"value"}:
        return "value"
    return "with-id" if "object-id" in data else "named"


def _list_form(data: Any, name: str) -> str:
    if isinstance(data, list):
        return "bare"
    return "named" if isinstance(data, dict) and isinstance(data.get(name), list) else "map"


def _unknown(answers: list[Tree]) -> UnknownPath | None:
    for answer in answers:
        status = answer.get("status")
        if answer.get("purpose") == "unknown_path" and isinstance(status, int) and 100 <= status <= 599:
            kind = str(answer.get("content_type", "")) or "application/json"
            return UnknownPath(status, kind, answer.get("body"), str(answer.get("text", "")))
    return None


def _error_form(unknown: UnknownPath) -> str:
    if unknown.status == 200:
        return "all-200"
    if unknown.status >= 500:
        return "500"
    if unknown.status == 400:
        return "all-400"
    if "html" in unknown.content_type:
        return "html"
    return "json" if unknown.body is not None else "plain"
