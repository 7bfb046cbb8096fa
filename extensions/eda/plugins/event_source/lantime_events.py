# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source for ansible-rulebook: state changes of Meinberg LANTIME time servers."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import sys
import typing as t
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

DOCUMENTATION = r"""
---
short_description: Receive state changes of Meinberg LANTIME time servers
version_added: 1.2.0
description:
  - Polls the notification events of LANTIME time servers with LTOS 7 and emits an event for each change since the previous poll, also across
    restarts.
  - Each poll of a device sends one GET request. A device receives one request at a time and is never changed.
  - Each event has one member C(lantime). R(The events guide, ansible_collections.meinberg.lantime.docsite.events) and
    C(lantime_events.schema.json) next to this file describe it.
  - The polling interval of an unreachable device increases up to O(backoff_max). Other devices are not delayed.
  - A device that refuses the credentials is not polled again before a restart. Credentials that three devices refuse before any
    device accepts them are not sent to further devices.
options:
  hosts:
    description:
      - Devices to poll.
      - An entry is a name or address, or a mapping with C(host), optionally C(name) (name of the device in events, by default the
        value of C(host)), and connection options for this device.
    type: list
    elements: raw
    required: true
  interval:
    description:
      - Polling interval in seconds.
      - The device updates its status every few seconds, so values below 5 have no benefit.
    type: float
    default: 30.0
  jitter:
    description: Random variation of each interval, as a share from 0 to 1.
    type: float
    default: 0.1
  backoff_max:
    description: Longest polling interval in seconds for a lost device.
    type: float
    default: 600.0
  lost_after:
    description: Number of consecutive polls without a valid response after which a device is lost.
    type: int
    default: 2
  auth_failures:
    description:
      - Number of refused logins after which a device is no longer polled.
      - Each refused login counts towards the lockout of the account.
    type: int
    default: 1
  workers:
    description: Number of devices that are polled in parallel.
    type: int
    default: 16
  state_path:
    description:
      - File that stores the last known state, so that a restart continues from it. Each source needs its own file. It contains no credentials.
      - If not set, every start begins without a known state.
    type: path
  events:
    description:
      - Filter for notification events. State changes of the device itself are always emitted.
      - The state of filtered events is stored too.
    type: dict
    suboptions:
      include:
        description: Names of events to emit, as globs.
        type: list
        elements: str
        default: ['*']
      exclude:
        description: Names of events to ignore, as globs.
        type: list
        elements: str
        default: []
      types:
        description: Types of events to emit, for example V(warning), V(error), V(critical), V(info) or V(action). If empty, all types.
        type: list
        elements: str
        default: []
      severities:
        description: Severities in the vendor's list of traps to emit, V(critical), V(warning) or V(info). If empty, all events.
        type: list
        elements: str
        default: []
  initial:
    description:
      - Whether to emit the warnings, errors and critical events that are active when a device is polled for the first time (V(active)).
    type: str
    choices: [none, active]
    default: none
  port:
    description: TCP port of the web service of the device.
    type: int
    default: 443
  use_tls:
    description: Whether to use HTTPS. With V(false), credentials are sent in clear text.
    type: bool
    default: true
  username:
    description:
      - User on the device. The access level C(info) is sufficient.
      - All connection options fall back to the environment variable C(LANTIME_<OPTION>), for example E(LANTIME_PASSWORD).
    type: str
  password:
    description: Password of O(username).
    type: str
  token:
    description: API token of the device, used instead of O(username) and O(password). Requires LTOS 7.08 or newer.
    type: str
  auth:
    description:
      - V(basic) sends O(username) and O(password) with each request.
      - V(token) exchanges them for a token first. Requires LTOS 7.08 or newer.
      - Ignored if O(token) is set.
    type: str
    choices: [basic, token]
    default: basic
  validate_certs:
    description: Whether to verify the certificate of the device, its validity period and its name.
    type: bool
    default: true
  ca_path:
    description: File with trusted CA certificates in PEM format, or a directory of such files named by hash.
    type: path
  tls_fingerprint:
    description: SHA-256 fingerprint of the certificate of the device. If set, exactly this certificate is accepted.
    type: str
  client_cert:
    description: File with the client certificate in PEM format, if the device requires one.
    type: path
  client_key:
    description: File with the unencrypted private key of O(client_cert) in PEM format.
    type: path
  use_proxy:
    description: Whether to use the proxy that the environment defines.
    type: bool
    default: true
  connect_timeout:
    description: Timeout in seconds for establishing a connection, including the TLS handshake.
    type: float
    default: 5.0
  read_timeout:
    description: Longest time in seconds between two pieces of a response.
    type: float
    default: 15.0
  request_timeout:
    description: Timeout in seconds for a request and its response, including all retries and the pauses between them.
    type: float
    default: 30.0
  retries:
    description: Number of times to retry a request within one poll after a broken connection or a response with status 429 or 5xx.
    type: int
    default: 3
  dialect:
    description: Behavior of the API of the device where the vendor does not document it, in the same format as for the modules.
    type: dict
requirements:
  - requests (for the Python that runs ansible-rulebook)
"""

EXAMPLES = r"""
- meinberg.lantime.lantime_events:
    hosts:
      - ts1.example.com
      - name: ts2
        host: 192.0.2.12
        tls_fingerprint: "{{ ts2_fingerprint }}"
    username: monitor
    password: "{{ lantime_password }}"
    ca_path: /etc/ssl/lantime-ca.pem
    state_path: /var/lib/eda/lantime.json
    events:
      types: [warning, error, critical]
"""

_NAME = "ansible_collections.meinberg.lantime"


def _import_watch() -> ModuleType:
    """Import the collection's code from the directory tree that contains this file, which may be anywhere.

    ansible-rulebook runs this file by its path, without ansible_collections on the import path. Parent packages that cannot
    be imported are created.
    """
    root = Path(os.path.abspath(__file__)).parents[4]  # noqa: PTH100 - links are not resolved
    packages = _NAME.split(".")
    for depth in range(len(packages)):
        name = ".".join(packages[: depth + 1])
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError:
            package = importlib.util.module_from_spec(ModuleSpec(name, None, is_package=True))
            directory = root.parents[1 - depth] if depth < 2 else root
            package.__path__ = [str(directory)] if directory.name == packages[depth] else []
            sys.modules[name] = package
        if name == _NAME and not any(Path(p).exists() and root.samefile(p) for p in package.__path__):
            package.__path__ = [str(root)]
    return importlib.import_module(f"{_NAME}.plugins.plugin_utils._events.watch")


async def main(queue: asyncio.Queue[t.Any], args: dict[str, t.Any]) -> None:
    """Poll the devices until cancelled."""
    await _import_watch().watch(queue, args)


if __name__ == "__main__":
    # python lantime_events.py HOST prints the events for a rulebook; credentials from LANTIME_USERNAME and LANTIME_PASSWORD.

    class _Printer(asyncio.Queue[t.Any]):
        async def put(self, item: t.Any) -> None:
            print(item, flush=True)

    asyncio.run(main(_Printer(), {"hosts": sys.argv[1:], "initial": "active"}))
