# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes and saves whose answer is lost, also on a device that does not count its unsaved changes."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)
from ansible_collections.meinberg.lantime.tests.simulator.proxy import Proxy

Tree = dict[str, t.Any]

TREE: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
OPTIONS: Tree = {"verify_grace": 0.3, "command_timeout": 1.0, "retries": 0}
# Answers to a save that do not say whether it took effect.
LOST = ["close-after-effect", "close-before-answer", "error-after-effect"]


@pytest.fixture
def uncounted(device: t.Any) -> t.Any:
    device.set_dialect(command_seconds=0, changes_counted=False)
    device.ledger.clear()
    return device


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("kind", LOST)
def test_a_save_without_an_answer(uncounted: t.Any, tmp_path: Path, kind: str, nth: int) -> None:
    uncounted.add_fault(kind, method="PUT", path="/api/write", nth=nth)
    result = run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, None), result
    assert "whether the configuration was saved is unknown" in result["msg"]
    again = run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)
    assert code_of(again) is None
    assert running(uncounted) == startup(uncounted)
    assert run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)["changed"] is False


@pytest.mark.parametrize("kind", LOST)
def test_a_save_without_an_answer_after_an_interruption(uncounted: t.Any, tmp_path: Path, kind: str) -> None:
    assert run_killed(uncounted, TREE, Kill("after", 6), journal=tmp_path)
    uncounted.add_fault(kind, method="PUT", path="/api/write", nth=1)
    result = run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, None), result
    again = run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)
    assert again["recovery"]["action"] == "resumed"
    assert running(uncounted) == startup(uncounted)


@pytest.mark.parametrize("answer", ["envelope", "204", "empty"])
def test_a_save_with_an_answer(uncounted: t.Any, tmp_path: Path, answer: str) -> None:
    uncounted.set_dialect(put_answer=answer)
    result = run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["saved"], result["pending_changes"]) == (None, True, None)
    assert running(uncounted) == startup(uncounted)


def test_a_refused_save(uncounted: t.Any, tmp_path: Path) -> None:
    saved = startup(uncounted)
    uncounted.add_fault("status", status=403, method="PUT", path="/api/write", nth=1)
    result = run_config(uncounted, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, False)
    assert startup(uncounted) == saved


def test_a_save_without_an_answer_beside_changes_of_other_clients(device: t.Any, tmp_path: Path) -> None:
    """The count cannot tell whose change stays unsaved."""
    device.set_dialect(command_seconds=0)
    device.change("ntp/time-scale", "local")
    device.ledger.clear()
    device.add_fault("status", status=503, method="PUT", path="/api/write", nth=2, times=1000)
    result = run_config(device, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, None), result
    assert startup(device)["snmp"]["contact"] != "noc"


def test_a_save_of_one_of_two_packages(device: t.Any, tmp_path: Path) -> None:
    device.set_dialect(command_seconds=0)
    device.ledger.clear()
    device.add_fault("status", status=503, method="PUT", path="/api/write", nth=2, times=1000)
    result = run_config(device, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, None), result


def test_a_write_that_takes_effect_after_its_timeout(device: t.Any, tmp_path: Path) -> None:
    """The device is read until the time of grace has passed before the task says that nothing was changed."""
    device.set_dialect(command_seconds=0)
    device.ledger.clear()
    device.add_fault("delay", seconds=0.6, method="PUT", path="/api/config/ntp", nth=1)
    result = run_config(
        device, TREE, journal=tmp_path, **{**OPTIONS, "verify_grace": 3.0}, read_timeout=0.3, request_timeout=0.3
    )
    assert (code_of(result), result["saved"]) == (None, True), result
    assert running(device) == startup(device)


@pytest.mark.parametrize("kind", ["close-after-effect", "close-before-answer"])
@pytest.mark.parametrize("path", ["/api/config", "/api/write"])
def test_an_answer_that_is_lost_behind_a_proxy(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    """The outcome is that of a direct connection: the proxy had reached the device, so the write may have taken effect."""
    device.set_dialect(command_seconds=0)
    outcomes = []
    with Proxy() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        for use_proxy, directory in ((False, "direct"), (True, "proxied")):
            device.ledger.clear()
            device.add_fault(kind, method="PUT", path=path, nth=1, times=1)
            contact = f"noc {directory}"
            result = run_config(
                device, {"snmp": {"contact": contact}}, journal=tmp_path / directory, **OPTIONS, use_proxy=use_proxy
            )
            device.clear_faults()
            outcomes.append((code_of(result), result["changed"], result["saved"], result["operations"][0]["state"]))
            outcomes[-1] += (running(device)["snmp"]["contact"] == contact, running(device) == startup(device))
        assert proxy.requests
    assert outcomes[0] == outcomes[1]
