# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration of Sphinx for make docs-site. Nothing is downloaded: references to Ansible's own documentation stay plain text."""

from __future__ import annotations

import re
from typing import Any

project = "meinberg.lantime"
project_copyright = "meinberg.lantime contributors"
title = "meinberg.lantime"
extensions = ["sphinx_antsibull_ext"]
html_theme = "alabaster"
html_theme_options = {
    "page_width": "1200px",
    "sidebar_width": "240px",
    "font_family": "sans-serif",
    "head_font_family": "sans-serif",
}
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True
# Documentation of ansible-core and of other collections, which is not part of this site.
nitpick_ignore_regex = [
    (r"std:ref", r"ansible_collections\.(?!meinberg\.lantime\.).*"),
    (r"std:ref", r"(?!ansible_collections\.).*"),
    (r"ansplugin|ansopt|ansval|ansretval|envvar|std:envvar", r"(?!meinberg\.lantime).*"),
]

_UNDERLINE = re.compile(r"-{3,}$|~{3,}$")
_PLUGIN_PAGE = re.compile(r"    (\w+)_(module|filter|inventory|role)$")


def add_captions(_app: Any, page: str, source: list[str]) -> None:
    """Give each table of contents of the start page its heading as a caption, and plugins their short names, for the navigation."""
    if page != "index":
        return
    lines = source[0].split("\n")
    heading = ""
    for number, line in enumerate(lines):
        if _UNDERLINE.match(line):
            heading = lines[number - 1].replace(" Index", "s")
        elif line == ".. toctree::" and any(entry.startswith("    ") for entry in lines[number + 2 : number + 5]):
            lines[number] = f"{line}\n    :caption: {heading}"
        else:
            lines[number] = _PLUGIN_PAGE.sub(r"    \1 <\1_\2>", line)
    source[0] = "\n".join(lines)


def setup(app: Any) -> None:
    app.connect("source-read", add_captions)
