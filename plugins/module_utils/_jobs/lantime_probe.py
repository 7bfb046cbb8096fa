# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_probe: detect undocumented API behavior."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.ranges import Bounds, check_ranges
from .._probe import findings as probe
from .._probe.read import ReadProbe, findings_not_requested
from .._probe.write import WriteProbe, objection_to_writing
from .._transaction.journal import Journal, journal_of
from .._transaction.open_journal import adding_recovery, complete_open_rollback, complete_rollback, has_changed
from .._transaction.settings import JOURNAL_OPTIONS
from .._transaction.trial import Trial
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
        **JOURNAL_OPTIONS,
    },
    rules={"required_by": {"writable_path2": ("writable_path",)}},
)

_PROBE_LIMITS: dict[str, Bounds] = {"effect_timeout": (0.001, 600.0)}


def run(context: JobContext) -> dict[str, t.Any]:
    paths = _writable_paths(context)
    with context.open() as api:
        api.hold_identity()
        return _Probe(context, api, paths).run()


def _writable_paths(context: JobContext) -> list[Path]:
    paths = [path_of(context.params[name]) for name in ("writable_path", "writable_path2") if context.params[name]]
    if any(len(path) < 2 for path in paths):
        raise _unwritable_error(paths[-1], "it is not the path of a value in a menu")
    if len(paths) == 2 and (paths[0] == paths[1] or paths[0][:-1] != paths[1][:-1]):
        raise _unwritable_error(paths[1], f"it is not another value in the menu {text_of(paths[0][:-1])}")
    try:
        check_ranges(context.params, _PROBE_LIMITS)
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    return paths


def _unwritable_error(path: Path, reason: str) -> LantimeError:
    return LantimeError(
        "option",
        f"{text_of(path)} is not written: {reason}",
        hint="use the path of a text that nothing depends on, such as snmp/location",
    )


class _Probe:
    """The probe of one device. paths: values that may be written; none for a probe that only reads."""

    def __init__(self, context: JobContext, api: Device, paths: t.Sequence[Path]) -> None:
        self.context = context
        self.api = api
        self.paths = paths
        self.read_probe = ReadProbe(api)
        self.findings: list[probe.ProbeFinding] = []
        self.operations: list[dict[str, t.Any]] = []
        self.recovery: dict[str, t.Any] | None = None
        # The whole configuration as it was read last after the writes.
        self.current: Tree | None = None

    def run(self) -> dict[str, t.Any]:
        params, check_mode = self.context.params, self.context.check_mode
        self.read_probe.run(params["config_root"] is not None or self.api.dialect.config_root != "auto")
        if params["anonymous"]:
            self.read_probe.probe_anonymous_access()
        if params["probe_token"]:
            self.read_probe.probe_token()
        # The probes count an error as an answer of the device.
        self.api.client.deadline.check()
        asked = {**params, "writable_path": None} if check_mode else params
        self.findings += [*self.read_probe.findings, *findings_not_requested(asked)]
        restored: bool | None = None
        if self.paths and check_mode:
            self.recovery = complete_rollback(self.api, params["journal_path"], check_mode, self.context.warn)
            self.read_before()
        elif self.paths:
            restored = self.probe_with_journal(journal_of(self.api, params["journal_path"]))
        return self.result(restored)

    def result(self, restored: bool | None) -> dict[str, t.Any]:
        """The result of the job. restored: None if nothing was written."""
        recovery = {} if self.recovery is None else {"recovery": self.recovery}
        return {
            "changed": restored is False or has_changed(self.recovery),
            "restored": restored,
            "saved": False,
            **recovery,
            "dialect": probe.dialect_of(self.findings),
            "findings": [finding.as_dict() for finding in self.findings],
            "operations": self.operations,
            "config_root": text_of(self.api.config_root),
            "requests": self.api.requests,
            "device": device_result(self.api.identity),
        }

    def read_before(self) -> Tree:
        """The configuration before anything is written. Raises LantimeError for paths that must not be written."""
        context, api = self.context, self.api
        if self.read_probe.root is None:
            raise LantimeError("root_unknown", "the configuration root was not found")
        before = self.read_probe.read_tree()
        for path in self.paths:
            try:
                value = value_at(before.value, path)
            except KeyError:
                # The read raises an error with the existing names.
                api.config_node(path)
                raise _unwritable_error(path, "the menu above it does not show it") from None
            raw = canonical(api.node((*api.config_root, *path), raw=True)).value
            reason = objection_to_writing(path, value, raw)
            if reason is not None:
                raise _unwritable_error(path, reason)
        if api.identity is not None and api.identity.pending_changes:
            context.warn("The device has unsaved changes of another client; the probe neither saves nor reverts them.")
        return before

    def probe_with_journal(self, journal: Journal) -> bool | None:
        """Restore what an interrupted probe left, then probe writing."""
        with journal.locked() as record:
            if record is not None:
                self.recovery = complete_open_rollback(self.api, journal, record, self.context.warn)
            with adding_recovery(self.recovery):
                before = self.read_before()
                with self.api.client.deadline.writing():
                    return self.probe_writing(Trial(self.api, journal, before), before)

    def probe_writing(self, trial: Trial, before: Tree) -> bool | None:
        """Try the forms of writing and restore all values; whether the configuration is the same as before, None if nothing was sent."""
        timeout = self.context.params["effect_timeout"]
        write_probe = WriteProbe(trial, self.paths, timeout, probe.dialect_of(self.read_probe.findings))
        failure: LantimeError | None = None
        restored: bool | None = False
        try:
            write_probe.learn()
        except LantimeError as error:
            failure = error
        finally:
            with self.api.client.deadline.finishing():
                restored = self.restore(write_probe, before)
            failure = self.closing_failure(trial) or failure
        self.findings += write_probe.findings
        self.operations += write_probe.operations
        if not self.api.has_written:
            restored = None
        if restored is False:
            values = ", ".join(f"{text_of(p)} was {value_at(before.value, p)!r}" for p in self.paths)
            self.context.warn(f"The configuration is not the same as before the probe: {values}.")
        failure = self.api.identity_failure or failure
        if failure is not None:
            raise failure.with_context(extra=self.result(restored))
        return restored

    def closing_failure(self, trial: Trial) -> LantimeError | None:
        """Close the journal if the values are restored; why it could not be removed."""
        if self.current is None:
            return None
        try:
            trial.close_if_undone(self.current)
        except LantimeError as error:
            return error
        return None

    def restore(self, write_probe: WriteProbe, before: Tree) -> bool:
        for _attempt in range(2):
            try:
                # A new connection shows what other clients see.
                self.api.client.reconnect()
                write_probe.restore()
                self.current = self.read_probe.read_tree()
                if self.current.value == before.value:
                    return True
            except LantimeError:
                continue
        return False
