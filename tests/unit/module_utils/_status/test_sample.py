# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An invented device on LTOS 7.10: a modular chassis with several cards and every section filled."""

from __future__ import annotations

import copy
import json
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts

ENVELOPE: dict[str, t.Any] = {
    "system-information": {
        "API Version": "LANTIME REST API V20.05.999",
        "version": "fw_7.10.012",
        "serial-number": "099900000001",
        "hostname": "ts1.example.com",
        "time-stamp": "2030-06-01T12:00:09",
        "model": "M1000",
    },
    "changes": {"pending-changes": 3},
    "data": {
        "object-id": "status",
        "rest-api": {"api-version": "20.05.012"},
        "system": {
            "uptime": 3600.5,
            "current-time": "2030-06-01T12:00:04.250000001 UTC",
            "current-time-iso": "2030-06-01T12:00:04.250Z",
            "cpuload": "0.10 0.20 0.30 1/80 1234",
            "memory": "2000 kB total memory, 500 kB free (25 %)",
            "position": "52.5, 13.25",
            "last-position-update": "2030.06.01 11:00:00",
            "last-config-change": 3600.5,
            "api-last-update": "2030-06-01T12:00:08",
            "sync-status": {
                "reference": "clk2-gps",
                "ref-type": "gps",
                "clock-idx": 1,
                "osc-type": "ocxo-hq",
                "est-time-quality": "less-than-1us",
                "leapsecond-announced": True,
                "leapsecond-date": "2030-06-30 23:59:60",
                "clock-status": {
                    "clock": "holdover",
                    "oscillator": "not-warmed-up",
                    "antenna": "lightning-struck",
                },
                "holdover-status": {"time-offset": 12, "time-elapsed": 90, "tfom-out": 4},
            },
            "front-leds": {
                "led-ref-time": {
                    "current-color": "red",
                    "current-state": True,
                    "current-mode": "blinking",
                    "last-color": "green",
                    "last-state": True,
                    "last-mode": "permanent",
                },
                "led-alarm": {
                    "current-color": "none",
                    "current-state": False,
                    "current-mode": "permanent",
                    "last-color": "blue",
                    "last-state": False,
                    "last-mode": "permanent",
                },
            },
            "storage": [
                {
                    "object-id": "none",
                    "size": 1000,
                    "used": 250,
                    "available": 750,
                    "used-percent": 25,
                    "mountpoint": "/dev/shm",
                },
                {"object-id": "rootfs", "size": 4, "mountpoint": "/", "inodes": 9},
            ],
            "firmware": {
                "running": "fw_7.10.012",
                "selected": "fw_7.10.013",
                "fwimage": "firmware-7.10.012-x86",
                "firmware": [
                    {"object-id": "fw_7.10.012", "version": "7.10.12", "type": "Compressed"},
                    {"object-id": "fw_7.10.013", "version": "7.10.13", "type": "Compressed"},
                    {"object-id": "osv", "version": "6.20.14", "type": "Standard"},
                ],
                "update": {
                    "update-in-progress": True,
                    "update-progress": 40,
                    "last-update-successful": False,
                    "last-update-started": "2030-05-01T10:00:00",
                    "last-update-ended": "never",
                    "last-update-error": "none",
                },
                "packages": [
                    {"object-id": "ptp2", "version": "7.10.5"},
                    {"object-id": "data", "version": "no version information"},
                ],
            },
        },
        "notification": {
            "events": [
                {
                    "object-id": "ntp-not-sync",
                    "type": "error",
                    "triggered": 1,
                    "last-triggered": "2030-06-01T11:59:00",
                },
                {
                    "object-id": "antenna-faulty",
                    "type": "error",
                    "triggered": 0,
                    "last-triggered": "2030-05-01T00:00:00",
                },
                {
                    "object-id": "ntp-sync",
                    "type": "info",
                    "triggered": 1,
                    "last-triggered": "never",
                },
                {
                    "object-id": "melt-down",
                    "type": "critical",
                    "triggered": 1,
                    "last-triggered": "never",
                },
            ]
        },
        "network": {
            "ports": [
                {
                    "object-id": "lan0",
                    "port-available": True,
                    "duplex": "full",
                    "operstate": True,
                    "speed": "1000",
                    "mac-address": "02:00:5E:10:00:01",
                    "link": True,
                    "slot-id": 7,
                    "slot-name": "cpu",
                    "port-id": 0,
                    "card-name": "c05f1-v33",
                    "statistics": {"rx-packets": 5, "tx-bytes": "17", "mtu": 0},
                    "bonding-slave": {
                        "ad-aggregator-id": "N/A",
                        "link-failure-count": "2",
                        "mii-status": True,
                        "state": "standalone",
                    },
                    "poe": {"watts": 4},
                },
                {
                    "object-id": "lan1",
                    "port-available": False,
                    "duplex": "-",
                    "operstate": False,
                    "speed": "-",
                    "mac-address": "00:00:00:00:00:00",
                    "link": False,
                    "slot-id": -1,
                    "slot-name": "",
                    "port-id": -1,
                    "card-name": "unknown",
                },
            ],
            "interfaces": [
                {
                    "object-id": "vif0",
                    "ifname": "lan0:0",
                    "addresses": [
                        {
                            "object-id": "ipv4-static",
                            "iftype": "static",
                            "addresstype": "ipv4",
                            "subnet": "255.255.255.128",
                            "address": "192.0.2.10",
                        },
                        {"object-id": "ipv6-static", "subnet": "64", "address": "2001:db8::10"},
                    ],
                    "cluster": {
                        "ipv4": {"enabled": True, "cluster-ip": "192.0.2.99", "master-priority": 0},
                        "ipv6": {
                            "enabled": False,
                            "cluster-ip": "",
                            "master-priority": 0,
                            "ntp-status": "unknown",
                            "reconfig-state": "currently-none",
                        },
                    },
                },
                {"object-id": "vif1", "ifname": "lan1:1"},
                {
                    "object-id": "vif2",
                    "ifname": "bond0:2",
                    "addresses": [{"object-id": "a", "subnet": "255.255.0.0", "address": "198.51.100.7"}],
                },
            ],
        },
        "services": {
            "network": {"ssh": {"running": True}, "telnet": {"running": False}},
            "global": {"serial_console": {"running": True}, "odd": {}},
        },
        "chassis0": {
            "model": "M1000",
            "serial-number": "099900000002",
            "backplane-revision": "V1",
            "firmware-image": "fw_7.10.012",
            "slot-layout": "1,9",
            "slots": [
                {
                    "object-id": "pwr1",
                    "slot-type": "pwr",
                    "module": {
                        "power-available": True,
                        "power-capacity": 50.0,
                        "info": {"model": "psu"},
                    },
                },
                {
                    "object-id": "pwr2",
                    "slot-type": "pwr",
                    "module": {"power-available": False, "power-capacity": 0.0},
                },
                {
                    "object-id": "clk2",
                    "slot-type": "clk",
                    "module": {
                        "info": {
                            "model": "gns181",
                            "serial-number": "099900000003",
                            "sensors": {"temperature-1": 0.0},
                        },
                        "gns": {
                            "receiver-status": "tracking",
                            "antenna": {"connected": False, "short-circuit": True},
                            "jamming": "low",
                        },
                        "satellites": {
                            "good-satellites": 3,
                            "satellites-in-view": 20,
                            "position-x": 1.5,
                            "position-y": 2.5,
                            "position-z": 3.5,
                            "pdop": 1.25,
                            "selected-satellites": ["gps1", "galileo22"],
                            "gnss": {"satellite-list": [{"gnss-type": "glonass"}, {"gnss-type": "gps"}]},
                        },
                    },
                },
                {
                    "object-id": "cpu",
                    "slot-type": "cpu",
                    "module": {
                        "info": {
                            "model": "c05f1-v33",
                            "serial-number": "N/A",
                            "sensors": {"temperature-1": 51.0, "temperature-2": 0.0},
                        }
                    },
                },
                {"object-id": "clk1", "slot-type": "clk"},
            ],
        },
        "chassis1": {
            "model": "EXP",
            "slots": [{"object-id": "io1", "slot-type": "io", "module": {"info": {"model": "bpe8XXX"}}}],
        },
        "ntp": [
            {
                "object-id": "sys",
                "association-id": 0,
                "id": "127.0.0.1",
                "name": "localhost",
                "status": "0415",
                "status-sys-leap-indicator": "none",
                "status-sys-clock-source": "uhf-radio",
                "status-sys-event-counter": 1,
                "status-sys-event-code": "clock-sync",
                "leap": 0,
                "stratum": 1,
                "precision": -19,
                "rootdelay": 0.0,
                "rootdisp": 0.0012,
                "refid": "GPS",
                "tai": 37,
                "leapsec": "201701010000",
                "clk-jitter": 2e-06,
                "clk-wander": 0.0,
                "expire": "203012280000",
            },
            {
                "object-id": "ref_1",
                "association-id": 55,
                "id": "127.127.8.0",
                "status-peer-selection": "pps-peer",
                "status-peer-reach-ok": True,
                "leap": "01",
                "reach": 255,
                "poll-status": "11111111 [377]",
                "offset": -1.5e-06,
            },
            {
                "object-id": "ref_2",
                "id": "192.0.2.50",
                "status-peer-selection": "candidate",
                "status-peer-reach-ok": False,
                "leap": 3,
                "reach": 0,
                "hmode": 3,
            },
        ],
        "syncmon": {
            "last-updated": "2030-06-01T12:00:00",
            "nodes": [{"object-id": "n1", "special-sauce": [1]}],
        },
        "syncteam": {
            "operational-mode": "disabled",
            "time-quality": "unknown",
            "leapsecond-state": "no-leapsecond",
            "current-tfom": 15,
            "team-members": 0,
            "reference": {"current-team-master": "unknown", "current-team-reference": "clk1"},
            "members": [],
        },
    },
}

EVERYTHING = facts.resolve_subsets(["all", "config"])


def gathered(*subsets: str) -> dict[str, t.Any]:
    result = facts.gather_facts(copy.deepcopy(ENVELOPE), facts.resolve_subsets(list(subsets)))
    json.dumps(result, allow_nan=False)
    return result


def lantime(subset: str) -> t.Any:
    return gathered("!min", "!all", subset)["ansible_lantime"][subset]


def test_the_sample_fills_every_subset() -> None:
    result = gathered("all", "config")
    assert result["ansible_net_gather_subset"] == sorted(facts.SUBSETS)
    assert set(result["ansible_lantime"]) == facts.ALL_SUBSETS
    assert [name for name, value in result["ansible_lantime"].items() if not value] == ["ptp"]
