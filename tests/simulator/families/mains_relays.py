# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the mains monitor (FDM), the error relays (REL) and the clock switch (RSC)."""

from __future__ import annotations

from .rows import rows

FDM = rows("""
fdm/nominal-frequency           | one-of 50,60          | 50         | rw | = | C:FDM, C:MIB
fdm/minimum-frequency           | float 45..65          | 49.8       | rw | - | C:FDM
fdm/maximum-frequency           | float 45..65          | 50.2       | rw | - | C:FDM
fdm/maximum-negative-time-deviation | float 0..99.999   | 10.0       | rw | - | C:FDM
fdm/maximum-positive-time-deviation | float 0..99.999   | 10.0       | rw | - | C:FDM
fdm/monitoring-enabled          | switch                | true       | rw | - | A
fdm/logging                     | switch                | false      | rw | - | C:FDM
fdm/time-zone                   | text 0..64            | UTC        | rw | - | C:FDM
fdm/analog-outputs/*/source     | tokens off,frequency-deviation,time-deviation | frequency-deviation | rw | - | A
fdm/analog-outputs/a1/source    | tokens off,frequency-deviation,time-deviation | time-deviation | rw | - | A
fdm/analog-outputs/*/full-scale | float 0.001..100      | 1.0        | rw | - | A
fdm/analog-outputs/a1/full-scale | float 0.001..100     | 10.0       | rw | - | A
fdm/serial-ports/*/baud-rate    | baud-rate             | 19200      | rw | - | C:FDM
fdm/serial-ports/*/framing      | enum framing          | 8n1        | rw | - | A
fdm/serial-ports/*/string-type  | tokens fdm-standard,fdm-fingrid | fdm-standard | rw | - | C:FDM
fdm/serial-ports/*/mode         | enum string-mode      | per-second | rw | - | C:FDM
""")
FDM_TABLES = {"fdm/analog-outputs": ("a0", "a1"), "fdm/serial-ports": ("com0", "com1")}

# Jumpers choose the source before the card is fitted. Only a and c can follow events.
_SOURCES = "tokens clk1,clk2,rsc,pps,10mhz,notification-events"
REL = rows(f"""
relays/a/source                 | {_SOURCES}            | clk1       | ro | = | C:REL
relays/b/source                 | {_SOURCES}            | clk2       | ro | = | C:REL
relays/c/source                 | {_SOURCES}            | rsc        | ro | = | C:REL
relays/a/events                 | set-of notification/events | -     | rw | - | A
relays/c/events                 | set-of notification/events | -     | rw | - | A
""")
# In a unit with one clock.
REL_ONE_CLOCK = rows(f"""
relays/b/source                 | {_SOURCES}            | pps        | ro | = | C:REL
relays/c/source                 | {_SOURCES}            | 10mhz      | ro | = | C:REL
""")
REL_TABLES = {"relays": ("a", "b", "c")}

RSC = rows("""
mode                            | tokens automatic,manual | automatic | rw | = | C:RSC, C:SDK
selected-clock                  | tokens clk1,clk2      | clk1       | rw | - | C:RSC
outputs-enabled                 | switch                | true       | rw | = | C:SDK
""")
