# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the cards with inputs: ESI, MRI, VSI, PIO."""

from __future__ import annotations

from .rows import rows

ESI = rows("""
inputs/*/type                   | tokens off,e1-bits,t1-bits,2048khz,1544khz,frequency,pps | e1-bits | rw | = | C:ESI, C:SDK
inputs/*/frequency              | float 1000..10000000  | 10000000.0 | rw | - | C:ESI
inputs/*/minimum-quality-level  | enum ql-e1            | ql-ssu-a   | rw | = | C:ESI, C:SDK
inputs/*/minimum-boc-level      | enum ql-t1            | ql-st2     | rw | - | C:SDK
inputs/*/sa-bit-group           | enum sa-bits          | sa4        | rw | = | C:ESI, C:SDK
inputs/*/cycle-slip-limit       | int 0..1000000        | 1000       | rw | - | C:SDK
""")
ESI_TABLES = {"inputs": ("in1",)}

MRI = rows("""
inputs/in1/type                 | tokens pps            | pps        | ro | = | C:MRI
inputs/in2/type                 | tokens 10mhz          | 10mhz      | ro | = | C:MRI
inputs/in3/type                 | tokens irig-dcls      | irig-dcls  | ro | = | C:MRI
inputs/in4/type                 | tokens irig-am        | irig-am    | ro | = | C:MRI
inputs/in3/code                 | enum icode-rx-dcls    | b002-b003  | rw | = | C:MRI
inputs/in4/code                 | enum icode-rx-am      | b122-b123  | rw | = | C:MRI
inputs/in<3..4>/utc-offset      | int -750..750         | 0          | rw | - | C:SDK, C:TCR
inputs/in<3..4>/disable-tfom    | switch                | false      | rw | - | C:SDK
inputs/in4/input-impedance      | one-of 50,600,5000    | 600        | ro | - | C:MRI
""")
MRI_TABLES = {"inputs": ("in1", "in2", "in3", "in4")}

VSI = rows("""
inputs/*/type                   | tokens off,black-burst,ltc,word-clock,pps | off | rw | = | C:DM
inputs/in1/type                 | tokens off,black-burst,ltc,word-clock,pps | black-burst | rw | = | C:DM
inputs/*/format                 | enum raster           | pal        | rw | - | A
inputs/*/frequency              | float 1000..10000000  | 48000.0    | rw | - | A
inputs/*/frame-rate             | enum frame-rate       | 25         | rw | - | A
""")
VSI_TABLES = {"inputs": ("in1", "in2", "in3", "in4")}

PIO = rows("""
ports/*/direction               | tokens input,output   | input      | rw | = | C:DM
ports/*/signal                  | tokens none,pps,10mhz,programmable-pulse | none | rw | = | A
ports/*/edge                    | tokens rising,falling | rising     | rw | - | A
ports/*/cable-delay             | float -1000000..1000000 | 0.0      | rw | - | A
""")
PIO_TABLES = {"ports": ("io1", "io2", "io3", "io4")}
