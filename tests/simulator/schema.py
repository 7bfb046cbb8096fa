# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration schema as one data table, and its compilation into nodes.

Objects, types, ranges, enums, defaults, access and secrecy are those of the vendor MIB
MBG-SNMP-LTNG-MIB (revision 7.08.005). Every path and every enum token is an ASSUMPTION, as is
`security/users`, which the MIB does not model. PTP objects are read-only over SNMP; that they can
be written over REST is an ASSUMPTION too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Union

UINT_MAX = 4294967295

# Tokens with the number that `?raw` shows; a tuple numbers its tokens from 0.
ENUMS: dict[str, tuple[str, ...] | dict[str, int | None]] = {
    "link-mode": (
        "auto",
        "hd-10mbit",
        "fd-10mbit",
        "hd-100mbit",
        "fd-100mbit",
        "hd-1000mbit",
        "fd-1000mbit",
    ),
    "ipv6-mode": ("deactivated", "activated", "activated-with-autoconf"),
    "loglevel": ("emergency", "alert", "critical", "error", "warning", "notice", "info"),
    "snmp-version": {"v1": 1, "v2c": 2, "v3": 3},
    "snmp-rights": ("readonly", "readwrite"),
    "snmp-enabled": ("v1-and-v2c", "v3-only", "v1-and-v2c-and-v3"),
    "repeat": ("never", "every-minute", "every-hour", "every-day"),
    "time-scale": ("utc", "local"),
    "language": ("not-available", "english", "german"),
    # No number of a level is known.
    "level": {"info": None, "admin": None, "super": None},
    "ptp-mode": (
        "multicast-slave",
        "unicast-slave",
        "multicast-master",
        "unicast-master",
        "multicast-auto",
        "both-master",
        "ntp-server",
        "ntp-client",
    ),
    "ptp-delay": ("e2e", "p2p"),
    "ptp-protocol": ("reserved", "udp-ipv4", "udp-ipv6", "ieee-802-3"),
    "ptp-timescale": ("arbitrary", "ptp"),
    "ptp-operation": ("ptp", "ntp"),
    "ptp-profile": (
        "custom",
        "default-e2e",
        "default-p2p",
        "power-c37-238",
        "telecom-g8265-1",
        "telecom-g8275-1",
        "smpte-2059-2",
    ),
    "ptp-ipv6": ("static", "ra", "dhcp"),
    "ptp-scope": {
        "interface-local": 1,
        "link-local": 2,
        "realm-local": 3,
        "admin-local": 4,
        "site-local": 5,
        "organisation-local": 8,
        "global": 14,
    },
    "sdh": ("option-1", "option-2"),
    "ssm": (
        "stu-ukn",
        "prs",
        "prc",
        "inv3",
        "ssu-a-tnc",
        "inv5",
        "inv6",
        "st2",
        "ssu-b",
        "inv9",
        "eec2-st3",
        "eec1-sec",
        "smc",
        "st3e",
        "prov",
        "dnu-dus",
    ),
    "copper": (
        "auto",
        "force-sync-e-auto",
        "force-or-is-master",
        "force-or-is-slave",
        "prefer-master",
        "prefer-slave",
    ),
    "ptp-output": ("off", "pps", "10mhz", "2048khz-gps", "10mhz-gps", "pps-gps"),
}

_PORT = "network/ports/*"
_VIF = "network/interfaces/*"
_SERVER = "ntp/external-servers/*"
_BROADCAST = "ntp/broadcast/*"
_TRAP = "notification/snmp/trap-receivers/*"
_PTP = "chassis0/slots/*/module/ptp"

Row = tuple[str, str, object, str]

# path, type, default, flags (ro, secret). A type is string, switch, uint, uint LOW..HIGH,
# int LOW..HIGH, one-of N,N,..., enum NAME, or ref TABLE (an object-id of that table).
SETTINGS: tuple[Row, ...] = (
    ("network/hostname", "string", "", ""),
    ("network/domain", "string", "", ""),
    ("network/nameserver1", "string", "", ""),
    ("network/nameserver2", "string", "", ""),
    ("network/ipv4-gateway", "string", "", ""),
    ("network/ipv6-gateway", "string", "", ""),
    ("network/cluster/port", "uint 0..65535", 7000, ""),
    ("network/cluster/ip", "string", "", ""),
    (f"{_PORT}/mac-address", "string", "", "ro"),
    (f"{_PORT}/link-mode", "enum link-mode", "auto", ""),
    (f"{_PORT}/indicate-link", "switch", True, ""),
    (f"{_PORT}/bonding-group", "uint 0..5", 0, ""),
    (f"{_PORT}/ipv6-mode", "enum ipv6-mode", "deactivated", ""),
    (f"{_VIF}/ipv4/address", "string", "", ""),
    (f"{_VIF}/ipv4/netmask", "string", "", ""),
    (f"{_VIF}/ipv4/dhcp", "switch", False, ""),
    (f"{_VIF}/ipv4/dhcp-address", "string", "", "ro"),
    (f"{_VIF}/ipv4/dhcp-netmask", "string", "", "ro"),
    (f"{_VIF}/ipv4/dhcp-broadcast", "string", "", "ro"),
    (f"{_VIF}/ipv4/dhcp-gateway", "string", "", "ro"),
    (f"{_VIF}/ipv4/dhcp-nameserver", "string", "", "ro"),
    (f"{_VIF}/ipv4/dhcp-domain", "string", "", "ro"),
    (f"{_VIF}/ipv6/address", "string", "", ""),
    (f"{_VIF}/ipv6/dhcp", "switch", False, ""),
    (f"{_VIF}/ipv6/ra-address", "string", "", "ro"),
    (f"{_VIF}/ipv6/link-local", "string", "", "ro"),
    (f"{_VIF}/port", "ref network/ports", "lan0", ""),
    (f"{_VIF}/mac-address", "string", "", "ro"),
    (f"{_VIF}/label", "string", "", ""),
    (f"{_VIF}/vlan/enabled", "switch", False, ""),
    (f"{_VIF}/vlan/id", "uint 0..4094", 0, ""),
    (f"{_VIF}/vlan/priority", "uint 0..7", 0, ""),
    (f"{_VIF}/cluster/ipv4/enabled", "switch", False, ""),
    (f"{_VIF}/cluster/ipv4/address", "string", "", ""),
    (f"{_VIF}/cluster/ipv4/netmask", "string", "", ""),
    (f"{_VIF}/cluster/ipv4/priority", "uint 0..10", 0, ""),
    (f"{_VIF}/services/ntp", "switch", False, ""),
    (f"{_VIF}/services/http", "switch", False, ""),
    (f"{_VIF}/services/https", "switch", False, ""),
    (f"{_VIF}/services/telnet", "switch", False, ""),
    (f"{_VIF}/services/ssh", "switch", False, ""),
    (f"{_VIF}/services/snmp", "switch", False, ""),
    (f"{_VIF}/services/ftp", "switch", False, ""),
    (f"{_VIF}/services/time", "switch", False, ""),
    (f"{_VIF}/services/daytime", "switch", False, ""),
    (f"{_VIF}/services/fpc", "switch", False, ""),
    ("notification/syslog/servers", "string", "", ""),
    ("notification/syslog/loglevel", "enum loglevel", "emergency", ""),
    ("notification/email/to", "string", "", ""),
    ("notification/email/from", "string", "", ""),
    ("notification/email/smarthost-address", "string", "", ""),
    ("notification/email/smarthost-port", "uint 0..65535", 0, ""),
    ("notification/email/smarthost-auth", "switch", False, ""),
    ("notification/email/smarthost-user", "string", "", ""),
    ("notification/email/smarthost-password", "string", "", "secret"),
    ("notification/windows-popup/address1", "string", "", ""),
    ("notification/windows-popup/address2", "string", "", ""),
    (f"{_TRAP}/address", "string", "", ""),
    (f"{_TRAP}/community", "string", "", "secret"),
    (f"{_TRAP}/version", "enum snmp-version", "v1", ""),
    ("notification/wall-display/display1/address", "string", "", ""),
    ("notification/wall-display/display1/serial-number", "string", "", ""),
    ("notification/wall-display/display2/address", "string", "", ""),
    ("notification/wall-display/display2/serial-number", "string", "", ""),
    ("notification/ntp-client-monitoring/max-offset", "uint", 10, ""),
    ("notification/ntp-client-monitoring/max-stratum", "uint 1..16", 10, ""),
    ("notification/repeat", "enum repeat", "never", ""),
    ("notification/repetitions", "uint 0..50", 0, ""),
    ("notification/events/*/email", "switch", False, ""),
    ("notification/events/*/windows-popup", "switch", False, ""),
    ("notification/events/*/snmp", "switch", False, ""),
    ("notification/events/*/display", "switch", False, ""),
    ("notification/events/*/script", "switch", False, ""),
    ("notification/events/*/led", "switch", False, ""),
    ("notification/events/*/relay", "switch", False, ""),
    ("snmp/read-community", "string", "", "secret"),
    ("snmp/write-community", "string", "", "secret"),
    ("snmp/contact", "string", "", ""),
    ("snmp/location", "string", "", ""),
    ("snmp/v3/user-name", "string", "", ""),
    ("snmp/v3/user-rights", "enum snmp-rights", "readonly", ""),
    ("snmp/v3/context", "string", "", ""),
    ("snmp/v3/security-level", "string", "", ""),
    ("snmp/v3/auth-protocol", "string", "", ""),
    ("snmp/v3/auth-passphrase", "string", "", "secret"),
    ("snmp/v3/priv-protocol", "string", "", ""),
    ("snmp/v3/priv-passphrase", "string", "", "secret"),
    ("snmp/retries", "uint", 3, ""),
    ("snmp/timeout", "uint", 3, ""),
    ("snmp/enabled-version", "enum snmp-enabled", "v1-and-v2c", ""),
    ("security/disable-root-login", "switch", False, ""),
    ("security/allow-network-discovery", "switch", False, ""),
    ("security/lock-front-panel", "switch", False, ""),
    ("security/disable-usb-port", "switch", False, ""),
    ("security/ssh/key-length", "one-of 768,1024,2048,4096,8192,16384,32768", 1024, ""),
    ("security/ssh/shell-timeout", "one-of 0,60,120,300,600,3600,10800,18000,86400", 300, ""),
    ("security/users/*/level", "enum level", "info", ""),
    ("security/users/*/password", "string", "", "secret"),
    (f"{_SERVER}/address", "string", "", ""),
    (f"{_SERVER}/key", "uint 0..255", 0, ""),
    (f"{_SERVER}/autokey", "switch", False, ""),
    (f"{_SERVER}/minpoll", "uint 4..10", 6, ""),
    (f"{_SERVER}/maxpoll", "uint 4..10", 6, ""),
    (f"{_SERVER}/iburst", "switch", False, ""),
    (f"{_BROADCAST}/address", "string", "", "ro"),
    (f"{_BROADCAST}/key", "uint 0..10", 0, "ro"),
    (f"{_BROADCAST}/interval", "uint 0..10", 0, "ro"),
    (f"{_BROADCAST}/autokey", "switch", False, "ro"),
    ("ntp/multicast/enabled", "switch", False, ""),
    ("ntp/multicast/address", "string", "", ""),
    ("ntp/multicast/interval", "uint", 0, ""),
    ("ntp/multicast/key", "uint", 0, ""),
    ("ntp/multicast/autokey", "switch", False, ""),
    ("ntp/manycast/enabled", "switch", False, ""),
    ("ntp/manycast/address", "string", "", ""),
    ("ntp/manycast/key", "uint", 0, ""),
    ("ntp/manycast/autokey", "switch", False, ""),
    ("ntp/local-clock/stratum", "uint 1..16", 12, ""),
    ("ntp/local-clock/disabled", "switch", False, ""),
    ("ntp/spoof-local-time", "switch", False, ""),
    ("ntp/trusted-keys", "string", "", ""),
    ("ntp/trust-time", "uint", 0, ""),
    ("ntp/time-scale", "enum time-scale", "utc", ""),
    ("ntp/client-counter/enabled", "switch", False, ""),
    ("ntp/client-counter/duration", "int 0..2147483647", 0, ""),
    ("system/display/front-panel-light", "switch", False, ""),
    ("system/web-language", "enum language", "not-available", "ro"),
    ("system/activate-changes-as-startup", "switch", True, ""),
    (f"{_PTP}/network/hostname", "string", "", ""),
    (f"{_PTP}/network/domain", "string", "", ""),
    (f"{_PTP}/network/nameserver1", "string", "", ""),
    (f"{_PTP}/network/nameserver2", "string", "", ""),
    (f"{_PTP}/network/ipv4-address", "string", "", ""),
    (f"{_PTP}/network/netmask", "string", "", ""),
    (f"{_PTP}/network/gateway", "string", "", ""),
    (f"{_PTP}/network/vlan/enabled", "switch", False, ""),
    (f"{_PTP}/network/vlan/id", "uint 0..4094", 0, ""),
    (f"{_PTP}/network/vlan/priority", "uint 0..7", 0, ""),
    (f"{_PTP}/network/dhcp", "switch", False, ""),
    (f"{_PTP}/network/ipv6-mode", "enum ptp-ipv6", "static", ""),
    (f"{_PTP}/network/ipv6-address", "string", "", ""),
    (f"{_PTP}/network/ipv6-multicast-scope", "enum ptp-scope", "interface-local", ""),
    (f"{_PTP}/network/disable-ssh", "switch", False, ""),
    (f"{_PTP}/network/dscp", "uint 0..64", 0, ""),
    (f"{_PTP}/network/multicast-ttl", "uint 0..255", 5, ""),
    (f"{_PTP}/mode", "enum ptp-mode", "multicast-slave", ""),
    (f"{_PTP}/delay-mechanism", "enum ptp-delay", "e2e", ""),
    (f"{_PTP}/network-protocol", "enum ptp-protocol", "reserved", ""),
    (f"{_PTP}/domain-number", "uint 0..255", 0, ""),
    (f"{_PTP}/priority1", "uint 0..255", 0, ""),
    (f"{_PTP}/priority2", "uint 0..255", 0, ""),
    (f"{_PTP}/sync-interval", "int -7..7", 0, ""),
    (f"{_PTP}/announce-interval", "int -7..7", 0, ""),
    (f"{_PTP}/delay-request-interval", "int -7..7", 0, ""),
    (f"{_PTP}/timescale", "enum ptp-timescale", "ptp", ""),
    (f"{_PTP}/operation-mode", "enum ptp-operation", "ptp", ""),
    (f"{_PTP}/profile", "enum ptp-profile", "custom", ""),
    (f"{_PTP}/hybrid-mode", "switch", False, ""),
    (f"{_PTP}/unicast-master-address", "string", "", ""),
    (f"{_PTP}/announce-receipt-timeout", "uint 2..255", 3, ""),
    (f"{_PTP}/message-duration", "uint 10..65535", 60, ""),
    (f"{_PTP}/sync-e/enabled", "switch", False, ""),
    (f"{_PTP}/sync-e/quality-level-selection", "switch", False, ""),
    (f"{_PTP}/sync-e/sdh-network-option", "enum sdh", "option-1", ""),
    (f"{_PTP}/sync-e/input-ssm", "enum ssm", "stu-ukn", ""),
    (f"{_PTP}/sync-e/output-ssm", "enum ssm", "stu-ukn", ""),
    (f"{_PTP}/sync-e/gbit-copper-mode", "enum copper", "auto", ""),
    (f"{_PTP}/one-step", "switch", False, ""),
    (f"{_PTP}/disable-management-messages", "switch", False, ""),
    (f"{_PTP}/output1", "enum ptp-output", "off", ""),
    (f"{_PTP}/output2", "enum ptp-output", "off", ""),
)


@dataclass(frozen=True)
class TableRule:
    """Which items a table may have: none added (`grows` False), or up to `limit`, named so."""

    grows: bool = False
    limit: int = 0
    names: str = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
    slots: tuple[str, ...] = ()


TABLES: dict[str, TableRule] = {
    "network/ports": TableRule(),
    "network/interfaces": TableRule(True, 99, r"vif[0-9]{1,3}"),
    "notification/snmp/trap-receivers": TableRule(True, 5, slots=tuple("01234")),
    "notification/events": TableRule(),
    "security/users": TableRule(True, 64, r"[a-z_][a-z0-9_-]{0,31}"),
    "ntp/external-servers": TableRule(True, 10, slots=tuple(str(number) for number in range(1, 11))),
    "ntp/broadcast": TableRule(),
    "chassis0/slots": TableRule(),
}

# The rule of normal operation knows neither the alarm LED nor a relay.
WITHOUT: dict[str, dict[str, frozenset[str]]] = {
    "notification/events": {"normal-operation": frozenset({"led", "relay"})},
}


@dataclass(frozen=True)
class Leaf:
    """One object: its name, kind, default, bounds or tokens, access and secrecy."""

    name: str
    kind: str
    default: object
    low: int = 0
    high: int = UINT_MAX
    choices: tuple[int, ...] = ()
    tokens: Mapping[str, int | None] = field(default_factory=dict)
    refers_to: str = ""
    read_only: bool = False
    secret: bool = False


@dataclass
class Menu:
    """A menu: named leaves, menus and tables."""

    name: str
    children: dict[str, Node] = field(default_factory=dict)


@dataclass
class Table:
    """A table of items, each a menu of the same shape (less what `without` names for an item)."""

    name: str
    path: str
    rule: TableRule
    item: Menu
    without: dict[str, frozenset[str]] = field(default_factory=dict)

    def item_menu(self, object_id: str) -> Menu:
        missing = self.without.get(object_id)
        if not missing:
            return self.item
        kept = {name: node for name, node in self.item.children.items() if name not in missing}
        return Menu(object_id, kept)


Node = Union[Leaf, Menu, Table]


def _leaf(name: str, kind: str, default: object, flags: str) -> Leaf:
    word, dummy, rest = kind.partition(" ")
    read_only, secret = "ro" in flags, "secret" in flags
    if word in ("uint", "int"):
        low, high = 0, UINT_MAX
        if rest:
            first, dummy, last = rest.partition("..")
            low, high = int(first), int(last)
        return Leaf(name, "number", default, low, high, read_only=read_only)
    if word == "one-of":
        numbers = tuple(int(number) for number in rest.split(","))
        return Leaf(name, "number", default, min(numbers), max(numbers), numbers)
    if word == "enum":
        tokens = ENUMS[rest]
        numbered: dict[str, int | None] = (
            dict(tokens) if isinstance(tokens, dict) else {token: number for number, token in enumerate(tokens)}
        )
        return Leaf(name, "enum", default, tokens=numbered, read_only=read_only)
    if word == "ref":
        return Leaf(name, "ref", default, refers_to=rest, read_only=read_only)
    return Leaf(name, word, default, read_only=read_only, secret=secret)


@cache
def schema(with_slots: bool) -> Menu:
    """The schema as a tree; `with_slots` for a chassis whose modules have settings."""
    root = Menu("")
    for path, kind, default, flags in SETTINGS:
        if path.startswith("chassis0/") and not with_slots:
            continue
        menu = root
        names = path.split("/")
        for position, name in enumerate(names[:-1]):
            if name == "*":
                continue
            here = "/".join(names[: position + 1])
            below = menu.children.get(name)
            if below is None:
                if here in TABLES:
                    below = Table(name, here, TABLES[here], Menu("*"), WITHOUT.get(here, {}))
                else:
                    below = Menu(name)
                menu.children[name] = below
            if isinstance(below, Leaf):
                raise ValueError(f"{here} is both an object and a menu")
            menu = below.item if isinstance(below, Table) else below
        menu.children[names[-1]] = _leaf(names[-1], kind, default, flags)
    return root


def packages_of(path: tuple[str, ...]) -> frozenset[str]:
    """The packages that hold a setting (A19); settings of no package are saved by `all` alone."""
    area = path[0] if path else ""
    if area in ("network", "ntp", "snmp"):
        return frozenset({area})
    if path[:3] == ("notification", "snmp", "trap-receivers"):
        return frozenset({"snmp"})
    if path[:2] == ("security", "ssh"):
        return frozenset({"ssh"})
    if area in ("notification", "system") or path[:2] == ("security", "users"):
        return frozenset({"system", "lantime"})
    if area == "chassis0":
        return frozenset({"ptp2", "lptp"}) if "ptp" in path else frozenset({"ims"})
    return frozenset()
