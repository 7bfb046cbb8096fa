# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_probe."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._probe import findings as probe
from .._probe.read import ReadProbe, findings_not_requested
from .._probe.write import WriteProbe, objection_to_writing
from .._tree.canonical import Tree, canonical, value_at
from .._tree.paths import Path, path_of, text_of
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "config_root": {"type": "str"},
        "anonymous": {"type": "bool", "default": False},
        "probe_token": {"type": "bool", "default": False, "no_log": False},
        "writable_path": {"type": "str"},
        "writable_path2": {"type": "str"},
        "effect_timeout": {"type": "float", "default": 5.0},
    },
    rules={"required_by": {"writable_path2": ("writable_path",)}},
)


def run(context: JobContext) -> dict[str, t.Any]:
    paths = _paths(context)
    with context.open() as api:
        reading = ReadProbe(api)
        reading.run(context.params["config_root"] is not None or api.dialect.config_root != "auto")
        if context.params["anonymous"]:
            reading.probe_anonymous_access()
        if context.params["probe_token"]:
            reading.probe_token()
        result: dict[str, t.Any] = {"changed": False, "restored": None}
        told = context.params if not context.check_mode else {**context.params, "writable_path": None}
        found = [*reading.findings, *findings_not_requested(told)]
        operations: list[dict[str, t.Any]] = []
        if paths:
            before = _before(context, api, reading, paths)
            if not context.check_mode:
                result["restored"] = _write(context, api, reading, before, paths, found, operations)
                result["changed"] = not result["restored"]
        return {**result, **_told(api, found, operations)}


def _told(api: Device, found: t.Sequence[probe.ProbeFinding], operations: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    return {
        "dialect": probe.dialect_of(found),
        "findings": [finding.as_dict() for finding in found],
        "operations": operations,
        "config_root": text_of(api.config_root),
        "requests": api.requests,
        "device": device_result(api.identity),
    }


def _paths(context: JobContext) -> list[Path]:
    paths = [path_of(context.params[name]) for name in ("writable_path", "writable_path2") if context.params[name]]
    if any(len(path) < 2 for path in paths):
        raise _refused(context, paths[-1], "it is not the path of a value in a menu")
    if len(paths) == 2 and (paths[0] == paths[1] or paths[0][:-1] != paths[1][:-1]):
        raise _refused(context, paths[1], f"it is not another value in the menu {text_of(paths[0][:-1])}")
    if not 0 < context.params["effect_timeout"] <= 600:
        raise LantimeError("option", "effect_timeout must be from above 0 to 600", host=context.host)
    return paths


def _refused(context: JobContext, path: Path, why: str) -> LantimeError:
    return LantimeError(
        "option",
        f"{text_of(path)} is not written to: {why}",
        host=context.host,
        hint="name a text that nobody depends on, such as snmp/location",
    )


def _before(context: JobContext, api: Device, reading: ReadProbe, paths: t.Sequence[Path]) -> Tree:
    """The configuration before anything is written. Raises LantimeError for paths that are better left alone."""
    if reading.root is None:
        raise LantimeError("root_unknown", "there is nothing to write to", host=context.host)
    before = reading.read_tree()
    for path in paths:
        try:
            shown = value_at(before.value, path)
        except KeyError:
            # Reading it tells the user what is there instead.
            api.config_node(path)
            raise _refused(context, path, "the menu above it does not show it") from None
        raw = canonical(api.node((*api.config_root, *path), raw=True)).value
        why = objection_to_writing(path, shown, raw)
        if why is not None:
            raise _refused(context, path, why)
    if api.identity is not None and api.identity.pending_changes:
        context.warn("The device has unsaved changes of somebody else; the probe neither saves nor undoes them.")
    return before


def _write(
    context: JobContext,
    api: Device,
    reading: ReadProbe,
    before: Tree,
    paths: t.Sequence[Path],
    found: list[probe.ProbeFinding],
    operations: list[dict[str, t.Any]],
) -> bool:
    """Try the forms of writing and set everything back; whether the configuration is as before."""
    known = probe.dialect_of(reading.findings)
    writing = WriteProbe(api, before, paths, context.params["effect_timeout"], known)
    stopped: LantimeError | None = None
    restored = False
    try:
        writing.learn()
    except LantimeError as error:
        stopped = error
    finally:
        restored = _restored(api, reading, writing, before)
    found += writing.findings
    operations += writing.operations
    if not restored:
        shown = ", ".join(f"{text_of(p)} was {value_at(before.value, p)!r}" for p in paths)
        context.warn(f"The configuration is not as it was before the probe: {shown}.")
    if stopped is not None:
        stopped.extra = {
            "changed": not restored,
            "restored": restored,
            **_told(api, found, operations),
        }
        raise stopped
    return restored


def _restored(api: Device, reading: ReadProbe, writing: WriteProbe, before: Tree) -> bool:
    for _attempt in range(2):
        try:
            # What is shown over a connection of its own is what others see too.
            api.client.reconnect()
            writing.restore()
            if reading.read_tree().value == before.value:
                return True
        except LantimeError:
            continue
    return False
