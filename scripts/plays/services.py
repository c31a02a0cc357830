"""Small services over UDP, each message written out octet by octet: the time, an address, a device's description."""

import socket
import struct
import time

from scripts.plays.networks import Stage, mac, newcomer
from scripts.plays.plan import CLIENT, LINE, NTP, SERVER, SNMP, datagrams, expect, recorded
from scripts.plays.udp import exchange

BOOTP_SERVER, BOOTP_CLIENT = 67, 68
EVERYBODY = "255.255.255.255"


def ask(network: Stage, port: int, question: bytes, answer: bytes) -> None:
    """One datagram there, one back."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, port))
        client.sendto(question, (network.address, port))
        found, asker = server.recvfrom(4096)
        expect(found, question)
        server.sendto(answer, asker)
        expect(client.recvfrom(4096)[0], answer)


def ntp_time() -> bytes:
    """Seconds since 1900 in 32.32 bits (RFC 5905 section 6)."""
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    return struct.pack("!II", seconds + 2_208_988_800, (nanoseconds << 32) // 1_000_000_000)


@recorded("applications/ntp.pcap")
def ntp(network: Stage) -> None:
    """A client asks what time it is; a server with a clock of its own says when the question came, and when it went."""
    asked = ntp_time()
    question = struct.pack("!BBbb36x8s", 0x23, 0, 0, 0, asked)  # version 4, client
    clock = struct.pack("!BBbbII4s", 0x24, 1, 6, -20, 0, 16, b"GPS\0")  # version 4, server, of stratum 1
    ask(network, NTP, question, clock + ntp_time() + asked + ntp_time() + ntp_time())


def ber(tag: int, *content: bytes) -> bytes:
    """A value as ASN.1's basic encoding rules write it (X.690 section 8.1), where it is shorter than 128 octets."""
    octets = b"".join(content)
    return bytes([tag, len(octets)]) + octets


INTEGER, OCTETS, NULL, OBJECT, SEQUENCE, GET_REQUEST, RESPONSE = 0x02, 0x04, 0x05, 0x06, 0x30, 0xA0, 0xA2
SYS_DESCR = bytes([1 * 40 + 3, 6, 1, 2, 1, 1, 1, 0])  # 1.3.6.1.2.1.1.1.0


def snmp_message(kind: int, value: bytes) -> bytes:
    """Version 2c, community "public", request 1, no error, one variable (RFC 1901, RFC 3416)."""
    number, zero = ber(INTEGER, b"\1"), ber(INTEGER, b"\0")
    variables = ber(SEQUENCE, ber(SEQUENCE, ber(OBJECT, SYS_DESCR), value))
    return ber(SEQUENCE, number, ber(OCTETS, b"public"), ber(kind, number, zero, zero, variables))


@recorded("applications/snmp.pcap")
def snmp(network: Stage) -> None:
    """What are you? A host with two sockets; asked and answered in binary, with the password for all to read."""
    description = ber(OCTETS, b"a host with two sockets")
    ask(network, SNMP, snmp_message(GET_REQUEST, ber(NULL)), snmp_message(RESPONSE, description))


def dhcp_message(kind: int, options: dict[int, bytes], offered: str = "0.0.0.0") -> bytes:
    """To or from a client without an address, who asks for answers to everybody (RFC 2131 section 2)."""
    is_answer = kind in (OFFER, ACKNOWLEDGE)
    mac_octets = bytes.fromhex(mac(1).replace(":", ""))
    fixed = struct.pack("!BBBBIHH", 2 if is_answer else 1, 1, 6, 0, 0x1D0C0DE, 0, 0x8000)
    addresses = bytes(4) + socket.inet_aton(offered) + bytes(8)
    coded = b"".join(bytes([code, len(value)]) + value for code, value in {53: bytes([kind]), **options}.items())
    return (fixed + addresses + mac_octets.ljust(208, b"\0") + b"\x63\x82\x53\x63" + coded + b"\xff").ljust(300, b"\0")


DISCOVER, OFFER, REQUEST, ACKNOWLEDGE = 1, 2, 3, 5
LEASE = {1: socket.inet_aton("255.255.255.0"), 51: struct.pack("!I", 3600), 54: socket.inet_aton(SERVER)}
"""Mask, seconds, and who grants it."""


@recorded("applications/dhcp.pcap", newcomer)
def dhcp(network: Stage) -> None:
    """A host without an address asks everybody for one, takes what is offered, and uses it."""
    hosts = {BOOTP_CLIENT: network.client, BOOTP_SERVER: network.server}
    client, server = (datagrams(network, host) for host in hosts.values())
    for end, port in (client, BOOTP_CLIENT), (server, BOOTP_SERVER):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
        end.bind(("", port))
    wanted = {50: socket.inet_aton(CLIENT), 54: socket.inet_aton(SERVER)}
    for question, answer in (
        (dhcp_message(DISCOVER, {}), dhcp_message(OFFER, LEASE, CLIENT)),
        (dhcp_message(REQUEST, wanted), dhcp_message(ACKNOWLEDGE, LEASE, CLIENT)),
    ):
        client.sendto(question, (EVERYBODY, BOOTP_SERVER))
        expect(server.recvfrom(4096)[0], question)
        server.sendto(answer, (EVERYBODY, BOOTP_CLIENT))
        expect(client.recvfrom(4096)[0], answer)
    for end in client, server:
        end.close()
    network.client.add_address(f"{CLIENT}/24")
    exchange(network, LINE)
