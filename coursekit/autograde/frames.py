"""Frames: how messages travel between the runner and what runs in the sandbox.

A frame is a length (4 bytes, little-endian), a header of that length (a JSON
object) and a payload of ``header["bytes"]`` bytes. Nothing is ever pickled.
"""

import json
import struct

from coursekit.errors import CoursekitError

HEADER_CAP = 1 << 20  # bytes
DEPTH_CAP = 64  # levels of JSON
WORDS_CAP = 500  # characters of a reason


class BadReply(CoursekitError):
    """What came back is not what was asked for; the message says what it is."""


def pack(header, payload=b""):
    r"""Return one frame.

    Examples
    --------
    >>> pack({"end": True})
    b'\x19\x00\x00\x00{"end": true, "bytes": 0}'
    """
    text = json.dumps({**header, "bytes": len(payload)}).encode()
    return struct.pack("<I", len(text)) + text + payload


def unpack(buffer, cap):
    """Take the first whole frame off a buffer.

    Parameters
    ----------
    buffer : bytearray
        What has arrived so far; the frame is removed from it.
    cap : int
        The longest payload accepted, in bytes.

    Returns
    -------
    tuple of (dict, bytes) or None
        Header and payload; None while the frame is incomplete.

    Raises
    ------
    BadReply
        If this is no frame, or one longer than the cap.

    Examples
    --------
    >>> arrived = bytearray(pack({"n": 2}, b"ab") + b"next")
    >>> unpack(arrived, cap=10), bytes(arrived)
    (({'n': 2, 'bytes': 2}, b'ab'), b'next')
    """
    if len(buffer) < header_end(buffer):
        return None
    start = header_end(buffer)
    header = read_header(bytes(buffer[4:start]), cap)
    end = start + header["bytes"]
    if len(buffer) < end:
        return None
    payload = bytes(buffer[start:end])
    del buffer[:end]
    return header, payload


def header_end(buffer):
    """Return where the header of the first frame ends, as far as it is known."""
    if len(buffer) < 4:
        return 4
    (size,) = struct.unpack_from("<I", buffer)
    if size > HEADER_CAP:
        raise BadReply(f"A header of {size} bytes came; {HEADER_CAP} are allowed.")
    return 4 + size


def needed(buffer, cap):
    """Return how many bytes must be there before it is worth to `unpack` again.

    Who sends a long header and then byte by byte would else have it read each time.

    Examples
    --------
    >>> frame = pack({"n": 2}, b"ab")
    >>> [needed(frame[:n], cap=10) for n in (2, 9, len(frame))]
    [4, 24, 26]
    """
    start = header_end(buffer)
    if len(buffer) < start:
        return start
    return start + read_header(bytes(buffer[4:start]), cap)["bytes"]


def read_header(text, cap):
    """Parse a header strictly."""
    header = parse(text)
    size = header.get("bytes") if isinstance(header, dict) else None
    if type(size) is not int or size < 0:
        raise BadReply("A header came that does not say how many bytes follow.")
    if size > cap:
        raise BadReply(f"An answer of {size} bytes came; {cap} are allowed.")
    return header


def parse(text):
    """Parse JSON that may be hostile: what is returned can be written again."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise BadReply("Something came that is not JSON.") from None
    if deeper(value, DEPTH_CAP):
        raise BadReply(f"JSON of more than {DEPTH_CAP} levels came.")
    return value


def deeper(value, most):
    """Return True where a JSON value has more than `most` levels.

    Examples
    --------
    >>> deeper([{"a": [1]}], 3), deeper([{"a": [1]}], 2)
    (False, True)
    """
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        parts = (each.values() if isinstance(each, dict) else each for each in level)
        level = [part for p in parts for part in p if isinstance(part, dict | list)]
    return bool(level)


def words(text):
    r"""Return text from a sandbox as one short line that a terminal can show.

    Examples
    --------
    >>> words("KeyError:\n'age' \x1b[2J")
    "KeyError: 'age' [2J"
    """
    shown = "".join(c if c.isprintable() else " " for c in str(text)[:WORDS_CAP])
    return " ".join(shown.split())
