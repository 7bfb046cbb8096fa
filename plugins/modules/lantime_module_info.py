#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_module_info
short_description: Read the modules, PTP instances and SyncMon nodes of Meinberg LANTIME time servers
version_added: 1.0.0
description:
  - Returns each slot of the chassis with its module (power supply, clock, CPU, IMS input, output and network modules), including family,
    model, function, serial number, revision and sensors.
  - Clock, receivers, antenna, sources, sockets, relays and PTP instances of a module are returned in typed form. Two additional lists
    contain the PTP instances of all modules and the nodes that SyncMon monitors.
  - The vendor documents the status members of few modules. RV(modules[].details) contains members without a description, and
    RV(modules[].status) everything that a module sends.
  - Names are in snake case and contain the unit. V(null) stands for every form in which a device reports no value. States and other tokens
    are returned as the device sends them, and values are never evaluated as templates.
  - Needs one request, or two with O(config=true). Secrets are masked.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.connection
options:
  slots:
    description:
      - Limit the result to these slots, by C(object-id).
      - V(*) matches any characters, V(?) one character.
    type: list
    elements: str
  families:
    description: Limit the result to modules of these families, for example V(GPS), V(HPS) or V(PSU). Case-insensitive.
    type: list
    elements: str
  models:
    description: Limit the result to modules of these models, for example V(grc180) or V(gns18*). Case-insensitive.
    type: list
    elements: str
  populated:
    description: Limit the result to slots with a module (V(true)) or without a module (V(false)).
    type: bool
  states:
    description:
      - Limit the result to modules in one of these states, for example V(holdover) or V(master). V(*) matches any characters, V(?) one character.
        Case-insensitive.
      - The states of the clock, its receivers, PTP ports, relays, inputs and outputs are compared.
    type: list
    elements: str
    version_added: 1.2.0
  synchronized:
    description:
      - Limit the result to clocks that are synchronized (V(true)) or not synchronized (V(false)), according to RV(modules[].synchronized).
    type: bool
    version_added: 1.2.0
  config:
    description:
      - Whether to return the settings of the modules, which needs an additional request.
      - Their location is undocumented. The module reads them from the path in the configuration tree that a module has in the status tree.
    type: bool
    default: false
    version_added: 1.2.0
  config_root:
    description:
      - Name of the configuration root of the API. Used with O(config=true) only.
      - If not set, C(config) is used. If the device does not have it, the name is read from the device.
    type: str
    version_added: 1.2.0
seealso:
  - module: meinberg.lantime.lantime_facts
  - module: meinberg.lantime.lantime_config_info
  - ref: ansible_collections.meinberg.lantime.docsite.modules
    description: All module families, and which of their members are confirmed by recorded answers or assumed.
"""

EXAMPLES = r"""
- name: Read all modules
  meinberg.lantime.lantime_module_info:
    populated: true
  register: lantime

- name: Read the clocks
  meinberg.lantime.lantime_module_info:
    slots: ["clk*"]
    populated: true
  register: clocks

- name: List the receivers that are not synchronized
  ansible.builtin.debug:
    msg: "{{ inventory_hostname }} {{ item.slot }}: {{ item.kind }} is {{ item.state }}"
  loop: "{{ clocks.modules | map(attribute='receivers') | flatten | rejectattr('synchronized') }}"

- name: Show the antenna of each clock
  ansible.builtin.debug:
    msg: "{{ clocks.modules | items2dict(key_name='slot', value_name='antenna') }}"

- name: Read the clocks in holdover
  meinberg.lantime.lantime_module_info:
    states: [holdover]
  register: holdover

- name: List the SyncMon nodes in alarm
  ansible.builtin.debug:
    msg: "{{ lantime.syncmon_nodes | selectattr('alarm') | map(attribute='address') }}"

- name: List the PTP instances by state
  ansible.builtin.debug:
    msg: "{{ item.0 }}: {{ item.1 | map(attribute='object_id') | join(', ') }}"
  loop: "{{ lantime.ptp_instances | selectattr('port_state') | groupby('port_state') }}"

- name: Read the settings of the PTP cards
  meinberg.lantime.lantime_module_info:
    families: [HPS, PSX]
    config: true
"""

RETURN = r"""
modules:
  description: Slots in natural order of their names.
  returned: success
  type: list
  elements: dict
  contains:
    chassis: {description: Chassis of the slot., type: str, returned: always, sample: chassis0}
    slot: {description: The slot's C(object-id)., type: str, returned: always, sample: clk1}
    slot_type: {description: Kind of slot., type: str, returned: always, sample: clk}
    position: {description: Position in the chassis as reported by the device., type: str, returned: always, sample: "0,2,1"}
    orientation: {description: Orientation of the slot., type: str, returned: always, sample: vertical}
    populated: {description: Whether the slot contains a module. An empty power supply bay counts as empty., type: bool, returned: always}
    family: {description: Family of the module; V(null) if the model is unknown., type: str, returned: always, sample: GRC}
    function: {description: Function of the family; V(null) if it is not documented., type: str, returned: always}
    model: {description: Model., type: str, returned: always, sample: grc180}
    serial_number: {description: Serial number., type: str, returned: always, sample: "029811038330"}
    software_revision: {description: Software revision of the module., type: str, returned: always, sample: v2.16}
    firmware_image: {description: Running firmware image., type: str, returned: always}
    sensors:
      description: Temperatures in °C; V(null) for a reading of 0.0, which stands for a missing sensor.
      type: dict
      returned: always
    sync:
      description: State of the clock and its oscillator; V(null) for modules without a clock.
      type: dict
      returned: always
      contains:
        clock_index: {description: Role among the clocks as reported by the module., type: str, returned: always, sample: selected}
        state: {description: State of the clock., type: str, returned: always, sample: synchronized}
        synchronized: {description: Whether the clock is synchronized., type: bool, returned: always}
        oscillator_type: {description: Kind of oscillator., type: str, returned: always, sample: ocxo-hq}
        oscillator_state: {description: State of the oscillator., type: str, returned: always, sample: warmed-up}
        oscillator_warmed_up: {description: Whether the oscillator is warmed up; V(null) for an unknown state., type: bool, returned: always}
        estimated_quality_token: {description: Estimated quality as reported by the device., type: str, returned: always, sample: less-than-100ns}
        estimated_quality_seconds: {description: Estimated quality in seconds., type: float, returned: always, sample: 1.0e-07}
        estimated_quality_ns: {description: Estimated quality in nanoseconds., type: float, returned: always, sample: 100}
        other: {description: "Other members, unchanged.", type: dict, returned: if there are any}
    synchronized:
      description:
        - Whether the clock is synchronized according to RV(modules[].sync.state), or according to all of its receivers if that state is missing.
        - V(null) if neither is reported.
      type: bool
      returned: always
    redundancy:
      description: Role of a clock, a power supply or a clock switch card in a redundant group; V(null) for other modules.
      type: dict
      returned: always
      contains:
        kind: {description: "V(clock), V(power) or V(switch).", type: str, returned: always, sample: clock}
        role:
          description:
            - For a clock, V(selected) or V(standby) according to the reference of the device, or the report of the clock if the device has none.
            - For a power supply, V(supplying) or V(without-power).
          type: str
          returned: always
        members: {description: "Slots of the group, at most 64.", type: list, elements: str, returned: always}
        working: {description: Number of members that are synchronized or supply power., type: int, returned: always, sample: 2}
        redundant: {description: Whether more than one member works., type: bool, returned: always}
        switch:
          description: >-
            Card that switches between the clocks, with C(slot), C(mode), C(selected_clock), C(outputs_enabled), C(watchdog_ok), the state of each
            clock in C(clocks), and C(details) (members assumed); V(null) without a card and for power supplies.
          type: dict
          returned: always
    power: {description: "C(available) and C(capacity_watts) of a power supply; V(null) for other modules.", type: dict, returned: always}
    receivers:
      description: Receivers of a clock, for example gps, gns, grc, dcf77 or tcr.
      type: list
      elements: dict
      returned: always
      contains:
        chassis: {description: Same as for the module., type: str, returned: always}
        slot: {description: Same as for the module., type: str, returned: always}
        family: {description: Same as for the module., type: str, returned: always}
        model: {description: Same as for the module., type: str, returned: always}
        kind: {description: Name of the object that contains the receiver in the status tree., type: str, returned: always, sample: grc}
        state: {description: State of the receiver., type: str, returned: always, sample: synchronized}
        synchronized: {description: Whether the receiver is synchronized; V(null) if it does not report it., type: bool, returned: always}
        tracking: {description: Whether it tracks satellites without being synchronized yet (the meaning is inferred)., type: bool, returned: always}
        warm_boot: {description: Whether it searches for satellites with known data (the meaning is inferred)., type: bool, returned: always}
        cold_boot: {description: Whether it searches for satellites without known data (the meaning is inferred)., type: bool, returned: always}
        dcf77:
          description: >-
            Values of a DCF77 receiver, C(type), C(reference_type), C(correlation), C(field_strength) and flags in C(pcps); V(null) for others.
          type: dict
          returned: always
        time_code:
          description: Values of a time code receiver; V(null) for others. Members are assumed.
          type: dict
          returned: always
          contains:
            code: {description: Time code., type: str, returned: always, sample: b122-b123}
            lock_on: {description: Whether the receiver is locked to the time code., type: bool, returned: always}
            data_available: {description: Whether the time code is readable., type: bool, returned: always}
            telegram_error: {description: Whether consecutive time codes are inconsistent., type: bool, returned: always}
            tcap_exceeded: {description: Whether the jitter of the time code is above 100 µs., type: bool, returned: always}
            invalid_utc_parameter: {description: Whether the offset to UTC must be set., type: bool, returned: always}
            invalid_system_configuration: {description: Whether the receiver has lost its settings., type: bool, returned: always}
            pulses_enabled: {description: Whether the receiver provides pulses., type: bool, returned: always}
            warmed_up: {description: Whether the oscillator of the receiver is warmed up., type: bool, returned: always}
            details: {description: Other members of the receiver., type: dict, returned: always}
        details: {description: Other members., type: dict, returned: always}
    satellites:
      description: Satellites and position of a GNSS clock; V(null) for other modules.
      type: dict
      returned: always
      contains:
        good: {description: Number of good satellites., type: int, returned: always, sample: 9}
        in_view: {description: Number of satellites in view., type: int, returned: always, sample: 14}
        mode: {description: Mode of the receiver., type: str, returned: always, sample: normal-operation}
        latitude_degrees: {description: Latitude., type: float, returned: always, sample: 52.5}
        longitude_degrees: {description: Longitude., type: float, returned: always, sample: 13.4}
        altitude_metres: {description: Altitude., type: float, returned: always, sample: 61.0}
        ecef_metres: {description: "Earth-centred position x, y, z; V(null) unless complete.", type: list, elements: float, returned: always}
        pdop: {description: Dilution of precision of the position., type: float, returned: always, sample: 1.42}
        tdop: {description: Dilution of precision of the time., type: float, returned: always, sample: 0.97}
        selected: {description: Satellites that are used., type: list, elements: str, returned: always, sample: [gps28, gps1]}
        constellations: {description: Satellite systems of the used satellites., type: list, elements: str, returned: always, sample: [gps]}
        listed_by_constellation: {description: "Number of satellites listed by the device, by satellite system.", type: dict, returned: always}
        details: {description: Other members., type: dict, returned: always}
    antenna:
      description: Antenna; V(null) if no antenna is reported.
      type: dict
      returned: always
      contains:
        connected: {description: Whether the antenna is connected., type: bool, returned: always}
        short_circuit: {description: Whether the antenna is short-circuited., type: bool, returned: always}
        state: {description: "State of the antenna as a token, if reported.", type: str, returned: always, sample: connected}
        told_by: {description: "Object that reports the antenna, or V(system) if only the device reports it.", type: str, returned: always, sample: grc}
        details: {description: Other members., type: dict, returned: always}
    sources:
      description:
        - Reference sources of a clock in order of priority (MRS).
        - A clock without MRS can list one placeholder. A listed source is not necessarily the source that the clock uses.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: C(object-id)., type: str, returned: always, sample: priority0}
        priority: {description: "Priority; 0 is the highest.", type: int, returned: always, sample: 0}
        type: {description: Type of the source., type: str, returned: always, sample: gps}
        instance: {description: Number among the sources of this type., type: int, returned: always, sample: 0}
        bias_ns: {description: Fixed offset., type: float, returned: always, sample: 0}
        precision_ns: {description: Configured precision., type: float, returned: always, sample: 100}
        is_master: {description: Whether the clock follows this source., type: bool, returned: always}
        is_locked: {description: Whether the clock is locked to this source., type: bool, returned: always}
        is_accurate: {description: Whether the source is accurate., type: bool, returned: always}
        no_connection: {description: Whether the source is not connected., type: bool, returned: always}
        no_signal: {description: Whether the source has no signal., type: bool, returned: always}
        not_supported: {description: Whether the clock cannot use this source., type: bool, returned: always}
        offset_ns: {description: Measured offset of the source., type: float, returned: always}
        details: {description: "Other members, for example the state.", type: dict, returned: always}
    serial_strings: {description: Time strings that the serial port of the clock supports., type: list, elements: str, returned: always, sample: [nmea-rmc]}
    synthesizer:
      description: Frequency output of a clock; V(null) if none is reported. Members are assumed.
      type: dict
      returned: always
      contains:
        state: {description: State., type: str, returned: always, sample: sync}
        frequency_hertz: {description: Frequency., type: float, returned: always, sample: 2048000.0}
        details: {description: Other members., type: dict, returned: always}
    mode: {description: "Mode of all outputs of a card, for example of an LIU. The name is assumed.", type: str, returned: always, sample: e1}
    outputs:
      description: Output sockets, including ports that are configured as outputs. Members are assumed.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: C(object-id)., type: str, returned: always, sample: out1}
        signal: {description: Type of the signal., type: str, returned: always, sample: 10mhz}
        signal_present: {description: Whether the signal is present., type: bool, returned: always}
        state: {description: State as a token., type: str, returned: always}
        level: {description: Signal level., type: str, returned: always, sample: ttl}
        connector: {description: Connector., type: str, returned: always, sample: bnc}
        mode: {description: Mode of a programmable pulse., type: str, returned: always, sample: pulse-per-second}
        format: {description: Video format., type: str, returned: always, sample: 1080i50}
        code: {description: Time code., type: str, returned: always, sample: b002-b122}
        quality_level: {description: Announced quality level., type: str, returned: always, sample: ql-prc}
        sa_bit_group: {description: Sa bits that carry the quality level., type: str, returned: always, sample: sa4}
        details: {description: Other members., type: dict, returned: always}
    inputs:
      description: Input sockets, including ports that are configured as inputs. Members are assumed.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: C(object-id)., type: str, returned: always, sample: in1}
        signal: {description: Type of the signal., type: str, returned: always, sample: pps}
        signal_present: {description: Whether the signal is present., type: bool, returned: always}
        state: {description: State as a token., type: str, returned: always}
        quality_level: {description: Received quality level., type: str, returned: always, sample: ql-prc}
        minimum_quality_level: {description: Lowest quality level that is accepted at an E1 input., type: str, returned: always, sample: ql-ssu-a}
        minimum_boc_level: {description: Lowest quality level that is accepted at a T1 input., type: str, returned: always, sample: ql-st2}
        sa_bit_group: {description: Sa bits that carry the quality level., type: str, returned: always, sample: sa4}
        itu_limits: {description: Whether the signal adheres to its ITU limits., type: str, returned: always, sample: adhered}
        loss_of_frame: {description: Whether the signal has no frame., type: bool, returned: always}
        locked: {description: Whether the module is locked to this input., type: bool, returned: always}
        format: {description: Video format., type: str, returned: always, sample: pal}
        code: {description: Time code., type: str, returned: always, sample: b002-b003}
        offset_ns: {description: Measured offset., type: float, returned: always, sample: 12}
        details: {description: Other members., type: dict, returned: always}
    relays:
      description: Relays. Members are assumed.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: C(object-id)., type: str, returned: always, sample: a}
        state: {description: State as a token or a boolean., type: raw, returned: always, sample: no-error}
        source: {description: Source that controls the relay., type: str, returned: always, sample: clk1}
        details: {description: Other members., type: dict, returned: always}
    oscillator:
      description: Oscillator or PLL of an output card; V(null) if none is reported. Members are assumed.
      type: dict
      returned: always
      contains:
        pll_locked: {description: Whether the PLL is locked., type: bool, returned: always}
        oscillator_locked: {description: Whether the oscillator is locked., type: bool, returned: always}
        warmed_up: {description: Whether the oscillator is warmed up., type: bool, returned: always}
        details: {description: Other members., type: dict, returned: always}
    mains:
      description: Measurements of a mains frequency monitor; V(null) for other modules. Members are assumed.
      type: dict
      returned: always
      contains:
        frequency_hertz: {description: Frequency., type: float, returned: always, sample: 50.003}
        nominal_frequency_hertz: {description: Nominal frequency., type: float, returned: always, sample: 50}
        frequency_deviation_hertz: {description: "Frequency minus nominal frequency, computed by the collection.", type: float, returned: always, sample: 0.003}
        reported_frequency_deviation_hertz: {description: Frequency deviation that the device reports., type: float, returned: always, sample: 0.003}
        time_deviation_seconds: {description: Time deviation of the mains., type: float, returned: always, sample: 0.012}
        frequency_within_limits: {description: Whether the frequency is within its limits., type: bool, returned: always}
        time_within_limits: {description: Whether the time deviation is within its limits., type: bool, returned: always}
        signal_present: {description: Whether there is a mains signal. A frequency of 0 means no signal., type: bool, returned: always}
        overflow: {description: Whether a measurement is out of range., type: bool, returned: always}
        reference_free: {description: Whether the second pulse of the clock is missing., type: bool, returned: always}
        power_line_time_free: {description: Whether the mains time stands still because there is no mains signal., type: bool, returned: always}
        no_time_string: {description: Whether the time string of the clock is missing., type: bool, returned: always}
        no_power_line_time_init: {description: Whether the mains time is not set yet., type: bool, returned: always}
        analog_overflow: {description: "Analog output that is at its end, or V(none).", type: str, returned: always, sample: a0}
        details: {description: Other members., type: dict, returned: always}
    ptp_instances: {description: "Entries of RV(ptp_instances) that belong to this module.", type: list, elements: dict, returned: always}
    sync_e:
      description: Synchronous Ethernet of a PTP card; V(null) if none is reported. Members are assumed.
      type: dict
      returned: always
      contains:
        enabled: {description: Whether Synchronous Ethernet is enabled., type: bool, returned: always}
        quality_level_selection: {description: Whether the received quality level is used., type: bool, returned: always}
        input_quality_level: {description: Received quality level., type: str, returned: always, sample: prc}
        output_quality_level: {description: Announced quality level., type: str, returned: always, sample: prc}
        details: {description: Other members., type: dict, returned: always}
    details:
      description:
        - Members that no other key except RV(modules[].status) contains, with names in snake case.
        - Members with more than 2000 values or 12 levels, and members after the 64th, are omitted.
      type: dict
      returned: always
    status:
      description:
        - Everything that the module sends, unchanged; V(null) for an empty slot.
        - Secrets are masked, and control characters are escaped (V(\\x1b)).
      type: dict
      returned: always
    configuration:
      description: >-
        Settings of the module in the form that M(meinberg.lantime.lantime_config) accepts, with masked secrets; V(null) without settings or without
        O(config=true).
      type: dict
      returned: always
    configuration_path:
      description: Path of RV(modules[].configuration) in the configuration tree.
      type: str
      returned: always
      sample: chassis0/slots/io1/module
ptp_instances:
  description:
    - PTP instances of all returned modules.
    - The existence of the instances is known. Their members are assumed.
  returned: success
  type: list
  elements: dict
  contains:
    chassis: {description: Chassis of the module., type: str, returned: always, sample: chassis0}
    slot: {description: Slot of the module., type: str, returned: always, sample: io1}
    family: {description: Family of the module., type: str, returned: always, sample: HPS}
    model: {description: Model of the module., type: str, returned: always, sample: hps100}
    object_id: {description: C(object-id)., type: str, returned: always, sample: ptp1}
    port_state: {description: State of the port., type: str, returned: always, sample: master}
    enabled: {description: Whether the instance is enabled., type: bool, returned: always}
    mode:
      description: Role and transport mode. If the status does not report it, it is read from the configuration with O(config=true).
      type: str
      returned: always
      sample: multicast-master
    profile:
      description: Profile. If the status does not report it, it is read from the configuration with O(config=true).
      type: str
      returned: always
      sample: default-e2e
    domain: {description: Number of the domain., type: int, returned: always, sample: 0}
    delay_mechanism: {description: Delay mechanism., type: str, returned: always, sample: e2e}
    network_protocol: {description: Transport., type: str, returned: always}
    link: {description: Whether the port has link., type: bool, returned: always}
    mac_address: {description: MAC address of the port., type: str, returned: always}
    clock_identity: {description: Identity of the clock., type: str, returned: always}
    grandmaster_identity: {description: Identity of the grandmaster., type: str, returned: always}
    grandmaster_mac_address: {description: MAC address of the grandmaster., type: str, returned: always}
    clock_class: {description: Clock class., type: int, returned: always, sample: 6}
    clock_accuracy: {description: Clock accuracy as reported by the device., type: raw, returned: always, sample: 33}
    clock_accuracy_ns: {description: "Clock accuracy in nanoseconds, up to 10 s.", type: int, returned: always, sample: 100}
    time_source: {description: Time source., type: str, returned: always, sample: gps}
    utc_offset_seconds: {description: TAI minus UTC., type: int, returned: always, sample: 37}
    offset_from_master_ns: {description: Offset from the master., type: float, returned: always, sample: 0}
    path_delay_ns: {description: Path delay., type: float, returned: always, sample: 0}
    delay_asymmetry_ns: {description: Delay asymmetry., type: float, returned: always}
    unicast_clients: {description: Number of unicast clients., type: int, returned: always, sample: 0}
    details: {description: Other members., type: dict, returned: always}
syncmon_nodes:
  description:
    - Nodes that SyncMon monitors, independent of the selected modules.
    - The existence of the nodes is known. Their members are assumed.
  returned: success
  type: list
  elements: dict
  contains:
    object_id: {description: C(object-id)., type: str, returned: always, sample: node1}
    name: {description: Name., type: str, returned: always}
    address: {description: Address., type: str, returned: always, sample: 192.0.2.9}
    type: {description: Monitored protocol., type: str, returned: always, sample: ntp}
    state: {description: State., type: str, returned: always, sample: reachable}
    enabled: {description: Whether the node is monitored., type: bool, returned: always}
    input: {description: "Slot and port at which a pulse is measured.", type: str, returned: always, sample: io10/io2}
    stratum: {description: Stratum., type: int, returned: always, sample: 2}
    stratum_limit: {description: Limit of the stratum., type: int, returned: always, sample: 10}
    interval_seconds: {description: Seconds between measurements., type: float, returned: always, sample: 64}
    offset_seconds: {description: Offset., type: float, returned: always, sample: 1.5e-05}
    offset_limit_seconds: {description: Limit of the offset., type: float, returned: always, sample: 0.001}
    alarm:
      description:
        - Whether the node reports an alarm. If it does not report alarms, whether its state or offset indicates one.
        - V(null) if none of these is reported.
      type: bool
      returned: always
    details: {description: Other members., type: dict, returned: always}
device:
  description: Identity of the device that answered. The serial number distinguishes devices that exchange addresses.
  returned: success
  type: dict
  sample: {model: M600, serial_number: "0123456789", hostname: ts1.example.com, firmware: "7.10.008", api_version: 20.05.013, api_generation: 20}
http_sessions:
  description:
    - Latest requests of the task, oldest first.
    - Headers and bodies are not included.
  returned: if O(http_log=true), after success and failure
  type: list
  elements: dict
  sample:
    - {method: GET, path: /api/status, status: 200, error: null, attempt: 1, request_bytes: 0, response_bytes: 31161,
       request_time: "2026-02-11T22:05:07.011Z", response_time: "2026-02-11T22:05:07.203Z", round_trip_ms: 192.4}
error:
  description: Details of the failure in machine-readable form.
  returned: on failure
  type: dict
  contains:
    code:
      description: One of the R(error codes, ansible_collections.meinberg.lantime.docsite.errors).
      type: str
      returned: always
      sample: auth_failed
    path: {description: "Path in the API or in the configuration tree, or path of a file.", type: str, returned: always, sample: /api/status}
    http_status: {description: HTTP status of the response; V(null) without a response., type: int, returned: always, sample: 401}
    device_message: {description: "Message of the device, truncated.", type: str, returned: always, sample: wrong user name or password}
    hint: {description: Recommended action., type: str, returned: always, sample: "check username, password or token"}
"""

from ..module_utils._jobs import lantime_module_info
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_module_info.SPEC, lantime_module_info.run)


if __name__ == "__main__":
    main()
