# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a certificate that was not accepted says: its fingerprint and its dates."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._base.times import format_utc, utc_now

_NOT_YET_VALID, _EXPIRED = 9, 10
_SEQUENCE, _CERTIFICATE_VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18
_TIME = re.compile(r"([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z")


def certificate_fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER form, as lower-case hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def normalize_fingerprint(text: str) -> str:
    """A fingerprint in any usual form as lower-case hexadecimal.

    Colons, blanks, capitals and a name in front are ignored, as in the output of openssl x509 -fingerprint -sha256:
    "sha256 Fingerprint=AA:BB:...".
    """
    lowered = text.strip().lower()
    named = re.fullmatch(r"sha-?256(?:\s*fingerprint)?\s*[:=]?\s*(.*)", lowered, re.DOTALL)
    return "".join(c for c in (named.group(1) if named else lowered) if c not in ": -")


def untrusted_certificate(exc: ssl.SSLCertVerificationError, certificate: bytes | None) -> LantimeError:
    """The error for a certificate that was not accepted. certificate: in DER form, if it is known."""
    what = f"the certificate of the device was not accepted: {printable(exc.verify_message, 300)}"
    dates = None if certificate is None else validity(certificate)
    if certificate is not None:
        what += f" (SHA-256 fingerprint {certificate_fingerprint(certificate)}"
        what += f", valid from {dates[0]} to {dates[1]})" if dates else ")"
    hint = None
    if exc.verify_code in (_NOT_YET_VALID, _EXPIRED):
        hint = (
            f"check the clock of the controller, which shows {format_utc(utc_now())}, and renew the certificate of the device "
            "if the clock is right; nothing was sent"
        )
    return LantimeError("tls_verify", what, hint=hint)


def presented_certificate(address: tuple[str, int], server_name: str, timeout: float) -> bytes | None:
    """The certificate that a server presents, in DER form, over a connection that carries no data; None if there is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection(address, timeout) as plain,
            context.wrap_socket(plain, server_hostname=server_name) as secure,
        ):
            return secure.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None


def validity(certificate: bytes) -> tuple[str, str] | None:
    """The first and the last moment at which a certificate in DER form is valid; None if it cannot be read."""
    try:
        to_be_signed = _parse_der(_parse_der(certificate)[0][1])[0][1]
        fields = [field for field in _parse_der(to_be_signed) if field[0] != _CERTIFICATE_VERSION]
        # Serial number, signature, issuer, validity.
        first, last = (_time(*field) for field in _parse_der(fields[3][1]))
    except (IndexError, ValueError):
        return None
    return first, last


def _parse_der(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and contents of DER values in a row. Raises IndexError or ValueError if they are not valid."""
    members = []
    at = 0
    while at < len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size >= 0x80:
            count = size - 0x80
            if not 1 <= count <= 4:
                raise ValueError("length")
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        members.append((tag, data[at : at + size]))
        at += size
    return members


def _time(tag: int, content: bytes) -> str:
    match = _TIME.fullmatch(content.decode("ascii"))
    if match is None or tag not in (_UTC_TIME, _GENERALIZED_TIME):
        raise ValueError("time")
    parts: list[t.Any] = list(match.groups())
    century = parts[0] or ("19" if int(parts[1]) >= 50 else "20")
    return f"{century}{parts[1]}-{parts[2]}-{parts[3]}T{parts[4]}:{parts[5]}:{parts[6]}Z"
