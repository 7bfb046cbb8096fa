# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that tests run as a user does."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path


def bare_environment(home: Path) -> dict[str, str]:
    """The environment of a user with this home directory, without any setting of Ansible, Python or the collection."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "LANTIME_", "PYTHON"))}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8"}


def run_program(
    command: Sequence[str], directory: Path, environment: dict[str, str], *, typed: str = "", timeout: float = 300
) -> tuple[int, str]:
    """Run a program in a directory; its exit code, and its output with its errors. typed: its input."""
    done = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout


def deprecations(output: str) -> list[str]:
    """The deprecation warnings of ansible-core about this collection, which ends each with an empty line or the next line in brackets."""
    flat = [
        " ".join(text.split())
        for text in re.findall(r"\[DEPRECATION WARNING\](.*?)(?=\n\n|\n\[|\Z)", output, re.DOTALL)
    ]
    return [text for text in flat if "meinberg" in text or "lantime" in text]
