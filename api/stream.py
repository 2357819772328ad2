"""Take a delivery off the wire: one file and a few small fields, straight to disk and never over the limit."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from api.errors import NoRoom, TooLarge, Unusable

#: The largest delivery (profile "package"); the multipart frame around it may take a little more. Whether a file is a
#: package or a layer is told by what is in it, so a layer that is too large is refused when it is read.
PACKAGE_BYTES = 4 << 30
FRAME_BYTES = 1 << 20
FIELD_BYTES = 64 << 10
HEADER_BYTES = 8 << 10
PARTS = 32
#: A sender who says nothing for this long has gone away.
SILENCE_SECONDS = 30
NAME_BYTES = 200


@dataclass
class Delivery:
    """What arrived: the fields as text, the file under a name of our own, and the hash of its bytes."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str = ""
    path: Path | None = None
    sha256: str = ""
    size: int = 0


async def take(request: Request, folder: Path, limit: int | None = None) -> Delivery:
    """Stream a multipart body to `folder`; whatever goes wrong, no file is left behind."""
    limit = PACKAGE_BYTES if limit is None else limit
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit + FRAME_BYTES:
        raise TooLarge
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Unusable("请以表单方式上传文件。", "Send the file as multipart/form-data.", "not_multipart")
    with _expect_room(), _unfinished(folder) as file:
        reader = _Reader(file, limit)
        parser = MultipartParser(options[b"boundary"], reader.callbacks())
        try:
            await _pump(request, parser)
        except MultipartParseError:
            raise Unusable(code="not_multipart") from None
        except (TimeoutError, ClientDisconnect):
            raise Unusable("上传中断。", "The upload broke off.", "incomplete") from None
        if not reader.complete or not reader.delivery.filename:
            raise Unusable("上传不完整或缺少文件。", "The upload is incomplete or has no file.", "incomplete")
        return await asyncio.to_thread(_keep, reader, file, folder)


async def _pump(request: Request, parser: MultipartParser) -> None:
    chunks = request.stream().__aiter__()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(chunks), SILENCE_SECONDS)
        except StopAsyncIteration:
            return
        if chunk:
            parser.write(chunk)


@contextlib.contextmanager
def _expect_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NoRoom from None


@contextlib.contextmanager
def _unfinished(folder: Path) -> Iterator[BinaryIO]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".unfinished-", delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def _keep(reader: _Reader, file: BinaryIO, folder: Path) -> Delivery:
    """Make the file durable under the hash of its bytes; the same bytes are kept once."""
    file.flush()
    os.fsync(file.fileno())
    delivery = reader.delivery
    delivery.sha256 = reader.digest.hexdigest()
    delivery.path = folder / delivery.sha256
    os.replace(file.name, delivery.path)
    delivery.path.chmod(0o400)
    sync_folder(folder)
    return delivery


def copy(source: Path, path: Path) -> None:
    """Bring a file into the house under a name of our own, whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".unfinished-", delete=False) as file:
        try:
            with source.open("rb") as content:
                shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        finally:
            Path(file.name).unlink(missing_ok=True)
    path.chmod(0o400)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def shown_name(name: str) -> str:
    """The file's name as people may see it: no folders, no control or direction marks, at most 200 bytes."""
    base = "".join(c for c in re.split(r"[/\\]", name)[-1] if c.isprintable()).lstrip(". ")
    return base.encode()[-NAME_BYTES:].decode("utf-8", "ignore") or "unnamed"


class _Reader:
    """The listener of the multipart parser: fields to memory, the one file to disk."""

    def __init__(self, file: BinaryIO, limit: int):
        self.file, self.limit = file, limit
        self.delivery, self.digest, self.complete = Delivery(), hashlib.sha256(), False
        self._parts = 0

    def callbacks(self) -> dict:
        return {name: getattr(self, name) for name in dir(self) if name.startswith("on_")}

    def on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > PARTS:
            raise Unusable(code="too_many_parts")
        self._header, self._value, self._disposition = b"", b"", b""
        self._name, self._is_file, self._text = "", False, bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = _grow(self._header, data[start:end], HEADER_BYTES)

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value = _grow(self._value, data[start:end], HEADER_BYTES)

    def on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if not self._is_file:
            return
        if self._name != "file" or self.delivery.filename or not options[b"filename"]:
            raise Unusable("一次只能上传一个文件。", "Send exactly one file, as the field `file`.", "one_file")
        self.delivery.filename = shown_name(options[b"filename"].decode("utf-8", "replace"))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        chunk = data[start:end]
        if not self._is_file:
            self._text = bytearray(_grow(bytes(self._text), chunk, FIELD_BYTES))
            return
        self.delivery.size += len(chunk)
        if self.delivery.size > self.limit:
            raise TooLarge
        self.digest.update(chunk)
        self.file.write(chunk)

    def on_part_end(self) -> None:
        if not self._is_file:
            try:
                text = self._text.decode("utf-8")
            except UnicodeDecodeError:
                raise Unusable(code="not_utf8") from None
            if "\0" in text or self._name in self.delivery.fields:
                raise Unusable(code="bad_field")
            self.delivery.fields[self._name] = text

    def on_end(self) -> None:
        self.complete = True


def _grow(held: bytes, more: bytes, limit: int) -> bytes:
    if len(held) + len(more) > limit:
        raise Unusable(code="field_too_long")
    return held + more
