# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_config: what is written, what is not, and what the result says about it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]


def config(tree: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    return {"meinberg.lantime.lantime_config": {"config": tree, **options}}


GOLDEN = {
    "network": {
        "nameserver1": "192.0.2.53",
        "interfaces": {"vif0": {"label": "management", "services": {"telnet": False, "ssh": True}}},
    },
    "ntp": {"local-clock": {"stratum": 10}, "trust-time": "86400", "time-scale": "utc"},
    "notification": {
        "syslog": {"servers": "192.0.2.14,192.0.2.15", "loglevel": "notice"},
        "events": [{"object-id": "ntp-not-sync", "snmp": True, "email": True}],
    },
    "snmp": {"contact": "time@example.com", "enabled-version": "v3-only"},
}


def test_check_run_and_rerun_on_every_generation(controller: Controller, fleet: Fleet) -> None:
    before = {name: (fleet[name].running(), fleet[name].startup()) for name in EVERYWHERE}
    predicted = controller.play(config(GOLDEN), check=True, diff=True)
    assert predicted.code == 0, predicted.output
    for name in EVERYWHERE:
        ledger = fleet[name].ledger
        assert (ledger.writes, ledger.gets, ledger.handshakes) == (0, len(GOLDEN), 1)
        assert (fleet[name].running(), fleet[name].startup()) == before[name]
        ledger.clear()

    done = controller.play(config(GOLDEN), diff=True)
    assert done.code == 0, done.output
    for name in EVERYWHERE:
        (expected,), (real,) = predicted.of(name), done.of(name)
        assert real["diff"] == expected["diff"]
        assert real["diff"]["before"] != real["diff"]["after"]
        assert real["changed"] is expected["changed"] is True
        assert [o["state"] for o in expected["operations"]] == ["waiting"] * len(expected["operations"])
        assert [o["state"] for o in real["operations"]] == ["succeeded"] * len(real["operations"])
        strip = [{**o, "state": ""} for o in expected["operations"]]
        assert [{**o, "state": ""} for o in real["operations"]] == strip
        assert real["saved"] is True
        assert real["pending_changes"] == 0
        assert real["also_changed"] == []
        running = fleet[name].running()
        assert running == fleet[name].startup()
        assert running["ntp"]["local-clock"]["stratum"] == 10
        written = [e["path"] for e in fleet[name].ledger if e["write"]]
        assert len(written) == len(real["operations"]) + len(real["saved_packages"])
        fleet[name].ledger.clear()

    again = controller.play(config(GOLDEN), diff=True)
    assert again.code == 0, again.output
    for name in EVERYWHERE:
        (result,) = again.of(name)
        assert result["changed"] is False
        assert result["operations"] == []
        assert result["diff"]["before"] == result["diff"]["after"] == ""
        ledger = fleet[name].ledger
        assert (ledger.writes, ledger.gets, ledger.handshakes) == (0, len(GOLDEN), 1)
        assert ledger.max_in_flight == 1


def test_nothing_but_what_is_named_changes(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    before = device.running()
    run = controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}), "ts710")
    assert run.code == 0, run.output
    before["ntp"]["local-clock"]["stratum"] = 7
    assert device.running() == before


def test_one_put_a_menu_with_changed_names_only(controller: Controller, fleet: Fleet) -> None:
    tree = {"ntp": {"local-clock": {"stratum": 7, "disabled": True}, "multicast": {"enabled": False}}}
    run = controller.play(config(tree, save="never"), "ts710")
    assert run.code == 0, run.output
    writes = [(e["path"], e["body"]) for e in fleet["ts710"].ledger if e["write"]]
    assert writes == [("/api/config/ntp/local-clock", {"stratum": 7, "disabled": True})]
    assert run.only["saved"] is False
    assert run.only["pending_changes"] == 2
    assert fleet["ts710"].startup() != fleet["ts710"].running()


def test_autosave_devices_are_left_saved_and_without_pending_changes(controller: Controller, fleet: Fleet) -> None:
    fleet["ts710"].change("system/activate-changes-as-startup", True)
    tree = {"ntp": {"local-clock": {"stratum": 7}}}
    run = controller.play(config(tree), "ts710")
    assert run.code == 0, run.output
    assert fleet["ts710"].startup()["ntp"]["local-clock"]["stratum"] == 7


@pytest.mark.thorough
def test_a_table_item_is_created_when_allowed(controller: Controller, fleet: Fleet) -> None:
    item = {"address": "192.0.2.200", "minpoll": 5}
    tree = {"ntp": {"external-servers": {"10": item}}}
    present = {i["object-id"] for i in fleet["ts710"].running()["ntp"]["external-servers"]}
    new = next(str(n) for n in range(1, 11) if str(n) not in present)
    tree = {"ntp": {"external-servers": {new: item}}}
    refused = controller.play(config(tree, missing="fail"), "ts710")
    assert refused.code == 2
    assert refused.only["error"]["code"] == "unknown_name"
    assert fleet["ts710"].ledger.writes == 0
    expected = controller.play(config(tree, missing="create"), "ts710", check=True, diff=True)
    made = controller.play(config(tree, missing="create"), "ts710", diff=True)
    assert made.code == 0, made.output
    assert made.only["diff"] == expected.only["diff"]
    assert [o["action"] for o in made.only["operations"]] == ["create"]
    items = {i["object-id"]: i for i in fleet["ts710"].running()["ntp"]["external-servers"]}
    assert items[new]["address"] == "192.0.2.200"
    again = controller.play(config(tree, missing="create"), "ts710")
    assert again.only["changed"] is False


def test_secrets_are_written_once_and_never_shown(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change("snmp/read-community", "")
    tree = {"snmp": {"read-community": "canary-community"}, "network": {"hostname": "canary-host"}}
    first = controller.play(config(tree), "ts710", diff=True, verbosity=4)
    assert first.code == 0, first.output
    assert device.running()["snmp"]["read-community"] == "canary-community"
    device.ledger.clear()
    second = controller.play(config(tree), "ts710", diff=True, verbosity=4)
    assert second.only["changed"] is False
    assert second.only["secrets_kept"] == ["snmp/read-community"]
    assert device.ledger.writes == 0
    always = controller.play(config(tree, update_secrets="always"), "ts710", diff=True, verbosity=4)
    assert always.only["changed"] is True
    packaged = controller.play(config(tree), "ts710", diff=True, verbosity=4, entry_point="target")
    for run in (first, second, always, packaged):
        assert "canary-community" not in run.output
        assert "canary-community" not in str(run.results)
        assert "canary-host" in str(run.results)


@pytest.mark.parametrize("path", ["", "ntp", "notification/events/ntp-sync", "network/hostname", "snmp"])
def test_what_config_info_shows_is_taken_back_unchanged(controller: Controller, fleet: Fleet, path: str) -> None:
    tasks = [
        {"meinberg.lantime.lantime_config_info": {"path": path}, "register": "seen"},
        config(t.cast("dict[str, t.Any]", "{{ seen.config }}"), update_secrets="always"),
    ]
    run = controller.play(tasks, "ts706:ts710:ims")
    assert run.code == 0, run.output
    for name in ("ts706", "ts710", "ims"):
        assert run.of(name)[1]["changed"] is False
        assert fleet[name].ledger.writes == 0


def test_another_clients_pending_changes_are_not_saved_along(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change("snmp/contact", "another client")
    run = controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}), "ts710")
    assert run.code == 0, run.output
    assert "unsaved changes" in run.output
    assert run.only["saved_packages"] == ["ntp"]
    assert run.only["pending_changes"] == 1
    assert device.startup()["snmp"]["contact"] != "another client"


def test_a_refused_value_is_rolled_back_and_reported(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    before = device.running()
    tree = {
        "ntp": {"local-clock": {"stratum": 7}},
        "snmp": {"retries": -5},
        "network": {"nameserver1": "192.0.2.9"},
    }
    run = controller.play(config(tree), "ts710")
    assert run.code == 2
    assert run.only["changed"] is False
    assert [o["state"] for o in run.only["operations"]] == ["rolled_back", "failed", "skipped"]
    assert "operation 2 of 3 (snmp) failed" in run.only["msg"]
    assert "everything was rolled back" in run.only["msg"]
    assert run.only["error"]["code"] == "rejected"
    assert run.only["rollback"] == {"state": "rolled_back", "remaining": []}
    assert device.running() == device.startup() == before
    off = controller.play(config(tree, rollback=False), "ts710")
    assert off.only["changed"] is True
    assert [o["state"] for o in off.only["operations"]] == ["succeeded", "failed", "skipped"]
    assert "1 operations are active" in off.only["msg"]
    assert device.running()["ntp"]["local-clock"]["stratum"] == 7
    assert device.startup() == before


def test_a_lost_answer_is_settled_by_reading_back(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("close-after-effect", method="PUT", path="/api/config/ntp", nth=1)
    run = controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}), "ts710")
    assert run.code == 0, run.output
    puts = [e["path"] for e in device.ledger if e["write"] and "/config/" in e["path"]]
    assert len(puts) == 1
    assert device.startup()["ntp"]["local-clock"]["stratum"] == 7


def test_a_write_that_never_arrived_is_not_sent_again(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("close-before-answer", method="PUT", nth=1)
    run = controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}), "ts710")
    assert run.code == 2
    assert run.only["changed"] is False
    assert run.results[0].outcome == "failed"
    assert "nothing was changed, as reading back shows" in run.only["msg"]
    assert sum(e["method"] == "PUT" for e in device.ledger) == 1
    assert controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}), "ts710").code == 0


def test_a_value_taken_differently_is_not_called_done(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(request_error="clamp")
    before = device.running()
    run = controller.play(config({"snmp": {"retries": -5}}, verify_grace=0.3), "ts710")
    assert run.code == 2
    assert run.only["error"]["code"] == "not_applied"
    assert run.only["remaining"][0]["path"] == "snmp/retries"
    assert run.only["saved"] is False
    assert run.only["rollback"]["state"] == "rolled_back"
    assert device.running() == before
    assert not any(e["path"] == "/api/write" for e in device.ledger)


def test_a_failed_save_is_reported(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=500, path="/api/write")
    run = controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}, verify_grace=0.3), "ts710")
    assert run.code == 2
    assert run.only["error"]["code"] == "save_failed"
    assert run.only["changed"] is True
    assert device.running()["ntp"]["local-clock"]["stratum"] == 7
    device.clear_faults()
    again = controller.play(config({"ntp": {"local-clock": {"stratum": 7}}}, save="always"), "ts710")
    assert again.code == 0
    assert device.startup()["ntp"]["local-clock"]["stratum"] == 7


def test_a_user_of_level_info_can_check_but_not_write(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    info = {"ts710": {"lantime_username": "info", "lantime_password": device.users["info"]}}
    tree = {"ntp": {"local-clock": {"stratum": 7}}}
    assert controller.play(config(tree), "ts710", check=True, variables=info).only["changed"] is True
    run = controller.play(config(tree), "ts710", variables=info)
    assert run.only["error"]["code"] == "forbidden"
    assert run.only["changed"] is False
    assert device.pending == 0
