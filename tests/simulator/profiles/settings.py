# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration that a profile starts with; what is not named has its schema default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .parts import Port
from .profile import Identity, Tree


def settings(
    identity: Identity,
    ports: Iterable[Port],
    events: Iterable[str],
    modules: Mapping[str, Tree] | None = None,
) -> Tree:
    """A hardened box: NTP, HTTPS, SSH and SNMP on the first interface, nothing on the others."""
    fitted = [port for port in ports if port.card]
    network_number = identity.number // 200 % 200
    on = {"ntp": True, "https": True, "ssh": True, "snmp": True}
    interfaces: Tree = {}
    for number, port in enumerate(fitted):
        first = number == 0
        interfaces[f"vif{number}"] = {
            "ipv4": {
                "address": f"10.20.{network_number}.{identity.number % 200 + 10}" if first else "",
                "netmask": "255.255.255.0" if first else "",
            },
            "port": port.name,
            "mac-address": identity.mac(number),
            "ipv6": {"link-local": f"fe80::{identity.seed % 65536:x}:{number + 1}"},
            "label": "management" if first else "",
            "services": on if first else {},
        }
    tree: Tree = {
        "network": {
            "hostname": identity.hostname,
            "domain": identity.domain,
            "nameserver1": "10.20.0.53",
            "ipv4-gateway": f"10.20.{network_number}.1",
            "cluster": {"port": 7000, "ip": "239.192.0.7"},
            "ports": {port.name: {"mac-address": identity.mac(number)} for number, port in enumerate(fitted)},
            "interfaces": interfaces,
        },
        "notification": {
            "syslog": {"servers": "", "loglevel": "info"},
            "snmp": {"trap-receivers": {}},
            "events": {name: {"led": True} if name == "antenna-faulty" else {} for name in events},
        },
        "snmp": {
            "read-community": "simulated-read",
            "write-community": "simulated-write",
            "contact": "operations",
            "location": "rack 1",
            "enabled-version": "v3-only",
            "v3": {"user-name": "monitor", "security-level": "authPriv"},
        },
        "security": {
            "users": {
                "admin": {"level": "admin"},
                "info": {"level": "info"},
                "root": {"level": "super"},
            },
            "ssh": {"key-length": 4096},
        },
        "ntp": {
            "external-servers": {},
            "broadcast": {name: {} for name in interfaces},
            "trusted-keys": "",
            # An M600 lost its clock for 22 s without an event of NTP; how long it would have trusted it is assumed.
            "trust-time": 60,
        },
        "system": {"web-language": "english"},
    }
    if modules is not None:
        tree["chassis0"] = {"slots": {name: {"module": own} for name, own in modules.items()}}
    return tree
