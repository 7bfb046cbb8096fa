# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of twenty writes, with every kind of change and with secrets."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.reliability.rig import CANARY

# Settings before the plan that differ from those of the simulated device.
PRESENT: list[tuple[str, t.Any]] = [
    ("ntp/external-servers/1", {"address": "192.0.2.1"}),
    ("ntp/external-servers/2", {"address": "192.0.2.2", "minpoll": 7}),
    ("snmp/read-community", ""),
    ("snmp/write-community", ""),
]

WRITES = 20
# The last change of the plan.
LAST = "network/ports/lan1"

DESIRED: dict[str, t.Any] = {
    "ntp": {
        "external-servers": {"1": {"minpoll": 5}, "3": {"address": "192.0.2.3"}},
        "trust-time": 86400,
        "local-clock": {"stratum": 10, "disabled": True},
        "multicast": {"enabled": True, "address": "224.0.1.1"},
        "manycast": {"address": "239.0.0.1"},
    },
    "notification": {
        "snmp": {"trap-receivers": {"1": {"address": "192.0.2.9", "community": f"{CANARY}-trap"}}},
        "repeat": "every-hour",
        "syslog": {"servers": "192.0.2.14", "loglevel": "notice"},
        "email": {"to": "noc@example.com", "smarthost-password": f"{CANARY}-mail"},
        "windows-popup": {"address1": "192.0.2.15"},
        "ntp-client-monitoring": {"max-offset": 20},
    },
    "snmp": {
        "contact": "noc@example.com",
        "read-community": f"{CANARY}-read",
        "v3": {"user-name": "noc", "auth-passphrase": f"{CANARY}-auth"},
    },
    "network": {
        "nameserver2": "192.0.2.54",
        "cluster": {"port": 7001},
        "interfaces": {"vif0": {}, "vif1": {"label": "spare", "vlan": {"id": 7}}},
        "ports": {"lan0": {}, "lan1": {"indicate-link": False}},
    },
}


def prepare(device: t.Any) -> None:
    """Bring running and startup configuration of a device to the state before the plan."""
    for path, value in PRESENT:
        device.change(path, value)
    device._fleet.call(device._device.config.save)
    device.ledger.clear()


def without_secrets(node: t.Any) -> t.Any:
    """The plan without its secrets."""
    if isinstance(node, dict):
        return {
            name: without_secrets(value)
            for name, value in node.items()
            if CANARY not in str(value) or isinstance(value, dict)
        }
    return node
