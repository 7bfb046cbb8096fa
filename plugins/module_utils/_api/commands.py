# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global commands: their forms (A13), the output of diff (A14), and the effect of a command without a clear answer (A18).

The command write is documented by the vendor. The URLs of diff, read (roll back) and reboot are an ASSUMPTION.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t

from .._base.errors import KINDS, LantimeError
from .._base.sanitize import printable
from .._tree.paths import Path, is_name
from .._tree.secrets import SecretRules, mask_secrets
from .._tree.values import boolean
from .device import Device
from .envelope import Envelope, node_of
from .http_errors import ABSENT_CODES

MAX_LINES = 500
MAX_OUTPUT_TEXT = 20000

# Errors that a device may cause while it reloads or restarts.
TRANSIENT_CODES = frozenset(
    {"incomplete", "protocol", "tls_protocol", "busy", "server_error", "api_disabled", "content"}
    | {code for code, kind in KINDS.items() if kind.unreachable and code != "unresolved"}
)

_COMMANDS_WITH_FORMS = ("diff", "read", "reboot")
_READ_NAMES = ("rollback", "revert", "discard")
AUTOSAVE_PATH = ("system", "activate-changes-as-startup")
_SHORTEST_POLL_PAUSE_SECONDS = 0.1
_LONGEST_POLL_PAUSE_SECONDS = 2.0
_SHORTEST_READ_SECONDS = 5.0


# -- forms (A13)


class CommandRequest(t.NamedTuple):
    """A request that may call a command: method, and path below /api."""

    method: str
    path: Path


def command_requests(name: str, form: str, root: Path) -> tuple[CommandRequest, ...]:
    """The requests for a command, to be tried in turn if the device may know it by several names; none if not offered."""
    if name not in _COMMANDS_WITH_FORMS or form == "put-command":
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


def offered_requests(api: Device, name: str, form: str) -> tuple[CommandRequest, ...]:
    """The requests for a command on this device. Raises LantimeError method_refused if there are none."""
    requests = command_requests(name, form, api.config_root)
    if not requests:
        raise LantimeError(
            "method_refused",
            f'the device does not offer the command "{name}" over REST (dialect.command_form is {form})',
            host=api.client.settings.host,
            hint="use the device's web interface, or correct dialect.command_form",
        )
    return requests


def send_command(api: Device, name: str, form: str, parameters: dict[str, t.Any]) -> Envelope | None:
    """Call a command once; the envelope of the answer, if it has one.

    Raises LantimeError; effect_unknown is set if the command may have taken effect.
    """
    if form == "menu-action" and name in _COMMANDS_WITH_FORMS:
        api.known_config_node(("system",))  # looks up the root if it is not the assumed one
    requests = offered_requests(api, name, form)
    for request in requests[:-1]:
        try:
            return _call_command(api, request, parameters)
        except LantimeError as error:
            # The device has answered that it has no command of this name, so nothing has happened.
            if error.code not in ABSENT_CODES:
                raise
    return _call_command(api, requests[-1], parameters)


def _call_command(api: Device, request: CommandRequest, parameters: dict[str, t.Any]) -> Envelope | None:
    if request.method == "GET":
        return api.get(request.path)
    timeout = api.client.settings.command_timeout
    return api.write(request.method, request.path, {"parameters": parameters}, timeout=timeout)


# -- state of the device


def read_pending_changes(api: Device) -> int | None:
    """Number of unsaved changes as the device counts them, read with a small GET; None if it reports none."""
    try:
        return api.get(("status", "rest-api")).identity.pending_changes
    except LantimeError as error:
        if error.code not in ABSENT_CODES:
            raise
    return api.status().identity.pending_changes


def read_autosave(api: Device) -> str:
    """Whether the device saves changes by itself (A8): on, off, or unknown if it does not show the switch."""
    path = (*api.config_root, *AUTOSAVE_PATH)
    try:
        switch = boolean(node_of(api.get(path).data, path))
    except LantimeError as error:
        if error.code not in ABSENT_CODES | {"forbidden"}:
            raise
        switch = None
    return "unknown" if switch is None else "on" if switch else "off"


@contextlib.contextmanager
def short_timeouts(api: Device, seconds: float) -> t.Iterator[None]:
    """Limit each request to a number of seconds, at least 5, and repeat none: the caller polls."""
    settings = api.client.settings
    limit = max(_SHORTEST_READ_SECONDS, seconds)
    api.client.settings = dataclasses.replace(
        settings,
        retries=0,
        request_timeout=min(settings.request_timeout, limit),
        read_timeout=min(settings.read_timeout, limit),
    )
    try:
        yield
    finally:
        api.client.settings = settings


def wait_for_pending_changes(api: Device, is_done: t.Callable[[int], bool], until: float) -> int | None:
    """Read the number of pending changes over a new connection until is_done, or until a time of the monotonic clock.

    Reads at least once. None if the last read failed, or the device reports no number.
    """
    pause = _SHORTEST_POLL_PAUSE_SECONDS
    api.client.reconnect()
    while True:
        try:
            with short_timeouts(api, until - time.monotonic()):
                pending = read_pending_changes(api)
        except LantimeError as error:
            pending = None
            if error.code not in TRANSIENT_CODES:
                return None
            api.client.reconnect()
        if (pending is not None and is_done(pending)) or time.monotonic() + pause > until:
            return pending
        api.client.deadline.pause(pause)
        pause = min(_LONGEST_POLL_PAUSE_SECONDS, pause * 2)


# -- diff (A14)


def read_device_diff(api: Device, form: str, package: str) -> dict[str, t.Any] | None:
    """The output of the command diff, for display only; None if the device does not offer it. See format_command_diff()."""
    if form == "absent":
        return None
    envelope = send_command(api, "diff", form, {"package": package})
    return format_command_diff(None if envelope is None else node_of(envelope.data, ("diff",)))


def format_command_diff(data: t.Any) -> dict[str, t.Any]:
    """The data of a diff as a dict with form, truncated and the member that form names; secrets masked, size limited.

    form is text, lines, objects, count or empty; what fits none of them becomes one object.
    """
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name != "object-id"} or None
    if data in (None, "", []):
        return {"form": "empty", "truncated": False}
    safe, truncated = format_answer(data)
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


def format_answer(data: t.Any, hidden: t.Collection[str] = ()) -> tuple[t.Any, bool]:
    """The answer to a command for a result: secrets masked, control characters escaped, size limited.

    hidden: texts to mask. Returns the value and whether something was left out.
    """
    space = [MAX_OUTPUT_TEXT, MAX_LINES]
    return _limit_size(mask_secrets(data, (), SecretRules(texts=hidden, free_text=True)), space), min(space) < 0


def _limit_size(node: t.Any, space: list[int]) -> t.Any:
    """A copy of plain data cut to a size. space: characters and items that are left, negative once exceeded."""
    if isinstance(node, str):
        return _limit_text(node, space)
    if isinstance(node, dict):
        return {_limit_text(str(k), space): _limit_size(v, space) for k, v in node.items() if _has_space(space)}
    if isinstance(node, list):
        return [_limit_size(item, space) for item in node if _has_space(space)]
    return node


def _has_space(space: list[int]) -> bool:
    space[1] -= 1
    return space[0] >= 0 and space[1] >= 0


def _limit_text(text: str, space: list[int]) -> str:
    kept = text[: max(0, min(len(text), space[0]))]
    space[0] -= len(text)
    lines = kept.replace("\r\n", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() or c == "\t" else _escape_char(c) for c in line) for line in lines)


def _escape_char(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


# -- names


def check_name(text: str, option: str) -> str:
    """A name that can be one path segment or a package. Raises LantimeError option."""
    if not is_name(text):
        raise LantimeError(
            "option",
            f'{option} cannot be "{printable(text, 60)}": it must be one name of letters, digits and . _ : + - only',
        )
    return text
