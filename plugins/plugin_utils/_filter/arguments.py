# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the filters: plain arguments, results that are never templated, and error messages."""

from __future__ import annotations

import datetime
import typing as t

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var

from ...module_utils._base.plain import to_plain
from ...module_utils._drift.accepted import parse_acceptances, utc_today
from ...module_utils._drift.comparison import DriftPolicy


def build_policy(
    accepted: t.Any, ignore: t.Any, secrets: t.Any, day: str | datetime.date | None, optional: t.Any = None
) -> DriftPolicy:
    """The rules for differences, from the arguments of a filter. Raises ValueError."""
    return DriftPolicy(
        parse_acceptances(to_plain(accepted or [])),
        datetime.date.fromisoformat(str(day)) if day else utc_today(),
        parse_patterns(ignore),
        parse_patterns(secrets),
        parse_patterns(optional),
    )


def parse_patterns(value: t.Any) -> tuple[str, ...]:
    """The patterns of an argument. Raises ValueError."""
    listed = to_plain(value or [])
    if not isinstance(listed, list):
        raise ValueError("patterns must be a list")
    return tuple(str(item) for item in listed)


def warn_of_removal(filter_name: str, alternative: str) -> None:
    """Tell the user that a filter is deprecated.

    Ansible would do this by meta/runtime.yml also when it loads another filter of the collection, which loads all of them.
    """
    Display().deprecated(
        f"The filter meinberg.lantime.{filter_name} is deprecated. {alternative}",
        version="3.0.0",
        collection_name="meinberg.lantime",
    )


def run_filter(filter_name: str, function: t.Callable[[], t.Any]) -> t.Any:
    """The result of a function, marked as data so that text of a device is never templated. Raises AnsibleFilterError."""
    try:
        return wrap_var(function())
    except ValueError as exc:
        raise AnsibleFilterError(f"meinberg.lantime.{filter_name}: {exc}") from None
