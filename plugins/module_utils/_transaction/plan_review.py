# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the plan of a task, and ends the task before a write that the reviewed plan does not contain."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.sanitize import printable, without_user_info
from .._base.times import format_utc, utc_now
from .._base.version import VERSION
from .._plan.document import UNFINISHED, PlanDocument, PlannedSave, planned_operations, written_secrets
from .._plan.planner import Plan
from .._plan.review import (
    MAX_DIFFERENCES,
    PlanDifference,
    describe_differences,
    device_differences,
    is_applied,
    is_rest_of,
    package_differences,
    pending_differences,
    plan_differences,
)
from .._tree.canonical import Tree
from .journal import Record
from .recovery import Recovery
from .saving import packages_to_save
from .settings import TaskMode, WriteSettings

_PENDING_HINT = (
    "list these changes with meinberg.lantime.lantime_changes, then save or roll them back, or write and review a new plan; "
    "pending=ignore saves them unreviewed"
)


class PlanReview:
    """The plan files of a task on one device.

    plan_path: the plan that was written, None before it.
    """

    def __init__(self, api: Device, settings: WriteSettings, mode: TaskMode) -> None:
        self._api = api
        self._settings = settings
        self._files = settings.plans
        self._mode = mode
        self._recovery: Recovery | None = None
        self.plan_path: str | None = None

    def check_device(self) -> None:
        """Raise LantimeError with the code plan_changed if a device has answered that is not the one of the reviewed plan."""
        reviewed, device = self._files.reviewed, device_result(self._api.identity)
        if reviewed is None or not device:
            return
        differences = device_differences(reviewed, device)
        if differences:
            raise self._error(f"is of {_name_of(reviewed.device)}, and {_name_of(device)} answered", differences)

    def check_interrupted(self, recovery: Recovery, record: Record) -> None:
        """Raise LantimeError with the code plan_changed if an interrupted task left changes that are not those of the reviewed plan."""
        reviewed = self._files.reviewed
        if reviewed is None or not recovery.is_needed:
            return
        differences = plan_differences(reviewed, record.plan, self._settings.policy.secrets)
        if differences:
            raise self._error(
                "was not applied, as an interrupted task left other changes on the device: "
                + describe_differences(differences),
                differences,
                hint="run a task with the same journal_path and without plan_src, which finishes or reverts them as on_interrupted says, "
                "then write and review a new plan",
                extra={"recovery": recovery.result},
            )
        self._recovery = recovery

    def check_plan(self, plan: Plan, current: Tree, result: dict[str, t.Any]) -> None:
        """Write the plan, and raise LantimeError with the code plan_changed unless the reviewed plan allows it.

        current: what the plan was made from.  result: of the task as it is predicted; plan_path is added to it.
        """
        save = self._planned_save(plan, result["pending_changes"])
        self._write(plan, save, result)
        reviewed = self._files.reviewed
        if reviewed is None:
            return
        differences = plan_differences(reviewed, plan, self._settings.policy.secrets)
        if differences and self._is_finished(reviewed, plan, current):
            differences = []
            self._warn_unsaved(reviewed.save, save)
        else:
            differences += package_differences(reviewed.save, save)
        if differences:
            raise self._error("does not fit any more: " + describe_differences(differences), differences)
        # Whatever else differs has been changed by another client too, and the next plan has the number of now.
        self._check_pending(reviewed, save)

    def _warn_unsaved(self, reviewed: PlannedSave, save: PlannedSave) -> None:
        """Warn if the changes of a plan that was applied before may not be saved, and this task does not save them."""
        pending = save.pending_changes or 0
        if (
            self._recovery is None
            and reviewed.packages
            and not save.packages
            and pending > (reviewed.pending_changes or 0)
        ):
            self._mode.warn(
                f"The plan was applied before, and the device counts {pending} unsaved changes, which may be those of the plan. "
                "This task does not save them; meinberg.lantime.lantime_changes lists and commits them."
            )

    def _check_pending(self, reviewed: PlanDocument, save: PlannedSave) -> None:
        """Raise LantimeError if the save would include unsaved changes of other clients that nobody has reviewed."""
        # After an interruption, the device also counts what is left of the plan itself.
        if self._settings.pending == "ignore" or self._recovery is not None:
            return
        differences = pending_differences(reviewed.save, save)
        if differences:
            what = "does not fit any more: " + describe_differences(differences)
            raise self._error(what, differences, _PENDING_HINT)

    def _planned_save(self, plan: Plan, pending: int | None) -> PlannedSave:
        settings = self._settings
        packages = packages_to_save(plan, self._api, settings.save, settings.save_package)
        return PlannedSave(tuple(packages), pending)

    def _write(self, plan: Plan, save: PlannedSave, result: dict[str, t.Any]) -> None:
        plans = self._files
        if plans.dest is None:
            return
        plans.write(
            PlanDocument(
                collection_version=VERSION,
                made_at=format_utc(utc_now()),
                golden_files=plans.golden_files,
                host=without_user_info(self._api.client.settings.host),
                device=device_result(self._api.identity),
                operations=planned_operations(plan),
                secrets=written_secrets(plan),
                secrets_kept=tuple(result["secrets_kept"]),
                not_applicable=tuple(result["not_applicable"]),
                modules_resolved=tuple(result.get("modules_resolved", ())),
                inventory_hostname=plans.inventory_hostname,
                unfinished=_unfinished(result.get("recovery")),
                save=save,
            )
        )
        result["plan_path"] = self.plan_path = str(plans.dest)

    def _is_finished(self, reviewed: PlanDocument, plan: Plan, current: Tree) -> bool:
        """Whether the reviewed plan was applied before, or is what the interrupted task began."""
        reverts = self._settings.on_interrupted == "revert"
        if self._recovery is not None and self._recovery.result["action"] == "reverted" and reverts:
            return not plan.changes
        if self._recovery is not None and self._mode.check:
            return reverts or is_rest_of(reviewed, plan)
        return not plan.changes and is_applied(reviewed, current.value)

    def _error(
        self,
        what: str,
        differences: t.Sequence[PlanDifference],
        hint: str | None = None,
        extra: t.Mapping[str, t.Any] | None = None,
    ) -> LantimeError:
        state = "" if self._api.has_written else "; nothing was written"
        return LantimeError(
            "plan_changed",
            f"the plan {printable(self._files.source, 300)} {what}{state}",
            hint=hint,
            extra={"plan_difference": [each.as_dict() for each in differences[:MAX_DIFFERENCES]], **(extra or {})},
        )


def _unfinished(recovery: t.Mapping[str, t.Any] | None) -> str | None:
    """The verdict on the change of an earlier task that the task has not finished, as in check mode; None without one."""
    is_open = recovery is not None and recovery["action"] == "none" and recovery["verdict"] in UNFINISHED
    return recovery["verdict"] if recovery is not None and is_open else None


def _name_of(device: t.Mapping[str, t.Any]) -> str:
    """Model, serial number and firmware of a device, for messages."""
    parts = [printable(device.get(name) or "unknown", 60) for name in ("model", "serial_number", "firmware")]
    return f"{parts[0]} {parts[1]} with firmware {parts[2]}"
