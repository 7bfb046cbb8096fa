# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes changes with the requests that the device expects (A2 to A7, A16)."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._tree.canonical import Tree, canonical, leaves
from .._tree.changes import Change
from .._tree.coerce import is_same
from .._tree.paths import Path, text_of
from .dialect import Dialect
from .http_errors import ABSENT_CODES
from .wire_forms import (
    WireRequest,
    clearable_texts,
    drop_paths,
    menu_body,
    merge_values,
    object_body,
    object_request,
    replay_changes,
    secrets_in,
    sibling_tables,
    to_wire,
)


class WritableDevice(t.Protocol):
    """What the writer of changes needs of a Device."""

    dialect: Dialect

    @property
    def config_root(self) -> Path:
        """Path of the configuration root."""

    @property
    def is_shown_late(self) -> bool:
        """Whether the device may show a change some time after its answer."""

    def config_node(self, path: Path, raw: bool = False) -> t.Any:
        """Read a part of the configuration."""

    def known_config_node(self, path: Path) -> t.Any:
        """A part of the configuration, read unless it is known."""

    def write(self, method: str, path: t.Sequence[str], body: t.Any) -> t.Any:
        """Send a request that changes the device."""


class ChangeWriter:
    """Writes the changes of one task.

    learned_dialect: forms that the device turned out to have, as keys and values of a dialect.  emptied_items: items
    that were cleared instead of removed (list_remove=fixed-slots), with the paths of the leaves that are empty now.
    """

    def __init__(self, api: WritableDevice) -> None:
        self.api = api
        self.learned_dialect: dict[str, str] = {}
        self.emptied_items: dict[Path, tuple[Path, ...]] = {}
        self._unseen: list[Change] = []

    def apply(self, change: Change, menu: dict[str, t.Any]) -> None:
        """Send one change. Raises LantimeError; see Device.apply()."""
        if change.action == "create":
            self._create(change)
            self.emptied_items.pop(change.path, None)
        elif change.action == "delete" and self.api.dialect.list_remove == "fixed-slots":
            change = self._empty_item(change)
        elif change.action == "delete":
            self._delete(change)
        elif change.after:
            self._set_values(change, menu)
        self._remember_unseen(change)

    def forget_unseen(self) -> None:
        """Take all changes that were sent as effective."""
        self._unseen = []

    def _remember_unseen(self, change: Change) -> None:
        if self.api.is_shown_late:
            self._unseen.append(change)

    def _set_values(self, change: Change, menu: dict[str, t.Any]) -> None:
        dialect = self.api.dialect
        target = (*self.api.config_root, *change.path)
        if dialect.set_target in ("menu", "patch-menu"):
            partial = dialect.menu_put == "partial"
            names = change.after if partial else self._complete_menu(change)
            method = "PATCH" if dialect.set_target == "patch-menu" else "PUT"
            self._send([WireRequest(method, target, menu_body(names, dialect.set_body))])
        elif len(change.after) > 1 and self._can_set_together():
            self._set_together(change, menu, target)
        else:
            self._send(self._single_requests(change))

    def _can_set_together(self) -> bool:
        """Whether to try several names of a menu in one request.

        Not for a menu that a request replaces as a whole: its other content could not be sent back safely.
        """
        dialect = self.api.dialect
        known_keys = {*dialect.given, *self.learned_dialect}
        return (
            "set_target" not in known_keys
            and dialect.set_target == "object"
            and dialect.menu_put == "partial"
            and dialect.set_body not in ("value", "bare")
        )

    def _set_together(self, change: Change, menu: dict[str, t.Any], target: Path) -> None:
        body = menu_body(change.after, self.api.dialect.set_body)
        try:
            self._send([WireRequest("PUT", target, body)])
            return
        except LantimeError as error:
            if error.code not in ABSENT_CODES:
                raise
            refusal = error
        if self._has_changed(change, menu):
            refusal.effect_unknown = True
            raise refusal
        self._send(self._single_requests(change))
        self.learned_dialect["set_target"] = "object"

    def _has_changed(self, change: Change, menu: dict[str, t.Any]) -> bool:
        expected = {n: v for n, v in {**menu, **(change.before or {})}.items() if not isinstance(v, dict)}
        current = canonical(self.api.config_node(change.path), change.path).value
        return not isinstance(current, dict) or any(
            name not in current or not (current[name] == value or is_same(current[name], value))
            for name, value in expected.items()
        )

    def _single_requests(self, change: Change) -> list[WireRequest]:
        root, dialect = self.api.config_root, self.api.dialect
        return [
            object_request(path, value, root, dialect.set_target, dialect.set_body)
            for path, value in leaves(change.after, change.path)
        ]

    def _complete_menu(self, change: Change) -> t.Any:
        """The whole menu with a change applied, for a device that takes menus only as a whole (A4)."""
        tree = self._read_tree(change.path)
        given = {path for path, dummy in leaves(change.after, change.path)}
        secrets = self._unreadable_secrets(tree.value, change.path, given)
        if self.api.dialect.menu_put == "replace":
            self._check_secrets(secrets, change.path)
        kept = drop_paths(tree.value, change.path, secrets)
        return to_wire(merge_values(kept, change.after), change.path, tree.tables)

    def _read_tree(self, path: Path) -> Tree:
        """A node as it is once all changes that were sent have taken effect."""
        try:
            node = self.api.config_node(path) if self._unseen else self.api.known_config_node(path)
        except LantimeError:
            if not any(c.action == "create" and c.path == path for c in self._unseen):
                raise
            node = {}
        return replay_changes(canonical(node, path), path, self._unseen)

    def _unreadable_secrets(self, value: t.Any, at: Path, given: t.Container[Path] = ()) -> dict[Path, t.Any]:
        """Secrets that cannot be sent back, as the device does not show their values."""
        if self.api.dialect.secret_get == "clear":
            return {}
        return {p: v for p, v in secrets_in(value, at).items() if p not in given}

    def _check_secrets(self, secrets: dict[Path, t.Any], path: Path) -> None:
        hidden = self.api.dialect.secret_get == "empty"
        if self.api.dialect.secret_get == "absent":
            raise _overwrite_error("any secrets in it", path)
        set_secrets = sorted(p for p, value in secrets.items() if hidden or value not in ("", None))
        if set_secrets:
            raise _overwrite_error(f"the secret {text_of(set_secrets[0])}", path)

    def _create(self, change: Change) -> None:
        dialect, root = self.api.dialect, self.api.config_root
        table, object_id = change.path[:-1], change.path[-1]
        how = dialect.list_add
        if how == "fixed-slots":
            # The read raises an error with the existing names if the slot does not exist.
            self.api.known_config_node(change.path)
            self._set_values(change._replace(action="set"), {})
        elif how == "command":
            parameters = {"path": "/" + text_of((*root, *table)), "object-id": object_id}
            self._create_and_fill(WireRequest("PUT", ("add",), {"parameters": parameters}), change)
        elif how == "put-list":
            self._put_table(change)
        elif how == "post-list":
            item = {"object-id": object_id, **self._item_content(change)}
            self._send([WireRequest("POST", (*root, *table), menu_body(item, dialect.set_body))])
        elif dialect.menu_put == "refuse-incomplete" and change.after:
            self._create_and_fill(WireRequest("PUT", (*root, *change.path), {}), change)
        else:
            item = self._item_content(change)
            body = menu_body(item, dialect.set_body) if item else {}
            self._send([WireRequest("PUT", (*root, *change.path), body)])

    def _create_and_fill(self, request: WireRequest, change: Change) -> None:
        """Create an empty item, then set its values."""
        self._send([request])
        if not change.after:
            return
        self._remember_unseen(change._replace(after={}))
        try:
            self._set_values(change._replace(action="set"), {})
        except LantimeError as error:
            error.effect_unknown = True
            raise

    def _item_content(self, change: Change) -> dict[str, t.Any]:
        """The content of a new item, its tables in the form that the other items of its table have."""
        if not any(isinstance(value, dict) for value in change.after.values()):
            return change.after
        tables = sibling_tables(self._read_tree(change.path[:-1]), change.path)
        return t.cast("dict[str, t.Any]", to_wire(change.after, change.path, tables))

    def _put_table(self, change: Change) -> None:
        """Send a whole table with an item added or left out."""
        table = change.path[:-1]
        tree = self._read_tree(table)
        if table in tree.ambiguous or not (tree.value == [] or isinstance(tree.value, dict)):
            raise LantimeError(
                "duplicate_object_id",
                "the table on the device holds an object-id twice or an item without one",
                path=text_of(table),
            )
        others = drop_paths(tree.value or {}, table, {change.path})
        secrets = self._unreadable_secrets(others, table)
        self._check_secrets(secrets, table)
        items = drop_paths(others, table, secrets)
        if change.action == "create":
            items[change.path[-1]] = change.after
        tables = {table, *tree.tables, *sibling_tables(tree, change.path)}
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
            self._put_table(change)
        else:
            self._send([WireRequest("DELETE", (*root, *change.path), None)])

    def _empty_item(self, change: Change) -> Change:
        item = canonical(self.api.config_node(change.path, raw=True), change.path)
        texts = clearable_texts(replay_changes(item, change.path, self._unseen).value, change.path)
        before: dict[str, t.Any] = {}
        after: dict[str, t.Any] = {}
        for path, value in texts.items():
            for tree, leaf in ((before, value), (after, "")):
                menu = tree
                for name in path[len(change.path) : -1]:
                    menu = menu.setdefault(name, {})
                menu[path[-1]] = leaf
        emptying = Change("set", change.path, before, after)
        if after:
            self._set_values(emptying, {})
        self.emptied_items[change.path] = tuple(texts)
        return emptying

    def _send(self, requests: t.Iterable[WireRequest]) -> None:
        for number, request in enumerate(requests):
            try:
                self.api.write(request.method, request.path, request.body)
            except LantimeError as error:
                # The device has accepted the requests before this one.
                error.effect_unknown = error.effect_unknown or number > 0
                raise


def _overwrite_error(what: str, path: Path) -> LantimeError:
    return LantimeError(
        "rejected",
        f"the device accepts this only as a whole, which would overwrite {what}; nothing was sent",
        path=text_of(path),
        hint="change it in the device's web interface",
    )
