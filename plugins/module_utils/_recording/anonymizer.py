# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces personal values in the answers of a device; names, types, lengths of lists and order stay."""

from __future__ import annotations

import re
import typing as t

from .._tree.paths import Path
from .._tree.redaction import Redactor
from .._tree.secrets import MASK
from . import personal, vocabulary
from .stand_ins import POSITION_NAMES, STAND_IN_KINDS, StandIns

# Kinds of values that are replaced wherever they occur again.
_REPEATED_KINDS = frozenset(
    ["host_name", "serial_number", "user", "contact", "description", "certificate", "free_text"]
)
# Kinds that are replaced as names of members too.
_KEY_KINDS = frozenset(["serial_number", "user"])
_SHORTEST_NAME = 3
Made = t.TypeVar("Made")

_LONGEST_TEXT = 4000
_FRAGMENTS = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\s,;<>\"'()\[\]{}|])+")
_URL = re.compile(r"([a-z][a-z0-9+.-]{1,15}://)(\[[0-9A-Fa-f:.]+\]|[^/\s:@?#]+)(:\d{1,5})?([/?#].*)?", re.DOTALL)
_PORT = re.compile(r"(.*?)(:\d{1,5})?")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_WORD_OF_KIND = {
    "certificate": "certificate",
    "description": "text",
    "free_text": "text",
    "mac_address": "text",
    "user": "user",
}


class Anonymizer:
    """Replaces the personal values of one device.

    stand_ins: None to replace secrets only.  redactor: the credentials of the connection; they are no part of any recording.
    Replace everything twice, as a name may occur before the leaf that says what it is.
    """

    def __init__(self, stand_ins: StandIns | None, redactor: Redactor) -> None:
        self._stand_ins = stand_ins
        self._redactor = redactor
        self._long_secrets = redactor.of_long_secrets()
        # Shapes: paths with * for items of tables.
        self._enums: set[Path] = set()
        self._tables: set[Path] = set()
        self._known: dict[str, str] = {}
        # The same in lower case, for messages.
        self._folded: dict[str, str] = {}
        self._known_keys: dict[str, str] = {}
        self._replaced: dict[str, set[str]] = {kind: set() for kind in STAND_IN_KINDS}

    @property
    def summary(self) -> dict[str, int]:
        """The number of different values that were replaced, by kind."""
        return {kind: len(values) for kind, values in self._replaced.items()}

    def learn_enums(self, plain: t.Any, raw: t.Any, path: Path = ()) -> None:
        """Note the leaves whose text is shown as a number in the raw form of the same node."""
        if isinstance(plain, dict) and isinstance(raw, dict):
            for name, value in plain.items():
                if name in raw:
                    is_item = _starts_item(path, name, value)
                    below = self._below_table(path) if is_item else (*path, name)
                    self.learn_enums(value, raw[name], path if path[-1:] == (name,) else below)
        elif isinstance(plain, list) and isinstance(raw, list):
            for value, number in zip(plain, raw):
                self.learn_enums(value, number, self._below_table(path) if isinstance(value, dict) else path)
        elif isinstance(plain, str) and isinstance(raw, int) and not isinstance(raw, bool):
            self._enums.add(path)

    def _below_table(self, shape: Path) -> Path:
        self._tables.add(shape)
        return (*shape, "*")

    def _shape_of(self, path: Path) -> Path:
        shape: Path = ()
        for name in path:
            shape = (*shape, "*" if shape in self._tables else name)
        return shape

    def know_user(self, name: str) -> None:
        """Replace the name of a user wherever it occurs."""
        if self._stand_ins is not None and name not in vocabulary.BUILT_IN_USERS:
            self._remember("user", name, self._stand_ins.word("user", name))

    def forget_counts(self) -> None:
        """Start the summary anew. The names that were found are kept, so that they are replaced wherever they occur."""
        for values in self._replaced.values():
            values.clear()

    # -- trees

    def replace(self, node: t.Any, path: Path, shape: Path | None = None) -> t.Any:
        """A copy of a node without personal values. shape: the path with * for items of lists."""
        shape = self._shape_of(path) if shape is None else shape
        if isinstance(node, dict):
            return self._replace_menu(node, path, shape)
        if isinstance(node, list):
            return [self._replace_item(item, path, shape) for item in node]
        return self._replace_leaf(path, node, shape)

    def _replace_item(self, item: t.Any, path: Path, shape: Path) -> t.Any:
        if not isinstance(item, dict):
            return self.replace(item, path, shape)
        object_id = item.get("object-id")
        name = str(object_id) if isinstance(object_id, (str, int)) and not isinstance(object_id, bool) else "*"
        return self.replace(item, (*path, name), self._below_table(shape))

    def _replace_menu(self, menu: dict[str, t.Any], path: Path, shape: Path) -> dict[str, t.Any]:
        is_item = shape[-1:] == ("*",) or (len(path) > 1 and path[-2] in vocabulary.OWNED_TABLES)
        replaced: dict[str, t.Any] = {}
        for name, value in menu.items():
            if name == "object-id" and isinstance(value, str):
                # Other menus repeat their own name.
                replaced[name] = self._object_id((*path[:-1], value)) if is_item else self._known.get(value, value)
                continue
            starts_item = _starts_item(path, name, value)
            # A node may repeat its own name around its value, and a scalar be shown as {"value": ...} (O1 to O3).
            is_wrapper = path[-1:] == (name,) or (name == "value" and not isinstance(value, (dict, list)))
            below = path if is_wrapper else (*path, name)
            level = self._below_table(shape) if starts_item else (*shape, name)
            shape_below = shape if is_wrapper else level
            shown = self._object_id(below) if starts_item else self._menu_name(name)
            replaced[shown] = self.replace(value, below, shape_below)
        return replaced

    def _menu_name(self, name: str) -> str:
        if self._stand_ins is None:
            return name
        if vocabulary.is_menu_name(name):
            return self._known_keys.get(name, name)
        return self._known.get(name) or self._count("free_text", name, self._stand_ins.word("text", name))

    def _object_id(self, path: Path) -> str:
        """The object-id of an item. path: of the item."""
        object_id = path[-1]
        kind = personal.kind_of_object_id(path)
        if self._stand_ins is None or kind is None:
            return object_id
        return str(self._stand_in(kind, object_id, (*path[:-1], "object-id")))

    def segments(self, path: Path) -> Path:
        """A path with the stand-ins of the object-ids in it."""
        return tuple(self._known.get(name, name) for name in path)

    # -- leaves

    def _replace_leaf(self, path: Path, value: t.Any, shape: Path) -> t.Any:
        if isinstance(value, str) and value != value.strip():
            # Some firmware pads texts with blanks.
            core = value.strip()
            return value.replace(core, str(self._replace_leaf(path, core, shape)), 1) if core else value
        kind = personal.kind_of_leaf(path, value, shape in self._enums)
        if isinstance(value, str) and self._holds_credential(value):
            kind = "secret"
        if kind == "secret":
            return self._count("secret", str(value), MASK)
        if self._stand_ins is None:
            return value
        if kind is not None:
            return self._stand_in(kind, value, path)
        if (
            isinstance(value, str)
            and value in self._known
            and value not in vocabulary.WORDS
            and shape not in self._enums
        ):
            return self._known[value]
        return value

    def _holds_credential(self, text: str) -> bool:
        return self._long_secrets.hide(text) != text

    def _require_stand_ins(self) -> StandIns:
        if self._stand_ins is None:
            raise RuntimeError("values are replaced in anonymous recordings only")
        return self._stand_ins

    def _stand_in(self, kind: str, value: t.Any, path: Path) -> t.Any:
        """The stand-in of a value of a kind. path: of its leaf."""
        stand_ins = self._require_stand_ins()
        name = path[-1] if path else ""
        if kind == "position":
            return self._position(name, value)
        if kind == "serial_number":
            number = self._count(kind, str(value), stand_ins.serial_number(str(value)))
            return type(value)(number)
        if kind == "mac_address" and personal.is_hardware_address(value):
            return self._count(kind, value, stand_ins.mac_address(value))
        if kind == "host_name":
            return self._hosts(value, is_domain=name.endswith("domain"))
        made = stand_ins.contact(value) if kind == "contact" else stand_ins.word(_WORD_OF_KIND[kind], value)
        return self._count(kind if kind in _WORD_OF_KIND else "contact", value, made)

    def _position(self, name: str, value: t.Any) -> t.Any:
        """A coordinate, or a text with latitude, longitude and perhaps altitude."""
        stand_ins = self._require_stand_ins()
        if name in POSITION_NAMES:
            return self._count("position", str(value), stand_ins.place(name, value)) if value else value
        axes = iter(("latitude", "longitude"))
        made = _NUMBER.sub(lambda match: str(stand_ins.place(next(axes, "altitude"), match.group())), value)
        return self._count("position", value, made if _NUMBER.search(value) else stand_ins.word("text", value))

    def _hosts(self, text: str, is_domain: bool) -> str:
        """A text with one or several hosts, each with or without a port."""
        made = _FRAGMENTS.sub(lambda match: self._host(match.group(), is_domain), text)
        if made != text:
            self._remember("host_name", text, made)
        return made

    def _host(self, text: str, is_domain: bool) -> str:
        stand_ins = self._require_stand_ins()
        url = _URL.fullmatch(text)
        if url is not None:
            return self._url(url, is_domain)
        if personal.URL_START.match(text):
            # There may be a user and a password in it.
            return self._count("free_text", text, stand_ins.word("text", text))
        if personal.is_network(text):
            address, mark, rest = text.partition("/") if "/" in text else text.partition("%")
            made = stand_ins.address(address)
            return self._count("address", address, made) + mark + rest if made != address else text
        if personal.is_hardware_address(text):
            return self._count("mac_address", text, stand_ins.mac_address(text))
        if text[:1] == "[":
            bare, mark, rest = text[1:].partition("]")
            return f"[{self._host(bare, is_domain)}{mark}{rest}"
        match = _PORT.fullmatch(text)
        if match is not None and match[2]:
            return self._host(match[1], is_domain) + match[2]
        if text in vocabulary.WORDS:
            return text
        made = stand_ins.domain(text) if is_domain else stand_ins.host_name(text)
        return self._count("host_name", text, made)

    def _url(self, url: re.Match[str], is_domain: bool) -> str:
        stand_ins = self._require_stand_ins()
        bare = url[2].strip("[]")
        host = url[2].replace(bare, self._host(bare, is_domain))
        path = url[4] or ""
        if host == url[2]:
            # The device's link to itself, which names no other host.
            head, mark, query = path.partition("?")
            path = "/".join(self._known.get(part, part) for part in head.split("/")) + mark + query
        elif path not in ("", "/"):
            path = path[0] + self._count("free_text", path, stand_ins.word("text", path))
        return url[1] + host + (url[3] or "") + path

    def _count(self, kind: str, value: str, made: Made) -> Made:
        """Note a replaced value; the stand-in."""
        if value != str(made):
            self._replaced[kind].add(value)
            if kind in _REPEATED_KINDS:
                self._remember(kind, value, str(made))
        return made

    def _remember(self, kind: str, value: str, made: str) -> None:
        """Replace a value wherever else it occurs, unless the firmware uses the same word."""
        if len(value) < _SHORTEST_NAME or value in vocabulary.WORDS or vocabulary.is_numbered_part(value):
            return
        self._known.setdefault(value, made)
        self._folded.setdefault(value.casefold(), made)
        if kind in _KEY_KINDS:
            self._known_keys.setdefault(value, made)

    # -- text of no known form

    def message(self, text: str) -> str:
        """A message of the firmware, such as an error page, without the personal values that it repeats."""
        safe = self._redactor.hide(text[:_LONGEST_TEXT])
        return safe if self._stand_ins is None else _FRAGMENTS.sub(lambda match: self._fragment(match.group()), safe)

    def messages(self, value: t.Any) -> t.Any:
        """All texts of a structure as messages."""
        if isinstance(value, dict):
            return {name: self.messages(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.messages(item) for item in value]
        return self.message(value) if isinstance(value, str) else value

    def _fragment(self, text: str) -> str:
        core = text.rstrip(".:!?")
        end = text[len(core) :]
        known = self._known.get(core) or self._folded.get(core.casefold())
        if known is not None:
            return known + end
        if _URL.fullmatch(core):
            return self._host(core, is_domain=False) + end
        if "/" in core:
            return "/".join(self._fragment(part) for part in core.split("/")) + end
        kind = personal.kind_of_text("message", core)
        if kind in ("contact", "host_name", "mac_address", "serial_number"):
            return str(self._stand_in(kind, core, ("message",))) + end
        return text


def _starts_item(path: Path, name: str, value: t.Any) -> bool:
    """Whether a member of a menu is an item of a table that is shown as a mapping. path: of the menu."""
    is_owned = bool(path) and path[-1] in vocabulary.OWNED_TABLES
    return isinstance(value, dict) and (is_owned or value.get("object-id") == name)
