# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_record: write what a device answers to a file."""

from __future__ import annotations

import secrets
import typing as t
from pathlib import Path as FilePath

from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.times import format_utc, utc_now
from .._probe.capture import CaptureProbe
from .._recording import document
from .._recording.anonymizer import Anonymizer
from .._recording.stand_ins import StandIns
from .._tree.paths import text_of
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "dest": {"type": "path", "required": True},
        "force": {"type": "bool", "default": False},
        "anonymize": {"type": "bool", "default": True},
        "anonymize_key": {"type": "str", "no_log": True},
        "config_root": {"type": "str"},
    },
    config_options=("anonymize_key",),
)

_SHORTEST_KEY = 16


def run(context: JobContext) -> dict[str, t.Any]:
    params = context.params
    dest = FilePath(params["dest"])
    _check_dest(dest, params["force"])
    stand_ins = _make_stand_ins(params)
    with context.open() as api:
        api.hold_identity()
        is_given = params["config_root"] is not None or api.dialect.config_root != "auto"
        capture = CaptureProbe(api).capture(is_given)
        device, pending, requests = device_result(api.identity), api.pending_changes, api.requests
        anonymizer = Anonymizer(stand_ins, api.client.redactor)
    if params["username"]:
        anonymizer.know_user(params["username"])
    if capture.config_root is None:
        context.warn("The recording holds no configuration, as its root was not found; config_root sets it.")
    content = document.make_recording(capture, anonymizer, params["anonymize"], format_utc(utc_now()))
    if not context.check_mode:
        document.write_recording(dest, content)
    return {
        "changed": True,
        "recording_path": str(dest),
        "anonymized": content["anonymized"],
        "replaced": content["replaced"],
        "config_root": None if capture.config_root is None else text_of(capture.config_root) or "none",
        "requests": requests,
        "device": device,
        "pending_changes": pending,
    }


def _check_dest(dest: FilePath, force: bool) -> None:
    """Raise LantimeError before the first request if the file must not be written."""
    if dest.is_dir():
        raise LantimeError("recording", f"dest is the directory {dest}", hint="add the name of the file to dest")
    if not dest.exists() or (force and dest.is_file()):
        return
    try:
        document.load_recording(dest)
    except LantimeError:
        raise LantimeError(
            "recording",
            f"the file {dest} exists and is not a recording",
            hint="set another dest, or set force to true to replace the file; nothing was written",
        ) from None


def _make_stand_ins(params: dict[str, t.Any]) -> StandIns | None:
    """Stand-ins for personal values, None without anonymize."""
    key = params["anonymize_key"]
    if key is not None and len(key) < _SHORTEST_KEY:
        raise LantimeError("option", f"anonymize_key has fewer than {_SHORTEST_KEY} characters")
    if not params["anonymize"]:
        return None
    return StandIns(secrets.token_bytes(32) if key is None else key.encode("utf-8", "surrogateescape"))
