# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: the configurations of many devices -> how each differs from the majority, without a golden configuration.

A setting deviates where at least a share threshold of the other devices agree on a value, this device has another
one, and more devices hold theirs than its own; likewise an item or setting that they have and it has not, or the
reverse. Values are compared among devices of one kind (model and API generation) where there are enough of them, else
among all that have the setting. Whether something is there at all is only ever compared within a kind, as models and
releases differ in what they have. Where the others do not agree, nothing is judged, and the path is listed as not
compared.
"""

from __future__ import annotations

import collections
import json
import typing as t

from ...module_utils._drift.comparison import DriftPolicy, build_drift, build_not_checked, make_difference
from ...module_utils._drift.rules import canonicalize_path, canonicalize_pattern, is_identity
from ...module_utils._tree.aliases import canonical_value
from ...module_utils._tree.canonical import canonical
from ...module_utils._tree.coerce import SWITCH_WORDS
from ...module_utils._tree.paths import Path, covered, text_of
from ...module_utils._tree.secrets import MASK, is_mask, is_secret, redacted

DEFAULT_THRESHOLD = 0.66
# With fewer others, one device's word stands against another's.
MIN_PEERS = 2

_SWITCH_VALUES = {word: on for pair in SWITCH_WORDS for word, on in zip(pair, (True, False))}

NodesByHost = dict[str, t.Any]


class ConsensusRules(t.NamedTuple):
    """threshold: the share of the others that must agree, more than a half.  unordered: patterns of lists whose order means nothing."""

    policy: DriftPolicy
    threshold: float = DEFAULT_THRESHOLD
    unordered: tuple[str, ...] = ()


def compare_with_peers(
    trees: t.Mapping[str, t.Any], kinds: t.Mapping[str, t.Any], rules: ConsensusRules
) -> dict[str, dict[str, t.Any]]:
    """The drift of each device against the others.

    trees: the configuration of each host from its root, as lantime_config_info gives it. kinds: what makes devices of
    one kind, by host, any value that JSON has; a host that is not named is of the kind of all such.
    """
    if not 0.5 < rules.threshold <= 1:
        raise ValueError(f"threshold must be above 0.5 and at most 1, not {rules.threshold:g}")
    top = _PathRules((), [canonicalize_pattern(pattern) for pattern in rules.policy.ignore])
    nodes = {
        str(host): _normalize_tree(tree, top) for host, tree in sorted(trees.items()) if isinstance(tree, dict) and tree
    }
    of_kind = {host: json.dumps(kinds.get(host), sort_keys=True, default=str) for host in nodes}
    search = _PeerComparison(of_kind, rules)
    if len(nodes) > MIN_PEERS:
        search.walk((), nodes)
    return {str(host): search.outcome(str(host), nodes) for host in trees}


class _PathRules:
    """What is known of a place in the trees, found out once for all devices.

    path: in the spelling of LTOS 7.10.  left_out: belongs to one device alone, or is to be ignored.  secret: by its name.
    """

    def __init__(self, path: Path, ignore: list[str]) -> None:
        self.path = path
        self.left_out = bool(path) and (is_identity(path) or covered(path, ignore))
        self.secret = is_secret(path)
        self._ignore = ignore
        self._below: dict[str, _PathRules] = {}

    def below(self, name: str) -> _PathRules:
        if name not in self._below:
            self._below[name] = _PathRules((*self.path, *canonicalize_path((name,))), self._ignore)
        return self._below[name]


def _normalize_tree(node: t.Any, place: _PathRules) -> t.Any:
    """A tree, canonical, in one spelling, without what is left out, and with masks for secrets."""
    if isinstance(node, list) and any(isinstance(item, (dict, list)) for item in node):
        node = redacted(canonical(node, place.path).value, place.path)
    if isinstance(node, dict):
        found: NodesByHost = {}
        for name, value in node.items():
            inner = place.below(str(name))
            if not inner.left_out and name != "object-id":
                found[inner.path[-1]] = _normalize_tree(value, inner)
        return found
    if place.secret and node not in ("", None, []):
        return MASK
    return MASK if is_mask(node) else node


def _comparable_value(value: t.Any, unordered: bool) -> t.Any:
    """A value in a spelling that all releases share, as something that can be counted."""
    if isinstance(value, list):
        items = [_comparable_value(item, False) for item in value]
        return tuple(sorted(items, key=repr) if unordered else items)
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, default=str)
    if isinstance(value, str):
        text = canonical_value(value.strip()) or ""
        if text.lower() in _SWITCH_VALUES:
            return _SWITCH_VALUES[text.lower()]
        return int(text) if text.isdecimal() and str(int(text[:18])) == text else text
    return value


class _PeerComparison:
    def __init__(self, kinds: dict[str, str], rules: ConsensusRules) -> None:
        self.kinds = kinds
        self.rules = rules
        self.differences: dict[str, list[dict[str, t.Any]]] = collections.defaultdict(list)
        self.skipped: dict[str, list[dict[str, str]]] = collections.defaultdict(list)

    def walk(self, path: Path, nodes: NodesByHost) -> None:
        """Compare what the devices have at a path; nodes are those that have something there."""
        if len(nodes) <= MIN_PEERS:
            self._skip(nodes, path, "fewer than two other devices have this")
            return
        values = list(nodes.values())
        if all(value == values[0] for value in values):
            self._skip_secrets(path, nodes, values[0])
        elif any(isinstance(value, dict) and value for value in values):
            self._menu(path, nodes)
        else:
            self._leaf(path, nodes)

    def outcome(self, host: str, nodes: NodesByHost) -> dict[str, t.Any]:
        if host not in nodes:
            return build_not_checked("consensus", (), "the configuration was not read")
        if len(nodes) <= MIN_PEERS:
            reason = f"a majority needs {MIN_PEERS + 1} devices, and {len(nodes)} could be read"
            return build_not_checked("consensus", nodes[host], reason)
        skipped = self.skipped[host]
        unchecked = {e["path"]: e["reason"] for e in skipped if "/" not in e["path"]}
        return build_drift(
            "consensus", nodes[host], self.differences[host], skipped, host, self.rules.policy, unchecked
        )

    def _skip(self, hosts: t.Iterable[str], path: Path, reason: str) -> None:
        for host in hosts:
            self.skipped[host].append({"path": text_of(path), "reason": reason})

    def _skip_secrets(self, path: Path, hosts: t.Iterable[str], node: t.Any) -> None:
        if isinstance(node, dict):
            for name, inner in node.items():
                self._skip_secrets((*path, name), hosts, inner)
        elif node == MASK:
            self._skip(hosts, path, "a secret cannot be read")

    # -- menus and tables

    def _menu(self, path: Path, nodes: NodesByHost) -> None:
        menus = {h: n for h, n in nodes.items() if isinstance(n, dict)}
        for host, node in nodes.items():
            if node == []:  # an empty table and an empty list look the same
                menus[host] = {}
        self._skip(nodes.keys() - menus.keys(), path, "the other devices have a menu here")
        for name in dict.fromkeys(name for menu in menus.values() for name in menu):
            having = {host: menu[name] for host, menu in menus.items() if name in menu}
            if len(having) < len(menus):
                having = self._presence((*path, name), list(menus), having)
            if having:
                self.walk((*path, name), having)

    def _presence(self, path: Path, hosts: list[str], having: NodesByHost) -> NodesByHost:
        """Judge who has something and who has not; those that are to be compared further."""
        further = dict(having)
        members = collections.Counter(self.kinds[host] for host in hosts)
        owners = collections.Counter(self.kinds[host] for host in having)
        for host in hosts:
            kind = self.kinds[host]
            peers = members[kind] - 1
            own = host in having
            with_it = owners[kind] - own
            agree = peers - with_it if own else with_it
            if peers < MIN_PEERS or agree == 0:
                continue
            if agree / peers < self.rules.threshold or agree <= members[kind] - agree:
                if (peers - agree) / peers < self.rules.threshold:
                    self._skip([host], path, "the other devices do not agree whether this is there")
                continue
            counts = {"agree": agree, "of": peers}
            if own:
                del further[host]
                self._differ(host, path, "remove", having[host], None, counts)
            else:
                common = self._common([n for h, n in having.items() if self.kinds[h] == kind])
                self._differ(host, path, "add", None, common, counts)
        return further

    def _common(self, nodes: list[t.Any]) -> t.Any:
        """What most of some nodes have, for showing: settings without a majority are left out."""
        if not any(isinstance(node, dict) and node for node in nodes):
            counted = collections.Counter(_comparable_value(node, False) for node in nodes)
            best = counted.most_common(1)[0][0]
            return next(node for node in nodes if _comparable_value(node, False) == best)
        menus = [node for node in nodes if isinstance(node, dict)]
        found = {}
        for name in dict.fromkeys(name for menu in menus for name in menu):
            inner = [menu[name] for menu in menus if name in menu]
            if len(inner) >= self.rules.threshold * len(menus):
                found[name] = self._common(inner)
        return found

    # -- settings

    def _leaf(self, path: Path, nodes: NodesByHost) -> None:
        unordered = covered(path, self.rules.unordered)
        plain = {host: _comparable_value(value, unordered) for host, value in nodes.items()}
        everybody = collections.Counter(plain.values())
        if len(everybody) == 1:
            return
        by_kind: dict[str, collections.Counter[t.Any]] = collections.defaultdict(collections.Counter)
        for host, value in plain.items():
            by_kind[self.kinds[host]][value] += 1
        for host, own in plain.items():
            votes = by_kind[self.kinds[host]]
            if sum(votes.values()) <= MIN_PEERS:
                votes = everybody
            others = votes.copy()
            others[own] -= 1
            peers = sum(others.values())
            best, agree = others.most_common(1)[0]
            if agree / peers < self.rules.threshold or (best != own and agree <= votes[own]):
                self._skip([host], path, "the other devices do not agree on a value")
            elif best != own:
                shown = next(nodes[other] for other, value in plain.items() if value == best)
                self._differ(host, path, "replace", nodes[host], shown, {"agree": agree, "of": peers})

    def _differ(self, host: str, path: Path, op: str, before: t.Any, after: t.Any, peers: dict[str, int]) -> None:
        self.differences[host].append(make_difference(path, op, before, after, self.rules.policy.secrets, peers))


def compare_results(
    results: t.Mapping[str, t.Any], groups: t.Mapping[str, t.Any], rules: ConsensusRules
) -> dict[str, dict[str, t.Any]]:
    """The drift of each host, by the results of lantime_config_info; devices of one group are compared with each other."""
    trees: dict[str, dict[str, t.Any]] = collections.defaultdict(dict)
    kinds: dict[str, t.Any] = {}
    for host, result in results.items():
        given = result if isinstance(result, dict) else {}
        failed = given.get("failed") or given.get("unreachable")
        trees[str(groups.get(host) or "")][host] = None if failed else given.get("value")
        who = given.get("device") or {}
        kinds[host] = [who.get("model"), who.get("api_generation")]
    found: dict[str, dict[str, t.Any]] = {}
    for members in trees.values():
        found.update(compare_with_peers(members, kinds, rules))
    return {host: found[host] for host in results}
