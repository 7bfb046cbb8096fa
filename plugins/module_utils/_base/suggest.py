# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suggestions for a name that is not known."""

from __future__ import annotations

import difflib
import itertools
import typing as t

from .sanitize import printable

# Bounds for what a device can make of this: names that are compared, their length, names that are listed.
_MAX_COMPARED = 1000
_MAX_LENGTH = 60
_MAX_LIKELY_LENGTH = 200
_MAX_SUGGESTED = 3
_MAX_KNOWN_NAMES = 20


def suggest_names(name: object, known: t.Iterable[object], likely: t.Sequence[str] = ()) -> str:
    """The end of a message about an unknown name: ` (did you mean a or b?)`, or ` (known names: a, b and 5 more)` if none is similar.

    Empty if no name is known. Names are listed in the given order.  likely: what is suggested before similar names.
    """
    names = [printable(each, _MAX_LENGTH) for each in itertools.islice(known, _MAX_COMPARED)]
    similar = [printable(each, _MAX_LIKELY_LENGTH) for each in likely[:_MAX_SUGGESTED]]
    similar += difflib.get_close_matches(printable(name, _MAX_LENGTH), names, n=_MAX_SUGGESTED, cutoff=0.6)
    similar = similar[:_MAX_SUGGESTED]
    if similar:
        *first, last = similar
        return f" (did you mean {', '.join(first)} or {last}?)" if first else f" (did you mean {last}?)"
    if not names:
        return ""
    more = f" and {len(names) - _MAX_KNOWN_NAMES} more" if len(names) > _MAX_KNOWN_NAMES else ""
    return f" (known names: {', '.join(names[:_MAX_KNOWN_NAMES])}{more})"
