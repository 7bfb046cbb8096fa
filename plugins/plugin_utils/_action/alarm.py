# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyword timeout of a task, for a job that runs in the process of the controller.

Ansible sets an alarm of the process, whose handler raises an exception wherever the process is at that moment. A job that is
ended so could leave a changed device behind, and its result would say that nothing changed. So the job ends by itself: the
end of the keyword is the end of its waits, and the alarm is put off until after the rollback.
"""

from __future__ import annotations

import contextlib
import math
import signal
import time
import types
import typing as t

from ...module_utils._client.deadline import ROLLBACK_SECONDS

# Beyond the reserve of the rollback, as the work between two waits takes time too.
_MARGIN_SECONDS = 10.0


class OverrunError(BaseException):
    """A job has not ended although its time and that of its rollback are over. No handler of Exception catches this."""


@contextlib.contextmanager
def alarm_put_off() -> t.Iterator[float]:
    """Yield when the keyword timeout ends, by the monotonic clock, and put its alarm off; infinite without the keyword.

    Afterwards the alarm is set as it was, unless its time is over. Raises OverrunError in a body that does not end.
    """
    seconds = signal.getitimer(signal.ITIMER_REAL)[0]
    if not seconds:
        yield math.inf
        return
    end = time.monotonic() + seconds
    former = signal.signal(signal.SIGALRM, _raise_overrun)
    signal.setitimer(signal.ITIMER_REAL, seconds + ROLLBACK_SECONDS + _MARGIN_SECONDS)
    try:
        yield end
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
        left = end - time.monotonic()
        if left > 0:
            signal.setitimer(signal.ITIMER_REAL, left)


def _raise_overrun(_signal: int, _frame: types.FrameType | None) -> None:
    raise OverrunError
