# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of module families are complete, and nothing is CONFIRMED without a public source."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.catalogue import family_of
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import CONFIRMED, FAMILIES
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.module_info import describe_modules
from ansible_collections.meinberg.lantime.plugins.module_utils._health.leaf_rules import RULES_BY_CHECK
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import HEALTH_CHECKS
from ansible_collections.meinberg.lantime.tests.paths import PAGES, RECORDINGS, read_json
from ansible_collections.meinberg.lantime.tests.simulator.families import catalogue as settings
from ansible_collections.meinberg.lantime.tests.simulator.families.rows import Row
from ansible_collections.meinberg.lantime.tests.simulator.families.syncmon import SYNCMON
from ansible_collections.meinberg.lantime.tools import family_data, family_pages, modules_page

Tree = dict[str, t.Any]

DATA = family_data.load()
CONFIRMED_BY: Tree = DATA["confirmed"]
RECORDING = next((path for path in RECORDINGS if path.name == "m600-7.10.008.json"), None)


def all_rows() -> list[Row]:
    """The settings of every model, with and without references, in both forms of PTP cards."""
    fitted = [
        settings.Fitted(model, has_references=references, is_flat=flat, is_only_clock=references)
        for model in settings.FAMILY_OF_MODEL
        for references in (False, True)
        for flat in (False, True)
    ]
    return [*SYNCMON, *dict.fromkeys(row for module in fitted for row in settings.settings_of(module)[0])]


def test_every_setting_has_a_certainty_with_a_source_if_it_is_confirmed() -> None:
    rows = all_rows()
    assert len(rows) > 200
    words = {family_data.certainty(row.mark).partition(" ")[0] for row in rows}
    assert words >= {"CONFIRMED", "ASSUMED"}


@pytest.mark.parametrize("mark", ["", "C", "C:", "CONFIRMED", "C:NOBODY", "C:SDK C:GNS", "C:SDK, A", "MAN", "a"])
def test_a_mark_without_a_known_source_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="name of a source"):
        family_data.certainty(mark)


def test_every_behavior_of_the_pages_has_a_certainty() -> None:
    behavior = [entry for family in DATA["families"].values() for entry in family["behavior"]]
    behavior += [entry for entries in DATA["shared"].values() for entry in entries]
    behavior += [entry for topic in DATA["topics"].values() for entry in topic["behavior"]]
    assert len(behavior) > 80
    for text, mark in behavior:
        assert family_data.certainty(mark), text


def test_every_source_is_used() -> None:
    text = family_data.SOURCE.read_text(encoding="utf-8")
    used = set(re.findall(r"C:([A-Z]+)", "\n".join([text, *(row.mark for row in all_rows())])))
    used |= set(re.findall(r": ([A-Z]+)\b", yaml.safe_dump(CONFIRMED_BY)))
    assert used - {"SOURCE"} == set(DATA["sources"])


def test_confirmed_words_of_the_catalogue_have_a_source() -> None:
    tokens = {token for family in FAMILIES for token in family.confirmed}
    assert tokens == set(CONFIRMED_BY["tokens"])
    views = {
        family.name: {key for key, mark in family.views if mark == CONFIRMED}
        for family in FAMILIES
        if CONFIRMED in dict(family.views).values()
    }
    assert views == {name: set(keys) for name, keys in CONFIRMED_BY["views"].items()}
    children = {
        key.strip("`") for key, dummy, existence, members in modules_page.DEVICE if CONFIRMED in (existence, members)
    }
    assert children == set(CONFIRMED_BY["children"])
    sources = [
        *CONFIRMED_BY["children"].values(),
        *CONFIRMED_BY["tokens"].values(),
        *(s for keys in CONFIRMED_BY["views"].values() for s in keys.values()),
    ]
    assert set(sources) <= set(DATA["sources"])


def test_confirmed_checks_and_rules_have_a_source() -> None:
    checks = {check.name for check in HEALTH_CHECKS if check.confidence == CONFIRMED}
    assert checks == set(CONFIRMED_BY["checks"])
    assert set(CONFIRMED_BY["checks"].values()) <= set(DATA["sources"])
    rules: dict[str, set[str]] = {}
    for rule in (rule for own in RULES_BY_CHECK.values() for rule in own):
        families = rule.families if rule.certainty == CONFIRMED else rule.confirmed
        if families or rule.certainty == CONFIRMED:
            rules.setdefault(rule.leaf.split()[0], set()).update(families or ("all",))
    assert rules == {leaf: set(families) for leaf, families in CONFIRMED_BY["rules"].items()}


def recorded() -> Tree:
    if RECORDING is None:
        pytest.skip("no recording")
    return t.cast("Tree", read_json(RECORDING))


def test_the_recording_has_what_it_confirms_of_its_modules() -> None:
    modules = [entry for entry in describe_modules(recorded()) if entry["populated"]]
    models = {entry["model"] for entry in modules}
    assert {"grc180", "psu", "c05f1-v33"} <= models
    for entry in modules:
        for key, source in CONFIRMED_BY["views"].get(family_of(entry["model"]), {}).items():
            assert source != "REC" or entry[key], f"{entry['model']}: {key}"


def values_at(tree: object, path: str) -> list[object]:
    """The values at a dotted path of a check's source: `[]` is an item of a list, `[x]` that with this object-id."""
    found = [tree]
    for name, item in re.findall(r"([a-z0-9*-]+)(?:\[([a-z]*)\])?", path):
        found = [
            value
            for parent in found
            if isinstance(parent, dict)
            for value in (list(parent.values()) if name == "*" else [parent[name]] if name in parent else [])
        ]
        if f"{name}[" in path:
            items = [each for value in found if isinstance(value, list) for each in value]
            found = [each for each in items if not item or each.get("object-id") == item]
    return found


def test_the_recording_has_the_members_that_confirmed_rules_read() -> None:
    (clock,) = (entry for entry in describe_modules(recorded()) if entry["family"] == "GRC")
    leaves = [leaf for leaf, families in CONFIRMED_BY["rules"].items() if families.get("GRC") == "REC"]
    assert leaves
    for leaf in leaves:
        assert values_at(clock["status"], leaf.replace("<receiver>", "grc")), leaf


def test_the_recording_has_the_members_and_events_that_confirmed_checks_read() -> None:
    envelope = recorded()
    status = envelope["data"].get("status", envelope["data"])
    events = {event["object-id"] for event in status["notification"]["events"]}
    for check in HEALTH_CHECKS:
        if CONFIRMED_BY["checks"].get(check.name) != "REC":
            continue
        for path in re.findall(r"\b(?:system|ntp|services|network|chassis0|rest-api)[.\[][^ ,]+", check.source):
            if path.startswith("system-information"):
                continue
            assert values_at(status, path), f"{check.name}: {path}"
        for event in re.findall(r"events? ([a-z0-9-]+)(?: and ([a-z0-9-]+))?", check.source):
            assert {name for name in event if name} <= events, f"{check.name}: {event}"


def test_the_pages_cover_every_family_with_settings_and_show_their_examples() -> None:
    pages = {family.name for family in family_data.described()}
    assert set(settings.FAMILIES) == pages
    assert len(pages) == 24
    for example in family_data.examples():
        page = (PAGES / f"{example.page}.rst").read_text(encoding="utf-8")
        assert page == family_pages.PAGES[f"{example.page}.rst"]()
        indented = "".join(f"    {line}\n" for line in example.text.splitlines())
        assert f".. code-block:: yaml\n\n{indented}" in page


def test_every_page_is_in_the_table_of_contents() -> None:
    contents = yaml.safe_load((PAGES.parent / "extra-docs.yml").read_text(encoding="utf-8"))
    listed = [name for section in contents["sections"] for name in section["toctree"]]
    assert sorted(listed) == sorted(path.stem for path in PAGES.glob("*.rst"))


def test_units_are_those_of_settings() -> None:
    paths = [row.path for row in all_rows()]
    for end in DATA["units"]:
        assert any(f"/{path}".endswith(f"/{end}") for path in paths), end
    assert family_data.unit_of("outputs/*/phase") == "µs"
    assert family_data.unit_of("synthesizer/phase") == "degree"
    assert family_data.unit_of("mode") == ""
