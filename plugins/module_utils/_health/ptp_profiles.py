# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profiles of PTP fix, INFERRED from their standards."""

from __future__ import annotations

_MULTICAST = ("multicast-master", "multicast-slave", "multicast-auto")
_E2E, _P2P = ("e2e",), ("p2p",)

ALLOWED_TOKENS: dict[str, dict[str, tuple[str, ...]]] = {
    "default-e2e": {"delay-mechanism": _E2E},
    "default-p2p": {"delay-mechanism": _P2P},
    "power-c37-238": {"mode": _MULTICAST, "delay-mechanism": _P2P, "network-protocol": ("ieee-802-3",)},
    "telecom-g8265-1": {
        "mode": ("unicast-master", "unicast-slave"),
        "delay-mechanism": _E2E,
        "network-protocol": ("udp-ipv4", "udp-ipv6"),
    },
    "telecom-g8275-1": {"mode": _MULTICAST, "delay-mechanism": _E2E, "network-protocol": ("ieee-802-3",)},
}
"""The tokens that a profile allows, by setting of an instance."""

ALLOWED_RANGES: dict[str, dict[str, tuple[int, int]]] = {
    "power-c37-238": {"sync-interval": (0, 0), "announce-interval": (0, 0), "delay-request-interval": (0, 0)},
    "telecom-g8265-1": {"domain-number": (4, 23)},
    "telecom-g8275-1": {
        "domain-number": (24, 43),
        "sync-interval": (-4, -4),
        "delay-request-interval": (-4, -4),
        "announce-interval": (-3, -3),
    },
    "smpte-2059-2": {"domain-number": (0, 127), "sync-interval": (-7, -1), "announce-interval": (-3, 1)},
}
"""The lowest and the highest number that a profile allows, by setting of an instance."""
