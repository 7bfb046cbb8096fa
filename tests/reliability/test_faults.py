# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""More about faults of the fault matrix (directory matrix) than its rows assert."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import FIRST, TREE
from ansible_collections.meinberg.lantime.tests.reliability.matrix.rows.saving import unreachable_network
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Meanwhile,
    assert_no_secret,
    code_of,
    run_config,
    running,
    startup,
)


def test_members_of_a_later_firmware_change_no_plan(device: t.Any, tmp_path: Path) -> None:
    expected = run_config(device, TREE, journal=tmp_path, check=True)["operations"]
    device.add_fault("added-members", members={"later": {"mode": "quantum"}})
    assert run_config(device, TREE, journal=tmp_path, check=True)["operations"] == expected


def test_a_change_by_another_client_beside_the_plan_is_reported(device: t.Any, tmp_path: Path) -> None:
    def act(inner: t.Any) -> None:
        inner.foreign_change("ntp/trust-time", 77)

    with Meanwhile(device, act, "PUT", FIRST):
        result = run_config(device, TREE, journal=tmp_path)
    assert result["also_changed"] == ["ntp/trust-time"]
    assert running(device)["ntp"]["trust-time"] == 77


@pytest.mark.parametrize("effect", ["close-before-answer", "close-after-effect"])
def test_a_secret_that_may_have_arrived(device: t.Any, tmp_path: Path, effect: str) -> None:
    """56 with a secret that was set before: reading shows the same mask in both cases."""
    device.change("snmp/read-community", "former")
    device._fleet.call(device._device.config.save)
    saved = startup(device)
    device.add_fault(effect, method="PUT", path="/api/config/snmp")
    tree = {"snmp": {"read-community": f"{CANARY}-read"}}
    result = run_config(device, tree, journal=tmp_path, update_secrets="always", verify_grace=0.3)
    assert code_of(result) in ("rollback_failed", "state_unknown")
    assert (result["changed"], result["saved"]) == (True, False)
    assert startup(device) == saved
    assert_no_secret(tmp_path)
    device.clear_faults()
    again = run_config(device, tree, journal=tmp_path, update_secrets="always")
    assert (code_of(again), again["saved"]) == (None, True), again
    assert running(device)["snmp"]["read-community"] == f"{CANARY}-read"
    assert running(device) == startup(device)


def test_a_device_that_restarts_after_it_became_unreachable(device: t.Any, tmp_path: Path) -> None:
    """67: a restart restores the former configuration, as the message says."""
    former = running(device)
    with unreachable_network(device):
        result = run_config(device, TREE, journal=tmp_path, verify_grace=0.5)
    assert (code_of(result), result["changed"]) == ("state_unknown", True)
    device.reboot()
    assert running(device) == former
    again = run_config(device, TREE, journal=tmp_path)
    assert again["recovery"]["verdict"] == "not_applied"
    assert again["saved"] is True
