# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change -> the requests that make it, in the forms that the device wants (A2 to A7, A16).

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._tree.canonical import Tree, canonical, leaves
from .._tree.changes import Change
from .._tree.coerce import same
from .._tree.paths import Path, text_of
from .dialect import Dialect
from .http_errors import ABSENT_CODES
from .wire_forms import (
    WireRequest,
    like_siblings,
    menu_body,
    object_body,
    object_request,
    overlaid,
    replayed,
    secrets_in,
    texts_of,
    to_wire,
    without,
)


class Api(t.Protocol):
    """What is needed of Device."""

    dialect: Dialect

    @property
    def config_root(self) -> Path: ...

    @property
    def shows_late(self) -> bool: ...

    def config_node(self, path: Path, raw: bool = False) -> t.Any: ...

    def write(self, method: str, path: t.Sequence[str], body: t.Any) -> t.Any: ...


class ChangeWriter:
    """The changes of one task.

    learned: forms that were found out on the way, as keys and values of a dialect.  emptied: items that
    C(list_remove=fixed-slots) cleared instead of removing, with the paths of the leaves that are empty by now.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.learned: dict[str, str] = {}
        self.emptied: dict[Path, tuple[Path, ...]] = {}
        self._unseen: list[Change] = []

    def apply(self, change: Change, menu: dict[str, t.Any]) -> None:
        """Send one change; see Device.apply()."""
        if change.action == "create":
            self._create(change)
            self.emptied.pop(change.path, None)
        elif change.action == "delete" and self.api.dialect.list_remove == "fixed-slots":
            change = self._empty(change)
        elif change.action == "delete":
            self._delete(change)
        elif change.after:
            self._set(change, menu)
        self._note(change)

    def activated(self) -> None:
        """The device shows by now what was sent."""
        self._unseen = []

    def _note(self, change: Change) -> None:
        if self.api.shows_late:
            self._unseen.append(change)

    def _set(self, change: Change, menu: dict[str, t.Any]) -> None:
        dialect = self.api.dialect
        target = (*self.api.config_root, *change.path)
        if dialect.set_target in ("menu", "patch-menu"):
            partial = dialect.menu_put == "partial"
            names = change.after if partial else self._complete(change)
            method = "PATCH" if dialect.set_target == "patch-menu" else "PUT"
            self._send([WireRequest(method, target, menu_body(names, dialect.set_body))])
        elif len(change.after) > 1 and self._menu_takes_names():
            self._set_at_once(change, menu, target)
        else:
            self._send(self._one_by_one(change))

    def _menu_takes_names(self) -> bool:
        """Whether several names may go to their menu in one request, unless the device says otherwise.

        A menu that is replaced as a whole is left alone: what it holds besides could not be sent back safely.
        """
        dialect = self.api.dialect
        settled = {*dialect.given, *self.learned}
        return (
            "set_target" not in settled
            and dialect.set_target == "object"
            and dialect.menu_put == "partial"
            and dialect.set_body not in ("value", "bare")
        )

    def _set_at_once(self, change: Change, menu: dict[str, t.Any], target: Path) -> None:
        body = menu_body(change.after, self.api.dialect.set_body)
        try:
            self._send([WireRequest("PUT", target, body)])
            return
        except LantimeError as error:
            if error.code not in ABSENT_CODES:
                raise
            refused = error
        if self._is_touched(change, menu):
            refused.effect_unknown = True
            raise refused
        self._send(self._one_by_one(change))
        self.learned["set_target"] = "object"

    def _is_touched(self, change: Change, menu: dict[str, t.Any]) -> bool:
        expected = {n: v for n, v in {**menu, **(change.before or {})}.items() if not isinstance(v, dict)}
        now = canonical(self.api.config_node(change.path), change.path).value
        return not isinstance(now, dict) or any(
            name not in now or not (now[name] == value or same(now[name], value)) for name, value in expected.items()
        )

    def _one_by_one(self, change: Change) -> list[WireRequest]:
        root, dialect = self.api.config_root, self.api.dialect
        return [
            object_request(path, value, root, dialect.set_target, dialect.set_body)
            for path, value in leaves(change.after, change.path)
        ]

    def _complete(self, change: Change) -> t.Any:
        """All that a menu holds with a change laid over it, for a device that wants menus as a whole (A4)."""
        tree = self._present(change.path)
        given = {path for path, dummy in leaves(change.after, change.path)}
        secrets = self._secrets(tree.value, change.path, given)
        if self.api.dialect.menu_put == "replace":
            self._refuse_secrets(secrets, change.path)
        kept = without(tree.value, change.path, secrets)
        return to_wire(overlaid(kept, change.after), change.path, tree.tables)

    def _present(self, path: Path) -> Tree:
        """What a node holds once everything that was sent has taken effect."""
        try:
            node = self.api.config_node(path)
        except LantimeError:
            if not any(c.action == "create" and c.path == path for c in self._unseen):
                raise
            node = {}
        return replayed(canonical(node, path), path, self._unseen)

    def _secrets(self, value: t.Any, at: Path, given: t.Container[Path] = ()) -> dict[Path, t.Any]:
        """Secrets that cannot be sent back as they are shown."""
        if self.api.dialect.secret_get == "clear":
            return {}
        return {p: v for p, v in secrets_in(value, at).items() if p not in given}

    def _refuse_secrets(self, secrets: dict[Path, t.Any], path: Path) -> None:
        hidden = self.api.dialect.secret_get == "empty"
        if self.api.dialect.secret_get == "absent":
            raise _would_overwrite("what secrets there are", path)
        held = sorted(p for p, shown in secrets.items() if hidden or shown not in ("", None))
        if held:
            raise _would_overwrite(f"the secret {text_of(held[0])}", path)

    def _create(self, change: Change) -> None:
        dialect, root = self.api.dialect, self.api.config_root
        table, object_id = change.path[:-1], change.path[-1]
        how = dialect.list_add
        if how == "fixed-slots":
            # Where there is no such slot, reading it is what tells the user so.
            self.api.config_node(change.path)
            self._set(change._replace(action="set"), {})
        elif how == "command":
            parameters = {"path": "/" + text_of((*root, *table)), "object-id": object_id}
            self._add(WireRequest("PUT", ("add",), {"parameters": parameters}), change)
        elif how == "put-list":
            self._put_list(change)
        elif how == "post-list":
            item = {"object-id": object_id, **self._item(change)}
            self._send([WireRequest("POST", (*root, *table), menu_body(item, dialect.set_body))])
        elif dialect.menu_put == "refuse-incomplete" and change.after:
            self._add(WireRequest("PUT", (*root, *change.path), {}), change)
        else:
            item = self._item(change)
            body = menu_body(item, dialect.set_body) if item else {}
            self._send([WireRequest("PUT", (*root, *change.path), body)])

    def _add(self, request: WireRequest, change: Change) -> None:
        """Make an empty item, then fill it."""
        self._send([request])
        if not change.after:
            return
        self._note(change._replace(after={}))
        try:
            self._set(change._replace(action="set"), {})
        except LantimeError as error:
            error.effect_unknown = True
            raise

    def _item(self, change: Change) -> dict[str, t.Any]:
        """The content of an item to be created, its tables in the form that the other items of its table show."""
        if not any(isinstance(value, dict) for value in change.after.values()):
            return change.after
        tables = like_siblings(self._present(change.path[:-1]), change.path)
        return t.cast("dict[str, t.Any]", to_wire(change.after, change.path, tables))

    def _put_list(self, change: Change) -> None:
        """PUT of a whole table with an item added or left out."""
        table = change.path[:-1]
        tree = self._present(table)
        if table in tree.ambiguous or not (tree.value == [] or isinstance(tree.value, dict)):
            raise LantimeError(
                "duplicate_object_id",
                "the device's table has an item twice or without object-id",
                path=text_of(table),
            )
        others = without(tree.value or {}, table, {change.path})
        secrets = self._secrets(others, table)
        self._refuse_secrets(secrets, table)
        items = without(others, table, secrets)
        if change.action == "create":
            items[change.path[-1]] = change.after
        tables = {table, *tree.tables, *like_siblings(tree, change.path)}
        body = object_body(table[-1], to_wire(items, table, tables), self.api.dialect.set_body)
        self._send([WireRequest("PUT", (*self.api.config_root, *table), body)])

    def _delete(self, change: Change) -> None:
        root = self.api.config_root
        table, object_id = change.path[:-1], change.path[-1]
        how = self.api.dialect.list_remove
        if how == "command":
            parameters = {"path": "/" + text_of((*root, *table)), "object-id": object_id}
            self._send([WireRequest("PUT", ("delete",), {"parameters": parameters})])
        elif how == "put-list":
            self._put_list(change)
        else:
            self._send([WireRequest("DELETE", (*root, *change.path), None)])

    def _empty(self, change: Change) -> Change:
        item = canonical(self.api.config_node(change.path, raw=True), change.path)
        shown = texts_of(replayed(item, change.path, self._unseen).value, change.path)
        before: dict[str, t.Any] = {}
        after: dict[str, t.Any] = {}
        for path, value in shown.items():
            for side, leaf in ((before, value), (after, "")):
                menu = side
                for name in path[len(change.path) : -1]:
                    menu = menu.setdefault(name, {})
                menu[path[-1]] = leaf
        emptying = Change("set", change.path, before, after)
        if after:
            self._set(emptying, {})
        self.emptied[change.path] = tuple(shown)
        return emptying

    def _send(self, requests: t.Iterable[WireRequest]) -> None:
        for number, request in enumerate(requests):
            try:
                self.api.write(request.method, request.path, request.body)
            except LantimeError as error:
                # What went before it has been taken by the device.
                error.effect_unknown = error.effect_unknown or number > 0
                raise


def _would_overwrite(what: str, path: Path) -> LantimeError:
    return LantimeError(
        "rejected",
        f"writing this would overwrite {what}, which the device does not show; nothing was sent",
        path=text_of(path),
        hint="this device takes only the whole of it at once: change it in the device's web interface",
    )
