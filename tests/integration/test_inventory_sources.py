# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of the inventory plugin: sources of devices, connection options, and mistakes in it."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

pytestmark = pytest.mark.thorough

NAMES = ("ts706", "ts710")
CREDENTIALS = {"username": "info", "password": "simulated-info-1"}


@pytest.fixture(scope="module")
def street() -> t.Iterator[Fleet]:
    """Devices with an address each: 127.16.0.1 to 127.16.0.3, on one port."""
    specs = [DeviceSpec(f"ts{n}", "m600-7.10") for n in range(3)]
    with Fleet(specs, freeze=True, address_per_device=True) as fleet:
        yield fleet


def test_ranges_of_addresses(street: Fleet, workspace: Workspace) -> None:
    first = next(iter(street))
    config = {"ca_path": first.ca, "port": first.port, **CREDENTIALS}
    found = workspace.listing(hosts=["127.16.0.[1:3]"], **config)
    assert found.group("lantime") == ["127.16.0.1", "127.16.0.2", "127.16.0.3"]
    found = workspace.listing(hosts=[{"name": "clock[01:03]", "host": "127.16.0.[1:3]"}], **config)
    assert found.group("lantime_sync_synchronized") == ["clock01", "clock02", "clock03"]
    assert found.hosts["clock02"]["ansible_host"] == "127.16.0.2"


@pytest.mark.parametrize("form", ["text", "list.yml", "mapping.yaml", "list.json"])
def test_devices_from_a_file(street: Fleet, workspace: Workspace, form: str) -> None:
    first = next(iter(street))
    entries: list[t.Any] = ["127.16.0.[1:2]", {"host": "127.16.0.3", "name": "third"}]
    place = workspace.directory / "lists"
    place.mkdir()
    if form == "text":
        (place / form).write_text("# the street\n127.16.0.[1:2]   # two\n\n127.16.0.3\n", encoding="utf-8")
    else:
        document = {"hosts": entries} if form.startswith("mapping") else entries
        write = json.dumps if form.endswith("json") else yaml.safe_dump
        (place / form).write_text(write(document), encoding="utf-8")
    found = workspace.listing(file=f"lists/{form}", ca_path=first.ca, port=first.port, **CREDENTIALS)
    last = "127.16.0.3" if form == "text" else "third"
    assert found.group("lantime_sync_synchronized") == ["127.16.0.1", "127.16.0.2", last]


def test_networks_hold_what_answers_and_what_is_known(street: Fleet, workspace: Workspace) -> None:
    first, second, third = street
    second.set_dialect(rest_api="off", api_off="404")
    config = {
        "networks": ["127.16.0.0/29"],
        "ca_path": first.ca,
        "port": first.port,
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": "cache",
        **CREDENTIALS,
    }
    try:
        found = workspace.listing(**config)
        assert found.group("lantime") == [first.host, third.host]
        assert found.messages == ""
        for device in street:
            device.ledger.clear()
        assert workspace.run().stdout == found.stdout
        assert [len(device.ledger) for device in street] == [0, 0, 0]
        third.set_dialect(rest_api="off", api_off="refused")
        again = workspace.listing(cache_timeout_state=0, **config)
        assert again.group("lantime") == [first.host, third.host]
        assert again.group("lantime_unreachable") == [third.host]
        # An address without a LANTIME is left alone for longer than a device that is known.
        assert len(second.ledger) == 0
    finally:
        for device in street:
            device.restore()


def test_networks_are_not_given_credentials_without_proof(street: Fleet, workspace: Workspace) -> None:
    first = next(iter(street))
    first.ledger.clear()
    config = {"networks": ["127.16.0.0/30"], "port": first.port, "validate_certs": False}
    refused = workspace.listing(ca_path=None, **config, **CREDENTIALS)
    assert "would send the password to every web server in them" in refused.messages
    assert (len(first.ledger), first.ledger.handshakes) == (0, 0)
    allowed = workspace.listing(ca_path=None, networks_unverified=True, **config, **CREDENTIALS)
    assert allowed.group("lantime") == ["127.16.0.1", "127.16.0.2"]
    assert "validate_certs is false" in allowed.messages


def write_hosts(workspace: Workspace, fleet: Fleet, variables: dict[str, t.Any]) -> None:
    hosts = {
        name: {"ansible_host": fleet[name].host, "lantime_port": fleet[name].port, "rack": name[-1]} for name in NAMES
    }
    tree = {
        "all": {
            "children": {
                "clocks": {"hosts": hosts, "vars": variables},
                "others": {"hosts": {"web": None}},
            }
        }
    }
    (workspace.directory / "hosts.yml").write_text(yaml.safe_dump(tree), encoding="utf-8")


def test_the_hosts_of_another_source(fleet: Fleet, workspace: Workspace) -> None:
    variables = {
        "lantime_username": "info",
        "ansible_password": "{{ the_password }}",
        "the_password": "simulated-info-1",
        "ansible_connection": "local",
    }
    write_hosts(workspace, fleet, variables)
    workspace.write(group="clocks", groups={"odd": "rack | int is odd"})
    found = workspace.run(sources=("hosts.yml", "lantime.yml"))
    assert found.group("lantime_sync_synchronized") == list(NAMES)
    assert found.hosts["ts710"]["rack"] == "0"
    assert found.hosts["ts710"]["lantime_model"] == "M600"
    assert "lantime_model" not in found.hosts.get("web", {})
    without_hosts = workspace.run()
    assert 'no inventory source before this one has a group "clocks"' in without_hosts.messages
    workspace.write(group="clock", **CREDENTIALS)
    assert "did you mean clocks" in workspace.run(sources=("hosts.yml", "lantime.yml")).messages


@pytest.mark.parametrize("source", ["group", "hosts"])
def test_credentials_in_group_vars(fleet: Fleet, workspace: Workspace, source: str) -> None:
    for name, content in (
        ("group_vars/all.yml", {"lantime_username": "info", "secret": "simulated-info-1"}),
        ("host_vars/ts710.yml", {"lantime_password": "{{ secret }}", "site": "north"}),
        ("host_vars/ts706.yml", {"lantime_password": "{{ secret }}", "site": "south"}),
    ):
        (workspace.directory / name).parent.mkdir(exist_ok=True)
        (workspace.directory / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    write_hosts(workspace, fleet, {})
    where = {"group": ["clocks"]} if source == "group" else {"hosts": host_entries(fleet[n] for n in NAMES)}
    sources = ("hosts.yml", "lantime.yml") if source == "group" else ("lantime.yml",)
    workspace.write(**where, use_vars_plugins=True, keyed_groups=[{"key": "site", "prefix": "site"}])
    found = workspace.run(sources=sources)
    assert found.group("lantime_sync_synchronized") == list(NAMES)
    assert found.group("site_north") == ["ts710"]
    workspace.write(**where)
    assert "there are no credentials for ts706" in workspace.run(sources=sources).messages


def test_a_vaulted_password_and_a_password_from_extra_variables(fleet: Fleet, workspace: Workspace) -> None:
    (workspace.directory / "vault").write_text("open sesame\n", encoding="utf-8")
    vaulted = workspace.run(
        "encrypt_string",
        "--vault-password-file",
        "vault",
        CREDENTIALS["password"],
        sources=(),
        tool="ansible-vault",
    ).stdout
    path = workspace.write(hosts=host_entries([fleet["ts710"]]), username="info")
    with path.open("a", encoding="utf-8") as file:
        file.write("password: " + vaulted)
    found = workspace.run("--vault-password-file", "vault")
    assert found.group("lantime_sync_synchronized") == ["ts710"]
    assert "simulated-info-1" not in found.stdout + found.messages
    workspace.write(hosts=host_entries([fleet["ts710"]]), username="info", password="{{ from_outside }}")
    found = workspace.run("-e", "from_outside=simulated-info-1")
    assert found.group("lantime_sync_synchronized") == ["ts710"]


def test_credentials_from_the_environment_are_no_templates(tmp_path: Path) -> None:
    password = "{{ 6 * 7 }}"
    with Fleet([DeviceSpec("ts1", "m600-7.10", password_info=password)]) as fleet:
        workspace = Workspace(tmp_path, fleet["ts1"].ca)
        workspace.write(hosts=host_entries(fleet))
        environ = {"LANTIME_USERNAME": "info", "LANTIME_PASSWORD": password}
        found = workspace.run(environ=environ)
    assert found.group("lantime_sync_synchronized") == ["ts1"]


def test_empty_options_are_not_given(fleet: Fleet, workspace: Workspace) -> None:
    device = fleet["ts710"]
    empty = dict.fromkeys(("token", "tls_fingerprint", "connect_timeout", "use_tls", "client_cert", "dialect"), "")
    workspace.write(hosts=[{**host_entries([device])[0], "read_timeout": "", "token": ""}], **CREDENTIALS, **empty)
    environ = {f"LANTIME_{name}": "" for name in ("TOKEN", "USE_TLS", "CONNECT_TIMEOUT", "RETRIES")}
    found = workspace.run(environ=environ)
    assert found.group("lantime_sync_synchronized") == ["ts710"]
    assert "use_tls" not in found.messages


@pytest.mark.parametrize("password", [True, ["canary"], ""])
def test_a_password_that_is_no_text_is_not_tried(fleet: Fleet, workspace: Workspace, password: t.Any) -> None:
    device = fleet["ts710"]
    device.ledger.clear()
    found = workspace.listing(hosts=host_entries([device]), username="info", password=password)
    assert ("quote it" if password else "no credentials") in found.messages
    assert "canary" not in found.messages
    assert len(device.ledger) == 0


@pytest.mark.parametrize(
    "place", ["entry", *(pytest.param(place, marks=pytest.mark.thorough) for place in ("options", "variable"))]
)
def test_a_password_that_is_a_number_gives_one_warning(fleet: Fleet, workspace: Workspace, place: str) -> None:
    devices = list(fleet)[:2]
    entries = host_entries(devices)
    options: dict[str, t.Any] = {"username": "info", "max_auth_failures": 0}
    if place == "options":
        options["password"] = 4711
    elif place == "entry":
        entries = [{**entry, "password": 4711} for entry in entries]
    else:
        options["use_vars_plugins"] = True
        directory = workspace.directory / "host_vars"
        directory.mkdir()
        for device in devices:
            (directory / f"{device.name}.yml").write_text("lantime_password: 4711\n", encoding="utf-8")
    found = workspace.listing(hosts=entries, **options)
    messages = " ".join(found.messages.split())
    assert messages.count("password is a number; quote it") == 1
    assert "4711" not in messages
    if place != "options":
        assert f"{devices[0].name} and 1 other: " in messages


@pytest.mark.thorough
def test_a_password_that_is_a_quoted_number_gives_no_warning(fleet: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(hosts=host_entries([fleet["ts710"]]), username="info", password="4711")
    assert "is a number" not in found.messages


def test_relative_paths_start_at_the_configuration(fleet: Fleet, workspace: Workspace) -> None:
    inner = workspace.directory / "inner"
    inner.mkdir()
    (inner / "ca.pem").write_bytes(Path(workspace.ca).read_bytes())
    workspace.write(
        "inner/site.lantime.yml",
        hosts=host_entries([fleet["ts710"]]),
        **{**CREDENTIALS, "ca_path": "ca.pem"},
    )
    found = workspace.run(sources=("inner/site.lantime.yml",))
    assert found.group("lantime_sync_synchronized") == ["ts710"]
    assert found.hosts["ts710"]["lantime_ca_path"] == str(inner / "ca.pem")


MISTAKES: dict[str, tuple[dict[str, t.Any], str]] = {
    "unknown option": ({"host": ["x"]}, 'lantime.yml has no option "host" (did you mean hosts'),
    "no source": ({"hosts": None}, "no devices are configured; set hosts, file, networks or group."),
    "no credentials": ({"password": None}, "there are no credentials for ts1; set username and password"),
    "unknown device option": (
        {"hosts": [{"host": "x", "usrname": "y"}]},
        'hosts[1] has no option "usrname" (did you mean username',
    ),
    "device without host": ({"hosts": [{"port": 3}]}, "hosts[1] needs a host or a name."),
    "device option of wrong type": ({"hosts": [{"host": "x", "port": "https"}]}, "x: argument 'port'"),
    "device option out of range": ({"hosts": [{"host": "x", "port": 99999}]}, "x: port must be from 1 to 65535"),
    "URL": ({"hosts": ["https://root:topsecret@ts1/"]}, "is neither a host name nor an address"),
    "range": ({"hosts": ["ts[5:].example"]}, "is not a valid range"),
    "huge range": ({"hosts": ["ts[1:99999999]"]}, "expands to 99999999 devices"),
    "ranges of two lengths": (
        {"hosts": [{"name": "a[1:3]", "host": "b[1:2]"}]},
        "name expands to 3 devices and host to 2",
    ),
    "same name": ({"hosts": [{"name": "a", "host": "b"}, {"name": "a", "host": "c"}]}, 'the name "a" is given twice'),
    "network": ({"networks": ["10.0.0.0/8"]}, "more than 1024 addresses to poll"),
    "no network": ({"networks": ["site-a"]}, '"site-a" is not a network such as 192.0.2.0/24.'),
    "file": ({"file": "none.txt"}, "file: none.txt cannot be read (FileNotFoundError)."),
    "workers": ({"workers": 0}, "workers must be from 1 to 1000, not 0."),
    "prefix": ({"group_prefix": "a-b"}, 'group_prefix "a-b" must consist of letters'),
    "template": ({"password": "{{ nobody }}"}, "password cannot be templated"),
    "dialect": ({"dialect": {"token_usse": "bearer"}}, "did you mean token_use"),
    "CA": ({"ca_path": "none.pem"}, "ca_path, client_cert or client_key cannot be used (FileNotFoundError)"),
    "choice": ({"auth": "digest"}, "auth"),
}


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_mistakes_are_reported_in_one_sentence(workspace: Workspace, mistake: str) -> None:
    config, message = MISTAKES[mistake]
    found = workspace.listing(**{"hosts": ["ts1"], **CREDENTIALS, **config})
    assert message in found.messages
    assert "Traceback" not in found.messages
    assert "topsecret" not in found.messages
    assert "simulated-info-1" not in found.messages
    assert workspace.run(environ={"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1"}).code != 0


@pytest.mark.parametrize("name", ["lantime.yml", "lantime.yaml", "a.lantime.yml", "a.lantime.yaml"])
def test_file_names(fleet: Fleet, workspace: Workspace, name: str) -> None:
    workspace.write(name, hosts=host_entries([fleet["ts710"]]), **CREDENTIALS)
    assert workspace.run(sources=(name,)).group("lantime") == ["ts710"]


@pytest.mark.parametrize("name", ["lantime.json.yml", "notlantime.yml", "lantime.yml.txt"])
def test_other_files_are_left_to_others(fleet: Fleet, workspace: Workspace, name: str) -> None:
    fleet["ts710"].ledger.clear()
    workspace.write(name, hosts=host_entries([fleet["ts710"]]), **CREDENTIALS)
    assert "lantime" not in workspace.run(sources=(name,)).tree
    assert len(fleet["ts710"].ledger) == 0
