# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The five steps of README lead a new user to a drift check of a device with a self-signed certificate."""

from __future__ import annotations

import re
import shutil
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.integration.controller import user_environment
from ansible_collections.meinberg.lantime.tests.paths import PAGES, PROGRAMS, ROOT
from ansible_collections.meinberg.lantime.tests.programs import run_program
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet

README = (ROOT / "README.md").read_text(encoding="utf-8").partition("**A real device in five steps.**")[2]
FENCED = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, block in FENCED if not language for line in block.splitlines()]
BLOCKS = [block for language, block in FENCED if language == "yaml"]

NEEDS_OPENSSL = pytest.mark.skipif(not shutil.which("openssl"), reason="step 3 needs openssl")


class NewUser:
    """A user with an empty home directory, who types commands in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        environment = user_environment(home)
        self.environment = {**environment, "PATH": f"{PROGRAMS}:{environment['PATH']}"}

    def types(self, command: str) -> tuple[int, str]:
        unattended = command.replace("--ask-vault-pass", "--vault-password-file .vault-password")
        return run_program(["bash", "-c", unattended], self.home, self.environment, timeout=120)


@pytest.fixture
def user(tmp_path: Path) -> NewUser:
    return NewUser(tmp_path)


@pytest.fixture
def device() -> t.Iterator[DeviceHandle]:
    with Fleet([DeviceSpec("ts1", "m600-7.10", cert="self-signed")]) as fleet:
        yield fleet["ts1"]


def prepare(user: NewUser, device: DeviceHandle) -> None:
    """Steps 3 and 4, and the files of step 5."""
    code, output = user.types(COMMANDS[0].replace("ts1.example.com:443", f"127.0.0.1:{device.port}"))
    fingerprint = output.partition("=")[2].strip()
    assert (code, fingerprint.replace(":", "").lower()) == (0, device.fingerprint), output
    inventory = yaml.safe_load(BLOCKS[0])
    inventory["lantime"]["hosts"]["ts1"] = {
        "lantime_host": "127.0.0.1",
        "lantime_port": device.port,
        "lantime_tls_fingerprint": fingerprint,
    }
    inventory["lantime"]["vars"]["lantime_username"] = "info"
    (user.home / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    (user.home / "golden.yml").write_text(BLOCKS[1], encoding="utf-8")
    (user.home / ".vault-password").write_text("vault", encoding="utf-8")
    vault = user.home / "group_vars" / "lantime" / "vault.yml"
    vault.parent.mkdir(parents=True)
    vault.write_text(f'lantime_password: "{device.users["info"]}"\n', encoding="utf-8")
    code, output = user.types("ansible-vault encrypt --ask-vault-pass group_vars/lantime/vault.yml")
    assert code == 0, output
    assert vault.read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT")


@NEEDS_OPENSSL
def test_a_new_user_reads_the_facts(user: NewUser, device: DeviceHandle) -> None:
    prepare(user, device)
    code, output = user.types(COMMANDS[1])
    assert (code, device.serial in output) == (0, True), output


@pytest.mark.thorough
@NEEDS_OPENSSL
def test_a_new_user_checks_for_drift(user: NewUser, device: DeviceHandle) -> None:
    prepare(user, device)
    code, output = user.types(COMMANDS[2])
    assert (code, "1 setting differs: snmp/contact" in output) == (2, True), output
    assert (user.home / "lantime-report" / "drift.html").is_file()
    device.change("snmp/contact", "time@example.com")
    code, output = user.types(COMMANDS[2])
    assert code == 0, output
    assert device.ledger.writes == 0


FACTS = "ansible lantime -i inventory.yml --ask-vault-pass -m meinberg.lantime.lantime_facts"
DRIFT = "ansible-playbook meinberg.lantime.drift_check -i inventory.yml --ask-vault-pass -e @golden.yml"
# Commands that cause the messages of Ansible that the guide explains.
CAUSES = {
    "Attempting to decrypt but no vault secrets found": FACTS.replace("--ask-vault-pass", ""),
    "no vault secrets were found that could decrypt": FACTS.replace("--ask-vault-pass", "--vault-password-file wrong"),
    "couldn't resolve module/action": "ansible-playbook -i inventory.yml --ask-vault-pass misspelled.yml",
    "could not be found": DRIFT.replace("drift_check", "drift_chek"),
    "the inventory has no hosts": DRIFT.replace("inventory.yml", "inventry.yml"),
    "No inventory was parsed": DRIFT.replace("inventory.yml", "inventry.yml"),
    "Failed to connect to the host via ssh": "ansible-playbook -i inventory.yml --ask-vault-pass gathers.yml",
}


@NEEDS_OPENSSL
@pytest.mark.skipif(not shutil.which("ssh"), reason="Ansible reports a missing ssh in other words")
@pytest.mark.thorough
def test_the_guide_explains_messages_that_ansible_prints(user: NewUser, device: DeviceHandle) -> None:
    prepare(user, device)
    (user.home / "wrong").write_text("wrong", encoding="utf-8")
    task = "  tasks: [{meinberg.lantime.lantime_fact: {}}]\n"
    (user.home / "misspelled.yml").write_text(f"- hosts: lantime\n  gather_facts: false\n{task}", encoding="utf-8")
    (user.home / "gathers.yml").write_text("- hosts: lantime\n", encoding="utf-8")
    page = (PAGES / "first_steps.rst").read_text(encoding="utf-8")
    table = page.partition("Messages without a code")[2].partition("\n\n5. ")[0]
    rows = re.findall(r"^   \* - (``.*)$", table, re.MULTILINE)
    explained = [message for row in rows for message in re.findall(r"``([^`]+)``", row)]
    assert explained == list(CAUSES)
    for message, command in CAUSES.items():
        code, output = user.types(command)
        assert code != 0
        assert message in " ".join(output.split()), output
