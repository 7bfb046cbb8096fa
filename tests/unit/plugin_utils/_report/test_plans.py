# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for the review of plans: what is grouped, what is named, and that nothing in a plan is markup."""

from __future__ import annotations

import json
import re
import tempfile
import typing as t
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.document import PlannedSave
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import job as lantime_report
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import plans
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.comment import MAX_COMMENT_BYTES
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.plan_html import render_plans_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.plan_markdown import render_plans_markdown
from ansible_collections.meinberg.lantime.tests.paths import REVIEW_SCHEMA, read_json
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import plan_records as made
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_hostile import (
    ELEMENTS,
    MARKUP,
    SPANS,
    TEXT,
    VALUE,
)
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_html import Page

EXPECTED = ["ts1", "ts2", "ts3", "ts4", "ts5", "ts6"]
HOSTILE = "<img src=x onerror=alert(1)>|`x`\n```\n# h\n[a](javascript:1) @everyone {{ 7*7 }}\x1b[31m\u202e"


@pytest.fixture
def review(tmp_path: Path) -> plans.Review:
    made.write(tmp_path, {})
    (tmp_path / "ts7.plan.json").write_text("{", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    (tmp_path / ".gitkeep").write_text("", encoding="utf-8")
    return made.review(tmp_path, made.fleet(), expected=[*EXPECTED, "ts7"])


SCHEMA = jsonschema.Draft202012Validator(read_json(REVIEW_SCHEMA))


def errors_of(text: str) -> list[str]:
    """What the schema does not allow in the JSON of a review."""
    assert text.isascii()
    return [error.message for error in SCHEMA.iter_errors(json.loads(text))]


def test_the_json_has_what_the_pages_are_made_of(review: plans.Review) -> None:
    text = plans.serialize_review(review)
    assert errors_of(text) == []
    content = json.loads(text)
    assert content["summary"] == plans.count_plans(review)
    assert content["is_complete"] is False
    hosts = {entry["host"]: entry for entry in content["hosts"]}
    assert hosts["ts7"]["reason"].startswith("it is not JSON")
    assert hosts["ts6"]["device"] is hosts["ts6"]["save"] is None
    (path,) = (each["path"] for each in hosts["ts3"]["operations"] if each["is_secret"])
    assert path == "snmp/v3-users/ops"
    assert hosts["ts3"]["save"] == {"packages": ["ntp", "snmp", "chassis0"], "pending_changes": 0}
    assert hosts["ts5"]["not_applicable"] == [{"path": "ntp/x", "reason": "the device does not have it"}]
    later = {**review, "hosts": [{**entry, "age_seconds": 1.0} for entry in review["hosts"]]}
    assert plans.serialize_review(later) == text


def test_what_is_the_same_on_several_devices_is_one_entry(review: plans.Review) -> None:
    groups = plans.fold_plans(review)
    assert [(g.item.is_timing, g.hosts, [o["path"] for o in g.item.operations]) for g in groups] == [
        (True, ["ts3"], ["chassis0/slots/io1/outputs/1"]),
        (False, ["ts1", "ts2", "ts3"], ["ntp/local-clock", "snmp"]),
        (False, ["ts3"], ["snmp/v3-users/ops"]),
    ]


def test_operations_that_differ_in_what_is_cut_off_are_not_the_same(tmp_path: Path) -> None:
    documents = {
        f"ts{n}": made.plan(str(n), made.operation("snmp", {}, {"contact": "x" * 9000 + str(n)})) for n in (1, 2)
    }
    assert len(plans.fold_plans(made.review(tmp_path, documents))) == 2


def test_the_states_and_the_numbers(review: plans.Review) -> None:
    states = {entry["host"]: entry["state"] for entry in review["hosts"]}
    changes = dict.fromkeys(["ts1", "ts2", "ts3"], "changes")
    assert states == {**changes, "ts4": "empty", "ts5": "empty", "ts6": "missing", "ts7": "broken"}
    assert plans.count_plans(review) == {
        "hosts": 7,
        "changed": 3,
        "empty": 2,
        "broken": 1,
        "missing": 1,
        "timing": 1,
    }
    assert not plans.is_complete(review)


def test_the_comment_says_what_matters_first(review: plans.Review) -> None:
    text = render_plans_markdown(review)
    assert text.startswith(f"<!-- meinberg.lantime.plans {made.GENERATED} -->\n## `Plans`\n")
    places = [
        text.index(part)
        for part in (
            "🟥 **1 plan cannot be used; what would change on the device is not known.** `ts7`",
            "🟥 **1 device has no plan.** `ts6`",
            "🟧 **1 file is not a plan and is not part of this page.** `notes.txt`",
            "🟧 **A change may affect the time that 1 device provides.** `ts3`",
            "🟧 **3 devices would be changed by 8 operations.** `ts1, ts2, ts3`",
            "🟧 **1 secret would be written; the plans do not hold the values.** `snmp/v3-users/ops/password`",
            "🟩 **2 devices need no change.** `ts4, ts5`",
            "### Plans that cannot be used",
            "| `ts7` | `it is not JSON",
            "### ⏱ Changes that may affect the time",
            "@@ chassis0/slots/io1/outputs/1 (set, impact on timing) @@\n- enabled: false\n+ enabled: true",
            "### Changes",
            "#### `3 devices: ts1, ts2, ts3`",
            "### Secrets that would be written",
            "### Settings that do not apply",
            "| `ts1` | 🟧 would change | 2 | `ntp, snmp` | `LANTIME M600` | `1001` | `7.10.007` | 2026-06-01 09:55:00 UTC | 2 h 5 min |",
        )
    ]
    assert places == sorted(places)
    assert text.count("stratum: 12") == 1
    assert ".gitkeep" not in text


def test_the_page_has_the_same(review: plans.Review) -> None:
    page = Page(render_plans_html(review))
    text = " ".join(page.text.split())
    for part in ("1 device has no plan.", "it is not JSON", "impact on timing", "2 h 5 min", "golden.yml", "1005"):
        assert part in text, part
    assert text.index("Changes that may affect the time") < text.index(" before, + after")
    assert not [name for name, dummy in page.tags if name in ("script", "img")]
    ids = [attributes["id"] for dummy, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert {str(a["href"])[1:] for a in page.all("a") + page.all("use")} <= set(ids)


def test_a_rule_for_modules_that_applies_to_none_is_named(tmp_path: Path) -> None:
    rule = {"rule": 2, "conditions": "families GNS", "reason": "the device has no such module"}
    page = render_plans_markdown(made.review(tmp_path, {"ts1": made.plan("1", not_applicable=(rule,))}))
    assert "| `rule 2 (families GNS)` | `the device has no such module` | `ts1` |" in page


def test_what_a_page_leaves_out_of_a_large_plan_is_said_at_its_top(tmp_path: Path) -> None:
    """Also that it may affect the time."""
    many = [made.operation(f"ntp/{number}", {"a": 1}, {"a": 2}) for number in range(500)]
    secrets = tuple(f"snmp/v3-users/{number}/password" for number in range(203))
    plans_of_fleet = {"ts1": made.plan("1", *many, made.PPS, secrets=secrets), "ts2": made.plan("2", *many)}
    review = made.review(tmp_path, plans_of_fleet)
    for page in (render_plans_markdown(review), render_plans_html(review)):
        assert "1 operation and 3 listed settings of large plans are not on this page" in page
        assert "A change may affect the time that 1 device provides." in page


def test_a_change_that_an_earlier_task_left_is_named(tmp_path: Path) -> None:
    review = made.review(tmp_path, {"ts1": made.plan("1", unfinished="applied_unsaved"), "ts2": made.plan("2")})
    for page in (render_plans_markdown(review), render_plans_html(review)):
        assert "1 device has a change of an earlier task that is not finished or not saved" in page


def test_what_is_saved_beside_the_changes_is_named(tmp_path: Path) -> None:
    documents = {
        "ts1": made.plan("1", made.CONTACT, save=PlannedSave(("snmp",), 2)),
        "ts2": made.plan("2", save=PlannedSave(("all",), None)),
        "ts3": made.plan("3", made.CONTACT, save=PlannedSave((), 2)),
        "ts4": made.plan("4", save=PlannedSave((), 2)),
    }
    review = made.review(tmp_path, documents, expected=["ts5"])
    markdown, html = render_plans_markdown(review), render_plans_html(review)
    for mark, sentence, host in (
        ("🟥", "1 device has unsaved changes, which may be saved with those of the plan.", "ts1"),
        ("🟧", "1 device does not report whether there are unsaved changes", "ts2"),
        ("🟧", "2 devices have unsaved changes, which no plan saves; a restart reverts them.", "ts3, ts4"),
        ("🟧", "The changes on 1 device would not be saved, so a restart reverts them.", "ts3"),
    ):
        (line,) = [line for line in markdown.splitlines() if sentence in line]
        assert line.startswith(mark)
        assert line.endswith(f" `{host}`")
        assert sentence in " ".join(Page(html).text.split())
    for text in ("snmp and 2 unsaved changes", "all and an unknown number of unsaved changes", "nothing"):
        assert f"| `{text}` |" in markdown
        assert text in html


def test_two_plans_of_one_device_and_a_plan_of_no_host(tmp_path: Path) -> None:
    documents = {name: made.plan("1001") for name in ("ts1", "ts2")}
    review = made.review(tmp_path, documents, expected=["ts1"])
    text = render_plans_markdown(review)
    assert "🟥 **Several plans have the same serial number, so they are of one device.** `1001, ts1, ts2`" in text
    assert "🟥 **1 plan belongs to no device of this run.** `ts2`" in text
    assert not plans.is_complete(review)


def test_a_plan_from_the_future_and_one_of_another_host(tmp_path: Path) -> None:
    documents = {
        "ts1": made.plan("1", made_at="2026-06-01T13:00:00Z"),
        "ts2": made.plan("2", inventory_hostname="ts3"),
    }
    text = render_plans_markdown(made.review(tmp_path, documents))
    assert "in the future by 1 h 0 min" in text
    assert "| `ts2` | `it is the plan of ts3` |" in text


def test_an_empty_directory_is_no_review(tmp_path: Path) -> None:
    review = made.review(tmp_path, {})
    assert "🟥 **There is no plan in the directory.**" in render_plans_markdown(review)
    Page(render_plans_html(review))
    assert not plans.is_complete(review)


def test_nothing_in_a_plan_is_markup(tmp_path: Path) -> None:
    change = made.operation(f"snmp/{HOSTILE}", {HOSTILE: HOSTILE}, {HOSTILE: [HOSTILE, {HOSTILE: 1}]}, HOSTILE)
    texts = {"secrets": (HOSTILE,), "secrets_kept": (HOSTILE,), "golden_files": (HOSTILE,), "made_at": HOSTILE}
    document = made.plan(HOSTILE, change, **texts, not_applicable=({"path": HOSTILE, "reason": HOSTILE},))
    names = ("model", "serial_number", "firmware", "hostname")
    document = document._replace(device={**document.device, **dict.fromkeys(names, HOSTILE)})
    (tmp_path / "<b>`.plan.json").write_text("", encoding="utf-8")
    (tmp_path / "<i>@all").write_text("", encoding="utf-8")
    review = made.review(tmp_path, {"ts1": document}, title=HOSTILE, expected=[HOSTILE])
    markdown = render_plans_markdown(review)
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    assert "<img" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert 'javascript:1"' not in html
    assert "49" not in html
    page = Page(render_plans_html(review))
    assert not [name for name, dummy in page.tags if name in ("script", "img", "i")]
    for text in (markdown, render_plans_html(review)):
        assert all(c.isprintable() or c == "\n" for c in text)


def test_a_name_forges_no_line_of_a_difference(tmp_path: Path) -> None:
    change = made.operation("snmp", {"a\n+ forged": 1, "b\r+ forged": 1}, {"c\u2028+ forged": "x\n+ forged"})
    review = made.review(tmp_path, {"ts1": made.plan("1", change)})
    for page in (render_plans_markdown(review), render_plans_html(review)):
        lines = [re.sub("<[^>]*>", "", line) for line in re.split("[\n\r\u2028]", page)]
        assert sum("forged" in line for line in lines) > 0
        assert not [line for line in lines if line.startswith("+ forged")]


def is_json(value: object) -> bool:
    return not re.search("NaN|Infinity", json.dumps(value))


OPERATION = st.builds(
    lambda path, before, after, impact: made.operation(f"snmp/{path}", before, after, impact),
    TEXT,
    st.one_of(st.none(), st.dictionaries(TEXT, VALUE.filter(is_json), max_size=2)),
    st.dictionaries(TEXT, VALUE.filter(is_json), max_size=2),
    st.one_of(st.none(), st.just("timing"), TEXT),
)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(operations=st.lists(OPERATION, max_size=3), listed=TEXTS, text=TEXT)
def test_any_plan_gives_pages_that_keep_their_form(
    operations: list[dict[str, t.Any]], listed: tuple[str, ...], text: str
) -> None:
    members = {"secrets": listed, "secrets_kept": listed, "golden_files": listed, "made_at": text}
    reasons = tuple({"path": each, "reason": text} for each in listed)
    documents = {
        "ts1": made.plan(text, *operations, **members, not_applicable=reasons),
        "ts2": made.plan("2", *operations),
    }
    with tempfile.TemporaryDirectory() as directory:
        review = made.review(Path(directory), documents, title=text, expected=[text, "ts1"])
    assert plans.count_plans(review)["changed"] == (2 if operations else 0)
    assert errors_of(plans.serialize_review(review)) == []
    markdown, html = render_plans_markdown(review), render_plans_html(review)
    assert len(markdown.encode("utf-8")) < MAX_COMMENT_BYTES
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    blocks = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(MARKUP.replace("report", "plans"), block) for block in blocks)
    spans = [span for token in tokens for span in token.children or ()]
    assert {span.type for span in spans} <= SPANS
    assert not re.search(r"[@<>\[\]]|://", "".join(s.content for s in spans if s.type == "text"))
    page = Page(html)
    assert {name for name, dummy in page.tags} <= ELEMENTS
    for dummy, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert (attributes.get("href") or "#").startswith(("#", "data:image/svg+xml,"))
    assert all(c.isprintable() or c == "\n" for c in html)


def test_a_large_fleet_stays_within_the_limits(tmp_path: Path) -> None:
    review = made.review(tmp_path, made.many(400))
    comment = render_plans_markdown(review)
    assert len(comment.encode("utf-8")) < MAX_COMMENT_BYTES
    assert "**Left out because of the size limit of comments:**" in comment
    assert "The plan files are complete." in comment
    assert len(render_plans_html(review).encode("utf-8")) < 1_000_000


def run(tmp_path: Path, check: bool = False, **params: t.Any) -> dict[str, t.Any]:
    defaults = {name: entry.get("default") for name, entry in lantime_report.SPEC.options.items()}
    given = {**defaults, "dest": str(tmp_path / "out"), "generated": made.GENERATED, **params}
    warnings: list[str] = []
    result = run_job(lantime_report.run, JobContext(given, check, True, warnings.append))
    return {**result, "warnings": warnings}


def test_the_result_and_the_files(tmp_path: Path) -> None:
    directory = made.write(tmp_path / "plans", made.fleet())
    predicted = run(tmp_path, check=True, plans=str(directory), expected=EXPECTED)
    assert not (tmp_path / "out").exists()
    done = run(tmp_path, plans=str(directory), expected=EXPECTED)
    assert predicted == done
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.json", "report.md"]
    assert done["written"] == ["json", "markdown", "html"]
    assert errors_of((tmp_path / "out" / "report.json").read_text("utf-8")) == []
    assert done["plans"]["changed"] == 3
    assert done["exit_code"] == 2
    assert done["states"]["ts6"] == "missing"
    assert done["changed"] is False
    assert done["warnings"] == ["1 device has no plan. ts6"]
    again = run(tmp_path, plans=str(directory), expected=EXPECTED[:5])
    assert again["exit_code"] == 0
    assert run(tmp_path, plans=str(directory), expected=EXPECTED[:5])["written"] == []


def test_the_page_itself_is_no_strange_file_beside_the_plans(tmp_path: Path) -> None:
    directory = made.write(tmp_path / "plans", made.fleet())
    (directory / "other.md").write_text("", encoding="utf-8")
    for dummy in range(2):
        done = run(tmp_path, plans=str(directory), dest=str(tmp_path / "x" / ".." / "plans"), basename="plans")
        content = json.loads((directory / "plans.json").read_text("utf-8"))
        assert content["other_files"] == ["other.md"]
    assert done["written"] == []


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"plans": "missing"}, "report", "the plans cannot be read"),
        ({"plans": "file"}, "report", "the plans cannot be read"),
        ({"plans": ".", "formats": ["junit"]}, "option", "json, markdown, html"),
        ({"plans": ".", "results_from": ["x"]}, "option", "plans and results_from"),
    ],
)
def test_what_is_refused(tmp_path: Path, params: dict[str, t.Any], code: str, text: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run(tmp_path, **{**params, "plans": str(tmp_path / params["plans"])})
    assert done["failed"] is True
    assert done["error"]["code"] == code
    assert text in done["msg"]
    assert not (tmp_path / "out").exists()
