# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the anonymizer replaces, and what it keeps."""

from __future__ import annotations

import ipaddress
import re
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._recording.anonymizer import Anonymizer
from ansible_collections.meinberg.lantime.plugins.module_utils._recording.stand_ins import StandIns
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.redaction import Redactor

KEY = b"the key of these tests"
NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")


def anonymizer(key: bytes = KEY, *credentials: str) -> Anonymizer:
    redactor = Redactor()
    redactor.add(*credentials)
    return Anonymizer(StandIns(key), redactor)


def replaced(path: str, value: t.Any) -> t.Any:
    return anonymizer().replace(value, tuple(path.split("/")))


REPLACED = {
    "serial-number": ("chassis0/serial-number", "030111006950", r"99\d{10}"),
    "padded serial number": ("info/serial-number", "030111006950    ", r"99\d{10}    "),
    "short serial number": ("chassis0/serial-number", "17", r"99\d{8}"),
    "host name": ("network/hostname", "ts1", r"host-[0-9a-f]{8}"),
    "host name like a part": ("network/hostname", "lan0", r"host-[0-9a-f]{8}"),
    "full name": ("system-information/hostname", "ts1.corp.net", r"host-[0-9a-f]{8}\.zone-[0-9a-f]{8}\.example"),
    "domain": ("network/domain", "corp.net", r"zone-[0-9a-f]{8}\.example"),
    "server with port": ("syslog/servers", "log.corp.net:514", r"host-[0-9a-f]{8}\.zone-[0-9a-f]{8}\.example:514"),
    "host in a firmware leaf": ("ntp/refid", "ts1.corp.net", r"host-.*\.example"),
    "network": ("routes/destination", "10.1.0.0/16", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+/16"),
    "IPv6": ("ipv6/address", "2a00:1450::5", r"2001:db8:[0-9a-f:]+"),
    "link-local": ("ipv6/link-local", "fe80::211:22ff:fe33:4455%lan0", r"2001:db8:[0-9a-f:]+%lan0"),
    "multicast of the site": ("cluster/ip", "239.192.0.7", r"233\.252\.0\.\d+"),
    "MAC": ("ports/lan0/mac-address", "00:13:95:16:7C:9C", r"02:00:5E(:[0-9A-F]{2}){3}"),
    "MAC in any leaf": ("somewhere/new", "00-13-95-16-7c-9c", r"02-00-5e(-[0-9a-f]{2}){3}"),
    "clock identity": ("ptp/clock-identity", "001395fffe167c9c", r"02005efffe[0-9a-f]{6}"),
    "contact": ("snmp/contact", "Jane Doe, +49 40 1234", r"contact-[0-9a-f]{8}"),
    "mail": ("email/to", "jane@corp.net", r"user-[0-9a-f]{8}@example\.com"),
    "mail in any leaf": ("somewhere/new", "jane@corp.net", r"user-[0-9a-f]{8}@example\.com"),
    "user": ("snmp/v3/user-name", "jane", r"user-[0-9a-f]{8}"),
    "location": ("snmp/location", "rack", r"text-[0-9a-f]{8}"),
    "label like a token": ("interfaces/vif0/label", "office", r"text-[0-9a-f]{8}"),
    "token of a leaf that is not known": ("somewhere/new", "office", r"text-[0-9a-f]{8}"),
    "free text in a firmware leaf": ("somewhere/state", "as Jane left it", r"text-[0-9a-f]{8}"),
    "long number of a leaf that is not known": ("somewhere/new", "030111006950", r"99\d{10}"),
    "certificate": ("web/new", "-----BEGIN CERTIFICATE-----\nMIIB\n", r"certificate-[0-9a-f]{8}\n"),
    "fingerprint": ("web/fingerprint", "ab:cd", r"certificate-[0-9a-f]{8}"),
    "secret": ("snmp/read-community", "in clear", r"\*{8}"),
    "position": ("system/position", "46.951083, 7.438632", r"-4\d\.\d{6}, -12\d\.\d{6}"),
    "position in any leaf": ("somewhere/new", "46.9510, 7.4386", r"-4\d\.\d{4}, -12\d\.\d{4}"),
    "URL": (
        "proxy/url",
        "https://web.corp.net:8443/x",
        r"https://host-[0-9a-f]{8}\.zone-[0-9a-f]{8}\.example:8443/text-.*",
    ),
    "URL with IPv6": ("proxy/url", "http://[2a00::1]:80", r"http://\[2001:db8:[0-9a-f:]+\]:80"),
    "URL with a password": ("proxy/url", "http://jane:pw@web.corp.net/", r"text-[0-9a-f]{8}|user-.*"),
}
KEPT = {
    "no serial number": ("chassis0/serial-number", "N/A"),
    "empty": ("snmp/contact", ""),
    "mask": ("snmp/read-community", "****"),
    "loopback": ("ntp/ref_1/id", "127.127.8.0"),
    "netmask": ("addresses/ipv4-static/subnet", "255.255.255.0"),
    "no address": ("ipv4/address", "0.0.0.0"),
    "PTP multicast": ("ptp/address", "224.0.1.129"),
    "no MAC": ("ports/lan3/mac-address", "00:00:00:00:00:00"),
    "token": ("sync-status/reference", "clk1-gps"),
    "word of a leaf that is not known": ("somewhere/new", "synchronized"),
    "time": ("events/x/new", "2026-02-11T22:05:07"),
    "version of four numbers": ("packages/ntp/version", "7.10.8.1"),
    "memory": ("system/memory", "228428 kB total memory, 161732 kB free (70 %)"),
    "load": ("system/cpuload", "0.48 0.66 0.57 2/99 25157"),
    "link": ("links/self", "https://localhost/api/status"),
    "number": ("somewhere/new", 17),
    "no position": ("satellites/latitude", 0.0),
    "nothing": ("somewhere/new", None),
}


@pytest.mark.parametrize("case", REPLACED)
def test_personal_values_get_a_stand_in(case: str) -> None:
    path, value, pattern = REPLACED[case]
    assert re.fullmatch(pattern, replaced(path, value)), replaced(path, value)


@pytest.mark.parametrize("case", KEPT)
def test_values_of_the_firmware_stay(case: str) -> None:
    path, value = KEPT[case]
    assert replaced(path, value) == value


def test_numbers_keep_their_type_and_precision() -> None:
    latitude = replaced("satellites/latitude", 46.951083)
    assert isinstance(latitude, float)
    assert -50 <= latitude <= -40
    assert len(str(latitude).partition(".")[2]) <= 6
    serial = replaced("chassis0/serial-number", 30111006950)
    assert isinstance(serial, int)
    assert str(serial).startswith("99")


def test_equal_values_have_equal_stand_ins_of_a_key() -> None:
    tree = {"a": {"hostname": "ts1"}, "b": {"hostname": "TS1.corp.net"}, "c": {"domain": "corp.net"}}
    shown = anonymizer().replace(tree, ("config",))
    assert shown["b"]["hostname"] == f"{shown['a']['hostname']}.{shown['c']['domain']}"
    assert anonymizer().replace(tree, ("config",)) == shown
    assert anonymizer(b"another key").replace(tree, ("config",)) != shown


def test_addresses_of_a_network_stay_together_and_apart() -> None:
    names = [f"10.20.{network}.{host}" for network in range(3) for host in range(60)]
    shown = anonymizer().replace({"servers": names}, ("config",))["servers"]
    assert len(set(shown)) == len(names)
    assert all(name.startswith(NETWORKS) and ipaddress.ip_address(name) for name in shown)
    six = anonymizer().replace({"servers": ["2a00:1:2:3::1", "2a00:1:2:3::2", "2a00:9::1"]}, ("config",))["servers"]
    networks = [ipaddress.ip_network(f"{name}/64", strict=False) for name in six]
    assert networks[0] == networks[1] != networks[2]


def test_more_addresses_than_the_ranges_hold_take_no_long_time() -> None:
    names = [f"10.{number // 250}.1.{number % 250 + 1}" for number in range(5000)]
    started = time.process_time()
    shown = anonymizer().replace({"servers": names}, ("config",))["servers"]
    assert time.process_time() - started < 5
    assert all(name.startswith(NETWORKS) for name in shown)
    assert len(set(shown)) > 500


def test_a_clock_identity_belongs_to_its_mac_address() -> None:
    shown = anonymizer().replace({"mac-address": "00:13:95:16:7c:9c", "clock-identity": "001395fffe167c9c"}, ())
    assert shown["clock-identity"] == shown["mac-address"].replace(":", "").replace("02005e", "02005efffe")


def test_a_name_is_replaced_wherever_it_occurs() -> None:
    tree = {
        "security": {"users": [{"object-id": "jane-doe", "level": "admin"}, {"object-id": "root"}]},
        "system": {"source": "jane-doe", "rights": {"jane-doe": "rw"}},
    }
    made = anonymizer()
    made.replace(tree, ("config",))
    shown = made.replace(tree, ("config",))
    user = shown["security"]["users"][0]["object-id"]
    assert re.fullmatch(r"user-[0-9a-f]{8}", user)
    assert shown["security"]["users"][1]["object-id"] == "root"
    assert shown["system"]["source"] == user
    assert list(shown["system"]["rights"]) == [user]
    assert made.segments(("config", "security", "users", "jane-doe")) == ("config", "security", "users", user)
    assert (
        made.message("no item 'jane-doe' in security/users/jane-doe.") == f"no item '{user}' in security/users/{user}."
    )


def test_tables_keep_their_items_and_order() -> None:
    tree = {"syncmon": {"nodes": [{"object-id": "site-b", "address": "10.1.1.1"}, {"object-id": "node2"}]}}
    shown = anonymizer().replace(tree, ("config",))["syncmon"]["nodes"]
    assert [set(item) for item in shown] == [{"object-id", "address"}, {"object-id"}]
    assert shown[1]["object-id"] == "node2"
    assert shown[0]["object-id"].startswith("host-")
    by_name = {"syncmon": {"nodes": {"site-b": {"object-id": "site-b"}}}}
    assert list(anonymizer().replace(by_name, ("config",))["syncmon"]["nodes"]) == [shown[0]["object-id"]]


def test_a_token_that_raw_shows_as_number_stays() -> None:
    made = anonymizer()
    made.learn_enums({"a": [{"object-id": "x1", "new": "office"}]}, {"a": [{"object-id": "x1", "new": 3}]}, ("config",))
    shown = made.replace({"a": [{"object-id": "x1", "new": "office"}], "new": "office"}, ("config",))
    assert shown["a"][0]["new"] == "office"
    assert shown["new"] != "office"
    assert made.replace({"object-id": "x1", "new": "office"}, ("config", "a", "x1"))["new"] == "office"


def test_credentials_are_replaced_everywhere() -> None:
    made = anonymizer(KEY, "canary&password")
    shown = made.replace({"state": "canary&password", "mode": "is-canary&password-1"}, ("status",))
    assert "canary" not in str(shown)
    assert "canary" not in made.message("<p>canary&amp;password</p> canary%26password")
    assert "Y2FuYXJ5" not in made.message("Basic Y2FuYXJ5JnBhc3N3b3Jk")


def test_without_anonymization_only_secrets_are_replaced() -> None:
    made = Anonymizer(None, Redactor())
    tree = {"snmp": {"contact": "Jane", "read-community": "in clear"}, "Odd Name": {"x": "10.1.1.1"}}
    assert made.replace(tree, ("config",)) == {**tree, "snmp": {"contact": "Jane", "read-community": "********"}}
    assert made.summary["secret"] == 1
    assert made.message("host 10.1.1.1") == "host 10.1.1.1"


def test_the_summary_counts_different_values() -> None:
    made = anonymizer()
    made.replace([{"hostname": "a.corp.net"}, {"hostname": "a.corp.net"}, {"address": "10.1.1.1", "contact": "J"}], ())
    summary = made.summary
    assert {kind: number for kind, number in summary.items() if number} == {"address": 1, "contact": 1, "host_name": 1}
    made.forget_counts()
    assert not any(made.summary.values())


# What a device may show whose firmware nobody has recorded: every text in it is one of its owner.
FOREIGN: dict[str, t.Any] = {
    "site-settings": {
        "operator": "canary Jane Doe",
        "room": {"value": "canary-hall-5"},
        "tags": ["canary-core", "Canary Rack 7"],
        "nested": [["canary-a"], [{"remark": "canary-b"}]],
        "ssh": {"authorized": "ssh-ed25519 AAAAC3NzaC1lZDI1canary jane@canary"},
        "syslog": [{"object-id": "canary.corp.net", "proto": "udp"}, {"object-id": "10.77.1.2", "proto": "tcp"}],
        "ldap": {"base-dn": "dc=canary,dc=net", "uri": "ldaps://canary.corp.net:636/ou=canary"},
        "radius": {"hosts": {"canary-radius": {"port": 1812}}},
        "Canary Building": {"x": 1},
        "jane@canary.net": True,
        "proxy": "http://canary.corp.net:3128",
        "time-zone": "Europe/Canary",
        "snmp-v3": {"users": {"canary": {"level": "auth"}}, "engine-id": "80001f8804canary"},
        "gps": {"state": "Canary Street 3", "reference": "canary.corp.net"},
    }
}


def test_nothing_of_its_owner_is_left_of_an_unknown_configuration() -> None:
    made = anonymizer()
    made.replace(FOREIGN, ("config",))
    shown = str(made.replace(FOREIGN, ("config",)))
    assert "canary" not in shown.casefold()
    assert "10.77.1.2" not in shown
    assert "'proto': 'udp'" not in shown or "jane" not in shown.casefold()
    assert "1812" in shown


def test_messages_of_the_firmware_keep_their_words() -> None:
    made = anonymizer()
    made.replace({"hostname": "ts1", "location": "hall 5"}, ())
    text = "<title>TS1</title> 404: no object 10.1.2.3 at https://ts1.corp.net/api/ts1 (00:13:95:16:7c:9c)"
    shown = made.message(text)
    assert "ts1" not in shown.casefold().replace("</title>", "").replace("<title>", "")
    assert "10.1.2.3" not in shown
    assert "00:13" not in shown
    assert "404: no object" in shown
