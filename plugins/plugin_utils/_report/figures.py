# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of a report: name, meaning, labels and samples of each. The page figures.rst is generated from FIGURES.

Names follow the conventions of Prometheus: base units as suffix, and _info for a metric whose labels are its content.
A value that is not known has no sample.
"""

from __future__ import annotations

import typing as t

from ...module_utils._tree import values
from . import figure_samples as samples
from .figure_samples import DEVICE_LABELS, SYNC_LABELS, Sample, identify, scale
from .model import ReportNode

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
            yield (entry["host"],), scale(values.at(entry, *members), factor)

    return Figure(name, meaning, ("host",), source, collect)


def _each(name: str, meaning: str, source: str, items: _Items, member: str | None, factor: float = 1) -> Figure:
    """The metric of a member of each item of a list; 1 for each item without a member."""

    def collect(report: ReportNode) -> t.Iterator[Sample]:
        for entry in report["hosts"]:
            listed = values.at(entry, *items.path) or ()
            labels = identify([tuple(item[each] or "" for dummy, each in items.labels) for item in listed])
            for item, identity in zip(listed, labels):
                yield (entry["host"], *identity), 1 if member is None else scale(item[member], factor)

    return Figure(name, meaning, ("host", *(label for label, dummy in items.labels)), source, collect)


_NANO = 1e-9
_DAY = 86400

FIGURES: tuple[Figure, ...] = (
    # The time stands first, see files.py.
    Figure(
        "lantime_report_generated_timestamp_seconds",
        "Time of the report, in Unix time",
        (),
        "report",
        samples.collect_report_time,
    ),
    Figure(
        "lantime_report_info",
        "Version of the collection that wrote the report",
        ("version",),
        "report",
        samples.collect_report_info,
    ),
    Figure(
        "lantime_report_limited",
        "Whether the run was limited on the command line, so that the report has not all hosts",
        (),
        "report",
        samples.collect_limited,
    ),
    Figure("lantime_report_exit_code", "Exit code of the report: 0, 2 or 4", (), "report", samples.collect_exit_code),
    Figure(
        "lantime_report_hosts", "Hosts of the report in each state", ("state",), "report", samples.collect_host_counts
    ),
    Figure("lantime_host_info", "Group of a host", ("host", "group"), "report", samples.collect_groups),
    Figure(
        "lantime_host_state",
        "1 for the state of a host, 0 for the others",
        ("host", "state"),
        "report",
        samples.collect_host_states,
    ),
    Figure(
        "lantime_host_checked_timestamp_seconds",
        "Time of the latest attempt to check a host, in Unix time",
        ("host",),
        "report",
        samples.collect_checked_times,
    ),
    Figure("lantime_host_reachable", "Whether the device answered", ("host",), "report", samples.collect_reachable),
    Figure(
        "lantime_host_complete",
        "Whether everything was checked that the report asks for",
        ("host",),
        "report",
        samples.collect_complete,
    ),
    Figure(
        "lantime_host_error_info",
        "Code of the error because of which a host was not checked or not changed",
        ("host", "code"),
        "report",
        samples.collect_errors,
    ),
    Figure(
        "lantime_device_info", "Identity of the device", ("host", *DEVICE_LABELS), "min", samples.collect_device_info
    ),
    _host("lantime_device_uptime_seconds", "Time since the start of the device", "system", "device.uptime_seconds"),
    _host("lantime_device_pending_changes", "Unsaved changes", "min", "measurements.pending_changes"),
    _host("lantime_device_load1", "Mean load over a minute", "system", "measurements.cpu_load_one_minute"),
    _host("lantime_device_memory_size_bytes", "Memory", "system", "measurements.memory_total_bytes"),
    _host("lantime_device_memory_free_bytes", "Free memory", "system", "measurements.memory_free_bytes"),
    _each("lantime_filesystem_size_bytes", "Size of a file system", "storage", _FILESYSTEMS, "size_bytes"),
    _each(
        "lantime_filesystem_free_bytes", "Available space of a file system", "storage", _FILESYSTEMS, "available_bytes"
    ),
    Figure(
        "lantime_sync_info",
        "Synchronization as the device names it",
        ("host", *SYNC_LABELS),
        "sync",
        samples.collect_sync_info,
    ),
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
    _each(
        "lantime_power_supply_available",
        "Whether the supply in a bay provides power; 0 also for an empty bay, which devices report in the same way",
        "chassis",
        _SUPPLIES,
        "available",
    ),
    Figure(
        "lantime_health_healthy",
        "Whether the device is healthy",
        ("host",),
        "lantime_health",
        samples.collect_healthy,
    ),
    Figure(
        "lantime_health_checks",
        "Health checks in each state",
        ("host", "state"),
        "lantime_health",
        samples.collect_check_counts,
    ),
    Figure(
        "lantime_health_findings",
        "Findings of a health check by severity",
        ("host", "check", "severity"),
        "lantime_health",
        samples.collect_findings,
    ),
    Figure(
        "lantime_drift_differences",
        "Listed differences that count as drift",
        ("host", "class"),
        "lantime_drift",
        samples.collect_differences,
    ),
    Figure(
        "lantime_drift_omitted_differences",
        "Differences beyond those that a report lists, which count as drift",
        ("host",),
        "lantime_drift",
        samples.collect_omitted,
    ),
    Figure(
        "lantime_drift_accepted_differences",
        "Accepted differences",
        ("host", "class"),
        "lantime_drift",
        samples.collect_accepted,
    ),
    Figure(
        "lantime_drift_sections", "Sections in each state", ("host", "state"), "lantime_drift", samples.collect_sections
    ),
    Figure(
        "lantime_drift_not_compared_settings",
        "Settings that could not be compared",
        ("host",),
        "lantime_drift",
        samples.collect_not_compared,
    ),
    Figure(
        "lantime_change_operations",
        "Operations in each state",
        ("host", "state"),
        "lantime_config",
        samples.collect_operations,
    ),
    Figure(
        "lantime_change_saved",
        "Whether a change was saved as startup configuration",
        ("host",),
        "lantime_config",
        samples.collect_saved,
    ),
    Figure(
        "lantime_http_sessions",
        "HTTP sessions of the run in each state",
        ("outcome",),
        "http_log",
        samples.collect_sessions,
    ),
    Figure(
        "lantime_http_round_trip_seconds",
        "Round trips of the run",
        ("statistic",),
        "http_log",
        samples.collect_round_trips,
    ),
)
