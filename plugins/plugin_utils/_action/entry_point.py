# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device a task asks, and through which entry point.

The job runs in the process of the controller. It is packaged as a module only if lantime_execution is target or the task is
delegated to a machine that is no LANTIME. A delegate that is a LANTIME is the device that is asked.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible.errors import AnsibleError

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._client.settings import CONNECTION_OPTIONS, DEVICE_GROUP
from .host_variables import HostVariables

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
LOCAL_CONNECTIONS = ("local", "ansible.builtin.local", "ansible.legacy.local")


class Delegate(t.NamedTuple):
    """The host of delegate_to.

    name: as the task names it.  host: its variables.  inventory: those that neither the play nor the task sets.
    device: the LANTIME in the inventory whose address the task names instead of its name.
    """

    name: str
    host: HostVariables
    inventory: t.Mapping[str, t.Any]
    device: str | None = None


class EntryPoint(t.NamedTuple):
    """own: the host of the task.  device: the host whose connection variables apply.  is_packaged: whether it is a module.

    connection_host: the host of the connection that a packaged module uses.  is_on_machine: whether that one is known to be
    no LANTIME.
    """

    own: HostVariables
    device: HostVariables
    is_packaged: bool
    connection_host: HostVariables
    is_on_machine: bool = False


def find_by_address(address: str, hosts: t.Iterable[HostVariables]) -> str | None:
    """The name of the host that is a LANTIME with this address."""
    for host in hosts:
        with contextlib.suppress(AnsibleError):
            if host.connection_option("host") == address and (host.is_set("lantime_host") or _is_in_group(host)):
                return host.name
    return None


def choose_entry_point(own: HostVariables, delegate: Delegate | None) -> EntryPoint:
    """The entry point of a task. Raises LantimeError if the delegate can be a LANTIME or another machine."""
    if delegate is None or delegate.name == own.name or delegate.device == own.name:
        return EntryPoint(own, own, _is_target(own), own)
    if delegate.name in LOCAL_NAMES:
        return EntryPoint(own, own, _is_target(own), delegate.host)
    if delegate.device is not None:
        raise _address_of_device(delegate)
    if _is_device(delegate):
        return EntryPoint(own, delegate.host, _is_target(delegate.host), delegate.host)
    variables = ["lantime_" + option for option in CONNECTION_OPTIONS]
    unclear = [name for name in variables if delegate.host.is_set(name)]
    if unclear and not _is_target(delegate.host):
        raise _unclear_delegate(delegate, unclear[0])
    return EntryPoint(own, own, is_packaged=True, connection_host=delegate.host, is_on_machine=True)


def check_connection(entry_point: EntryPoint, address: t.Any, transport: str, is_async: bool) -> None:
    """Raise LantimeError if the connection of a packaged module would lead to a LANTIME.

    address: the device that is asked.  transport: the name of the connection plugin.
    """
    host = entry_point.connection_host
    if entry_point.is_on_machine or transport in LOCAL_CONNECTIONS:
        return
    if is_async:
        raise LantimeError(
            "option",
            f"async needs a local connection or delegate_to with a machine, because Ansible polls the job through the "
            f"connection of the host, which is {printable(transport, 60)}; nothing was sent to the device",
            host=str(address or ""),
            hint="remove async from the task, or set ansible_connection to local",
        )
    if entry_point.is_packaged and _leads_to_device(host, address):
        raise LantimeError(
            "option",
            f"with lantime_execution target the module would run on the LANTIME itself, as the connection of "
            f"{printable(host.name, 100)} is {printable(transport, 60)}; nothing was sent to the device",
            host=str(address or ""),
            hint="set ansible_connection to local, delegate the task to another machine, or remove lantime_execution",
        )


def option_warnings(entry_point: EntryPoint, arguments: t.Mapping[str, t.Any]) -> list[str]:
    """Warnings about connection options that have another effect than expected. arguments: with fallback values."""
    warnings = []
    if "port" not in arguments and entry_point.device.is_set("ansible_port"):
        warnings.append("ansible_port is set and not used; the port of the API is lantime_port, by default 443.")
    device, own = entry_point.device, entry_point.own
    address = arguments.get("host")
    if device is not own and address == _address(own) and address != _address(device):
        warnings.append(
            f"The task is delegated to {printable(device.name, 100)}, but host, of the task or its module_defaults, is the "
            f"address of {printable(own.name, 100)}; that device was asked."
        )
    return warnings


def _address(host: HostVariables) -> t.Any:
    return host.connection_option("host") or host.name


def _is_target(host: HostVariables) -> bool:
    return bool(host.get("lantime_execution") == "target")


def _is_in_group(host: HostVariables) -> bool:
    return host.is_in_group(DEVICE_GROUP)


def _is_device(delegate: Delegate) -> bool:
    # A play that sets lantime_host for all of its hosts does not make each machine a LANTIME.
    return _is_in_group(delegate.host) or (
        "lantime_host" in delegate.inventory and delegate.host.get("lantime_host") is not None
    )


def _leads_to_device(host: HostVariables, address: t.Any) -> bool:
    own_address = host.own_address()
    if (own_address or host.name) == address:
        return True
    device_address = host.get("lantime_host")
    if device_address is not None:
        return own_address in (None, device_address)
    return _is_in_group(host)


def _unclear_delegate(delegate: Delegate, variable: str) -> LantimeError:
    name = printable(delegate.name, 100)
    return LantimeError(
        "option",
        f"the task is delegated to {name}, which is not known as a LANTIME, but {variable} is set for it; "
        "nothing was sent to a device",
        hint=f"set lantime_host for {name} in the inventory if {name} is the device to ask, or lantime_execution to target "
        f"if the module is to run on {name} for the device of the task",
    )


def _address_of_device(delegate: Delegate) -> LantimeError:
    name = printable(delegate.device, 100)
    return LantimeError(
        "option",
        f"the task is delegated to the address {printable(delegate.name, 100)} of {name}; nothing was sent to a device",
        hint=f"delegate the task to {name}, because Ansible finds the variables of a host by its name in the inventory only",
    )
