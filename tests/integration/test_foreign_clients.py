# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients in the manner of others read the simulator and print right values.

They share nothing with the collection, and ask as public clients do: the same URLs, headers and conversions.
https://github.com/raphaelthomas/meinberg-ltos-exporter (Basic, /api/status, every type strict),
https://github.com/koenw/lantime-prometheus-exporter (the root /api/, no credentials),
https://github.com/mattlamb99/meinberg-influx (Basic, /api/status, a Content-Type on a GET),
and the vendor's own introductions (a token; single nodes, with and without ?raw).
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import typing as t
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet

M600_RECORDINGS = [path for path in RECORDINGS if path.name.startswith("m600-")]
DEVICES = ("ts706", "ts708", "ts710", "ims")
Json = dict[str, t.Any]


def fetch(
    device: DeviceHandle,
    path: str,
    *,
    method: str = "GET",
    timeout: float = 5.0,
    **headers: str,
) -> t.Any:
    """One request past every proxy; what is not 200 is an error."""
    context = ssl.create_default_context(cafile=device.ca)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{device.url}{path}", headers=named, method=method)
    with opener.open(request, timeout=timeout) as answer:
        return json.load(answer)


def basic(device: DeviceHandle, user: str = "info") -> str:
    pair = f"{user}:{device.users[user]}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


# An exporter with strict types: a member of another type makes the whole scrape fail.


class TypeMismatchError(TypeError):
    """A member is not of the type that the exporter's model has."""


def number(value: t.Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeMismatchError(f"{value!r} is no number")
    return float(value)


def string(value: t.Any) -> str:
    if not isinstance(value, str):
        raise TypeMismatchError(f"{value!r} is no string")
    return value


def boolean(value: t.Any) -> bool:
    if not isinstance(value, bool):
        raise TypeMismatchError(f"{value!r} is no boolean")
    return value


def serial_number(value: t.Any) -> str:
    """Trimmed; the words for nothing are nothing."""
    text = string(value).strip()
    return "" if text.lower() in ("", "unknown", "n/a", "na", "none") else text


def leap_indicator(value: t.Any) -> int:
    """A number, or a string with one; 0 to 3."""
    found = int(value) if isinstance(value, str) else int(number(value))
    if not 0 <= found <= 3:
        raise TypeMismatchError(f"{value!r} is no leap indicator")
    return found


def quality_seconds(value: t.Any) -> float:
    """`less-than-100ns` in the notation of Go's durations; 0 for another text."""
    found = re.fullmatch(r"(?:less-than-)?(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)", string(value).lower())
    if not found:
        return 0.0
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
    return float(found.group(1)) * units[found.group(2)]


def unix(value: t.Any, form: str = "%Y-%m-%dT%H:%M:%S") -> float:
    """Seconds since 1970 of a time without a zone, taken as UTC; 0 for never."""
    if string(value) == "never":
        return 0.0
    return datetime.strptime(value, form).replace(tzinfo=timezone.utc).timestamp()


class Exposition:
    """Samples in the text form of Prometheus, read back by name and labels."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, name: str, value: float, **labels: str) -> None:
        pairs = ",".join(f"{key}={json.dumps(text)}" for key, text in sorted(labels.items()))
        self.lines.append(f"meinberg_ltos_{name}{{{pairs}}} {float(value)!r}")

    def __getitem__(self, name: str) -> dict[str, float]:
        """The values of a name, by the labels but `host`."""
        found = {}
        for line in self.lines:
            match = re.fullmatch(r"meinberg_ltos_(\w+)\{(.*)\} (\S+)", line)
            assert match, line
            if match.group(1) == name:
                labels = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match.group(2))
                key = ",".join(text for label, text in labels if label != "host")
                found[key] = float(match.group(3))
        return found

    def only(self, name: str) -> float:
        (value,) = self[name].values()
        return value


def scrape(device: DeviceHandle) -> Exposition:
    """What the exporter with strict types prints of one device."""
    shown = Exposition()
    try:
        answer = fetch(device, "/api/status", Authorization=basic(device))
        samples(answer, shown)
    except (urllib.error.URLError, TypeMismatchError, KeyError, ValueError):
        shown.lines.clear()
        shown.add("up", 0, host="unknown")
    else:
        shown.add("up", 1, host=answer["system-information"]["hostname"])
    return shown


def samples(answer: Json, shown: Exposition) -> None:
    information, data = answer["system-information"], answer["data"]
    host = string(information["hostname"])
    shown.add(
        "build_info",
        1,
        host=host,
        api_version=string(data["rest-api"]["api-version"]),
        firmware_version=string(information["version"]),
    )
    shown.add(
        "system_info",
        1,
        host=host,
        model=string(information["model"]),
        serial_number=serial_number(information["serial-number"]),
    )
    system = data["system"]
    shown.add("system_uptime_seconds", number(system["uptime"]), host=host)
    for period, load in zip(("1", "5", "15"), string(system["cpuload"]).split()):
        shown.add("system_cpu_load_avg", float(load), host=host, period=period)
    for name, word in (("memory_bytes", "total"), ("memory_free_bytes", "free")):
        found = re.search(rf"(\d+)\s+kB\s+{word}", string(system["memory"]))
        if not found:
            raise TypeMismatchError(system["memory"])
        shown.add(f"system_{name}", int(found.group(1)) * 1024, host=host)
    for mount in system["storage"]:
        for name, member in (("total", "size"), ("used", "used")):
            size = number(mount[member]) * 1024
            shown.add(f"storage_{name}_bytes", size, host=host, mount=string(mount["mountpoint"]))
    for event in data["notification"]["events"]:
        shown.add(
            "notification_last_triggered_seconds",
            unix(event["last-triggered"]),
            host=host,
            event=string(event["object-id"]),
        )
    ports(data, shown, host)
    associations(data, shown, host)
    clocks(data, shown, host)


def ports(data: Json, shown: Exposition, host: str) -> None:
    for port in data["network"]["ports"]:
        name = string(port["object-id"])
        shown.add("network_port_up", boolean(port["link"]), host=host, port=name)
        if not port["link"]:
            continue
        text = {key: string(port[key]) for key in ("speed", "duplex", "mac-address", "card-name")}
        shown.add("network_port_info", 1, host=host, port=name, speed=text["speed"])
        for counter in ("rx-bytes", "tx-bytes", "rx-packets", "tx-packets", "rx-errors"):
            if "statistics" in port:
                count = number(port["statistics"][counter])
                metric = f"network_port_{counter.replace('-', '_')}_total"
                shown.add(metric, count, host=host, port=name)


def associations(data: Json, shown: Exposition, host: str) -> None:
    for entry in data["ntp"]:
        leap = leap_indicator(entry["leap"])
        if number(entry["association-id"]) == 0:
            labels = {"host": host, "refid": string(entry["refid"])}
            shown.add("ntp_sys_stratum", number(entry["stratum"]), **labels)
            shown.add("ntp_sys_precision_seconds", 2 ** number(entry["precision"]), **labels)
            shown.add("ntp_sys_root_delay_seconds", number(entry["rootdelay"]), **labels)
            shown.add("ntp_sys_root_dispersion_seconds", number(entry["rootdisp"]), **labels)
            shown.add("ntp_sys_clock_jitter_seconds", number(entry["clk-jitter"]), **labels)
            shown.add("ntp_sys_leap_indicator", leap, **labels)
            leapsec = unix(entry["leapsec"], "%Y%m%d%H%M")
            shown.add("ntp_sys_leap_second_timestamp_seconds", leapsec, **labels)
        else:
            labels = {"host": host, "peer_name": string(entry["object-id"])}
            for member in ("offset", "delay", "dispersion"):
                if member in entry:
                    shown.add(f"ntp_peer_{member}_seconds", number(entry[member]), **labels)
            shown.add("ntp_peer_synchronized", leap != 3, **labels)


def clocks(data: Json, shown: Exposition, host: str) -> None:
    for slot in data["chassis0"]["slots"]:
        if string(slot["slot-type"]) != "clk" or "module" not in slot:
            continue
        module, labels = slot["module"], {"host": host, "clock_id": string(slot["slot-id"])}
        sync = module["sync-status"]
        state = sync["clock-status"]
        shown.add("clock_synchronized", string(state["clock"]) == "synchronized", **labels)
        warm = string(state["oscillator"]) == "warmed-up"
        shown.add("clock_oscillator_warmed_up", warm, **labels)
        seconds = quality_seconds(sync["est-time-quality"])
        shown.add("clock_estimated_time_quality_seconds", seconds, **labels)
        shown.add(
            "clock_info",
            1,
            model=string(module["info"]["model"]),
            serial_number=serial_number(module["info"]["serial-number"]),
            oscillator_type=string(sync["osc-type"]),
            **labels,
        )
        if "satellites" in module:
            sky = module["satellites"]
            for member, unit in (
                ("satellites-in-view", ""),
                ("good-satellites", ""),
                ("latitude", "_degrees"),
                ("longitude", "_degrees"),
                ("altitude", "_meters"),
            ):
                name = f"clock_receiver_gnss_{member.replace('-', '_')}{unit}"
                shown.add(name, number(sky[member]), **labels)
        for block, part in (("grc", "antenna"), ("grc", "receiver")):
            for member, value in module.get(block, {}).get(part, {}).items():
                name = f"clock_receiver_gnss_{part}_{member.replace('-', '_')}"
                shown.add(name, boolean(value), **labels)
        if "dcf77" in module:
            for member in ("field-strength", "correlation"):
                name = f"clock_receiver_dcf77_{member.replace('-', '_')}"
                shown.add(name, number(module["dcf77"][member]), **labels)


class Expected(t.NamedTuple):
    """What is known of a device of the fleet, without asking it."""

    model: str
    api: str
    firmware: str
    clock: str
    oscillator: str
    quality: float
    refid: str
    good: float | None
    view: float | None
    speed: str
    statistics: bool
    events: int


EXPECTED = {
    "ts706": Expected(
        "M300",
        "10.21.019",
        "fw_7.06.017-light",
        "pzf511",
        "tcxo",
        1e-7,
        "PZF",
        None,
        None,
        "100",
        False,
        28,
    ),
    "ts708": Expected(
        "M400",
        "17.03.004",
        "fw_7.08.011",
        "gps180",
        "ocxo-hq",
        1e-7,
        "GPS",
        9,
        14,
        "1000",
        True,
        29,
    ),
    "ts710": Expected(
        "M600",
        "20.07.002",
        "fw_7.10.012",
        "grc181",
        "ocxo-hq",
        1e-7,
        "GPS",
        9,
        14,
        "1000",
        True,
        34,
    ),
    "ims": Expected(
        "M3000",
        "20.07.002",
        "fw_7.10.012",
        "gps182",
        "ocxo-dhq",
        1e-7,
        "GPS",
        9,
        14,
        "1000",
        True,
        37,
    ),
}


@pytest.mark.parametrize("name", DEVICES)
def test_an_exporter_with_strict_types(fleet: Fleet, name: str) -> None:
    device, expected = fleet[name], EXPECTED[name]
    shown = scrape(device)
    assert shown.only("up") == 1
    assert shown["build_info"] == {f"{expected.api},{expected.firmware}": 1}
    assert shown["system_info"] == {f"{expected.model},{device.serial.strip()}": 1}
    assert shown["ntp_sys_stratum"] == {expected.refid: 1}
    assert shown.only("ntp_sys_leap_indicator") == 0
    assert shown.only("ntp_sys_precision_seconds") == 2**-19
    assert 0 < shown.only("ntp_sys_root_dispersion_seconds") < 1e-3
    # The leap second of 1 January 2017.
    assert shown.only("ntp_sys_leap_second_timestamp_seconds") == 1483228800
    assert shown["ntp_peer_synchronized"] == {"ref_1": 1}
    assert abs(shown["ntp_peer_offset_seconds"]["ref_1"]) < 1e-4
    assert shown["clock_synchronized"]["clk1"] == 1
    assert shown["clock_oscillator_warmed_up"]["clk1"] == 1
    quality = shown["clock_estimated_time_quality_seconds"]["clk1"]
    assert quality == pytest.approx(expected.quality)
    serials = [label.split(",") for label in shown["clock_info"]]
    assert serials[0][:3] == ["clk1", expected.clock, expected.oscillator]
    assert all(re.fullmatch(r"\d{12}", label[3]) for label in serials)
    assert shown["clock_receiver_gnss_good_satellites"].get("clk1") == expected.good
    assert shown["clock_receiver_gnss_satellites_in_view"].get("clk1") == expected.view
    assert shown["network_port_up"]["lan0"] == 1
    assert f"lan0,{expected.speed}" in shown["network_port_info"]
    assert ("lan0" in shown["network_port_rx_bytes_total"]) == expected.statistics
    events = shown["notification_last_triggered_seconds"]
    assert len(events) == expected.events
    assert events["ntp-stopped"] == 0
    now = datetime.now(timezone.utc).timestamp()
    # 3002 minutes before the device was made, in UTC.
    assert now - events["ntp-sync"] == pytest.approx(3002 * 60, abs=3600)
    assert shown["storage_total_bytes"]["/mnt/flash"] > 3e8
    assert shown.only("system_memory_free_bytes") < shown.only("system_memory_bytes")
    assert set(shown["system_cpu_load_avg"]) == {"1", "5", "15"}
    ledger = device.ledger
    assert (ledger.gets, ledger.writes, ledger.handshakes) == (1, 0, 1)


def test_receivers_in_an_exporter(fleet: Fleet) -> None:
    old = scrape(fleet["ts706"])
    assert 0 < old.only("clock_receiver_dcf77_field_strength") <= 100
    assert 0 < old.only("clock_receiver_dcf77_correlation") <= 100
    new = scrape(fleet["ts710"])
    assert new.only("clock_receiver_gnss_antenna_connected") == 1
    assert new.only("clock_receiver_gnss_antenna_short_circuit") == 0
    assert new.only("clock_receiver_gnss_receiver_synchronized") == 1
    assert new.only("clock_receiver_gnss_receiver_cold_boot") == 0
    assert new.only("clock_receiver_gnss_latitude_degrees") == 48.137154
    assert new.only("clock_receiver_gnss_altitude_meters") == 527.9


def test_an_exporter_prints_the_text_form(fleet: Fleet) -> None:
    lines = scrape(fleet["ts710"]).lines
    assert 'meinberg_ltos_ntp_sys_stratum{host="ts710",refid="GPS"} 1.0' in lines
    assert 'meinberg_ltos_clock_synchronized{clock_id="clk1",host="ts710"} 1.0' in lines


def scrape_recording(recording: Path) -> Exposition:
    with Fleet([DeviceSpec("recorded", f"recording:{recording}")], freeze=True) as fleet:
        return scrape(fleet["recorded"])


def test_an_exporter_on_a_recording(fleet: Fleet, tmp_path: Path) -> None:
    """A replayed answer reads as its device; of the one on record the exporter's project publishes the values."""
    own = tmp_path / "own.json"
    answer = fetch(fleet["ts710"], "/api/status", Authorization=basic(fleet["ts710"]))
    own.write_text(json.dumps(answer), encoding="utf-8")
    assert scrape_recording(own).lines == scrape(fleet["ts710"]).lines
    for recording in M600_RECORDINGS:
        shown = scrape_recording(recording)
        assert shown["build_info"] == {"20.05.013,fw_7.10.008": 1}
        quality = shown.only("clock_estimated_time_quality_seconds")
        assert quality == pytest.approx(1e-7)
        assert shown.only("clock_receiver_gnss_altitude_meters") == 555.5
        assert shown.only("clock_receiver_gnss_good_satellites") == 9
        assert shown["network_port_up"] == {"lan0": 1, "lan1": 0, "lan2": 0, "lan3": 0}
        assert shown.only("network_port_rx_bytes_total") == 55105245
        assert shown["notification_last_triggered_seconds"]["antenna-reconnect"] == 1770716661
        assert shown.only("ntp_sys_clock_jitter_seconds") == 4e-6
        assert shown.only("ntp_sys_root_dispersion_seconds") == 0.000124
        assert shown["storage_total_bytes"]["/"] == 112570368


@pytest.mark.parametrize("name", DEVICES)
def test_an_exporter_sees_an_incident_come_and_go(fleet: Fleet, name: str) -> None:
    device = fleet[name]
    before = scrape(device)
    device.raise_incident("holdover")
    device.advance(6 * 3600)
    shown = scrape(device)
    assert shown.only("up") == 1
    assert shown["ntp_sys_stratum"] == {"LOCL": 12}
    assert shown["ntp_peer_synchronized"] == {"ref_1": 0, "ref_2": 1}
    assert set(shown["clock_synchronized"].values()) == {0}
    quality = shown["clock_estimated_time_quality_seconds"]["clk1"]
    assert quality > before["clock_estimated_time_quality_seconds"]["clk1"]
    assert shown["clock_receiver_gnss_good_satellites"].get("clk1", 0) == 0
    events = "notification_last_triggered_seconds"
    grown = shown[events]["ntp-not-sync"] - before[events]["ntp-not-sync"]
    assert grown == pytest.approx(3011 * 60, abs=60)
    device.clear_incidents()
    shown = scrape(device)
    assert shown["ntp_sys_stratum"] == before["ntp_sys_stratum"]
    assert shown["clock_synchronized"] == before["clock_synchronized"]
    # It went and came six hours after the device was made.
    assert shown[events]["ntp-sync"] - before[events]["ntp-sync"] == 3002 * 60 + 6 * 3600


def test_an_exporter_finds_a_device_down(fleet: Fleet) -> None:
    device = fleet["ts710"]
    for members in ({"status": 503}, {"status": 401}):
        device.add_fault("status", **members)
        assert scrape(device).lines == ['meinberg_ltos_up{host="unknown"} 0.0']
        device.clear_faults()
    device.set_dialect(rest_api=False)
    assert scrape(device).only("up") == 0


# An exporter that reads the root without credentials, and takes what is there.


def root_values(answer: Json) -> dict[str, t.Any]:
    """What it prints; a member that is not there is empty or 0."""
    information = answer.get("system-information", {})
    status = answer.get("data", {}).get("status", {})
    system = status.get("system", {})
    load = system.get("cpuload", "").split(" ")
    memory = system.get("memory", "").split(" ")
    slots = status.get("chassis0", {}).get("slots", [])
    modules = [slot.get("module", {}) for slot in slots if slot.get("slot-type") == "clk"]
    clock = modules[0] if modules else {}
    sync, sky = clock.get("sync-status", {}), clock.get("satellites", {})
    kinds = [item.get("gnss-type") for item in sky.get("gnss", {}).get("satellite-list", [])]
    return {
        "version": information.get("version", ""),
        "serial": information.get("serial-number", ""),
        "model": information.get("model", ""),
        "hostname": information.get("hostname", ""),
        "firmware": system.get("firmware", {}).get("running", ""),
        "position": system.get("position", ""),
        "loads": [float(word) for word in load[:3]],
        "memory": (float(memory[0]), float(memory[4])),
        "uptime": float(system.get("uptime", 0)),
        "config_change": float(system.get("last-config-change", 0)),
        "quality": sync.get("est-time-quality", ""),
        "clock": sync.get("clock-status", {}).get("clock", ""),
        "oscillator": sync.get("clock-status", {}).get("oscillator", ""),
        "receiver": clock.get("gns", {}).get("receiver-status", ""),
        "view": sky.get("satellites-in-view", 0),
        "good": sky.get("good-satellites", 0),
        "gps": kinds.count("gps"),
        "galileo": kinds.count("galileo"),
    }


@pytest.mark.parametrize("name", DEVICES)
def test_a_reader_of_the_root_without_credentials(fleet: Fleet, name: str) -> None:
    device, expected = fleet[name], EXPECTED[name]
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(device, "/api/", timeout=2)
    with refused.value:
        assert refused.value.code == 401
    device.set_dialect(anonymous="read")
    shown = root_values(fetch(device, "/api/", timeout=2))
    assert (shown["version"], shown["model"]) == (expected.firmware, expected.model)
    assert (shown["firmware"], shown["hostname"]) == (expected.firmware, name)
    assert (shown["clock"], shown["oscillator"]) == ("synchronized", "warmed-up")
    assert (shown["view"], shown["good"]) == (expected.view or 0, expected.good or 0)
    total, free = shown["memory"]
    assert 0 < free < total
    assert all(0 <= load < 4 for load in shown["loads"])
    assert shown["uptime"] > 180000
    assert re.fullmatch(r"\d+\.\d{6}, \d+\.\d{6}", shown["position"])
    device.raise_incident("antenna-fault")
    device.advance(86400)
    after = root_values(fetch(device, "/api/", timeout=2))
    assert (after["clock"], after["good"]) == ("holdover", 0)
    assert after["uptime"] - shown["uptime"] == pytest.approx(86400)
    assert after["quality"] != shown["quality"]


def test_a_reader_of_the_root_counts_constellations() -> None:
    """The client counts GPS and Galileo of a GNS clock."""
    with Fleet([DeviceSpec("ims", "m1000-7.10", anonymous="read")], freeze=True) as fleet:
        device = fleet["ims"]
        shown = root_values(fetch(device, "/api/", timeout=2))
        assert (shown["receiver"], shown["gps"], shown["galileo"]) == ("synchronized", 4, 4)
        device.raise_incident("gnss-jamming", seconds=100)
        device.advance(50)
        half = root_values(fetch(device, "/api/", timeout=2))
        assert half["receiver"] == "synchronized"
        assert 0 < half["good"] < shown["good"]
        assert half["view"] == pytest.approx(shown["view"], abs=3)
        device.advance(51)
        gone = root_values(fetch(device, "/api/", timeout=2))
        assert (gone["clock"], gone["receiver"]) == ("holdover", "not-synchronized")
        assert (gone["good"], gone["gps"], gone["galileo"]) == (0, 0, 0)


# A poller that writes points: Basic, and a Content-Type on a GET.


def point(device: DeviceHandle) -> dict[str, t.Any]:
    headers = {"Authorization": basic(device), "Content_Type": "text/plain"}
    answer = fetch(device, "/api/status", **headers)
    system = answer["data"]["system"]
    sync = system["sync-status"]
    held = sync["holdover-status"]
    return {
        "serial_number": answer["system-information"]["serial-number"],
        "model": answer["system-information"]["model"],
        "uptime": float(system["uptime"]),
        "sync_clock_status": sync["clock-status"]["clock"],
        "oscillator_status": sync["clock-status"]["oscillator"],
        "reference_source": sync["reference"],
        "estimated_time_quality": sync["est-time-quality"],
        "holdover_time_offset": float(held["time-offset"]),
        "holdover_time_elapsed": float(held["time-elapsed"]),
    }


@pytest.mark.parametrize("name", DEVICES)
def test_a_poller_of_points(fleet: Fleet, name: str) -> None:
    device = fleet[name]
    shown = point(device)
    assert shown["model"] == EXPECTED[name].model
    assert shown["serial_number"] == device.serial
    assert shown["reference_source"] == ("clk1-pzf" if name == "ts706" else "clk1-gps")
    assert shown["sync_clock_status"] == "synchronized"
    assert (shown["holdover_time_offset"], shown["holdover_time_elapsed"]) == (0, 0)
    device.raise_incident("holdover")
    series = []
    for dummy in range(5):
        device.advance(3600)
        series.append(point(device))
    assert [entry["holdover_time_elapsed"] for entry in series] == [3600 * n for n in range(1, 6)]
    offsets = [entry["holdover_time_offset"] for entry in series]
    assert offsets == sorted(offsets)
    assert offsets[0] > 0
    assert {entry["sync_clock_status"] for entry in series} == {"holdover"}
    device.raise_incident("cold-start")
    cold = point(device)
    assert (cold["sync_clock_status"], cold["uptime"]) == ("not-synchronized", 0)
    assert cold["oscillator_status"] == "not-warmed-up"


# The vendor's introductions: a token, single nodes, names and numbers.


def test_a_script_with_a_token(fleet: Fleet) -> None:
    for name in ("ts708", "ts710", "ims"):
        device = fleet[name]
        token = fetch(device, "/api/get-token", method="PUT", Authorization=basic(device))["token"]
        assert re.fullmatch(r"[0-9A-F]{32,}", token)
        speed = fetch(device, "/api/status/network/ports/lan0/speed", Authorization=f"Bearer {token}")
        assert speed["data"] == {"speed": "1000"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(fleet["ts706"], "/api/get-token", method="PUT", Authorization=basic(fleet["ts706"]))
    with refused.value:
        assert refused.value.code == 404


def test_a_script_that_asks_for_names_and_numbers(fleet: Fleet) -> None:
    device = fleet["ts710"]
    path, who = "/api/status/system/sync-status", {"Authorization": basic(device)}

    def state(query: str) -> t.Any:
        return fetch(device, f"{path}{query}", **who)["data"]["clock-status"]["clock"]

    assert (state(""), state("?raw")) == ("synchronized", 1)
    device.raise_incident("holdover")
    assert (state(""), state("?raw")) == ("holdover", 2)
    device.advance(60)
    stratum = fetch(device, "/api/status/ntp/sys/stratum", **who)
    assert stratum["data"] == {"stratum": 12}
