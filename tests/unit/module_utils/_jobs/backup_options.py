# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_backup."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import backup as backups
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
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
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    CONTACT,
    SERVERS,
    WritingEffects,
    add_list,
    see_lists,
)

TRAP = "notification/snmp/trap-receivers/0"


def backup_effects() -> Effects:
    shared = WritingEffects(restore_base, lambda prepare: back_up(after=prepare), verifying=4)
    return {**shared.effects(), **_states(), **_files(), **_contents(), **_secrets()}


def restore_base(options: Tree) -> Tree:
    return {
        "state": "restored",
        "path": lambda bench: bench.path("backup.json"),
        "journal_path": lambda bench: bench.path("journals"),
        **options,
    }


def back_up(edit: t.Callable[[Tree], None] | None = None, after: Prepare | None = None) -> Prepare:
    """A backup of two sections with another contact and stratum, and with what `edit` does to the configuration."""

    def prepare(bench: Bench) -> None:
        running = canonical(bench.device.running()).value
        config = {name: running[name] for name in ("snmp", "ntp")}
        config["snmp"]["contact"], config["ntp"]["local-clock"]["stratum"] = "noc", 5
        if edit is not None:
            edit(config)
        device = {name: getattr(bench.device, name) for name in ("model", "firmware")}
        document = backups.make_document({**device, "serial_number": bench.device.serial}, config)
        backups.write_backup(bench.directory / "backup.json", document)
        if after is not None:
            after(bench)

    return prepare


def add_trap(config: Tree) -> None:
    trap = {"address": "192.0.2.1", "community": "x"}
    config["notification"] = {"snmp": {"trap-receivers": {"0": trap}}}


def add_unknown_setting(config: Tree) -> None:
    config["snmp"]["of-another-firmware"] = 1


def reverse_list(config: Tree) -> None:
    config["snmp"]["list"] = ["b", "a"]


def add_server(bench: Bench) -> None:
    bench.device.change(f"{SERVERS}/9", {"address": "192.0.2.9"})


def write_other_file(bench: Bench) -> None:
    (bench.directory / "saved.json").write_text("not a backup", encoding="utf-8")


def _pair(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare | None = None) -> list[Effect]:
    return [Effect(given, otherwise, see, expected, prepare)]


def _restored(given: Tree, otherwise: Tree, see: See, expected: t.Any, prepare: Prepare) -> list[Effect]:
    return _pair(restore_base(given), restore_base(otherwise), see, expected, prepare)


def see_documents(seen: Observation) -> t.Any:
    return [name for name in seen.files() if name.endswith(".json")]


def see_saved_contact(seen: Observation) -> t.Any:
    return seen.document("saved.json")["config"]["snmp"]["contact"]


def see_servers(seen: Observation) -> t.Any:
    return [item["object-id"] for item in seen.setting(SERVERS)]


def _saved(name: str = "saved.json", **options: t.Any) -> Tree:
    return {"path": lambda bench: bench.path(name), **options}


def _states() -> Effects:
    saved, restored = restore_base({"state": "saved"}), restore_base({"state": "restored"})
    merged, overridden = ({"restore_state": choice} for choice in ("merged", "overridden"))
    return {
        "state=saved": _pair(saved, restored, see_setting(CONTACT), "operations", back_up()),
        "state=restored": _pair(restored, saved, see_setting(CONTACT), "noc", back_up()),
        "restore_state=merged": _restored(merged, overridden, see_servers, ["9"], back_up(after=add_server)),
        "restore_state=overridden": _restored(overridden, merged, see_servers, [], back_up(after=add_server)),
    }


def _files() -> Effects:
    force, refuse = (_saved(force=choice) for choice in (True, False))
    named: Tree = {"dir_path": "kept", "filename": "ts1.json"}
    return {
        "path": _pair(_saved("other.json"), _saved(), see_documents, ["other.json"]),
        "dir_path": _pair(named, {"filename": "ts1.json"}, see_documents, ["kept/ts1.json"]),
        "filename": _pair(named, {"dir_path": "kept"}, see_documents, ["kept/ts1.json"]),
        "force=True": _pair(force, refuse, see_saved_or_code, "operations", write_other_file),
        "force=False": _pair(refuse, force, see_saved_or_code, "backup", write_other_file),
    }


def see_saved_or_code(seen: Observation) -> t.Any:
    return seen.code or see_saved_contact(seen)


def _contents() -> Effects:
    fail, ignore = ({"missing": choice} for choice in ("fail", "ignore"))
    unknown, lists = back_up(add_unknown_setting), back_up(reverse_list, add_list("a", "b"))
    ordered, unordered = restore_base({}), restore_base({"unordered_lists": ["snmp/list"]})
    return {
        "missing=fail": _restored(fail, ignore, see_code, "unknown_name", unknown),
        "missing=ignore": _restored(ignore, fail, see_setting(CONTACT), "noc", unknown),
        "unordered_lists": [Effect(unordered, ordered, see_lists, False, lists, check=True)],
    }


def _secrets() -> Effects:
    values: Tree = {"secrets": {f"{TRAP}/community": "canary"}}
    skip, need = ({"skip_items_with_secrets": choice} for choice in (True, False))
    trap = back_up(add_trap)
    return {
        "secrets": [
            *_restored(values, {}, see_setting(f"{TRAP}/community"), "canary", trap),
            *_pair(_saved(secrets=[CONTACT]), _saved(), see_saved_contact, "********"),
        ],
        "skip_items_with_secrets=True": _restored(skip, need, see_member("skipped_items"), [TRAP], trap),
        "skip_items_with_secrets=False": _restored(need, skip, see_code, "secret_needed", trap),
    }
