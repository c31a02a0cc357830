"""The Stream Control Transmission Protocol, which no kernel here speaks."""

import struct
from random import Random

from rawkit import (
    SCTP,
    IPv4,
    Packet,
    SCTPChunk,
    SCTPCookieAck,
    SCTPCookieEcho,
    SCTPData,
    SCTPHeartbeat,
    SCTPHeartbeatAck,
    SCTPInit,
    SCTPInitAck,
    SCTPSack,
    SCTPShutdown,
    SCTPShutdownAck,
    SCTPShutdownComplete,
)
from scripts.builds.plan import CLIENT, LINE, SERVER, TO_CLIENT, TO_SERVER, built, ephemeral, pcap

COOKIE, HEARTBEAT = 7, 1  # parameter types (RFC 9260 sections 3.3.3 and 3.3.5)
ROOM = 106496  # octets: what Linux offers as its receive window


def parameter(kind: int, value: bytes) -> bytes:
    """Type, length with these four octets, value."""
    return struct.pack("!HH", kind, 4 + len(value)) + value


@built("sctp/association.pcap", seed=10)
def association(choose: Random) -> bytes:
    """From INIT to SHUTDOWN COMPLETE: four steps to begin, the last two of which may carry data; three to end.

    Each message stays whole; each end's packets have the tag that the other one chose.
    """
    port, (tag, peer_tag), (first, peer_first) = ephemeral(choose), many(choose), many(choose)
    cookie = choose.randbytes(32)
    question = SCTPData(tsn=first, stream=1, data=LINE)
    answer = SCTPData(tsn=peer_first, stream=1, data=LINE)
    alive = parameter(HEARTBEAT, choose.randbytes(12))
    agreed = parameter(COOKIE, cookie)

    def there(*chunks: SCTPChunk, to: int = peer_tag) -> Packet:
        sctp = SCTP(sport=port, dport=7, verification_tag=to, chunks=chunks)
        return TO_SERVER / IPv4(src=CLIENT, dst=SERVER) / sctp

    def back(*chunks: SCTPChunk) -> Packet:
        return TO_CLIENT / IPv4(src=SERVER, dst=CLIENT) / SCTP(sport=7, dport=port, verification_tag=tag, chunks=chunks)

    return pcap(
        [
            there(SCTPInit(initiate_tag=tag, window=ROOM, initial_tsn=first), to=0),
            back(SCTPInitAck(initiate_tag=peer_tag, window=ROOM, initial_tsn=peer_first, parameters=agreed)),
            there(SCTPCookieEcho(cookie=cookie), question),
            back(SCTPCookieAck(), SCTPSack(cumulative_tsn=first, window=ROOM - len(LINE))),
            back(answer),
            there(SCTPSack(cumulative_tsn=peer_first, window=ROOM - len(LINE))),
            there(SCTPHeartbeat(information=alive)),
            back(SCTPHeartbeatAck(information=alive)),
            there(SCTPShutdown(cumulative_tsn=peer_first)),
            back(SCTPShutdownAck()),
            there(SCTPShutdownComplete()),
        ]
    )


def many(choose: Random) -> tuple[int, int]:
    """Two numbers, one an end, such as nobody guesses."""
    return choose.randint(1, 0xFFFFFFFF), choose.randint(1, 0xFFFFFFFF)
