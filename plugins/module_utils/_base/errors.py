# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One family of errors: a closed list of codes, each with its cause and remedy.

C(docs/errors.md) is written from C(KINDS); a test keeps the two equal.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .sanitize import printable


class Kind(t.NamedTuple):
    """What a code means.

    cause: one clause, as it stands in the documentation.
    remedy: what the operator does about it, as it stands at the end of the message.
    unreachable: the device gave no answer at all, so Ansible counts the host as unreachable.
    """

    cause: str
    remedy: str
    unreachable: bool = False


KINDS: dict[str, Kind] = {
    "option": Kind(
        "an option of the task is missing, unknown or contradicts another one",
        "correct the task's options",
    ),
    "requests_missing": Kind(
        "the Python library requests is not installed where the task runs",
        "install requests for the Python that runs the task (on the controller, unless lantime_execution is target)",
    ),
    "unresolved": Kind(
        "the host name has no address",
        "check lantime_host (or ansible_host) and the name servers of the controller",
        unreachable=True,
    ),
    "refused": Kind(
        "nothing listens on the address and port",
        "check that the device is up, the port, and that HTTPS is enabled on the interface",
        unreachable=True,
    ),
    "no_route": Kind(
        "the network has no way to the device",
        "check routing and firewalls between controller and device",
        unreachable=True,
    ),
    "timeout_connect": Kind(
        "no connection came about within connect_timeout",
        "check that the device is up and reachable, or raise connect_timeout",
        unreachable=True,
    ),
    "timeout_read": Kind(
        "the device was silent for longer than read_timeout",
        "look at the load of the device, or raise read_timeout",
        unreachable=True,
    ),
    "timeout_total": Kind(
        "the answer was not complete within request_timeout",
        "look at the network and the load of the device, or raise request_timeout",
        unreachable=True,
    ),
    "disconnected": Kind(
        "the connection broke before the answer was complete",
        "run the task again; if it repeats, check port and use_tls, and look at the web service of the device",
        unreachable=True,
    ),
    "tls_verify": Kind(
        "the certificate of the device is not trusted, not valid now, or made out to another name",
        "set ca_path to the issuing CA, or tls_fingerprint to the certificate's SHA-256 after checking it; nothing was sent",
    ),
    "tls_pin": Kind(
        "the certificate of the device is not the pinned one",
        "find out why the certificate changed before you set tls_fingerprint anew; no credentials were sent",
    ),
    "tls_protocol": Kind(
        "client and device found no common TLS version, or the port speaks no TLS",
        "check port and use_tls; the client wants TLS 1.2 or newer",
    ),
    "tls_files": Kind(
        "ca_path, client_cert or client_key cannot be read or used",
        "check the files and that certificate and key belong together",
    ),
    "proxy": Kind(
        "the proxy refused or garbled the connection",
        "set use_proxy to false to go to the device directly, or name the device in no_proxy",
    ),
    "protocol": Kind(
        "the answer is not HTTP as it should be",
        "check port and use_tls, and what stands between controller and device",
    ),
    "redirect": Kind(
        "the device answered with a redirect, which is never followed",
        "check host, port and use_tls; on a LANTIME a redirect to the log-in page means that the REST API is off",
    ),
    "auth_failed": Kind(
        "the device refused the credentials",
        "check username, password or token; there is no second attempt, as failed log-ins lock the account",
    ),
    "forbidden": Kind(
        "the user's level does not allow this",
        "use a user of a higher level: info reads, admin writes, super writes users, firmware and scripts",
    ),
    "not_found": Kind(
        "the device does not have this path",
        "check the path against the device's own tree with meinberg.lantime.lantime_config_info",
    ),
    "api_disabled": Kind(
        "what answers is not the REST API",
        "switch on 'Enable REST API' on the device (System, general settings), and check host and port",
    ),
    "content": Kind(
        "the answer is not the JSON that it should be",
        "check what stands between controller and device; if nothing does, report the firmware version",
    ),
    "incomplete": Kind(
        "the answer ended too early",
        "run the task again; if it repeats, look at the network and the web service of the device",
    ),
    "too_large": Kind(
        "the answer is larger or deeper than a LANTIME's answer can be",
        "check that host and port are a LANTIME's",
    ),
    "encoding": Kind(
        "the answer is compressed although plain data was asked for",
        "check what stands between controller and device",
    ),
    "busy": Kind(
        "the device answered that it is busy or asked too often",
        "run the task again later, or with fewer forks",
    ),
    "server_error": Kind(
        "the device reported an internal error",
        "look at the log of the device; run the task again",
    ),
    "method_refused": Kind(
        "the device does not take this kind of request here",
        "the device's API differs from the assumed one: set dialect for this firmware",
    ),
    "conflict": Kind(
        "the device is locked or was changed by somebody else",
        "find out who else changes the device, then run the task again",
    ),
    "rejected": Kind(
        "the device refused the request",
        "check the value against what the device's web interface accepts",
    ),
    "root_unknown": Kind(
        "the configuration tree of the device was not found",
        "name its root with config_root",
    ),
    "unknown_name": Kind(
        "the desired configuration names something that the device does not have",
        "correct the name, or set missing to create if it is to be added",
    ),
    "wrong_type": Kind(
        "a desired value does not fit the type that the device shows",
        "correct the value; quote it in YAML if it is meant as text",
    ),
    "duplicate_object_id": Kind(
        "a table holds the same object-id twice, so its items cannot be told apart",
        "remove the duplicate",
    ),
    "hostile_name": Kind(
        "a name or object-id cannot be part of a path",
        "nothing is read or written under such a name; use letters, digits and . _ : + - only",
    ),
    "not_applied": Kind(
        "the device accepted the change but shows another value",
        "compare the remaining difference with what the device accepts; the startup configuration was not touched",
    ),
    "pending_changes": Kind(
        "the device has unsaved changes of somebody else, and pending is fail",
        "have them saved or rolled back first (meinberg.lantime.lantime_changes); nothing was written",
    ),
    "protected": Kind(
        "the change would cut off the access that the task itself uses",
        "make this change by another way in; nothing was written",
    ),
    "restricted": Kind(
        "the change reaches beyond what restrict allows",
        "correct config, or widen restrict; nothing was written",
    ),
    "journal": Kind(
        "the journal cannot be read or written, and without a journal nothing is written to a device",
        "check journal_path, its permissions and the free space of the disk",
    ),
    "backup": Kind(
        "a backup file cannot be written, read or trusted",
        "check the path, and take another backup if the file was changed or cut",
    ),
    "report": Kind(
        "a report cannot be written, or an input is not the JSON report of another run",
        "check the path, its permissions, and that the input was written by meinberg.lantime.lantime_report",
    ),
    "health": Kind(
        "the device is worse off after the change than before it",
        "find out what the change did to the clock before you try again",
    ),
    "unhealthy": Kind(
        "checks of health found something at or above fail_on",
        "look at checks in the result, each of which says what to do",
    ),
    "interrupted": Kind(
        "an earlier run was interrupted on this device, and on_interrupted is fail",
        "run the task again with on_interrupted set to resume or revert",
    ),
    "rollback_failed": Kind(
        "a change failed, and what had been changed before it could not be restored completely",
        "compare the remaining differences with the device; nothing was saved, so unless it saves by itself a restart brings the old state back",
    ),
    "state_unknown": Kind(
        "the connection broke during a write, and the device could not be asked what took effect",
        "run the task again when the device answers: it reads first and writes only what is missing; nothing was saved",
    ),
    "save_failed": Kind(
        "the change is active and verified, but was not saved as startup configuration",
        "save it on the device, or run the task again with save set to always",
    ),
    "internal": Kind(
        "an error in the collection itself",
        "report it with the text of this message",
    ),
}
_MAX_MESSAGE = 4000


class LantimeError(Exception):
    """Anything that ends a job. C(str()) is the one sentence that the user sees.

    code: a key of KINDS.  what: what failed.  host: the device as the user named it.  path: path of the API or of the
    configuration tree.  http_status: status of the answer, if there was one.  device_message: the device's own words,
    already bounded.  hint: what to do, if it says more than the remedy of the code.  effect_unknown: the request may
    have taken effect although there was no answer.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        host: str = "",
        path: str = "",
        http_status: int | None = None,
        device_message: str | None = None,
        hint: str | None = None,
        effect_unknown: bool = False,
        extra: dict[str, t.Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.what = what
        self.host = host
        self.path = path
        self.http_status = http_status
        self.device_message = None if device_message is None else printable(device_message)
        self.hint = hint or KINDS[code].remedy
        self.effect_unknown = effect_unknown
        self.extra = extra or {}

    def __str__(self) -> str:
        where = " ".join(part for part in (self.host, self.path) if part)
        said = f' (the device said "{self.device_message}")' if self.device_message else ""
        text = f"{self.what}{said}; {self.hint}."
        return printable(f"{where}: {text}" if where else text, _MAX_MESSAGE)

    def as_dict(self) -> dict[str, t.Any]:
        """The C(error) member of a result."""
        return {
            "code": self.code,
            "path": printable(self.path) or None,
            "http_status": self.http_status,
            "device_message": self.device_message,
            "hint": self.hint,
        }
