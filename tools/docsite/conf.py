# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration of Sphinx for make docs-site. Nothing is downloaded: references to Ansible's own documentation stay plain text."""

from __future__ import annotations

project = "meinberg.lantime"
project_copyright = "meinberg.lantime contributors"
title = "meinberg.lantime"
extensions = ["sphinx_antsibull_ext"]
html_theme = "alabaster"
html_theme_options = {
    "page_width": "1200px",
    "sidebar_width": "280px",
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
