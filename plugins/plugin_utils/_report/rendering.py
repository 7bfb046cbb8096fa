# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates and style sheet of the reports, read from the directory of this file and compiled once in a process.

HTML templates escape every value. Markdown templates print foreign text through the filter code. Values are only ever
data: no template comes from outside of this directory.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import typing as t
from pathlib import Path

import jinja2
from markupsafe import Markup

from . import wording

# importlib.resources does not work with the collection loader of every supported ansible-core. That loader also prefers
# a directory to a module of the same name, so that this file is not called templates.py.
_DIRECTORY = Path(__file__).parent

_HEADER_COMMENT = re.compile(r"\A/\*.*?\*/\n", re.DOTALL)
_BACKTICKS = re.compile("`+")
_FILTERS = (
    wording.describe_change,
    wording.describe_versions,
    wording.format_count,
    wording.format_devices,
    wording.format_identity,
    wording.format_milliseconds,
    wording.format_names,
    wording.format_outcome,
    wording.format_time,
    wording.format_unchecked_state,
)


def remove_control_characters(value: t.Any) -> t.Any:
    """A value as templates print it: text without control and direction characters, which nobody sees."""
    if not isinstance(value, str) or value.isprintable() or hasattr(value, "__html__"):
        return value
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in value)


def format_code(value: object, limit: int = 200) -> str:
    """A Markdown code span that fits into a table cell, a dash for None; no renderer looks for links, mentions or HTML in it.

    No escape of a bar works there in every renderer, so a bar is replaced.
    """
    if value is None:
        return "\u2013"
    text = wording.format_value(str(value), limit)
    text = text[1:-1] if text.endswith('"') else text[1:]
    text = text.replace("|", "¦").replace('\\"', '"').replace("\\\\", "\\").strip() or "?"
    ticks = "`" * (longest_backticks(text) + 1)
    pad = " " if text.startswith("`") or text.endswith(("`", "\\")) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def longest_backticks(text: str) -> int:
    """Length of the longest run of backticks in a text."""
    return max(map(len, _BACKTICKS.findall(text)), default=0)


@functools.cache
def _environment(autoescape: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(_DIRECTORY / "templates")),
        autoescape=autoescape,
        auto_reload=False,
        finalize=remove_control_characters,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update({function.__name__: function for function in _FILTERS}, code=format_code)
    return environment


def load_template(name: str) -> jinja2.Template:
    """A template of the directory."""
    return _environment(name.endswith(".html.j2")).get_template(name)


def load_macro(template: str, name: str) -> t.Callable[..., str]:
    """A macro of a template, as a function."""
    return t.cast("t.Callable[..., str]", getattr(load_template(template).module, name))


@functools.cache
def load_style_sheet() -> str:
    """The style sheet of the HTML report, without its license header."""
    return _HEADER_COMMENT.sub("", (_DIRECTORY / "report.css").read_text(encoding="utf-8"))


def describe_style() -> dict[str, str]:
    """The style sheet, and its digest for the security policy of a page."""
    style = load_style_sheet()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return {"style": Markup(style), "style_digest": digest}
