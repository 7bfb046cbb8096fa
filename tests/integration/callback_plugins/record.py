# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes each task result as one JSON line to the file named by LANTIME_TEST_RESULTS."""

from __future__ import annotations

import json
import os
import time
import typing as t
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Task results as JSON lines, for tests
description: Writes each task result as one JSON line to the file named by the environment variable LANTIME_TEST_RESULTS.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def _write(self, outcome: str, result: t.Any) -> None:
        task = getattr(result, "task", None) or result._task
        host = getattr(result, "host", None) or result._host
        shown = getattr(result, "result", None) or result._result
        entry = {
            "outcome": outcome,
            "host": host.get_name(),
            "action": task.action,
            "name": task.get_name(),
            "result": shown,
            # The same clock in all processes of a machine.
            "finished": time.monotonic(),
        }
        line = json.dumps(entry, default=str) + "\n"
        with Path(os.environ["LANTIME_TEST_RESULTS"]).open("a", encoding="utf-8") as file:
            file.write(line)

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        del ignore_errors
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        self._write("unreachable", result)
