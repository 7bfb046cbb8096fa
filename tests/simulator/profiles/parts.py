# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of a status tree that all profiles share, in the forms of their firmware generation.

Shapes follow the tables of payloads.md sections 3, 5 and 8; every number and name is invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from ..reflect import cluster_off
from .profile import Identity, Tree

OLD = "7.06"
MIDDLE = "7.08"
CURRENT = "7.10"

_PACKAGES_OLD = [
    "cli",
    "data",
    "lantime",
    "ltmgmt",
    "manuals",
    "network",
    "ntp",
    "ptp2",
    "snmp",
    "ssh",
    "system",
    "web",
]
PACKAGES = [
    "bird",
    "cli",
    "data",
    "himem",
    "iec61850",
    "ims",
    "lantime",
    "lptp",
    "ltmgmt",
    "manuals",
    "network",
    "ntp",
    "nts",
    "ptp2",
    "snmp",
    "ssh",
    "syncmon",
    "system",
    "web",
]

# object-id, type, triggered, minutes since it was last triggered (None: never), generations.
_EVENTS: tuple[tuple[str, str, int, int | None, str], ...] = (
    ("normal-operation", "info", 0, None, ""),
    ("ntp-not-sync", "error", 0, 3011, ""),
    ("ntp-sync", "info", 1, 3002, ""),
    ("ntp-stopped", "critical", 0, None, ""),
    ("ntp-offset-limit-exceeded", "error", 0, None, ""),
    ("ntp-offset-limit-ok", "info", 0, None, ""),
    ("system-reboot", "action", 0, 3013, ""),
    ("refclock-1-not-responding", "critical", 0, None, ""),
    ("refclock-1-not-sync", "error", 0, 3012, ""),
    ("refclock-1-sync", "info", 1, 3004, ""),
    ("antenna-faulty", "error", 0, None, ""),
    ("antenna-reconnect", "info", 1, 3012, ""),
    ("antenna-short-circuit", "error", 0, None, "gnss"),
    ("device-configuration-changed", "action", 0, 1440, ""),
    ("leap-second-announced", "info", 0, None, OLD),
    ("leapsecond-announced", "info", 0, None, "new"),
    ("sync-monitor", "action", 0, None, ""),
    ("sync-monitor-alert", "error", 0, None, ""),
    ("sync-monitor-ok", "info", 0, None, ""),
    ("network-link-down", "error", 0, 3014, ""),
    ("network-link-up", "info", 1, 3013, ""),
    ("low-system-resources", "warning", 0, None, ""),
    ("sufficient-system-resources", "info", 1, 3008, ""),
    ("https-certificate-expired", "error", 0, None, ""),
    ("https-certificate-expire-warning", "warning", 0, None, ""),
    ("self-signed-https-certificate-in-use", "warning", 1, 1440, ""),
    ("oscillator-adjusted", "info", 1, 2990, CURRENT),
    ("oscillator-not-adjusted", "warning", 0, 3012, CURRENT),
    ("cluster-master-changed", "info", 0, None, ""),
    ("cluster-falseticker-detected", "warning", 0, None, ""),
    ("cluster-falseticker-cleared", "info", 0, None, ""),
    ("faillock:-user-banned", "action", 0, None, OLD),
    ("faillock-user-banned", "action", 0, None, "new"),
    ("auto-update-avail", "info", 0, None, CURRENT),
    ("auto-update-installed", "info", 0, None, CURRENT),
    ("auto-update-failed", "error", 0, None, CURRENT),
)

_COUNTERS = [
    "rx-packets",
    "rx-bytes",
    "rx-dropped",
    "rx-compressed",
    "rx-nohandler",
    "rx-errors",
    "rx-crc-errors",
    "rx-fifo-errors",
    "rx-frame-errors",
    "rx-length-errors",
    "rx-missed-errors",
    "rx-over-errors",
    "tx-packets",
    "tx-bytes",
    "tx-dropped",
    "tx-compressed",
    "tx-errors",
    "tx-aborted-errors",
    "tx-carrier-errors",
    "tx-fifo-errors",
    "tx-heartbeat-errors",
    "tx-window-errors",
    "multicast",
    "collisions",
    "gro-flush-timeout",
    "mtu",
]


class Port(NamedTuple):
    """One Ethernet port: `card` is empty for a port that is not fitted."""

    name: str
    slot: str = "cpu"
    card: str = ""
    link: bool = False
    speed: str = "1000"


class Site(NamedTuple):
    """Where the antenna stands: degrees, degrees, metres."""

    latitude: float
    longitude: float
    altitude: float


def ago(identity: Identity, minutes: float) -> str:
    return (identity.made - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")


def event_ids(generation: str, gnss: bool) -> list[str]:
    return [entry[0] for entry in _EVENTS if _present(entry[4], generation, gnss)]


def _present(when: str, generation: str, gnss: bool) -> bool:
    if when == "gnss":
        return gnss
    if when == "new":
        return generation != OLD
    return not when or when == generation


def events(identity: Identity, generation: str, gnss: bool) -> list[Tree]:
    return [
        {
            "object-id": name,
            "type": kind,
            "triggered": triggered,
            "last-triggered": "never" if minutes is None else ago(identity, minutes),
        }
        for name, kind, triggered, minutes, when in _EVENTS
        if _present(when, generation, gnss)
    ]


def _led(color: str, lit: bool) -> Tree:
    return {
        f"{when}-{member}": value
        for when in ("current", "last")
        for member, value in (("color", color), ("state", lit), ("mode", "permanent"))
    }


def leds(generation: str) -> Tree:
    dark = _led("blue" if generation == OLD else "none", False)
    return {
        "led-ref-time": _led("green", True),
        "led-time-service": _led("green", True),
        "led-network": _led("green", True),
        "led-alarm": dark,
    }


def _mount(object_id: str, mountpoint: str, size: int, percent: int) -> Tree:
    used = size * percent // 100
    return {
        "object-id": object_id,
        "size": size,
        "used": used,
        "available": size - used,
        "used-percent": percent,
        "mountpoint": mountpoint,
    }


def storage(generation: str) -> list[Tree]:
    mounts = [
        _mount("rootfs", "/", 120004, 41),
        _mount("var", "/var", 40960, 11),
        _mount("www", "/www", 20480, 2),
        _mount("dev_sda7", "/data", 512000, 23),
        _mount("dev_sda5", "/mnt/flash", 409600, 62),
    ]
    if generation != OLD:
        mounts[1:1] = [_mount("none", "/dev/shm", 120832, 1)]
        mounts += [_mount("tmp", "/tmp", 8192, 3), _mount("upload", "/mnt/upload", 102400, 0)]
    return mounts


def firmware(
    identity: Identity, running: str, others: Iterable[str], generation: str, is_modular: bool = False
) -> Tree:
    """`running` and `others` are numbers such as 7.10.012; `light` images keep their suffix."""
    image = f"fw_{running}"
    major, minor = generation.split(".")
    packages = _PACKAGES_OLD if generation == OLD else PACKAGES
    if is_modular:
        # A chassis has modules and, by the vendor's connectors, SyncMon.
        packages = sorted({*packages, "ims", "lptp", "syncmon"})
    return {
        "running": image,
        "selected": image,
        "fwimage": f"firmware-{running}-{'x86' if generation == OLD else 'x32'}",
        "firmware": [
            *(_image(other) for other in (running, *others)),
            {"object-id": "osv", "version": "6.24.3", "type": "Standard"},
        ],
        "update": {
            "update-in-progress": False,
            "update-progress": 0,
            "last-update-successful": True,
            "last-update-started": ago(identity, 3020),
            "last-update-ended": ago(identity, 3017),
            "last-update-error": "none",
        },
        "packages": [
            {
                "object-id": name,
                "version": "no version information" if name == "data" else f"{major}.{int(minor)}.{100 + 7 * place}",
            }
            for place, name in enumerate(packages)
        ],
    }


def _image(running: str) -> Tree:
    major, minor, patch = running.partition("-")[0].split(".")
    return {
        "object-id": f"fw_{running}",
        "version": f"{major}.{minor}.{int(patch)}",
        "type": "Compressed",
    }


def system(
    identity: Identity,
    generation: str,
    sync: Tree,
    site: Site | None,
    firmware_tree: Tree,
    memory: int,
) -> Tree:
    uptime = 180000.0 + identity.seed % 50000 + 0.25
    cached = identity.made - timedelta(seconds=6)
    moment = cached.strftime("%Y-%m-%dT%H:%M:%S")
    free = memory * 7 // 10
    tree: Tree = {
        "uptime": uptime,
        "current-time": f"{moment}.417302188 UTC",
        "current-time-iso": f"{moment}.417Z",
        "cpuload": "0.31 0.38 0.40 1/104 20117",
        "memory": f"{memory} kB total memory, {free} kB free (70 %)",
        "position": f"{site.latitude:.6f}, {site.longitude:.6f}" if site else "0.000000, 0.000000",
        "last-position-update": _position_update(identity, generation, site),
        "last-config-change": 61.75 if generation == OLD else uptime,
    }
    if generation != OLD:
        tree["api-last-update"] = (identity.made - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
    tree["sync-status"] = sync
    tree["front-leds"] = leds(generation)
    tree["storage"] = storage(generation)
    tree["firmware"] = firmware_tree
    return tree


def _position_update(identity: Identity, generation: str, site: Site | None) -> str:
    if site is None:
        return "1970-01-01 00:00:00"
    form = "%Y-%m-%d %H:%M:%S" if generation == OLD else "%Y.%m.%d %H:%M:%S"
    return (identity.made - timedelta(minutes=3003)).strftime(form)


def sync_status(reference: str, ref_type: str, oscillator: str, quality: str) -> Tree:
    return {
        "reference": reference,
        "ref-type": ref_type,
        "clock-idx": 0,
        "osc-type": oscillator,
        "est-time-quality": quality,
        "leapsecond-announced": False,
        "leapsecond-date": "",
        "clock-status": {
            "clock": "synchronized",
            "oscillator": "warmed-up",
            "antenna": "connected",
        },
        "holdover-status": {"time-offset": 0, "time-elapsed": 0, "tfom-out": 0},
    }


def ports(identity: Identity, generation: str, fitted: Iterable[Port]) -> list[Tree]:
    shown = []
    for place, port in enumerate(fitted):
        if not port.card and generation == OLD:
            continue
        there = bool(port.card)
        mac = identity.mac(place) if there else "00:00:00:00:00:00"
        entry: Tree = {"object-id": port.name}
        if generation != OLD:
            entry["port-available"] = there
        entry.update(
            {
                "duplex": "full" if port.link else "-",
                "operstate": port.link,
                "speed": port.speed if port.link else "-",
                "mac-address": mac,
                "link": port.link,
                "slot-id": 5 if there else -1,
                "slot-name": port.slot if there else "",
                "port-id": place if there else -1,
                "card-name": port.card or "unknown",
            }
        )
        if generation != OLD:
            entry["statistics"] = _statistics(identity, place) if port.link else _statistics(None)
            entry["bonding-slave"] = {
                "ad-actor-oper-port-state": "N/A",
                "ad-aggregator-id": "N/A",
                "ad-partner-oper-port-state": "N/A",
                "link-failure-count": "-" if there else "",
                "mii-status": port.link,
                "perm-hwaddr": mac,
                "queue-id": "-",
                "state": "standalone",
            }
        shown.append(entry)
    return shown


def _statistics(identity: Identity | None, place: int = 0) -> Tree:
    counters = dict.fromkeys(_COUNTERS, 0)
    if identity is not None:
        packets = 400000 + identity.seed % 90000 + 1000 * place
        counters.update(
            {
                "rx-packets": packets,
                "rx-bytes": packets * 71,
                "tx-packets": packets // 3,
                "tx-bytes": packets // 3 * 420,
            }
        )
    return counters


def interfaces(derived: Tree, generation: str) -> list[Tree]:
    """IP interfaces as `reflect.derive` sees them in the configuration."""
    shown = []
    for object_id, item in derived["interfaces"].items():
        entry: Tree = {"object-id": object_id, "ifname": item["ifname"]}
        if item["addresses"]:
            entry["addresses"] = item["addresses"]
        if generation != OLD:
            entry["cluster"] = {
                "ipv4": {**cluster_off(), "enabled": item["cluster"]},
                "ipv6": cluster_off(),
            }
        shown.append(entry)
    return shown


def services(derived: Tree, generation: str) -> Tree:
    running = derived["services"]
    network = {name: bool(running.get(name)) for name in ("daytime", "ftp", "telnet", "time")}
    network["webshell"] = True
    network.update({name: running[name] for name in ("ssh", "ntp", "http", "https", "snmp")})
    active = {
        "filemon",
        "serial_console",
        "softwatch",
        "syslog",
        "linkmonitor",
        "netconfig",
        "dbus",
    }
    common = [
        "filemon",
        "ldap",
        "noise",
        "serial_console",
        "softwatch",
        "syslog",
        "syncteam",
        "linkmonitor",
        "lldp",
        "netconfig",
        "portauth",
        "avahi",
        "dbus",
    ]
    if generation == OLD:
        network["mbgdevman"] = True
    else:
        network.update({"mms": False, "ptp": False})
        common += ["clidaemon", "sendmail", "autoupdate", "syncmon", "bird"]
        active |= {"clidaemon", "autoupdate", "syncmon", "bird"}
    return {
        "network": {name: {"running": value} for name, value in network.items()},
        "global": {name: {"running": derived["avahi"] if name == "avahi" else name in active} for name in common},
    }


def ntp(identity: Identity, generation: str, refid: str, source: str) -> list[Tree]:
    """The daemon itself and its local reference clock; `source` is the ntpq clock source."""
    expire = (identity.made + timedelta(days=150)).strftime("%Y%m%d0000")
    leap: Any = "0" if generation == OLD else 0
    reference: Tree = {
        "object-id": "ref_1",
        "association-id": 20000 + identity.seed % 9000,
        "id": "127.127.8.0",
        "name": "127.127.8.0",
        "status": "976a",
        "status-peer-configured": True,
        "status-peer-auth-enabled": False,
        "status-peer-auth-ok": False,
        "status-peer-reach-ok": True,
        "status-peer-broadcast": False,
        "status-peer-selection": "pps-peer",
        "status-peer-event-counter": 6,
        "status-peer-event-code": "sys-peer",
        "leap": leap,
        "stratum": 0,
        "precision": -19,
        "rootdelay": 0.0,
        "rootdisp": 0.0,
        "refid": refid,
        "offset": 3e-06,
        "delay": 0.0,
        "dispersion": 0.00023,
        "reach": 0 if generation == OLD else 255,
    }
    if generation != OLD:
        reference["poll-status"] = "11111111 [377]"
    return [
        {
            "object-id": "sys",
            "association-id": 0,
            "id": "127.0.0.1",
            "name": "localhost",
            "status": "0415" if source == "uhf-radio" else "0215",
            "status-sys-leap-indicator": "none",
            "status-sys-clock-source": source,
            "status-sys-event-counter": 1,
            "status-sys-event-code": "clock-sync",
            "leap": leap,
            "stratum": 1,
            "precision": -19,
            "rootdelay": 0.0,
            "rootdisp": 0.00021 if generation != OLD else 0.00020999999999999998,
            "refid": refid,
            "tai": 37,
            "leapsec": "201701010000",
            "clk-jitter": 5e-06,
            "clk-wander": 0.0,
            "expire": expire,
        },
        reference,
    ]


def syncteam(generation: str) -> Tree:
    return {
        "operational-mode": "disabled",
        "time-quality": "unknown",
        "leapsecond-state": "no-leap-second" if generation == OLD else "no-leapsecond",
        "current-tfom": 15,
        "team-members": 0,
        "online-members": 0,
        "offline-members": 0,
        "reference": {"current-team-master": "unknown", "current-team-reference": "unknown"},
        "members": [],
    }
