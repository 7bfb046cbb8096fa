# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of a report: name, meaning, labels and samples of each. The page figures.rst is generated from FIGURES.

Names follow the conventions of Prometheus: base units as suffix, and _info for a metric whose labels are its content.
A value that is not known has no sample.
"""

from __future__ import annotations

import calendar
import time
import typing as t

from ...module_utils._tree import values
from . import diffs
from .model import HOST_STATES, ReportNode

Value = t.Union[int, float]
Sample = tuple[tuple[str, ...], t.Optional[Value]]
_Collect = t.Callable[[ReportNode], t.Iterable[Sample]]

# The last part of a name; a metric without one of them has no unit.
UNITS = ("seconds", "celsius", "bytes")


class Figure(t.NamedTuple):
    """A metric. labels: beside report, which all metrics have.  source: the subset of facts or the result that it comes from."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    source: str
    collect: _Collect

    @property
    def unit(self) -> str | None:
        suffix = self.name.rpartition("_")[2]
        return suffix if suffix in UNITS else None


class _Items(t.NamedTuple):
    """A list of an entry. labels: the label and the member that it shows, which together identify an item."""

    path: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]


_RECEIVERS = _Items(("receivers",), (("slot", "slot"), ("receiver", "kind")))
_CLOCKS = _Items(("measurements", "clocks"), (("slot", "slot"),))
_REFERENCES = _Items(("measurements", "references"), (("slot", "slot"), ("reference", "object_id"), ("type", "type")))
_PEERS = _Items(("measurements", "ntp_peers"), (("peer", "name"),))
_PTP = _Items(("measurements", "ptp_ports"), (("slot", "slot"), ("port", "object_id")))
_TEMPERATURES = _Items(("measurements", "temperatures"), (("slot", "slot"), ("sensor", "sensor")))
_SUPPLIES = _Items(("measurements", "power_supplies"), (("slot", "slot"),))
_FILESYSTEMS = _Items(("measurements", "filesystems"), (("mountpoint", "mountpoint"),))
_NODES = _Items(("measurements", "syncmon_nodes"), (("node", "name"),))
_MODULES = _Items(
    ("modules",), (("slot", "slot"), ("family", "family"), ("model", "model"), ("serial_number", "serial_number"))
)
_PORT_STATES = _Items(("ptp",), (("slot", "slot"), ("port", "object_id"), ("state", "port_state")))


def _host(name: str, meaning: str, source: str, path: str, factor: float = 1) -> Figure:
    """The metric of a member of an entry: one sample for each host."""
    members = path.split(".")

    def collect(report: ReportNode) -> t.Iterator[Sample]:
        for entry in report["hosts"]:
            yield (entry["host"],), _scale(values.at(entry, *members), factor)

    return Figure(name, meaning, ("host",), source, collect)


def _each(name: str, meaning: str, source: str, items: _Items, member: str | None, factor: float = 1) -> Figure:
    """The metric of a member of each item of a list; 1 for each item without a member."""

    def collect(report: ReportNode) -> t.Iterator[Sample]:
        for entry in report["hosts"]:
            listed = values.at(entry, *items.path) or ()
            labels = _identify([tuple(item[each] or "" for dummy, each in items.labels) for item in listed])
            for item, identity in zip(listed, labels):
                yield (entry["host"], *identity), 1 if member is None else _scale(item[member], factor)

    return Figure(name, meaning, ("host", *(label for label, dummy in items.labels)), source, collect)


def _identify(labels: t.Sequence[tuple[str, ...]]) -> t.Iterator[tuple[str, ...]]:
    """The labels of items, of which those that are the same as before are numbered, so that no series has two samples."""
    taken = set(labels)
    repeated: set[tuple[str, ...]] = set()
    for label in labels:
        unique, number = label, 1
        while unique in repeated or (number > 1 and unique in taken):
            number += 1
            unique = (f"{label[0]}#{number}", *label[1:])
        repeated.add(unique)
        yield unique


def _scale(value: t.Any, factor: float) -> Value | None:
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    return t.cast("Value", value) if factor == 1 else float(f"{value * factor:.12g}")


def _report_time(report: ReportNode) -> t.Iterator[Sample]:
    yield (), _epoch(report["generated"])


def _checked_times(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"],), _epoch(entry["checked"])


def _epoch(iso: str | None) -> int | None:
    return None if iso is None else calendar.timegm(time.strptime(iso, "%Y-%m-%dT%H:%M:%SZ"))


def _report_info(report: ReportNode) -> t.Iterator[Sample]:
    yield (report["collection"],), 1


def _exit_code(report: ReportNode) -> t.Iterator[Sample]:
    yield (), report["exit_code"]


def _host_counts(report: ReportNode) -> t.Iterator[Sample]:
    for state in HOST_STATES:
        yield (state,), report["summary"][state]


def _host_states(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        for state in HOST_STATES:
            yield (entry["host"], state), int(entry["state"] == state)


def _reachable(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"],), _is_reachable(entry)


def _is_reachable(entry: ReportNode) -> int | None:
    """0 or 1; None if no result shows that the device answered, as after a failure that can have preceded the first request."""
    if entry["error"] is not None and entry["error"]["kind"] == "unreachable":
        return 0
    is_compared = entry["drift"] is not None and entry["drift"]["state"] != "not_checked"
    is_planned = entry["change"] is not None and entry["change"]["state"] in ("planned", "unchanged", "changed")
    has_values = entry["time"] or entry["health"] or entry["measurements"]
    return 1 if is_compared or is_planned or has_values else None


def _info(report: ReportNode, part: str, members: t.Sequence[str]) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry[part] is not None:
            yield (entry["host"], *(entry[part][name] or "" for name in members)), 1


_DEVICE = ("model", "serial_number", "hostname", "firmware", "api_version")
_SYNC = ("state", "reference", "reference_slot", "oscillator")


def _device_info(report: ReportNode) -> t.Iterator[Sample]:
    return _info(report, "device", _DEVICE)


def _sync_info(report: ReportNode) -> t.Iterator[Sample]:
    return _info(report, "time", _SYNC)


def _groups(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"], entry["group"] or ""), 1


def _check_counts(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        for state, count in (entry["health"] or {"counts": {}})["counts"].items():
            yield (entry["host"], state), count


def _findings(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        counts: dict[tuple[str, str], int] = {}
        for check in (entry["health"] or {"checks": ()})["checks"]:
            if check["state"] in ("info", "warning", "error", "critical"):
                key = (check["name"], check["state"])
                counts[key] = counts.get(key, 0) + 1
        for (name, state), count in counts.items():
            yield (entry["host"], name, state), count


def _differences(report: ReportNode) -> t.Iterator[Sample]:
    return _count_differences(report, diffs.list_drift)


def _accepted(report: ReportNode) -> t.Iterator[Sample]:
    return _count_differences(report, diffs.list_accepted)


def _count_differences(
    report: ReportNode, select: t.Callable[[ReportNode, ReportNode], t.Sequence[ReportNode]]
) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["drift"] is not None and entry["drift"]["state"] != "not_checked":
            classes = [difference["class"] for difference in select(report, entry)]
            for name in ("config", "security"):
                yield (entry["host"], name), classes.count(name)


def _omitted(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["drift"] is not None and entry["drift"]["state"] != "not_checked":
            yield (entry["host"],), entry["drift"]["differences_omitted"]


def _sections(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["drift"] is not None and entry["drift"]["sections"]:
            states = [section["state"] for section in entry["drift"]["sections"]]
            for state in ("clean", "accepted", "drift", "not_checked"):
                yield (entry["host"], state), states.count(state)


def _not_compared(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        drift = entry["drift"]
        if drift is not None and drift["state"] != "not_checked":
            yield (entry["host"],), len(drift["not_compared"]) + drift["not_compared_omitted"]


def _operations(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["change"] is not None:
            for state in ("waiting", "processing", "succeeded", "failed", "rolled_back", "skipped"):
                yield (entry["host"], state), sum(counted[state] for counted in entry["change"]["handlers"])


def _sessions(report: ReportNode) -> t.Iterator[Sample]:
    for outcome in ("answered", "refused", "failed"):
        yield (outcome,), values.at(report["http_sessions"], outcome)


def _round_trips(report: ReportNode) -> t.Iterator[Sample]:
    for statistic in ("median", "p95", "max"):
        yield (statistic,), _scale(values.at(report["http_sessions"], "round_trip_ms", statistic), 1e-3)


_NANO = 1e-9
_DAY = 86400

FIGURES: tuple[Figure, ...] = (
    # The time stands first, see files.py.
    Figure(
        "lantime_report_generated_timestamp_seconds", "Time of the report, in Unix time", (), "report", _report_time
    ),
    Figure(
        "lantime_report_info", "Version of the collection that wrote the report", ("version",), "report", _report_info
    ),
    Figure("lantime_report_exit_code", "Exit code of the report: 0, 2 or 4", (), "report", _exit_code),
    Figure("lantime_report_hosts", "Hosts of the report in each state", ("state",), "report", _host_counts),
    Figure("lantime_host_info", "Group of a host", ("host", "group"), "report", _groups),
    Figure(
        "lantime_host_state", "1 for the state of a host, 0 for the others", ("host", "state"), "report", _host_states
    ),
    Figure(
        "lantime_host_checked_timestamp_seconds",
        "Time at which a host was checked, in Unix time",
        ("host",),
        "report",
        _checked_times,
    ),
    Figure("lantime_host_reachable", "Whether the device answered", ("host",), "report", _reachable),
    Figure("lantime_device_info", "Identity of the device", ("host", *_DEVICE), "min", _device_info),
    _host("lantime_device_uptime_seconds", "Time since the start of the device", "system", "device.uptime_seconds"),
    _host("lantime_device_pending_changes", "Unsaved changes", "min", "measurements.pending_changes"),
    _host("lantime_device_load1", "Mean load over a minute", "system", "measurements.cpu_load_one_minute"),
    _host("lantime_device_memory_size_bytes", "Memory", "system", "measurements.memory_total_bytes"),
    _host("lantime_device_memory_free_bytes", "Free memory", "system", "measurements.memory_free_bytes"),
    _each("lantime_filesystem_size_bytes", "Size of a file system", "storage", _FILESYSTEMS, "size_bytes"),
    _each(
        "lantime_filesystem_free_bytes", "Available space of a file system", "storage", _FILESYSTEMS, "available_bytes"
    ),
    Figure("lantime_sync_info", "Synchronization as the device names it", ("host", *_SYNC), "sync", _sync_info),
    _host("lantime_sync_synchronized", "Whether the clock is synchronized", "sync", "time.synchronized"),
    _host(
        "lantime_sync_estimated_quality_seconds",
        "Upper bound of the time error that the device estimates",
        "sync",
        "time.quality_ns",
        _NANO,
    ),
    _host(
        "lantime_sync_holdover_elapsed_seconds",
        "Duration of the holdover",
        "sync",
        "measurements.holdover_elapsed_seconds",
    ),
    _host(
        "lantime_sync_oscillator_warmed_up", "Whether the oscillator is warmed up", "sync", "time.oscillator_warmed_up"
    ),
    _host("lantime_sync_antenna_connected", "Whether the antenna is connected", "sync", "time.antenna_connected"),
    _each("lantime_clock_synchronized", "Whether a clock is synchronized", "sync", _CLOCKS, "synchronized"),
    _each(
        "lantime_clock_estimated_quality_seconds",
        "Upper bound of the time error that a clock estimates",
        "sync",
        _CLOCKS,
        "estimated_quality_ns",
        _NANO,
    ),
    _each(
        "lantime_clock_oscillator_warmed_up",
        "Whether the oscillator of a clock is warmed up",
        "sync",
        _CLOCKS,
        "oscillator_warmed_up",
    ),
    _each(
        "lantime_receiver_synchronized", "Whether a receiver is synchronized", "receiver", _RECEIVERS, "synchronized"
    ),
    _each(
        "lantime_receiver_antenna_connected",
        "Whether the antenna of a receiver is connected",
        "receiver",
        _RECEIVERS,
        "antenna_connected",
    ),
    _each("lantime_receiver_satellites_good", "Usable satellites", "receiver", _RECEIVERS, "satellites_good"),
    _each("lantime_receiver_satellites_in_view", "Satellites in view", "receiver", _RECEIVERS, "satellites_in_view"),
    _each(
        "lantime_reference_offset_seconds",
        "Measured offset of a reference of a clock",
        "lantime_module_info",
        _REFERENCES,
        "offset_ns",
        _NANO,
    ),
    _each(
        "lantime_reference_selected",
        "Whether the clock follows a reference",
        "lantime_module_info",
        _REFERENCES,
        "is_master",
    ),
    _each(
        "lantime_reference_locked",
        "Whether the clock is locked to a reference",
        "lantime_module_info",
        _REFERENCES,
        "is_locked",
    ),
    _host("lantime_ntp_stratum", "Stratum of the NTP server", "ntp", "time.stratum"),
    _host(
        "lantime_ntp_leap_indicator",
        "Leap indicator of the NTP server: 0 none, 1 and 2 a leap second, 3 not synchronized",
        "ntp",
        "time.leap",
    ),
    _host(
        "lantime_ntp_root_delay_seconds", "Delay to the primary source", "ntp", "measurements.ntp_root_delay_seconds"
    ),
    _host(
        "lantime_ntp_root_dispersion_seconds",
        "Dispersion to the primary source",
        "ntp",
        "measurements.ntp_root_dispersion_seconds",
    ),
    _host("lantime_ntp_jitter_seconds", "Jitter of the system clock", "ntp", "measurements.ntp_jitter_seconds"),
    _host(
        "lantime_ntp_leap_file_remaining_seconds",
        "Time until the leap-second file expires, in whole days; negative after that",
        "ntp",
        "measurements.leap_file_days_left",
        _DAY,
    ),
    _each("lantime_ntp_peer_reachable", "Whether a peer can be reached", "ntp", _PEERS, "reachable"),
    _each("lantime_ntp_peer_stratum", "Stratum of a peer", "ntp", _PEERS, "stratum"),
    _each("lantime_ntp_peer_offset_seconds", "Offset of a peer", "ntp", _PEERS, "offset_seconds"),
    _each("lantime_ntp_peer_delay_seconds", "Delay of a peer", "ntp", _PEERS, "delay_seconds"),
    _each("lantime_ntp_peer_dispersion_seconds", "Dispersion of a peer", "ntp", _PEERS, "dispersion_seconds"),
    _each("lantime_ptp_port_info", "State of a PTP instance", "ptp", _PORT_STATES, None),
    _each(
        "lantime_ptp_offset_from_master_seconds",
        "Offset of a PTP instance from its master",
        "ptp",
        _PTP,
        "offset_from_master_ns",
        _NANO,
    ),
    _each("lantime_ptp_path_delay_seconds", "Path delay of a PTP instance", "ptp", _PTP, "path_delay_ns", _NANO),
    _each("lantime_ptp_clock_class", "Clock class of a PTP instance", "ptp", _PTP, "clock_class"),
    _each("lantime_ptp_unicast_clients", "Unicast clients of a PTP instance", "ptp", _PTP, "unicast_clients"),
    _each(
        "lantime_syncmon_offset_seconds", "Offset of a node that SyncMon monitors", "syncmon", _NODES, "offset_seconds"
    ),
    _each("lantime_syncmon_alarm", "Whether a node that SyncMon monitors has an alarm", "syncmon", _NODES, "alarm"),
    _each("lantime_module_info", "A fitted module", "modules", _MODULES, None),
    _each("lantime_module_temperature_celsius", "Temperature of a module", "chassis", _TEMPERATURES, "celsius"),
    _each("lantime_power_supply_available", "Whether a supply provides power", "chassis", _SUPPLIES, "available"),
    _host("lantime_health_healthy", "Whether the device is healthy", "lantime_health", "health.healthy"),
    Figure("lantime_health_checks", "Health checks in each state", ("host", "state"), "lantime_health", _check_counts),
    Figure(
        "lantime_health_findings",
        "Findings of a health check by severity",
        ("host", "check", "severity"),
        "lantime_health",
        _findings,
    ),
    Figure(
        "lantime_drift_differences",
        "Listed differences that count as drift",
        ("host", "class"),
        "lantime_drift",
        _differences,
    ),
    Figure(
        "lantime_drift_omitted_differences",
        "Differences beyond those that a report lists, which count as drift",
        ("host",),
        "lantime_drift",
        _omitted,
    ),
    Figure("lantime_drift_accepted_differences", "Accepted differences", ("host", "class"), "lantime_drift", _accepted),
    Figure("lantime_drift_sections", "Sections in each state", ("host", "state"), "lantime_drift", _sections),
    Figure(
        "lantime_drift_not_compared_settings",
        "Settings that could not be compared",
        ("host",),
        "lantime_drift",
        _not_compared,
    ),
    Figure("lantime_change_operations", "Operations in each state", ("host", "state"), "lantime_config", _operations),
    _host(
        "lantime_change_saved",
        "Whether the configuration was saved as startup configuration",
        "lantime_config",
        "change.saved",
    ),
    Figure("lantime_http_sessions", "HTTP sessions of the run in each state", ("outcome",), "http_log", _sessions),
    Figure("lantime_http_round_trip_seconds", "Round trips of the run", ("statistic",), "http_log", _round_trips),
)
