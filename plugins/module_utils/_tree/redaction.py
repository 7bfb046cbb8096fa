# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes the secrets that a client has sent from text that a device sends back."""

from __future__ import annotations

import base64
import html
import json
import re
import typing as t
from urllib.parse import quote, quote_plus

from .._base.sanitize import printable
from .paths import path_of
from .secrets import MASK, is_mask, is_secret

WITHHELD = "(text withheld: it contains a short secret)"

# Shorter secrets occur in most texts by chance: such a text is withheld as a whole, as masking would show where they are.
_SHORTEST_MASKED = 4
# Words of the collection and names of hosts hardly ever are a longer secret by chance.
_SHORTEST_UNLIKELY = 8
# Members by which a request names the object whose value its other members hold.
_NAMING_TEXT = ("path", "name", "object", "key", "parameter")
# Members around the value of the object that the path of a request names.
_WRAPPERS = ("value", "data", "parameters")


class Redactor:
    """The secrets that a client has sent, in every form in which an answer can repeat them. Letter case is ignored."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, *values: t.Any) -> None:
        """Add secrets: texts, numbers, or structures that hold them. Empty texts, switches and masks are ignored."""
        for value in values:
            if isinstance(value, (dict, list, tuple)):
                self.add(*(value.values() if isinstance(value, dict) else value))
            elif value not in ("", None) and not isinstance(value, bool) and not is_mask(value):
                text = str(value)
                if text not in self._secrets:
                    self._secrets.add(text)
                    self._pattern = None

    def add_from_request(self, path: t.Sequence[str], body: t.Any) -> None:
        """Add the secret values in the body of a request, by their names. path: names below /api."""
        self.add(*_secret_values(tuple(path), body))

    def hide(self, text: str) -> str:
        """The text with each secret masked."""
        if not self._secrets:
            return text
        short = [secret for secret in self._secrets if len(secret) < _SHORTEST_MASKED]
        folded = text.lower()
        if any(form.lower() in folded for secret in short for form in _forms(secret)):
            return WITHHELD
        if self._pattern is None:
            forms = {form for secret in self._secrets if secret not in short for form in _forms(secret)}
            longest_first = sorted(forms, key=lambda form: (-len(form), form))
            self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)
        return self._pattern.sub(MASK, text)

    def hide_long(self, text: str, host: str) -> str:
        """A message of the collection with long secrets masked, which may be in it through names that the device reports.

        host: its name is not masked, although the password may be a part of it.
        """
        return self.of_long_secrets(host).hide(text)

    def of_long_secrets(self, host: str = "") -> Redactor:
        """A redactor of the secrets that hardly ever are in a text by chance. host: secrets that are part of it are left out."""
        only = Redactor()
        only.add(*(s for s in self._secrets if len(s) >= _SHORTEST_UNLIKELY and s.lower() not in host.lower()))
        return only

    def quote(self, text: object, limit: int = 200) -> str:
        """Text of a device for a message: secrets masked, one line, at most `limit` characters."""
        masked = self.hide(str(text))
        # Replacing control characters and joining lines can produce a secret that was not there before.
        return printable(self.hide(printable(masked, max(limit, len(masked)))), limit)


def _forms(secret: str) -> set[str]:
    """A secret as it is, and as URLs, JSON, HTML, headers and base64 carry it."""
    raw = secret.encode("utf-8", "surrogateescape")
    forms = {secret, " ".join(secret.split()), printable(secret, len(secret) + 1)}
    forms |= {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    forms |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    forms |= {html.escape(secret), html.escape(secret, quote=False)}
    forms |= {repr(secret)[1:-1], raw.decode("latin-1")}
    for encoded in (base64.b64encode(raw).decode("ascii"), base64.urlsafe_b64encode(raw).decode("ascii")):
        forms |= {encoded.rstrip("="), quote(encoded, safe="")}
    return {form for form in forms if form}


def _secret_values(path: tuple[str, ...], value: t.Any) -> t.Iterator[t.Any]:
    if isinstance(value, dict):
        named = any(isinstance(value.get(name), str) and is_secret(path_of(value[name])) for name in _NAMING_TEXT)
        for name, member in value.items():
            if named and name not in _NAMING_TEXT:
                yield member
            yield from _secret_values((*path, str(name)), member)
    elif isinstance(value, list):
        for item in value:
            yield from _secret_values(path, item)
    elif is_secret(tuple(name for name in path if name not in _WRAPPERS), value):
        yield value
