# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each registered writer of a file, driven through the code that uses it: links, special files, permissions, leftovers."""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins import module_utils, plugin_utils
from ansible_collections.meinberg.lantime.plugins.module_utils._base import files
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.refused_logins import (
    LoginOutcome,
    RefusedLogins,
    account_of,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.document import PlanDocument
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._recording.document import write_recording
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import backup as backups
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.fingerprints import Fingerprints
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, new_record
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.plan_files import open_plan_files
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt import directory as adopted
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.memory import EventMemory
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import files as report_files
from ansible_collections.meinberg.lantime.tests.paths import PAGES

# The beginning of each writer's row in the security guide.
ROWS_OF_GUIDE = {
    "refused_logins": "Refused logins:",
    "refused_logins_key": "Key of refused logins:",
    "refused_logins_lock": "Lock of refused logins:",
    "journal": "Journal: ``<model>-<serial number>-<hash>.json``",
    "lock": "Lock: ``<model>-<serial number>-<hash>.lock``",
    "fingerprints": "Fingerprints: ``<model>-<serial number>-<hash>.secrets``",
    "secrets_key": "Key: ``secrets.key``",
    "backup": "Backups:",
    "plan": "Plans:",
    "recording": "Recordings:",
    "report": "Reports:",
    "adopted": "Adopted inventories:",
    "event_state": "Event state:",
}
PLUGINS = [Path(next(iter(package.__path__))) for package in (module_utils, plugin_utils)]
SECRETS: dict[tuple[str, ...], str] = {("snmp", "community"): "canary"}


class Case(t.NamedTuple):
    """A writer in use. name: of the file in the directory. use: everything that its users do with the file."""

    name: str
    use: t.Callable[[Path], None]


def use_journal(directory: Path) -> None:
    journal = journal_in(directory)
    journal.lock()
    try:
        journal.load()
        journal.write(new_record({}, ("config",), Plan(()), ["ntp"]))
    finally:
        journal.release()


def journal_in(directory: Path) -> Journal:
    return Journal(str(directory), "M600", "1")


def use_fingerprints(directory: Path) -> None:
    store = Fingerprints(directory, "M600-1")
    store.changed(SECRETS)
    store.remember(SECRETS)


def use_backup(directory: Path) -> None:
    backups.write_backup(directory / "ts1.json", backups.make_document({}, {"ntp": {}}))


def use_plan(directory: Path) -> None:
    params: dict[str, t.Any] = {
        "plan_dest": str(directory / "ts1.plan.json"),
        "plan_src": None,
        "plan_golden_files": [],
    }
    open_plan_files(params).write(PlanDocument("", "", (), "", {}))


def use_recording(directory: Path) -> None:
    write_recording(directory / "recording.json", {"answers": []})


def use_report(directory: Path) -> None:
    content = b"report"
    report_files.write_report_file(report_files.ReportFile(directory / "report.json", None, content))


def use_adopted(directory: Path) -> None:
    report = adopted.plan_report(directory / "adopt.md", "report")
    adopted.write_all(adopted.Directory(directory, [], False), [report])


def use_memory(directory: Path) -> None:
    memory = EventMemory(str(directory / "state.json"), ["ts1"])
    memory.save(memory.text())


def use_refused_logins(directory: Path) -> None:
    refused_logins = RefusedLogins(directory)
    login = account_of({"host": "ts1", "username": "user", "password": "canary"})
    assert login is not None
    for accepted in (False, True):
        refused_logins.remember([(login, LoginOutcome(accepted, has_changed=True))])
        refused_logins.find(login, 1)


CASES = {
    "journal": Case(journal_in(Path("/")).path.name, use_journal),
    "lock": Case(journal_in(Path("/")).path.with_suffix(".lock").name, use_journal),
    "fingerprints": Case("M600-1.secrets", use_fingerprints),
    "secrets_key": Case("secrets.key", use_fingerprints),
    "backup": Case("ts1.json", use_backup),
    "plan": Case("ts1.plan.json", use_plan),
    "recording": Case("recording.json", use_recording),
    "report": Case("report.json", use_report),
    "adopted": Case("adopt.md", use_adopted),
    "refused_logins": Case("lantime-logins.json", use_refused_logins),
    "refused_logins_key": Case("lantime-logins.key", use_refused_logins),
    "refused_logins_lock": Case("lantime-logins.lock", use_refused_logins),
    "event_state": Case("state.json", use_memory),
}


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def sources() -> t.Iterator[tuple[str, ast.Module]]:
    for root in PLUGINS:
        for path in sorted(root.rglob("*.py")):
            dotted = ".".join([root.name, *path.relative_to(root).with_suffix("").parts])
            yield dotted, ast.parse(path.read_text("utf-8"))


@contextlib.contextmanager
def umask(value: int) -> t.Iterator[None]:
    former = os.umask(value)
    try:
        yield
    finally:
        os.umask(former)


def test_every_registered_writer_has_a_case_here() -> None:
    registering = [name for name, tree in sources() if any("register_writer" in ast.unparse(n) for n in tree.body[1:])]
    for name in registering:
        importlib.import_module("ansible_collections.meinberg.lantime.plugins." + name)
    assert set(CASES) == set(files.WRITERS)
    assert all(writer.description for writer in files.WRITERS.values())


def test_no_other_module_writes_files() -> None:
    writing = {"write_text", "write_bytes", "mkstemp", "NamedTemporaryFile", "fdopen", "touch", "link", "symlink"}
    offending = []
    for name, tree in sources():
        if name == "module_utils._base.files":
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            opens = called == "open" and bool(node.args or node.keywords)
            if called in writing or opens:
                offending.append(f"{name}:{node.lineno}: {ast.unparse(node)}")
    assert offending == []


@pytest.mark.parametrize("mask", [0, 0o022, 0o777])
def test_a_new_file_is_private_whatever_the_umask(tmp_path: Path, case: Case, mask: int) -> None:
    with umask(mask):
        case.use(tmp_path)
        case.use(tmp_path)
    assert mode_of(tmp_path / case.name) == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".new")] == []


def test_a_file_that_everybody_could_write_becomes_private(tmp_path: Path, case: Case) -> None:
    case.use(tmp_path)
    path = tmp_path / case.name
    path.chmod(0o666)
    with umask(0):
        case.use(tmp_path)
    # A key is created once and never replaced.
    assert mode_of(path) == (0o666 if case.name.endswith(".key") else 0o600)


def test_a_symbolic_link_is_refused_and_its_target_stays(tmp_path: Path, case: Case) -> None:
    for target in (tmp_path / "target", tmp_path / "nowhere"):
        if target.name == "target":
            target.write_text("target")
            target.chmod(0o644)
        directory = tmp_path / f"to_{target.name}"
        directory.mkdir()
        (directory / case.name).symlink_to(target)
        with pytest.raises(LantimeError, match="it is a symbolic link"):
            case.use(directory)
        assert (directory / case.name).is_symlink()
    assert (tmp_path / "target").read_text() == "target"
    assert mode_of(tmp_path / "target") == 0o644
    assert not (tmp_path / "nowhere").exists()


def test_links_and_fifos_at_the_temporary_names_of_1_2_0_change_nothing(tmp_path: Path, case: Case) -> None:
    target = tmp_path / "target"
    target.write_text("target")
    directory = tmp_path / "directory"
    directory.mkdir()
    path = directory / case.name
    path.with_suffix(".new").symlink_to(target)
    os.mkfifo(path.with_name(path.name + ".new"))
    case.use(directory)
    assert path.is_file()
    assert target.read_text() == "target"


def test_a_file_left_over_by_1_2_0_changes_nothing(tmp_path: Path, case: Case) -> None:
    path = tmp_path / case.name
    for leftover in (path.with_suffix(".new"), path.with_name(path.name + ".new")):
        leftover.write_bytes(b'{"format": 1, "cut')
    case.use(tmp_path)
    case.use(tmp_path)
    assert path.is_file()
    assert b"cut" not in path.read_bytes()


def test_a_fifo_is_refused_at_once(tmp_path: Path, case: Case) -> None:
    os.mkfifo(tmp_path / case.name)
    with pytest.raises(LantimeError, match="it is not a regular file"):
        case.use(tmp_path)


def test_a_directory_is_refused(tmp_path: Path, case: Case) -> None:
    (tmp_path / case.name).mkdir()
    with pytest.raises(LantimeError, match="IsADirectoryError"):
        case.use(tmp_path)


def test_a_journal_removes_the_temporary_files_of_a_killed_run(tmp_path: Path) -> None:
    path = journal_in(tmp_path).path
    leftover = path.with_name(f".{path.name}.0123456789abcdef.new")
    leftover.write_text("{")
    use_journal(tmp_path)
    assert not leftover.exists()


def test_the_security_guide_describes_every_writer() -> None:
    guide = (PAGES / "security.rst").read_text("utf-8")
    assert set(ROWS_OF_GUIDE) == set(files.WRITERS)
    for beginning in ROWS_OF_GUIDE.values():
        assert f"   * - {beginning}" in guide
