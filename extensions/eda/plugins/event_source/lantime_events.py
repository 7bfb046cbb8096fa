# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source of ansible-rulebook: changes of state of Meinberg LANTIME time servers."""

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
short_description: Changes of state of Meinberg LANTIME time servers
version_added: 1.2.0
description:
  - Polls the notification events of LANTIME time servers with LTOS 7 and tells what changed since the poll before, also across
    restarts. What stays as it was is not told.
  - One GET a poll and device, one request at a time for each device. Nothing on a device is ever changed.
  - Every event has one member C(lantime), described in C(docs/events.md) and by C(lantime_events.schema.json) beside this file.
  - A device that gives no answer is asked ever more rarely, up to O(backoff_max), and never keeps the others waiting.
  - A device that refuses the credentials is not asked again before a restart, and credentials that three devices refused before any
    device accepted them are not tried on others.
options:
  hosts:
    description:
      - The devices. An entry is a name or address, or a mapping with C(host), optionally C(name) (what events call the device; the
        value of C(host) if not given) and any of the connection options below, which then count for this device only.
    type: list
    elements: raw
    required: true
  interval:
    description:
      - Seconds between two polls of a device. Its status is a cache of several seconds, so less than 5 is of no use.
    type: float
    default: 30.0
  jitter:
    description: By which share of it each wait is made longer or shorter at random, from 0 to 1.
    type: float
    default: 0.1
  backoff_max:
    description: The longest wait in seconds for a device that is lost.
    type: float
    default: 600.0
  lost_after:
    description: After how many polls in a row without a usable answer a device is lost.
    type: int
    default: 2
  auth_failures:
    description:
      - After how many refusals of the credentials a device is given up. Each one counts towards the lock-out of the account.
    type: int
    default: 1
  workers:
    description: How many devices are asked at the same time.
    type: int
    default: 16
  state_path:
    description:
      - A file that remembers what was told, for a restart to go on from. One for each source. Holds no credentials.
      - Without it every start is a first sight.
    type: path
  events:
    description: Which notification events are told. All are remembered nevertheless, and changes of a device are always told.
    type: dict
    suboptions:
      include:
        description: Names of events, as globs.
        type: list
        elements: str
        default: ['*']
      exclude:
        description: Names of events that are not told, as globs.
        type: list
        elements: str
        default: []
      types:
        description: Types of events, such as V(warning), V(error), V(critical), V(info), V(action). All if it is empty.
        type: list
        elements: str
        default: []
      severities:
        description: Severities in the vendor's list of traps, V(critical), V(warning) or V(info). All events if it is empty.
        type: list
        elements: str
        default: []
  initial:
    description:
      - Whether the warnings, errors and critical events that stand raised at the first sight of a device are told (V(active)).
    type: str
    choices: [none, active]
    default: none
  port:
    description: Port of the device's web service.
    type: int
    default: 443
  use_tls:
    description: Whether to use HTTPS. With V(false), credentials travel in clear text.
    type: bool
    default: true
  username:
    description:
      - User on the device. The level C(info) is enough.
      - This and all other connection options fall back to the environment variable C(LANTIME_<OPTION>), such as E(LANTIME_PASSWORD).
    type: str
  password:
    description: Password of O(username).
    type: str
  token:
    description: A token of the device's, to be used instead of O(username) and O(password). Needs LTOS 7.08 or newer.
    type: str
  auth:
    description:
      - V(basic) sends O(username) and O(password) with each request, V(token) exchanges them for a token first.
    type: str
    choices: [basic, token]
    default: basic
  validate_certs:
    description: Whether the certificate of the device must be trusted, valid and made out to the host.
    type: bool
    default: true
  ca_path:
    description: File with the certificates (PEM) of the authorities to trust, or a directory of such files named by hash.
    type: path
  tls_fingerprint:
    description: SHA-256 fingerprint of the device's certificate, which alone is then accepted.
    type: str
  client_cert:
    description: File with the client certificate (PEM), if the device wants one.
    type: path
  client_key:
    description: File with the unencrypted key (PEM) of O(client_cert).
    type: path
  use_proxy:
    description: Whether to go through the proxy that the environment names.
    type: bool
    default: true
  connect_timeout:
    description: Seconds for a connection to come about, the TLS handshake included.
    type: float
    default: 5.0
  read_timeout:
    description: Seconds for which the device may be silent.
    type: float
    default: 15.0
  request_timeout:
    description: Seconds for a request and its answer as a whole, all attempts and waits included.
    type: float
    default: 30.0
  retries:
    description: How often a request is tried again within one poll after a broken connection, a 429 or a 5xx answer.
    type: int
    default: 3
  dialect:
    description: How the API of the device behaves where its vendor publishes nothing, as for the modules.
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
