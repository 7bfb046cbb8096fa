# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saving: what is sent, in which order, how often the device is read, and what an error says."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import saving, sections
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

REFUSED = LantimeError("rejected", "refused", http_status=403)
LOST = LantimeError("disconnected", "the connection broke", effect_unknown=True)
FAILED = LantimeError("server_error", "an error", http_status=500, effect_unknown=True)
OTHER_DEVICE = LantimeError("conflict", "another device answered")


class ScriptedDevice:
    """Answers each save and each read with the next of a script, the last one for ever; notes what it was asked.

    counts: numbers of unsaved changes, one for each read.  saves: envelopes, None for an answer without one, or errors.
    """

    def __init__(self, counts: t.Sequence[int | None], saves: t.Sequence[t.Any] = ({},), reads: t.Any = None) -> None:
        self.counts, self.saves, self.reads = list(counts), list(saves), reads
        self.pending_changes: int | None = None
        self.identity_failure: LantimeError | None = None
        self.asked: list[str] = []
        self.client: t.Any = types.SimpleNamespace(
            settings=types.SimpleNamespace(command_timeout=0.3), reconnect=lambda: self.asked.append("reconnect")
        )

    def save(self, package: str) -> t.Any:
        self.asked.append(f"save {package}")
        answer: t.Any = self.saves.pop(0) if len(self.saves) > 1 else self.saves[0]
        if isinstance(answer, LantimeError):
            raise LantimeError.with_context(answer)
        return answer

    # -- the reader of sections

    grace = 0.2

    def forget(self) -> None:
        self.asked.append("forget")

    def read_patiently(self, names: t.Sequence[str], grace: float) -> None:
        self.asked.append(f"read {','.join(names)} for {grace:g}")
        if self.reads is not None:
            raise self.reads
        self.pending_changes = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times for which a save is waited for; three reads fit into each."""
    asked: list[float] = []

    def three(seconds: float) -> t.Iterator[None]:
        asked.append(seconds)
        yield from [None] * 3

    monkeypatch.setattr(saving, "pauses", three)
    assert sections.pauses is not three
    return asked


def save(device: ScriptedDevice, *packages: str, before: int | None = 0) -> saving.SaveOutcome:
    reader = types.SimpleNamespace(api=device, grace=device.grace, forget=device.forget)
    reader.read_patiently = device.read_patiently
    return saving.save(t.cast("t.Any", reader), packages or ("ntp",), "ntp", before)


def error_of(device: ScriptedDevice, *packages: str, before: int | None = 0) -> LantimeError:
    with pytest.raises(LantimeError) as caught:
        save(device, *packages, before=before)
    return caught.value


def test_an_answered_save_is_read_once(pauses: list[float]) -> None:
    device = ScriptedDevice([0])
    assert save(device, "ntp", "snmp") == saving.SaveOutcome(0, ["ntp", "snmp"])
    assert device.asked == ["save ntp", "save snmp", "forget", "read ntp for 0.2"]
    assert pauses == [0.2]


@pytest.mark.parametrize("saves", [[None], [{}, None], [None, {}], [LOST], [FAILED, LOST], [LOST, FAILED]])
def test_without_an_answer_the_device_may_still_be_saving(saves: list[t.Any], pauses: list[float]) -> None:
    device = ScriptedDevice([0], saves)
    save(device, "ntp", "snmp")
    assert device.asked == ["save ntp", "save snmp", "reconnect", "forget", "read ntp for 0.3"]
    assert pauses == [0.3]


def test_an_error_that_the_device_answers_is_an_answer(pauses: list[float]) -> None:
    device = ScriptedDevice([0], [FAILED])
    assert save(device) == saving.SaveOutcome(0, ["ntp"])
    assert (pauses, device.asked[-1]) == ([0.2], "read ntp for 0.2")


def test_a_long_grace_is_not_waited_for_after_an_answer(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedDevice, "grace", 60.0)
    device = ScriptedDevice([0])
    save(device)
    assert pauses == [2.0]
    assert device.asked[-1] == "read ntp for 60", "the device may restart a service"


@pytest.mark.parametrize(
    ("counts", "before", "reads", "outcome"),
    [
        ([0], 0, 1, (0, ["ntp"])),
        ([0], None, 1, (0, ["ntp"])),
        ([2], 2, 1, (2, ["ntp"])),
        ([1], 2, 1, (1, ["ntp"])),
        ([None], 0, 1, (None, ["ntp"])),
        ([3, 2, 0], 0, 3, (0, ["ntp"])),
        ([3, 2], 2, 2, (2, ["ntp"])),
        ([1, None], 0, 2, (None, ["ntp"])),
        ([1, 1, 1, 0], 0, 4, (0, ["ntp", "all"])),
        ([1, 1, 1, 1, 0], None, 5, (0, ["ntp", "all"])),
    ],
)
def test_the_device_is_read_until_no_more_than_foreign_changes_are_pending(
    counts: list[int | None], before: int | None, reads: int, outcome: tuple[int | None, list[str]]
) -> None:
    device = ScriptedDevice(counts)
    assert save(device, before=before) == outcome
    assert sum(step.startswith("read") for step in device.asked) == reads
    saves = [step for step in device.asked if step.startswith("save")]
    assert saves == [f"save {name}" for name in outcome[1]]
    # Each read after the first one uses a new connection.
    assert device.asked.count("reconnect") == reads - len(outcome[1])
    assert device.asked.count("forget") == reads


@pytest.mark.parametrize(
    ("counts", "before", "packages", "saves"),
    [
        ([3], 2, ("ntp",), ["save ntp"]),
        ([3], 0, ("all",), ["save all"]),
        ([3], 0, ("ntp", "all"), ["save ntp", "save all"]),
        ([3], 0, ("ntp",), ["save ntp", "save all"]),
    ],
)
def test_changes_that_stay_pending(
    counts: list[int | None], before: int, packages: tuple[str, ...], saves: list[str]
) -> None:
    device = ScriptedDevice(counts)
    error = error_of(device, *packages, before=before)
    assert (error.code, error.extra) == ("save_failed", {"saved": False})
    assert "still counts 3 unsaved changes" in error.what
    assert [step for step in device.asked if step.startswith("save")] == saves


@pytest.mark.parametrize(
    ("saves", "saved", "name"),
    [([REFUSED], False, "ntp"), ([{}, REFUSED], None, "snmp"), ([LOST, REFUSED], None, "snmp")],
)
def test_a_refused_save(saves: list[t.Any], saved: bool | None, name: str) -> None:
    for counts in ([0], [None]):
        device = ScriptedDevice(counts, list(saves))
        error = error_of(device, "ntp", "snmp")
        assert (error.code, error.extra) == ("save_failed", {"saved": saved})
        assert error.what == f"saving the package {name} failed: refused"
        assert device.asked[-1] == f"save {name}", "nothing more is sent"


def test_a_refused_save_of_all_after_that_of_a_package() -> None:
    """The package may have been saved."""
    error = error_of(ScriptedDevice([1], [{}, REFUSED]))
    assert (error.code, error.extra) == ("save_failed", {"saved": None})


@pytest.mark.parametrize("code", ["disconnected", "refused", "timeout_read", "auth_failed", "server_error"])
def test_a_device_that_cannot_be_read_after_the_save(code: str) -> None:
    error = error_of(ScriptedDevice([0], reads=LantimeError(code, "it failed")))
    assert (error.code, error.extra) == ("save_failed", {"saved": None})
    assert error.what == "whether the configuration was saved is unknown: it failed"


@pytest.mark.parametrize("at", ["save", "read"])
def test_another_device_that_answers(at: str) -> None:
    device = ScriptedDevice([0], [OTHER_DEVICE] if at == "save" else [{}], OTHER_DEVICE if at == "read" else None)
    device.identity_failure = OTHER_DEVICE
    error = error_of(device)
    assert (error.code, error.what) == ("conflict", "another device answered")
    assert error.extra == {"saved": False if at == "save" else None}


@pytest.mark.parametrize(
    ("paths", "options", "given", "packages"),
    [
        (["ntp/a", "snmp/b"], {}, None, ["ntp", "snmp"]),
        (["snmp/b", "ntp/a", "snmp/c"], {}, None, ["snmp", "ntp"]),
        (["ntp/a", "unknown/b"], {}, None, ["all"]),
        (["ntp/a"], {}, "network", ["network"]),
        (["ntp/a"], {}, "all", ["all"]),
        (["ntp/a", "snmp/b"], {"package_map": "all"}, None, ["all"]),
        ([], {}, None, []),
        ([], {"package_map": "all"}, None, []),
    ],
)
def test_packages_of_a_plan(paths: list[str], options: dict[str, str], given: str | None, packages: list[str]) -> None:
    changes = tuple(Change("set", tuple(path.split("/")[:1]), {"a": 1}, {"a": 2}) for path in paths)
    api = types.SimpleNamespace(dialect=make_dialect(options))
    saved = {
        save: saving.packages_to_save(Plan(changes), t.cast("t.Any", api), save, given)
        for save in ("changed", "always", "never")
    }
    assert saved == {"changed": packages, "always": packages or [given or "all"], "never": []}
