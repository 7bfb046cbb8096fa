# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the devices of the inventory come from: lists with ranges, files, networks. Pure; nothing is asked here.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import typing as t

from ansible.errors import AnsibleError
from ansible.parsing.utils.addresses import parse_address
from ansible.plugins.inventory import detect_range, expand_hostname_range

from ...module_utils._base.sanitize import printable
from ...module_utils._client.options import CONNECTION

CONNECTION_OPTIONS = tuple(
    name for name in CONNECTION if name not in ("host", "command_timeout", "http_log", "http_log_max")
)
"""Connection options that the inventory takes, as a whole and for each device."""

DEVICE_OPTIONS = ("name", "host", *CONNECTION_OPTIONS)
"""What an entry of C(hosts) may hold if it is a mapping."""

CREDENTIALS = ("username", "password", "token")

_LARGEST_RANGE = 100_000
_RANGE = re.compile(r"\[(\d+):(\d+)(?::(\d+))?\]")
_NAME = re.compile(r"[\w.:%\-]{1,255}")


class ConfigError(ValueError):
    """The configuration is wrong. The message is one sentence for the user, without its full stop."""


class InventoryTarget(t.NamedTuple):
    """A device to ask.

    name: its name in the inventory.  options: connection options of its own, C(host) always among them unless the
    variables of the host are to tell it.  found: whether it comes from a network and only counts if a LANTIME answers.
    """

    name: str
    options: dict[str, t.Any]
    found: bool = False


def nearest(name: object, known: t.Iterable[str]) -> str:
    """C(; did you mean x or y), or nothing if no known name is near."""
    near = difflib.get_close_matches(str(name)[:100], sorted(known), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}" if near else ""


def check_names(given: t.Iterable[object], known: t.Collection[str], where: str) -> None:
    """Raises ConfigError for the first name that is not known."""
    for name in given:
        if name not in known:
            raise ConfigError(f'{where} has no option "{printable(name, 60)}"{nearest(name, known)}')


def from_list(entries: object, where: str) -> list[InventoryTarget]:
    """Targets of a list: texts (C(ts[01:20].example.com), C(192.0.2.7), C([2001:db8::7]:8443)) and mappings of DEVICE_OPTIONS."""
    if not isinstance(entries, (list, tuple)):
        raise ConfigError(f"{where} must be a list of names, addresses or mappings")
    found: list[InventoryTarget] = []
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, str):
            found += _from_text(entry.strip(), where)
        elif isinstance(entry, dict):
            found += _from_mapping(entry, f"{where}[{number}]")
        else:
            raise ConfigError(f"{where}[{number}] must be a name, an address or a mapping, not {type(entry).__name__}")
    return found


def from_lines(text: str, where: str) -> list[InventoryTarget]:
    """Targets of a plain text: one name, address or range a line; the rest of a line from C(#) on is a comment."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [target for line in lines if line for target in _from_text(line, where)]


def from_document(document: object, where: str) -> list[InventoryTarget]:
    """Targets of a YAML or JSON document: a list as in from_list(), or a mapping with such a list as C(hosts)."""
    if isinstance(document, dict):
        check_names(document, ("hosts",), where)
        document = document.get("hosts")
    return from_list(document or [], where)


def from_networks(networks: t.Sequence[object], limit: int) -> list[InventoryTarget]:
    """Every host address of the networks in CIDR notation, in order. Raises ConfigError for more than C(limit) in all."""
    found: list[InventoryTarget] = []
    total = 0
    for text in networks:
        try:
            network = ipaddress.ip_network(str(text).strip(), strict=False)
        except ValueError:
            raise ConfigError(f'networks: "{printable(text, 60)}" is not a network such as 192.0.2.0/24') from None
        total += network.num_addresses
        if total > limit:
            raise ConfigError(
                f"networks: {network} makes it more than {limit} addresses to probe; "
                "name smaller networks or raise networks_max_addresses"
            )
        found += [InventoryTarget(str(a), {"host": str(a)}, found=True) for a in network.hosts()]
    return found


def merged(targets: t.Iterable[InventoryTarget]) -> list[InventoryTarget]:
    """Each device once, in the order of first mention. Raises ConfigError for a name that stands for two devices.

    An address of a network that is listed as a device anyway is dropped.
    """
    by_name: dict[str, InventoryTarget] = {}
    listed = {target.options.get("host") for target in targets if not target.found}
    for target in targets:
        if target.found and (target.options.get("host") in listed or target.name in by_name):
            continue
        known = by_name.setdefault(target.name, target)
        if known.options != target.options:
            raise ConfigError(f'the name "{printable(target.name, 60)}" is given twice with different options')
    return list(by_name.values())


def _from_text(text: str, where: str) -> list[InventoryTarget]:
    names, port = _expand(text, where)
    own = {} if port is None else {"port": port}
    return [InventoryTarget(name, {"host": name, **own}) for name in names]


def _from_mapping(entry: dict[t.Any, t.Any], where: str) -> list[InventoryTarget]:
    check_names(entry, DEVICE_OPTIONS, where)
    given = {name: value for name, value in entry.items() if value is not None}
    host, name = given.pop("host", None), given.pop("name", None)
    if host is None and name is None:
        raise ConfigError(f"{where} needs a host or a name")
    hosts, port = _expand(str(name if host is None else host), where)
    names = hosts if name is None else _expand(str(name), where)[0]
    if len(names) != len(hosts):
        raise ConfigError(
            f"{where}: name stands for {len(names)} devices and host for {len(hosts)}; give both the same range"
        )
    if port is not None:
        given.setdefault("port", port)
    return [InventoryTarget(n, {**given, "host": h}) for n, h in zip(names, hosts)]


def _expand(text: str, where: str) -> tuple[list[str], int | None]:
    """Names and addresses that a pattern stands for, and the port behind it."""
    try:
        pattern, port = parse_address(text, allow_ranges=True)
    except AnsibleError:
        pattern, port = text, None
    size = 1
    for first, last, step in _RANGE.findall(str(pattern)):
        size *= max(1, (int(last[:12]) - int(first[:12])) // max(1, int(step or 1)) + 1)
    if size > _LARGEST_RANGE:
        raise ConfigError(f'{where}: "{printable(text, 60)}" stands for {size} devices')
    try:
        names = expand_hostname_range(pattern) if detect_range(pattern) else [pattern]
    except (AnsibleError, ValueError) as exc:
        raise ConfigError(f'{where}: "{_shown(text)}" is no proper range ({printable(exc, 100)})') from None
    if not names:
        raise ConfigError(f'{where}: the range of "{_shown(text)}" is empty')
    for name in names:
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f'{where}: "{_shown(text)}" is neither a host name nor an address; '
                "give the bare name or address, and port, user and password as options of their own"
            )
    return names, port


def _shown(text: str) -> str:
    """Text for a message, without what might be a password in front of a host."""
    return printable("…@" + text.rpartition("@")[2] if "@" in text else text, 60)
