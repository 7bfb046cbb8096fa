# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module reports while it is in trouble, by family: one incident for each. All members are assumed.

`dependents` has what other modules show of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable

from ..profiles.modules import FAMILY

Tree = dict[str, Any]

CUT_PORT = "io2"
"""The port of a PIO that loses its signal."""


def _item(module: Tree, table: str, name: str) -> Tree:
    found: Tree = next(item for item in module[table] if item["object-id"] == name)
    return found


def _silence_output(module: Tree) -> None:
    module["outputs"][0]["signal-present"] = False


def _silence_outputs(module: Tree) -> None:
    for output in module["outputs"]:
        output["signal-present"] = False


def _degrade_telecom_outputs(module: Tree) -> None:
    for output in module["outputs"]:
        if output["signal"] == "e1-bits":
            output["quality-level"] = "ql-dnu"


def _degrade_telecom_input(module: Tree) -> None:
    _item(module, "inputs", "in1").update({"quality-level": "ql-dnu", "itu-limits": "violated", "loss-of-frame": True})


def _cut_pulse_input(module: Tree) -> None:
    _item(module, "inputs", "in1")["signal-present"] = False


def _cut_video_input(module: Tree) -> None:
    _item(module, "inputs", "in1").update({"signal-present": False, "locked": False})


def _cut_measured_pulse(module: Tree) -> None:
    _item(module, "ports", CUT_PORT).update({"signal-present": False, "offset": None})


def _drop_mains(module: Tree) -> None:
    module["fdm"].update(
        {
            "frequency": 49.2,
            "frequency-deviation": -0.8,
            "time-deviation": -12.4,
            "frequency-within-limits": False,
            "time-within-limits": False,
            # The time deviation is more than its full scale of 10 s.
            "analog-overflow": "a1",
        }
    )


def _unlock_pll(module: Tree) -> None:
    module["pll-locked"] = False
    _silence_outputs(module)


def _stick_relay(module: Tree) -> None:
    _item(module, "relays", "a")["state"] = "error"


def _stop_switch(module: Tree) -> None:
    module.update({"watchdog-ok": False, "outputs-enabled": False})


def _unlock_video_oscillator(module: Tree) -> None:
    module["oscillator-locked"] = False


def _lose_sync_e(module: Tree) -> None:
    module["sync-e"] = {**module.get("sync-e", {}), "enabled": True, "input-quality-level": "dnu"}


def _fail_output_stage(module: Tree) -> None:
    """The clock itself works, but its pulses and its frequency do not leave it."""
    _silence_output(module)
    module["synthesizer"]["state"] = "free"


def _weaken_long_wave(module: Tree) -> None:
    module["dcf77"].update({"correlation": 42, "field-strength": 17})


def _garble_time_code(module: Tree) -> None:
    module["tcr"].update({"telegram-error": True, "tcap-exceeded": True})


FAULTS: dict[str, Callable[[Tree], None]] = {
    "BPE": _silence_output,
    "CPE": _silence_output,
    "ESI": _degrade_telecom_input,
    "FDM": _drop_mains,
    "GNM": _fail_output_stage,
    "GNS": _fail_output_stage,
    "GNS-UC": _fail_output_stage,
    "GPS": _fail_output_stage,
    "GRC": _fail_output_stage,
    "GXL": _fail_output_stage,
    "HPS": _lose_sync_e,
    "LIU": _silence_outputs,
    "LNO": _unlock_pll,
    "LSG": _degrade_telecom_outputs,
    "MRI": _cut_pulse_input,
    "PIO": _cut_measured_pulse,
    "PSX": _lose_sync_e,
    "PZF": _weaken_long_wave,
    "REL": _stick_relay,
    "RSC": _stop_switch,
    "SCG": _silence_output,
    "TCR": _garble_time_code,
    "VSG": _unlock_video_oscillator,
    "VSI": _cut_video_input,
}


def has_fault(module: Tree) -> bool:
    """Whether a fault of this module's family can be played: a clock of a non-modular unit shows no outputs."""
    fault = FAULTS.get(FAMILY.get(str(module.get("info", {}).get("model")), ""))
    return fault is not None and (fault is not _fail_output_stage or "outputs" in module)


def render_faults(modules: Iterable[Tree]) -> None:
    """Write the fault of each of these modules in place."""
    for module in modules:
        FAULTS[FAMILY[module["info"]["model"]]](module)
