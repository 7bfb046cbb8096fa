# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No output of a play holds a secret: through success, refusal, reflection, refused logins and errors in the collection."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables
from ansible_collections.meinberg.lantime.tests.integration.canaries import ProcessObserver, files_below, find_canaries
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

PASSWORD = "Canary\"Pass&w0rd <\u00e9>:%41'x"
WRONG = "Canary-wrong/Pass+w0rd="
TOKEN = "Canary-Token/0123456789+abc="
PROXY = "Canary-Proxy-w0rd"
KEY = "CanaryKey0123456789abcdefghijklmnopqrst"
FIELDS = {
    "snmp/read-community": "Canary-read'1<&>",
    "snmp/write-community": "Canary-write-2",
    "snmp/v3/auth-passphrase": "Canary-auth-phrase-3",
    "snmp/v3/priv-passphrase": "Canary-priv-phrase-4",
    "notification/email/smarthost-password": 'Canary"smarthost\\5',
    "security/users/operator/password": "Canary-user-6",
}
SECRETS = [PASSWORD, WRONG, TOKEN, PROXY, KEY, *FIELDS.values()]
REFLECTIONS: dict[str, dict[str, t.Any]] = {
    "refusing": {"status": 400, "method": "PUT"},
    "quoting": {"status": 500, "form": "text", "method": "PUT"},
    "redirecting": {"status": 302, "form": "redirect"},
    "in-headers": {"status": 503, "form": "headers"},
    "in-envelope": {"status": 409, "form": "envelope", "method": "PUT"},
    "unauthorized": {"status": 401},
}
INPUTS = ("inventory.yml", "play.yml", "client.key", "request.json")
PREFIX = "meinberg.lantime.lantime_"


def variable(path: str) -> str:
    """The template of a secret. Ansible's callback junit writes arguments as they are in the playbook, so users keep secrets in variables."""
    return f'{{{{ canaries["{path}"] }}}}'


def tree() -> dict[str, t.Any]:
    """The desired configuration with a canary in each secret."""
    desired: dict[str, t.Any] = {"snmp": {"location": "hall 7"}, "security": {"users": {"operator": {"level": "info"}}}}
    for path in FIELDS:
        *menus, name = path.split("/")
        node = desired
        for menu in menus:
            node = node.setdefault(menu, {})
        node[name] = variable(path)
    return desired


def tasks(is_whole: bool) -> list[dict[str, t.Any]]:
    config = {"config": tree(), "missing": "create", "update_secrets": "on_change", "verify_grace": 0.1}
    listed: list[tuple[str, dict[str, t.Any], dict[str, t.Any]]] = [
        ("config", config, {"check_mode": True}),
        ("config", {**config, "http_log": True}, {}),
        ("facts", {"gather_subset": ["all", "config"]}, {}),
    ]
    if is_whole:
        listed += [
            ("config", {**config, "update_secrets": "always"}, {}),
            ("drift", {"config": tree(), "missing": "create"}, {}),
            ("drift", {"compare": False}, {}),
            ("drift", {"missing": "create"}, {"vars": {"lantime_golden_config": tree()}}),
            (
                "poll",
                {"module": "lantime_drift", "options": {"config": tree(), "missing": "create"}},
                {"run_once": True},
            ),
            ("config_info", {"schema": True}, {}),
            ("config_info", {"tree": "status", "path": "services"}, {}),
            ("backup", {}, {}),
            ("module_info", {"config": True}, {}),
            ("health", {}, {}),
            ("probe", {"probe_token": True}, {}),
            ("changes", {}, {}),
            (
                "command",
                {"command": "write", "parameters": {"package": "snmp", "password": variable("snmp/read-community")}},
                {},
            ),
            ("config", {"config": {"snmp": {"read-comunity": variable("snmp/write-community")}}}, {}),
            ("config", {"config": {"snmp": {}}, "passwrd": variable("snmp/write-community")}, {}),
        ]
    shown = {"ansible.builtin.debug": {"var": "outcome"}}
    return [
        task
        for name, options, more in listed
        for connection in [{} if name == "poll" else {"retries": 0}]
        for task in ({PREFIX + name: {**options, **connection}, "register": "outcome", **more}, shown)
    ]


@pytest.fixture(scope="module")
def canary_fleet() -> t.Iterator[SharedFleet]:
    specs = [DeviceSpec(n, "m600-7.10", autosave=False, password_root=PASSWORD) for n in ("plain", *REFLECTIONS)]
    with SharedFleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture
def control(canary_fleet: SharedFleet, tmp_path: Path) -> Controller:
    canary_fleet.reset()
    for name, fault in REFLECTIONS.items():
        canary_fleet[name].add_fault("reflect", **fault)
    plain = host_variables(canary_fleet["plain"], "root")
    key = tmp_path / "client.key"
    key.write_text(f"-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----\n", encoding="utf-8")
    hosts = {device.name: host_variables(device, "root") for device in canary_fleet}
    hosts["wrong"] = {**plain, "lantime_password": WRONG}
    hosts["by-token"] = {**plain, "lantime_token": TOKEN}
    hosts["by-key"] = {**plain, "lantime_client_cert": str(key), "lantime_client_key": str(key)}
    return Controller(tmp_path, {name: {**variables, "canaries": FIELDS} for name, variables in hosts.items()})


# A packaged module takes far more time than a job in the process of the controller.
FEW_HOSTS = "plain:refusing"


def play(control: Controller, entry_point: str, callback: str, is_whole: bool) -> Run:
    environ = {
        "ANSIBLE_STDOUT_CALLBACK": callback,
        "ANSIBLE_CALLBACKS_ENABLED": "record,crash,ansible.builtin.junit",
        "JUNIT_OUTPUT_DIR": str(control.directory / "junit"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(control.directory / "cache"),
        "ANSIBLE_LOG_PATH": str(control.directory / "ansible.log"),
    }
    keywords = {"ignore_errors": True, "ignore_unreachable": True}
    hosts = FEW_HOSTS if is_whole and entry_point == "target" else "all"
    return control.play(
        tasks(is_whole), hosts, entry_point=entry_point, diff=True, verbosity=4, environ=environ, play=keywords
    )


@pytest.mark.parametrize(
    ("entry_point", "callback", "is_whole"),
    [
        ("controller", "ansible.builtin.default", False),
        pytest.param("controller", "ansible.builtin.minimal", True, marks=pytest.mark.thorough),
        pytest.param("controller", "ansible.builtin.default", True, marks=pytest.mark.thorough),
        pytest.param("target", "ansible.builtin.minimal", True, marks=pytest.mark.thorough),
        pytest.param("target", "ansible.builtin.default", False, marks=pytest.mark.thorough),
    ],
)
def test_no_output_of_a_play_holds_a_secret(
    control: Controller, canary_fleet: SharedFleet, entry_point: str, callback: str, is_whole: bool
) -> None:
    with ProcessObserver(control.directory) as observer:
        run = play(control, entry_point, callback, is_whole)
    files = files_below(control.directory, INPUTS)
    outputs = {"output": run.output, **observer.outputs(), **files}
    assert find_canaries(SECRETS, outputs) == []
    # The secrets were sent, and each kind of outcome was there.
    snmp = canary_fleet["plain"].running()["snmp"]
    assert (snmp["read-community"], snmp["v3"]["priv-passphrase"]) == (
        FIELDS["snmp/read-community"],
        FIELDS["snmp/v3/priv-passphrase"],
    )
    codes = {entry.result["error"]["code"] for entry in run.results if entry.result.get("error")}
    refusals = {"auth_failed", "tls_files"} if len({entry.host for entry in run.results}) > 2 else set()
    assert {"rejected", *refusals} <= codes, codes
    assert ("internal" in codes) is (is_whole and entry_point == "controller")
    assert "********" in run.output
    assert observer.arguments
    for place in ("junit", "cache", "results.jsonl", "ansible.log", "secrets.key"):
        assert any(f"/{place}" in name for name in files), place
