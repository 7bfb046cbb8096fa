# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/overview.rst: everything that the collection contains, from the documentation of its parts."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.tools import role_readmes, rst
from ansible_collections.meinberg.lantime.tools.plain_markup import plain

ROOT = Path(__file__).resolve().parents[1]
_DOCUMENTATION = re.compile(r'^DOCUMENTATION = r"""\n(.*?)^"""', re.MULTILINE | re.DOTALL)
_COLLECTION = "meinberg.lantime"
_PLUGIN = "ansible_collections.meinberg.lantime."

# Each playbook with its guide and its purpose.
PLAYBOOKS = {
    "adopt": ("adopt", "Write an inventory with a golden configuration from a running fleet"),
    "drift_check": (
        "drift",
        "Find devices that differ from the golden configuration or from the majority, and report them",
    ),
    "facts_report": ("fleet", "Report model, firmware, modules and time quality of the fleet"),
    "fleet_config": ("rollout", "Write the golden configuration to the fleet in rings, and report the changes"),
    "health_check": ("alarms", "Check the health of the fleet and report it"),
    "validate": ("golden", "Check the golden configuration of each host against a recording, without a device"),
}
_INTRODUCTION = (
    "`meinberg.lantime` reads, configures and checks Meinberg LANTIME time servers with LTOS 7 over their REST API. It is a community",
    "project and not a product of Meinberg. The controller needs ansible-core and the Python library `requests`; the device needs no",
    "additional software.",
)
_CONFIRMED = (
    "The vendor documents how to read the status, but not where the configuration is and how to change it. What is confirmed by recorded",
    "answers and by documents of the vendor, and what is assumed, is marked in the documentation:",
)


class Part(t.NamedTuple):
    """One row: its name, the page that documents it, and a sentence."""

    name: str
    label: str
    purpose: str


def page() -> str:
    reading, changing, local = _modules()
    lines = [*map(rst.inline, _INTRODUCTION), "", *_start()]
    sections = (
        ("Playbooks", "They need an inventory only, and write a report.", _playbooks()),
        ("Roles", "They do the same in your own plays.", _roles()),
        ("Modules that read a device", "A user with the access level `info` is sufficient.", reading),
        (
            "Modules that can change a device",
            "Check mode and the states that read need the access level `info`; a change needs `admin` (assumed).",
            changing,
        ),
        ("Modules that contact no device", "They run on the controller.", local),
        ("Inventory plugin and event source", "They poll the devices and never change them.", _sources()),
        ("Filters", "They work on results and configurations.", _plugins("filter", "_filter")),
    )
    for title, sentence, parts in sections:
        lines += [*rst.heading(title), rst.inline(sentence), "", *_table(parts)]
    lines += [*rst.heading("Confirmed and assumed"), *_CONFIRMED, "", *_marked()]
    return rst.page("overview", "Overview", lines)


def _start() -> list[str]:
    return [
        f"Start with {rst.link('first_steps', 'the first steps on a real device')}, or without a device with the",
        f"{rst.link('simulator', 'simulator')}. {rst.link('migration', 'Migrating from 1.x')} lists what differs from older releases.",
        "",
    ]


def _marked() -> list[str]:
    return [
        f"- {rst.link('assumptions', 'Assumptions about the API')}: how the configuration is read and written. None is confirmed on a device.",
        f"- {rst.link('settings', 'What can be configured')}: all paths are assumed.",
        f"- {rst.link('facts', 'Facts')}, {rst.link('modules', 'module families')}, {rst.link('health', 'health checks')}: each with its certainty.",
        f"- {rst.link('recordings', 'Recordings')}: how your device turns assumptions into facts.",
    ]


def _documentation(path: Path) -> dict[str, t.Any]:
    match = _DOCUMENTATION.search(path.read_text(encoding="utf-8"))
    if match is None:
        raise ValueError(f"{path.name} has no DOCUMENTATION")
    return t.cast("dict[str, t.Any]", yaml.safe_load(match[1]))


def _modules() -> tuple[list[Part], list[Part], list[Part]]:
    """Modules that read a device, that can change it, and that contact none."""
    groups: tuple[list[Part], list[Part], list[Part]] = ([], [], [])
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        documentation = _documentation(path)
        fragments = set(documentation.get("extends_documentation_fragment", ()))
        connects = f"{_COLLECTION}.connection" in fragments or path.stem == "lantime_poll"
        changes = bool(fragments & {f"{_COLLECTION}.writing", f"{_COLLECTION}.journal"})
        group = groups[1 if changes else 0 if connects else 2]
        group.append(_part(path.stem, "_module", documentation))
    return groups


def _plugins(directory: str, suffix: str) -> list[Part]:
    paths = sorted((ROOT / "plugins" / directory).glob("*.py"))
    return [_part(path.stem, suffix, _documentation(path)) for path in paths]


def _part(name: str, suffix: str, documentation: dict[str, t.Any]) -> Part:
    return Part(name, f"{_PLUGIN}{name}{suffix}", plain(documentation["short_description"]))


def _roles() -> list[Part]:
    specifications = {name: role_readmes.specification(ROOT / "roles" / name) for name in role_readmes.roles(ROOT)}
    return [_part(name, "_role", entry) for name, entry in specifications.items()]


def _playbooks() -> list[Part]:
    names = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
    return [Part(f"{_COLLECTION}.{name}", rst.LABEL + PLAYBOOKS[name][0], PLAYBOOKS[name][1]) for name in names]


def _sources() -> list[Part]:
    events = Part(
        "lantime_events",
        rst.LABEL + "events",
        "Emit state changes of Meinberg LANTIME time servers for ansible-rulebook",
    )
    return [*_plugins("inventory", "_inventory"), events]


def _table(parts: list[Part]) -> list[str]:
    return rst.table(("name", "purpose"), [(f":ref:`{part.name} <{part.label}>`", part.purpose) for part in parts])
