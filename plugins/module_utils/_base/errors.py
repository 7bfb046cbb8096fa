# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All errors: a closed list of codes, each with its cause and remedy.

docs/docsite/rst/errors.rst is generated from KINDS.
"""

from __future__ import annotations

import typing as t

from .sanitize import printable, without_user_info


class ErrorKind(t.NamedTuple):
    """The meaning of a code.

    cause: a clause for the documentation.
    remedy: what the operator should do; it ends the message.
    unreachable: the device did not answer, so Ansible counts the host as unreachable.
    """

    cause: str
    remedy: str
    unreachable: bool = False


KINDS: dict[str, ErrorKind] = {
    "option": ErrorKind(
        "an option of the task is missing, unknown or contradicts another one",
        "correct the task's options",
    ),
    "requests_missing": ErrorKind(
        "the Python library requests is not installed where the task runs",
        "install requests for the Python that runs the task (on the controller, unless lantime_execution is target)",
    ),
    "unresolved": ErrorKind(
        "the host name cannot be resolved",
        "check lantime_host (or ansible_host) and the controller's name servers",
        unreachable=True,
    ),
    "refused": ErrorKind(
        "nothing listens on the address and port",
        "check that the device is up, the port, and that HTTPS is enabled on the interface",
        unreachable=True,
    ),
    "no_route": ErrorKind(
        "no route to the device",
        "check routing and firewalls between the controller and the device",
        unreachable=True,
    ),
    "timeout_connect": ErrorKind(
        "no connection was established within connect_timeout",
        "check that the device is up and reachable, or raise connect_timeout",
        unreachable=True,
    ),
    "timeout_read": ErrorKind(
        "the device sent nothing for longer than read_timeout",
        "check the load of the device, or raise read_timeout",
        unreachable=True,
    ),
    "timeout_total": ErrorKind(
        "the answer was not complete within request_timeout",
        "check the network and the load of the device, or raise request_timeout",
        unreachable=True,
    ),
    "timeout_task": ErrorKind(
        "the task did not end within task_timeout or the keyword timeout",
        "check the network and the load of the device, or raise task_timeout (or the keyword timeout of the task)",
    ),
    "disconnected": ErrorKind(
        "the connection broke before the answer was complete",
        "run the task again; if the error persists, check port and use_tls, and the web service of the device",
        unreachable=True,
    ),
    "tls_verify": ErrorKind(
        "the device's certificate is not trusted, not currently valid, or issued for another name",
        "set ca_path to the issuing CA, or tls_fingerprint to the certificate's SHA-256 after checking it; nothing was sent",
    ),
    "tls_pin": ErrorKind(
        "the device's certificate is not the pinned one",
        "find out why the certificate changed before you update tls_fingerprint; no credentials were sent",
    ),
    "tls_protocol": ErrorKind(
        "the client and the device have no TLS version in common, or the port does not use TLS",
        "check port and use_tls; the client requires TLS 1.2 or later",
    ),
    "tls_files": ErrorKind(
        "ca_path, client_cert or client_key cannot be read or used",
        "check the files, and that the certificate matches the key",
    ),
    "proxy": ErrorKind(
        "the proxy refused the connection or sent an invalid answer, or use_tls is false and a proxy would receive the credentials",
        "set use_proxy to false to connect directly, or add the device to no_proxy",
    ),
    "protocol": ErrorKind(
        "the answer is not valid HTTP",
        "check port, use_tls, and any proxy or load balancer between the controller and the device",
    ),
    "redirect": ErrorKind(
        "the device answered with a redirect, which is never followed",
        "check host, port and use_tls; a LANTIME redirects to its login page when the REST API is disabled",
    ),
    "auth_failed": ErrorKind(
        "the device refused the credentials",
        "check username, password or token; there is no second attempt, because failed logins lock the account",
    ),
    "forbidden": ErrorKind(
        "the user's level does not allow this",
        "use an account with a higher level: info can read, admin can write, super can also write users, firmware and scripts",
    ),
    "not_found": ErrorKind(
        "the device does not have this path",
        "check the path against the device's own tree with meinberg.lantime.lantime_config_info",
    ),
    "api_disabled": ErrorKind(
        "the answer does not come from the REST API",
        "turn on 'Enable REST API' on the device (System, general settings), and check host and port",
    ),
    "content": ErrorKind(
        "the answer is not the expected JSON",
        "check any proxy or load balancer between the controller and the device; if there is none, report the firmware version",
    ),
    "incomplete": ErrorKind(
        "the answer ended too early",
        "run the task again; if the error persists, check the network and the web service of the device",
    ),
    "too_large": ErrorKind(
        "the answer is larger, holds more values or is more deeply nested than any answer of a LANTIME",
        "check that host and port belong to a LANTIME",
    ),
    "encoding": ErrorKind(
        "the answer is compressed although uncompressed data was requested",
        "check any proxy or load balancer between the controller and the device",
    ),
    "busy": ErrorKind(
        "the device reported that it is busy or receives too many requests",
        "run the task again later, or with fewer forks",
    ),
    "server_error": ErrorKind(
        "the device reported an internal error",
        "check the log of the device, then run the task again",
    ),
    "method_refused": ErrorKind(
        "the device does not accept this method here",
        "the device's API differs from the assumed one: set dialect for this firmware",
    ),
    "conflict": ErrorKind(
        "the device is locked, or another client has changed it",
        "find out what else changes the device, then run the task again",
    ),
    "rejected": ErrorKind(
        "the device refused the request",
        "compare the value with what the device's web interface accepts",
    ),
    "root_unknown": ErrorKind(
        "the configuration tree of the device was not found",
        "set config_root to its root",
    ),
    "unknown_name": ErrorKind(
        "the desired configuration contains a name that the device does not have",
        "correct the name; if it is right, missing and optional_paths decide whether it is added or left out",
    ),
    "wrong_type": ErrorKind(
        "a desired value does not match the type on the device",
        "correct the value; quote it in YAML if it is meant as text",
    ),
    "rule_conflict": ErrorKind(
        "two rules of modules, or a rule and config, want different values for the same setting",
        "make the values equal, narrow the conditions, or set override in the later rule; nothing was written",
    ),
    "module_absent": ErrorKind(
        "a rule of modules with when_absent=fail applies to no module of the device",
        "fit the module, correct the conditions, or set when_absent to ignore; nothing was written",
    ),
    "secret_needed": ErrorKind(
        "a secret is masked in an item that the device does not have, so its value is not known",
        "give the value of each of these secrets, or leave the items out; nothing was written",
    ),
    "duplicate_object_id": ErrorKind(
        "a table holds the same object-id twice, so its items cannot be told apart",
        "remove the duplicate",
    ),
    "hostile_name": ErrorKind(
        "a name or object-id is not allowed in a path",
        "use only letters, digits and . _ : + -; nothing is read or written under other names",
    ),
    "not_applied": ErrorKind(
        "the device accepted the change but reports another value",
        "compare the remaining difference with what the device accepts; the startup configuration was not touched",
    ),
    "pending_changes": ErrorKind(
        "the device has unsaved changes that this task did not make, and pending is fail",
        "save them or roll them back first (meinberg.lantime.lantime_changes); nothing was written",
    ),
    "protected": ErrorKind(
        "the change would cut off the task's own access to the device",
        "make this change through another interface or account; nothing was written",
    ),
    "restricted": ErrorKind(
        "the change affects paths that restrict does not allow",
        "correct config, or extend restrict; nothing was written",
    ),
    "journal": ErrorKind(
        "the journal, its lock or the fingerprints of secrets cannot be read or written; nothing is written to a device without a "
        "journal, and an error after the first write says whether the changes are active, rolled back or saved",
        "check journal_path, its permissions and the free disk space",
    ),
    "backup": ErrorKind(
        "a backup file cannot be written or read, or failed its check",
        "check the path, and take a new backup if the file was modified or truncated",
    ),
    "plan_invalid": ErrorKind(
        "a plan file cannot be written or read, or is not the unchanged file of a plan",
        "check the path, and write the plan again with plan_dest if the file was edited or cut; nothing was written to the device",
    ),
    "plan_changed": ErrorKind(
        "the device, or what the task would change on it, is not what the plan in plan_src says",
        "see plan_difference in the result, then write and review a new plan",
    ),
    "invalid": ErrorKind(
        "a golden configuration does not fit a recording or backup",
        "correct the names and values; files in the result lists all problems",
    ),
    "adopt": ErrorKind(
        "the devices that were read cannot be adopted, or the inventory or its report cannot be written",
        "correct what the message names; nothing was written",
    ),
    "recording": ErrorKind(
        "a recording cannot be written, or a file is not a recording",
        "check the path and its permissions, and record the device again if the file was truncated",
    ),
    "report": ErrorKind(
        "a report cannot be written, or an input is not a JSON report",
        "check the path, its permissions, and that the input was written by meinberg.lantime.lantime_report",
    ),
    "health": ErrorKind(
        "the device is in worse health than before the change",
        "find out how the change affected the clock before you try again",
    ),
    "drift": ErrorKind(
        "the configuration of the device differs from the golden configuration",
        "correct the device or the golden configuration, or accept the difference until a day",
    ),
    "not_compared": ErrorKind(
        "a part of the golden configuration could not be compared with the device",
        "see not_compared and entry.drift.sections in the result",
    ),
    "unhealthy": ErrorKind(
        "health checks reported a state at or above fail_on",
        "see checks in the result; each has a remedy",
    ),
    "interrupted": ErrorKind(
        "an earlier run on this device was interrupted, and on_interrupted is fail; or a task that saves found a change that waits for its confirmation",
        "run the task again with on_interrupted set to resume or revert",
    ),
    "rollback_failed": ErrorKind(
        "a change failed, and the changes made before it could not be undone completely",
        "compare the remaining differences with the device; nothing was saved: a restart restores the former state unless the device saves by itself",
    ),
    "state_unknown": ErrorKind(
        "the connection broke during a write, and the result could not be read from the device",
        "run the task again when the device answers: it reads first and writes only what is missing; nothing was saved",
    ),
    "save_failed": ErrorKind(
        "the change is active and verified, but was not saved to the startup configuration",
        "save it on the device, or run the task again with save set to always",
    ),
    "internal": ErrorKind(
        "an error in the collection itself",
        "report it with the text of this message",
    ),
}
_MAX_MESSAGE_LENGTH = 4000


class LantimeError(Exception):
    """An error that ends a job. Its text is the message that the user sees.

    code: a key of KINDS.  what: what failed.  host: the device as the user named it.  path: a path of the API or
    of the configuration tree.  http_status: status of the answer, if there was one.  device_message: the message of the
    device, bounded.  hint: what to do, if it is more specific than the remedy of the code.  effect_unknown: the request may have
    taken effect although no answer arrived.  extra: further members of the result.
    """

    # Keyword-only parameters besides code and what, one for each attribute.
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
        # A password that is written into the host must not reach the message.
        self.host = without_user_info(host)
        self.path = path
        self.http_status = http_status
        self.device_message = None if device_message is None else printable(device_message)
        self.hint = hint or KINDS[code].remedy
        self.effect_unknown = effect_unknown
        self.extra = extra or {}

    def __str__(self) -> str:
        where = " ".join(part for part in (self.host, self.path) if part)
        quote = f' (the device said "{self.device_message}")' if self.device_message else ""
        text = f"{self.what}{quote}; {self.hint}."
        return printable(f"{where}: {text}" if where else text, _MAX_MESSAGE_LENGTH)

    # Keyword-only parameters, one for each attribute that a caller may know better.
    def with_context(
        self,
        *,
        code: str | None = None,
        what: str | None = None,
        host: str = "",
        path: str = "",
        hint: str | None = None,
        extra: t.Mapping[str, t.Any] | None = None,
    ) -> LantimeError:
        """A copy that says more. host and path fill in what is missing; the others replace, and members of extra are added.

        A new code brings the remedy of that code unless a hint is given.
        """
        return LantimeError(
            code or self.code,
            what or self.what,
            host=self.host or host,
            path=self.path or path,
            http_status=self.http_status,
            device_message=self.device_message,
            hint=hint or (None if code else self.hint),
            effect_unknown=self.effect_unknown,
            extra={**self.extra, **(extra or {})},
        )

    def as_dict(self) -> dict[str, t.Any]:
        """The member error of a result."""
        return {
            "code": self.code,
            "path": printable(self.path) or None,
            "http_status": self.http_status,
            "device_message": self.device_message,
            "hint": self.hint,
        }
