# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on ports, interfaces and addresses."""

from __future__ import annotations

import typing as t

from .._tree import measures, values

if t.TYPE_CHECKING:
    from collections.abc import Mapping

_BONDING: values.FieldMap = (
    ("actor_port_state", "ad-actor-oper-port-state", values.text),
    ("aggregator_id", "ad-aggregator-id", values.text),
    ("partner_port_state", "ad-partner-oper-port-state", values.text),
    ("link_failure_count", "link-failure-count", values.index),
    ("mii_status", "mii-status", values.boolean),
    ("permanent_mac_address", "perm-hwaddr", values.mac_address),
    ("queue_id", "queue-id", values.text),
    ("state", "state", values.text),
)
_PORT: values.FieldMap = (
    ("available", "port-available", values.boolean),
    ("operational", "operstate", values.boolean),
    ("link", "link", values.boolean),
    ("speed_mbps", "speed", measures.speed_mbps),
    ("duplex", "duplex", values.text),
    ("mac_address", "mac-address", values.mac_address),
    ("slot_id", "slot-id", values.index),
    ("port_id", "port-id", values.index),
    ("slot", "slot-name", values.text),
    ("card", "card-name", values.text),
)
_ADDRESS: values.FieldMap = (
    ("family", "addresstype", measures.address_family),
    ("method", "iftype", values.text),
    ("address", "address", lambda value: measures.split_address(value)[0]),
    ("subnet", "subnet", values.text),
    ("prefix_length", "subnet", measures.prefix_length),
)
_CLUSTER: values.FieldMap = (
    ("enabled", "enabled", values.boolean),
    ("updated", "timestamp", values.date_or_text),
    ("cluster_address", "cluster-ip", values.text),
    ("communication_address", "communication-ip", values.text),
    ("port_state", "port-state", values.text),
    ("master_serial_number", "master-serial", values.text),
    ("master_address", "master-ip", values.text),
    ("master_priority", "master-priority", values.integer),
    ("clock_class", "clock-class", values.text),
    ("clock_status", "clock-status", values.text),
    ("ntp_status", "ntp-status", values.text),
    ("reconfiguration_state", "reconfig-state", values.text),
)


_COMMON_PORT = ("operstatus", "lineprotocol", "macaddress", "mtu", "bandwidth", "duplex")


def read_network(envelope: object) -> dict[str, t.Any]:
    """{"ports": by name, "interfaces": by object-id}.

    LTOS 7.06 lists fitted ports only (`available` true, INFERRED); 7.10 lists unfitted ports too. `statistics` and
    `bonding` are None where the firmware has none. `interfaces.<id>.port` is the part of the interface's name before the
    colon.
    """
    source = values.mapping(values.status_of(envelope).get("network"))
    return {
        "ports": {name: _read_port(item) for name, item in values.table(source.get("ports")) if name},
        "interfaces": {name: _read_interface(item) for name, item in values.table(source.get("interfaces")) if name},
    }


def _read_port(item: object) -> dict[str, t.Any]:
    port = values.map_fields(item, _PORT, "statistics", "bonding-slave")
    if port["available"] is None and values.is_absent(values.at(item, "port-available")):
        port["available"] = True
    statistics = values.mapping(values.at(item, "statistics"))
    bonding = values.at(item, "bonding-slave")
    # The member `mtu` of the statistics is 0 even on a port in use.
    port["mtu"] = values.index(statistics.get("mtu")) or None
    port["statistics"] = {
        values.snake(name): values.index(value) for name, value in statistics.items() if name != "mtu"
    } or None
    port["bonding"] = values.map_fields(bonding, _BONDING) if values.mapping(bonding) else None
    return port


def _read_interface(item: object) -> dict[str, t.Any]:
    name = values.text(values.at(item, "ifname"))
    cluster = values.mapping(values.at(item, "cluster"))
    return {
        "name": name,
        "port": name.partition(":")[0] if name else None,
        "addresses": [
            {"object_id": object_id or None, **_read_address(address)}
            for object_id, address in values.table(values.at(item, "addresses"))
        ],
        "cluster": {family: _read_cluster(value) for family, value in cluster.items()} or None,
    }


def _read_address(item: object) -> dict[str, t.Any]:
    address = values.map_fields(item, _ADDRESS)
    if address["prefix_length"] is None:
        address["prefix_length"] = measures.prefix_length(measures.split_address(values.at(item, "address"))[1])
    if address["family"] is None and address["address"]:
        address["family"] = "ipv6" if ":" in address["address"] else "ipv4"
    return address


def _read_cluster(item: object) -> dict[str, t.Any]:
    cluster = values.map_fields(item, _CLUSTER)
    if cluster["reconfiguration_state"] == "currently-none":
        cluster["reconfiguration_state"] = None
    if not cluster["enabled"]:
        # The priority reads 0 while the cluster is off.
        cluster["master_priority"] = cluster["master_priority"] or None
    return cluster


def common_network_facts(source: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The `ansible_net_*` facts of the network, in the form of other network collections, from `read_network`.

    `interfaces` holds the fitted ports with the addresses of their interfaces, and by its own name each interface without
    a listed port. `bandwidth` is in kbit/s, `subnet` a prefix length in text (as in the collections for IOS), `masklen`
    the same as a number (as in those for EOS).
    """
    entries: dict[str, t.Any] = {
        name: _common_port(port) for name, port in source["ports"].items() if port["available"]
    }
    addresses: dict[str, list[str]] = {"ipv4": [], "ipv6": []}
    for object_id, interface in source["interfaces"].items():
        name = interface["port"] if interface["port"] in entries else interface["name"] or object_id
        # An interface on an unfitted port does not exist.
        if name not in entries and interface["port"] in source["ports"]:
            continue
        entry = entries.setdefault(name, {**dict.fromkeys(_COMMON_PORT), "ipv4": [], "ipv6": []})
        for address in interface["addresses"]:
            family = address["family"]
            if family in addresses and address["address"]:
                entry[family].append(_common_address(address))
                addresses[family].append(address["address"])
    return {
        "ansible_net_all_ipv4_addresses": addresses["ipv4"],
        "ansible_net_all_ipv6_addresses": addresses["ipv6"],
        "ansible_net_interfaces": entries,
    }


def _common_port(port: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {
        "operstatus": _up_or_down(port["operational"]),
        "lineprotocol": _up_or_down(port["link"]),
        "macaddress": port["mac_address"],
        "mtu": port["mtu"],
        "bandwidth": None if port["speed_mbps"] is None else port["speed_mbps"] * 1000,
        "duplex": port["duplex"],
        "ipv4": [],
        "ipv6": [],
    }


def _common_address(address: Mapping[str, t.Any]) -> dict[str, t.Any]:
    length = address["prefix_length"]
    return {"address": address["address"], "subnet": None if length is None else str(length), "masklen": length}


def _up_or_down(value: bool | None) -> str | None:
    return None if value is None else "up" if value else "down"
