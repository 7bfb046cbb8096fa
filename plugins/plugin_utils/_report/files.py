# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a report: reads JSON reports of other runs and writes every format atomically."""

from __future__ import annotations

import hashlib
import os
import re
import typing as t
from pathlib import Path

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.files import FileError, read_file, read_text, reason, register_writer
from ...module_utils._base.sanitize import printable
from .html import render_html
from .junit import render_junit
from .markdown import render_markdown
from .model import Report, parse_report, serialize_report
from .openmetrics import render_openmetrics
from .sarif import render_sarif

ReportRenderer = t.Callable[[Report], str]

# Format: (suffix of its file, renderer).
REPORT_FORMATS: dict[str, tuple[str, ReportRenderer]] = {
    "json": (".json", serialize_report),
    "junit": (".xml", render_junit),
    "markdown": (".md", render_markdown),
    "sarif": (".sarif", render_sarif),
    "html": (".html", render_html),
    "openmetrics": (".prom", render_openmetrics),
}
# A collector reads every file with metrics in its directory, so these are written only where somebody asks for them.
DEFAULT_FORMATS = tuple(name for name in REPORT_FORMATS if name != "openmetrics")

MAX_REPORT_BYTES = 256 * 1024 * 1024

_INPUT_HINT = "set inputs to JSON reports that meinberg.lantime.lantime_report wrote"
_DEST_HINT = "check dest and basename, the permissions and the free disk space"

_REPORT_FILE = register_writer("report", "a report in one format", keeps_mode=True)

# The first time of one of these forms in a file is the time of the report, in every format.
_REPORT_TIME = re.compile(
    r"(?<=^lantime_report_generated_timestamp_seconds)\{.*\} [0-9]+$|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
    re.MULTILINE,
)


class ReportFile(t.NamedTuple):
    """A file of a report. before: its present content, None if it does not exist. after: its new content."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def is_different(self) -> bool:
        return self.before != self.after

    @property
    def is_different_beyond_time(self) -> bool:
        return self.before is None or _without_time(self.before) != _without_time(self.after)


def load_report(path: str) -> Report:
    """The report in a file. Raises LantimeError with code report."""
    try:
        return parse_report(read_text(Path(path), MAX_REPORT_BYTES))
    except FileNotFoundError:
        raise LantimeError("report", f"the input {path} does not exist", hint="correct inputs") from None
    except OSError as exc:
        what = f"the input {path} cannot be read ({type(exc).__name__})"
        raise LantimeError("report", what, hint="check inputs and the permissions of the file") from None
    except UnicodeDecodeError:
        raise LantimeError("report", f"the input {path} is not a report: it is not UTF-8", hint=_INPUT_HINT) from None
    except ValueError as exc:
        raise LantimeError("report", f"the input {path} is not a report: {exc}", hint=_INPUT_HINT) from None


def plan_files(
    report: Report,
    dest: str,
    basename: str,
    formats: t.Sequence[str],
    known: t.Mapping[str, tuple[str, ReportRenderer]],
) -> dict[str, ReportFile]:
    """The files of a report by format, with present and new content. Raises LantimeError with code option or report."""
    if basename in ("", ".", "..") or "/" in basename or "\0" in basename:
        raise LantimeError(
            "option",
            f'"{printable(basename, 60)}" is not a file name',
            hint="set the directory with dest",
        )
    directory = Path(os.path.abspath(dest))  # noqa: PTH100 - symbolic links in the path are kept
    files = {}
    for name, (suffix, render) in known.items():
        if name in formats:
            path = directory / (basename + suffix)
            files[name] = ReportFile(path, _read_existing(path), render(report).encode("utf-8"))
    return files


def _read_existing(path: Path) -> bytes | None:
    try:
        return read_file(path, MAX_REPORT_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, FileError) as exc:
        raise LantimeError(
            "report", f"the report cannot be written: {path} cannot be replaced ({reason(exc)})", hint=_DEST_HINT
        ) from None


def _without_time(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    match = _REPORT_TIME.search(text)
    if match is None:
        return text
    time = match.group().rpartition("} ")[2]
    return text.replace(time, "").replace(time.replace("T", " "), "")


def write_report_file(file: ReportFile) -> None:
    """Write a file. Raises LantimeError with code report."""
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        _REPORT_FILE.write(file.path, file.after)
    except (OSError, FileError) as exc:
        what = f"the report {file.path} cannot be written ({reason(exc)})"
        raise LantimeError("report", what, hint=_DEST_HINT) from None


def write_report_files(files: t.Mapping[str, ReportFile], check_mode: bool) -> None:
    """Write the files that differ, none in check mode. Raises LantimeError with code report."""
    for file in files.values():
        if file.is_different and not check_mode:
            write_report_file(file)


def format_file_diff(files: t.Iterable[ReportFile]) -> dict[str, str]:
    """The changed files as a difference that Ansible prints: one line for each with its size and checksum."""
    changed = [file for file in files if file.is_different_beyond_time]
    return {
        "before_header": "report files",
        "after_header": "report files",
        "before": "".join(_describe_file(file.path, file.before) for file in changed if file.before is not None),
        "after": "".join(_describe_file(file.path, file.after) for file in changed),
    }


def _describe_file(path: Path, content: bytes | None) -> str:
    content = content or b""
    return f"{path}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()[:16]}\n"
