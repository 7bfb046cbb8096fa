# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: lantime
short_description: Hosts, groups and variables from the Meinberg LANTIME time servers themselves
version_added: 1.2.0
author:
  - meinberg.lantime contributors (@meinberg-lantime)
description:
  - Asks each device once with C(GET /api/status), many at a time, and makes inventory hosts of them with variables on what they are
    (model, serial number, LTOS and API version, receivers, modules) and how they are (synchronisation, stratum, antenna, events, power),
    and groups by these.
  - The name of the configuration file is C(lantime.yml), C(lantime.yaml), or ends in C(.lantime.yml) or C(.lantime.yaml).
  - A device that does not answer stays in the inventory with what the cache last knew of its identity, and is in a group that says why.
  - Nothing that a device sends is ever evaluated as a template, and no credential gets into a variable or into the cache.
requirements:
  - requests (on the controller)
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
attributes:
  platform:
    description: Target platforms.
    support: full
    platforms: lantime
  read_only:
    description: Sends nothing but C(GET /api/status) to a device, and C(PUT /api/get-token) with O(auth=token); changes nothing on it.
    support: full
  one_request:
    description: Asks each device once, or not at all as long as the cache will do.
    support: partial
    details:
      - O(auth=token) takes one more request, a broken connection up to O(retries) more.
options:
  plugin:
    description: Marks the file as a configuration of this plugin.
    type: str
    required: true
    choices: [meinberg.lantime.lantime]
  hosts:
    description:
      - Devices by name or address, with ranges as in V(ts[01:20].example.com) and, if need be, a port as in V([2001:db8::7]:8443).
      - An entry may be a mapping with O(ignore:host), O(ignore:name) (the name in the inventory, if it is to be another one), and any of
        the connection options below for this device alone.
    type: list
    elements: raw
    default: []
  file:
    description:
      - A file with more devices; a relative path starts at the directory of the configuration file.
      - C(.yml), C(.yaml) and C(.json) hold a list as O(hosts) does, or a mapping with such a list as C(hosts). Any other file holds one name,
        address or range a line, and comments from C(#) on. Templates in it are not evaluated.
    type: str
  networks:
    description:
      - Networks such as V(192.0.2.0/24). B(Every address of them is asked, with the credentials,) so name no network whose owners do not expect it.
      - Only addresses at which a LANTIME answers, or at which one is known from the cache, become hosts. Addresses without one are asked again
        after O(cache_timeout).
    type: list
    elements: str
    default: []
  networks_max_addresses:
    description: How many addresses O(networks) may have in all. With more, nothing is asked.
    type: int
    default: 1024
  networks_unverified:
    description:
      - Whether O(networks) may be asked without proof of who answers, that is with O(validate_certs=false) or O(use_tls=false). Every web
        server there is then handed the credentials.
    type: bool
    default: false
  group:
    description:
      - Groups of hosts of an inventory source that was read before this one, as in C(-i hosts.yml -i lantime.yml). The hosts keep their
        variables; C(lantime_<option>), C(ansible_host), C(ansible_user) and C(ansible_password) among them are used to reach the device.
      - Directories C(group_vars) and C(host_vars) only count with O(use_vars_plugins=true).
    type: list
    elements: str
    default: []
  use_vars_plugins:
    description:
      - Whether variables in C(group_vars) and C(host_vars), beside this file or beside an inventory source before it, are used for the connection
        options and in O(compose), O(groups) and O(keyed_groups). Of the groups that do not exist yet only C(all) and the group of all
        devices count for the connection options.
    type: bool
    default: false
  workers:
    description: How many devices are asked at the same time.
    type: int
    default: 100
  deadline:
    description: Seconds for all devices together. Those that have not answered by then are unreachable.
    type: float
    default: 60.0
  max_auth_failures:
    description:
      - After how many refused log-ins in a row, over all devices, the rest is not tried any more, so that a wrong password does not lock accounts
        on the whole fleet. V(0) for no limit.
      - At first only so many log-ins are under way at a time; with each one that is accepted, one more.
    type: int
    default: 3
  gather_state:
    description:
      - Whether to have the state of the devices too. With V(false) only their identity is in the inventory, and a device is not asked again
        before O(cache_timeout) is over.
    type: bool
    default: true
  cache_timeout:
    description: Seconds for which the identity of a device is taken from the cache.
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
      - Seconds for which the state of a device is taken from the cache, and likewise that it could not be read. One request renews state and
        identity.
    type: int
    default: 60
  group_prefix:
    description:
      - What the names of the built-in groups begin with. Without underscores at its ends it is the name of the group of all devices.
    type: str
    default: lantime_
  group_by:
    description:
      - Which built-in groups to make, each named by the prefix, the kind and the value, as in C(lantime_model_m600), C(lantime_ltos_7_10),
        C(lantime_api_v20), C(lantime_receiver_gps), C(lantime_oscillator_ocxo_hq), C(lantime_sync_synchronized), C(lantime_stratum_1),
        C(lantime_antenna_connected), C(lantime_leap_none) (or C(pending), C(alarm)), C(lantime_event_antenna_faulty).
      - The groups C(lantime_unreachable), C(lantime_auth_failed), C(lantime_untrusted) (certificate) and C(lantime_not_lantime) are always there.
    type: list
    elements: str
    choices: [model, ltos, api, receiver, oscillator, sync, stratum, antenna, leap, event]
    default: [model, ltos, api, receiver, oscillator, sync, stratum, antenna, leap, event]
  port:
    description: Port of the devices' web service.
    type: int
    default: 443
    env: [{name: LANTIME_PORT}]
  use_tls:
    description: Whether to use HTTPS. With V(false), credentials travel in clear text.
    type: bool
    default: true
    env: [{name: LANTIME_USE_TLS}]
  username:
    description: User on the devices; the level C(info) is enough. May be a template, as all connection options of type string or path.
    type: str
    env: [{name: LANTIME_USERNAME}]
  password:
    description: Password of O(username), best a vaulted value or a template with a lookup.
    type: str
    env: [{name: LANTIME_PASSWORD}]
  token:
    description: A token of the devices' to be used instead of O(username) and O(password). Needs LTOS 7.08 or newer.
    type: str
    env: [{name: LANTIME_TOKEN}]
  auth:
    description:
      - V(basic) sends O(username) and O(password) with the request, V(token) exchanges them for a token first, with one more request a device.
    type: str
    choices: [basic, token]
    default: basic
    env: [{name: LANTIME_AUTH}]
  validate_certs:
    description: Whether the certificate of a device must be trusted, valid and made out to the name or address that is asked.
    type: bool
    default: true
    env: [{name: LANTIME_VALIDATE_CERTS}]
  ca_path:
    description:
      - File with the certificates (PEM) of the authorities to trust, or a directory of such files named by hash; the system's store if not given.
      - This and the other paths may be relative to the directory of the configuration file.
    type: path
    env: [{name: LANTIME_CA_PATH}]
  tls_fingerprint:
    description: SHA-256 fingerprint of the only certificate to accept. Makes sense for a device, in an entry of O(hosts) or as variable.
    type: str
    env: [{name: LANTIME_TLS_FINGERPRINT}]
  client_cert:
    description: File with the client certificate (PEM), if the devices want one. May hold the key too.
    type: path
    env: [{name: LANTIME_CLIENT_CERT}]
  client_key:
    description: File with the unencrypted key (PEM) of O(client_cert).
    type: path
    env: [{name: LANTIME_CLIENT_KEY}]
  use_proxy:
    description: Whether to go through the proxy that the environment names (C(https_proxy), C(http_proxy), C(all_proxy), C(no_proxy)).
    type: bool
    default: true
    env: [{name: LANTIME_USE_PROXY}]
  connect_timeout:
    description: Seconds for a connection to come about, the TLS handshake included.
    type: float
    default: 5.0
    env: [{name: LANTIME_CONNECT_TIMEOUT}]
  read_timeout:
    description: Seconds for which a device may be silent.
    type: float
    default: 15.0
    env: [{name: LANTIME_READ_TIMEOUT}]
  request_timeout:
    description: Seconds for a request and its answer as a whole, all attempts and waits included.
    type: float
    default: 30.0
    env: [{name: LANTIME_REQUEST_TIMEOUT}]
  retries:
    description: How often the request is tried again after a broken connection, a 429 or a 5xx answer. Refused credentials are never tried again.
    type: int
    default: 3
    env: [{name: LANTIME_RETRIES}]
  dialect:
    description: How the API of these devices behaves where its vendor publishes nothing, as a mapping of the keys in C(docs/assumptions.md).
    type: dict
    env: [{name: LANTIME_DIALECT}]
notes:
  - Variables of a device begin with C(lantime_); C(docs/inventory.md) lists them. Connection options that differ from their defaults become the
    variables that the modules look at (C(lantime_port), C(lantime_ca_path), ...), but for O(username), O(password) and O(token).
  - Connection options are taken from the entry of the device in O(hosts), from its variable C(lantime_<option>), from the configuration file, from
    the environment variable C(LANTIME_<OPTION>), in this order.
  - C(--flush-cache) and C(meta=refresh_inventory) ask all devices anew. The last known identity of a dead device is kept all the same; delete the
    cache to forget it.
  - Expressions that fail for a device without an answer are passed over even with O(strict=true).
seealso:
  - module: meinberg.lantime.lantime_facts
"""

EXAMPLES = r"""
# lantime.yml: credentials from a secret, identity for a day, state for five minutes, own groups and variables
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
  poor_time: not lantime_synchronized or lantime_stratum | default(16, true) > 1
keyed_groups:
  - key: lantime_modules.values() | map('lower') | list
    prefix: module

# The smallest one; credentials from LANTIME_USERNAME and LANTIME_PASSWORD:
#
#   plugin: meinberg.lantime.lantime
#   hosts:
#     - ts[01:20].example.com
#
# What answers in a network, if its certificate is the own authority's:
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
