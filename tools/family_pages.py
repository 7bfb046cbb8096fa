# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages docs/docsite/rst/module_*.rst, ptp_instances.rst and syncmon_nodes.rst.

Their tables come from the families, the settings and the health checks of the code, their prose from family_pages.yml.
"""

from __future__ import annotations

import functools
import re
import textwrap
import typing as t
from collections.abc import Callable, Collection, Iterable

import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import (
    ASSUMED,
    CONFIRMED,
    VIEWS,
    Family,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._health.check import ASSUMPTION, Check
from ansible_collections.meinberg.lantime.plugins.module_utils._health.leaf_rules import RULES_BY_CHECK, LeafRule
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import BY_NAME
from ansible_collections.meinberg.lantime.plugins.module_utils._health.setting_rules import CONTRADICTIONS
from ansible_collections.meinberg.lantime.plugins.modules import lantime_module_info
from ansible_collections.meinberg.lantime.tests.simulator.families.catalogue import (
    FAMILY_OF_MODEL,
    Fitted,
    settings_of,
)
from ansible_collections.meinberg.lantime.tests.simulator.families.ptp import PROFILE_FIXES
from ansible_collections.meinberg.lantime.tests.simulator.families.rows import Row
from ansible_collections.meinberg.lantime.tests.simulator.families.syncmon import SYNCMON
from ansible_collections.meinberg.lantime.tests.simulator.tokens import ENUMS
from ansible_collections.meinberg.lantime.tools import modules_page, rst
from ansible_collections.meinberg.lantime.tools.family_data import certainty, described, load, page_name, unit_of

NOTHING = "-"
_WIDTH = 140
_GNSS = ("GPS", "GRC", "GNS", "GNS-UC", "GNM", "GXL")
_CLOCKS = (*_GNSS, "PZF", "TCR")
_PTP_CARDS = ("HPS", "PSX")
# The model with the most settings, where models of a family differ.
_RICHEST = {"BPE": "bpe8nnn"}
_TITLES = {"modules": "Module families", "health": "Health checks"}
_REPORTED = "Keys of `meinberg.lantime.lantime_module_info`. A member that the device does not report is null."
_IDENTITY = "Modules are recognized by `info.model`: {} (identity {})."
_ASSUMED_NAMES = (
    "Every path and every name of a setting is ASSUMED, as is every default; *certainty* is about the function, its range and its choices.",
    "Names in parentheses are public sources, see",
)
_NO_SETTINGS = "The module has no settings. Its slot has a `name`, a text of up to 32 characters (ASSUMED)."
_CHECKED = (
    "Checks of `meinberg.lantime.lantime_health`. The page on health checks has the thresholds and their defaults by profile. A finding whose",
    "member is ASSUMED is a warning at most, unless the threshold `assumed_severity` is `full`.",
    "",
)
_FIXED = (
    "A profile other than `custom` fixes members (INFERRED from the standards). When `profile` changes, the device is expected to set a",
    "member with another value to an allowed one.",
    "",
)
_KINDS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"int (\S+)\.\.(\S+) step (\S+)", lambda match: f"integer, {match[1]} to {match[2]} in steps of {match[3]}"),
    (r"int (\S+)\.\.(\S+)", lambda match: f"integer, {match[1]} to {match[2]}"),
    (r"float (\S+)\.\.(\S+)", lambda match: f"number, {match[1]} to {match[2]}"),
    (r"text 0\.\.(\S+)", lambda match: f"text, up to {match[1]} characters"),
    (r"one-of (\S+)", lambda match: f"one of {match[1].replace(',', ', ')}"),
    (r"tokens (\S+)", lambda match: ", ".join(f"`{token}`" for token in match[1].split(","))),
    (r"enum (\S+)", lambda match: f"one of *{match[1]}*"),
    (r"set (\S+)", lambda match: f"set of *{match[1]}*"),
    (r"set-of (\S+)", lambda match: f"set of names in `{match[1]}`"),
    (r"ref (\S+)", lambda match: f"name in `{match[1]}`"),
    (r"switch", lambda dummy: "boolean"),
    (r"time", lambda dummy: "time"),
)


def settings_rows(family: str) -> list[Row]:
    """The settings of a family of modules; those of its references have a page of their own."""
    models = [model for model, own in FAMILY_OF_MODEL.items() if own == family]
    table, dummy = settings_of(Fitted(_RICHEST.get(family, models[0])))
    return list({row.path: row for row in table}.values())


def topic_rows(place: str) -> list[Row]:
    """The settings of a page that is not about one family, by their place."""
    if place == "syncmon":
        return list(SYNCMON)
    module = Fitted("hps100") if place.startswith("ptp") else Fitted("gps182", has_references=True)
    table, dummy = settings_of(module)
    return [row for row in {row.path: row for row in table}.values() if row.path.startswith(f"{place}/")]


def kind_of(row: Row) -> str:
    """The type and the range of a setting in words."""
    for pattern, words in _KINDS:
        match = re.fullmatch(pattern, row.kind)
        if match:
            return words(match)
    raise ValueError(f"{row.path}: no words for the type {row.kind!r}")


def _settings(rows: list[Row]) -> list[str]:
    if not rows:
        return [rst.inline(_NO_SETTINGS), ""]
    lists = dict.fromkeys(match[1] for row in rows for match in [re.match(r"(?:enum|set) (\S+)", row.kind)] if match)
    values = [(f"*{name}*", ", ".join(f"`{token}`" for token in ENUMS[name])) for name in lists]
    return [
        *_ASSUMED_NAMES,
        f"{_link('modules')}.",
        "",
        *rst.table(("setting", "type", "default", "certainty"), map(_setting, rows)),
        *(rst.table(("list", "values"), values) if values else ()),
    ]


def _setting(row: Row) -> tuple[str, ...]:
    default = {"*": "all", "-": "empty"}.get(row.default, f"`{row.default}`")
    unit = unit_of(row.path)
    kind = kind_of(row) + (f" ({unit})" if unit else "") + ("; read-only" if row.access == "ro" else "")
    return (f"`{row.path}`", kind, default, certainty(row.mark))


@functools.lru_cache(maxsize=1)
def _returned() -> dict[str, t.Any]:
    documented = yaml.safe_load(lantime_module_info.RETURN)
    return {**documented["modules"]["contains"], **documented}


def members_of(key: str) -> list[str]:
    """The typed members of a key of `lantime_module_info`, as its documentation lists them."""
    return [name for name in _returned()[key].get("contains", {}) if name != "details"]


def _reported(views: Iterable[tuple[str, str]]) -> list[str]:
    contents = dict(VIEWS)
    rows = []
    for key, mark in views:
        members = ", ".join(f"`{name}`" for name in members_of(key)) or NOTHING
        rows.append((f"`{key}`", contents.get(key, "nodes that SyncMon monitors"), members, mark))
    return [rst.inline(_REPORTED), "", *rst.table(("key", "content", "members", "certainty"), rows)]


def _checked(checks: Iterable[tuple[str, str]], family: str | None, menus: Collection[str]) -> list[str]:
    """The checks of a page. menus: the names at the top of its settings."""
    rows: list[tuple[str, ...]] = []
    for name, mark in checks:
        check = BY_NAME[name]
        rules = [rule for rule in RULES_BY_CHECK.get(name, ()) if not rule.families or family in (*rule.families, None)]
        rows += [(f"`{name}`", *_rule(rule, family)) for rule in rules] or [(f"`{name}`", *_whole(check, mark, menus))]
    return [
        *map(rst.inline, _CHECKED),
        *rst.table(("check", "member", "values or thresholds", "severity", "certainty", "finding"), rows),
    ]


def _rule(rule: LeafRule, family: str | None) -> tuple[str, ...]:
    levels = ", ".join(level for dummy, level in rule.limits) or rule.level
    mark = CONFIRMED if family in rule.confirmed else _word(rule.certainty)
    return (f"`{rule.leaf.split()[0]}`", _trouble(rule), levels, mark, rule.message)


def _trouble(rule: LeafRule) -> str:
    """The values of a member that are a finding."""
    if rule.limits:
        side = "below" if rule.is_lower else "above"
        return ", ".join(f"{side} `{name}`" for name, dummy in rule.limits)
    listed = ", ".join(f"`{str(value).lower()}`" for value in rule.bad or rule.good)
    return listed if rule.bad else f"not {listed}"


def _whole(check: Check, mark: str, menus: Collection[str]) -> tuple[str, ...]:
    source = check.source
    if check.name == "module_settings":
        compared = (names for names, *dummy in CONTRADICTIONS if names.partition(".")[0] in menus)
        source = f"settings {', '.join(compared)}"
    limits = ", ".join(f"`{name}`" for name in check.limits)
    return (source, limits, ", ".join(check.levels), mark, f"unless {check.summary}")


def _word(mark: str) -> str:
    return ASSUMED if mark == ASSUMPTION else mark


def _behavior(entries: Iterable[tuple[str, str]]) -> list[str]:
    rows = [(" ".join(text.split()), certainty(mark)) for text, mark in entries]
    return [*rst.heading("Behavior of the settings"), *rst.table(("behavior", "certainty"), rows)] if rows else []


def _shared_behavior(family: str) -> list[tuple[str, str]]:
    shared = load()["shared"]
    kinds = {"clock": _CLOCKS, "gnss": _GNSS, "ptp": _PTP_CARDS}
    return [entry for kind, families in kinds.items() if family in families for entry in shared[kind]]


def _assumed(family: Family, rows: Iterable[Row]) -> list[str]:
    """What of the page is assumed."""
    points = {
        "the function of these settings": [f"`{row.path}`" for row in rows if row.mark == "A"],
        "the members of these keys": [f"`{key}`" for key, mark in family.views if mark == ASSUMED],
        "the members that these checks read": [name for name, mark in modules_page.checks(family) if mark == ASSUMED],
    }
    lines = ["- paths, names, tokens and defaults of all settings"]
    for text, names in points.items():
        if names:
            lines += _wrapped(f"- {text}: {', '.join(names)}", "  ")
    return [*lines, ""]


def _profiles() -> list[str]:
    """What the profiles of PTP fix."""
    rows = [
        (f"`{profile}`", "; ".join(f"`{member}`: {_allowed(values)}" for member, values in fixed.items()) or NOTHING)
        for profile, fixed in PROFILE_FIXES.items()
    ]
    return [*rst.heading("Profiles"), *map(rst.inline, _FIXED), *rst.table(("profile", "allowed values"), rows)]


def _allowed(values: Collection[object]) -> str:
    numbers = sorted(value for value in values if isinstance(value, int))
    if len(numbers) > 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(f"`{value}`" for value in values)


def _related(family: str) -> list[str]:
    pages = ["modules", "health"]
    pages += ["module_references"] if family in _CLOCKS else []
    pages += ["ptp_instances"] if family in _PTP_CARDS else []
    return ["See also: " + ", ".join(map(_link, pages)) + ".", ""]


def _link(page: str) -> str:
    return rst.link(page, _TITLES.get(page) or load()["topics"][page]["title"])


def _wrapped(text: str, indent: str = "") -> list[str]:
    words = " ".join(text.split())
    return textwrap.wrap(rst.inline(words), _WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def _example(intent: str, task: str) -> list[str]:
    code = textwrap.indent(task.rstrip("\n"), "    ").splitlines()
    return [*_wrapped(intent), "", ".. code-block:: yaml", "", *code, ""]


def family_page(family: Family) -> str:
    """The page of one family."""
    own = load()["families"][family.name]
    rows = settings_rows(family.name)
    tokens = ", ".join(f"`{token}`" for token in family.tokens)
    menus = {row.path.partition("/")[0] for row in rows} | ({"mrs"} if family.name in _CLOCKS else set())
    lines = [
        *_wrapped(f"{family.function} {_IDENTITY.format(tokens, modules_page.identity(family))}"),
        "",
        *_related(family.name),
        *rst.heading("Reported"),
        *_reported(family.views),
        *rst.heading("Configured"),
        *_settings(rows),
        *_behavior([*own["behavior"], *_shared_behavior(family.name)]),
        *rst.heading("Checked"),
        *_checked([(name.strip("`"), mark) for name, mark in modules_page.checks(family)], family.name, menus),
        *rst.heading("Assumed"),
        *_assumed(family, rows),
        *rst.heading("Example"),
        *_example(own["intent"], own["example"]),
    ]
    return rst.page(page_name(family.name), f"{family.name} modules", lines)


def topic_page(name: str) -> str:
    """A page that is not about one family."""
    topic = load()["topics"][name]
    menus = {topic["settings"].partition("/")[0]}
    shared = load()["shared"]["ptp"] if name == "ptp_instances" else []
    lines = [
        *_wrapped(topic["introduction"]),
        "",
        *rst.heading("Reported"),
        *_reported((key, ASSUMED) for key in topic["keys"]),
        *rst.heading("Configured"),
        *_settings(topic_rows(topic["settings"])),
        *_behavior([*topic["behavior"], *shared]),
        *(_profiles() if name == "ptp_instances" else ()),
        *rst.heading("Checked"),
        *_checked([(name, _word(BY_NAME[name].confidence)) for name in topic["checks"]], None, menus),
        *rst.heading("Examples"),
    ]
    for example in topic["examples"]:
        lines += _example(example["text"], example["task"])
    return rst.page(name, topic["title"], lines)


PAGES: dict[str, Callable[[], str]] = {
    **{f"{page_name(family.name)}.rst": functools.partial(family_page, family) for family in described()},
    **{f"{name}.rst": functools.partial(topic_page, name) for name in load()["topics"]},
}
