# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children of modules and of the device: instances of PTP, and the nodes that SyncMon watches.

That both exist is CONFIRMED by the vendor's connectors, their JSON is an ASSUMPTION: members are looked for under the
names of the vendor's MIB in kebab case, and everything else stands in `details`.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from ansible_collections.meinberg.lantime.plugins.module_utils import _module_readers, _values
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import redacted

# Numbers of the MIB, which are those of IEEE 1588.
_PORT_STATES = (
    "uninitialized",
    "initializing",
    "faulty",
    "disabled",
    "listening",
    "pre-master",
    "master",
    "passive",
    "uncalibrated",
    "slave",
)
_TIME_SOURCES = {
    16: "atomic-clock",
    32: "gps",
    48: "terrestrial-radio",
    64: "ptp",
    80: "ntp",
    96: "hand-set",
    144: "other",
    160: "internal-oscillator",
}
_ACCURACY_NS = {
    32: 25,
    33: 100,
    34: 250,
    35: 1000,
    36: 2500,
    37: 10**4,
    38: 25 * 10**3,
    39: 10**5,
    40: 25 * 10**4,
    41: 10**6,
    42: 25 * 10**5,
    43: 10**7,
    44: 25 * 10**6,
    45: 10**8,
    46: 25 * 10**7,
    47: 10**9,
    48: 10**10,
}
_INSTANCES = re.compile(r"(?:ptp-)?(?:instance|port)s?")
_PTP_BLOCK = re.compile(r"ptp(?:v2)?(?:-(?:instance|port)s?)?")
_TROUBLE = re.compile(
    r"(?<!no-)(?:alarm|alert|exceed|fail|error|timeout|lost)|unreachable|not-reachable|offline|not-sync"
)
_SOUND = frozenset({"ok", "reachable", "online", "normal", "synchronized", "in-limit"})


def _port_state(value: object) -> str | None:
    number = _values.integer(value)
    if number is not None and 0 <= number < len(_PORT_STATES):
        return _PORT_STATES[number]
    return _values.text(value)


def _time_source(value: object) -> str | None:
    number = _values.integer(value)
    return _values.text(value) if number is None else _TIME_SOURCES.get(number, str(number))


def _number_or_token(value: object) -> int | str | None:
    number = _values.integer(value)
    return _values.text(value) if number is None else number


_PTP: _module_readers.Spec = (
    ("port_state", "port-state ptp-state state", _port_state),
    ("mode", "mode ptp-mode role", _values.text),
    ("profile", "profile", _values.text),
    ("domain", "domain-number domain", _values.integer),
    ("delay_mechanism", "delay-mechanism delay-mec", _values.text),
    ("network_protocol", "network-protocol transport", _values.text),
    ("link", "link port-linkup link-up", _values.boolean),
    ("mac_address", "mac-address local-mac", _values.mac_address),
    ("clock_identity", "clock-identity port-identity", _values.text),
    ("grandmaster_identity", "grandmaster-identity grandmaster-uuid", _values.text),
    ("grandmaster_mac_address", "grandmaster-mac", _values.mac_address),
    ("clock_class", "clock-class", _values.integer),
    ("clock_accuracy", "clock-accuracy", _number_or_token),
    ("time_source", "time-source", _time_source),
    ("utc_offset_seconds", "utc-offset current-utc-offset", _values.integer),
    (
        "offset_from_master_ns",
        "offset-from-master offset-from-gm offset-from-grandmaster",
        _module_readers.nanoseconds,
    ),
    ("path_delay_ns", "path-delay mean-path-delay", _module_readers.nanoseconds),
    ("delay_asymmetry_ns", "delay-asymmetry", _module_readers.nanoseconds),
    ("unicast_clients", "unicast-clients", _values.index),
)
_PTP_NAMES = frozenset(name for dummy, likely, reader in _PTP for name in likely.split())

_NODE: _module_readers.Spec = (
    ("name", "name label hostname", _values.text),
    ("address", "address ip-address ip host", _values.text),
    ("type", "type node-type protocol", _values.text),
    ("state", "state status", _values.text),
    ("stratum", "stratum", _values.index),
    ("offset_seconds", "offset", _module_readers.seconds),
    ("offset_limit_seconds", "offset-limit limit max-offset", _module_readers.seconds),
    ("alarm", "alarm alert alarm-active", _values.boolean),
)


def take_ptp_instances(rest: _module_readers.Rest) -> list[dict[str, t.Any]]:
    """Instances from a module's `ptp` block: its table of instances or ports, or the block as the only one.

    `clock_accuracy` stays as the device writes it, `clock_accuracy_ns` is its meaning (IEEE 1588), None for "worse
    than 10 s", "unknown" and codes that nobody listed.
    """
    found: list[dict[str, t.Any]] = []
    for name in list(rest):
        value = rest[name]
        if _PTP_BLOCK.fullmatch(name) is None or not isinstance(value, (Mapping, list)):
            continue
        items, left = _instances(name, value)
        if items:
            found.extend(_instance(object_id, item) for object_id, item in items)
            del rest[name]
            if left:
                rest[name] = left
    return found


def _instances(
    name: str, value: Mapping[str, t.Any] | list[t.Any]
) -> tuple[list[tuple[str, Mapping[str, t.Any]]], t.Any]:
    if isinstance(value, list):
        return _module_readers.split(value)
    tables = [member for member in value if _INSTANCES.fullmatch(member)]
    parts = {member: _module_readers.split(value[member]) for member in tables}
    items = [item for found, dummy in parts.values() for item in found]
    if items:
        left = {member: each for member, each in value.items() if member not in parts}
        left.update({member: each for member, (dummy, each) in parts.items() if each})
        return items, left
    if not _PTP_NAMES.isdisjoint(value):
        return [(_values.text(value.get("object-id")) or name, value)], None
    return _module_readers.split(value)


def _instance(object_id: str, item: Mapping[str, t.Any]) -> dict[str, t.Any]:
    found = {"object_id": object_id or None, **_module_readers.typed(item, _PTP)}
    code = _values.integer(found["clock_accuracy"])
    found["clock_accuracy_ns"] = None if code is None else _ACCURACY_NS.get(code)
    return found


def syncmon_nodes(envelope: object) -> list[dict[str, t.Any]]:
    """The nodes that SyncMon watches, in the order of the device, without secrets.

    `alarm` is what the node says itself, else whether its state names trouble or its offset is beyond its
    limit; None if nothing tells.
    """
    nodes = _values.at(_values.status_of(envelope), "syncmon", "nodes")
    return [_node(object_id, redacted(item)) for object_id, item in _values.table(nodes)]


def _node(object_id: str, item: Mapping[str, t.Any]) -> dict[str, t.Any]:
    found = {"object_id": object_id or None, **_module_readers.typed(item, _NODE)}
    if found["alarm"] is None:
        found["alarm"] = _alarm(found)
    return found


def _alarm(node: Mapping[str, t.Any]) -> bool | None:
    state = (node["state"] or "")[: _values.MAX_PARSED].lower().replace("_", "-").replace(" ", "-")
    if _TROUBLE.search(state):
        return True
    offset: float | None = node["offset_seconds"]
    limit: float | None = node["offset_limit_seconds"]
    if offset is not None and limit is not None:
        return abs(offset) > limit
    return False if state in _SOUND else None
