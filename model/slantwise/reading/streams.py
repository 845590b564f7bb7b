"""Bytes in: opening files and URLs, unpacking them, cutting them into lines.

Whatever goes wrong while reading is an :class:`OSError` with a reason for the user,
so that readers need to know nothing of gzip, zstd or remote file systems.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Any

from slantwise.errors import InputError

STDIN = "-"
MAX_DECOMPRESSED_BYTES = 8 << 30  # of one compressed file
MAX_ARTICLE_BYTES = 64 << 20  # of one article or one line

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = {  # the longer first: UTF-32's little-endian mark begins with UTF-16's
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line with its end; `data` stops just beyond `MAX_ARTICLE_BYTES`."""

    number: int  # from 1
    offset: int  # bytes from the beginning of the file
    data: bytes

    @property
    def too_long(self) -> bool:
        """Whether the line is longer than an article may be."""
        return len(self.data) > MAX_ARTICLE_BYTES


class _Reader(io.RawIOBase):
    """Any object with ``read(n)`` as a raw stream with a limit and one kind of error."""

    def __init__(self, stream: Any, packing: str = "", limit: int | None = None) -> None:
        self._stream, self._packing, self._limit, self._read = stream, packing, limit, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except OSError as error:
            if self._packing:
                raise OSError(f"damaged {self._packing} data: {error}") from error
            raise
        except Exception as error:  # EOFError, zlib.error, ArrowInvalid, a client's own
            kind = f"damaged {self._packing} data" if self._packing else "reading failed"
            raise OSError(f"{kind}: {error}") from error
        self._read += len(data)
        if self._limit is not None and self._read > self._limit:
            raise OSError(f"holds more than {self._limit:,} bytes once decompressed")
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def open_random(path: str) -> Iterator[IO[bytes]]:
    """Open a local file or any fsspec URL as it is, for a reader that seeks."""
    if "://" not in path:
        with open(path, "rb") as stream:
            yield stream
        return
    filesystem, inner = remote(path)
    try:
        stream = filesystem.open(inner, "rb")
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"can't be opened: {error}") from error
    with stream:
        yield stream


@contextmanager
def open_bytes(path: str) -> Iterator[IO[bytes]]:
    """Open a path, URL or standard input; gzip and zstd are told by their first bytes."""
    with ExitStack() as stack:
        if path == STDIN:
            raw: Any = getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode())
        else:
            raw = stack.enter_context(open_random(path))
        stream = io.BufferedReader(_Reader(raw))
        start = stream.peek(4)[:4]
        if start.startswith(_GZIP):
            unpacked = _Reader(gzip.GzipFile(fileobj=stream), "gzip", MAX_DECOMPRESSED_BYTES)
            stream = io.BufferedReader(unpacked)
        elif start == _ZSTD:
            import pyarrow as pa

            unpacked = _Reader(
                pa.CompressedInputStream(stream, "zstd"), "zstd", MAX_DECOMPRESSED_BYTES
            )
            stream = io.BufferedReader(unpacked)
        yield stream


def remote(url: str) -> tuple[Any, str]:
    """Return the fsspec file system of a URL and the path inside it.

    Raises
    ------
    InputError
        If fsspec doesn't know the protocol or lacks a package for it.
    """
    import fsspec

    try:
        filesystem, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(
            f"can't open {url!r}: {error}. Accepted are local paths, '-' and the URLs "
            "that the installed fsspec packages know."
        ) from error
    except Exception as error:  # a client's own: no credentials, a missing archive
        raise InputError(f"can't open {url!r}: {error}") from error
    return filesystem, str(path)


def lines(stream: IO[bytes]) -> Iterator[Line]:
    """Cut a stream at line feeds; a byte order mark is no part of the first line.

    Raises
    ------
    OSError
        If the stream isn't UTF-8 by its own mark, or stops in the middle.
    """
    number = offset = 0
    while data := stream.readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        skipped = 0
        if len(data) > MAX_ARTICLE_BYTES and not data.endswith(b"\n"):
            skipped = _skip_line(stream)
        if number == 1:
            offset, data = unmarked(data)
        yield Line(number, offset, data)
        offset += len(data) + skipped


def _skip_line(stream: IO[bytes]) -> int:
    skipped = 0
    while data := stream.readline(1 << 20):
        skipped += len(data)
        if data.endswith(b"\n"):
            break
    return skipped


def unmarked(data: bytes) -> tuple[int, bytes]:
    """Return the length of UTF-8's byte order mark, and the bytes after it.

    Raises
    ------
    OSError
        If the mark is that of UTF-16 or UTF-32.
    """
    for mark, name in _WIDE_MARKS.items():
        if data.startswith(mark):
            raise OSError(f"is {name}, not UTF-8: save it as UTF-8")
    rest = data.removeprefix(_UTF8_MARK)
    return len(data) - len(rest), rest


def decode(data: bytes, offset: int = 0) -> str:
    """Decode UTF-8.

    Raises
    ------
    OSError
        If the bytes aren't UTF-8; `offset` is added to the place it names.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise OSError(f"not UTF-8: byte 0x{byte:02x} at offset {offset + error.start}") from error
