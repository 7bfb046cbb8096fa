# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach one device."""

from __future__ import annotations

import typing as t

from . import transport

if transport.IMPORT_ERROR is None:
    pass


class Settings(t.NamedTuple):
    """How to reach one device; the options of the connection fragment, all times in seconds."""

    host: str
    port: int = 443
    use_tls: bool = True
    username: str | None = None
    password: str | None = None
    token: str | None = None
    auth: str = "basic"
    validate_certs: bool = True
    ca_path: str | None = None
    tls_fingerprint: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    use_proxy: bool = True
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    request_timeout: float = 30.0
    command_timeout: float = 120.0
    retries: int = 3
    http_log: bool = False
    http_log_max: int = 50

    def __repr__(self) -> str:
        return f"Settings(host={self.host!r}, port={self.port})"


# Smallest and largest value of each number in the settings.
OPTION_LIMITS: dict[str, tuple[float, float]] = {
    "port": (1, 65535),
    "connect_timeout": (0.1, 600),
    "read_timeout": (0.1, 3600),
    "request_timeout": (0.1, 3600),
    "command_timeout": (1, 3600),
    "retries": (0, 10),
    "http_log_max": (1, 10000),
}
