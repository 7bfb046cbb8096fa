# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words: the LANTIME REST API over a client: envelopes, addressing, tokens, commands, the configuration root.

Each open question about the API (A1..A19, O1..O14) is a row of C(dialect.py); the choices act here and, for the forms
of writing, in C(change_writer.py).

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import functools
import json
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._client.session import Answer, Client, url_path
from .._tree.paths import Path, text_of
from .dialect import CHOICES, Dialect
from .envelope import Envelope, NotJsonError, node_of, open_envelope, parse_json
from .http_errors import ABSENT_CODES, http_error

if t.TYPE_CHECKING:
    from .._tree.changes import Change
    from .change_writer import ChangeWriter

_ROOT_NAMES = next(c.values for c in CHOICES if c.key == "config_root")
_NEVER_A_ROOT = frozenset({"status", "object-id", "rest-api", "error"})


class Device:
    """One device's API.

    identity: the envelope of the latest answer, whatever was asked.  requests: number of requests made; what the client
    repeats by itself does not count.
    """

    def __init__(self, client: Client, dialect: Dialect, config_root: str | None = None) -> None:
        self.client = client
        self.dialect = dialect
        self.identity: Envelope | None = None
        self.requests = 0
        self._root = self._given_root(config_root)
        self._root_settled = self._root is not None
        self._own_token = False
        self._accepted_only = False

    # -- reading

    def get(self, path: t.Sequence[str], raw: bool = False) -> Envelope:
        """GET of any node below C(/api). The envelope's C(data) is as sent; see node()."""
        return self.opened(path, self._send("GET", path, None, raw=raw), raw)

    def node(self, path: t.Sequence[str], raw: bool = False) -> t.Any:
        """The node at a path below C(/api), unwrapped from whichever form the device gives it."""
        return node_of(self.get(path, raw).data, path)

    def status(self) -> Envelope:
        """The whole status tree with its envelope; one GET."""
        return self.get(("status",))

    def config_node(self, path: Path, raw: bool = False) -> t.Any:
        """A node of the configuration tree, by its path below the configuration root.

        Enums are numbers if raw is set or if the device takes them in no other form (A5).
        The root is looked up with one more GET only if the node is not found below the assumed one.
        Raises LantimeError C(not_found), with the names that are there, or C(root_unknown).
        """
        raw = raw or self.dialect.enum_input == "integer"
        try:
            return self.node((*self.config_root, *path), raw)
        except LantimeError as error:
            if self._root_settled or error.code not in ABSENT_CODES:
                raise self._with_neighbours(error, path) from None
            missing = error
        tried = self.config_root
        self._discover_root(path)
        if self.config_root == tried:
            raise self._with_neighbours(missing, path)
        try:
            return self.node((*self.config_root, *path), raw)
        except LantimeError as error:
            raise self._with_neighbours(error, path) from None

    @property
    def config_root(self) -> Path:
        """Path of the configuration root below C(/api): what was given or found, else C(config)."""
        return ("config",) if self._root is None else self._root

    def use_config_root(self, root: Path) -> None:
        """Settle the path of the configuration root below C(/api)."""
        self._root = root
        self._root_settled = True

    # -- writing

    @functools.cached_property
    def _writing(self) -> ChangeWriter:
        # Most tasks only read. Where one runs as a packaged module, every file is compiled anew.
        from .change_writer import ChangeWriter

        return ChangeWriter(self)

    def apply(self, change: Change, menu: dict[str, t.Any]) -> None:
        """Send one change. menu: the present values of the menu that it touches, as far as they are known.

        An answer without error says only that the device took the request; whether it did what was asked is for the
        caller to read.  Raises LantimeError; C(effect_unknown) is set if the write may have taken effect, or a part of it.
        """
        try:
            self._writing.apply(change, menu)
        except LantimeError as error:
            error.host = error.host or self.client.settings.host
            raise

    def activate(self) -> None:
        """Make what was sent the running configuration, on a device that waits to be told so (A8, staged)."""
        if self.dialect.effect == "staged":
            self.command("apply", {})
            self._writing.activated()

    @property
    def learned(self) -> dict[str, str]:
        """Forms of writing that the device turned out to have during this task, as keys and values of a dialect."""
        return self._writing.learned

    @property
    def emptied(self) -> dict[Path, tuple[Path, ...]]:
        """Items that were cleared, as they cannot be removed (A7, fixed-slots), with the leaves that are C("") by now."""
        return self._writing.emptied

    @property
    def deferred(self) -> bool:
        """Whether changes take effect some time after the answer: the device is known for it (A8) or said 202 (A9)."""
        return self._accepted_only or self.dialect.effect == "delayed"

    @property
    def shows_late(self) -> bool:
        """Whether what was sent may be on its way although the device shows nothing of it."""
        return self.deferred or self.dialect.effect == "staged"

    def save(self, package: str) -> Envelope | None:
        """Save running configuration files of a package (C(all) for all) as startup configuration."""
        return self.command("write", {"package": package})

    def command(self, name: str, parameters: dict[str, t.Any]) -> Envelope | None:
        """A global command: C(PUT /api/<name>) with C({"parameters": ...}); waits for command_timeout, never repeated."""
        timeout = self.client.settings.command_timeout
        return self.write("PUT", (name,), {"parameters": parameters}, timeout=timeout)

    def write(self, method: str, path: t.Sequence[str], body: t.Any, timeout: float | None = None) -> Envelope | None:
        """Send a request that changes something, once. The envelope of the answer, or None if it has none.

        path: names below C(/api).  Raises LantimeError, C(rejected) also for an error in an answer of 2xx (A9).
        """
        answer = self._send(method, path, body, timeout=timeout)
        self._accepted_only = self._accepted_only or answer.status == 202
        if not answer.body.strip():
            return None
        try:
            envelope = open_envelope(parse_json(answer.body))
        except NotJsonError:
            return None
        if envelope is not None and envelope.error is not None:
            raise LantimeError(
                "rejected",
                f"{method} was answered with {answer.status} and an error",
                host=self.client.settings.host,
                path=url_path(path),
                http_status=answer.status,
                device_message=envelope.error,
                effect_unknown=True,
            )
        if envelope is not None and envelope.serial_number is not None:
            self.identity = envelope
        return envelope

    # -- one request

    def ask(
        self,
        method: str,
        path: t.Sequence[str],
        body: t.Any = None,
        raw: bool = False,
        timeout: float | None = None,
    ) -> Answer:
        """Send one request; its answer as it came, whatever the status says."""
        data = None if body is None else json.dumps(body).encode("utf-8")
        place = url_path(path, raw)
        self._log_in()
        self.requests += 1
        answer = self.client.request(method, place, data, timeout=timeout)
        if answer.status == 401 and self._own_token:
            self._log_in(again=True)
            self.requests += 1
            answer = self.client.request(method, place, data, timeout=timeout)
        return answer

    def _send(
        self,
        method: str,
        path: t.Sequence[str],
        body: t.Any,
        raw: bool = False,
        timeout: float | None = None,
    ) -> Answer:
        answer = self.ask(method, path, body, raw, timeout)
        if not 200 <= answer.status < 300:
            raise self._refusal(method, url_path(path, raw), answer)
        return answer

    def opened(self, path: t.Sequence[str], answer: Answer, raw: bool = False) -> Envelope:
        """The envelope in the answer to a GET. Raises LantimeError for all that is none, or holds no data."""
        if not 200 <= answer.status < 300:
            raise self._refusal("GET", url_path(path, raw), answer)
        host, place = self.client.settings.host, url_path(path, raw)
        if answer.content_type in ("text/html", "application/xhtml+xml") or answer.body.lstrip()[:1] == b"<":
            raise LantimeError(
                "api_disabled",
                f"the answer is a web page ({answer.content_type or 'no content type'}) instead of JSON",
                host=host,
                path=place,
                http_status=answer.status,
            )
        try:
            value = parse_json(answer.body)
        except NotJsonError as exc:
            raise LantimeError(
                "content",
                f"the answer cannot be used: {exc}",
                host=host,
                path=place,
                http_status=answer.status,
            ) from None
        envelope = open_envelope(value)
        if envelope is None:
            raise LantimeError(
                "api_disabled",
                "the answer is JSON, but not a LANTIME's",
                host=host,
                path=place,
                http_status=answer.status,
            )
        if envelope.error is not None or "data" not in envelope.raw:
            raise LantimeError(
                "rejected",
                f"GET was answered with {answer.status} and an error instead of data",
                host=host,
                path=place,
                http_status=answer.status,
                device_message=envelope.error,
            )
        self.identity = envelope
        return envelope

    def _refusal(self, method: str, place: str, answer: Answer) -> LantimeError:
        with_token = self.client.settings.token is not None
        return http_error(self.client.settings.host, method, place, answer, with_token)

    # -- tokens (A15, O5, O6)

    def _log_in(self, again: bool = False) -> None:
        settings = self.client.settings
        if settings.token is not None:
            self.client.use_authorization(self._token_header(settings.token))
            return
        if settings.auth != "token" or (self._own_token and not again):
            return
        self.client.use_authorization(None)
        credentials = {"username": settings.username, "password": settings.password}
        body: t.Any = None
        header = None
        if self.dialect.token_request == "basic":
            header = self.client.basic_authorization()
        else:
            body = credentials if self.dialect.token_request == "json" else {"parameters": credentials}
        place = url_path(("get-token",))
        data = None if body is None else json.dumps(body).encode("utf-8")
        self.requests += 1
        answer = self.client.request("PUT", place, data, authorization=header)
        if not 200 <= answer.status < 300:
            refused = self._refusal("PUT", place, answer)
            if refused.code in ABSENT_CODES:
                refused.hint = "tokens need LTOS 7.08 or newer: set auth to basic"
            raise refused
        self.client.use_authorization(self._token_header(self._token_in(answer, place)))
        self._own_token = True

    def _token_header(self, token: str) -> str:
        return token if self.dialect.token_use == "raw-header" else f"Bearer {token}"

    def _token_in(self, answer: Answer, place: str) -> str:
        try:
            value = parse_json(answer.body)
        except NotJsonError:
            value = None
        for holder in (value, value.get("data") if isinstance(value, dict) else None):
            token = holder.get("token") if isinstance(holder, dict) else None
            if isinstance(token, str) and token.isascii() and token.isprintable() and 0 < len(token) <= 4096:
                return token
        raise LantimeError(
            "content",
            "the answer holds no token",
            host=self.client.settings.host,
            path=place,
            http_status=answer.status,
            hint="set auth to basic",
        )

    # -- the configuration root (A1, O4)

    def _given_root(self, option: str | None) -> Path | None:
        for name in (option, self.dialect.config_root):
            if name is not None and name != "auto":
                return () if name == "none" else tuple(part for part in name.split("/") if part)
        return None

    def _discover_root(self, wanted: Path) -> None:
        top = self.node(())
        names = area_names(top)
        known = [n for n in _ROOT_NAMES if n in names]
        if known:
            self.use_config_root((known[0],))
        elif wanted and wanted[0] in names:
            self.use_config_root(())
        elif len(names) == 1:
            self.use_config_root((names[0],))
        else:
            there = ", ".join(printable(n, 40) for n in names[:10]) or "nothing"
            raise LantimeError(
                "root_unknown",
                f"/api/ shows {there} beside status, and /api/config is not there",
                host=self.client.settings.host,
                path="/api/",
            )

    def _with_neighbours(self, error: LantimeError, path: Path) -> LantimeError:
        if error.code not in ABSENT_CODES or not path:
            return error
        parent: t.Any = None
        depth = len(path)
        while depth > 0 and not isinstance(parent, (dict, list)):
            depth -= 1
            try:
                parent = self.node((*self.config_root, *path[:depth]))
            except LantimeError:
                continue
        there = _child_names(parent)
        near = difflib.get_close_matches(path[depth], there, n=3, cutoff=0.5) or there[:8]
        listed = ", ".join(printable(n, 40) for n in near)
        return LantimeError(
            "unknown_name",
            f'the device has no "{printable(path[depth], 60)}" here' + (f" (nearest: {listed})" if listed else ""),
            host=self.client.settings.host,
            path=text_of(path[: depth + 1]),
            http_status=error.http_status,
            hint="correct the name",
        )


def area_names(top: t.Any) -> list[str]:
    """What the root of the API shows beside C(status)."""
    return [n for n in top if n not in _NEVER_A_ROOT] if isinstance(top, dict) else []


def _child_names(node: t.Any) -> list[str]:
    if isinstance(node, dict):
        return sorted(str(n) for n in node if n != "object-id")
    if isinstance(node, list):
        return [str(i["object-id"]) for i in node if isinstance(i, dict) and "object-id" in i]
    return []
