"""Under a source route that is not used up, the checksum counts the final destination (vectors made by scapy)."""

from __future__ import annotations

from typing import Any

import pytest
from scapy.layers.inet import IP, IPOption_LSRR, IPOption_SSRR
from scapy.layers.inet import UDP as ScapyUDP

from rawkit.protocols import UDP, IPv4, LooseSourceRoute, StrictSourceRoute
from rawkit.wire import Packet

ROUTE = ["10.0.0.3", "10.0.0.4"]


@pytest.mark.parametrize("option", [IPOption_LSRR, IPOption_SSRR])
@pytest.mark.parametrize("pointer", [4, 8, 11, 12])
def test_the_checksum_goes_to_where_the_datagram_goes_in_the_end(option: Any, pointer: int) -> None:
    ip = IP(src="10.0.0.1", dst="10.0.0.2", options=[option(routers=ROUTE, pointer=pointer)])
    packet = Packet.decode(bytes(ip / ScapyUDP(sport=1, dport=2) / b"abc"), first=IPv4)
    # A route that is used up (its pointer is greater than its length, 11) ends at dst; scapy goes by it all the same.
    expected = "good" if pointer < 12 else "bad"
    assert [verdict.state for verdict in packet.check() if verdict.layer == "UDP" and verdict.checksum] == [expected]


@pytest.mark.parametrize("option", [LooseSourceRoute, StrictSourceRoute])
def test_built_with_a_route_it_is_checked_with_the_route(option: Any) -> None:
    routed = Packet.decode(bytes(IPv4(dst="10.0.0.2", options=[option(route=ROUTE)]) / UDP() / b"x"), first=IPv4)
    direct = Packet.decode(bytes(IPv4(dst="10.0.0.4") / UDP() / b"x"), first=IPv4)
    assert routed[UDP].checksum == direct[UDP].checksum
    assert {verdict.state for verdict in routed.check()} == {"good"}
