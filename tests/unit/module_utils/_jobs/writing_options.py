# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options that lantime_config and lantime_backup share."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_changes,
    lantime_config,
    lantime_probe,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.confirmation import Confirmation
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.trial import Trial
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    See,
    Tree,
    see_code,
    see_member,
    see_setting,
)

CONTACT, STRATUM, SERVERS = "snmp/contact", "ntp/local-clock/stratum", "ntp/external-servers"


class KilledError(BaseException):
    """The process of a task ends here."""


# -- what precedes a run


def change_foreign(bench: Bench) -> None:
    """An unsaved change of another client."""
    bench.device.change("ntp/local-clock/disabled", True)


def ignore_stratum(bench: Bench) -> None:
    """The device accepts every change below ntp, and none takes effect."""
    bench.device.add_fault("status", status=200, method="PUT", path="/api/config/ntp", body={})


def add_list(*values: str) -> Prepare:
    """Every menu that is read from now on holds a list."""

    def prepare(bench: Bench) -> None:
        bench.device.clear_faults()
        bench.device.add_fault("added-members", path="/api/config", members={"list": [*values]})

    return prepare


def interrupt_task(bench: Bench) -> None:
    """A task of lantime_config that is killed after its first write."""
    send = Device.apply

    def apply(self: Device, change: t.Any, menu: Tree) -> None:
        send(self, change, menu)
        raise KilledError

    with bench.monkeypatch.context() as patch:
        patch.setattr(Device, "apply", apply)
        try:
            bench.run(lantime_config, config_base({"config": {"snmp": {"location": "half done"}}}))
        except KilledError:
            return
    raise AssertionError("the task was not killed")


def leave_unconfirmed(bench: Bench) -> None:
    """A task of lantime_config whose change waits for its confirmation."""
    window: Tree = {"health_gate": "sync", "confirm_window": 0.1, "confirm_later": True}
    bench.run(lantime_config, config_base({"config": {"snmp": {"contact": "unconfirmed"}}, **window}))


def interrupt_window(bench: Bench) -> None:
    """A task of lantime_changes that is killed while it watches a change."""

    def stop(dummy: Confirmation) -> None:
        raise KilledError

    leave_unconfirmed(bench)
    with bench.monkeypatch.context() as patch:
        patch.setattr(Confirmation, "_look", stop)
        try:
            bench.run(lantime_changes, {"state": "confirmed", **JOURNALS})
        except KilledError:
            return
    raise AssertionError("the task was not killed")


def interrupt_probe(bench: Bench) -> None:
    """A task of lantime_probe that is killed after its first write."""
    announce = Trial.announce
    announced: list[t.Any] = []

    def stop(self: Trial, *arguments: t.Any) -> None:
        if announced:
            raise KilledError
        announced.append(arguments)
        announce(self, *arguments)

    with bench.monkeypatch.context() as patch:
        patch.setattr(Trial, "announce", stop)
        try:
            bench.run(lantime_probe, {"writable_path": CONTACT, "journal_path": bench.path("journals")})
        except KilledError:
            return
    raise AssertionError("the task was not killed")


JOURNALS: Tree = {"journal_path": lambda bench: bench.path("journals")}


# -- what is seen


def see_pending_warning(seen: Observation) -> t.Any:
    return any("unsaved changes of other clients" in text for text in seen.outcome.warnings)


def see_saved(path: str) -> See:
    return lambda seen: seen.saved(path)


def see_packages(seen: Observation) -> t.Any:
    return [body["parameters"]["package"] for body in seen.bodies("/api/write")]


def see_status_requests(seen: Observation) -> t.Any:
    return seen.requests.count("GET /api/status")


def see_looks_in_window(seen: Observation) -> t.Any:
    """The gate looks twice."""
    return t.cast("int", see_status_requests(seen)) > 2


def see_backup(name: str) -> See:
    return lambda seen: name in seen.files() and str(seen.result.get("backup_path")).endswith(name)


def see_lists(seen: Observation) -> t.Any:
    return any("list" in (entry["after"] or {}) for entry in seen.result["operations"])


# -- the options of all tasks that write


def config_base(options: Tree) -> Tree:
    return {
        "config": {"snmp": {"contact": "noc"}, "ntp": {"local-clock": {"stratum": 5}}},
        "journal_path": lambda bench: bench.path("journals"),
        **options,
    }


class WritingEffects:
    """The effects of the options that all modules that write have.

    base: the options of a run that sets contact and stratum, and the contact last.  first: makes what precedes a run
    complete.  verifying: number of the read that verifies the change.
    """

    def __init__(
        self, base: t.Callable[[Tree], Tree], first: t.Callable[[Prepare | None], Prepare | None], verifying: int
    ) -> None:
        self.base = base
        self.first = first
        self.verifying = verifying

    def pair(
        self, given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None
    ) -> list[Effect]:
        return [Effect(self.base(given), self.base(otherwise), see, expected, self.first(prepare))]

    def effects(self) -> Effects:
        return {
            **self.of_saving(),
            **self.of_verification(),
            **self.of_confirmation(),
            **self.of_other_clients(),
            **self.of_interruptions(),
            **self.of_files(),
            **self.of_scope(),
        }

    def of_saving(self) -> Effects:
        pair = self.pair
        never: Tree = {"save": "never"}
        unchanged: Tree = {"ignore_paths": [CONTACT, "ntp/local-clock"]}
        saves_foreign = {**unchanged, "save": "always"}
        return {
            "save=changed": pair({"save": "changed"}, never, see_saved(CONTACT), "noc"),
            "save=never": pair(never, {"save": "changed"}, see_saved(CONTACT), "operations"),
            "save=always": pair(saves_foreign, unchanged, see_saved("ntp/local-clock/disabled"), True, change_foreign),
            "save_package": pair({"save_package": "all"}, {}, see_packages, ["all"]),
        }

    def of_verification(self) -> Effects:
        pair = self.pair

        def break_verification(bench: Bench) -> None:
            bench.device.add_fault("close-before-answer", method="GET", path="/api/config", nth=self.verifying)

        yes, no = ({"verify_grace": 0, "verify": choice} for choice in (True, False))
        back, stay = ({"verify_grace": 0, "rollback": choice} for choice in (True, False))
        now: Tree = {"verify_grace": 0, "retries": 0}
        return {
            "verify=True": pair(yes, no, see_code, "not_applied", ignore_stratum),
            "verify=False": pair(no, yes, see_saved(CONTACT), "noc", ignore_stratum),
            "verify_grace": pair(now, {"retries": 0}, see_code, "disconnected", break_verification),
            "rollback=True": pair(back, stay, see_setting(CONTACT), "operations", ignore_stratum),
            "rollback=False": pair(stay, back, see_setting(CONTACT), "noc", ignore_stratum),
            "health_gate=none": pair({"health_gate": "none"}, {"health_gate": "sync"}, see_status_requests, 0),
            "health_gate=sync": pair({"health_gate": "sync"}, {}, see_status_requests, 2),
        }

    def of_confirmation(self) -> Effects:
        window: Tree = {"health_gate": "sync", "confirm_window": 0.1}
        later, now = ({**window, "confirm_later": choice} for choice in (True, False))
        state = see_member("confirm", "state")
        return {
            "confirm_window": self.pair(window, {"health_gate": "sync"}, see_looks_in_window, True),
            "confirm_later=True": self.pair(later, now, state, "waiting"),
            "confirm_later=False": self.pair(now, later, state, "confirmed"),
        }

    def of_other_clients(self) -> Effects:
        warn, fail, ignore = ({"pending": choice} for choice in ("warn", "fail", "ignore"))
        return {
            "pending=warn": self.pair(warn, ignore, see_pending_warning, True, change_foreign),
            "pending=fail": self.pair(fail, warn, see_code, "pending_changes", change_foreign),
            "pending=ignore": self.pair(ignore, warn, see_pending_warning, False, change_foreign),
        }

    def of_interruptions(self) -> Effects:
        resume, revert, fail = ({"on_interrupted": choice} for choice in ("resume", "revert", "fail"))
        action, location = see_member("recovery", "action"), see_setting("snmp/location")
        return {
            "on_interrupted=resume": self.pair(resume, revert, action, "resumed", interrupt_task),
            "on_interrupted=revert": self.pair(revert, resume, see_setting(CONTACT), "operations", interrupt_task),
            "on_interrupted=fail": [
                *self.pair(fail, resume, see_code, "interrupted", interrupt_task),
                *self.pair(fail, revert, location, "half done", interrupt_task),
            ],
        }

    def of_files(self) -> Effects:
        pair = self.pair
        backup: Tree = {"backup": True, "backup_options": {"filename": "safe.json", "dir_path": "kept"}}
        none = {**backup, "backup": False}
        elsewhere: Tree = {"backup": True, "backup_options": {"filename": "safe.json"}}
        other: Tree = {"backup": True, "backup_options": {"filename": "other.json", "dir_path": "kept"}}
        journal: Tree = {"journal_path": lambda bench: bench.path("elsewhere")}
        return {
            "journal_path": pair(
                journal, {}, lambda seen: any(name.startswith("elsewhere/") for name in seen.files()), True
            ),
            "backup=True": pair(backup, none, see_backup("kept/safe.json"), True),
            "backup=False": pair(none, backup, see_backup("kept/safe.json"), False),
            "backup_options.dir_path": pair(backup, elsewhere, see_backup("kept/safe.json"), True),
            "backup_options.filename": pair(other, backup, see_backup("kept/other.json"), True),
        }

    def of_scope(self) -> Effects:
        pair = self.pair
        return {
            "restrict": pair({"restrict": ["ntp"]}, {"restrict": ["ntp", "snmp"]}, see_code, "restricted"),
            "ignore_paths": pair({"ignore_paths": [CONTACT]}, {}, see_setting(CONTACT), "operations"),
            "config_root": pair({"config_root": "cfg"}, {}, see_setting(CONTACT), "operations"),
        }
