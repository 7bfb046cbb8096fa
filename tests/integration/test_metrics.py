# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays of the guide to dashboards run as they stand, on fresh devices."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.examples.find import text_of
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_openmetrics import parse, select

GUIDE = "docs/docsite/rst/dashboard.rst"
HOSTS = ["ims", "ts706", "ts708", "ts710"]


@pytest.fixture
def project(fleet: SharedFleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.vars = {"lantime_golden_config": {"ntp": {"local-clock": {"stratum": 12}}}}
    return made


def test_the_play_of_the_guide_writes_the_metrics_of_a_fleet(
    project: PlaybookProject, fleet: SharedFleet, tmp_path: Path
) -> None:
    place = tmp_path / "metrics"
    place.mkdir()
    file = place / "lantime.prom"
    file.touch(mode=0o640)
    file.chmod(0o640)
    fleet["ts706"].change("ntp/local-clock/stratum", 3)
    project.make_unreachable("ts708")
    (play,) = yaml.safe_load(text_of(GUIDE, "metrics_health"))
    done = project.run_play(play, metrics_dir=str(place))
    samples = parse(file.read_text("utf-8"))
    assert [path.name for path in place.iterdir()] == ["lantime.prom"], done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    reachable = {host: select(samples, "host_reachable", host=host) for host in HOSTS}
    assert reachable == {"ims": [1], "ts706": [1], "ts708": [0], "ts710": [1]}
    assert select(samples, "host_state", host="ts706", state="drift") == [1]
    assert select(samples, "drift_differences", host="ts706", **{"class": "config"}) == [1]
    assert select(samples, "drift_differences", host="ts708") == []
    assert select(samples, "sync_synchronized", host="ts710") == [1]
    assert select(samples, "module_temperature_celsius", host="ims", slot="clk1") != []
    assert select(samples, "health_checks", host="ts710", state="ok")[0] > 10
    assert sum(device.ledger.writes for device in fleet) == 0


@pytest.mark.thorough
def test_the_metrics_of_a_role_are_those_of_its_json_report(project: PlaybookProject, tmp_path: Path) -> None:
    formats = ["json", "openmetrics"]
    done = project.run("drift_check", drift_check_report_formats=formats)
    assert done.code == 0, done.output
    reports = project.directory / "reports"
    assert sorted(path.name for path in reports.iterdir()) == ["drift.json", "drift.prom"]
    (play,) = yaml.safe_load(text_of(GUIDE, "inputs:"))
    published = project.run_play(play, metrics_dir=str(tmp_path / "published"))
    assert published.code == 0, published.output
    ours = parse((reports / "drift.prom").read_text("utf-8"))
    theirs = parse((tmp_path / "published" / "drift.prom").read_text("utf-8"))
    other = {key for key in ours if "report_generated" in key[0]}
    assert {key: ours[key] for key in ours if key not in other} == {
        key: theirs[key] for key in theirs if key not in other
    }
    assert select(ours, "report_hosts", state="clean") == [4]
