# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device as a test sees it: every call runs in the fleet's event loop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .device import Device

if TYPE_CHECKING:
    from .fleet import Fleet
    from .http import DeviceServer


class LedgerView(list[dict[str, Any]]):
    """The requests of a device at the moment of asking, and their counts."""

    def __init__(self, handle: DeviceHandle, summary: dict[str, Any]) -> None:
        super().__init__(summary["entries"])
        self._handle = handle
        self.gets: int = summary["gets"]
        self.writes: int = summary["writes"]
        self.handshakes: int = summary["handshakes"]
        self.max_in_flight: int = summary["max_in_flight"]

    def clear(self) -> None:
        """Empties the device's own ledger too."""
        super().clear()
        self._handle.clear_ledger()


class DeviceHandle:
    """One device of a running `Fleet`."""

    def __init__(self, fleet: Fleet, device: Device, server: DeviceServer, host: str, ca: Path) -> None:
        self._fleet = fleet
        self._device = device
        self._server = server
        self.name = device.name
        self.host = host
        self.port = server.port
        self.tls: bool = device.spec.fixed["tls"]
        in_url = f"[{host.replace('%', '%25')}]" if ":" in host else host
        self.url = f"{'https' if self.tls else 'http'}://{in_url}:{self.port}"
        self.ca = str(ca)
        self.users = dict(device.spec.passwords)
        self.profile = device.spec.profile
        self.serial = device.serial
        self.model = device.profile.model
        self.firmware = device.profile.firmware
        self.api = device.profile.api
        self.assumptions = device.profile.assumptions

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate that the device presents now, in hexadecimal."""
        return self._server.fingerprint

    @property
    def hostname(self) -> str:
        return self._fleet.call(lambda: self._device.hostname)

    @property
    def ledger(self) -> LedgerView:
        return LedgerView(self, self._fleet.call(self._device.ledger.summary))

    def clear_ledger(self) -> None:
        self._fleet.call(self._device.ledger.clear)

    def running(self) -> dict[str, Any]:
        """The running configuration in the form of a GET, secrets in clear."""
        return self._fleet.call(self._device.running)

    def startup(self) -> dict[str, Any]:
        """The saved configuration in the form of a GET, secrets in clear."""
        return self._fleet.call(self._device.startup)

    def status(self) -> dict[str, Any]:
        """The status tree as `data` of GET /api/status shows it."""
        return self._fleet.call(self._device.status)

    @property
    def pending(self) -> int:
        """Objects that differ between startup and the configuration to come."""

        def count() -> int:
            self._device.settle()
            return self._device.config.pending_count()

        return self._fleet.call(count)

    def change(self, path: str, value: Any) -> None:
        """A change by another user, bypassing the API and the ledger; None removes an item."""
        self._fleet.call(lambda: self._device.foreign_change(path, value))

    def set_dialect(self, **choices: object) -> None:
        """Changes dialect keys and run-time options."""
        self._fleet.choose(self._device, choices)

    @property
    def dialect(self) -> dict[str, str]:
        return self._fleet.call(lambda: dict(self._device.dialect))

    def add_fault(self, kind: str, **members: Any) -> int:
        """Adds a fault (see `faults.KINDS`); its number. `object_id` stands for `object-id`."""
        given = {name.replace("_", "-"): value for name, value in members.items()}
        return self._fleet.call(lambda: self._device.faults.add(kind, **given))

    def clear_faults(self) -> None:
        self._fleet.call(self._device.faults.clear)

    def raise_incident(self, kind: str, **members: Any) -> dict[str, Any]:
        """Raises an incident (see `incidents.KINDS`); ValueError says why it cannot be.

        Every kind takes `after` and `lasts` in seconds: `raise_incident("holdover", after=60)`.
        """
        return self._fleet.call(lambda: self._device.incidents.raise_(kind, members))

    def clear_incidents(self, kind: str | None = None) -> int:
        """Clears the incident of a kind, or all of them; how many there were."""
        return self._fleet.call(lambda: self._device.incidents.clear(kind))

    @property
    def incidents(self) -> list[dict[str, Any]]:
        """What is raised: kind, meaning, active, start, end, members."""

        def shown() -> list[dict[str, Any]]:
            self._device.settle()
            return self._device.incidents.described()

        return self._fleet.call(shown)

    def advance(self, seconds: float) -> None:
        """Lets time go by at once, also on a frozen device; `restore` takes it back."""
        self._fleet.call(lambda: self._device.advance(seconds))

    def reboot(self) -> None:
        self._fleet.call(self._device.reboot)

    def restart_web(self) -> None:
        """Restarts only the web service: connections and (A15) tokens go."""
        self._fleet.call(self._device.restart_web)

    def snapshot(self) -> dict[str, Any]:
        """Configuration, dialect, options, events, incidents: to be given to `restore`."""
        return self._fleet.call(self._device.snapshot)

    def restore(self, snapshot: dict[str, Any] | None = None) -> None:
        """Back to a snapshot, or to the start: then without faults, incidents and ledger."""
        self._fleet.restore(self._device, snapshot)
