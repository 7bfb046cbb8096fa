# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of invented fleets for the tests of reports: eight devices with one of each fate, and any number of them.

Facts are made by the collection's own code from invented answers of GET /api/status.
"""

from __future__ import annotations

import datetime
import random
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts as _facts
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import model as _report

Record = dict[str, t.Any]

GENERATED = "2026-06-01T12:00:00Z"
TODAY = datetime.date(2026, 6, 1)
SUBSETS = frozenset({"min", "sync", "receiver", "ntp", "firmware"})
SECTIONS = ("ntp", "network", "snmp", "notification", "system", "security")

_SITES = ("frankfurt", "hamburg", "munich", "zurich")


def report(
    records: t.Sequence[t.Any],
    expected: t.Sequence[str] = (),
    inputs: t.Sequence[dict[str, t.Any]] = (),
    **heading: t.Any,
) -> dict[str, t.Any]:
    """The report of records. heading: what is not as usual in it."""
    given = {"title": "Nightly", "generated": GENERATED, **heading}
    return _report.build_report(_report.ReportHeading(**given), records, expected, inputs)


def facts(
    name: str,
    model: str = "M600",
    serial: str = "001588322299",
    firmware: str = "7.10.008",
    clock: str = "synchronized",
    quality: str = "less-than-100ns",
    stratum: int = 1,
    good: int = 9,
    kind: str = "gns",
) -> dict[str, t.Any]:
    """The facts of a device as lantime_facts gives them for SUBSETS."""
    synchronized = clock == "synchronized"
    block: dict[str, t.Any] = {
        "receiver-status": clock,
        "antenna": {"connected": good > 0, "short-circuit": False},
    }
    module: dict[str, t.Any] = {"info": {"model": f"{kind}181"}, kind: block}
    if kind == "gns":
        module["satellites"] = {"good-satellites": good, "satellites-in-view": good + 5}
    envelope = {
        "system-information": {
            "API Version": "LANTIME REST API V20.05.013",
            "version": f"fw_{firmware}",
            "serial-number": serial,
            "hostname": name,
            "time-stamp": "2026-06-01T11:59:58",
            "model": model,
        },
        "changes": {"pending-changes": 0},
        "data": {
            "rest-api": {"api-version": "20.05.013"},
            "system": {
                "sync-status": {
                    "reference": f"clk1-{kind}",
                    "ref-type": kind,
                    "osc-type": "ocxo-hq",
                    "est-time-quality": quality,
                    "clock-status": {
                        "clock": clock,
                        "oscillator": "warmed-up",
                        "antenna": "connected" if good else "disconnected",
                    },
                },
                "firmware": {"running": f"fw_{firmware}", "selected": f"fw_{firmware}"},
            },
            "chassis0": {"slots": [{"object-id": "clk1", "slot-type": "clk", "module": module}]},
            "ntp": [
                {"object-id": "sys", "stratum": stratum, "leap": 0 if synchronized else 3},
            ],
        },
    }
    return _facts.gather_facts(envelope, SUBSETS)


def difference(path: str, before: t.Any, after: t.Any, **more: t.Any) -> dict[str, t.Any]:
    """A difference; more: op, class_ and whatever else is not the default."""
    class_ = more.pop("class_", "config")
    return {
        "section": path.split("/")[0],
        "path": path,
        "op": "replace",
        "before": before,
        "after": after,
        "class": class_,
        "severity": "error" if class_ == "security" else "warning",
        "accepted": None,
        "expired": None,
        "peers": None,
        **more,
    }


def drift(
    *differences: dict[str, t.Any], blind: t.Mapping[str, str] | None = None, mode: str = "golden"
) -> dict[str, t.Any]:
    """A drift. blind: reason by section for those that were not compared."""
    wrong = {d["section"] for d in differences if d["accepted"] is None}
    taken = {d["section"] for d in differences} - wrong
    sections = []
    for name in SECTIONS:
        reason = (blind or {}).get(name)
        state = "not_checked" if reason else "drift" if name in wrong else "accepted" if name in taken else "clean"
        sections.append({"name": name, "state": state, "reason": reason})
    state = "drift" if wrong else "not_checked" if blind else "clean"
    return {
        "mode": mode,
        "sections": sections,
        "differences": list(differences),
        "not_compared": [],
        "state": state,
    }


_CHECKS = (
    ("time_synchronized", None, "The clock is synchronized to clk1-gns.", None),
    (
        "estimated_quality",
        "ns",
        "The device estimates its time to be within {value} ns.",
        "Find out since when the clock has been without a good reference.",
    ),
    ("satellites", None, "{value} satellites are good.", "Look at the sky view of the antenna."),
    ("certificate_self_signed", None, "The certificate is not self-signed.", "Install a certificate of your own CA."),
    ("external_holdover", None, "The device has no external rubidium shelf.", None),
)


def health(**found: tuple[str, t.Any, str]) -> dict[str, t.Any]:
    """The result of lantime_health. found: (state, value, message) by check, for those that are not ok."""
    checks: list[dict[str, t.Any]] = []
    for name, unit, text, remedy in _CHECKS:
        state, value, message = found.get(name, ("ok", 100 if unit else 9, ""))
        if name == "external_holdover" and name not in found:
            state = "skipped"
        checks.append(
            {
                "name": name,
                "state": state,
                "value": value,
                "limit": 1000 if unit else None,
                "unit": unit,
                "subject": "clk1" if name == "satellites" else None,
                "since": "2026-06-01T09:14:00Z" if state in ("error", "critical") else None,
                "message": message or text.format(value=value),
                "remedy": remedy if state in ("warning", "error", "critical") else None,
            }
        )
    states = [check["state"] for check in checks]
    order = ("critical", "error", "warning", "unknown", "info")
    worst = next((state for state in order if state in states), "ok")
    return {
        "changed": False,
        "healthy": worst in ("ok", "info"),
        "worst": worst,
        "profile": "it",
        "checks": checks,
        "counts": {state: states.count(state) for state in (*order, "ok", "skipped")},
        "waited_seconds": 0.0,
        "device": {},
    }


def record(name: str, **more: t.Any) -> Record:
    """A record; what is not given is a healthy, clean device."""
    return {
        "host": name,
        "group": None,
        "facts": facts(name),
        "health": health(),
        "drift": drift(),
        "error": None,
        **more,
    }


def failed(name: str, kind: str, code: str | None, message: str, group: str | None = None) -> Record:
    """The record of a host that could not be checked."""
    return {
        "host": name,
        "group": group,
        "error": {"kind": kind, "code": code, "message": f"{name}: {message}"},
    }


REFUSED = (
    "nothing listens on port 443; check that the device is up, the port, and that HTTPS is enabled on the interface."
)
BANNED = "the device refused the credentials; check username, password or token; there is no second attempt, because failed logins lock the account."

EXPECTED = ("ts-core", "ts-east", "ts-lab", "ts-north", "ts-old", "ts-south", "ts-spare", "ts-west")


def eight() -> list[Record]:
    """Seven records of EXPECTED; ts-spare has none."""
    return [
        record("ts-core", facts=facts("ts-core", model="M3000", serial="002621214284", firmware="7.10.012", good=11)),
        record(
            "ts-west",
            facts=facts("ts-west", serial="001588322299"),
            drift=drift(
                difference("ntp/local-clock/stratum", 3, 12),
                difference("ntp/servers/server2", None, {"address": "192.0.2.53", "iburst": True, "key": 0}, op="add"),
                difference("snmp/location", "Rack 7, Frankfurt", "Rack 9, Frankfurt"),
                difference("snmp/read-community", "********", "********", class_="security"),
                difference("network/nameserver2", "198.51.100.9", "", op="remove"),
            ),
        ),
        record(
            "ts-east",
            facts=facts("ts-east", serial="001588322301", clock="holdover", quality="less-than-5us", good=0),
            health=health(
                time_synchronized=("warning", "holdover", "The clock is in holdover."),
                estimated_quality=("critical", 5000, "The device estimates its time to be within 5000 ns."),
                satellites=("critical", 0, "The antenna of clk1 is not connected."),
            ),
            drift=drift(
                difference(
                    "notification/syslog/server1",
                    "192.0.2.20",
                    "192.0.2.21",
                    accepted={"until": "2026-12-31", "reason": "moves with the new log host, CHG-4711"},
                ),
            ),
        ),
        record(
            "ts-south",
            facts=facts(
                "ts-south",
                model="M400",
                serial="000712345678",
                firmware="7.08.013",
                stratum=2,
                clock="not-synchronized",
                quality="less-than-10ms",
                kind="pzf",
            ),
            health=health(certificate_self_signed=("warning", True, "The certificate is self-signed.")),
            drift=drift(
                difference("security/https/min-tls", "1.0", "1.2", class_="security"),
                blind={"notification": "the user's level does not allow this"},
            ),
        ),
        record(
            "ts-old",
            facts=facts(
                "ts-old",
                model="M300",
                serial="003993390129",
                firmware="7.06.017-light",
                quality="less-than-10us",
                kind="pzf",
            ),
        ),
        failed("ts-north", "unreachable", "refused", REFUSED),
        failed("ts-lab", "failed", "auth_failed", BANNED),
    ]


def factory(count: int) -> list[Record]:
    """A fleet in which all devices but the first have the warning of the factory certificate; four are critical, some
    drift in the same way, some have the same accepted drift, and one is not reachable."""
    warning: dict[str, tuple[str, t.Any, str]] = {
        "certificate_self_signed": ("warning", True, "The certificate is self-signed.")
    }
    critical: dict[str, tuple[str, t.Any, str]] = {
        "satellites": ("critical", 0, "The antenna of clk1 is not connected.")
    }
    stratum = difference("ntp/local-clock/stratum", 3, 12)
    tls = difference("security/https/min-tls", "1.0", "1.2", class_="security")
    accepted = {"until": "2026-12-31", "reason": "moves with the new log host, CHG-4711"}
    log_host = difference("notification/syslog/server1", "192.0.2.20", "192.0.2.21", accepted=accepted)
    records = []
    for number in range(1, count + 1):
        name = f"ts{number}"
        more: dict[str, t.Any] = {"health": health() if number == 1 else health(**warning)}
        if number in (7, 91, 120, 188):
            more["health"] = health(**warning, **critical)
            more["facts"] = facts(name, clock="holdover", quality="less-than-5us", good=0)
        if number % 9 == 0:
            more["drift"] = drift(stratum)
        if number % 50 == 0:
            more["drift"] = drift(stratum, tls)
        if number % 20 == 3:
            more["drift"] = drift(log_host)
        records.append(record(name, **more))
    silent = min(count, 42)
    records[silent - 1] = failed(f"ts{silent}", "unreachable", "refused", REFUSED)
    return records


def operation(path: str, before: t.Any, after: t.Any, state: str = "succeeded", **more: t.Any) -> dict[str, t.Any]:
    """An operation of lantime_config."""
    return {
        "id": 1,
        "handler": path.split("/")[0],
        "action": "set",
        "path": path,
        "before": before,
        "after": after,
        "state": state,
        **more,
    }


def session(path: str = "/api/status", milliseconds: float = 40.0, **more: t.Any) -> dict[str, t.Any]:
    """An HTTP session as a module returns it with http_log."""
    return {
        "method": "GET",
        "path": path,
        "status": 200,
        "error": None,
        "attempt": 1,
        "request_bytes": 0,
        "response_bytes": 31161,
        "request_time": "2026-06-01T11:59:58.011Z",
        "response_time": "2026-06-01T11:59:58.203Z",
        "round_trip_ms": milliseconds,
        **more,
    }


NOT_FIT = "the device was not changed because another device in its ring failed the health check"


def rollout(count: int = 8) -> list[Record]:
    """A rollout on count devices, at least 8: most are changed, one was correct before, one is rolled back, one fails
    in part, one is not reachable, the last ring is not changed."""
    stratum = ("ntp/local-clock", {"stratum": 3}, {"stratum": 12})
    location = ("snmp", {"location": "Rack 7"}, {"location": "Rack 9"})
    records = []
    for number in range(1, count + 1):
        operations = [operation(*stratum), operation(*location, id=2)]
        change: dict[str, t.Any] = {"changed": True, "operations": operations, "saved": True, "pending_changes": 0}
        more: dict[str, t.Any] = {"drift": None, "change": change}
        more["http_sessions"] = [
            session(milliseconds=20 + number % 17),
            session("/api/write", 90 + number, method="PUT"),
        ]
        if number == 2:
            more["change"] = {"changed": False, "operations": [], "saved": True, "pending_changes": 0}
        records.append(record(f"ts{number}", **more))
    message = "writing snmp was refused; the former configuration was restored."
    records[2] = failed("ts3", "failed", "write_refused", message)
    records[2]["change"] = {
        "changed": False,
        "failed": True,
        "operations": [operation(*stratum, state="rolled_back"), operation(*location, state="failed", id=2)],
        "saved": False,
        "rollback": {"state": "rolled_back", "remaining": []},
    }
    records[2]["http_sessions"] = [session(), session("/api/write", 1900.0, method="PUT", status=403)]
    records[3] = failed("ts4", "failed", "rollback_failed", "writing snmp was refused.")
    records[3]["change"] = {
        "failed": True,
        "operations": [operation(*stratum), operation(*location, state="failed", id=2)],
        "saved": False,
        "rollback": {"state": "rollback_failed", "remaining": [{"path": "ntp/local-clock/stratum"}]},
    }
    records[4] = failed("ts5", "unreachable", "refused", REFUSED)
    for number in (-2, -1):
        name = records[number]["host"]
        records[number] = {
            "host": name,
            "error": {"kind": "failed", "code": None, "message": NOT_FIT},
            "health": health(),
        }
    return records


def many(count: int, seed: int = 1) -> list[Record]:
    """A fleet at four sites: most are fine, some differ, some are ill, some are silent."""
    dice = random.Random(seed)
    return [_one(number, dice) for number in range(1, count + 1)]


def _one(number: int, dice: random.Random) -> Record:
    site = _SITES[number % len(_SITES)]
    name = f"ts-{site[:3]}-{number:03d}"
    fate = dice.random()
    if fate < 0.03:
        return failed(name, "unreachable", "timeout_connect", "no answer within 5 s.", site)
    if fate < 0.045:
        return failed(name, "failed", "auth_failed", BANNED, site)
    model = dice.choice(("M600", "M600", "M600", "M1000", "M3000", "M300"))
    firmware = dice.choice(("7.10.012", "7.10.012", "7.10.012", "7.10.008", "7.08.013"))
    clock, quality, good = (
        "synchronized",
        dice.choice(("100ns", "100ns", "100ns", "200ns", "500ns")),
        dice.randint(6, 14),
    )
    more: dict[str, t.Any] = {}
    if model == "M300":
        quality = "10us"
    if 0.045 <= fate < 0.08:
        clock, quality, good = "holdover", dice.choice(("2us", "5us", "50us")), 0
        more["health"] = health(
            time_synchronized=("warning", "holdover", "The clock is in holdover."),
            satellites=("critical", 0, "The antenna of clk1 is not connected."),
        )
    elif fate < 0.10:
        more["health"] = health(certificate_self_signed=("warning", True, "The certificate is self-signed."))
    elif fate < 0.11:
        quality = "unknown"
        more["health"] = health(
            estimated_quality=("unknown", None, "The device gives no estimate of its time quality.")
        )
    if fate > 0.86:
        more["drift"] = drift(*_differences(dice, dice.randint(1, 6)))
    return record(
        name,
        group=site,
        facts=facts(
            name,
            model,
            f"{number * 7919 + 100000000:012d}",
            firmware,
            clock,
            quality if quality == "unknown" else f"less-than-{quality}",
            1 if clock == "synchronized" else 2,
            good,
            "pzf" if model == "M300" else "gns",
        ),
        **more,
    )


def _differences(dice: random.Random, count: int) -> list[dict[str, t.Any]]:
    choices: tuple[tuple[str, t.Any, t.Any, str], ...] = (
        ("ntp/local-clock/stratum", dice.randint(1, 9), 12, "config"),
        ("ntp/restrict/mode", "open", "nomodify", "security"),
        ("snmp/location", f"Rack {dice.randint(1, 40)}", "Rack 9", "config"),
        ("network/nameserver1", "198.51.100.9", "192.0.2.53", "config"),
        ("network/ports/lan1/vlan", dice.randint(2, 900), 100, "config"),
        ("notification/syslog/server1", "", "192.0.2.21", "config"),
        ("security/https/min-tls", "1.0", "1.2", "security"),
        ("system/display/contrast", 3, 5, "config"),
    )
    return [
        difference(path, before, after, class_=class_) for path, before, after, class_ in dice.sample(choices, count)
    ]
