# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what in a recording looks personal. It knows the forms of stand-ins, but not the code that makes them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_STAND_IN = re.compile(
    r"(?:host|user|text|contact|certificate|zone)-[0-9a-f]{8}|host-[0-9a-f]{8}\.zone-[0-9a-f]{8}\.example"
    r"|zone-[0-9a-f]{8}\.example|user-[0-9a-f]{8}@example\.com|99\d{8,}"
)
# Texts of the firmware in place of a value, and names of users that every device has.
_WORDS = frozenset(
    [
        "-",
        "n/a",
        "N/A",
        "none",
        "None",
        "unknown",
        "never",
        "null",
        "localhost",
        "admin",
        "info",
        "root",
        "disabled",
        "enabled",
        "auto",
        "static",
        "UTC",
    ]
)
# What the name of a leaf says of its value; the end of a longer name counts too.
_NAMES: tuple[tuple[str, str], ...] = (
    ("serial-number", "a serial number"),
    ("serial", "a serial number"),
    ("uuid", "a serial number"),
    ("hostname", "a host name"),
    ("host", "a host name"),
    ("domain", "a host name"),
    ("nameserver", "a host name"),
    ("server", "a host name"),
    ("servers", "a host name"),
    ("gateway", "a host name"),
    ("contact", "a contact"),
    ("mail", "a contact"),
    ("phone", "a contact"),
    ("user", "a user"),
    ("username", "a user"),
    ("user-name", "a user"),
    ("location", "a description"),
    ("label", "a description"),
    ("comment", "a description"),
    ("alias", "a description"),
    ("banner", "a description"),
    ("certificate", "a certificate"),
    ("fingerprint", "a certificate"),
    ("public-key", "a certificate"),
)
_SECRET_NAME = re.compile(r"(?:.*-)?(?:password|passphrase|community|secret|token|psk)")
_TEXTS_OF_FIRMWARE = frozenset({"text", "error", "errors", "message", "self"})
_MEMBERS_OF_FORMAT = frozenset({"format", "created", "collection", "config_root", "content_type"})
_FIRMWARE_TEXT = re.compile(
    r"[\d.,/:;() -]*|.*\d kB total memory, .*|\d{4}[.-]\d\d[.-]\d\d[T ][\d:.]+(?: UTC)?|LANTIME REST API V[\d.]+"
    r"|no version information|[01]{8} \[\d+\]"
)
_MAC = re.compile(r"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5,7}\b")
_EUI64 = re.compile(r"\b[0-9A-Fa-f]{6}\.?[fF]{2}[fF][eE]\.?[0-9A-Fa-f]{6}\b")
_MAIL = re.compile(r"[^\s@,;<>\"]+@([^\s@,;<>\"]+)")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_IPV6 = re.compile(r"(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_HOST = re.compile(r"(?<![\w.@/-])(?:[A-Za-z0-9_][A-Za-z0-9_-]*\.)+[A-Za-z]{2,}(?![\w.-])")
_EXAMPLE = re.compile(r"(?:.*\.)?(?:example|example\.(?:com|net|org)|invalid|test|localhost)")
_KEPT_MACS = re.compile(r"0+|f+|02005e.*|01[0-9a-f]{10}|3333[0-9a-f]{8}")
_NETWORKS = [
    ipaddress.ip_network(text)
    for text in [
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "233.252.0.0/24",
        "2001:db8::/32",
        "127.0.0.0/8",
        "224.0.0.0/16",
    ]
]
# Bounds of coordinates in the South Pacific, in degrees and meters.
_PLACES = {
    "latitude": (-50.0, -40.0),
    "longitude": (-130.0, -120.0),
    "altitude": (0.0, 99.0),
    "position-x": (-3_100_000.0, -2_050_000.0),
    "position-y": (-4_220_000.0, -3_150_000.0),
    "position-z": (-4_880_000.0, -4_100_000.0),
}
_USER_TABLES = frozenset({"users", "accounts"})


class Suspicion(NamedTuple):
    """One place that looks personal: the path of the value in the file, the value, and what it looks like."""

    path: str
    value: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.value[:60]!r} looks like {self.what}"


def suspicions(document: Any) -> list[Suspicion]:
    """Everything in a recording, or in a saved answer, that looks personal."""
    return list(_walk(document, ()))


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[Suspicion]:
    if isinstance(value, dict):
        for name, member in value.items():
            if not re.fullmatch(r"[a-z][a-z0-9_-]*|API Version", name):
                yield from _of_patterns(name, (*path, name))
            yield from _walk(member, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _walk(item, (*path, str(place)))
    else:
        what = next(_reasons(path, value), None)
        if what is not None:
            yield Suspicion("/".join(path), str(value), what)


def _of_patterns(text: str, path: tuple[str, ...]) -> Iterator[Suspicion]:
    for what in _patterns(text):
        yield Suspicion("/".join(path), text, what)


def _reasons(path: tuple[str, ...], value: Any) -> Iterator[str]:
    """What a value looks like; nothing if it does not look personal."""
    names = [name for name in path if not name.isdigit()]
    name = names[-1] if names else ""
    if isinstance(value, bool) or value is None or value in ("", 0):
        return
    if isinstance(value, (int, float)):
        yield from _of_number(name, value)
        return
    if _SECRET_NAME.fullmatch(name) and not re.fullmatch(r"\*+", value):
        yield "a secret"
    if name == "object-id" and len(names) > 1 and names[-2] in _USER_TABLES:
        name = "user"
    if path[0] in _MEMBERS_OF_FORMAT or name in _MEMBERS_OF_FORMAT or _is_harmless_list(value):
        return
    yield from _of_name(name, value)
    if not name.endswith(("version", "revision")):
        yield from _patterns(value)
    is_free = re.search(r"\s", value) and re.search(r"[A-Za-z]{2}", value)
    if is_free and name not in _TEXTS_OF_FIRMWARE and not _FIRMWARE_TEXT.fullmatch(value):
        yield "free text"


def _is_harmless(value: str) -> bool:
    return value in _WORDS or _STAND_IN.fullmatch(value) is not None


def _is_harmless_list(value: str) -> bool:
    """Whether a text consists of stand-ins and addresses for documentation, with or without ports."""
    parts = [re.sub(r":\d+$", "", part) for part in re.split(r"[\s,;]+", value) if part]
    return all(_is_harmless(part) or (_is_address(part) and not list(_patterns(part))) for part in parts)


def _of_number(name: str, value: float) -> Iterator[str]:
    low, high = _PLACES.get(name, (value, value))
    if not low <= value <= high:
        yield "a position"
    if name == "serial-number" and not _STAND_IN.fullmatch(str(value)):
        yield "a serial number"


def _of_name(name: str, value: str) -> Iterator[str]:
    if name == "position":
        numbers = [float(text) for text in re.findall(r"-?\d+\.\d+", value)]
        bounds = [_PLACES["latitude"], _PLACES["longitude"], _PLACES["altitude"]]
        if any(number and not low <= number <= high for number, (low, high) in zip(numbers, bounds)):
            yield "a position"
    for end, what in _NAMES:
        if name == end or name.endswith(f"-{end}"):
            is_token = end == "serial" and not re.search(r"\d{5}", value)
            if not is_token and not _is_address(value):
                yield what


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("/")[0])
    except ValueError:
        return False
    return True


def _patterns(text: str) -> Iterator[str]:
    """What a text looks like by its form, whatever the name of its leaf."""
    if "-----BEGIN" in text:
        yield "a certificate"
    for match in (*_MAC.finditer(text), *_EUI64.finditer(text)):
        if not _KEPT_MACS.fullmatch(re.sub(r"[^0-9a-f]", "", match.group().lower())):
            yield "a hardware address"
    for match in (*_IPV4.finditer(text), *_IPV6.finditer(text)):
        if _is_address(match.group()) and not _is_documentation(match.group()):
            yield "an address"
    for match in _MAIL.finditer(text):
        if not _EXAMPLE.fullmatch(match.group(1)):
            yield "a contact"
    for match in _HOST.finditer(text):
        if not _EXAMPLE.fullmatch(match.group()):
            yield "a host name"


def _is_documentation(text: str) -> bool:
    address = ipaddress.ip_address(text)
    if address.is_unspecified or address.is_loopback or any(address in network for network in _NETWORKS):
        return True
    if address.version == 6:
        return address.is_multicast
    bits = f"{int(address):032b}"
    return "01" not in bits
