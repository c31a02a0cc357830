"""A checksum has a verdict, not a boolean."""

from __future__ import annotations

import pytest

from rawkit.protocols import TCP, UDP, ICMPv4, ICMPv4EchoRequest, IPv4, IPv6
from rawkit.wire import Packet, Verdict, word_sum

V4 = IPv4(src="10.0.0.1", dst="10.0.0.2")
V6 = IPv6(src="fd00::1", dst="fd00::2")


def verdict_of(packet: Packet, layer: str, field: str = "checksum") -> Verdict:
    (found,) = [verdict for verdict in packet.check() if (verdict.layer, verdict.field) == (layer, field)]
    return found


def decoded(packet: Packet, state: str | None = None) -> Packet:
    return Packet.decode(bytes(packet), first=type(packet.layers[0]), checksum_state=state)


@pytest.mark.parametrize("ip", [V4, V6], ids=["v4", "v6"])
@pytest.mark.parametrize("transport", [TCP(sport=1, dport=2), UDP(sport=1, dport=2)], ids=["tcp", "udp"])
def test_good_and_bad(ip: IPv4 | IPv6, transport: TCP | UDP) -> None:
    packet = decoded(ip / transport / b"data")
    name = type(transport).__name__
    good = verdict_of(packet, name)
    assert (good.state, good.found, good.expected, good.checksum) == ("good", good.expected, good.found, True)
    flipped = bytearray(packet.octets)
    flipped[-1] ^= 1
    bad = verdict_of(Packet.decode(bytes(flipped), first=type(ip)), name)
    assert bad.state == "bad"
    assert bad.found == good.found
    assert bad.expected != good.found
    assert str(bad) == f"{name}.checksum 0x{bad.found:04x} (bad; correct 0x{bad.expected:04x})"
    assert bad.offset == packet.layers[1].layout.offset + type(transport).layout.fields["checksum"].offset


@pytest.mark.parametrize("ip", [V4, V6], ids=["v4", "v6"])
def test_partial_as_a_kernel_leaves_it(ip: IPv4 | IPv6) -> None:
    """Linux writes the folded sum of the pseudo-header, not complemented, and the card does the rest."""
    segment = TCP(sport=1, dport=2) / b"data"
    length = len(bytes(segment))
    addresses = bytes(ip)[12:20] if isinstance(ip, IPv4) else bytes(ip)[8:40]
    left = word_sum(addresses + length.to_bytes(4, "big") + (6).to_bytes(4, "big"))
    packet = decoded(ip / TCP(sport=1, dport=2, checksum=left) / b"data")
    assert verdict_of(packet, "TCP").state == "partial"


def test_an_ipv4_header_that_the_card_has_to_sum_has_0() -> None:
    """Captures made on Windows, where network cards make this sum too."""
    left = IPv4(src="10.0.0.1", dst="10.0.0.2", checksum=0)
    packet = decoded(left / TCP(sport=1, dport=2) / b"data")
    assert verdict_of(packet, "IPv4").state == "partial"
    assert verdict_of(decoded(packet.replace(IPv4, ttl=9)), "IPv4").found == 0
    message = decoded(V4 / ICMPv4(checksum=0) / ICMPv4EchoRequest() / b"ping")  # no card makes this one
    assert verdict_of(message, "ICMPv4").state == "bad"


def test_partial_because_the_kernel_said_so() -> None:
    packet = decoded(V4 / TCP(sport=1, dport=2, checksum=0x1234) / b"data", "partial")
    assert verdict_of(packet, "TCP").state == "partial"
    assert verdict_of(packet, "IPv4").state == "good"
    assert verdict_of(decoded(V4 / TCP(checksum=0x1234) / b"data"), "TCP").state == "bad"


def test_absent() -> None:
    assert verdict_of(decoded(V4 / UDP(checksum=0) / b"x"), "UDP").state == "absent"


def test_a_udp_sum_of_zero_is_written_as_all_ones() -> None:
    wanted = next(
        packet for number in range(65536) if (packet := V4 / UDP(sport=number, dport=2))[UDP].checksum == 0xFFFF
    )
    assert verdict_of(decoded(wanted), "UDP").state == "good"


def test_unverifiable() -> None:
    whole = V4 / TCP(sport=1, dport=2) / b"data"
    snapped = Packet.decode(bytes(whole)[:42], first=IPv4, wire_length=len(whole))
    assert verdict_of(snapped, "TCP").state == "unverifiable"
    assert verdict_of(snapped, "IPv4", "total_length").state == "unverifiable"
    assert verdict_of(snapped, "IPv4").state == "good"
    fragment = decoded(IPv4(src="10.0.0.1", dst="10.0.0.2", flags="MF") / TCP(sport=1, dport=2) / b"data")
    assert verdict_of(fragment, "TCP").state == "unverifiable"
    assert verdict_of(decoded(Packet(TCP())), "TCP").state == "unverifiable"


@pytest.mark.parametrize(("kept", "state"), [(20, "unverifiable"), (23, "unverifiable"), (24, "good")])
def test_the_length_of_a_header_that_is_cut_is_unverifiable(kept: int, state: str) -> None:
    whole = bytes(IPv4(options=bytes([1]) * 4) / UDP() / b"data")
    cut = Packet.decode(whole[:kept], first=IPv4, wire_length=len(whole))
    assert verdict_of(cut, "IPv4", "ihl").state == verdict_of(cut, "IPv4").state == state
    assert verdict_of(Packet.decode(whole[:23], first=IPv4), "IPv4", "ihl").state == "bad"


def test_lengths_and_numbers_are_judged_too() -> None:
    packet = V4 / UDP(sport=1, dport=2, length=3)
    assert verdict_of(packet, "UDP", "length").state == "bad"
    assert verdict_of(IPv4(protocol=6) / UDP(sport=1, dport=2), "IPv4", "protocol").state == "bad"
    assert verdict_of(packet, "IPv4", "ihl").state == "good"


def test_a_sum_that_is_all_ones_equals_one_that_is_zero() -> None:
    """RFC 1624 section 3: a checksum field of 0xffff can be right where ours would be 0."""
    for number in range(65536):
        packet = V4 / TCP(sport=number, dport=2)
        if packet[TCP].checksum == 0:
            break
    assert verdict_of(decoded(packet.replace(TCP, checksum=0xFFFF)), "TCP").state == "good"


def test_the_checksum_of_a_datagram_larger_than_any_frame() -> None:
    packet = V4 / UDP(sport=1, dport=2) / (bytes(range(256)) * 200)
    assert verdict_of(decoded(packet), "UDP").state == "good"
