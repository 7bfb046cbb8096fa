# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: hosts, groups, variables and what is built from them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.inventory import lantime
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

HOSTILE = "{{ lookup('ansible.builtin.pipe', 'touch CANARY') }}"
NAMES = ("ts706", "ts708", "ts710", "ims")
CREDENTIALS = {"username": "info", "password": "simulated-info-1"}

IDENTITY_GROUPS = {
    "lantime",
    "lantime_model_m600",
    "lantime_ltos_7_10",
    "lantime_api_v20",
    "lantime_receiver_grc",
    *(f"lantime_module_{family}" for family in ("cpu", "grc", "psu")),
    "lantime_oscillator_ocxo_hq",
}


def devices(fleet: Fleet) -> list[t.Any]:
    return [fleet[name] for name in NAMES]


def test_each_device_is_asked_once_for_identity_and_state(fleet: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(hosts=host_entries(devices(fleet)), **CREDENTIALS)
    for device in devices(fleet):
        entries = [(e["method"], e["path"], e["user"]) for e in device.ledger]
        assert entries == [("GET", "/api/status", "info")]
        assert device.ledger.handshakes == 1
        variables = found.hosts[device.name]
        assert variables["ansible_host"] == device.host
        assert not {"ansible_connection", "lantime_host"} & set(variables)
        assert variables["lantime_port"] == device.port
        assert variables["lantime_ca_path"] == device.ca
        assert variables["lantime_model"] == device.model
        assert variables["lantime_serial_number"] == device.serial
        assert f"fw_{variables['lantime_firmware']}" == device.firmware
        assert variables["lantime_synchronized"] is True
        assert variables["lantime_stratum"] == 1
        assert (variables["lantime_status"], variables["lantime_problem"]) == ("ok", None)
    assert found.messages == ""
    assert found.hosts["ims"]["lantime_modules"]["io2"] == "psx4ge"
    assert "PSX" in found.hosts["ims"]["lantime_module_families"]
    assert {port["port_state"] for port in found.hosts["ims"]["lantime_ptp_ports"]} == {"master"}
    assert found.hosts["ims"]["lantime_power_supplies"] == dict.fromkeys(("pwr1", "pwr2", "pwr3", "pwr4"), True)


def test_the_connection_is_local_only_by_option_and_other_groups_mark_devices(
    fleet: Fleet, workspace: Workspace
) -> None:
    device = fleet["ts710"]
    options = {**CREDENTIALS, "hosts": host_entries([device]), "set_connection_local": True}
    variables = workspace.listing(**options, group_prefix="clocks_").hosts["ts710"]
    assert (variables["ansible_connection"], variables["lantime_host"]) == ("local", device.host)


def test_groups_by_identity_and_state(fleet: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(hosts=host_entries(devices(fleet)), **CREDENTIALS)
    assert found.groups_of("ts710") == {
        *IDENTITY_GROUPS,
        "lantime_sync_synchronized",
        "lantime_stratum_1",
        "lantime_antenna_connected",
        "lantime_leap_none",
        "lantime_event_self_signed_https_certificate_in_use",
    }
    assert found.group("lantime") == list(NAMES)
    assert found.group("lantime_ltos_7_06") == ["ts706"]
    assert found.group("lantime_api_v10") == ["ts706"]
    assert found.group("lantime_receiver_gnm") == ["ims"]
    assert found.group("lantime_module_hps") == found.group("lantime_ptp_master") == ["ims"]
    assert found.group("lantime_module_cpu") == list(NAMES)
    for outcome in ("unreachable", "auth_failed", "untrusted", "not_lantime"):
        assert f"lantime_{outcome}" in found.tree["all"]["children"]
        assert found.group(f"lantime_{outcome}") == []


@pytest.mark.parametrize("name", ["lantimes.yml", "time_servers.yaml"])
def test_a_file_name_that_does_not_fit_is_named_with_one_that_does(
    fleet: Fleet, workspace: Workspace, name: str
) -> None:
    config = {"hosts": host_entries([fleet["ts710"]]), **CREDENTIALS}
    workspace.write(name, **config)
    found = workspace.run(sources=[name])
    assert found.hosts == {}
    stem = name.partition(".")[0]
    advice = f"{name} is not read by the inventory plugin meinberg.lantime.lantime; rename it to lantime.yml or to {stem}.lantime.yml"
    assert advice in found.messages
    workspace.write(f"{stem}.lantime.yml", **config)
    read = workspace.run(sources=[f"{stem}.lantime.yml"])
    assert list(read.hosts) == ["ts710"]
    assert "rename it" not in read.messages
    (workspace.directory / "others.yml").write_text("plugin: ansible.builtin.constructed\n", encoding="utf-8")
    assert "rename it" not in workspace.run(sources=["others.yml"]).messages


def test_prefix_and_choice_of_groups(fleet: Fleet, workspace: Workspace) -> None:
    config = {"hosts": host_entries(devices(fleet)), "group_by": ["model"], **CREDENTIALS}
    named = workspace.listing(group_prefix="ntp_site_", **config)
    assert named.groups_of("ts710") == {"ntp_site", "ntp_site_model_m600"}
    bare = workspace.listing(group_prefix="", **config)
    assert bare.groups_of("ts710") == {"model_m600"}
    assert "unreachable" in bare.tree["all"]["children"]


@pytest.mark.thorough
def test_the_listing_is_the_same_whatever_the_threads_do(fleet: Fleet, workspace: Workspace) -> None:
    fleet["ts706"].add_fault("delay", seconds=0.3)
    listings = {
        workspace.listing(hosts=host_entries(devices(fleet)), workers=workers, **CREDENTIALS).stdout
        for workers in (1, 2, 50)
    }
    assert len(listings) == 1
    graph = workspace.run("--graph", "lantime").stdout.split()
    assert [line.lstrip("|-") for line in graph[1:]] == list(NAMES)


def test_constructed_variables_and_groups(fleet: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(
        hosts=host_entries(devices(fleet)),
        strict=True,
        leading_separator=False,
        compose={"label": "lantime_model ~ ' ' ~ lantime_serial_number", "twice": "label * 2"},
        groups={"modular": "lantime_modules | length > 5", "old": "lantime_api_generation < 16"},
        keyed_groups=[
            {"key": "lantime_receivers | map(attribute='kind') | list", "prefix": "kind"},
            {"key": "lantime_model", "parent_group": "models"},
        ],
        **CREDENTIALS,
    )
    assert found.code == 0
    assert "twice" in found.messages  # composed variables don't see each other, as in all of Ansible's plugins
    config = yaml.safe_load((workspace.directory / "lantime.yml").read_text(encoding="utf-8"))
    del config["compose"]["twice"]
    found = workspace.listing(**config)
    assert found.hosts["ts710"]["label"] == f"M600 {fleet['ts710'].serial}"
    assert found.group("modular") == ["ims"]
    assert found.group("old") == ["ts706"]
    assert found.group("kind_dcf77") == ["ts706"]
    assert set(found.tree["models"]["children"]) == {"M300", "M400", "M600", "M3000"}
    assert found.group("M600") == ["ts710"]


def test_the_expressions_of_the_example(fleet: Fleet, workspace: Workspace) -> None:
    example = yaml.safe_load(lantime.EXAMPLES)
    built = {name: example[name] for name in ("strict", "compose", "groups", "keyed_groups")}
    found = workspace.listing(hosts=host_entries(devices(fleet)), **built, **CREDENTIALS)
    assert found.hosts["ims"]["site"] == "ims"
    assert found.group("single_power") == ["ts706", "ts708", "ts710"]
    assert found.group("poor_time") == []
    assert found.group("module_gps182") == ["ims"]


def test_strict_is_about_expressions_and_not_about_dead_devices(fleet: Fleet, workspace: Workspace) -> None:
    fleet["ts706"].set_dialect(rest_api="off", api_off="refused")
    config = {
        "hosts": host_entries(devices(fleet)),
        "groups": {"good": "lantime_stratum < 3"},
        "keyed_groups": [{"key": "lantime_model"}],
        **CREDENTIALS,
    }
    found = workspace.listing(strict=True, **config)
    assert found.group("good") == ["ts708", "ts710", "ims"]
    assert found.group("lantime_unreachable") == ["ts706"]
    config["groups"] = {"good": "no_such_variable < 3"}
    assert workspace.listing(strict=False, **config).group("lantime") == list(NAMES)
    failed = workspace.listing(strict=True, **config)
    assert "no_such_variable" in failed.messages
    assert "Traceback" not in failed.messages


def test_what_a_device_sends_is_never_evaluated(tmp_path: Path) -> None:
    with Fleet([DeviceSpec("evil", "m600-7.10", hostname=HOSTILE)]) as hostile:
        workspace = Workspace(tmp_path, hostile["evil"].ca)
        workspace.write(
            hosts=host_entries(hostile),
            compose={"copied": "lantime_hostname", "in_a_text": "'<' ~ lantime_hostname ~ '>'"},
            groups={"named": "lantime_hostname is search('x')"},
            keyed_groups=[{"key": "lantime_hostname", "prefix": "name"}],
            cache=True,
            cache_plugin="ansible.builtin.jsonfile",
            cache_connection=str(tmp_path / "cache"),
            **CREDENTIALS,
        )
        for dummy in ("asked", "cached"):
            found = workspace.run()
            assert found.hosts["evil"]["lantime_hostname"] == HOSTILE
            assert found.hosts["evil"]["copied"] == HOSTILE
            assert found.hosts["evil"]["in_a_text"] == f"<{HOSTILE}>"
            assert all(name.isidentifier() for name in found.groups_of("evil"))
            names = ("lantime_hostname", "copied", "in_a_text")
            played = workspace.play([{"ansible.builtin.debug": {"msg": [f"{{{{ {name} }}}}" for name in names]}}])
            assert played.code == 0, played.stdout
            assert played.stdout.count("touch CANARY") == 3
    assert not list(tmp_path.rglob("CANARY"))


def test_a_play_needs_the_credentials_and_nothing_else(fleet: Fleet, workspace: Workspace) -> None:
    workspace.write(hosts=host_entries(devices(fleet)), connect_timeout=4.0, **CREDENTIALS)
    task = {"meinberg.lantime.lantime_facts": {"gather_subset": ["min"]}}
    values = ["-e", "lantime_username=info", "-e", "lantime_password=simulated-info-1"]
    played = workspace.play([task], *values, hosts="lantime_sync_synchronized:!lantime_model_m300")
    assert played.code == 0, played.stdout
    assert played.stdout.count("ok=1") == 3


def test_only_what_differs_from_the_defaults_becomes_a_variable(fleet: Fleet, workspace: Workspace) -> None:
    variables = workspace.listing(hosts=host_entries([fleet["ts710"]]), retries=3, **CREDENTIALS).hosts["ts710"]
    options = {"lantime_port", "lantime_ca_path", "lantime_use_proxy"}
    facts = {name for name in variables if name.startswith("lantime_")} - options
    assert options < set(variables)
    assert not facts & {
        "lantime_use_tls",
        "lantime_validate_certs",
        "lantime_retries",
        "lantime_host",
        "lantime_username",
        "lantime_password",
        "lantime_token",
        "lantime_auth",
    }


def test_without_the_state(fleet: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(hosts=host_entries(devices(fleet)), gather_state=False, **CREDENTIALS)
    variables = found.hosts["ts710"]
    assert variables["lantime_model"] == "M600"
    assert not {"lantime_synchronized", "lantime_stratum", "lantime_active_events"} & set(variables)
    assert found.groups_of("ts710") == IDENTITY_GROUPS


def test_with_tokens(fleet: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(hosts=host_entries([fleet["ts710"]]), auth="token", **CREDENTIALS)
    assert found.hosts["ts710"]["lantime_model"] == "M600"
    sent = [(e["method"], e["path"]) for e in fleet["ts710"].ledger]
    assert sent == [("PUT", "/api/get-token"), ("GET", "/api/status")]
    assert found.hosts["ts710"]["lantime_auth"] == "token"


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", ["lantime_", "clocks_"])
def test_a_task_can_be_delegated_to_a_device_of_the_inventory(fleet: Fleet, workspace: Workspace, prefix: str) -> None:
    workspace.write(hosts=host_entries(devices(fleet)), group_prefix=prefix, **CREDENTIALS)
    tasks = [
        {"meinberg.lantime.lantime_facts": {}, "delegate_to": "ts706"},
        {"ansible.builtin.debug": {"var": "ansible_net_serialnum"}},
    ]
    values = ["-e", "lantime_username=info", "-e", "lantime_password=simulated-info-1"]
    played = workspace.play(tasks, *values, hosts="ts710")
    assert fleet["ts706"].serial in played.stdout
    assert (fleet["ts706"].ledger.gets, fleet["ts710"].ledger.gets) == (2, 1)
