# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a device how its API behaves, with nothing but GET (and, if wanted, one request for a token).

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._api.device import Device, area_names
from .._api.dialect import CHOICES
from .._api.http_errors import ABSENT_CODES
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._client.session import Client, url_path
from .._tree.canonical import Tree, canonical
from .._tree.paths import Path, text_of
from . import findings as probe
from .findings import ProbeFinding

_ROOT_NAMES = tuple(
    name for choice in CHOICES if choice.key == "config_root" for name in choice.values if name not in ("auto", "none")
)
# Areas that a device without a configuration root may have right below /api/.
_AREAS = ("network", "notification", "ntp", "security", "snmp", "system")
_NOWHERE = "lantime-probe-of-an-unknown-path"


class ReadProbe:
    """What reading tells. root: path of the configuration root, None if it was not found. areas: names below it."""

    def __init__(self, api: Device) -> None:
        self.api = api
        self.findings: list[ProbeFinding] = []
        self.root: Path | None = None
        self.areas: tuple[str, ...] = ()

    def all(self, given_root: bool) -> None:
        """Everything that GET alone tells. given_root: whether the user named the configuration root."""
        top = self._top()
        self._find_root(top, given_root)
        self.findings.append(probe.root_form(area_names(top), top, self.root))
        where: Path = ("status",)
        tree: t.Any = None
        if self.root is None:
            tree = self.api.node(("status",))
            for key in ("switch_form", "secret_get", "raw", "autosave"):
                self.findings.append(probe.unknown(key, "the configuration was not found"))
        else:
            where, tree = self.root, self.nodes()
            self._look_at(tree)
        self._nodes_one_by_one(probe.samples(tree), where)
        path = (*where, _NOWHERE) if where else (_AREAS[0], _NOWHERE)
        self.findings.append(probe.unknown_path(self.api.ask("GET", path)))

    def nodes(self, raw: bool = False) -> dict[str, t.Any]:
        """The whole configuration in the form of a GET."""
        if self.root is None:
            return {}
        if self.root:
            node = self.api.node(self.root, raw)
            return node if isinstance(node, dict) else {}
        return {area: self.api.node((area,), raw) for area in self.areas}

    def tree(self) -> Tree:
        """The whole configuration, canonical."""
        return canonical(self.nodes())

    def _top(self) -> t.Any:
        """What the root of the API shows; None if it shows nothing."""
        answer = self.api.ask("GET", ())
        try:
            envelope = self.api.opened((), answer)
        except LantimeError as error:
            if error.code not in ABSENT_CODES:
                raise
            envelope = self.api.status()
            self.findings.append(
                probe.unknown("padding", f"the root of the API was answered with {probe.shape(answer)}")
            )
            self._note_pending(envelope.pending_changes)
            return None
        self.findings.append(probe.padding(answer))
        self._note_pending(envelope.pending_changes)
        return envelope.data

    def _note_pending(self, count: int | None) -> None:
        if count is None:
            self.findings.append(probe.unknown("pending_changes", "the device does not count them"))
        else:
            evidence = "the count in the first answer"
            self.findings.append(probe.found("pending_changes", count, evidence))

    def _find_root(self, top: t.Any, given: bool) -> None:
        names = area_names(top)
        if given:
            self.root, evidence = self.api.config_root, "given with the task"
        else:
            self.root, evidence = self._root_in(names)
        if self.root is None:
            self.findings.append(probe.unknown("config_root", evidence))
            return
        self.api.use_config_root(self.root)
        if not self.root:
            listed = tuple(n for n in names if isinstance(top[n], dict))
            self.areas = listed or tuple(n for n in _AREAS if self._is_there((n,)))
        self.findings.append(probe.found("config_root", text_of(self.root) or "none", evidence))

    def _root_in(self, names: list[str]) -> tuple[Path | None, str]:
        known = [name for name in _ROOT_NAMES if name in names]
        if known:
            return (known[0],), f"the root of the API lists {known[0]} beside status"
        if len(names) == 1:
            return (names[0],), f"the root of the API lists only {printable(names[0], 40)} beside status"
        if names:
            if self._is_there((names[0],)):
                shown = ", ".join(printable(n, 40) for n in names[:3])
                return (), f"the areas {shown}, ... stand directly below /api/"
            return None, "the root of the API lists names beside status that cannot be read"
        for name in _ROOT_NAMES:
            if self._is_there((name,)):
                return (name,), f"the root of the API does not list it, but /api/{name} is there"
        if any(self._is_there((name,)) for name in _AREAS):
            return (
                (),
                "the root of the API does not list them, but areas stand directly below /api/",
            )
        return None, "the root of the API lists nothing beside status, and no known name is there"

    def _is_there(self, path: Path) -> bool:
        return probe.has_data(self.api.ask("GET", path))

    def _look_at(self, nodes: dict[str, t.Any]) -> None:
        plain = canonical(nodes).value
        self.findings += [
            probe.switch_form(plain),
            probe.secret_form(plain),
            probe.autosave(plain),
        ]
        try:
            self.findings.append(probe.raw_form(plain, canonical(self.nodes(raw=True)).value))
        except LantimeError as error:
            status = error.http_status
            self.findings.append(probe.unknown("raw", f"?raw on the configuration got {status}"))

    def _nodes_one_by_one(self, found: probe.Samples, where: Path) -> None:
        kinds: list[tuple[str, str, Path | None, t.Callable[[t.Any, str], ProbeFinding]]] = [
            ("scalar_get", "scalar", found.scalar, probe.scalar_form),
            ("list_get", "list", found.table, probe.list_form),
            ("item_get", "list item", found.item, probe.item_form),
        ]
        for key, kind, path, form in kinds:
            if path is None:
                self.findings.append(probe.unknown(key, f"no {kind} was found to look at"))
                continue
            try:
                data = self.api.get((*where, *path)).data
            except LantimeError as error:
                evidence = f"the {kind} {text_of(path)} has no URL that answers ({error.code})"
                self.findings.append(probe.unknown(key, evidence))
            else:
                self.findings.append(form(data, path[-1]))

    # -- with or without credentials

    def anonymous(self) -> None:
        """One GET without credentials, on a connection of its own."""
        # An empty token keeps the client from making a header of user name and password.
        with Client(self.api.client.settings._replace(token="")) as nobody:
            self.api.requests += 1
            answer = nobody.request("GET", url_path(("status",)))
        self.findings += probe.without_credentials(answer)

    def token(self) -> None:
        """One request for a token with Basic credentials, and up to two uses of it."""
        client = self.api.client
        if client.settings.password is None or not client.settings.username:
            self.findings.append(probe.unknown("token_request", "there is no user name and password"))
            return
        self.api.requests += 1
        basic = client.basic_authorization()
        answer = client.request("PUT", url_path(("get-token",)), authorization=basic)
        token, form = probe.token_in(answer)
        said = f"PUT /api/get-token with Basic credentials was answered with {probe.shape(answer)}"
        if token is None or form is None or not 200 <= answer.status < 300:
            advice = "other forms were not tried, as failed log-ins lock the user out"
            self.findings.append(probe.unknown("token_request", f"{said}; {advice}"))
            return
        self.findings.append(probe.found("token_request", "basic", said))
        self.findings.append(probe.found("token_answer", form, said))
        for use, header in (("bearer", f"Bearer {token}"), ("raw-header", token)):
            self.api.requests += 1
            if probe.has_data(client.request("GET", url_path(("status",)), authorization=header)):
                evidence = f"a GET with the token in the form {use} was answered with data"
                settle = probe.found if use == "raw-header" else probe.aside
                self.findings.append(settle("token_use", use, evidence))
                return
        self.findings.append(probe.unknown("token_use", "the token was taken in no known form"))


def not_asked(options: t.Mapping[str, t.Any]) -> list[ProbeFinding]:
    """What stays open because the user did not ask for it."""
    open_ones: list[tuple[str, tuple[str, ...]]] = [
        ("anonymous", ("anonymous", "auth_error")),
        ("probe_token", ("token_request", "token_answer", "token_use")),
        ("writable_path", ("set_target", "set_body", "menu_put", "put_answer", "effect")),
    ]
    return [
        probe.unknown(key, f"{option} was not asked for")
        for option, keys in open_ones
        if not options.get(option)
        for key in keys
    ]
