# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which family a module belongs to, and which settings it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import clocks, inputs, mains_relays, outputs, ptp
from .clocks import CLOCK_FAMILIES
from .rows import Row

_FIRMWARE = re.compile(r"(?:fw_)?([0-9]{1,4})\.([0-9]{1,4})\b")
Items = dict[str, tuple[str, ...]]

# `info.model` of the modules that have settings, in lower case.
_MODELS = {
    "BPE": "bpe bpestm bps2xxx bpe2352 bpe8xxx bpe6042 bpe8nnn",
    "CPE": "cpe180 cpe182",
    "ESI": "esi180",
    "FDM": "fdm180 fdm180m fdm182 fdm182m",
    "GNM": "gnm181",
    "GNS": "gns180 gns181 gns182 gns183",
    "GNS-UC": "gns181uc gns182uc gns183uc",
    "GPS": "gps180 gps182 gps183",
    "GRC": "grc180 grc181",
    "GXL": "gxl183",
    "PZF": "pzf180 pzf182 pzf183 pzf511 pzf600",
    "TCR": "tcr180",
    "HPS": "hps100",
    "PSX": "psx4ge psx210",
    "LIU": "liu",
    "LSG": "lsg180",
    "LNO": "lno180",
    "MRI": "mri",
    "VSI": "vsi180",
    "PIO": "pio180",
    "REL": "rel1000 rel1000rc rel1002",
    "RSC": "rsc180 rsc180rdu rsc1000 rsc2000",
    "SCG": "scg scg181",
    "VSG": "vsg180 vsg181",
}
FAMILY_OF_MODEL = {model: family for family, models in _MODELS.items() for model in models.split()}
# All members of FAMILY_OF_MODEL, in the order of the table.
FAMILIES = tuple(_MODELS)

_CARDS: dict[str, tuple[tuple[Row, ...], Mapping[str, tuple[str, ...]]]] = {
    "BPE": (outputs.BPE, outputs.BPE_TABLES),
    "CPE": (outputs.CPE, outputs.CPE_TABLES),
    "ESI": (inputs.ESI, inputs.ESI_TABLES),
    "FDM": (mains_relays.FDM, mains_relays.FDM_TABLES),
    "LIU": (outputs.LIU, outputs.LIU_TABLES),
    "LSG": (outputs.LSG, outputs.LSG_TABLES),
    "MRI": (inputs.MRI, inputs.MRI_TABLES),
    "VSI": (inputs.VSI, inputs.VSI_TABLES),
    "PIO": (inputs.PIO, inputs.PIO_TABLES),
    "REL": (mains_relays.REL, mains_relays.REL_TABLES),
    "RSC": (mains_relays.RSC, {}),
    "SCG": (outputs.SCG, outputs.SCG_TABLES),
    "VSG": (outputs.VSG, outputs.VSG_TABLES),
}


class Fitted(NamedTuple):
    """A module as far as its settings depend on it and on its chassis."""

    model: str
    has_references: bool = False
    is_flat: bool = False
    is_old: bool = False
    is_only_clock: bool = False

    @property
    def family(self) -> str:
        return FAMILY_OF_MODEL.get(self.model, "")


def settings_of(module: Fitted) -> tuple[tuple[Row, ...], Items]:
    """The settings of a module and the items of its fixed tables; none for a module without settings."""
    family = module.family
    if family in CLOCK_FAMILIES:
        return (
            clocks.clock_rows(family, module.has_references),
            clocks.clock_tables(family, module.has_references, module.is_old),
        )
    if family in ("HPS", "PSX"):
        return ptp.ptp_rows(family, module.is_flat), {"ptp/instances/*/unicast-masters": ptp.MASTERS}
    if module.model == "bpe8nnn":
        return outputs.BPE8NNN, dict(outputs.BPE_TABLES)
    table, items = _CARDS.get(family, ((), {}))
    if family == "REL" and module.is_only_clock:
        table = (*table, *mains_relays.REL_ONE_CLOCK)
    return table, dict(items)


def fitted_modules(slots: Iterable[Mapping[str, Any]], firmware: str) -> tuple[tuple[str, Fitted | None], ...]:
    """The slots of a status tree and their modules; `firmware` decides the form of a generation."""
    line = _firmware_line(firmware)
    listed = list(slots)
    clocks_fitted = [slot for slot in listed if slot.get("slot-type") == "clk" and "module" in slot]
    return tuple(
        (
            str(slot.get("object-id")),
            _fitted(slot["module"], line, len(clocks_fitted) == 1) if "module" in slot else None,
        )
        for slot in listed
    )


def known_of(model: str, firmware: str) -> str:
    """What is known of the settings of a module, by the marks of its table; empty if it has none."""
    has_references = FAMILY_OF_MODEL.get(model) in CLOCK_FAMILIES
    table, dummy = settings_of(Fitted(model, has_references, _firmware_line(firmware) < (7, 10)))
    if not table:
        return ""
    marks = [row.mark[0] for row in table]
    confirmed, inferred = marks.count("C"), marks.count("I")
    return (
        f"every path of the {len(table)} settings of a {FAMILY_OF_MODEL[model]}; "
        f"functions: {confirmed} confirmed, {inferred} inferred, {len(marks) - confirmed - inferred} assumed"
    )


def _fitted(module: Mapping[str, Any], line: tuple[int, int], is_only_clock: bool) -> Fitted:
    model = module.get("info", {}).get("model")
    levels = module.get("mrs", [])
    # A clock without MRS may show one level that means nothing.
    has_references = any("status" in level for level in levels)
    return Fitted(str(model), has_references, line < (7, 10), line < (7, 6), is_only_clock)


def _firmware_line(firmware: str) -> tuple[int, int]:
    match = _FIRMWARE.match(firmware)
    return (int(match.group(1)), int(match.group(2))) if match else (0, 0)
