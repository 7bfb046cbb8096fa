# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be set for one simulated device, and how it is written on a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from . import dialect


class Option(NamedTuple):
    """A setting of a device that is no dialect key: its type, default and meaning."""

    kind: type
    default: Any
    meaning: str


# Fixed when the device is made.
FIXED: dict[str, Option] = {
    "autosave": Option(bool, True, "start with activate-changes-as-startup on"),
    "hostname": Option(str, "", "host name; default: the device's name"),
    "domain": Option(str, "", "domain, part of the host name in the envelope"),
    "serial": Option(str, "", "serial number; default: derived from the name"),
    "tls": Option(bool, True, "HTTPS; off: plain HTTP"),
    "port": Option(int, 0, "TCP port; 0: a free one"),
    "address": Option(str, "", "address to listen on, such as ::1; default: that of the fleet"),
}

# May be changed while the device runs.
RUNTIME: dict[str, Option] = {
    "latency_ms": Option(float, 0.0, "delay before every answer"),
    "autosave_delay": Option(float, 0.3, "seconds from a change to its saving by itself"),
    "effect_delay": Option(float, 1.0, "seconds until a delayed change takes effect"),
    "command_seconds": Option(float, -1.0, "duration of a command; -1: by the key duration"),
    "token_life": Option(float, 3600.0, "seconds until a token expires (token_use=expires)"),
    "token_idle": Option(float, 600.0, "idle seconds until a token expires (token_use=idle)"),
    "lockout_attempts": Option(int, 5, "failed log-ins until a user is locked out; 0: never"),
    "lockout_seconds": Option(float, 300.0, "how long a user stays locked out"),
    "retry_after": Option(int, 30, "Retry-After of banned_answer=429"),
    "utc_offset": Option(int, 3600, "seconds east of UTC of time_zone=local"),
    "lock_status": Option(int, 423, "status of concurrency=lock, 423 or 409"),
    "reboot_seconds": Option(float, 0.0, "how long the device is away after a reboot"),
    "changes_counted": Option(bool, True, "false: no answer counts the unsaved changes"),
    "menu_put_refused": Option(bool, False, "a menu PUT that names several objects is refused"),
    "strict_rules": Option(bool, False, "a request that breaks a rule between two settings of modules is refused"),
    "max_connections": Option(int, 0, "connections open at once; more are closed without an answer; 0: no limit"),
    "rest_api": Option(bool, True, "the REST API is switched on"),
    "cert": Option(str, "ca", "certificate or form of TLS, see the guide"),
    "moved_to": Option(str, "", "listen on this address instead, on the same port"),
}

# Values of the option cert: the certificate, what the device requires of TLS, no TLS at all, or no byte after the connect.
CERTIFICATES = (
    "ca",
    "self-signed",
    "expired",
    "not-yet-valid",
    "wrong-name",
    "weak-key",
    "tls-1.0",
    "client-certificate",
    "plain",
    "silent",
)
DEFAULT_PASSWORDS = {
    "admin": "simulated-admin-1",
    "info": "simulated-info-1",
    "root": "simulated-root-1",
}

_TRUE = frozenset({"1", "on", "true", "yes"})
_FALSE = frozenset({"0", "off", "false", "no"})


def convert(name: str, option: Option, value: object) -> Any:
    """The value of an option, from its own type or from text; ValueError names the option."""
    if option.kind is bool:
        if isinstance(value, bool):
            return value
        text = str(value).lower()
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        raise ValueError(f"option {name}: expected on or off, not {value!r}")
    if name == "cert" and value not in CERTIFICATES:
        raise ValueError(f"option cert: one of {', '.join(CERTIFICATES)}")
    if value is None or isinstance(value, bool):
        raise ValueError(f"option {name}: expected {option.kind.__name__}, not {value!r}")
    try:
        return option.kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"option {name}: expected {option.kind.__name__}, not {value!r}") from None


def split_runtime(choices: Mapping[str, object]) -> tuple[dict[str, str], dict[str, Any]]:
    """Choices parted into dialect keys and run-time options; ValueError for anything else."""
    keys: dict[str, object] = {}
    options: dict[str, Any] = {}
    for name, value in choices.items():
        if name in RUNTIME:
            options[name] = convert(name, RUNTIME[name], value)
        else:
            keys[name] = value
    checked = dialect.choose({}, keys)
    return checked, options


@dataclass(init=False)
class DeviceSpec:
    """One device to be simulated: `DeviceSpec("ts1", "m600-7.10", autosave=False)`.

    `options` are the names of FIXED and RUNTIME, any dialect key, and `password_<user>`; `given` are those of this device.
    """

    name: str
    profile: str
    fixed: dict[str, Any] = field(default_factory=dict)
    dialect: dict[str, str] = field(default_factory=dict)
    runtime: dict[str, Any] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def __init__(self, name: str, profile: str, **options: object) -> None:
        if not name or any(char in name for char in "/=, \t\n"):
            raise ValueError(f"not a device name: {name!r}")
        self.name = name
        self.profile = profile
        self.fixed = {key: option.default for key, option in FIXED.items()}
        self.passwords = dict(DEFAULT_PASSWORDS)
        self.given = frozenset(options)
        changing: dict[str, object] = {}
        for key, value in options.items():
            if key in FIXED:
                self.fixed[key] = convert(key, FIXED[key], value)
            elif key.startswith("password_"):
                self.passwords[key[len("password_") :]] = str(value)
            else:
                changing[key] = value
        unknown = set(self.passwords) - set(DEFAULT_PASSWORDS)
        if unknown:
            raise ValueError(f"no user {sorted(unknown)[0]!r}; users: admin, info, root")
        keys, runtime = split_runtime(changing)
        self.dialect = {**dialect.defaults(), **keys}
        self.runtime = {**{key: option.default for key, option in RUNTIME.items()}, **runtime}

    @classmethod
    def parse(cls, text: str) -> DeviceSpec:
        """From `NAME=PROFILE[,key=value...]`."""
        head, *pairs = text.split(",")
        name, equals, profile = head.partition("=")
        if not equals:
            raise ValueError(f"expected NAME=PROFILE[,key=value...], not {text!r}")
        options: dict[str, object] = {}
        for pair in pairs:
            key, equals, value = pair.partition("=")
            if not equals:
                raise ValueError(f"expected key=value, not {pair!r}")
            options[key.strip()] = value
        return cls(name.strip(), profile.strip(), **options)


def table() -> str:
    """The options as text for people."""
    lines = [f"{name:<18} {option.default!s:<8} {option.meaning}" for name, option in {**FIXED, **RUNTIME}.items()]
    lines.append(f"{'password_<user>':<18} {'':<8} password of admin, info or root")
    return "\n".join(lines)
