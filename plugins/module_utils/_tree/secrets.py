# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of a tree are secret, and the one way in which they are masked."""

from __future__ import annotations

import re
import typing as t

from .paths import Path, is_covered, path_of
from .secret_names import DEPENDS_ON_VALUE, is_secret_name

MASK = "********"

_MASKED = re.compile(r"\*{3,}")
_WORD = re.compile(r"[A-Za-z0-9_\-]+")
_AROUND_VALUES = " \t\r\"':=<>,;"
# Members by which an entry of a command's answer names the object whose values its other members hold.
_NAMING = ("path", "name", "object", "key", "parameter")


_VALUES = frozenset(["value", "values", "before", "after", "old", "new"])


class SecretRules(t.NamedTuple):
    """What mask_secrets() masks besides leaves that are secret by their name or by the device's own mask.

    paths: leaves, exactly.  patterns: of paths, as in options.  texts: strings that must not occur anywhere.
    free_text: whether texts are lines that may name a secret and its value, and entries of lists name an object in one
    member and hold its values in others, as in the answer of a command.
    """

    paths: frozenset[Path] = frozenset()
    patterns: t.Sequence[str] = ()
    texts: t.Collection[str] = ()
    free_text: bool = False


_NAMES_ONLY = SecretRules()


def is_mask(value: t.Any) -> bool:
    """Whether a value is what a device shows in place of a secret (assumption A16, masked)."""
    return isinstance(value, str) and _MASKED.fullmatch(value) is not None


def contains_mask(value: t.Any) -> bool:
    """Whether a value is a mask, or a menu or list that holds one."""
    if isinstance(value, dict):
        return any(contains_mask(inner) for inner in value.values())
    if isinstance(value, list):
        return any(contains_mask(item) for item in value)
    return is_mask(value)


def masked_leaves(node: t.Any, at: Path = ()) -> t.Iterator[Path]:
    """Paths of the leaves that are masks, or lists that hold one."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from masked_leaves(value, (*at, str(name)))
    elif contains_mask(node):
        yield at


def is_secret(path: Path, value: t.Any = DEPENDS_ON_VALUE) -> bool:
    """Whether a leaf holds a secret: the device masks it, or its name says so."""
    return is_mask(value) or is_secret_name(path, value)


def contains_secret(path: Path, value: t.Any) -> bool:
    """As is_secret(), and whether a list has a secret anywhere in it."""
    if isinstance(value, dict):
        return any(contains_secret((*path, str(name)), inner) for name, inner in value.items())
    if isinstance(value, list) and any(contains_secret(path, item) for item in value):
        return True
    return is_secret(path, value)


def mask_secrets(node: t.Any, at: Path = (), rules: SecretRules = _NAMES_ONLY) -> t.Any:
    """A copy of a node with each secret replaced by MASK. An empty secret stays empty, and a list is masked as a whole."""
    if isinstance(node, dict):
        if rules.free_text and any(_names_secret(node.get(name)) for name in _NAMING):
            return {name: _mask_member(name, value, rules) for name, value in node.items()}
        # In an answer that holds the value of an object, the member key names the object.
        is_entry = rules.free_text and "key" in node and not _VALUES.isdisjoint(node)
        return {
            str(name): mask_secrets(value, ("name",) if is_entry and name == "key" else (*at, str(name)), rules)
            for name, value in node.items()
        }
    if node in ("", None, []):
        return node
    if at in rules.paths or is_covered(at, rules.patterns):
        return MASK
    if isinstance(node, list):
        return _mask_list(node, at, rules)
    if is_secret(at, node):
        return MASK
    if isinstance(node, str) and (rules.free_text or rules.texts):
        return "\n".join(_mask_lines(node.split("\n"), rules))
    return node


def hide_texts(text: str, texts: t.Iterable[str]) -> str:
    """A text with each of the given texts in it masked."""
    for secret in texts:
        text = text.replace(secret, MASK)
    return text


def _mask_list(items: list[t.Any], at: Path, rules: SecretRules) -> t.Any:
    if is_secret(at, items) and not any(isinstance(item, (dict, list)) for item in items):
        return MASK
    if rules.free_text and all(isinstance(item, str) for item in items):
        return [MASK if is_mask(line) else line for line in _mask_lines(items, rules)]
    return [mask_secrets(item, at, rules) for item in items]


def _mask_member(name: str, value: t.Any, rules: SecretRules) -> t.Any:
    """A member of an entry that names a secret object."""
    if name in _NAMING:
        return mask_secrets(value, (name,), rules)
    return value if value in ("", None) else MASK


def _names_secret(value: t.Any) -> bool:
    return isinstance(value, str) and len(value.split()) == 1 and is_secret(path_of(value))


def _mask_lines(lines: t.Sequence[str], rules: SecretRules) -> list[str]:
    """Lines with the given texts masked, and in free text what follows the name of a secret, and private keys."""
    masked: list[str] = []
    in_key = False
    for line in lines:
        if rules.free_text and (in_key or ("-----BEGIN" in line and "PRIVATE KEY" in line)):
            in_key = "-----END" not in line
            masked.append(MASK)
            continue
        safe = hide_texts(line, rules.texts)
        masked.append(_mask_named_value(safe) if rules.free_text else safe)
    return masked


def _mask_named_value(line: str) -> str:
    for word in _WORD.finditer(line):
        rest = line[word.end() :]
        value = rest.strip(_AROUND_VALUES)
        if value and is_secret((word.group(),), value):
            return f"{line[: word.end()]} {MASK}"
    return line
