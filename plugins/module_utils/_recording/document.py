# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings: what one device answered to a fixed set of GET requests, in one JSON file.

docs/recording.schema.json describes the format.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path as FilePath

from .._base import files
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._base.version import VERSION as COLLECTION_VERSION
from .._tree.paths import Path, text_of
from .anonymizer import Anonymizer

RECORDING_FORMAT = "meinberg.lantime.recording"
RECORDING_VERSION = 1

_RECORDING_FILE = files.register_writer("recording", "what a device answered, as JSON")
_MAX_RECORDING_BYTES = 64 * 1024 * 1024
_ENVELOPE_MEMBERS = ("system-information", "data", "changes", "links")


class RecordedAnswer(t.NamedTuple):
    """One answer. purpose: a value of the schema.  content: the parsed JSON text, None if text is none."""

    purpose: str
    path: Path
    raw: bool
    status: int
    content_type: str
    text: str
    content: t.Any
    seconds: float


class Capture(t.NamedTuple):
    """All answers of one device. config_root: path of the configuration root below /api, None if there is none."""

    answers: t.Sequence[RecordedAnswer]
    config_root: Path | None


def make_recording(capture: Capture, anonymizer: Anonymizer, is_anonymized: bool, created: str) -> dict[str, t.Any]:
    """The content of a recording. created: the time of the recording."""
    _learn(capture, anonymizer)
    answers = [_answer_entry(answer, anonymizer) for answer in capture.answers]
    root = None if capture.config_root is None else text_of(anonymizer.segments(capture.config_root))
    return {
        "format": RECORDING_FORMAT,
        "version": RECORDING_VERSION,
        "created": created,
        "collection": COLLECTION_VERSION,
        "anonymized": is_anonymized,
        "replaced": anonymizer.summary,
        "config_root": root,
        "answers": answers,
    }


def _learn(capture: Capture, anonymizer: Anonymizer) -> None:
    """Find the tokens and the names of all answers before anything is replaced."""
    raw_forms = {answer.path: answer for answer in capture.answers if answer.raw}
    for answer in capture.answers:
        raw = raw_forms.get(answer.path)
        if not answer.raw and raw is not None:
            anonymizer.learn_enums(_data_of(answer), _data_of(raw), answer.path)
    for answer in capture.answers:
        _replace_content(answer, anonymizer)
    anonymizer.forget_counts()


def _data_of(answer: RecordedAnswer) -> t.Any:
    return answer.content.get("data") if isinstance(answer.content, dict) else None


def _answer_entry(answer: RecordedAnswer, anonymizer: Anonymizer) -> dict[str, t.Any]:
    is_padded = answer.text[:1].isspace() or answer.text[-1:].isspace()
    entry = {
        "purpose": answer.purpose,
        "path": "/api/" + text_of(anonymizer.segments(answer.path)),
        "raw": answer.raw,
        "status": answer.status,
        "content_type": answer.content_type,
        "bytes": len(answer.text.encode("utf-8", "replace")),
        "milliseconds": round(answer.seconds * 1000, 1),
    }
    if answer.content is None:
        return {**entry, "text": anonymizer.message(answer.text)}
    return {**entry, "padded": is_padded, "body": _replace_content(answer, anonymizer)}


def _replace_content(answer: RecordedAnswer, anonymizer: Anonymizer) -> t.Any:
    """The parsed text of an answer without personal values. Members beside those of the envelope are messages."""
    content = answer.content
    if not isinstance(content, dict):
        return anonymizer.replace(content, answer.path)
    replaced: dict[str, t.Any] = {}
    for name, value in content.items():
        if name == "data":
            replaced[name] = anonymizer.replace(value, answer.path)
        elif name in _ENVELOPE_MEMBERS:
            replaced[name] = anonymizer.replace(value, (name,))
        else:
            replaced[name] = anonymizer.messages(value)
    return replaced


def write_recording(path: FilePath, content: dict[str, t.Any]) -> int:
    """Write a recording atomically, readable by its owner only; its size in bytes. Raises LantimeError recording."""
    text = json.dumps(content, indent=1, allow_nan=False) + "\n"
    try:
        files.make_private_directory(path.parent)
        _RECORDING_FILE.write(path, text.encode())
    except (OSError, files.FileError) as exc:
        raise LantimeError("recording", f"the recording {path} cannot be written ({files.reason(exc)})") from None
    return len(text)


def load_recording(path: FilePath) -> dict[str, t.Any]:
    """The content of a recording after a check of its form. Raises LantimeError recording."""
    try:
        return checked_recording(json.loads(files.read_text(path, _MAX_RECORDING_BYTES)))
    except (OSError, files.FileError) as exc:
        raise LantimeError("recording", f"the recording {path} cannot be read ({files.reason(exc)})") from None
    except (ValueError, RecursionError) as exc:
        is_json = not isinstance(exc, (json.JSONDecodeError, UnicodeDecodeError, RecursionError))
        reason = str(exc) if is_json else "it is not JSON, or it is truncated"
        raise LantimeError("recording", f"the recording {path} cannot be used: {reason}") from None


def format_of(path: FilePath) -> str | None:
    """The format that a file says it has; None if it does not."""
    try:
        content = json.loads(files.read_text(path, _MAX_RECORDING_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    name = content.get("format") if isinstance(content, dict) else None
    return name if isinstance(name, str) else None


def checked_recording(content: t.Any) -> dict[str, t.Any]:
    """Parsed content that has the form of a recording. Raises ValueError with a clause."""
    if not isinstance(content, dict) or content.get("format") != RECORDING_FORMAT:
        raise ValueError("it is not a recording of a LANTIME")
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError("it has no version")
    if version > RECORDING_VERSION:
        raise ValueError(
            f"its format has the version {printable(str(version), 20)}, and this collection reads version {RECORDING_VERSION}"
        )
    answers = content.get("answers")
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise ValueError("it holds no answers")
    return content
