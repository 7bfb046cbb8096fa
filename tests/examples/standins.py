# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for programs that install software or change the machine: they check their arguments as far as that goes without them.

Usage: python standins.py PROGRAM ARGUMENTS...; NAMES in the environment is a JSON file of addresses by "name:port".
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Callable

import yaml

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))["repository"].removesuffix(".git")
GIT_SOURCE = re.compile(r"git\+(?P<url>https://[^,]+?)(?:\.git)?,main")
# What the documentation tells a reader to install.
PACKAGES = {"ansible-core", "requests"}
DEBIAN_PACKAGES = {"git"}


def check(condition: object, text: str) -> None:
    if not condition:
        raise SystemExit(f"stand-in: {text}")


def words(arguments: list[str]) -> list[str]:
    return [each for each in arguments if not each.startswith("-")]


def pip(arguments: list[str]) -> None:
    command, *packages = words(arguments)
    check(command == "install" and packages and set(packages) <= PACKAGES, f"pip {arguments}")


def apt_get(arguments: list[str]) -> None:
    command, *packages = words(arguments)
    check(command == "update" or (command == "install" and set(packages) <= DEBIAN_PACKAGES), f"apt-get {arguments}")


def ansible_galaxy(arguments: list[str]) -> None:
    check(arguments[:2] == ["collection", "install"] and len(arguments) > 2, f"ansible-galaxy {arguments}")
    if arguments[2] == "-r":
        wanted = yaml.safe_load(Path(arguments[3]).read_text("utf-8"))["collections"]
        check([each["name"].removesuffix(".git") for each in wanted] == [REPOSITORY], f"requirements {wanted}")
        return
    (wanted,) = arguments[2:]
    git = GIT_SOURCE.fullmatch(wanted)
    known = git["url"] == REPOSITORY if git else wanted == "meinberg.lantime" or Path(wanted).exists()
    check(known, f"ansible-galaxy collection install {wanted}")


def make(arguments: list[str]) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    check(arguments and set(arguments) <= targets, f"make {arguments}")


def openssl(arguments: list[str]) -> None:
    names = json.loads(Path(os.environ["NAMES"]).read_text("utf-8"))
    mapped = [":".join(map(str, names[each])) if each in names else each for each in arguments]
    os.execv("/usr/bin/openssl", ["openssl", *mapped])


def install(arguments: list[str]) -> None:
    """Install without the owner and the group, which only root can set."""
    kept = re.sub(r"-[og] \S+ ", "", " ".join(arguments)).split(" ")
    os.execv("/usr/bin/install", ["install", *kept])


def node_exporter(arguments: list[str]) -> None:
    match = re.fullmatch(r"--collector\.textfile\.directory=(.+)", arguments[0])
    check(match and Path(match[1]).is_dir(), f"node_exporter {arguments}")


def ansible_builder(arguments: list[str]) -> None:
    """Write the context of the image, without making the image."""
    check(arguments[0] == "build" and arguments[3] == "-t", f"ansible-builder {arguments}")
    program = Path(sys.executable).with_name("ansible-builder")
    raise SystemExit(subprocess.run([program, "create", *arguments[1:3], "-c", "context"], check=False).returncode)


def ansible_runner(arguments: list[str]) -> None:
    """Run without a container."""
    text = "\0".join(arguments)
    kept = re.sub(r"\0--process-isolation\0--container-image\0[\w-]+", "", text).split("\0")
    os.execv(Path(sys.executable).with_name("ansible-runner"), ["ansible-runner", *kept])


def ansible_rulebook(arguments: list[str]) -> None:
    given = dict(zip(arguments[::2], arguments[1::2]))
    name = given.pop("--rulebook").removeprefix("meinberg.lantime.")
    check((ROOT / "extensions/eda/rulebooks" / f"{name}.yml").exists(), f"rulebook {name}")
    check(set(given) == {"--inventory", "--vars"} and all(map(os.path.exists, given.values())), f"files {given}")


def python(arguments: list[str]) -> None:
    if arguments[:2] == ["-m", "pip"]:
        pip(arguments[2:])
        return
    os.environ["PYTHONPATH"] = str(ROOT)
    os.execv(sys.executable, [sys.executable, *arguments])


PROGRAMS: dict[str, Callable[[list[str]], None]] = {
    "pip": pip,
    "apt-get": apt_get,
    "ansible-galaxy": ansible_galaxy,
    "make": make,
    "openssl": openssl,
    "install": install,
    "node_exporter": node_exporter,
    "ansible-builder": ansible_builder,
    "ansible-runner": ansible_runner,
    "ansible-rulebook": ansible_rulebook,
    "python": python,
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](sys.argv[2:])
