# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which leaves hold personal values, by their names and by the form of their values.

A text is kept only if something says that it comes from the firmware; everything else is replaced.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._base.words import word_set
from .._tree.paths import Path
from .._tree.secrets import is_mask, is_secret
from . import vocabulary
from .stand_ins import POSITION_NAMES

_KIND_OF_NAME = {
    **dict.fromkeys(
        word_set("serial-number serial-no serialnumber sernum rub-id xhe-id uuid asset-tag"), "serial_number"
    ),
    **dict.fromkeys(
        word_set(
            """
            address address1 address2 broadcast-address cluster-ip communication-ip current-team-master domain-name
            current-team-reference dhcp-address dhcp-broadcast dhcp-domain dhcp-gateway dhcp-nameserver domain fqdn
            gateway grandmaster host host-name hostname id ip ipv4-address ipv4-gateway ipv6-address ipv6-gateway
            link-local master-ip nameserver nameserver1 nameserver2 ntp-server peer ra-address search-domain server
            servers smarthost smarthost-address target url
            """
        ),
        "host_name",
    ),
    **dict.fromkeys(
        word_set("clock-identity grandmaster-identity hwaddr mac mac-address perm-hwaddr port-identity"), "mac_address"
    ),
    **dict.fromkeys(
        word_set("bcc cc contact e-mail email from mail mailto phone recipient recipients sender to"), "contact"
    ),
    **dict.fromkeys(word_set("account login owner smarthost-user user user-name username"), "user"),
    **dict.fromkeys(
        word_set(
            "alias banner building comment description label location name note notes rack remark room site title"
        ),
        "description",
    ),
    **dict.fromkeys(
        word_set("ca ca-certificate cert certificate fingerprint host-key issuer pem public-key subject thumbprint"),
        "certificate",
    ),
}
_KIND_OF_ENDING = {
    "-serial": "serial_number",
    "-serial-number": "serial_number",
    "-address": "host_name",
    "-gateway": "host_name",
    "-hostname": "host_name",
    "-domain": "host_name",
    "-ip": "host_name",
    "-server": "host_name",
    "-identity": "mac_address",
    "-mac": "mac_address",
    "-contact": "contact",
    "-mail": "contact",
    "-user": "user",
    "-username": "user",
    "-location": "description",
    "-label": "description",
    "-comment": "description",
    "-description": "description",
    "-certificate": "certificate",
    "-fingerprint": "certificate",
}
# Kinds of a text by its form that say more than the name of a description.
_SPECIFIC_FORMS = frozenset(["certificate", "contact", "host_name", "mac_address"])
_NETMASKS = word_set("dhcp-netmask netmask subnet")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?:(?:[:-][0-9A-Fa-f]{2}){2})?")
_EUI64 = re.compile(r"[0-9A-Fa-f]{6}\.?[fF]{2}[fF][eE]\.?[0-9A-Fa-f]{6}")
_MAIL = re.compile(r"[^\s@,;<>]{1,100}@[^\s@,;<>]{1,200}")
_HOST = re.compile(r"(?=.{4,253}$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})\.)+[A-Za-z][A-Za-z-]{1,62}\.?")
URL_START = re.compile(r"[a-z][a-z0-9+.-]{1,15}://")
_PAIR = re.compile(r"[-+]?\d{1,3}\.\d{3,}[,; ]+[-+]?\d{1,3}\.\d{3,}")
_DIGITS = re.compile(r"\d{6,}")
_NETWORK = re.compile(r"([0-9A-Fa-f.:]{2,45})(/\d{1,3}|%\w{1,16})?")
# Masks stay as they are, and so do texts without a letter or digit.
_NOTHING = re.compile(r"[\s\-*.]*")


def kind_of_leaf(path: Path, value: t.Any, is_enum: bool) -> str | None:
    """The kind of a personal leaf, None for one that is kept. is_enum: whether `?raw` shows its text as a number."""
    name = path[-1] if path else ""
    if isinstance(value, bool) or value is None:
        return None
    if is_secret(path, value):
        return None if is_mask(value) or value in ("", 0) else "secret"
    if isinstance(value, (int, float)):
        return _kind_of_number(name)
    if is_enum or _NOTHING.fullmatch(value) or value in vocabulary.WORDS:
        return None
    if _is_token_of_table(path, value):
        return None
    if name == "serial" and _DIGITS.search(value):
        return "serial_number"
    kind = _kind_of_name(name)
    if kind == "description":
        form = kind_of_text(name, value)
        return form if form in _SPECIFIC_FORMS else kind
    return kind or kind_of_text(name, value)


def _kind_of_number(name: str) -> str | None:
    if name in POSITION_NAMES:
        return "position"
    return "serial_number" if _kind_of_name(name) == "serial_number" else None


def _kind_of_name(name: str) -> str | None:
    if name in POSITION_NAMES or name == "position":
        return "position"
    if name in _KIND_OF_NAME:
        return _KIND_OF_NAME[name]
    if vocabulary.is_firmware_name(name):
        return None
    return next((kind for ending, kind in _KIND_OF_ENDING.items() if name.endswith(ending)), None)


def kind_of_text(name: str, value: str) -> str | None:
    """The kind of a text by its form, None for one of the firmware. name: of the leaf."""
    if "-----BEGIN" in value:
        return "certificate"
    if name in _NETMASKS and is_address(value):
        return None
    is_firmware = vocabulary.is_firmware_name(name)
    if is_network(value) and not (is_firmware and name.endswith(("version", "revision"))):
        return "host_name"
    if is_hardware_address(value):
        return "mac_address"
    if _MAIL.search(value):
        return "contact"
    if _PAIR.search(value):
        return "position"
    if vocabulary.is_plain_value(value, is_firmware):
        return None
    if _HOST.fullmatch(value) or URL_START.match(value):
        return "host_name"
    if is_firmware:
        return None if vocabulary.is_token(value) else "free_text"
    return "serial_number" if _DIGITS.fullmatch(value) else "free_text"


def _is_token_of_table(path: Path, value: str) -> bool:
    """Whether a text repeats the object-id of a firmware table, such as the description of a string type."""
    return len(path) > 2 and path[-2] == value and path[-3] in vocabulary.FIRMWARE_TABLES


def kind_of_object_id(path: Path) -> str | None:
    """The kind of an object-id that the owner chose, None for one of the firmware. path: of the item."""
    table, object_id = path[-2] if len(path) > 1 else "", path[-1]
    if vocabulary.is_numbered_part(object_id):
        return None
    if table in vocabulary.TABLES_OF_USERS:
        return None if object_id in vocabulary.BUILT_IN_USERS else "user"
    if table in vocabulary.TABLES_OF_CERTIFICATES:
        return "certificate"
    if is_network(object_id):
        return "host_name"
    if is_hardware_address(object_id):
        return "mac_address"
    if table in vocabulary.OWNED_TABLES:
        return "host_name"
    if table in vocabulary.FIRMWARE_TABLES and vocabulary.is_token(object_id):
        return None
    is_common = object_id in vocabulary.WORDS or vocabulary.is_short_number(object_id)
    return None if is_common else "free_text"


def is_hardware_address(text: str) -> bool:
    return _MAC.fullmatch(text) is not None or _EUI64.fullmatch(text) is not None


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_network(text: str) -> bool:
    """Whether a text is an IP address, with or without a prefix length or a zone."""
    match = _NETWORK.fullmatch(text)
    return match is not None and is_address(match.group(1))
