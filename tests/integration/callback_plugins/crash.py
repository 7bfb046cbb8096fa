# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t
from unittest import mock

from ansible.plugins.callback import CallbackBase

from ansible_collections.meinberg.lantime.plugins.module_utils._client import session
from ansible_collections.meinberg.lantime.plugins.module_utils._client.answer import read_answer

DOCUMENTATION = """
name: crash
type: notification
short_description: Provoke an error in the collection, for tests
description: In the processes of the controller, reading the node status/services ends with an exception that holds the headers of the request.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "crash"

    def __init__(self) -> None:
        super().__init__()

        def crash(response: t.Any, path: str, redactor: t.Any) -> t.Any:
            if path.endswith("/status/services"):
                raise RuntimeError(f"{dict(response.request.headers)}")
            return read_answer(response, path, redactor)

        # The workers are copies of this process.
        mock.patch.object(session, "read_answer", crash).start()
