"""Names and their addresses: DNS by datagram, by stream, and before the connection it is for."""

import socket

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from scripts.plays.networks import Stage
from scripts.plays.plan import (
    DNS,
    ECHO,
    SERVER,
    accepted,
    connected,
    converse,
    datagrams,
    expect,
    expect_all,
    listening,
    recorded,
    stream,
)

ZONE = {
    ("wire.example.", "A"): [SERVER],
    ("wire.example.", "AAAA"): ["fd00::2"],
    ("story.example.", "TXT"): [
        f'"{f"Chapter {number}, too long for a datagram of old. " * 4}"' for number in range(4)
    ],
}


def answered(query: bytes, room: int) -> bytes:
    """What a name server that knows `ZONE` and nothing else says; truncated where it has not room for that."""
    answer = dns.message.make_response(dns.message.from_wire(query))
    answer.flags |= dns.flags.AA
    question = answer.question[0]
    found = ZONE.get((question.name.to_text(), question.rdtype.name))
    if found is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", question.rdtype.name, *found))
    if len(answer.to_wire()) > room:
        answer.answer.clear()
        answer.flags |= dns.flags.TC
    return answer.to_wire()


def look_up(client: socket.socket, server: socket.socket, name: str, kind: str) -> dns.message.Message:
    """One question by datagram, and its answer."""
    client.sendto(dns.message.make_query(name, kind).to_wire(), (SERVER, DNS))
    query, asker = server.recvfrom(512)
    server.sendto(answered(query, 512), asker)
    return dns.message.from_wire(client.recvfrom(512)[0])


@recorded("dns/lookup.pcap")
def lookup(network: Stage) -> None:
    """An address, an IPv6 address, and a name that there is not."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, DNS))
        for name, kind in ("wire.example", "A"), ("wire.example", "AAAA"), ("nobody.example", "A"):
            look_up(client, server, name, kind)


@recorded("dns/over-tcp.pcap")
def over_tcp(network: Stage) -> None:
    """An answer that 512 octets do not hold comes truncated; the same question by TCP gets it all (RFC 7766)."""
    name, kind = "story.example", "TXT"
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, DNS))
        if not look_up(client, server, name, kind).flags & dns.flags.TC:
            raise ValueError("the answer is not truncated")
    client, server = connected(network, DNS)
    with client, server:
        client.sendall(with_length(dns.message.make_query(name, kind).to_wire()))
        query = server.recv(4096)
        answer = with_length(answered(query[2:], 0xFFFF))
        server.sendall(answer)
        expect_all(client, answer)
        client.close()
        expect(server.recv(4096), b"")


def with_length(message: bytes) -> bytes:
    """As a message stands in a stream (RFC 1035 section 4.2.2)."""
    return len(message).to_bytes(2, "big") + message


@recorded("dns/lookup-and-connect.pcap")
def lookup_and_connect(network: Stage) -> None:
    """What a program does that was given a name: ask for its address, then connect to what the answer says."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, DNS))
        (found,) = look_up(client, server, "wire.example", "A").answer[0]
    with listening(network, ECHO) as listener, stream(network, network.client) as client:
        client.connect((found.address, ECHO))
        converse(client, accepted(listener))
