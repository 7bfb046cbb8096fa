# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: derives findings about the API of a device (A1 to A16, O1 to O12) from its answers."""

from __future__ import annotations

import re
import typing as t

from .._api.dialect import CHOICES, Choice
from .._api.envelope import Envelope, NotJsonError, open_envelope, parse_json
from .._api.wire_forms import secrets_in
from .._client.answer import Answer
from .._tree.canonical import leaves
from .._tree.coerce import SWITCH_WORDS
from .._tree.paths import Path, is_name, text_of
from .._tree.secrets import MASK, is_mask, is_secret

OBSERVED, NOT_OBSERVED = "observed", "not observed"
UNKNOWN = "unknown"

ASSUMPTIONS: dict[str, Choice] = {choice.key: choice for choice in CHOICES}
NUMBER_PATTERN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_HASH = re.compile(r"(?:[0-9a-fA-F]{2}){16,64}|\$\w{1,8}\$.+|\{[A-Za-z0-9]+\}.+")
_SWITCH_NAME = re.compile(r"(?:enabled?|disabled?|dhcp|autokey|iburst)|(?:enable|disable|allow)-.+")


class ProbeFinding(t.NamedTuple):
    """The answer to one question about the API.

    id: of its row in docs/docsite/rst/assumptions.rst, empty if it has none.  settles: whether key and value belong into a dialect.
    """

    id: str
    key: str
    value: t.Any
    evidence: str
    mark: str = OBSERVED
    settles: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        return {k: v for k, v in self._asdict().items() if k != "settles"}


def make_finding(key: str, value: t.Any, evidence: str) -> ProbeFinding:
    """Return an observed finding. It goes into the dialect if the table of assumptions has the value."""
    row = ASSUMPTIONS.get(key)
    if row is None:
        return ProbeFinding("", key, value, evidence)
    return ProbeFinding(row.id, key, value, evidence, OBSERVED, value in row.values)


def indication(key: str, value: t.Any, evidence: str) -> ProbeFinding:
    """Return an observed finding that stays out of the dialect: other values of the row would look the same."""
    return make_finding(key, value, evidence)._replace(settles=False)


def undetermined(key: str, evidence: str) -> ProbeFinding:
    """Return a finding that leaves its question open. evidence: why."""
    row = ASSUMPTIONS.get(key)
    return ProbeFinding(row.id if row else "", key, UNKNOWN, evidence, NOT_OBSERVED)


def dialect_of(findings: t.Iterable[ProbeFinding]) -> dict[str, str]:
    """Return the findings as the option dialect of all modules."""
    return {finding.key: finding.value for finding in findings if finding.settles}


# -- any answer


def envelope_of(answer: Answer) -> Envelope | None:
    """Return the envelope in an answer, None if it holds none."""
    try:
        return open_envelope(parse_json(answer.body))
    except NotJsonError:
        return None


def is_accepted(answer: Answer) -> bool:
    """Whether the answer accepts the request: 2xx, no web page, no error in it."""
    envelope = envelope_of(answer)
    return (
        200 <= answer.status < 300
        and answer.content_type != "text/html"
        and (envelope is None or envelope.error is None)
    )


def has_data(answer: Answer) -> bool:
    """Whether the answer to a GET holds data."""
    envelope = envelope_of(answer)
    return is_accepted(answer) and envelope is not None and "data" in envelope.raw


def describe_answer(answer: Answer) -> str:
    """Describe an answer for evidence: status and content type, never content."""
    if not answer.body.strip():
        return f"{answer.status} without a body"
    return f"{answer.status} with {answer.content_type or 'a body without type'}"


def observe_padding(answer: Answer) -> ProbeFinding:
    """Answer O12 from any answer that holds JSON."""
    padded = answer.body != answer.body.strip()
    return make_finding(
        "padding",
        "newlines" if padded else "none",
        f"{'there is' if padded else 'no'} white space around the JSON text",
    )


def observe_unknown_path(answer: Answer) -> ProbeFinding:
    """Answer A11 from the GET of a path that no device has."""
    evidence = f"the GET of an unknown path was answered with {describe_answer(answer)}"
    envelope = envelope_of(answer)
    if 200 <= answer.status < 300:
        if envelope is not None and envelope.error is not None:
            return make_finding("request_error", "all-200", f"{evidence} that holds an error")
        return indication("request_error", UNKNOWN, f"{evidence} and no error in it")
    if answer.status == 400:
        return make_finding("request_error", "all-400", evidence)
    if answer.status != 404:
        return indication("request_error", UNKNOWN, evidence)
    if answer.content_type == "text/html":
        return make_finding("request_error", "html", evidence)
    if envelope is None:
        return make_finding("request_error", "plain", evidence)
    return indication("request_error", "json", f"{evidence}; the answer to an invalid value was not tried")


def observe_anonymous_access(answer: Answer) -> list[ProbeFinding]:
    """Answer O10 and A10 from a GET without credentials."""
    evidence = f"a GET without credentials was answered with {describe_answer(answer)}"
    if has_data(answer):
        return [make_finding("anonymous", "read", evidence)]
    findings = [make_finding("anonymous", "no", evidence)]
    form = {301: "login-redirect", 302: "login-redirect", 303: "login-redirect", 403: "403-both"}
    if answer.status in form:
        findings.append(make_finding("auth_error", form[answer.status], evidence))
    elif answer.status == 200:
        findings.append(make_finding("auth_error", "login-page", evidence))
    elif answer.status == 401:
        evidence = f"{evidence}; the answer to a level that is too low was not tried"
        findings.append(indication("auth_error", "401", evidence))
    return findings


def parse_token_answer(answer: Answer) -> tuple[str | None, str | None]:
    """Return the token in an answer to get-token, and the value of O6."""
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


def observe_root_form(names: t.Sequence[str], data: t.Any, root: Path | None) -> ProbeFinding:
    """Answer O4. names: names beside status.  root: path of the configuration root, if it is known."""
    if root is None:
        return undetermined("root_get", "the configuration was not found")
    mine = names if not root else [name for name in names if name == root[0]]
    if not mine:
        return make_finding("root_get", "status-only", "the root of the API does not list the configuration")
    full = any(data[name] not in ({}, [], None, "") for name in mine)
    return make_finding(
        "root_get",
        "full" if full else "names",
        f"the root of the API shows {'the content' if full else 'only the name'} of {', '.join(mine[:3])}",
    )


class SampleNodes(t.NamedTuple):
    """Nodes to read one by one, as paths below the searched node; None if there is none of the kind."""

    scalar: Path | None
    table: Path | None
    item: Path | None


def pick_samples(node: t.Any, at: Path = ()) -> SampleNodes:
    """Return the first scalar, table and item of a tree in the form of a GET."""
    best = SampleNodes(None, None, None)
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("object-id", "value") or not is_name(str(name)):
                continue
            here = (*at, str(name))
            if isinstance(value, (str, int, float)) and not is_secret(here, value):
                below = SampleNodes(here, None, None)
            else:
                below = pick_samples(value, here)
            best = SampleNodes(*(mine or other for mine, other in zip(best, below)))
    elif isinstance(node, list):
        ids = [str(item.get("object-id", "")) for item in node if isinstance(item, dict)]
        if ids and all(is_name(i) for i in ids):
            best = SampleNodes(None, at, (*at, ids[0]))
    return best


def observe_scalar_form(data: t.Any, name: str) -> ProbeFinding:
    """Answer O1."""
    where = f"the data of the scalar {name}"
    if not isinstance(data, (dict, list)):
        return make_finding("scalar_get", "bare", f"{where} is the value itself")
    names = sorted(data) if isinstance(data, dict) else []
    forms = {("value",): "value", (name,): "named", tuple(sorted(("object-id", name))): "with-id"}
    form = forms.get(tuple(names))
    if form is None:
        return undetermined("scalar_get", f"{where} is of a form that is not in the table")
    return make_finding("scalar_get", form, f"{where} has the members {' and '.join(names)}")


def observe_list_form(data: t.Any, name: str) -> ProbeFinding:
    """Answer O2."""
    where = f"the data of the list {name}"
    if isinstance(data, list):
        return make_finding("list_get", "bare", f"{where} is an array")
    if isinstance(data, dict) and isinstance(data.get(name), list):
        return make_finding("list_get", "named", f"{where} has an array as its member {name}")
    if (
        isinstance(data, dict)
        and data
        and all(isinstance(v, dict) and v.get("object-id") == k for k, v in data.items())
    ):
        return make_finding("list_get", "map", f"{where} is an object with the object-id of the items as names")
    return undetermined("list_get", f"{where} is of a form that is not in the table")


def observe_item_form(data: t.Any, object_id: str) -> ProbeFinding:
    """Answer O3."""
    where = f"the data of the item {object_id}"
    if isinstance(data, dict) and data.get("object-id") == object_id:
        return make_finding("item_get", "item", f"{where} is the item")
    if isinstance(data, dict) and set(data) == {object_id}:
        return make_finding("item_get", "wrapped", f"{where} has the item as its only member")
    return undetermined("item_get", f"{where} is of a form that is not in the table")


def observe_switch_form(tree: t.Any) -> ProbeFinding:
    """Answer O8 from a whole canonical configuration."""
    values = list(leaves(tree))
    switches = sum(isinstance(v, bool) for dummy, v in values)
    numbers = sum(isinstance(v, (int, float)) and not isinstance(v, bool) for dummy, v in values)
    digits = sum(isinstance(v, str) and bool(NUMBER_PATTERN.fullmatch(v)) for dummy, v in values)
    if switches and numbers:
        return make_finding(
            "switch_form", "bool", f"{switches} switches are true or false, {numbers} values are JSON numbers"
        )
    if switches and digits:
        return make_finding("switch_form", "strings", f"no value is a JSON number, {digits} texts are numbers")
    named = [v for path, v in values if path and _SWITCH_NAME.fullmatch(path[-1])]
    for form, pair in (("enabled-disabled", SWITCH_WORDS[0]), ("on-off", SWITCH_WORDS[1])):
        count = sum(isinstance(v, str) and v.lower() in pair for v in named)
        if count and count == len(named):
            return make_finding("switch_form", form, f"all {count} switches are {pair[0]} or {pair[1]}")
    if named and all(isinstance(v, int) and not isinstance(v, bool) and v in (0, 1) for v in named):
        return make_finding("switch_form", "int", f"all {len(named)} switches are 0 or 1")
    return undetermined("switch_form", "the configuration shows no switches, or not all in the same form")


def observe_secret_form(tree: t.Any) -> ProbeFinding:
    """Answer A16 from a whole canonical configuration. The finding never holds a secret."""
    secrets = [value for value in secrets_in(tree, ()).values() if isinstance(value, str)]
    filled = [value for value in secrets if value]
    masked = sum(is_mask(value) for value in filled)
    if masked:
        return make_finding("secret_get", "masked", f"{masked} of {len(secrets)} secrets are shown as {MASK[:4]}")
    if filled and all(_HASH.fullmatch(value) for value in filled):
        return make_finding("secret_get", "hash", f"{len(filled)} of {len(secrets)} secrets have the form of hashes")
    if filled:
        return make_finding("secret_get", "clear", f"{len(filled)} of {len(secrets)} secrets are shown in clear text")
    if secrets:
        return undetermined("secret_get", f"all {len(secrets)} secrets are empty: none is set, or they are not shown")
    return undetermined(
        "secret_get", "nothing with the name of a secret is shown: they are left out, or there are none"
    )


def observe_raw_form(plain: t.Any, raw: t.Any) -> ProbeFinding:
    """Compare the configuration with and without ?raw; both canonical."""
    named = dict(leaves(raw))
    turned = sorted(
        path
        for path, value in leaves(plain)
        if isinstance(value, str) and isinstance(named.get(path), int) and not isinstance(named[path], bool)
    )
    if turned:
        example = text_of(turned[0])
        return make_finding(
            "raw", "numbers", f"?raw gives {len(turned)} enums of the configuration as numbers, {example} for one"
        )
    return make_finding("raw", "same", "?raw makes no difference to the configuration")


def observe_autosave(tree: t.Any) -> ProbeFinding:
    """Answer whether the device saves changes by itself (A8)."""
    for path, value in leaves(tree):
        if path and "as-startup" in path[-1]:
            return make_finding("autosave", value, f"{text_of(path)} is {str(value).lower()}")
    return undetermined("autosave", "the configuration shows no switch that activates changes as startup")


# -- writing


def observe_put_answer(answer: Answer, refused: t.Sequence[Answer]) -> ProbeFinding:
    """Answer A9 from the answer to the first effective write and the answers to refused ones."""
    evidence = f"a write that took effect was answered with {describe_answer(answer)}"
    envelope = envelope_of(answer)
    if answer.status in (202, 204):
        return make_finding("put_answer", str(answer.status), evidence)
    if any(200 <= r.status < 300 for r in refused):
        return make_finding("put_answer", "error-in-200", "a refused write was answered with an error in a 200")
    if not answer.body.strip():
        return make_finding("put_answer", "empty", evidence)
    if envelope is None:
        return indication("put_answer", UNKNOWN, f"{evidence} that is no envelope")
    if "data" not in envelope.raw:
        return make_finding("put_answer", "envelope-no-data", f"{evidence}, an envelope without data")
    # Without a refused write, error-in-200 looks the same.
    settle = make_finding if refused else indication
    return settle("put_answer", "envelope", f"{evidence}, an envelope with data")
