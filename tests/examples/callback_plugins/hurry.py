# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: hurry
type: notification
short_description: Time that passes 100 times as fast, for tests
description: In the processes of the controller, the monotonic clock runs 100 times as fast, and pauses are as much shorter.
"""

_FACTOR = 100


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "hurry"

    def __init__(self) -> None:
        super().__init__()
        monotonic, sleep, start = time.monotonic, time.sleep, time.monotonic()
        # The workers are copies of this process.
        time.monotonic = lambda: start + _FACTOR * (monotonic() - start)
        time.sleep = lambda seconds: sleep(seconds / _FACTOR)
