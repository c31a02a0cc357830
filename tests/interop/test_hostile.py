"""Every dissector on octets that were cut, changed, or made up: an application or one defect, never an exception."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawkit import bundled, read
from rawkit.interop.tls import TLS
from rawkit.show import line, tree
from rawkit.show.records import packet_layers
from rawkit.wire import Packet
from tests.interop import test_dhcp, test_http, test_ntp, test_snmp, test_tls
from tests.interop.agreement import datagram, segment
from tests.interop.bounds import runs_silently, within_bounds


def recorded_hello(name: str) -> bytes:
    """The first message of a recorded conversation: the same in every run, as OpenSSL's own would not be."""
    with read(bundled.path(f"applications/{name}.pcap")) as capture:
        return next(frame.packet.payload for frame in capture if TLS in frame.packet)


SEEDS = {
    "dhcp": (datagram, 67, test_dhcp.MESSAGES),
    "http": (segment, 80, test_http.MESSAGES),
    "ntp": (datagram, 123, test_ntp.MESSAGES),
    "snmp": (datagram, 161, [*test_snmp.MESSAGES, test_snmp.ENCRYPTED]),
    "tls": (segment, 443, [*test_tls.MADE, *map(recorded_hello, ("tls-1.2", "tls-1.3"))]),
}

LARGEST = {datagram: 65_507, segment: 65_495}
"""Octets that fit into one IPv4 datagram."""


def holds(packet: Packet) -> None:
    """What is true of any payload: it stays what it was, and everything that shows it says something safe."""
    application, defects = packet.application, packet.defects
    assert application is not None or len(defects) == 1
    for defect in defects:
        assert packet.payload_offset <= defect.offset <= len(packet)
    if application is not None:
        assert bytes(application) == packet.payload
        assert application.summary().isprintable()
        places = [(begin, end) for _, begin, end, _ in application.parts()]
        assert all(0 <= begin < end <= len(packet.payload) for begin, end in places)
    assert line(packet).isprintable()
    assert all(each.isprintable() for each in tree(packet).splitlines())
    json.dumps(packet_layers(packet))


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=150)
@given(st.data())
def test_changed_octets(name: str, data: st.DataObject) -> None:
    frame, port, seeds = SEEDS[name]
    octets = bytearray(data.draw(st.sampled_from(seeds)))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(octets)))
        noise = data.draw(st.binary(max_size=4))
        octets[at : at + data.draw(st.integers(0, 4))] = noise
    octets = octets[: data.draw(st.integers(1, len(octets) + 1))]
    if octets:
        holds(frame(bytes(octets), port))


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=100)
@given(st.binary(min_size=1, max_size=200))
def test_any_octets(name: str, octets: bytes) -> None:
    frame, port, _ = SEEDS[name]
    holds(frame(octets, port))


@settings(max_examples=100)
@given(st.binary(min_size=1, max_size=200), st.sampled_from([b"", b"GET ", b"HTTP/1.1 ", b"\x16\x03\x01"]))
def test_any_octets_on_a_port_that_is_not_bound(octets: bytes, beginning: bytes) -> None:
    packet = segment(beginning + octets, 9999)
    assert packet.defects == ()
    assert line(packet).isprintable()


@pytest.mark.parametrize("name", SEEDS)
def test_every_beginning_of_every_message(name: str) -> None:
    frame, port, seeds = SEEDS[name]
    for octets in {each for each in seeds if len(each) < 400}:
        for end in range(1, len(octets)):
            holds(frame(octets[:end], port))


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize(
    "filling", [b"\0", b"\xff", b"\x01\x01", b"0", b"0\x82", b"\x16\x03\x03\0\0", b"\r\n", b"a: b\r\n"]
)
def test_the_largest_payloads_are_read_within_bounds(name: str, filling: bytes) -> None:
    """A message's beginning, and then one thing again and again."""
    frame, port, seeds = SEEDS[name]
    for beginning in seeds[0][:240], seeds[0][: len(seeds[0]) // 2], b"":
        octets = (beginning + filling * 65_536)[: LARGEST[frame]]
        with within_bounds():
            packet = frame(octets, port)
            packet.defects  # noqa: B018
            line(packet)


def test_no_dissector_opens_a_socket_writes_or_prints(tmp_path: Path) -> None:
    """In a fresh interpreter: every library is imported on first use, and none says a word, opens a socket or keeps a
    file.
    """
    program = """
import sys
from rawkit import Packet, IPv4, UDP, TCP
from rawkit.show import line
assert not {"scapy", "dpkt", "dns"} & set(sys.modules)
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event.startswith(("socket.", "subprocess.")) else None)
for ports in ((UDP, 67), (UDP, 123), (UDP, 161), (UDP, 53), (TCP, 80), (TCP, 443), (TCP, 53)):
    for octets in (b"0" * 300, bytes(300), b"\\x16\\x03\\x01" * 50):
        line(Packet.decode(bytes(IPv4() / ports[0](dport=ports[1]) / octets), first=IPv4))
assert {"scapy", "dpkt", "dns"} <= set(sys.modules)
assert not opened, opened
"""
    runs_silently(program, tmp_path)
