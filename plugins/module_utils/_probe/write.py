# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes in which form a device accepts changes, on one or two harmless texts, and restores them. Never saves."""

from __future__ import annotations

import re
import time
import typing as t

from .._api.http_errors import http_error
from .._api.url_path import url_path
from .._api.wire_forms import WireRequest, menu_body, merge_values, object_request, secrets_in
from .._base.errors import LantimeError
from .._client.answer import Answer
from .._transaction.trial import Trial
from .._tree.canonical import Tree, canonical, leaves, value_at
from .._tree.coerce import SWITCH_WORDS
from .._tree.paths import Path, text_of
from .._tree.secrets import is_secret
from . import findings
from .findings import ProbeFinding

_MARKERS = ("lantime-probe", "lantime-probe-2", "lantime-probe-3")
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 0.5
# To go on after these would lock the account, or disturb another client.
_STOP_STATUSES = frozenset({401, 403, 409, 423, 429})
# The path accepts no such request, whatever its body.
_UNSUPPORTED_STATUSES = frozenset({404, 405, 501})
# Outcomes of a write: refused; accepted without effect; effective at once or later; only counted as pending.
_REFUSED, _IGNORED, _AT_ONCE, _LATE, _STAGED = "refused", "ignored", "at once", "late", "staged"
_MENU_TARGETS = ("menu", "patch-menu")
_EFFECTIVE = (_AT_ONCE, _LATE, _STAGED)
# Whether a menu is restored by its changed names or as a whole, by A4.
_WHOLE_MENU = {"partial": (False,), "replace": (True,), "refuse-incomplete": (True,)}


_SWITCH_VALUES = frozenset(word for pair in SWITCH_WORDS for word in pair)
# Names of settings on which access to the device depends.
_MANAGEMENT_NAME = re.compile(
    r"(?:^|-)(?:hostname|host|domain|address\d*|ip|ipv[46]|gateway|netmask|nameserver\d*|dns|dhcp|route|vlan|ports?|"
    r"interfaces?|network|https?|ssh|telnet|web|api|tls|certificate|users?|level|password|radius|tacacs|ldap|login|"
    r"firewall|access|security)(?:-|$)",
    re.IGNORECASE,
)


def objection_to_writing(path: Path, plain: t.Any, raw: t.Any) -> str | None:
    """Return why a leaf must not be used to probe writing, None if it may. plain, raw: its value without and with ?raw."""
    if is_secret(path, plain):
        return "it is a secret"
    if isinstance(plain, (dict, list)):
        return "it is not a single value"
    if not isinstance(plain, str):
        return "it is a switch or a number, not a text"
    if not isinstance(raw, str):
        return "it is an enum, not a text"
    if plain.lower() in _SWITCH_VALUES or findings.NUMBER_PATTERN.fullmatch(plain):
        return f'its value "{plain}" may be a switch or a number'
    if any(_MANAGEMENT_NAME.search(name.replace("_", "-")) for name in path):
        return "by its name, the management of the device may depend on it"
    return None


def obstacle_to_restoring(tree: Tree, at: Path, shows_secrets: bool) -> str | None:
    """Return why a menu could not be restored if a write to it reset all other values, None if it could.

    tree: the whole configuration.  shows_secrets: whether the device is known to show that a secret is set.
    """
    menu = value_at(tree.value, at)
    has_lists = any(isinstance(value, list) for dummy, value in leaves(menu, at))
    if has_lists or any(path[: len(at)] == at for path in tree.tables):
        return f"the menu {text_of(at)} holds a table or list"
    if any(value != "" or not shows_secrets for value in secrets_in(menu, at).values()):
        return f"the menu {text_of(at)} holds secrets, which could not be restored"
    if not secrets_in(tree.value, ()):
        return f"the menu {text_of(at)} may hold secrets, because the device shows none"
    return None


def write_forms(with_menus: bool) -> list[tuple[str, str]]:
    """Return target and body (A2, A3) of the writes to try, in the order of the table. On a menu, bare equals named."""
    bodies = findings.ASSUMPTIONS["set_body"].values
    on_menu = tuple(body for body in bodies if body != "bare") if with_menus else ()
    differing = {"command": ("named",), "menu": on_menu, "patch-menu": on_menu}
    return [
        (target, body) for target in findings.ASSUMPTIONS["set_target"].values for body in differing.get(target, bodies)
    ]


class WriteForm(t.NamedTuple):
    """The form of a write. whole: the menu is sent as a whole."""

    target: str
    body: str
    whole: bool = False


class WriteProbe:
    """Probes writing on the texts at some paths, all of one menu.

    trial: to which each write is announced.  patience: seconds to wait for the effect of an accepted change.
    known: the dialect as known from reading.  form: the form that took effect, None until then.
    """

    def __init__(
        self,
        trial: Trial,
        paths: t.Sequence[Path],
        patience: float,
        known: t.Mapping[str, str],
    ) -> None:
        self.trial = trial
        self.api = trial.api
        self.before = before = trial.former
        self.paths = tuple(paths)
        self.patience = patience
        self.findings: list[ProbeFinding] = []
        self.operations: list[dict[str, t.Any]] = []
        self.form: WriteForm | None = None
        self._outcome = _IGNORED
        self._menu_put: str | None = None
        self._menu_path = self.paths[0][:-1]
        self._menu = value_at(before.value, self._menu_path)
        self._blocked = obstacle_to_restoring(before, self._menu_path, "secret_get" in known)
        # On a device that reports every error as 200 (A11), errors of writes do not answer A9.
        self._errors_settle = known.get("request_error") != "all-200"
        self._refused: list[Answer] = []
        self._pending = self.api.pending_changes

    # -- trying

    def learn(self) -> None:
        """Try the forms in turn until one takes effect."""
        path = self.paths[0]
        wanted = {path: self._marker(path)}
        for target, body in write_forms(with_menus=self._blocked is None):
            form = WriteForm(target, body)
            outcome, answer = self._try(form, wanted)
            on_menu = target in _MENU_TARGETS
            if on_menu and outcome == _REFUSED and answer.status not in _UNSUPPORTED_STATUSES:
                form = form._replace(whole=True)
                outcome, answer = self._try(form, wanted)
            if outcome in _EFFECTIVE:
                self.form, self._outcome = form, outcome
                self._report(answer, self._refused if self._errors_settle else [])
                return
        tried = f"none of {len(self._refused)} refused writes to {text_of(path)} took effect"
        skipped = f"; {self._blocked}, so that writing to the menu was not tried" if self._blocked else ""
        for key in ("set_target", "set_body", "put_answer", "effect", "menu_put"):
            self.findings.append(findings.undetermined(key, tried + skipped))

    def _try(self, form: WriteForm, wanted: dict[Path, str]) -> tuple[str, Answer]:
        """Send values in a form, and return the outcome and the answer. A change without visible effect is reverted."""
        answer = self._send(form, wanted)
        if self._shows(wanted):
            return _AT_ONCE, answer
        if not findings.is_accepted(answer):
            self._refused.append(answer)
            return _REFUSED, answer
        if self._waits_for(wanted):
            return _LATE, answer
        rose = self._pending_rose()
        self._send(form, {path: self._value(path) for path in wanted})
        self._shows({})
        return _STAGED if rose and not self._pending_rose() else _IGNORED, answer

    def _send(self, form: WriteForm, wanted: dict[Path, str]) -> Answer:
        request = self._request(form, wanted)
        self._announce(form, wanted)
        operation = self._operation(wanted)
        answer = self.api.send_request(request.method, request.path, request.body)
        operation["state"] = "succeeded" if findings.is_accepted(answer) else "failed"
        if answer.status in _STOP_STATUSES:
            settings = self.api.client.settings
            place, with_token = url_path(request.path), settings.token is not None
            raise http_error(settings.host, request.method, place, answer, with_token)
        return answer

    def _announce(self, form: WriteForm, wanted: dict[Path, t.Any]) -> None:
        """Record a write in the journal, and the form that restores what it changes."""
        is_on_menu = form.whole or form.target in _MENU_TARGETS
        names = [path for path, value in leaves(self._menu, self._menu_path) if not is_secret(path, value)]
        restoring = self.form or form
        dialect = {"set_target": restoring.target, "set_body": restoring.body}
        if restoring.target in _MENU_TARGETS:
            dialect["menu_put"] = "replace"
        try:
            self.trial.announce(wanted, names if is_on_menu else (), dialect)
        except LantimeError:
            # A journal that cannot be written any more does not prevent the former values from being restored.
            if any(value != self._value(path) for path, value in wanted.items()):
                raise

    def _operation(self, wanted: dict[Path, t.Any]) -> dict[str, t.Any]:
        """The entry of a write in the list of operations; it stays "processing" if no answer comes."""
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

    def _request(self, form: WriteForm, wanted: dict[Path, t.Any]) -> WireRequest:
        root = self.api.config_root
        if len(wanted) == 1 and not form.whole:
            path, value = next(iter(wanted.items()))
            return object_request(path, value, root, form.target, form.body)
        names: t.Any = {}
        for path, value in wanted.items():
            nested: t.Any = value
            for name in reversed(path[len(self._menu_path) :]):
                nested = {name: nested}
            names = merge_values(names, nested)
        if form.whole:
            names = merge_values(self._menu, names)
        method = "PATCH" if form.target == "patch-menu" else "PUT"
        return WireRequest(method, (*root, *self._menu_path), menu_body(names, form.body))

    def _marker(self, path: Path, spent: t.Container[str] = ()) -> str:
        return next(m for m in _MARKERS if m != self._value(path) and m not in spent)

    def _value(self, path: Path) -> t.Any:
        return value_at(self.before.value, path)

    # -- reading

    def _current_leaves(self) -> dict[Path, t.Any]:
        node = self.api.node((*self.api.config_root, *self._menu_path))
        return dict(leaves(canonical(node, self._menu_path).value, self._menu_path))

    def _shows(self, wanted: dict[Path, t.Any]) -> bool:
        now = self._current_leaves()
        return all(now.get(path) == value for path, value in wanted.items())

    def _waits_for(self, wanted: dict[Path, t.Any]) -> bool:
        pause, limit = _FIRST_PAUSE_SECONDS, time.monotonic() + self.patience
        while time.monotonic() < limit:
            self.api.client.deadline.pause(pause)
            if self._shows(wanted):
                return True
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
        return False

    def _pending_rose(self) -> bool:
        now = self.api.pending_changes
        return now is not None and self._pending is not None and now > self._pending

    def _changed_leaves(self, besides: t.Container[Path]) -> list[Path]:
        """Leaves of the menu that differ from before the probe, besides the given ones."""
        now = self._current_leaves()
        return sorted(
            path
            for path, value in leaves(self._menu, self._menu_path)
            if path not in besides and now.get(path) != value
        )

    # -- findings

    def _report(self, answer: Answer, refused: list[Answer]) -> None:
        if self.form is None:
            return
        form, path = self.form, text_of(self.paths[0])
        effect = "was counted as pending, but does not show" if self._outcome == _STAGED else "took effect"
        before = f", after {len(self._refused)} others were refused" if self._refused else ""
        evidence = f"a change of {path} in this form {effect}{before}"
        self.findings.append(findings.make_finding("set_target", form.target, evidence))
        if form.target != "command":
            self.findings.append(findings.make_finding("set_body", form.body, evidence))
        self.findings.append(findings.observe_put_answer(answer, refused))
        if self._outcome == _STAGED:
            waited = f"{path} did not change in {self.patience:g} s, but pending-changes rose and fell with it"
            self.findings.append(findings.make_finding("effect", "staged", waited))
        elif self._outcome == _LATE and answer.status != 202:
            self.findings.append(findings.make_finding("effect", "delayed", f"{path} showed the change later"))
        else:
            when = "after a 202, later," if self._outcome == _LATE else "at once"
            self.findings.append(
                findings.indication(
                    "effect",
                    "immediate",
                    f"{path} showed the change {when}; how it is saved was not tried",
                )
            )
        self._report_menus()

    def _report_menus(self) -> None:
        """Report A4, and whether a menu accepts several names at once."""
        if self.form is None:
            return
        if self._blocked is not None:
            self.findings.append(findings.undetermined("menu_put", f"{self._blocked}"))
        elif self._outcome == _STAGED:
            self.findings.append(findings.undetermined("menu_put", "the device does not show the effect of a change"))
        elif self.form.target in _MENU_TARGETS:
            self._report_menu(self.form, self.paths[:1])
        elif self.form.target == "object":
            self._try_menu()
        else:
            reason = f"this device accepts changes in the form {self.form.target}"
            self.findings.append(findings.undetermined("menu_put", reason))

    def _try_menu(self) -> None:
        learned = t.cast(WriteForm, self.form)
        # The values differ from those that were written before; equal ones would prove nothing.
        wanted = {path: self._marker(path, [self._marker(path)]) for path in self.paths}
        for whole in (False, True):
            form = WriteForm("menu", learned.body, whole)
            outcome, dummy = self._try(form, wanted)
            if outcome in (_AT_ONCE, _LATE):
                self._report_menu(form, self.paths)
                self._report_several_names(whole)
                return
        self.findings.append(findings.undetermined("menu_put", "a PUT on the menu was refused"))
        if len(self.paths) > 1:
            self.findings.append(
                findings.make_finding("several_names", False, "a PUT of two names on their menu was refused")
            )

    def _report_menu(self, form: WriteForm, named: t.Sequence[Path]) -> None:
        if form.whole:
            evidence = "a PUT on the menu was refused until it named all that the menu holds"
            self._menu_put = "refuse-incomplete"
            self.findings.append(findings.make_finding("menu_put", self._menu_put, evidence))
            return
        others = self._changed_leaves(named)
        if others:
            evidence = f"a PUT of {len(named)} on the menu also reset {text_of(others[0])}"
            self._menu_put = "replace"
            self.findings.append(findings.make_finding("menu_put", self._menu_put, evidence))
        elif len(dict(leaves(self._menu))) > len(named) and self._has_content(named):
            evidence = f"a PUT of {len(named)} on the menu left its other values unchanged"
            self._menu_put = "partial"
            self.findings.append(findings.make_finding("menu_put", self._menu_put, evidence))
        else:
            evidence = "no other name of the menu has a value that a reset would change"
            self.findings.append(findings.undetermined("menu_put", evidence))

    def _has_content(self, named: t.Container[Path]) -> bool:
        return any(
            value not in ("", 0, False, None)
            for path, value in leaves(self._menu, self._menu_path)
            if path not in named
        )

    def _report_several_names(self, whole: bool) -> None:
        if len(self.paths) < 2 or whole:
            return
        self.findings = [
            f._replace(
                settles=False,
                evidence=f"{f.evidence}; left out of the dialect because its menu accepts several names at once",
            )
            if f.key == "set_target"
            else f
            for f in self.findings
        ]
        self.findings.append(
            findings.make_finding("several_names", True, "a PUT of two names on their menu changed both")
        )

    # -- restoring

    def restore(self) -> bool:
        """Restore all values with the learned form, or else with each form in turn. Returns whether the menu is as before."""
        others = [WriteForm(*form) for form in write_forms(with_menus=self._blocked is None)]
        for form in [*([] if self.form is None else [self.form]), *others]:
            changed = self._changed_leaves(())
            if not changed:
                break
            if form.target not in _MENU_TARGETS:
                for path in changed:
                    self._restore_values(form, [path])
                continue
            for whole in _WHOLE_MENU.get(self._menu_put or "", (False, True)):
                self._restore_values(form._replace(whole=whole), self._changed_leaves(()))
        return not self._changed_leaves(())

    def _restore_values(self, form: WriteForm, paths: t.Sequence[Path]) -> None:
        wanted = {path: self._value(path) for path in paths}
        if wanted and findings.is_accepted(self._send(form, wanted)) and not self._shows(wanted):
            self._waits_for(wanted)
