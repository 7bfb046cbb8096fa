# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of settings: which ones concern security, how severe a difference is, and what belongs to one device alone.

The paths are those of the configuration tree as the collection assumes it (ASSUMPTION, docs/docsite/rst/assumptions.rst). Settings of a
device with other names are classified by the words in the names.
"""

from __future__ import annotations

import functools
import re
import typing as t

from .._tree.aliases import canonical_event
from .._tree.paths import Path, is_covered, path_of, text_of
from .._tree.secrets import is_secret

# pattern of paths | class | severity. The first match counts.
_CLASS_TABLE = """
security|security|error
network/interfaces/*/services|security|error
network/interfaces/*/label|config|note
notification/snmp/trap-receivers|security|error
notification/syslog|security|error
notification/wall-display|config|note
notification|config|warning
ntp/trusted-keys|security|error
ntp/*/*/key|security|error
ntp/*/*/autokey|security|error
ntp/*/key|security|error
ntp/*/autokey|security|error
ntp|config|error
snmp/contact|config|note
snmp/location|config|note
snmp|security|error
system/display|config|note
system/web-language|config|note
chassis0/slots/*/module/ptp/network/disable-ssh|security|error
chassis0/slots/*/module/ptp|config|error
"""
_DEFAULT_CLASS = ("config", "warning")

# A path with such a word in one of its names concerns security.
_SECURITY_WORDS = re.compile(
    r"(?:^|[-_])(?:ssh|tls|ssl|https?|telnet|ftp|certificates?|passwords?|passphrase|users?|login|auth\w*|"
    r"community|firewall|access|radius|tacacs|ldap|keys?)(?:[-_]|$)",
    re.IGNORECASE,
)

# Settings of one device alone: names, addresses, places. They are not compared between peers.
_IDENTITY_TABLE = """
network/hostname
network/ipv4-gateway
network/ipv6-gateway
network/interfaces/*/ipv4/address
network/interfaces/*/ipv4/dhcp-*
network/interfaces/*/ipv6/address
network/interfaces/*/ipv6/ra-address
network/interfaces/*/ipv6/link-local
network/interfaces/*/cluster/ipv4/address
network/interfaces/*/cluster/ipv4/priority
ntp/broadcast/*/address
notification/wall-display
snmp/location
chassis0/slots/*/module/ptp/network/hostname
chassis0/slots/*/module/ptp/network/ipv4-address
chassis0/slots/*/module/ptp/network/ipv6-address
chassis0/slots/*/module/ptp/network/gateway
"""
_IDENTITY_NAMES = re.compile(r"(?:.*-)?(?:serial(?:-number)?|mac-address|uuid|fingerprint)")


@functools.lru_cache(maxsize=1)
def _parse_class_table() -> tuple[tuple[str, str, str], ...]:
    rows = (line.split("|") for line in _CLASS_TABLE.split())
    return tuple((pattern, kind, severity) for pattern, kind, severity in rows)


IDENTITY_PATTERNS: tuple[str, ...] = tuple(_IDENTITY_TABLE.split())


def classify_path(path: Path, value: t.Any = None) -> tuple[str, str]:
    """(class, severity) of a difference: config or security; error, warning or note."""
    for pattern, kind, severity in _parse_class_table():
        if is_covered(path, (pattern,)):
            return kind, severity
    if is_secret(path, value) or any(_SECURITY_WORDS.search(name) for name in path):
        return "security", "error"
    return _DEFAULT_CLASS


def is_identity(path: Path) -> bool:
    """Whether a setting belongs to one device alone."""
    return bool(path and _IDENTITY_NAMES.fullmatch(path[-1])) or is_covered(path, IDENTITY_PATTERNS)


def canonicalize_path(path: t.Iterable[str]) -> Path:
    """A path with the spelling of LTOS 7.10."""
    return tuple(canonical_event(name) for name in path)


def canonicalize_pattern(pattern: str) -> str:
    """A pattern of paths with the spelling of LTOS 7.10."""
    return text_of(canonicalize_path(path_of(pattern)))
