# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a device to a desired tree: reads, recovers an interrupted transaction, plans, executes, saves."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.device_result import device_result, device_title
from .._base.errors import LantimeError
from .._plan import safety_checks
from .._plan.module_rules import ModuleRule
from .._plan.planner import Plan, make_plan, secret_needed_error
from .._plan.render import render_diff, render_operations
from .._plan.rollback import unfinished_leaves
from .._tree.aliases import use_device_names
from .._tree.canonical import Tree, leaves
from .._tree.paths import Path, is_covered, text_of
from .._tree.secrets import is_mask, is_secret
from . import backup, saving
from .execute import also_changed
from .fingerprints import Fingerprints
from .health_gate import SyncGate
from .journal import Record, journal_of
from .plan_review import PlanReview
from .recovery import Recovery
from .sections import SectionReader
from .settings import BackupTarget, TaskMode, WriteSettings
from .target import Target, find_target
from .transaction import Transaction
from .window import Window
from .window_step import WindowStep

# Members of a result that tell what would be done if the masked secrets of new items were known.
_PREDICTED = ("operations", "sections", "secrets_kept", "not_applicable", "modules_resolved")
# Whether the configuration was saved, for messages.
_SAVED_TEXTS: dict[bool | None, str] = {
    True: "they were saved",
    False: "they were not saved",
    None: "whether they were saved is unknown",
}
# No task can know of such a change: the journal is on the controller that made it.
_PENDING_WARNING = (
    "The device had unsaved changes of other clients or earlier tasks before this task. Saving a package also saves those in it, "
    "even one that waits for its confirmation on another controller."
)


def configure_device(
    api: Device, desired: Tree, settings: WriteSettings, mode: TaskMode, rules: t.Sequence[ModuleRule] = ()
) -> dict[str, t.Any]:
    """Bring a device to a desired tree and return the result of the task. rules: what its modules are to be in addition."""
    api.hold_identity()
    reader = SectionReader(api, settings.rules.grace)
    try:
        target = find_target(reader, desired, settings.policy, rules)
    except LantimeError:
        # What does not fit the device may be meant for the one of the reviewed plan.
        PlanReview(api, settings, mode).check_device()
        raise
    return _DeviceConfiguration(reader, settings, mode, target).bring_to(target.tree)


class _DeviceConfiguration:
    """The configuration of one device. reader: has read something, so that the device is known."""

    def __init__(self, reader: SectionReader, settings: WriteSettings, mode: TaskMode, target: Target) -> None:
        self.reader = reader
        self.api = reader.api
        self.settings = settings
        self.mode = mode
        self.target = target
        self.operations: list[dict[str, t.Any]] = []
        self.saved: bool | None = False
        self.recovery: Recovery | None = None
        self.device = device_result(self.api.identity)
        self.journal = journal_of(self.api, settings.journal_path)
        self.fingerprints = Fingerprints(self.journal.directory, self.journal.stem)
        self.review = PlanReview(self.api, settings, mode)
        self.window_step = WindowStep(self.api, settings, mode)

    def bring_to(self, desired: Tree) -> dict[str, t.Any]:
        try:
            self.review.check_device()
            return self.change_to(desired, self.recover())
        except LantimeError as error:
            raise self.with_outcome(error) from None

    def with_outcome(self, error: LantimeError) -> LantimeError:
        """Add to an error what the task did before it. Every error of a transaction leaves through here."""
        extra = dict(error.extra)
        what = error.what
        if self.review.plan_path is not None:
            extra.setdefault("plan_path", self.review.plan_path)
        if self.recovery is not None:
            extra.setdefault("recovery", self.recovery.result)
        extra = {**self.window_step.outcome, **extra}
        if self.api.has_written:
            extra = {"operations": self.operations, "changed": True, "saved": self.saved, **extra}
            if error.code == "journal" and "rollback" not in extra:
                what = f"{what}; the changes are active, and {_SAVED_TEXTS[extra['saved']]}"
        if self.recovery is not None and self.recovery.has_written:
            extra["changed"] = True
        return error.with_context(what=what, extra=extra)

    def change_to(self, desired: Tree, recovery: Recovery | None) -> dict[str, t.Any]:
        current = self.reader.read(desired.value)
        reverts = self.settings.on_interrupted == "revert"
        if reverts and recovery is not None and recovery.result["action"] == "reverted":
            desired = Tree({}, frozenset(), frozenset())
        desired = use_device_names(desired, current.value)
        plan = self.make_plan(current, desired)
        result = self.predicted_result(plan, current, recovery)
        if plan.secrets_needed:
            predicted = {name: result[name] for name in _PREDICTED if name in result}
            raise secret_needed_error(plan.secrets_needed, predicted)
        self.review.check_plan(plan, current, result)
        window = self.window_step.plan(plan, recovery, result)
        if not self.mode.check:
            self.apply(plan, current, result, window)
            if not self.window_step.is_handed_over:
                self.remember_secrets(plan, desired)
        return result

    @property
    def pending(self) -> int | None:
        """Unsaved changes that the device counted in its latest answer."""
        return self.api.pending_changes

    @property
    def title(self) -> str:
        """Name of the device in differences."""
        return device_title(self.settings.access.host, self.api.identity)

    # -- an interrupted transaction

    def recover(self) -> Recovery | None:
        """Finish the transaction that an interrupted task left open, if there is one. In check mode only inspect it."""
        settings = self.settings
        record = self.journal.load()
        if record is None:
            return None
        if self.mode.check:
            self.recovery = recovery = self.recovery_of(record)
            recovery.check(settings.on_interrupted)
            return recovery
        with self.journal.locked() as record:
            # The task that wrote the journal may have been running, and may have ended, before the lock was held.
            self.reader.forget(None if record is None else record.sections)
            if record is None:
                return None
            self.recovery = recovery = self.recovery_of(record)
            self.operations = render_operations(record.plan)
            recovery.finish(settings.on_interrupted, save=settings.save != "never")
            self.saved = recovery.has_saved
            return recovery

    def recovery_of(self, record: Record) -> Recovery:
        recovery = Recovery(self.reader, self.journal, self.settings.rules, record, self.mode.warn)
        self.review.check_interrupted(recovery, record)
        return recovery

    # -- plan and result

    def make_plan(self, current: Tree, desired: Tree) -> Plan:
        settings = self.settings
        rewrite: tuple[str, ...] = ()
        if settings.update_secrets == "on_change":
            rewrite = self.fingerprints.changed(self.secrets_in(desired))
        fixed_slots = self.api.dialect.list_remove == "fixed-slots"
        policy = settings.policy._replace(rewrite=rewrite, fixed_slots=fixed_slots)
        plan = make_plan(current, desired, policy, self.api.known_configuration)
        for text in plan.warnings:
            self.mode.warn(text)
        safety_checks.check_safety(plan, current.value, settings.access, settings.restrict)
        return plan

    def secrets_in(self, desired: Tree) -> dict[Path, t.Any]:
        """Secrets that the user gives in clear text."""
        patterns = self.settings.policy.secrets
        return {
            path: value
            for path, value in leaves(desired.value)
            if value not in ("", None) and not is_mask(value) and (is_secret(path, value) or is_covered(path, patterns))
        }

    def remember_secrets(self, plan: Plan, desired: Tree) -> None:
        """Keep fingerprints of the written secrets, which only update_secrets=on_change reads."""
        if self.settings.update_secrets == "on_change":
            written = {p: v for p, v in leaves(desired.value) if p in plan.secrets and not is_mask(v)}
            self.fingerprints.remember(written)

    def predicted_result(self, plan: Plan, current: Tree, recovery: Recovery | None) -> dict[str, t.Any]:
        """The result of the task as check mode returns it; apply() updates it."""
        pending = self.pending
        is_recovered = recovery is not None and recovery.is_needed
        saves_others = self.settings.save == "always" and bool(pending)
        result: dict[str, t.Any] = {
            "changed": bool(plan.changes) or is_recovered or saves_others,
            "operations": render_operations(plan),
            "sections": list(current.value),
            "config_root": text_of(self.api.config_root),
            "secrets_kept": [text_of(path) for path in plan.secrets_kept],
            "not_applicable": self.target.not_applicable(plan),
            "saved": self.saved,
            "pending_changes": pending,
            "device": self.device,
        }
        self.operations = result["operations"]
        if recovery is not None:
            result["recovery"] = recovery.result
        result.update(self.target.modules_resolved(self.settings.policy.secrets))
        if self.mode.diff:
            result["diff"] = self.render_diff(plan)
        return result

    def render_diff(self, plan: Plan, reread: t.Any = None) -> dict[str, str]:
        return render_diff(plan, self.title, reread, self.target.applied_rules)

    # -- writing

    def apply(self, plan: Plan, current: Tree, result: dict[str, t.Any], window: Window | None) -> None:
        """Execute a plan and save it."""
        packages = saving.packages_to_save(plan, self.api, self.settings.save, self.settings.save_package)
        if not plan.changes:
            if packages:
                if result["pending_changes"]:
                    self.check_pending(result["pending_changes"])
                self.api.client.deadline.check()
                self.save(packages, None, result)
            return
        if result["pending_changes"]:
            self.check_pending(result["pending_changes"])
        self.journal.lock()
        try:
            self.execute(plan, current, result, packages, window)
        finally:
            self.journal.release()
            if self.api.learned_dialect:
                result["learned"] = dict(self.api.learned_dialect)

    def execute(
        self, plan: Plan, current: Tree, result: dict[str, t.Any], packages: list[str], window: Window | None
    ) -> None:
        settings, pending = self.settings, result["pending_changes"]
        # A save by the recovery does not contain what is written now.
        self.saved = result["saved"] = False
        if settings.backup is not None:
            result["backup_path"] = self.save_backup(settings.backup)
        gate = SyncGate(self.api) if settings.health_gate == "sync" else None
        if window is not None and gate is not None:
            window = window._replace(baseline=gate.baseline)
        transaction = Transaction(self.reader, self.journal, settings.rules, plan, tuple(current.value), window)
        reread = self.window_step.execute(transaction, current, result, packages, gate)
        self.report_effect(plan, current, reread, result)
        if self.window_step.is_handed_over:
            return
        if packages:
            self.journal.enter("saving")
            self.save(packages, (pending or 0) + self.window_step.foreign_pending, result)
        try:
            if packages and settings.rules.verify:
                self.check_saved(plan, result)
        finally:
            if self.api.identity_failure is None:
                self.journal.close()

    def report_effect(self, plan: Plan, before: Tree, reread: Tree, result: dict[str, t.Any]) -> None:
        """Put into the result what a change did before it is saved."""
        verified = self.settings.rules.verify
        pending_before, pending = result["pending_changes"] or 0, self.pending
        result["pending_changes"] = pending
        if pending is None or not verified:
            result["autosave"] = "unknown"
        else:
            result["autosave"] = "yes" if pending <= pending_before else "no"
        result["also_changed"] = also_changed(before, reread, plan)
        if self.mode.diff:
            result["diff"] = self.render_diff(plan, reread.value if verified else None)

    def check_pending(self, pending: int) -> None:
        """Warn or fail because of unsaved changes of other clients."""
        if self.settings.pending == "fail":
            raise LantimeError("pending_changes", f"the device counts {pending} unsaved changes")
        if self.settings.pending == "warn":
            self.mode.warn(_PENDING_WARNING)

    def save(self, packages: list[str], pending_before: int | None, result: dict[str, t.Any]) -> None:
        self.saved = None
        try:
            with self.api.client.deadline.finishing():
                section = next(iter(result["sections"]), None)
                outcome = saving.save(self.reader, packages, section, pending_before)
        except LantimeError as error:
            saved = error.extra.get("saved")
            changed = bool(result["operations"]) or saved is not False
            raise error.with_context(extra={**result, "saved": saved, "changed": changed}) from None
        self.saved = result["saved"] = True
        result["saved_packages"] = outcome.packages
        result["pending_changes"] = outcome.pending

    def check_saved(self, plan: Plan, result: dict[str, t.Any]) -> None:
        """Check that the device still shows what was verified before the save; conflict if it does not."""
        with self.api.client.deadline.finishing():
            current = self.reader.read(result["sections"])
        unfinished = unfinished_leaves(plan.changes, current.value, plan.secrets)
        if unfinished:
            names = ", ".join(text_of(d.path) for d in unfinished[:5])
            raise LantimeError(
                "conflict",
                f"another client changed {names} during the save, so the startup configuration may hold its values",
                path=text_of(unfinished[0].path),
                extra={**result, "remaining": [d.as_dict() for d in unfinished]},
            )

    def save_backup(self, target: BackupTarget) -> str:
        """Save a backup of the whole configuration and return its path."""
        path = backup.backup_path(target.directory, target.name, self.device)
        tree = backup.read_configuration(self.api)
        backup.write_backup(path, backup.make_document(self.device, tree.value, self.settings.policy.secrets))
        return str(path)
