# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the planner for many problems at once."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import raise_problems, secret_needed_error


@pytest.mark.parametrize("predicted", [None, {}, {"operations": []}])
@pytest.mark.parametrize("number", [1, 2, 10, 11, 12])
def test_the_error_for_needed_secrets_names_them(number: int, predicted: dict[str, t.Any] | None) -> None:
    paths = [("snmp", "users", str(n), "password") for n in range(number)]
    error = secret_needed_error(paths, predicted)
    assert error.code == "secret_needed"
    assert error.path == ("snmp/users/0/password" if number == 1 else "")
    assert error.what.count("/password") == min(number, 10)
    assert ("more" in error.what) is (number > 10)
    assert number <= 10 or f" and {number - 10} more" in error.what
    problems = [(p["code"], p["path"]) for p in error.extra["problems"]]
    assert problems == [("secret_needed", f"snmp/users/{n}/password") for n in range(number)]
    assert ("predicted" in error.extra) is (predicted is not None)
    assert error.extra.get("predicted") == predicted


@pytest.mark.parametrize("number", [1, 2, 10, 11, 12])
def test_the_error_for_problems_lists_them(number: int) -> None:
    problems: list[tuple[str, tuple[str, ...], str]] = [
        ("unknown_name" if n else "wrong_type", ("ntp", f"name{n}"), f"message {n}.") for n in range(number)
    ]
    with pytest.raises(LantimeError) as caught:
        raise_problems(problems)
    error = caught.value
    assert error.code == "wrong_type"
    if number == 1:
        assert (error.path, error.what, error.extra) == ("ntp/name0", "message 0.", {})
        return
    assert error.what.startswith(f"{number} parts of the desired configuration do not fit")
    assert error.what.count("message") == min(number, 10)
    assert (f"; and {number - 10} more" in error.what) is (number > 10)
    assert [(p["code"], p["path"], p["message"]) for p in error.extra["problems"]] == [
        (code, "/".join(path), message) for code, path, message in problems
    ]
