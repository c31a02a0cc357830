"""Which packets: the filter language of tcpdump (pcap-filter(7)), read once and asked anywhere.

An expression becomes a tree of what was written (`grammar.py`), the tree what is asked of octets (`meaning.py`), and
that one form (`condition.py`) the test of a packet (`judge.py`) and the kernel's program (`program.py`). Its one rule:
**both say the same of every packet**, and what they say is what tcpdump says, but for the differences that
`tests/filter/expressions.py` names.

>>> from rawkit import Ethernet, IPv4, TCP
>>> from rawkit.filter import Filter
>>> frame = bytes(Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=40000, dport=80, flags="S"))
>>> web = Filter("tcp port 80 and tcp[tcpflags] & tcp-syn != 0")
>>> web.matches(frame), len(web.program())
(True, 26)
>>> Filter("tcp prot 80")
Traceback (most recent call last):
  ...
rawkit.filter.errors.FilterError: filter: 'prot' is no word of the filter language; did you mean 'proto'?
  tcp prot 80
      ^
"""

from rawkit.filter.compiled import Filter, FrameFilter
from rawkit.filter.errors import FilterError
from rawkit.filter.grammar import Resolve
from rawkit.filter.instructions import Instruction

__all__ = ["Filter", "FilterError", "FrameFilter", "Instruction", "Resolve"]
