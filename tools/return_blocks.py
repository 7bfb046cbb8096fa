# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Return values that modules share, written from return_blocks.yml into the RETURN documentation of the modules."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".yml")
_START = 'RETURN = r"""\n'
_END = '"""\n'
_BLOCK = re.compile(r"^(\w+):\n(?:[ ].*\n)+", re.MULTILINE)
_RETURNED = re.compile(r"^  returned: .*$", re.MULTILINE)

# Return values of a module that have the name of a shared one and another meaning.
OWN: dict[str, tuple[str, ...]] = {
    "lantime_changes": ("operations", "pending_changes", "autosave", "confirm"),
    "lantime_command": ("operations",),
    "lantime_probe": ("operations", "config_root"),
}
_RESTORED = "success with O(state=restored)"
_CHECKED = "success, and failure because of checks"
_ANSWERED = "when the device answered"
# When a module returns a value, where that differs from return_blocks.yml.
RETURNED: dict[str, dict[str, str]] = {
    "lantime_backup": {
        "operations": "success with O(state=restored), and failure after the first write",
        "sections": _RESTORED,
        "config_root": _RESTORED,
        "secrets_kept": _RESTORED,
        "saved": "success with O(state=restored), and failure after the first write",
        "confirm": "with O(state=restored), if O(confirm_window) is above 0, or an unconfirmed change was found",
    },
    "lantime_changes": {"saved": "success, and failure after the command was sent"},
    "lantime_command": {
        "pending_changes": "success, and failure after the first request",
        "saved": "failure after the command was sent",
    },
    "lantime_drift": {"device": "success, and failure because of the comparison"},
    "lantime_health": {"device": _CHECKED},
    "lantime_probe": {"device": _ANSWERED, "saved": _ANSWERED},
}


def shared() -> dict[str, str]:
    """Text of each shared return value, by name."""
    text = SOURCE.read_text(encoding="utf-8")
    return {match[1]: match[0] for match in _BLOCK.finditer(text)}


def with_shared(module: str, source: str) -> str:
    """The source of a module with the shared return values of its RETURN block brought up to date."""
    start = source.find(_START)
    if start < 0:
        return source
    start += len(_START)
    end = source.index(_END, start)
    blocks = shared()

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name not in blocks or name in OWN.get(module, ()):
            return match[0]
        returned = RETURNED.get(module, {}).get(name)
        return _RETURNED.sub(f"  returned: {returned}", blocks[name], count=1) if returned else blocks[name]

    return source[:start] + _BLOCK.sub(replace, source[start:end]) + source[end:]


def modules(directory: Path) -> t.Iterator[Path]:
    yield from sorted(directory.glob("lantime_*.py"))


def write(directory: Path) -> None:
    """Bring the modules of a directory up to date."""
    for path in modules(directory):
        source = path.read_text(encoding="utf-8")
        path.write_text(with_shared(path.stem, source), encoding="utf-8")
