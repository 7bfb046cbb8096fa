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

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from . import model as _report
from .html import render_html
from .junit import render_junit
from .markdown import render_markdown
from .sarif import render_sarif

ReportRenderer = t.Callable[["_report.Report"], str]

# name of the format: (suffix of its file, what makes it)
REPORT_FORMATS: dict[str, tuple[str, ReportRenderer]] = {
    "json": (".json", _report.serialize_report),
    "junit": (".xml", render_junit),
    "markdown": (".md", render_markdown),
    "sarif": (".sarif", render_sarif),
    "html": (".html", render_html),
}

MAX_REPORT_BYTES = 256 * 1024 * 1024

# In every format the first time of this form is the time of the report.
_REPORT_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


class ReportFile(t.NamedTuple):
    """A file of a report. before: its content so far, None if there is none."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def differs(self) -> bool:
        return self.before != self.after

    @property
    def differs_in_more_than_time(self) -> bool:
        return self.before is None or _without_time(self.before) != _without_time(self.after)


def load_report(path: str) -> _report.Report:
    """The report in a file. Raises LantimeError C(report)."""
    try:
        return _report.parse_report(_read_regular_file(Path(path), MAX_REPORT_BYTES).decode("utf-8"))
    except FileNotFoundError:
        raise LantimeError("report", f"the input {path} does not exist") from None
    except OSError as exc:
        raise LantimeError("report", f"the input {path} cannot be read ({type(exc).__name__})") from None
    except UnicodeDecodeError:
        raise LantimeError("report", f"the input {path} is no report: it is not UTF-8") from None
    except ValueError as exc:
        raise LantimeError("report", f"the input {path} is no report: {exc}") from None


def plan_files(report: _report.Report, dest: str, basename: str, formats: t.Sequence[str]) -> dict[str, ReportFile]:
    """The files of a report by format, as they are and as they should be. Raises LantimeError C(option) and C(report)."""
    if basename in ("", ".", "..") or "/" in basename or "\0" in basename:
        raise LantimeError(
            "option",
            f'"{printable(basename, 60)}" is not the name of a file in a directory',
            hint="give the directory as dest",
        )
    directory = Path(os.path.abspath(dest))  # noqa: PTH100 - links in the way are left as they are
    found = {}
    for name in REPORT_FORMATS:
        if name in formats:
            suffix, render = REPORT_FORMATS[name]
            path = directory / (basename + suffix)
            found[name] = ReportFile(path, _read_existing(path), render(report).encode("utf-8"))
    return found


def _read_existing(path: Path) -> bytes | None:
    try:
        return _read_regular_file(path, MAX_REPORT_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise LantimeError("report", f"{path} is in the way of a report ({type(exc).__name__})") from None


def _read_regular_file(path: Path, limit: int) -> bytes:
    with open(path, "rb", opener=_open_nonblocking) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError("it is too large")
    return data


def _open_nonblocking(path: str, flags: int) -> int:
    """Opened without waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _without_time(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    found = _REPORT_TIME.search(text)
    if found is None:
        return text
    time = found.group()
    return text.replace(time, "").replace(time.replace("T", " "), "")


def write_file(file: ReportFile) -> None:
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


def format_file_diff(files: t.Iterable[ReportFile]) -> dict[str, str]:
    """Which files change, as Ansible prints a difference: a line for each with its size and checksum."""
    changed = [file for file in files if file.differs_in_more_than_time]
    return {
        "before_header": "report files",
        "after_header": "report files",
        "before": "".join(_describe_file(file.path, file.before) for file in changed if file.before is not None),
        "after": "".join(_describe_file(file.path, file.after) for file in changed),
    }


def _describe_file(path: Path, content: bytes | None) -> str:
    data = content or b""
    return f"{path}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}\n"
