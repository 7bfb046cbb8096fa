# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare a home directory for ansible-test, so that it needs nothing but the package index.

ansible-test bootstraps pip into empty virtual environments with a get-pip script. It looks for that script in
$HOME/.ansible/test/cache before it downloads one from a file server. It also drops the PIP_* variables, so the
index settings in effect here have to reach it through a configuration file.

Usage: python tools/ansible_test_home.py DIRECTORY
"""

from __future__ import annotations

import ast
import configparser
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

# pip of ansible-core 2.16 and 2.17, 2.18 and 2.19, 2.20 and newer.
PIP_VERSIONS = ("23_1_2", "24_2", "25_2")

GET_PIP = """\
import subprocess
import sys

subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
args = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "-q", *args]))
"""

CARRIED = (
    "cert",
    "client-cert",
    "default-timeout",
    "extra-index-url",
    "find-links",
    "index-url",
    "no-index",
    "proxy",
    "retries",
    "timeout",
    "trusted-host",
)


def parse(listing: str) -> dict[str, str]:
    """The settings in effect for "pip install" from the lines of "pip config list".

    A line reads section.name='value'. Environment variables go before the install section, that before the global one.
    """
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        name, equals, value = line.partition("=")
        section, dot, key = name.rpartition(".")
        if equals and dot and section in sections and key in CARRIED:
            sections[section][key] = str(ast.literal_eval(value))
    return {**sections["global"], **sections["install"], **sections[":env:"]}


def complete(settings: dict[str, str], environ: dict[str, str]) -> dict[str, str]:
    """Add the CA bundle and the proxy that pip would take from variables of other programs, and keep pip quiet."""
    result = {**settings, "quiet": "1"}
    bundle = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    if "cert" not in result and bundle:
        result["cert"] = bundle
    proxy = environ.get("https_proxy") or environ.get("HTTPS_PROXY")
    if "proxy" not in result and proxy:
        urls = [result.get("index-url", "https://pypi.org/simple")]
        urls += result.get("extra-index-url", "").split()
        hosts = [urllib.parse.urlsplit(url).hostname for url in urls]
        if any(host and not urllib.request.proxy_bypass(host) for host in hosts):
            result["proxy"] = proxy
    return result


def write_private(path: Path, settings: dict[str, str]) -> None:
    """Write pip's configuration, readable by the owner only: an index address may hold a password."""
    config = configparser.RawConfigParser()
    config["global"] = settings
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        config.write(file)


def main() -> int:
    home = Path(sys.argv[1])
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in PIP_VERSIONS:
        (cache / f"get_pip_{version}.py").write_text(GET_PIP, encoding="utf-8")
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    write_private(home / ".config" / "pip" / "pip.conf", complete(parse(listing), dict(os.environ)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
