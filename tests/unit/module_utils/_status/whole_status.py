# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The invented device of test_facts_sample with every member of the status tree that is publicly known."""

from __future__ import annotations

import copy
import typing as t

from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.test_sample import ENVELOPE

_COUNTERS = """
collisions gro-flush-timeout multicast rx-bytes rx-compressed rx-crc-errors rx-dropped rx-errors rx-fifo-errors
rx-frame-errors rx-length-errors rx-missed-errors rx-nohandler rx-over-errors rx-packets tx-aborted-errors tx-bytes
tx-carrier-errors tx-compressed tx-dropped tx-errors tx-fifo-errors tx-heartbeat-errors tx-packets tx-window-errors
"""

_LED = {
    f"{which}-{name}": value
    for which in ("current", "last")
    for name, value in (("color", "green"), ("state", True), ("mode", "permanent"))
}
_CLUSTER = {
    "enabled": True,
    "timestamp": "2030-06-01T11:59:59",
    "cluster-ip": "192.0.2.99",
    "communication-ip": "192.0.2.98",
    "port-state": "master",
    "master-serial": "099900000001",
    "master-ip": "192.0.2.10",
    "master-priority": 1,
    "clock-class": "gps",
    "clock-status": "normal-operation",
    "ntp-status": "sync",
    "reconfig-state": "normal",
}
_CLOCK = {
    "clock-idx": "selected",
    "osc-type": "ocxo-hq",
    "est-time-quality": "less-than-100ns",
    "clock-status": {"clock": "synchronized", "oscillator": "warmed-up"},
}
_PEER = {
    "association-id": 55,
    "id": "127.127.8.0",
    "name": "GENERIC(0)",
    "status": "97fb",
    "leap": 0,
    "stratum": 0,
    "precision": -20,
    "rootdelay": 0.0,
    "rootdisp": 0.001,
    "refid": "GPS",
    "status-peer-selection": "pps-peer",
    "status-peer-configured": True,
    "status-peer-reach-ok": True,
    "status-peer-auth-enabled": False,
    "status-peer-auth-ok": False,
    "status-peer-broadcast": False,
    "status-peer-event-counter": 2,
    "status-peer-event-code": "sys-peer",
    "offset": -1.5e-06,
    "delay": 0.0,
    "dispersion": 0.0002,
    "reach": 255,
    "poll-status": "11111111 [377]",
}
_SHELF = {
    "object-id": "clk1",
    "xhe-info": {
        "status": "connected",
        "osc-type": 5,
        "features": 1,
        "software-revision": "v1.0",
        "xhe-id": "099900000007",
        "rub-id": "099900000008",
        "comstat": dict.fromkeys(("xhe-type", "xhe-features", "software-revision", "hxe-id", "rub-id"), False),
    },
    "xhe-sys-status": {
        "status": dict.fromkeys(
            (
                "voltage-overrange",
                "low-voltage",
                "generic-cell-error",
                "low-temperature",
                "overheated",
                "pps-lock",
                "ppl-enabled",
                "pps-input-signal",
            ),
            False,
        ),
        "comstat": {"status": False, "temperature": False},
        "temperature-sensors": {"chassis": 41.0, "xtal": 42.0, "cell": 48.5, "lamp": 43.0},
    },
    "xhe-psu-status": {
        "status": "ok",
        "psu-status": {"psu1": "ok", "psu2": "ok"},
        "alarms": {"alarm-led": False},
        "comstat": {"status": False, "alarm-status": False},
    },
}
_SATELLITES = {
    "gps-mode": "normal-operation",
    "latitude": 52.5,
    "longitude": 13.25,
    "altitude": 34.0,
    "tdop": 0.9,
}
_RECEIVER = {"synchronized": True, "tracking": True, "warm-boot": False, "cold-boot": False}
_LONG_WAVE = {
    "object-id": "clk1",
    "slot-id": "clk1",
    "slot-type": "clk",
    "module": {
        "info": {
            "model": "pzf511",
            "serial-number": "099900000004",
            "software-revision": "v1.10",
            "firmware-image": "pzf",
            "sensors": {"temperature-1": 44.0},
        },
        "sync-status": _CLOCK,
        "dcf77": {
            "ref-type": "dcf77-pzf-receiver",
            "type": "pzf",
            "correlation": 88,
            "field-strength": 61,
            "pcps": dict.fromkeys(("freer", "dl-enb", "syncd", "dl-ann", "utc", "ls-ann", "iftm", "invt"), False),
        },
    },
}
_PTP_INSTANCE = {
    "object-id": "ptp1",
    "port-state": 6,
    "mode": "master",
    "profile": "default-e2e",
    "domain-number": 1,
    "delay-mechanism": "e2e",
    "network-protocol": "udp-ipv4",
    "link": True,
    "mac-address": "02:00:5e:10:00:03",
    "clock-identity": "02005efffe100003",
    "grandmaster-identity": "02005efffe100003",
    "grandmaster-mac": "02:00:5e:10:00:03",
    "clock-class": 6,
    "clock-accuracy": 33,
    "time-source": 32,
    "utc-offset": 37,
    "offset-from-master": 12.0,
    "path-delay": 250.0,
    "delay-asymmetry": 3.0,
    "unicast-clients": 2,
    "special-sauce": [1],
}
_PTP_CARD = {
    "object-id": "io7",
    "slot-id": "io7",
    "slot-type": "io",
    "module": {
        "info": {
            "model": "hps100",
            "serial-number": "099900000005",
            "software-revision": "v1.4",
            "firmware-image": "hps",
            "sensors": {"temperature-1": 45.0},
        },
        "ptp": {"instances": [_PTP_INSTANCE]},
    },
}
_NODE = {
    "object-id": "n1",
    "name": "east",
    "address": "192.0.2.9",
    "type": "ntp",
    "state": "reachable",
    "stratum": 2,
    "offset": 1.5e-05,
    "offset-limit": 0.001,
    "alarm": False,
}


def whole() -> dict[str, t.Any]:
    """A fresh copy of the answer of GET /api/status."""
    envelope = copy.deepcopy(ENVELOPE)
    data = envelope["data"]
    leds = ("led-ref-time", "led-time-service", "led-network", "led-alarm")
    data["system"]["front-leds"] = {name: dict(_LED) for name in leds}
    data["system"]["storage"][1].update(used=2, available=2, **{"used-percent": 50})
    port = data["network"]["ports"][0]
    port["statistics"] = {"mtu": 1500, **dict.fromkeys(_COUNTERS.split(), 5)}
    port["bonding-slave"] = {
        "ad-actor-oper-port-state": "61",
        "ad-aggregator-id": "1",
        "ad-partner-oper-port-state": "63",
        "link-failure-count": "2",
        "queue-id": "0",
        "mii-status": True,
        "perm-hwaddr": "02:00:5e:10:00:01",
        "state": "standalone",
    }
    data["network"]["interfaces"][0]["cluster"] = {"ipv4": dict(_CLUSTER), "ipv6": dict(_CLUSTER)}
    data["syncteam"].update({"online-members": 1, "offline-members": 0})
    data["syncmon"]["nodes"] = [dict(_NODE)]
    data["syncteam"]["members"] = [{"object-id": "member1"}]
    data["ntp"][1] = {"object-id": "ref_1", **_PEER}
    data["chassis-xhe"] = [copy.deepcopy(_SHELF)]
    slots = data["chassis0"]["slots"]
    slots[-1:] = [copy.deepcopy(_LONG_WAVE), copy.deepcopy(_PTP_CARD)]
    for place, slot in enumerate(slots):
        slot.update({"slot-position": f"0,{place},1", "slot-orientation": "vertical"})
    clock = slots[2]["module"]
    clock["info"].update({"software-revision": "v2.16", "firmware-image": "gns"})
    clock["sync-status"] = copy.deepcopy(_CLOCK)
    clock["satellites"].update(_SATELLITES)
    clock["gns"]["receiver"] = dict(_RECEIVER)
    # Members that the sample has invented to show what becomes of them.
    del clock["gns"]["jamming"], port["poe"], data["ntp"][2]["hmode"]
    del data["services"]["global"]["odd"], data["system"]["storage"][1]["inodes"]
    return envelope
