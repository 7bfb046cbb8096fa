# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyed fingerprints of the latest written secrets, so that an unchanged secret is not written again.

A device masks its secrets, so they cannot be compared with it. The key and the fingerprints lie beside the journal,
readable by their owner only. Without the key a fingerprint does not reveal the secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import typing as t
from pathlib import Path as FilePath

from .._base import files
from .._base.errors import LantimeError
from .._tree.paths import Path, text_of

_KEY_BYTES = 32
_MAX_KEY_BYTES = 1024
_MAX_FINGERPRINT_BYTES = 16 * 1024 * 1024

_KEY_FILE = files.register_writer("secrets_key", "the key of all fingerprints, secrets.key")
_FINGERPRINT_FILE = files.register_writer(
    "fingerprints", "the fingerprints of a device's secrets, <model>-<serial number>-<hash>.secrets"
)


class Fingerprints:
    """The fingerprints of one device. Raises LantimeError with the code journal if the file system refuses an operation."""

    def __init__(self, directory: FilePath, stem: str) -> None:
        self._key_path = directory / "secrets.key"
        self._path = directory / f"{stem}.secrets"
        self._known: dict[str, str] | None = None

    def changed(self, secrets: t.Mapping[Path, t.Any]) -> tuple[str, ...]:
        """Return the paths, as patterns, of secrets that differ from the latest written ones, or were never written."""
        known = self._load()
        key = self._key(create=False)
        return tuple(
            text_of(path)
            for path, value in secrets.items()
            if key is None or known.get(text_of(path)) != _fingerprint(key, path, value)
        )

    def remember(self, secrets: t.Mapping[Path, t.Any]) -> None:
        """Store fingerprints of written and verified secrets."""
        if not secrets:
            return
        key = self._key(create=True) or b""
        known = {
            **self._load(),
            **{text_of(p): _fingerprint(key, p, v) for p, v in secrets.items()},
        }
        try:
            _FINGERPRINT_FILE.write(self._path, json.dumps(known, indent=1, sort_keys=True, allow_nan=False).encode())
        except (OSError, files.FileError) as exc:
            raise _error(self._path, exc) from None
        self._known = known

    def _load(self) -> dict[str, str]:
        if self._known is None:
            try:
                value = json.loads(files.read_file(self._path, _MAX_FINGERPRINT_BYTES).decode("utf-8"))
                self._known = {str(k): str(v) for k, v in value.items()}
            except FileNotFoundError:
                self._known = {}
            except (OSError, ValueError, AttributeError) as exc:
                raise _error(self._path, exc) from None
        return self._known

    def _key(self, create: bool) -> bytes | None:
        """The key of this controller; None if there is none and none is to be created."""
        try:
            if create:
                _KEY_FILE.create(self._key_path, os.urandom(_KEY_BYTES))
            return files.read_file(self._key_path, _MAX_KEY_BYTES)
        except FileNotFoundError as exc:
            if create:
                raise _error(self._key_path, exc) from None
            return None
        except (OSError, files.FileError) as exc:
            raise _error(self._key_path, exc) from None


def _fingerprint(key: bytes, path: Path, value: t.Any) -> str:
    text = json.dumps([list(path), value], sort_keys=True).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _error(path: FilePath, exc: Exception) -> LantimeError:
    return LantimeError("journal", f"{path} cannot be used ({files.reason(exc)})")
