# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script that replaces the playbooks: the same reads and writes with requests in threads.

Usage: script.py SCENARIO INVENTORY GOLDEN LOCATION THREADS; prints the number of devices that deviated.
"""

from __future__ import annotations

import json
import sys
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
import yaml


def differs(desired: t.Any, current: t.Any) -> bool:
    if isinstance(desired, dict):
        return any(differs(value, current.get(name)) for name, value in desired.items())
    return bool(desired != current)


def work(scenario: str, host: dict[str, t.Any], golden: dict[str, t.Any], location: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (host["lantime_username"], host["lantime_password"])
        base = f"https://{host['lantime_host']}:{host['lantime_port']}/api"

        def ask(method: str, path: str, body: t.Any = None) -> t.Any:
            answer = session.request(method, base + path, json=body, verify=host["lantime_ca_path"], timeout=30)
            answer.raise_for_status()
            return answer.json().get("data") if answer.content else None

        if scenario == "S1":
            return not ask("GET", "/status")
        if scenario == "S2":
            current = {section: ask("GET", f"/config/{section}") for section in golden}
            return differs(golden, current)
        if ask("GET", "/config/snmp")["location"] == location:
            return False
        ask("PUT", "/config/snmp", {"location": location})
        if ask("GET", "/config/snmp")["location"] != location:
            raise SystemExit("not applied")
        ask("PUT", "/write", {"parameters": {"package": "snmp"}})
        return True


def main() -> None:
    scenario, inventory, golden, location, threads = sys.argv[1:]
    hosts = yaml.safe_load(Path(inventory).read_text("utf-8"))["all"]["children"]["lantime"]["hosts"]
    desired = json.loads(Path(golden).read_text("utf-8"))["golden"]
    with ThreadPoolExecutor(int(threads)) as pool:
        print(sum(pool.map(lambda host: work(scenario, host, desired, location), hosts.values())))


if __name__ == "__main__":
    main()
