# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of an event source -> checked options. Needs nothing of ansible-core, which ansible-rulebook may not have.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import fnmatch
import json
import os
import typing as t
from pathlib import Path

from ...module_utils._api import dialect as _dialect
from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._client.settings import OPTION_LIMITS, Settings
from ...module_utils._tree import values as _values


class Option(t.NamedTuple):
    """One argument. bounds: smallest and largest number.  choices: the only texts."""

    kind: str
    default: t.Any = None
    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()


def _connection(name: str, kind: str, choices: tuple[str, ...] = ()) -> Option:
    return Option(kind, Settings._field_defaults.get(name), OPTION_LIMITS.get(name), choices)


# Those of the modules that mean something to a source; each may stand in an entry of hosts too.
CONNECTION: dict[str, Option] = {
    "port": _connection("port", "int"),
    "use_tls": _connection("use_tls", "bool"),
    "username": _connection("username", "str"),
    "password": _connection("password", "str"),
    "token": _connection("token", "str"),
    "auth": _connection("auth", "str", ("basic", "token")),
    "validate_certs": _connection("validate_certs", "bool"),
    "ca_path": _connection("ca_path", "path"),
    "tls_fingerprint": _connection("tls_fingerprint", "str"),
    "client_cert": _connection("client_cert", "path"),
    "client_key": _connection("client_key", "path"),
    "use_proxy": _connection("use_proxy", "bool"),
    "connect_timeout": _connection("connect_timeout", "float"),
    "read_timeout": _connection("read_timeout", "float"),
    "request_timeout": _connection("request_timeout", "float"),
    "retries": _connection("retries", "int"),
    "dialect": Option("dict"),
}
OWN: dict[str, Option] = {
    "hosts": Option("list"),
    "interval": Option("float", 30.0, (0.01, 86400)),
    "jitter": Option("float", 0.1, (0, 1)),
    "backoff_max": Option("float", 600.0, (0.01, 86400)),
    "lost_after": Option("int", 2, (1, 100)),
    "auth_failures": Option("int", 1, (1, 10)),
    "workers": Option("int", 16, (1, 256)),
    "state_path": Option("path"),
    "events": Option("dict"),
    "initial": Option("str", "none", None, ("none", "active")),
}
EVENT_OPTIONS: dict[str, Option] = {
    "include": Option("list", ("*",)),
    "exclude": Option("list", ()),
    "types": Option("list", ()),
    "severities": Option("list", ()),
}
# What ansible-rulebook adds to the arguments by itself.
_ADDED = frozenset({"eda_feedback_queue"})


class EventTarget(t.NamedTuple):
    """One device to be watched. name: as events call it."""

    name: str
    settings: Settings
    dialect: _dialect.Dialect


class Wanted(t.NamedTuple):
    """Which notification events are told: names as globs, types and severities as they are; an empty list means any."""

    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def passes(self, event: str, kind: str | None, severity: str | None) -> bool:
        def named(globs: tuple[str, ...]) -> bool:
            return any(fnmatch.fnmatchcase(event, glob) for glob in globs)

        return (
            named(self.include)
            and not named(self.exclude)
            and (not self.types or kind in self.types)
            and (not self.severities or severity in self.severities)
        )


class Options(t.NamedTuple):
    """All arguments of a source. Times in seconds."""

    targets: tuple[EventTarget, ...]
    wanted: Wanted = Wanted()
    interval: float = 30.0
    jitter: float = 0.1
    backoff_max: float = 600.0
    lost_after: int = 2
    auth_failures: int = 1
    workers: int = 16
    state_path: str | None = None
    initial: str = "none"


def read_options(args: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> Options:
    """Options from the arguments of main(); connection options fall back to C(LANTIME_<OPTION>) of the environment.

    Raises LantimeError C(option). No message shows a value, as it might be a credential.
    """
    given = {name: value for name, value in args.items() if name not in _ADDED}
    _only_known(given, {**OWN, **CONNECTION}, "")
    own = {name: _read(name, option, given.get(name)) for name, option in OWN.items()}
    events = own.pop("events") or {}
    _only_known(events, EVENT_OPTIONS, "events.")
    wanted = Wanted(**{n: _texts(f"events.{n}", _read(n, o, events.get(n))) for n, o in EVENT_OPTIONS.items()})
    entries = own.pop("hosts")
    targets = tuple(_target(entry, given, environ) for entry in entries or ())
    if not targets:
        raise _error("hosts names no device")
    names = [target.name for target in targets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _error(f"hosts has {printable(twice[0], 60)} twice; give each entry a name of its own")
    return Options(targets=targets, wanted=wanted, **own)


def _target(entry: t.Any, given: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> EventTarget:
    options = {"host": entry} if isinstance(entry, str) else entry
    if not isinstance(options, dict):
        raise _error("an entry of hosts is neither a name nor a mapping with host")
    host = options.get("host")
    name = options.get("name") or host
    if not isinstance(host, str) or not host or not isinstance(name, str):
        raise _error("an entry of hosts has no host")
    _only_known(options, {"host": OWN["hosts"], "name": OWN["hosts"], **CONNECTION}, "hosts: ")
    found = {}
    for key, option in CONNECTION.items():
        candidates = (options.get(key), given.get(key), environ.get("LANTIME_" + key.upper()))
        value = next((candidate for candidate in candidates if candidate is not None), None)
        found[key] = _read(key, option, value)
    try:
        dialect = _dialect.make_dialect(found.pop("dialect"))
    except ValueError as exc:
        raise _error(printable(exc, 300)) from None
    return EventTarget(name.strip(), Settings(host=host.strip(), **found), dialect)


def _only_known(given: t.Mapping[str, t.Any], known: t.Mapping[str, Option], where: str) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=2)
            meant = f"; did you mean {' or '.join(near)}" if near else ""
            raise _error(f"there is no argument {where}{printable(name, 40)}{meant}")


def _read(name: str, option: Option, value: t.Any) -> t.Any:
    """A value in the kind of its option: rulebooks give what comes out of a template as text."""
    if value is None:
        return option.default
    found = _READERS[option.kind](value)
    if found is None:
        raise _error(f"{name} is not of the type {option.kind}")
    if option.bounds is not None and not option.bounds[0] <= found <= option.bounds[1]:
        low, high = option.bounds
        raise _error(f"{name} must be from {low:g} to {high:g}")
    if option.choices and found not in option.choices:
        raise _error(f"{name} must be one of {', '.join(option.choices)}")
    return found


def _text(value: t.Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value)


def _path(value: t.Any) -> str | None:
    return str(Path(os.path.expandvars(value)).expanduser()) if isinstance(value, str) else None


def _list(value: t.Any) -> list[t.Any] | None:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return list(value) if isinstance(value, (list, tuple)) else None


def _mapping(value: t.Any) -> dict[str, t.Any] | None:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, dict) else None


_READERS: dict[str, t.Callable[[t.Any], t.Any]] = {
    "bool": _values.boolean,
    "int": _values.integer,
    "float": _values.number,
    "str": _text,
    "path": _path,
    "list": _list,
    "dict": _mapping,
}


def _texts(name: str, values: t.Iterable[t.Any]) -> tuple[str, ...]:
    found = tuple(values)
    if not all(isinstance(value, str) for value in found):
        raise _error(f"{name} is not a list of texts")
    return found


def _error(what: str) -> LantimeError:
    return LantimeError("option", f"lantime_events: {what}", hint="see docs/events.md")
