# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of an adopted inventory is written as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.directory import (
    plan_directory,
    plan_report,
    write_all,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._adopt.documents import MARK

SHARED, OWN = "group_vars/all/lantime_golden.yml", "host_vars/ts1/lantime_golden.yml"


def content(path: Path) -> dict[str, str]:
    return {str(each.relative_to(path)): each.read_text("utf-8") for each in path.rglob("*") if each.is_file()}


def files(text: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, f"# {MARK}\n{text}\n")


def write(
    path: Path, given: dict[str, str], report: Path | None = None, adopted: tuple[str, ...] = ("ts1", "gone")
) -> None:
    reports = [] if report is None else [plan_report(report, "report")]
    write_all(plan_directory(path, given, True, adopted), reports)


def test_a_directory_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").touch()
    with pytest.raises(LantimeError, match="is not empty"):
        plan_directory(tmp_path, files("one", SHARED), False, ())
    assert plan_directory(tmp_path / "new", files("one", SHARED), False, ()).is_new


def test_an_update_replaces_removes_and_leaves_other_files(tmp_path: Path) -> None:
    group = "group_vars/gone/lantime_golden.yml"
    gone, kept = "host_vars/gone/lantime_golden.yml", "host_vars/kept/lantime_golden.yml"
    write(tmp_path / "i", files("one", SHARED, OWN, group, gone, kept))
    other = tmp_path / "i" / "group_vars" / "all" / "vault.yml"
    other.write_text("secret", encoding="utf-8")
    write(tmp_path / "i", files("two", SHARED, OWN))
    assert content(tmp_path / "i") == {
        **files("two", SHARED, OWN),
        **files("one", kept),
        "group_vars/all/vault.yml": "secret",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["i"]


def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / SHARED
    path.parent.mkdir(parents=True)
    path.write_text("lantime_golden_config: {}", encoding="utf-8")
    with pytest.raises(LantimeError, match="was not written by the role adopt"):
        plan_directory(tmp_path, files("one", SHARED), True, ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_a_directory_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LantimeError, match="PermissionError"):
        write(tmp_path / "i", files("one", SHARED))
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_directory_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "i", files("one", SHARED))
    (tmp_path / "i" / "host_vars").write_text("a file", encoding="utf-8")
    report = tmp_path / "reports" / "adopt.md"
    with pytest.raises(LantimeError, match="cannot be written"):
        write(tmp_path / "i", files("two", SHARED, OWN), report=report)
    assert content(tmp_path / "i") == {**files("one", SHARED), "host_vars": "a file"}
    assert not report.exists()


def test_a_report_that_cannot_be_written_leaves_no_inventory(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    for dest in (tmp_path / "i", tmp_path / "reports" / "below"):
        with pytest.raises(LantimeError, match="cannot be written"):
            write(dest, files("one", SHARED), report=tmp_path / "reports" / "adopt.md")
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_an_empty_directory_is_filled_and_emptied_after_an_error(tmp_path: Path) -> None:
    (tmp_path / "i").mkdir()
    too_long = f"host_vars/{'x' * 300}/lantime_golden.yml"
    with pytest.raises(LantimeError, match="cannot be written"):
        write(tmp_path / "i", files("one", SHARED, OWN, too_long))
    assert list((tmp_path / "i").iterdir()) == []
    write(tmp_path / "i", files("one", SHARED, OWN))
    assert content(tmp_path / "i") == files("one", SHARED, OWN)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "i", files("one", SHARED))
    (tmp_path / "target").write_text(f"# {MARK}\n", encoding="utf-8")
    (tmp_path / "i" / SHARED).unlink()
    (tmp_path / "i" / SHARED).symlink_to(tmp_path / "target")
    with pytest.raises(LantimeError, match="symbolic link"):
        write(tmp_path / "i", files("two", SHARED))
    assert (tmp_path / "target").read_text("utf-8") == f"# {MARK}\n"
