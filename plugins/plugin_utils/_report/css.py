# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The style sheet of the HTML report: a control-room printout, on paper by day and on glass by night.

C(LIGHT) and C(DARK) are the palettes, C(PAIRS) says which colour stands on which: a test computes their contrasts.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

LIGHT = {
    "paper": "#fbfaf6",
    "panel": "#f1efe7",
    "stripe": "#f6f4ed",
    "rule": "#d9d5c9",
    "ink": "#1c1f23",
    "soft": "#565b63",
    "link": "#1d4f8f",
    "good": "#1b6b3b",
    "warn": "#8a4c00",
    "bad": "#a81c1c",
    "none": "#5d5f66",
    "alarm": "#9c1717",
    "on-alarm": "#ffffff",
    "add": "#14522c",
    "add-ground": "#e2f0e4",
    "del": "#8a1c16",
    "del-ground": "#f8e3de",
    "bar": "#52677d",
    "hatch": "#f3d9a6",
}
DARK = {
    "paper": "#12161a",
    "panel": "#1b2127",
    "stripe": "#161b20",
    "rule": "#353d45",
    "ink": "#e6e4dd",
    "soft": "#a6acb4",
    "link": "#8fbff5",
    "good": "#72d199",
    "warn": "#f1b45a",
    "bad": "#ff8d83",
    "none": "#a6a9b2",
    "alarm": "#8f1717",
    "on-alarm": "#ffffff",
    "add": "#a3e4b8",
    "add-ground": "#12301f",
    "del": "#ffb6ad",
    "del-ground": "#3d1a17",
    "bar": "#8098b0",
    "hatch": "#4a2f05",
}

# (what stands, on what, least contrast): 4.5 for text, 3 for signs and bars (WCAG 2.2, 1.4.3 and 1.4.11).
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(
        (ink, ground, 4.5)
        for ink in ("ink", "soft", "link", "good", "warn", "bad", "none")
        for ground in ("paper", "panel", "stripe")
    ),
    ("on-alarm", "alarm", 4.5),
    ("add", "add-ground", 4.5),
    ("del", "del-ground", 4.5),
    ("bar", "paper", 3.0),
    ("bar", "hatch", 3.0),
)

_RULES = """
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:14px/1.45 "Helvetica Neue",Helvetica,"Liberation Sans",Arial,system-ui,sans-serif;
font-variant-numeric:tabular-nums}
.page{max-width:1280px;margin:0 auto;padding:0 28px 48px}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999em}
.skip:focus{left:12px;top:12px;background:var(--paper);padding:6px 10px}
.defs{position:absolute}
code,pre,.mono{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.915em}
header{padding-top:26px}
.kicker{margin:0;font-size:11px;letter-spacing:.14em;text-transform:uppercase;color:var(--soft)}
.head{display:flex;flex-wrap:wrap;gap:6px 40px;align-items:end;justify-content:space-between;
border-bottom:3px double var(--ink);padding-bottom:12px}
h1{font-size:27px;line-height:1.15;font-weight:600;letter-spacing:-.012em;margin:3px 0 0;overflow-wrap:anywhere}
.meta{display:grid;grid-template-columns:auto auto;gap:0 12px;margin:0;font-size:12.5px}
.meta dt{color:var(--soft)}
.meta dd{margin:0;overflow-wrap:anywhere}
h2{font-size:17px;font-weight:600;margin:38px 0 3px;padding-top:9px;border-top:1px solid var(--ink);scroll-margin-top:8px}
h2 .count,tr.group .count{font-weight:400;color:var(--soft)}
.lead{margin:0 0 12px;color:var(--soft);max-width:76ch}
.verdict{margin:18px 0 0}
.verdict ul{list-style:none;margin:10px 0 0;padding:0;font-size:16px}
.verdict li{display:flex;gap:4px;align-items:baseline;padding:2px 0}
.verdict .sign{flex:none;width:12px;height:12px}
.alarm{background:var(--alarm);color:var(--on-alarm);padding:13px 18px 14px}
.alarm p{margin:0;font-size:21px;line-height:1.3;font-weight:600}
.alarm .names{font-size:13.5px;font-weight:400;margin-top:5px;overflow-wrap:anywhere}
.tally{display:grid;grid-template-columns:repeat(7,1fr);margin:20px 0 0;border:1px solid var(--rule);border-bottom:0;background:var(--panel)}
.tally div{padding:9px 14px 10px;border-left:1px solid var(--rule)}
.tally div:first-child{border-left:0}
.tally a{color:inherit;text-decoration:none}
.tally a:hover{text-decoration:underline}
.tally dt{font-size:12px;color:var(--soft);white-space:nowrap}
.tally dd{margin:0;font-size:25px;line-height:1.15;font-weight:300}
.tally .zero dd{color:var(--soft)}
.tally .zero .sign{fill:var(--soft)}
.tally .set.bad dd{color:var(--bad);font-weight:600}
.tally .set.warn dd{color:var(--warn);font-weight:600}
.tally-bar{display:block;width:100%;height:8px}
.sign{vertical-align:-1px;margin-right:6px}
.good{fill:var(--good)}.warn{fill:var(--warn)}.bad{fill:var(--bad)}.none{fill:var(--none)}
.word-good{color:var(--good)}.word-warn{color:var(--warn)}.word-bad{color:var(--bad)}.word-none{color:var(--none)}
.plots{display:grid;grid-template-columns:1fr 1fr;gap:0 44px;margin-top:6px}
.plots.one{grid-template-columns:minmax(0,640px)}
figure{margin:0;min-width:0}
figure h2{border-top-width:1px}
figcaption{color:var(--soft);font-size:12.5px;margin-bottom:8px;max-width:70ch}
.plot{display:block;width:100%;height:auto;overflow:visible;font-size:12px}
.plot text{fill:var(--ink)}
.plot .axis{fill:var(--soft)}
.plot .number{font-weight:600}
.plot .bar{fill:var(--bar)}
.hatch{stroke:var(--hatch);stroke-width:1.3;fill:none}
.plot .base{stroke:var(--ink);stroke-width:1}
.plot .grid{stroke:var(--rule);stroke-width:1}
.plot .limit{stroke:var(--bad);stroke-width:1.4;stroke-dasharray:5 3}
.scroll{overflow-x:auto;scrollbar-width:thin}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.35}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
caption{text-align:left;color:var(--soft);padding:0 0 8px;font-size:12.5px}
th,td{text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:1px solid var(--rule)}
th{font-weight:600}
thead th{font-size:12px;font-weight:400;color:var(--soft);vertical-align:bottom;background:var(--paper);border-bottom:1px solid var(--ink);white-space:nowrap}
td.n,th.n{text-align:right;padding-right:24px}
th:last-child,td:last-child{padding-right:0}
tbody th[scope=row]{overflow-wrap:anywhere;min-width:8em;max-width:22em}
.fleet td{white-space:nowrap}
.fleet td.long{white-space:normal;overflow-wrap:anywhere;min-width:15ch}
.fleet td.id{color:var(--soft)}
.fleet tbody tr:nth-child(even)>*{background:var(--stripe)}
.fleet th:first-child{padding-left:6px}
tr.group th{overflow-wrap:anywhere;background:var(--panel)!important;padding:5px 6px;font-weight:600;font-size:12px}
tr.dark td{color:var(--soft)}
.legend{display:inline-flex;flex-wrap:wrap;gap:0 16px}
.none-given{color:var(--soft)}
.only{display:none;margin:0 0 8px;font-size:13px}
@supports selector(:has(*)){.only{display:block}}
.fleet-block:has(#only:checked) tr.fine{display:none}
details{border-bottom:1px solid var(--rule)}
details:first-of-type{border-top:1px solid var(--rule)}
summary{cursor:pointer;padding:6px 0;display:flex;flex-wrap:wrap;gap:0 14px;align-items:baseline;list-style-position:inside}
summary::before{content:"+";font-family:ui-monospace,Consolas,"DejaVu Sans Mono",monospace;color:var(--soft);width:.6em}
details[open]>summary::before{content:"\\2212"}
summary::-webkit-details-marker{display:none}
summary b{font-weight:600;overflow-wrap:anywhere}
summary span{color:var(--soft)}
.diff{margin:0 0 14px 1.35em;border-left:1px solid var(--rule);overflow-x:auto}
.diff pre{margin:0;min-width:max-content;line-height:1.5}
.diff .at,.diff .say{color:var(--soft);padding:1px 12px}
.diff .at{padding-top:6px;color:var(--ink)}
.diff ins,.diff del{text-decoration:none;display:block;padding:0 12px}
.diff ins{background:var(--add-ground);color:var(--add)}
.diff del{background:var(--del-ground);color:var(--del)}
.diff .at,.diff .say{display:block}
.diff ins::before{content:"+\\a0"}
.diff del::before{content:"\\2212\\a0"}
.hint{margin:2px 0 8px 1.35em;color:var(--soft);font-size:13px}
.check td{overflow-wrap:anywhere;min-width:11em}
.check td.tight{white-space:nowrap;min-width:0}
footer{margin-top:44px;border-top:3px double var(--ink);padding-top:10px;color:var(--soft);font-size:12.5px;max-width:none}
footer p{margin:0 0 4px;max-width:90ch}
@media screen and (min-width:1100px){.scroll.wide{overflow:visible}.scroll.wide thead th{position:sticky;top:0;z-index:1}}
@media screen and (max-width:900px){.page{padding:0 16px 32px}.plots{grid-template-columns:1fr}.tally{grid-template-columns:repeat(4,1fr)}
.tally div:nth-child(5){border-left:0}.tally div:nth-child(n+5){border-top:1px solid var(--rule)}}
@media screen and (max-width:1099px){.fleet th:first-child{position:sticky;left:0;z-index:1;
background:var(--paper);border-right:1px solid var(--rule);padding-right:10px}}
@media screen and (max-width:560px){h1{font-size:22px}.alarm p{font-size:17px}.tally{grid-template-columns:repeat(2,1fr)}
.tally div:nth-child(odd){border-left:0}.tally div:nth-child(n+3){border-top:1px solid var(--rule)}
.tally div:first-child{grid-column:1/-1}.tally div:nth-child(odd):not(:first-child){border-left:1px solid var(--rule)}.tally div:nth-child(even){border-left:0}
.tally div:nth-child(n+2){border-top:1px solid var(--rule)}.plot{font-size:16px}
.check,.check tbody,.check tr,.check th,.check td{display:block}.check thead,.check .nil{display:none}
.check tr{border-bottom:1px solid var(--rule);padding:6px 0}.check th,.check td{border:0;padding:1px 0;max-width:none}}
@page{margin:14mm 12mm}
@media print{:root{--paper:#fff;--stripe:#fff}body{font-size:9.5pt}.page{max-width:none;padding:0}.only,.skip{display:none!important}
a{color:inherit;text-decoration:none}.scroll,.diff{overflow:visible}.plots{gap:0 24px}
table{font-size:8pt}th,td,td.n,th.n{padding:2.5px 8px 2.5px 0}thead{display:table-header-group}tbody th[scope=row]{min-width:6em}
.fleet{font-size:7.4pt}.fleet thead th{white-space:normal;font-size:7pt}.check td{min-width:0}
tr,figure,.tally,.verdict{break-inside:avoid}h2,summary,tr.group{break-after:avoid}.diff pre{white-space:pre-wrap;min-width:0;overflow-wrap:anywhere}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details::details-content{content-visibility:visible!important;block-size:auto!important}}
"""


def _variables(palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in palette.items())


CSS = (
    f":root{{color-scheme:light dark;{_variables(LIGHT)}}}\n"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}\n" + _RULES.strip() + "\n"
)
