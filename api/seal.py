"""The seal of the house: a key of its own, and words that only it can have written."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from pathlib import Path

KEY_BYTES = 32


def key(folder: Path) -> bytes:
    """Read the key of the house, making it at first use; it never leaves its folder."""
    path = folder / "seal"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _whole(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
    return _whole(path)


def _whole(path: Path) -> bytes:
    """Read a key that another process may be writing just now."""
    for _ in range(50):
        found = path.read_bytes()
        if len(found) == KEY_BYTES:
            return found
        time.sleep(0.02)
    raise OSError(f"{path} is not a key of {KEY_BYTES} bytes")


def token(secret: bytes, purpose: str, text: str) -> str:
    """Derive a token of 128 bits that nobody can guess, the same each time."""
    return _written(_mac(secret, purpose, text)[:16])


def passing(secret: bytes, purpose: str, text: str, seconds: int) -> str:
    """Seal a text for a short while."""
    words = f"{int(time.time()) + seconds}:{text}"
    return f"{_written(words.encode())}.{_written(_mac(secret, purpose, words))}"


def opened(secret: bytes, purpose: str, sealed: str) -> str | None:
    """Open what `passing` sealed; None where it is forged, for another purpose, or too old."""
    try:
        words, mac = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in sealed.split("."))
        until, _, text = words.decode().partition(":")
        genuine = hmac.compare_digest(mac, _mac(secret, purpose, words.decode()))
        return text if genuine and int(until) >= time.time() else None
    except (ValueError, binascii.Error):
        return None


def _mac(secret: bytes, purpose: str, text: str) -> bytes:
    return hmac.new(secret, f"{purpose}\n{text}".encode(), hashlib.sha256).digest()


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
