# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyword environment of a task, for a job that runs in the process of the controller."""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible.errors import AnsibleError

from ...module_utils._client.proxy import PROXY_VARIABLES, with_both_spellings
from ...module_utils._client.settings import is_given
from .host_variables import resolve_template


def as_list(keyword: t.Any) -> list[t.Any]:
    return list(keyword) if isinstance(keyword, list) else [keyword]


def proxy_variables(environment: t.Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.lower() in PROXY_VARIABLES}


def task_environment(keyword: t.Any, templar: t.Any) -> dict[str, str]:
    """The variables of the keyword, those of the task after those of its block and its play."""
    variables: dict[str, str] = {}
    for entry in as_list(keyword):
        if not entry:
            continue
        templated = resolve_template(entry, templar)
        if not is_given(templated):
            continue
        if not isinstance(templated, dict):
            raise AnsibleError(f"environment must be a dictionary, received {type(templated).__name__}")
        variables.update(with_both_spellings({str(name): str(value) for name, value in templated.items()}))
    return variables


@contextlib.contextmanager
def process_environment(variables: dict[str, str]) -> t.Iterator[dict[str, str]]:
    """Run the body with more variables in the environment of the process, as a packaged module has them."""
    former = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield variables
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
