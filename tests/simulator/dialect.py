# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open questions of the REST API as one data table: A1..A19 and O1..O14.

Nothing about these forms is published; each key names one question, its default the most plausible
answer, its alternatives the others. A device holds one choice for each key and may change it while
it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Question(NamedTuple):
    """One open form of the API: its number, key, default, other values, and what it asks."""

    number: str
    key: str
    default: str
    alternatives: tuple[str, ...]
    asks: str

    @property
    def values(self) -> tuple[str, ...]:
        return (self.default, *self.alternatives)


def _q(number: str, key: str, values: str, asks: str) -> Question:
    default, *alternatives = values.split()
    return Question(number, key, default, tuple(alternatives), asks)


QUESTIONS: tuple[Question, ...] = (
    _q(
        "A1",
        "config_root",
        "config configuration cfg settings setup none",
        "name of the configuration root; none: the areas stand directly below /api/",
    ),
    _q(
        "A2",
        "set_target",
        "object menu command patch-menu post-object",
        "target of a change of one scalar",
    ),
    _q("A3", "set_body", "named value bare data parameters", "body of that change"),
    _q("A4", "menu_put", "partial replace refuse-incomplete", "PUT on a menu: merge or replace"),
    _q("A5", "enum_input", "both string integer", "enum values accepted in a body"),
    _q(
        "A6",
        "list_add",
        "put-item command post-list put-list fixed-slots",
        "how a list item is added",
    ),
    _q(
        "A7",
        "list_remove",
        "delete-item command put-list fixed-slots",
        "how a list item is removed",
    ),
    _q(
        "A8",
        "effect",
        "immediate immediate-ignore-switch immediate-saved staged delayed",
        "when a change takes effect and when it is saved",
    ),
    _q(
        "A9",
        "put_answer",
        "envelope envelope-no-data empty 204 202 error-in-200",
        "answer to a successful change",
    ),
    _q(
        "A10",
        "auth_error",
        "401-403 401-both 403-both login-redirect login-page hidden",
        "answer to missing or wrong credentials, and to a level too low",
    ),
    _q(
        "A11",
        "request_error",
        "json plain html all-400 all-200 500 clamp",
        "answer to an unknown path, a wrong value, a method not allowed",
    ),
    _q("A12", "banned_answer", "401 403 429 drop timeout", "answer to a locked-out user"),
    _q(
        "A13",
        "command_form",
        "put-command diff-get rollback-name menu-action absent post",
        "form of diff, read and reboot",
    ),
    _q("A14", "diff_result", "text lines objects count empty", "result of diff"),
    _q(
        "A15",
        "token_use",
        "bearer expires idle single reboot-only raw-header",
        "use and life of the token",
    ),
    _q("A16", "secret_get", "masked absent empty hash clear", "secrets in a GET"),
    _q("A17", "concurrency", "none lock per-user", "several writers"),
    _q("A18", "duration", "normal instant slow drop async", "how long a command takes"),
    _q("A19", "package_map", "by-area all strict", "package that holds a setting"),
    _q("O1", "scalar_get", "named value bare with-id", "data of a scalar"),
    _q("O2", "list_get", "named bare map", "data of a list"),
    _q("O3", "item_get", "item wrapped", "data of a list item"),
    _q("O4", "root_get", "full status-only names", "what the root shows"),
    _q("O5", "token_request", "basic json parameters", "credentials of get-token"),
    _q("O6", "token_answer", "bare enveloped", "answer of get-token"),
    _q("O7", "api_off", "404 403 login-page redirect refused", "answer while the API is off"),
    _q(
        "O8",
        "switch_form",
        "bool enabled-disabled on-off int strings",
        "form of switches and numbers in the configuration",
    ),
    _q("O9", "time_zone", "utc local", "zone of times without a zone"),
    _q("O10", "anonymous", "no read", "access without credentials"),
    _q("O11", "write_level", "admin super any", "level needed to write"),
    _q("O12", "padding", "none newlines", "white space around the JSON text"),
    _q("O13", "write_configset", "accepted ignored refused", "configset in the body of write"),
    _q("O14", "noop_put", "silent counts", "PUT of an equal value"),
)

BY_KEY: dict[str, Question] = {question.key: question for question in QUESTIONS}


def defaults() -> dict[str, str]:
    """A fresh choice of the default for every key."""
    return {question.key: question.default for question in QUESTIONS}


def choose(current: Mapping[str, str], changes: Mapping[str, object]) -> dict[str, str]:
    """The choices after `changes`; ValueError names an unknown key or value."""
    chosen = dict(current)
    for key, value in changes.items():
        question = BY_KEY.get(key)
        if question is None:
            raise ValueError(f"unknown dialect key {key!r}; known: {', '.join(sorted(BY_KEY))}")
        text = str(value)
        if text not in question.values:
            known = ", ".join(question.values)
            raise ValueError(f"unknown value {text!r} of dialect key {key!r}; known: {known}")
        chosen[key] = text
    return chosen


def table() -> str:
    """The whole table as text for people, one line for each key."""
    return "\n".join(
        f"{q.number:<4} {q.key:<16} {q.default} | {' | '.join(q.alternatives)}\n{'':<21} {q.asks}" for q in QUESTIONS
    )
