# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy the checkout to the stage: .build/ansible_collections/meinberg/lantime.

ansible-test needs a real directory of that name and refuses symbolic links. Only changed files are copied, files that are
no longer in the checkout are deleted, and output of the tools (tests/output, caches) stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
STAGE = BUILD / "ansible_collections" / "meinberg" / "lantime"

# Not copied, and not deleted in the stage.
LEFT_ALONE = frozenset(
    {
        ".ansible",
        ".build",
        ".cache",
        ".git",
        ".hypothesis",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        ".venv",
        "__pycache__",
        "collections",
        "tests/output",
    }
)


def git(*arguments: str, cwd: Path) -> str | None:
    """The output of git, or None without git, outside a checkout or in a checkout of another owner."""
    # A hook or an outer git process may name another repository.
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        done = subprocess.run(["git", *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def walk(top: Path) -> list[str]:
    """Files below top, relative and with forward slashes, without the directories that are left alone."""
    files_below: list[str] = []
    for directory, names, files in os.walk(top):
        here = Path(directory).relative_to(top)
        keep: list[str] = []
        for name in names:
            if name in LEFT_ALONE or (here / name).as_posix() in LEFT_ALONE:
                continue
            if (Path(directory) / name).is_symlink():
                files_below.append((here / name).as_posix())
            else:
                keep.append(name)
        names[:] = keep
        files_below += [(here / name).as_posix() for name in files]
    return files_below


def source_files(root: Path) -> list[str]:
    """Tracked and untracked files of the checkout that git does not ignore; all files without git."""
    if (root / ".git").exists():
        listed = git("ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=root)
        if listed is not None:
            return [name for name in listed.split("\0") if name and os.path.lexists(root / name)]
    return [name for name in walk(root) if not name.endswith((".pyc", ".tar.gz"))]


def same(source: Path, copy: Path) -> bool:
    try:
        a, b = source.lstat(), copy.lstat()
    except FileNotFoundError:
        return False
    return (a.st_size, a.st_mtime_ns, a.st_mode) == (b.st_size, b.st_mtime_ns, b.st_mode)


def sync(root: Path, stage: Path) -> tuple[int, int, int]:
    """Make the stage equal to the checkout. Returns how many files it has, were copied, were deleted."""
    wanted = set(source_files(root))
    stage.mkdir(parents=True, exist_ok=True)
    vanished = [name for name in walk(stage) if name not in wanted]
    for name in vanished:
        (stage / name).unlink()
    copied = 0
    for name in sorted(wanted):
        source, copy = root / name, stage / name
        if source.is_dir() and not source.is_symlink():  # a nested repository
            continue
        if same(source, copy):
            continue
        if copy.is_dir() and not copy.is_symlink():
            shutil.rmtree(copy)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
        copied += 1
    for directory, _names, _files in os.walk(stage, topdown=False):
        here = Path(directory)
        if ".git" in here.parts or here == stage:
            continue
        if {entry.name for entry in os.scandir(here)} <= {"__pycache__"}:
            shutil.rmtree(here)
    return len(wanted), copied, len(vanished)


def main() -> int:
    wanted, copied, deleted = sync(ROOT, STAGE)
    # .build is ignored by the repository around it, and ansible-test asks the nearest repository which files count.
    if not (STAGE / ".git").exists():
        git("-c", "init.defaultBranch=main", "init", "--quiet", "--template=", cwd=STAGE)
    # Shields the tools from the user's own ansible.cfg.
    (BUILD / "ansible.cfg").touch()
    if copied or deleted:
        sys.stdout.write(f"stage: {wanted} files, {copied} copied, {deleted} deleted\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
