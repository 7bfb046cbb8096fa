# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of an event source. Needs nothing of ansible-core, which ansible-rulebook may not have."""

from __future__ import annotations

import fnmatch
import json
import os
import typing as t
from pathlib import Path

from ...module_utils._api.dialect import Dialect, make_dialect
from ...module_utils._base.errors import LantimeError
from ...module_utils._base.ranges import check_range
from ...module_utils._base.sanitize import printable
from ...module_utils._base.suggest import suggest_names
from ...module_utils._client.settings import (
    POLLING_OPTIONS,
    Option,
    Settings,
    check_credentials,
    environment_name,
    is_given,
)
from ...module_utils._tree.values import boolean, integer, number

SOURCE_OPTIONS: dict[str, Option] = {
    "hosts": Option("list"),
    "interval": Option("float", 30.0, (0.01, 86400)),
    "jitter": Option("float", 0.1, (0, 1)),
    "backoff_max": Option("float", 600.0, (0.01, 86400)),
    "lost_after": Option("int", 2, (1, 100)),
    "auth_failures": Option("int", 1, (1, 10)),
    "workers": Option("int", 16, (1, 256)),
    "state_path": Option("path"),
    "events": Option("dict"),
    "initial": Option("str", "none", choices=("none", "active")),
}
_HOST_OPTIONS = {"host": Option("str"), "name": Option("str"), **POLLING_OPTIONS}
# Members that ansible-rulebook adds to the arguments.
_RULEBOOK_ARGUMENTS = frozenset({"eda_feedback_queue"})


class EventTarget(t.NamedTuple):
    """One device to be watched. name: as events call it.  cautions: warnings about its credentials."""

    name: str
    settings: Settings
    dialect: Dialect
    cautions: tuple[str, ...] = ()


class EventFilter(t.NamedTuple):
    """The notification events to report: names as globs, types and severities as they are; an empty list means any."""

    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def matches(self, event: str, kind: str | None, severity: str | None) -> bool:
        def named(globs: tuple[str, ...]) -> bool:
            return any(fnmatch.fnmatchcase(event, glob) for glob in globs)

        return (
            named(self.include)
            and not named(self.exclude)
            and (not self.types or kind in self.types)
            and (not self.severities or severity in self.severities)
        )


EVENT_OPTIONS: dict[str, Option] = {
    name: Option("list", default) for name, default in EventFilter._field_defaults.items()
}


class SourceOptions(t.NamedTuple):
    """All arguments of a source. Times in seconds."""

    targets: tuple[EventTarget, ...]
    event_filter: EventFilter
    interval: float
    jitter: float
    backoff_max: float
    lost_after: int
    auth_failures: int
    workers: int
    state_path: str | None
    initial: str

    @property
    def cautions(self) -> tuple[str, ...]:
        """Warnings about credentials, with the name of the device."""
        return tuple(f"{target.name}: {caution}" for target in self.targets for caution in target.cautions)


def read_options(args: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> SourceOptions:
    """Options from the arguments of main(); connection options fall back to LANTIME_<OPTION> of the environment.

    Raises LantimeError with the code option. A message contains no value except a number out of range: any other might be a credential.
    """
    given = {name: value for name, value in args.items() if name not in _RULEBOOK_ARGUMENTS}
    _check_argument_names(given, {**SOURCE_OPTIONS, **POLLING_OPTIONS}, "")
    own = {name: _read_value(name, option, given.get(name)) for name, option in SOURCE_OPTIONS.items()}
    events = own.pop("events") or {}
    _check_argument_names(events, EVENT_OPTIONS, "events.")
    event_filter = EventFilter(
        **{
            name: _read_texts(f"events.{name}", _read_value(name, o, events.get(name)))
            for name, o in EVENT_OPTIONS.items()
        }
    )
    entries = own.pop("hosts")
    targets = tuple(_read_target(entry, given, environ) for entry in entries or ())
    if not targets:
        raise _option_error("hosts has no device")
    names = [target.name for target in targets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _option_error(f"hosts has {printable(twice[0], 60)} twice; give each entry a name of its own")
    return SourceOptions(targets=targets, event_filter=event_filter, **own)


def _read_target(entry: t.Any, given: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> EventTarget:
    options = {"host": entry} if isinstance(entry, str) else entry
    if not isinstance(options, dict):
        raise _option_error("an entry of hosts is neither a name nor a mapping")
    host = options.get("host")
    name = options.get("name") or host
    if not isinstance(host, str) or not host or not isinstance(name, str):
        raise _option_error("an entry of hosts has no host")
    _check_argument_names(options, _HOST_OPTIONS, "hosts: ")
    found = {}
    for key in POLLING_OPTIONS:
        candidates = (options.get(key), given.get(key), environ.get(environment_name(key)))
        found[key] = next((candidate for candidate in candidates if is_given(candidate)), None)
    try:
        cautions = tuple(check_credentials(found))
    except ValueError as exc:
        raise _option_error(str(exc)) from None
    values = {key: _read_value(key, option, found[key]) for key, option in POLLING_OPTIONS.items()}
    try:
        dialect = make_dialect(values.pop("dialect"))
    except ValueError as exc:
        raise _option_error(printable(exc, 300)) from None
    return EventTarget(name.strip(), Settings(host=host.strip(), **values), dialect, cautions)


def _check_argument_names(given: t.Mapping[str, t.Any], known: t.Mapping[str, Option], where: str) -> None:
    for name in given:
        if name not in known:
            raise _option_error(f"unknown argument {where}{printable(name, 40)}{suggest_names(name, known)}")


def _read_value(name: str, option: Option, value: t.Any) -> t.Any:
    """A value in the kind of its option: rulebooks give what comes out of a template as text."""
    if value is None:
        return option.default
    converted = _VALUE_READERS[option.kind](value)
    if converted is None:
        raise _option_error(f"{name} must be of type {option.kind}")
    if option.limits is not None:
        try:
            check_range(name, converted, option.limits)
        except ValueError as exc:
            raise _option_error(str(exc)) from None
    if option.choices and converted not in option.choices:
        raise _option_error(f"{name} must be one of {', '.join(option.choices)}")
    return converted


def _read_text(value: t.Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value)


def _read_path(value: t.Any) -> str | None:
    return str(Path(os.path.expandvars(value)).expanduser()) if isinstance(value, str) else None


def _read_list(value: t.Any) -> list[t.Any] | None:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return list(value) if isinstance(value, (list, tuple)) else None


def _read_mapping(value: t.Any) -> dict[str, t.Any] | None:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, dict) else None


_VALUE_READERS: dict[str, t.Callable[[t.Any], t.Any]] = {
    "bool": boolean,
    "int": integer,
    "float": number,
    "str": _read_text,
    "path": _read_path,
    "list": _read_list,
    "dict": _read_mapping,
}


def _read_texts(name: str, values: t.Iterable[t.Any]) -> tuple[str, ...]:
    texts = tuple(values)
    if not all(isinstance(value, str) for value in texts):
        raise _option_error(f"{name} must be a list of strings")
    return texts


def _option_error(what: str) -> LantimeError:
    return LantimeError("option", f"lantime_events: {what}", hint="see docs/docsite/rst/events.rst")
