# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What examples need beside their text, and which of them make test runs."""

from __future__ import annotations

import re

from ansible_collections.meinberg.lantime.tests.examples.find import (
    ALERTS,
    INVENTORY,
    PIPELINE,
    TASKS,
    VARIABLES,
    Example,
    form_of,
)
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tools import family_data

_PAGES = "docs/docsite/rst"
_MODULES = "plugins/modules"

# Examples that another test finds and runs, by source and form.
OTHER_TEST: dict[tuple[str, str], str] = {
    **{
        (f"{_PAGES}/{example.page}.rst", TASKS): "tests/integration/test_module_examples.py"
        for example in family_data.examples()
    },
    (f"{_PAGES}/plans.rst", PIPELINE): "tests/integration/test_review_guide.py",
    (f"{_PAGES}/dashboard.rst", ALERTS): "tests/unit/plugin_utils/_report/test_dashboard.py",
}
# make test runs these on a few devices, make thorough all examples on all.
IN_MAKE_TEST = ("README.md", f"{_MODULES}/lantime_config.py")
# Examples about one device, which run on ts1 of each profile in turn; ts2 is of the same profile.
ONE_DEVICE = (f"{_MODULES}/lantime_backup.py", f"{_MODULES}/lantime_config_info.py")
WITH_RECORDINGS = (
    *(f"{_PAGES}/{page}.rst" for page in ("ci", "editor", "golden", "recordings")),
    f"{_MODULES}/lantime_validate.py",
    "plugins/filter/json_schema.py",
)
# Commands of the reader that came before.
_DRIFT_CHECK = "ansible-playbook meinberg.lantime.drift_check -i inventory.yml"
BEFORE: dict[str, list[str]] = {
    f"{_PAGES}/dashboard.rst-2": [_DRIFT_CHECK],
    f"{_MODULES}/lantime_report.py-1": [
        "ansible-playbook meinberg.lantime.fleet_config -i inventory.yml -e fleet_config_plan=write",
        f"{_DRIFT_CHECK} -e lantime_report_dir=slice1 -e drift_check_report_basename=report",
        f"{_DRIFT_CHECK} -e lantime_report_dir=slice2 -e drift_check_report_basename=report",
    ],
}
# Examples that follow one of the same page.
CONTINUES = {f"{_PAGES}/plans.rst-2": f"{_PAGES}/plans.rst-1"}
# An incident on a device, for examples about devices that are not well.
INCIDENTS = {"plugins/filter/failing_hosts.py": "antenna-fault", f"{_MODULES}/lantime_module_info.py": "holdover"}
# A proxy reports a device that restarts as an error of its own.
WITHOUT_PROXY = {f"{_MODULES}/lantime_command.py"}
# Tasks that a fresh device can fail: what they demand is that of the reader's own devices.
MAY_FAIL: set[tuple[str, str]] = set()

# Files that the reader has of his own.
OWN_FILES: dict[str, dict[str, str]] = {
    f"{_PAGES}/events.rst-1": {"lantime.yml": "lantime_hosts: [ts1.example.com]\n"},
    f"{_PAGES}/inventory.rst-2": {
        "site.yml": "- hosts: all\n  gather_facts: false\n  tasks: [{meinberg.lantime.lantime_facts: }]\n"
    },
}
# The directory of ansible-runner.
WITH_RUNNER = (f"{_PAGES}/ci.rst-5", f"{_PAGES}/ci.rst-6")
# Names of files that the text around an example says, by source and form.
FILES: dict[tuple[str, str], str] = {("README.md", VARIABLES): "golden.yml", ("README.md", INVENTORY): "inventory.yml"}
# Examples of what a program writes.
OUTPUTS = {f"{_PAGES}/adopt.rst-3"}
# Number of examples that are nothing to run: layouts of directories, output of programs, the members of a record.
FORMATS = {
    "CONTRIBUTING.md": 1,
    f"{_PAGES}/adopt.rst": 1,
    f"{_PAGES}/maintenance.rst": 5,
    f"{_PAGES}/plans.rst": 1,
    f"{_PAGES}/report.rst": 1,
    f"{_PAGES}/security.rst": 1,
}
# Output of commands that is another one on each machine.
VARYING = re.compile(r"\b[0-9A-F]{2}(:[0-9A-F]{2}){31}\b")


def site_of_inventory() -> tuple[tuple[str, str], ...]:
    """The devices of the examples of the inventory plugin: ts01 to ts20, and one that is addressed by number."""
    names = [f"ts{number:02d}.example.com" for number in range(1, 21)]
    return (
        *((name, PROFILE_NAMES[index % len(PROFILE_NAMES)]) for index, name in enumerate(names)),
        ("192.0.2.17", "m600-7.10"),
    )


def one_of_each(examples: list[Example]) -> set[str]:
    """Forms of the examples that make test runs."""
    return {form_of(example) for example in examples if example.source in IN_MAKE_TEST}
