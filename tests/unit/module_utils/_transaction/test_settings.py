# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that follow from the options of lantime_config."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import PlanPolicy
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.safety_checks import Access
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import default_directory
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.settings import (
    BackupTarget,
    ConfirmSettings,
    WriteRules,
    WriteSettings,
    write_settings,
)


def settings_of(**options: t.Any) -> WriteSettings:
    given = {"host": "ts1", "username": "ansible", "config": {"ntp": {}}, **options}
    checked = ArgumentSpecValidator(lantime_config.SPEC.argument_spec()).validate(given)
    assert not checked.error_messages, checked.error_messages
    return write_settings(checked.validated_parameters)


def test_the_defaults() -> None:
    assert settings_of() == WriteSettings(
        access=Access("ts1", True, "ansible"),
        rules=WriteRules(grace=5.0, verify=True, rollback=True),
        policy=PlanPolicy(),
        restrict=None,
        update_secrets="on_create",
        save="changed",
        save_package=None,
        pending="warn",
        health_gate="none",
        confirm=ConfirmSettings(0.0, False),
        journal_path=default_directory(),
        on_interrupted="resume",
        backup=None,
    )


def test_what_the_user_gives() -> None:
    settings = settings_of(
        state="overridden",
        missing="create",
        update_secrets="always",
        secrets=["a/b"],
        ignore_paths=["c"],
        unordered_lists=["d"],
        restrict=[],
        verify_grace=0.5,
        verify=False,
        rollback=False,
        backup=True,
        backup_options={"filename": "x.json"},
        use_tls=False,
    )
    assert settings.policy == PlanPolicy("overridden", "create", True, (), ("a/b",), ("c",), ("d",))
    assert settings.rules == WriteRules(0.5, False, False)
    assert settings.restrict == ()
    assert settings.backup == BackupTarget(None, "x.json")
    assert settings.access.use_tls is False


def test_backup_options_alone_ask_for_no_backup() -> None:
    assert settings_of(backup_options={"dir_path": "/srv"}).backup is None
