# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a host, and the connection options that a task takes from them."""

from __future__ import annotations

import datetime
import os
import typing as t
from collections.abc import Mapping

from ansible import constants as C  # noqa: N812
from ansible import context, errors

from ...module_utils._base.plain import refuse_repeated_names, to_plain, without_omitted
from ...module_utils._client.settings import CONNECTION_OPTIONS, environment_name, is_given


class _NeverRaisedError(Exception):
    """Stands for an exception that an older ansible-core does not have."""


# Raised since core 2.19 if a template gives omit; before that, the value is a text which is_given() knows.
_OmittedError: type[Exception] = getattr(errors, "AnsibleValueOmittedError", _NeverRaisedError)


def resolve_template(value: t.Any, templar: t.Any) -> t.Any:
    """The value of a variable, None or a text of Ansible if it is omit. Other text than templates is not templated, to save time."""
    if isinstance(value, str) and "{" not in value:
        return str(value)
    try:
        return without_omitted(to_plain(templar.template(value)))
    except _OmittedError:
        return None


def has_template(value: t.Any) -> bool:
    """Whether a value may have a template in it, or is of a type that only Ansible knows, such as text of a vault."""
    if isinstance(value, str):
        return "{" in value
    if isinstance(value, Mapping):
        return any(has_template(key) or has_template(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return any(map(has_template, value))
    return not (value is None or isinstance(value, (bool, int, float, datetime.date)))


def raw_variables(hostvars: t.Any, host: str) -> t.Mapping[str, t.Any]:
    """The variables of a host, not templated, since registered results hold data of devices; empty for an unknown host."""
    return t.cast("t.Mapping[str, t.Any]", hostvars.raw_get(host)) if host in hostvars else {}


class HostVariables:
    """The variables of one host, templated when they are read.

    name: the name of the host in the inventory.  templar: templates with these variables.  is_delegate: whether the task
    names the host by delegate_to.
    """

    def __init__(
        self, name: str | None, variables: t.Mapping[str, t.Any], templar: t.Any, *, is_delegate: bool = False
    ) -> None:
        self.name = name
        self.is_delegate = is_delegate
        self._variables = variables
        self._templar = templar

    def get(self, name: str) -> t.Any:
        """The value of a variable; None if it is missing, empty or omit."""
        value = self._variables.get(name)
        if not is_given(value):
            return None
        value = resolve_template(value, self._templar)
        return value if is_given(value) else None

    def is_empty(self, name: str) -> bool:
        """Whether a variable is an empty text, which get() returns as None."""
        value = self._variables.get(name)
        return isinstance(value, str) and resolve_template(value, self._templar) == ""

    def tree(self, name: str) -> t.Any:
        """The value of a variable with a whole configuration; None if it is missing, empty or omit.

        It is templated only if it has a template, to save time. Raises RepeatedNameError.
        """
        value = self._variables.get(name)
        if not is_given(value):
            return None
        if has_template(value):
            try:
                value = self._templar.template(value)
            except _OmittedError:
                return None
        refuse_repeated_names(value)
        plain = without_omitted(to_plain(value))
        return plain if is_given(plain) else None

    def is_set(self, name: str) -> bool:
        """Whether a variable has a value. A template that cannot be evaluated counts as one."""
        try:
            return self.get(name) is not None
        except errors.AnsibleError:
            return True

    @property
    def groups(self) -> list[str]:
        return [str(name) for name in self._variables.get("group_names") or ()]

    def is_in_group(self, name: str) -> bool:
        return name in self.groups

    def own_address(self) -> t.Any:
        """The variable ansible_host. Ansible sets it to the name of the host if the inventory does not define it."""
        value = self.get("ansible_host")
        return None if value == self.name else value

    def connection_option(self, option: str) -> t.Any:
        """A connection option from its variables, None if none of them is given."""
        for name in ("lantime_" + option, *CONNECTION_OPTIONS[option].variables):
            value = self.own_address() if name == "ansible_host" else self.get(name)
            if value is not None:
                return value
        return None


def command_line_login(password: str | None) -> dict[str, str]:
    """The user name of -u and the password of -k or --connection-password-file, as far as they are given.

    password: the connection password of the play, which can have other sources too.
    """
    arguments = context.CLIARGS
    login = {}
    # The default is that of ansible.cfg, which is meant for SSH.
    username = arguments.get("remote_user")
    if username and username != C.DEFAULT_REMOTE_USER:  # type: ignore[attr-defined]
        login["username"] = str(username)
    if password and (arguments.get("ask_pass") or arguments.get("connection_password_file")):
        login["password"] = str(password)
    return login


def fallback_value(option: str, host: HostVariables, login: t.Mapping[str, str]) -> t.Any:
    """A connection option that the task does not give: by variables, environment, command line; for host also the name.

    LANTIME_HOST does not replace a host that the task is delegated to.
    """
    value = host.connection_option(option)
    if value is not None:
        return value
    if option != "host" or not host.is_delegate:
        value = os.environ.get(environment_name(option))
        if is_given(value):
            return value
    return host.name if option == "host" else login.get(option)
