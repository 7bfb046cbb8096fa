# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the examples of README, guides, roles and plugins, and says how each one is run."""

from __future__ import annotations

import ast
import functools
import re
import textwrap
import typing as t
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.tests.paths import ROOT

# The forms of an example. FORMAT is shown and not run: output, the layout of a directory.
CONSOLE, PLAYS, TASKS, MIXED, INVENTORY, SOURCE, VARIABLES, REQUIREMENTS, PIPELINE, RULEBOOK, EVENTS, ALERTS = (
    *("console", "plays", "tasks", "plays and tasks", "inventory", "inventory plugin", "variables", "requirements"),
    *("pipeline", "rulebook", "event source", "alerts"),
)
CONFIGURATION, JSON, PYTHON, FORMAT = "ansible.cfg", "json", "python", "format"

_SHELLS = ("console", "shell", "bash", "sh")
_VARIABLE = re.compile(r"lantime_|adopt_|drift_check_|fleet_config_|health_check_|vault_")
_RST = re.compile(r"^( *)\.\. (code-block|code|sourcecode|parsed-literal|literalinclude)::[ ]*(\S*)(.*)$")
_FENCE = re.compile(r"^( *)(```+|~~~+)[ ]*(\S*)(.*)$")
_ITEM = re.compile(r"([-*+]|\d+[.)]) ")
_LITERAL = re.compile(r"^(?! *\.\. ).*::$")


class UnclassifiedError(Exception):
    """An example of a form that no test runs."""


class Example(t.NamedTuple):
    """An example. source: its file, relative to the collection.  number: of its file, from 1."""

    source: str
    number: int
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.source}-{self.number}"

    @property
    def file_name(self) -> str | None:
        """The file that its first comment names."""
        match = re.match(r"# ([\w./-]+(?:\.yml|\.cfg))(?:$|:|\n)", self.text)
        return match[1] if match else None


def _indented(lines: list[str], start: int, indent: int) -> str:
    end = start
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent):
        end += 1
    return textwrap.dedent("\n".join(lines[start:end])).strip("\n") + "\n"


def _of_rst(source: str, text: str) -> t.Iterator[Example]:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _RST.match(line)
        if match:
            language = match[3] if match[2] == "code-block" and not match[4] else match[2]
            yield Example(source, 0, number + 1, language, _indented(lines, number + 1, len(match[1])))
        elif _LITERAL.match(line):
            yield Example(source, 0, number + 1, "literal block", _indented(lines, number + 1, 0))
        elif line.lstrip().startswith(">>> "):
            yield Example(source, 0, number + 1, "doctest block", _indented(lines, number, 0))


def _of_markdown(source: str, text: str) -> t.Iterator[Example]:
    fence = ""
    held: list[str] = []
    language, start = "", 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if not fence and match:
            fence, language, start, held = match[2], match[3] or "console", number + 1, []
        elif fence and line.strip() == fence:
            yield Example(source, 0, start, language, textwrap.dedent("\n".join(held)) + "\n")
            fence = ""
        elif not fence and line.startswith("    ") and _begins_a_block(lines, number):
            yield Example(source, 0, number + 1, "indented block", _indented(lines, number, 3))
        else:
            held.append(line)


def _begins_a_block(lines: list[str], number: int) -> bool:
    """Whether an indented line of Markdown is the first one of code, not the continuation of an item of a list."""
    above = next((line for line in reversed(lines[:number]) if line and not line.startswith(" ")), "")
    return number > 0 and not lines[number - 1].strip() and not _ITEM.match(above)


def _of_plugin(source: str, text: str) -> t.Iterator[Example]:
    for node in ast.parse(text).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if getattr(target, "id", "") == "EXAMPLES":
            value = t.cast("ast.Assign", node).value
            yield Example(source, 0, node.lineno, "yaml", str(ast.literal_eval(value)).strip("\n") + "\n")


_READERS: tuple[tuple[str, t.Callable[[str, str], t.Iterator[Example]]], ...] = (
    ("*.md", _of_markdown),
    ("docs/*.md", _of_markdown),
    ("roles/*/README.md", _of_markdown),
    ("docs/docsite/rst/*.rst", _of_rst),
    ("plugins/*/*.py", _of_plugin),
    ("extensions/eda/plugins/*/*.py", _of_plugin),
)


def examples_of(source: str, text: str) -> list[Example]:
    """The examples of one text, in order."""
    read = next(reader for pattern, reader in _READERS if Path(source).match(pattern))
    return [found._replace(number=number) for number, found in enumerate(read(source, text), start=1)]


@functools.cache
def find_examples(root: Path = ROOT) -> tuple[Example, ...]:
    """All examples of the collection."""
    paths = [path for pattern, dummy in _READERS for path in sorted(root.glob(pattern))]
    return tuple(
        example for path in paths for example in examples_of(path.relative_to(root).as_posix(), path.read_text("utf-8"))
    )


def text_of(source: str, part: str) -> str:
    """The first example of a source that contains a text."""
    return next(each.text for each in find_examples() if each.source == source and part in each.text)


class _Loader(yaml.SafeLoader):
    """Takes the tags of Ansible and of GitLab for plain values."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, node: str(node.value))


def parse(text: str) -> t.Any:
    """The data of an example in YAML."""
    return yaml.load(text, _Loader)


@functools.cache
def form_of(example: Example) -> str:
    """How an example is run; raises UnclassifiedError for a new form."""
    if example.language in _SHELLS:
        return CONSOLE
    known = {"text": FORMAT, "layers": FORMAT, "json": JSON, "python": PYTHON, "ini": CONFIGURATION}
    if example.language in known:
        return known[example.language]
    if example.language != "yaml":
        raise UnclassifiedError(f"{example.source}:{example.line}: new example, not run: language {example.language!r}")
    data = parse(example.text)
    form = _form_of_list(data) if isinstance(data, list) else _form_of_mapping(example, data)
    if form is None:
        raise UnclassifiedError(f"{example.source}:{example.line}: new example, not run: YAML of an unknown form")
    return form


def _form_of_list(data: list[t.Any]) -> str | None:
    if not data or not all(isinstance(entry, dict) for entry in data):
        return None
    if any("sources" in entry for entry in data):
        return RULEBOOK
    if any(key.endswith("_events") for key in data[0]):
        return EVENTS
    plays = ["hosts" in entry for entry in data]
    return PLAYS if all(plays) else MIXED if any(plays) else TASKS


def _form_of_mapping(example: Example, data: t.Any) -> str | None:
    if not isinstance(data, dict):
        return None
    name = example.file_name or ""
    if name == ".gitlab-ci.yml" or name.startswith(".github/workflows/"):
        return PIPELINE
    if "plugin" in data:
        return SOURCE
    if set(data) == {"collections"}:
        return REQUIREMENTS
    if set(data) == {"groups"}:
        return ALERTS
    if all(isinstance(key, str) and _VARIABLE.match(key) for key in data):
        return VARIABLES
    if all(isinstance(group, dict) and "hosts" in group for group in data.values()):
        return INVENTORY
    return None


def entries_of(text: str) -> list[str]:
    """The texts of the entries of a list in YAML, each a list of one entry."""
    starts = [match.start() for match in re.finditer(r"^- ", text, re.MULTILINE)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)])]


def commands_of(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that follows it; outputs need prompts."""
    joined = text.replace("\\\n", "")
    lines = [line for line in joined.split("\n") if line.strip()]
    if not any(line.startswith("$ ") for line in lines):
        return [(line, "") for line in lines]
    pairs: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith("$ "):
            pairs.append((line[2:], ""))
        else:
            command, output = pairs.pop()
            pairs.append((command, output + line + "\n"))
    return pairs
