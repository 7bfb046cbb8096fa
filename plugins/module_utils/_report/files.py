# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a report: reading the JSON of others, writing all formats whole or not at all.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import typing as t
from pathlib import Path

from .._base.errors import LantimeError
from .._base.sanitize import printable
from . import report as _report
from .html import html
from .junit import junit
from .markdown import markdown
from .sarif import sarif

Render = t.Callable[["_report.Report"], str]

# name of the format: (suffix of its file, what makes it)
FORMATS: dict[str, tuple[str, Render]] = {
    "json": (".json", _report.written),
    "junit": (".xml", junit),
    "markdown": (".md", markdown),
    "sarif": (".sarif", sarif),
    "html": (".html", html),
}

MAX_BYTES = 256 * 1024 * 1024

# In every format the first time of this form is the time of the report.
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


class File(t.NamedTuple):
    """A file of a report. before: its content so far, None if there is none."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def differs(self) -> bool:
        return self.before != self.after

    @property
    def differs_in_more_than_time(self) -> bool:
        return self.before is None or _timeless(self.before) != _timeless(self.after)


def load(path: str) -> _report.Report:
    """The report in a file. Raises LantimeError C(report)."""
    try:
        return _report.read(_read(Path(path), MAX_BYTES).decode("utf-8"))
    except FileNotFoundError:
        raise LantimeError("report", f"the input {path} does not exist") from None
    except OSError as exc:
        raise LantimeError("report", f"the input {path} cannot be read ({type(exc).__name__})") from None
    except UnicodeDecodeError:
        raise LantimeError("report", f"the input {path} is no report: it is not UTF-8") from None
    except ValueError as exc:
        raise LantimeError("report", f"the input {path} is no report: {exc}") from None


def plan(report: _report.Report, dest: str, basename: str, formats: t.Sequence[str]) -> dict[str, File]:
    """The files of a report by format, as they are and as they should be. Raises LantimeError C(option) and C(report)."""
    if basename in ("", ".", "..") or "/" in basename or "\0" in basename:
        raise LantimeError(
            "option",
            f'"{printable(basename, 60)}" is not the name of a file in a directory',
            hint="give the directory as dest",
        )
    directory = Path(os.path.abspath(dest))  # noqa: PTH100 - links in the way are left as they are
    found = {}
    for name in FORMATS:
        if name in formats:
            suffix, render = FORMATS[name]
            path = directory / (basename + suffix)
            found[name] = File(path, _former(path), render(report).encode("utf-8"))
    return found


def _former(path: Path) -> bytes | None:
    try:
        return _read(path, MAX_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise LantimeError("report", f"{path} is in the way of a report ({type(exc).__name__})") from None


def _read(path: Path, limit: int) -> bytes:
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError("it is too large")
    return data


def _open_at_once(path: str, flags: int) -> int:
    """Opened without waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _timeless(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    found = _TIME.search(text)
    if found is None:
        return text
    time = found.group()
    return text.replace(time, "").replace(time.replace("T", " "), "")


def store(file: File) -> None:
    """Write a file whole or not at all; an existing one keeps its mode. Raises LantimeError C(report)."""
    # A name that nobody can know before, and O_EXCL: in a shared directory nobody can have put a link there.
    scratch = file.path.with_name(f".lantime-{secrets.token_hex(8)}.new")
    made = False
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(os.open(scratch, flags, 0o666), "wb") as stream:
            made = True
            with contextlib.suppress(OSError):
                os.fchmod(stream.fileno(), stat.S_IMODE(file.path.stat().st_mode))
            stream.write(file.after)
            stream.flush()
            os.fsync(stream.fileno())
        scratch.replace(file.path)
    except OSError as exc:
        if made:
            with contextlib.suppress(OSError):
                scratch.unlink()
        raise LantimeError("report", f"the report {file.path} cannot be written ({type(exc).__name__})") from None


def diff(files: t.Iterable[File]) -> dict[str, str]:
    """Which files change, as Ansible prints a difference: a line for each with its size and checksum."""
    changed = [file for file in files if file.differs_in_more_than_time]
    return {
        "before_header": "report files",
        "after_header": "report files",
        "before": "".join(_line(file.path, file.before) for file in changed if file.before is not None),
        "after": "".join(_line(file.path, file.after) for file in changed),
    }


def _line(path: Path, content: bytes | None) -> str:
    data = content or b""
    return f"{path}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}\n"
