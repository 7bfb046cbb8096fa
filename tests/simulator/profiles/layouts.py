# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modular chassis: no recording of one is public, so most of their members are assumed.

The bays of the M1000 on 7.06 are those of the public device-type library of NetBox: IO1, CPU, IO2, CLK, ESI/IO,
MRI/ESI/IO, PWR1, PWR2.
"""

from __future__ import annotations

from .modular import Chassis, Layout, build
from .parts import CURRENT, MIDDLE, OLD, Site


def _power(count: int) -> Layout:
    return tuple((f"pwr{number}", "pwr", "psu") for number in range(1, count + 1))


m3000 = build(
    Chassis("m3000-7.10", "M3000", "7.10.012", "20.07.002", CURRENT, Site(52.520008, 13.404954, 61.0), 3),
    (
        *_power(4),
        ("clk1", "clk", "gps182"),
        ("clk2", "clk", "gnm181"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("mri1", "mri", "mri"),
        ("esi1", "esi", "esi180"),
        ("io1", "io", "hps100"),
        ("io2", "io", "psx4ge"),
        ("io3", "io", "bpe8nnn"),
        ("io4", "io", "cpe182"),
        ("io5", "io", "fdm182"),
        ("io6", "io", "liu"),
        ("io7", "io", "lsg180"),
        ("io8", "io", "lno180"),
        ("io9", "io", "vsi180"),
        ("io10", "io", "pio180"),
        ("io11", "io", "rel1000"),
        ("io12", "io", "scg181"),
        ("io13", "io", "vsg181"),
        ("io14", "io", ""),
    ),
)
m4000 = build(
    Chassis("m4000-7.10", "M4000", "7.10.012", "20.07.002", CURRENT, Site(50.110924, 8.682127, 112.0), 1),
    (
        *_power(2),
        ("clk1", "clk", "gxl183"),
        ("clk2", "clk", "gns182uc"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("fan1", "fan", "fan"),
        ("fan2", "fan", "fan"),
        ("io1", "io", "hps100"),
        ("io2", "io", ""),
    ),
)
m1000 = build(
    Chassis("m1000-7.10", "M1000", "7.10.009", "20.07.002", CURRENT, Site(51.339695, 12.373075, 113.0), 0),
    (
        *_power(2),
        ("clk1", "clk", "gns182"),
        ("clk2", "clk", "tcr180"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("io1", "io", "bpe8nnn"),
        ("io2", "io", ""),
    ),
)
m2000s = build(
    Chassis("m2000s-7.10", "M2000S", "7.10.009", "20.07.002", CURRENT, Site(49.452102, 11.076665, 309.0), 0),
    (
        *_power(2),
        ("clk1", "clk", "grc181"),
        ("clk2", "clk", "pzf183"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("io1", "io", "liu"),
        ("io2", "io", ""),
    ),
)
m1000_706 = build(
    Chassis("m1000-7.06", "M1000", "7.06.014", "10.21.016", OLD, Site(47.376887, 8.541694, 412.0), 2),
    (
        ("io1", "io", "hps100"),
        ("cpu", "cpu", "cpu"),
        ("io2", "io", "bpe"),
        ("clk1", "clk", "gns181"),
        ("esi1", "esi", "esi180"),
        ("mri1", "mri", "mri"),
        *_power(2),
    ),
)
m3000_708 = build(
    Chassis("m3000-7.08", "M3000", "7.08.011", "16.04.002", MIDDLE, Site(48.208176, 16.373819, 171.0), 2),
    (
        *_power(4),
        ("clk1", "clk", "gnm181"),
        ("clk2", "clk", "pzf182"),
        ("rsc1", "rsc", "rsc2000"),
        ("cpu", "cpu", "cpu"),
        ("mri1", "mri", "mri"),
        ("io1", "io", "hps100"),
        ("io2", "io", "cpe180"),
        ("io3", "io", "fdm180"),
        ("io4", "io", "rel1000"),
        ("io5", "io", "pio180"),
        ("io6", "io", "lno180"),
        ("io7", "io", "vsg180"),
        ("io8", "io", "vsi180"),
        ("io9", "io", "scg"),
        ("io10", "io", ""),
    ),
)
m2000s_704 = build(
    Chassis("m2000s-7.04", "M2000S", "7.04.020", "8.05.004", OLD, Site(53.075200, 8.806900, 12.0), 0),
    (
        *_power(2),
        ("clk1", "clk", "gns181uc"),
        ("clk2", "clk", "tcr180"),
        ("rsc1", "rsc", "rsc180"),
        ("cpu", "cpu", "cpu"),
        ("io1", "io", "liu"),
        ("io2", "io", ""),
    ),
)
