# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the modules of every family: read, written, refused, and what they do to the status."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.device import Device
from ansible_collections.meinberg.lantime.tests.simulator.families.catalogue import FAMILIES, FAMILY_OF_MODEL
from ansible_collections.meinberg.lantime.tests.simulator.fleet import make_identity
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES, load_profile
from ansible_collections.meinberg.lantime.tests.simulator.routes import Request, respond
from ansible_collections.meinberg.lantime.tests.simulator.schema import Leaf
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import slots
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients
from ansible_collections.meinberg.lantime.tests.simulator.tree import leaves

MODULAR = [name for name in PROFILE_NAMES if name.startswith(("m1000", "m2000", "m3000", "m4000"))]
SLOTS = "/config/chassis0/slots"
NUMBERS = ("number", "float")


def fresh(profile: str, **options: object) -> Device:
    """A device without a server, for requests that are played in this process."""
    spec = DeviceSpec("ts1", profile, **options)
    loaded = load_profile(profile)
    return Device(spec, loaded, make_identity(spec, loaded, 1), freeze=True)


def ask(device: Device, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and body of an answer to the user root."""
    segments = tuple(part for part in path.split("/") if part)
    content = b"" if body is None else json.dumps(body).encode()
    request = Request(method, path, ("api", *segments), authorization=AUTHORIZATION, body=content)
    answer = respond(device, request)
    return answer.status, json.loads(answer.body) if answer.body else None


def put(device: Device, path: str, value: Any) -> int:
    return ask(device, "PUT", path, {path.rpartition("/")[2]: value})[0]


AUTHORIZATION = "Basic cm9vdDpzaW11bGF0ZWQtcm9vdC0x"


def settings_of(device: Device) -> Iterator[tuple[str, Leaf, Any]]:
    """Every setting of the modules and slots: URL, object, value."""
    for path, leaf, value in leaves(device.config.root, device.config.running):
        if path[0] in ("chassis0", "syncmon"):
            yield "/config/" + "/".join(path), leaf, value


def legal(leaf: Leaf, value: Any, device: Device) -> Any:
    """Another value that the object takes."""
    if leaf.kind == "switch":
        return not value
    if leaf.kind == "enum":
        return next((token for token in list(leaf.tokens)[::-1] if token != value), value)
    if leaf.kind == "set":
        known = list(leaf.tokens) or list(device.config.running["notification"]["events"])
        return known[:1]
    if leaf.choices:
        return next(number for number in leaf.choices if number != value)
    if leaf.kind in NUMBERS:
        return leaf.high if value != leaf.high else leaf.low
    if leaf.kind == "time":
        return "23:59:59"
    if leaf.kind == "ref":
        return "com1"
    return "x" * min(int(leaf.high), 5)


def illegal(leaf: Leaf) -> list[Any]:
    """Values that the object does not take: of another type, and beyond its bounds."""
    if leaf.kind == "switch":
        return ["maybe", 7]
    if leaf.kind == "enum":
        return ["unheard-of", "", 999, []]
    if leaf.kind == "set":
        first = next(iter(leaf.tokens), "ntp-sync")
        empty: list[list[str]] = [[]] if leaf.low else []
        return [*empty, ["unheard-of"], [first, first], first]
    if leaf.kind in NUMBERS:
        beyond: list[Any] = [leaf.low - 1, leaf.high + 1, "many", True]
        return beyond + ([11] if leaf.step > 1 else []) + ([51] if leaf.choices else [])
    if leaf.kind == "time":
        return ["24:00:01", "1:00:00", "00:60:00", 0]
    if leaf.kind == "ref":
        return ["com9", ""]
    return ["x" * (int(leaf.high) + 1), 5, "a\nb"]


def each_setting(profiles: Iterable[str]) -> Iterator[tuple[Device, str, Leaf]]:
    """Every setting of every module once: an item of a table stands for the others that are alike."""
    seen: set[tuple[str, ...]] = set()
    for profile in profiles:
        device = fresh(profile, autosave=False)
        models = {slot["object-id"]: slot.get("module", {}) for slot in device.status()["chassis0"]["slots"]}
        for path, leaf, dummy in list(settings_of(device)):
            parts = path.split("/")
            model = models.get(parts[4], {}).get("info", {}).get("model", "") if parts[2] == "chassis0" else ""
            key = (FAMILY_OF_MODEL.get(model, ""), re.sub(r"[0-9]+", "", "/".join(parts[5:])), leaf.kind, *leaf.tokens)
            if key not in seen:
                seen.add(key)
                yield device, path, leaf


def test_every_setting_is_read_written_and_refused() -> None:
    count = 0
    for device, path, leaf in each_setting(MODULAR):
        name = path.rpartition("/")[2]
        status, answer = ask(device, "GET", path)
        assert status == 200, path
        value = answer["data"][name]
        other = legal(leaf, value, device)
        if leaf.read_only:
            assert put(device, path, other) == 400, path
            continue
        for wrong in illegal(leaf):
            assert put(device, path, wrong) == 400, (path, wrong)
        assert ask(device, "GET", path)[1]["data"] == {name: value}, path
        assert put(device, path, other) == 200, path
        assert ask(device, "GET", path)[1]["data"] == {name: other}, path
        count += 1
    assert count > 250


def test_every_family_has_its_settings() -> None:
    families: dict[str, set[str]] = {}
    for profile in PROFILE_NAMES:
        device = offline_device(profile)
        models = {slot["object-id"]: slot.get("module", {}) for slot in device.status()["chassis0"]["slots"]}
        for path, dummy, dummy in settings_of(device):
            parts = path.split("/")
            if parts[5:6] == ["module"]:
                family = FAMILY_OF_MODEL[models[parts[4]]["info"]["model"]]
                families.setdefault(family, set()).add(parts[6])
    # A LNO has no settings.
    assert set(families) == set(FAMILIES) - {"LNO"}
    assert families["FDM"] == {"fdm"}
    assert families["RSC"] == {"mode", "selected-clock", "outputs-enabled"}
    assert {"antenna", "gnss"} <= families["GPS"]
    assert "dcf77" in families["PZF"]
    assert {"tcr", "mrs"} <= families["TCR"]
    assert families["HPS"] == {"ptp", "sync-e", "ntp-service"}


def test_a_slot_has_the_menu_of_the_module_in_it(big: DeviceHandle, clients: Clients) -> None:
    client = clients.of(big)
    for slot in ("io8", "io14", "cpu", "pwr1"):
        assert client.get(f"{SLOTS}/{slot}/module").status_code == 404, slot
        assert client.data(f"{SLOTS}/{slot}")["name"] == ""
    assert client.put(f"{SLOTS}/io14/name", {"name": "spare"}).status_code == 200
    assert client.put(f"{SLOTS}/io14/module/mode", {"mode": "e1"}).status_code == 404
    assert client.put(f"{SLOTS}/io6/module/fdm", {"fdm": {"logging": True}}).status_code == 404


def test_a_pulled_module_takes_its_menu_with_it(big: DeviceHandle, clients: Clients) -> None:
    client = clients.of(big)
    path = f"{SLOTS}/io5/module/fdm/logging"
    big.raise_incident("module-loss", slot="io5")
    assert client.get(path).status_code == 404
    assert "module" not in client.data(f"{SLOTS}/io5")
    assert client.put(path, {"logging": True}).status_code == 404
    big.set_dialect(set_target="menu")
    assert client.put(f"{SLOTS}/io5", {"module": {"fdm": {"logging": True}}}).status_code == 404
    big.clear_incidents()
    assert client.data(path) == {"logging": False}


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_the_status_agrees_with_the_settings_it_was_made_with(profile: str) -> None:
    device = fresh(profile, autosave=False)
    before = device.status()
    # A change that shows nowhere makes the device write all settings of modules into the status.
    assert put(device, f"{SLOTS}/clk1/name", "roof") == 200
    after = device.status()
    assert after["chassis0"] == before["chassis0"]
    assert after["syncmon"] == before["syncmon"]


def module(device: Device, slot: str) -> Any:
    return slots(device.status())[slot]["module"]


def item(entries: list[Any], object_id: str) -> Any:
    return next(entry for entry in entries if entry["object-id"] == object_id)


@pytest.mark.parametrize(
    ("slot", "path", "value", "shown"),
    [
        ("io3", "outputs/out4/signal", "off", ("off", False)),
        ("io3", "outputs/out4/signal", "ppo1", ("ppo1", True)),
        ("io3", "outputs/out4/signal", "ppo3", ("ppo3", False)),
        ("io4", "outputs/out3/signal", "irig-dcls", ("irig-dcls", True)),
        ("io7", "outputs/out1/signal", "t1-bits", ("t1-bits", False)),
        ("io12", "outputs/out1/signal", "aes11", ("aes11", True)),
        ("io13", "outputs/out1/signal", "bi-level", ("bi-level", False)),
        ("io13", "outputs/out1/format", "720p50", ("tri-level", True)),
        ("clk1", "outputs/pp3/mode", "time-sync", ("time-sync", True)),
        ("clk1", "outputs/pp1/mode", "idle", ("idle", False)),
    ],
)
def test_a_signal_shows_at_its_socket(slot: str, path: str, value: str, shown: tuple[str, bool]) -> None:
    device = fresh("m3000-7.10")
    assert put(device, f"{SLOTS}/{slot}/module/{path}", value) == 200
    socket = item(module(device, slot)["outputs"], path.split("/")[1])
    assert (socket["signal"], socket["signal-present"]) == shown


def test_the_sockets_of_a_liu_follow_its_mode() -> None:
    device = fresh("m3000-7.10")
    assert put(device, f"{SLOTS}/io6/module/mode", "t1") == 200
    shown = {socket["signal"] for socket in module(device, "io6")["outputs"]}
    assert shown == {"t1-bits", "1544khz"}
    configured = device.config.running["chassis0"]["slots"]["io6"]["module"]["outputs"]
    assert {socket["signal"] for socket in configured.values()} == shown
    assert all(socket["signal-present"] for socket in module(device, "io6")["outputs"])


def test_limits_of_the_mains() -> None:
    device = fresh("m3000-7.10")
    path = f"{SLOTS}/io5/module/fdm"
    assert put(device, f"{path}/minimum-frequency", 50.1) == 200
    assert module(device, "io5")["fdm"]["frequency-within-limits"] is False
    assert put(device, f"{path}/monitoring-enabled", False) == 200
    assert module(device, "io5")["fdm"]["frequency-within-limits"] is True
    assert put(device, f"{path}/nominal-frequency", 60) == 200
    mains = module(device, "io5")["fdm"]
    assert (mains["nominal-frequency"], mains["frequency-deviation"]) == (60, -9.997)
    device.advance(60)
    # The mains do not change because another frequency is expected.
    assert abs(module(device, "io5")["fdm"]["frequency"] - 50) < 0.1


def test_manual_switching_stays_while_a_clock_fails() -> None:
    device = fresh("m3000-7.10")
    path = f"{SLOTS}/rsc1/module"
    assert put(device, f"{path}/selected-clock", "clk2") == 200
    assert module(device, "rsc1")["selected-clock"] == "clk1"
    assert put(device, f"{path}/mode", "manual") == 200
    assert module(device, "rsc1")["selected-clock"] == "clk2"
    device.incidents.raise_("refclock-failure", {"slot": "clk2"})
    switch = module(device, "rsc1")
    assert switch["selected-clock"] == "clk2"
    assert item(switch["clocks"], "clk2")["state"] != "synchronized"


def levels(device: Device, slot: str = "clk1") -> list[tuple[str, str, bool, bool]]:
    """The levels in use: source, whether it is followed, whether it has a signal."""
    return [
        (
            level["object-id"],
            level["info"]["settings"]["id"]["type"],
            level["status"]["is-master"],
            not level["status"]["no-signal"],
        )
        for level in module(device, slot)["mrs"]
    ]


def test_the_order_of_references() -> None:
    device = fresh("m3000-7.10")
    assert levels(device) == [("priority0", "gps", True, True), ("priority1", "pps-in", False, True)]
    path = f"{SLOTS}/clk1/module/mrs"
    assert put(device, f"{path}/priority1/settings/id/type", "irig") == 200
    assert levels(device)[1] == ("priority1", "irig", False, False)
    # A duplicate is never refused, and not used.
    assert put(device, f"{path}/priority1/settings/id/type", "gps") == 200
    assert levels(device)[1] == ("priority1", "gps", False, False)
    assert put(device, f"{path}/priority0/settings/id/type", "fixed-freq-in") == 200
    assert levels(device) == [("priority0", "fixed-freq-in", True, True), ("priority1", "gps", False, True)]
    # The signal of the ESI is no longer good enough.
    assert put(device, f"{SLOTS}/esi1/module/inputs/in1/type", "off") == 200
    assert levels(device) == [("priority0", "fixed-freq-in", False, False), ("priority1", "gps", True, True)]
    assert put(device, f"{path}/priority0/settings/bias", 2.5e-07) == 200
    assert module(device, "clk1")["mrs"][0]["info"]["settings"]["bias"] == 2.5e-07


def test_ptp_instances_grow_and_act() -> None:
    device = fresh("m3000-7.10")
    path = f"{SLOTS}/io1/module/ptp/instances"
    assert ask(device, "PUT", f"{path}/ptp3")[0] == 200
    assert [i["port-state"] for i in module(device, "io1")["ptp"]["instances"]] == ["master", "master", "disabled"]
    assert put(device, f"{path}/ptp3/enabled", True) == 200
    assert put(device, f"{path}/ptp3/domain-number", 9) == 200
    assert put(device, f"{path}/ptp3/mode", "multicast-slave") == 200
    shown = module(device, "io1")["ptp"]["instances"][2]
    assert (shown["object-id"], shown["domain-number"], shown["port-state"]) == ("ptp3", 9, "slave")
    assert shown["grandmaster-identity"] != shown["clock-identity"]
    assert put(device, f"{path}/ptp3/unicast-masters/master1/address", "192.0.2.1") == 200
    assert ask(device, "PUT", f"{path}/ptp3/unicast-masters/master4")[0] == 404
    assert [ask(device, "PUT", f"{path}/ptp{number}")[0] for number in range(4, 10)] == [200] * 5 + [400]
    for number in (1, 2, 4, 5, 6, 7, 8):
        assert ask(device, "DELETE", f"{path}/ptp{number}")[0] == 200
    assert ask(device, "DELETE", f"{path}/ptp3")[0] == 400
    assert [i["object-id"] for i in module(device, "io1")["ptp"]["instances"]] == ["ptp3"]


def test_a_ptp_profile_sets_what_it_fixes() -> None:
    device = fresh("m3000-7.10")
    path = f"{SLOTS}/io1/module/ptp/instances/ptp2"
    assert put(device, f"{path}/profile", "telecom-g8275-1") == 200
    own = device.config.running["chassis0"]["slots"]["io1"]["module"]["ptp"]["instances"]["ptp2"]
    assert (own["network-protocol"], own["domain-number"], own["sync-interval"]) == ("ieee-802-3", 24, -4)
    assert module(device, "io1")["ptp"]["instances"][1]["domain-number"] == 24
    assert put(device, f"{path}/domain-number", 30) == 200
    assert put(device, f"{path}/profile", "smpte-2059-2") == 200
    # The profile allows this domain.
    own = device.config.running["chassis0"]["slots"]["io1"]["module"]["ptp"]["instances"]["ptp2"]
    assert (own["domain-number"], own["announce-interval"]) == (30, -3)


@pytest.mark.parametrize("profile", ["m1000-7.06", "m3000-7.08"])
def test_older_firmware_has_one_ptp_instance(profile: str) -> None:
    device = fresh(profile)
    assert put(device, f"{SLOTS}/io1/module/ptp/domain-number", 7) == 200
    assert [i["domain-number"] for i in module(device, "io1")["ptp"]["instances"]] == [7]
    assert ask(device, "GET", f"{SLOTS}/io1/module/ptp/instances")[0] == 404


def test_tables_of_hardware_do_not_grow() -> None:
    device = fresh("m3000-7.10")
    for path in ("io3/module/outputs/out5", "mri1/module/inputs/in5", "clk1/module/mrs/priority10", "io99"):
        assert ask(device, "PUT", f"{SLOTS}/{path}")[0] == 404, path
    for path in ("io3/module/outputs/out1", "clk1/module/mrs/priority9", "io14"):
        assert ask(device, "DELETE", f"{SLOTS}/{path}")[0] in (400, 405), path


def test_numbers_as_strings_and_tokens_as_numbers() -> None:
    device = fresh("m3000-7.10", switch_form="strings")
    path = f"{SLOTS}/clk1/module/synthesizer/frequency"
    assert put(device, path, "10000000") == 200
    assert ask(device, "GET", path)[1]["data"] == {"frequency": "10000000.0"}
    assert [put(device, path, wrong) for wrong in ("inf", "nan", "1e999", "", 5.0)] == [400] * 5
    assert put(device, f"{SLOTS}/clk1/module/mrs/priority1/settings/id/type", 255) == 200
    assert levels(device) == [("priority0", "gps", True, True)]


def test_a_clock_of_a_box_has_settings_without_references(box: DeviceHandle, admin: Client) -> None:
    own = admin.data(f"{SLOTS}/clk1/module")
    assert {"antenna", "outputs", "time-zone"} <= set(own)
    assert "mrs" not in own
    answer = admin.put(f"{SLOTS}/clk1/module/antenna/cable-length", {"cable-length": 45})
    assert (answer.status_code, box.pending) == (200, 1)


def test_modules_over_the_network(clients: Clients) -> None:
    with Fleet([DeviceSpec("ims", "m3000-7.08", autosave=False)], freeze=True) as fleet:
        client = clients.of(fleet["ims"])
        shown = client.data(f"{SLOTS}/io3/module")
        assert shown["fdm"]["nominal-frequency"] == 50
        assert [entry["object-id"] for entry in shown["fdm"]["serial-ports"]] == ["com0", "com1"]
        assert client.put(f"{SLOTS}/io3/module/fdm/logging", {"logging": True}).status_code == 200
        assert client.data(f"{SLOTS}/io3/module/fdm/logging") == {"logging": True}
