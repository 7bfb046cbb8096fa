# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 28 to 39: statuses and forms of answers."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    ENVELOPE,
    FIRST,
    LAST,
    NEW,
    OLD,
    PATIENT,
    Row,
    dialect,
    exactly,
    fault,
    meanwhile,
    rollback,
)


def retry_after(value: str, *codes: str) -> Row:
    shown = value.replace(",", "").replace(":", ".")
    return Row(
        31,
        f"429 with Retry-After {shown}",
        fault("status", status=429, method="GET", times=1, headers={"Retry-After": value}),
        codes,
        codes,
        OLD if codes else NEW,
    )


ROWS = [
    Row(
        28,
        "missing section",
        fault("status", status=404, method="GET", path="/api/config/snmp"),
        ("unknown_name",),
        ("unknown_name",),
        OLD,
    ),
    *[
        Row(
            29,
            f"{status} on PUT",
            fault("status", status=status, method="PUT"),
            ("method_refused",),
            end=OLD,
            also=exactly(1),
        )
        for status in (405, 501)
    ],
    *[
        Row(
            30,
            f"{status} on a later PUT",
            fault("status", status=status, method="PUT", path=LAST),
            ("conflict",),
            end=OLD,
            also=exactly(1, LAST),
        )
        for status in (409, 412, 423)
    ],
    Row(30, "423 on the first PUT", fault("status", status=423, method="PUT"), ("conflict",), end=OLD, also=exactly(1)),
    retry_after("0"),
    retry_after("-5"),
    retry_after("Sat, 01 Jan 2022 00:00:00 GMT"),
    retry_after("soon"),
    retry_after("99999999999999999999", "busy"),
    retry_after("Fri, 01 Jan 2100 00:00:00 GMT", "busy"),
    Row(
        31,
        "429 on PUT",
        fault("status", status=429, method="PUT", path=LAST),
        ("busy",),
        end=OLD,
        also=exactly(1, LAST),
    ),
    Row(32, "500 once on GET", fault("status", status=500, method="GET", times=1)),
    Row(
        33, "500 after the PUT took effect", fault("error-after-effect", method="PUT", path=LAST), also=exactly(1, LAST)
    ),
    Row(
        33,
        "500 without effect",
        fault("status", status=500, method="PUT", path=LAST),
        ("server_error",),
        end=OLD,
        also=exactly(1, LAST),
    ),
    Row(
        34,
        "503 while a service restarts",
        fault("status", status=503, method="GET", path=FIRST, nth=3, times=3),
        options={**PATIENT, "retries": 0},
        timed=True,
    ),
    Row(
        34,
        "the web service is unreachable for a while",
        meanwhile(lambda d: setattr(d, "away_until", d.ticks() + 0.5), "GET", FIRST, 3),
        options=PATIENT,
        timed=True,
    ),
    Row(
        35,
        "an error in a 200",
        fault("status", status=200, method="PUT", path=LAST, body={"error": "no"}),
        ("rejected",),
        end=OLD,
        also=exactly(1, LAST),
    ),
    Row(
        35,
        "an error in each 200",
        dialect(put_answer="error-in-200"),
        ("rejected",),
        end=OLD,
        more={"ntp": {"local-clock": {"stratum": 99}}},
    ),
    Row(
        36,
        "clamped",
        dialect(request_error="clamp"),
        ("not_applied",),
        end=OLD,
        more={"ntp": {"local-clock": {"stratum": 99}}},
        also=rollback("rolled_back"),
        timed=True,
    ),
    Row(
        36,
        "ignored",
        fault("status", status=200, method="PUT", path=LAST, body=ENVELOPE),
        ("not_applied",),
        end=OLD,
        also=rollback("rolled_back"),
        timed=True,
    ),
    *[
        Row(
            37,
            f"shown as {form}",
            dialect(switch_form=form),
            more={"ntp": {"local-clock": {"disabled": True}, "trust-time": 5}},
        )
        for form in ("enabled-disabled", "on-off", "int", "strings")
    ],
    Row(38, "applied later", dialect(effect="delayed", effect_delay=0.4), options=PATIENT, timed=True),
    *[
        Row(39, f"answer {form}", dialect(put_answer=form, effect_delay=0.2), options=PATIENT, timed=form == "202")
        for form in ("202", "204", "empty", "envelope-no-data")
    ],
]
