# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small client of one device, on real sockets."""

from __future__ import annotations

from typing import Any

import requests

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle

TIMEOUT = 10


class Client:
    """One user of one device; answers are never raised as errors."""

    def __init__(self, device: DeviceHandle, user: str = "admin") -> None:
        self.device = device
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = device.ca
        self.session.auth = (user, device.users.get(user, "wrong"))

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        more.setdefault("timeout", TIMEOUT)
        more.setdefault("allow_redirects", False)
        return self.session.request(method, f"{self.device.url}/api{path}", **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask("GET", path, **more)

    def put(self, path: str, body: Any, **more: Any) -> requests.Response:
        return self.ask("PUT", path, json=body, **more)

    def data(self, path: str) -> Any:
        """`data` of a GET that succeeds."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def close(self) -> None:
        self.session.close()


class Clients:
    """Keeps one client for every device and user, so that tests reuse connections."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str], Client] = {}

    def of(self, device: DeviceHandle, user: str = "admin") -> Client:
        key = (device.url, user)
        if key not in self._clients:
            self._clients[key] = Client(device, user)
        return self._clients[key]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def named(device: DeviceHandle, path: str) -> Any:
    """A part of the running configuration; table items by object-id."""
    value: Any = device.running()
    for name in path.split("/"):
        value = next(item for item in value if item["object-id"] == name) if isinstance(value, list) else value[name]
    return value


def event(device: DeviceHandle, object_id: str) -> dict[str, Any]:
    """An event of the status tree."""
    events = device.status()["notification"]["events"]
    found: dict[str, Any] = next(item for item in events if item["object-id"] == object_id)
    return found
