# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options by which every module connects to a device."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  host:
    description:
      - Name or address of the device, without scheme, user or port. An IPv6 address with a zone id is refused.
      - If not set, the variables C(lantime_host) and C(ansible_host), the environment variable E(LANTIME_HOST) and the inventory name
        are used, in this order.
      - All other connection options fall back to the variable C(lantime_<option>), then to the environment variable
        C(LANTIME_<OPTION>), both on the controller. The keyword C(environment) of the task comes before the environment of Ansible.
    type: str
  port:
    description: TCP port of the web service of the device. The variable C(ansible_port) is not used.
    type: int
    default: 443
  use_tls:
    description:
      - Whether to use HTTPS.
      - With V(false), credentials are sent in clear text, and connections through a proxy are refused.
    type: bool
    default: true
  username:
    description:
      - User on the device.
      - The access level C(info) is sufficient to read. The access level C(admin) is assumed to be sufficient to write.
      - If not set, the variables C(lantime_username) and C(ansible_user), the environment variable E(LANTIME_USERNAME) and the command-line
        option C(-u) are used, in this order.
    type: str
  password:
    description:
      - Password of O(username).
      - If not set, the variables C(lantime_password) and C(ansible_password), the environment variable E(LANTIME_PASSWORD) and the
        command-line options C(-k) or C(--connection-password-file) are used, in this order.
    type: str
  token:
    description:
      - API token of the device, used instead of O(username) and O(password).
      - Requires LTOS 7.08 or newer.
    type: str
  auth:
    description:
      - V(basic) sends O(username) and O(password) with each request.
      - V(token) exchanges them for a token at the start of each task, with one additional request. Requires LTOS 7.08 or newer.
      - Ignored if O(token) is set.
    type: str
    choices: [basic, token]
    default: basic
  validate_certs:
    description:
      - Whether to verify the certificate of the device, its validity period and its name.
      - O(tls_fingerprint) and O(ca_path) are safer than V(false).
    type: bool
    default: true
  ca_path:
    description:
      - File with trusted CA certificates in PEM format, or a directory of such files named by hash.
      - If not set, the certificate store of the system is used. C(REQUESTS_CA_BUNDLE) and C(CURL_CA_BUNDLE) are ignored.
    type: path
  tls_fingerprint:
    description:
      - SHA-256 fingerprint of the certificate of the device, in hexadecimal digits with or without colons.
      - If set, exactly this certificate is accepted, even if it is self-signed or expired. O(validate_certs) and O(ca_path) are ignored.
      - The fingerprint is compared before credentials are sent.
    type: str
  client_cert:
    description:
      - File with the client certificate in PEM format, if the device requires one.
      - The file can also contain the private key.
    type: path
  client_key:
    description: File with the unencrypted private key of O(client_cert) in PEM format.
    type: path
  use_proxy:
    description:
      - Whether to use the proxy that the environment variables C(https_proxy), C(http_proxy) and C(all_proxy) define.
      - Variables in the keyword C(environment) of the task replace those of the environment of Ansible.
      - With O(use_tls=false), a proxy would receive the credentials. The task fails with the code V(proxy), and nothing is sent.
      - Devices that C(no_proxy) lists by name, domain, address or network are connected directly.
      - With V(false), all devices are connected directly.
    type: bool
    default: true
  connect_timeout:
    description: Timeout in seconds for establishing a connection, including the TLS handshake.
    type: float
    default: 5.0
  read_timeout:
    description: Longest time in seconds between two pieces of a response.
    type: float
    default: 15.0
  request_timeout:
    description: Timeout in seconds for a request and its response, including all retries and the pauses between them.
    type: float
    default: 30.0
  command_timeout:
    description: Timeout in seconds for a command, such as saving the configuration, in place of O(read_timeout) and O(request_timeout).
    type: float
    default: 120.0
  task_timeout:
    description:
      - Timeout in seconds for the task. It limits all requests, retries, pauses, polling and other waits together, whatever other options say.
        V(0) disables the limit.
      - When it is over, a task that has written nothing fails with the error code V(timeout_task). A task that has written rolls back, or
        reports in which state the device is.
      - For the rollback, 60 seconds are kept, or half of the time if O(task_timeout) is less than 120. No write is started in the time that is kept.
      - The keyword C(timeout) of the task has the same effect, except that the time for the rollback is added to it. With the keyword C(async), the
        timeout is at most the value of C(async), at which Ansible kills the task.
    type: float
    default: 900.0
    version_added: 2.0.0
  retries:
    description:
      - Number of times to retry a read after a broken connection or a response with status 429 or 5xx.
      - Writes are never repeated. Refused credentials are never retried.
    type: int
    default: 3
  login_limit:
    description:
      - Number of devices that may refuse the same credentials in a run of Ansible, while no device has accepted them. After that, tasks do not
        try these credentials on further devices and fail with the code V(auth_failed). This prevents a wrong password from locking
        accounts on all devices. V(0) disables the limit.
      - Whatever the limit, credentials that a device has refused are not sent to it again in the same run, until a task changes the device.
        Tasks with C(async) and C(gather_facts) do not report refused logins to other tasks.
    type: int
    default: 3
    version_added: 2.0.0
  http_log:
    description: Whether to return the requests of the task as RV(ignore:http_sessions).
    type: bool
    default: false
  http_log_max:
    description: Maximum number of requests in RV(ignore:http_sessions). The latest ones are kept.
    type: int
    default: 50
  dialect:
    description:
      - Behavior of the API of this device where the vendor does not document it, as a mapping.
      - R(Assumptions about the API, ansible_collections.meinberg.lantime.docsite.assumptions) lists the keys and their defaults.
    type: dict
notes:
  - The module runs on the controller, in the worker process of the task, and does not need Python on the device.
  - It runs as a regular module if the task is delegated to a machine that is no LANTIME, uses C(async), or if the variable
    C(lantime_execution) is V(target). A task that is delegated to another LANTIME asks that device, see
    R(which device a task asks, ansible_collections.meinberg.lantime.docsite.entry_points).
  - Each task opens one connection and sends one request at a time. Redirects are not followed and C(.netrc) is not read.
requirements:
  - requests (on the controller)
seealso:
  - ref: ansible_collections.meinberg.lantime.docsite.entry_points
    description: Which device a task asks, where it runs, and the order of variables.
  - ref: ansible_collections.meinberg.lantime.docsite.errors
    description: All error codes with cause and remedy.
  - ref: ansible_collections.meinberg.lantime.docsite.assumptions
    description: Undocumented API behavior that the collection assumes.
"""
