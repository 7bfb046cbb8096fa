# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is loaded with an action plugin in the parent of the workers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.preload import FILTERS, TESTS
from ansible_collections.meinberg.lantime.tests.integration.controller import user_environment

_PROGRAM = """
import json, sys
from ansible.plugins.loader import action_loader, filter_loader, init_plugin_loader, test_loader
init_plugin_loader()
action_loader.get("meinberg.lantime.lantime_drift", class_only=True)
modules = sorted(sys.modules)
filters, tests = json.loads(sys.argv[1])
found = [filter_loader.get(name) is not None for name in filters], [test_loader.get(name) is not None for name in tests]
print(json.dumps([modules, sorted(set(sys.modules) - set(modules)), found]))
"""


def test_workers_load_nothing_that_roles_use(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", _PROGRAM, json.dumps([FILTERS, TESTS])]
    done = subprocess.run(arguments, env=user_environment(tmp_path), stdout=subprocess.PIPE, check=True, timeout=60)
    modules, later, found = json.loads(done.stdout)
    own = {name.rpartition(".")[2] for name in FILTERS if name.startswith("meinberg.lantime.")}
    assert own <= {name.rpartition(".")[2] for name in modules if ".meinberg.lantime.plugins.filter." in name}
    assert {"_strptime", "encodings.utf_8_sig"} <= set(modules)
    assert later == []
    assert all(all(each) for each in found)


@pytest.mark.parametrize(
    ("expression", "alternative"),
    [
        ("[{}] | meinberg.lantime.overlay", None),
        ("'ts1' | meinberg.lantime.record", "results_from"),
        ("{} | meinberg.lantime.drift", "lantime_drift"),
    ],
)
def test_only_who_uses_a_deprecated_filter_is_told(tmp_path: Path, expression: str, alternative: str | None) -> None:
    task = ["-m", "ansible.builtin.debug", "-a", f"msg={{{{ {expression} }}}}"]
    arguments = [sys.executable, "-m", "ansible", "adhoc", "localhost", *task]
    environment = {**user_environment(tmp_path), "ANSIBLE_DEPRECATION_WARNINGS": "true"}
    done = subprocess.run(arguments, env=environment, capture_output=True, check=False, timeout=60)
    shown = " ".join((done.stdout + done.stderr).decode().split())
    assert done.returncode == 0, shown
    assert ("is deprecated." in shown, "DEPRECATION" in shown) == (alternative is not None,) * 2, shown
    assert (alternative or "") in shown
