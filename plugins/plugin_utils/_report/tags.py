# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML and SVG by construction: whatever is not made here is text, and text is escaped.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import html
import typing as t

_VOID = frozenset({"input", "link", "meta"})


class Markup(str):
    """Text that is markup already."""


Child = t.Union[str, int, None, t.Sequence[t.Union[str, int, None]]]


def text(value: object) -> Markup:
    """Text, escaped for content and for attributes; nothing invisible is left in it."""
    raw = str(value)
    if not raw.isprintable():
        raw = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in raw)
    return Markup(html.escape(raw, quote=True))


def tag(element: str, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element. Attributes: C(class_) is class, C(aria_label) is aria-label; None and False are left out, True has no value."""
    parts = [f"<{element}"]
    for key, value in attributes.items():
        if value is not None and value is not False:
            shown = key.rstrip("_").replace("_", "-")
            parts.append(f" {shown}" if value is True else f' {shown}="{text(value)}"')
    if element in _VOID:
        return Markup("".join([*parts, ">"]))
    return Markup("".join([*parts, ">", join(*children), f"</{element}>"]))


def join(*children: Child) -> Markup:
    """Children one after the other; None is left out."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, (str, int)):
            parts.append(text(child))
        else:
            parts.append(join(*child))
    return Markup("".join(parts))
