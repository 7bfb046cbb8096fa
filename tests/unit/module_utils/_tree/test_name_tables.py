# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every entry of the tables of secret names and of aliases."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._tree import aliases
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secret_names import is_secret_name

SECRET_WORDS = [
    "community",
    "communities",
    "credential",
    "credentials",
    "otp",
    "passcode",
    "passcodes",
    "passphrase",
    "passphrases",
    "passwd",
    "password",
    "passwords",
    "psk",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
]
SECRET_ENDINGS = ("passcode", "passphrase", "passwd", "password", "secret")
SECRET_PAIRS = [
    "pass-phrase",
    "pass-word",
    "pass-code",
    "pass-key",
    "pin-code",
    "key-data",
    "key-hex",
    "key-material",
    "key-secret",
    "key-string",
    "key-value",
]
DESCRIPTIONS = [
    "age",
    "algorithm",
    "attempts",
    "bits",
    "changed",
    "complexity",
    "count",
    "disabled",
    "enabled",
    "expiration",
    "expires",
    "expiry",
    "format",
    "history",
    "length",
    "lifetime",
    "max",
    "maximum",
    "min",
    "minimum",
    "policy",
    "protocol",
    "quality",
    "required",
    "retries",
    "size",
    "strength",
    "timeout",
    "type",
]
KINDS_OF_KEYS = [
    "access",
    "aes",
    "api",
    "auth",
    "authentication",
    "client",
    "cmac",
    "des",
    "encrypt",
    "encryption",
    "hmac",
    "master",
    "md5",
    "mschap",
    "ntp",
    "pre",
    "preshared",
    "priv",
    "privacy",
    "private",
    "radius",
    "secret",
    "server",
    "session",
    "sha",
    "sha1",
    "sha256",
    "shared",
    "signing",
    "snmp",
    "ssl",
    "symmetric",
    "tacacs",
    "tls",
    "wep",
    "wpa",
    "wpa2",
]
PLAIN_KINDS_OF_KEYS = ("public", "trusted")
OWNERS_OF_PASSWORDS = [
    "account",
    "admin",
    "auth",
    "authentication",
    "db",
    "ftp",
    "http",
    "ldap",
    "login",
    "mail",
    "my",
    "priv",
    "privacy",
    "proxy",
    "radius",
    "root",
    "smtp",
    "snmp",
    "ssh",
    "sudo",
    "user",
    "web",
]
OWNERS_OF_PINS = ["access", "admin", "lock", "login", "sim", "unlock", "user"]
KEY_CONTENTS = ["ascii", "content", "data", "hex", "material", "string", "text", "value"]
AMBIGUOUS = ["key", "keys", "ntp-key", "server-key", "client-key", "md5", "sha1", "pass"]
VALUES_OF_PLAIN_NAMES = ("", "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "none", "7", "1 2, 3", 5)


def is_secret(*path: str, **value: object) -> bool:
    return is_secret_name(path, **value)


@pytest.mark.parametrize("word", SECRET_WORDS)
def test_each_secret_word(word: str) -> None:
    capitals = word.capitalize()
    assert all(is_secret(name) for name in (word, f"my-{word}", f"{word}_2", f"user{capitals}", word.upper()))


@pytest.mark.parametrize("ending", SECRET_ENDINGS)
def test_each_ending(ending: str) -> None:
    assert is_secret(f"x{ending}")
    assert is_secret(f"x{ending}s")


@pytest.mark.parametrize("pair", SECRET_PAIRS)
def test_each_pair_of_words(pair: str) -> None:
    first, second = pair.split("-")
    assert is_secret(pair)
    assert is_secret(f"x{first.capitalize()}{second.capitalize()}")
    # "secret" is a secret by itself.
    assert is_secret(f"{first}-x-{second}") is (second == "secret")


@pytest.mark.parametrize("word", DESCRIPTIONS)
def test_each_description_of_a_secret_is_plain(word: str) -> None:
    assert not is_secret(f"password-{word}")
    assert is_secret(f"{word}-password")


@pytest.mark.parametrize("kind", KINDS_OF_KEYS)
def test_each_kind_of_key(kind: str) -> None:
    assert is_secret(f"x-{kind}-key")
    assert is_secret(f"x-{kind}-keys")
    assert is_secret(f"{kind}key")
    # "secret" is a secret by itself.
    assert is_secret(f"{kind}-key-id") is (kind == "secret")


@pytest.mark.parametrize(("plain", "kind"), [*itertools.product(PLAIN_KINDS_OF_KEYS, ("ssl", "master"))])
def test_each_kind_of_plain_key(plain: str, kind: str) -> None:
    assert not is_secret(f"{plain}-{kind}-key")
    assert not is_secret(f"{plain}-key", "value")


@pytest.mark.parametrize("owner", OWNERS_OF_PASSWORDS)
def test_each_owner_of_a_password(owner: str) -> None:
    assert all(is_secret(owner + suffix) for suffix in ("-pw", "-pass", "pass", "pw", "pwd"))


@pytest.mark.parametrize("owner", OWNERS_OF_PINS)
def test_each_owner_of_a_pin(owner: str) -> None:
    assert is_secret(f"{owner}-pin")


@pytest.mark.parametrize("name", ["low-pass", "connector-pin", "bypass", "compass", "x-pw"])
def test_short_forms_of_other_owners_are_plain(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize("name", KEY_CONTENTS)
def test_each_content_of_a_key(name: str) -> None:
    assert is_secret("ntp", "keys", "1", name)
    assert is_secret("ntp", "key", name)
    assert not is_secret("ntp", "servers", "1", name)


@pytest.mark.parametrize(("name", "value"), [*itertools.product(AMBIGUOUS, VALUES_OF_PLAIN_NAMES)])
def test_each_ambiguous_name_is_plain_with_a_switch_or_a_number(name: str, value: object) -> None:
    assert not is_secret(name, value=value)


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_each_ambiguous_name_is_secret_with_any_other_value(name: str) -> None:
    assert is_secret(name, value="c4n4ry")
    assert is_secret(name)


# -- aliases

EVENTS = {"leapsecond-announced": "leap-second-announced", "faillock-user-banned": "faillock:-user-banned"}
VALUES = {"no-leapsecond": "no-leap-second"}


def test_the_tables_of_aliases_are_these() -> None:
    assert (aliases.EVENT_ALIASES, aliases.VALUE_ALIASES) == (EVENTS, VALUES)


@pytest.mark.parametrize(("name", "old"), [*EVENTS.items(), *VALUES.items()])
def test_each_alias_is_read_as_its_name(name: str, old: str) -> None:
    for read in (aliases.canonical_event, aliases.canonical_value):
        assert (read(old), read(name), read("x")) == (name, name, "x")
    assert aliases.canonical_value(None) is None


@pytest.mark.parametrize(("name", "old"), EVENTS.items())
def test_each_alias_is_replaced_by_the_name_of_the_device(name: str, old: str) -> None:
    for given, own in ((name, old), (old, name)):
        desired = canonical({"events": {given: {"email": True}, "x": 1}})
        renamed = aliases.use_device_names(desired, {"events": {own: {"email": False}, "x": 2}})
        assert renamed.value == {"events": {own: {"email": True}, "x": 1}}
        kept = aliases.use_device_names(desired, {"events": {given: {}, own: {}}})
        assert kept.value == desired.value
