# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The LANTIME REST API over a client: addressing, reading, writing, commands.

Each open question about the API (A1..A19, O1..O14) is a row of dialect.py; its choices act here, in login.py and
config_root.py and, for the forms of writing, in change_writer.py.
"""

from __future__ import annotations

import functools
import json
import time
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._client.answer import Answer
from .._client.session import Client, ConnectionReplacedError
from .._status.identity import Identity
from .._tree.canonical import Tree, canonical
from .._tree.name_search import suggest_paths
from .._tree.paths import Path, text_of
from .answers import envelope_of_write, envelope_with_data
from .config_root import DEFAULT_ROOT, below_root, configured_root, find_root
from .dialect import Dialect
from .envelope import Envelope, NotJsonError, node_of, open_envelope, parse_json
from .http_errors import ABSENT_CODES, http_error
from .identity_guard import IdentityGuard
from .login import Login
from .recent_reads import RecentReads
from .url_path import url_path

if t.TYPE_CHECKING:
    from .._tree.changes import Change
    from .change_writer import ChangeWriter


# Small, then complete: a device may show its identity in the status tree only.
_IDENTIFYING_PATHS = (("status", "rest-api"), ("status",))
_IDENTIFYING_ATTEMPTS = 3
# Errors while an answer is read: a write has arrived by then.
_ANSWERED_CODES = frozenset({"encoding", "too_large", "incomplete"})

# Path below /api, whether raw was set, the answer, and the seconds until it was complete.
OnAnswer = t.Callable[[Path, bool, Answer, float], None]


class Device:
    """The API of one device.

    identity: as the latest answers report it, whatever was requested.
    on_answer: called with each answer to a GET, whatever its status.
    """

    def __init__(self, client: Client, dialect: Dialect, config_root: str | None = None) -> None:
        self.client = client
        self.dialect = dialect
        self.identity: Identity | None = None
        self.on_answer: OnAnswer | None = None
        self._login = Login(client, dialect)
        self._root = configured_root(config_root, dialect)
        self._is_root_settled = self._root is not None
        self._recent_reads = RecentReads()
        self._has_answered_202 = False
        self._guard = IdentityGuard(client)

    @property
    def requests(self) -> int:
        """Number of requests made; what the client repeats does not count."""
        return self._login.requests

    def allow_login(self) -> None:
        """Let the next request be sent although the device refused the credentials before."""
        self._login.allow_retry()

    def count_request(self) -> None:
        """Count a request to the device that was made over another client."""
        self._login.requests += 1

    @property
    def pending_changes(self) -> int | None:
        """The number of unsaved changes in the latest answer; None if it does not count them."""
        return None if self.identity is None else self.identity.pending_changes

    # -- identity

    def hold_identity(self, firmware: bool = True) -> None:
        """From the next answer on, raise an error as soon as another device answers; see IdentityGuard.

        Each write is sent only over a connection that has shown the identity before. firmware: whether another firmware
        is an error too.
        """
        self._guard.hold(firmware)

    @property
    def has_written(self) -> bool:
        """Whether a write was sent that may have taken effect."""
        return self._guard.has_written

    @property
    def identity_failure(self) -> LantimeError | None:
        """Why nothing more is sent: another device answered, or nothing proves that it is the same one."""
        return self._guard.failure

    def confirm_identity(self) -> None:
        """Make sure that the device which answered last is the expected one, with a request if its answer did not say so."""
        if not self._guard.is_active:
            return
        for path in _IDENTIFYING_PATHS:
            if self._guard.is_identified:
                return
            try:
                self.get(path)
            except LantimeError as error:
                if error.code not in ABSENT_CODES | {"forbidden", "content"} or error is self._guard.failure:
                    raise
        if not self._guard.is_identified:
            raise self._guard.fail_unidentified()

    # -- reading

    def get(self, path: t.Sequence[str], raw: bool = False) -> Envelope:
        """GET of any node below /api. The data of the envelope is unchanged; see node()."""
        return self.open_answer(path, self.send_request("GET", path, raw=raw), raw)

    def node(self, path: t.Sequence[str], raw: bool = False) -> t.Any:
        """The node at a path below /api, the same for every form in which a device may show it."""
        return node_of(self.get(path, raw).data, path)

    def status(self) -> Envelope:
        """The whole status tree with its envelope; one GET."""
        return self.get(("status",))

    def config_node(self, path: Path, raw: bool = False) -> t.Any:
        """A node of the configuration tree, by its path below the configuration root.

        Enums are numbers if raw is set or if the device takes them in no other form (A5).
        The root is looked up with one more GET only if the node does not exist below the assumed one.
        Raises LantimeError unknown_name, with the names that do exist, or root_unknown.
        """
        raw = raw or self.dialect.enum_input == "integer"
        try:
            node = self._read_below_root(path, raw)
        except LantimeError as error:
            if error.code not in ABSENT_CODES:
                raise
            node = self._read_below_found_root(path, raw, error)
        self._recent_reads.remember(path, raw, node)
        return node

    def known_config_node(self, path: Path) -> t.Any:
        """The same as config_node(), without a request if the node was read since the latest write."""
        node = self._recent_reads.find(path, self.dialect.enum_input == "integer")
        return self.config_node(path) if node is None else node

    def known_configuration(self) -> Tree | None:
        """The whole configuration, without a request if it was read since the latest write; None if it cannot be read.

        For suggestions in errors, so that it never raises.
        """
        try:
            node = self.known_config_node(())
            return canonical(below_root(node, self.config_root))
        except LantimeError:
            return None

    @property
    def config_root(self) -> Path:
        """Path of the configuration root below /api."""
        return DEFAULT_ROOT if self._root is None else self._root

    def use_config_root(self, root: Path) -> None:
        """Settle the path of the configuration root below /api."""
        self._root = root
        self._is_root_settled = True
        self._recent_reads.forget()

    def _read_below_root(self, path: Path, raw: bool) -> t.Any:
        return self.node((*self.config_root, *path), raw)

    def _read_below_found_root(self, path: Path, raw: bool, absent: LantimeError) -> t.Any:
        """A node below the root that the device shows. absent: the error for the same node below the assumed root."""
        assumed = self.config_root
        if not self._is_root_settled:
            top = self.node(())
            self.use_config_root(find_root(top, path, self.client.settings.host))
            if self.config_root == ():
                self._recent_reads.remember((), False, top)
        if self.config_root == assumed:
            raise self._name_error(absent, path) from None
        try:
            return self._read_below_root(path, raw)
        except LantimeError as error:
            raise self._name_error(error, path) from None

    def _name_error(self, error: LantimeError, path: Path) -> LantimeError:
        """The error that says which name of a path does not exist, and what exists in its place."""
        if error.code not in ABSENT_CODES or not path:
            return error
        parent, depth = self._nearest_parent(path)
        names = _child_names(parent)
        name = printable(path[depth], 60)
        if path[depth] in names:
            what, hint = f'the device lists "{name}" here, and does not show it', "check whether the user may read it"
        else:
            suggestion = suggest_paths(path[: depth + 1], names, self.known_configuration())
            what, hint = f'the device has no "{name}" here{suggestion}', "correct the name"
        return LantimeError(
            "unknown_name",
            what,
            host=self.client.settings.host,
            path=text_of(path[: depth + 1]),
            http_status=error.http_status,
            hint=hint,
        )

    def _nearest_parent(self, path: Path) -> tuple[t.Any, int]:
        """The deepest menu or table above a node that can be read, and its depth."""
        for depth in range(len(path) - 1, -1, -1):
            try:
                parent = self._recent_reads.find(path[:depth], False) or self._read_parent(path[:depth])
            except LantimeError:
                continue
            if isinstance(parent, (dict, list)):
                return parent, depth
        return None, 0

    def _read_parent(self, path: Path) -> t.Any:
        node = self._read_below_root(path, raw=False)
        self._recent_reads.remember(path, False, node)
        return node

    # -- writing

    @functools.cached_property
    def _change_writer(self) -> ChangeWriter:
        # Most tasks only read. Where one runs as a packaged module, every file is compiled anew.
        from .change_writer import ChangeWriter

        return ChangeWriter(self)

    def apply(self, change: Change, menu: dict[str, t.Any]) -> None:
        """Send one change. menu: the present values of the menu that it touches, as far as they are known.

        An answer without error means only that the device accepted the request; the caller must verify the effect.
        Raises LantimeError; effect_unknown is set if the write or a part of it may have taken effect.
        """
        try:
            self._change_writer.apply(change, menu)
        except LantimeError as error:
            raise error.with_context(host=self.client.settings.host) from None

    def activate(self) -> None:
        """Make staged changes the running configuration, on a device that needs a command for it (A8, staged)."""
        if self.dialect.effect == "staged":
            self.command("apply", {})
            self._change_writer.forget_unseen()

    @property
    def learned_dialect(self) -> dict[str, str]:
        """Forms of writing that the device turned out to have during this task, as keys and values of a dialect."""
        return self._change_writer.learned_dialect

    @property
    def emptied_items(self) -> dict[Path, tuple[Path, ...]]:
        """Items that were cleared, as they cannot be removed (A7, fixed-slots), with their leaves that are empty now."""
        return self._change_writer.emptied_items

    @property
    def is_deferred(self) -> bool:
        """Whether changes take effect some time after the answer: set by the dialect (A8) or answered with 202 (A9)."""
        return self._has_answered_202 or self.dialect.effect == "delayed"

    @property
    def is_shown_late(self) -> bool:
        """Whether a change may be accepted already although the device still shows the former value."""
        return self.is_deferred or self.dialect.effect == "staged"

    def save(self, package: str) -> Envelope | None:
        """Save the running configuration of a package (all for every one) as startup configuration."""
        return self.command("write", {"package": package})

    def command(self, name: str, parameters: dict[str, t.Any]) -> Envelope | None:
        """Call a global command with PUT /api/<name>; waits for command_timeout, never repeated."""
        timeout = self.client.settings.command_timeout
        return self.write("PUT", (name,), {"parameters": parameters}, timeout=timeout)

    def write(self, method: str, path: t.Sequence[str], body: t.Any, timeout: float | None = None) -> Envelope | None:
        """Send a request that changes something, once. The envelope of the answer, or None if it has none.

        path: names below /api.  Raises LantimeError, rejected also for an error in an answer of 2xx (A9).
        """
        answer = self._send_accepted(method, path, body, timeout=timeout)
        self._has_answered_202 = self._has_answered_202 or answer.status == 202
        envelope = envelope_of_write(self.client.settings.host, url_path(path), method, answer)
        if envelope is not None and envelope.identity.serial_number is not None:
            self.identity = envelope.identity.completed(self.identity)
        return envelope

    # -- one request

    def send_request(
        self, method: str, path: t.Sequence[str], body: t.Any = None, raw: bool = False, timeout: float | None = None
    ) -> Answer:
        """Send one request; its answer, whatever the status."""
        self._guard.check()
        data = None if body is None else _encode_body(body, path)
        url = url_path(path, raw)
        if method == "GET":
            started = time.monotonic()
            answer = self._login.send(method, url, data, timeout=timeout)
            if self.on_answer is not None:
                self.on_answer(tuple(path), raw, answer, time.monotonic() - started)
        else:
            self._recent_reads.forget()
            answer = self._send_write(method, url, data, timeout, changes_device=tuple(path[-1:]) != ("diff",))
        if method != "GET" or not 200 <= answer.status < 300:
            self._compare_identity(answer)
        return answer

    def _send_write(
        self, method: str, url: str, data: bytes | None, timeout: float | None, changes_device: bool
    ) -> Answer:
        """Send a write once, if the identity is held over a connection that has shown it."""
        for _attempt in range(_IDENTIFYING_ATTEMPTS):
            connection: int | None = None
            if self._guard.is_active:
                self.confirm_identity()
                connection = self.client.connections
            try:
                answer = self._login.send(method, url, data, timeout=timeout, connection=connection)
            except ConnectionReplacedError:
                continue
            except LantimeError as error:
                error.effect_unknown = error.effect_unknown or error.code in _ANSWERED_CODES
                self._guard.has_written |= error.effect_unknown and changes_device
                raise
            self._guard.has_written |= changes_device
            return answer
        raise LantimeError(
            "protocol",
            "each connection is closed after one answer, so that nothing proves which device a write would reach; "
            f"{method} was not sent",
            host=self.client.settings.host,
            path=url,
        )

    def _compare_identity(self, answer: Answer) -> None:
        """Compare the identity in an answer that may hold an envelope."""
        try:
            envelope = open_envelope(parse_json(answer.body))
        except NotJsonError:
            return
        if envelope is not None:
            self._guard.compare(envelope.identity)

    def open_answer(self, path: t.Sequence[str], answer: Answer, raw: bool = False) -> Envelope:
        """The envelope in the answer to a GET. Raises LantimeError for an answer without envelope or data."""
        self._check_status("GET", url_path(path, raw), answer)
        envelope = envelope_with_data(self.client.settings.host, url_path(path, raw), answer)
        self._guard.compare(envelope.identity)
        self.identity = envelope.identity.completed(self.identity)
        return envelope

    def _send_accepted(
        self, method: str, path: t.Sequence[str], body: t.Any, raw: bool = False, timeout: float | None = None
    ) -> Answer:
        answer = self.send_request(method, path, body, raw, timeout)
        self._check_status(method, url_path(path, raw), answer)
        return answer

    def _check_status(self, method: str, url: str, answer: Answer) -> None:
        if not 200 <= answer.status < 300:
            settings = self.client.settings
            error = http_error(settings.host, method, url, answer, with_token=settings.token is not None)
            if answer.status < 200:
                what = f"{method} was answered with the interim status {answer.status}"
                error = error.with_context(code="protocol", what=what)
                error.effect_unknown = method != "GET"
            raise error


def _encode_body(body: t.Any, path: t.Sequence[str]) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode("utf-8")
    except ValueError:
        raise LantimeError(
            "wrong_type", "NaN and infinity cannot be sent to a device; nothing was sent", path=url_path(path)
        ) from None


def _child_names(node: t.Any) -> list[str]:
    if isinstance(node, dict):
        return sorted(str(n) for n in node if n != "object-id")
    if isinstance(node, list):
        return [str(i["object-id"]) for i in node if isinstance(i, dict) and "object-id" in i]
    return []
