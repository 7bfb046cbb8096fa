# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out in which form a device takes changes, on one or two harmless texts, and sets them back. Never saves.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import time
import typing as t

from .._api.device import Device
from .._api.http_errors import http_error
from .._api.wire_forms import WireRequest, menu_body, object_request, overlaid, secrets_in
from .._client.session import Answer, url_path
from .._tree.canonical import Tree, canonical, leaves, value_at
from .._tree.coerce import SWITCH_WORDS
from .._tree.paths import Path, text_of
from .._tree.secrets import is_secret
from . import findings as probe
from .findings import ProbeFinding

_MARKERS = ("lantime-probe", "lantime-probe-2", "lantime-probe-3")
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 0.5
# Going on after these would lock the user out, or get in somebody's way.
_STOP = frozenset({401, 403, 409, 423, 429})
# Answers that say that a place takes no such request at all, whatever its body.
_NOT_HERE = frozenset({404, 405, 501})
# What may come of a write: not taken; taken, but never shown; shown at once or some time later; only counted as pending.
_REFUSED, _IGNORED, _AT_ONCE, _LATE, _STAGED = "refused", "ignored", "at once", "late", "staged"
_EFFECTIVE = (_AT_ONCE, _LATE, _STAGED)
# Whether a menu is set back by its changed names or as a whole, by A4.
_WHOLE = {"partial": (False,), "replace": (True,), "refuse-incomplete": (True,)}


_WORDS = frozenset(word for pair in SWITCH_WORDS for word in pair)
# Names that carry, or let in, the connection to a device.
_MANAGEMENT = re.compile(
    r"(?:^|-)(?:hostname|host|domain|address\d*|ip|ipv[46]|gateway|netmask|nameserver\d*|dns|dhcp|route|vlan|ports?|"
    r"interfaces?|network|https?|ssh|telnet|web|api|tls|certificate|users?|level|password|radius|tacacs|ldap|login|"
    r"firewall|access|security)(?:-|$)",
    re.IGNORECASE,
)


def objection(path: Path, plain: t.Any, raw: t.Any) -> str | None:
    """Why a leaf is not one to try writing with; None if it is. plain, raw: as shown without and with C(?raw)."""
    if is_secret(path, plain):
        return "it is a secret"
    if isinstance(plain, (dict, list)):
        return "it is not a single value"
    if not isinstance(plain, str):
        return "it is a switch or a number, not a text"
    if not isinstance(raw, str):
        return "it is an enum, not a text"
    if plain.lower() in _WORDS or probe.NUMBER.fullmatch(plain):
        return f'it shows "{plain}", which may be a switch or a number'
    if any(_MANAGEMENT.search(name.replace("_", "-")) for name in path):
        return "its name says that the management of the device may depend on it"
    return None


def restorable(tree: Tree, at: Path, secrets_show: bool) -> str | None:
    """Why a menu could not be set back if writing to it reset all the rest; None if it could.

    tree: the whole configuration.  secrets_show: whether the device is known to show of a secret that it is set.
    """
    menu = value_at(tree.value, at)
    has_lists = any(isinstance(value, list) for dummy, value in leaves(menu, at))
    if has_lists or any(path[: len(at)] == at for path in tree.tables):
        return f"the menu {text_of(at)} holds a table or list"
    if any(shown != "" or not secrets_show for shown in secrets_in(menu, at).values()):
        return f"the menu {text_of(at)} holds secrets, which could not be set back"
    if not secrets_in(tree.value, ()):
        return f"the menu {text_of(at)} may hold secrets, as the device shows none anywhere"
    return None


def forms(with_menus: bool) -> list[tuple[str, str]]:
    """Target and body (A2, A3) of the writes to try, in the order of the table. On a menu, C(bare) is C(named)."""
    bodies = probe.ROWS["set_body"].values
    on_menu = tuple(body for body in bodies if body != "bare") if with_menus else ()
    differing = {"command": ("named",), "menu": on_menu, "patch-menu": on_menu}
    return [(target, body) for target in probe.ROWS["set_target"].values for body in differing.get(target, bodies)]


class Form(t.NamedTuple):
    """A way to change an object. whole: the menu is sent as a whole."""

    target: str
    body: str
    whole: bool = False


class WriteProbe:
    """A trial on the texts at C(paths), all of one menu.

    before: the whole configuration before the trial.  patience: seconds to wait for a change that was taken.
    known: the dialect, as far as reading tells it.  form: the form that took effect, None until then.
    """

    def __init__(
        self,
        api: Device,
        before: Tree,
        paths: t.Sequence[Path],
        patience: float,
        known: t.Mapping[str, str],
    ) -> None:
        self.api = api
        self.before = before
        self.paths = tuple(paths)
        self.patience = patience
        self.findings: list[ProbeFinding] = []
        self.operations: list[dict[str, t.Any]] = []
        self.form: Form | None = None
        self._outcome = _IGNORED
        self._menu_put: str | None = None
        self._menu_path = self.paths[0][:-1]
        self._menu = value_at(before.value, self._menu_path)
        self._blocked = restorable(before, self._menu_path, "secret_get" in known)
        # Where errors come as 200 anyway (A11), those to writes tell nothing of A9.
        self._errors_tell = known.get("request_error") != "all-200"
        self._refused: list[Answer] = []
        self._pending = api.identity.pending_changes if api.identity else None

    # -- trying

    def learn(self) -> None:
        """Try one form after the other until one takes effect."""
        path = self.paths[0]
        wanted = {path: self._marker(path)}
        for target, body in forms(with_menus=self._blocked is None):
            form = Form(target, body)
            outcome, answer = self._try(form, wanted)
            on_menu = target in ("menu", "patch-menu")
            if on_menu and outcome == _REFUSED and answer.status not in _NOT_HERE:
                form = form._replace(whole=True)
                outcome, answer = self._try(form, wanted)
            if outcome in _EFFECTIVE:
                self.form, self._outcome = form, outcome
                self._report(answer, self._refused if self._errors_tell else [])
                return
        tried = f"none of {len(self._refused)} refused writes to {text_of(path)} took effect"
        skipped = f"; {self._blocked}, so that writing to the menu was not tried" if self._blocked else ""
        for key in ("set_target", "set_body", "put_answer", "effect", "menu_put"):
            self.findings.append(probe.unknown(key, tried + skipped))

    def _try(self, form: Form, wanted: dict[Path, str]) -> tuple[str, Answer]:
        """Send values in a form. What came of it, and the answer; a change that is not shown is taken back."""
        answer = self._send(form, wanted)
        if self._shows(wanted):
            return _AT_ONCE, answer
        if not probe.is_taken(answer):
            self._refused.append(answer)
            return _REFUSED, answer
        if self._comes(wanted):
            return _LATE, answer
        rose = self._rose()
        self._send(form, {path: self._value(path) for path in wanted})
        self._shows({})
        return _STAGED if rose and not self._rose() else _IGNORED, answer

    def _send(self, form: Form, wanted: dict[Path, str]) -> Answer:
        request = self._request(form, wanted)
        operation = self._operation(wanted)
        answer = self.api.ask(request.method, request.path, request.body)
        operation["state"] = "succeeded" if probe.is_taken(answer) else "failed"
        if answer.status in _STOP:
            settings = self.api.client.settings
            place, with_token = url_path(request.path), settings.token is not None
            raise http_error(settings.host, request.method, place, answer, with_token)
        return answer

    def _operation(self, wanted: dict[Path, t.Any]) -> dict[str, t.Any]:
        """The entry of a write in the list of operations; it stays C(processing) if no answer comes."""
        operation = {
            "id": len(self.operations) + 1,
            "handler": self._menu_path[0],
            "action": "set",
            "path": text_of(self._menu_path),
            "before": {path[-1]: self._value(path) for path in wanted},
            "after": {path[-1]: value for path, value in wanted.items()},
            "state": "processing",
        }
        self.operations.append(operation)
        return operation

    def _request(self, form: Form, wanted: dict[Path, t.Any]) -> WireRequest:
        root = self.api.config_root
        if len(wanted) == 1 and not form.whole:
            path, value = next(iter(wanted.items()))
            return object_request(path, value, root, form.target, form.body)
        names: t.Any = {}
        for path, value in wanted.items():
            nested: t.Any = value
            for name in reversed(path[len(self._menu_path) :]):
                nested = {name: nested}
            names = overlaid(names, nested)
        if form.whole:
            names = overlaid(self._menu, names)
        method = "PATCH" if form.target == "patch-menu" else "PUT"
        return WireRequest(method, (*root, *self._menu_path), menu_body(names, form.body))

    def _marker(self, path: Path, spent: t.Container[str] = ()) -> str:
        return next(m for m in _MARKERS if m != self._value(path) and m not in spent)

    def _value(self, path: Path) -> t.Any:
        return value_at(self.before.value, path)

    # -- looking

    def _now(self) -> dict[Path, t.Any]:
        node = self.api.node((*self.api.config_root, *self._menu_path))
        return dict(leaves(canonical(node, self._menu_path).value, self._menu_path))

    def _shows(self, wanted: dict[Path, t.Any]) -> bool:
        now = self._now()
        return all(now.get(path) == value for path, value in wanted.items())

    def _comes(self, wanted: dict[Path, t.Any]) -> bool:
        pause, limit = _FIRST_PAUSE_SECONDS, time.monotonic() + self.patience
        while time.monotonic() < limit:
            time.sleep(pause)
            if self._shows(wanted):
                return True
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
        return False

    def _rose(self) -> bool:
        now = self.api.identity.pending_changes if self.api.identity else None
        return now is not None and self._pending is not None and now > self._pending

    def _others(self, wanted: t.Container[Path]) -> list[Path]:
        """Leaves of the menu that are no longer as they were, apart from some."""
        now = self._now()
        return sorted(
            path for path, value in leaves(self._menu, self._menu_path) if path not in wanted and now.get(path) != value
        )

    # -- telling

    def _report(self, answer: Answer, refused: list[Answer]) -> None:
        if self.form is None:
            return
        form, path = self.form, text_of(self.paths[0])
        effect = "was counted as pending, but does not show" if self._outcome == _STAGED else "took effect"
        before = f", after {len(self._refused)} others were refused" if self._refused else ""
        said = f"a change of {path} in this form {effect}{before}"
        self.findings.append(probe.found("set_target", form.target, said))
        if form.target != "command":
            self.findings.append(probe.found("set_body", form.body, said))
        self.findings.append(probe.put_answer(answer, refused))
        if self._outcome == _STAGED:
            waited = f"{path} did not change in {self.patience:g} s, but pending-changes rose and fell with it"
            self.findings.append(probe.found("effect", "staged", waited))
        elif self._outcome == _LATE and answer.status != 202:
            self.findings.append(probe.found("effect", "delayed", f"{path} showed the change some time later"))
        else:
            when = "some time after a 202" if self._outcome == _LATE else "at once"
            self.findings.append(
                probe.aside(
                    "effect",
                    "immediate",
                    f"{path} showed the change {when}; how it is saved was not tried",
                )
            )
        self._menus()

    def _menus(self) -> None:
        """A4, and whether a menu takes several names."""
        if self.form is None:
            return
        if self._blocked is not None:
            self.findings.append(probe.unknown("menu_put", f"{self._blocked}"))
        elif self._outcome == _STAGED:
            self.findings.append(probe.unknown("menu_put", "the effect of a change cannot be seen"))
        elif self.form.target in ("menu", "patch-menu"):
            self._tell_menu(self.form, self.paths[:1])
        elif self.form.target == "object":
            self._try_menu()
        else:
            why = f"this device takes changes in the form {self.form.target}"
            self.findings.append(probe.unknown("menu_put", why))

    def _try_menu(self) -> None:
        learned = t.cast(Form, self.form)
        # Another value than the one that is there by now, as an equal one would prove nothing.
        wanted = {path: self._marker(path, [self._marker(path)]) for path in self.paths}
        for whole in (False, True):
            form = Form("menu", learned.body, whole)
            outcome, dummy = self._try(form, wanted)
            if outcome in (_AT_ONCE, _LATE):
                self._tell_menu(form, self.paths)
                self._tell_several(whole)
                return
        self.findings.append(probe.unknown("menu_put", "a PUT on the menu was refused"))
        if len(self.paths) > 1:
            self.findings.append(probe.found("several_names", False, "a PUT of two names on their menu was refused"))

    def _tell_menu(self, form: Form, named: t.Sequence[Path]) -> None:
        if form.whole:
            said = "a PUT on the menu was refused until it named all that the menu holds"
            self._menu_put = "refuse-incomplete"
            self.findings.append(probe.found("menu_put", self._menu_put, said))
            return
        others = self._others(named)
        if others:
            said = f"a PUT of {len(named)} on the menu reset {text_of(others[0])} too"
            self._menu_put = "replace"
            self.findings.append(probe.found("menu_put", self._menu_put, said))
        elif len(dict(leaves(self._menu))) > len(named) and self._has_content(named):
            said = f"a PUT of {len(named)} on the menu left the rest of it alone"
            self._menu_put = "partial"
            self.findings.append(probe.found("menu_put", self._menu_put, said))
        else:
            said = "nothing else in the menu has a value that could be lost"
            self.findings.append(probe.unknown("menu_put", said))

    def _has_content(self, named: t.Container[Path]) -> bool:
        return any(
            value not in ("", 0, False, None)
            for path, value in leaves(self._menu, self._menu_path)
            if path not in named
        )

    def _tell_several(self, whole: bool) -> None:
        if len(self.paths) < 2 or whole:
            return
        self.findings = [
            f._replace(
                settles=False, evidence=f"{f.evidence}; left out of dialect, as its menu takes several names at once"
            )
            if f.key == "set_target"
            else f
            for f in self.findings
        ]
        self.findings.append(probe.found("several_names", True, "a PUT of two names on their menu changed both"))

    # -- setting back

    def restore(self) -> bool:
        """Set everything back, with the form that was learned, or else with each in turn. Whether the menu is as before."""
        others = [Form(*form) for form in forms(with_menus=self._blocked is None)]
        for form in [*([] if self.form is None else [self.form]), *others]:
            wrong = self._others(())
            if not wrong:
                break
            if form.target not in ("menu", "patch-menu"):
                for path in wrong:
                    self._put_back(form, [path])
                continue
            for whole in _WHOLE.get(self._menu_put or "", (False, True)):
                self._put_back(form._replace(whole=whole), self._others(()))
        return not self._others(())

    def _put_back(self, form: Form, paths: t.Sequence[Path]) -> None:
        wanted = {path: self._value(path) for path in paths}
        if wanted and probe.is_taken(self._send(form, wanted)) and not self._shows(wanted):
            self._comes(wanted)
