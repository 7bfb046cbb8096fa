# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the configurations of many devices with each other, without a golden configuration. Pure functions.

A setting deviates if at least the share threshold of the other devices agree on a value, this device has another value, and
more devices have theirs than its own. The same applies to an item or a setting that only the others have, or that only this
device has. Values are compared among devices of one kind (model and API generation) if there are enough of them, otherwise
among all that have the setting. Whether something is present is only compared within a kind, as models and releases differ
in what they have. A path on which the other devices do not agree is listed as not compared.
"""

from __future__ import annotations

import collections
import json
import typing as t

from ...module_utils._drift.comparison import (
    SECRET_REASON,
    Comparison,
    DriftPolicy,
    build_drift,
    build_not_checked,
    make_difference,
)
from ...module_utils._drift.rules import canonicalize_path, canonicalize_pattern, is_identity
from ...module_utils._tree.aliases import canonical_value
from ...module_utils._tree.canonical import canonical
from ...module_utils._tree.coerce import SWITCH_WORDS
from ...module_utils._tree.paths import Path, is_covered, text_of
from ...module_utils._tree.secrets import MASK, mask_secrets

DEFAULT_THRESHOLD = 0.66
# With fewer peers there is no majority.
MIN_PEERS = 2

_BOOLEAN_OF_SWITCH_WORD = {word: on for pair in SWITCH_WORDS for word, on in zip(pair, (True, False))}

NodesByHost = dict[str, t.Any]


class ConsensusRules(t.NamedTuple):
    """Rules of a comparison. threshold: the share of the others that must agree, more than half.  unordered: patterns of lists
    without order."""

    policy: DriftPolicy
    threshold: float = DEFAULT_THRESHOLD
    unordered: tuple[str, ...] = ()


def compare_with_peers(
    trees: t.Mapping[str, t.Any], kinds: t.Mapping[str, t.Any], rules: ConsensusRules
) -> dict[str, dict[str, t.Any]]:
    """The drift of each device.

    trees: the configuration of each host from its root, as lantime_config_info returns it.  kinds: the kind of each host, any
    value that JSON has; hosts that are not named are of one kind.
    """
    if not 0.5 < rules.threshold <= 1:
        raise ValueError(f"threshold must be above 0.5 and at most 1, not {rules.threshold:g}")
    root = _PathRules((), [canonicalize_pattern(pattern) for pattern in rules.policy.ignore])
    nodes = {
        str(host): _normalize_tree(tree, root)
        for host, tree in sorted(trees.items())
        if isinstance(tree, dict) and tree
    }
    of_kind = {host: json.dumps(kinds.get(host), sort_keys=True, default=str) for host in nodes}
    comparison = _PeerComparison(of_kind, rules)
    if len(nodes) > MIN_PEERS:
        comparison.walk((), nodes)
    return {str(host): comparison.build_drift(str(host), nodes) for host in trees}


class _PathRules:
    """What applies to a path in all trees.

    path: in the spelling of LTOS 7.10.  is_left_out: whether it belongs to one device alone or is ignored.
    """

    def __init__(self, path: Path, ignore: list[str]) -> None:
        self.path = path
        self.is_left_out = bool(path) and (is_identity(path) or is_covered(path, ignore))
        self._ignore = ignore
        self._children: dict[str, _PathRules] = {}

    def child(self, name: str) -> _PathRules:
        if name not in self._children:
            self._children[name] = _PathRules((*self.path, *canonicalize_path((name,))), self._ignore)
        return self._children[name]


def _normalize_tree(node: t.Any, rules: _PathRules) -> t.Any:
    """A tree in canonical form and one spelling, with secrets masked and without what is left out."""
    if isinstance(node, list) and any(isinstance(item, (dict, list)) for item in node):
        node = canonical(node, rules.path).value
    if isinstance(node, dict):
        menu: dict[str, t.Any] = {}
        for name, value in node.items():
            inner = rules.child(str(name))
            if not inner.is_left_out and name != "object-id":
                menu[inner.path[-1]] = _normalize_tree(value, inner)
        return menu
    return mask_secrets(node, rules.path)


def _comparable_value(value: t.Any, unordered: bool) -> t.Any:
    """A hashable value in a spelling that all releases share."""
    if isinstance(value, list):
        items = [_comparable_value(item, False) for item in value]
        return tuple(sorted(items, key=repr) if unordered else items)
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, default=str)
    if isinstance(value, str):
        text = canonical_value(value.strip()) or ""
        if text.lower() in _BOOLEAN_OF_SWITCH_WORD:
            return _BOOLEAN_OF_SWITCH_WORD[text.lower()]
        return int(text) if text.isdecimal() and str(int(text[:18])) == text else text
    return value


class _PeerComparison:
    """A comparison of all devices, path by path, that collects the differences and the skipped paths of each host."""

    def __init__(self, kinds: dict[str, str], rules: ConsensusRules) -> None:
        self.kinds = kinds
        self.rules = rules
        self.differences: dict[str, list[dict[str, t.Any]]] = collections.defaultdict(list)
        self.skipped: dict[str, list[dict[str, str]]] = collections.defaultdict(list)

    def walk(self, path: Path, nodes: NodesByHost) -> None:
        """Compare the nodes of the devices at a path."""
        if len(nodes) <= MIN_PEERS:
            self._skip(nodes, path, "fewer than two other devices have this")
            return
        values = list(nodes.values())
        if all(value == values[0] for value in values):
            self._skip_secrets(path, nodes, values[0])
        elif any(isinstance(value, dict) and value for value in values):
            self._compare_menus(path, nodes)
        else:
            self._compare_values(path, nodes)

    def build_drift(self, host: str, nodes: NodesByHost) -> dict[str, t.Any]:
        if host not in nodes:
            return build_not_checked("consensus", (), "the configuration was not read")
        if len(nodes) <= MIN_PEERS:
            reason = f"a majority needs {MIN_PEERS + 1} devices, and {len(nodes)} could be read"
            return build_not_checked("consensus", nodes[host], reason)
        skipped = self.skipped[host]
        unchecked = {e["path"]: e["reason"] for e in skipped if "/" not in e["path"]}
        comparison = Comparison("consensus", nodes[host], self.differences[host], skipped, unchecked)
        return build_drift(comparison, host, self.rules.policy)

    def _skip(self, hosts: t.Iterable[str], path: Path, reason: str) -> None:
        for host in hosts:
            self.skipped[host].append({"path": text_of(path), "reason": reason})

    def _skip_secrets(self, path: Path, hosts: t.Iterable[str], node: t.Any) -> None:
        if isinstance(node, dict):
            for name, inner in node.items():
                self._skip_secrets((*path, name), hosts, inner)
        elif node == MASK:
            self._skip(hosts, path, SECRET_REASON)

    # -- menus and tables

    def _compare_menus(self, path: Path, nodes: NodesByHost) -> None:
        menus = {h: n for h, n in nodes.items() if isinstance(n, dict)}
        for host, node in nodes.items():
            if node == []:  # an empty table and an empty list look the same
                menus[host] = {}
        self._skip(nodes.keys() - menus.keys(), path, "the other devices have a menu here")
        for name in dict.fromkeys(name for menu in menus.values() for name in menu):
            present = {host: menu[name] for host, menu in menus.items() if name in menu}
            if len(present) < len(menus):
                present = self._compare_presence((*path, name), list(menus), present)
            if present:
                self.walk((*path, name), present)

    def _compare_presence(self, path: Path, hosts: list[str], present: NodesByHost) -> NodesByHost:
        """Compare which hosts have something at a path. The nodes whose content is to be compared."""
        remaining = dict(present)
        members = collections.Counter(self.kinds[host] for host in hosts)
        owners = collections.Counter(self.kinds[host] for host in present)
        for host in hosts:
            kind = self.kinds[host]
            peers = members[kind] - 1
            has_it = host in present
            others_with_it = owners[kind] - has_it
            agree = peers - others_with_it if has_it else others_with_it
            if peers < MIN_PEERS or agree == 0:
                continue
            if agree / peers < self.rules.threshold or agree <= members[kind] - agree:
                if (peers - agree) / peers < self.rules.threshold:
                    self._skip([host], path, "the other devices do not agree whether this exists")
                continue
            counts = {"agree": agree, "of": peers}
            if has_it:
                del remaining[host]
                difference = make_difference(path, "remove", present[host], None, self.rules.policy.secrets)
            else:
                common = self._most_common([n for h, n in present.items() if self.kinds[h] == kind])
                difference = make_difference(path, "add", None, common, self.rules.policy.secrets)
            self.differences[host].append({**difference, "peers": counts})
        return remaining

    def _most_common(self, nodes: list[t.Any]) -> t.Any:
        """The content that most of the nodes share. Settings without a majority are left out."""
        if not any(isinstance(node, dict) and node for node in nodes):
            counted = collections.Counter(_comparable_value(node, False) for node in nodes)
            best = counted.most_common(1)[0][0]
            return next(node for node in nodes if _comparable_value(node, False) == best)
        menus = [node for node in nodes if isinstance(node, dict)]
        common = {}
        for name in dict.fromkeys(name for menu in menus for name in menu):
            inner = [menu[name] for menu in menus if name in menu]
            if len(inner) >= self.rules.threshold * len(menus):
                common[name] = self._most_common(inner)
        return common

    # -- settings

    def _compare_values(self, path: Path, nodes: NodesByHost) -> None:
        unordered = is_covered(path, self.rules.unordered)
        plain = {host: _comparable_value(value, unordered) for host, value in nodes.items()}
        votes_of_all = collections.Counter(plain.values())
        if len(votes_of_all) == 1:
            return
        by_kind: dict[str, collections.Counter[t.Any]] = collections.defaultdict(collections.Counter)
        for host, value in plain.items():
            by_kind[self.kinds[host]][value] += 1
        for host, own in plain.items():
            votes = by_kind[self.kinds[host]]
            if sum(votes.values()) <= MIN_PEERS:
                votes = votes_of_all
            others = votes.copy()
            others[own] -= 1
            peers = sum(others.values())
            best, agree = others.most_common(1)[0]
            if agree / peers < self.rules.threshold or (best != own and agree <= votes[own]):
                self._skip([host], path, "the other devices do not agree on a value")
            elif best != own:
                desired = next(nodes[other] for other, value in plain.items() if value == best)
                difference = make_difference(path, "replace", nodes[host], desired, self.rules.policy.secrets)
                self.differences[host].append({**difference, "peers": {"agree": agree, "of": peers}})


def compare_results(
    results: t.Mapping[str, t.Any], groups: t.Mapping[str, t.Any], rules: ConsensusRules
) -> dict[str, dict[str, t.Any]]:
    """The drift of each host, from the results of lantime_config_info. Devices are compared within their group."""
    trees: dict[str, dict[str, t.Any]] = collections.defaultdict(dict)
    kinds: dict[str, t.Any] = {}
    for host, result in results.items():
        plain = result if isinstance(result, dict) else {}
        has_failed = plain.get("failed") or plain.get("unreachable")
        trees[str(groups.get(host) or "")][host] = None if has_failed else plain.get("value")
        device = plain.get("device") or {}
        kinds[host] = [device.get("model"), device.get("api_generation")]
    drifts: dict[str, dict[str, t.Any]] = {}
    for members in trees.values():
        drifts.update(compare_with_peers(members, kinds, rules))
    return {host: drifts[host] for host in results}
