# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes the API of a device with GET requests and, on request, one request for a token."""

from __future__ import annotations

import typing as t

from .._api.config_root import area_names
from .._api.device import Device
from .._api.dialect import CHOICES
from .._api.http_errors import ABSENT_CODES
from .._api.url_path import url_path
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._client.session import Client
from .._tree.canonical import Tree, canonical
from .._tree.paths import Path, text_of
from . import findings
from .findings import ProbeFinding

_ROOT_NAMES = tuple(
    name for choice in CHOICES if choice.key == "config_root" for name in choice.values if name not in ("auto", "none")
)
# Areas that a device without a configuration root may have right below /api/.
_AREAS = ("network", "notification", "ntp", "security", "snmp", "system")
UNKNOWN_NAME = "lantime-probe-of-an-unknown-path"


class ReadProbe:
    """Findings from reading.

    root: path of the configuration root, None if it is unknown.  areas: names below it.
    """

    def __init__(self, api: Device) -> None:
        self.api = api
        self.findings: list[ProbeFinding] = []
        self.root: Path | None = None
        self.areas: tuple[str, ...] = ()

    def run(self, given_root: bool) -> None:
        """Probe everything that needs GET only. given_root: whether the user named the configuration root."""
        top = self._read_top()
        self._find_root(top, given_root)
        self.findings.append(findings.observe_root_form(area_names(top), top, self.root))
        where: Path = ("status",)
        tree: t.Any = None
        if self.root is None:
            tree = self.api.node(("status",))
            for key in ("switch_form", "secret_get", "raw", "autosave"):
                self.findings.append(findings.undetermined(key, "the configuration was not found"))
        else:
            where, tree = self.root, self.read_nodes()
            self._observe_tree(tree)
        self._observe_nodes(findings.pick_samples(tree), where)
        path = (*where, UNKNOWN_NAME) if where else (_AREAS[0], UNKNOWN_NAME)
        self.findings.append(findings.observe_unknown_path(self.api.send_request("GET", path)))

    def read_nodes(self, raw: bool = False) -> dict[str, t.Any]:
        """Read the whole configuration in the form of a GET."""
        if self.root is None:
            return {}
        if self.root:
            node = self.api.node(self.root, raw)
            return node if isinstance(node, dict) else {}
        return {area: self.api.node((area,), raw) for area in self.areas}

    def read_tree(self) -> Tree:
        """Read the whole configuration in canonical form."""
        return canonical(self.read_nodes())

    def _read_top(self) -> t.Any:
        """Read the root of the API; None if it does not answer with data."""
        answer = self.api.send_request("GET", ())
        try:
            envelope = self.api.open_answer((), answer)
        except LantimeError as error:
            if error.code not in ABSENT_CODES:
                raise
            envelope = self.api.status()
            self.findings.append(
                findings.undetermined(
                    "padding", f"the root of the API was answered with {findings.describe_answer(answer)}"
                )
            )
            self._note_pending(envelope.identity.pending_changes)
            return None
        self.findings.append(findings.observe_padding(answer))
        self._note_pending(envelope.identity.pending_changes)
        return envelope.data

    def _note_pending(self, count: int | None) -> None:
        if count is None:
            self.findings.append(findings.undetermined("pending_changes", "the device does not count them"))
        else:
            evidence = "the count in the first answer"
            self.findings.append(findings.make_finding("pending_changes", count, evidence))

    def _find_root(self, top: t.Any, given: bool) -> None:
        names = area_names(top)
        if given:
            self.root, evidence = self.api.config_root, "given with the task"
        else:
            self.root, evidence = self._locate_root(names)
        if self.root is None:
            self.findings.append(findings.undetermined("config_root", evidence))
            return
        self.api.use_config_root(self.root)
        if not self.root:
            listed = tuple(n for n in names if isinstance(top[n], dict))
            self.areas = listed or tuple(n for n in _AREAS if self._has_data((n,)))
        self.findings.append(findings.make_finding("config_root", text_of(self.root) or "none", evidence))

    def _locate_root(self, names: list[str]) -> tuple[Path | None, str]:
        known = [name for name in _ROOT_NAMES if name in names]
        if known:
            return (known[0],), f"the root of the API lists {known[0]} beside status"
        if len(names) == 1:
            return (names[0],), f"the root of the API lists only {printable(names[0], 40)} beside status"
        if names:
            if self._has_data((names[0],)):
                listed = ", ".join(printable(n, 40) for n in names[:3])
                return (), f"the areas {listed}, ... lie directly below /api/"
            return None, "the root of the API lists names beside status that cannot be read"
        for name in _ROOT_NAMES:
            if self._has_data((name,)):
                return (name,), f"the root of the API does not list it, but /api/{name} exists"
        if any(self._has_data((name,)) for name in _AREAS):
            return (
                (),
                "the root of the API does not list them, but areas lie directly below /api/",
            )
        return None, "the root of the API lists nothing beside status, and no known name exists"

    def _has_data(self, path: Path) -> bool:
        return findings.has_data(self.api.send_request("GET", path))

    def _observe_tree(self, nodes: dict[str, t.Any]) -> None:
        plain = canonical(nodes).value
        self.findings += [
            findings.observe_switch_form(plain),
            findings.observe_secret_form(plain),
            findings.observe_autosave(plain),
        ]
        try:
            self.findings.append(findings.observe_raw_form(plain, canonical(self.read_nodes(raw=True)).value))
        except LantimeError as error:
            status = error.http_status
            self.findings.append(findings.undetermined("raw", f"?raw on the configuration got {status}"))

    def _observe_nodes(self, samples: findings.SampleNodes, where: Path) -> None:
        kinds: list[tuple[str, str, Path | None, t.Callable[[t.Any, str], ProbeFinding]]] = [
            ("scalar_get", "scalar", samples.scalar, findings.observe_scalar_form),
            ("list_get", "list", samples.table, findings.observe_list_form),
            ("item_get", "list item", samples.item, findings.observe_item_form),
        ]
        for key, kind, path, form in kinds:
            if path is None:
                self.findings.append(findings.undetermined(key, f"the configuration holds no {kind}"))
                continue
            try:
                data = self.api.get((*where, *path)).data
            except LantimeError as error:
                evidence = f"the {kind} {text_of(path)} has no URL that answers ({error.code})"
                self.findings.append(findings.undetermined(key, evidence))
            else:
                self.findings.append(form(data, path[-1]))

    # -- with or without credentials

    def probe_anonymous_access(self) -> None:
        """Send one GET without credentials, over a separate connection."""
        # The device may accept one connection only.
        self.api.client.reconnect()
        with Client(self.api.client.settings, deadline=self.api.client.deadline) as client:
            client.use_authorization(None)
            self.api.count_request()
            answer = client.request("GET", url_path(("status",)))
        self.findings += findings.observe_anonymous_access(answer)

    def probe_token(self) -> None:
        """Request a token with Basic credentials, and use it up to twice."""
        client = self.api.client
        if client.settings.password is None or not client.settings.username:
            self.findings.append(findings.undetermined("token_request", "there is no user name and password"))
            return
        self.api.count_request()
        basic = client.basic_authorization()
        answer = client.request("PUT", url_path(("get-token",)), authorization=basic)
        token, form = findings.parse_token_answer(answer)
        evidence = f"PUT /api/get-token with Basic credentials was answered with {findings.describe_answer(answer)}"
        if token is None or form is None or not 200 <= answer.status < 300:
            advice = "other forms were not tried because failed logins lock the account"
            self.findings.append(findings.undetermined("token_request", f"{evidence}; {advice}"))
            return
        self.findings.append(findings.make_finding("token_request", "basic", evidence))
        self.findings.append(findings.make_finding("token_answer", form, evidence))
        for use, header in (("bearer", f"Bearer {token}"), ("raw-header", token)):
            self.api.count_request()
            if findings.has_data(client.request("GET", url_path(("status",)), authorization=header)):
                evidence = f"a GET with the token in the form {use} was answered with data"
                settle = findings.make_finding if use == "raw-header" else findings.indication
                self.findings.append(settle("token_use", use, evidence))
                return
        self.findings.append(findings.undetermined("token_use", "the token was accepted in no known form"))


def findings_not_requested(options: t.Mapping[str, t.Any]) -> list[ProbeFinding]:
    """Return findings for the questions that the options do not ask."""
    keys_by_option: list[tuple[str, tuple[str, ...]]] = [
        ("anonymous", ("anonymous", "auth_error")),
        ("probe_token", ("token_request", "token_answer", "token_use")),
        ("writable_path", ("set_target", "set_body", "menu_put", "put_answer", "effect")),
    ]
    return [
        findings.undetermined(key, f"the option {option} was not set")
        for option, keys in keys_by_option
        if not options.get(option)
        for key in keys
    ]
