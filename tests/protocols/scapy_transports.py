"""SCTP and UDP-Lite that scapy builds too: cases of test_scapy.py."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import rawkit as R
from rawkit.wire import Packet
from tests.protocols.both import case, s_v4, s_v6, v4, v6

sctp: Any = import_module("scapy.layers.sctp")


def s_sctp() -> Any:
    return sctp.SCTP(sport=1000, dport=2000, tag=5)


def common(*chunks: R.SCTPChunk) -> R.SCTP:
    return R.SCTP(sport=1000, dport=2000, verification_tag=5, chunks=chunks)


@case
def sctp_init() -> tuple[Packet, Any]:
    chunk = R.SCTPInit(initiate_tag=6, window=1000, outbound_streams=3, inbound_streams=4, initial_tsn=7)
    theirs = sctp.SCTPChunkInit(init_tag=6, a_rwnd=1000, n_out_streams=3, n_in_streams=4, init_tsn=7)
    return v4() / common(chunk), s_v4() / s_sctp() / theirs


@case
def sctp_cookie_and_data() -> tuple[Packet, Any]:
    chunks = [
        R.SCTPCookieEcho(cookie=b"cookie"),
        R.SCTPData(tsn=7, stream=1, stream_sequence=2, protocol=3, data=b"hello", flags="BEU"),
    ]
    theirs = s_v6() / s_sctp() / sctp.SCTPChunkCookieEcho(cookie=b"cookie")
    data = sctp.SCTPChunkData(
        tsn=7, stream_id=1, stream_seq=2, proto_id=3, data=b"hello", unordered=1, beginning=1, ending=1
    )
    return v6() / common(*chunks), theirs / data


@case
def sctp_sack() -> tuple[Packet, Any]:
    chunk = R.SCTPSack(cumulative_tsn=9, window=1000, gaps=[(2, 3), (5, 6)], duplicates=[7])
    theirs = sctp.SCTPChunkSACK(cumul_tsn_ack=9, a_rwnd=1000, gap_ack_list=["2:3", "5:6"], dup_tsn_list=[7])
    return v4() / common(chunk), s_v4() / s_sctp() / theirs


@case
def sctp_shutdown() -> tuple[Packet, Any]:
    chunks = [R.SCTPShutdown(cumulative_tsn=9), R.SCTPShutdownComplete(flags="T")]
    theirs = s_sctp() / sctp.SCTPChunkShutdown(cumul_tsn_ack=9) / sctp.SCTPChunkShutdownComplete(TCB=1)
    return v4() / common(*chunks), s_v4() / theirs


@case
def sctp_init_ack() -> tuple[Packet, Any]:
    chunk = R.SCTPInitAck(initiate_tag=6, initial_tsn=7, parameters=bytes.fromhex("0007 0008 61626364"))
    theirs = sctp.SCTPChunkInitAck(init_tag=6, a_rwnd=65536, n_out_streams=10, n_in_streams=65535, init_tsn=7)
    theirs.params = [sctp.SCTPChunkParamStateCookie(cookie=b"abcd")]
    return v4() / common(chunk), s_v4() / s_sctp() / theirs


@case
def sctp_heartbeat() -> tuple[Packet, Any]:
    information = bytes.fromhex("0001 0008 61626364")
    ours = common(R.SCTPHeartbeat(information=information), R.SCTPHeartbeatAck(information=information))
    parameter = sctp.SCTPChunkParamHeartbeatInfo(data=b"abcd")
    theirs = sctp.SCTPChunkHeartbeatReq(params=[parameter]) / sctp.SCTPChunkHeartbeatAck(params=[parameter])
    return v4() / ours, s_v4() / s_sctp() / theirs


@case
def sctp_the_end() -> tuple[Packet, Any]:
    causes = bytes.fromhex("000c 0008 61626364")
    ours = common(R.SCTPError(causes=causes), R.SCTPShutdownAck(), R.SCTPCookieAck(), R.SCTPAbort("T", causes=causes))
    theirs = s_sctp() / sctp.SCTPChunkError(error_causes=causes) / sctp.SCTPChunkShutdownAck()
    return v4() / ours, s_v4() / theirs / sctp.SCTPChunkCookieAck() / sctp.SCTPChunkAbort(TCB=1, error_causes=causes)


@case
def sctp_a_chunk_that_stays_octets() -> tuple[Packet, Any]:
    ours = common(R.SCTPUnknownChunk(kind=192, data=bytes.fromhex("00000009 00010002")))
    skip = sctp.SCTPForwardSkip(stream_id=1, stream_seq=2)
    return v4() / ours, s_v4() / s_sctp() / sctp.SCTPChunkForwardTSN(new_tsn=9, skips=[skip])
