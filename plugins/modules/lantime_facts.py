#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_facts
short_description: Gather facts about Meinberg LANTIME time servers
version_added: 1.0.0
description:
  - Reads the status tree of the device with one request and returns typed facts.
  - C(ansible_net_*) contains the facts that network devices have in common, C(ansible_lantime) all others.
  - Names of facts are in snake case and contain the unit. Times are in ISO 8601 format in UTC. V(null) stands for every form in which a
    device reports no value. Unknown members are returned as the device sends them, with secrets masked.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.attributes.facts
  - meinberg.lantime.connection
options:
  gather_subset:
    description:
      - Subsets of facts to gather. The order is irrelevant. A subset with a leading V(!) is excluded, even if another value includes it.
      - V(min) (identity, versions, pending changes) is always gathered, unless V(!min) is given.
      - V(all) includes all subsets except V(config), which needs an additional request and can be large.
      - Possible values are V(min), V(system), V(sync), V(receiver), V(ntp), V(network), V(services), V(notification), V(chassis),
        V(modules), V(ptp), V(storage), V(firmware), V(syncmon), V(syncteam), V(config), V(all), and each of them with a leading V(!).
      - V(modules) and V(ptp) were added in version 2.0.0.
    type: list
    elements: str
    default: [min]
  config_root:
    description:
      - Name of the configuration root of the API. Used for the subset V(config) only.
      - If not set, C(config) is used. If the device does not have it, the name is read from the device.
    type: str
notes:
  - Values from the device are never evaluated as templates. Control characters in them are escaped, for example as C(\x1b).
  - The action M(ansible.builtin.gather_facts) runs this module if the variable C(ansible_facts_modules) contains its name. In this case
    the connection variables are not read. Set O(host), O(username), O(password), O(gather_subset) and other options in
    C(module_defaults) of the play, and set C(ansible_connection) to V(local), for hosts of the inventory plugin by its option
    C(set_connection_local). Before ansible-core 2.19, C(default(omit)) works for connection options of type string only.
  - A device that does not respond is unreachable in a task of this module, and failed with M(ansible.builtin.gather_facts).
  - Facts are stored in the fact cache in both cases. With C(gathering=smart), only facts from M(ansible.builtin.gather_facts) prevent the
    next run from gathering again.
seealso:
  - module: meinberg.lantime.lantime_module_info
  - module: meinberg.lantime.lantime_config_info
  - ref: ansible_collections.meinberg.lantime.docsite.facts
    description: All facts with type, unit and source, and the status members that are not exposed as facts.
"""

EXAMPLES = r"""
- name: Gather identity and versions
  meinberg.lantime.lantime_facts:

- name: Gather synchronization state and quality
  meinberg.lantime.lantime_facts:
    gather_subset: [sync, receiver, ntp]

- name: Fail if the time is not accurate enough
  ansible.builtin.assert:
    that:
      - ansible_facts.lantime.sync.synchronized
      - ansible_facts.lantime.sync.estimated_quality_ns <= 100

- name: Gather all facts except the chassis
  meinberg.lantime.lantime_facts:
    gather_subset: [all, "!chassis"]

- name: Gather facts and return the requests
  meinberg.lantime.lantime_facts:
    http_log: true
    http_log_max: 5
  register: gathered

- name: Gather facts at the start of a play
  hosts: timeservers
  gather_facts: true
  vars:
    ansible_connection: local
    ansible_facts_modules: meinberg.lantime.lantime_facts
  module_defaults:
    group/meinberg.lantime.lantime:
      host: "{{ lantime_host | default(ansible_host) }}"
      username: "{{ lantime_username }}"
      password: "{{ lantime_password }}"
      ca_path: "{{ lantime_ca_path | default(omit) }}"
      tls_fingerprint: "{{ lantime_tls_fingerprint | default(omit) }}"
    meinberg.lantime.lantime_facts:
      gather_subset: [all]
  tasks:
    - name: Show the remaining days of the leap second file
      ansible.builtin.debug:
        var: ansible_facts.lantime.ntp.system.leap_file_days_left

- name: Gather facts that are not in the fact cache
  ansible.builtin.gather_facts:
  when: ansible_facts.lantime is not defined
  vars:
    ansible_connection: local
    ansible_facts_modules: meinberg.lantime.lantime_facts
  module_defaults:
    meinberg.lantime.lantime_facts:
      host: "{{ lantime_host | default(ansible_host) }}"
      username: "{{ lantime_username }}"
      password: "{{ lantime_password }}"
      ca_path: "{{ lantime_ca_path | default(omit) }}"
      tls_fingerprint: "{{ lantime_tls_fingerprint | default(omit) }}"

- name: Gather facts that are not in the fact cache, with connection variables instead of module_defaults
  meinberg.lantime.lantime_facts:
  when: ansible_facts.lantime is not defined
"""

RETURN = r"""
ansible_facts:
  description: The facts.
  returned: success
  type: dict
  contains:
    ansible_net_model: {description: "Model.", type: str, sample: "M600"}
    ansible_net_serialnum: {description: "Serial number.", type: str, sample: "0123456789"}
    ansible_net_version: {description: "Running LTOS version.", type: str, sample: "7.10.008"}
    ansible_net_hostname: {description: "Host name.", type: str, sample: "ts1.example.com"}
    ansible_net_system: {description: "Operating system.", type: str, sample: "ltos"}
    ansible_net_api: {description: "Kind of API.", type: str, sample: "rest"}
    ansible_net_gather_subset: {description: "Subsets that were gathered.", type: list, elements: str}
    ansible_net_gather_network_resources: {description: "Always empty.", type: list, elements: str}
    ansible_net_memtotal_mb: {description: "Memory. With the subset V(system).", type: int}
    ansible_net_memfree_mb: {description: "Free memory. With the subset V(system).", type: int}
    ansible_net_image: {description: "Firmware image. With the subset V(firmware).", type: str}
    ansible_net_filesystems: {description: "Mount points. With the subset V(storage).", type: list, elements: str}
    ansible_net_filesystems_info:
      description: "File systems, in kB. With the subset V(storage). For each mountpoint: C(spacetotal_kb), C(spacefree_kb)."
      type: dict
    ansible_net_all_ipv4_addresses: {description: "IPv4 addresses. With the subset V(network).", type: list, elements: str}
    ansible_net_all_ipv6_addresses: {description: "IPv6 addresses. With the subset V(network).", type: list, elements: str}
    ansible_net_interfaces:
      description: "The fitted ports, and interfaces without a port. With the subset V(network). For each port: C(operstatus), C(lineprotocol), C(macaddress),
        C(mtu), C(bandwidth), C(duplex), C(ipv4) (C(address), C(subnet), C(masklen)), C(ipv6) (C(address), C(subnet), C(masklen))."
      type: dict
    ansible_lantime:
      description: "Facts of the time server, one member for each subset. V(null) where the device reports nothing. Unknown members of an object are kept
        unchanged in C(other). A value in an unknown form is V(null), and C(unparsed) of its object has its text by the name of the fact."
      type: dict
      contains:
        min:
          description: "Identity and versions."
          type: dict
          contains:
            hostname: {description: "Host name.", type: str}
            model: {description: "Model.", type: str, sample: "M600"}
            serial_number: {description: "Serial number without padding.", type: str}
            firmware: {description: "Running LTOS. Members: C(version), C(numbers), C(suffix).", type: dict}
            api_version: {description: "Version of the API.", type: str, sample: "20.05.013"}
            api_generation: {description: "First number of the API version.", type: int, sample: 20}
            api_supported: {description: "Whether this collection knows the data of this API generation.", type: bool}
            device_time: {description: "Time by the device's own clock.", type: str, sample: "2026-02-11T22:05:07Z"}
            pending_changes: {description: "Number of unsaved changes.", type: int}
        system:
          description: "General state of the device."
          type: dict
          contains:
            uptime_seconds: {description: "Time since the start.", type: float}
            cpu_load: {description: "Mean load. Members: C(one_minute), C(five_minutes), C(fifteen_minutes).", type: dict}
            memory: {description: "Memory. Members: C(total_bytes), C(free_bytes).", type: dict}
            position:
              description: "Position of the antenna; V(null) if it was never determined. Members: C(latitude_degrees), C(longitude_degrees)."
              type: dict
            last_position_update: {description: "When the position was determined.", type: str}
            current_time: {description: "Time at which the device read its status.", type: str}
            status_updated: {description: "Time of the cached status (LTOS 7.10).", type: str}
            front_leds:
              description: "LEDs of the front: ref_time, time_service, network, alarm. For each led: C(color), C(lit), C(mode), C(last_color), C(last_lit),
                C(last_mode)."
              type: dict
        sync:
          description: "Synchronization of the device as a whole."
          type: dict
          contains:
            state: {description: "State of the clock.", type: str, sample: "synchronized"}
            synchronized: {description: "Whether the state is V(synchronized); V(null) if the device reports no state.", type: bool}
            reference: {description: "The reference that the device follows.", type: str, sample: "clk1-gps"}
            reference_type: {description: "Kind of the reference.", type: str, sample: "gps"}
            reference_slot: {description: "Slot of the reference.", type: str, sample: "clk1"}
            clock_index: {description: "Number of the clock.", type: int}
            oscillator_type: {description: "Type of the oscillator.", type: str, sample: "ocxo-hq"}
            oscillator_warmed_up: {description: "Whether it is warmed up.", type: bool}
            oscillator_state: {description: "State of the oscillator as the device reports it.", type: str, sample: "warmed-up"}
            antenna_state: {description: "State of the antenna.", type: str, sample: "connected"}
            antenna_connected: {description: "Whether the antenna is connected; V(null) for an unknown state.", type: bool}
            estimated_quality_token: {description: "The device's estimate of its quality.", type: str, sample: "less-than-100ns"}
            estimated_quality_seconds: {description: "Upper bound of the estimate.", type: float, sample: 1.0e-07}
            estimated_quality_ns: {description: "Upper bound of the estimate.", type: float, sample: 100}
            leap_second_announced: {description: "Whether a leap second is announced.", type: bool}
            leap_second_date: {description: "Date of the leap second.", type: str}
            holdover: {description: "Holdover of the clock. Members: C(elapsed_seconds), C(time_offset), C(tfom).", type: dict}
            clocks:
              description: "Each clock by itself. Members: C(chassis), C(slot), C(model), C(family), C(state), C(synchronized), C(oscillator_state),
                C(oscillator_warmed_up), C(selection), C(oscillator_type), C(estimated_quality_token), C(estimated_quality_seconds), C(estimated_quality_ns)."
              type: list
              elements: dict
        receiver:
          description: "One entry for each receiver, in the order of the slots."
          type: list
          elements: dict
          contains:
            chassis: {description: "Chassis.", type: str, sample: "chassis0"}
            slot: {description: "Slot.", type: str, sample: "clk1"}
            model: {description: "Model.", type: str, sample: "grc180"}
            family: {description: "Family of the module.", type: str, sample: "GRC"}
            kind: {description: "Name of the receiver's block in the module.", type: str, sample: "grc"}
            state: {description: "State of the receiver.", type: str, sample: "synchronized"}
            synchronized: {description: "Whether it is synchronized.", type: bool}
            antenna_connected: {description: "Whether the antenna is connected.", type: bool}
            antenna_short_circuit: {description: "Whether the antenna is short-circuited.", type: bool}
            tracking: {description: "Whether it tracks satellites without being synchronized yet (the meaning is inferred).", type: bool}
            warm_boot: {description: "Whether it searches for satellites with known data (the meaning is inferred).", type: bool}
            cold_boot: {description: "Whether it searches for satellites without known data (the meaning is inferred).", type: bool}
            satellites:
              description: "Satellites; V(null) for a receiver without. Members: C(good), C(in_view), C(mode), C(latitude_degrees), C(longitude_degrees),
                C(altitude_metres), C(ecef_metres), C(pdop), C(tdop), C(selected), C(constellations), C(listed_by_constellation)."
              type: dict
            dcf77:
              description: "Long-wave reception; V(null) for a receiver without. Members: C(type), C(reference_type), C(correlation), C(field_strength),
                C(pcps) (C(free_running), C(daylight_saving), C(synchronized), C(daylight_saving_change_announced), C(utc), C(leap_second_announced),
                C(if_time_mode), C(invalid_time))."
              type: dict
        ntp:
          description: "The NTP server."
          type: dict
          contains:
            system:
              description: "The server itself. Seconds are inferred as the unit. Members: C(association_id), C(id), C(name), C(status_word), C(leap),
                C(stratum), C(precision_log2_seconds), C(root_delay_seconds), C(root_dispersion_seconds), C(refid), C(leap_indicator), C(clock_source),
                C(event_counter), C(event_code), C(jitter_seconds), C(wander), C(tai_offset_seconds), C(leap_second_date), C(leap_file_expires),
                C(leap_file_days_left), C(leap_file_expired), C(system_peer)."
              type: dict
            peers:
              description: "Peers of the NTP server. Members: C(object_id), C(refclock), C(association_id), C(id), C(name), C(status_word), C(leap),
                C(stratum), C(precision_log2_seconds), C(root_delay_seconds), C(root_dispersion_seconds), C(refid), C(selection), C(configured), C(reachable),
                C(authentication_enabled), C(authentication_ok), C(broadcast), C(event_counter), C(event_code), C(offset_seconds), C(delay_seconds),
                C(dispersion_seconds), C(reach), C(poll_status)."
              type: list
              elements: dict
        network:
          description: "Ports and interfaces."
          type: dict
          contains:
            ports:
              description: "Ports. For each port: C(available), C(operational), C(link), C(speed_mbps), C(duplex), C(mac_address), C(slot_id), C(port_id),
                C(slot), C(card), C(mtu), C(statistics), C(bonding) (C(actor_port_state), C(aggregator_id), C(partner_port_state), C(link_failure_count),
                C(mii_status), C(permanent_mac_address), C(queue_id), C(state))."
              type: dict
            interfaces:
              description: "Interfaces on the ports. For each interface: C(name), C(port), C(addresses) (C(object_id), C(family), C(method), C(address),
                C(subnet), C(prefix_length)), C(cluster) (C(enabled), C(updated), C(cluster_address), C(communication_address), C(port_state),
                C(master_serial_number), C(master_address), C(master_priority), C(clock_class), C(clock_status), C(ntp_status), C(reconfiguration_state))."
              type: dict
        services:
          description: "Whether services are running, by name, in two groups."
          type: dict
          contains:
            network: {description: "Network services, as the device spells them. For each name: Whether the service is running.", type: dict}
            global: {description: "Global services, as the device spells them. For each name: Whether the service is running.", type: dict}
        notification:
          description: "Events."
          type: dict
          contains:
            events: {description: "Events, as LTOS 7.10 spells them. For each event: C(type), C(triggered), C(last_triggered), C(device_name).", type: dict}
            active: {description: "Triggered warnings, errors and critical events.", type: list, elements: str, sample: [network-link-down]}
        chassis:
          description: "The chassis and its slots; M(meinberg.lantime.lantime_module_info) has more on each module."
          type: dict
          contains:
            model: {description: "Model.", type: str, sample: "M600"}
            serial_number: {description: "Serial number.", type: str}
            backplane_revision: {description: "Revision of the backplane.", type: str}
            firmware_image: {description: "Firmware image.", type: str}
            slot_layout: {description: "Rows and columns.", type: str, sample: "1,9"}
            slots:
              description: "Contents of the slots. For each slot: C(type), C(position), C(orientation), C(populated), C(family), C(model), C(serial_number),
                C(software_revision), C(firmware_image)."
              type: dict
            power_supplies: {description: "Power supplies. For each slot: C(fitted), C(available), C(capacity_watts).", type: dict}
            temperatures_celsius: {description: "Temperatures. For each slot: Readings of its sensors, without those at 0.0, which have no sensor.", type: dict}
            additional_chassis: {description: "Further chassis. For each name: A further chassis, with the members of the first.", type: dict}
            external_holdover:
              description: "External rubidium shelves. Members: C(object_id), C(xhe_id), C(rubidium_id), C(state), C(software_revision), C(oscillator_type),
                C(features), C(communication_flags), C(flags), C(status_communication_flags), C(temperatures_celsius), C(power_supply_state), C(power_supplies),
                C(power_supply_alarms), C(power_supply_communication_flags)."
              type: list
              elements: dict
        modules:
          description: "Fitted modules, in the order of the slots; M(meinberg.lantime.lantime_module_info) has more on each."
          type: list
          elements: dict
          contains:
            chassis: {description: "Chassis.", type: str, sample: "chassis0"}
            slot: {description: "Slot.", type: str, sample: "clk1"}
            model: {description: "Model.", type: str, sample: "grc180"}
            family: {description: "Family of the module; V(null) if the model is unknown.", type: str, sample: "GRC"}
            serial_number: {description: "Serial number.", type: str}
            software_revision: {description: "Software revision.", type: str, sample: "v2.16"}
            state:
              description: "State of its clock, receiver or first PTP port; V(supplying) or V(without-power) for a power supply; V(null) for others."
              type: str
              sample: "synchronized"
        ptp:
          description: "PTP instances of the modules, as C(ptp_instances) of M(meinberg.lantime.lantime_module_info). Their members are assumed."
          type: list
          elements: dict
          contains:
            chassis: {description: "Chassis.", type: str, sample: "chassis0"}
            slot: {description: "Slot.", type: str, sample: "io1"}
            model: {description: "Model of the module.", type: str, sample: "hps100"}
            family: {description: "Family of the module.", type: str, sample: "HPS"}
            object_id: {description: "The device's name for it.", type: str, sample: "ptp1"}
            port_state: {description: "State of the port.", type: str, sample: "master"}
            enabled: {description: "Whether the instance is enabled.", type: bool}
            mode: {description: "Role and transport mode.", type: str}
            profile: {description: "Profile.", type: str}
            domain: {description: "Number of the domain.", type: int, sample: 0}
            delay_mechanism: {description: "Delay mechanism.", type: str, sample: "e2e"}
            network_protocol: {description: "Transport.", type: str}
            link: {description: "Whether the port has a link.", type: bool}
            mac_address: {description: "MAC address of the port.", type: str}
            clock_identity: {description: "Identity of the clock.", type: str}
            grandmaster_identity: {description: "Identity of the grandmaster.", type: str}
            grandmaster_mac_address: {description: "MAC address of the grandmaster.", type: str}
            clock_class: {description: "Clock class.", type: int, sample: 6}
            clock_accuracy: {description: "Clock accuracy as reported by the device.", type: raw, sample: 33}
            clock_accuracy_ns: {description: "Clock accuracy, up to 10 s.", type: int, sample: 100}
            time_source: {description: "Time source.", type: str, sample: "gps"}
            utc_offset_seconds: {description: "TAI minus UTC.", type: int, sample: 37}
            offset_from_master_ns: {description: "Offset from the master.", type: float}
            path_delay_ns: {description: "Path delay.", type: float}
            delay_asymmetry_ns: {description: "Delay asymmetry.", type: float}
            unicast_clients: {description: "Number of unicast clients.", type: int, sample: 0}
            details: {description: "Other members, with names in snake case.", type: dict}
        storage:
          description: "File systems."
          type: dict
          contains:
            device: {description: "The device's name for it.", type: str, sample: "rootfs"}
            size_bytes: {description: "Size.", type: int}
            used_bytes: {description: "Used space.", type: int}
            available_bytes: {description: "Available space.", type: int}
            used_percent: {description: "Used space.", type: int}
        firmware:
          description: "Firmware."
          type: dict
          contains:
            running: {description: "Running version.", type: str, sample: "7.10.008"}
            running_numbers: {description: "The numbers of the version.", type: list, elements: int}
            selected: {description: "Version selected for the next start.", type: str}
            selected_numbers: {description: "The numbers of the version.", type: list, elements: int}
            selected_is_running: {description: "Whether they are the same.", type: bool}
            image: {description: "Image.", type: str, sample: "firmware-7.10.008-x32"}
            architecture: {description: "Architecture of the image.", type: str, sample: "x32"}
            installed:
              description: "Installed firmware. Members: C(object_id), C(version), C(numbers), C(type), C(running), C(selected)."
              type: list
              elements: dict
            packages: {description: "Packages. For each name: Version of a package; V(null) if it has none.", type: dict}
            update_status:
              description: "The latest update. Members: C(in_progress), C(progress_percent), C(last_successful), C(last_started), C(last_ended),
                C(last_error)."
              type: dict
        syncmon:
          description: "SyncMon, the synchronization monitor."
          type: dict
          contains:
            last_updated: {description: "When it was last updated.", type: str}
            nodes:
              description: "Monitored nodes, as C(syncmon_nodes) of M(meinberg.lantime.lantime_module_info). Their members are assumed. Members: C(object_id),
                C(name), C(address), C(type), C(state), C(enabled), C(input), C(stratum), C(stratum_limit), C(interval_seconds), C(offset_seconds),
                C(offset_limit_seconds), C(alarm), C(details)."
              type: list
              elements: dict
        syncteam:
          description: "SyncTeam; reported even if the function is off."
          type: dict
          contains:
            operational_mode: {description: "Mode.", type: str, sample: "disabled"}
            time_quality: {description: "Quality of its time.", type: str}
            leap_second_state: {description: "State of the leap second, as LTOS 7.10 spells it.", type: str, sample: "no-leapsecond"}
            current_tfom: {description: "Time figure of merit.", type: int}
            team_members: {description: "Number of members.", type: int}
            online_members: {description: "Number of members online.", type: int}
            offline_members: {description: "Number of members offline.", type: int}
            master: {description: "Master of the team.", type: str}
            reference: {description: "Reference of the team.", type: str}
            members: {description: "Members as the device sends them, with secrets masked, since their form is not publicly known.", type: list, elements: dict}
        config: {description: "The configuration tree, with masked secrets.", type: dict}
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

from ..module_utils._jobs import lantime_facts
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_facts.SPEC, lantime_facts.run, for_gathering=True)


if __name__ == "__main__":
    main()
