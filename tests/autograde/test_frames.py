import struct

import pytest

from coursekit.autograde.frames import HEADER_CAP, BadReply, pack, parse, unpack, words


def test_a_frame_survives_arriving_byte_by_byte():
    buffer = bytearray()
    frame = pack({"answer": "model"}, b"\x00\xff")
    for byte in frame[:-1]:
        buffer.append(byte)
        assert unpack(buffer, cap=2) is None
    buffer.append(frame[-1])
    assert unpack(buffer, cap=2) == ({"answer": "model", "bytes": 2}, b"\x00\xff")
    assert not buffer


@pytest.mark.parametrize(
    "header",
    [b"[1]", b"{}", b'{"bytes": -1}', b'{"bytes": true}', b'{"bytes": 2.0}', b"\xff"],
)
def test_a_forged_header_is_a_bad_reply(header):
    with pytest.raises(BadReply):
        unpack(bytearray(struct.pack("<I", len(header)) + header), cap=10)


def test_a_payload_over_the_cap_is_refused_before_it_arrives():
    announced = pack({}, b"x" * 100)[:-100]
    with pytest.raises(BadReply, match="100 bytes came; 99 are allowed"):
        unpack(bytearray(announced), cap=99)


def test_a_header_over_the_cap_is_refused_before_it_arrives():
    with pytest.raises(BadReply, match="header"):
        unpack(bytearray(struct.pack("<I", HEADER_CAP + 1)), cap=10)


def test_json_of_too_many_levels_is_a_bad_reply():
    with pytest.raises(BadReply, match="levels"):
        parse("[" * 66 + "]" * 66)


def test_words_from_a_sandbox_cannot_draw_on_the_terminal():
    shown = words("\x1b]0;owned\x07\ud800\u202e\r\n" + "x" * 600)
    assert shown.isprintable()
    assert len(shown) <= 500
    shown.encode()


def test_a_deeply_nested_header_is_a_bad_reply():
    text = b"[" * 100_000
    with pytest.raises(BadReply):
        unpack(bytearray(struct.pack("<I", len(text)) + text), cap=10)
