# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: answers of a device -> what they tell about its API (A1 to A16, O1 to O12).

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

from .._api.dialect import CHOICES, Choice
from .._api.envelope import Envelope, NotJsonError, open_envelope, parse_json
from .._api.wire_forms import secrets_in
from .._client.session import Answer
from .._tree.canonical import leaves
from .._tree.coerce import SWITCH_WORDS
from .._tree.paths import Path, is_name, text_of
from .._tree.secrets import MASK, is_mask, is_secret

OBSERVED, NOT_OBSERVED = "observed", "not observed"
UNKNOWN = "unknown"

ROWS: dict[str, Choice] = {choice.key: choice for choice in CHOICES}
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_HASH = re.compile(r"(?:[0-9a-fA-F]{2}){16,64}|\$\w{1,8}\$.+|\{[A-Za-z0-9]+\}.+")
_SWITCH_NAME = re.compile(r"(?:enabled?|disabled?|dhcp|autokey|iburst)|(?:enable|disable|allow)-.+")


class ProbeFinding(t.NamedTuple):
    """One answer to one question. id: of its row in C(docs/assumptions.md), if it has one.  settles: whether C(key)
    and C(value) belong into a dialect.
    """

    id: str
    key: str
    value: t.Any
    evidence: str
    mark: str = OBSERVED
    settles: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        return {k: v for k, v in self._asdict().items() if k != "settles"}


def found(key: str, value: t.Any, evidence: str) -> ProbeFinding:
    """A finding; one of a value that its row of the table has goes into the dialect."""
    row = ROWS.get(key)
    if row is None:
        return ProbeFinding("", key, value, evidence)
    return ProbeFinding(row.id, key, value, evidence, OBSERVED, value in row.values)


def aside(key: str, value: t.Any, evidence: str) -> ProbeFinding:
    """What was seen, but settles nothing: other values of the row would look the same."""
    return found(key, value, evidence)._replace(settles=False)


def unknown(key: str, evidence: str) -> ProbeFinding:
    """A question that stays open, and why."""
    row = ROWS.get(key)
    return ProbeFinding(row.id if row else "", key, UNKNOWN, evidence, NOT_OBSERVED)


def dialect_of(findings: t.Iterable[ProbeFinding]) -> dict[str, str]:
    """The findings as the option C(dialect) of all modules."""
    return {finding.key: finding.value for finding in findings if finding.settles}


# -- answers as such


def envelope_of(answer: Answer) -> Envelope | None:
    """The envelope in an answer, None if there is none in it."""
    try:
        return open_envelope(parse_json(answer.body))
    except NotJsonError:
        return None


def is_taken(answer: Answer) -> bool:
    """Whether a device says that it took a request: 2xx, no web page, no error in it."""
    envelope = envelope_of(answer)
    return (
        200 <= answer.status < 300
        and answer.content_type != "text/html"
        and (envelope is None or envelope.error is None)
    )


def has_data(answer: Answer) -> bool:
    """Whether a GET found something."""
    envelope = envelope_of(answer)
    return is_taken(answer) and envelope is not None and "data" in envelope.raw


def shape(answer: Answer) -> str:
    """An answer as evidence shows it: status and kind, never content."""
    if not answer.body.strip():
        return f"{answer.status} without a body"
    return f"{answer.status} with {answer.content_type or 'a body without type'}"


def padding(answer: Answer) -> ProbeFinding:
    """O12, from any answer with JSON in it."""
    padded = answer.body != answer.body.strip()
    return found(
        "padding",
        "newlines" if padded else "none",
        f"{'there is' if padded else 'no'} white space around the JSON text",
    )


def unknown_path(answer: Answer) -> ProbeFinding:
    """A11, from the GET of a path that no device has."""
    said = f"the GET of an unknown path was answered with {shape(answer)}"
    envelope = envelope_of(answer)
    if 200 <= answer.status < 300:
        if envelope is not None and envelope.error is not None:
            return found("request_error", "all-200", f"{said} that holds an error")
        return aside("request_error", UNKNOWN, f"{said} and no error in it")
    if answer.status == 400:
        return found("request_error", "all-400", said)
    if answer.status != 404:
        return aside("request_error", UNKNOWN, said)
    if answer.content_type == "text/html":
        return found("request_error", "html", said)
    if envelope is None:
        return found("request_error", "plain", said)
    return aside("request_error", "json", f"{said}; whether a wrong value is told alike was not tried")


def without_credentials(answer: Answer) -> list[ProbeFinding]:
    """O10 and A10, from a GET without credentials."""
    said = f"a GET without credentials was answered with {shape(answer)}"
    if has_data(answer):
        return [found("anonymous", "read", said)]
    findings = [found("anonymous", "no", said)]
    form = {301: "login-redirect", 302: "login-redirect", 303: "login-redirect", 403: "403-both"}
    if answer.status in form:
        findings.append(found("auth_error", form[answer.status], said))
    elif answer.status == 200:
        findings.append(found("auth_error", "login-page", said))
    elif answer.status == 401:
        evidence = f"{said}; the answer to a level that is too low was not tried"
        findings.append(aside("auth_error", "401", evidence))
    return findings


def token_in(answer: Answer) -> tuple[str | None, str | None]:
    """The token in an answer to get-token, and the value of O6."""
    try:
        value = parse_json(answer.body)
    except NotJsonError:
        return None, None
    for form, holder in (
        ("bare", value),
        ("enveloped", value.get("data") if isinstance(value, dict) else None),
    ):
        token = holder.get("token") if isinstance(holder, dict) else None
        if isinstance(token, str) and token.isascii() and token.isprintable() and token.strip():
            return token, form
    return None, None


# -- the tree


def root_form(shown: t.Sequence[str], data: t.Any, root: Path | None) -> ProbeFinding:
    """O4. shown: names beside status.  root: path of the configuration root, if it was found."""
    if root is None:
        return unknown("root_get", "the configuration was not found")
    mine = shown if not root else [name for name in shown if name == root[0]]
    if not mine:
        return found("root_get", "status-only", "the root of the API does not list the configuration")
    full = any(data[name] not in ({}, [], None, "") for name in mine)
    return found(
        "root_get",
        "full" if full else "names",
        f"the root of the API shows {'the content' if full else 'only the name'} of {', '.join(mine[:3])}",
    )


class Samples(t.NamedTuple):
    """Nodes to look at one by one, as paths below the node that was searched; None if there is none of the kind."""

    scalar: Path | None
    table: Path | None
    item: Path | None


def samples(node: t.Any, at: Path = ()) -> Samples:
    """The first scalar, table and item of a tree in the form of a GET."""
    best = Samples(None, None, None)
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("object-id", "value") or not is_name(str(name)):
                continue
            here = (*at, str(name))
            if isinstance(value, (str, int, float)) and not is_secret(here, value):
                below = Samples(here, None, None)
            else:
                below = samples(value, here)
            best = Samples(*(mine or other for mine, other in zip(best, below)))
    elif isinstance(node, list):
        ids = [str(item.get("object-id", "")) for item in node if isinstance(item, dict)]
        if ids and all(is_name(i) for i in ids):
            best = Samples(None, at, (*at, ids[0]))
    return best


def scalar_form(data: t.Any, name: str) -> ProbeFinding:
    """O1."""
    where = f"the data of the scalar {name}"
    if not isinstance(data, (dict, list)):
        return found("scalar_get", "bare", f"{where} is the value itself")
    names = sorted(data) if isinstance(data, dict) else []
    forms = {("value",): "value", (name,): "named", tuple(sorted(("object-id", name))): "with-id"}
    form = forms.get(tuple(names))
    if form is None:
        return unknown("scalar_get", f"{where} is of a form that is not in the table")
    return found("scalar_get", form, f"{where} has the members {' and '.join(names)}")


def list_form(data: t.Any, name: str) -> ProbeFinding:
    """O2."""
    where = f"the data of the list {name}"
    if isinstance(data, list):
        return found("list_get", "bare", f"{where} is an array")
    if isinstance(data, dict) and isinstance(data.get(name), list):
        return found("list_get", "named", f"{where} has an array as its member {name}")
    if (
        isinstance(data, dict)
        and data
        and all(isinstance(v, dict) and v.get("object-id") == k for k, v in data.items())
    ):
        return found("list_get", "map", f"{where} is an object with the object-id of the items as names")
    return unknown("list_get", f"{where} is of a form that is not in the table")


def item_form(data: t.Any, object_id: str) -> ProbeFinding:
    """O3."""
    where = f"the data of the item {object_id}"
    if isinstance(data, dict) and data.get("object-id") == object_id:
        return found("item_get", "item", f"{where} is the item")
    if isinstance(data, dict) and set(data) == {object_id}:
        return found("item_get", "wrapped", f"{where} has the item as its only member")
    return unknown("item_get", f"{where} is of a form that is not in the table")


def switch_form(tree: t.Any) -> ProbeFinding:
    """O8, from a whole canonical configuration."""
    values = list(leaves(tree))
    switches = sum(isinstance(v, bool) for dummy, v in values)
    numbers = sum(isinstance(v, (int, float)) and not isinstance(v, bool) for dummy, v in values)
    digits = sum(isinstance(v, str) and bool(NUMBER.fullmatch(v)) for dummy, v in values)
    if switches and numbers:
        return found("switch_form", "bool", f"{switches} switches are true or false, {numbers} values are JSON numbers")
    if switches and digits:
        return found("switch_form", "strings", f"no value is a JSON number, {digits} texts are numbers")
    named = [v for path, v in values if path and _SWITCH_NAME.fullmatch(path[-1])]
    for form, pair in (("enabled-disabled", SWITCH_WORDS[0]), ("on-off", SWITCH_WORDS[1])):
        count = sum(isinstance(v, str) and v.lower() in pair for v in named)
        if count and count == len(named):
            return found("switch_form", form, f"all {count} switches are {pair[0]} or {pair[1]}")
    if named and all(isinstance(v, int) and not isinstance(v, bool) and v in (0, 1) for v in named):
        return found("switch_form", "int", f"all {len(named)} switches are 0 or 1")
    return unknown("switch_form", "the configuration shows no switches, or not all in the same form")


def secret_form(tree: t.Any) -> ProbeFinding:
    """A16, from a whole canonical configuration. No secret is ever part of the finding."""
    shown = [value for value in secrets_in(tree, ()).values() if isinstance(value, str)]
    filled = [value for value in shown if value]
    masked = sum(is_mask(value) for value in filled)
    if masked:
        return found("secret_get", "masked", f"{masked} of {len(shown)} secrets are shown as {MASK[:4]}")
    if filled and all(_HASH.fullmatch(value) for value in filled):
        return found("secret_get", "hash", f"{len(filled)} of {len(shown)} secrets look like hashes")
    if filled:
        return found("secret_get", "clear", f"{len(filled)} of {len(shown)} secrets are shown in clear text")
    if shown:
        return unknown("secret_get", f"all {len(shown)} secrets are empty: none is set, or they are not shown")
    return unknown("secret_get", "nothing with the name of a secret is shown: they are left out, or there are none")


def raw_form(plain: t.Any, raw: t.Any) -> ProbeFinding:
    """What C(?raw) does on the configuration; both canonical."""
    named = dict(leaves(raw))
    turned = sorted(
        path
        for path, value in leaves(plain)
        if isinstance(value, str) and isinstance(named.get(path), int) and not isinstance(named[path], bool)
    )
    if turned:
        example = text_of(turned[0])
        return found(
            "raw", "numbers", f"?raw gives {len(turned)} enums of the configuration as numbers, {example} for one"
        )
    return found("raw", "same", "?raw makes no difference to the configuration")


def autosave(tree: t.Any) -> ProbeFinding:
    """Whether the device saves changes by itself (A8)."""
    for path, value in leaves(tree):
        if path and "as-startup" in path[-1]:
            return found("autosave", value, f"{text_of(path)} is {str(value).lower()}")
    return unknown("autosave", "the configuration shows no switch that activates changes as startup")


# -- writing


def put_answer(answer: Answer, refused: t.Sequence[Answer]) -> ProbeFinding:
    """A9, from the answer to the first write that took effect and those to refused ones."""
    said = f"a write that took effect was answered with {shape(answer)}"
    envelope = envelope_of(answer)
    if answer.status in (202, 204):
        return found("put_answer", str(answer.status), said)
    if any(200 <= r.status < 300 for r in refused):
        return found("put_answer", "error-in-200", "a refused write was answered with an error in a 200")
    if not answer.body.strip():
        return found("put_answer", "empty", said)
    if envelope is None:
        return aside("put_answer", UNKNOWN, f"{said} that is no envelope")
    if "data" not in envelope.raw:
        return found("put_answer", "envelope-no-data", f"{said}, an envelope without data")
    # As long as no refusal was seen, error-in-200 looks just the same.
    settle = found if refused else aside
    return settle("put_answer", "envelope", f"{said}, an envelope with data")
