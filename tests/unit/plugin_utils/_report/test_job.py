# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job of lantime_report: files, check mode, which files differ, errors."""

from __future__ import annotations

import json
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import run_job
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import files
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import job as lantime_report
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_report import VALIDATOR

TEXTS = {"report.json", "report.xml", "report.md", "report.sarif", "report.html"}
NAMES = {*TEXTS, "report.prom"}


class Job:
    """The job with its defaults, but all formats, in a directory."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.warnings: list[str] = []

    def __call__(self, check: bool = False, **params: t.Any) -> dict[str, t.Any]:
        defaults = {name: entry.get("default") for name, entry in lantime_report.SPEC.options.items()}
        given = {
            **defaults,
            "dest": str(self.place),
            "hosts": made.eight(),
            "generated": made.GENERATED,
            "formats": list(files.REPORT_FORMATS),
            **params,
        }
        return run_job(lantime_report.run, JobContext(given, check, True, self.warnings.append))

    def content(self) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in self.place.iterdir()} if self.place.exists() else {}


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path / "new" / "reports")


def test_check_mode_writes_nothing_and_predicts_the_run(job: Job) -> None:
    predicted = job(check=True)
    assert not job.place.exists()
    done = job()
    assert predicted == done
    assert done["changed"] is False
    assert done["written"] == list(files.REPORT_FORMATS)
    assert done["outcome"] == "unreachable"
    assert set(job.content()) == NAMES
    assert done["reports"] == {
        name: str(job.place / f"report{suffix}") for name, (suffix, dummy) in files.REPORT_FORMATS.items()
    }
    assert done["summary"]["hosts"] == 7
    assert done["exit_code"] == 4
    assert done["states"]["ts-west"] == "drift"
    assert done["diff"]["before"] == ""
    assert all(f"{job.place / name}: " in done["diff"]["after"] for name in NAMES)


def test_a_run_with_invalid_arguments_has_a_report_too(job: Job) -> None:
    done = job(hosts=[], expected=["ts1", "ts2"], invalid="there is no golden configuration")
    assert (done["outcome"], done["exit_code"]) == ("invalid", 2)
    assert done["states"] == {"ts1": "not_checked", "ts2": "not_checked"}
    report = json.loads(job.content()["report.json"])
    VALIDATOR.validate(report)
    assert (report["outcome"], report["error"]) == ("invalid", {"message": "there is no golden configuration"})
    for name in TEXTS:
        assert b"there is no golden configuration" in job.content()[name], name
    invocation = json.loads(job.content()["report.sarif"])["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False


def test_equal_input_changes_nothing(job: Job) -> None:
    job()
    before = {p: p.stat().st_mtime_ns for p in job.place.iterdir()}
    again = job()
    assert again["written"] == []
    assert again["diff"]["after"] == ""
    assert {p: p.stat().st_mtime_ns for p in job.place.iterdir()} == before


def test_the_time_of_the_report_is_written_and_is_no_change(job: Job) -> None:
    job()
    before = job.content()
    for check in (True, False):
        assert job(check=check, generated="2026-06-01T13:30:00Z")["written"] == []
    after = job.content()
    for name in NAMES:
        new, old = (
            (b"2026-06-01T13:30:00", b"2026-06-01T12:00:00") if name in TEXTS else (b" 1780320600\n", b" 1780315200\n")
        )
        assert new in after[name]
        assert old not in after[name]
        assert len(before[name]) == len(after[name])


def test_any_other_difference_is_a_change_in_every_format(job: Job) -> None:
    job()
    records = made.eight()
    records[0]["facts"]["ansible_net_version"] = "7.10.013"
    records[1]["drift"]["differences"][0]["before"] = 4
    done = job(hosts=records)
    assert done["written"] == list(files.REPORT_FORMATS)
    assert done["diff"]["after"].count("\n") == len(NAMES)
    assert job(hosts=records)["written"] == []


def test_metrics_are_written_only_where_they_are_asked_for(job: Job) -> None:
    assert set(lantime_report.SPEC.options["formats"]["choices"]) - set(files.DEFAULT_FORMATS) == {"openmetrics"}
    assert lantime_report.SPEC.options["formats"]["default"] == list(files.DEFAULT_FORMATS)
    done = job(formats=list(files.DEFAULT_FORMATS))
    assert set(job.content()) == TEXTS
    assert "openmetrics" not in done["reports"]


def test_formats_and_basename_choose_the_files(job: Job) -> None:
    done = job(formats=["html", "junit"], basename="nightly.v1")
    assert set(done["reports"]) == {"html", "junit"}
    assert set(job.content()) == {"nightly.v1.html", "nightly.v1.xml"}


def test_slices_are_read_and_united(job: Job) -> None:
    records = made.eight()
    inputs = [
        job(hosts=records[half::2], basename=f"slice{half}", formats=["json"])["reports"]["json"] for half in (0, 1)
    ]
    united = job(hosts=[], inputs=inputs, expected=list(made.EXPECTED))
    assert united["summary"]["hosts"] == 8
    assert united["states"]["ts-spare"] == "not_checked"
    whole = job(expected=list(made.EXPECTED), basename="whole")
    assert whole["summary"] == united["summary"]


def test_an_existing_file_keeps_its_mode_and_a_link_is_refused(job: Job, tmp_path: Path) -> None:
    job.place.mkdir(parents=True)
    page = job.place / "report.html"
    page.write_text("old")
    page.chmod(0o640)
    target = tmp_path / "elsewhere"
    target.write_text("untouched")
    job(formats=["html"])
    assert page.read_text() != "old"
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    (job.place / "report.md").symlink_to(target)
    for check in (True, False):
        result = job(check=check, formats=["markdown"])
        assert result["error"]["code"] == "report"
        assert "it is a symbolic link" in result["msg"]
    assert target.read_text() == "untouched"


def test_two_records_of_a_host_are_warned_of(job: Job) -> None:
    job(hosts=[made.record("a"), made.record("a")])
    assert job.warnings == ["Several records for a; the worst record of each host counts."]


def test_results_of_one_device_for_several_hosts_are_warned_of(job: Job) -> None:
    shown = made.facts("a", serial="000712345678 ")
    other = made.facts("c", serial="000712345679")
    job(hosts=[made.record("a", facts=shown), made.record("b", facts=shown), made.record("c", facts=other)])
    assert job.warnings == ["The results of a, b are those of one device, with the serial number 000712345678."]


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"basename": "../x"}, "option", "is not a file name"),
        ({"basename": ""}, "option", "is not a file name"),
        ({"generated": "yesterday"}, "option", "generated must be a time"),
        ({"inputs": ["{place}/none.json"]}, "report", "does not exist"),
        ({"inputs": ["{place}"]}, "report", "cannot be read"),
        ({"inputs": ["{place}/other.json"]}, "report", "is not a report"),
        ({"inputs": ["{place}/latin.json"]}, "report", "not UTF-8"),
        ({"inputs": ["/dev/null"]}, "report", "is not a report: it is not a regular file"),
        ({"dest": "{place}/other.json"}, "report", "cannot be replaced"),
        ({"basename": "taken", "formats": ["html"]}, "report", "cannot be replaced"),
    ],
)
def test_errors_say_what_and_write_nothing(job: Job, params: dict[str, t.Any], code: str, text: str) -> None:
    job.place.mkdir(parents=True)
    (job.place / "other.json").write_text("{}")
    (job.place / "latin.json").write_bytes(b"\xff{}")
    (job.place / "taken.html").mkdir()
    before = sorted(p.name for p in job.place.iterdir())
    given = {
        name: [v.format(place=job.place) for v in value]
        if name == "inputs"
        else value.format(place=job.place)
        if name == "dest"
        else value
        for name, value in params.items()
    }
    for check in (True, False):
        result = job(check=check, **given)
        assert result["failed"] is True
        assert result["error"]["code"] == code
        assert text in result["msg"]
    assert sorted(p.name for p in job.place.iterdir()) == before


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    job(formats=["json"])
    before = job.content()

    def full(*dummy: t.Any) -> t.NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = job(hosts=[], formats=["json"])
    assert result["error"]["code"] == "report"
    assert "cannot be written" in result["msg"]
    assert result["error"]["hint"] == "check dest and basename, the permissions and the free disk space"
    assert job.content() == before


@pytest.mark.parametrize("change", [lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b"\n", b"\r\n")])
def test_a_report_that_an_editor_saved_with_a_mark_or_other_line_ends_is_read(
    job: Job, change: t.Callable[[bytes], bytes]
) -> None:
    path = Path(job(formats=["json"])["reports"]["json"])
    path.write_bytes(change(path.read_bytes()))
    united = job(hosts=[], inputs=[str(path)], formats=["json"], basename="united")
    assert united["summary"]["hosts"] == len(made.eight())
