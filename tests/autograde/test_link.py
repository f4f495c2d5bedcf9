import os
import threading
import time
from contextlib import suppress

import pytest

from coursekit.autograde import frames
from coursekit.autograde.frames import pack
from coursekit.autograde.link import Broken, Overdue, Stopped

FOREVER = float("inf")


def test_a_report_is_heard(lines):
    lines.report.sendall(pack({"stage": "cell"}, b"[]"))
    assert lines.link.next_report() == ({"stage": "cell", "bytes": 2}, b"[]")


def test_reports_share_one_allowance(lines):
    lines.report.sendall(pack({}, bytes(9000)) + pack({}, bytes(2000)))
    lines.link.next_report()
    with pytest.raises(Stopped, match="2000 bytes came; 1000 are allowed") as stop:
        lines.link.next_report()
    assert stop.value.status == "kernel-died"


def test_a_closed_report_is_a_dead_kernel(lines):
    lines.report.close()
    with pytest.raises(Stopped) as stop:
        lines.link.next_report()
    assert stop.value.status == "kernel-died"


def test_a_reply_in_time_is_taken(lines):
    lines.serve.sendall(pack({"status": "ok"}, b"12345678"))
    assert lines.link.next_reply(FOREVER, cap=8)[1] == b"12345678"


def test_a_long_header_is_not_read_again_for_each_byte_that_follows(lines, monkeypatch):
    read = []
    whole = frames.read_header
    monkeypatch.setattr(
        frames, "read_header", lambda *given: read.append(1) or whole(*given)
    )
    message = pack({"status": "ok", "pad": "x" * 60_000}, bytes(400))
    lines.serve.sendall(message[:-400])
    sender = threading.Thread(target=trickle, args=(lines.serve, message[-400:]))
    sender.start()
    assert len(lines.link.next_reply(FOREVER, cap=400)[1]) == 400
    sender.join()
    assert len(read) < 10


def trickle(line, message):
    for byte in message:
        line.sendall(bytes([byte]))
        time.sleep(0.0005)


def test_no_reply_is_overdue(lines):
    begun = time.monotonic()
    with pytest.raises(Overdue):
        lines.link.ask({}, b"", seconds=0.3, cap=8)
    assert time.monotonic() - begun < 2


def test_a_request_that_nobody_takes_is_overdue(lines):
    with pytest.raises(Overdue):
        lines.link.ask({}, bytes(10_000_000), seconds=0.3, cap=8)


@pytest.mark.parametrize("forged", [b"\xff" * 100, pack({}, bytes(9)), b"\x02\0\0\0[]"])
def test_a_forged_reply_breaks_the_line(lines, forged):
    lines.serve.sendall(forged)
    with pytest.raises(Broken) as stop:
        lines.link.next_reply(FOREVER, cap=8)
    assert stop.value.status == "serving-failed"


def test_a_kernel_that_closes_its_line_is_dead(lines):
    lines.serve.close()
    with pytest.raises(Stopped) as stop:
        lines.link.ask({}, b"x", seconds=FOREVER, cap=8)
    assert stop.value.status == "kernel-died"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"stage": "kernel-died"}, "kernel-died"),
        ({"stage": "served", "reason": "NameError: serve"}, "serving-failed"),
        ({"stage": 3}, "serving-failed"),
    ],
)
def test_a_report_while_asking_ends_the_asking(lines, header, status):
    lines.report.sendall(pack(header))
    with pytest.raises(Stopped) as stop:
        lines.link.ask({}, b"", seconds=FOREVER, cap=8)
    assert stop.value.status == status


def test_the_watch_can_end_every_wait(lines):
    def ring():
        raise Stopped("timeout", "It took too long.")

    lines.link.watch = ring
    with pytest.raises(Stopped, match="too long"):
        lines.link.next_report()


@pytest.fixture
def complaining(lines):
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    before, lines.link.errors = lines.link.errors, reader
    yield lines.link, writer
    lines.link.errors = before
    os.close(reader)


def test_the_last_words_of_a_sandbox_are_kept(complaining):
    link, writer = complaining
    os.write(writer, b"x" * 9000 + b"no user namespaces\n")
    os.close(writer)
    with pytest.raises(Overdue):
        link.next_reply(time.monotonic() + 0.3, cap=8)
    assert link.last_words().endswith("xxx no user namespaces".replace("xxx ", "x" * 3))
    assert len(link.last_words()) == 500


def test_an_endless_complaint_does_not_keep_the_runner_busy(complaining, monkeypatch):
    link, writer = complaining
    heard = []
    whole = link.hear_complaint
    monkeypatch.setattr(link, "hear_complaint", lambda: heard.append(1) or whole())
    os.set_blocking(writer, False)
    over = threading.Event()
    sender = threading.Thread(target=complain, args=(writer, over))
    sender.start()
    with pytest.raises(Overdue):
        link.next_reply(time.monotonic() + 0.5, cap=8)
    over.set()
    sender.join()
    assert 1 <= len(heard) <= 5


def complain(writer, over):
    while not over.wait(0.001):
        with suppress(BlockingIOError):
            os.write(writer, bytes(4096))
