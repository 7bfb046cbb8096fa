# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a started fleet reports: the summary, ready.json, an inventory; and the check that it answers."""

from __future__ import annotations

import asyncio
import json
import ssl

import aiohttp

from .fleet import Fleet
from .handle import DeviceHandle

_AT_ONCE = 50


def summary(fleet: Fleet) -> str:
    """Devices and assumed things as text for people."""
    lines = [
        f"{handle.name:<16} {handle.url:<30} {handle.model:<7} {handle.firmware:<19} API {handle.api}"
        for handle in fleet
    ]
    lines.append(f"control API      {fleet.control_url}")
    lines.append(f"CA               {fleet.ca}")
    seen: set[tuple[str, str]] = set()
    for profile, entries in fleet.assumptions().items():
        fresh = [e for e in entries if (e["path"], e["remark"]) not in seen]
        seen.update((e["path"], e["remark"]) for e in fresh)
        if fresh:
            lines.append(f"assumed in {profile} (no public source shows it):")
            lines += [f"  {e['path'] or '<everything>'}: {e['remark']}" for e in fresh]
    return "\n".join(lines)


def ready_text(fleet: Fleet) -> str:
    return json.dumps(fleet.ready(), indent=2) + "\n"


def inventory(fleet: Fleet) -> str:
    """An Ansible inventory with the group `lantime`, as YAML (JSON strings are YAML strings)."""
    lines = ["all:", "  children:", "    lantime:", "      hosts:"]
    for handle in fleet:
        variables: dict[str, object] = {
            "lantime_host": handle.host,
            "lantime_port": handle.port,
            **_trust(fleet, handle),
            "lantime_username": "admin",
            "lantime_password": handle.users["admin"],
        }
        lines.append(f"        {json.dumps(handle.name)}:")
        lines += [f"          {key}: {json.dumps(value)}" for key, value in variables.items()]
    return "\n".join(lines) + "\n"


def _trust(fleet: Fleet, handle: DeviceHandle) -> dict[str, object]:
    """How a client trusts the device. A certificate that is bad on purpose stays refused."""
    if handle.tls and fleet.devices[handle.name].options["cert"] == "self-signed":
        return {"lantime_tls_fingerprint": handle.fingerprint}
    ca: dict[str, object] = {"lantime_ca_path": str(fleet.ca.resolve())}
    return ca if handle.tls else {**ca, "lantime_use_tls": False}


async def answers(fleet: Fleet) -> None:
    """Returns when every device has answered once; OSError names the one that does not.

    Nothing of it stays in the ledgers.
    """
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    gate = asyncio.Semaphore(_AT_ONCE)
    connector = aiohttp.TCPConnector(ssl=unverified, limit=_AT_ONCE, force_close=True)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

        async def ask(name: str, url: str) -> None:
            async with gate:
                try:
                    async with session.get(f"{url}/", allow_redirects=False) as answer:
                        await answer.read()
                except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                    raise OSError(f"device {name} does not answer: {error}") from error

        await asyncio.gather(
            *(ask(handle.name, handle.url) for handle in fleet if not fleet.devices[handle.name].refusing)
        )
    for device in fleet.devices.values():
        device.ledger.restart()
