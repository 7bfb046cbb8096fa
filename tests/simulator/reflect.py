# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the configuration shows in the status tree, as far as the connection is evident."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .families.show import show_modules
from .schema import Menu

Tree = dict[str, Any]

SERVICES = ("ntp", "http", "https", "telnet", "ssh", "snmp", "ftp", "time", "daytime")


def host_name(config: Mapping[str, Any]) -> str:
    """The name in the envelope: host name and domain."""
    network = config["network"]
    name, domain = str(network["hostname"]), str(network["domain"])
    return f"{name}.{domain}" if domain and "." not in name else name


def derive(config: Tree) -> Tree:
    """What the status tree shows of a configuration."""
    interfaces = config["network"]["interfaces"]
    return {
        "services": {name: any(item["services"][name] for item in interfaces.values()) for name in SERVICES},
        "avahi": config["security"]["allow-network-discovery"],
        "interfaces": {
            object_id: {
                "ifname": _interface_name(object_id, item["port"]),
                "addresses": _addresses(object_id, item["ipv4"]),
                "cluster": item["cluster"]["ipv4"]["enabled"],
            }
            for object_id, item in interfaces.items()
        },
        "modules": {name: config[name] for name in ("chassis0", "ntp") if name in config},
        "syncmon": config["syncmon"]["enabled"],
    }


def _interface_name(object_id: str, port: str) -> str:
    number = re.search(r"\d+$", object_id)
    return f"{port}:{number.group() if number else 0}"


def _addresses(object_id: str, ipv4: Tree) -> list[Tree]:
    if ipv4["dhcp"]:
        number = re.search(r"\d+$", object_id)
        lease = 10 + int(number.group()[-9:] if number else 0) % 240
        return [
            _address(
                "dhcp",
                ipv4["dhcp-netmask"] or "255.255.255.0",
                ipv4["dhcp-address"] or f"198.51.100.{lease}",
            )
        ]
    if ipv4["address"]:
        return [_address("static", ipv4["netmask"], ipv4["address"])]
    return []


def _address(how: str, netmask: str, address: str) -> Tree:
    return {
        "object-id": f"ipv4-{how}",
        "iftype": how,
        "addresstype": "ipv4",
        "subnet": netmask,
        "address": address,
    }


def reflect(status: Tree, made_with: Tree, now: Tree, root: Menu) -> None:
    """Writes into a copy of the status tree, in place, what changed since it was made."""
    services = status.get("services", {})
    for name, running in now["services"].items():
        if running != made_with["services"][name] and name in services.get("network", {}):
            services["network"][name]["running"] = running
    for name in ("avahi", "syncmon"):
        if now[name] != made_with[name] and name in services.get("global", {}):
            services["global"][name]["running"] = now[name]
    if now["interfaces"] != made_with["interfaces"] and "interfaces" in status.get("network", {}):
        _reflect_interfaces(status["network"], made_with["interfaces"], now["interfaces"])
    if now["modules"] != made_with["modules"] and "chassis0" in root.children:
        show_modules(status["chassis0"]["slots"], now["modules"], root)


def _reflect_interfaces(network: Tree, before: Tree, after: Tree) -> None:
    shown = {item["object-id"]: item for item in network["interfaces"]}
    has_cluster = any("cluster" in item for item in shown.values())
    for object_id in before:
        if object_id not in after:
            shown.pop(object_id, None)
    for object_id, derived in after.items():
        if before.get(object_id) == derived:
            continue
        item = shown.setdefault(object_id, {"object-id": object_id, "ifname": ""})
        item["ifname"] = derived["ifname"]
        item.pop("addresses", None)
        cluster = item.pop("cluster", None)
        if derived["addresses"]:
            item["addresses"] = derived["addresses"]
        if cluster is None and has_cluster:
            cluster = {"ipv4": cluster_off(), "ipv6": cluster_off()}
        if cluster is not None:
            cluster["ipv4"]["enabled"] = derived["cluster"]
            item["cluster"] = cluster
    network["interfaces"] = list(shown.values())


def cluster_off() -> Tree:
    """The cluster block of an interface without a cluster."""
    return {
        "enabled": False,
        "timestamp": "",
        "cluster-ip": "",
        "communication-ip": "",
        "port-state": "",
        "master-serial": "",
        "master-ip": "",
        "master-priority": 0,
        "clock-class": "",
        "clock-status": "",
        "ntp-status": "unknown",
        "reconfig-state": "currently-none",
    }
