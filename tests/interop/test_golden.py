"""What a person reads of each application: lines, trees, JSON of hand-made messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.interop.dhcp import COOKIE
from rawkit.wire import Packet
from tests.cli.run import golden_text, run
from tests.golden import assert_golden
from tests.interop import test_dhcp, test_http, test_snmp, test_tls
from tests.interop.agreement import datagram, segment
from tests.interop.test_dhcp import ip, options
from tests.interop.test_ntp import STAMPS
from tests.interop.test_ntp import message as ntp
from tests.written import written

OFFER = options((53, b"\x02"), (51, b"\0\0\x0e\x10"), (1, ip("255.255.255.0")), (3, ip("10.0.0.1")))
HELLO = test_tls.MADE[0]

PACKETS: dict[str, list[Packet]] = {
    "dhcp": [
        datagram(test_dhcp.message(), 67, 68),
        datagram(test_dhcp.message(COOKIE + OFFER, op=2, yiaddr=ip("10.0.0.5")), 68, 67),
        datagram(test_dhcp.message(COOKIE + options((53, b"\x01"), end=b"") + b"\x0c\x20cut"), 67, 68),
    ],
    "http": [
        segment(test_http.GET[:100], 80),
        segment(test_http.GET[100:], 80),
        segment(test_http.POST, 80),
        segment(test_http.OK + b"Content-Length: 500\r\n\r\nabc", 40000, 8080),
        segment(test_http.CHUNKED, 40000, 9999),
        segment(b"GET / HTTP/1.1\r\nno field\r\nHost: example.com\r\n\r\n", 80),
    ],
    "ntp": [
        datagram(ntp(0x24, (STAMPS[5], 0, STAMPS[6], STAMPS[2])), 123),
        datagram(bytes([0x16]) + bytes(11), 123),
        datagram(ntp()[:20], 123),
    ],
    "snmp": [
        *(datagram(each, 161) for each in (test_snmp.MESSAGES[0], test_snmp.MESSAGES[2], test_snmp.ENCRYPTED)),
        datagram(test_snmp.MESSAGES[0][:-1], 161),
    ],
    "tls": [
        segment(HELLO, 443),
        segment(HELLO[:80], 443),
        segment(HELLO[80:], 443),
        segment(test_tls.MADE[2], 40000, 443),
        segment(test_tls.ALERTS[1], 443),
        segment(test_tls.record(22, test_tls.message(1, test_tls.GOOD + b"x")), 443),
    ],
}


@pytest.mark.parametrize(("name", "number"), [("ntp", 1), ("tls", 4)])
def test_octet_by_octet(name: str, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "made.pcap", PACKETS[name])
    assert_golden(f"hexdump/{name}-made", golden_text(run(capsys, "hexdump", path, "-n", number)))


@pytest.mark.parametrize("name", PACKETS)
def test_what_people_read(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "made.pcap", PACKETS[name])
    assert_golden(f"read/{name}-made", golden_text(run(capsys, "read", path)))
    assert_golden(f"read/{name}-made-v", golden_text(run(capsys, "read", "-v", path)))
    assert_golden(f"read/{name}-made-json", golden_text(run(capsys, "read", "--json", path)))
