"""What other libraries understand, in rawkit's terms: application layers, and packets that go to them and come back.

Below the application layer rawkit reads every header itself. Above it, a well-kept library knows better: dnspython
reads DNS. A dissector gives an `Application`, a value beside the payload's octets; `protocols/bindings.py` names it by
string, so that it and its library are imported when the first payload on its port is met.

Its one rule: **nobody else imports scapy or dpkt**, and a library that fails costs a defect, never the packet.

>>> from rawkit.interop.dns import DNS
>>> from rawkit.protocols.ipv4 import IPv4
>>> from rawkit.protocols.udp import UDP
>>> from rawkit.wire import Packet
>>> asked = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=40000, dport=53) / DNS.query("example.com", "AAAA", id=7)
>>> Packet.decode(bytes(asked), first=IPv4)[DNS].summary()
'7+ AAAA? example.com. (29)'
"""
