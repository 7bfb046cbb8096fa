# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names of leaves say that their values are secret.

A name is split into words at capitals and signs, so that `userPassword`, `user_password` and `user-password` are the same.
"""

from __future__ import annotations

import re
import typing as t

from .._base.words import word_set
from .paths import Path

# A value that is not known.
DEPENDS_ON_VALUE = object()

_NAME_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")


# Words that make any name secret.
_SECRET_WORDS = word_set(
    """
    community communities credential credentials otp passcode passcodes passphrase passphrases passwd password
    passwords psk pwd secret secrets token tokens
    """
)
# Endings of words that are written together with others, such as userpassword.
_SECRET_ENDINGS = ("passcode", "passphrase", "passwd", "password", "secret")
# Pairs of words that mean one of the secret words.
_SECRET_PAIRS = frozenset(
    [("pass", "phrase"), ("pass", "word"), ("pass", "code"), ("pass", "key"), ("pin", "code")]
    + [("key", part) for part in ("data", "hex", "material", "secret", "string", "value")]
)
# Last words of names that describe a secret: the length of a password, for example.
_DESCRIPTIONS = word_set(
    """
    age algorithm attempts bits changed complexity count disabled enabled expiration expires expiry format history
    length lifetime max maximum min minimum policy protocol quality required retries size
    strength timeout type
    """
)
# Words before key that say that it is a secret one.
_KINDS_OF_KEYS = word_set(
    """
    access aes api auth authentication client cmac des encrypt encryption hmac master md5 mschap ntp pre preshared
    priv privacy private radius secret server session sha sha1 sha256 shared signing snmp ssl symmetric tacacs tls
    wep wpa wpa2
    """
)
_PLAIN_KINDS_OF_KEYS = frozenset(["public", "trusted"])
_OWNERS_OF_PASSWORDS = word_set(
    """
    account admin auth authentication db ftp http ldap login mail my priv privacy proxy radius root smtp snmp ssh
    sudo user web
    """
)
_OWNERS_OF_PINS = word_set("access admin lock login sim unlock user")
# Names of leaves below a table of keys that hold the key itself.
_KEY_CONTENTS = word_set("ascii content data hex material string text value")
# Names that are also those of plain settings: a switch, or the number of a key.
_AMBIGUOUS = word_set("key keys ntp-key server-key client-key md5 sha1 pass")
_NUMBERS = re.compile(r"\d{1,5}(?:[ ,;-]{1,3}\d{1,5}){0,200}")


def words_of(name: str) -> list[str]:
    """The words of a name, in lower case, without numbers at its end."""
    words = [word.lower() for word in _NAME_WORD.findall(name[:512])]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    return words


def is_secret_name(path: Path, value: t.Any = DEPENDS_ON_VALUE) -> bool:
    """Whether the name of a leaf says that its value is secret. value: decides for names that have several meanings."""
    words = words_of(path[-1]) if path else []
    if not words or words[-1] in _DESCRIPTIONS:
        return False
    if "-".join(words) in _AMBIGUOUS:
        return not _is_plain(value)
    if any(_is_secret_word(word) for word in words) or any(pair in _SECRET_PAIRS for pair in zip(words, words[1:])):
        return True
    return _is_secret_key(words) or _is_short_password(words) or _is_key_content(words, path[:-1])


def _is_secret_word(word: str) -> bool:
    word = word.rstrip("0123456789")
    return (
        word in _SECRET_WORDS
        or word.endswith(_SECRET_ENDINGS)
        or (word.endswith("s") and word[:-1].endswith(_SECRET_ENDINGS))
    )


def _is_secret_key(words: list[str]) -> bool:
    """Whether a name is that of a secret key, such as wpa-key or privkey."""
    if words[-1] in ("id", "ids", "index", "number", "numbers"):
        return False
    for number, word in enumerate(words):
        single = word[:-1] if word.endswith("keys") else word
        if not single.endswith("key"):
            continue
        kinds = {*words[:number], single[: -len("key")]}
        if kinds & _KINDS_OF_KEYS and not kinds & _PLAIN_KINDS_OF_KEYS:
            return True
        if single[: -len("key")] in ("privat", "preshared", "pass"):
            return True
    return False


def _is_short_password(words: list[str]) -> bool:
    """Whether a name ends with a short form of password or with pin: auth-pw, privpass, sim-pin."""
    last, owners = words[-1], words[:-1]
    if last in ("pw", "pass"):
        return not owners or owners[-1] in _OWNERS_OF_PASSWORDS
    if last == "pin":
        return not owners or owners[-1] in _OWNERS_OF_PINS
    return any(last.endswith(form) and last[: -len(form)] in _OWNERS_OF_PASSWORDS for form in ("pass", "pw", "pwd"))


def _is_key_content(words: list[str], menus: Path) -> bool:
    """Whether a leaf is the content of a key in a table such as ntp/keys."""
    if "-".join(words) not in _KEY_CONTENTS:
        return False
    above = [words_of(name) for name in menus]
    return any(name and name[-1] in ("key", "keys") and not _PLAIN_KINDS_OF_KEYS.intersection(name) for name in above)


def _is_plain(value: t.Any) -> bool:
    """Whether a value is a switch, or one or several numbers of keys."""
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    if value is DEPENDS_ON_VALUE:
        return False
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, (int, float)):
        return 0 <= value < 2**16
    text = str(value).strip().lower()
    return text in ("", "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "none") or bool(
        _NUMBERS.fullmatch(text)
    )
