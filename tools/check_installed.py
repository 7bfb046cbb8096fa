# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check an installed collection: each plugin is documented, and no stray file was packed.

Usage: python tools/check_installed.py COLLECTIONS_PATH
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

COLLECTION = "meinberg.lantime"
DOCUMENTED = (
    "filter",
    "inventory",
    "lookup",
    "module",
)  # plug-in types whose documentation ansible-doc shows
STRAY = (".build", ".ci", ".git", ".venv", "Makefile", "collections", "tests/output", "tools")


def ansible_doc(path: Path, *arguments: str) -> dict[str, Any]:
    """The JSON of ansible-doc with this path as the only source of collections."""
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(path)}
    env.pop("PYTHONPATH", None)
    command = [str(Path(sys.executable).with_name("ansible-doc")), "--json", *arguments]
    done = subprocess.run(command, cwd=path, env=env, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def names(directory: Path) -> list[str]:
    return sorted(p.stem for p in directory.glob("*.py") if not p.name.startswith("_"))


def check(path: Path) -> list[str]:
    """The faults as sentences."""
    root = path / "ansible_collections" / COLLECTION.replace(".", "/")
    faults = [f"stray in the archive: {name}" for name in STRAY if (root / name).exists()]
    members: list[str] = []
    for kind in DOCUMENTED:
        directory = root / "plugins" / ("modules" if kind == "module" else kind)
        full_names = [f"{COLLECTION}.{name}" for name in names(directory)]
        if not full_names:
            continue
        documentation = ansible_doc(path, "--type", kind, *full_names)
        for name in full_names:
            entry = documentation.get(name)
            entry = entry if isinstance(entry, dict) else {}
            good = entry.get("doc") and entry.get("examples")
            sys.stdout.write(f"{kind} {name}: {'documented' if good else 'NOT documented'}\n")
            if not good:
                faults.append(f"ansible-doc has no documentation of {kind} {name}")
            elif kind == "module" and "action_group" in (entry["doc"].get("attributes") or {}):
                members.append(name.rpartition(".")[2])
    runtime = yaml.safe_load((root / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    grouped = sorted(runtime["action_groups"]["lantime"])
    modules = names(root / "plugins" / "modules")
    if grouped != sorted(members):
        faults.append(f"action group lantime has {grouped}, by their documentation {members}")
    if not modules:
        faults.append("the archive has no module")
    return faults


def main() -> int:
    faults = check(Path(sys.argv[1]).resolve())
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
