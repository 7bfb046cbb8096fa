# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running fleet becomes an inventory that drift_check takes without an edit."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject

Tree = dict[str, t.Any]

SITES = {"berlin": ("m600-7.10", 10), "munich": ("m3000-7.10", 11), "lab": ("m400-7.08", 12)}
# A text that Ansible would evaluate if it took it for a template.
HOSTILE = "{{ lookup('pipe', 'touch /tmp/evaluated') }} ü"
PLANTED: dict[str, tuple[str, Tree]] = {
    "berlin2": ("ntp/local-clock/stratum", {"ntp": {"local-clock": {"stratum": 3}}}),
    "munich3": (
        "chassis0/slots/io5/module/fdm/maximum-frequency",
        {"chassis0": {"slots": {"io5": {"module": {"fdm": {"maximum-frequency": 50.7}}}}}},
    ),
    "lab1": ("ntp/external-servers/1", {"ntp": {"external-servers": {"1": {"address": "192.0.2.99"}}}}),
    "lab4": ("snmp/contact", {"snmp": {"contact": HOSTILE}}),
}


def configure(device: t.Any, journals: Path, config: Tree) -> None:
    outcome = run_in_process(device, lantime_config, config=config, journal_path=str(journals))
    assert outcome.code is None, outcome.result


@pytest.fixture
def fleet(tmp_path: Path) -> t.Iterator[SharedFleet]:
    """12 devices in 3 groups, each with its settings, and 4 devices that differ."""
    names = {f"{site}{number}": profile for site, (profile, _stratum) in SITES.items() for number in range(1, 5)}
    with frozen_fleet(names) as fleet:
        for name in names:
            shared = {
                "ntp": {"local-clock": {"stratum": SITES[name[:-1]][1]}},
                "notification": {"syslog": {"servers": f"{name[:-1]}.example.com"}},
            }
            configure(fleet[name], tmp_path / "journals", shared)
        for name, (_path, config) in PLANTED.items():
            configure(fleet[name], tmp_path / "journals", config)
        yield fleet


def test_a_fleet_is_adopted_and_a_later_change_is_found(fleet: SharedFleet, tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, fleet)
    project.groups = {site: [f"{site}{number}" for number in range(1, 5)] for site in SITES}
    dest = tmp_path / "adopted"
    adopted = project.run("adopt", basename="adopt", adopt_dest=str(dest), adopt_groups=list(SITES))
    assert adopted.code == 0, adopted.output
    report = adopted.report
    assert report is not None
    assert {(each["host"], each["path"]) for each in report["deviations"]} == {
        (name, path) for name, (path, _config) in PLANTED.items()
    }
    assert report["lines"]["files"] * 4 < report["lines"]["devices"]
    markdown = (tmp_path / "reports" / "adopt.md").read_text(encoding="utf-8")
    assert all(path in markdown for path, _config in PLANTED.values())
    text = "".join(path.read_text(encoding="utf-8") for path in dest.rglob("*.yml"))
    assert not any(password in text for device in fleet for password in device.users.values())
    assert f"lantime_port: {fleet['lab2'].port}" in (dest / "lantime_hosts.yml").read_text(encoding="utf-8")

    checked = project.run("drift_check", "-i", str(dest))
    assert checked.code == 0, checked.output
    assert set(checked.states().values()) == {"clean"}
    assert not Path("/tmp/evaluated").exists()

    configure(fleet["munich2"], tmp_path / "journals", {"ntp": {"local-clock": {"stratum": 9}}})
    found = project.run("drift_check", "-i", str(dest))
    assert found.code == 2
    assert [name for name, state in found.states().items() if state != "clean"] == ["munich2"]
    assert found.differences("munich2") == ["ntp/local-clock/stratum"]

    kept = (dest / "host_vars" / "lab4" / "lantime_golden.yml").read_text(encoding="utf-8")
    project.make_unreachable("lab4")
    fleet["berlin4"].add_fault("truncated", path="/api/config")
    options: Tree = {"adopt_dest": str(dest), "adopt_groups": list(SITES)}
    updated = project.run("adopt", basename="adopt", adopt_update=True, **options)
    assert updated.code == 4, updated.output
    assert updated.report is not None
    assert set(updated.report["not_adopted"]) == {"lab4", "berlin4"}
    statuses = {name: status for name, status in updated.final.items() if status != "ok"}
    assert statuses == {"lab4": "unreachable", "berlin4": "failed"}
    assert (dest / "host_vars" / "lab4" / "lantime_golden.yml").read_text(encoding="utf-8") == kept
    assert "stratum: 9" in (dest / "host_vars" / "munich2" / "lantime_golden.yml").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_a_rollout_of_the_adopted_inventory_writes_nothing(tmp_path: Path) -> None:
    with frozen_fleet({"ts1": "m600-7.10", "ts2": "m600-7.10", "ims": "m3000-7.10"}) as fleet:
        project = PlaybookProject(tmp_path, fleet)
        project.use_admin(fleet)
        dest = tmp_path / "adopted"
        assert project.run("adopt", basename="adopt", adopt_dest=str(dest)).code == 0
        run = project.run("fleet_config", "-i", str(dest), basename="rollout", fleet_config_gate=[])
        assert run.code == 0, run.output
        assert [device.ledger.writes for device in fleet] == [0, 0, 0]
