# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the cards with outputs: BPE, CPE, LIU, LSG, SCG, VSG. A LNO has none."""

from __future__ import annotations

from .rows import rows

_SOCKETS = {"outputs": ("out1", "out2", "out3", "out4")}
_RATES = "one-of 32000,44100,48000,88200,96000,176400,192000"

# Only the BPE8NNN is assumed to choose by socket; the signals of the others are wired.
BPE8NNN = rows("""
outputs/out1/signal             | enum backplane        | 10mhz      | rw | = | A
outputs/out2/signal             | enum backplane        | pps        | rw | = | A
outputs/out3/signal             | enum backplane        | irig-dcls  | rw | = | A
outputs/out4/signal             | enum backplane        | 2048khz    | rw | = | A
""")
BPE = rows("""
outputs/out1/signal             | enum backplane        | pps        | ro | = | C:BPE
outputs/out2/signal             | enum backplane        | 10mhz      | ro | = | C:BPE
outputs/out3/signal             | enum backplane        | irig-dcls  | ro | = | C:BPE
outputs/out4/signal             | enum backplane        | irig-am    | ro | = | C:BPE
""")
BPE_TABLES = _SOCKETS

CPE = rows("""
outputs/*/signal                | enum made             | off        | rw | = | C:DM
outputs/out1/signal             | enum made             | programmable-pulse | rw | = | C:DM
outputs/out2/signal             | enum made             | pps        | rw | = | C:DM
outputs/*/mode                  | enum pulse-mode       | pulse-per-second | rw | - | A
outputs/*/pulse-length          | int 10..10000 step 10 | 200        | rw | - | A
outputs/*/cycle                 | time                  | 00:00:01   | rw | - | A
outputs/*/invert                | switch                | false      | rw | - | A
outputs/*/frequency             | float 0..10000000     | 10000000.0 | rw | - | A
outputs/*/code                  | enum icode-tx         | b002-b122  | rw | - | A
outputs/*/level                 | tokens ttl,cmos,rs422,optical | ttl | ro | = | C:DM
outputs/*/connector             | tokens bnc,st,dsub9,dmc | bnc      | ro | = | C:DM
""")
CPE_TABLES = _SOCKETS

# The mode is one choice for all outputs, which follow it.
LIU = rows("""
mode                            | tokens e1,t1          | e1         | rw | = | C:LIU
outputs/out<1..4>/signal        | enum telecom          | e1-bits    | ro | = | C:LIU
outputs/out<5..8>/signal        | enum telecom          | 2048khz    | ro | = | C:LIU
""")
LIU_TABLES = {"outputs": tuple(f"out{number}" for number in range(1, 9))}

LSG = rows("""
mode                            | tokens e1,t1          | e1         | rw | = | A
outputs/out<1..2>/signal        | enum telecom          | e1-bits    | rw | = | A
outputs/out<3..4>/signal        | enum telecom          | 2048khz    | rw | = | A
outputs/*/quality-level         | enum ql-e1            | ql-prc     | rw | = | A
outputs/*/sa-bit-group          | enum sa-bits          | sa4        | rw | - | A
""")
LSG_TABLES = _SOCKETS

SCG = rows(f"""
outputs/*/signal                | tokens off,word-clock,aes11 | word-clock | rw | = | C:DM
outputs/out2/signal             | tokens off,word-clock,aes11 | aes11 | rw | = | C:DM
outputs/*/sample-rate           | {_RATES}              | 48000      | rw | - | A
""")
SCG_TABLES = _SOCKETS

_VIDEO = "tokens off,bi-level,tri-level,ltc,dars,word-clock"
VSG = rows(f"""
outputs/out1/signal             | {_VIDEO}              | tri-level  | rw | = | C:DM
outputs/out2/signal             | {_VIDEO}              | ltc        | rw | = | C:DM
outputs/out3/signal             | {_VIDEO}              | dars       | rw | = | C:DM
outputs/out4/signal             | {_VIDEO}              | word-clock | rw | = | C:DM
outputs/*/format                | enum raster           | 1080i50    | rw | - | A
outputs/*/phase                 | float -20000..20000   | 0.0        | rw | = | A
outputs/*/frame-rate            | enum frame-rate       | 25         | rw | - | A
outputs/*/sample-rate           | {_RATES}              | 48000      | rw | - | A
""")
VSG_TABLES = _SOCKETS
