"""`rawkit hexdump FILE -n K`."""

from __future__ import annotations

import re

import pytest

from rawkit.interop.dns import DNSOverTCP
from rawkit.protocols import MSS, TCP, EndOfOptions, IPv4, UserTimeout
from rawkit.show import hexdump, octet_table
from rawkit.wire import Packet
from tests.cli.run import CAPTURES, frames, golden_text, run
from tests.golden import assert_golden

ECHO = CAPTURES / "tcp" / "echo.pcap"


@pytest.mark.parametrize(
    ("name", "capture", "number"),
    [("echo", "tcp/echo", 4), ("ipv4-options", "ipv4/options", 3), ("dns", "dns/lookup", 3)],
)
def test_golden(capsys: pytest.CaptureFixture[str], name: str, capture: str, number: int) -> None:
    shown = run(capsys, "hexdump", CAPTURES / f"{capture}.pcap", "-n", number)
    assert_golden(f"hexdump/{name}", golden_text(shown))


def meaning(packet: Packet, offset: int) -> str:
    """What the table says of one octet."""
    return octet_table(packet).split("\n")[1 + offset][24:]


def test_an_octet_of_an_option_has_the_options_own_field() -> None:
    options = TCP(options=[MSS(1460), UserTimeout(granularity=1, timeout=5), EndOfOptions()], dport=9)
    packet = Packet.decode(bytes(IPv4() / options), first=IPv4)
    assert [meaning(packet, offset) for offset in (40, 42, 43, 46, 48, 49)] == [
        "TCP.options: MSS.kind = 2 (maximum segment size)",
        "TCP.options: MSS.value, octet 1 of 2 = 1460",
        "TCP.options: MSS.value, octet 2 of 2",
        "TCP.options: UserTimeout.granularity (bit 0) = 1; "
        "TCP.options: UserTimeout.timeout (bits 1-15), octet 1 of 2 = 5",
        "TCP.options: EndOfOptions.kind = 0 (end of options)",
        "TCP.options, octet 1 of 3, behind the last option",
    ]
    dumped = hexdump(packet)
    assert "40 MSS.kind  41 MSS.length  42-43 MSS.value" in dumped
    assert "49-51 options" in dumped


def test_flags_say_what_their_letters_stand_for() -> None:
    packet = Packet.decode(bytes(IPv4(flags="DF") / TCP(flags="SA")), first=IPv4)
    assert meaning(packet, 6).startswith("IPv4.flags (bits 0-2) = DF (0x02): do not fragment; ")
    assert meaning(packet, 32).endswith("TCP.flags (bits 7-15), octet 1 of 2 = SA (0x12): syn, ack")


def test_octets_of_dns_over_tcp_are_those_of_each_message() -> None:
    messages = bytes(DNSOverTCP.query("a.example")) + bytes(DNSOverTCP.query("b.example", id=7))
    packet = Packet.decode(bytes(IPv4() / TCP(dport=53) / messages), first=IPv4)
    assert meaning(packet, 40) == "dns.length, octet 1 of 2 = 27"
    assert meaning(packet, 42) == "dns.id, octet 1 of 2 = 0x0000"
    assert meaning(packet, 54) == "DNS message, octet 15 of 58 '.'"
    assert meaning(packet, 71) == "dns.id, octet 1 of 2 = 0x0007"


def test_every_octet_of_every_packet_has_its_line_and_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    for frame in frames(ECHO):
        _, _, *rows = run(capsys, "hexdump", ECHO, "-n", str(frame.number)).out.splitlines()
        assert bytes(int(row.split()[1], 16) for row in rows) == frame.octets
        assert all(len(row.split()) > 4 for row in rows)


def colours(text: str) -> list[tuple[str, str]]:
    """(colour, octet) of each octet that has one."""
    return re.findall(r"\x1b\[([0-9;]+)m([0-9a-f]{2})\x1b\[0m", text)


def test_octets_have_the_colours_that_read_gives_them(capsys: pytest.CaptureFixture[str]) -> None:
    table = run(capsys, "hexdump", ECHO, "-n", "1", "--color", "always").out
    dump = run(capsys, "read", "-x", "-c", "1", ECHO, "--color", "always").out
    assert colours(table) == colours(dump)
    assert len(colours(table)) == len(frames(ECHO)[0].octets)
    assert not colours(run(capsys, "hexdump", ECHO, "-n", "1").out)
