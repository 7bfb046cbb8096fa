# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact requests of writing tasks, from the simulator's ledger.

A section is read twice without a write between only where the second reading is a check: immediately before the first
write, that the configuration is still what the plan was made from; and once the lock is held, before an interrupted transaction is
resumed or reverted.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

NTP, SNMP, NETWORK = "/api/config/ntp", "/api/config/snmp", "/api/config/network"
READ_NTP, READ_SNMP, READ_NETWORK = f"GET {NTP}", f"GET {SNMP}", f"GET {NETWORK}"
READ_BOTH = [READ_NTP, READ_SNMP]
STRATUM, CONTACT = f"PUT {NTP}/local-clock/stratum", f"PUT {SNMP}/contact"
SAVE = "PUT /api/write"

ONE: Tree = {"ntp": {"local-clock": {"stratum": 7}}}
TWO: Tree = {**ONE, "snmp": {"contact": "noc@example.com"}}


@pytest.fixture(autouse=True)
def quick_commands(device: t.Any) -> None:
    device.set_dialect(command_seconds=0)
    device.ledger.clear()


def requests(device: t.Any) -> list[str]:
    """The requests since the last call."""
    made = [f"{entry['method']} {entry['path']}" for entry in device.ledger]
    device.ledger.clear()
    return made


@pytest.mark.parametrize("options", [{}, {"pending": "fail"}, {"update_secrets": "always"}], ids=str)
def test_nothing_to_do(device: t.Any, tmp_path: Path, options: Tree) -> None:
    assert run_config(device, ONE, journal=tmp_path)["changed"] is True
    requests(device)
    assert run_config(device, ONE, journal=tmp_path, **options)["changed"] is False
    assert requests(device) == [READ_NTP]


def test_check_mode(device: t.Any, tmp_path: Path) -> None:
    assert run_config(device, TWO, journal=tmp_path, check=True)["changed"] is True
    assert requests(device) == READ_BOTH


def test_one_change_that_is_saved(device: t.Any, tmp_path: Path) -> None:
    assert run_config(device, ONE, journal=tmp_path)["saved"] is True
    assert requests(device) == [READ_NTP, READ_NTP, STRATUM, READ_NTP, SAVE, READ_NTP]


def test_two_changes_that_are_saved(device: t.Any, tmp_path: Path) -> None:
    assert run_config(device, TWO, journal=tmp_path)["saved"] is True
    assert requests(device) == [
        *READ_BOTH,
        *READ_BOTH,
        STRATUM,
        CONTACT,
        *READ_BOTH,
        SAVE,
        SAVE,
        *READ_BOTH,
    ]


def test_save_never(device: t.Any, tmp_path: Path) -> None:
    assert run_config(device, ONE, journal=tmp_path, save="never")["saved"] is False
    assert requests(device) == [READ_NTP, READ_NTP, STRATUM, READ_NTP]


def test_save_always_without_a_change(device: t.Any, tmp_path: Path) -> None:
    run_config(device, ONE, journal=tmp_path, save="never")
    requests(device)
    assert run_config(device, ONE, journal=tmp_path, save="always")["saved"] is True
    assert requests(device) == [READ_NTP, SAVE, READ_NTP]


def test_verify_false(device: t.Any, tmp_path: Path) -> None:
    assert run_config(device, ONE, journal=tmp_path, verify=False)["saved"] is True
    assert requests(device) == [READ_NTP, READ_NTP, STRATUM, SAVE, READ_NTP]


def test_a_backup_and_a_health_gate(device: t.Any, tmp_path: Path) -> None:
    target = {"dir_path": str(tmp_path / "backup")}
    done = run_config(device, ONE, journal=tmp_path, backup=True, backup_options=target, health_gate="sync")
    assert done["saved"] is True
    assert requests(device) == [
        READ_NTP,
        "GET /api/config",
        "GET /api/status",
        READ_NTP,
        STRATUM,
        READ_NTP,
        "GET /api/status",
        SAVE,
        READ_NTP,
    ]


def test_a_refused_change_is_rolled_back(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("status", status=400, method="PUT", path=SNMP)
    result = run_config(device, TWO, journal=tmp_path)
    assert result["rollback"]["state"] == "rolled_back"
    assert requests(device) == [*READ_BOTH, *READ_BOTH, STRATUM, CONTACT, *READ_BOTH, STRATUM, *READ_BOTH]


def test_a_refused_change_without_effect(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("status", status=400, method="PUT", path=NTP)
    result = run_config(device, ONE, journal=tmp_path)
    assert result["rollback"]["state"] == "not_needed"
    assert requests(device) == [READ_NTP, READ_NTP, STRATUM, READ_NTP]


def test_a_change_that_is_not_applied_is_rolled_back(device: t.Any, tmp_path: Path) -> None:
    """The rollback starts from what verification read."""
    device.set_dialect(request_error="clamp")
    result = run_config(device, {"snmp": {"retries": -5}}, journal=tmp_path, verify_grace=0.0)
    assert result["rollback"]["state"] == "rolled_back"
    put = f"PUT {SNMP}/retries"
    assert requests(device) == [READ_SNMP, READ_SNMP, put, READ_SNMP, put, READ_SNMP]


# -- after an interruption; the fifth request of TWO is its first write

FIRST_SENT, BOTH_SENT, SAVED_ONE = Kill("after", 5), Kill("before", 7), Kill("after", 9)


def test_resume(device: t.Any, tmp_path: Path) -> None:
    assert run_killed(device, TWO, FIRST_SENT, journal=tmp_path)
    requests(device)
    result = run_config(device, TWO, journal=tmp_path)
    assert result["recovery"]["action"] == "resumed"
    assert running(device) == startup(device)
    assert requests(device) == [*READ_BOTH, *READ_BOTH, CONTACT, *READ_BOTH, SAVE, SAVE, READ_NTP, READ_SNMP]


def test_resume_without_a_save(device: t.Any, tmp_path: Path) -> None:
    assert run_killed(device, TWO, FIRST_SENT, journal=tmp_path, save="never")
    requests(device)
    assert run_config(device, TWO, journal=tmp_path, save="never")["recovery"]["action"] == "resumed"
    assert requests(device) == [*READ_BOTH, *READ_BOTH, CONTACT, *READ_BOTH]


def test_resume_what_was_sent_but_not_saved(device: t.Any, tmp_path: Path) -> None:
    assert run_killed(device, TWO, BOTH_SENT, journal=tmp_path)
    requests(device)
    result = run_config(device, TWO, journal=tmp_path)
    assert (result["recovery"]["verdict"], result["recovery"]["action"]) == ("applied_unsaved", "resumed")
    assert requests(device) == [*READ_BOTH, *READ_BOTH, SAVE, SAVE, READ_NTP, READ_SNMP]


def test_revert(device: t.Any, tmp_path: Path) -> None:
    former = running(device)
    assert run_killed(device, TWO, BOTH_SENT, journal=tmp_path)
    requests(device)
    result = run_config(device, TWO, journal=tmp_path, on_interrupted="revert")
    assert result["recovery"]["action"] == "reverted"
    assert running(device) == startup(device) == former
    assert requests(device) == [*READ_BOTH, *READ_BOTH, CONTACT, STRATUM, *READ_BOTH]


def test_revert_what_was_saved_in_part(device: t.Any, tmp_path: Path) -> None:
    former = running(device)
    assert run_killed(device, TWO, SAVED_ONE, journal=tmp_path)
    requests(device)
    result = run_config(device, TWO, journal=tmp_path, on_interrupted="revert")
    assert result["recovery"]["action"] == "reverted"
    assert running(device) == startup(device) == former
    assert requests(device) == [
        *READ_BOTH,
        *READ_BOTH,
        CONTACT,
        STRATUM,
        *READ_BOTH,
        SAVE,
        SAVE,
        READ_NTP,
        READ_SNMP,
    ]


def test_an_interrupted_transaction_that_needs_nothing(device: t.Any, tmp_path: Path) -> None:
    assert run_killed(device, TWO, Kill("journal-after", 1), journal=tmp_path)
    requests(device)
    result = run_config(device, ONE, journal=tmp_path, check=True)
    assert result["recovery"]["verdict"] == "not_applied"
    # Check mode takes no lock; the section of the journal that the task does not name is read once.
    assert requests(device) == READ_BOTH
    result = run_config(device, {"network": {}}, journal=tmp_path)
    assert (code_of(result), result["recovery"]["action"]) == (None, "closed")
    assert requests(device) == [READ_NETWORK, *READ_BOTH]
