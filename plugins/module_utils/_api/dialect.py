# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undocumented behavior of the API: one choice for each question, with default and alternatives.

Every row is an ASSUMPTION. The page of assumptions is generated from this table; a test keeps the two equal.
"""

from __future__ import annotations

import typing as t

from .._base.suggest import suggest_names


class Choice(t.NamedTuple):
    """One open question. acts: whether the client acts by the choice; it handles the others without knowing them."""

    id: str
    key: str
    question: str
    values: tuple[str, ...]
    acts: bool = False

    @property
    def default(self) -> str:
        return self.values[0]


CHOICES: tuple[Choice, ...] = (
    Choice(
        "A1",
        "config_root",
        "name of the configuration root",
        ("auto", "config", "configuration", "cfg", "settings", "setup", "none"),
        True,
    ),
    Choice(
        "A2",
        "set_target",
        "target of a change of one scalar",
        ("object", "menu", "command", "patch-menu", "post-object"),
        True,
    ),
    Choice("A3", "set_body", "body of that change", ("named", "value", "bare", "data", "parameters"), True),
    Choice("A4", "menu_put", "PUT on a menu: merge or replace", ("partial", "replace", "refuse-incomplete"), True),
    Choice("A5", "enum_input", "form in which an enum is taken", ("both", "string", "integer"), True),
    Choice(
        "A6", "list_add", "adding a list item", ("put-item", "command", "post-list", "put-list", "fixed-slots"), True
    ),
    Choice("A7", "list_remove", "removing a list item", ("delete-item", "command", "put-list", "fixed-slots"), True),
    Choice(
        "A8",
        "effect",
        "when a change takes effect and when it is saved",
        ("immediate", "immediate-ignore-switch", "immediate-saved", "staged", "delayed"),
        True,
    ),
    Choice(
        "A9",
        "put_answer",
        "answer to a successful PUT",
        ("envelope", "envelope-no-data", "empty", "204", "202", "error-in-200"),
    ),
    Choice(
        "A10",
        "auth_error",
        "missing or wrong credentials; level too low",
        ("401-403", "401-both", "403-both", "login-redirect", "login-page", "hidden"),
    ),
    Choice(
        "A11",
        "request_error",
        "unknown path, wrong value, method not allowed",
        ("json", "plain", "html", "all-400", "all-200", "500", "clamp"),
    ),
    Choice("A12", "banned_answer", "answer to a banned user", ("401", "403", "429", "drop", "timeout")),
    Choice(
        "A13",
        "command_form",
        "form of the commands diff, read and reboot",
        ("put-command", "diff-get", "rollback-name", "menu-action", "absent", "post"),
        True,
    ),
    Choice("A14", "diff_result", "result of the command diff", ("text", "lines", "objects", "count", "empty")),
    Choice(
        "A15",
        "token_use",
        "use and life of the token",
        ("bearer", "expires", "idle", "single", "reboot-only", "raw-header"),
        True,
    ),
    Choice("A16", "secret_get", "secrets in a GET", ("masked", "absent", "empty", "hash", "clear"), True),
    Choice("A17", "concurrency", "several writers", ("none", "lock", "per-user")),
    Choice("A18", "duration", "duration of write, reload and reboot", ("normal", "instant", "slow", "drop", "async")),
    Choice("A19", "package_map", "package that holds a setting", ("by-area", "all", "strict"), True),
    Choice("O1", "scalar_get", "data for the URL of a scalar", ("named", "value", "bare", "with-id")),
    Choice("O2", "list_get", "data for the URL of a list", ("named", "bare", "map")),
    Choice("O3", "item_get", "data for the URL of a list item", ("item", "wrapped")),
    Choice("O4", "root_get", "what the root shows", ("full", "status-only", "names")),
    Choice("O5", "token_request", "credentials on the request for a token", ("basic", "json", "parameters"), True),
    Choice("O6", "token_answer", "answer to the request for a token", ("bare", "enveloped")),
    Choice(
        "O7",
        "api_off",
        "answer while the REST API is switched off",
        ("404", "403", "login-page", "redirect", "refused"),
    ),
    Choice(
        "O8",
        "switch_form",
        "form of a switch and of a number in the configuration",
        ("bool", "enabled-disabled", "on-off", "int", "strings"),
    ),
    Choice("O9", "time_zone", "zone of times that name none", ("utc", "local")),
    Choice("O10", "anonymous", "access without credentials", ("no", "read")),
    Choice("O11", "write_level", "level needed to write", ("admin", "super", "any")),
    Choice("O12", "padding", "white space around the JSON text", ("none", "newlines")),
    Choice("O13", "write_configset", "configset in the body of write", ("accepted", "ignored", "refused")),
    Choice("O14", "noop_put", "PUT of an equal value", ("silent", "counts")),
)

# A19, by-area: package of the configuration database that holds a part of the tree; the longest prefix counts.
PACKAGE_BY_AREA: dict[tuple[str, ...], str] = {
    ("network",): "network",
    ("ntp",): "ntp",
    ("snmp",): "snmp",
    ("notification", "snmp"): "snmp",
    ("notification",): "system",
    ("security", "ssh"): "ssh",
    ("security", "users"): "system",
    ("users",): "system",
    ("web",): "web",
    ("syncmon",): "syncmon",
    ("chassis0",): "ims",
}


class Dialect(t.NamedTuple):
    """The choices that change what the client sends. given: the keys that the option dialect holds."""

    config_root: str = "auto"
    set_target: str = "object"
    set_body: str = "named"
    menu_put: str = "partial"
    enum_input: str = "both"
    list_add: str = "put-item"
    list_remove: str = "delete-item"
    effect: str = "immediate"
    secret_get: str = "masked"
    token_use: str = "bearer"
    command_form: str = "put-command"
    package_map: str = "by-area"
    token_request: str = "basic"
    given: frozenset[str] = frozenset()

    def completed(self, settled: t.Mapping[str, str]) -> Dialect:
        """This dialect with the choices of another one for the keys that it was not given. settled: keys and values."""
        added = {key: value for key, value in settled.items() if key not in self.given}
        acting = {key: value for key, value in added.items() if key in self._fields}
        return self._replace(**acting, given=self.given | set(added))


def make_dialect(settled: t.Mapping[str, t.Any] | None) -> Dialect:
    """A Dialect from the option dialect, a mapping of keys of CHOICES to their values.

    Raises ValueError with a message for users for an unknown key or value.
    """
    known = {choice.key: choice for choice in CHOICES}
    fields: dict[str, t.Any] = {}
    for key, raw in (settled or {}).items():
        choice = known.get(key)
        if choice is None:
            raise ValueError(f'dialect has no key "{key}"{suggest_names(key, known)}')
        value = str(raw)
        if value not in choice.values:
            raise ValueError(f'dialect.{key} cannot be "{value}"; it is one of {", ".join(choice.values)}')
        if choice.acts:
            fields[key] = value
    return Dialect(**fields, given=frozenset(settled or ()))


def package_of(path: t.Sequence[str], dialect: Dialect) -> str:
    """Package of the configuration database to save for a change at a path (A19)."""
    if dialect.package_map == "all":
        return "all"
    for length in range(len(path), 0, -1):
        package = PACKAGE_BY_AREA.get(tuple(path[:length]))
        if package is not None:
            if package == "ims" and "ptp" in path:
                return "ptp2"
            return package
    return "all"
