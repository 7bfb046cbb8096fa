# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values are secret, and how trees, texts and answers of commands are masked."""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, leaves
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import (
    MASK,
    SecretRules,
    contains_secret,
    hide_texts,
    is_secret,
    mask_secrets,
)
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES

CANARY = "canary"
ANSWER = SecretRules(free_text=True)


@pytest.mark.parametrize(
    "name",
    [
        "read-community",
        "community",
        "smarthost-password",
        "auth-passphrase",
        "shared-secret",
        "api_token",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(("snmp", name), "public")
    assert mask_secrets({"snmp": {name: "public"}}) == {"snmp": {name: MASK}}


SECRET_NAMES = [
    "key",
    "md5",
    "md5-key",
    "auth-key",
    "auth-pw",
    "pass",
    "auth-pass",
    "authpass",
    "privpass",
    "priv-pass",
    "pwd",
    "pw",
    "preshared-key",
    "wpa-key",
    "privkey",
    "symmetric-key",
    "api-key",
    "radius-key",
    "sharedsecret",
    "userPassword",
    "pass_phrase",
    "credential",
    "credentials",
    "passwords",
    "pin",
    "otp",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "community",
    "secret",
    "token",
    "psk",
    "private-key",
    "key-value",
    "shared-key",
    "userpassword",
    "user_pwd",
    "UserPwd",
    "SNMPv3AuthPass",
    "adminPassword",
    "ADMIN_PASSWORD",
    "password1",
    "password-2",
    "new-password-hash",
    "apiKey",
    "apiKeys",
    "APIKey",
    "api_key",
    "md5Key",
    "MD5Key",
    "auth-md5-key-1",
    "preSharedKey",
    "pre-shared-key",
    "presharedkey",
    "wpa2-psk",
    "radius-server-key",
    "tacacsKey",
    "privateKey",
    "private_key",
    "private-key-file",
    "keyValue",
    "key_data",
    "sharedSecrets",
    "client-secret",
    "secretKey",
    "secret-id",
    "accessToken",
    "access-token",
    "bearer_tokens",
    "sim-pin",
    "userPin",
    "pin-code",
    "smtpPass",
    "ftp-pw",
    "rootpw",
    "rootpass",
    "snmp.community",
    "community-string",
    "passkey",
    "bindCredentials",
    "totp-secret",
    "hmac-key",
    "session-key",
    "aes-key",
]
PLAIN_NAMES = [
    "key-id",
    "keyId",
    "auth-key-id",
    "public-key",
    "publicKey",
    "keyboard",
    "keyboard-layout",
    "pass-through",
    "passThrough",
    "bypass",
    "by-pass",
    "low-pass",
    "compass",
    "pin-count",
    "pps-pin",
    "path",
    "passive",
    "passive-mode",
    "password-policy",
    "password-min-length",
    "passwordLength",
    "password-expiry",
    "token-type",
    "key-length",
    "keyLength",
    "key-size",
    "key-type",
    "trusted-keys",
    "autokey",
    "monkey",
    "hotkey",
    "primary-key",
    "sort-key",
    "pinned",
    "spin",
    "pinging",
    "authentication",
    "auth",
    "auth-protocol",
    "priv-protocol",
    "smarthost-auth",
    "author",
    "communication",
    "communication-ip",
    "compression",
    "cryptography",
    "crypto-offset",
    "pwm",
    "pwm-output",
    "portauth",
    "hostname",
    "description",
    "type",
    "algorithm",
    "status-peer-auth-ok",
    "secretary",
    "tokenless",
    "opinion",
    "passed",
    "passing",
    "code",
    "otpauth",
    "value",
    "data",
    "string",
    "enabled",
    "user-name",
    "certificate",
    "md5sum",
]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_names_in_every_spelling(name: str) -> None:
    for spelling in (name, name.replace("-", "_"), name.upper() if name.islower() else name):
        assert is_secret(("menu", spelling), CANARY), spelling
        assert mask_secrets({"menu": {spelling: CANARY}}) == {"menu": {spelling: MASK}}
        assert CANARY not in str(mask_secrets({spelling: [CANARY, CANARY]}))


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_names_of_plain_settings(name: str) -> None:
    for spelling in (name, name.replace("-", "_")):
        assert not is_secret(("menu", spelling), "text"), spelling


@pytest.mark.parametrize("value", [5, "5", "1 2 17", "1-9", [3, 1, 2], ["3", 65535], "", None, True, "enabled"])
def test_the_number_of_a_key_is_no_secret(value: t.Any) -> None:
    assert not is_secret(("ntp", "external-servers", "1", "key"), value)
    assert mask_secrets({"key": value}) == {"key": value}


@pytest.mark.parametrize("value", ["abc", "123456", 123456, "1 2 x", [1, "abc"], "0x12", "12345678901234567890"])
def test_the_content_of_a_key_is_a_secret(value: t.Any) -> None:
    assert mask_secrets({"key": value}) == {"key": MASK}


def test_the_content_of_a_table_of_keys_is_secret() -> None:
    for table in ("keys", "symmetric-keys", "ntpKeys", "auth_keys"):
        node = {"ntp": {table: {"1": {"type": "SHA1", "value": CANARY, "key-id": 1}}}}
        assert mask_secrets(node)["ntp"][table]["1"] == {"type": "SHA1", "value": MASK, "key-id": 1}
    assert mask_secrets({"public-keys": {"1": {"value": "x"}}}) == {"public-keys": {"1": {"value": "x"}}}
    assert mask_secrets({"keyboard": {"value": "x"}}) == {"keyboard": {"value": "x"}}


BROADCAST_KEYS = {("ntp", "broadcast", f"{kind}{n}", "key") for kind in ("lan", "vif", "bond") for n in range(16)}


def test_which_names_of_the_simulated_devices_are_secret() -> None:
    names: dict[str, set[tuple[str, ...]]] = {}

    def collect(node: t.Any, at: tuple[str, ...]) -> None:
        for name, value in node.items() if isinstance(node, dict) else ():
            if isinstance(value, dict):
                collect(value, (*at, name))
            elif is_secret((*at, name), "text"):
                names.setdefault(name, set()).add((*at, name))

    for profile in PROFILE_NAMES:
        device = offline_device(profile)
        collect(canonical(device.running()).value, ())
        collect(canonical(device.status()).value, ())
    assert names.pop("key") <= {("ntp", "multicast", "key"), ("ntp", "manycast", "key"), *BROADCAST_KEYS}
    assert set(names) == {
        "auth-passphrase",
        "password",
        "priv-passphrase",
        "read-community",
        "smarthost-password",
        "write-community",
    }


@pytest.mark.parametrize("name", ["key", "trusted-keys", "key-length", "user-name", "hostname"])
def test_names_that_are_no_secrets(name: str) -> None:
    assert not is_secret(("ntp", name), "5")
    assert is_secret(("ntp", name), "****")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"password": CANARY}, {"password": MASK}),
        ({"password": ""}, {"password": ""}),
        ({"password": None}, {"password": None}),
        ({"password": []}, {"password": []}),
        ({"password": 0}, {"password": MASK}),
        ({"password": False}, {"password": MASK}),
        ({"password": [CANARY, CANARY]}, {"password": MASK}),
        ({"password": [{"value": "x", "token": CANARY}, CANARY]}, {"password": [{"value": "x", "token": MASK}, MASK]}),
        ({"other": "***"}, {"other": MASK}),
        ({"other": ["****", "a"]}, {"other": [MASK, "a"]}),
        ([{"object-id": "1", "psk": CANARY}], [{"object-id": "1", "psk": MASK}]),
        ({7: "a"}, {"7": "a"}),
        ("text", "text"),
        (None, None),
    ],
)
def test_a_tree_is_masked_by_names_and_by_the_masks_of_the_device(node: t.Any, expected: t.Any) -> None:
    before = json.dumps(node)
    assert mask_secrets(node) == expected
    assert json.dumps(node) == before


def test_the_path_of_the_node_counts() -> None:
    assert mask_secrets(CANARY, ("snmp", "community")) == MASK
    assert mask_secrets([CANARY], ("snmp", "community")) == MASK
    assert mask_secrets("", ("snmp", "community")) == ""


@pytest.mark.parametrize(
    "rules",
    [
        SecretRules(paths=frozenset({("snmp", "contact"), ("snmp", "rows")})),
        SecretRules(patterns=["snmp/cont*", "snmp/rows"]),
    ],
)
def test_more_secrets_by_path_and_by_pattern(rules: SecretRules) -> None:
    node = {"snmp": {"contact": CANARY, "rows": [{"a": CANARY}], "location": "here"}, "contact": "noc"}
    expected = {"snmp": {"contact": MASK, "rows": MASK, "location": "here"}, "contact": "noc"}
    assert mask_secrets(node, (), rules) == expected
    assert mask_secrets({"contact": ""}, ("snmp",), rules) == {"contact": ""}


def test_a_pattern_of_a_menu_covers_all_below() -> None:
    node = {"snmp": {"traps": {"1": {"address": CANARY, "port": 162, "note": ""}}}}
    masked = {"snmp": {"traps": {"1": {"address": MASK, "port": MASK, "note": ""}}}}
    assert mask_secrets(node, (), SecretRules(patterns=["snmp/traps"])) == masked


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (f"community {CANARY}", f"community {MASK}"),
        (f'a\n<password>"{CANARY}"\nb', f"a\n<password {MASK}\nb"),
        ("set password", "set password"),
        (["a", f"token={CANARY}"], ["a", f"token {MASK}"]),
        (
            f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----\nrest",
            f"{MASK}\n{MASK}\n{MASK}\nrest",
        ),
        (
            ["-----BEGIN PRIVATE KEY-----", CANARY, "-----END PRIVATE KEY-----", "rest"],
            [MASK, MASK, MASK, "rest"],
        ),
        (
            {"path": "snmp/community", "before": CANARY, "after": ""},
            {"path": "snmp/community", "before": MASK, "after": ""},
        ),
        ({"path": f"community {CANARY}", "x": 1}, {"path": f"community {MASK}", "x": 1}),
        ([{"name": "password", "values": [CANARY]}], [{"name": "password", "values": MASK}]),
        ({"path": "ntp/stratum", "before": 1}, {"path": "ntp/stratum", "before": 1}),
        ({"password": [CANARY]}, {"password": MASK}),
        (7, 7),
    ],
)
def test_the_answer_of_a_command_is_masked_by_what_it_says(answer: t.Any, expected: t.Any) -> None:
    masked = mask_secrets(answer, (), ANSWER)
    assert masked == expected
    assert CANARY not in json.dumps(masked)


def test_a_configuration_is_not_read_as_free_text() -> None:
    node = {"banner": "no password here", "item": {"name": "token", "level": "admin"}}
    assert mask_secrets(node) == node


def test_given_texts_occur_nowhere() -> None:
    rules = SecretRules(texts=[CANARY, "second"])
    node = {"a": f"x{CANARY}y", "b": [f"{CANARY}", {"c": "second"}], "d": "password ok"}
    assert mask_secrets(node, (), rules) == {"a": f"x{MASK}y", "b": [MASK, {"c": MASK}], "d": "password ok"}
    assert hide_texts(f"{CANARY} and second", rules.texts) == f"{MASK} and {MASK}"


def test_a_list_holds_a_secret_if_any_item_does() -> None:
    assert contains_secret(("users",), [{"level": "info"}, {"password": "x"}])
    assert contains_secret(("users",), ["a", "****"])
    assert contains_secret(("password",), "x")
    assert not contains_secret(("users",), [{"level": "info"}, "a"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "password", "token", "path"]), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"object-id": st.sampled_from("abc"), "v": inner}), max_size=3)
    ),
    max_leaves=12,
)


@given(value=JSON, rules=st.sampled_from([SecretRules(), ANSWER, SecretRules(patterns=["a"], texts=["0"])]))
def test_masking_twice_is_masking_once(value: t.Any, rules: SecretRules) -> None:
    masked = mask_secrets(value, (), rules)
    assert mask_secrets(masked, (), rules) == masked


@given(value=JSON)
def test_no_set_secret_of_a_canonical_tree_survives(value: t.Any) -> None:
    tree = canonical({"password": value, "other": value}).value
    for path, leaf in leaves(mask_secrets(tree)):
        if is_secret(path) and not isinstance(leaf, list):
            assert leaf in ("", None, MASK)
        elif is_secret(path):
            assert set(map(str, leaf)) <= {"", "None", MASK} or any(isinstance(item, (dict, list)) for item in leaf)
