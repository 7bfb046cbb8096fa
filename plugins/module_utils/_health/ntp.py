# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges of leap seconds, NTP and PTP, and of groups of clocks: cluster, SyncTeam, SyncMon.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._tree import values
from .context import Finding, HealthContext, ObservedEvent, above, listed, plain, told, worst

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ANNOUNCED = (1, 2)
_ALARM = 3
_UNSYNCHRONIZED_STRATUM = 16
_DAY = 86400
_FOLLOWED = frozenset({"sys-peer", "pps-peer"})
_FALSETICKERS = frozenset({"falsetick", "falseticker"})


def leap_second_announced(look: HealthContext) -> Finding:
    event = look.event("leapsecond-announced")
    says = [look.facts["sync"]["leap_second_announced"], event.on if event.known else None, _ntp_announces(look)]
    says += [((r["dcf77"] or {}).get("pcps") or {}).get("leap_second_announced") for r in look.facts["receiver"]]
    if any(says):
        date = look.facts["sync"]["leap_second_date"]
        when = f" for {told(date)}" if date else ""
        return Finding("info", f"a leap second is announced{when}", True, since=event.since)
    if all(said is None for said in says):
        return Finding("unknown", "the device does not say whether a leap second is announced")
    return Finding("ok", "no leap second is announced", False)


def _ntp_announces(look: HealthContext) -> bool | None:
    leap = look.facts["ntp"]["system"]["leap"]
    return None if leap is None or leap == _ALARM else leap in _ANNOUNCED


def leap_agreement(look: HealthContext) -> Finding:
    clock, service = look.facts["sync"]["leap_second_announced"], _ntp_announces(look)
    expected = look.policy.expected.get("leap_second")
    if clock is None and service is None:
        return Finding("unknown", "neither clock nor NTP says whether a leap second is announced")
    announced = bool(clock or service)
    if expected is not None and announced is not expected:
        said = "announced" if announced else "not announced"
        wanted = "expected" if expected else "not expected"
        return Finding("critical", f"a leap second is {said}, but {wanted}", announced, expected)
    # NTP learns of a leap second from its clock or from the file. A long-wave clock hears of it an hour before only.
    gnss = any(receiver["satellites"] for receiver in look.facts["receiver"])
    left = look.age(look.facts["ntp"]["system"]["leap_second_date"])
    in_file = left is not None and left < 0
    if service and clock is False and gnss and not in_file:
        return Finding("critical", "NTP announces a leap second of which neither clock nor file knows", True, False)
    return Finding("ok", "clock and NTP do not contradict each other", announced, expected)


def leap_file_expiry(look: HealthContext) -> Finding:
    expires = look.facts["ntp"]["system"]["leap_file_expires"]
    age, limit = look.age(expires), look.limit("leap_file_warning")
    if age is None:
        return Finding("unknown", "the device does not say how long its leap second file is valid", None, limit)
    days = -int(age // _DAY) - 1 if age > 0 else int(-age // _DAY)
    gnss = any(receiver["satellites"] for receiver in look.facts["receiver"])
    if age >= 0:
        level = "warning" if gnss else "error"
        return Finding(level, f"the leap second file has expired on {told(expires)}", days, limit, since=expires)
    level = "ok" if days >= limit else "info" if gnss else "warning"
    return Finding(level, f"the leap second file is valid for {days} more days", days, limit)


def tai_offset(look: HealthContext) -> Finding:
    expected = look.policy.expected.get("tai_offset")
    # ntpd shows 0 as long as it does not know the offset.
    shown = look.facts["ntp"]["system"]["tai_offset_seconds"] or None
    says = [] if shown is None else [("NTP", shown)]
    for slot, instance in _ptp_instances(look):
        offset = values.integer(instance.get("utc-offset"))
        if offset is not None:
            says.append((f"PTP in {told(slot)}", offset))
    if not says or (expected is None and len(says) < 2):
        state = "unknown" if expected is not None else "skipped"
        return Finding(state, "there is nothing to compare the offset of TAI to UTC with", shown, expected)
    wanted = says[0][1] if expected is None else expected
    wrong = [(name, offset) for name, offset in says if offset != wanted]
    if wrong:
        message = f"the offset of TAI to UTC is not {wanted} s: {listed(f'{n} has {o} s' for n, o in wrong)}"
        return Finding("error", message, wrong[0][1], wanted, wrong[0][0])
    return Finding("ok", f"the offset of TAI to UTC is {wanted} s", wanted, expected)


def ntp_service(look: HealthContext) -> Finding:
    event = look.event("ntp-stopped")
    running = look.facts["services"]["network"].get("ntp")
    if event.on or running is False:
        return Finding("critical", "the NTP service does not run", False, since=event.since)
    if running is None:
        return Finding("unknown", "the device does not say whether the NTP service runs")
    return Finding("ok", "the NTP service runs", True)


def ntp_synchronized(look: HealthContext) -> Finding:
    event = look.event("ntp-not-sync")
    peer = _system_peer(look)
    why = _unsynchronized(look, event)
    if why is not None:
        level = look.unless_excused("critical", event.since)
        return Finding(level, f"NTP is not synchronised: {why}", None, since=event.since)
    if peer is None:
        return Finding("unknown", "the device does not say which peer NTP follows")
    name = told(peer["name"] or peer["object_id"])
    return Finding("ok", f"NTP follows {name}", name, subject=told(peer["object_id"]))


def _system_peer(look: HealthContext) -> Mapping[str, t.Any] | None:
    peers = look.facts["ntp"]["peers"]
    return next((peer for peer in peers if peer["selection"] in _FOLLOWED), None)


def _unsynchronized(look: HealthContext, event: ObservedEvent) -> str | None:
    system = look.facts["ntp"]["system"]
    if event.on:
        return "the device reports it"
    if system["leap"] == _ALARM:
        return "its leap indicator is 3"
    if system["stratum"] is not None and system["stratum"] >= _UNSYNCHRONIZED_STRATUM:
        return f"its stratum is {system['stratum']}"
    peers = look.facts["ntp"]["peers"]
    if peers and _system_peer(look) is None and any(peer["selection"] for peer in peers):
        return "it has no system peer"
    return None


def ntp_stratum(look: HealthContext) -> Finding:
    stratum = look.facts["ntp"]["system"]["stratum"]
    if stratum is None:
        return Finding("unknown", "the device does not say which stratum NTP has")
    limits = ((look.limit("stratum_warning"), "warning"), (look.limit("stratum_critical"), "critical"))
    finding = above(stratum, limits, f"the stratum of NTP is {stratum}")
    if finding.state == "critical":
        since = look.event("ntp-not-sync").since
        finding = finding._replace(state=look.unless_excused("critical", since), since=since)
    return finding


def ntp_offset(look: HealthContext) -> Finding:
    event = look.event("ntp-offset-limit-exceeded")
    peer = _system_peer(look)
    limits = ((look.limit("offset_warning"), "warning"), (look.limit("offset_critical"), "critical"))
    offset = None if peer is None else peer["offset_seconds"]
    if event.on:
        value = None if offset is None else plain(abs(offset) * 1e9)
        return Finding("critical", "the offset of NTP is beyond the limit set on the device", value, since=event.since)
    if peer is None or offset is None:
        return Finding("unknown", "NTP shows no offset to a system peer")
    name = told(peer["name"] or peer["object_id"])
    value = plain(abs(offset) * 1e9)
    return above(value, limits, f"the offset of NTP to {name} is {value} ns", subject=told(peer["object_id"]))


def ntp_reachability(look: HealthContext) -> Finding:
    found = []
    for peer in look.facts["ntp"]["peers"]:
        name = told(peer["name"] or peer["object_id"])
        if peer["reachable"] is None or peer["configured"] is False:
            continue
        if peer["reachable"]:
            found.append(Finding("ok", "NTP reaches every clock and server", True))
        elif peer["refclock"]:
            found.append(
                Finding(
                    look.unless_excused("error"), f"NTP does not reach its reference clock {name}", False, subject=name
                )
            )
        else:
            found.append(Finding("warning", f"NTP does not reach the server {name}", False, subject=name))
    return worst(found, Finding("unknown", "the device does not say which peers NTP reaches"))


def ntp_falseticker(look: HealthContext) -> Finding:
    found = []
    for peer in look.facts["ntp"]["peers"]:
        name = told(peer["name"] or peer["object_id"])
        if peer["selection"] in _FALSETICKERS:
            found.append(
                Finding("warning", f"NTP takes {name} for a falseticker", told(peer["selection"]), subject=name)
            )
        elif peer["selection"]:
            found.append(Finding("ok", "NTP takes no peer for a falseticker"))
    return worst(found, Finding("unknown", "the device does not say how NTP judges its peers"))


def ntp_authentication(look: HealthContext) -> Finding:
    found = []
    for peer in look.facts["ntp"]["peers"]:
        name = told(peer["name"] or peer["object_id"])
        if peer["authentication_enabled"]:
            ok = peer["authentication_ok"]
            state = "unknown" if ok is None else "ok" if ok else "warning"
            said = "is not known to be" if ok is None else "is" if ok else "is not"
            found.append(Finding(state, f"the peer {name} {said} authenticated", ok, subject=name))
    return worst(found, Finding("skipped", "no peer is to be authenticated"))


def ptp_ports(look: HealthContext) -> Finding:
    found = []
    for slot, instance in _ptp_instances(look):
        name = "/".join(told(part) for part in (slot, instance.get("object-id")) if part)
        state = values.text(instance.get("port-state"))
        if state is None:
            found.append(Finding("unknown", f"the PTP port {name} shows no state", subject=name))
        else:
            level = "error" if state == "faulty" else "ok"
            found.append(Finding(level, f"the PTP port {name} is {told(state)}", told(state), subject=name))
    return worst(found, Finding("skipped", "no module shows a PTP port"))


def _ptp_instances(look: HealthContext) -> list[tuple[str, Mapping[str, t.Any]]]:
    found = []
    for slot in look.slots:
        instances = values.table(values.at(slot["status"], "ptp", "instances"))
        found += [(slot["slot"], instance) for dummy, instance in instances]
    return found


def cluster(look: HealthContext) -> Finding:
    falseticker = look.event("cluster-falseticker-detected")
    if falseticker.on:
        return Finding("warning", "the cluster has a falseticker", since=falseticker.since)
    changed = look.event("cluster-master-changed")
    if changed.on:
        return Finding("info", "the cluster has another master than before", since=changed.since)
    interfaces = look.facts["network"]["interfaces"].values()
    members = [c for i in interfaces for c in (i["cluster"] or {}).values() if c["enabled"]]
    if not members:
        return Finding("skipped", "no interface is part of a cluster")
    if not falseticker.known:
        return Finding("unknown", "the device does not say whether the cluster has a falseticker")
    return Finding("ok", "the cluster has no falseticker")


def syncteam(look: HealthContext) -> Finding:
    team = look.facts["syncteam"]
    if team["operational_mode"] is None:
        return Finding("unknown", "the device does not say whether SyncTeam is on")
    if team["operational_mode"] == "disabled":
        return Finding("skipped", "SyncTeam is off")
    offline = team["offline_members"]
    if offline is None:
        return Finding("unknown", "the SyncTeam does not say which members are offline")
    if offline > 0:
        return Finding(
            "warning",
            f"the number of members of the SyncTeam that are offline is {offline}",
            offline,
            0,
        )
    return Finding("ok", "all members of the SyncTeam are online", offline, 0)


def syncmon(look: HealthContext) -> Finding:
    event = look.event("sync-monitor-alert")
    if event.on:
        return Finding("warning", "SyncMon reports an alert", since=event.since)
    nodes = look.facts["syncmon"]["nodes"]
    if look.facts["services"]["global"].get("syncmon") is False or not nodes:
        return Finding("skipped", "SyncMon watches no node")
    found = []
    for node in nodes:
        offset, limit = (values.number(values.at(node, name)) for name in ("offset", "offset-limit"))
        if offset is not None and limit:
            name = told(values.at(node, "object-id"))
            message = f"the offset of the monitored node {name} is {plain(offset)} s"
            found.append(above(abs(offset), ((limit, "warning"),), message, subject=name))
    quiet = Finding("ok", "SyncMon reports no alert")
    if not event.known:
        quiet = Finding("unknown", "the device does not say whether SyncMon has an alert")
    alarms = [finding for finding in found if finding.state != "ok"]
    return worst(alarms, quiet)


JUDGES: Mapping[str, Callable[[HealthContext], Finding]] = {
    judge.__name__: judge
    for judge in (
        leap_second_announced,
        leap_agreement,
        leap_file_expiry,
        tai_offset,
        ntp_service,
        ntp_synchronized,
        ntp_stratum,
        ntp_offset,
        ntp_reachability,
        ntp_falseticker,
        ntp_authentication,
        ptp_ports,
        cluster,
        syncteam,
        syncmon,
    )
}
