# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global commands: their forms (A13), what C(diff) says (A14), and how a command without a sure answer is settled (A18).

C(write) is documented by the vendor. The URLs of C(diff), C(read) (roll back) and C(reboot) are an ASSUMPTION.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import contextlib
import re
import time
import typing as t

from .._base.errors import KINDS, LantimeError
from .._base.sanitize import printable
from .._tree.paths import Path, is_name
from .._tree.secrets import MASK, is_secret, redacted
from .._tree.values import boolean
from .device import Device
from .envelope import Envelope, node_of
from .http_errors import ABSENT_CODES

MAX_LINES = 500
MAX_OUTPUT_TEXT = 20000

# What a device that reloads or restarts may answer, or fail to, before it is itself again.
PASSING = frozenset(
    {"incomplete", "protocol", "tls_protocol", "busy", "server_error", "api_disabled", "content"}
    | {code for code, kind in KINDS.items() if kind.unreachable and code != "unresolved"}
)

_FORMED = ("diff", "read", "reboot")
_READ_NAMES = ("rollback", "revert", "discard")
_SWITCH = ("system", "activate-changes-as-startup")
_NAMING = ("path", "name", "object", "key", "parameter")
_WORD = re.compile(r"[A-Za-z0-9_\-]+")
_SHORTEST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 2.0
_SHORTEST_READ_SECONDS = 5.0


# -- forms (A13)


class CommandRequest(t.NamedTuple):
    """One way to call a command: method, and path below C(/api)."""

    method: str
    path: Path


def requests_for(name: str, form: str, root: Path) -> tuple[CommandRequest, ...]:
    """The ways to call a command, to be tried in turn where a device may know it by several names; none if not offered."""
    if name not in _FORMED or form == "put-command":
        return (CommandRequest("PUT", (name,)),)
    if form == "absent":
        return ()
    if form == "menu-action":
        return (CommandRequest("PUT", (*root, "system", name)),)
    if form == "post":
        return (CommandRequest("POST", (name,)),)
    if form == "diff-get" and name == "diff":
        return (CommandRequest("GET", (name,)),)
    if form == "rollback-name" and name == "read":
        return tuple(CommandRequest("PUT", (other,)) for other in _READ_NAMES)
    return (CommandRequest("PUT", (name,)),)


def offered(api: Device, name: str, form: str) -> tuple[CommandRequest, ...]:
    """requests_for() at this device; raises LantimeError C(method_refused) if there are none."""
    ways = requests_for(name, form, api.config_root)
    if not ways:
        raise LantimeError(
            "method_refused",
            f'dialect says that the device does not offer the command "{name}" over REST',
            host=api.client.settings.host,
            hint="use the device's web interface, or correct dialect.command_form",
        )
    return ways


def send_command(api: Device, name: str, form: str, parameters: dict[str, t.Any]) -> Envelope | None:
    """Call a command once; the envelope of the answer, if it has one.

    Raises LantimeError; C(effect_unknown) is set if it may have taken effect.
    """
    if form == "menu-action" and name in _FORMED:
        api.config_node(("system",))  # finds the root if it is not the assumed one
    ways = offered(api, name, form)
    for way in ways[:-1]:
        try:
            return _call(api, way, parameters)
        except LantimeError as error:
            # The device has answered that it has no command of this name, so nothing has happened.
            if error.code not in ABSENT_CODES:
                raise
    return _call(api, ways[-1], parameters)


def _call(api: Device, way: CommandRequest, parameters: dict[str, t.Any]) -> Envelope | None:
    if way.method == "GET":
        return api.get(way.path)
    timeout = api.client.settings.command_timeout
    return api.write(way.method, way.path, {"parameters": parameters}, timeout=timeout)


# -- what the device shows


def pending(api: Device) -> int | None:
    """Number of unsaved changes by the device's own count, read with a small GET; None if it tells none."""
    try:
        return api.get(("status", "rest-api")).pending_changes
    except LantimeError as error:
        if error.code not in ABSENT_CODES:
            raise
    return api.status().pending_changes


def autosave(api: Device) -> str:
    """Whether the device saves changes by itself (A8): C(on), C(off), or C(unknown) if it does not show the switch."""
    path = (*api.config_root, *_SWITCH)
    try:
        shown = boolean(node_of(api.get(path).data, path))
    except LantimeError as error:
        if error.code not in ABSENT_CODES | {"forbidden"}:
            raise
        shown = None
    return "unknown" if shown is None else "on" if shown else "off"


@contextlib.contextmanager
def hurried(api: Device, seconds: float) -> t.Iterator[None]:
    """Requests take no longer than C(seconds), or 5 s, and are not repeated meanwhile: the caller does that."""
    kept = api.client.settings
    most = max(_SHORTEST_READ_SECONDS, seconds)
    api.client.settings = kept._replace(
        retries=0,
        request_timeout=min(kept.request_timeout, most),
        read_timeout=min(kept.read_timeout, most),
    )
    try:
        yield
    finally:
        api.client.settings = kept


def settle(api: Device, done: t.Callable[[int], bool], until: float) -> int | None:
    """Read the number of pending changes over a new connection until C(done), or until a moment of the monotonic clock.

    Reads at least once. None if the last read failed, or the device tells no number.
    """
    wait = _SHORTEST_WAIT_SECONDS
    api.client.reconnect()
    while True:
        try:
            with hurried(api, until - time.monotonic()):
                seen = pending(api)
        except LantimeError as error:
            seen = None
            if error.code not in PASSING:
                return None
            api.client.reconnect()
        if (seen is not None and done(seen)) or time.monotonic() + wait > until:
            return seen
        time.sleep(wait)
        wait = min(_LONGEST_WAIT_SECONDS, wait * 2)


# -- diff (A14)


def device_diff(api: Device, form: str, package: str) -> dict[str, t.Any] | None:
    """What the command diff says, for people only; None if the device does not offer it. See shown_diff()."""
    if form == "absent":
        return None
    envelope = send_command(api, "diff", form, {"package": package})
    return shown_diff(None if envelope is None else node_of(envelope.data, ("diff",)))


def shown_diff(data: t.Any) -> dict[str, t.Any]:
    """The C(data) of a diff as C({form, text | lines | objects | count, truncated}), secrets masked, bounded.

    form is C(text), C(lines), C(objects), C(count) or C(empty); what fits none of them is shown as one object.
    """
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name != "object-id"} or None
    if data in (None, "", []):
        return {"form": "empty", "truncated": False}
    safe, truncated = shown(data)
    if isinstance(data, bool) or not isinstance(data, (str, int, float, list, dict)):
        safe = [safe]
        form = "objects"
    elif isinstance(data, str):
        form = "text"
    elif isinstance(data, (int, float)):
        form = "count"
    elif isinstance(data, list) and not any(isinstance(item, (dict, list)) for item in data):
        form = "lines"
    else:
        form = "objects"
        safe = safe if isinstance(safe, list) else [safe]
    return {"form": form, form: safe, "truncated": truncated}


def shown(data: t.Any, hidden: t.Collection[str] = ()) -> tuple[t.Any, bool]:
    """What a command answered, fit for a result: secrets masked, control characters escaped, bounded.

    hidden: texts that the answer must not repeat. Returns the value and whether something was left out.
    """
    room = [MAX_OUTPUT_TEXT, MAX_LINES]
    return _bounded(_without_secrets(redacted(data), hidden), room), min(room) < 0


def _without_secrets(node: t.Any, hidden: t.Collection[str]) -> t.Any:
    if isinstance(node, dict):
        # An entry of a diff names the object in one member and its values in others.
        if any(_names_a_secret(node.get(name)) for name in _NAMING):
            return {k: v if k in _NAMING or v in ("", None) else MASK for k, v in node.items()}
        return {k: _without_secrets(v, hidden) for k, v in node.items()}
    if isinstance(node, list):
        if node and all(isinstance(item, str) for item in node):
            return _masked_lines(node, hidden)
        return [_without_secrets(item, hidden) for item in node]
    if isinstance(node, str):
        return "\n".join(_masked_lines(node.split("\n"), hidden))
    return node


def _names_a_secret(value: t.Any) -> bool:
    return isinstance(value, str) and is_secret(tuple(part for part in value.split("/") if part))


def _masked_lines(lines: t.Sequence[str], hidden: t.Collection[str]) -> list[str]:
    """Lines with what follows the name of a secret masked, and with private keys left out."""
    masked: list[str] = []
    in_key = False
    for line in lines:
        if in_key or ("-----BEGIN" in line and "PRIVATE KEY" in line):
            in_key = "-----END" not in line
            masked.append(MASK)
            continue
        for secret in hidden:
            line = line.replace(secret, MASK)
        masked.append(_masked_line(line))
    return masked


def _masked_line(line: str) -> str:
    for word in _WORD.finditer(line):
        rest = line[word.end() :]
        if is_secret((word.group(),)) and rest.strip(" \t\r\"'"):
            return f"{line[: word.end()]} {MASK}"
    return line


def _bounded(node: t.Any, room: list[int]) -> t.Any:
    """A copy of plain data that fits in C(room): characters and items that are left, negative when overrun."""
    if isinstance(node, str):
        return _escaped(node, room)
    if isinstance(node, dict):
        return {_escaped(str(k), room): _bounded(v, room) for k, v in node.items() if _takes(room)}
    if isinstance(node, list):
        return [_bounded(item, room) for item in node if _takes(room)]
    return node


def _takes(room: list[int]) -> bool:
    room[1] -= 1
    return room[0] >= 0 and room[1] >= 0


def _escaped(text: str, room: list[int]) -> str:
    kept = text[: max(0, min(len(text), room[0]))]
    room[0] -= len(text)
    lines = kept.replace("\r\n", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() or c == "\t" else _escape(c) for c in line) for line in lines)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


# -- names


def checked_name(text: str, option: str, host: str) -> str:
    """A name that can be one path segment or a package; raises LantimeError C(option)."""
    if not is_name(text):
        raise LantimeError(
            "option",
            f'{option} cannot be "{printable(text, 60)}": it is one name, of letters, digits and . _ : + - only',
            host=host,
        )
    return text
