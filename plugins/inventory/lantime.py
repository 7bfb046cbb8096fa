# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: lantime
short_description: Inventory of Meinberg LANTIME time servers
version_added: 1.2.0
author:
  - meinberg.lantime contributors (@meinberg-lantime)
description:
  - Reads the status of each device with one request (C(GET /api/status)), many devices in parallel, and creates inventory hosts, variables
    and groups.
  - Variables and groups describe the identity of the devices (model, serial number, LTOS and API version, receivers, modules) and their state
    (synchronization, stratum, antenna, events, power).
  - The name of the configuration file is C(lantime.yml) or C(lantime.yaml), or ends in C(.lantime.yml) or C(.lantime.yaml).
  - A device that does not respond remains in the inventory with its last known identity from the cache, in a group that names the cause.
  - Values from devices are never evaluated as templates. Credentials are not stored in variables or in the cache.
requirements:
  - requests (on the controller)
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
attributes:
  platform:
    description: Platforms that the plugin supports.
    support: full
    platforms: lantime
  read_only:
    description: Sends C(GET /api/status) only, and C(PUT /api/get-token) with O(auth=token). Does not change the device.
    support: full
  one_request:
    description: Sends one request to each device, or none while the cache is valid.
    support: partial
    details:
      - O(auth=token) needs one additional request. After a broken connection, up to O(retries) additional requests are sent.
options:
  plugin:
    description: Marks the file as a configuration of this plugin.
    type: str
    required: true
    choices: [meinberg.lantime.lantime]
  hosts:
    description:
      - Devices by name or address. Ranges as in V(ts[01:20].example.com) and ports as in V([2001:db8::7]:8443) are supported.
      - An entry can be a mapping with O(ignore:host), O(ignore:name) (name in the inventory, if it differs), and connection options for
        this device.
    type: list
    elements: raw
    default: []
  file:
    description:
      - File with additional devices. A relative path starts at the directory of the configuration file.
      - C(.yml), C(.yaml) and C(.json) files contain a list in the format of O(hosts), or a mapping with such a list as C(hosts).
      - Any other file contains one name, address or range in each line. Comments start with C(#). Templates are not evaluated.
    type: str
  networks:
    description:
      - Networks to search, for example V(192.0.2.0/24).
      - B(The credentials are sent to every address), so list only networks in which this is permitted.
      - Addresses at which a LANTIME answers, or at which one is known from the cache, become hosts. Other addresses are contacted again
        after O(cache_timeout).
    type: list
    elements: str
    default: []
  networks_max_addresses:
    description: Maximum total number of addresses in O(networks). If it is exceeded, no device is contacted.
    type: int
    default: 1024
  networks_unverified:
    description:
      - Whether to search O(networks) without verifying the identity of the devices, with O(validate_certs=false) or O(use_tls=false).
      - With V(true), every web server in these networks can receive the credentials.
    type: bool
    default: false
  group:
    description:
      - Groups of hosts from an inventory source that precedes this one, as in C(-i hosts.yml -i lantime.yml).
      - The hosts keep their variables. C(lantime_<option>), C(ansible_host), C(ansible_user) and C(ansible_password) are used to connect to
        the device.
      - The directories C(group_vars) and C(host_vars) are read with O(use_vars_plugins=true) only.
    type: list
    elements: str
    default: []
  use_vars_plugins:
    description:
      - Whether to use variables in C(group_vars) and C(host_vars), next to this file or to a preceding inventory source, for connection options
        and in O(compose), O(groups) and O(keyed_groups).
      - Of the groups that do not exist before this plugin runs, C(all) and the group of all devices are used for connection options.
    type: bool
    default: false
  workers:
    description: Number of devices that are read in parallel.
    type: int
    default: 100
  deadline:
    description: Timeout in seconds for all devices together. Devices that have not answered by then are unreachable.
    type: float
    default: 60.0
  max_auth_failures:
    description:
      - Number of devices that may refuse the same credentials, while no device has accepted them. After that, these credentials are not tried
        on further devices. This prevents a wrong password from locking accounts on all devices. V(0) disables the limit.
      - This is also the number of parallel logins until a device accepts the credentials.
      - The variable C(lantime_login_limit) is the limit of tasks. Tasks do not try logins again that were refused while the inventory was read.
    type: int
    default: 3
  gather_state:
    description:
      - Whether to include the state of the devices.
      - With V(false), the inventory contains their identity only, and a device is read again after O(cache_timeout).
    type: bool
    default: true
  cache_timeout:
    description: Time in seconds during which the identity of a device is read from the cache.
    type: int
    default: 3600
    env:
      - name: ANSIBLE_CACHE_PLUGIN_TIMEOUT
      - name: ANSIBLE_INVENTORY_CACHE_TIMEOUT
    ini:
      - section: defaults
        key: fact_caching_timeout
      - section: inventory
        key: cache_timeout
  cache_timeout_state:
    description:
      - Time in seconds during which the state of a device is read from the cache, including the state that it could not be read.
      - One request updates state and identity.
    type: int
    default: 60
  group_prefix:
    description:
      - Prefix of the names of the built-in groups.
      - The prefix without leading and trailing underscores is the name of the group of all devices.
    type: str
    default: lantime_
  group_by:
    description:
      - Built-in groups to create. Their names consist of prefix, kind and value, as in C(lantime_model_m600), C(lantime_ltos_7_10),
        C(lantime_api_v20), C(lantime_receiver_gps), C(lantime_oscillator_ocxo_hq), C(lantime_sync_synchronized), C(lantime_stratum_1),
        C(lantime_antenna_connected), C(lantime_leap_none) (or C(pending), C(alarm)), C(lantime_event_antenna_faulty).
      - Since version 2.0.0, C(lantime_module_hps) for each family of modules, and C(lantime_ptp_master) for each state of PTP ports, or
        C(lantime_ptp_unknown) for ports that report none.
      - The groups C(lantime_unreachable), C(lantime_auth_failed), C(lantime_untrusted) (certificate) and C(lantime_not_lantime) are always created.
    type: list
    elements: str
    choices: [model, ltos, api, receiver, module, oscillator, sync, stratum, antenna, ptp, leap, event]
    default: [model, ltos, api, receiver, module, oscillator, sync, stratum, antenna, ptp, leap, event]
  set_connection_local:
    description:
      - Whether to set C(ansible_connection) to V(local) for each device, unless another source sets it.
      - The modules of this collection do not need it. M(ansible.builtin.gather_facts), tasks with C(async) and C(lantime_execution=target) do.
      - It applies to tasks of other collections too, which then run on the controller.
    type: bool
    default: false
    version_added: 2.0.0
  port:
    description: TCP port of the web service of the devices.
    type: int
    default: 443
    env: [{name: LANTIME_PORT}]
  use_tls:
    description: Whether to use HTTPS. With V(false), credentials are sent in clear text.
    type: bool
    default: true
    env: [{name: LANTIME_USE_TLS}]
  username:
    description:
      - User on the devices. The access level C(info) is sufficient.
      - All connection options of type string or path can be templates.
    type: str
    env: [{name: LANTIME_USERNAME}]
  password:
    description: Password of O(username). Use a vaulted value or a template with a lookup.
    type: str
    env: [{name: LANTIME_PASSWORD}]
  token:
    description: API token of the devices, used instead of O(username) and O(password). Requires LTOS 7.08 or newer.
    type: str
    env: [{name: LANTIME_TOKEN}]
  auth:
    description:
      - V(basic) sends O(username) and O(password) with the request.
      - V(token) exchanges them for a token first, with one additional request for each device. Requires LTOS 7.08 or newer.
      - Ignored if O(token) is set.
    type: str
    choices: [basic, token]
    default: basic
    env: [{name: LANTIME_AUTH}]
  validate_certs:
    description: Whether to verify the certificates of the devices, their validity period and their names.
    type: bool
    default: true
    env: [{name: LANTIME_VALIDATE_CERTS}]
  ca_path:
    description:
      - File with trusted CA certificates in PEM format, or a directory of such files named by hash.
      - If not set, the certificate store of the system is used.
      - This path, O(client_cert) and O(client_key) can be relative to the directory of the configuration file.
    type: path
    env: [{name: LANTIME_CA_PATH}]
  tls_fingerprint:
    description:
      - SHA-256 fingerprint of the certificate of the device. If set, exactly this certificate is accepted.
      - Set it for each device, in an entry of O(hosts) or as a variable.
    type: str
    env: [{name: LANTIME_TLS_FINGERPRINT}]
  client_cert:
    description: File with the client certificate in PEM format, if the devices require one. It can also contain the private key.
    type: path
    env: [{name: LANTIME_CLIENT_CERT}]
  client_key:
    description: File with the unencrypted private key of O(client_cert) in PEM format.
    type: path
    env: [{name: LANTIME_CLIENT_KEY}]
  use_proxy:
    description:
      - Whether to use the proxy that the environment variables C(https_proxy), C(http_proxy), C(all_proxy) and C(no_proxy) define.
      - With O(use_tls=false), a proxy would receive the credentials, so devices that would be connected through it are not contacted.
    type: bool
    default: true
    env: [{name: LANTIME_USE_PROXY}]
  connect_timeout:
    description: Timeout in seconds for establishing a connection, including the TLS handshake.
    type: float
    default: 5.0
    env: [{name: LANTIME_CONNECT_TIMEOUT}]
  read_timeout:
    description: Longest time in seconds between two pieces of a response.
    type: float
    default: 15.0
    env: [{name: LANTIME_READ_TIMEOUT}]
  request_timeout:
    description: Timeout in seconds for a request and its response, including all retries and the pauses between them.
    type: float
    default: 30.0
    env: [{name: LANTIME_REQUEST_TIMEOUT}]
  retries:
    description:
      - Number of times to retry the request after a broken connection or a response with status 429 or 5xx.
      - Refused credentials are never retried.
    type: int
    default: 3
    env: [{name: LANTIME_RETRIES}]
  dialect:
    description:
      - Behavior of the API of these devices where the vendor does not document it, as a mapping.
      - R(Assumptions about the API, ansible_collections.meinberg.lantime.docsite.assumptions) lists the keys and their defaults.
    type: dict
    env: [{name: LANTIME_DIALECT}]
notes:
  - The names of all variables begin with C(lantime_). Connection options with values other than their defaults become variables that
    the modules use, for example C(lantime_port) or C(lantime_ca_path), except O(username), O(password) and O(token).
  - The address becomes C(ansible_host), and with another O(group_prefix) than V(lantime_) also C(lantime_host), so that tasks can be delegated
    to a device, see R(which device a task asks, ansible_collections.meinberg.lantime.docsite.entry_points).
  - Connection options are taken from the entry of the device in O(hosts), from its variable C(lantime_<option>), from the configuration file, or
    from the environment variable C(LANTIME_<OPTION>), in this order.
  - C(--flush-cache) and C(meta=refresh_inventory) read all devices again. The last known identity of a device that does not respond is kept.
    Delete the cache to remove it.
  - Expressions that fail for a device without an answer are skipped even with O(strict=true).
seealso:
  - module: meinberg.lantime.lantime_facts
  - ref: ansible_collections.meinberg.lantime.docsite.inventory
    description: All variables and groups, the cache, and how the plugin protects accounts.
"""

EXAMPLES = r"""
# lantime.yml: credentials from a file, identity cached for a day, state for five minutes, additional groups and variables
plugin: meinberg.lantime.lantime
hosts:
  - ts[01:20].example.com
  - host: 192.0.2.17
    name: ts-lab
    port: 8443
    tls_fingerprint: "{{ lookup('ansible.builtin.file', 'ts-lab.sha256') }}"
username: reader
password: "{{ lookup('ansible.builtin.file', '/run/secrets/lantime') }}"
ca_path: ca.pem
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/lantime
cache_timeout: 86400
cache_timeout_state: 300
strict: true
compose:
  site: inventory_hostname.split('-')[0]
groups:
  single_power: lantime_power_supplies.values() | select | length < 2
  poor_time: lantime_synchronized is false or lantime_stratum | default(1, true) > 1
keyed_groups:
  - key: lantime_modules.values() | map('lower') | list
    prefix: module

# Minimal configuration; credentials from LANTIME_USERNAME and LANTIME_PASSWORD:
#
#   plugin: meinberg.lantime.lantime
#   hosts:
#     - ts[01:20].example.com
#
# All devices in a network whose certificates are signed by the given CA:
#
#   plugin: meinberg.lantime.lantime
#   networks:
#     - 192.0.2.0/24
#   ca_path: ca.pem
#
# The hosts of another inventory, with credentials from its group_vars: ansible-playbook -i hosts.yml -i lantime.yml
#
#   plugin: meinberg.lantime.lantime
#   group: time_servers
#   use_vars_plugins: true
"""

from ..plugin_utils._inventory.plugin import LantimeInventory


class InventoryModule(LantimeInventory):
    NAME = "meinberg.lantime.lantime"
