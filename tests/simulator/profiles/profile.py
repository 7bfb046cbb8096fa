# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile is: the trees of one kind of device, made anew for every device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

if TYPE_CHECKING:
    from ..recorded import Recorded

Tree = dict[str, Any]


class Identity(NamedTuple):
    """What distinguishes devices of the same profile; `made` is in UTC."""

    hostname: str
    domain: str
    serial: str
    number: int
    seed: int
    made: datetime

    def mac(self, port: int) -> str:
        """A locally administered address, the same for the same name."""
        number = (self.seed << 8 | port & 0xFF) & 0xFFFFFFFFFF
        return "02:" + ":".join(f"{number >> shift & 0xFF:02x}" for shift in (32, 24, 16, 8, 0))


@dataclass(frozen=True)
class Profile:
    """One kind of device. `assumptions` are (path, remark) of what no public source shows.

    Of a recording: when it was made, `system-information` as recorded, and what else the recording holds.
    """

    name: str
    model: str
    firmware: str
    api: str
    link_scheme: str
    status: Callable[[Identity], Tree]
    config: Callable[[Identity], Tree]
    assumptions: tuple[tuple[str, str], ...] = ()
    serial: str = ""
    hostname: str = ""
    recorded_at: datetime | None = None
    information: Tree | None = None
    recorded: Recorded | None = None

    @property
    def api_major(self) -> int:
        return int(self.api.split(".")[0])


CONFIGURATION_ASSUMED = (
    (
        "<configuration root>",
        "every path, its name and all enum tokens of the configuration tree: from the vendor MIB's "
        "settings, but no path is published",
    ),
    ("<configuration root>/security/users", "path and members of the users: not in the MIB"),
    ("<configuration root>/ntp/trust-time", "its value: a clock was lost for 22 s without an event of NTP"),
    ("<configuration root>/notification/events", "one switch a channel; in the MIB a text"),
    (
        "<incidents>",
        "all that is shown while an incident is raised, but for the names on record: no answer of "
        "a device in trouble is public",
    ),
)
