# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/docsite/rst/facts.rst and the RETURN documentation of lantime_facts, from facts.txt and from the behavior of the code."""

from __future__ import annotations

import functools
import json
import re
import textwrap
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.unit.module_utils._status import status_paths
from ansible_collections.meinberg.lantime.tools import rst

HERE = Path(__file__).resolve().parent
WIDTH = 160
UNITS = {
    "seconds": "s",
    "ns": "ns",
    "bytes": "bytes",
    "celsius": "°C",
    "percent": "%",
    "degrees": "°",
    "metres": "m",
    "watts": "W",
    "mbps": "Mbit/s",
    "kb": "kB",
    "mb": "MB",
    "bandwidth": "kbit/s",
    "days_left": "days",
}
_MARKUP = re.compile(r"[CVMO]\((?:meinberg\.lantime\.)?([^()]*)\)")


class Fact(t.NamedTuple):
    """One line of facts.txt. parts: the path, [] for an item of a list, <name> for a member that the device names."""

    parts: tuple[str, ...]
    type: str
    sample: str
    description: str


def split(path: str) -> tuple[str, ...]:
    return tuple(path.replace("[]", ".[]").split("."))


@functools.lru_cache(maxsize=1)
def reference() -> dict[tuple[str, ...], Fact]:
    facts = {}
    for line in (HERE / "facts.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, kind, sample, description = (cell.strip() for cell in line.split("|", 3))
            facts[split(path)] = Fact(split(path), kind, sample, description)
    return facts


@functools.lru_cache(maxsize=1)
def _places() -> frozenset[tuple[str, ...]]:
    return frozenset(parts[:length] for parts in reference() for length in range(1, len(parts) + 1))


def documented(path: status_paths.Path) -> tuple[str, ...]:
    """The path in the reference of a path in facts; undocumented paths stay unchanged."""
    parts: tuple[str, ...] = ()
    for name in path:
        exact = (*parts, "[]" if isinstance(name, int) else name)
        if isinstance(name, int) and exact not in _places():
            break  # a list of scalars is one fact
        named = (place for place in _places() if place[:-1] == parts and place[-1][0] == "<")
        parts = exact if exact in _places() else next(named, exact)
    return parts


@functools.lru_cache(maxsize=1)
def sources() -> dict[tuple[str, ...], list[str]]:
    """Paths of the answer of GET /api/status whose change changes a fact, by the fact's path in the reference."""
    by_fact: dict[tuple[str, ...], set[str]] = {}
    for path, changed in status_paths.facts_by_leaf().items():
        for fact in changed:
            by_fact.setdefault(documented(fact), set()).add(status_paths.pattern(path))
    # The name of an item changes the order, and so every member of a list.
    return {
        fact: sorted([name for name in names if not name.endswith("/object-id")] or names)
        for fact, names in by_fact.items()
    }


def dotted_name(parts: tuple[str, ...]) -> str:
    return ".".join(parts).replace(".[]", "[]")


def unit(parts: tuple[str, ...]) -> str:
    name = next((part for part in reversed(parts) if part[0] not in "<["), "")
    return next((text for end, text in UNITS.items() if re.search(rf"(^|_){end}$", name)), "")


def page() -> str:
    introduction = (
        "Every fact of `meinberg.lantime.lantime_facts`. `[]` is an item of a list, `<name>` a member that the device names. *Source* is",
        "the path of the status tree (below `data` of `GET /api/status`) from which a fact comes; it is determined by changing each value",
        'of a status tree and comparing the facts. `null` stands for each of the device\'s spellings of "no value". Unknown members are kept',
        "in `other` of their object. A value in an unknown form is `null`, and `unparsed` of its object has its text by the name of the fact.",
        "",
    )
    lines = [rst.inline(line) for line in introduction]
    for title, rows in _sections().items():
        lines += [*rst.heading(title), *rst.table(("fact", "type", "unit", "source", "description"), rows)]
    reasons = [(f"`{path}`", reason) for path, reason in status_paths.UNMAPPED.items()]
    reasons.append(("`chassis<n>/slots/*/module/**`", status_paths.OF_A_MODULE))
    lines += [*rst.heading("Status members that are not exposed as facts"), *rst.table(("path", "reason"), reasons)]
    return rst.page("facts", "Facts", lines)


def _sections() -> dict[str, list[tuple[str, ...]]]:
    """Rows of the reference by heading."""
    sections: dict[str, list[tuple[str, ...]]] = {}
    for parts, fact in reference().items():
        title = "Network facts" if parts[0] != "ansible_lantime" else parts[1] if parts[1:] else None
        if title is None:
            continue
        names = [name.removeprefix("data/") for name in sources().get(parts, ())]
        origin = ", ".join(f"`{name}`" for name in names)
        text = _MARKUP.sub(r"`\1`", fact.description)
        sections.setdefault(title, []).append((f"`{dotted_name(parts)}`", fact.type, unit(parts), origin, text))
    return sections


def _members(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Documented members of an object, of the items of a list or of members that the device names."""
    below = [place for place in reference() if place[:-1] == parts and place[-1][0] not in "[<"]
    unnamed = (place for place in _places() if place[:-1] == parts and place[-1][0] in "[<")
    return below + [member for place in unnamed for member in _members(place)]


def _member_list(parts: tuple[str, ...]) -> str:
    """The names of the members, each followed by its own members in brackets."""
    return ", ".join(
        f"C({place[-1]})" + (f" ({_member_list(place)})" if _members(place) else "") for place in _members(parts)
    )


def _text(parts: tuple[str, ...], with_members: bool) -> str:
    text = reference()[parts].description
    keyed = next((p for p in _places() if p[:-1] == parts and p[-1][0] == "<"), None)
    if keyed is not None:
        each = reference()[keyed].description if keyed in reference() else _member_list(parts)
        text += f" For each {keyed[-1][1:-1]}: {each}" if each and with_members else ""
    elif with_members and _members(parts):
        text += f" Members: {_member_list(parts)}"
    return text.rstrip(".") + "."


def _entry(parts: tuple[str, ...], indent: int, levels: int) -> list[str]:
    fact = reference()[parts]
    margin = " " * indent
    kind, dummy, elements = fact.type.partition(" of ")
    members = _members(parts) if levels else []
    text = json.dumps(_text(parts, not members), ensure_ascii=False)
    tail = [f"type: {kind}"]
    if elements:
        tail.append(f"elements: {elements}")
    if fact.sample:
        tail.append(f"sample: {json.dumps(fact.sample) if kind == 'str' else fact.sample}")
    line = f"{margin}{parts[-1]}: {{description: {text}, {', '.join(tail)}}}"
    if not members and len(line) <= WIDTH:
        return [line]
    first, *more = textwrap.wrap(
        f"description: {text}", WIDTH - indent - 4, break_long_words=False, break_on_hyphens=False
    )
    lines = [f"{margin}{parts[-1]}:", f"{margin}  {first}", *(f"{margin}    {m}" for m in more)]
    lines += [f"{margin}  {part}" for part in tail]
    if members:
        lines.append(f"{margin}  contains:")
        for place in members:
            lines += _entry(place, indent + 4, levels - 1)
    return lines


def returned() -> str:
    """The member ansible_facts of the RETURN documentation."""
    lines = [
        "ansible_facts:",
        "  description: The facts.",
        "  returned: success",
        "  type: dict",
        "  contains:",
    ]
    for parts in reference():
        if len(parts) == 1:
            lines += _entry(parts, 4, 2 if parts == ("ansible_lantime",) else 0)
    return "\n".join(lines) + "\n"


def with_returned(source: str) -> str:
    """The module's source with that member replaced."""
    start = source.index("ansible_facts:\n  description: The facts.")
    end = source.index("http_sessions:", start)
    return source[:start] + returned() + source[end:]


def write(module: Path) -> None:
    """Bring the documentation of the module, a file of the checkout, up to date."""
    module.write_text(with_returned(module.read_text(encoding="utf-8")), encoding="utf-8")
