# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: hurry
type: notification
short_description: Pauses that are 20 times as short, for tests
description: In the processes of the controller, a pause takes a 20th of its time, and the monotonic clock runs as if it had taken all of it.
"""

_FACTOR = 20


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "hurry"

    def __init__(self) -> None:
        super().__init__()
        monotonic, sleep = time.monotonic, time.sleep
        skipped = 0.0

        def now() -> float:
            return monotonic() + skipped

        def pause(seconds: float) -> None:
            nonlocal skipped
            end = now() + seconds
            sleep(seconds / _FACTOR)
            # Pauses of several threads pass at the same time.
            skipped = max(skipped, end - monotonic())

        # The workers are copies of this process.
        time.monotonic, time.sleep = now, pause  # type: ignore[assignment]
