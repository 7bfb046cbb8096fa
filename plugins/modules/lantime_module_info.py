#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_module_info
short_description: Show slots, plug-in modules, PTP instances and SyncMon nodes of a Meinberg LANTIME time server
version_added: 1.0.0
description:
  - Returns each slot of the chassis with the module in it (power supply, clock, CPU, IMS input, output and network modules), its family, model,
    function, serial number, revision and sensors, and in typed form what it tells of its clock, receivers, antenna, sources, sockets, relays and
    PTP instances. Two lists beside the modules hold the PTP instances of all of them and the nodes that SyncMon watches.
  - The vendor publishes the status members of few modules. C(docs/modules.md) of the collection says for each family what is confirmed by
    recorded answers and what is assumed. What nobody described is in RV(modules[].details), and RV(modules[].status) always holds everything
    that a module sends, whether the collection knows the module or not.
  - Names are in snake case with units in the name, and V(null) stands for the device's many ways of saying nothing. States and other tokens stay
    as the device spells them. Text of the device is never templated.
  - All modules cost one request, with O(config=true) two. Secrets are replaced by asterisks.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.connection
options:
  slots:
    description: Only these slots, by C(object-id). V(*) and V(?) match any characters and one character.
    type: list
    elements: str
  families:
    description: Only modules of these families, for example V(GPS), V(HPS) or V(PSU). Case does not matter.
    type: list
    elements: str
  models:
    description: Only modules of these models, for example V(grc180) or V(gns18*). Case does not matter.
    type: list
    elements: str
  populated:
    description: Only slots with a module (V(true)) or without (V(false)).
    type: bool
  states:
    description:
      - Only modules that tell one of these states of themselves, for example V(holdover) or V(master). V(*) and V(?) match any characters and
        one character, case does not matter.
      - Compared are the states of the clock, of its receivers, of PTP ports, relays, inputs and outputs, as the device spells them.
    type: list
    elements: str
    version_added: 1.2.0
  synchronized:
    description: Only clocks that are synchronized (V(true)) or that say that they are not (V(false)); see RV(modules[].synchronized).
    type: bool
    version_added: 1.2.0
  config:
    description:
      - Whether to return the settings of the modules too, which costs one more request.
      - Where they stand is not public. They are looked for in the configuration tree at the path that a module has in the status tree.
    type: bool
    default: false
    version_added: 1.2.0
  config_root:
    description: Name of the configuration root of the API, if it is not to be found automatically. Used with O(config=true) only.
    type: str
    version_added: 1.2.0
seealso:
  - module: meinberg.lantime.lantime_facts
  - module: meinberg.lantime.lantime_config_info
"""

EXAMPLES = r"""
- name: All modules
  meinberg.lantime.lantime_module_info:
    populated: true
  register: lantime

# Run against the whole fleet: each host shows its own.
- name: Clocks and their receivers
  meinberg.lantime.lantime_module_info:
    slots: ["clk*"]
    populated: true
  register: clocks

- name: All receivers of the fleet that are not locked
  ansible.builtin.debug:
    msg: "{{ inventory_hostname }} {{ item.slot }}: {{ item.kind }} is {{ item.state }}"
  loop: "{{ clocks.modules | map(attribute='receivers') | flatten | rejectattr('synchronized') }}"

- name: The antenna of each clock
  ansible.builtin.debug:
    msg: "{{ clocks.modules | items2dict(key_name='slot', value_name='antenna') }}"

- name: Clocks in holdover
  meinberg.lantime.lantime_module_info:
    states: [holdover]
  register: holdover

- name: SyncMon nodes in alarm
  ansible.builtin.debug:
    msg: "{{ lantime.syncmon_nodes | selectattr('alarm') | map(attribute='address') }}"

- name: PTP instances by state
  ansible.builtin.debug:
    msg: "{{ item.0 }}: {{ item.1 | map(attribute='object_id') | join(', ') }}"
  loop: "{{ lantime.ptp_instances | selectattr('port_state') | groupby('port_state') }}"

- name: Settings of the PTP cards
  meinberg.lantime.lantime_module_info:
    families: [HPS, PSX]
    config: true
"""

RETURN = r"""
modules:
  description: The slots, in natural order of their names.
  returned: success
  type: list
  elements: dict
  contains:
    chassis: {description: Chassis that holds the slot., type: str, returned: always, sample: chassis0}
    slot: {description: The slot's C(object-id)., type: str, returned: always, sample: clk1}
    slot_type: {description: Kind of slot., type: str, returned: always, sample: clk}
    position: {description: Position in the chassis as the device gives it., type: str, returned: always, sample: "0,2,1"}
    orientation: {description: Orientation of the slot., type: str, returned: always, sample: vertical}
    populated: {description: Whether there is a module. An empty bay for a power supply is none., type: bool, returned: always}
    family: {description: Family of the module; V(null) if the model is not known., type: str, returned: always, sample: GRC}
    function: {description: What modules of this family do; V(null) where no public source says it., type: str, returned: always}
    model: {description: Model., type: str, returned: always, sample: grc180}
    serial_number: {description: Serial number., type: str, returned: always, sample: "029811038330"}
    software_revision: {description: Revision of the module's own software., type: str, returned: always, sample: v2.16}
    firmware_image: {description: Image that the module runs., type: str, returned: always}
    sensors: {description: "Temperatures in °C; V(null) where the device shows 0.0, its way of saying that there is no sensor.", type: dict, returned: always}
    sync:
      description: State of the clock and its oscillator; V(null) for modules without.
      type: dict
      returned: always
      contains:
        clock_index: {description: What the module says about its place among the clocks., type: str, returned: always, sample: selected}
        state: {description: State of the clock., type: str, returned: always, sample: synchronized}
        synchronized: {description: Whether it is synchronized., type: bool, returned: always}
        oscillator_type: {description: Kind of oscillator., type: str, returned: always, sample: ocxo-hq}
        oscillator_state: {description: State of the oscillator., type: str, returned: always, sample: warmed-up}
        oscillator_warmed_up: {description: Whether it is warmed up; V(null) for a state that is not known., type: bool, returned: always}
        estimated_quality_token: {description: Estimated quality as the device writes it., type: str, returned: always, sample: less-than-100ns}
        estimated_quality_seconds: {description: The same in seconds., type: float, returned: always, sample: 1.0e-07}
        estimated_quality_ns: {description: The same in nanoseconds., type: float, returned: always, sample: 100}
        other: {description: "Other members, unchanged.", type: dict, returned: if there are any}
    synchronized:
      description: Whether the clock is synchronized, by RV(modules[].sync.state), else by all of its receivers; V(null) if neither says so.
      type: bool
      returned: always
    redundancy:
      description: Part that a clock, a power supply or a switch between clocks plays among its like in the chassis; V(null) for other modules.
      type: dict
      returned: always
      contains:
        kind: {description: "V(clock), V(power) or V(switch).", type: str, returned: always, sample: clock}
        role:
          description: Of a clock V(selected) or V(standby) by what the device follows, else what it says itself. Of a supply V(supplying) or V(without-power).
          type: str
          returned: always
        members: {description: "The slots concerned, of a switch those of the clocks; 64 at most.", type: list, elements: str, returned: always}
        working: {description: Members that are synchronized or supply power., type: int, returned: always, sample: 2}
        redundant: {description: Whether more than one member works., type: bool, returned: always}
        switch:
          description: >-
            The card that switches between the clocks, its C(slot), C(mode) and C(selected_clock) (members assumed); V(null) without and for power.
          type: dict
          returned: always
    power: {description: "Whether a power supply is C(available), and C(capacity_watts); V(null) for other modules.", type: dict, returned: always}
    receivers:
      description: The receivers of a clock, of whatever family (for example gps, gns, grc, dcf77, tcr).
      type: list
      elements: dict
      returned: always
      contains:
        chassis: {description: As of the module., type: str, returned: always}
        slot: {description: As of the module., type: str, returned: always}
        family: {description: As of the module., type: str, returned: always}
        model: {description: As of the module., type: str, returned: always}
        kind: {description: Name of the receiver's block in the answer., type: str, returned: always, sample: grc}
        state: {description: State of the receiver., type: str, returned: always, sample: synchronized}
        synchronized: {description: Whether it is synchronized; V(null) if it does not report that., type: bool, returned: always}
        tracking: {description: Whether it tracks satellites without being synchronized yet (the meaning is inferred)., type: bool, returned: always}
        warm_boot: {description: Whether it searches for satellites with known data (the meaning is inferred)., type: bool, returned: always}
        cold_boot: {description: Whether it searches for satellites without known data (the meaning is inferred)., type: bool, returned: always}
        dcf77:
          description: >-
            What only a DCF77 receiver tells: C(type), C(reference_type), C(correlation), C(field_strength) and flags in C(pcps). V(null) for others.
          type: dict
          returned: always
        details: {description: Other members., type: dict, returned: always}
    satellites:
      description: Satellites and position of a GNSS clock; V(null) without.
      type: dict
      returned: always
      contains:
        good: {description: Satellites that are good enough., type: int, returned: always, sample: 9}
        in_view: {description: Satellites in view., type: int, returned: always, sample: 14}
        mode: {description: Mode of the receiver., type: str, returned: always, sample: normal-operation}
        latitude_degrees: {description: Latitude., type: float, returned: always, sample: 52.5}
        longitude_degrees: {description: Longitude., type: float, returned: always, sample: 13.4}
        altitude_metres: {description: Altitude., type: float, returned: always, sample: 61.0}
        ecef_metres: {description: "Earth-centred position x, y, z; V(null) unless complete.", type: list, elements: float, returned: always}
        pdop: {description: Dilution of precision of the position., type: float, returned: always, sample: 1.42}
        tdop: {description: Dilution of precision of the time., type: float, returned: always, sample: 0.97}
        selected: {description: Satellites in use., type: list, elements: str, returned: always, sample: [gps28, gps1]}
        constellations: {description: Systems that they belong to., type: list, elements: str, returned: always, sample: [gps]}
        listed_by_constellation: {description: Number of satellites in the device's own list by system., type: dict, returned: always}
        details: {description: Other members., type: dict, returned: always}
    antenna:
      description: The antenna; V(null) if nothing tells of one.
      type: dict
      returned: always
      contains:
        connected: {description: Whether it is connected., type: bool, returned: always}
        short_circuit: {description: Whether it is short-circuited., type: bool, returned: always}
        state: {description: "State as a token, where the device gives one.", type: str, returned: always, sample: connected}
        told_by: {description: "Block of the module that tells it, or V(system) where only the device does.", type: str, returned: always, sample: grc}
        details: {description: Other members., type: dict, returned: always}
    sources:
      description:
        - References of a clock in order of priority (MRS).
        - A clock without MRS may show one placeholder. That a source is listed does not say that the clock follows it.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: Its C(object-id)., type: str, returned: always, sample: priority0}
        priority: {description: "Priority, 0 first.", type: int, returned: always, sample: 0}
        type: {description: Kind of reference., type: str, returned: always, sample: gps}
        instance: {description: Number among references of the kind., type: int, returned: always, sample: 0}
        bias_ns: {description: Fixed offset., type: float, returned: always, sample: 0}
        precision_ns: {description: Precision that the clock grants it., type: float, returned: always, sample: 100}
        details: {description: "Other members, for instance its state.", type: dict, returned: always}
    serial_strings: {description: Time strings that the clock's serial port can send., type: list, elements: str, returned: always, sample: [nmea-rmc]}
    outputs:
      description: Output sockets, also ports that are set to be outputs. Members are assumed.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: Its C(object-id)., type: str, returned: always, sample: out1}
        signal: {description: The signal., type: str, returned: always, sample: 10mhz}
        signal_present: {description: Whether it is there., type: bool, returned: always}
        state: {description: State as a token., type: str, returned: always}
        level: {description: Level., type: str, returned: always, sample: ttl}
        connector: {description: Connector., type: str, returned: always, sample: bnc}
        details: {description: Other members., type: dict, returned: always}
    inputs:
      description: Input sockets, also ports that are set to be inputs. Members are assumed.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: Its C(object-id)., type: str, returned: always, sample: in1}
        signal: {description: The signal., type: str, returned: always, sample: pps}
        signal_present: {description: Whether it is there., type: bool, returned: always}
        state: {description: State as a token., type: str, returned: always}
        quality_level: {description: Quality level that arrives., type: str, returned: always, sample: ql-prc}
        offset_ns: {description: Measured offset., type: float, returned: always, sample: 12}
        details: {description: Other members., type: dict, returned: always}
    relays:
      description: Relays. Members are assumed.
      type: list
      elements: dict
      returned: always
      contains:
        object_id: {description: Its C(object-id)., type: str, returned: always, sample: a}
        state: {description: State as a token or a truth value., type: raw, returned: always, sample: no-error}
        source: {description: What switches it., type: str, returned: always, sample: clk1}
        details: {description: Other members., type: dict, returned: always}
    mains:
      description: What a monitor of the mains measures; V(null) for other modules. Members are assumed.
      type: dict
      returned: always
      contains:
        frequency_hertz: {description: Frequency., type: float, returned: always, sample: 50.003}
        nominal_frequency_hertz: {description: Nominal frequency., type: float, returned: always, sample: 50}
        frequency_deviation_hertz: {description: The one minus the other., type: float, returned: always, sample: 0.003}
        time_deviation_seconds: {description: Deviation of the time that the mains keep., type: float, returned: always, sample: 0.012}
        frequency_within_limits: {description: Whether the frequency is within its limits., type: bool, returned: always}
        time_within_limits: {description: Whether the time is., type: bool, returned: always}
        overflow: {description: Whether a counter has run over., type: bool, returned: always}
        details: {description: Other members., type: dict, returned: always}
    ptp_instances: {description: "The module's part of RV(ptp_instances).", type: list, elements: dict, returned: always}
    details:
      description:
        - All members that stand in no other key but RV(modules[].status), with names in snake case.
        - A member of more than 2000 values or 12 levels is left out here, as are members beyond the 64th.
      type: dict
      returned: always
    status:
      description:
        - Everything that the module sends, as it is; V(null) without a module.
        - Secrets are masked, and control characters are written out (V(\\x1b)).
      type: dict
      returned: always
    configuration:
      description: >-
        Settings of the module in the form that M(meinberg.lantime.lantime_config) takes, secrets masked; V(null) if there are none or without
        O(config=true).
      type: dict
      returned: always
    configuration_path: {description: "Path of RV(modules[].configuration).", type: str, returned: always, sample: chassis0/slots/io1/module}
ptp_instances:
  description:
    - The PTP instances of all modules that are returned.
    - That modules have them is known, their members are assumed.
  returned: success
  type: list
  elements: dict
  contains:
    chassis: {description: Chassis of the module., type: str, returned: always, sample: chassis0}
    slot: {description: Slot of the module., type: str, returned: always, sample: io1}
    family: {description: Family of the module., type: str, returned: always, sample: HPS}
    model: {description: Model of the module., type: str, returned: always, sample: hps100}
    object_id: {description: Its C(object-id)., type: str, returned: always, sample: ptp1}
    port_state: {description: State of the port., type: str, returned: always, sample: master}
    mode: {description: Role and transport mode., type: str, returned: always}
    profile: {description: Profile., type: str, returned: always}
    domain: {description: Number of the domain., type: int, returned: always, sample: 0}
    delay_mechanism: {description: Delay mechanism., type: str, returned: always, sample: e2e}
    network_protocol: {description: Transport., type: str, returned: always}
    link: {description: Whether the port has link., type: bool, returned: always}
    mac_address: {description: MAC address of the port., type: str, returned: always}
    clock_identity: {description: Identity of the clock., type: str, returned: always}
    grandmaster_identity: {description: Identity of the grandmaster., type: str, returned: always}
    grandmaster_mac_address: {description: MAC address of the grandmaster., type: str, returned: always}
    clock_class: {description: Clock class., type: int, returned: always, sample: 6}
    clock_accuracy: {description: Clock accuracy as the device writes it., type: raw, returned: always, sample: 33}
    clock_accuracy_ns: {description: "The bound that this number stands for, up to 10 s.", type: int, returned: always, sample: 100}
    time_source: {description: Source of time., type: str, returned: always, sample: gps}
    utc_offset_seconds: {description: TAI minus UTC., type: int, returned: always, sample: 37}
    offset_from_master_ns: {description: Offset from the master., type: float, returned: always, sample: 0}
    path_delay_ns: {description: Path delay., type: float, returned: always, sample: 0}
    delay_asymmetry_ns: {description: Delay asymmetry., type: float, returned: always}
    unicast_clients: {description: Unicast clients served., type: int, returned: always, sample: 0}
    details: {description: Other members., type: dict, returned: always}
syncmon_nodes:
  description:
    - The nodes that SyncMon watches, whatever modules are selected.
    - That nodes exist is known, their members are assumed.
  returned: success
  type: list
  elements: dict
  contains:
    object_id: {description: Its C(object-id)., type: str, returned: always, sample: node1}
    name: {description: Name., type: str, returned: always}
    address: {description: Address., type: str, returned: always, sample: 192.0.2.9}
    type: {description: Protocol by which it is watched., type: str, returned: always, sample: ntp}
    state: {description: State., type: str, returned: always, sample: reachable}
    stratum: {description: Stratum., type: int, returned: always, sample: 2}
    offset_seconds: {description: Offset., type: float, returned: always, sample: 1.5e-05}
    offset_limit_seconds: {description: Limit of the offset., type: float, returned: always, sample: 0.001}
    alarm:
      description: Whether the node says that it is in alarm, else whether its state or its offset is bad; V(null) if nothing tells.
      type: bool
      returned: always
    details: {description: Other members., type: dict, returned: always}
device:
  description: Who answered. The serial number tells devices apart that swap addresses.
  returned: success
  type: dict
  sample: {model: M600, serial_number: "0123456789", hostname: ts1.example.com, firmware: "7.10.008", api_version: 20.05.013, api_generation: 20}
http_sessions:
  description: The latest requests of the task, oldest first. Headers and bodies are never part of it.
  returned: if O(http_log=true), after success and failure
  type: list
  elements: dict
  sample:
    - {method: GET, path: /api/status, status: 200, error: null, attempt: 1, request_bytes: 0, response_bytes: 31161,
       request_time: "2026-02-11T22:05:07.011Z", response_time: "2026-02-11T22:05:07.203Z", round_trip_ms: 192.4}
error:
  description: What failed, for programs. The codes are explained in C(docs/errors.md).
  returned: on failure
  type: dict
  contains:
    code: {description: One of a closed list., type: str, returned: always, sample: auth_failed}
    path: {description: Path of the API or of the configuration tree., type: str, returned: always, sample: /api/status}
    http_status: {description: Status of the answer; V(null) if there was none., type: int, returned: always, sample: 401}
    device_message: {description: "The device's own words, bounded.", type: str, returned: always}
    hint: {description: What to do about it., type: str, returned: always}
"""

from ..module_utils._jobs import lantime_module_info
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_module_info.SPEC, lantime_module_info.run)


if __name__ == "__main__":
    main()
