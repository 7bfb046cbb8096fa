# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install the archive as a user does, and use it on a simulated device with a self-signed certificate.

Usage: python tools/use_installed.py DIRECTORY_OF_THE_ARCHIVE [CORE ...]
With the oldest and the newest ansible-core whose Python is installed, or with those that are named. The collection, its
inventory and its reports are in a temporary directory outside the checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.programs import deprecations, run_program
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.handle import DeviceHandle
from ansible_collections.meinberg.lantime.tools import matrix

# Not that of the module matrix, which is imported from the staged copy.
ENVIRONMENTS = Path(__file__).resolve().parent.parent / ".build" / "use"
INVENTORY = """\
lantime:
  hosts:
    ts1:
      lantime_host: {host}
      lantime_port: {port}
      lantime_tls_fingerprint: "{fingerprint}"
  vars:
    lantime_username: info
    lantime_password: "{{{{ vault_lantime_password }}}}"
    lantime_use_proxy: false
    lantime_golden_config:
      ntp: {{local-clock: {{stratum: 12}}}}
"""


class UnexpectedResultError(Exception):
    """A command that did not do what it should."""


class User:
    """An account with an empty home directory, the programs of one virtual environment, and no variable of the checkout."""

    def __init__(self, home: Path, programs: Path) -> None:
        self.home = home
        kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "REQUESTS_"))}
        path = os.pathsep.join([str(programs), "/usr/local/bin", "/usr/bin", "/bin"])
        self.env = {**kept, "HOME": str(home), "PATH": path, "LC_ALL": "C.UTF-8", "ANSIBLE_DEPRECATION_WARNINGS": "1"}

    def run(self, command: str, wanted: str = "", code: int = 0) -> str:
        """Run a command line; it must end with the exit code, and print the wanted text."""
        ended, output = run_program(["bash", "-euo", "pipefail", "-c", command], self.home, self.env)
        sys.stdout.write(f"  {ended}  $ {command.strip().splitlines()[0]}\n")
        sys.stdout.flush()
        if ended != code or wanted not in output:
            raise UnexpectedResultError(f"exit code {ended}, wanted {code} and {wanted!r} in:\n{output}")
        if deprecations(output):
            raise UnexpectedResultError(f"deprecated:\n{output}")
        return output


def use(user: User, archive: Path, device: DeviceHandle) -> None:
    """The steps of README: install, pin the certificate, write an inventory with a vault, read facts, look for drift."""
    user.run(f"ansible-galaxy collection install {archive}", "installed successfully")
    user.run("ansible-galaxy collection list meinberg.lantime", "meinberg.lantime")
    said = user.run(
        f"openssl s_client -connect {device.host}:{device.port} </dev/null 2>/dev/null"
        " | openssl x509 -noout -fingerprint -sha256",
        "=",
    )
    fingerprint = said.strip().rpartition("=")[2]
    (user.home / "inventory.yml").write_text(
        INVENTORY.format(host=device.host, port=device.port, fingerprint=fingerprint), encoding="utf-8"
    )
    (user.home / "vault_password").write_text("correct horse battery\n", encoding="utf-8")
    variables = user.home / "group_vars" / "lantime.yml"
    variables.parent.mkdir()
    variables.write_text(f"vault_lantime_password: {device.users['info']}\n", encoding="utf-8")
    vault = "--vault-password-file vault_password"
    user.run(f"ansible-vault encrypt {vault} {variables}")
    ansible = f"-i inventory.yml {vault}"
    user.run(f"ansible lantime {ansible} -m meinberg.lantime.lantime_facts", device.serial)
    user.run(f"ansible-playbook {ansible} meinberg.lantime.drift_check", "failed=0")
    device.change("ntp/local-clock/stratum", 3)
    user.run(f"ansible-playbook {ansible} meinberg.lantime.drift_check", "ntp/local-clock/stratum", code=2)
    user.run("test -s lantime-report/drift.html && test -s lantime-report/drift.json")


def environment(core: str) -> Path:
    """The programs of a fresh virtual environment with ansible-core and what the collection requires."""
    python = matrix.installed(core)[-1]
    venv = ENVIRONMENTS / core
    command = [matrix.interpreter(python) or python, "-m", "venv", "--clear", str(venv)]
    subprocess.run(command, check=True, timeout=300)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"ansible-core~={core}.0", "requests"], check=True, timeout=600)
    return venv / "bin"


def main() -> int:
    (archive,) = Path(sys.argv[1]).resolve().glob("*.tar.gz")
    here = [core for core in matrix.CONTROLLERS if matrix.installed(core)]
    cores = sys.argv[2:] or list(dict.fromkeys([here[0], here[-1]]))
    failed = 0
    for core in cores:
        started = time.monotonic()
        spec = DeviceSpec("ts1", "m600-7.10", cert="self-signed")
        with tempfile.TemporaryDirectory() as home, Fleet([spec], freeze=True) as fleet:
            sys.stdout.write(f"ansible-core {core} on Python {matrix.installed(core)[-1]}:\n")
            try:
                user = User(Path(home), environment(core))
                fleet["ts1"].change("ntp/local-clock/stratum", 12)
                use(user, archive, fleet["ts1"])
            except UnexpectedResultError as exc:
                failed += 1
                sys.stdout.write(f"{exc}\n")
        sys.stdout.write(f"  {time.monotonic() - started:.0f} s\n")
    sys.stdout.write("use_installed: FAILED\n" if failed else "use_installed: passed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
