# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of plans: which are read, replaced and removed, before a device is asked."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.document import MAX_PLAN_BYTES, encode_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.plan_files import open_plan_files
from ansible_collections.meinberg.lantime.tests.unit.module_utils._plan.test_document import FULL

CONTENT = encode_plan(FULL)


def open_files(dest: Path | str | None = None, source: Path | str | None = None, **more: t.Any) -> t.Any:
    paths = {"plan_dest": None if dest is None else str(dest), "plan_src": None if source is None else str(source)}
    return open_plan_files({"plan_golden_files": [], **paths, **more})


def refusal(dest: Path | str | None = None, source: Path | str | None = None, **more: t.Any) -> LantimeError:
    with pytest.raises(LantimeError) as raised:
        open_files(dest, source, **more)
    return raised.value


def test_without_options_there_are_no_files() -> None:
    plans = open_files()
    assert (plans.dest, plans.source, plans.reviewed) == (None, None, None)
    plans.write(FULL)


def test_a_plan_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "plans" / "ts1.plan.json"
    open_files(path, plan_golden_files=["a"], inventory_hostname="ts1").write(FULL)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_files(source=path).reviewed == FULL


def test_the_plan_of_an_earlier_task_is_removed(tmp_path: Path) -> None:
    for content in (CONTENT, CONTENT[:300], b""):
        path = tmp_path / "ts1.plan.json"
        path.write_bytes(content)
        open_files(path)
        assert not path.exists()


def test_another_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "golden.yml"
    path.write_text("ntp: {}\n")
    error = refusal(path)
    assert error.code == "plan_invalid"
    assert "golden.yml exists and is not a plan, so it is not replaced" in error.what
    assert path.read_text() == "ntp: {}\n"


@pytest.mark.parametrize("content", [CONTENT, CONTENT[:300], b""])
def test_the_plan_of_another_host_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    """A path without the name of the host would leave the plan of the last host only."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    open_files(path, inventory_hostname="ts1")
    assert not path.exists()
    path.write_bytes(CONTENT)
    error = refusal(path, inventory_hostname="ts2")
    assert (error.code, error.what) == ("plan_invalid", f"the file {path} is the plan of ts1, so it is not replaced")
    assert path.read_bytes() == CONTENT
    open_files(path)
    assert not path.exists()


def test_of_two_hosts_that_write_one_plan_at_once_the_second_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    first, second = (open_files(path, inventory_hostname=name) for name in ("ts1", "ts2"))
    first.write(FULL._replace(inventory_hostname="ts1"))
    written = path.read_bytes()
    with pytest.raises(LantimeError, match="is the plan of ts1, so it is not replaced"):
        second.write(FULL._replace(inventory_hostname="ts2"))
    assert path.read_bytes() == written
    path.write_bytes(b"{")
    with pytest.raises(LantimeError, match="is the plan of another task"):
        second.write(FULL._replace(inventory_hostname="ts2"))


@pytest.mark.parametrize("name", ["plans/", "plans//", "/", ".", "..", "plans/.", "plans/.."])
def test_a_directory_is_not_the_path_of_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    for error in (refusal(dest=name), refusal(source=name)):
        assert (error.code, error.what.split(" ", 1)[1]) == ("option", "is not the path of a file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_path_is_refused(tmp_path: Path, name: str) -> None:
    """A template that yields nothing must not turn the review off."""
    assert refusal(source=name).code == refusal(dest=name).code == "option"
    assert list(tmp_path.iterdir()) == []


def test_the_reviewed_plan_is_not_replaced(tmp_path: Path) -> None:
    path, link, other = (tmp_path / name for name in ("a.json", "link.json", "hard.json"))
    path.write_bytes(CONTENT)
    link.symlink_to(path)
    os.link(path, other)
    for dest, source in ((path, path), (path, link), (other, path), (tmp_path / "x" / ".." / "a.json", path)):
        assert refusal(dest, source).code == "option"
        assert path.read_bytes() == CONTENT


def test_a_plan_that_cannot_be_used_removes_that_of_an_earlier_task(tmp_path: Path) -> None:
    dest = tmp_path / "dest.json"
    dest.write_bytes(CONTENT)
    assert refusal(dest, tmp_path / "missing.json").code == "plan_invalid"
    assert not dest.exists()


def test_a_link_is_followed_when_a_plan_is_read_only(tmp_path: Path) -> None:
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    path.write_bytes(CONTENT)
    link.symlink_to(path)
    assert open_files(source=link).reviewed == FULL
    assert "it is a symbolic link" in refusal(link).what
    assert path.read_bytes() == CONTENT


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_PLAN_BYTES + 1)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _path: None, "does not exist"),
        (Path.mkdir, "cannot be read (IsADirectoryError)"),
        (make_fifo, "cannot be read (it is not a regular file)"),
        (make_large, "cannot be read (it is too large)"),
        (make_loop, "cannot be read (OSError)"),
        (lambda path: path.write_bytes(CONTENT[:100]), "cannot be used: it is not JSON, or it was cut"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, make: t.Callable[[Path], object], reason: str) -> None:
    path = tmp_path / "ts1.plan.json"
    make(path)
    error = refusal(source=path)
    assert (error.code, error.what) == ("plan_invalid", f"the plan {path} {reason}")
    assert "nothing was written to the device" in str(error)
    # What cannot be read was not edited.
    assert ("again" in error.hint) == ("cannot be used" in reason)


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert refusal(dest=file / "a.json").code == refusal(source=file / "a.json").code == "plan_invalid"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o500)
    error = refusal(place / "a.json")
    assert (error.code, error.what) == (
        "plan_invalid",
        f"the plan {place / 'a.json'} cannot be written (PermissionError)",
    )


def test_a_plan_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    large = FULL._replace(golden_files=("x" * MAX_PLAN_BYTES,))
    with pytest.raises(LantimeError, match="would be larger than"):
        open_files(path).write(large)
    assert not path.exists()
