# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the PTP cards: HPS, PSX.

Firmware before 7.10 has one instance a card with its settings directly below `ptp`, 7.10 a table of them (ASSUMED).
Objects, types and ranges are those of the vendor MIB, which has them read-only over SNMP.
"""

from __future__ import annotations

from .rows import Row, rows

_CARD = """
ptp/network/hostname            | text 0..1024          | -          | rw | - | C:MIB
ptp/network/domain              | text 0..1024          | -          | rw | - | C:MIB
ptp/network/nameserver1         | text 0..1024          | -          | rw | - | C:MIB
ptp/network/nameserver2         | text 0..1024          | -          | rw | - | C:MIB
ptp/network/ipv4-address        | text 0..1024          | -          | rw | - | C:MIB
ptp/network/netmask             | text 0..1024          | -          | rw | - | C:MIB
ptp/network/gateway             | text 0..1024          | -          | rw | - | C:MIB
ptp/network/vlan/enabled        | switch                | false      | rw | - | C:MIB
ptp/network/vlan/id             | int 0..4094           | 0          | rw | - | C:MIB
ptp/network/vlan/priority       | int 0..7              | 0          | rw | - | C:MIB
ptp/network/dhcp                | switch                | false      | rw | - | C:MIB
ptp/network/ipv6-mode           | enum ptp-ipv6         | static     | rw | - | C:MIB
ptp/network/ipv6-address        | text 0..1024          | -          | rw | - | C:MIB
ptp/network/ipv6-multicast-scope | enum ptp-scope       | interface-local | rw | - | C:MIB
ptp/network/disable-ssh         | switch                | false      | rw | - | C:MIB
ptp/network/dscp                | int 0..64             | 0          | rw | - | C:MIB
ptp/network/multicast-ttl       | int 0..255            | 5          | rw | - | C:MIB
ptp/operation-mode              | enum ptp-operation    | ptp        | rw | - | C:MIB
sync-e/enabled                  | switch                | false      | rw | = | C:MIB
sync-e/quality-level-selection  | switch                | false      | rw | - | C:MIB
sync-e/sdh-network-option       | enum sdh              | option-1   | rw | - | C:MIB
sync-e/input-ssm                | enum ssm              | stu-ukn    | rw | - | C:MIB
sync-e/output-ssm               | enum ssm              | prc        | rw | - | C:MIB
sync-e/gbit-copper-mode         | enum copper           | auto       | rw | - | C:MIB
"""

# {at}: place of the settings of an instance, {shown}: place of the instance in the status.
_INSTANCE = """
{at}/mode                       | enum ptp-mode         | multicast-master | rw | - | C:MIB
{at}/profile                    | enum ptp-profile      | default-e2e | rw | - | C:MIB
{at}/delay-mechanism            | enum ptp-delay        | e2e        | rw | {shown}/delay-mechanism | C:MIB, C:SDK
{at}/network-protocol           | enum ptp-protocol     | udp-ipv4   | rw | - | C:MIB, C:SDK
{at}/domain-number              | int 0..255            | 0          | rw | {shown}/domain-number | C:MIB
{at}/priority1                  | int 0..255            | 128        | rw | - | C:MIB
{at}/priority2                  | int 0..255            | 128        | rw | - | C:MIB
{at}/sync-interval              | int -7..7             | 0          | rw | - | C:MIB
{at}/announce-interval          | int -7..7             | 1          | rw | - | C:MIB
{at}/delay-request-interval     | int -7..7             | 0          | rw | - | C:MIB
{at}/announce-receipt-timeout   | int 2..255            | 3          | rw | - | C:MIB
{at}/timescale                  | enum ptp-timescale    | ptp        | rw | - | C:MIB
{at}/hybrid-mode                | switch                | false      | rw | - | C:MIB
{at}/one-step                   | switch                | false      | rw | - | C:MIB
{at}/disable-management-messages | switch               | false      | rw | - | C:MIB
{at}/message-duration           | int 10..65535         | 60         | rw | - | C:MIB
"""

_TABLE_ONLY = """
ptp/instances/*/enabled                         | switch       | true | rw | - | C:DM
ptp/instances/*/vlan/id                         | int 0..4094  | 0    | rw | - | A
ptp/instances/*/unicast-masters/*/address       | text 0..255  | -    | rw | - | C:SDK, C:MIB
ptp/instances/*/unicast-masters/*/sync-interval | int -4..4    | 0    | rw | - | C:SDK
ptp/instances/*/unicast-masters/*/fix-offset    | int -1000000000..1000000000 | 0 | rw | - | C:SDK
"""
_FLAT_ONLY = """
ptp/unicast-master-address      | text 0..1024          | -          | rw | - | C:MIB
"""
_HPS = """
ptp/output1                     | enum ptp-output       | off        | rw | - | C:MIB
ptp/output2                     | enum ptp-output       | off        | rw | - | C:MIB
ntp-service/enabled             | switch                | true       | rw | - | C:DM
"""
MASTERS = ("master1", "master2", "master3")

# What a profile fixes, from the standards (INFERRED): the values that it allows, the first one set by the device where the
# present one is another.
PROFILE_FIXES: dict[str, dict[str, tuple[object, ...]]] = {
    "custom": {},
    "default-e2e": {"delay-mechanism": ("e2e",)},
    "default-p2p": {"delay-mechanism": ("p2p",)},
    "power-c37-238": {
        "mode": ("multicast-master", "multicast-slave", "multicast-auto"),
        "delay-mechanism": ("p2p",),
        "network-protocol": ("ieee-802-3",),
        "sync-interval": (0,),
        "announce-interval": (0,),
        "delay-request-interval": (0,),
    },
    "telecom-g8265-1": {
        "mode": ("unicast-master", "unicast-slave"),
        "delay-mechanism": ("e2e",),
        "network-protocol": ("udp-ipv4", "udp-ipv6"),
        "domain-number": tuple(range(4, 24)),
    },
    "telecom-g8275-1": {
        "mode": ("multicast-master", "multicast-slave", "multicast-auto"),
        "delay-mechanism": ("e2e",),
        "network-protocol": ("ieee-802-3",),
        "domain-number": tuple(range(24, 44)),
        "sync-interval": (-4,),
        "delay-request-interval": (-4,),
        "announce-interval": (-3,),
    },
    "smpte-2059-2": {
        "domain-number": (127, *range(127)),
        "sync-interval": (-3, *range(-7, 0)),
        "announce-interval": (-2, *range(-3, 2)),
    },
}
SLAVE_MODES = ("multicast-slave", "unicast-slave")
NTP_MODES = ("ntp-server", "ntp-client")


def ptp_rows(family: str, is_flat: bool) -> tuple[Row, ...]:
    """Settings of a PTP card, flat (one instance) or with a table of instances."""
    if is_flat:
        text = _INSTANCE.format(at="ptp", shown="ptp/instances/ptp1") + _FLAT_ONLY
    else:
        text = _INSTANCE.format(at="ptp/instances/*", shown="ptp/instances/*") + _TABLE_ONLY
    return rows(_CARD + text + (_HPS if family == "HPS" else ""))
