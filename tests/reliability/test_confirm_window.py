# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that is watched before it is saved: what goes wrong in its confirm window, and what the next task makes of it."""

from __future__ import annotations

import json
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_changes,
    lantime_command,
    lantime_config,
    lantime_drift,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import confirmation
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    Meanwhile,
    code_of,
    fill_disk,
    run_config,
    run_job_killed,
    run_job_orphaned,
    run_killed,
    running,
    startup,
)
from ansible_collections.meinberg.lantime.tests.simulator.proxy import Proxy, Route

Tree = dict[str, t.Any]

CONTACT = "snmp/contact"
TWO: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc@example.com"}}
WINDOW: Tree = {"health_gate": "sync", "confirm_window": 0.3, "verify_grace": 0.2}
# For what happens at the second look, which a slow machine would not reach in a short window.
LONGER: Tree = {"confirm_window": 2.0}
LATER: Tree = {**WINDOW, "confirm_later": True}
# Looks at the status: before the change, by the gate, then in the window.
FIRST_LOOK, SECOND_LOOK = 3, 4
# Requests with a window: 2 GETs, autosave, status, 2 GETs again, 2 writes, 2 GETs, status, 2 GETs, looks.
FIRST_LOOK_REQUEST = 14


class Site:
    """A device and the directory of its journals."""

    def __init__(self, device: t.Any, journal: Path) -> None:
        device.set_dialect(command_seconds=0, autosave_delay=0)
        self.device = device
        self.journal = journal
        self.former = running(device)
        self.saved = startup(device)

    def run(self, check: bool = False, **options: t.Any) -> Tree:
        return run_config(self.device, TWO, journal=self.journal, check=check, **{**WINDOW, **options})

    def confirm(self, check: bool = False, **options: t.Any) -> Tree:
        given = {"state": "confirmed", "journal_path": str(self.journal), **options}
        return run_in_process(self.device, lantime_changes, check=check, **given).result

    def record(self) -> Tree | None:
        """The open transaction in the journal."""
        for file in self.journal.glob("*.json"):
            return t.cast("Tree", json.loads(file.read_text(encoding="utf-8")))
        return None

    def during(self, look: int, act: t.Callable[[t.Any], object]) -> Meanwhile:
        """Play something at a look at the status; the first ones are those of the gate."""
        return Meanwhile(self.device, act, "GET", "/api/status", look)

    def is_former(self) -> bool:
        return running(self.device) == self.former and startup(self.device) == self.saved

    def is_changed(self) -> bool:
        return t.cast("str", running(self.device)["snmp"]["contact"]) == "noc@example.com"

    def is_saved(self) -> bool:
        return self.is_changed() and startup(self.device)["snmp"]["contact"] == "noc@example.com"

    def saves(self) -> int:
        return sum(entry["path"] == "/api/write" for entry in self.device.ledger)

    def assert_settled(self) -> None:
        """Another task has nothing to do."""
        assert self.is_saved()
        again = self.run()
        assert (again["changed"], again["confirm"]["state"]) == (False, "not_needed")
        assert self.record() is None


@pytest.fixture
def site(device: t.Any, tmp_path: Path) -> Site:
    return Site(device, tmp_path / "journal")


def lose_antenna(inner: t.Any) -> None:
    inner.incidents.raise_("antenna-fault", {})


def lose_sync(inner: t.Any) -> None:
    inner.incidents.raise_("holdover", {})


def vanish(inner: t.Any) -> None:
    inner.faults.add("close-before-answer")


def vanish_briefly(inner: t.Any) -> None:
    inner.faults.add("close-before-answer", times=1)


def change_contact(inner: t.Any) -> None:
    inner.foreign_change(CONTACT, "somebody")


# -- one task


def test_a_healthy_device_is_watched_and_saved(site: Site) -> None:
    site.device.ledger.clear()
    result = site.run()
    confirm = result["confirm"]
    assert (confirm["state"], confirm["window"], confirm["until"]) == ("confirmed", 0.3, None)
    assert confirm["watched_seconds"] >= 0.3
    assert confirm["startup"] == "untouched"
    assert result["saved"] is True
    looks = [entry["connection"] for entry in site.device.ledger if entry["path"] == "/api/status"][2:]
    assert len(set(looks)) == len(looks) == confirm["checks"] >= 2
    site.assert_settled()


def test_without_a_change_there_is_no_window(site: Site) -> None:
    site.run(confirm_window=0.0)
    site.device.ledger.clear()
    result = site.run()
    assert (result["changed"], result["confirm"]) == (False, confirmation.not_needed())
    assert [entry["path"] for entry in site.device.ledger] == ["/api/config/ntp", "/api/config/snmp"]


def test_lost_sync_is_rolled_back(site: Site) -> None:
    with site.during(SECOND_LOOK, lose_sync):
        result = site.run(**LONGER)
    assert code_of(result) == "health"
    assert "in the confirm window of 2 s, after" in result["msg"]
    assert "receiver was synchronized before the change and is not-synchronized after it" in result["msg"]
    assert "the startup configuration was not touched" in result["msg"]
    assert (result["changed"], result["saved"], result["rollback"]["state"]) == (False, False, "rolled_back")
    assert (result["confirm"]["state"], result["confirm"]["startup"]) == ("reverted", "untouched")
    assert {operation["state"] for operation in result["operations"]} == {"rolled_back"}
    assert site.is_former()
    assert site.saves() == 0
    assert site.record() is None


@pytest.mark.thorough
def test_a_device_that_is_away_for_a_moment_is_saved(site: Site) -> None:
    with site.during(FIRST_LOOK, vanish_briefly):
        result = site.run(retries=0, verify_grace=5.0)
    assert (code_of(result), result["confirm"]["state"]) == (None, "confirmed")
    site.assert_settled()


@pytest.mark.thorough
def test_a_device_behind_a_proxy_that_is_away_for_a_moment_is_saved(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks, and the proxy then answers that it does not reach the device."""
    with Proxy() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)

        def restart(inner: t.Any) -> None:
            proxy.names = Route(site.device, 2)
            vanish_briefly(inner)

        with site.during(FIRST_LOOK, restart):
            result = site.run(retries=0, verify_grace=5.0, use_proxy=True)
        assert (code_of(result), result["confirm"]["state"]) == (None, "confirmed")
    site.assert_settled()


def test_a_device_that_stays_away_is_changed_and_not_saved(site: Site) -> None:
    with site.during(FIRST_LOOK, vanish):
        result = site.run(retries=0)
    assert code_of(result) == "state_unknown"
    assert "in the confirm window" in result["msg"]
    assert "still changed" in result["msg"]
    assert "the startup configuration was not touched" in result["msg"]
    assert (result["changed"], result["saved"], result["confirm"]["state"]) == (True, False, "failed")
    assert site.is_changed()
    assert startup(site.device) == site.saved
    assert (site.record() or {})["phase"] == "rolling_back"
    site.device.clear_faults()
    again = site.run()
    assert (again["recovery"]["action"], again["confirm"]["state"]) == ("reverted", "confirmed")
    site.assert_settled()


def test_a_change_of_another_client_is_not_saved(site: Site) -> None:
    with site.during(FIRST_LOOK, change_contact):
        result = site.run()
    assert code_of(result) == "conflict"
    assert "everything was rolled back except snmp/contact" in result["msg"]
    assert (result["changed"], result["confirm"]["state"]) == (True, "failed")
    assert [entry["path"] for entry in result["rollback"]["remaining"]] == [CONTACT]
    assert [operation["state"] for operation in result["operations"]] == ["rolled_back", "succeeded"]
    assert running(site.device)["snmp"]["contact"] == "somebody"
    assert running(site.device)["ntp"] == site.former["ntp"]
    assert startup(site.device) == site.saved
    assert site.record() is None


def save_elsewhere(inner: t.Any) -> None:
    inner.config.save()


def test_a_change_that_another_client_saves_is_not_called_unsaved(site: Site) -> None:
    with site.during(FIRST_LOOK, save_elsewhere):
        result = site.run()
    assert (result["confirm"]["state"], result["confirm"]["startup"]) == ("confirmed", "written")
    site.assert_settled()


def test_a_rollback_after_another_client_has_saved_names_the_startup_configuration(site: Site) -> None:
    def spoil(inner: t.Any) -> None:
        save_elsewhere(inner)
        lose_sync(inner)

    with site.during(SECOND_LOOK, spoil):
        result = site.run(**LONGER)
    assert (result["confirm"]["state"], result["confirm"]["startup"]) == ("reverted", "written")
    assert "another client or the device itself has saved in the window" in result["msg"]
    assert "was not touched" not in result["msg"]
    assert running(site.device) == site.former


@pytest.mark.parametrize(("pending", "code", "warns"), [("warn", None, 1), ("fail", "pending_changes", 0)])
def test_other_settings_that_change_in_the_window(site: Site, pending: str, code: str | None, warns: int) -> None:
    given = {"config": TWO, "journal_path": str(site.journal), **WINDOW, "pending": pending}
    with site.during(FIRST_LOOK, lambda inner: inner.foreign_change("snmp/location", "elsewhere")):
        outcome = run_in_process(site.device, lantime_config, **{**given, **LONGER})
    assert code_of(outcome.result) == code
    assert [text for text in outcome.warnings if "Other clients" in text] == [confirmation.PENDING_WARNING] * warns
    assert site.saves() == 2 * warns
    assert running(site.device)["snmp"]["location"] == "elsewhere"


@pytest.mark.parametrize("is_handed_over", [False, True], ids=["one task", "two tasks"])
def test_a_change_of_another_client_in_another_package_stays_unsaved(site: Site, is_handed_over: bool) -> None:
    if is_handed_over:
        site.run(**LATER)
    first = 1 if is_handed_over else FIRST_LOOK
    with site.during(first, lambda inner: inner.foreign_change("network/nameserver2", "192.0.2.98")):
        result = site.confirm() if is_handed_over else site.run(**LONGER)
    assert (code_of(result), result["confirm"]["state"]) == (None, "confirmed")
    assert (site.saves(), result["pending_changes"]) == (2, 1)
    assert site.is_saved()
    assert running(site.device)["network"]["nameserver2"] == "192.0.2.98"
    assert startup(site.device)["network"] == site.saved["network"]


def test_a_change_of_another_client_after_another_save_stays_unsaved(site: Site) -> None:
    """The count of unsaved changes is then no higher than when the window was opened."""
    change = Meanwhile(
        site.device, lambda inner: inner.foreign_change("network/nameserver2", "192.0.2.98"), "GET", "/api/status", 6
    )
    with site.during(FIRST_LOOK, save_elsewhere), change:
        result = site.run(**LONGER)
    assert change.done.is_set()
    assert (code_of(result), result["confirm"]["startup"]) == (None, "written")
    assert (site.saves(), result["pending_changes"]) == (2, 1)
    assert startup(site.device)["network"] == site.saved["network"]


@pytest.mark.thorough
def test_a_device_that_restarts_in_the_window(site: Site) -> None:
    """Nothing was saved, so that the device has its former configuration again, which its next check shows."""
    site.device.set_dialect(reboot_seconds=0)
    with site.during(SECOND_LOOK, lambda inner: inner.reboot()):
        result = site.run(confirm_window=60.0, verify_grace=5.0)
    assert (code_of(result), result["changed"]) == ("conflict", False)
    assert "the device has restarted, and no longer shows ntp/local-clock/stratum" in result["msg"]
    assert result["confirm"]["watched_seconds"] < 30.0
    assert result["rollback"]["state"] == "not_needed"
    assert site.is_former()
    assert site.record() is None


SECRET: Tree = {"snmp": {"read-community": "canary-read"}}


@pytest.mark.parametrize("when", ["in the watch", "before the watch", "after an interruption"])
def test_a_new_secret_that_a_restart_has_undone_is_not_called_saved(site: Site, when: str) -> None:
    """The device shows each secret as the same mask, so its uptime alone shows that the former one is back."""
    site.device.set_dialect(reboot_seconds=0)
    options: Tree = {"update_secrets": "always", "journal": site.journal}
    if when == "in the watch":
        with site.during(SECOND_LOOK, lambda inner: inner.reboot()):
            result = run_config(site.device, SECRET, **options, **{**WINDOW, **LONGER})
    else:
        if when == "before the watch":
            run_config(site.device, SECRET, **options, **LATER)
        else:
            assert run_killed(site.device, SECRET, Kill("journal-after", 4), **options, **WINDOW)
        assert (site.record() or {})["phase"] == "confirming"
        site.device.reboot()
        result = site.confirm()
    assert (code_of(result), result["saved"]) == ("rollback_failed", False)
    assert "the device has restarted, and does not show whether it still has snmp/read-community" in result["msg"]
    assert site.saves() == 0
    assert running(site.device) == startup(site.device) == site.saved


@pytest.mark.thorough
def test_a_restart_with_the_change_in_the_startup_configuration_does_not_end_the_window(site: Site) -> None:
    site.device.set_dialect(reboot_seconds=0)

    def save_and_restart(inner: t.Any) -> None:
        inner.config.save()
        inner.reboot()

    with site.during(SECOND_LOOK, save_and_restart):
        result = site.run(**LONGER)
    assert (code_of(result), result["confirm"]["startup"]) == (None, "written")
    site.assert_settled()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"health_gate": "none"}, "health_gate is not sync"),
        ({"verify": False}, "verify is false"),
        ({"rollback": False}, "rollback is false"),
        ({"confirm_window": -1.0}, "from 0 to 86400"),
        ({"confirm_window": 90000.0}, "from 0 to 86400"),
        ({"confirm_window": 0.0, "confirm_later": True}, "there is no confirm_window"),
        ({"confirm_window": 60.0, "task_timeout": 100.0}, "does not fit into the time of the task"),
    ],
    ids=str,
)
def test_options_that_contradict_a_window(site: Site, options: Tree, said: str) -> None:
    result = site.run(**options)
    assert (code_of(result), len(site.device.ledger)) == ("option", 0)
    assert said in result["msg"]


@pytest.mark.thorough
def test_a_window_without_a_save(site: Site) -> None:
    result = site.run(save="never")
    assert (result["confirm"]["state"], result["saved"]) == ("confirmed", False)
    assert site.is_changed()
    assert startup(site.device) == site.saved
    assert site.record() is None


@pytest.mark.parametrize("options", [{}, {"confirm_later": True}], ids=str)
def test_check_mode_predicts_without_waiting(site: Site, options: Tree) -> None:
    result = site.run(check=True, confirm_window=800.0, **options)
    assert result["confirm"]["state"] == ("waiting" if options else "confirmed")
    assert (result["confirm"]["checks"], result["confirm"]["watched_seconds"]) == (0, 0.0)
    assert site.device.ledger.writes == 0


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_device_that_saves_by_itself_is_reported(site: Site, check: bool) -> None:
    site.device.change("system/activate-changes-as-startup", True)
    given = {"config": TWO, "journal_path": str(site.journal), **WINDOW}
    with site.during(SECOND_LOOK, lose_antenna):
        outcome = run_in_process(site.device, lantime_config, check=check, **{**given, **LONGER})
    assert any("saves changes by itself" in text for text in outcome.warnings)
    assert outcome.result["confirm"]["startup"] == "written"
    if not check:
        assert "was not touched" not in outcome.result["msg"]
        assert running(site.device)["snmp"] == startup(site.device)["snmp"] == site.former["snmp"]


def test_a_device_that_saves_whatever_its_switch_says(site: Site) -> None:
    """It has no unsaved changes after the change."""
    site.device.set_dialect(effect="immediate-saved")
    given = {"config": TWO, "journal_path": str(site.journal), **WINDOW}
    with site.during(SECOND_LOOK, lose_antenna):
        outcome = run_in_process(site.device, lantime_config, **{**given, **LONGER})
    assert sum("saves changes by itself" in text for text in outcome.warnings) == 1
    assert outcome.result["confirm"]["startup"] == "written"
    assert "was not touched" not in outcome.result["msg"]
    known = site.run(dialect={"effect": "immediate-saved"}, check=True)
    assert known["confirm"]["startup"] == "written"


FORMS: list[Tree] = [
    {"effect": "staged"},
    {"effect": "delayed"},
    {"effect": "immediate-ignore-switch"},
    {"put_answer": "202"},
    {"duration": "drop"},
    {"config_root": "none"},
    {"token_use": "single"},
    {"concurrency": "lock"},
]


@pytest.mark.parametrize("forms", FORMS, ids=str)
@pytest.mark.parametrize("is_lost", [False, True], ids=["well", "worse"])
def test_forms_of_the_api(site: Site, forms: Tree, is_lost: bool) -> None:
    site.device.set_dialect(effect_delay=0.1, **forms)
    given: Tree = {"dialect": {"effect": "staged"}} if forms.get("effect") == "staged" else {}
    if "token_use" in forms:
        given["auth"] = "token"
    with site.during(SECOND_LOOK + 1 if is_lost else 1000, lose_antenna):
        result = site.run(**given, verify_grace=0.6, **(LONGER if is_lost else {}))
    if is_lost:
        assert (code_of(result), result["confirm"]["state"]) == ("health", "reverted"), result
        assert site.is_former()
    else:
        assert (code_of(result), result["confirm"]["state"]) == (None, "confirmed"), result
        assert site.is_saved()
    assert site.record() is None


@pytest.mark.thorough
def test_whether_a_device_saves_by_itself_may_be_unknown(site: Site) -> None:
    site.device.add_fault("status", status=404, path="/api/config/system/activate-changes-as-startup")
    with site.during(SECOND_LOOK, lose_antenna):
        result = site.run(**LONGER)
    assert result["confirm"]["startup"] == "unknown"
    assert "unless the device saves changes by itself" in result["msg"]


def test_an_account_that_is_locked_in_the_window(site: Site) -> None:
    """The refused credentials are not sent again for the rollback, and the remedy is that of the refusal."""
    with site.during(SECOND_LOOK, lambda inner: inner.ban("admin", True)):
        result = site.run(**LONGER)
    assert (code_of(result), result["confirm"]["state"], result["changed"]) == ("state_unknown", "failed", True)
    assert sum(entry["status"] == 401 for entry in site.device.ledger) == 1
    assert "check username, password or token" in result["error"]["hint"]
    assert "then run the task again, which completes the rollback" in result["error"]["hint"]
    site.device._fleet.call(lambda: site.device._device.ban("admin", False))
    assert site.run()["recovery"]["action"] == "reverted"
    site.assert_settled()


def test_a_journal_that_cannot_be_written_after_the_window(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        fill_disk(patch, "journal", nth=7)
        result = site.run()
    assert (code_of(result), result["changed"], result["saved"]) == ("journal", True, False)
    assert result["confirm"]["state"] == "confirmed"
    assert "the changes are active, and they were not saved" in result["msg"]
    assert startup(site.device) == site.saved
    assert site.run()["recovery"]["action"] == "resumed"
    site.assert_settled()


@pytest.mark.thorough
def test_a_journal_that_cannot_be_written_ends_the_window(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record and two for each change come before the one that opens the window."""
    fill_disk(monkeypatch, "journal", nth=6)
    result = site.run()
    assert (code_of(result), result["rollback"]["state"]) == ("journal", "rolled_back")
    assert site.is_former()


# -- two tasks


def test_a_change_that_waits_is_confirmed_by_another_task(site: Site) -> None:
    result = site.run(**LATER)
    confirm = result["confirm"]
    assert (confirm["state"], confirm["checks"], result["saved"], result["changed"]) == ("waiting", 0, False, True)
    assert confirm["until"] is not None
    assert site.is_changed()
    assert startup(site.device) == site.saved
    record = site.record() or {}
    assert (record["format"], record["phase"], record["window"]["is_handed_over"]) == (2, "confirming", True)
    predicted = site.confirm(check=True)
    assert (predicted["changed"], predicted["confirm"]["state"], predicted["saved"]) == (True, "confirmed", False)
    assert predicted["confirm"]["until"] == confirm["until"]
    assert [operation["state"] for operation in predicted["operations"]] == ["waiting", "waiting"]
    done = site.confirm()
    assert (done["changed"], done["saved"], done["confirm"]["state"]) == (True, True, "confirmed")
    assert [operation["handler"] for operation in done["operations"]] == ["ntp", "snmp"]
    assert done["confirm"]["checks"] >= 1
    again = site.confirm()
    assert (again["changed"], again["confirm"]) == (False, confirmation.not_needed())
    site.assert_settled()


class OtherController:
    """A second controller, which has journals of its own and so does not know of the change that waits."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.warnings: list[str] = []

    def run(self, config: Tree, **options: t.Any) -> Tree:
        journal = self._site.journal.with_name("other")
        done = run_in_process(
            self._site.device, lantime_config, config=config, journal_path=str(journal), verify_grace=0.2, **options
        )
        self.warnings = done.warnings
        return done.result

    def warns(self) -> bool:
        return any("that waits for its confirmation on another controller" in text for text in self.warnings)


# What a second controller wants of a device with an unconfirmed change in the packages ntp and snmp.
SAME_PACKAGE: Tree = {"snmp": {"location": "roof"}}
OTHER_PACKAGE: Tree = {"network": {"nameserver2": "192.0.2.99"}}


@pytest.mark.parametrize(
    ("config", "options", "saves"),
    [
        (SAME_PACKAGE, {}, True),
        (SAME_PACKAGE, {"save": "always"}, True),
        ({"snmp": {"contact": "noc@example.com"}}, {"save": "always"}, True),
        (OTHER_PACKAGE, {}, False),
        (SAME_PACKAGE, {"save": "never"}, False),
        (SAME_PACKAGE, {"pending": "fail"}, None),
        ({"snmp": {"contact": "noc@example.com"}}, {"pending": "fail", "save": "always"}, None),
    ],
    ids=str,
)
def test_a_second_controller_is_told_that_it_may_save_a_change_that_waits(
    site: Site, config: Tree, options: Tree, saves: bool | None
) -> None:
    """saves: None if it is refused."""
    site.run(**LATER)
    site.device.ledger.clear()
    other = OtherController(site)
    result = other.run(config, **options)
    if saves is None:
        assert (code_of(result), site.device.ledger.writes) == ("pending_changes", 0)
    else:
        assert (code_of(result), other.warns()) == (None, True)
    assert (startup(site.device)["snmp"]["contact"] == "noc@example.com") is bool(saves)
    done = site.confirm()
    assert (code_of(done), done["confirm"]["state"]) == (None, "confirmed")
    site.assert_settled()


def test_a_device_whose_change_was_saved_by_a_second_controller_gets_worse(site: Site) -> None:
    site.run(**LATER)
    OtherController(site).run(SAME_PACKAGE)
    lose_antenna(site.device._device)
    result = site.confirm()
    assert (code_of(result), result["confirm"]["state"], result["confirm"]["startup"]) == (
        "health",
        "reverted",
        "written",
    )
    assert "may hold the change until the running configuration is saved" in result["msg"]
    assert running(site.device)["snmp"] == {**site.former["snmp"], "location": "roof"}
    assert startup(site.device)["snmp"]["contact"] == "noc@example.com"


@pytest.mark.thorough
def test_a_window_that_has_passed_takes_one_look(site: Site) -> None:
    site.run(**LATER)
    file = next(site.journal.glob("*.json"))
    record = json.loads(file.read_text(encoding="utf-8"))
    record["window"]["began"] -= 3600
    file.write_text(json.dumps(record), encoding="utf-8")
    assert site.confirm()["confirm"]["checks"] == 1
    site.assert_settled()


def test_a_device_that_got_worse_is_not_confirmed(site: Site) -> None:
    site.run(**LATER)
    lose_antenna(site.device._device)
    result = site.confirm()
    assert (code_of(result), result["changed"], result["saved"]) == ("health", True, False)
    assert (result["confirm"]["state"], result["recovery"]["action"]) == ("reverted", "reverted")
    assert {operation["state"] for operation in result["operations"]} == {"rolled_back"}
    assert site.is_former()
    assert site.record() is None


def test_a_device_that_restarted_is_not_confirmed(site: Site) -> None:
    site.run(**LATER)
    site.device._fleet.call(site.device._device.config.restart)
    for check in (True, False):
        result = site.confirm(check=check)
        assert (code_of(result), result["changed"], result["saved"]) == ("conflict", False, False)
    assert site.record() is None
    assert site.is_former()


def test_nothing_else_saves_a_change_that_waits(site: Site) -> None:
    site.run(**LATER)
    journal = str(site.journal)
    options: Tree = {"command": "write", "parameters": {"package": "all"}, "journal_path": journal}
    refused = [
        site.confirm(state="committed"),
        site.confirm(state="committed", check=True),
        run_in_process(site.device, lantime_command, **options).result,
    ]
    assert [code_of(result) for result in refused] == ["interrupted"] * 3
    assert startup(site.device) == site.saved
    assert site.saves() == 0
    options = {"state": "rolled_back", "journal_path": journal}
    reverted = run_in_process(site.device, lantime_changes, **options)
    assert reverted.result["changed"] is True
    assert ["waits for its confirmation" in text for text in reverted.warnings] == [True]
    assert site.is_former()


def test_a_change_that_waits_is_not_compared(site: Site) -> None:
    site.run(**LATER)
    result = run_in_process(site.device, lantime_drift, config=TWO, journal_path=str(site.journal)).result
    assert result["error"]["code"] == "interrupted"
    assert "waits for its confirmation" in result["msg"]


def test_a_window_longer_than_the_task_is_refused(site: Site) -> None:
    site.run(**{**LATER, "confirm_window": 500.0})
    results = [run(check=check, task_timeout=60) for run in (site.confirm, site.run) for check in (True, False)]
    for result in results:
        assert (code_of(result), result["changed"]) == ("option", False)
        # The change is active: to say that no window is needed would be false.
        assert "confirm" not in result
        assert "an earlier change waits for its confirmation" in result["msg"]
        assert result["msg"].count("nothing was written") == 1
    assert (site.record() or {})["phase"] == "confirming"


def test_devices_are_watched_at_the_same_time(fleet: SharedFleet, tmp_path: Path) -> None:
    """Each in a thread of one process: every window opens before the first one closes."""
    sites = [Site(fleet[name], tmp_path / name) for name in ("ts1", "ts2", "ims")]
    opened = threading.Barrier(len(sites), timeout=30)
    for each in sites:
        assert each.run(**LATER)["confirm"]["state"] == "waiting"

    def confirm(each: Site) -> str:
        return t.cast("str", each.confirm()["confirm"]["state"])

    waits = confirmation.Confirmation._open

    def open_together(self: confirmation.Confirmation, is_handed_over: bool) -> None:
        waits(self, is_handed_over)
        opened.wait()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(len(sites)) as pool:
        patch.setattr(confirmation.Confirmation, "_open", open_together)
        states = list(pool.map(confirm, sites))
    assert states == ["confirmed"] * len(sites)


# -- a controller that dies in the window

POINTS = [
    Kill("journal-after", 5),  # the last write succeeded
    Kill("journal-before", 6),  # before the window is recorded
    Kill("journal-after", 6),
    Kill("during", FIRST_LOOK_REQUEST),
    Kill("after", FIRST_LOOK_REQUEST + 1),
    Kill("journal-before", 7),  # before the save is recorded
]


@pytest.mark.parametrize("kill", POINTS, ids=str)
@pytest.mark.parametrize("how", ["resume", "revert"])
def test_a_controller_that_dies_in_the_window(site: Site, kill: Kill, how: str) -> None:
    assert run_killed(site.device, TWO, kill, journal=site.journal, **WINDOW)
    assert site.is_changed()
    assert startup(site.device) == site.saved
    assert (site.record() or {})["format"] == 2
    failed = site.run(on_interrupted="fail")
    assert (code_of(failed), startup(site.device)) == ("interrupted", site.saved)
    predicted = site.run(check=True, on_interrupted=how)
    assert (predicted["changed"], predicted["recovery"]["action"]) == (True, "none")
    result = site.run(on_interrupted=how)
    assert code_of(result) is None, result["msg"]
    if how == "resume":
        assert (result["recovery"]["action"], result["confirm"]["state"]) == ("resumed", "confirmed")
        assert result["confirm"]["watched_seconds"] >= 0.3
    else:
        assert result["recovery"]["action"] == "reverted"
        assert site.is_former()
        site.run()
    site.assert_settled()


@pytest.mark.parametrize("kill", POINTS[2:], ids=str)
def test_an_interrupted_window_is_confirmed(site: Site, kill: Kill) -> None:
    assert run_killed(site.device, TWO, kill, journal=site.journal, **WINDOW)
    assert code_of(site.confirm(on_interrupted="fail")) == "interrupted"
    result = site.confirm()
    assert (code_of(result), result["confirm"]["state"]) == (None, "confirmed")
    assert result["confirm"]["watched_seconds"] >= 0.3
    site.assert_settled()


@pytest.mark.parametrize("is_handed_over", [False, True], ids=["one task", "two tasks"])
def test_a_worker_without_its_parent_neither_saves_nor_reverts(site: Site, is_handed_over: bool) -> None:
    """The command was killed and its worker was not: nobody gets the result, so the next task decides."""
    options: Tree = {"config": TWO, "journal_path": str(site.journal), **WINDOW, **LONGER}
    if is_handed_over:
        site.run(**{**LATER, **LONGER})
        options = {"state": "confirmed", "journal_path": str(site.journal)}
    module = lantime_changes if is_handed_over else lantime_config
    run_job_orphaned(site.device, module, options, "GET", "/api/status", SECOND_LOOK)
    assert site.is_changed()
    assert (startup(site.device), site.saves()) == (site.saved, 0)
    record = site.record() or {}
    assert (record["phase"], record["window"]["is_handed_over"]) == ("confirming", False)
    result = site.confirm()
    assert (code_of(result), result["confirm"]["state"]) == (None, "confirmed")
    assert result["confirm"]["watched_seconds"] >= 2.0
    site.assert_settled()


@pytest.mark.thorough
def test_a_worker_without_its_parent_completes_a_change_without_a_window(site: Site) -> None:
    options = {"config": TWO, "journal_path": str(site.journal)}
    run_job_orphaned(site.device, lantime_config, options, "PUT", "/api/config", 1)
    site.assert_settled()


@pytest.mark.parametrize("kind", ["refused", "full disk"])
def test_a_confirmed_change_that_is_not_saved(site: Site, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The next task saves it without another window."""
    site.run(**LATER)
    with monkeypatch.context() as patch:
        if kind == "refused":
            site.device.add_fault("status", status=403, method="PUT", path="/api/write")
        else:
            fill_disk(patch, "journal", nth=2)
        result = site.confirm()
    assert (code_of(result), result["saved"]) == ("save_failed" if kind == "refused" else "journal", False)
    assert (result["confirm"]["state"], result["recovery"]["action"]) == ("confirmed", "none")
    assert "the change is active" in result["msg"]
    assert "save set to always" not in result["msg"]
    assert startup(site.device) == site.saved
    site.device.clear_faults()
    again = site.confirm()
    assert (code_of(again), again["changed"], again["saved"]) == (None, True, True)
    assert again["confirm"]["state"] == ("not_needed" if kind == "refused" else "confirmed")
    site.assert_settled()


@pytest.mark.thorough
def test_a_confirmation_that_dies_is_made_anew(site: Site) -> None:
    site.run(**LATER)
    options = {"state": "confirmed", "journal_path": str(site.journal)}
    assert run_job_killed(site.device, lantime_changes, Kill("journal-after", 1), options)
    assert startup(site.device) == site.saved
    reverted = site.confirm(check=True, on_interrupted="revert")
    assert reverted["changed"] is True
    assert code_of(site.confirm(on_interrupted="fail")) == "interrupted"
    assert site.confirm()["confirm"]["watched_seconds"] >= 0.3
    site.assert_settled()


def test_a_rollback_that_could_not_be_completed_is_completed(site: Site) -> None:
    with site.during(FIRST_LOOK, vanish):
        assert code_of(site.run(retries=0)) == "state_unknown"
    site.device.clear_faults()
    result = site.confirm()
    assert (code_of(result), result["changed"], result["saved"]) == (None, True, False)
    assert (result["recovery"]["action"], result["confirm"]) == ("reverted", confirmation.not_needed())
    assert site.is_former()
    assert site.record() is None


@pytest.mark.thorough
def test_a_device_that_got_worse_after_the_controller_died(site: Site) -> None:
    assert run_killed(site.device, TWO, POINTS[2], journal=site.journal, **WINDOW)
    lose_antenna(site.device._device)
    result = site.run()
    assert (code_of(result), result["recovery"]["action"]) == ("health", "reverted")
    assert (result["changed"], result["saved"], result["confirm"]["state"]) == (True, False, "reverted")
    assert site.is_former()
    assert site.record() is None
