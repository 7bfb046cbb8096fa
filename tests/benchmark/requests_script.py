# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script that replaces the inventory plugin: the same GETs with requests in threads.

Usage: requests_script.py DEVICES.json CA WORKERS; prints the devices as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests


def main() -> None:
    devices: dict[str, dict[str, Any]] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    credentials = (os.environ["LANTIME_USERNAME"], os.environ["LANTIME_PASSWORD"])

    def ask(name: str) -> tuple[str, dict[str, Any]]:
        device = devices[name]
        url = f"https://{device['host']}:{device['port']}/api/status"
        try:
            answer = requests.get(url, auth=credentials, verify=sys.argv[2], timeout=(5, 15))
            answer.raise_for_status()
        except requests.RequestException as error:
            return name, {"error": type(error).__name__}
        tree = answer.json()
        known = tree["system-information"]
        status = tree["data"].get("status", tree["data"])
        sync = status["system"]["sync-status"]["clock-status"]["clock"]
        return name, {
            "model": known["model"],
            "serial": known["serial-number"],
            "firmware": known["version"],
            "sync": sync,
        }

    with ThreadPoolExecutor(int(sys.argv[3])) as pool:
        json.dump(dict(pool.map(ask, devices)), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
