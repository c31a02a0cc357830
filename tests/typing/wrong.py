"""What type checkers must refuse: each line with an ignore comment, and no other. Nothing here ever runs."""

import ipaddress
from typing import TYPE_CHECKING

from rawkit.protocols import MSS, TCP, IPv4

if TYPE_CHECKING:
    TCP(dprt=1)  # type: ignore[call-arg]
    TCP(dport="80")  # type: ignore[arg-type]
    TCP(80)  # type: ignore[call-arg]
    TCP().dport = 80  # type: ignore[misc]
    print(TCP().dprt)  # type: ignore[attr-defined]
    IPv4(src=1.5)  # type: ignore[arg-type]
    IPv4(src=ipaddress.IPv6Address("::1"))  # type: ignore[arg-type]
    MSS("1460")  # type: ignore[arg-type]
    TCP(options=[IPv4()])  # type: ignore[list-item]
    IPv4() / 3  # type: ignore[operator]
    IPv4() / TCP() / "octets"  # type: ignore[operator]
