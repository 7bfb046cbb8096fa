# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that every module takes to reach a device."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  host:
    description:
      - Name or address of the device, without scheme, user or port.
      - If it is not given, the variables C(lantime_host) and C(ansible_host), the environment variable E(LANTIME_HOST) and the
        inventory name are used, in this order. All other connection options likewise fall back to the variable C(lantime_<option>)
        and then to the environment variable C(LANTIME_<OPTION>), both on the controller.
    type: str
  port:
    description: Port of the device's web service.
    type: int
    default: 443
  use_tls:
    description:
      - Whether to use HTTPS. With V(false), credentials travel in clear text.
    type: bool
    default: true
  username:
    description:
      - User on the device. The level C(info) is enough to read, C(admin) to write (the latter is an assumption).
      - Falls back further to the variable C(ansible_user).
    type: str
  password:
    description:
      - Password of O(username). Falls back further to the variable C(ansible_password).
    type: str
  token:
    description:
      - A token of the device's, to be used instead of O(username) and O(password). Needs LTOS 7.08 or newer.
    type: str
  auth:
    description:
      - V(basic) sends O(username) and O(password) with each request.
      - V(token) exchanges them for a token first, with one more request for each task. Needs LTOS 7.08 or newer.
      - Without meaning if O(token) is given.
    type: str
    choices: [basic, token]
    default: basic
  validate_certs:
    description:
      - Whether the certificate of the device must be trusted, valid and made out to O(host).
      - Prefer O(tls_fingerprint) or O(ca_path) to switching this off.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificates (PEM) of the authorities to trust, or a directory of such files named by hash.
      - If it is not given, the system's store is used. C(REQUESTS_CA_BUNDLE) and C(CURL_CA_BUNDLE) are not looked at.
    type: path
  tls_fingerprint:
    description:
      - SHA-256 fingerprint of the device's certificate, in hexadecimal digits with or without colons.
      - If it is given, exactly this certificate is accepted, be it self-signed or expired, and no other, whatever
        O(validate_certs) and O(ca_path) say. It is compared before credentials are sent.
    type: str
  client_cert:
    description: File with the client certificate (PEM), if the device wants one. May hold the key too.
    type: path
  client_key:
    description: File with the unencrypted key (PEM) of O(client_cert).
    type: path
  use_proxy:
    description:
      - Whether to go through the proxy that the environment names (C(https_proxy), C(http_proxy), C(all_proxy)), unless
        C(no_proxy) names the device by name, domain, address or network.
      - With V(false) the device is always asked directly.
    type: bool
    default: true
  connect_timeout:
    description: Seconds for a connection to come about, the TLS handshake included.
    type: float
    default: 5.0
  read_timeout:
    description: Seconds for which the device may be silent.
    type: float
    default: 15.0
  request_timeout:
    description: Seconds for a request and its answer as a whole, all attempts and waits included.
    type: float
    default: 30.0
  command_timeout:
    description: Seconds for a command such as saving the configuration, instead of O(read_timeout) and O(request_timeout).
    type: float
    default: 120.0
  retries:
    description:
      - How often a read is tried again after a broken connection, a 429 or a 5xx answer.
      - A write is never repeated, and refused credentials are never tried again.
    type: int
    default: 3
  http_log:
    description: Whether the result lists the requests made, as RV(ignore:http_sessions).
    type: bool
    default: false
  http_log_max:
    description: How many of the latest requests that list holds.
    type: int
    default: 50
  dialect:
    description:
      - How this device's API behaves where its vendor publishes nothing, as a mapping of the keys in C(docs/assumptions.md).
      - Keys that are not given have the defaults of that page.
    type: dict
notes:
  - Runs on the controller, in the worker process of the task, and needs no Python on the device. It runs as an ordinary module on the
    task's host instead if the task is delegated to another machine, is C(async), names a O(host) that is not the play's host, or if the
    variable C(lantime_execution) is V(target).
  - One connection for each task, and one request at a time. Redirects are never followed and C(.netrc) is never read.
requirements:
  - requests (on the controller)
"""
