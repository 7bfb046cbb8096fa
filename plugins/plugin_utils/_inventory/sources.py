# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of devices of the inventory: lists with ranges, files, networks, groups. No device is asked here."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.parsing.utils.addresses import parse_address
from ansible.plugins.inventory import detect_range, expand_hostname_range

from ...module_utils._base.plain import to_plain
from ...module_utils._base.sanitize import printable, without_user_info
from ...module_utils._base.suggest import suggest_names
from ...module_utils._client.settings import POLLING_OPTIONS

DEVICE_OPTIONS = ("name", "host", *POLLING_OPTIONS)
"""Members of an entry of hosts that is a mapping."""

CREDENTIALS = ("username", "password", "token")

_MAX_RANGE = 100_000
_RANGE = re.compile(r"\[(\d+):(\d+)(?::(\d+))?\]")
_HOST_NAME = re.compile(r"[\w.:%\-]{1,255}")


class ConfigError(ValueError):
    """The configuration is wrong. The message is one sentence for the user, without its full stop."""


class InventoryTarget(t.NamedTuple):
    """A device to poll.

    name: its name in the inventory.  options: its own connection options, among them host unless it is left to the
    variables of the host.  is_discovered: whether it comes from a network and becomes a host only if a LANTIME answers.
    """

    name: str
    options: dict[str, t.Any]
    is_discovered: bool = False


def refuse_unknown_names(given: t.Iterable[object], known: t.Collection[str], where: str) -> None:
    """Raises ConfigError for the first name that is not known."""
    for name in given:
        if name not in known:
            raise ConfigError(f'{where} has no option "{printable(name, 60)}"{suggest_names(name, sorted(known))}')


def targets_from_list(entries: object, where: str) -> list[InventoryTarget]:
    """Targets of a list: texts (ts[01:20].example.com, 192.0.2.7, [2001:db8::7]:8443) and mappings of DEVICE_OPTIONS."""
    if not isinstance(entries, (list, tuple)):
        raise ConfigError(f"{where} must be a list of names, addresses or mappings")
    targets: list[InventoryTarget] = []
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, str):
            targets += _from_text(entry.strip(), where)
        elif isinstance(entry, dict):
            targets += _from_mapping(entry, f"{where}[{number}]")
        else:
            raise ConfigError(f"{where}[{number}] must be a name, an address or a mapping, not {type(entry).__name__}")
    return targets


def targets_from_lines(text: str, where: str) -> list[InventoryTarget]:
    """Targets of a plain text: one name, address or range a line; the rest of a line from # on is a comment."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [target for line in lines if line for target in _from_text(line, where)]


def targets_from_document(document: object, where: str) -> list[InventoryTarget]:
    """Targets of a YAML or JSON document: a list as for targets_from_list(), or a mapping with such a list as hosts."""
    if isinstance(document, dict):
        refuse_unknown_names(document, ("hosts",), where)
        document = document.get("hosts")
    return targets_from_list(document or [], where)


def targets_from_networks(networks: t.Sequence[object], limit: int) -> list[InventoryTarget]:
    """Every host address of the networks in CIDR notation, in order. Raises ConfigError for more than limit in all."""
    targets: list[InventoryTarget] = []
    total = 0
    for text in networks:
        try:
            network = ipaddress.ip_network(str(text).strip(), strict=False)
        except ValueError:
            raise ConfigError(f'networks: "{printable(text, 60)}" is not a network such as 192.0.2.0/24') from None
        total += network.num_addresses
        if total > limit:
            raise ConfigError(
                f"networks: with {network} there are more than {limit} addresses to poll; "
                "set smaller networks or increase networks_max_addresses"
            )
        for address in map(str, network.hosts()):
            targets.append(InventoryTarget(address, {"host": address}, is_discovered=True))
    return targets


def targets_from_file(path: Path, loader: t.Any) -> list[InventoryTarget]:
    """Targets of a YAML, JSON or text file. loader: ansible's DataLoader."""
    where = path.name
    if path.suffix in (".yml", ".yaml", ".json"):
        try:
            document = to_plain(loader.load_from_file(str(path), cache="none"))
        except AnsibleError as exc:
            raise ConfigError(f"file: {where} cannot be read ({printable(exc, 200)})") from None
        return targets_from_document(document, where)
    try:
        return targets_from_lines(path.read_text(encoding="utf-8-sig"), where)
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(f"file: {where} cannot be read ({type(exc).__name__})") from None


def targets_from_group(name: str, inventory: t.Any) -> list[InventoryTarget]:
    """The hosts of a group that an inventory source before this one has made. inventory: ansible's InventoryData."""
    groups = inventory.groups
    if name not in groups:
        raise ConfigError(
            f'group: no inventory source before this one has a group "{printable(name, 60)}"'
            + suggest_names(name, sorted(groups))
        )
    # The group all gets its children only after the last source.
    hosts = inventory.hosts.values() if name == "all" else groups[name].get_hosts()
    return [InventoryTarget(host.name, {}) for host in hosts]


def merge_targets(targets: t.Iterable[InventoryTarget]) -> list[InventoryTarget]:
    """Each device once, in the order of first mention. Raises ConfigError for a name that stands for two devices.

    An address of a network is dropped if it is also listed as a device.
    """
    by_name: dict[str, InventoryTarget] = {}
    listed = {target.options.get("host") for target in targets if not target.is_discovered}
    for target in targets:
        if target.is_discovered and (target.options.get("host") in listed or target.name in by_name):
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
    refuse_unknown_names(entry, DEVICE_OPTIONS, where)
    given = {name: value for name, value in entry.items() if value is not None}
    host, name = given.pop("host", None), given.pop("name", None)
    if host is None and name is None:
        raise ConfigError(f"{where} needs a host or a name")
    hosts, port = _expand(str(name if host is None else host), where)
    names = hosts if name is None else _expand(str(name), where)[0]
    if len(names) != len(hosts):
        raise ConfigError(
            f"{where}: name expands to {len(names)} devices and host to {len(hosts)}; both need ranges of the same size"
        )
    if port is not None:
        given.setdefault("port", port)
    return [InventoryTarget(n, {**given, "host": h}) for n, h in zip(names, hosts)]


def _expand(text: str, where: str) -> tuple[list[str], int | None]:
    """Names or addresses that a pattern expands to, and the port after it."""
    try:
        pattern, port = parse_address(text, allow_ranges=True)
    except AnsibleError:
        pattern, port = text, None
    size = 1
    for first, last, step in _RANGE.findall(str(pattern)):
        size *= max(1, (int(last[:12]) - int(first[:12])) // max(1, int(step or 1)) + 1)
    if size > _MAX_RANGE:
        raise ConfigError(f'{where}: "{printable(text, 60)}" expands to {size} devices')
    try:
        names = expand_hostname_range(pattern) if detect_range(pattern) else [pattern]
    except (AnsibleError, ValueError) as exc:
        raise ConfigError(
            f'{where}: "{_without_userinfo(text)}" is not a valid range ({printable(exc, 100)})'
        ) from None
    if not names:
        raise ConfigError(f'{where}: the range of "{_without_userinfo(text)}" is empty')
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise ConfigError(
                f'{where}: "{_without_userinfo(text)}" is neither a host name nor an address; '
                "set the bare name or address; port, username and password are separate options"
            )
    return names, port


def _without_userinfo(text: str) -> str:
    """Text for a message, without what might be a password in front of a host."""
    return printable(without_user_info(text), 60)
