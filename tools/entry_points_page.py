# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/entry_points.rst: the rule, and the rows that a test runs."""

from __future__ import annotations

import json

from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import CONNECTION_OPTIONS
from ansible_collections.meinberg.lantime.tests.integration.entry_point_rows import HOSTS, ROWS, Outcome, Row
from ansible_collections.meinberg.lantime.tools import rst

_RULE = (
    "The job of a task runs in the process of the controller. It is sent as a packaged module only if the variable `lantime_execution`",
    "is `target`, or if `delegate_to` names a machine that is no LANTIME. A delegate is a LANTIME if `lantime_host` is set for it in the",
    "inventory or if it is in the group `lantime`; then it is the device that is asked, with its own connection variables. A delegate is a",
    "machine if no connection variable `lantime_*` has a value for it; then the module runs there and asks the device of the task. A delegate",
    "that can be either is refused before any request, and so is one that is named by the address of a LANTIME. Delegation to localhost or to",
    "the host itself changes nothing. The option `host` changes the address, never the entry point. No task is sent to a LANTIME by SSH.",
)
_DETAILS = (
    "- A template of a delegate's variable is evaluated with the variables of the delegate; `inventory_hostname` is the delegate.",
    "- Arguments of a task and of `module_defaults` are evaluated with the variables of the task's own host. If the task is delegated to another",
    "  LANTIME and `host` is the address of its own, that address is asked, with a warning.",
    "- Facts of a delegate are stored under the task's own host, or with `delegate_facts` under the delegate.",
    "- A variable, an argument or a member of `environment` that is empty or `omit` is not given.",
    "- `async` requires a local connection or `delegate_to` with a machine, because Ansible polls the job through the connection.",
    "- With `lantime_execution: target` and another connection than `local`, the address of the connection (`ansible_host`) must be another",
    "  machine than the LANTIME (`lantime_host`), or the task is refused.",
)
_SOURCES = (
    "A connection option is taken from the first of these that has a value:",
    "",
    "1. the argument of the task, or of `module_defaults`",
    "2. the variable `lantime_<option>` of the device that is asked",
    "3. {fallbacks}",
    "4. the environment variable `LANTIME_<OPTION>`, which the keyword `environment` of a task, block or play can set; not `LANTIME_HOST`",
    "   if the task is delegated to a LANTIME",
    "5. for `host` the name in the inventory; for `username` the command-line option `-u`, for `password` `-k` or",
    "   `--connection-password-file`",
    "",
    "`ansible_port`, `ansible_ssh_user`, `ansible_ssh_pass`, the keyword `remote_user` and the `remote_user` of `ansible.cfg` are not used.",
    "If `ansible_port` is set and no port is given, the task returns a warning. An address with a zone id, as `fe80::1%eth0`, is refused.",
)
_GATHERING = (
    "`ansible.builtin.gather_facts`, also at the start of a play, runs the modules in `ansible_facts_modules` without the rule above: it",
    "packages them and sends them through the connection of the host, and it reads no connection variables. Set `ansible_connection` to",
    "`local`, for hosts of the inventory plugin by its option `set_connection_local`, and the options of the modules in `module_defaults`, as",
    "in the examples of `meinberg.lantime.lantime_facts`. A task with `meinberg.lantime.lantime_facts` needs neither.",
)


def page() -> str:
    fallbacks = ", ".join(
        f"`{variable}` for `{name}`" for name, option in CONNECTION_OPTIONS.items() for variable in option.variables
    )
    paragraphs = [_RULE, ("",), _DETAILS, ("",), *[("\n".join(_SOURCES).format(fallbacks=fallbacks),)]]
    lines = [rst.inline(line) for paragraph in paragraphs for line in "\n".join(paragraph).split("\n")]
    hosts = [(f"`{name}`", text) for name, text in HOSTS.items()]
    rows = [
        (
            f"`{row.host}`",
            _code(_task(row)),
            _outcome(row.outcome),
            _outcome(row.target) if row.target != row.outcome else "",
        )
        for row in ROWS
    ]
    return rst.page(
        "entry_points",
        "Which device a task asks, and where it runs",
        [
            *lines,
            "",
            *rst.heading("Gathering facts"),
            *map(rst.inline, _GATHERING),
            "",
            *rst.heading("Examples"),
            "A test runs each row. The hosts are:",
            "",
            *rst.table(("host", "description"), hosts),
            rst.inline("The last column is the result with `lantime_execution: target` if it differs."),
            "",
            *rst.table(("host", "task", "result", "with target"), rows),
        ],
    )


def _task(row: Row) -> str:
    parts = [f"{name}: {_value(value)}" for name, value in row.module.items()]
    return ", ".join(parts + [f"{name}: {_value(value)}" for name, value in row.keywords.items()])


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value).replace('"', "")


def _code(text: str) -> str:
    # A literal of reStructuredText cannot end with a blank, as that of an empty value would.
    return f"`{text.rstrip()}`" if text else "no keywords"


def _outcome(outcome: Outcome) -> str:
    return f"refused: *{outcome.refusal}*" if outcome.refusal else f"asks `{outcome.device}`, {outcome.place}"
