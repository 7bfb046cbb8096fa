# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the jobs that write configuration, and the settings that follow from them."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._base.ranges import check_range
from .._client.deadline import Deadline
from .._plan.planner import PlanPolicy
from .._plan.safety_checks import Access
from .journal import default_directory
from .plan_files import PlanFiles
from .window import WINDOW_BOUNDS, check_fits

JOURNAL_OPTIONS: dict[str, dict[str, t.Any]] = {"journal_path": {"type": "path"}}

INTERRUPTION_OPTIONS: dict[str, dict[str, t.Any]] = {
    "on_interrupted": {"type": "str", "default": "resume", "choices": ["resume", "revert", "fail"]},
}

WRITE_OPTIONS: dict[str, dict[str, t.Any]] = {
    "config_root": {"type": "str"},
    "save": {"type": "str", "default": "changed", "choices": ["changed", "always", "never"]},
    "save_package": {"type": "str"},
    "pending": {"type": "str", "default": "warn", "choices": ["warn", "fail", "ignore"]},
    "verify": {"type": "bool", "default": True},
    "verify_grace": {"type": "float", "default": 5.0},
    "rollback": {"type": "bool", "default": True},
    "health_gate": {"type": "str", "default": "none", "choices": ["none", "sync"]},
    "confirm_window": {"type": "float", "default": 0.0},
    "confirm_later": {"type": "bool", "default": False},
    **JOURNAL_OPTIONS,
    **INTERRUPTION_OPTIONS,
    "backup": {"type": "bool", "default": False},
    "backup_options": {
        "type": "dict",
        "options": {"dir_path": {"type": "path"}, "filename": {"type": "str"}},
    },
}


class TaskMode(t.NamedTuple):
    """Modes of a task: nothing may be changed, the result is to hold a difference; and how to warn the user.

    warn_at_once: the same for what the user should know before the task ends.
    """

    check: bool
    diff: bool
    warn: t.Callable[[str], None]
    warn_at_once: t.Callable[[str], None]


class WriteRules(t.NamedTuple):
    """How writes are confirmed.

    grace: seconds for which a device may be unreachable or show former values after a write.  verify: whether to read
    back.  rollback: whether to undo the changes that were made before a failure.
    """

    grace: float = 5.0
    verify: bool = True
    rollback: bool = True


class ConfirmSettings(t.NamedTuple):
    """seconds: length of the confirm window, 0 for none.  later: whether a later task watches it."""

    seconds: float = 0.0
    later: bool = False

    def check(self, grace: float, deadline: Deadline) -> None:
        """Raise LantimeError with the code option if the task watches the window and has not the time for it."""
        if self.seconds and not self.later:
            check_fits(self.seconds, grace, deadline)


class BackupTarget(t.NamedTuple):
    """Directory and file name of a backup; None stands for the default of either."""

    directory: str | None = None
    name: str | None = None


class WriteSettings(t.NamedTuple):
    """Settings of a task that writes configuration.

    access: how the task reaches the device.  policy: how the desired tree is meant.  restrict: patterns of the paths
    that may change, None for all.  backup: where to save a backup before the first write, None for no backup.
    confirm: the confirm window.  plans: see open_plan_files().  The other members are the options of the same name.
    """

    access: Access
    rules: WriteRules
    policy: PlanPolicy
    restrict: tuple[str, ...] | None
    update_secrets: str
    save: str
    save_package: str | None
    pending: str
    health_gate: str
    confirm: ConfirmSettings
    journal_path: str
    on_interrupted: str
    backup: BackupTarget | None
    plans: PlanFiles = PlanFiles()


def write_settings(params: t.Mapping[str, t.Any]) -> WriteSettings:
    """Return the settings that validated parameters ask for. Raises LantimeError with the code option if they contradict."""
    restrict = params.get("restrict")
    target = params["backup_options"] or {}
    update_secrets = params.get("update_secrets", "on_create")
    return WriteSettings(
        access=Access(str(params.get("host") or ""), params["use_tls"], params["username"]),
        rules=WriteRules(params["verify_grace"], params["verify"], params["rollback"]),
        policy=PlanPolicy(
            state=params.get("state", "merged"),
            missing=params.get("missing") or "items",
            rewrite_secrets=update_secrets == "always",
            secrets=tuple(params.get("secrets") or ()),
            ignore=tuple(params.get("ignore_paths") or ()),
            unordered=tuple(params.get("unordered_lists") or ()),
            optional=tuple(params.get("optional_paths") or ()),
        ),
        restrict=None if restrict is None else tuple(restrict),
        update_secrets=update_secrets,
        save=params["save"],
        save_package=params["save_package"],
        pending=params["pending"],
        health_gate=params["health_gate"],
        confirm=_confirm_settings(params),
        journal_path=params["journal_path"] or default_directory(),
        on_interrupted=params["on_interrupted"],
        backup=BackupTarget(target.get("dir_path"), target.get("filename")) if params["backup"] else None,
    )


def _confirm_settings(params: t.Mapping[str, t.Any]) -> ConfirmSettings:
    seconds, later = params["confirm_window"], params["confirm_later"]
    try:
        check_range("confirm_window", seconds, WINDOW_BOUNDS)
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    if not seconds:
        if later:
            raise LantimeError("option", "confirm_later is true, and there is no confirm_window to wait for")
        return ConfirmSettings()
    reason = None
    if params["health_gate"] != "sync":
        reason = "health_gate is not sync, so nothing would be watched"
    elif not params["verify"]:
        reason = "verify is false, so an unverified configuration would be saved"
    elif not params["rollback"]:
        reason = "rollback is false, so nothing could be reverted"
    if reason is not None:
        raise LantimeError("option", f"confirm_window is {seconds:g} s, but {reason}; nothing was written")
    return ConfirmSettings(seconds, later)
