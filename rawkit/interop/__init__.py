"""What other libraries understand, in rawkit's terms: application layers, and packets that go to them and come back.

Below the application layer rawkit reads every header itself. Above it, a well-kept library knows better. A dissector
gives an `Application`, a value beside the payload's octets; `protocols/bindings.py` names it by string, so that it and
its library are imported when the first payload on its port is met.

    packet[DNS]     dnspython   UDP 53, 5353 (MulticastDNS), 5355 (LLMNR); TCP 53 (DNSOverTCP, DNSPart)
    packet[DHCP]    dpkt        UDP 67, 68
    packet[NTP]     dpkt        UDP 123
    packet[SNMP]    scapy       UDP 161, 162
    packet[HTTP]    dpkt        TCP 80, 8080, and wherever a segment begins with a whole start line
    packet[TLS]     dpkt        TCP 443, and wherever a segment begins with a hello

Each class is in the module of its name. A segment of TCP is read by itself: where a message goes on in later segments
the application `continues`, where it began in earlier ones it is a `continuation`; neither is a defect. What is
malformed is one: of the application as a whole, which then is None, or of a part, and the rest is there.

`packet.to_scapy()`, `packet.to_dpkt()`, `Packet.from_scapy(theirs)` and `Packet.from_dpkt(theirs)` go there and come
back with exactly the same octets.

Its one rule: **nobody else imports scapy or dpkt**, and a library that fails costs a defect, never the packet. scapy is
GPL-2.0-only, and so is the one file that imports it, `scapy.py`.

>>> from rawkit.interop.http import HTTP
>>> from rawkit.protocols import TCP, IPv4
>>> from rawkit.wire import Packet
>>> posted = b"POST /form HTTP/1.1\\r\\nHost: example.com\\r\\nContent-Length: 500\\r\\n\\r\\nname=value"
>>> packet = IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=40000, dport=80) / posted
>>> packet[HTTP].summary()
'HTTP: POST /form HTTP/1.1, 10 of 500 octets (continues)'
>>> packet[HTTP].headers["host"], packet[HTTP].continues
('example.com', True)
>>> Packet.from_dpkt(packet.to_dpkt()) == packet
True
"""
